"""Where disks fail: homes to work on, the process that works, and what must hold after."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.jobs import back_up, exchange, restore
from migdesk.keys import KeyFile
from migdesk.models import RECORDS
from migdesk.models.meta import get_meta
from migdesk.models.store import Store
from migdesk.models.upkeep import STAINED
from migdesk.paths import Paths
from migdesk.services import erasure, merging, office, records
from migdesk.services import exchange as peers
from migdesk.sync.stores import Folder
from migdesk.task import Task
from tests.faults.child import GO_ON, STOP
from tests.faults.scenarios import OFFICE, SCENARIOS, STICK
from tests.jobs.safe import CHEAP, PASSWORD, make_home, opened, saved, unlock
from tests.needles import assert_clean

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMES = ("Diatta", "Badji", "Sané", "Coly", "Mendy-Gomis")
"""Of people in these databases: never in clear on a disk."""


def compiled(folder: Path) -> Path:
    """The injector; raises FileNotFoundError where there is no compiler."""
    target = folder / "inject.so"
    command = ["gcc", "-O1", "-shared", "-fPIC", "-o", str(target), str(HERE / "inject.c")]
    subprocess.run([*command, "-ldl"], check=True)
    return target


@dataclass(frozen=True)
class Ended:
    """How a piece of work ended. `acks`: what somebody was told is kept. `home`: what it
    left, where its disk failed at `at` in the way `how`."""

    killed: bool
    acks: tuple[str, ...]
    faults: tuple[str, ...]
    bugs: tuple[str, ...]
    count: int
    at: int = 0
    how: str = ""
    home: Path = Path()

    @classmethod
    def read(cls, line: str) -> Ended:
        answer = json.loads(line)
        told: list[tuple[str, Any]] = answer["told"]

        def of(kind: str) -> tuple[Any, ...]:
            return tuple(value for what, value in told if what == kind)

        return cls(
            answer["killed"],
            of("ack"),
            of("fault"),
            of("bug"),
            *(of("count")[:1] or (0,)),
            answer.get("at", 0),
            answer.get("how", ""),
            Path(answer.get("home", "")),
        )


class Lab:
    """A worker with the injector in it, and a folder in which its disk fails."""

    def __init__(self, injector: Path, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._worker = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.faults.child"],
            cwd=ROOT,
            env={**os.environ, "LD_PRELOAD": str(injector), "FAULT_ROOT": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == "ready"

    def _read(self) -> str:
        assert self._worker.stdout is not None
        return self._worker.stdout.readline().strip()

    def home(self, template: Path) -> Path:
        """A fresh copy of a home."""
        made = self.folder / f"home-{next(self._numbers)}"
        shutil.copytree(template, made)
        return made

    def work(self, do: str, home: Path, at: int = 0, how: str = "k", trace: str = "") -> Ended:
        """Do a piece of work; the `at`-th change of a file goes wrong in the way `how`."""
        self._order({"do": do, "home": str(home), "at": at, "how": how, "trace": trace})
        return Ended.read(self._read())

    def fail(
        self, do: str, template: Path, ways: Mapping[int, str]
    ) -> Generator[Ended, None, None]:
        """Do a piece of work that fails at each of these changes of files in each of these
        ways; its homes are gone afterwards. One change may come in a run and not in the
        next, or after what a failure before it took away: it is met by a run of its own."""
        home, met = self.home(template), set()
        self._order({"do": do, "home": str(home), "ways": {str(n): ways[n] for n in ways}})
        while (ended := Ended.read(self._read())).at:
            met.add(ended.at)
            try:
                yield ended
            except GeneratorExit:
                self._say(STOP)
                self._read()
                raise
            shutil.rmtree(ended.home)
            self._say(GO_ON)
        assert ended.bugs == ()
        shutil.rmtree(home)
        for at, how in ((n, how) for n in ways if n not in met for how in ways[n]):
            home = self.home(template)
            yield replace(self.work(do, home, at, how), at=at, how=how, home=home)
            shutil.rmtree(home)

    def _order(self, order: dict[str, Any]) -> None:
        self._say(json.dumps({"at": 0, "how": "k", "trace": "", "ways": {}, **order}))

    def _say(self, line: str) -> None:
        assert self._worker.stdin is not None
        self._worker.stdin.write(f"{line}\n")
        self._worker.stdin.flush()

    def close(self) -> None:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.close()
        self._worker.wait()
        self._worker.stdout.close()


class Whole:
    """A report of work on a disk that does not fail, done by the test itself."""

    fails = False

    def __init__(self) -> None:
        self.acks: list[str] = []

    def arm(self) -> None:
        """Nothing will fail."""

    off = arm

    def ack(self, what: str) -> None:
        self.acks.append(what)

    def attempt(self, work: Callable[[], str]) -> None:
        self.ack(work())


def again(do: str, home: Path) -> Ended:
    """Do a piece of work, with nothing in its way."""
    report = Whole()
    SCENARIOS[do](home, report)
    return Ended(False, tuple(report.acks), (), (), 0)


# homes ------------------------------------------------------------------------


def office_home(folder: Path) -> Path:
    """An office with a person and a file, that somebody closed."""
    make_home(folder / OFFICE)
    return folder


def stained_home(folder: Path) -> Path:
    """Somebody was erased, and the file was not written anew since."""
    home = make_home(folder / OFFICE)
    with opened(home) as store:
        names = [f"Sané {n}" for n in range(30)]
        ids = [
            store.write(records.save, "person", None, {"family_name": name}) for name in names
        ]
        for id in ids:
            store.write(erasure.erase, "person", id, "asked")
    return folder


def home_with_backup(folder: Path) -> Path:
    """The database holds a person more than the backup that lies beside it."""
    home = make_home(folder / OFFICE)
    saved(home)
    with opened(home) as store:
        store.write(records.save, "person", None, {"family_name": "Mendy-Gomis"})
    return folder


def home_with_stick(folder: Path) -> Path:
    """Another computer has put its people on a stick that lies beside."""
    with _paired(folder) as (_store, other):
        for n in range(20):
            other.write(records.save, "person", None, {"family_name": f"Badji {n}"})
        exchange.export_bundle(other, Task(), folder / STICK)
    return folder


def home_to_clean(folder: Path) -> Path:
    """Bundles of ours lie on the stick, and the other computer has told that it heard them."""
    stick = Folder(str(folder / STICK))
    with _paired(folder) as (store, other):
        for n in range(3):
            store.write(records.save, "person", None, {"family_name": f"Sané {n}"})
            exchange.exchange(store, Task(), stick)
        exchange.exchange(other, Task(), stick)
        store.write(records.save, "person", None, {"family_name": "Bâ"})
    return folder


@contextmanager
def _paired(folder: Path) -> Iterator[tuple[Store, Store]]:
    home = make_home(folder / OFFICE)
    (folder / STICK).mkdir()
    path = folder.parent / f"{folder.name}-other.db"
    other = Store.open(path, bytes(32), create=True)
    other.actor = "b"
    other.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Aïssatou", "b")
    with opened(home) as store, closing(other):
        for one, two in ((store, other), (other, store)):
            one.write(peers.make_card)
            two.write(peers.pair, one.read(peers.my_card).text)
        yield store, other


# what must hold ----------------------------------------------------------------


def sound(home: Path, ended: Ended) -> dict[str, int]:
    """Open again as the next start does: no question, a whole file, rows as the log says,
    all that was acknowledged, nothing in clear. Number of records by kind."""
    assert ended.bugs == ()
    assert_clean(home, NAMES[:2])
    paths = Paths(home / OFFICE)
    restore.resume(paths)
    with opened(paths) as store:
        store.check()
        store.write(search_is_whole)
        _ops, rows = store.read(merging.logged_rows)
        assert store.write(merging.rebuild, rows) == {}
        for ack in ended.acks:
            acknowledged(store, paths, ack)
        again = store.write(records.save, "person", None, {"family_name": "Coly"})
        assert store.read(records.get, "person", again).values["family_name"] == "Coly"
        held = store.read(counts)
    held["person"] -= 1
    for archive in paths.backups.glob(f"*{back_up.ENDING}"):
        back_up.look(archive)
    return held


def acknowledged(store: Store, paths: Paths, ack: str) -> None:
    """What somebody was told is kept is there."""
    what, _space, id = ack.partition(" ")
    if what == "new":
        store.read(records.get, "person", id)
    elif what == "changed":
        assert store.read(records.get, "person", id).values["family_name"] == "Badji"
    elif what == "file":
        assert store.read(records.get, "attachment", id).values["size"]
    elif what == "scrubbed":
        assert not store.read(get_meta, STAINED)
    elif what == "erased":
        assert store.read(erasure.is_erased, id)
    elif what == "gone":
        bin_rows = store.read(records.list_page, "person", records.Query(deleted=True)).rows
        assert id in {view.id for view in bin_rows}
    elif what.endswith(back_up.ENDING):
        back_up.look(paths.backups / what)


def search_is_whole(session: Session) -> None:
    """The index holds the words of the records, and no others; the driver raises."""
    whole = "INSERT INTO search_fts(search_fts, rank) VALUES('integrity-check', 1)"
    session.connection().exec_driver_sql(whole)


def counts(session: Any) -> dict[str, int]:
    return {
        kind: session.scalar(sa.select(sa.func.count()).where(about.model.deleted.is_(False)))
        for kind, about in RECORDS.items()
        if kind in ("person", "attachment")
    }


def content(home: Path) -> bytes:
    """A mark of all that lies in a folder."""
    digest = blake2b()
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        name = str(path.relative_to(home)).encode()
        for part in (name, path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def points(total: int, most: int) -> Iterator[int]:
    """At most so many moments of so many, spread over all, first and last among them."""
    if most == 1:
        yield (total + 1) // 2
    elif total <= most:
        yield from range(1, total + 1)
    else:
        yield from sorted({1 + n * (total - 1) // (most - 1) for n in range(most)})


__all__ = ["CHEAP", "PASSWORD", "KeyFile", "unlock"]

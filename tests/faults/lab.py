"""Where disks fail: homes to work on, the process that works, and what must hold after."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from migdesk.jobs import back_up, exchange, restore
from migdesk.keys import KeyFile
from migdesk.models import RECORDS
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import exchange as peers
from migdesk.services import merging, office, records
from migdesk.task import Task
from tests.faults.scenarios import OFFICE, STICK
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
    """How a piece of work ended. `acks`: what somebody was told is kept."""

    killed: bool
    acks: tuple[str, ...]
    faults: tuple[str, ...]
    bugs: tuple[str, ...]
    count: int


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
        order = {"do": do, "home": str(home), "at": at, "how": how, "trace": trace}
        assert self._worker.stdin is not None
        self._worker.stdin.write(json.dumps(order) + "\n")
        self._worker.stdin.flush()
        answer = json.loads(self._read())
        told: list[tuple[str, Any]] = answer["told"]

        def of(kind: str) -> tuple[Any, ...]:
            return tuple(value for what, value in told if what == kind)

        counted = of("count")
        return Ended(
            answer["killed"], of("ack"), of("fault"), of("bug"), *(counted[:1] or (0,))
        )

    def close(self) -> None:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.close()
        self._worker.wait()
        self._worker.stdout.close()


# homes ------------------------------------------------------------------------


def office_home(folder: Path) -> Path:
    """An office with a person and a file, that somebody closed."""
    make_home(folder / OFFICE)
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
    home = make_home(folder / OFFICE)
    stick = folder / STICK
    stick.mkdir()
    other = Store.open(folder.parent / f"{folder.name}-other.db", bytes(32), create=True)
    other.actor = "b"
    other.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Aïssatou", "b")
    with opened(home) as store:
        for one, two in ((store, other), (other, store)):
            one.write(peers.make_card)
            two.write(peers.pair, one.read(peers.my_card).text)
        for n in range(20):
            other.write(records.save, "person", None, {"family_name": f"Badji {n}"})
        exchange.export_bundle(other, Task(), stick)
    other.close()
    return folder


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
    elif what == "gone":
        bin_rows = store.read(records.list_page, "person", records.Query(deleted=True)).rows
        assert id in {view.id for view in bin_rows}
    elif what.endswith(back_up.ENDING):
        back_up.look(paths.backups / what)


def counts(session: Any) -> dict[str, int]:
    return {
        kind: session.scalar(sa.select(sa.func.count()).where(about.model.deleted.is_(False)))
        for kind, about in RECORDS.items()
        if kind in ("person", "attachment")
    }


def points(total: int, most: int) -> Iterator[int]:
    """At most so many moments of so many, spread over all, first and last among them."""
    if most == 1:
        yield (total + 1) // 2
    elif total <= most:
        yield from range(1, total + 1)
    else:
        yield from sorted({1 + n * (total - 1) // (most - 1) for n in range(most)})


__all__ = ["CHEAP", "PASSWORD", "KeyFile", "unlock"]

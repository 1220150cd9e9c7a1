"""The computers of the model: real encrypted databases with a clock that a test can turn."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.jobs.exchange import exchange as exchange_round
from migdesk.models import RECORDS, following
from migdesk.models.local import Blob, Chunk, ConflictRow, OpRow
from migdesk.models.store import Store
from migdesk.ops import MERGED, Op, decode
from migdesk.services import merging, office, registry, settle, standing, streams
from migdesk.sync.stores import Transport
from migdesk.task import Task
from tests.exchange.reference import Row, root_of, row_of
from tests.tools import KEY

NEWER = "visit"
"""A kind of records that an old program does not know."""
DAY_MS = 24 * 3600 * 1000
YEAR_MS = 365 * DAY_MS
GONE = Row({}, frozenset(), erased=True)
"""A row that is not here: nothing may be hidden behind it."""
LATEST_MS = 6_800_000_000_000
"""In the year 2185: a clock may be wrong, but the ceiling of all stamps is another test."""


@dataclass
class Computer:
    """One computer: `now` is what its clock says, `role` that of who works there, `backups`
    are copies of its file, each with the stamp `followed` by then: the newest that was made
    or heard of, and was not more than a day ahead when it was. `forgot` says that others may
    take it to hold more than it does. Its program may be `old`; who is `away` is lost for
    ever."""

    name: str
    path: Path
    now: int
    role: str
    old: bool = False
    away: bool = False
    forgot: bool = False
    store: Store = field(init=False)
    backups: list[tuple[Path, str]] = field(default_factory=list)
    followed: str = ""

    def open(self) -> None:
        """Start the program."""
        self.store = Store.open(self.path, KEY, now=lambda: self.now)
        self.store.role = self.role
        self.followed = self.followed or max(self.log())

    def turn_clock(self, milliseconds: int) -> None:
        """Time passes, or somebody sets the clock."""
        self.now = min(max(self.now + milliseconds, 0), LATEST_MS)

    def back_up(self) -> None:
        """Keep a copy of the whole file."""
        copy = self.path.with_name(f"{self.path.stem}-{len(self.backups)}.copy")
        self.store.copy_to(copy, lambda _left, _all: None)
        self.backups.append((copy, self.followed))

    def restore(self, which: int) -> None:
        """Put a copy in the place of the file, as the program does."""
        backup, self.followed = self.backups[which % len(self.backups)]
        self.store.close()
        for ending in ("-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        shutil.copyfile(backup, self.path)
        self.open()
        self.store.write(office.reborn, False)
        self.forgot = True
        self.store.close()
        self.open()
        if not self.old:
            self.store.write(merging.unpark)

    @contextmanager
    def program(self) -> Iterator[None]:
        """While its program runs: an old one does not know all kinds of records."""
        if not self.old:
            yield
            return
        whole = dict(RECORDS)
        del RECORDS[NEWER]
        try:
            yield
        finally:
            RECORDS.clear()
            RECORDS.update(whole)

    def update(self) -> None:
        """Another version of the program is installed."""
        if self.old:
            self.old = False
            self.store.write(merging.unpark)

    def write(self, service: Callable[[Any], object]) -> dict[str, str]:
        """Write; stamp → text of each op that was made. Its stamps are later than all that
        were followed, whatever the clock shows."""
        if self.away:
            return {}
        with self.program():
            end = self.store.read(standing.log_end)
            self.store.write(service)
        made = self.store.read(_log, end)
        assert all(stamp > self.followed for stamp in made), (self.name, self.followed, made)
        self.followed = max((self.followed, *made))
        return made

    def exchange(self, place: Transport) -> bool:
        """Go to a place; whether anything came or went."""
        with self.program():
            end = self.store.read(standing.log_end)
            try:
                done = exchange_round(self.store, Task(), place)
            finally:
                tomorrow = f"{self.now + DAY_MS << 16:016x}-"
                heard = [stamp for stamp in self.store.read(_log, end) if stamp < tomorrow]
                self.followed = max((self.followed, *heard))
        return bool(done.bundles_in or done.bundles_out or done.pieces)

    def place(self, name: str) -> str | None:
        """Id of a place."""
        model = RECORDS["place"].model
        query = sa.select(model.id).where(model.name == name)  # type: ignore[attr-defined]
        return self.store.read(lambda s: s.scalar(query))

    def log(self) -> dict[str, str]:
        """Stamp → text of each op."""
        return self.store.read(_log)

    def device(self) -> str:
        """The id in its card."""
        return self.store.read(standing.me).device

    def believed(self) -> dict[str, set[str]]:
        """Device that receives everything → stamps of ours that it is believed to hold."""
        return self.store.read(_believed)

    def rows(self, kind: str = "person", deleted: bool = False) -> list[str]:
        """Ids of the records of a kind that are shown, or lie in the bin."""
        return self.store.read(_rows, kind, deleted)

    def shown(self) -> dict[tuple[str, str], dict[str, Any]]:
        """(kind, id) → fields and `deleted`, of every row of every kind."""
        return self.store.read(_shown)

    def contents(self) -> set[str]:
        """Hashes of the files whose bytes are here, whole or in pieces."""
        return self.store.read(_contents)

    def files(self) -> set[str]:
        """Hashes of the files that some record names."""
        model = RECORDS["attachment"].model
        named = sa.select(model.blob).where(model.blob.is_not(None))  # type: ignore[attr-defined]
        return self.store.read(lambda s: set(s.scalars(named)))

    def clashes(self) -> set[tuple[str, str, frozenset[str]]]:
        """(row, field, two stamps) of each conflict that waits."""
        return self.store.read(_clashes)


def _log(session: Session, after: int = 0) -> dict[str, str]:
    query = sa.select(OpRow.stamp, OpRow.body).where(OpRow.seq > after)
    return dict(session.execute(query).all())


def _believed(session: Session) -> dict[str, set[str]]:
    mine, everybody = standing.me(session), registry.trusted(session)
    ours = sa.select(OpRow.seq, OpRow.stamp).where(OpRow.origin == "")
    stamps = session.execute(ours).all()
    found = {}
    for device, told in standing.heard(session).items():
        if everybody[device].scope.everything:
            spans = streams.has(told, mine)
            found[device] = {
                stamp
                for at, stamp in stamps
                if any(after < at <= upto for after, upto in spans)
            }
    return found


def _rows(session: Session, kind: str, deleted: bool) -> list[str]:
    model = RECORDS[kind].model
    found = sa.select(model.id).where(model.deleted.is_(deleted)).order_by(model.id)
    return list(session.scalars(found))


def _shown(session: Session) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (kind, row.id): {
            "deleted": row.deleted,
            **{n: value for n in about.fields if (value := getattr(row, n)) is not None},
        }
        for kind, about in RECORDS.items()
        if session.scalar(sa.text(_first(kind)))
        for row in session.scalars(sa.select(about.model))
    }


@cache
def _first(kind: str) -> str:
    """Asks whether a table holds anything: most kinds have no row, and their classes are
    dear to load."""
    table = RECORDS[kind].model.__tablename__
    return f'SELECT EXISTS (SELECT 1 FROM "{table}")'


def _contents(session: Session) -> set[str]:
    return {*session.scalars(sa.select(Blob.hash)), *session.scalars(sa.select(Chunk.hash))}


def _clashes(session: Session) -> set[tuple[str, str, frozenset[str]]]:
    return {
        (row.row, row.field, frozenset({row.winner, row.other}))
        for row in session.scalars(sa.select(ConflictRow))
    }


def written_rows(log: Collection[str]) -> dict[tuple[str, str], list[Op]]:
    """(kind, id) → ops, of a log without what was emptied."""
    found: dict[tuple[str, str], list[Op]] = {}
    for body in log:
        op = read(body)
        if not op.emptied:
            found.setdefault((op.kind, op.row), []).append(op)
    return found


def expected(
    log: Collection[str],
) -> tuple[dict[tuple[str, str], dict[str, Any]], set[tuple[str, str, frozenset[str]]]]:
    """What a computer with this log must show, and what must wait for a person."""
    rows = {key: row_of(ops) for key, ops in written_rows(log).items()}
    merged = {
        id: into
        for (kind, id), row in rows.items()
        if (into := row.values.get(MERGED)) and not rows.get((kind, into), GONE).erased
    }
    shown = {
        (kind, id): _as_shown(kind, id, row, merged)
        for (kind, id), row in rows.items()
        if kind in RECORDS
    }
    waiting = {
        (id, name, stamps)
        for (kind, id), row in rows.items()
        for name, stamps in row.clashes
        if _asked(kind, id, name, merged) and not _one(log, kind, name, stamps, merged)
    }
    return shown, waiting


def _asked(kind: str, id: str, field: str, merged: Mapping[str, str]) -> bool:
    """Nobody is asked about a quiet field, nor about what a merged row says elsewhere."""
    quiet = kind in RECORDS and field in RECORDS[kind].quiet
    return not quiet and (field == MERGED or root_of(id, merged) == id)


def _one(
    log: Collection[str],
    kind: str,
    field: str,
    stamps: frozenset[str],
    merged: Mapping[str, str],
) -> bool:
    """Whether both sides name one record by now."""
    links = {name for name, _to, _many in following(kind)} if kind in RECORDS else set()
    if field not in {*links, MERGED}:
        return False
    ops = [op for op in map(read, log) if op.stamp in stamps]
    values = [op.fields.get(field) for op in ops]
    return len({root_of(v, merged) if isinstance(v, str) else repr(v) for v in values}) == 1


def _as_shown(kind: str, id: str, row: Row, merged: Mapping[str, str]) -> dict[str, Any]:
    gone = row.values.get("deleted") is True or root_of(id, merged) != id
    return {"deleted": gone, **dict(_fields(kind, row, merged))}


def _fields(kind: str, row: Row, merged: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    links = {name for name, _to, _many in following(kind)}
    for name in RECORDS[kind].fields:
        value = row.values.get(name)
        if value is None:
            continue
        if name in links and isinstance(value, list):
            yield name, list(dict.fromkeys(root_of(id, merged) for id in value))
        else:
            yield name, root_of(value, merged) if name in links else value


def read(body: str) -> Op:
    """The op of a line of the log."""
    return decode(body.encode())


def answer_every_question(one: Computer) -> None:
    """Whoever saw everything can come to rest, whatever he chooses."""
    for turn in range(200):
        waiting = one.store.read(settle.conflicts)
        if not waiting:
            break
        keep: settle.Keep = "left" if turn % 2 else "right"
        one.store.write(settle.settle, waiting[turn % len(waiting)].id, keep)
    shown, unanswered = expected(one.log().values())
    assert one.shown() == shown
    assert one.clashes() == unanswered == set()


def drift(store: Store) -> dict[str, int]:
    """Rows that differ from the log, by kind: none on a sound computer."""
    _count, rows = store.read(merging.logged_rows)
    return store.write(merging.rebuild, rows)

"""Rounds of exchange, settling, checking: each beside the seconds that a person may wait.

Both computers hold an office's log of 100,000 changes; the place of exchange is a folder.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import data, exchange_data
from migdesk.clock import Clock
from migdesk.jobs.check import check
from migdesk.jobs.exchange import exchange
from migdesk.models.person import Person
from migdesk.models.store import Store
from migdesk.ops import Chain, Op
from migdesk.services import duplicates, merging, received, records
from migdesk.services.conflict_list import page
from migdesk.services.integrity import verify
from migdesk.sync.stores import Folder
from migdesk.task import Task

Result = tuple[str, float, float, float]

LOG = 100_000
DAY = 300
FILES = 10_000
CONFLICTS = 5_000
LINES = 1_000


def run() -> list[Result]:
    """(name, our seconds, the seconds allowed, 1)."""
    folder = Path(tempfile.mkdtemp(prefix="migdesk-bench-"))
    try:
        store = exchange_data.filled(folder / "one.db", LOG)
        other = exchange_data.filled(folder / "two.db", 0)
        exchange_data.pair(store, other)
        found = [*_rounds(store, other, folder), *_log(store)]
        other.close()
        store.close()
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _limit(name: str, seconds: float, work: Callable[[], object]) -> Result:
    start = perf_counter()
    work()
    return (f"{name} / {seconds:g} s", perf_counter() - start, seconds, 1.0)


def _rounds(store: Store, other: Store, folder: Path) -> list[Result]:
    (place := folder / "place").mkdir()
    go = partial(exchange, store, Task(), Folder(str(place)))
    back = partial(exchange, other, Task(), Folder(str(place)))
    found = [
        _limit(f"put {LOG:,} changes into a folder", 20, go),
        _limit(f"take {LOG:,} changes out of a folder", 60, back),
    ]
    go()
    for row in data.people(DAY, seed=3):
        given = {n: v for n, v in row.items() if n not in ("id", "deleted", "stamps", "code")}
        store.write(records.save, "person", None, given)
    found.append(_limit(f"put the {DAY} changes of a day", 1, go))
    back()
    go()
    names = [f"{n:016x}-{n:08d}-{'0' * 16}.migbundle" for n in range(FILES)]
    for name in names:
        (place / name).touch()
    store.write(_look_at, names)
    go()
    found.append(_limit(f"nothing new in a folder of {FILES:,}", 1, go))
    return found


def _look_at(session: Session, names: list[str]) -> None:
    """Bundles of others, known since earlier rounds."""
    for name in names:
        received.pass_over(session, name)


def _log(store: Store) -> list[Result]:
    people = store.write(_disagree)
    one, two = people[-2:]
    store.write(_lines, two)
    merge = partial(store.write, duplicates.merge, "person", two, one)
    twins = partial(store.read, duplicates.possible, "person")
    return [
        _limit(f"first page of {CONFLICTS:,} conflicts", 0.2, partial(store.read, page)),
        _limit(f"merge a record of {LINES:,} lines", 2, merge),
        _limit(f"possible duplicates among {LOG:,} people", 10, twins),
        _limit(f"chain of {LOG:,} changes verified", 10, partial(store.read, verify)),
        _limit(f"check of {LOG:,} changes", 120, partial(check, store, Task())),
    ]


def _disagree(session: Session) -> list[str]:
    """A computer that knew nothing of ours wrote other names; ids of some more people."""
    chosen = sa.select(Person.id).order_by(Person.id).limit(CONFLICTS + 2)
    people = list(session.scalars(chosen))
    clock, chain = Clock("cd" * 8), Chain()
    ops: list[Op] = []
    for row in people[:CONFLICTS]:
        stamp = clock.tick()
        fields = {"family_name": f"Other {len(ops)}"}
        ops.append(chain.add(stamp, "person", row, fields, {}, stamp, "", "1"))
    merging.apply_ops(session, ops, clock.device)
    return people


def _lines(session: Session, person: str) -> None:
    for _number in range(LINES):
        records.save(session, "consent", None, {"person": person, "purpose": "help"})

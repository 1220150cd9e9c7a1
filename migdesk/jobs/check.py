"""`migdesk check`: the file is whole, and every row is what its ops make it."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.models.store import Store
from migdesk.services import merging, office
from migdesk.task import Task

CHUNK = 2_000


@dataclass(frozen=True)
class Report:
    """Ops in the log, and (kind, rows that differed from the log and were rebuilt)."""

    ops: int
    drift: tuple[tuple[str, int], ...]


def check(store: Store, task: Task) -> Report:
    """Verify every page, then compare rows with the log and rebuild those that differ.

    Raises Damaged if the file itself is broken; then only a backup helps.
    """
    task.step(0, 0)
    store.check()
    total, rows = store.read(merging.logged_rows)
    drift: dict[str, int] = {}
    for start in range(0, len(rows), CHUNK):
        task.step(start, len(rows))
        part = rows[start : start + CHUNK]
        for kind, n in store.write(merging.rebuild, part).items():
            drift[kind] = drift.get(kind, 0) + n
    store.write(office.note, "check", str(sum(drift.values())))
    return Report(total, tuple(sorted(drift.items())))

"""The whole log of an office for a new computer: time and memory of both sides.

Run by name only, with the number of changes if not a million: ``python -m benchmarks
snapshot`` or ``MIGDESK_OPS=100000 python -m benchmarks snapshot``. Each side is a process of
its own, whose memory is compared with what it held once its database was open.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks import data, exchange_data
from migdesk.jobs.exchange import exchange
from migdesk.models.store import Store
from migdesk.sync.stores import Folder
from migdesk.task import Task

Result = tuple[str, float, float, float]

MEMORY = 300.0
"""Megabytes above the start."""
MINUTES = 10
"""For a million changes, on one processor."""


def run() -> list[Result]:
    """(name, our seconds or thousand megabytes, those allowed, 1)."""
    ops = int(os.environ.get("MIGDESK_OPS", "1000000"))
    folder = Path(tempfile.mkdtemp(prefix="migdesk-bench-"))
    try:
        _side("fill", folder, ops)
        return [
            result
            for side, words in (("one", "made"), ("two", "taken over"))
            for result in _results(f"snapshot of {ops:,} changes {words}", ops,
                                   _side(side, folder, ops))
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _results(name: str, ops: int, told: tuple[float, float]) -> list[Result]:
    seconds, megabytes = told
    allowed = MINUTES * 60 * ops / 1_000_000
    return [
        (f"{name} / {allowed:g} s", seconds, allowed, 1.0),
        (f"{name}, in MB / {MEMORY:g}", megabytes / 1000, MEMORY / 1000, 1.0),
    ]


def _side(side: str, folder: Path, ops: int) -> tuple[float, float]:
    """Seconds and megabytes of one side, in a process of its own."""
    command = [sys.executable, "-m", __name__, side, str(folder), str(ops)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    seconds, megabytes = json.loads(told)
    return seconds, megabytes


def _peak() -> float:
    """The most memory that this process ever held, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _fill(folder: Path, ops: int) -> None:
    store = exchange_data.filled(folder / "one.db", ops)
    other = exchange_data.filled(folder / "two.db", 0)
    exchange_data.pair(store, other)
    other.close()
    store.close()
    (folder / "place").mkdir()


def main(side: str, folder: Path, ops: int) -> None:
    """One side of it; prints seconds and megabytes."""
    if side == "fill":
        _fill(folder, ops)
        print(json.dumps([0.0, 0.0]))
        return
    store = Store.open(folder / f"{side}.db", data.KEY)
    before, start = _peak(), perf_counter()
    exchange(store, Task(), Folder(str(folder / "place")))
    print(json.dumps([perf_counter() - start, _peak() - before]))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))

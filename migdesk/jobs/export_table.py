"""Write what a list shows to XLSX or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from migdesk.models import RECORDS, children_of
from migdesk.models.store import Store
from migdesk.services import office, records
from migdesk.services.records import Query, View
from migdesk.task import Task

from . import tables


def export_table(
    store: Store, task: Task, kind: str, query: Query, columns: Sequence[str], path: Path
) -> int:
    """Write the rows that `query` finds; returns their number.

    XLSX gets a sheet for each kind of line too when every column is asked for
    (`columns` empty). Raises CannotWrite.
    """
    about = RECORDS[kind]
    whole = not columns
    names = list(columns) or [f.name for f in about.fields.values() if not f.hidden]
    found = list(_rows(store, task, kind, query))
    shown = [[view.shown[name] for name in names] for view in found]
    sheets = [(str(about.plural), [str(about[name].label) for name in names], shown)]
    if whole and path.suffix.lower() != ".csv":
        sheets += [_lines(store, child.kind, found) for child in children_of(kind)]
    tables.write(path, sheets)
    store.write(office.note, "export", f"{kind} {len(found)}")
    return len(found)


def _rows(store: Store, task: Task, kind: str, query: Query) -> Iterator[View]:
    total = store.read(records.count, kind, query)
    after, done = "", 0
    while True:
        page = store.read(records.list_page, kind, query, after, 500)
        yield from page.rows
        done += len(page.rows)
        task.step(done, total)
        after = page.next
        if not after:
            return


def _lines(
    store: Store, kind: str, owners: list[View]
) -> tuple[str, list[str], list[list[str]]]:
    about = RECORDS[kind]
    names = [f.name for f in about.fields.values() if not f.hidden]
    rows = [
        [owner.code or owner.title, *(line.shown[name] for name in names)]
        for owner in owners
        for line in store.read(records.lines_of, kind, owner.id)
    ]
    heads = [str(RECORDS[owners[0].kind].label) if owners else ""]
    return str(about.plural), heads + [str(about[name].label) for name in names], rows

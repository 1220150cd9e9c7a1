"""Import a table into a kind of record: read, map, check, then all of it or nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migdesk.errors import Mistake
from migdesk.i18n import N_, speaking
from migdesk.models import RECORDS
from migdesk.models.kinds import BadValue, Link, Links
from migdesk.models.store import Store
from migdesk.services import imports, records
from migdesk.services.imports import Foreseen
from migdesk.task import Task

from . import tables
from .tables import Table

PROBLEMS_SHOWN = 200
NOTHING: Mapping[str, Any] = {}


class NothingMapped(Mistake):
    """No column of the table was given a field."""

    code = "IMP-001"
    text = N_("No column is mapped to a field. Choose at least one.")


class HasProblems(Mistake):
    """Rows that cannot be taken over."""

    code = "IMP-002"
    text = N_(
        "{n} rows have problems. Nothing was imported: correct the table, or the mapping."
    )


@dataclass(frozen=True)
class Report:
    """What an import would do: rows that are right, and (row number, column, words);
    records it would make by kind, the first of them, and rows that are perhaps here
    already."""

    good: int
    problems: tuple[tuple[int, str, str], ...]
    foreseen: Foreseen


@dataclass(frozen=True)
class Imported:
    """Rows taken over, and the transaction by which all of it can be undone."""

    rows: int
    tx: str


def read_table(store: Store, task: Task, path: Path) -> Table:
    """Read the file; writes nothing."""
    del store, task
    return tables.read(path)


def guess(table: Table, kind: str) -> dict[str, str]:
    """Column → field, where the column is called like the field in any of our languages."""
    about = RECORDS[kind]
    names: dict[str, str] = {}
    for field in about.fields.values():
        if field.hidden or (field.readonly and field.name != "code"):
            continue
        labels = {field.name}
        for language in ("en", "fr"):
            with speaking(language):
                labels.add(str(field.label))
        names |= {_plain(label): field.name for label in labels}
    found: dict[str, str] = {}
    for column in table.columns:
        name = names.get(_plain(column))
        if name and name not in found.values():
            found[column] = name
    return found


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if c.isalnum())


def check_table(
    store: Store,
    task: Task,
    table: Table,
    kind: str,
    mapping: Mapping[str, str],
    given: Mapping[str, Any] = NOTHING,
) -> Report:
    """Try every row without writing; raises NothingMapped. `given`: values of every row."""
    rows, problems = _parsed(store, task, table, kind, mapping, given)
    bad = {number for number, _column, _words in problems}
    good = len(table.rows) - len(bad)
    foreseen = Foreseen() if bad else store.read(imports.foresee, task, kind, rows)
    return Report(good, tuple(problems[:PROBLEMS_SHOWN]), foreseen)


def import_table(
    store: Store,
    task: Task,
    table: Table,
    kind: str,
    mapping: Mapping[str, str],
    given: Mapping[str, Any] = NOTHING,
    same: Mapping[int, str] = imports.NONE,
) -> Imported:
    """Create one record a row, in one transaction that can be undone as a whole; rows of
    `same` fill in what a record that is here lacks.

    Raises HasProblems if a row does not fit; nothing is then written.
    """
    rows, problems = _parsed(store, task, table, kind, mapping, given)
    if problems:
        raise HasProblems(n=len({number for number, _column, _words in problems}))
    return Imported(*store.write(imports.write_rows, task, kind, rows, same))


def _parsed(
    store: Store,
    task: Task,
    table: Table,
    kind: str,
    mapping: Mapping[str, str],
    given: Mapping[str, Any],
) -> tuple[list[dict[str, Any]], list[tuple[int, str, str]]]:
    del store
    about = RECORDS[kind]
    places = [(n, c, mapping[c]) for n, c in enumerate(table.columns) if mapping.get(c)]
    if not places:
        raise NothingMapped
    rows: list[dict[str, Any]] = []
    problems: list[tuple[int, str, str]] = []
    for number, row in enumerate(table.rows, start=2):
        if number % 500 == 0:
            task.step(number, len(table.rows))
        values: dict[str, Any] = dict(given)
        for n, column, name in places:
            try:
                values[name] = _value(about[name].kind, row[n])
            except BadValue as mistake:
                problems.append((number, column, mistake.words))
        missing = [f for f in about.fields.values() if f.required and not values.get(f.name)]
        for field in missing:
            if field.default is None:
                words = str(records.Needed.text(label=field.label))
                problems.append((number, str(field.label), words))
        if kind == "person" and not about.title(values):
            problems.append(
                (number, "", str(records.Needed.text(label=N_("A name or an alias"))))
            )
        rows.append({name: value for name, value in values.items() if value is not None})
    return rows, problems


def _value(kind: Any, text: str) -> Any:
    if isinstance(kind, Links):
        return [part.strip() for part in text.split("|") if part.strip()] or None
    if isinstance(kind, Link):
        return text.strip() or None
    return kind.parse(text)

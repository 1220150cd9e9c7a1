"""Tables of Kobo and ODK Central → records: columns recognised, repeats put in their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from migdesk.forms import Form
from migdesk.forms.columns import Columns, Target, repeat_of
from migdesk.forms.dataset import path_of, plain, tops
from migdesk.forms.definition import Node
from migdesk.forms.incoming import Record, record_of
from migdesk.forms.values import codec
from migdesk.i18n import _

from .tables import Table

Mapped = Mapping[tuple[str, str], str]
"""(sheet, column) → path of a question, chosen by a person; "" leaves the column out."""


@dataclass(frozen=True)
class Unknown:
    """A column that fits no question: `sheet` and `column` name it, `some` are values,
    `table` is the form or the repeat whose questions it may answer."""

    sheet: str
    column: str
    some: tuple[str, ...]
    table: str


@dataclass
class Joined:
    """`records` are (row of the file, answers) of the form itself, with the rows of its
    repeats inside; `unknown` columns and `remarks` are for the person who imports."""

    records: list[tuple[int, Record]] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass
class _Row:
    """A row of a table with its keys."""

    record: Record
    number: int
    key: str = ""
    parent: str = ""


def join(form: Form, sheets: Mapping[str, Table], mapped: Mapped) -> Joined:
    """Read the tables of one form. What a column holds is guessed unless `mapped`."""
    made = Joined()
    columns = Columns(form)
    found: dict[Node, list[_Row]] = {}
    for name, table in sheets.items():
        top = repeat_of(form, name, table.columns)
        if top is None:
            said = _("The sheet “{name}” fits no repeat of the form; it is left out.")
            made.remarks.append(said.format(name=name))
            continue
        targets = _targets(columns, top, name, table, mapped, made)
        found.setdefault(top, []).extend(
            _row(columns, number, cells, targets)
            for number, cells in enumerate(table.rows, 2)
            if not _is_hxl(cells)
        )
    _put_inside(form, found)
    main = found.get(form.definition.root, [])
    made.records = [(row.number, row.record) for row in main]
    return made


def _targets(
    columns: Columns, top: Node, name: str, table: Table, mapped: Mapped, made: Joined
) -> list[Target | None]:
    targets = columns.guess(top, table.columns)
    by_path = {path_of(node): node for node in top.scope.nodes if node.leaf}
    for place, column in enumerate(table.columns):
        known = targets[place] is not None
        if not known:
            some = list(dict.fromkeys(row[place] for row in table.rows if row[place].strip()))
            if some and not column.startswith("#"):
                made.unknown.append(Unknown(name, column, tuple(some[:4]), plain(top.name)))
        chosen = mapped.get((name, column))
        if chosen is not None:
            targets[place] = Target(by_path.get(chosen))
    return targets


def _is_hxl(cells: Sequence[str]) -> bool:
    """The row of HXL tags that may stand under the headers."""
    given = [cell.strip() for cell in cells if cell.strip()]
    return bool(given) and all(cell.startswith("#") for cell in given)


def _row(
    columns: Columns, number: int, cells: Sequence[str], targets: Sequence[Target | None]
) -> _Row:
    record = record_of(columns, cells, targets)
    keys: dict[str, list[str]] = {}
    for text, target in zip(cells, targets, strict=True):
        if target is not None and target.key and text.strip():
            keys.setdefault(target.key, []).append(codec("string").parse(text).strip())
    key = keys.get("key", [""])[0]
    named = keys.get("instance", []) or ([key] if key.startswith("uuid:") else [])
    named.sort(key=lambda text: not text.startswith("uuid:"))
    record.instance = _named(named[0]) if named else ""
    record.finished = keys.get("finished", [""])[0]
    return _Row(record, number, key, keys.get("parent", [""])[0])


def _named(instance: str) -> str:
    """Kobo leaves ``uuid:`` out of its column."""
    bare = len(instance) == 36 and instance.count("-") == 4
    return f"uuid:{instance}" if bare else instance


def _put_inside(form: Form, found: Mapping[Node, list[_Row]]) -> None:
    """Put rows of repeats inside the rows that they belong to."""
    for top in tops(form)[1:]:
        around = top.parent
        while around is not None and around.parent is not None and not around.repeat:
            around = around.parent
        outer = found.get(around, []) if around is not None else []
        owners = {row.key: row.record for row in outer if row.key}
        for row in found.get(top, []):
            owner = owners.get(row.parent)
            if owner is not None:
                owner.inside.setdefault(top, []).append(row.record)

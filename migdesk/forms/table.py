"""Data of a form → flat tables as Kobo lays them out: one row each, one table a repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal

from migdesk.forms.dataset import Dataset, Entry, Line, Sheet, Variable, collect
from migdesk.forms.form import Form
from migdesk.forms.hxl import META, guess

Cell = str | int | Decimal | None
Several = Literal["one", "split", "both"]
"""Several choices in one column, one column (1 or 0) for each choice, or both."""

ONE_CHOICE = frozenset({"select_one"})


@dataclass(frozen=True, slots=True)
class Shape:
    """How tables look. `labels`: words for choices and headers, else codes and names.
    `hxl`: a row of HXL tags under the headers; `tags`: path of a question → its tag, over
    the form's own and what its name suggests."""

    labels: bool = False
    several: Several = "one"
    hxl: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """`choice`: the one choice of a select_multiple that a split column is about."""

    place: int
    variable: Variable
    header: str
    choice: str = ""


@dataclass(slots=True)
class Table:
    """`rows` have as many cells as `headers`. The last columns are keys: ``_index`` of the
    row, and in a repeat ``_parent_table_name``, ``_parent_index``, ``_submission__uuid``."""

    name: str
    headers: list[str]
    rows: list[list[Cell]] = field(default_factory=list)


def tables(
    form: Form,
    submissions: Iterable[tuple[str, str]],
    *,
    labels: bool = False,
    language: str | None = None,
    split: bool = False,
) -> list[Table]:
    """Tables of (key, submission XML) pairs of one version; the first is the main one."""
    data = collect([(form, language)], (Entry(key, xml) for key, xml in submissions))
    return flat(data, Shape(labels, "both" if split else "one"))


def flat(data: Dataset, shape: Shape) -> list[Table]:
    """A table of each sheet; the first is the form's own."""
    return [_table(data, sheet, shape) for sheet in data.sheets]


def _table(data: Dataset, sheet: Sheet, shape: Shape) -> Table:
    columns = list(columns_of(sheet, shape))
    words = {
        place: {choice.value: choice.label or choice.value for choice in variable.choices}
        for place, variable in enumerate(sheet.variables)
    }
    facts = list(dict.fromkeys(name for entry in data.entries for name in entry.facts))
    keys = ["_uuid", *facts, "_index"]
    if sheet.parent is not None:
        keys = ["_index", "_parent_table_name", "_parent_index", "_submission__uuid"]
    made = Table(sheet.name, [*(column.header for column in columns), *keys])
    if shape.hxl:
        made.rows.append(
            [*(_tag(column, shape) for column in columns), *(META.get(key, "") for key in keys)]
        )
    for line in sheet.rows:
        cells = [cell(c, line.values[c.place], words[c.place], shape.labels) for c in columns]
        made.rows.append([*cells, *_keys(data, sheet, line, facts)])
    return made


def _keys(data: Dataset, sheet: Sheet, line: Line, facts: list[str]) -> list[Cell]:
    entry = data.entries[line.entry]
    if sheet.parent is None:
        return [entry.key, *(entry.facts.get(name) for name in facts), line.index]
    return [line.index, sheet.parent.name, line.parent, entry.key]


def _tag(column: Column, shape: Shape) -> str:
    variable = column.variable
    return shape.tags.get(variable.path) or variable.hxl or guess(variable)


def columns_of(sheet: Sheet, shape: Shape) -> Iterator[Column]:
    """Columns of a sheet, in the order of the form."""
    said = Counter(variable.label for variable in sheet.variables)
    for place, variable in enumerate(sheet.variables):
        header = variable.path
        if shape.labels and variable.label:
            # Two questions may read the same; a header may not.
            once = said[variable.label] == 1
            header = variable.label if once else f"{variable.label} ({variable.path})"
        several = variable.many and bool(variable.choices) and variable.type != "rank"
        if not several or shape.several != "split":
            yield Column(place, variable, header)
        if several and shape.several != "one":
            for choice in variable.choices:
                said_of = (choice.label or choice.value) if shape.labels else choice.value
                yield Column(place, variable, f"{header}/{said_of}", choice.value)


def cell(column: Column, text: str | None, words: Mapping[str, str], labels: bool) -> Cell:
    """A value for a spreadsheet; None where there is no answer."""
    if not text:
        return None
    if column.choice:
        return int(column.choice in text.split())
    if column.variable.numeric:
        return number(text)
    if not labels or not words:
        return text
    if column.variable.type in ONE_CHOICE:
        return words.get(text, text)
    return ", ".join(words.get(value, value) for value in text.split())


def number(text: str) -> Cell:
    """A number for the spreadsheet; text that is none stays text."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    return int(value) if value == value.to_integral_value() else value

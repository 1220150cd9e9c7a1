"""Submissions of a form → flat tables: one row each, and one table per repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from migdesk.forms.definition import Node, Tree
from migdesk.forms.form import Form
from migdesk.forms.instance import Row, fill, number
from migdesk.forms.outline import outline
from migdesk.forms.submission import read
from migdesk.forms.values import NUMERIC

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """`choice`: the one choice of a select_multiple that a split column is about."""

    node: Node
    header: str
    choice: str = ""


@dataclass(slots=True)
class Table:
    """`rows` have as many cells as `headers`. Keys: ``_key`` of the submission; in a
    repeat also ``_row`` (its place, from 1) and ``_parent`` (the row around it: blank,
    or the place of the outer row)."""

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
    """Tables of (key, submission XML) pairs; the first is the main one.

    labels   choices and headers in words, in `language`; else codes and names
    split    one column (1 or 0) for each choice of a select_multiple
    """
    maker = _Maker(form, labels, language, split)
    for key, xml in submissions:
        maker.add(key, read(form, xml)["answers"])
    return list(maker.tables.values())


class _Maker:
    def __init__(self, form: Form, labels: bool, language: str | None, split: bool) -> None:
        self.form = form
        self.labels = labels
        self.split = split
        self.entries = {entry.ref: entry for entry in outline(form, language)}
        self.words = {
            ref: {choice.value: choice.label for choice in entry.choices}
            for ref, entry in self.entries.items()
        }
        self.columns: dict[Node, list[Column]] = {}
        self.tables: dict[Node, Table] = {}
        root = form.definition.root
        for top in [root, *(n for n in form.definition.nodes.values() if n.repeat)]:
            keys = ["_key"] if top is root else ["_key", "_parent", "_row"]
            self.columns[top] = list(self._columns(top))
            headers = keys + [column.header for column in self.columns[top]]
            self.tables[top] = Table(top.name, headers)

    def _columns(self, top: Node) -> Iterator[Column]:
        for node in top.scope.nodes:
            if not node.leaf or self.form.is_note(node):
                continue
            header = node.path[len(top.path) + 1 :]
            entry = self.entries.get(node.path)
            if self.labels and entry is not None and entry.label:
                header = entry.label
            yield Column(node, header)
            if self.split and self.form.type_of(node) == "select_multiple":
                for choice, words in self.words.get(node.path, {}).items():
                    said = words if self.labels else choice
                    yield Column(node, f"{header}/{said}", choice)

    def add(self, key: str, answers: Tree) -> None:
        root = self.form.definition.root
        row = Row(root.scope, None, 0)
        fill(row, root, answers)
        self._add(key, root, row, None)

    def _add(self, key: str, top: Node, row: Row, parent: int | None) -> None:
        inner = top.parent is not None
        keys: list[Cell] = [key, parent, row.index + 1] if inner else [key]
        cells = [self._cell(column, row.kept[column.node.slot]) for column in self.columns[top]]
        self.tables[top].rows.append(keys + cells)
        for repeat in top.scope.repeats:
            number(row.kids[repeat.place])
            for kid in row.kids[repeat.place]:
                self._add(key, repeat, kid, row.index + 1 if inner else None)

    def _cell(self, column: Column, text: str) -> Cell:
        if not text:
            return None
        if column.choice:
            return int(column.choice in text.split())
        if column.node.bind.type in NUMERIC:
            return _number(text)
        words = self.words.get(column.node.path) if self.labels else None
        if not words:
            return text
        if self.form.type_of(column.node) == "select_one":
            return words.get(text, text)
        return ", ".join(words.get(value, value) for value in text.split())


def _number(text: str) -> Cell:
    """A number for the spreadsheet; text that is none stays text."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return int(value) if value == value.to_integral_value() else value

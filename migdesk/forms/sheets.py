"""Where in a workbook something stands: row and column of a question, of a file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from migdesk.forms.faults import Place

Rows = Sequence[Mapping[str, Any]]
FIRST_ROW = 2
_ENTITY = {"@id": "entity_id", "@create": "create_if", "@update": "update_if"}
COUNT = "_count"
"""End of the name of the calculation that pyxform makes of a repeat count."""

_ALIASES = {
    "type": ("command",),
    "name": ("tag", "value"),
    "label": ("caption",),
    "calculation": ("calculate", "bind::calculate"),
    "relevant": ("relevance", "bind::relevant"),
    "constraint": ("bind::constraint",),
    "required": ("bind::required",),
    "read_only": ("readonly", "bind::readonly"),
    "repeat_count": ("count", "jr:count"),
    "constraint_message": ("constraining_message",),
    "required_message": ("requiredmsg",),
    "default": ("calculation", "calculate"),
}
"""Other heads that pyxform takes for the same column."""


class Sheets:
    """The sheets of a workbook as pyxform reads them; none for a form that was no workbook."""

    def __init__(self, survey: Rows = (), choices: Rows = (), entities: Rows = ()) -> None:
        self.survey = [_lowered(row) for row in survey]
        self.choices = [_lowered(row) for row in choices]
        self.entities = [_lowered(row) for row in entities]
        self.lists: dict[str, str] = {}
        """Path of each entity of the form → its list."""

    @cached_property
    def _rows(self) -> dict[tuple[str, ...], int]:
        """Row of each question, group and repeat by the names on the way to it."""
        found: dict[tuple[str, ...], int] = {}
        within: list[str] = []
        for number, row in enumerate(self.survey, FIRST_ROW):
            kind = _kind(row)
            name = _cell(row, "name")
            if kind.startswith("end "):
                within = within[:-1]
                continue
            if name:
                found.setdefault((*within, name), number)
            if kind.startswith("begin "):
                within.append(name)
        return found

    def row_of(self, ref: str) -> int | None:
        """Row of the survey sheet that made a node; of the group around it where pyxform
        made the node itself."""
        names = tuple(re.sub(r"\[\d+\]", "", ref).split("/")[2:])
        if names and names not in self._rows and names[-1].endswith(COUNT):
            names = (*names[:-1], names[-1].removesuffix(COUNT))
        while names and names not in self._rows:
            names = names[:-1]
        return self._rows.get(names)

    def place_of(self, place: Place) -> Place:
        """The same place, with sheet, row and column as the designer sees them."""
        entity = next((p for p in self.lists if f"{place.ref}/".startswith(f"{p}/")), None)
        if entity is not None:
            return self._of_entity(entity, place)
        row = self.row_of(place.ref) if place.ref else None
        if row is None:
            return place
        counted = place.ref is not None and place.ref.endswith(COUNT)
        column = "repeat_count" if counted and place.column == "calculation" else place.column
        return Place("survey", row, self._head(row, column), place.ref)

    def _of_entity(self, path: str, place: Place) -> Place:
        """Row of the sheet of entities that made an entity, and the column of a part of it."""
        named = self.lists[path]
        rows = (n for n, row in enumerate(self.entities, FIRST_ROW) if named in row.values())
        part = (place.ref or "")[len(path) + 1 :]
        column = _ENTITY.get(part, part if part == "label" else "entity_id")
        row = next(rows, None)
        return Place("entities", row, column if part else None, place.ref) if row else place

    def _head(self, row: int, column: str | None) -> str | None:
        """The column as it is called in this workbook, in the row if it is filled there."""
        if column is None:
            return None
        filled = self.survey[row - FIRST_ROW]
        for wanted in (column, *_ALIASES.get(column, ())):
            for head in filled:
                if wanted in (head, _base(head)):
                    return head
        return "parameters" if "parameters" in filled and "::" in column else column

    def of_type(self, start: str) -> Place:
        """The first question whose type begins so."""
        for number, row in enumerate(self.survey, FIRST_ROW):
            if _kind(row).startswith(start.lower().replace("_", " ")):
                return Place("survey", number, "type")
        return Place()

    def question(self, name: str) -> Place | None:
        """The first question, group or repeat of a name."""
        for number, row in enumerate(self.survey, FIRST_ROW):
            if _cell(row, "name") == name:
                return Place("survey", number, self._head(number, "name"))
        return None

    def mention(self, name: str, *, whole: bool = False) -> Place:
        """The first cell that names a file; `whole`: or any other word."""
        for sheet, row, head, text in self._cells():
            if name.lower() in (text.lower() if len(name) > 2 else text.lower().split()):
                return Place(sheet, row, head)
        if whole:
            return Place()
        stem = re.escape(name.rpartition(".")[0] or name)
        quoted = re.compile(rf"(?:pulldata|search)\(\s*['\"]{stem}['\"]", re.IGNORECASE)
        for sheet, row, head, text in self._cells():
            if quoted.search(text):
                return Place(sheet, row, head)
        for number, line in enumerate(self.survey, FIRST_ROW):
            if "external" in _kind(line) and re.fullmatch(stem, _cell(line, "name")):
                return Place("survey", number, "name")
        return Place()

    def _cells(self) -> Iterator[tuple[str, int, str, str]]:
        for sheet, rows in (("survey", self.survey), ("choices", self.choices)):
            for number, row in enumerate(rows, FIRST_ROW):
                for head, text in row.items():
                    yield sheet, number, head, text

    def heads(self) -> dict[str, int]:
        """Columns of the survey sheet, and the first row that fills each."""
        found: dict[str, int] = {}
        for number, row in enumerate(self.survey, FIRST_ROW):
            for head in row:
                found.setdefault(head, number)
        return found


def _lowered(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        head.strip().lower(): str(cell) for head, cell in row.items() if cell not in (None, "")
    }


def _base(head: str) -> str:
    """``label`` of ``label::Français (fr)``."""
    return re.split(r"::?", head, maxsplit=1)[0].strip()


def _cell(row: Mapping[str, str], column: str) -> str:
    return next((row[h] for h in (column, *_ALIASES.get(column, ())) if h in row), "").strip()


def _kind(row: Mapping[str, str]) -> str:
    return " ".join(_cell(row, "type").lower().replace("_", " ").split())

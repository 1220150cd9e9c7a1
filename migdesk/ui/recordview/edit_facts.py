"""Editor of what a condition compares with: words of the list, the country or the place that
its subject has, or a number. Stored as codes, several parted by ``|``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from migdesk.i18n import N_
from migdesk.models import Field
from migdesk.models.kinds import BadValue, Choice, Country, Kind, Money, Number
from migdesk.services import records
from migdesk.services.matching import CODES, COUNTRIES, PLACES
from migdesk.ui.desk import Desk

from .edit_choices import ChipsEditor, code_options
from .edit_links import PAUSE_MS, Finder, is_new
from .suggest import Answer, Option, Suggester

PARTED = "|"
NUMBERS: dict[str, Kind] = {
    "amount": Money(),
    "own_share": Number(decimals=2, low=0, high=100),
    "jobs": Number(low=0),
    "age": Number(low=0, high=130),
}


def listed(about: str) -> Choice | None:
    """The kind of the codes that a subject has, if it has codes."""
    if about in COUNTRIES:
        return Country()
    return Choice(codes=CODES[about]) if about in CODES else None


class FactEditor(ChipsEditor):
    """Values of the subject that the field `about` of the same line names."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self._titles: dict[str, str] = {}
        self._of = ""
        self._places = Finder(self, desk, "place")
        self.suggester = Suggester(self.line, self._options, self.add, PAUSE_MS)

    @property
    def about(self) -> str:
        """The subject chosen in the same line."""
        return str(self.beside("about") or "")

    def _options(self, text: str, answer: Answer) -> None:
        if self.about in PLACES:
            self._places(text, lambda found: answer([o for o in found if not is_new(o)]))
        else:
            answer(self._codes(text))

    def _codes(self, text: str) -> list[Option]:
        kind = listed(self.about)
        taken = {option.value for option in self._chosen}
        found = code_options(kind, text) if kind else []
        return [option for option in found if option.value not in taken]

    def options_of(self, stored: Sequence[Any]) -> list[Option]:
        return [Option(value, self._words(str(value))) for value in stored]

    def _words(self, value: str) -> str:
        if kind := listed(self.about):
            return kind.show(value) or value
        if self.about in PLACES:
            return self._titles.get(value, "…")
        return Money().show(value) if self.about == "amount" and " " in value else value

    def add(self, option: Option) -> None:
        if self.about in PLACES:
            self._titles[str(option.value)] = option.label
        super().add(option)

    def set_value(self, stored: Any, shown: str = "") -> None:
        parts = stored if isinstance(stored, list) else str(stored or "").split(PARTED)
        values = [part.strip() for part in parts if part.strip()]
        self._of = self.about
        super().set_value(values)
        if values and self.about in PLACES:
            self.desk.runner.read(
                records.titles, "place", values, then=self._on_titles, owner=self
            )

    def _on_titles(self, found: dict[str, str]) -> None:
        self._titles |= found
        self._chosen = self.options_of([option.value for option in self._chosen])
        self._show()

    def value(self) -> Any:
        found = super().value() or []
        kind = listed(self.about)
        if kind and self.about != self._of:  # chips of another subject may stand there
            for value in found:
                kind.parse(value)
        return PARTED.join(found) or None

    def read(self, text: str) -> list[Option]:
        text = text.strip()
        if not text:
            return []
        if self.about in PLACES:
            raise BadValue(N_("Choose one of the records found."))
        if listed_kind := listed(self.about):
            found = self._codes(text)
            return found if len(found) == 1 else self.options_of([listed_kind.parse(text)])
        kind = NUMBERS.get(self.about, self.field.kind)
        found_number = kind.parse(text)
        plain = f"{found_number:g}" if isinstance(found_number, float) else str(found_number)
        return self.options_of([plain])

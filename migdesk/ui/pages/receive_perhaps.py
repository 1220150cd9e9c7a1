"""While somebody new is registered: who of those that are here may be the same person."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.models.kinds import BadValue
from migdesk.services import persons
from migdesk.services.persons import Perhaps
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Row, RowList, label

from .fields import Fields
from .merge_card import reasons


class PerhapsHere(QWidget):
    """Hidden while nobody is alike. `chosen(person)`: it is this one, who is known."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, fields: Fields) -> None:
        super().__init__()
        self.desk, self.fields = desk, fields
        self._asked: dict[str, Any] | None = None
        """What was asked about and not yet answered: one question at a time."""
        self.list = RowList()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        words = _("Perhaps here already. Press the person to receive them instead.")
        box.addWidget(label(words, "strong", wrap=True, tone="waiting"))
        box.addWidget(self.list)
        fields.changed.connect(self.look)
        self.hide()

    def look(self) -> None:
        """Ask who is like what stands in the fields now."""
        values = self._values()
        if not any(values.get(name) for name in ("family_name", "given_name", "aliases")):
            self._show(())
        elif self._asked is None:
            self._asked = values
            self.desk.runner.read(
                persons.perhaps,
                values,
                then=partial(self._on_found, values),
                owner=self,
                failed=self._on_failed,
            )

    def _values(self) -> dict[str, Any]:
        """What is typed, as far as it is right by now."""
        found = {}
        for name, box in self.fields.boxes.items():
            try:
                found[name] = box.value()
            except BadValue:
                continue
        return found

    def _on_found(self, asked: dict[str, Any], found: tuple[Perhaps, ...]) -> None:
        self._asked = None
        self._show(found)
        if self._values() != asked:  # typed on meanwhile
            self.look()

    def _on_failed(self, _fault: object) -> None:
        """A help that does not come: nothing is lost."""
        self._asked = None

    def _show(self, found: tuple[Perhaps, ...]) -> None:
        self.list.show_rows([self._row(each) for each in found])
        self.setVisible(bool(found))

    def _row(self, each: Perhaps) -> Row:
        person = each.person
        facts = (person.birth, person.origin, person.residence, person.phone)
        told = " · ".join(filter(None, (*facts, reasons(each.why))))
        return Row(person.title, told, open=partial(self.chosen.emit, person))

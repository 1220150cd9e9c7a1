"""Whose work a page shows: that of my office, or of all offices of the register."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from migdesk.i18n import _
from migdesk.services import office
from migdesk.services.office import Offices
from migdesk.ui.desk import Desk

KEY = "offices"
"""State of the screen: “all”, or mine."""


class OfficeChoice(QWidget):
    """*My office* and *All offices*; not there while the register has one office only.
    What is chosen holds on all pages, and is remembered."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.known = Offices("", 0)
        self.mine_button, self.all_button = QPushButton(), QPushButton(_("All offices"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.group = QButtonGroup(self)
        for place, button in enumerate((self.mine_button, self.all_button)):
            button.setCheckable(True)
            self.group.addButton(button, place)
            row.addWidget(button)
        self.mine_button.setText(_("My office"))
        self.group.idClicked.connect(self._choose)
        self.hide()

    def load(self) -> None:
        """Read which offices there are; `changed` if that changes what is shown."""
        self.desk.runner.read(office.offices, then=self._on_offices, owner=self)

    def _on_offices(self, found: Offices) -> None:
        before = self.office
        self.known = found
        self.mine_button.setToolTip(found.name)
        self.setVisible(found.many)
        all_of_them = self.desk.settings.state(KEY) == "all"
        self.group.button(1 if all_of_them else 0).setChecked(True)
        if self.office != before:
            self.changed.emit()

    def _choose(self, place: int) -> None:
        self.desk.settings.remember(KEY, "all" if place else "mine")
        self.changed.emit()

    @property
    def office(self) -> str:
        """Id of the office whose work is shown, "" for all."""
        if not self.known.many or self.desk.settings.state(KEY) == "all":
            return ""
        return self.known.mine

    def filters(self) -> dict[str, Any]:
        """What a list is narrowed to: my office, and what belongs to none yet."""
        return {"office": (self.office, None)} if self.office else {}

"""Which files an account may know of that others may not: given and taken by administrators."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox

from migdesk import codelists
from migdesk.i18n import _
from migdesk.services import records, rights
from migdesk.services.views import View
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Button, Card, FlowRow, PrimaryButton, label


def gives(desk: Desk) -> bool:
    """May this person give compartments?"""
    return desk.account.role in ("", "administrator")


class RightsCard(Card):
    """The compartments of one account; hidden until one is chosen."""

    def __init__(self, desk: Desk, done: Callable[[], object]) -> None:
        super().__init__(_("What this account sees besides"))
        self.desk = desk
        self._done = done
        self._account = ""
        self.name = label("", "strong")
        self.body.addWidget(self.name)
        words = _(
            "Who lacks a compartment does not learn that such files exist: not from lists, "
            "counts, search, papers or exports. Give as few as the work needs."
        )
        self.body.addWidget(label(words, "muted", wrap=True))
        self.boxes: dict[str, QCheckBox] = {}
        for item in codelists.get("compartments"):
            self.boxes[item.code] = QCheckBox(item.label())
            self.body.addWidget(self.boxes[item.code])
        self.save_button = PrimaryButton(_("Save"), self.save)
        self.body.addLayout(FlowRow(self.save_button, Button(_("Cancel"), self.hide)))
        self.hide()

    def show_account(self, id: str) -> None:
        """Read what an account has."""
        self.desk.runner.read(records.get, "account", id, then=self._show, owner=self)

    def _show(self, view: View) -> None:
        self._account = view.id
        self.name.setText(view.title)
        held = view.values["compartments"] or ()
        for code, box in self.boxes.items():
            box.setChecked(code in held)
        self.show()
        next(iter(self.boxes.values())).setFocus()

    def save(self) -> None:
        """Give what is ticked, and take the rest."""
        chosen = [code for code, box in self.boxes.items() if box.isChecked()]
        self.desk.runner.write(
            rights.give, self._account, chosen, then=self._saved, owner=self
        )

    def _saved(self, _none: object) -> None:
        self.hide()
        self.desk.asker.tell(_("Saved. It counts at once on this computer."))
        self._done()


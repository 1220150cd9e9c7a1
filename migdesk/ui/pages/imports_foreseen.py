"""What an import would make: how many of what, the first of them, who is perhaps here."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.models import RECORDS
from migdesk.services.imports import Foreseen
from migdesk.ui.widgets import Row, RowList, label

ALIKE = 10


class ForeseenPart(QWidget):
    """Hidden while there is nothing to tell."""

    def __init__(self) -> None:
        super().__init__()
        self.makes = label("", "strong", wrap=True)
        self.sample = RowList()
        self.doubt = label("", wrap=True, tone="waiting")
        self.alike = RowList()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for part in (self.makes, self.sample, self.doubt, self.alike):
            box.addWidget(part)
        self.hide()

    def show_foreseen(self, found: Foreseen) -> None:
        """Tell this instead."""
        made = " · ".join(f"{RECORDS[kind].plural}: {n}" for kind, n in found.makes)
        self.makes.setText(_("It would make: {what}").format(what=made))
        self.sample.show_rows([Row(title, words) for title, words in found.sample])
        n = len(found.alike)
        words = ngettext(
            "{n} of the first {total} rows is perhaps here already; it would be made again.",
            "{n} of the first {total} rows are perhaps here already; they would be made again.",
            n,
        )
        self.doubt.setText(words.format(n=n, total=found.looked))
        self.doubt.setVisible(bool(n))
        self.alike.show_rows(
            [
                Row(title, _("looks like {name}").format(name=other), lead=str(number))
                for number, title, other in found.alike[:ALIKE]
            ]
        )
        self.setVisible(bool(found.makes))

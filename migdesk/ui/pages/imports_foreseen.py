"""What an import would make: how many of what, the first of them, who is perhaps here."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext, said_of
from migdesk.models import RECORDS
from migdesk.services.imports import Foreseen, Proposed
from migdesk.ui.widgets import Row, RowList, label

from .merge_card import reasons

ALIKE = 50


class ForeseenPart(QWidget):
    """Hidden while there is nothing to tell. Of a row that is perhaps here already, a press
    says that it is, or is not."""

    def __init__(self) -> None:
        super().__init__()
        self.makes = label("", "strong", wrap=True)
        self.sample = RowList()
        self.doubt = label("", wrap=True, tone="waiting")
        self.alike = RowList()
        self._proposed: tuple[Proposed, ...] = ()
        self._same: set[int] = set()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for part in (self.makes, self.sample, self.doubt, self.alike):
            box.addWidget(part)
        self.hide()

    def show_foreseen(self, found: Foreseen) -> None:
        """Tell this instead."""
        made = " · ".join(said_of(RECORDS[kind].plural, n) for kind, n in found.makes)
        self.makes.setText(_("It would make: {what}").format(what=made))
        self.sample.show_rows([Row(title, words) for title, words in found.sample])
        # Those to think about first: the list shows the first of many.
        self._proposed = tuple(sorted(found.alike, key=lambda each: each.sure))
        self._same = {each.number for each in found.alike if each.sure}
        n = len(found.alike)
        words = ngettext(
            "{n} row is perhaps here already. Press it to say whether it is the same.",
            "{n} rows are perhaps here already. Press one to say whether it is the same.",
            n,
        )
        self.doubt.setText(words.format(n=n))
        self.doubt.setVisible(bool(n))
        self._show()
        self.setVisible(bool(found.makes))

    def same(self) -> dict[int, str]:
        """Rows that are of a record which is here: they fill in what it lacks."""
        return {p.number: p.id for p in self._proposed if p.number in self._same}

    def turn(self, number: int) -> None:
        """The same, or somebody else."""
        self._same ^= {number}
        self._show()

    def _show(self) -> None:
        self.alike.show_rows([self._row(each) for each in self._proposed[:ALIKE]])

    def _row(self, each: Proposed) -> Row:
        lead = str(each.number)
        if not each.id:
            words = _("looks like row {n}; both are made").format(n=each.other)
            return Row(each.title, f"{words}. {reasons(each.why)}", lead=lead)
        words = _("looks like {name}").format(name=each.other)
        same = each.number in self._same
        return Row(
            each.title,
            f"{words}. {reasons(each.why)}",
            lead=lead,
            end=_("the same: fills in what is empty") if same else _("somebody else: made new"),
            end_tone="done" if same else "waiting",
            open=partial(self.turn, each.number),
        )

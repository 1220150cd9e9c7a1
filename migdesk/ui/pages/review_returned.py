"""What was sent back to the person logged in: one press leads to the first remark."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal

from migdesk.i18n import _, ngettext
from migdesk.services import review
from migdesk.services.review import Returned
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, Row, RowList


class ReturnedCard(Card):
    """`asked(submission)` when one is chosen; hidden while there is none."""

    asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("To correct"))
        self.desk = desk
        self.rows = RowList()
        self.body.addWidget(self.rows)
        self.hide()

    def load(self) -> None:
        """Read what waits."""
        mine = self.desk.account
        read = self.desk.runner.read
        read(review.returned, mine.id, mine.role, then=self._on_read, owner=self)

    def _on_read(self, found: tuple[Returned, ...]) -> None:
        self.rows.show_rows([self._row(each) for each in found])
        self.setVisible(bool(found))

    def _row(self, each: Returned) -> Row:
        shown, n = each.submission.shown, len(each.remarks)
        names = ("person", "household", "organisation", "place", "finished")
        about = next((shown[name] for name in names if shown[name]), "")
        first = each.remarks[0].note if each.remarks else ""
        return Row(
            " · ".join(filter(None, (about, shown["questionnaire"]))),
            muted=first,
            end=ngettext("{n} remark", "{n} remarks", n).format(n=n) if n else "",
            end_tone="waiting",
            open=partial(self.asked.emit, each.submission.id),
        )

"""What a submission registered: people, households and so on, under its answers."""

from __future__ import annotations

from functools import partial

from migdesk.i18n import _
from migdesk.services import records
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_go, may_open
from migdesk.ui.widgets import Card, Row, RowList, label

WAITING = "waiting"


class RegisteredCard(Card):
    """Hidden where nothing was registered. A row leads to the record, or to where it
    waits, for those who may go there."""

    def __init__(self, desk: Desk, submission: str) -> None:
        super().__init__(_("Registered by these answers"))
        self.desk = desk
        self.rows = RowList()
        self.left_out = label("", "caption", wrap=True)
        self.body.addWidget(self.rows)
        self.body.addWidget(self.left_out)
        self.hide()
        desk.runner.read(
            records.lines_of, "entity", submission, then=self._show_lines, owner=self
        )

    def _show_lines(self, found: tuple[View, ...]) -> None:
        self.rows.show_rows([self._row(line) for line in found])
        left = [words for line in found for words in line.values["left_out"] or ()]
        told = _("Left out, because no field takes it: {words}.")
        self.left_out.setText(told.format(words="; ".join(left)))
        self.left_out.setVisible(bool(left))
        self.setVisible(bool(found))

    def _row(self, line: View) -> Row:
        kind, id = line.values["target"] or "", line.values["record"] or ""
        waits = line.values["state"] == WAITING
        opened = None
        if waits and may_go(self.desk, "settle"):
            opened = partial(self.desk.go, "settle")
        elif id and not waits and may_open(self.desk, kind):
            opened = partial(self.desk.open, kind, id)
        return Row(
            line.title,
            muted=line.shown["target"],
            end=line.shown["problem"] or line.shown["state"],
            end_tone=WAITING if waits else "",
            open=opened,
        )

"""What keeps the data safe and asks for a hand: shown on Today only while it does."""

from __future__ import annotations

from functools import partial

from migdesk.i18n import _
from migdesk.models.dates import show_moment
from migdesk.ui import staff
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, Row, RowList


class SafetyCard(Card):
    """Backups that failed, a place that was away for long, a rehearsal that is due."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Safety"))
        self.desk = desk
        self.rows = RowList()
        self.body.addWidget(self.rows)
        self.hide()

    def load(self) -> None:
        """Look again; nothing to say hides the card."""
        rows = [*self._backups(), *self._rehearsal()]
        self.rows.show_rows(rows)
        self.setVisible(bool(rows))

    def _backups(self) -> list[Row]:
        from migdesk.jobs import keep_backups

        if self.desk.paths is None:
            return []
        go = partial(self.desk.go, "settings", tab="backups")
        rows = []
        for stands in keep_backups.standing(self.desk.settings):
            second = stands.place == keep_backups.SECOND
            name = _("Backup in the second place") if second else _("Backup")
            last = show_moment(stands.last) if stands.last else _("never")
            if stands.code:
                words = _("the last one that worked: {moment}").format(moment=last)
                rows.append(Row(name, muted=words, end=_("failed"), end_tone="late", open=go))
            elif stands.away and keep_backups.days_since(stands.last) > keep_backups.OLD:
                words = _("the last one: {moment}").format(moment=last)
                rows.append(
                    Row(name, muted=words, end=_("plug it in"), end_tone="waiting", open=go)
                )
        return rows

    def _rehearsal(self) -> list[Row]:
        if not staff.manages(self.desk):
            return []
        if not staff.keys_of(self.desk).recovery.due:
            return []
        go = partial(self.desk.go, "settings", tab="safety")
        words = _("Prove that the printed recovery key opens")
        return [Row(words, end=_("due"), end_tone="waiting", open=go)]

"""Dates to keep, on the first page: late answers, reviews, instalments; and what of the
directories was not verified for long."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from babel.dates import format_date
from PySide6.QtCore import Signal

from migdesk.i18n import _, language, ngettext
from migdesk.models import RECORDS
from migdesk.services import dues, freshness
from migdesk.services.dues import Kept
from migdesk.services.freshness import Stale
from migdesk.ui.desk import Desk
from migdesk.ui.places import places_for
from migdesk.ui.rights import may_open
from migdesk.ui.widgets import Card, Row, RowList, label

SHOWN = 8


class DatesCard(Card):
    """What is over or due within a week beside the steps of cases. Hidden when there is
    nothing; `counted` tells how many dates."""

    counted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Dates to keep"))
        self.desk = desk
        self.day = date.today()
        self.rows = RowList()
        self.more = label("", "muted")
        self.body.addWidget(self.rows)
        self.body.addWidget(self.more)
        self._dates: list[Row] = []
        self._stale: list[Row] = []
        self.hide()

    def load(self) -> None:
        """Read what is due."""
        self.day = date.today()
        read = self.desk.runner.read
        read(dues.due, self.day, then=self._on_due, owner=self)
        read(freshness.stale, self.day, then=self._on_stale, owner=self)

    def _on_due(self, found: tuple[Kept, ...]) -> None:
        self._dates = [self._row(kept) for kept in found[:SHOWN]]
        left = len(found) - len(self._dates)
        words = ngettext("{n} more", "{n} more", left).format(n=left)
        self.more.setText(words if left else "")
        self.more.setVisible(bool(left))
        self._show()
        self.counted.emit(len(found))

    def _on_stale(self, found: tuple[Stale, ...]) -> None:
        self._stale = [self._old(stale) for stale in found if may_open(self.desk, stale.kind)]
        self._show()

    def _show(self) -> None:
        rows = [*self._dates, *self._stale]
        self.rows.show_rows(rows)
        self.setVisible(bool(rows))

    def _row(self, kept: Kept) -> Row:
        if kept.days < 0:
            late = ngettext("{n} day late", "{n} days late", -kept.days)
            lead, tone = late.format(n=-kept.days), "late"
        elif kept.days == 0:
            lead, tone = _("today"), "waiting"
        else:
            day = self.day + timedelta(days=kept.days)
            lead, tone = format_date(day, "EEEE", locale=language()), ""
        opened = partial(self.desk.open, kept.kind, kept.id)
        allowed = may_open(self.desk, kept.kind)
        return Row(
            kept.words,
            muted=kept.about,
            lead=lead,
            lead_tone=tone,
            open=opened if allowed else None,
        )

    def _old(self, stale: Stale) -> Row:
        about = RECORDS[stale.kind]
        words = ngettext("{n} to verify", "{n} to verify", stale.n).format(n=stale.n)
        place = next(p.name for p in places_for(self.desk) if stale.kind in p.kinds)
        return Row(
            str(about.plural),
            muted=_("not verified for six months"),
            end=words,
            end_tone="waiting",
            open=partial(self.desk.go, place, kind=stale.kind),
        )

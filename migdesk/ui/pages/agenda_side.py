"""Beside the hours: free times, whom to call back, who is at home for holidays; and what can
be done with an appointment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from babel.dates import format_date
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from migdesk.i18n import _, language
from migdesk.models.dates import parse_moment, show_moment
from migdesk.services import agenda, history
from migdesk.services.agenda import Entry, Look, Remark
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Row

from .pieces import GAP
from .today import ListCard

MOST = 8
"""Free times that are listed."""


@dataclass(frozen=True)
class Slot:
    """A time at which an adviser (or a room, or everybody) is free."""

    start: datetime
    end: datetime
    adviser: str = ""
    room: str = ""


class AgendaSide(QWidget):
    """Three cards."""

    def __init__(
        self,
        desk: Desk,
        opened: Callable[[Entry], None],
        book: Callable[[datetime, str, str], None],
    ) -> None:
        super().__init__()
        self.desk, self._opened, self._book = desk, opened, book
        self.free = ListCard(_("Free times"), _("No time is free."))
        self.calls = ListCard(_("To call back"), _("Nobody is to be called."))
        self.stays = ListCard(_("At home for holidays"), _("Nobody said so for these days."))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(GAP)
        for card in (self.free, self.calls, self.stays):
            box.addWidget(card)
        box.addStretch(1)

    def show_look(self, look: Look, held: Sequence[Entry], free: Sequence[Slot]) -> None:
        """What belongs to the appointments that are shown."""
        calls = [entry for entry in held if entry.visit.values["callback"]]
        self.calls.show_rows([self._call(entry) for entry in calls])
        self.stays.show_rows(
            [
                Row(
                    stay.person.title,
                    end=_("until {day}").format(day=_short(stay.until)),
                    open=partial(self.desk.open, "person", stay.person.id),
                )
                for stay in look.stays
            ]
        )
        days = {slot.start.date() for slot in free}
        self.free.setVisible(bool(free))
        self.free.show_rows([self._slot(slot, len(days) > 1) for slot in free[:MOST]])

    def _call(self, entry: Entry) -> Row:
        return Row(
            entry.who,
            lead=f"{entry.starts:%H:%M}",
            end=entry.theirs,
            open=partial(self._opened, entry),
        )

    def _slot(self, slot: Slot, dated: bool) -> Row:
        return Row(
            f"{slot.start:%H:%M}–{slot.end:%H:%M}",
            lead=format_date(slot.start, "EEE", language()) if dated else "",
            end="+",
            open=partial(self._book, slot.start, slot.adviser, slot.room),
        )


def _short(day: str) -> str:
    return format_date(date.fromisoformat(day), "d MMM", language()) if day else "…"


def entry_menu(parent: QWidget, desk: Desk, entry: Entry, writes: bool) -> QMenu:
    """What can be done with an appointment."""
    menu, person = QMenu(parent), entry.visit.values["person"]
    if person:
        menu.addAction(_("Open the file"), partial(desk.open, "person", person))
    slip = partial(desk.print, "appointment-slip", id=entry.visit.id)
    menu.addAction(_("Print the appointment slip"), slip)
    if writes:
        if person:
            menu.addAction(_("Receive now"), partial(desk.go, "receive", person=person))
        menu.addAction(_("Another time…"), partial(move, parent, desk, entry))
        menu.addAction(_("Cancel the appointment"), partial(change, parent, desk, entry, None))
    return menu


def move(owner: QWidget, desk: Desk, entry: Entry) -> None:
    """Ask for another time, and say what does not suit there."""
    before = show_moment(entry.visit.values["appointment"])
    title = _("Another time for {who}").format(who=entry.who)
    typed = desk.asker.text(title, _("Day and hour"), before)
    if typed is None or typed == before:
        return
    moment = parse_moment(typed)
    if moment is None:
        words = _("A date and time is expected, for example 12/3/2026 17:30.")
        desk.asker.tell(words)
        return
    change(owner, desk, entry, moment)


def change(owner: QWidget, desk: Desk, entry: Entry, moment: str | None) -> None:
    """Set the time of an appointment, None to cancel it; it can be undone."""

    def told(said: tuple[Remark, ...]) -> None:
        words = [_("The appointment was moved."), *(remark.words for remark in said)]
        desk.asker.tell(
            " ".join(words) if moment else _("The appointment was cancelled."),
            _("Undo"),
            lambda: desk.runner.write(history.undo_last, owner=owner),
        )

    desk.runner.write(agenda.set_time, entry.visit.id, moment, then=told, owner=owner)

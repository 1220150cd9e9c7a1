"""Short cards of Receive: a draft to resume, who is being received, what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.models.dates import show_moment
from migdesk.services.drafts import DraftView
from migdesk.services.persons import Candidate, Received
from migdesk.services.records import View
from migdesk.ui.widgets import Card, label

from .pieces import filled, flowing, key_button


class DraftBar(Card):
    """What was being typed when the page was left, the lock came or the power went."""

    def __init__(self, resume: Callable[[], object], discard: Callable[[], object]) -> None:
        super().__init__()
        self.words = label("", wrap=True)
        self.resume_button = key_button(_("Resume"), resume)
        self.discard_button = key_button(_("Discard"), discard)
        self.body.addLayout(filled(self.words, self.resume_button, self.discard_button))
        self.hide()

    def offer(self, draft: DraftView) -> None:
        """Say which draft it is."""
        self.words.setText(
            _("A visit was not finished: {title}, {moment}.").format(
                title=draft.title, moment=show_moment(draft.saved)
            )
        )
        self.show()


class WhoBar(Card):
    """Who is being received, so that nobody writes in another's file."""

    back = Signal()
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        words = QWidget()
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        self.name = label("", "section")
        self.detail = label("", "muted", wrap=True)
        lines.addWidget(self.name)
        lines.addWidget(self.detail)
        self.file_button = key_button(_("Open the file"), self.opened.emit)
        self.back_button = key_button(_("Somebody else"), self.back.emit, _("Esc"))
        self.body.addLayout(filled(words, self.file_button, self.back_button))

    def show_person(self, person: Candidate) -> None:
        """A known person."""
        self.name.setText(person.title)
        known = _("known as {names}").format(names=person.aliases) if person.aliases else ""
        last = (
            _("last visit {visit}").format(visit=person.last_visit) if person.last_visit else ""
        )
        parts = (
            person.code,
            known,
            person.birth,
            person.origin,
            person.residence,
            person.phone,
            last,
        )
        self.detail.setText(" · ".join(filter(None, parts)))
        self.file_button.show()

    def show_ticket(self, again: Candidate | None = None) -> None:
        """Somebody who gives no name; `again` with the number of an earlier visit."""
        self.name.setText(again.title if again else _("Without a name"))
        new = _("The visit gets a ticket number. A name can be added to it later.")
        seen = " · ".join(filter(None, (again.code, again.last_visit))) if again else ""
        self.detail.setText(seen or new)
        self.file_button.hide()


@dataclass(frozen=True)
class Ways:
    """Where one can go from a visit that was recorded."""

    onward: Callable[[], object]
    person: Callable[[], object]
    case: Callable[[], object]
    receipt: Callable[[], object]
    slip: Callable[[], object]


class DoneCard(Card):
    """The visit is recorded: what can be opened and printed, and the next person."""

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self.heading = label("", "section")
        self.detail = label("", "muted", wrap=True)
        self.next_button = key_button(_("Next person"), ways.onward, _("Enter"), "primary")
        self.person_button = key_button(_("Open the file"), ways.person)
        self.case_button = key_button(_("Open the case"), ways.case)
        self.receipt_button = key_button(_("Print the receipt"), ways.receipt)
        self.slip_button = key_button(_("Print the appointment slip"), ways.slip)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.detail)
        self.body.addSpacing(4)
        self.body.addLayout(
            flowing(
                self.next_button,
                self.person_button,
                self.case_button,
                self.receipt_button,
                self.slip_button,
            )
        )

    def tell(self, done: Received, visit: View) -> None:
        """What one reception wrote."""
        who = visit.shown["person"] or _("Ticket {number}").format(number=visit.shown["ticket"])
        self.heading.setText(_("Recorded: {who}").format(who=who))
        parts = [visit.code, visit.shown["request"], visit.shown["next_step"]]
        if visit.values["appointment"]:
            parts.append(_("appointment {when}").format(when=visit.shown["appointment"]))
        self.detail.setText(" · ".join(filter(None, parts)))
        self.person_button.setVisible(bool(done.person))
        self.case_button.setVisible(bool(done.case))
        ticket, receipt = _("Print the ticket"), _("Print the receipt")
        self.receipt_button.setText(receipt if done.person else ticket)
        self.slip_button.setVisible(bool(visit.values["appointment"]))
        self.next_button.setFocus()

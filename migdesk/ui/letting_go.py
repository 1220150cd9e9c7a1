"""What is asked before something about people leaves the office: the consent gate on screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from migdesk.i18n import _
from migdesk.models.declare import HEADS
from migdesk.services import consent_gate
from migdesk.services.consent_gate import Leaving, Override, Verdict
from migdesk.ui.desk import Desk

Note = Callable[[Any], object]
"""Service that writes down that something left, to be called once it is made: what is not made
did not leave."""
Then = Callable[[bool, Note], object]
"""What follows once it may go: whether without names, and what is then written down."""
TAKEN_HOME = "referral"
"""Purpose of papers that a person may carry along: a dossier, a letter to a service."""


class LettingGo:
    """Asks for one thing that leaves. `what`: its code; `record`: what it tells of; `form`
    prints the consent form of a person."""

    def __init__(
        self, desk: Desk, what: str, record: str, form: Callable[[str], object]
    ) -> None:
        self.desk = desk
        self.what = what
        self.record = record
        self.form = form

    def ask(self, found: Sequence[Leaving], then: Then) -> None:
        """Go on where everybody agreed; else offer the ways that there are."""
        refused = [each for each in found if not each.verdict.allowed]
        verdicts = [each.verdict for each in found]
        if not refused:
            self._go(verdicts, None, False, then)
            return
        ways = [("masked", _("Without names")), ("ask", _("Ask for the consent now"))]
        if len(verdicts) == 1 and verdicts[0].purpose == TAKEN_HOME:
            ways.insert(0, ("person", _("The person takes it along")))
        if self._role in (*HEADS, "agent", ""):
            ways.append(("override", _("All the same, with a reason…")))
        text = "\n".join(each.words for each in refused)
        way = self.desk.asker.choose(_("This leaves the office"), text, ways)
        if way == "person":
            self._go(verdicts, None, False, then, to_person=True)
        elif way == "masked":
            self._go(verdicts, None, True, then)
        elif way == "ask":
            self.form(refused[0].verdict.person)
        elif way == "override":
            self._override(verdicts, then)

    @property
    def _role(self) -> str:
        return self.desk.account.role

    def _override(self, verdicts: Sequence[Verdict], then: Then) -> None:
        asker, title = self.desk.asker, _("Without consent")
        recipient = next((v.recipient for v in verdicts if v.recipient), "")
        recipient = recipient or (asker.text(title, _("To whom does it go?")) or "")
        reason = asker.text(title, _("Why can it not wait for the consent?"))
        if reason is None:
            return
        urgent = self._role == "agent" and asker.confirm(
            title, _("Is somebody in danger? Only then may you decide alone."), _("In danger")
        )
        named = [replace(verdict, recipient=recipient) for verdict in verdicts]
        self._go(named, Override(reason, urgent), False, then)

    def _go(
        self,
        verdicts: Sequence[Verdict],
        override: Override | None,
        masked: bool,
        then: Then,
        to_person: bool = False,
    ) -> None:
        note = partial(
            consent_gate.let_go,
            asked=verdicts,
            what=self.what,
            record=self.record,
            override=override,
            masked=masked,
            to_person=to_person,
        )
        then(masked, lambda session: note(session))

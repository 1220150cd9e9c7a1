"""Something done with people's data outside the office, which the consent gate must agree to:
an introduction, a referral."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from migdesk.i18n import _
from migdesk.models.declare import HEADS
from migdesk.services import consent_gate
from migdesk.services.consent_gate import Leaving, Override
from migdesk.ui.desk import Desk


class BehindGate:
    """Does `service(session, id, override)` for records of a kind. Where somebody did not
    agree, the ways that there are: the consent form, or all the same with a reason. `then` is
    called once it is done."""

    def __init__(
        self,
        desk: Desk,
        owner: QWidget,
        kind: str,
        purpose: str,
        service: Callable[..., object],
        then: Callable[[], object] = lambda: None,
    ) -> None:
        self.desk, self.owner = desk, owner
        self.kind, self.purpose = kind, purpose
        self.service, self.then = service, then

    def go(self, id: str) -> None:
        """Ask what the people said, and do it."""
        self.desk.runner.read(
            consent_gate.of_record,
            self.kind,
            id,
            self.purpose,
            then=partial(self._on_asked, id),
            owner=self.owner,
        )

    def _on_asked(self, id: str, found: Sequence[Leaving]) -> None:
        refused = [each for each in found if not each.verdict.allowed]
        if not refused:
            self._do(id, None)
            return
        role = self.desk.account.role
        ways = [("ask", _("Ask for the consent now"))]
        if role in (*HEADS, "agent", ""):
            ways.append(("override", _("All the same, with a reason…")))
        text = "\n".join(each.words for each in refused)
        way = self.desk.asker.choose(_("This leaves the office"), text, ways)
        if way == "ask":
            self.desk.print("consent-form", id=refused[0].verdict.person)
        elif way == "override":
            self._override(id, role)

    def _override(self, id: str, role: str) -> None:
        asker, title = self.desk.asker, _("Without consent")
        reason = asker.text(title, _("Why can it not wait for the consent?"))
        if reason is None:
            return
        urgent = role == "agent" and asker.confirm(
            title, _("Is somebody in danger? Only then may you decide alone."), _("In danger")
        )
        self._do(id, Override(reason, urgent))

    def _do(self, id: str, override: Override | None) -> None:
        self.desk.runner.write(
            self.service, id, override, then=lambda _done: self.then(), owner=self.owner
        )

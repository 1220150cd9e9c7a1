"""Invitations of a campaign: whom to invite, reminders of all in one file."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from migdesk.i18n import _, language, ngettext
from migdesk.services import invitations
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.on_the_way import Next, WayDetail

if TYPE_CHECKING:
    from migdesk.jobs.invitations import Letters
    from migdesk.services.invitations import Campaign


class InvitationDetail(WayDetail):
    """An invitation, and above it where its campaign stands."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "invitation")
        self.campaign = ""

    def read_way(self, view: View) -> None:
        self.campaign = str(view.values["campaign"])
        self.desk.runner.read(
            invitations.campaign, self.campaign, then=self._show, owner=self
        )

    def _show(self, found: Campaign) -> None:
        if found.name != self.campaign:
            return
        words = _("{campaign}: {invited} invited, {registered} answered.").format(
            campaign=found.name, invited=found.invited, registered=found.registered
        )
        n, nexts = len(found.waiting), []
        if n and self.writes:
            text = ngettext("Remind {n} person…", "Remind {n} people…", n).format(n=n)
            nexts.append(Next(text, self.remind, True))
        if self.writes:
            nexts.append(Next(_("Invite all who have told no skill for a year…"), self.invite))
        self.way.show_way(words, nexts)

    def invite(self) -> None:
        """Say how many, and invite them."""
        today = date.today()
        asked = partial(self._on_counted, self.campaign)
        self.desk.runner.read(
            invitations.to_invite, self.campaign, today, then=asked, owner=self
        )

    def _on_counted(self, campaign: str, people: list[str]) -> None:
        from migdesk.jobs.invitations import invite_all

        n, title = len(people), _("Invite to “{campaign}”").format(campaign=campaign)
        if not n:
            self.desk.asker.tell(_("Everybody is invited, or has told their skills lately."))
            return
        words = ngettext("{n} person will be invited.", "{n} people will be invited.", n)
        if self.desk.asker.confirm(title, words.format(n=n), _("Invite")):
            self.desk.runner.job(
                invite_all, campaign, date.today(), then=self._invited, owner=self, title=title
            )

    def _invited(self, n: int) -> None:
        words = ngettext("{n} invitation was noted.", "{n} invitations were noted.", n)
        self.desk.asker.tell(words.format(n=n))

    def remind(self, spoken: str = "") -> None:
        """Make the letters of all who did not answer, and preview them."""
        from migdesk.jobs.invitations import remind

        spoken = spoken or language()
        title = _("Reminders of “{campaign}”").format(campaign=self.campaign)
        self.desk.runner.job(
            remind,
            self.campaign,
            date.today(),
            spoken,
            then=partial(self._preview, title, spoken),
            owner=self,
            title=title,
        )

    def _preview(self, title: str, spoken: str, made: Letters) -> None:
        from migdesk.ui.preview import Preview

        name = "reminder-letters"
        self.preview = Preview(self.desk.asker, title, name, made.data, spoken, self.window())
        self.preview.language_wanted.connect(self.remind)
        self.preview.show()

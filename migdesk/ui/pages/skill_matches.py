"""People for needs, and needs for people; a need sent to all whom it fits."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from migdesk.i18n import N_, _, language, ngettext
from migdesk.jobs.matches import match_needs
from migdesk.services import introductions, match_rows, matches
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import button
from migdesk.ui.rights import may_write

from .matches import Direction, MatchesPage

if TYPE_CHECKING:
    from migdesk.jobs.proposals import Proposals


PEOPLE = Direction(
    words=N_("People for a need"),
    subject="need",
    offer="person",
    by=("introduction", "need"),
    prompt=N_("Need or vacancy for which people are looked for"),
    read=match_rows.people,
    why=match_rows.why_person,
    action=N_("Propose an introduction"),
    begun=N_("Introduction proposed"),
    again=N_("Open the introduction"),
    begin=match_rows.propose_person,
    leads="introduction",
    sheet="match-proposal",
    job=match_needs,
    every=N_("All needs"),
)
NEEDS = Direction(
    words=N_("Needs for a person"),
    subject="person",
    offer="need",
    by=("introduction", "person"),
    prompt=N_("Person for whom a need or a vacancy is looked for"),
    read=match_rows.needs,
    why=matches.needs_why,
    action=N_("Propose an introduction"),
    begun=N_("Introduction proposed"),
    again=N_("Open the introduction"),
    begin=introductions.propose,
    leads="introduction",
    sheet="fitting-needs",
)


class SkillMatchesPage(MatchesPage):
    """People for needs, and needs for people."""

    def __init__(self, desk: Desk) -> None:
        self.all_button: QWidget | None = None
        super().__init__(desk, (PEOPLE, NEEDS))
        self.all_button = button(_("Propose to all who fit…"), self.propose_all)
        self.beside.addWidget(self.all_button)
        self.shown()

    def _fitting(self) -> tuple[str, ...]:
        """People who fit and were not asked yet."""
        fit = (m for m in self.found if not m.begun and not m.fit.unmet and not m.fit.unknown)
        return tuple(match.id for match in fit)

    def shown(self) -> None:
        if self.all_button is not None:
            writes = may_write(self.desk, "introduction")
            people = self.way is PEOPLE and bool(self._fitting())
            self.all_button.setVisible(writes and people)

    def propose_all(self) -> None:
        """Propose everybody who fits, and make a letter to each."""
        from migdesk.jobs.proposals import propose_all

        people, title = self._fitting(), _("Propose to all who fit")
        words = ngettext(
            "{n} person is proposed and gets a letter. Nobody is named to the other side.",
            "{n} people are proposed and get a letter each. Nobody is named to the other side.",
            len(people),
        )
        asked = words.format(n=len(people))
        if people and self.desk.asker.confirm(title, asked, _("Propose")):
            self.desk.runner.job(
                propose_all,
                self.subject,
                people,
                date.today(),
                then=partial(self._preview, title),
                owner=self,
                title=title,
            )

    def _preview(self, title: str, made: Proposals) -> None:
        from migdesk.ui.preview import Preview

        name, spoken = "proposal-letters", language()
        asker = self.desk.asker
        self.preview = Preview(asker, title, name, made.data, spoken, self.window())
        self.preview.languages.hide()  # they were made once, and noted
        self.preview.show()
        self.load()

"""Skills and jobs: needs, introductions, placements, missions, training."""

from __future__ import annotations

from typing import Any, ClassVar

from migdesk.i18n import N_, _
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.recordview.parts import button

from .kinds import KindsPage
from .skill_matches import SkillMatchesPage
from .skills_campaign import InvitationDetail
from .ways import IntroductionDetail


class NeedDetail(RecordDetail):
    """A need, and the way to the people who fit it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "need")
        self.people_button = button(_("Find people"), self.find_people)
        self.buttons.insertWidget(0, self.people_button)
        self.people_button.hide()
        self.titled.connect(lambda _view: self.people_button.show())

    def show_new(self, values: dict[str, Any] | None = None) -> None:
        self.people_button.hide()
        super().show_new(values)

    def find_people(self) -> None:
        """Look for people who fit."""
        self.desk.go("skills", tab="matches", subject="need", id=self.id)


class SkillsPage(KindsPage):
    """Skills and jobs: needs, introductions, placements, missions, training."""

    name: ClassVar[str] = "skills"
    title = N_("Skills and jobs")
    own: ClassVar = {"matches": (N_("Matches"), SkillMatchesPage)}
    details: ClassVar = {
        "need": NeedDetail,
        "introduction": IntroductionDetail,
        "invitation": InvitationDetail,
    }
    kinds: ClassVar = {
        "need": (
            N_("What hospitals, communes and employers look for."),
            N_("Add a need or a vacancy with its conditions."),
        ),
        "introduction": (
            N_("Two sides put in touch once both said yes."),
            N_("Propose one from a match, or here."),
        ),
        "placement": (
            N_("Candidates on their way to a job, and after."),
            N_("Add a candidate to a vacancy."),
        ),
        "mission": (
            N_("Short missions and help from afar by migrant experts."),
            N_("Plan a mission with its host."),
        ),
        "certificate": (
            N_("Skills that are certified, or on the way there."),
            N_("Note what is to be certified."),
        ),
        "invitation": (
            N_("Who was asked to register skills."),
            N_("Invite a person, and note the answer."),
        ),
        "collaboration": (
            N_("Institutions and peers who work together at both ends."),
            N_("Add two institutions and their subject."),
        ),
        "student": (
            N_("Students abroad, their needs and what they can bring home."),
            N_("Add a student."),
        ),
        "award": (
            N_("Employers who are thanked for hiring migrants."),
            N_("Add an award."),
        ),
    }
    documents: ClassVar = (
        "overlap-table",
        "student-list",
    )

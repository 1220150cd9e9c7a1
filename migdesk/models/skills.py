"""Skills and needs, missions, vacancies and placements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_, _

from .declare import Record, field
from .kinds import (
    Boolean,
    Choice,
    Choices,
    Country,
    Date,
    Kind,
    Link,
    LongText,
    Money,
    Number,
    Place,
)


class Skill(Record):
    """One skill of a person, with who may know of it: that is theirs to choose (R032)."""

    __tablename__ = "skill"
    __kind__ = "skill"
    __label__ = N_("Skill")
    __plural__ = N_("Skills")
    __order__ = "id"

    person: Mapped[str | None] = field(Link(to="person", own=True), N_("Person"), hidden=True)
    occupation: Mapped[str | None] = field(
        Choice(codes="isco08"), N_("Occupation (ISCO-08)"), column=1, required=True, index=True
    )
    what: Mapped[str | None] = field(Kind(), N_("In plain words"), column=2, wide=True)
    level: Mapped[str | None] = field(Choice(codes="skill_levels"), N_("Level"), column=3)
    years: Mapped[int | None] = field(
        Number(low=0, high=70), N_("Years of experience"), column=4
    )
    learned: Mapped[str | None] = field(Choice(codes="skill_origins"), N_("Learned"))
    country: Mapped[str | None] = field(Country(), N_("Country"), column=5)
    proof: Mapped[str | None] = field(Kind(), N_("Diploma or proof"))
    offers: Mapped[list[str] | None] = field(
        Choices(codes="skill_offers"), N_("Ready for"), column=6
    )
    disclosure: Mapped[str | None] = field(
        Choice(codes="skill_disclosure"), N_("Who may know"), column=7, default="masked"
    )
    updated: Mapped[str | None] = field(Date(), N_("Said on"), begins="today")

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The plain words, else the occupation."""
        return str(
            values.get("what") or Choice(codes="isco08").show(values.get("occupation")) or ""
        )


class Certificate(Record):
    """A skill that is certified, or is on the way there (R044)."""

    __tablename__ = "certificate"
    __kind__ = "certificate"
    __label__ = N_("Certification")
    __plural__ = N_("Certifications")

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    skill: Mapped[str | None] = field(Link(to="skill"), N_("Skill"), column=2)
    what: Mapped[str | None] = field(Kind(), N_("What is certified"), column=3, required=True)
    route: Mapped[str | None] = field(
        Choice(codes="recognition_services"), N_("Route"), column=4
    )
    certifier: Mapped[str | None] = field(Link(to="organisation"), N_("Certifier"), column=5)
    evidence: Mapped[str | None] = field(LongText(), N_("Evidence"), wide=True)
    asked: Mapped[str | None] = field(Date(), N_("Asked on"))
    answer: Mapped[str | None] = field(
        Choice(codes="certificate_answers"), N_("Answer"), column=6, default="waiting"
    )
    date: Mapped[str | None] = field(Date(), N_("Certified on"), column=7)
    scan: Mapped[str | None] = field(Link(to="attachment"), N_("Scan"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What is certified."""
        return str(values.get("what") or "")


class Need(Record):
    """What a place, a hospital, an employer needs: a skill, a job to fill, a mission.

    One record for needs of a group (R034), vacancies (R040) and missions (R036): the type
    says which, and its conditions are lines of `need_condition`.
    """

    __tablename__ = "need"
    __kind__ = "need"
    __label__ = N_("Need or vacancy")
    __plural__ = N_("Needs and vacancies")
    __prefix__ = "N"
    __main__ = True
    __sections__: ClassVar = {"job": N_("Work offered"), "proof": N_("Evidence")}

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    name: Mapped[str | None] = field(
        Kind(), N_("Title"), column=1, weight=6, required=True, wide=True
    )
    type: Mapped[str | None] = field(
        Choice(codes="need_types"), N_("Type"), column=2, index=True, default="skill"
    )
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Who needs it"), column=3, index=True
    )
    occupation: Mapped[str | None] = field(
        Choice(codes="isco08"), N_("Occupation (ISCO-08)"), column=4, index=True
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), column=5)
    remote: Mapped[bool | None] = field(Boolean(), N_("Can be done from afar"))
    groups: Mapped[list[str] | None] = field(
        Choices(codes="needs_analysis_target_groups"), N_("Group that needs it")
    )
    kind_of: Mapped[str | None] = field(Choice(codes="need_kinds"), N_("Kind of need"))
    priority: Mapped[str | None] = field(Choice(codes="priorities"), N_("Priority"))
    description: Mapped[str | None] = field(
        LongText(), N_("Description"), wide=True, weight=1
    )
    posts: Mapped[int | None] = field(
        Number(low=1, high=10_000), N_("Number of posts"), section="job", default=1
    )
    contract: Mapped[str | None] = field(
        Choice(codes="contract_types"), N_("Contract"), section="job"
    )
    season: Mapped[str | None] = field(Kind(), N_("Season"), section="job")
    pay: Mapped[str | None] = field(Money(), N_("Pay a month"), section="job")
    starts: Mapped[str | None] = field(Date(), N_("From"), section="job")
    ends: Mapped[str | None] = field(Date(), N_("Until"), section="job")
    deadline: Mapped[str | None] = field(
        Date(), N_("Applications until"), section="job", column=6, index=True
    )
    sent: Mapped[str | None] = field(Date(), N_("Sent to profiles on"), section="job")
    status: Mapped[str | None] = field(
        Choice(codes="need_status"), N_("State"), column=7, index=True, default="open"
    )
    evidence: Mapped[str | None] = field(
        LongText(), N_("How it is known"), section="proof", wide=True
    )


class Introduction(Record):
    """Two sides put in touch: neither is named to the other before both said yes (R005,
    R035)."""

    __tablename__ = "introduction"
    __kind__ = "introduction"
    __label__ = N_("Introduction")
    __plural__ = N_("Introductions")
    __sections__: ClassVar = {"answers": N_("Answers"), "after": N_("What came of it")}

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    need: Mapped[str | None] = field(Link(to="need"), N_("Need"), column=2, index=True)
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Organisation"), column=3, index=True
    )
    other: Mapped[str | None] = field(Link(to="person"), N_("Other person"), index=True)
    reason: Mapped[str | None] = field(LongText(), N_("Reason"), wide=True)
    proposed: Mapped[str | None] = field(Date(), N_("Proposed on"), column=4, begins="today")
    person_answer: Mapped[str | None] = field(
        Choice(codes="opt_in_answers"),
        N_("Answer of the person"),
        section="answers",
        column=5,
        default="not_asked",
    )
    person_answered: Mapped[str | None] = field(
        Date(), N_("Person answered on"), section="answers"
    )
    other_answer: Mapped[str | None] = field(
        Choice(codes="opt_in_answers"),
        N_("Answer of the other side"),
        section="answers",
        column=6,
        default="not_asked",
    )
    other_answered: Mapped[str | None] = field(
        Date(), N_("Other side answered on"), section="answers"
    )
    introduced: Mapped[str | None] = field(
        Date(), N_("Introduced on"), section="answers", column=7, readonly=True
    )
    result: Mapped[str | None] = field(
        Choice(codes="introduction_results"), N_("Result"), section="after", index=True
    )
    note: Mapped[str | None] = field(LongText(), N_("Note"), section="after", wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """When it was proposed; both sides are links."""
        day = Date().show(values.get("proposed"))
        return _("Proposed on {day}").format(day=day) if day else str(Introduction.__label__)


class Placement(Record):
    """A candidate's way from application to hiring, and after (R042)."""

    __tablename__ = "placement"
    __kind__ = "placement"
    __label__ = N_("Placement")
    __plural__ = N_("Placements")

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Candidate"), column=1, index=True, required=True
    )
    need: Mapped[str | None] = field(Link(to="need"), N_("Vacancy"), column=2, index=True)
    employer: Mapped[str | None] = field(
        Link(to="organisation"), N_("Employer"), column=3, index=True
    )
    status: Mapped[str | None] = field(
        Choice(codes="placement_status"), N_("State"), column=4, index=True, default="applied"
    )
    applied: Mapped[str | None] = field(Date(), N_("Applied on"), column=5)
    contract: Mapped[str | None] = field(Choice(codes="contract_types"), N_("Contract"))
    season: Mapped[str | None] = field(Kind(), N_("Season"))
    starts: Mapped[str | None] = field(Date(), N_("Hired from"), column=6)
    ends: Mapped[str | None] = field(Date(), N_("Until"))
    follow: Mapped[str | None] = field(Date(), N_("Next follow-up"), column=7, index=True)
    adviser: Mapped[str | None] = field(Link(to="account"), N_("Adviser"), begins="me")
    note: Mapped[str | None] = field(LongText(), N_("Follow-up"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The state; candidate and vacancy are links."""
        return Choice(codes="placement_status").show(values.get("status"))


class Mission(Record):
    """A short mission, or help from afar, of a migrant expert (R036)."""

    __tablename__ = "mission"
    __kind__ = "mission"
    __label__ = N_("Mission of an expert")
    __plural__ = N_("Missions of experts")
    __prefix__ = "M"
    __sections__: ClassVar = {"report": N_("Report")}

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    expert: Mapped[str | None] = field(
        Link(to="person"), N_("Expert"), column=1, index=True, required=True
    )
    need: Mapped[str | None] = field(Link(to="need"), N_("Need"), index=True)
    host: Mapped[str | None] = field(Link(to="organisation"), N_("Host"), column=2, index=True)
    type: Mapped[str | None] = field(
        Choice(codes="mission_types"), N_("Type"), column=3, default="expert_mission"
    )
    task: Mapped[str | None] = field(LongText(), N_("Task"), wide=True, required=True)
    place: Mapped[str | None] = field(Place(), N_("Place"))
    remote: Mapped[bool | None] = field(Boolean(), N_("From afar"))
    starts: Mapped[str | None] = field(Date(), N_("From"), column=4, index=True)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=5)
    hours: Mapped[float | None] = field(Number(decimals=1, low=0, high=10_000), N_("Hours"))
    cost: Mapped[str | None] = field(Money(), N_("Cost"), column=6)
    payer: Mapped[str | None] = field(Kind(), N_("Who pays"))
    result: Mapped[str | None] = field(LongText(), N_("Result"), section="report", wide=True)
    advice: Mapped[str | None] = field(
        LongText(), N_("What should follow"), section="report", wide=True
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Code and task."""
        return " ".join(filter(None, (values.get("code"), values.get("task"))))


class Collaboration(Record):
    """Work together of institutions at both ends (R037), or a pair of partners who support
    each other (R133)."""

    __tablename__ = "collaboration"
    __kind__ = "collaboration"
    __label__ = N_("Collaboration")
    __plural__ = N_("Collaborations")

    name: Mapped[str | None] = field(
        Kind(), N_("Subject"), column=1, weight=4, required=True, wide=True
    )
    type: Mapped[str | None] = field(
        Choice(codes="collaboration_types"), N_("Type"), column=2, default="institutions"
    )
    here: Mapped[str | None] = field(
        Link(to="organisation"), N_("Institution here"), column=3, index=True
    )
    there: Mapped[str | None] = field(
        Link(to="organisation"), N_("Institution abroad"), column=4, index=True
    )
    persons: Mapped[str | None] = field(LongText(), N_("Persons"), wide=True)
    proposals: Mapped[str | None] = field(LongText(), N_("Joint proposals"), wide=True)
    visits: Mapped[str | None] = field(LongText(), N_("Visits and support agreed"), wide=True)
    starts: Mapped[str | None] = field(Date(), N_("From"), column=5)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=6)


class Student(Record):
    """A student abroad, with needs and potential (R038)."""

    __tablename__ = "student"
    __kind__ = "student"
    __label__ = N_("Student abroad")
    __plural__ = N_("Students abroad")

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    university: Mapped[str | None] = field(
        Link(to="organisation"), N_("University"), column=2, index=True
    )
    course: Mapped[str | None] = field(Kind(), N_("Course"), column=3)
    country: Mapped[str | None] = field(Country(), N_("Country"), column=4)
    ends: Mapped[str | None] = field(Date(), N_("Ends in"), column=5)
    need: Mapped[str | None] = field(LongText(), N_("What is needed"), wide=True)
    offer: Mapped[str | None] = field(LongText(), N_("What can be brought home"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The course."""
        return str(values.get("course") or "")


class Invitation(Record):
    """Somebody asked to register skills, or to bring them up to date (R033)."""

    __tablename__ = "invitation"
    __kind__ = "invitation"
    __label__ = N_("Invitation to register")
    __plural__ = N_("Invitations to register")

    campaign: Mapped[str | None] = field(
        Kind(), N_("Campaign"), column=1, required=True, index=True
    )
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=2, index=True, required=True
    )
    channel: Mapped[str | None] = field(
        Choice(codes="visit_channels"), N_("Channel"), column=3
    )
    invited: Mapped[str | None] = field(Date(), N_("Invited on"), column=4)
    reminded: Mapped[str | None] = field(Date(), N_("Reminded on"), column=5)
    registered: Mapped[str | None] = field(Date(), N_("Registered on"), column=6)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The campaign; the person is a link."""
        return str(values.get("campaign") or "")


class Award(Record):
    """Thanks to an employer who hires migrants (R046)."""

    __tablename__ = "award"
    __kind__ = "award"
    __label__ = N_("Award")
    __plural__ = N_("Awards")

    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Employer"), column=1, index=True, required=True
    )
    year: Mapped[int | None] = field(
        Number(low=1990, high=2200, grouped=False), N_("Year"), column=2
    )
    hires: Mapped[int | None] = field(
        Number(low=0, high=100_000), N_("Migrants hired"), column=3
    )
    reason: Mapped[str | None] = field(LongText(), N_("Reason"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The year; the employer is a link."""
        return str(values.get("year") or "")

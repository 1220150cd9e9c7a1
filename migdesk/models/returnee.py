"""People who return: arrival, first help, plan, rights earned abroad, chosen return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Boolean, Choice, Choices, Country, Date, Kind, Link, LongText, Money, Number


class Arrival(Record):
    """An arrival at an entry point, of one person or of a group (R064)."""

    __tablename__ = "arrival"
    __kind__ = "arrival"
    __label__ = N_("Arrival")
    __plural__ = N_("Arrivals")
    __main__ = True

    day: Mapped[str | None] = field(
        Date(), N_("Day"), column=1, required=True, index=True, begins="today"
    )
    point: Mapped[str | None] = field(Kind(), N_("Entry point"), column=2)
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), column=3, index=True)
    type: Mapped[str | None] = field(
        Choice(codes="returnee_types"), N_("Type of return"), column=4
    )
    country: Mapped[str | None] = field(Country(), N_("Comes from"), column=5)
    nationality: Mapped[str | None] = field(Country(), N_("Nationality"))
    group: Mapped[str | None] = field(Kind(), N_("Group or flight"), column=6)
    number: Mapped[int | None] = field(
        Number(low=1, high=10_000), N_("Number of people"), column=7, default=1
    )
    women: Mapped[int | None] = field(Number(low=0, high=10_000), N_("Women"))
    children: Mapped[int | None] = field(Number(low=0, high=10_000), N_("Under 18"))
    needs: Mapped[list[str] | None] = field(
        Choices(codes="returnee_immediate_support"), N_("Needs at once"), column=8
    )
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True, secret="personal")

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and group; the person is a link."""
        arrived = str(N_("Arrival of {day}")(day=Date().show(values.get("day"))))
        return " · ".join(filter(None, (arrived, values.get("group"))))


class Relief(Record):
    """Help given at once (R065)."""

    __tablename__ = "relief"
    __kind__ = "relief"
    __label__ = N_("Immediate help")
    __plural__ = N_("Immediate help")
    __prefix__ = "I"

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=2, readonly=True, index=True)
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    arrival: Mapped[str | None] = field(Link(to="arrival"), N_("Arrival"), index=True)
    day: Mapped[str | None] = field(Date(), N_("Day"), column=2, begins="today")
    what: Mapped[str | None] = field(
        Choice(codes="returnee_immediate_support"), N_("What"), column=3, required=True
    )
    detail: Mapped[str | None] = field(Kind(), N_("In detail"), column=4)
    quantity: Mapped[float | None] = field(
        Number(decimals=2, low=0), N_("Quantity"), column=5, default=1.0
    )
    value: Mapped[str | None] = field(Money(), N_("Value"), column=6)
    giver: Mapped[str | None] = field(Link(to="organisation"), N_("Given by"), column=7)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What was given."""
        return Choice(codes="returnee_immediate_support").show(values.get("what"))


class CareNote(Record):
    """Psychological first help, known only to who may know of it (R066)."""

    __tablename__ = "care_note"
    __kind__ = "care_note"
    __label__ = N_("Care note")
    __plural__ = N_("Care notes")
    __compartment__ = "health"

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    day: Mapped[str | None] = field(Date(), N_("Day"), column=2, begins="today")
    signs: Mapped[str | None] = field(
        LongText(), N_("What was seen and said"), wide=True, required=True
    )
    given: Mapped[str | None] = field(LongText(), N_("First help given"), wide=True)
    refer: Mapped[bool | None] = field(Boolean(), N_("To be referred to care"), column=3)
    referral: Mapped[str | None] = field(Link(to="referral"), N_("Referral"), column=4)
    follow: Mapped[str | None] = field(Date(), N_("See again on"), column=5, index=True)
    by: Mapped[str | None] = field(Link(to="account"), N_("By"), begins="me")

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What it is, and the day; whom it is about is a link."""
        return str(N_("Talk of {day}")(day=Date().show(values.get("day"))))


class StaffCare(Record):
    """A talk in which those who help are looked after themselves (R066)."""

    __tablename__ = "staff_care"
    __kind__ = "staff_care"
    __label__ = N_("Session for the staff")
    __plural__ = N_("Sessions for the staff")

    day: Mapped[str | None] = field(Date(), N_("Day"), column=1, required=True)
    leader: Mapped[str | None] = field(Kind(), N_("Led by"), column=2)
    present: Mapped[int | None] = field(Number(low=0, high=1_000), N_("Present"), column=3)
    themes: Mapped[str | None] = field(
        Kind(), N_("Themes, without names"), column=4, wide=True
    )
    next: Mapped[str | None] = field(Date(), N_("Next session"), column=5, index=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What it is, and the day; whom it is about is a link."""
        return str(N_("Session of {day}")(day=Date().show(values.get("day"))))


class Claim(Record):
    """Rights earned abroad that are claimed from here: a pension above all (R068)."""

    __tablename__ = "claim"
    __kind__ = "claim"
    __label__ = N_("Claim of rights earned abroad")
    __plural__ = N_("Claims of rights earned abroad")
    __prefix__ = "K"
    __main__ = True
    __sections__: ClassVar = {"answer": N_("Answer")}

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), index=True)
    country: Mapped[str | None] = field(Country(), N_("Country"), column=2, required=True)
    right: Mapped[str | None] = field(
        Choice(codes="claim_rights"), N_("Right"), column=3, default="old_age_pension"
    )
    scheme: Mapped[str | None] = field(Kind(), N_("Scheme or fund"), column=4)
    number: Mapped[str | None] = field(
        Kind(), N_("Insurance number"), secret="restricted"
    )
    organisation: Mapped[str | None] = field(Link(to="organisation"), N_("Institution"))
    status: Mapped[str | None] = field(
        Choice(codes="claim_status"), N_("State"), column=5, index=True, default="gathering"
    )
    lodged: Mapped[str | None] = field(Date(), N_("Lodged on"), column=6)
    answer_by: Mapped[str | None] = field(
        Date(), N_("Answer expected by"), column=7, index=True
    )
    answered: Mapped[str | None] = field(Date(), N_("Answered on"), section="answer")
    amount: Mapped[str | None] = field(Money(), N_("Amount a month"), section="answer")
    since: Mapped[str | None] = field(Date(), N_("Paid from"), section="answer")
    answer: Mapped[str | None] = field(
        LongText(), N_("Answer in words"), section="answer", wide=True
    )
    appeal_by: Mapped[str | None] = field(
        Date(), N_("Appeal before"), section="answer", index=True
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Right and country."""
        right = Choice(codes="claim_rights").show(values.get("right"))
        return " · ".join(filter(None, (right, Country().show(values.get("country")))))


class ClaimPeriod(Record):
    """A time of work or insurance abroad."""

    __tablename__ = "claim_period"
    __kind__ = "claim_period"
    __label__ = N_("Period of insurance")
    __plural__ = N_("Periods of insurance")
    __order__ = "starts"

    claim: Mapped[str | None] = field(Link(to="claim", own=True), N_("Claim"), hidden=True)
    starts: Mapped[str | None] = field(
        Date(), N_("From"), column=1, required=True, index=True
    )
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=2)
    country: Mapped[str | None] = field(Country(), N_("Country"), column=3)
    employer: Mapped[str | None] = field(Kind(), N_("Employer"), column=4)
    work: Mapped[str | None] = field(Kind(), N_("Work"), column=5)
    proof: Mapped[str | None] = field(Kind(), N_("Proof held"), column=6)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Employer, else the first day."""
        return str(values.get("employer") or Date().show(values.get("starts")))


class ReturnPlan(Record):
    """A return prepared: chosen and before travel (R069), or reintegration after it (R067)."""

    __tablename__ = "return_plan"
    __kind__ = "return_plan"
    __label__ = N_("Return plan")
    __plural__ = N_("Return plans")
    __main__ = True
    __sections__: ClassVar = {"family": N_("Family"), "work": N_("Work and skills")}

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), index=True)
    type: Mapped[str | None] = field(
        Choice(codes="return_plan_types"), N_("Type"), column=2, default="reintegration"
    )
    aim: Mapped[str | None] = field(LongText(), N_("Aim"), wide=True, column=3)
    support: Mapped[list[str] | None] = field(
        Choices(codes="returnee_longer_support"), N_("Support needed")
    )
    starts: Mapped[str | None] = field(Date(), N_("From"), column=4)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=5)
    adviser: Mapped[str | None] = field(
        Link(to="account"), N_("Responsible"), column=6, begins="me"
    )
    travel: Mapped[str | None] = field(Date(), N_("Travel planned on"))
    family: Mapped[str | None] = field(
        Choice(codes="family_agreement"), N_("Agreement of the family"), section="family"
    )
    relative: Mapped[str | None] = field(
        Kind(), N_("Relative who receives"), section="family", secret="personal"
    )
    lodging: Mapped[str | None] = field(Kind(), N_("Where to live"), section="family")
    school: Mapped[str | None] = field(
        Kind(), N_("Schools and papers of the children"), section="family", wide=True
    )
    work: Mapped[str | None] = field(
        LongText(), N_("Work or business planned"), section="work", wide=True
    )
    skills: Mapped[str | None] = field(
        LongText(), N_("Skills brought home"), section="work", wide=True
    )
    savings: Mapped[str | None] = field(Money(), N_("Money brought home"), section="work")
    review: Mapped[str | None] = field(Date(), N_("Next review"), index=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Type and aim."""
        kind = Choice(codes="return_plan_types").show(values.get("type"))
        return " · ".join(filter(None, (kind, values.get("aim"))))


class ReturnStep(Record):
    """A step of a return plan."""

    __tablename__ = "return_step"
    __kind__ = "return_step"
    __label__ = N_("Step of the return")
    __plural__ = N_("Steps of the return")
    __order__ = "due"

    plan: Mapped[str | None] = field(
        Link(to="return_plan", own=True), N_("Return plan"), hidden=True
    )
    support: Mapped[str | None] = field(
        Choice(codes="returnee_longer_support"), N_("Support"), column=1
    )
    what: Mapped[str | None] = field(Kind(), N_("What"), column=2, required=True, wide=True)
    who: Mapped[str | None] = field(Kind(), N_("Who"), column=3)
    due: Mapped[str | None] = field(Date(), N_("Due on"), column=4, index=True)
    status: Mapped[str | None] = field(
        Choice(codes="step_status"), N_("Status"), column=5, default="to_do"
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What is to be done."""
        return str(values.get("what") or "")

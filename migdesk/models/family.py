"""Families of migrants at home: care of children, schools, programmes, safety, contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import (
    Boolean,
    Choice,
    Choices,
    Date,
    FuzzyDate,
    Kind,
    Link,
    LongText,
    Number,
    Phone,
    Place,
)


class CareAgreement(Record):
    """Who cares for a child while the parents are away, agreed before they leave (R071)."""

    __tablename__ = "care_agreement"
    __kind__ = "care_agreement"
    __label__ = N_("Care agreement")
    __plural__ = N_("Care agreements")
    __sections__: ClassVar = {"carer": N_("Who cares"), "contact": N_("Keeping in touch")}

    household: Mapped[str | None] = field(
        Link(to="household"), N_("Household"), column=1, index=True
    )
    parent: Mapped[str | None] = field(
        Link(to="person"), N_("Parent who leaves"), column=2, index=True, required=True
    )
    child: Mapped[str | None] = field(
        Kind(), N_("Child"), column=3, required=True, secret="personal"
    )
    birth: Mapped[str | None] = field(FuzzyDate(), N_("Child born"), secret="personal")
    departure: Mapped[str | None] = field(Date(), N_("Departure on"), column=4)
    carer: Mapped[str | None] = field(
        Kind(), N_("Carer"), section="carer", column=5, required=True, secret="personal"
    )
    carer_person: Mapped[str | None] = field(
        Link(to="person"), N_("File of the carer"), section="carer", index=True
    )
    relation: Mapped[str | None] = field(
        Choice(codes="relation_to_head"), N_("Relation to the child"), section="carer"
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), section="carer", column=6)
    phone: Mapped[str | None] = field(
        Phone(), N_("Telephone"), section="carer", secret="personal"
    )
    school: Mapped[str | None] = field(
        Link(to="organisation"), N_("School"), section="carer", index=True
    )
    money: Mapped[str | None] = field(Kind(), N_("Money sent, when and how"), section="contact")
    calls: Mapped[str | None] = field(
        Kind(), N_("When and how they talk"), section="contact", wide=True
    )
    emergency: Mapped[str | None] = field(
        Kind(), N_("Whom to call in danger"), section="contact", wide=True
    )
    agreed: Mapped[str | None] = field(Date(), N_("Agreed on"), column=7)
    ends: Mapped[str | None] = field(Date(), N_("Until"))
    review: Mapped[str | None] = field(Date(), N_("Next visit"), index=True)
    note: Mapped[str | None] = field(LongText(), N_("Other points agreed"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Child and carer."""
        return " · ".join(filter(None, (values.get("child"), values.get("carer"))))


class HomeVisit(Record):
    """What a trained volunteer found in a household of which somebody is away (R070)."""

    __tablename__ = "home_visit"
    __kind__ = "home_visit"
    __label__ = N_("Home visit")
    __plural__ = N_("Home visits")
    __order__ = "day"

    household: Mapped[str | None] = field(
        Link(to="household", own=True), N_("Household"), hidden=True
    )
    day: Mapped[str | None] = field(
        Date(), N_("Day"), column=1, required=True, index=True, begins="today"
    )
    volunteer: Mapped[str | None] = field(Kind(), N_("Volunteer"), column=2)
    children: Mapped[int | None] = field(
        Number(low=0, high=100), N_("Children"), column=3
    )
    elderly: Mapped[int | None] = field(
        Number(low=0, high=100), N_("Elderly people"), column=4
    )
    carers: Mapped[str | None] = field(
        Kind(), N_("Who cares for them"), column=5, secret="personal"
    )
    risks: Mapped[list[str] | None] = field(
        Choices(codes="household_risks"), N_("Risks"), column=6
    )
    support: Mapped[list[str] | None] = field(
        Choices(codes="family_support_services"), N_("Help proposed"), column=7
    )
    next_visit: Mapped[str | None] = field(Date(), N_("Next visit"), column=8)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True, secret="personal")

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and volunteer."""
        return " ".join(filter(None, (Date().show(values.get("day")), values.get("volunteer"))))


class SchoolAction(Record):
    """What is done with a school, through its named contact (R073)."""

    __tablename__ = "school_action"
    __kind__ = "school_action"
    __label__ = N_("Action with a school")
    __plural__ = N_("Actions with schools")
    __order__ = "-day"

    school: Mapped[str | None] = field(
        Link(to="organisation"), N_("School"), column=1, index=True, required=True
    )
    contact: Mapped[str | None] = field(Kind(), N_("Contact at the school"), column=2)
    day: Mapped[str | None] = field(Date(), N_("Day"), column=3, index=True, begins="today")
    what: Mapped[str | None] = field(
        Kind(), N_("What"), column=4, required=True, wide=True
    )
    children: Mapped[int | None] = field(
        Number(low=0, high=10_000), N_("Children concerned"), column=5
    )
    next_step: Mapped[str | None] = field(Kind(), N_("Next step"), column=6)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What was done; the school is a link."""
        return str(values.get("what") or "")


class Registration(Record):
    """A household or person registered for a social programme, perhaps at a fair (R074)."""

    __tablename__ = "registration"
    __kind__ = "registration"
    __label__ = N_("Registration for a programme")
    __plural__ = N_("Registrations for programmes")

    programme: Mapped[str | None] = field(
        Link(to="programme"), N_("Programme"), column=1, index=True, required=True
    )
    household: Mapped[str | None] = field(
        Link(to="household"), N_("Household"), column=2, index=True
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), column=3, index=True)
    fair: Mapped[str | None] = field(Kind(), N_("Fair or place of registration"), column=4)
    day: Mapped[str | None] = field(Date(), N_("Day"), column=5, begins="today")
    eligible: Mapped[str | None] = field(
        Choice(codes="eligibility"), N_("Eligible"), column=6, default="unknown"
    )
    result: Mapped[str | None] = field(
        Choice(codes="registration_results"), N_("Result"), column=7, default="waiting"
    )
    served: Mapped[int | None] = field(
        Number(low=0, high=1_000), N_("People served"), default=1
    )
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and fair; programme and household are links."""
        return " · ".join(filter(None, (Date().show(values.get("day")), values.get("fair"))))


class SafetyReport(Record):
    """A sign of maltreatment, known only to who may know of it (R075)."""

    __tablename__ = "safety_report"
    __kind__ = "safety_report"
    __label__ = N_("Safety report")
    __plural__ = N_("Safety reports")
    __compartment__ = "protection"

    day: Mapped[str | None] = field(Date(), N_("Day"), column=1, required=True, begins="today")
    household: Mapped[str | None] = field(
        Link(to="household"), N_("Household"), column=2, index=True
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), column=3, index=True)
    child: Mapped[str | None] = field(Kind(), N_("Child or person in danger"), column=4)
    signal: Mapped[str | None] = field(
        LongText(), N_("What was seen or said"), wide=True, required=True
    )
    danger: Mapped[bool | None] = field(Boolean(), N_("In danger now"), column=5)
    told_by: Mapped[str | None] = field(Kind(), N_("Who told it"))
    done: Mapped[str | None] = field(LongText(), N_("What was done"), wide=True)
    referral: Mapped[str | None] = field(Link(to="referral"), N_("Referral"), column=6)
    follow: Mapped[str | None] = field(Date(), N_("Look again on"), column=7, index=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What it is, and the day; whom it is about is a link."""
        return str(N_("Report of {day}")(day=Date().show(values.get("day"))))


class ContactPlan(Record):
    """How parents abroad and children at home stay in touch (R076)."""

    __tablename__ = "contact_plan"
    __kind__ = "contact_plan"
    __label__ = N_("Contact plan")
    __plural__ = N_("Contact plans")

    parent: Mapped[str | None] = field(
        Link(to="person"), N_("Parent abroad"), column=1, index=True, required=True
    )
    household: Mapped[str | None] = field(
        Link(to="household"), N_("Household at home"), column=2, index=True
    )
    relative: Mapped[str | None] = field(
        Kind(), N_("Relative at home"), column=3, secret="personal"
    )
    channel: Mapped[str | None] = field(
        Choice(codes="visit_channels"), N_("Channel"), column=4
    )
    times: Mapped[str | None] = field(Kind(), N_("Days and hours"), column=5)
    material: Mapped[str | None] = field(Kind(), N_("Material given"), wide=True)
    centre: Mapped[str | None] = field(
        Link(to="organisation"), N_("Centre that helps"), column=6
    )
    starts: Mapped[str | None] = field(Date(), N_("From"))
    review: Mapped[str | None] = field(Date(), N_("Look again on"), index=True)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The relative and the times."""
        return " · ".join(filter(None, (values.get("relative"), values.get("times"))))

"""Around the counter: programmes, formalities, suggestions, sharing, the cycle, the press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import HEADS, Record, field
from .kinds import (
    Boolean,
    Choice,
    Choices,
    Country,
    Date,
    FuzzyDate,
    Kind,
    Link,
    LongText,
    Money,
    Place,
)


class Programme(Record):
    """A local or national programme that people are told of (R004, R074)."""

    __tablename__ = "programme"
    __kind__ = "programme"
    __label__ = N_("Programme")
    __plural__ = N_("Programmes")
    __order__ = "name"
    __main__ = True

    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, weight=7, required=True, wide=True, index=True
    )
    level: Mapped[str | None] = field(Choice(codes="governance_levels"), N_("Level"), column=2)
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Organisation"), column=3, index=True
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), column=4)
    what: Mapped[str | None] = field(LongText(), N_("What it offers"), wide=True, weight=1)
    conditions: Mapped[str | None] = field(LongText(), N_("Conditions"), wide=True)
    contact: Mapped[str | None] = field(Kind(), N_("Contact"), wide=True)
    starts: Mapped[str | None] = field(Date(), N_("From"), column=5)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=6, index=True)
    checked: Mapped[str | None] = field(Date(), N_("Verified on"), column=7, index=True)


class Formality(Record):
    """Consular or social paperwork that the office helps with (R006)."""

    __tablename__ = "formality"
    __kind__ = "formality"
    __label__ = N_("Formality")
    __plural__ = N_("Formalities")
    __prefix__ = "C"

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), index=True)
    type: Mapped[str | None] = field(
        Choice(codes="consular_paperwork_types"), N_("Paper"), column=2, required=True
    )
    embassy: Mapped[str | None] = field(
        Link(to="organisation"), N_("Embassy or service"), column=3, index=True
    )
    country: Mapped[str | None] = field(Country(), N_("Country"))
    lodged: Mapped[str | None] = field(Date(), N_("Lodged on"), column=4)
    answer_by: Mapped[str | None] = field(
        Date(), N_("Answer expected by"), column=5, index=True
    )
    status: Mapped[str | None] = field(
        Choice(codes="claim_status"), N_("State"), column=6, default="gathering"
    )
    answered: Mapped[str | None] = field(Date(), N_("Answered on"))
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The paper; the person is a link."""
        return Choice(codes="consular_paperwork_types").show(values.get("type"))


class Suggestion(Record):
    """What somebody would like to be better, and the answer (R141)."""

    __tablename__ = "suggestion"
    __kind__ = "suggestion"
    __label__ = N_("Suggestion")
    __plural__ = N_("Suggestions")

    day: Mapped[str | None] = field(Date(), N_("Day"), column=1, index=True, begins="today")
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), column=2, index=True)
    visit: Mapped[str | None] = field(Link(to="visit"), N_("Visit"), index=True)
    channel: Mapped[str | None] = field(Choice(codes="visit_channels"), N_("Channel"))
    text: Mapped[str | None] = field(
        LongText(), N_("Suggestion"), column=3, required=True, wide=True
    )
    answer: Mapped[str | None] = field(LongText(), N_("Answer"), wide=True)
    answered: Mapped[str | None] = field(Date(), N_("Answered on"), column=4)
    answered_by: Mapped[str | None] = field(Link(to="account"), N_("Answered by"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The suggestion."""
        return str(values.get("text") or "")


class CycleStep(Record):
    """A phase of somebody's migration, when and where (R148)."""

    __tablename__ = "cycle_step"
    __kind__ = "cycle_step"
    __label__ = N_("Phase of migration")
    __plural__ = N_("Phases of migration")
    __order__ = "since"

    person: Mapped[str | None] = field(Link(to="person", own=True), N_("Person"), hidden=True)
    phase: Mapped[str | None] = field(
        Choice(codes="migration_cycle_phases"), N_("Phase"), column=1, required=True
    )
    since: Mapped[str | None] = field(FuzzyDate(), N_("Since"), column=2, index=True)
    until: Mapped[str | None] = field(FuzzyDate(), N_("Until"), column=3)
    country: Mapped[str | None] = field(Country(), N_("Country"), column=4)
    town: Mapped[str | None] = field(Kind(), N_("Town"), column=5)
    note: Mapped[str | None] = field(Kind(), N_("Note"), column=6, secret="personal")

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The phase."""
        return Choice(codes="migration_cycle_phases").show(values.get("phase"))


class Sharing(Record):
    """One file, two offices: which may do what with it, and until when (R145)."""

    __tablename__ = "sharing"
    __kind__ = "sharing"
    __label__ = N_("Shared file")
    __plural__ = N_("Shared files")

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), column=2, index=True)
    office: Mapped[str | None] = field(
        Link(to="office"), N_("Other office"), column=3, index=True, required=True
    )
    role: Mapped[str | None] = field(
        Choice(codes="sharing_roles"), N_("Role of that office"), column=4
    )
    rights: Mapped[list[str] | None] = field(
        Choices(codes="sharing_rights"), N_("It may"), column=5
    )
    starts: Mapped[str | None] = field(Date(), N_("From"), column=6)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=7, index=True)
    reason: Mapped[str | None] = field(LongText(), N_("Reason"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The role; person and office are links."""
        return Choice(codes="sharing_roles").show(values.get("role"))


class Message(Record):
    """What the office says in public, and what is said of it (R142)."""

    __tablename__ = "message"
    __kind__ = "message"
    __label__ = N_("Communication")
    __plural__ = N_("Communication and press")
    __order__ = "-day"

    day: Mapped[str | None] = field(Date(), N_("Day"), column=1, required=True, index=True)
    type: Mapped[str | None] = field(
        Choice(codes="message_types"), N_("Type"), column=2, default="planned"
    )
    channel: Mapped[str | None] = field(
        Choice(codes="awareness_channels"), N_("Channel"), column=3
    )
    medium: Mapped[str | None] = field(Kind(), N_("Station, paper or site"), column=4)
    text: Mapped[str | None] = field(
        LongText(), N_("Message"), column=5, required=True, wide=True
    )
    public: Mapped[str | None] = field(Choice(codes="awareness_publics"), N_("For whom"))
    coverage: Mapped[str | None] = field(LongText(), N_("What was said of it"), wide=True)
    cost: Mapped[str | None] = field(Money(), N_("Cost"))
    done: Mapped[bool | None] = field(Boolean(), N_("Done"), column=6)
    clipping: Mapped[str | None] = field(Link(to="attachment"), N_("Clipping"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The message."""
        return str(values.get("text") or "")


class Room(Record):
    """Where people are received in an office, and when (R003, R140)."""

    __tablename__ = "room"
    __kind__ = "room"
    __label__ = N_("Room")
    __plural__ = N_("Rooms")
    __order__ = "name"
    __writers__ = HEADS

    office: Mapped[str | None] = field(Link(to="office", own=True), N_("Office"), hidden=True)
    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, required=True)
    seats: Mapped[str | None] = field(Kind(), N_("For how many"), column=2)
    slots: Mapped[list[str] | None] = field(
        Choices(codes="appointment_slots"), N_("Free when"), column=3
    )

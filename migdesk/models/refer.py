"""Services, referrals, advice, rights, awareness, mediators."""

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
    Country,
    Date,
    Email,
    Kind,
    Link,
    LongText,
    Money,
    Number,
    Phone,
    Place,
)


class Service(Record):
    """What somebody offers somewhere, to whom, when (R055; fields of Open Referral HSDS 3)."""

    __tablename__ = "service"
    __kind__ = "service"
    __label__ = N_("Service")
    __plural__ = N_("Services")
    __prefix__ = "D"
    __order__ = "name"
    __main__ = True
    __sections__: ClassVar = {
        "access": N_("Who may come, and how"),
        "contact": N_("How to reach it"),
        "check": N_("Last verified"),
    }

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, weight=9, required=True, index=True, wide=True
    )
    category: Mapped[str | None] = field(
        Choice(codes="service_categories_003"), N_("Category"), column=2, index=True
    )
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Organisation"), column=3, index=True
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), column=4, weight=2)
    open: Mapped[bool | None] = field(Boolean(), N_("Offered now"), default=True)
    description: Mapped[str | None] = field(
        LongText(), N_("What is offered"), wide=True, weight=1
    )
    no_papers: Mapped[bool | None] = field(
        Boolean(), N_("No identity paper needed"), section="access", column=5
    )
    who: Mapped[str | None] = field(Kind(), N_("For whom"), section="access", wide=True)
    how: Mapped[str | None] = field(
        Kind(), N_("What to do and bring"), section="access", wide=True
    )
    fee: Mapped[str | None] = field(Money(), N_("Price"), section="access")
    languages: Mapped[list[str] | None] = field(
        Choices(codes="languages"), N_("Languages"), section="access", column=6
    )
    accessible: Mapped[bool | None] = field(Boolean(), N_("Step-free access"), section="access")
    hours: Mapped[str | None] = field(Kind(), N_("Opening hours"), section="contact", column=7)
    contact: Mapped[str | None] = field(Kind(), N_("Ask for"), section="contact")
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), section="contact", column=8)
    email: Mapped[str | None] = field(Email(), N_("E-mail"), section="contact")
    website: Mapped[str | None] = field(Kind(), N_("Website"), section="contact")
    address: Mapped[str | None] = field(
        LongText(), N_("Address and the way there"), section="contact", wide=True
    )
    verified: Mapped[str | None] = field(
        Date(), N_("Verified on"), section="check", column=9, index=True, fresh=6
    )
    verified_by: Mapped[str | None] = field(
        Link(to="account"), N_("Verified by"), section="check"
    )
    hsds: Mapped[str | None] = field(
        Kind(), N_("Identifier in Open Referral"), section="check", index=True
    )


class Referral(Record):
    """A person sent to a service, and what came back (R057)."""

    __tablename__ = "referral"
    __kind__ = "referral"
    __label__ = N_("Referral")
    __plural__ = N_("Referrals")
    __prefix__ = "R"
    __main__ = True
    __sections__: ClassVar = {"answer": N_("Answer")}

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), index=True)
    service: Mapped[str | None] = field(Link(to="service"), N_("Service"), column=2, index=True)
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Organisation"), column=3, index=True
    )
    compartment: Mapped[str | None] = field(Choice(codes="compartments"), N_("Known only to"))
    reason: Mapped[str | None] = field(LongText(), N_("Reason"), wide=True, required=True)
    checks: Mapped[list[str] | None] = field(
        Choices(codes="referral_checks"), N_("Checked beforehand")
    )
    urgency: Mapped[str | None] = field(
        Choice(codes="priorities"), N_("Urgency"), default="normal"
    )
    adviser: Mapped[str | None] = field(Link(to="account"), N_("Sent by"), begins="me")
    sent: Mapped[str | None] = field(Date(), N_("Sent on"), column=4)
    answer_by: Mapped[str | None] = field(
        Date(), N_("Answer expected by"), column=5, index=True
    )
    status: Mapped[str | None] = field(
        Choice(codes="referral_status"), N_("State"), column=6, index=True, default="to_send"
    )
    answered: Mapped[str | None] = field(Date(), N_("Answered on"), section="answer")
    answered_by: Mapped[str | None] = field(Kind(), N_("Who answered"), section="answer")
    result: Mapped[str | None] = field(
        LongText(), N_("What was done"), section="answer", wide=True
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Code and state; person and service are links."""
        state = Choice(codes="referral_status").show(values.get("status"))
        return " · ".join(filter(None, (values.get("code"), state)))


class LegalNote(Record):
    """Legal help, known only to who may know of it (R058)."""

    __tablename__ = "legal_note"
    __kind__ = "legal_note"
    __label__ = N_("Legal note")
    __plural__ = N_("Legal notes")
    __compartment__ = "legal"

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), index=True)
    lawyer: Mapped[str | None] = field(Kind(), N_("Lawyer"), column=2)
    day: Mapped[str | None] = field(Date(), N_("Day"), column=3, begins="today")
    question: Mapped[str | None] = field(
        LongText(), N_("Question"), column=4, wide=True, required=True
    )
    advice: Mapped[str | None] = field(LongText(), N_("Advice"), wide=True)
    deadline: Mapped[str | None] = field(Date(), N_("Legal deadline"), column=5, index=True)
    next_step: Mapped[str | None] = field(Kind(), N_("Next step"), column=6)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The question."""
        return str(values.get("question") or "")


class RightsText(Record):
    """What is known of a right or a danger in one country, in one language (R059, R060)."""

    __tablename__ = "rights_text"
    __kind__ = "rights_text"
    __label__ = N_("Information on rights")
    __plural__ = N_("Information on rights")
    __order__ = "title"

    title: Mapped[str | None] = field(
        Kind(), N_("Title"), column=1, weight=6, required=True, wide=True, index=True
    )
    country: Mapped[str | None] = field(Country(), N_("Country"), column=2, weight=2)
    topic: Mapped[str | None] = field(
        Choice(codes="rights_topics"), N_("Topic"), column=3, index=True
    )
    language: Mapped[str | None] = field(Choice(codes="languages"), N_("Language"), column=4)
    version: Mapped[str | None] = field(Kind(), N_("Version"), column=5, default="1")
    text: Mapped[str | None] = field(LongText(), N_("Text"), wide=True, weight=1)
    source: Mapped[str | None] = field(Kind(), N_("Source"), wide=True)
    checked: Mapped[str | None] = field(Date(), N_("Checked on"), column=6, index=True, fresh=6)
    checked_by: Mapped[str | None] = field(Link(to="account"), N_("Checked by"))


class Awareness(Record):
    """A campaign of information, with what people knew before and after (R061)."""

    __tablename__ = "awareness"
    __kind__ = "awareness"
    __label__ = N_("Awareness campaign")
    __plural__ = N_("Awareness campaigns")
    __sections__: ClassVar = {"result": N_("Result")}

    name: Mapped[str | None] = field(
        Kind(), N_("Title"), column=1, weight=4, required=True, wide=True
    )
    channels: Mapped[list[str] | None] = field(
        Choices(codes="awareness_channels"), N_("Channels"), column=2
    )
    publics: Mapped[list[str] | None] = field(
        Choices(codes="awareness_publics"), N_("For whom"), column=3
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), column=4)
    starts: Mapped[str | None] = field(Date(), N_("From"), column=5)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=6)
    message: Mapped[str | None] = field(LongText(), N_("Message"), wide=True)
    cost: Mapped[str | None] = field(Money(), N_("Cost"))
    reached: Mapped[int | None] = field(
        Number(low=0), N_("People reached"), section="result", column=7
    )
    asked_before: Mapped[int | None] = field(
        Number(low=0), N_("People asked before"), section="result"
    )
    knew_before: Mapped[int | None] = field(
        Number(low=0), N_("Who knew the message before"), section="result"
    )
    asked_after: Mapped[int | None] = field(
        Number(low=0), N_("People asked after"), section="result"
    )
    knew_after: Mapped[int | None] = field(
        Number(low=0), N_("Who knew the message after"), section="result"
    )
    report: Mapped[str | None] = field(LongText(), N_("Report"), section="result", wide=True)


class Helper(Record):
    """A mediator, a volunteer or a buddy (R063)."""

    __tablename__ = "helper"
    __kind__ = "helper"
    __label__ = N_("Mediator or buddy")
    __plural__ = N_("Mediators and buddies")
    __order__ = "name"

    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, weight=5, required=True)
    role: Mapped[str | None] = field(
        Choice(codes="helper_roles"), N_("Role"), column=2, default="mediator"
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("File"), index=True)
    organisation: Mapped[str | None] = field(Link(to="organisation"), N_("Organisation"))
    area: Mapped[str | None] = field(Place(), N_("Area"), column=3)
    languages: Mapped[list[str] | None] = field(
        Choices(codes="languages"), N_("Languages"), column=4
    )
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), column=5)
    trained: Mapped[str | None] = field(Date(), N_("Trained on"))
    active: Mapped[bool | None] = field(Boolean(), N_("Active"), column=6, default=True)


class Pairing(Record):
    """Somebody helped by a mediator or buddy."""

    __tablename__ = "pairing"
    __kind__ = "pairing"
    __label__ = N_("Pairing")
    __plural__ = N_("Pairs")

    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    helper: Mapped[str | None] = field(
        Link(to="helper"), N_("Mediator or buddy"), column=2, index=True, required=True
    )
    aim: Mapped[str | None] = field(Kind(), N_("Aim"), column=3, wide=True)
    starts: Mapped[str | None] = field(Date(), N_("From"), column=4)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=5)
    result: Mapped[str | None] = field(LongText(), N_("Result"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The aim; both people are links."""
        return str(values.get("aim") or "")


class PairMeeting(Record):
    """One meeting of a pair."""

    __tablename__ = "pair_meeting"
    __kind__ = "pair_meeting"
    __label__ = N_("Meeting")
    __plural__ = N_("Meetings")
    __order__ = "day"

    pairing: Mapped[str | None] = field(
        Link(to="pairing", own=True), N_("Pairing"), hidden=True
    )
    day: Mapped[str | None] = field(
        Date(), N_("Day"), column=1, required=True, index=True, begins="today"
    )
    what: Mapped[str | None] = field(Kind(), N_("What was done"), column=2, wide=True)
    next_step: Mapped[str | None] = field(Kind(), N_("Next step"), column=3)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and what was done."""
        return " ".join(filter(None, (Date().show(values.get("day")), values.get("what"))))

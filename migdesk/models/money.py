"""Money to be found: windows with their conditions, applications, calls, offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import HEADS, Record, field
from .kinds import (
    Boolean,
    Choice,
    Choices,
    Date,
    Email,
    Kind,
    Link,
    Links,
    LongText,
    Money,
    Number,
    Phone,
    Place,
)


class Window(Record):
    """A financing window: who gives money, for what, up to how much, until when (R020)."""

    __tablename__ = "financing_window"
    __kind__ = "window"
    __label__ = N_("Financing window")
    __plural__ = N_("Financing windows")
    __prefix__ = "F"
    __order__ = "name"
    __main__ = True
    __sections__: ClassVar = {
        "money": N_("Money"),
        "contact": N_("How to reach it"),
        "check": N_("Last verified"),
    }

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, weight=9, required=True, index=True, wide=True
    )
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Organisation"), column=2, index=True
    )
    source: Mapped[str | None] = field(
        Choice(codes="funding_sources"), N_("Source of funds"), column=3
    )
    lender: Mapped[str | None] = field(
        Choice(codes="financial_institution_types"), N_("Kind of lender")
    )
    nature: Mapped[str | None] = field(Choice(codes="finance_nature"), N_("Nature"), column=4)
    open: Mapped[bool | None] = field(
        Boolean(), N_("Takes applications"), column=8, default=True
    )
    purpose: Mapped[str | None] = field(LongText(), N_("What it pays for"), wide=True, weight=2)
    floor: Mapped[str | None] = field(Money(), N_("At least"), section="money")
    ceiling: Mapped[str | None] = field(Money(), N_("Up to"), section="money", column=5)
    rate: Mapped[float | None] = field(
        Number(decimals=2, low=0, high=1_000), N_("Interest (% a year)"), section="money"
    )
    months: Mapped[int | None] = field(
        Number(low=0, high=600), N_("Repaid in at most (months)"), section="money"
    )
    guarantee: Mapped[str | None] = field(Kind(), N_("Guarantee"), section="money")
    deadline: Mapped[str | None] = field(
        Date(), N_("Applications until"), section="money", column=6, index=True
    )
    terms: Mapped[str | None] = field(
        LongText(), N_("Other conditions, in words"), section="money", wide=True
    )
    contact: Mapped[str | None] = field(Kind(), N_("Ask for"), section="contact")
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), section="contact")
    email: Mapped[str | None] = field(Email(), N_("E-mail"), section="contact")
    address: Mapped[str | None] = field(LongText(), N_("Where to apply"), section="contact")
    website: Mapped[str | None] = field(Kind(), N_("Website"), section="contact")
    verified: Mapped[str | None] = field(
        Date(), N_("Verified on"), section="check", column=7, index=True, fresh=6
    )
    verified_by: Mapped[str | None] = field(
        Link(to="account"), N_("Verified by"), section="check"
    )
    hsds: Mapped[str | None] = field(
        Kind(), N_("Identifier in Open Referral"), section="check", index=True
    )


class Application(Record):
    """A request for money lodged with a window, from the lodging to the last instalment."""

    __tablename__ = "application"
    __kind__ = "application"
    __label__ = N_("Application for money")
    __plural__ = N_("Applications for money")
    __prefix__ = "A"
    __main__ = True
    __sections__: ClassVar = {"answer": N_("Answer")}

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    case: Mapped[str | None] = field(
        Link(to="case"), N_("Project"), column=1, index=True, required=True
    )
    window: Mapped[str | None] = field(
        Link(to="window"), N_("Financing window"), column=2, index=True, required=True
    )
    call: Mapped[str | None] = field(Link(to="call"), N_("Call for proposals"), index=True)
    amount: Mapped[str | None] = field(Money(), N_("Amount asked for"), column=3)
    own_share: Mapped[str | None] = field(Money(), N_("Own share"))
    guarantee: Mapped[str | None] = field(Kind(), N_("Guarantee offered"))
    status: Mapped[str | None] = field(
        Choice(codes="application_status"),
        N_("State"),
        column=4,
        index=True,
        default="to_lodge",
    )
    lodged: Mapped[str | None] = field(Date(), N_("Lodged on"), column=5)
    expected: Mapped[str | None] = field(Date(), N_("Answer expected by"), column=6, index=True)
    follower: Mapped[str | None] = field(Link(to="account"), N_("Followed by"), begins="me")
    answered: Mapped[str | None] = field(Date(), N_("Answered on"), section="answer")
    granted: Mapped[str | None] = field(
        Money(), N_("Amount granted"), section="answer", column=7
    )
    reason: Mapped[str | None] = field(
        LongText(), N_("Reason and conditions"), section="answer", wide=True
    )
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)


class Instalment(Record):
    """A part of a grant or loan that is paid out, or paid back."""

    __tablename__ = "instalment"
    __kind__ = "instalment"
    __label__ = N_("Instalment")
    __plural__ = N_("Instalments")
    __order__ = "due"

    application: Mapped[str | None] = field(
        Link(to="application", own=True), N_("Application"), hidden=True
    )
    what: Mapped[str | None] = field(
        Choice(codes="instalment_kinds"), N_("What"), column=1, default="paid_out"
    )
    due: Mapped[str | None] = field(Date(), N_("Due"), column=2, index=True)
    amount: Mapped[str | None] = field(Money(), N_("Amount"), column=3, required=True)
    done: Mapped[str | None] = field(Date(), N_("Done on"), column=4)
    note: Mapped[str | None] = field(Kind(), N_("Note"), column=5)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The amount."""
        return Money().show(values.get("amount"))


class Call(Record):
    """A call for proposals that a region or a donor runs (R024)."""

    __tablename__ = "call"
    __kind__ = "call"
    __label__ = N_("Call for proposals")
    __plural__ = N_("Calls for proposals")
    __main__ = True
    __writers__ = HEADS

    name: Mapped[str | None] = field(
        Kind(), N_("Title"), column=1, weight=6, required=True, wide=True
    )
    organisation: Mapped[str | None] = field(Link(to="organisation"), N_("Who calls"), column=2)
    window: Mapped[str | None] = field(Link(to="window"), N_("Financing window"))
    budget: Mapped[str | None] = field(Money(), N_("Money in all"), column=3)
    opens: Mapped[str | None] = field(Date(), N_("Opens on"), column=4)
    closes: Mapped[str | None] = field(Date(), N_("Closes on"), column=5, index=True)
    who: Mapped[str | None] = field(LongText(), N_("Who may apply"), wide=True)
    text: Mapped[str | None] = field(LongText(), N_("Text of the call"), wide=True)
    decided: Mapped[str | None] = field(Date(), N_("Decided on"))


class Criterion(Record):
    """What the proposals of a call are marked by."""

    __tablename__ = "criterion"
    __kind__ = "criterion"
    __label__ = N_("Criterion")
    __plural__ = N_("Criteria")
    __order__ = "id"
    __writers__ = HEADS

    call: Mapped[str | None] = field(Link(to="call", own=True), N_("Call"), hidden=True)
    name: Mapped[str | None] = field(
        Kind(), N_("Criterion"), column=1, required=True, wide=True
    )
    best: Mapped[int | None] = field(
        Number(low=1, high=100), N_("Best mark"), column=2, default=10
    )
    weight: Mapped[float | None] = field(
        Number(decimals=2, low=0, high=100), N_("Weight"), column=3, default=1.0
    )


class Mark(Record):
    """One reader's mark for one application on one criterion."""

    __tablename__ = "mark"
    __kind__ = "mark"
    __label__ = N_("Mark")
    __plural__ = N_("Marks")
    __order__ = "id"

    application: Mapped[str | None] = field(
        Link(to="application", own=True), N_("Application"), hidden=True
    )
    criterion: Mapped[str | None] = field(
        Link(to="criterion"), N_("Criterion"), column=1, index=True, required=True
    )
    reader: Mapped[str | None] = field(Link(to="account"), N_("Reader"), column=2)
    mark: Mapped[float | None] = field(
        Number(decimals=1, low=0, high=100), N_("Mark"), column=3, required=True
    )
    note: Mapped[str | None] = field(Kind(), N_("Why"), column=4, wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The mark."""
        return Number(decimals=1).show(values.get("mark"))


class Continuity(Record):
    """How a project lives on after its outside money (R025)."""

    __tablename__ = "continuity"
    __kind__ = "continuity"
    __label__ = N_("Continuity line")
    __plural__ = N_("Continuity plan")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    what: Mapped[str | None] = field(
        Kind(), N_("What must go on"), column=1, required=True, wide=True
    )
    cost: Mapped[str | None] = field(Money(), N_("Cost a year"), column=2)
    source: Mapped[str | None] = field(Kind(), N_("Next source of money"), column=3)
    host: Mapped[str | None] = field(Link(to="organisation"), N_("Who takes it over"), column=4)
    since: Mapped[str | None] = field(Date(), N_("From"), column=5)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What must go on."""
        return str(values.get("what") or "")


class Product(Record):
    """A financial product for migrants, or one that is missing (R050)."""

    __tablename__ = "product"
    __kind__ = "product"
    __label__ = N_("Financial product")
    __plural__ = N_("Financial products")
    __order__ = "name"

    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, weight=6, required=True, wide=True
    )
    type: Mapped[str | None] = field(
        Choice(codes="financial_products"), N_("Kind of product"), column=2
    )
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Provider"), column=3, index=True
    )
    missing: Mapped[bool | None] = field(
        Boolean(), N_("Missing: nobody offers it here"), column=4
    )
    places: Mapped[list[str] | None] = field(Links(to="place"), N_("Where"))
    place: Mapped[str | None] = field(Place(), N_("Place"), column=5)
    conditions: Mapped[str | None] = field(LongText(), N_("Conditions"), wide=True)
    gap: Mapped[str | None] = field(LongText(), N_("What people lack, and proof"), wide=True)
    checked: Mapped[str | None] = field(Date(), N_("Checked on"), column=6)


class Transfer(Record):
    """What one operator takes and gives on one corridor, as it was checked (R047)."""

    __tablename__ = "transfer_offer"
    __kind__ = "transfer"
    __label__ = N_("Transfer channel")
    __plural__ = N_("Transfer channels")
    __order__ = "name"

    name: Mapped[str | None] = field(Kind(), N_("Operator"), column=1, weight=6, required=True)
    channel: Mapped[str | None] = field(
        Choice(codes="remittance_channels"), N_("Channel"), column=2, default="formal"
    )
    source: Mapped[str | None] = field(Kind(), N_("Sent from"), column=3)
    target: Mapped[str | None] = field(Kind(), N_("Sent to"), column=4)
    sent: Mapped[str | None] = field(Money(), N_("Amount sent"), column=5, required=True)
    fee: Mapped[str | None] = field(Money(), N_("Fee"), column=6)
    received: Mapped[str | None] = field(Money(), N_("Amount that arrives"), column=7)
    hours: Mapped[int | None] = field(Number(low=0, high=10_000), N_("Arrives in (hours)"))
    strengths: Mapped[list[str] | None] = field(
        Choices(codes="remittance_channel_criteria"), N_("Good for")
    )
    payout: Mapped[str | None] = field(Kind(), N_("Where it is paid out"), wide=True)
    checked: Mapped[str | None] = field(Date(), N_("Checked on"), column=8, index=True)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

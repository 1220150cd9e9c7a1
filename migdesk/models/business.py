"""A business in the making: its market and figures, who owns it, who helps, how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .case import STAGES
from .declare import Record, field
from .kinds import (
    Boolean,
    Choice,
    Choices,
    Country,
    Date,
    Email,
    FuzzyDate,
    Kind,
    Link,
    LongText,
    Moment,
    Money,
    Number,
    Phone,
    Texts,
)

PERCENT = Number(decimals=2, low=0, high=100)
GROWTH = Number(decimals=2, low=-100, high=1_000)
MONTH = Number(low=1, high=36)
DELAY = Number(low=0, high=24)


class StageMove(Record):
    """A case that went from one stage to another: who let it pass, and why, if something
    that the stage needs was not there."""

    __tablename__ = "stage_move"
    __kind__ = "stage_move"
    __label__ = N_("Change of stage")
    __plural__ = N_("Changes of stage")

    case: Mapped[str | None] = field(
        Link(to="case", held=True), N_("Case"), index=True, readonly=True
    )
    at: Mapped[str | None] = field(Moment(), N_("When"), column=1, readonly=True)
    came_from: Mapped[str | None] = field(
        Choice(codes=STAGES), N_("From"), column=2, readonly=True
    )
    went_to: Mapped[str | None] = field(Choice(codes=STAGES), N_("To"), column=3, readonly=True)
    account: Mapped[str | None] = field(Link(to="account"), N_("Who"), column=4, readonly=True)
    followed: Mapped[str | None] = field(
        Choice(codes="coach_ends"), N_("Followed"), readonly=True
    )
    unmet: Mapped[list[str] | None] = field(
        Texts(), N_("What was not there"), column=6, readonly=True
    )
    reason: Mapped[str | None] = field(
        LongText(), N_("Why it passed all the same"), column=5, wide=True
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and new stage."""
        parts = (
            Moment().show(values.get("at")),
            Choice(codes=STAGES).show(values.get("went_to")),
        )
        return " · ".join(filter(None, parts))


class Coach(Record):
    """Who helps promoters: an adviser of an office, of a chamber, a volunteer abroad."""

    __tablename__ = "coach"
    __kind__ = "coach"
    __label__ = N_("Coach")
    __plural__ = N_("Coaches")
    __order__ = "name"
    __main__ = True

    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, weight=8, required=True, index=True
    )
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Organisation"), column=2
    )
    country: Mapped[str | None] = field(Country(), N_("Country"), column=3)
    town: Mapped[str | None] = field(Kind(), N_("Town"), column=4, weight=1)
    expertise: Mapped[list[str] | None] = field(
        Choices(codes="business_support_services"), N_("Expertise"), column=5
    )
    sectors: Mapped[list[str] | None] = field(
        Choices(codes="business_sectors"), N_("Sectors"), column=6
    )
    languages: Mapped[list[str] | None] = field(Choices(codes="languages"), N_("Languages"))
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), weight=3)
    email: Mapped[str | None] = field(Email(), N_("E-mail"), weight=2)
    account: Mapped[str | None] = field(Link(to="account"), N_("Account in this program"))
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)


class Coaching(Record):
    """A session with a coach."""

    __tablename__ = "coaching"
    __kind__ = "coaching"
    __label__ = N_("Coaching session")
    __plural__ = N_("Coaching sessions")
    __order__ = "-at"

    case: Mapped[str | None] = field(
        Link(to="case", held=True), N_("Case"), column=1, index=True, required=True
    )
    at: Mapped[str | None] = field(Date(), N_("Date"), column=2, index=True, required=True)
    coach: Mapped[str | None] = field(Link(to="coach"), N_("Coach"), column=3, index=True)
    side: Mapped[str | None] = field(Choice(codes="coach_ends"), N_("Where"), column=4)
    channel: Mapped[str | None] = field(Choice(codes="visit_channels"), N_("Channel"))
    hours: Mapped[float | None] = field(Number(decimals=2, low=0, high=24), N_("Hours"))
    present: Mapped[str | None] = field(Kind(), N_("Who was there"), secret="personal")
    expertise: Mapped[list[str] | None] = field(
        Choices(codes="business_support_services"), N_("Expertise given"), column=5
    )
    work: Mapped[str | None] = field(LongText(), N_("What was worked on"), wide=True)
    advice: Mapped[str | None] = field(LongText(), N_("Advice"), wide=True)
    next_action: Mapped[str | None] = field(Kind(), N_("Next action"), column=6, wide=True)
    next_who: Mapped[str | None] = field(Kind(), N_("By whom"))
    next_date: Mapped[str | None] = field(Date(), N_("Until"), column=7, index=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The day, and what comes next."""
        parts = (Date().show(values.get("at")), values.get("next_action"))
        return " · ".join(str(part) for part in parts if part)


class Owner(Record):
    """A person or a group that owns a part of the business."""

    __tablename__ = "owner"
    __kind__ = "owner"
    __label__ = N_("Owner")
    __plural__ = N_("Owners")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, required=True, secret="personal"
    )
    link: Mapped[str | None] = field(Choice(codes="mandate_links"), N_("Link"), column=2)
    share: Mapped[float | None] = field(PERCENT, N_("Share in %"), column=3)
    family: Mapped[bool | None] = field(Boolean(), N_("Family of the migrant"), column=4)
    brings: Mapped[str | None] = field(Kind(), N_("What this owner brings"), column=5)
    country: Mapped[str | None] = field(Country(), N_("Country"))
    person: Mapped[str | None] = field(Link(to="person"), N_("File"), index=True)


class Mandate(Record):
    """A relative or neighbour who acts for the migrant, how far and until when."""

    __tablename__ = "mandate"
    __kind__ = "mandate"
    __label__ = N_("Mandate")
    __plural__ = N_("Mandates")
    __order__ = "until"

    case: Mapped[str | None] = field(
        Link(to="case", held=True), N_("Case"), column=1, index=True, required=True
    )
    giver: Mapped[str | None] = field(
        Link(to="person"), N_("Given by"), column=2, index=True, required=True
    )
    holder: Mapped[str | None] = field(
        Link(to="person"), N_("Given to"), column=3, index=True, required=True
    )
    link: Mapped[str | None] = field(Choice(codes="mandate_links"), N_("Link"), column=4)
    powers: Mapped[list[str] | None] = field(
        Choices(codes="mandate_powers"), N_("May do"), required=True, wide=True
    )
    ceiling: Mapped[str | None] = field(Money(), N_("Up to this amount each time"))
    limits: Mapped[str | None] = field(LongText(), N_("What stays with the migrant"), wide=True)
    begins: Mapped[str | None] = field(Date(), N_("From"), column=5, required=True)
    until: Mapped[str | None] = field(Date(), N_("Until"), column=6, index=True, required=True)
    revoked: Mapped[str | None] = field(Date(), N_("Taken back on"), column=7)
    witness: Mapped[str | None] = field(Kind(), N_("Witness"))
    scan: Mapped[str | None] = field(Link(to="attachment"), N_("Signed paper"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Until when it holds; the people are links."""
        until = Date().show(values.get("until"))
        return str(N_("Mandate until {day}")(day=until)) if until else str(N_("Mandate"))


class Demand(Record):
    """A group of customers: how many, how often, how much of it this business may serve."""

    __tablename__ = "demand"
    __kind__ = "demand"
    __label__ = N_("Group of customers")
    __plural__ = N_("Demand")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    who: Mapped[str | None] = field(Kind(), N_("Who buys"), column=1, required=True)
    number: Mapped[int | None] = field(
        Number(low=0), N_("How many customers"), column=2, required=True
    )
    units: Mapped[float | None] = field(
        Number(decimals=2, low=0), N_("Units each in a month"), column=3, required=True
    )
    share: Mapped[float | None] = field(PERCENT, N_("Part to win in %"), column=4)
    price: Mapped[str | None] = field(Money(), N_("Price paid today"), column=5)
    source: Mapped[str | None] = field(Kind(), N_("How this is known"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Who buys."""
        return str(values.get("who") or "")


class Competitor(Record):
    """Somebody who sells the same to the same people."""

    __tablename__ = "competitor"
    __kind__ = "competitor"
    __label__ = N_("Competitor")
    __plural__ = N_("Competitors")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    name: Mapped[str | None] = field(Kind(), N_("Competitor"), column=1, required=True)
    sells_at: Mapped[str | None] = field(Kind(), N_("Where it sells"), column=2)
    price: Mapped[str | None] = field(Money(), N_("Its price"), column=3)
    strength: Mapped[str | None] = field(Kind(), N_("Strong at"), column=4)
    answer: Mapped[str | None] = field(Kind(), N_("What we do better"), column=5)


class PlanSale(Record):
    """A product or service of the business plan."""

    __tablename__ = "plan_sale"
    __kind__ = "plan_sale"
    __label__ = N_("Product or service")
    __plural__ = N_("Sales")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    what: Mapped[str | None] = field(Kind(), N_("Product or service"), column=1, required=True)
    units: Mapped[float | None] = field(
        Number(decimals=2, low=0), N_("Units in an ordinary month"), column=2, required=True
    )
    price: Mapped[str | None] = field(Money(), N_("Price of one"), column=3, required=True)
    cost: Mapped[str | None] = field(Money(), N_("Goods and materials for one"), column=4)
    season: Mapped[str | None] = field(
        Kind(),
        N_("Season"),
        wide=True,
        hint=N_("Twelve figures, January first; 100 is an ordinary month, 0 sells nothing"),
    )
    growth: Mapped[float | None] = field(GROWTH, N_("Growth in % from year to year"))
    first: Mapped[int | None] = field(MONTH, N_("Sold from month"), default=1)
    paid_after: Mapped[int | None] = field(DELAY, N_("Customers pay after … months"))
    pay_after: Mapped[int | None] = field(DELAY, N_("Suppliers are paid after … months"))
    stock: Mapped[int | None] = field(Number(low=0, high=12), N_("Goods bought … months ahead"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What is sold."""
        return str(values.get("what") or "")


class PlanCost(Record):
    """A cost that comes back, whether or not much is sold."""

    __tablename__ = "plan_cost"
    __kind__ = "plan_cost"
    __label__ = N_("Running cost")
    __plural__ = N_("Running costs")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    what: Mapped[str | None] = field(Kind(), N_("What"), column=1, required=True)
    nature: Mapped[str | None] = field(Choice(codes="running_costs"), N_("Nature"), column=2)
    quantity: Mapped[float | None] = field(
        Number(decimals=2, low=0), N_("How many"), column=3, default=1.0
    )
    amount: Mapped[str | None] = field(Money(), N_("Amount each time"), column=4, required=True)
    every: Mapped[str | None] = field(
        Choice(codes="cost_rhythms"), N_("How often"), column=5, default="month"
    )
    first: Mapped[int | None] = field(MONTH, N_("From month"), default=1)
    last: Mapped[int | None] = field(MONTH, N_("Until month"))
    growth: Mapped[float | None] = field(GROWTH, N_("Rise in % from year to year"))
    paid_after: Mapped[int | None] = field(DELAY, N_("Paid after … months"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What is paid."""
        return str(values.get("what") or "")


class FollowVisit(Record):
    """How a running business does: what came in and went out, jobs, problems."""

    __tablename__ = "follow_visit"
    __kind__ = "follow_visit"
    __label__ = N_("Follow-up visit")
    __plural__ = N_("Follow-up visits")
    __order__ = "-month"

    case: Mapped[str | None] = field(
        Link(to="case", held=True), N_("Case"), column=1, index=True, required=True
    )
    month: Mapped[str | None] = field(
        FuzzyDate(),
        N_("Month"),
        column=2,
        index=True,
        required=True,
        hint=N_("The month that the figures are of: 10/2026"),
    )
    visited: Mapped[str | None] = field(Date(), N_("Day of the visit"))
    coach: Mapped[str | None] = field(Link(to="coach"), N_("Coach"))
    income: Mapped[str | None] = field(Money(), N_("Income of the month"), column=3)
    spending: Mapped[str | None] = field(Money(), N_("Spending of the month"), column=4)
    cash: Mapped[str | None] = field(Money(), N_("Cash at hand"))
    jobs: Mapped[int | None] = field(Number(low=0, high=100_000), N_("Jobs"), column=5)
    women: Mapped[int | None] = field(Number(low=0, high=100_000), N_("of which women"))
    obstacles: Mapped[list[str] | None] = field(
        Choices(codes="enterprise_obstacles"), N_("Obstacles"), column=6
    )
    problems: Mapped[str | None] = field(LongText(), N_("Problems"), wide=True)
    advice: Mapped[str | None] = field(LongText(), N_("Advice"), wide=True)
    next_visit: Mapped[str | None] = field(Date(), N_("Next visit"), column=7, index=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The month."""
        return FuzzyDate().show(values.get("month"))

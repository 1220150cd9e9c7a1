"""Cases: a visit opens one, steps carry it; a business project is a case with money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk import codelists
from migdesk.i18n import N_

from .declare import Record, field
from .kinds import (
    Boolean,
    Choice,
    Date,
    FuzzyDate,
    Kind,
    Link,
    LongText,
    Moment,
    Money,
    Number,
    Place,
)

STAGES_OF: Mapping[str, str] = {
    "project": "enterprise_pipeline_stages",
    "community_project": "enterprise_pipeline_stages",
    "": "help_stages",
}
"""Code list of the stages that a type of case goes through; "" for all other types. What
each stage needs is told in `services.pipeline_table`."""

STAGES = "+".join(dict.fromkeys(STAGES_OF.values()))
"""All stages: a code means the same in each list."""


def stages_of(case_type: str | None) -> str:
    """Code list of the stages of a type of case."""
    return STAGES_OF.get(case_type or "", STAGES_OF[""])


class Visit(Record):
    """One passage at the office: what was asked, what was done, what comes next."""

    __tablename__ = "visit"
    __kind__ = "visit"
    __label__ = N_("Visit")
    __plural__ = N_("Visits")
    __prefix__ = "V"

    code: Mapped[str | None] = field(
        Kind(), N_("Receipt number"), readonly=True, weight=2, index=True
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), column=2, index=True)
    ticket: Mapped[str | None] = field(
        Kind(), N_("Ticket without name"), readonly=True, index=True
    )
    at: Mapped[str | None] = field(Moment(), N_("When"), column=1, index=True)
    office: Mapped[str | None] = field(Link(to="office"), N_("Office"), index=True)
    channel: Mapped[str | None] = field(
        Choice(codes="visit_channels"), N_("Channel"), column=3, default="office"
    )
    request: Mapped[str | None] = field(
        Choice(codes="help_office_request_types"), N_("Request"), column=4, required=True
    )
    subject: Mapped[str | None] = field(
        Choice(codes="hotline_subjects"), N_("Subject of the call")
    )
    urgency: Mapped[str | None] = field(Choice(codes="priorities"), N_("Urgency"), index=True)
    anonymous: Mapped[bool | None] = field(Boolean(), N_("Wishes to stay unnamed"))
    words: Mapped[str | None] = field(
        LongText(), N_("In a few words"), wide=True, secret="personal"
    )
    outcome: Mapped[str | None] = field(
        Choice(codes="visit_outcomes"), N_("Done today"), column=5
    )
    next_step: Mapped[str | None] = field(Kind(), N_("Next step"), column=6)
    appointment: Mapped[str | None] = field(Moment(), N_("Appointment"), column=7, index=True)
    minutes: Mapped[int | None] = field(
        Number(low=5, high=600), N_("Minutes set aside"), default=30
    )
    callback: Mapped[bool | None] = field(Boolean(), N_("The office calls back"))
    room: Mapped[str | None] = field(Kind(), N_("Where"), hint=N_("Office 1, telephone, …"))
    adviser: Mapped[str | None] = field(Link(to="account"), N_("Adviser"))
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), index=True)
    closed: Mapped[str | None] = field(Date(), N_("Request closed on"))
    compartment: Mapped[str | None] = field(
        Choice(codes="compartments"),
        N_("Only seen by"),
        hint=N_("Who was not given this compartment does not learn that this exists"),
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and request."""
        return " · ".join(
            filter(
                None,
                (
                    Moment().show(values.get("at")),
                    Choice(codes="help_office_request_types").show(values.get("request")),
                ),
            )
        )


class Case(Record):
    """A case (dossier). With the type *project* it is the project dossier of a promoter."""

    __tablename__ = "case"
    __kind__ = "case"
    __label__ = N_("Case")
    __plural__ = N_("Cases")
    __prefix__ = "S"
    __main__ = True
    __sections__: ClassVar = {
        "activity": N_("Activity"),
        "market": N_("Market"),
        "plan": N_("Business plan"),
        "follow": N_("Follow-up"),
    }

    code: Mapped[str | None] = field(
        Kind(), N_("Code"), column=1, weight=5, readonly=True, index=True
    )
    title: Mapped[str | None] = field(Kind(), N_("Title"), column=2, weight=6, required=True)
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Promoter or person helped"), column=3, index=True, required=True
    )
    relative: Mapped[str | None] = field(
        Link(to="person"), N_("Relative who acts on the spot"), index=True
    )
    type: Mapped[str | None] = field(
        Choice(codes="case_types"), N_("Type"), column=4, default="project"
    )
    stage: Mapped[str | None] = field(
        Choice(codes=STAGES), N_("Stage"), column=5, readonly=True
    )
    status: Mapped[str | None] = field(
        Choice(codes="case_status"), N_("Status"), column=6, default="open", index=True
    )
    opened: Mapped[str | None] = field(Date(), N_("Opened on"), column=7, begins="today")
    closed: Mapped[str | None] = field(Date(), N_("Closed on"))
    adviser: Mapped[str | None] = field(Link(to="account"), N_("Adviser"), begins="me")
    office: Mapped[str | None] = field(Link(to="office"), N_("Office"), index=True)
    coach: Mapped[str | None] = field(Link(to="coach"), N_("Coach abroad"))
    coach_home: Mapped[str | None] = field(Link(to="coach"), N_("Coach at home"))
    followed: Mapped[str | None] = field(
        Choice(codes="coach_ends"), N_("Followed for the moment")
    )
    begun_in: Mapped[str | None] = field(
        Kind(), N_("Begun in"), hint=N_("Town and country abroad")
    )
    compartment: Mapped[str | None] = field(
        Choice(codes="compartments"),
        N_("Only seen by"),
        hint=N_("Who was not given this compartment does not learn that this exists"),
    )
    sector: Mapped[str | None] = field(
        Choice(codes="business_sectors"), N_("Sector"), section="activity"
    )
    place: Mapped[str | None] = field(
        Place(), N_("Place"), section="activity", weight=2, index=True
    )
    activity: Mapped[str | None] = field(
        LongText(),
        N_("What will be made, sold or done"),
        section="activity",
        wide=True,
        weight=1,
    )
    jobs: Mapped[int | None] = field(
        Number(low=0, high=100_000), N_("Jobs expected"), section="activity"
    )
    ownership: Mapped[str | None] = field(
        Choice(codes="enterprise_ownership"), N_("Ownership"), section="activity"
    )
    location: Mapped[str | None] = field(
        Choice(codes="enterprise_location"), N_("Where the business is"), section="activity"
    )
    chain: Mapped[str | None] = field(
        Link(to="value_chain"), N_("Value chain"), section="activity"
    )
    market: Mapped[str | None] = field(
        LongText(), N_("Customers and competitors"), section="market", wide=True
    )
    prices: Mapped[str | None] = field(
        LongText(), N_("How the prices are set"), section="market", wide=True
    )
    channels: Mapped[str | None] = field(
        LongText(), N_("How it is sold and made known"), section="market", wide=True
    )
    means: Mapped[str | None] = field(
        LongText(), N_("Land, premises, equipment, people"), section="plan", wide=True
    )
    currency: Mapped[str | None] = field(
        Choice(codes="currencies"), N_("Currency of the plan"), section="plan"
    )
    plan_start: Mapped[str | None] = field(
        FuzzyDate(), N_("First month"), section="plan", hint=N_("For example 3/2027")
    )
    opening_cash: Mapped[str | None] = field(
        Money(), N_("Cash at the beginning"), section="plan"
    )
    tax: Mapped[float | None] = field(
        Number(decimals=2, low=0, high=100), N_("Tax on profit in %"), section="plan"
    )
    sales: Mapped[str | None] = field(Money(), N_("Sales expected in a year"), section="plan")
    costs: Mapped[str | None] = field(Money(), N_("Costs expected in a year"), section="plan")
    decision: Mapped[str | None] = field(
        LongText(), N_("Decisions"), section="follow", wide=True
    )

    @staticmethod
    def born(values: dict[str, Any]) -> dict[str, Any]:
        """It begins in the first stage of its type."""
        first = next(iter(codelists.get(stages_of(values.get("type")))))
        return {**values, "stage": values.get("stage") or first.code}

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The title; else the code."""
        return str(values.get("title") or values.get("code") or "")


class Step(Record):
    """Something to do in a case, with a date and an owner."""

    __tablename__ = "step"
    __kind__ = "step"
    __label__ = N_("Step")
    __plural__ = N_("Steps")
    __order__ = "due"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    what: Mapped[str | None] = field(Kind(), N_("What"), column=1, required=True, wide=True)
    due: Mapped[str | None] = field(Date(), N_("Due on"), column=2, index=True)
    owner: Mapped[str | None] = field(Link(to="account"), N_("Who"), column=3)
    status: Mapped[str | None] = field(
        Choice(codes="step_status"), N_("Status"), column=4, default="to_do"
    )
    done: Mapped[str | None] = field(Date(), N_("Done on"), column=5)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What is to be done."""
        return str(values.get("what") or "")


class BudgetLine(Record):
    """One thing to pay for."""

    __tablename__ = "budget_line"
    __kind__ = "budget_line"
    __label__ = N_("Budget line")
    __plural__ = N_("Budget")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    what: Mapped[str | None] = field(Kind(), N_("What"), column=1, required=True)
    category: Mapped[str | None] = field(
        Choice(codes="budget_categories"), N_("Category"), column=2
    )
    quantity: Mapped[float | None] = field(
        Number(decimals=2, low=0), N_("Quantity"), column=3, default=1.0
    )
    price: Mapped[str | None] = field(Money(), N_("Unit price"), column=4, required=True)
    month: Mapped[int | None] = field(Number(low=1, high=36), N_("Bought in month"), default=1)
    life: Mapped[int | None] = field(
        Number(low=0, high=100),
        N_("Lasts … years"),
        hint=N_("Its price is spread over these years; 0 or nothing: it keeps its value"),
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What is bought."""
        return str(values.get("what") or "")


class FinanceLine(Record):
    """One source of money or of gifts in kind."""

    __tablename__ = "finance_line"
    __kind__ = "finance_line"
    __label__ = N_("Source of finance")
    __plural__ = N_("Finance plan")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    source: Mapped[str | None] = field(Kind(), N_("Source"), column=1, required=True)
    nature: Mapped[str | None] = field(Choice(codes="finance_nature"), N_("Nature"), column=2)
    status: Mapped[str | None] = field(
        Choice(codes="finance_status"), N_("State"), column=3, default="to_ask"
    )
    lodged: Mapped[str | None] = field(Date(), N_("Lodged on"))
    amount: Mapped[str | None] = field(Money(), N_("Amount"), column=4, required=True)
    month: Mapped[int | None] = field(
        Number(low=1, high=36), N_("Received in month"), default=1
    )
    rate: Mapped[float | None] = field(
        Number(decimals=2, low=0, high=200), N_("Loan: interest in % a year")
    )
    months: Mapped[int | None] = field(
        Number(low=1, high=600), N_("Loan: months in all, with grace")
    )
    grace: Mapped[int | None] = field(Number(low=0, high=120), N_("Loan: months of grace"))
    grace_kind: Mapped[str | None] = field(
        Choice(codes="grace_kinds"), N_("Loan: interest in the grace period")
    )
    method: Mapped[str | None] = field(
        Choice(codes="loan_methods"), N_("Loan: repaid with the same")
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The source."""
        return str(values.get("source") or "")


class Paper(Record):
    """A paper that the dossier needs."""

    __tablename__ = "paper"
    __kind__ = "paper"
    __label__ = N_("Paper")
    __plural__ = N_("Papers")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    what: Mapped[str | None] = field(
        Choice(codes="required_papers"), N_("Paper"), column=1, required=True
    )
    status: Mapped[str | None] = field(
        Choice(codes="document_status"), N_("State"), column=2, default="required"
    )
    date: Mapped[str | None] = field(Date(), N_("Received on"), column=3)
    file: Mapped[str | None] = field(Link(to="attachment"), N_("Scan"))
    note: Mapped[str | None] = field(Kind(), N_("Note"), column=4)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Name of the paper."""
        return Choice(codes="required_papers").show(values.get("what"))


class Risk(Record):
    """What may go wrong, and what is done about it."""

    __tablename__ = "risk"
    __kind__ = "risk"
    __label__ = N_("Risk")
    __plural__ = N_("Risks")
    __order__ = "id"

    case: Mapped[str | None] = field(Link(to="case", own=True), N_("Case"), hidden=True)
    what: Mapped[str | None] = field(Kind(), N_("Risk"), column=1, required=True)
    level: Mapped[str | None] = field(Choice(codes="risk_levels"), N_("Level"), column=2)
    answer: Mapped[str | None] = field(Kind(), N_("What is done"), column=3)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The risk."""
        return str(values.get("what") or "")

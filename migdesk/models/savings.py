"""Household budgets, savings groups, investing together, loans backed by transfers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Boolean, Choice, Choices, Date, Kind, Link, LongText, Money, Number, Place


class HouseholdBudget(Record):
    """What a family has and spends in a month (R049)."""

    __tablename__ = "household_budget"
    __kind__ = "household_budget"
    __label__ = N_("Household budget")
    __plural__ = N_("Household budgets")

    household: Mapped[str | None] = field(
        Link(to="household"), N_("Household"), column=1, index=True
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), column=2, index=True)
    month: Mapped[str | None] = field(Date(), N_("Month"), column=3)
    reserve: Mapped[str | None] = field(Money(), N_("Reserve for emergencies"), column=4)
    aim: Mapped[str | None] = field(Kind(), N_("What is saved for"), column=5, wide=True)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The month."""
        return Date().show(values.get("month"))


class BudgetItem(Record):
    """One line of a household budget."""

    __tablename__ = "household_budget_line"
    __kind__ = "household_budget_line"
    __label__ = N_("Line of a budget")
    __plural__ = N_("Lines of the budget")
    __order__ = "id"

    budget: Mapped[str | None] = field(
        Link(to="household_budget", own=True), N_("Household budget"), hidden=True
    )
    side: Mapped[str | None] = field(
        Choice(codes="budget_sides"), N_("Side"), column=1, required=True, default="spending"
    )
    what: Mapped[str | None] = field(Kind(), N_("What"), column=2, required=True)
    amount: Mapped[str | None] = field(Money(), N_("A month"), column=3, required=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What it is."""
        return str(values.get("what") or "")


class SavingsGroup(Record):
    """A group that saves together, at most 50 members (R052)."""

    __tablename__ = "savings_group"
    __kind__ = "savings_group"
    __label__ = N_("Savings group")
    __plural__ = N_("Savings groups")
    __prefix__ = "G"
    __main__ = True

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, weight=6, required=True)
    bases: Mapped[list[str] | None] = field(
        Choices(codes="savings_group_bases"), N_("What binds it"), column=2
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), column=3)
    organisation: Mapped[str | None] = field(Link(to="organisation"), N_("Association"))
    coach: Mapped[str | None] = field(Link(to="account"), N_("Coach"), column=4)
    founded: Mapped[str | None] = field(Date(), N_("Founded on"), column=5)
    share: Mapped[str | None] = field(Money(), N_("Deposit at each meeting"), column=6)
    rules: Mapped[str | None] = field(LongText(), N_("Rules"), wide=True)


class GroupMember(Record):
    """A member of a savings group."""

    __tablename__ = "group_member"
    __kind__ = "group_member"
    __label__ = N_("Member of the group")
    __plural__ = N_("Members of the group")
    __order__ = "id"

    group: Mapped[str | None] = field(
        Link(to="savings_group", own=True), N_("Savings group"), hidden=True
    )
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, required=True, secret="personal"
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("File"), column=2, index=True)
    office: Mapped[str | None] = field(Kind(), N_("Office held"), column=3)
    joined: Mapped[str | None] = field(Date(), N_("Joined on"), column=4)
    left: Mapped[str | None] = field(Date(), N_("Left on"), column=5)


class GroupEntry(Record):
    """Money into or out of a savings group, in its book."""

    __tablename__ = "group_entry"
    __kind__ = "group_entry"
    __label__ = N_("Entry of the book")
    __plural__ = N_("Book of the group")
    __order__ = "day"

    group: Mapped[str | None] = field(
        Link(to="savings_group", own=True), N_("Savings group"), hidden=True
    )
    day: Mapped[str | None] = field(
        Date(), N_("Day"), column=1, required=True, index=True, begins="today"
    )
    member: Mapped[str | None] = field(
        Link(to="group_member"), N_("Member"), column=2, index=True
    )
    what: Mapped[str | None] = field(
        Choice(codes="group_entries"), N_("What"), column=3, required=True, default="deposit"
    )
    amount: Mapped[str | None] = field(Money(), N_("Amount"), column=4, required=True)
    note: Mapped[str | None] = field(Kind(), N_("Note"), column=5)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and amount."""
        return f"{Date().show(values.get('day'))} {Money().show(values.get('amount'))}".strip()


class GroupDecision(Record):
    """What a savings group decided."""

    __tablename__ = "group_decision"
    __kind__ = "group_decision"
    __label__ = N_("Decision")
    __plural__ = N_("Decisions")
    __order__ = "day"

    group: Mapped[str | None] = field(
        Link(to="savings_group", own=True), N_("Savings group"), hidden=True
    )
    day: Mapped[str | None] = field(Date(), N_("Day"), column=1, required=True, index=True)
    what: Mapped[str | None] = field(
        LongText(), N_("What was decided"), column=2, required=True, wide=True
    )
    present: Mapped[int | None] = field(Number(low=0, high=50), N_("Present"), column=3)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What was decided."""
        return str(values.get("what") or "")


class Fund(Record):
    """Money of several migrants put into enterprises together (R053)."""

    __tablename__ = "fund"
    __kind__ = "fund"
    __label__ = N_("Collective investment")
    __plural__ = N_("Collective investments")
    __main__ = True

    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, weight=6, required=True)
    type: Mapped[str | None] = field(
        Choice(codes="collective_investment_types"), N_("Type"), column=2
    )
    manager: Mapped[str | None] = field(Link(to="organisation"), N_("Manager"), column=3)
    place: Mapped[str | None] = field(Place(), N_("Place"), column=4)
    involvement: Mapped[list[str] | None] = field(
        Choices(codes="migrant_investor_involvement"), N_("What the investors do")
    )
    started: Mapped[str | None] = field(Date(), N_("Started on"), column=5)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)


class Investor(Record):
    """Who put money into a collective investment."""

    __tablename__ = "investor"
    __kind__ = "investor"
    __label__ = N_("Investor")
    __plural__ = N_("Investors")
    __order__ = "id"

    fund: Mapped[str | None] = field(
        Link(to="fund", own=True), N_("Collective investment"), hidden=True
    )
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person"), column=1, index=True, required=True
    )
    residence: Mapped[str | None] = field(Kind(), N_("Lives in"), column=2)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The person is a link; where they live."""
        return str(values.get("residence") or "")


class FundEntry(Record):
    """A payment of an investor, an investment, or a return."""

    __tablename__ = "fund_entry"
    __kind__ = "fund_entry"
    __label__ = N_("Entry")
    __plural__ = N_("Book of the investment")
    __order__ = "day"

    fund: Mapped[str | None] = field(
        Link(to="fund", own=True), N_("Collective investment"), hidden=True
    )
    day: Mapped[str | None] = field(Date(), N_("Day"), column=1, required=True, index=True)
    what: Mapped[str | None] = field(
        Choice(codes="fund_entries"), N_("What"), column=2, required=True, default="paid_in"
    )
    investor: Mapped[str | None] = field(
        Link(to="investor"), N_("Investor"), column=3, index=True
    )
    case: Mapped[str | None] = field(Link(to="case"), N_("Enterprise"), column=4)
    amount: Mapped[str | None] = field(Money(), N_("Amount"), column=5, required=True)
    note: Mapped[str | None] = field(Kind(), N_("Note"), column=6)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and amount."""
        return f"{Date().show(values.get('day'))} {Money().show(values.get('amount'))}".strip()


class Loan(Record):
    """A loan, of a cooperative to who receives transfers, or any other (R054)."""

    __tablename__ = "loan"
    __kind__ = "loan"
    __label__ = N_("Loan")
    __plural__ = N_("Loans")
    __prefix__ = "L"
    __main__ = True

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Borrower"), column=1, index=True, required=True
    )
    sender: Mapped[str | None] = field(
        Link(to="person"), N_("Sender whose transfers back it"), column=2, index=True
    )
    link: Mapped[str | None] = field(Kind(), N_("Link between the two"))
    lender: Mapped[str | None] = field(Link(to="organisation"), N_("Lender"), column=3)
    case: Mapped[str | None] = field(Link(to="case"), N_("Project"), index=True)
    amount: Mapped[str | None] = field(Money(), N_("Amount"), column=4, required=True)
    rate: Mapped[float | None] = field(
        Number(decimals=2, low=0, high=1_000), N_("Interest (% a year)"), column=5
    )
    months: Mapped[int | None] = field(
        Number(low=1, high=600), N_("Repaid in (months)"), column=6
    )
    grace: Mapped[int | None] = field(
        Number(low=0, high=120), N_("Months before the first repayment")
    )
    method: Mapped[str | None] = field(
        Choice(codes="repayment_methods"), N_("Repayment"), default="constant_payment"
    )
    starts: Mapped[str | None] = field(Date(), N_("Paid out on"), column=7)
    transfers: Mapped[str | None] = field(Money(), N_("Transfers received a month"))
    guarantee: Mapped[str | None] = field(Kind(), N_("Guarantee"))
    settled: Mapped[bool | None] = field(Boolean(), N_("Paid back"), column=8)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Code and amount."""
        return f"{values.get('code') or ''} {Money().show(values.get('amount'))}".strip()


class Repayment(Record):
    """Money paid back on a loan."""

    __tablename__ = "repayment"
    __kind__ = "repayment"
    __label__ = N_("Repayment")
    __plural__ = N_("Repayments")
    __order__ = "day"

    loan: Mapped[str | None] = field(Link(to="loan", own=True), N_("Loan"), hidden=True)
    day: Mapped[str | None] = field(
        Date(), N_("Day"), column=1, required=True, index=True, begins="today"
    )
    amount: Mapped[str | None] = field(Money(), N_("Amount"), column=2, required=True)
    note: Mapped[str | None] = field(Kind(), N_("Note"), column=3)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Day and amount."""
        return f"{Date().show(values.get('day'))} {Money().show(values.get('amount'))}".strip()

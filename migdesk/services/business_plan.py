"""The business plan of a dossier: from what is stored to its sums, and what they lack.

A plan is in one currency; amounts in another are never converted, they are left out and
named. Stored values come in as mappings, so a form can show the figures of what is being
typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from migdesk.i18n import _, ngettext
from migdesk.models.kinds import HOME, Money, money, places_of, split_money

from . import records
from .loans import ANNUITY, INTEREST, Instalment, Loan, LoanTerms, schedule
from .plan_sums import EVEN, MONTHS, Cost, Investment, Plan, Product, Source, Sums, sums

Values = Mapping[str, Any]
RHYTHMS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
PRIVATE = "family_living"


@dataclass(frozen=True)
class Demand:
    """A group of customers: units a month in all, and those to win."""

    who: str
    units: Decimal
    won: Decimal


@dataclass(frozen=True)
class Repayment:
    """A loan with its table."""

    source: str
    loan: Loan
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True)
class PlanView:
    """The plan worked out. `start` is its first month; `problems` say in words what is left
    out or does not hold; `drawn` is whether there is anything to draw."""

    currency: str
    start: date
    plan: Plan
    sums: Sums
    loans: tuple[Repayment, ...]
    demand: tuple[Demand, ...]
    problems: tuple[str, ...]

    @property
    def drawn(self) -> bool:
        """Whether anything was planned."""
        return bool(self.plan.products or self.plan.costs)

    def money(self, amount: Decimal) -> str:
        """An amount with its currency, for a person."""
        return Money().show(money(amount, self.currency))

    def month(self, number: int) -> date:
        """First day of a month of the plan, from 0."""
        ahead = self.start.month - 1 + number
        return date(self.start.year + ahead // 12, ahead % 12 + 1, 1)

    @property
    def wanted(self) -> Decimal:
        """Units that the customers to win buy in a month."""
        return sum((each.won for each in self.demand), Decimal(0))

    @property
    def planned(self) -> Decimal:
        """Units that the plan sells in an ordinary month."""
        return sum((each.units for each in self.plan.products), Decimal(0))


@dataclass(frozen=True)
class Parts:
    """What a plan is made of, as stored: the case and its lines by kind."""

    case: Values
    lines: Mapping[str, Sequence[Values]]

    def of(self, kind: str) -> Sequence[Values]:
        """Lines of a kind."""
        return self.lines.get(kind, ())


KINDS = ("plan_sale", "plan_cost", "budget_line", "finance_line", "demand")


def plan(session: Session, id: str) -> PlanView:
    """The plan of a case; raises Gone."""
    case = records.get(session, "case", id)
    lines = {k: [v.values for v in records.lines_of(session, k, id)] for k in KINDS}
    return work_out(Parts(case.values, lines))


def work_out(parts: Parts) -> PlanView:
    """The plan of stored values."""
    reader = _Reader(parts)
    made = Plan(
        start=reader.start.month,
        places=reader.places,
        opening=reader.amount(parts.case.get("opening_cash")),
        tax=_number(parts.case.get("tax")),
        products=tuple(reader.products()),
        costs=tuple(reader.costs()),
        investments=tuple(reader.investments()),
        sources=tuple(reader.sources()),
    )
    found = sums(made)
    view = PlanView(
        reader.currency,
        reader.start,
        made,
        found,
        tuple(reader.loans),
        tuple(_demand(parts.of("demand"))),
        (),
    )
    return _with_problems(view, reader)


class _Reader:
    """Reads stored values into a plan, and notes what it had to leave out."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.currency = str(parts.case.get("currency") or _usual_currency(parts))
        self.places = places_of(self.currency)
        self.start = first_month(parts.case.get("plan_start"))
        self.strange = 0
        self.notes: list[str] = []
        self.loans: list[Repayment] = []

    def amount(self, stored: str | None) -> Decimal:
        """The amount in the currency of the plan, 0 and a note for another currency."""
        if not stored:
            return Decimal(0)
        amount, currency = split_money(stored)
        if currency != self.currency:
            self.strange += 1
            return Decimal(0)
        return amount

    def products(self) -> Iterable[Product]:
        for line in self.parts.of("plan_sale"):
            season = read_season(line.get("season"))
            if season is None:
                said = _("the season of “{name}” is not twelve figures")
                self.notes.append(said.format(name=line.get("what") or ""))
            yield Product(
                str(line.get("what") or ""),
                _number(line.get("units")),
                self.amount(line.get("price")),
                self.amount(line.get("cost")),
                season or EVEN,
                _number(line.get("growth")),
                int(line.get("first") or 1) - 1,
                int(line.get("paid_after") or 0),
                int(line.get("pay_after") or 0),
                int(line.get("stock") or 0),
            )

    def costs(self) -> Iterable[Cost]:
        for line in self.parts.of("plan_cost"):
            yield Cost(
                str(line.get("what") or ""),
                self.amount(line.get("amount")) * _quantity(line),
                RHYTHMS.get(str(line.get("every")), 1),
                int(line.get("first") or 1) - 1,
                int(line.get("last") or MONTHS) - 1,
                _number(line.get("growth")),
                int(line.get("paid_after") or 0),
                line.get("nature") == PRIVATE,
            )

    def investments(self) -> Iterable[Investment]:
        for line in self.parts.of("budget_line"):
            yield Investment(
                str(line.get("what") or ""),
                self._whole(self.amount(line.get("price")) * _quantity(line)),
                int(line.get("month") or 1) - 1,
                int(line.get("life") or 0),
            )

    def sources(self) -> Iterable[Source]:
        for line in self.parts.of("finance_line"):
            if line.get("status") == "refused":
                continue
            name, amount = (
                str(line.get("source") or ""),
                self._whole(self.amount(line.get("amount"))),
            )
            month = int(line.get("month") or 1) - 1
            loan = self._loan(name, amount, line) if line.get("nature") == "loan" else None
            yield Source(name, amount, month, loan)

    def _loan(self, name: str, amount: Decimal, line: Values) -> Loan | None:
        if not line.get("months"):
            self.notes.append(_("how “{name}” is repaid is not noted").format(name=name))
            return None
        loan = Loan(
            amount,
            _number(line.get("rate")),
            int(line["months"]),
            int(line.get("grace") or 0),
            str(line.get("method") or ANNUITY),
            str(line.get("grace_kind") or INTEREST),
        )
        try:
            table = schedule(loan, self.places)
        except LoanTerms as mistake:
            self.notes.append(f"{name}: {mistake.words}")
            return None
        self.loans.append(Repayment(name, loan, table))
        return loan

    def _whole(self, amount: Decimal) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-self.places))


def _with_problems(view: PlanView, reader: _Reader) -> PlanView:
    found = list(reader.notes)
    if reader.strange:
        said = ngettext(
            "{n} amount in another currency than {currency} is left out",
            "{n} amounts in another currency than {currency} are left out",
            reader.strange,
        )
        found.append(said.format(n=reader.strange, currency=view.currency))
    if view.sums.lacking:
        said = _("{amount} more are needed: the cash falls below zero in month {month}")
        amount, month = view.money(view.sums.lacking), view.sums.lowest_at + 1
        found.append(said.format(amount=amount, month=month))
    if view.demand and view.planned > view.wanted:
        said = _("more is planned to be sold ({planned}) than customers would buy ({wanted})")
        found.append(said.format(planned=shown(view.planned), wanted=shown(view.wanted)))
    return PlanView(
        view.currency, view.start, view.plan, view.sums, view.loans, view.demand, tuple(found)
    )


def figure(amount: Decimal, places: int) -> str:
    """An amount without its currency, with the decimals of it."""
    from babel.numbers import format_decimal

    from migdesk.i18n import language

    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(amount, pattern, locale=language()))


def shown(number: Decimal) -> str:
    """A number of units for a person, one decimal at most."""
    from babel.numbers import format_decimal

    from migdesk.i18n import language

    return str(format_decimal(round(number, 1), "#,##0.#", locale=language()))


def _demand(lines: Iterable[Values]) -> Iterable[Demand]:
    for line in lines:
        units = _number(line.get("number")) * _number(line.get("units"))
        share = line.get("share")
        part = Decimal(100) if share is None else _number(share)
        yield Demand(str(line.get("who") or ""), units, units * part / 100)


def _usual_currency(parts: Parts) -> str:
    """The first currency of the prices, else that of the country."""
    for kind, name in (
        ("plan_sale", "price"),
        ("plan_cost", "amount"),
        ("budget_line", "price"),
    ):
        for line in parts.of(kind):
            if line.get(name):
                return split_money(line[name])[1]
    return HOME.currency


def first_month(stored: str | None) -> date:
    """First month of a plan; without one, the next January."""
    found = re.match(r"(\d{4})(?:-(\d{2}))?", stored or "")
    if found:
        return date(int(found[1]), int(found[2] or 1), 1)
    return date(date.today().year + 1, 1, 1)


def read_season(typed: str | None) -> tuple[Decimal, ...] | None:
    """Twelve percentages, January first, parted by spaces or semicolons; an ordinary year
    for nothing; None for anything else."""
    words = (typed or "").replace(";", " ").replace(",", ".").replace("%", " ").split()
    if not words:
        return EVEN
    try:
        found = tuple(Decimal(word) for word in words)
    except InvalidOperation:
        return None
    fits = len(found) == 12 and all(part.is_finite() and 0 <= part <= 10_000 for part in found)
    return found if fits else None


def _number(value: Any) -> Decimal:
    return Decimal(str(value)) if value is not None else Decimal(0)


def _quantity(line: Values) -> Decimal:
    quantity = line.get("quantity")
    return Decimal(1) if quantity is None else Decimal(str(quantity))

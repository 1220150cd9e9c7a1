"""How running businesses do: profit or loss month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from migdesk.models.kinds import Money, money, split_money

from .views import View


@dataclass(frozen=True)
class Result:
    """What a month brought: `month` and `shown` for a person, `result` as stored money;
    below zero it is a loss."""

    visit: View
    month: str
    income: Decimal
    spending: Decimal
    result: str

    @property
    def amount(self) -> Decimal:
        """Income less spending."""
        return self.income - self.spending

    @property
    def shown(self) -> str:
        """The result for a person."""
        return Money().show(self.result)


def results(visits: Iterable[View]) -> tuple[Result, ...]:
    """Results by month, oldest first. Visits that lack a figure, or tell income and spending
    in two currencies, have none; months in another currency than the last one neither."""
    found = [(visit, currency) for visit in visits if (currency := _currency(visit))]
    found.sort(key=lambda pair: (pair[0].values["month"] or "", pair[0].id))
    if not found:
        return ()
    usual = found[-1][1]
    return tuple(_result(visit, usual) for visit, currency in found if currency == usual)


def _currency(visit: View) -> str:
    """Currency of both figures of a visit; "" if one lacks or they differ."""
    figures = [visit.values[name] for name in ("income", "spending")]
    if not all(figures):
        return ""
    first, second = (split_money(figure)[1] for figure in figures)
    return first if first == second else ""


def _result(visit: View, currency: str) -> Result:
    income, spending = (split_money(visit.values[n])[0] for n in ("income", "spending"))
    return Result(
        visit, visit.shown["month"], income, spending, money(income - spending, currency)
    )


def total(found: Iterable[Result]) -> str:
    """Sum of results as stored money, "" for none."""
    amounts = [split_money(each.result) for each in found]
    if not amounts:
        return ""
    return money(sum((amount for amount, _c in amounts), Decimal(0)), amounts[0][1])

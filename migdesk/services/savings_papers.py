"""Sums of household budgets, savings groups, collective investments and loans, on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.dates import parse_day, show_fuzzy
from migdesk.models.kinds import Money, add_money, money, split_money
from migdesk.printing.blocks import Block, Column, Paragraph, Total
from migdesk.printing.sheets.common import section, table

from . import loans, records
from .cases import shown_sum, shown_tenth
from .records import View
from .savings import (
    balance_of_group,
    balances,
    budget_sums,
    entries_of_investor,
    entries_of_member,
    invested,
)


def household_budget(session: Session, view: View) -> Sequence[Block]:
    """Each side of the budget with its sum, and what is left at the end of the month."""
    lines = records.lines_of(session, "household_budget_line", view.id)
    sums = budget_sums(lines, view.values["reserve"])
    blocks: list[Block] = []
    for side, (words, sum_of) in sums.sides.items():
        rows = [(w.title, w.shown["amount"]) for w in lines if w.values["side"] == side]
        made = table(
            [Column(words), Column(_("A month"), "end")],
            rows,
            totals=[Total((_("Total"), shown_sum(sum_of)))],
        )
        blocks += section(words, made)
    left = (_("Left at the end of the month"), shown_sum(sums.left))
    short = any(amount < 0 for amount in sums.left.values())
    total = Total(left, "warning") if short else Total(left)
    blocks.append(table([Column(""), Column("", "end")], [], totals=[total]))
    if sums.months is not None:
        words = _("Months of spending that the reserve covers: {n}.")
        blocks.append(Paragraph(words.format(n=shown_tenth(sums.months))))
    return blocks


def savings_balances(session: Session, view: View) -> Sequence[Block]:
    """What each member has saved, borrowed and owes, and what the group holds."""
    rows = [
        (
            b.name,
            shown_sum(b.saved),
            shown_sum(b.borrowed),
            shown_sum(b.repaid),
            shown_sum(b.owed),
        )
        for b in balances(session, view.id)
    ]
    columns = [
        Column(_("Member")),
        *(
            Column(words, "end")
            for words in (_("Deposits"), _("Borrowed"), _("Paid back"), _("Still owed"))
        ),
    ]
    held = Total((_("In the box"), shown_sum(balance_of_group(session, view.id)), "", "", ""))
    return section(_("Members"), table(columns, rows, totals=[held]))


def member_statement(session: Session, view: View) -> Sequence[Block]:
    """A member's entries with the balance after each."""
    rows = entries_of_member(session, view.values["group"] or "", view.id)
    return _book(
        [(e.shown["day"], e.shown["what"], e.shown["amount"], shown_sum(b)) for e, b in rows]
    )


def investor_statement(session: Session, view: View) -> Sequence[Block]:
    """What an investor paid in and received, and the enterprises of the investment."""
    rows = entries_of_investor(session, view.values["fund"] or "", view.id)
    book = _book(
        [(e.shown["day"], e.shown["what"], e.shown["amount"], shown_sum(b)) for e, b in rows]
    )
    enterprises = [
        (name, shown_sum(put), shown_sum(returned))
        for name, put, returned in invested(session, view.values["fund"] or "")
    ]
    columns = [
        Column(_("Enterprise")),
        Column(_("Invested"), "end"),
        Column(_("Returned"), "end"),
    ]
    return [*book, *section(_("Enterprises"), table(columns, enterprises))]


def _book(rows: Sequence[tuple[str, str, str, str]]) -> list[Block]:
    columns = [
        Column(_("Day")),
        Column(_("What")),
        Column(_("Amount"), "end"),
        Column(_("Balance"), "end"),
    ]
    return section(_("Entries"), table(columns, rows))


def loan_schedule(session: Session, view: View) -> Sequence[Block]:
    """Every payment of a loan, and what is still to pay."""
    terms = terms_of(view)
    if terms is None:
        return [Paragraph(_("Give the amount and the number of months."), "hint")]
    currency = split_money(view.values["amount"])[1]
    plan = loans.schedule(terms, get_currency_precision(currency))
    paid = add_money(
        [r.values["amount"] for r in records.lines_of(session, "repayment", view.id)]
    ).get(currency, Decimal(0))

    def told(amount: Decimal) -> str:
        return Money().show(money(amount, currency))

    start = parse_day(view.values["starts"] or "")
    rows = [
        (
            str(part.number),
            show_fuzzy(month_after(start, part.number).isoformat()) if start else "",
            told(part.principal),
            told(part.interest),
            told(part.principal + part.interest),
            told(part.balance),
        )
        for part in plan
    ]
    due = sum((part.principal + part.interest for part in plan), Decimal(0))
    columns = [
        Column(_("No.")),
        Column(_("Due")),
        *(
            Column(words, "end")
            for words in (_("Principal"), _("Interest"), _("Payment"), _("Still owed"))
        ),
    ]
    sums = _sums(plan)
    totals = [Total((_("Total"), "", told(sums[0]), told(sums[1]), told(due), ""))]
    made = table(columns, rows, totals=totals)
    words = _("Paid back so far: {paid}. Still to pay: {left}.")
    left = words.format(paid=told(paid), left=told(due - paid))
    return [*section(_("Payments"), made), Paragraph(left)]


def _sums(plan: Iterable[loans.Instalment]) -> tuple[Decimal, Decimal]:
    parts = list(plan)
    zero = Decimal(0)
    return sum((p.principal for p in parts), zero), sum((p.interest for p in parts), zero)


def terms_of(view: View) -> loans.Loan | None:
    """The terms of a loan record, None while the amount or the time is not known."""
    values = view.values
    if not values["amount"] or not values["months"]:
        return None
    amount = split_money(values["amount"])[0]
    rate = Decimal(str(values["rate"] or 0))
    grace = min(values["grace"] or 0, values["months"] - 1)
    method = loans.PRINCIPAL if values["method"] == "constant_principal" else loans.ANNUITY
    if values["method"] == "at_the_end":
        grace = values["months"] - 1
    return loans.Loan(amount, rate, values["months"], grace, method)


def month_after(start: date, months: int) -> date:
    """The same day, `months` later; the last of a shorter month."""
    from calendar import monthrange

    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


MADE = {
    "household-budget": household_budget,
    "savings-balances": savings_balances,
    "member-statement": member_statement,
    "investor-statement": investor_statement,
    "loan-schedule": loan_schedule,
}

"""Sums of a household's month, of a savings group and of a collective investment.

Amounts are kept by currency and never added together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.models.kinds import add_money, split_money

from . import records
from .records import View

Sum = dict[str, Decimal]

_INTO_GROUP = frozenset({"deposit", "repayment", "interest", "fine"})
_SAVED = {"deposit": 1, "withdrawal": -1}
_INTO_FUND = frozenset({"paid_in"})


@dataclass(frozen=True)
class Budget:
    """`sides`: code of the side → its words and sum; `left` may be below zero; `months` of
    spending that the reserve covers, None where it cannot be said."""

    sides: dict[str, tuple[str, Sum]]
    left: Sum
    months: Decimal | None = None


def budget_sums(lines: Iterable[View], reserve: str | None = None) -> Budget:
    """Sums of a household budget from its lines; `reserve` is stored money."""
    held = list(lines)
    sides: dict[str, tuple[str, Sum]] = {}
    left: Sum = {}
    for item in codelists.get("budget_sides"):
        total = add_money([w.values["amount"] for w in held if w.values["side"] == item.code])
        if total:
            sides[item.code] = (item.label(), total)
        sign = 1 if item.code in ("income", "transfer") else -1
        for currency, amount in total.items():
            left[currency] = left.get(currency, Decimal(0)) + sign * amount
    months = None
    if reserve and "spending" in sides:
        amount, currency = split_money(reserve)
        spent = sides["spending"][1].get(currency)
        months = amount / spent if spent else None
    return Budget(sides, left, months)


@dataclass
class Balance:
    """One member of a savings group; sums by currency."""

    id: str
    name: str
    saved: Sum = field(default_factory=dict)
    borrowed: Sum = field(default_factory=dict)
    repaid: Sum = field(default_factory=dict)

    @property
    def owed(self) -> Sum:
        """Borrowed and not paid back."""
        currencies = set(self.borrowed) | set(self.repaid)
        zero = Decimal(0)
        return {
            c: owed
            for c in currencies
            if (owed := self.borrowed.get(c, zero) - self.repaid.get(c, zero)) > 0
        }


def _add(total: Sum, value: str, sign: int = 1) -> None:
    amount, currency = split_money(value)
    total[currency] = total.get(currency, Decimal(0)) + sign * amount


def balances(session: Session, group: str) -> tuple[Balance, ...]:
    """What each member saved, borrowed and paid back, in the order of the register."""
    found = {
        m.id: Balance(m.id, m.title) for m in records.lines_of(session, "group_member", group)
    }
    for entry in records.lines_of(session, "group_entry", group):
        member = found.get(entry.values["member"] or "")
        what, amount = entry.values["what"], entry.values["amount"]
        if member is None or not amount:
            continue
        if what in _SAVED:
            _add(member.saved, amount, _SAVED[what])
        elif what == "loan":
            _add(member.borrowed, amount)
        elif what == "repayment":
            _add(member.repaid, amount)
    return tuple(found.values())


def balance_of_group(session: Session, group: str) -> Sum:
    """What the group holds: all that came in, less all that went out."""
    total: Sum = {}
    for entry in records.lines_of(session, "group_entry", group):
        if entry.values["amount"]:
            sign = 1 if entry.values["what"] in _INTO_GROUP else -1
            _add(total, entry.values["amount"], sign)
    return total


def entries_of_member(session: Session, group: str, member: str) -> Sequence[tuple[View, Sum]]:
    """A member's entries in their order, each with what the member has saved after it."""
    saved: Sum = {}
    found = []
    for entry in records.lines_of(session, "group_entry", group):
        if entry.values["member"] != member:
            continue
        _add(saved, entry.values["amount"], _SAVED.get(entry.values["what"], 0))
        found.append((entry, dict(saved)))
    return found


def entries_of_investor(
    session: Session, fund: str, investor: str
) -> Sequence[tuple[View, Sum]]:
    """An investor's entries in their order, each with what is still invested after it."""
    held: Sum = {}
    found = []
    for entry in records.lines_of(session, "fund_entry", fund):
        if entry.values["investor"] != investor:
            continue
        sign = 1 if entry.values["what"] in _INTO_FUND else -1
        _add(held, entry.values["amount"], sign)
        found.append((entry, dict(held)))
    return found


def invested(session: Session, fund: str) -> tuple[tuple[str, Sum, Sum], ...]:
    """Enterprises of a collective investment: name, put in, returned."""
    found: dict[str, tuple[str, Sum, Sum]] = {}
    for entry in records.lines_of(session, "fund_entry", fund):
        case, what = entry.values["case"], entry.values["what"]
        if not case or what not in ("invested", "returned"):
            continue
        line = found.setdefault(case, (entry.shown["case"], {}, {}))
        _add(line[1] if what == "invested" else line[2], entry.values["amount"])
    return tuple(found.values())

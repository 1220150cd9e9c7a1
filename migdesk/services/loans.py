"""Repayment of a loan, month by month, to the last unit of its currency. Pure sums.

Interest of a month is a twelfth of the yearly rate on what is still owed, rounded to the
decimals of the currency. What rounding leaves over is paid with the last instalment, so the
balance ends at zero and the repaid principal is the amount lent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import accumulate

from migdesk.errors import Mistake
from migdesk.i18n import N_

ANNUITY, PRINCIPAL = "annuity", "principal"
INTEREST, CAPITALISED = "interest", "capitalised"
LONGEST = 600
ZERO = Decimal(0)


class LoanTerms(Mistake):
    """A loan that cannot be repaid as it is described."""

    code = "PLN-001"
    text = N_("The grace period must be shorter than the {months} months of the loan.")


@dataclass(frozen=True)
class Loan:
    """`rate` is in percent a year; `months` is the whole term, with its `grace` months.
    `method`: the same payment each month, or the same principal. In the grace period the
    interest is paid, or added to what is owed (`grace_kind`)."""

    amount: Decimal
    rate: Decimal
    months: int
    grace: int = 0
    method: str = ANNUITY
    grace_kind: str = INTEREST


@dataclass(frozen=True)
class Instalment:
    """What a month brings; `principal` is below zero while interest is added to the debt.
    `balance` is what is owed afterwards."""

    number: int
    interest: Decimal
    principal: Decimal
    balance: Decimal

    @property
    def payment(self) -> Decimal:
        """Interest and principal together."""
        return self.interest + self.principal


def rounded(amount: Decimal, places: int) -> Decimal:
    """Amount with so many decimals, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def whole(exact: Iterable[Decimal], places: int) -> list[Decimal]:
    """Amounts rounded so that each sum from the first one on is rounded right: no unit is
    lost or made, however many there are."""
    sums = [rounded(total, places) for total in accumulate(exact)]
    return [now - before for before, now in zip([ZERO, *sums], sums, strict=False)]


def schedule(loan: Loan, places: int) -> tuple[Instalment, ...]:
    """All instalments of a loan; raises LoanTerms. `places`: decimals of the currency."""
    if not 0 <= loan.grace < loan.months <= LONGEST:
        raise LoanTerms("grace", months=loan.months)
    with localcontext() as context:
        context.prec = 60
        return tuple(_instalments(loan, places))


def _instalments(loan: Loan, places: int) -> Iterable[Instalment]:
    monthly = loan.rate / 1200
    owed = rounded(loan.amount, places)
    for number in range(1, loan.grace + 1):
        interest = rounded(owed * monthly, places)
        added = interest if loan.grace_kind == CAPITALISED else ZERO
        owed += added
        yield Instalment(number, interest, -added, owed)
    left = loan.months - loan.grace
    equal = whole([owed / left] * left, places)
    payment = rounded(annuity(owed, monthly, left), places)
    for place in range(left):
        interest = rounded(owed * monthly, places)
        principal = equal[place] if loan.method == PRINCIPAL else payment - interest
        last = place == left - 1
        principal = owed if last else max(min(principal, owed), ZERO)
        owed -= principal
        yield Instalment(loan.grace + place + 1, interest, principal, owed)


def annuity(amount: Decimal, monthly: Decimal, months: int) -> Decimal:
    """The constant payment that repays `amount`, not rounded."""
    if not monthly:
        return amount / months
    return amount * monthly / (1 - (1 + monthly) ** -months)

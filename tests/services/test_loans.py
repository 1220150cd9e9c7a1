"""Repayment tables beside figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.services.loans import (
    CAPITALISED,
    PRINCIPAL,
    Loan,
    LoanTerms,
    annuity,
    schedule,
    whole,
)


def D(text: str | int) -> Decimal:
    return Decimal(text)


def rows(loan: Loan, places: int = 0) -> list[tuple[int, int, int]]:
    found = schedule(loan, places)
    return [(int(i.interest), int(i.principal), int(i.balance)) for i in found]


def test_a_constant_annuity_by_hand() -> None:
    """1 200 000 at 12 % a year over 12 months. A month is 1 %; the payment is
    1 200 000 × 0.01 ÷ (1 − 1.01⁻¹²) = 106 618.55, so 106 619."""
    assert annuity(D(1_200_000), D("0.01"), 12).quantize(D("0.01")) == D("106618.55")
    found = rows(Loan(D(1_200_000), D(12), 12))
    assert found[:3] == [
        (12_000, 94_619, 1_105_381),
        (11_054, 95_565, 1_009_816),
        (10_098, 96_521, 913_295),
    ]
    payments = {interest + principal for interest, principal, _left in found[:-1]}
    assert payments == {106_619}
    # The last one takes what rounding left over: 5 less than the others.
    interest, principal, left = found[-1]
    assert (interest, interest + principal, left) == (1_056, 106_614, 0)


def test_constant_principal_by_hand() -> None:
    """1 000 000 at 9 % over 3 months: thirds of 333 333, 333 334, 333 333; the interest is
    0.75 % of 1 000 000, of 666 667 and of 333 333."""
    loan = Loan(D(1_000_000), D(9), 3, method=PRINCIPAL)
    assert rows(loan) == [
        (7_500, 333_333, 666_667),
        (5_000, 333_334, 333_333),
        (2_500, 333_333, 0),
    ]


def test_grace_with_interest_paid_by_hand() -> None:
    """600 000 at 10 %, 6 months of which 2 of grace: 5 000 of interest twice, then 150 000
    of principal four times."""
    loan = Loan(D(600_000), D(10), 6, grace=2, method=PRINCIPAL)
    assert rows(loan) == [
        (5_000, 0, 600_000),
        (5_000, 0, 600_000),
        (5_000, 150_000, 450_000),
        (3_750, 150_000, 300_000),
        (2_500, 150_000, 150_000),
        (1_250, 150_000, 0),
    ]


def test_grace_with_interest_added_by_hand() -> None:
    """600 000 at 12 %, 4 months of which 2 of grace: the debt grows to 606 000, then to
    612 060, and is paid back in two payments of 310 628 (612 060 × 0.01 ÷ (1 − 1.01⁻²) =
    310 628.06), the last with what is left over."""
    loan = Loan(D(600_000), D(12), 4, grace=2, grace_kind=CAPITALISED)
    assert rows(loan) == [
        (6_000, -6_000, 606_000),
        (6_060, -6_060, 612_060),
        (6_121, 304_507, 307_553),
        (3_076, 307_553, 0),
    ]


def test_cents_are_kept_where_the_currency_has_them() -> None:
    found = schedule(Loan(D("100.00"), D(0), 3), 2)
    assert [i.payment for i in found] == [D("33.33"), D("33.33"), D("33.34")]


def test_a_grace_period_as_long_as_the_loan_is_refused() -> None:
    with pytest.raises(LoanTerms) as told:
        schedule(Loan(D(1), D(1), 6, grace=6), 0)
    assert "6" in told.value.words


loans = st.builds(
    Loan,
    st.decimals(0, 10**10, places=2),
    st.decimals(0, 60, places=2),
    st.integers(7, 60),
    st.integers(0, 6),
    st.sampled_from(("annuity", "principal")),
    st.sampled_from(("interest", "capitalised")),
)


@given(loans, st.sampled_from((0, 2, 3)))
def test_no_unit_is_lost(loan: Loan, places: int) -> None:
    found = schedule(loan, places)
    lent = found[0].balance + found[0].principal
    assert len(found) == loan.months
    assert abs(lent - loan.amount) < 1
    assert sum(i.principal for i in found) == lent
    assert found[-1].balance == 0
    assert all(before.balance - now.principal == now.balance for before, now in pairwise(found))
    assert all(i.principal >= 0 for i in found[loan.grace :])
    assert all(i.payment.as_tuple().exponent >= -places for i in found)


@given(st.lists(st.decimals(-(10**9), 10**9, places=4), max_size=40), st.integers(0, 3))
def test_rounded_parts_add_up(exact: list[Decimal], places: int) -> None:
    found = whole(exact, places)
    step = Decimal(1).scaleb(-places)
    assert len(found) == len(exact)
    assert abs(sum(found) - sum(exact)) <= step / 2
    assert all(part % step == 0 for part in found)
    assert all(abs(a - b) <= step for a, b in zip(found, exact, strict=True))

"""The sums of a business plan beside figures worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from migdesk.services.loans import Loan
from migdesk.services.plan_sums import (
    EVEN,
    MONTHS,
    Cost,
    Investment,
    Month,
    Plan,
    Product,
    Source,
    Sums,
    sums,
)

D = Decimal


def first(found: Sums, of: Callable[[Month], Decimal], n: int) -> list[int]:
    return [int(of(month)) for month in found.months[:n]]


def test_an_egg_farm_by_hand() -> None:
    """600 trays a month at 2 500, feed for 1 500 a tray; a keeper at 90 000 a month and rent
    of 120 000 each quarter; a hen house of 1 800 000 kept 5 years (30 000 a month); own
    funds of 2 000 000; no delays."""
    plan = Plan(
        products=(Product("eggs", D(600), D(2500), D(1500)),),
        costs=(Cost("keeper", D(90_000)), Cost("rent", D(120_000), every=3)),
        investments=(Investment("house", D(1_800_000), life=5),),
        sources=(Source("own", D(2_000_000)),),
        tax=D(10),
    )
    found = sums(plan)
    month, year = found.months[0], found.years[0]
    assert (month.sales, month.goods, month.margin) == (1_500_000, 900_000, 600_000)
    assert (month.running, month.written_off) == (210_000, 30_000)
    assert month.profit == 360_000
    # 2 000 000 brought in, 1 800 000 for the house, 600 000 earned, 210 000 paid.
    assert month.cash == 590_000
    # A month without rent: 600 000 − 90 000.
    assert found.months[1].cash == 590_000 + 510_000
    # A year: 7 200 000 of margin, 1 080 000 + 480 000 + 360 000 of fixed costs.
    assert (year.sales, year.goods) == (18_000_000, 10_800_000)
    assert year.profit + year.tax == 5_280_000
    assert year.tax == 528_000
    # 1 920 000 of fixed costs at a margin of 40 % need 4 800 000 of sales.
    assert year.even == 4_800_000
    assert year.even_month == 1
    assert year.safety is not None
    assert round(year.safety, 2) == D("73.33")
    # 2 000 000 − 1 800 000 + 7 200 000 − 1 560 000 − 528 000.
    assert year.cash == 5_312_000
    assert (found.lowest, found.lowest_at, found.lacking) == (590_000, 0, 0)


def test_season_growth_and_a_later_start_by_hand() -> None:
    """Mangoes: 100 crates of 1 000 in an ordinary month, twice as many in June, none from
    November to March; from the third month on; a fifth more each year. The plan begins in
    April."""
    season = tuple(map(D, (0, 0, 0, 100, 100, 200, 100, 100, 100, 100, 0, 0)))
    crates = Product("crates", D(100), D(1000), season=season, growth=D(20), first=2)
    found = sums(Plan(start=4, products=(crates,)))
    thousands = [int(month.sales) // 1000 for month in found.months]
    assert thousands[:12] == [0, 0, 200, 100, 100, 100, 100, 0, 0, 0, 0, 0]
    assert thousands[12:24] == [120, 120, 240, 120, 120, 120, 120, 0, 0, 0, 0, 0]
    assert thousands[24:29] == [144, 144, 288, 144, 144]


def test_customers_and_suppliers_who_wait_by_hand() -> None:
    """10 bags a month at 100, goods for 40 a bag; customers pay after 2 months, the supplier
    is paid after 1; stock for 1 month ahead. A wage of 50 is paid a month later."""
    bag = Product("bag", D(10), D(100), D(40), paid_after=2, pay_after=1, stock=1)
    found = sums(Plan(products=(bag,), costs=(Cost("wage", D(50), paid_after=1),)))
    assert first(found, lambda m: m.receipts, 4) == [0, 0, 1000, 1000]
    # The first month buys for itself and for the next one; the bill comes a month later.
    assert first(found, lambda m: m.purchases, 4) == [0, 800, 400, 400]
    assert first(found, lambda m: m.stock, 4) == [400, 400, 400, 400]
    assert first(found, lambda m: m.customers_owe, 4) == [1000, 2000, 2000, 2000]
    assert first(found, lambda m: m.owed, 4) == [850, 450, 450, 450]
    assert first(found, lambda m: m.cash, 4) == [0, -850, -300, 250]
    assert (found.lowest, found.lowest_at, found.lacking) == (-850, 1, 850)
    assert first(found, lambda m: m.profit, 2) == [550, 550]


def test_a_loan_costs_interest_and_cash_by_hand() -> None:
    """600 000 at 12 % over 12 months, 50 000 of principal a month, lent in the second month:
    the first interest of 6 000 is paid in the third."""
    loan = Loan(D(600_000), D(12), 12, method="principal")
    plan = Plan(opening=D(100_000), sources=(Source("bank", D(600_000), month=1, loan=loan),))
    found = sums(plan)
    assert first(found, lambda m: m.cash, 4) == [100_000, 700_000, 644_000, 588_500]
    assert first(found, lambda m: m.loans, 4) == [0, 600_000, 550_000, 500_000]
    assert first(found, lambda m: m.interest, 4) == [0, 0, 6_000, 5_500]
    # 6 000 + 5 500 + … + 500 in all.
    assert sum(year.interest for year in found.years) == 39_000
    assert found.months[13].loans == 0
    assert found.years[0].even is None


def test_what_the_owner_takes_out_is_no_cost_but_leaves_the_cash() -> None:
    shop = Product("shop", D(1), D(100))
    found = sums(Plan(products=(shop,), costs=(Cost("home", D(30), private=True),)))
    assert (found.years[0].profit, found.years[0].taken_out) == (1200, 360)
    assert found.years[0].cash == 840


def test_a_sale_that_costs_more_than_it_brings_has_no_break_even() -> None:
    found = sums(Plan(products=(Product("x", D(1), D(10), D(12)),)))
    assert found.years[0].even is None
    assert found.years[0].safety is None
    assert found.years[0].tax == 0


def test_costs_are_covered_late_in_the_year() -> None:
    """A cost of 700 at once and 100 earned a month: the seventh month covers it."""
    trade = Product("trade", D(1), D(100))
    once = Cost("licence", D(700), every=12)
    assert sums(Plan(products=(trade,), costs=(once,))).years[0].even_month == 7
    never = Cost("licence", D(1300), every=12)
    assert sums(Plan(products=(trade,), costs=(never,))).years[0].even_month == 0


def test_thirds_are_not_lost() -> None:
    """A third of a tray at 1 000 sells for 333, 334, 333: 12 000 in three years."""
    found = sums(Plan(products=(Product("x", D(1) / 3, D(1000)),)))
    assert first(found, lambda m: m.sales, 3) == [333, 334, 333]
    assert sum(year.sales for year in found.years) == 12_000


amounts = st.decimals(0, 10**7, places=2)
few = st.integers(0, 4)
percents = st.tuples(*[st.decimals(0, 300, places=0)] * 12)
products = st.builds(
    Product,
    st.just("p"),
    st.decimals(0, 10**4, places=2),
    amounts,
    amounts,
    st.one_of(st.just(EVEN), percents),
    st.decimals(-50, 80, places=1),
    st.integers(0, 40),
    few,
    few,
    few,
)
costs = st.builds(
    Cost,
    st.just("c"),
    amounts,
    st.sampled_from((1, 3, 6, 12)),
    st.integers(0, 40),
    st.integers(0, 40),
    st.decimals(-20, 30, places=1),
    few,
    st.booleans(),
)
things = st.builds(
    Investment, st.just("i"), st.integers(0, 10**8).map(D), st.integers(0, 40), few
)
lent = st.builds(
    Loan,
    st.integers(0, 10**8).map(D),
    st.decimals(0, 40, places=1),
    st.integers(5, 48),
    few,
    st.sampled_from(("annuity", "principal")),
    st.sampled_from(("interest", "capitalised")),
)
gifts = st.builds(Source, st.just("g"), st.integers(0, 10**8).map(D), st.integers(0, 40))
debts = st.builds(lambda loan, m: Source("l", loan.amount, m, loan), lent, st.integers(0, 40))
plans = st.builds(
    Plan,
    st.integers(1, 12),
    st.sampled_from((0, 2, 3)),
    st.integers(-(10**6), 10**7).map(D),
    st.decimals(0, 40, places=1),
    st.lists(products, max_size=3).map(tuple),
    st.lists(costs, max_size=3).map(tuple),
    st.lists(things, max_size=2).map(tuple),
    st.lists(st.one_of(gifts, debts), max_size=3).map(tuple),
)


@settings(max_examples=40)
@given(plans)
def test_profit_cash_and_debts_agree(plan: Plan) -> None:
    """What is owned grows by what is earned and brought in, and shrinks by what is taken out:
    in every month, to the last unit."""
    found = sums(plan)
    step = Decimal(1).scaleb(-plan.places)
    own = plan.opening
    for number, month in enumerate(found.months):
        given_ = [s.amount for s in plan.sources if s.loan is None and s.month == number]
        own += month.profit + sum(given_) - month.taken_out
        assert month.own == own
        assert month.sales % step == month.receipts % step == month.repaid % step == 0
    assert len(found.months) == MONTHS


@settings(max_examples=40)
@given(plans)
def test_years_are_the_sums_of_their_months(plan: Plan) -> None:
    found = sums(plan)
    for number, year in enumerate(found.years):
        months = found.months[12 * number : 12 * number + 12]
        assert year.profit == sum(m.profit for m in months)
        assert year.net == sum(m.net for m in months)
        assert year.cash == months[-1].cash
    assert plan.opening + sum(y.net for y in found.years) == found.months[-1].cash
    assert found.lowest == min(m.cash for m in found.months)


@settings(max_examples=40)
@given(plans)
def test_sales_of_three_years_are_rounded_once(plan: Plan) -> None:
    """However the months are cut, the whole differs from the exact sum by less than a unit
    for each product."""
    from migdesk.services.plan_sums import sold

    found = sums(plan)
    exact = sum(
        (sold(p, plan.start, m) * p.price for p in plan.products for m in range(MONTHS)), D(0)
    )
    unit = Decimal(1).scaleb(-plan.places)
    assert abs(sum(y.sales for y in found.years) - exact) <= unit * len(plan.products)

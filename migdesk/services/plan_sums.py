"""The sums of a business plan: three years, month by month. Pure, in one currency.

A month is a number from 0, the first month of the plan. Amounts are rounded to the decimals
of the currency where they first appear, in such a way that sums over months stay right;
after that they are only added, moved to another month and subtracted. So profit, cash and
what is owed always agree: `Month.own` says the same from both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from itertools import accumulate
from typing import TypeVar

from .loans import ZERO, Loan, rounded, schedule, whole

MONTHS = 36
YEARS = MONTHS // 12
EVEN = (Decimal(100),) * 12
Flow = list[Decimal]


@dataclass(frozen=True)
class Product:
    """What is sold. `units` a month at season 100; `season` has 12 percentages, January
    first; `growth` is in percent from one year of the plan to the next. Customers pay
    `paid_after` months later. One unit takes goods for `cost`, bought `stock` months before
    it is sold and paid to the supplier `pay_after` months after that."""

    name: str
    units: Decimal
    price: Decimal
    cost: Decimal = ZERO
    season: tuple[Decimal, ...] = EVEN
    growth: Decimal = ZERO
    first: int = 0
    paid_after: int = 0
    pay_after: int = 0
    stock: int = 0


@dataclass(frozen=True)
class Cost:
    """What is paid whether or not much is sold: `amount` each `every` months, from `first`
    to `last`. `private`: what the owner takes out to live on, which is no cost of the
    business but leaves its cash."""

    name: str
    amount: Decimal
    every: int = 1
    first: int = 0
    last: int = MONTHS
    growth: Decimal = ZERO
    paid_after: int = 0
    private: bool = False


@dataclass(frozen=True)
class Investment:
    """What lasts. It is written off over `life` years in equal parts; 0: it keeps its value
    (land)."""

    name: str
    amount: Decimal
    month: int = 0
    life: int = 0


@dataclass(frozen=True)
class Source:
    """Money or gifts that come in; `loan` if they have to be paid back from the month after
    on."""

    name: str
    amount: Decimal
    month: int = 0
    loan: Loan | None = None


@dataclass(frozen=True)
class Plan:
    """All that is assumed. `start` is the calendar month of month 0 (1 to 12); `places` are
    the decimals of the currency; `tax` is in percent of the profit of a year, paid in its
    last month."""

    start: int = 1
    places: int = 0
    opening: Decimal = ZERO
    tax: Decimal = ZERO
    products: tuple[Product, ...] = ()
    costs: tuple[Cost, ...] = ()
    investments: tuple[Investment, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Month:
    """What is earned (`sales` to `profit`), what is paid (`receipts` to `net`), and what
    stands at its end (`cash` to `own`)."""

    sales: Decimal
    goods: Decimal
    running: Decimal
    written_off: Decimal
    interest: Decimal
    tax: Decimal
    receipts: Decimal
    purchases: Decimal
    running_paid: Decimal
    taken_out: Decimal
    invested: Decimal
    brought_in: Decimal
    repaid: Decimal
    cash: Decimal
    customers_owe: Decimal
    owed: Decimal
    stock: Decimal
    equipment: Decimal
    loans: Decimal

    @property
    def margin(self) -> Decimal:
        """What sales leave once the goods in them are paid."""
        return self.sales - self.goods

    @property
    def fixed(self) -> Decimal:
        """Costs that do not follow the sales."""
        return self.running + self.written_off + self.interest

    @property
    def profit(self) -> Decimal:
        """What is earned, or lost."""
        return self.margin - self.fixed - self.tax

    @property
    def paid(self) -> Decimal:
        """All that leaves the cash box."""
        costs = self.purchases + self.running_paid + self.taken_out + self.tax
        return costs + self.invested + self.repaid

    @property
    def net(self) -> Decimal:
        """Change of the cash box."""
        return self.receipts + self.brought_in - self.paid

    @property
    def own(self) -> Decimal:
        """What would be left if all were sold and repaid at its value in the books."""
        held = self.cash + self.customers_owe + self.stock + self.equipment
        return held - self.owed - self.loans


@dataclass(frozen=True)
class Year:
    """Sums of twelve months; `cash` is what stands at their end. `even` are the sales that
    bring neither profit nor loss, None if a sale costs more than it brings; `even_month` is
    the month of the year (1 to 12) from which on costs are covered, 0 for none."""

    sales: Decimal
    goods: Decimal
    running: Decimal
    written_off: Decimal
    interest: Decimal
    tax: Decimal
    profit: Decimal
    taken_out: Decimal
    net: Decimal
    cash: Decimal
    even: Decimal | None
    even_month: int

    @property
    def safety(self) -> Decimal | None:
        """By how many percent sales may fall before there is a loss; below zero: by how
        many they fall short. None if that cannot be said."""
        if self.even is None or not self.sales:
            return None
        return (self.sales - self.even) * 100 / self.sales


@dataclass(frozen=True)
class Sums:
    """The whole plan. `lowest` is the least cash, at the end of the month `lowest_at`."""

    months: tuple[Month, ...]
    years: tuple[Year, ...]
    lowest: Decimal
    lowest_at: int
    places: int

    @property
    def lacking(self) -> Decimal:
        """Money that has to be found besides, so that bills can always be paid."""
        return max(-self.lowest, ZERO)


def sums(plan: Plan) -> Sums:
    """Work the plan out; raises LoanTerms."""
    with localcontext() as context:
        context.prec = 60
        months = _months(plan)
        years = tuple(_year(months[12 * n : 12 * n + 12], plan.places) for n in range(YEARS))
    cash = [month.cash for month in months]
    lowest = min(cash)
    return Sums(months, years, lowest, cash.index(lowest), plan.places)


def sold(product: Product, start: int, month: int) -> Decimal:
    """Units sold in a month, not rounded."""
    if month < product.first:
        return ZERO
    season = product.season[(start - 1 + month) % 12] / 100
    return product.units * season * _grown(product.growth, month)


def _grown(growth: Decimal, month: int) -> Decimal:
    return (1 + growth / 100) ** (month // 12)


def charged(cost: Cost, month: int) -> Decimal:
    """What a cost amounts to in a month, not rounded."""
    due = cost.first <= month <= cost.last and (month - cost.first) % cost.every == 0
    return cost.amount * _grown(cost.growth, month) if due else ZERO


def _later(flow: Sequence[Decimal], by: int) -> Flow:
    """The same amounts so many months later; what falls after the plan is left out."""
    return [ZERO] * min(by, MONTHS) + list(flow[: max(MONTHS - by, 0)])


def _earlier(flow: Sequence[Decimal], by: int) -> Flow:
    """The same amounts so many months earlier: what the first months need is all bought in
    the first one."""
    return [sum(flow[: by + 1], ZERO), *flow[by + 1 : by + MONTHS]]


Thing = TypeVar("Thing")


def _added(things: Iterable[Thing], flow: Callable[[Thing], Sequence[Decimal]]) -> Flow:
    """Sum of the flows of several things, month by month."""
    total = [ZERO] * MONTHS
    for thing in things:
        for month, amount in enumerate(flow(thing)[:MONTHS]):
            total[month] += amount
    return total


class _Flows:
    """Each kind of amount by month, from which the months are put together."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        products, costs = plan.products, plan.costs
        business = [cost for cost in costs if not cost.private]
        self.sales = _added(products, self._sales)
        self.receipts = _added(products, lambda p: _later(self._sales(p), p.paid_after))
        self.goods = _added(products, self._goods)
        self.bought = _added(products, self._bought)
        self.purchases = _added(products, lambda p: _later(self._bought(p), p.pay_after))
        self.running = _added(business, self._cost)
        self.running_paid = _added(business, lambda c: _later(self._cost(c), c.paid_after))
        self.taken_out = _added([c for c in costs if c.private], self._cost)
        self.invested = _added(plan.investments, lambda i: _once(i.amount, i.month))
        self.written_off = _added(plan.investments, self._written_off)
        self.brought_in = _added(plan.sources, lambda s: _once(s.amount, s.month))
        lent = [source for source in plan.sources if source.loan]
        self.lent = _added(lent, lambda s: _once(s.amount, s.month))
        self.interest = _added(plan.sources, lambda s: self._loan(s, "interest"))
        self.principal = _added(plan.sources, lambda s: self._loan(s, "principal"))
        self.tax = self._tax()

    def _tax(self) -> Flow:
        """A share of the profit of each year, in its last month; nothing of a loss."""
        earned = zip(
            self.sales, self.goods, self.running, self.written_off, self.interest, strict=True
        )
        profits = [sales - sum(costs) for sales, *costs in earned]
        tax = [ZERO] * MONTHS
        for year in range(YEARS):
            profit = max(sum(profits[12 * year : 12 * year + 12], ZERO), ZERO)
            tax[12 * year + 11] = rounded(profit * self.plan.tax / 100, self.plan.places)
        return tax

    def _amounts(self, units: Product, price: Decimal, months: int) -> Flow:
        exact = (sold(units, self.plan.start, month) * price for month in range(months))
        return whole(exact, self.plan.places)

    def _sales(self, product: Product) -> Flow:
        return self._amounts(product, product.price, MONTHS)

    def _goods(self, product: Product) -> Flow:
        return self._amounts(product, product.cost, MONTHS + product.stock)

    def _bought(self, product: Product) -> Flow:
        return _earlier(self._goods(product), product.stock)

    def _cost(self, cost: Cost) -> Flow:
        return whole((charged(cost, month) for month in range(MONTHS)), self.plan.places)

    def _written_off(self, thing: Investment) -> Flow:
        if not thing.life:
            return []
        parts = 12 * thing.life
        return _later(whole([thing.amount / parts] * parts, self.plan.places), thing.month)

    def _loan(self, source: Source, name: str) -> Flow:
        if source.loan is None:
            return []
        found = schedule(source.loan, self.plan.places)
        return _later([getattr(each, name) for each in found], source.month + 1)


def _once(amount: Decimal, month: int) -> Flow:
    return _later([amount], month)


def _months(plan: Plan) -> tuple[Month, ...]:
    f = _Flows(plan)
    cash, customers, owed, stock, equipment, loans = plan.opening, *[ZERO] * 5
    months: list[Month] = []
    for m in range(MONTHS):
        out = f.purchases[m] + f.running_paid[m] + f.taken_out[m] + f.invested[m]
        out += f.interest[m] + f.principal[m] + f.tax[m]
        cash += f.receipts[m] + f.brought_in[m] - out
        customers += f.sales[m] - f.receipts[m]
        owed += f.bought[m] - f.purchases[m] + f.running[m] - f.running_paid[m]
        stock += f.bought[m] - f.goods[m]
        equipment += f.invested[m] - f.written_off[m]
        loans += f.lent[m] - f.principal[m]
        made = Month(
            sales=f.sales[m],
            goods=f.goods[m],
            running=f.running[m],
            written_off=f.written_off[m],
            interest=f.interest[m],
            tax=f.tax[m],
            receipts=f.receipts[m],
            purchases=f.purchases[m],
            running_paid=f.running_paid[m],
            taken_out=f.taken_out[m],
            invested=f.invested[m],
            brought_in=f.brought_in[m],
            repaid=f.interest[m] + f.principal[m],
            cash=cash,
            customers_owe=customers,
            owed=owed,
            stock=stock,
            equipment=equipment,
            loans=loans,
        )
        months.append(made)
    return tuple(months)


def _year(months: Sequence[Month], places: int) -> Year:
    def total(name: str) -> Decimal:
        return sum((getattr(month, name) for month in months), ZERO)

    margin, sales = total("margin"), total("sales")
    even = _up(total("fixed") * sales / margin, places) if margin > 0 else None
    return Year(
        sales=sales,
        goods=total("goods"),
        running=total("running"),
        written_off=total("written_off"),
        interest=total("interest"),
        tax=total("tax"),
        profit=total("profit"),
        taken_out=total("taken_out"),
        net=total("net"),
        cash=months[-1].cash,
        even=even,
        even_month=_covered(months),
    )


def _covered(months: Sequence[Month]) -> int:
    """Month (1 to 12) from which on the margin of the year covers its costs so far."""
    so_far = list(accumulate(month.margin - month.fixed for month in months))
    short = [place for place, left in enumerate(so_far, start=1) if left < 0]
    after = max(short, default=0) + 1
    return after if after <= len(months) else 0


def _up(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_CEILING)

"""Blocks of the business plan and the market study: figures, chart, months, repayment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from babel.dates import format_date
from sqlalchemy.orm import Session

from migdesk.i18n import _, language, ngettext
from migdesk.models.kinds import Choice, Money, Number, money, split_money
from migdesk.printing.blocks import (
    Block,
    Chart,
    Column,
    Grid,
    KeepTogether,
    Note,
    PageBreak,
    Pair,
    Paragraph,
    Section,
    Table,
    Total,
)
from migdesk.printing.sheets.common import section, table

from . import business_plan, records
from .business_plan import PlanView, Repayment, figure, shown
from .loans import Loan
from .plan_sums import EVEN, Month, Year
from .views import View

Row = tuple[str, Callable[[Month], Decimal], bool]


def plan_figures(session: Session, case: View) -> Sequence[Block]:
    """What comes out: three years side by side, the break-even, the cash as a chart."""
    view = business_plan.plan(session, case.id)
    if not view.drawn:
        return [Note(_("No sales and no costs are planned yet."))]
    blocks: list[Block] = []
    if view.problems:
        listed = "\n".join(f"– {problem}" for problem in view.problems)
        blocks.append(Note(listed, _("To be settled"), "warning"))
    blocks += section(_("Three years in figures"), _years(view), aside=view.currency)
    blocks += section(_("Break-even"), _even(view))
    cash = section(
        _("Cash at the end of each quarter"), _cash_chart(view), aside=view.currency
    )
    return [*blocks, KeepTogether(cash)]


def _figures(values: Iterable[Decimal], places: int) -> list[str]:
    return [figure(value, places) for value in values]


def _years(view: PlanView) -> Table:
    columns = [Column(""), *(Column(_("Year {n}").format(n=n), "end") for n in (1, 2, 3))]
    asked: list[tuple[str, Callable[[Year], Decimal], bool]] = [
        (_("Sales"), lambda y: y.sales, False),
        (_("Goods and materials"), lambda y: -y.goods, False),
        (_("Margin"), lambda y: y.sales - y.goods, True),
        (_("Running costs"), lambda y: -y.running, False),
        (_("Equipment written off"), lambda y: -y.written_off, False),
        (_("Interest"), lambda y: -y.interest, False),
        (_("Tax"), lambda y: -y.tax, False),
        (_("Profit"), lambda y: y.profit, True),
        (_("Taken out by the owner"), lambda y: -y.taken_out, False),
        (_("Change of cash"), lambda y: y.net, False),
        (_("Cash at the end"), lambda y: y.cash, True),
    ]
    rows = []
    for label, of, _strong in asked:
        values = [of(year) for year in view.sums.years]
        if any(values) or _strong:
            rows.append((label, *_figures(values, view.plan.places)))
    return Table(columns, rows)


def _even(view: PlanView) -> Table:
    """What must be sold, under each of the three years."""
    columns = [Column(""), *(Column(_("Year {n}").format(n=n), "end") for n in (1, 2, 3))]
    even, below, month = [], [], []
    for year in view.sums.years:
        none = _("none: sales leave no margin")
        even.append(none if year.even is None else view.money(year.even))
        safety = -1.0 if year.even is None or year.safety is None else float(year.safety)
        percent = Number(decimals=2).show(float(round(safety)))
        below.append(_("{n} % below the plan").format(n=percent) if safety >= 0 else "")
        first = _("covered from month {n} on").format(n=year.even_month)
        month.append(first if year.even_month else "")
    rows = [(_("Sales that cover all costs"), *even), ("", *below), ("", *month)]
    return Table(columns, [row for row in rows if any(row[1:])])


def _cash_chart(view: PlanView) -> Chart:
    ends = range(2, len(view.sums.months), 3)
    labels = [month_label(view, number) for number in ends]
    return Chart(labels, [_("Cash")], [[float(view.sums.months[n].cash) for n in ends]])


def month_label(view: PlanView, number: int) -> str:
    """A month of the plan, short."""
    return str(format_date(view.month(number), "MMM yy", locale=language()))


def plan_assumptions(session: Session, case: View) -> Sequence[Block]:
    """What the figures rest on: products, costs, investments."""
    view = business_plan.plan(session, case.id)
    lines = {kind: records.lines_of(session, kind, case.id) for kind in business_plan.KINDS}
    facts = [
        Pair(_("First month"), month_label(view, 0)),
        Pair(_("Currency"), view.currency),
        Pair(_("Cash at the beginning"), case.shown["opening_cash"]),
        Pair(_("Tax on profit in %"), case.shown["tax"]),
    ]
    return [
        *section(_("What is assumed"), Grid(facts)),
        *section(_("Sales"), _products(lines["plan_sale"])),
        *section(_("Running costs"), _listed(lines["plan_cost"], COSTS)),
        *section(_("Investments"), _listed(lines["budget_line"], BUDGET)),
        *section(_("Finance plan"), _listed(lines["finance_line"], SOURCES)),
    ]


COSTS = ("what", "nature", "quantity", "amount", "every")
BUDGET = ("what", "quantity", "price", "month", "life")
SOURCES = ("source", "nature", "status", "amount")
FIGURES = ("quantity", "amount", "price", "month", "life")


def _listed(lines: Sequence[View], names: Sequence[str]) -> Table | None:
    from migdesk.models import RECORDS

    if not lines:
        return None
    about = RECORDS[lines[0].kind]
    columns = [Column(str(about[n].label), "end" if n in FIGURES else "start") for n in names]
    return table(columns, [[line.shown[n] for n in names] for line in lines])


def _products(lines: Sequence[View]) -> Table | None:
    if not lines:
        return None
    columns = [
        Column(_("Product or service"), share=1.3),
        Column(_("Units a month"), "end"),
        Column(_("Price of one"), "end"),
        Column(_("Goods for one"), "end"),
        Column(_("Season, growth, delays"), share=1.6),
    ]
    rows = [
        [
            line.title,
            line.shown["units"],
            line.shown["price"],
            line.shown["cost"],
            _remarks(line),
        ]
        for line in lines
    ]
    return table(columns, rows)


def _remarks(line: View) -> str:
    values = line.values
    said = []
    if business_plan.read_season(values["season"]) != EVEN:
        said.append(_("season {figures}").format(figures=values["season"]))
    if values["growth"]:
        said.append(_("{n} % a year").format(n=line.shown["growth"]))
    if (values["first"] or 1) > 1:
        said.append(_("from month {n}").format(n=values["first"]))
    if values["paid_after"]:
        said.append(
            ngettext(
                "customers pay after {n} month",
                "customers pay after {n} months",
                values["paid_after"],
            ).format(n=values["paid_after"])
        )
    if values["pay_after"]:
        said.append(
            ngettext(
                "suppliers paid after {n} month",
                "suppliers paid after {n} months",
                values["pay_after"],
            ).format(n=values["pay_after"])
        )
    if values["stock"]:
        said.append(
            ngettext("stock for {n} month", "stock for {n} months", values["stock"]).format(
                n=values["stock"]
            )
        )
    return ", ".join(said)


def plan_months(session: Session, case: View) -> Sequence[Block]:
    """Every month: what is earned, what is paid, what is left; half a year in a table."""
    view = business_plan.plan(session, case.id)
    if not view.drawn:
        return []
    blocks: list[Block] = [PageBreak(), Section(_("Month by month"), aside=view.currency)]
    for year in range(3):
        blocks.append(Section(_("Year {n}").format(n=year + 1), level=2))
        for half in range(2):
            first = 12 * year + 6 * half
            blocks.append(KeepTogether([_half(view, range(first, first + 6))]))
    return blocks


def month_rows() -> list[Row]:
    """Lines of a table of months: words, what is shown, and whether it closes a part."""
    return [
        (_("Sales"), lambda m: m.sales, False),
        (_("Goods and materials"), lambda m: -m.goods, False),
        (_("Running costs"), lambda m: -m.running, False),
        (
            _("Written off, interest, tax"),
            lambda m: -(m.written_off + m.interest + m.tax),
            False,
        ),
        (_("Profit"), lambda m: m.profit, True),
        (_("Paid by customers"), lambda m: m.receipts, False),
        (_("Brought in"), lambda m: m.brought_in, False),
        (_("Purchases paid"), lambda m: -m.purchases, False),
        (_("Costs and tax paid"), lambda m: -(m.running_paid + m.tax), False),
        (_("Taken out by the owner"), lambda m: -m.taken_out, False),
        (_("Invested"), lambda m: -m.invested, False),
        (_("Loans repaid"), lambda m: -m.repaid, False),
        (_("Cash at the end"), lambda m: m.cash, True),
    ]


def _half(view: PlanView, numbers: range) -> Table:
    columns = [Column("", share=1.5)]
    columns += [Column(month_label(view, n), "end", 1) for n in numbers]
    rows = []
    months = [view.sums.months[n] for n in numbers]
    for label, of, strong in month_rows():
        values = [of(month) for month in months]
        if strong or any(values):
            rows.append((label, *_figures(values, view.plan.places)))
    return Table(columns, rows)


def plan_loans(session: Session, case: View) -> Sequence[Block]:
    """The repayment table of each loan."""
    view = business_plan.plan(session, case.id)
    blocks: list[Block] = []
    for each in view.loans:
        blocks += repayment(each, view.currency, view.plan.places)
    return blocks


def repayment(each: Repayment, currency: str, places: int) -> list[Block]:
    """The table of one loan, with its terms in words and its cost."""
    columns = [
        Column(_("Month")),
        *(
            Column(words, "end", 1)
            for words in (_("Payment"), _("Interest"), _("Principal"), _("Still owed"))
        ),
    ]
    rows = [
        (str(i.number), *_figures((i.payment, i.interest, i.principal, i.balance), places))
        for i in each.instalments
    ]
    cost = sum((i.interest for i in each.instalments), Decimal(0))
    paid = sum((i.payment for i in each.instalments), Decimal(0))
    totals = [Total((_("Total"), *_figures((paid, cost, paid - cost), places), ""))]
    title = _("Repayment: {source}").format(source=each.source)
    words = Paragraph(loan_words(each.loan, currency))
    return section(title, words, table(columns, rows, totals=totals), aside=currency)


def loan_words(loan: Loan, currency: str) -> str:
    """The terms of a loan in a sentence."""
    said = _("{amount} at {rate} % a year over {months} months; {method}.").format(
        amount=Money().show(money(loan.amount, currency)),
        rate=Number(decimals=2).show(float(loan.rate)),
        months=loan.months,
        method=Choice(codes="loan_methods").show(loan.method).lower(),
    )
    if loan.grace:
        kind = Choice(codes="grace_kinds").show(loan.grace_kind).lower()
        more = _("Months of grace: {n}; interest in them: {kind}.")
        said += " " + more.format(n=loan.grace, kind=kind)
    return said


def market_figures(session: Session, case: View) -> Sequence[Block]:
    """What customers would buy beside what the plan sells."""
    view = business_plan.plan(session, case.id)
    if not view.demand:
        return []
    columns = [
        Column(_("Who buys"), share=2),
        Column(_("Units in a month"), "end"),
        Column(_("to be won"), "end"),
    ]
    rows = [(each.who, shown(each.units), shown(each.won)) for each in view.demand]
    whole = sum((each.units for each in view.demand), Decimal(0))
    totals = [Total((_("Total"), shown(whole), shown(view.wanted)))]
    totals.append(
        Total(
            (_("Planned to be sold"), "", shown(view.planned)),
            "warning" if view.planned > view.wanted else "plain",
        )
    )
    return section(_("Demand in figures"), table(columns, rows, totals=totals))


def prices(session: Session, case: View) -> Sequence[Block]:
    """Our prices beside those of the competitors, where all are in one currency."""
    view = business_plan.plan(session, case.id)
    ours = [(p.name, p.price) for p in view.plan.products if p.price]
    theirs = [
        (line.title, split_money(line.values["price"]))
        for line in records.lines_of(session, "competitor", case.id)
        if line.values["price"]
    ]
    others = [(name, amount) for name, (amount, c) in theirs if c == view.currency]
    if not ours or not others:
        return []
    named = [(_("{name} (ours)").format(name=name), price) for name, price in ours] + others
    chart = Chart([n for n, _p in named], [_("Price")], [[float(p) for _n, p in named]])
    return section(_("Prices compared"), chart, aside=view.currency)


MADE: Mapping[str, Callable[[Session, View], Sequence[Block]]] = {
    "plan_figures": plan_figures,
    "plan_assumptions": plan_assumptions,
    "plan_months": plan_months,
    "plan_loans": plan_loans,
    "market_figures": market_figures,
    "prices": prices,
}

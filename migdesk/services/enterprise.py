"""The five stages of a business project, and what each needs (002 box 8, §3.3)."""

from __future__ import annotations

from datetime import date

from migdesk.i18n import N_, _
from migdesk.models.kinds import Money, add_money, money, split_money

from . import business_plan, follow_up, nearby
from .business_plan import KINDS, Parts, PlanView
from .cases import line_total
from .owners import in_force, shares
from .pipelines import Answer, Condition, Facts, Pipeline, any_of, consent, every, filled, some

HELD = ("held", "not_applicable")


def _plan(facts: Facts) -> PlanView:
    lines = {kind: [view.values for view in facts.lines(kind)] for kind in KINDS}
    return business_plan.work_out(Parts(facts.case.values, lines))


def _similar(facts: Facts) -> Answer:
    """Similar businesses are no obstacle if the market study names its competitors."""
    if not (facts.case.values["sector"] and facts.case.values["place"]):
        return Answer("unknown", _("it needs the sector and the place"))
    found = len(nearby.similar(facts.session, facts.case.id))
    if not found:
        return Answer("met", _("none is known here"))
    said = _("{n} nearby").format(n=found)
    return Answer("met" if facts.lines("competitor") else "unmet", said)


def _financed(facts: Facts) -> Answer:
    need = add_money([line_total(line) for line in facts.lines("budget_line")])
    sources = [s for s in facts.lines("finance_line") if s.values["status"] != "refused"]
    found = add_money([s.values["amount"] for s in sources])
    if not need:
        return Answer("unmet", _("no budget yet"))
    gap = [(c, a - found.get(c, 0)) for c, a in need.items() if a > found.get(c, 0)]
    if gap:
        left = " + ".join(Money().show(money(amount, c)) for c, amount in gap)
        return Answer("unmet", _("{amount} to find").format(amount=left))
    return Answer("met")


def _cash(facts: Facts) -> Answer:
    view = _plan(facts)
    if not view.drawn:
        return Answer("unknown", _("no sales and no costs are planned yet"))
    if view.sums.lacking:
        amount = view.money(view.sums.lacking)
        return Answer("unmet", _("{amount} would be lacking").format(amount=amount))
    return Answer("met", _("never below {amount}").format(amount=view.money(view.sums.lowest)))


def _earns(facts: Facts) -> Answer:
    view = _plan(facts)
    if not view.drawn:
        return Answer("unknown", _("no sales and no costs are planned yet"))
    profit = view.sums.years[-1].profit
    amount = view.money(profit)
    if profit < 0:
        return Answer("unmet", _("a loss of {amount}").format(amount=view.money(-profit)))
    return Answer("met", amount)


def _owned(facts: Facts) -> Answer:
    found = shares([owner.values for owner in facts.lines("owner")])
    if not facts.lines("owner"):
        return Answer("unmet", _("no owner is noted"))
    return Answer("met" if found.whole else "unmet", found.words())


def _mandated(facts: Facts) -> Answer:
    if not facts.case.values["relative"]:
        return Answer("met", _("nobody acts for the promoter"))
    held = [m for m in facts.linked("mandate") if in_force(m, date.today())]
    return Answer("met") if held else Answer("unmet", _("no mandate is in force"))


def _answered(facts: Facts) -> Answer:
    waiting = [
        line.title
        for line in facts.lines("finance_line")
        if line.values["status"] in (None, "to_ask", "lodged")
    ]
    return Answer("unmet", ", ".join(waiting[:4])) if waiting else Answer("met")


def _profitable(facts: Facts) -> Answer:
    found = follow_up.results(facts.linked("follow_visit"))
    if not found:
        return Answer("unknown", _("no visit has told yet"))
    last = found[-1]
    if split_money(last.result)[0] < 0:
        return Answer("unmet", _("a loss in {month}").format(month=last.month))
    return Answer("met", last.shown)


ENTERPRISE = Pipeline(
    "enterprise_pipeline_stages",
    {
        "identify": (
            filled("sector"),
            filled("place"),
            filled("activity"),
            any_of(N_("Somebody coaches the project"), "adviser", "coach", "coach_home"),
            consent(N_("The person agreed to be registered"), "registration"),
        ),
        "elaborate": (
            any_of(N_("The market is described"), "market", "prices"),
            Condition(N_("Similar businesses nearby were looked at"), _similar),
            some("plan_sale", words=N_("Sales are planned")),
            some("budget_line", words=N_("There is a budget")),
            Condition(N_("The money needed is found or asked for"), _financed),
            Condition(N_("The cash never falls below zero"), _cash),
            Condition(N_("The third year brings a profit"), _earns),
        ),
        "formalise": (
            filled("ownership"),
            Condition(N_("The shares of the owners make 100 %"), _owned),
            every(N_("All papers are held"), "paper", "status", HELD),
            Condition(N_("Who acts for the promoter has a mandate"), _mandated),
        ),
        "create": (
            filled("coach_home"),
            Condition(N_("Every source of money has answered"), _answered),
            every(N_("Every step is done or dropped"), "step", "status", ("done", "dropped")),
        ),
        "follow_up": (
            some("follow_visit", 3, N_("Three months of figures")),
            Condition(N_("The business does not lose money"), _profitable),
        ),
    },
)

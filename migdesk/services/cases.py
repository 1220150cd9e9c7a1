"""The project dossier as a whole: sums, gaps, what is missing before the next stage."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from migdesk.i18n import language
from migdesk.models.kinds import HOME, Money, add_money, money, split_money

from . import nearby, pipelines, records
from .views import Gone, View


@dataclass(frozen=True)
class DossierView:
    """A case with its lines. Totals are shown text, one amount for each currency."""

    case: View
    person: View | None
    steps: tuple[View, ...]
    budget: tuple[View, ...]
    finance: tuple[View, ...]
    papers: tuple[View, ...]
    risks: tuple[View, ...]
    budget_total: str
    finance_total: str
    gap: str
    gap_sign: int
    papers_held: int
    stages: tuple[pipelines.Stage, ...]
    similar: tuple[nearby.Similar, ...]
    line_totals: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What the stage of the case still needs, in words."""
        here = next((stage for stage in self.stages if stage.place == "current"), None)
        return tuple(check.said for check in here.lacking) if here else ()


def dossier(session: Session, id: str) -> DossierView:
    """Everything of one case; raises Gone."""
    case = records.get(session, "case", id)
    lines = records.children(session, "case", id)
    budget, finance = lines["budget_line"], lines["finance_line"]
    person = None
    if case.values["person"]:
        try:
            person = records.get(session, "person", case.values["person"])
        except Gone:
            person = None  # not yet arrived from another computer
    costs = [line_total(line) for line in budget]
    need = add_money(costs)
    found = add_money(
        [v.values["amount"] for v in finance if v.values["status"] not in ("refused",)]
    )
    gap = {c: need.get(c, Decimal(0)) - found.get(c, Decimal(0)) for c in {**need, **found}}
    first = next((amount for amount in gap.values() if amount), Decimal(0))
    papers = lines["paper"]
    return DossierView(
        case=case,
        person=person,
        steps=lines["step"],
        budget=budget,
        finance=finance,
        papers=papers,
        risks=lines["risk"],
        budget_total=shown_sum(need),
        finance_total=shown_sum(found),
        gap=shown_sum(gap),
        gap_sign=(first > 0) - (first < 0),
        papers_held=sum(p.values["status"] == "held" for p in papers),
        stages=pipelines.stages(session, case),
        similar=nearby.similar(session, id),
        line_totals=tuple(Money().show(cost) for cost in costs),
    )


def line_total(line: View) -> str | None:
    """Quantity times unit price of a budget line, as stored money."""
    price = line.values["price"]
    if not price:
        return None
    amount, currency = split_money(price)
    quantity = line.values["quantity"]
    return money(amount * Decimal(str(1 if quantity is None else quantity)), currency)


def shown_sum(total: dict[str, Decimal]) -> str:
    """Amounts by currency as text; currencies are never added together."""
    if not total:
        return Money().show(money(Decimal(0), HOME.currency))
    return " + ".join(Money().show(money(amount, c)) for c, amount in sorted(total.items()))


def shown_tenth(number: float | Decimal) -> str:
    """A number with one decimal, as the language writes it."""
    from babel.numbers import format_decimal

    return str(format_decimal(number, format="#,##0.0", locale=language()))


def stages() -> tuple[tuple[str, str], ...]:
    """(code, label) of the stages of a business project, in order."""
    return pipelines.pipeline("project").stages()


def move_to(session: Session, id: str, stage: str, reason: str = "") -> str:
    """Put a case into a stage; raises `pipelines.NotYet` without a reason if something that
    is needed before is lacking."""
    return pipelines.move(session, id, stage, reason)

"""A project on paper: what a promoter signs and a fund reads."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import (
    Block,
    CheckItem,
    CheckList,
    Column,
    Document,
    KeepTogether,
    Note,
    PageBreak,
    Paragraph,
    Party,
    Section,
    Signatures,
    Title,
    Total,
)
from migdesk.printing.sheets.common import Facts, Imprint, facts, page, section, spoken, table


@dataclass(frozen=True)
class BudgetLine:
    """One cost; amounts ready for display."""

    item: str
    quantity: str = ""
    unit_cost: str = ""
    amount: str = ""


@dataclass(frozen=True)
class FinanceLine:
    """One source of money."""

    source: str
    nature: str = ""
    state: str = ""
    amount: str = ""


@dataclass(frozen=True)
class Paper:
    """A required paper; `remark` says who gives it or what is wrong."""

    name: str
    received: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Risk:
    """What may go wrong, how likely, and the answer to it."""

    risk: str
    level: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Step:
    """What has to be done, by whom, by when."""

    what: str
    who: str = ""
    due: str = ""
    state: str = ""


@dataclass(frozen=True)
class ProjectDossier:
    """`gap` is what is still to find, empty when the plan is complete. `facts` are
    the short answers of a section; `texts` its longer ones, titled."""

    imprint: Imprint
    title: str
    summary: str = ""
    stage: str = ""
    cover: Facts = ()
    promoter: Facts = ()
    activity: Facts = ()
    place: Facts = ()
    texts: Facts = ()
    currency: str = ""
    budget: tuple[BudgetLine, ...] = ()
    budget_total: str = ""
    finance: tuple[FinanceLine, ...] = ()
    finance_total: str = ""
    gap: str = ""
    papers: tuple[Paper, ...] = ()
    risks: tuple[Risk, ...] = ()
    steps: tuple[Step, ...] = ()
    annexes: tuple[str, ...] = ()
    promoter_name: str = ""
    adviser_name: str = ""


@spoken
def lay_out(data: ProjectDossier) -> Document:
    """Cover, then the parts that hold something, then signatures."""
    title = _("Project dossier")
    body = [
        *section(_("Promoter"), facts(data.promoter)),
        *section(_("Activity"), facts(data.activity)),
        *section(_("Place"), facts(data.place)),
        *_texts(data),
        *_budget(data),
        *_finance(data),
        *_papers(data),
        *_risks(data),
        *_steps(data),
        *section(_("Annexes"), CheckList([CheckItem(annex) for annex in data.annexes])),
        _signed(data),
    ]
    # A cover of its own only for a project of which there is something to show on it.
    told = bool(data.summary and (data.budget or data.finance))
    apart = [PageBreak()] if told else []
    return page(data.imprint, title, [*_cover(data, title), *apart, *body])


def _cover(data: ProjectDossier, title: str) -> list[Block]:
    stage = _("Stage: {stage}").format(stage=data.stage) if data.stage else ""
    subtitle = " · ".join(part for part in (data.imprint.code, stage) if part)
    blocks: list[Block] = [
        Title(data.title, kicker=title, subtitle=subtitle),
        Paragraph(data.summary, "lead"),
        facts(data.cover),
    ]
    amounts = [
        (_("Total cost"), data.budget_total),
        (_("Found or requested"), data.finance_total),
        (_("Still to find"), data.gap),
    ]
    money = section(_("In figures"), facts(amounts, columns=3), aside=data.currency)
    return [*blocks, *money, *_contents(data)]


def _contents(data: ProjectDossier) -> list[Block]:
    missing = [paper for paper in data.papers if not paper.received]
    if not missing:
        return []
    names = ", ".join(paper.name for paper in missing)
    return [Note(names, _("Papers still missing"), "warning")]


def _texts(data: ProjectDossier) -> list[Block]:
    blocks: list[Block] = []
    for label, text in data.texts:
        blocks += section(label, Paragraph(text))
    return blocks


def _budget(data: ProjectDossier) -> list[Block]:
    columns = [
        Column(_("Item")),
        Column(_("Quantity"), "end"),
        Column(_("Unit cost"), "end"),
        Column(_("Amount"), "end"),
    ]
    rows = [(line.item, line.quantity, line.unit_cost, line.amount) for line in data.budget]
    if not rows:
        return []
    totals = [Total((_("Total"), "", "", data.budget_total))] if data.budget_total else []
    return section(_("Budget"), table(columns, rows, totals=totals), aside=data.currency)


def _finance(data: ProjectDossier) -> list[Block]:
    columns = [
        Column(_("Source")),
        Column(_("Nature")),
        Column(_("State")),
        Column(_("Amount"), "end"),
    ]
    rows = [(line.source, line.nature, line.state, line.amount) for line in data.finance]
    if not rows:
        return []
    totals = []
    if data.finance_total:
        totals.append(Total((_("Found or requested"), "", "", data.finance_total)))
    if data.budget_total:
        totals.append(Total((_("Total cost"), "", "", data.budget_total)))
    if data.gap:
        totals.append(Total((_("Still to find"), "", "", data.gap), "warning"))
    return section(_("Finance plan"), table(columns, rows, totals=totals), aside=data.currency)


def _papers(data: ProjectDossier) -> list[Block]:
    items = [CheckItem(paper.name, paper.received, paper.remark) for paper in data.papers]
    received = sum(paper.received for paper in data.papers)
    count = _("{received} of {total}").format(received=received, total=len(items))
    return section(_("Required papers"), CheckList(items), aside=count)


def _risks(data: ProjectDossier) -> list[Block]:
    columns = [Column(_("Risk")), Column(_("Level")), Column(_("Answer"))]
    rows = [(risk.risk, risk.level, risk.answer) for risk in data.risks]
    return section(_("Risks"), table(columns, rows))


def _steps(data: ProjectDossier) -> list[Block]:
    columns = [Column(_("Step")), Column(_("Who")), Column(_("Due")), Column(_("State"))]
    rows = [(step.what, step.who, step.due, step.state) for step in data.steps]
    return section(_("Next steps"), table(columns, rows))


def _signed(data: ProjectDossier) -> KeepTogether:
    parties = [
        Party(_("The promoter"), data.promoter_name),
        Party(_("The adviser"), data.adviser_name),
    ]
    return KeepTogether([Section(_("Signatures"), level=2), Signatures(parties)])

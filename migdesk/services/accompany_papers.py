"""Blocks of the documents of accompanying a project that are computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from migdesk.i18n import _, ngettext
from migdesk.models.kinds import Money, Number, money, split_money
from migdesk.printing.blocks import (
    Block,
    Chart,
    CheckItem,
    CheckList,
    Column,
    KeepTogether,
    Note,
    Paragraph,
    Party,
    Section,
    Signatures,
    Table,
    Total,
)
from migdesk.printing.sheets.common import section, table

from . import follow_up, nearby, pipelines, records, selections
from .owners import percent, shares
from .selections import SelectionView, Standing
from .views import View


def stage_checks(session: Session, case: View) -> Sequence[Block]:
    """Each stage with what it needs, ticked."""
    blocks: list[Block] = []
    state = {"done": _("passed"), "current": _("now"), "next": ""}
    for stage in pipelines.stages(session, case):
        items = [
            CheckItem(check.words, check.state == "met", _remark(check))
            for check in stage.checks
        ]
        inside = CheckList(items) if items else Paragraph(_("Nothing is asked."))
        blocks.append(
            KeepTogether([Section(stage.label, level=2, aside=state[stage.place]), inside])
        )
    return blocks


def _remark(check: pipelines.Check) -> str:
    if check.state == "unknown":
        return _("not known: {why}").format(why=check.why)
    return check.why


def stage_moves(session: Session, case: View) -> Sequence[Block]:
    """The way of a case through its stages: when, by whom, followed where, and why."""
    rows = [
        (
            move.shown["at"],
            move.shown["went_to"],
            move.shown["account"],
            move.shown["followed"],
            move.shown["reason"],
        )
        for move in pipelines.moves(session, case.id)
    ]
    heads = (_("When"), _("Stage"), _("Who"), _("Followed"), _("Passed although, because"))
    return section(_("Stages passed"), table([Column(words) for words in heads], rows))


def two_ends(session: Session, case: View) -> Sequence[Block]:
    """What was done for a project at each end: sessions and visits, by day."""
    sessions = records.linked(session, "coaching", "case", case.id)
    rows = [
        (
            s.values["at"] or "",
            s.shown["at"],
            s.shown["side"],
            s.shown["coach"],
            s.shown["next_action"],
        )
        for s in sessions
    ]
    rows += [
        (
            v.values["visited"] or v.values["month"] or "",
            v.shown["visited"] or v.shown["month"],
            _("Follow-up visit"),
            v.shown["coach"],
            v.shown["advice"][:120],
        )
        for v in records.linked(session, "follow_visit", "case", case.id)
    ]
    heads = (_("Date"), _("Where"), _("Coach"), _("Next action"))
    cells = [row[1:] for row in sorted(rows)]
    return section(_("Followed at both ends"), table([Column(h) for h in heads], cells))


def owners(session: Session, case: View) -> Sequence[Block]:
    """Owners with their shares, which make 100 %, and the share of the family."""
    lines = records.lines_of(session, "owner", case.id)
    found = shares([line.values for line in lines])
    heads = (_("Name"), _("Link"), _("Country"), _("What this owner brings"), _("Share in %"))
    columns = [Column(words, "end" if n == 4 else "start") for n, words in enumerate(heads)]
    rows = [
        (
            line.title,
            line.shown["link"],
            line.shown["country"],
            line.shown["brings"],
            line.shown["share"],
        )
        for line in lines
    ]
    totals = [
        Total((_("Total"), "", "", "", percent(found.total))),
        Total((_("of which the family"), "", "", "", percent(found.family))),
    ]
    made = section(_("Owners"), Table(columns, rows, totals))
    if lines and not found.whole:
        made.append(Note(found.words(), _("The shares do not make 100 %"), "warning"))
    return made


def similar(session: Session, case: View) -> Sequence[Block]:
    """Dossiers of the same sector nearby, without a name or a title."""
    if not case.values["sector"] or not case.values["place"]:
        return [Note(_("The sector and the place of the project are not noted yet."))]
    found = nearby.similar(session, case.id)
    area = nearby.area_name(session, case.values["place"])
    words = ngettext(
        "{n} other dossier of this sector is known in {area}.",
        "{n} other dossiers of this sector are known in {area}.",
        len(found),
    ).format(n=len(found), area=area)
    heads = (_("Place"), _("Stage"), _("Status"), _("Since"), _("Jobs expected"))
    rows = [
        (
            each.case.shown["place"],
            each.case.shown["stage"],
            each.case.shown["status"],
            (each.case.values["opened"] or "")[:4],
            each.case.shown["jobs"],
        )
        for each in found
    ]
    return [
        Paragraph(words, "strong"),
        table([Column(h, "end" if n == 4 else "start") for n, h in enumerate(heads)], rows),
    ]


def visit_results(session: Session, visit: View) -> Sequence[Block]:
    """Profit or loss of the month, and of all months told so far, with a chart."""
    visits = records.linked(session, "follow_visit", "case", visit.values["case"] or "")
    found = follow_up.results(visits)
    if not found:
        return [Note(_("Income or spending is not told yet."))]
    blocks: list[Block] = []
    here = next((each for each in found if each.visit.id == visit.id), None)
    if here is not None:
        lost = here.amount < 0
        title = _("A loss in {month}") if lost else _("A profit in {month}")
        shown = Money().show(here.result.removeprefix("-"))
        blocks.append(
            Note(shown, title.format(month=here.month), "warning" if lost else "accent")
        )
    currency = split_money(found[-1].result)[1]
    columns = [Column(_("Month")), *(Column(w, "end", 1) for w in _heads())]
    rows = [
        (
            each.month,
            Money().show(money(each.income, currency)),
            Money().show(money(each.spending, currency)),
            each.shown,
        )
        for each in found
    ]
    totals = [Total((_("Total"), "", "", Money().show(follow_up.total(found))))]
    chart = Chart(
        [each.month for each in found],
        [_("Income"), _("Spending")],
        [[float(each.income) for each in found], [float(each.spending) for each in found]],
    )
    blocks += section(_("Month by month"), table(columns, rows, totals=totals), aside=currency)
    return [*blocks, chart]


def _heads() -> tuple[str, str, str]:
    return _("Income"), _("Spending"), _("Result")


def minutes(session: Session, selection: View) -> Sequence[Block]:
    """Criteria, points and ranks, decisions with their reasons."""
    found = selections.selection(session, selection.id)
    blocks: list[Block] = []
    if found.open:
        blocks.append(Paragraph(_("This support is open to all: nothing is weighed.")))
    else:
        blocks += section(_("Criteria"), _criteria(found))
        blocks += section(_("Points"), _points(found))
    blocks += section(_("Decisions"), _decisions(found))
    taken = ngettext("{n} dossier is supported.", "{n} dossiers are supported.", found.taken)
    blocks.append(Paragraph(taken.format(n=found.taken), "strong"))
    members = [selection.values["chair"], *(selection.values["members"] or ())]
    present = list(dict.fromkeys(filter(None, members)))
    parties = [
        Party(_("Chair") if name == selection.values["chair"] else _("Member"), name)
        for name in present
    ] or [Party(_("Chair"))]
    return [*blocks, KeepTogether([Section(_("Signatures"), level=2), Signatures(parties)])]


def _criteria(found: SelectionView) -> Table:
    heads = (_("Criterion"), _("Weight"), _("Points at most"), _("Points needed"))
    columns = [Column(words, "end" if n else "start") for n, words in enumerate(heads)]
    rows = [
        (f"{letter} · {c.title}", *(c.shown[n] for n in ("weight", "most", "least")))
        for letter, c in zip(_letters(found), found.criteria, strict=True)
    ]
    return table(columns, rows)


def _letters(found: SelectionView) -> list[str]:
    """What stands for each criterion where there is no room for its name."""
    return [chr(ord("A") + n) if n < 26 else str(n + 1) for n in range(len(found.criteria))]


def _points(found: SelectionView) -> Table:
    columns = [Column(_("Rank"), "end"), Column(_("Dossier"), share=2)]
    columns += [Column(letter, "end") for letter in _letters(found)]
    columns.append(Column(_("Score in %"), "end"))
    rows = [
        (
            str(each.rank or "–"),
            each.candidate.shown["case"],
            *(_given(each, criterion.id) for criterion in found.criteria),
            "" if each.score is None else Number(decimals=2).show(float(each.score)),
        )
        for each in found.standings
    ]
    return Table(columns, rows)


def _given(standing: Standing, criterion: str) -> str:
    points = standing.points.get(criterion)
    return "–" if points is None else Number(decimals=2).show(float(points))


def _decisions(found: SelectionView) -> Table:
    heads = (_("Dossier"), _("Decision"), _("Reason"))
    rows = [
        (
            each.candidate.shown["case"],
            each.candidate.shown["decision"],
            each.candidate.shown["reason"],
        )
        for each in found.standings
    ]
    return table([Column(words) for words in heads], rows)


def chain_margins(session: Session, chain: View) -> Sequence[Block]:
    """The links of a chain with what each adds to the price of a unit."""
    lines = records.lines_of(session, "chain_link", chain.id)
    if not lines:
        return []
    heads = (_("Step"), _("Who does it"), _("How many"), _("Costs"), _("Sold at"), _("Margin"))
    columns = [Column(words, "end" if n > 1 else "start") for n, words in enumerate(heads)]
    rows, bars = [], []
    for line in lines:
        bought, sold = line.values["bought"], line.values["sold"]
        margin = ""
        if bought and sold and split_money(bought)[1] == split_money(sold)[1]:
            amount = split_money(sold)[0] - split_money(bought)[0]
            margin = Money().show(money(amount, split_money(sold)[1]))
            bars.append((line.title, float(amount)))
        names = ("who", "number", "bought", "sold")
        rows.append((line.title, *(line.shown[n] for n in names), margin))
    blocks = section(_("From production to sale"), table(columns, rows))
    if len(bars) > 1:
        chart = Chart([n for n, _a in bars], [_("Margin")], [[a for _n, a in bars]])
        blocks += section(_("Who earns what on a unit"), chart)
    told = [
        (line.title, line.shown["difficulty"], line.shown["chance"])
        for line in lines
        if line.shown["difficulty"] or line.shown["chance"]
    ]
    words = (_("Step"), _("What is difficult"), _("What could be gained"))
    return [
        *blocks,
        *section(_("Difficulties and chances"), table([Column(w) for w in words], told)),
    ]


MADE: Mapping[str, Callable[[Session, View], Sequence[Block]]] = {
    "stage_checks": stage_checks,
    "stage_moves": stage_moves,
    "two_ends": two_ends,
    "owners": owners,
    "similar": similar,
    "visit_results": visit_results,
    "minutes": minutes,
    "chain_margins": chain_margins,
}

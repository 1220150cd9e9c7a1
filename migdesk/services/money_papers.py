"""Computed parts of papers on money: sources, instalments, gaps, marks, transfers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.kinds import add_money, split_money
from migdesk.models.money import Transfer
from migdesk.printing.blocks import (
    Block,
    Column,
    Paragraph,
    Section,
    Total,
)
from migdesk.printing.sheets.common import section, table

from . import cases, matches, proposals, records
from .cases import shown_sum, shown_tenth
from .records import View
from .skills_papers import match_checks
from .views import views

SHOWN = 20
"""Financing windows on the list of sources."""


def sources(session: Session, case: View) -> Sequence[Block]:
    """Financing windows for a project, the fittest first, each with its conditions in words."""
    found = matches.windows_for(session, case.id)[:SHOWN]
    blocks: list[Block] = []
    for fit in found:
        window = records.get(session, "window", fit.id)
        about = (
            window.shown["organisation"],
            window.shown["nature"],
            window.shown["ceiling"],
            window.shown["deadline"],
        )
        blocks.append(Section(f"{window.title}: {fit.words}", level=2))
        blocks.append(Paragraph(" · ".join(filter(None, about)), "small"))
        if fit.reasons:
            blocks.append(match_checks(fit))
    if not blocks:
        return [Paragraph(_("No window of the directory fits yet."), "hint")]
    return blocks


def instalments(session: Session, case: View) -> Sequence[Block]:
    """Payments of all applications of a project, with what was paid out and paid back."""
    rows, paid = [], {"paid_out": list[str](), "paid_back": list[str]()}
    for application in records.linked(session, "application", "case", case.id):
        for line in records.lines_of(session, "instalment", application.id):
            shown = line.shown
            window = application.shown["window"]
            rows.append((window, shown["what"], shown["due"], shown["amount"], shown["done"]))
            if line.values["done"] and line.values["amount"]:
                paid[line.values["what"] or "paid_out"].append(line.values["amount"])
    if not rows:
        return []
    columns = [
        Column(_("Financing window")),
        Column(_("What")),
        Column(_("Due")),
        Column(_("Amount"), "end"),
        Column(_("Done on")),
    ]
    totals = [
        Total((words, "", "", shown_sum(add_money([*paid[what]])), ""))
        for what, words in (("paid_out", _("Paid out")), ("paid_back", _("Paid back")))
        if paid[what]
    ]
    return section(_("Instalments"), table(columns, rows, totals=totals))


def finance_gap(session: Session, case: View) -> Sequence[Block]:
    """Cost, money found, gifts in kind, and what is still to find."""
    view = cases.dossier(session, case.id)
    kind = add_money(
        [f.values["amount"] for f in view.finance if f.values["nature"] == "in_kind"]
    )
    rows = [
        (_("Total cost"), view.budget_total),
        (_("Found or requested"), view.finance_total),
        (_("Of it in kind"), shown_sum(kind) if kind else ""),
    ]
    last = (_("Still to find"), view.gap)
    total = Total(last, "warning") if view.gap_sign > 0 else Total(last)
    made = table([Column(""), Column("", "end")], [r for r in rows if r[1]], totals=[total])
    return section(_("Balance"), made)


def marks(session: Session, application: View) -> Sequence[Block]:
    """Marks of an application, criterion by criterion, as the mean of its readers."""
    score = proposals.score_of(session, application.id)
    if score is None:
        return []
    rows = [(line.name, line.shown, line.best) for line in score.lines]
    columns = [Column(_("Criterion")), Column(_("Mark"), "end"), Column(_("Best mark"), "end")]
    total = Total((_("Score (%)"), shown_tenth(score.percent), ""))
    return section(_("Marks"), table(columns, rows, totals=[total]))


def scores(session: Session, call: View) -> Sequence[Block]:
    """All applications to a call, the best first, with what they ask for and the decision."""
    rows = []
    for rank, (score, application) in enumerate(proposals.ranking(session, call.id), 1):
        percent = shown_tenth(score.percent) if score else ""
        shown = application.shown
        asked, state = shown["amount"], shown["status"]
        granted = shown["granted"]
        rows.append(
            (str(rank), application.code, shown["case"], percent, asked, state, granted)
        )
    columns = [
        Column(_("Rank"), "end"),
        Column(_("Code")),
        Column(_("Project")),
        Column(_("Score (%)"), "end"),
        Column(_("Asked for"), "end"),
        Column(_("State")),
        Column(_("Granted"), "end"),
    ]
    return section(_("Applications"), table(columns, rows, empty=_("Nothing to show.")))


def transfers(session: Session, _office: View) -> Sequence[Block]:
    """Channels by corridor, the cheapest first: what of the amount sent is lost on the way."""
    statement = sa.select(Transfer).where(Transfer.deleted.is_(False)).order_by(Transfer.id)
    rows = views(session, "transfer", session.scalars(statement))
    corridors: dict[tuple[str, str], list[View]] = {}
    for row in rows:
        corridors.setdefault((row.shown["source"], row.shown["target"]), []).append(row)
    columns = [
        Column(_("Operator")),
        Column(_("Sent"), "end"),
        Column(_("Fee"), "end"),
        Column(_("Arrives"), "end"),
        Column(_("Cost (%)"), "end"),
        Column(_("Hours"), "end"),
        Column(_("Checked on")),
    ]
    blocks: list[Block] = []
    for (source, target), offers in sorted(corridors.items()):
        offers.sort(key=lambda offer: (cost(offer) is None, cost(offer) or 0, offer.title))
        cells = [
            (
                offer.title,
                offer.shown["sent"],
                offer.shown["fee"],
                offer.shown["received"],
                "" if (lost := cost(offer)) is None else shown_tenth(lost),
                offer.shown["hours"],
                offer.shown["checked"],
            )
            for offer in offers
        ]
        blocks += section(f"{source} – {target}", table(columns, cells))
    return blocks or [Paragraph(_("Nothing to show."), "hint")]


def cost(offer: View) -> Decimal | None:
    """Part of what the sender pays (amount and fee) that does not arrive, in percent; where
    the currency changes, the fee alone. None where the amount is not known."""
    values = offer.values
    if not values["sent"]:
        return None
    sent, currency = split_money(values["sent"])
    fee = Decimal(0)
    if values["fee"]:
        amount, of = split_money(values["fee"])
        fee = amount if of == currency else fee
    paid = sent + fee
    if not paid:
        return None
    lost = fee
    if values["received"]:
        received, of = split_money(values["received"])
        lost = paid - received if of == currency else fee
    return lost / paid * 100


MADE = {
    "sources": sources,
    "instalments": instalments,
    "finance-gap": finance_gap,
    "marks": marks,
    "scores": scores,
    "transfers": transfers,
}

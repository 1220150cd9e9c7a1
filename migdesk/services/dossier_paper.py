"""The project dossier on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.printing.sheets import Imprint
from migdesk.printing.sheets.project_dossier import (
    BudgetLine,
    FinanceLine,
    Paper,
    ProjectDossier,
    Risk,
    Step,
)

from .cases import DossierView
from .views import View


def _facts(view: View | None, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    if view is None:
        return ()
    fields = RECORDS[view.kind].fields
    return tuple((str(fields[n].label), view.shown[n]) for n in names if view.shown[n])


def dossier_sheet(view: DossierView, imprint: Imprint) -> ProjectDossier:
    """Data of the sheet; nothing restricted about the promoter is taken over."""
    case, person = view.case, view.person
    promoter: tuple[tuple[str, str], ...] = ()
    if person is not None:
        promoter = ((_("Name"), person.title), *_facts(person, PROMOTER))
    return ProjectDossier(
        imprint=replace(imprint, code=case.code),
        title=case.title,
        stage=case.shown["stage"],
        cover=_facts(case, ("code", "opened", "adviser", "coach", "coach_home", "begun_in")),
        promoter=(*promoter, *_facts(case, ("relative",))),
        activity=_facts(case, ("sector", "place", "jobs", "sales", "costs")),
        texts=_facts(case, ("activity", "market", "means", "decision")),
        budget=tuple(
            BudgetLine(b.title, b.shown["quantity"], b.shown["price"], total)
            for b, total in zip(view.budget, view.line_totals, strict=True)
        ),
        budget_total=view.budget_total if view.budget else "",
        finance=tuple(
            FinanceLine(f.title, f.shown["nature"], f.shown["status"], f.shown["amount"])
            for f in view.finance
        ),
        finance_total=view.finance_total if view.finance else "",
        gap=view.gap if view.gap_sign > 0 else "",
        papers=tuple(
            Paper(p.title, p.values["status"] == "held", p.shown["note"] or p.shown["status"])
            for p in view.papers
        ),
        risks=tuple(Risk(r.title, r.shown["level"], r.shown["answer"]) for r in view.risks),
        steps=tuple(
            Step(s.title, s.shown["owner"], s.shown["due"], s.shown["status"])
            for s in view.steps
        ),
        promoter_name=person.title if person else "",
        adviser_name=case.shown["adviser"],
    )


PROMOTER = ("code", "birth", "origin", "residence", "residence_country", "phone", "occupation")

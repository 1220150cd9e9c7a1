"""Computed parts of papers on the office itself."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.case import Case, Visit
from migdesk.models.person import Person
from migdesk.printing.blocks import Block, Column, Total
from migdesk.printing.sheets.common import section, table

from .records import View
from .views import titles


def caseload(session: Session, office: View) -> Sequence[Block]:
    """Open cases of an office by adviser, and how many people and visits it has."""
    statement = (
        sa.select(Case.adviser, sa.func.count())
        .where(Case.deleted.is_(False), Case.office == office.id)
        .where(Case.status.in_(("open", "waiting", "paused")))
        .group_by(Case.adviser)
    )
    counts = session.execute(statement).all()
    names = titles(session, "account", {adviser for adviser, _n in counts if adviser})
    rows = sorted((names.get(a or "", _("nobody")), str(n)) for a, n in counts)
    people, visits = (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(model)
            .where(model.deleted.is_(False), model.office == office.id)
        )
        for model in (Person, Visit)
    )
    totals = [
        Total((_("Open cases"), str(sum(n for _a, n in counts)))),
        Total((_("People"), str(people))),
        Total((_("Visits"), str(visits))),
    ]
    columns = [Column(_("Adviser")), Column(_("Open cases"), "end")]
    return section(_("Caseload"), table(columns, rows, totals=totals))


MADE = {"caseload": caseload}

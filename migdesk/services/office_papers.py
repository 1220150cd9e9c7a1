"""Computed parts of papers on the office itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.case import Case, Step, Visit
from migdesk.models.organisation import Organisation
from migdesk.models.person import Person
from migdesk.models.quick import chunks
from migdesk.printing.blocks import Block, Column, Paragraph, Total
from migdesk.printing.sheets.common import section, table

from . import records
from .office import offices
from .records import View
from .views import titles, views

MOST = 1_000
"""Organisations of one list."""


def caseload(session: Session, office: View) -> Sequence[Block]:
    """Open cases of an office by adviser, and how many people and visits it has."""
    statement = (
        sa.select(Case.adviser, sa.func.count())
        .where(*_open(session, office))
        .group_by(Case.adviser)
    )
    counts = session.execute(statement).all()
    names = titles(session, "account", {adviser for adviser, _n in counts if adviser})
    rows = sorted((names.get(a or "", _("nobody")), str(n)) for a, n in counts)
    people, visits = (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(model)
            .where(model.deleted.is_(False), _of(session, model, office))
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


def _of(session: Session, model: Any, office: View) -> sa.ColumnElement[bool]:
    """What belongs to an office; all there is on a register of one."""
    alone = offices(session).count < 2
    return sa.true() if alone else model.office == office.id


def _open(session: Session, office: View) -> tuple[sa.ColumnElement[bool], ...]:
    going_on = Case.status.in_(("open", "waiting", "paused"))
    return Case.deleted.is_(False), _of(session, Case, office), going_on


def open_cases(session: Session, office: View) -> Sequence[Block]:
    """The open cases of an office, a table for each adviser, with the next step of each."""
    statement = sa.select(Case).where(*_open(session, office)).order_by(Case.id).limit(MOST)
    found = views(session, "case", session.scalars(statement))
    steps = _next_steps(session, [case.id for case in found])
    rows: dict[str, list[tuple[str, ...]]] = {}
    for case in found:
        shown = case.shown
        step = steps.get(case.id)
        told = " · ".join(filter(None, (step.shown["due"], step.title))) if step else ""
        line = (case.code, case.title, shown["person"], shown["stage"], shown["opened"], told)
        rows.setdefault(shown["adviser"] or _("nobody"), []).append(line)
    heads = (_("Code"), _("Case"), _("Person"), _("Stage"), _("Opened on"), _("Next step"))
    columns = [Column(words) for words in heads]
    return [
        block
        for name in sorted(rows, key=str.casefold)
        for block in section(name, table(columns, rows[name]), aside=str(len(rows[name])))
    ]


def _next_steps(session: Session, cases: Sequence[str]) -> dict[str, View]:
    """The step of each case that is due first."""
    found: dict[str, View] = {}
    for part in chunks(cases):
        statement = sa.select(Step).where(
            Step.case.in_(part),
            Step.deleted.is_(False),
            Step.due.is_not(None),
            sa.or_(Step.status.is_(None), Step.status.in_(("to_do", "doing"))),
        )
        for step in views(session, "step", session.scalars(statement.order_by(Step.due))):
            found.setdefault(step.values["case"], step)
    return found


def open_requests(session: Session, office: View) -> Sequence[Block]:
    """Requests that nobody closed, the oldest first: what was promised, and by whom
    (requirement R002)."""
    statement = (
        sa.select(Visit)
        .where(
            Visit.deleted.is_(False),
            Visit.closed.is_(None),
            sa.or_(Visit.office.is_(None), _of(session, Visit, office)),
        )
        .order_by(Visit.at)
        .limit(MOST)
    )
    found = views(session, "visit", session.scalars(statement))
    names = ("at", "person", "request", "outcome", "next_step", "appointment", "adviser")
    rows = []
    for visit in found:
        ticket = _("Ticket {number}").format(number=visit.shown["ticket"])
        shown = {**visit.shown, "person": visit.shown["person"] or ticket}
        rows.append(tuple(shown[name] for name in names))
    columns = [Column(str(RECORDS["visit"][name].label)) for name in names]
    if not rows:
        return [Paragraph(_("Every request is closed."), "hint")]
    return section(_("Open requests"), table(columns, rows), aside=str(len(rows)))


def route_contacts(session: Session, _office: View) -> Sequence[Block]:
    """Who can be met on the route: associations, consulates, services, with whom to ask for
    there, by country (requirement R149)."""
    statement = (
        sa.select(Organisation)
        .where(Organisation.deleted.is_(False), Organisation.route.is_not(None))
        .order_by(Organisation.name)
        .limit(MOST)
    )
    found = views(session, "organisation", session.scalars(statement))
    rows: dict[str, list[tuple[str, ...]]] = {}
    for view in sorted(found, key=lambda v: v.shown["country"].casefold()):
        if view.values["route"]:
            country = view.shown["country"] or _("Others")
            rows.setdefault(country, []).append(_contact(session, view))
    columns = [
        Column(_("Name")),
        Column(_("Where on the route")),
        Column(_("What it offers")),
        Column(_("Place")),
        Column(_("How to reach it")),
        Column(_("Ask for")),
    ]
    if not rows:
        return [Paragraph(_("Nobody is noted as met on the route yet."), "hint")]
    return [block for name in rows for block in section(name, table(columns, rows[name]))]


def _contact(session: Session, view: View) -> tuple[str, ...]:
    shown = view.shown
    people = [
        " · ".join(filter(None, (p.title, p.shown["role"], p.shown["phone"])))
        for p in records.lines_of(session, "contact_person", view.id)
    ]
    reach = ", ".join(filter(None, (shown["phone"], shown["email"], shown["address"])))
    offers = shown["description"] or shown["types"]
    return (view.title, shown["route"], offers, shown["place"], reach, "; ".join(people))


MADE = {
    "caseload": caseload,
    "open-cases": open_cases,
    "open-requests": open_requests,
    "route-contacts": route_contacts,
}

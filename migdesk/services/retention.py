"""How long the office keeps what: the calendar of what is due, erasing it, and the report of
what was destroyed (R126, data protection)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_, _
from migdesk.models import RECORDS, Record
from migdesk.models.case import Case, Visit
from migdesk.models.kinds import now_utc
from migdesk.models.office import Submission
from migdesk.models.person import Person
from migdesk.models.protect import Authorisation
from migdesk.printing.blocks import Block, Column, Paragraph
from migdesk.printing.sheets.common import section, table
from migdesk.printing.sheets.record_sheet import RecordSheet

from . import erasure, papers, records
from .views import View, views

MOST = 500
"""Rows of one kind that the calendar shows at once; the next come once these are dealt with."""


class NothingChosen(Mistake):
    code = "RTN-001"
    text = N_("Choose what to erase. What is not yet due stays.")


@dataclass(frozen=True)
class Period:
    """A period in force: subject, outcome ("" for any), years, what to do then."""

    subject: str
    outcome: str
    years: int
    action: str


USUAL = (
    Period("person", "", 5, "review"),
    Period("case", "", 5, "erase"),
    Period("case", "closed_dropped", 2, "erase"),
    Period("visit", "", 3, "erase"),
    Period("submission", "", 5, "erase"),
    Period("authorisation", "", 5, "erase"),
)
"""Periods where the office wrote none. They are ours: the law of the country comes first."""


@dataclass(frozen=True)
class Due:
    """A record whose time is over: since when it was untouched, which period, what to do."""

    view: View
    since: str
    period: Period


def periods(session: Session) -> tuple[Period, ...]:
    """The periods of the office; the usual ones for what it does not speak of."""
    own = [
        Period(v["subject"], v["outcome"] or "", v["years"] or 0, v["action"] or "erase")
        for v in (p.values for p in records.list_page(
            session, "retention", records.Query(), limit=500
        ).rows)
    ]
    said = {period.subject for period in own}
    return (*own, *(period for period in USUAL if period.subject not in said))


def calendar(session: Session, day: date | None = None) -> tuple[Due, ...]:
    """What is due on a day, oldest first."""
    day = day or date.today()
    found: dict[str, Due] = {}
    # What a period says of one outcome goes before what it says of any.
    for period in sorted(periods(session), key=lambda each: each.outcome, reverse=True):
        since = day.replace(year=day.year - period.years, day=min(day.day, 28)).isoformat()
        kind, rows = _DUE[period.subject](session, since, period.outcome)
        others = {p.outcome for p in periods(session) if p.subject == period.subject}
        for view in views(session, kind, rows):
            state = view.values.get("status") or ""
            if period.outcome or state not in others - {""}:
                since_then = _untouched(view)
                found.setdefault(view.id, Due(view, since_then, period))
    return tuple(sorted(found.values(), key=lambda due: due.since))


def _untouched(view: View) -> str:
    for name in ("closed", "expires", "withdrawn", "at", "finished"):
        if value := view.values.get(name):
            return str(value)[:10]
    return view.changed[:10]


Rows = tuple[str, Sequence[Record]]


def _chosen(session: Session, model: type[Record], *where: Any) -> Rows:
    rows = sa.select(model).where(model.deleted.is_(False), *where).limit(MOST)
    return model.__kind__, list(session.scalars(rows))


def _cases(session: Session, since: str, outcome: str) -> Rows:
    ended = Case.status == outcome if outcome else Case.status.startswith("closed")
    return _chosen(session, Case, ended, Case.closed < since)


def _visits(session: Session, since: str, _outcome: str) -> Rows:
    open_ = sa.select(Case.id).where(Case.status.in_(("open", "waiting", "paused")))
    free = sa.or_(Visit.case.is_(None), Visit.case.not_in(open_))
    return _chosen(session, Visit, Visit.at < since, free)


def _submissions(session: Session, since: str, _outcome: str) -> Rows:
    return _chosen(session, Submission, Submission.finished < since)


def _authorisations(session: Session, since: str, _outcome: str) -> Rows:
    return _chosen(session, Authorisation, Authorisation.expires < since)


def _people(session: Session, since: str, _outcome: str) -> Rows:
    """People registered before, without a visit, a consent or a case since, and no open
    case."""
    from migdesk.clock import stamp_ms

    seen = sa.select(Visit.person).where(Visit.at >= since, Visit.person.is_not(None))
    busy = sa.select(Case.person).where(
        Case.person.is_not(None),
        sa.or_(Case.status.in_(("open", "waiting", "paused")), Case.closed >= since),
    )
    found: list[Record] = []
    rows = sa.select(Person).where(
        Person.deleted.is_(False), Person.id.not_in(seen), Person.id.not_in(busy)
    )
    limit = date.fromisoformat(since)
    for person in session.scalars(rows.order_by(Person.id)):
        stamps = [s if isinstance(s, str) else s[0] for s in person.stamps.values()]
        newest = max(map(stamp_ms, stamps), default=0) / 1000
        if date.fromtimestamp(newest) < limit:
            found.append(person)
            if len(found) == MOST:
                break
    return "person", found


_DUE: dict[str, Callable[[Session, str, str], Rows]] = {
    "person": _people,
    "case": _cases,
    "visit": _visits,
    "submission": _submissions,
    "authorisation": _authorisations,
}


def destroy(
    session: Session, chosen: Collection[tuple[str, str]], day: date | None = None
) -> str:
    """Erase for good what was chosen (kind, id) of what is due; id of the report.

    Raises NothingChosen, NotYours (office head and above may).
    """
    there = {(due.view.kind, due.view.id): due for due in calendar(session, day)}
    found = [there[each] for each in chosen if each in there]
    if not found:
        raise NothingChosen
    rows = 0
    codes = []
    for due in found:
        kind, id = due.view.kind, due.view.id
        if erasure.is_erased(session, id):
            continue  # it went with another
        seen = sum(n for _kind, n in erasure.plan(session, kind, id).gone)
        erasure.erase(session, kind, id, "law")
        rows += seen
        codes.append(f"{RECORDS[kind].label} {due.view.code or id[-6:]}")
    values = {
        "at": now_utc(),
        "account": session.info.get("actor") or None,
        "reason": str(N_("The time for keeping it is over")),
        "records": len(codes),
        "rows": rows,
        "codes": codes,
    }
    return records.save(session, "destruction", None, values)


def sheet(session: Session) -> RecordSheet:
    """The retention calendar on paper: the periods, and what is due."""
    subject, action = RECORDS["retention"]["subject"].kind, RECORDS["retention"]["action"].kind
    outcome = RECORDS["retention"]["outcome"].kind
    rules = [
        [subject.show(p.subject), outcome.show(p.outcome), str(p.years), action.show(p.action)]
        for p in periods(session)
    ]
    heads = ("subject", "outcome", "years", "action")
    columns = [Column(str(RECORDS["retention"][name].label)) for name in heads]
    due = [
        [d.view.code or d.view.title, str(RECORDS[d.view.kind].label), d.since,
         action.show(d.period.action)]
        for d in calendar(session)
    ]
    what = [Column(_("File")), Column(_("What")), Column(_("Since")), Column(_("Then"))]
    blocks: list[Block] = section(_("How long what is kept"), table(columns, rules))
    blocks += section(
        _("What is due"),
        table(what, due) if due else Paragraph(_("Nothing is due today.")),
    )
    return RecordSheet(
        papers.imprint(session), _("Retention calendar"), _("Retention calendar"), tuple(blocks)
    )


FILLERS = {"retention-calendar": sheet}

"""What the day holds: appointments, steps due, drafts, things to settle, figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import stamp_ms
from migdesk.models.case import Case, FinanceLine, Step, Visit
from migdesk.models.dates import stored_moment
from migdesk.models.meta import get_meta

from . import conflict_list, drafts, received, records, registry, streams
from .views import View, views


@dataclass(frozen=True)
class Due:
    """A step to do; `days` is negative when it is late, 0 today."""

    step: View
    case: View | None
    days: int


@dataclass(frozen=True)
class Exchange:
    """Where the exchange stands: moment of the last one, changes that wait."""

    last: str
    waiting: int
    peers: int


@dataclass(frozen=True)
class Today:
    """The first page of the day."""

    appointments: tuple[View, ...]
    due: tuple[Due, ...]
    due_total: int
    drafts: tuple[drafts.DraftView, ...]
    conflicts: int
    received: int
    opened: int
    financed: int
    exchange: Exchange


def today(session: Session, day: date, account: str = "", office: str = "") -> Today:
    """Everything for one day. `account` limits the drafts to those of one person, `office`
    the rest to what belongs to one office, or to none yet."""
    month = day.replace(day=1)
    due = _due(session, day, office)
    return Today(
        appointments=_appointments(session, day, office),
        due=due[:8],
        due_total=len(due),
        drafts=drafts.list_mine(session, account)[:6],
        conflicts=count_conflicts(session),
        received=_count(session, Visit, Visit.at, _moment(month), office),
        opened=_count(session, Case, Case.opened, month.isoformat(), office),
        financed=_financed(session, month, office),
        exchange=exchange_state(session),
    )


def _moment(day: date) -> str:
    return stored_moment(datetime(day.year, day.month, day.day).astimezone())


def _of(model: type[Visit] | type[Case], office: str) -> sa.ColumnElement[bool]:
    """What belongs to an office, or to none yet; anything where none is named."""
    if not office:
        return sa.true()
    return sa.or_(model.office == office, model.office.is_(None))


def _appointments(session: Session, day: date, office: str) -> tuple[View, ...]:
    rows = session.scalars(
        sa.select(Visit)
        .where(
            Visit.deleted.is_(False),
            _of(Visit, office),
            Visit.appointment >= _moment(day),
            Visit.appointment < _moment(day + timedelta(days=1)),
        )
        .order_by(Visit.appointment)
        .limit(20)
    )
    return views(session, "visit", rows)


def _due(session: Session, day: date, office: str) -> tuple[Due, ...]:
    limit = (day + timedelta(days=7)).isoformat()
    wanted_steps = sa.select(Step).where(
        Step.deleted.is_(False),
        Step.due <= limit,
        sa.or_(Step.status.is_(None), Step.status.in_(("to_do", "doing"))),
    )
    if office:
        wanted_steps = wanted_steps.join(Case, Case.id == Step.case).where(_of(Case, office))
    rows = session.scalars(wanted_steps.order_by(Step.due).limit(100))
    steps = views(session, "step", rows)
    wanted = {str(s.values["case"]) for s in steps}
    held = session.scalars(sa.select(Case).where(Case.id.in_(wanted)))
    cases = {case.id: case for case in views(session, "case", held)}
    return tuple(
        Due(step, cases.get(step.values["case"]), _days(step.values["due"], day))
        for step in steps
    )


def _days(due: str, day: date) -> int:
    return (date.fromisoformat(due) - day).days


def _count(
    session: Session, model: type[Visit] | type[Case], column: Any, since: str, office: str
) -> int:
    statement = sa.select(sa.func.count()).select_from(model).where(_of(model, office))
    return session.scalar(statement.where(column >= since, model.deleted.is_(False))) or 0


def _financed(session: Session, since: date, office: str) -> int:
    """Cases with a loan or a grant that was noted as granted or paid from `since` on; the
    day is that of the change itself, which the stamp of the field tells."""
    start = datetime(since.year, since.month, since.day).astimezone().timestamp() * 1000
    statement = sa.select(FinanceLine).where(
        FinanceLine.status.in_(("granted", "paid")),
        FinanceLine.deleted.is_(False),
        FinanceLine.nature.in_(("loan", "grant")),
    )
    if office:
        statement = statement.join(Case, Case.id == FinanceLine.case)
    lines = session.scalars(statement.where(_of(Case, office)))
    return len({line.case for line in lines if _stamped(line.stamps, "status") >= start})


def _stamped(stamps: dict[str, Any], name: str) -> int:
    """When a field got its value, in milliseconds since 1970."""
    stamp = stamps.get(name, stamps.get("*", ""))
    return stamp_ms(stamp if isinstance(stamp, str) else stamp[0]) if stamp else 0


def count_conflicts(session: Session) -> int:
    """Conflicts that wait for a person."""
    return conflict_list.count(session)


def exchange_state(session: Session) -> Exchange:
    """Last exchange, and our changes that were not put anywhere for some reader."""
    waiting, _bytes = streams.waiting(session)
    return Exchange(get_meta(session, "exchanged"), waiting, len(registry.trusted(session)))


def counts(session: Session, most: int = 10_000) -> dict[str, int]:
    """Figures beside the words of the navigation; of people and organisations none above
    `most` is told."""
    shown = ("person", "organisation")
    found = {kind: records.count_up_to(session, kind, most) for kind in shown}
    open_cases = records.Query(filters=(("status", "open"),))
    found["case"] = records.count(session, "case", open_cases)
    found["draft"] = sum(d.kind == "submission" for d in drafts.list_mine(session))
    state = exchange_state(session)
    found["exchange"] = state.waiting if state.peers else 0
    found["settle"] = count_conflicts(session) + received.count_waiting(session)
    found["settle"] += conflict_list.registrations(session)
    return found

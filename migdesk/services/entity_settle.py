"""Registrations that wait for a person: is this somebody who is here already?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS
from migdesk.models.entity import EntityRecord
from migdesk.models.kinds import Link
from migdesk.models.office import Questionnaire, Submission

from . import entities, entity_maps, history, records
from .entities import ASIDE, CREATED, SAME, WAITING, Said
from .entity_fields import EntityMapping
from .entity_values import Given
from .resemblance import likely
from .views import Gone, load, title_of, titles, views


@dataclass(frozen=True)
class Candidate:
    """A record that is perhaps meant. `shown`: by field, in words."""

    id: str
    title: str
    code: str
    shown: Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """What the questionnaire says of one field."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class WaitingView:
    """A registration that waits. `problem`: a code of the list `entity_problems`."""

    id: str
    target: str
    title: str
    questionnaire: str
    who: str
    at: str
    submission: str
    problem: str
    facts: tuple[Fact, ...]
    candidates: tuple[Candidate, ...]
    left_out: tuple[str, ...]
    may: bool


def count(session: Session) -> int:
    """Registrations that wait for a person."""
    return session.scalar(sa.select(sa.func.count()).select_from(_waiting().subquery())) or 0


def _waiting() -> sa.Select[EntityRecord]:
    return (
        sa.select(EntityRecord)
        .where(EntityRecord.state == WAITING, EntityRecord.deleted.is_(False))
        .order_by(EntityRecord.id)
    )


def waiting(session: Session, role: str = "", limit: int = 100) -> tuple[WaitingView, ...]:
    """Those that wait, in the order of their submissions. `role`: of who looks."""
    rows = session.scalars(_waiting().limit(limit)).all()
    found = (_view(session, row, role) for row in rows)
    return tuple(sorted(found, key=lambda view: (view.submission, view.id)))


def _view(session: Session, line: EntityRecord, role: str) -> WaitingView:
    target = line.target or ""
    row, found = _given(session, line)
    facts = tuple(
        Fact(name, str(RECORDS[target][name].label), _shown(session, target, name, value))
        for name, value in found.filled.items()
    )
    form = session.get(Questionnaire, row.questionnaire or "")
    return WaitingView(
        id=line.id,
        target=target,
        title=line.name or "",
        questionnaire=(form.name or "") if form is not None else "",
        who=title_of(session, "account", row.account or ""),
        at=row.finished or "",
        submission=row.id,
        problem=line.problem or "",
        facts=facts,
        candidates=_candidates(session, line, found),
        left_out=tuple(line.left_out or ()),
        may=not role or role in RECORDS[target].writers,
    )


def _given(session: Session, line: EntityRecord) -> tuple[Submission, Given]:
    row = load(session, "submission", line.submission or "")
    assert isinstance(row, Submission)
    form = session.get(Questionnaire, row.questionnaire or "")
    maps = entity_maps.of_form(session, (form.form or "") if form is not None else "")
    target = line.target or ""
    mapping = maps.get(line.dataset or "", EntityMapping("", line.dataset or "", target))
    if mapping.target != target:  # mapped to something else since
        mapping = EntityMapping("", mapping.dataset, target)
    return row, entities.values_of(session, row, mapping, Said.of(line))


def _shown(session: Session, target: str, name: str, value: object) -> str:
    kind = RECORDS[target][name].kind
    if isinstance(value, list) and hasattr(kind, "to"):
        return ", ".join(titles(session, kind.to, value).values())
    return history.shown(session, kind, value)


def _candidates(
    session: Session, line: EntityRecord, found: Given
) -> tuple[Candidate, ...]:
    target = line.target or ""
    mine = [
        each.record or each.entity or ""
        for each in entities.lines_of(session, line.submission or "")
    ]
    ids = likely(session, target, found.filled, mine)
    model = RECORDS[target].model
    rows = {row.id: row for row in session.scalars(sa.select(model).where(model.id.in_(ids)))}
    shown = views(session, target, [rows[id] for id in ids if id in rows])
    return tuple(Candidate(v.id, v.title, v.code, v.shown) for v in shown)


# deciding -------------------------------------------------------------------------


def _line(session: Session, id: str) -> EntityRecord:
    """A line that still waits. Raises Gone where it was settled meanwhile."""
    line = session.get(EntityRecord, id)
    if line is None or line.deleted or line.state != WAITING:
        raise Gone
    return line


def same(session: Session, id: str, record: str, fields: Collection[str] = ()) -> None:
    """It is a record that is here: link to it, and change the fields named as the
    questionnaire says. Raises Gone, NotYours."""
    line = _line(session, id)
    target = line.target or ""
    held = load(session, target, record)
    if held.deleted:
        raise Gone
    _row, found = _given(session, line)
    changes = {name: value for name, value in found.filled.items() if name in fields}
    if changes:
        records.save(session, target, record, changes)
    if target == "person":
        entities.consents(session, line, record, found)
    entities.keep(session, line, {"state": SAME, "problem": None, "record": record}, found)
    entities.link(session, line, record)
    _lead(session, line, line.entity or "", record)


def other(session: Session, id: str) -> None:
    """It is nobody who is here: register. Raises Gone, NotYours, Needed."""
    line = _line(session, id)
    target = line.target or ""
    row, found = _given(session, line)
    wanted = entities.record_of(session, line)
    if line.problem == "other_kind":
        wanted = entities.named(row.id, line.entity or "", target)
        records.save(session, "entity", line.id, {"record": wanted})
    held = session.get(RECORDS[target].model, wanted)
    if held is not None and held.deleted:
        records.restore(session, target, wanted)
    entities.write(session, line, found, None)
    if line.state == WAITING:
        raise records.Needed(label=RECORDS[target].label)
    records.save(session, "entity", line.id, {"state": CREATED})
    if wanted != line.entity:
        _lead(session, line, line.entity or "", wanted)


def aside(session: Session, id: str) -> None:
    """Register nothing; the submission stays as it is. Raises Gone."""
    line = _line(session, id)
    records.save(session, "entity", line.id, {"state": ASIDE, "problem": None})


def _lead(session: Session, line: EntityRecord, entity: str, record: str) -> None:
    """What the same submission registered beside it now belongs to `record`."""
    for each in entities.lines_of(session, line.submission or ""):
        if not each.record or each.id == line.id:
            continue
        about = RECORDS[each.target or ""]
        held = session.get(about.model, each.record)
        names = [f.name for f in about.fields.values() if isinstance(f.kind, Link)]
        moved = {n: record for n in names if held is not None and getattr(held, n) == entity}
        if moved:
            records.save(session, about.kind, each.record, moved)

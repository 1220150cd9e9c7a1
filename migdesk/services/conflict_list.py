"""What waits to be settled: questions from the table of conflicts, page by page.

A *question* is one field of one row with values that did not know each other. There may be
thousands: nothing here reads more of the log than the values on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import N_, _
from migdesk.models import RECORDS
from migdesk.models.entity import EntityRecord
from migdesk.models.local import ConflictRow, OpRow
from migdesk.ops import DELETED, Op, decode

from . import history, sights
from .merging import chunks
from .views import titles

Place = tuple[str, str]
"""Row and field of a question."""
ANSWERS = ("submission", "xml")
WITH_ANSWERS = frozenset({"instance", "comments", "language"})
"""What goes with the answers of a submission that a person keeps: nobody chooses between
the identifiers of two copies."""
OTHERS = {DELETED: N_("Deleted"), "merged": N_("Merged")}
"""Labels of what every row has, beside its declared fields."""


@dataclass(frozen=True)
class Wanted:
    """Which questions: those of a kind, of one of its fields, those in which a computer
    has a side; none named: all."""

    kind: str = ""
    field: str = ""
    device: str = ""


ALL = Wanted()


@dataclass(frozen=True)
class Question:
    """A question in a list. `values` are in words, the one that is shown now first; none
    where only a closer look can tell them (answers, a deletion)."""

    id: str
    kind: str
    row: str
    field: str
    title: str
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Questions:
    """Some questions; `next` is where to go on, "" at the end."""

    rows: tuple[Question, ...] = field(default=())
    next: str = ""


def count(session: Session, wanted: Wanted = ALL) -> int:
    """How many questions wait."""
    asked = questions(wanted, session).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(asked)) or 0


def registrations(session: Session) -> int:
    """How many registrations wait (`entity_settle`, which needs the forms)."""
    waiting = sa.select(sa.func.count()).where(
        EntityRecord.state == "waiting", EntityRecord.deleted.is_(False)
    )
    return session.scalar(waiting) or 0


def questions(wanted: Wanted, session: Session) -> sa.Select[str, str, str]:
    """Kind, row and field of each question that who asks may know of."""
    kind, name = ANSWERS
    answers = sa.select(ConflictRow.row).where(ConflictRow.field == name)
    follows = sa.and_(
        ConflictRow.kind == kind,
        ConflictRow.field.in_(WITH_ANSWERS),
        ConflictRow.row.in_(answers),
    )
    columns = (ConflictRow.kind, ConflictRow.row, ConflictRow.field)
    chosen = sa.select(*columns).where(sa.not_(follows)).group_by(*columns)
    if sights.granted(session) is not None:
        chosen = chosen.where(ConflictRow.row.not_in(sights.unseen(session, masks=True)))
        for about in RECORDS.values():
            if unread := sights.unread(session, about.kind):
                closed = sa.and_(ConflictRow.kind == about.kind, ConflictRow.field.in_(unread))
                chosen = chosen.where(sa.not_(closed))
    if wanted.kind:
        chosen = chosen.where(ConflictRow.kind == wanted.kind)
    if wanted.field:
        chosen = chosen.where(ConflictRow.field == wanted.field)
    if wanted.device:
        sides = (ConflictRow.winner, ConflictRow.other)
        chosen = chosen.where(sa.or_(*(side.endswith(wanted.device) for side in sides)))
    return chosen


def by_field(session: Session) -> tuple[tuple[str, str, int], ...]:
    """Kind and field of what waits, and how many; most first."""
    asked = questions(ALL, session).subquery()
    columns = (asked.c.kind, asked.c.field)
    rows = session.execute(sa.select(*columns, sa.func.count()).group_by(*columns)).all()
    found = [(kind, name, n) for kind, name, n in rows if kind in RECORDS]
    return tuple(sorted(found, key=lambda each: (-each[2], *each[:2])))


def page(
    session: Session, wanted: Wanted = ALL, after: str = "", limit: int = 100
) -> Questions:
    """Questions from `after` (the `next` of the page before) on, those of one record
    together; the cost is that of the page, however many wait."""
    places, end = places_of(session, wanted, after, limit)
    held = pairs(session, places)
    values = values_of(session, held)
    by_kind: dict[str, list[str]] = {}
    for (row, _field), rows in held.items():
        by_kind.setdefault(rows[0].kind, []).append(row)
    names = {
        id: t for kind in by_kind for id, t in titles(session, kind, by_kind[kind]).items()
    }
    lines = tuple(
        _question(session, rows[0], values[place], names) for place, rows in held.items()
    )
    return Questions(lines, end)


def places_of(
    session: Session, wanted: Wanted, after: str, limit: int
) -> tuple[list[Place], str]:
    """Some questions by row and field, in their order, and where to go on."""
    place = (ConflictRow.row, ConflictRow.field)
    chosen = questions(wanted, session)
    if after:
        begin = sa.tuple_(*map(sa.literal, after.split(" ", 1)))
        chosen = chosen.where(sa.tuple_(*place) > begin)
    rows = session.execute(chosen.order_by(*place).limit(limit + 1)).all()
    found = [(row, name) for _kind, row, name in rows]
    return found[:limit], " ".join(found[limit - 1]) if len(found) > limit else ""


def pairs(session: Session, places: Sequence[Place]) -> dict[Place, list[ConflictRow]]:
    """The conflicts of each question, in the order of their sides."""
    held: dict[Place, list[ConflictRow]] = {place: [] for place in places}
    for part in chunks(dict.fromkeys(row for row, _field in places)):
        waiting = sa.select(ConflictRow).where(ConflictRow.row.in_(part))
        for each in session.scalars(waiting.order_by(ConflictRow.winner, ConflictRow.other)):
            if (each.row, each.field) in held:
                held[each.row, each.field].append(each)
    return held


def values_of(
    session: Session, held: dict[Place, list[ConflictRow]]
) -> dict[Place, dict[str, Any]]:
    """Stamp → value of the sides of each question, the one that is shown now first."""
    sides = {p: [rows[0].winner, *(r.other for r in rows)] for p, rows in held.items()}
    ops: dict[str, Op] = {}
    for part in chunks(dict.fromkeys(stamp for stamps in sides.values() for stamp in stamps)):
        for body in session.scalars(sa.select(OpRow.body).where(OpRow.stamp.in_(part))):
            op = decode(body.encode())
            ops[op.stamp] = op
    return {
        place: {stamp: ops[stamp].fields.get(place[1]) for stamp in stamps if stamp in ops}
        for place, stamps in sides.items()
    }


def _question(
    session: Session, first: ConflictRow, values: dict[str, Any], names: dict[str, str]
) -> Question:
    words: tuple[str, ...] = ()
    if plain(first.kind, first.field):
        kind = RECORDS[first.kind][first.field].kind
        words = tuple(history.shown(session, kind, v) or _("(empty)") for v in values.values())
    label, title = label_of(first.kind, first.field), names.get(first.row, "")
    return Question(first.id, first.kind, first.row, first.field, title, label, words)


def plain(kind: str, name: str) -> bool:
    """Whether a question is about values that can be compared as they are."""
    return (kind, name) != ANSWERS and kind in RECORDS and name in RECORDS[kind].fields


def label_of(kind: str, name: str) -> str:
    """What a question is about, in words."""
    if (kind, name) == ANSWERS:
        return _("Answers")
    declared = RECORDS[kind].fields.get(name)
    return str(declared.label if declared else OTHERS.get(name, name))

"""Two people on one record at once: a save is based on what its writer had on the screen.

What somebody else wrote meanwhile stays: in another field as it is, in the same field as a
conflict that holds both values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.local import ConflictRow, OpRow
from migdesk.ops import decode

Stamps = Mapping[str, Any]
"""`View.stamps`: which changes are in what a person has on the screen."""


@contextmanager
def based_on(session: Session, id: str, seen: Stamps) -> Iterator[None]:
    """What is written to this row within names as its base what was `seen`, and not what the
    row is now; afterwards the log says what it is."""
    scribe = session.info["scribe"]
    scribe.seen[id] = seen
    yield
    session.flush()
    del scribe.seen[id]
    _follow_log(session, [id])


def ask_again(session: Session, rows: Iterable[str]) -> None:
    """After a write to rows about which a question waits: the other side is still there, and
    may even be the one that is shown now."""
    there = sa.select(ConflictRow.row).where(ConflictRow.row.in_(list(rows))).distinct()
    if asked := list(session.scalars(there)):
        _follow_log(session, asked)


def _follow_log(session: Session, rows: list[str]) -> None:
    from . import merging

    merging.refresh_conflicts(session, rows)
    merging.rebuild(session, rows)


def seen_of(now: Stamps, before: Stamps, names: Iterable[str]) -> dict[str, Any]:
    """What a person saw who typed some fields over an older state of a row (a draft), and
    has the others on the screen as they are now."""
    return {**now, **{name: before.get(name, before.get("*", [])) for name in names}}


def meanwhile(session: Session, seen: Mapping[str, Stamps]) -> str:
    """After a save of rows that were `seen` so: in one line what others wrote to them in the
    meantime, "" if nobody did."""
    both: dict[str, str] = {}
    others: dict[str, str] = {}
    for row, stamps in seen.items():
        both |= _clashing(session, row, _newest(stamps))
        others |= _written(session, row, _newest(stamps))
    if both:
        words = _(
            "Saved. Somebody else changed the same meanwhile ({fields}): both values are "
            "kept, see To settle."
        )
        return words.format(fields=", ".join(both.values()))
    if others:
        words = _("Saved. Somebody else changed meanwhile: {fields}. Nothing was lost.")
        return words.format(fields=", ".join(others.values()))
    return ""


def _newest(stamps: Stamps) -> str:
    known = [s for held in stamps.values() for s in ([held] if isinstance(held, str) else held)]
    return max(known, default="")


def _clashing(session: Session, id: str, newest: str) -> dict[str, str]:
    """Labels of the fields in which a change later than `newest` stands against another."""
    rows = session.scalars(
        sa.select(ConflictRow).where(
            ConflictRow.row == id,
            sa.or_(ConflictRow.winner > newest, ConflictRow.other > newest),
        )
    )
    return {row.field: _label(row.kind, row.field) for row in rows}


def _written(session: Session, id: str, newest: str) -> dict[str, str]:
    """Labels of the fields that other accounts wrote after `newest`."""
    mine = session.info.get("actor", "")
    bodies = session.scalars(
        sa.select(OpRow.body).where(OpRow.row == id, OpRow.stamp > newest, OpRow.body != "")
    )
    ops = [op for op in (decode(body.encode()) for body in bodies) if op.actor != mine]
    return {name: _label(op.kind, name) for op in ops for name in op.fields}


def _label(kind: str, field: str) -> str:
    about = RECORDS.get(kind)
    declared = about.fields.get(field) if about else None
    return str(declared.label) if declared else _("Deleted")

"""History and undo, read from the change log and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import stamp_ms
from migdesk.errors import Mistake
from migdesk.i18n import N_, _
from migdesk.models import RECORDS, children_of
from migdesk.models.dates import stored_moment
from migdesk.models.kinds import Link
from migdesk.models.local import OpRow, Undone
from migdesk.models.store import get_meta
from migdesk.ops import Op, decode

from .views import load, title_of, titles


class CannotUndo(Mistake):
    """Somebody changed the same fields since."""

    code = "HIS-001"
    text = N_("This was changed again since, so it cannot be undone. Correct it by hand.")


@dataclass(frozen=True)
class Event:
    """What one transaction did to one row. `changes` are (label, before, after)."""

    tx: str
    at: str
    who: str
    device: str
    kind: str
    row: str
    title: str
    action: str
    changes: tuple[tuple[str, str, str], ...]
    undone: bool


def moment_of(stamp: str) -> str:
    """Stored moment that a stamp claims."""
    return stored_moment(datetime.fromtimestamp(stamp_ms(stamp) / 1000, UTC))


def ops_of(session: Session, row: str) -> list[Op]:
    """Every op of a row, in the order of their stamps."""
    bodies = session.scalars(sa.select(OpRow.body).where(OpRow.row == row))
    return sorted((decode(body.encode()) for body in bodies), key=lambda op: op.stamp)


def history(session: Session, kind: str, id: str) -> tuple[Event, ...]:
    """What happened to a record and its lines, newest first."""
    load(session, kind, id)
    rows = [id]
    for child in children_of(kind):
        owner = getattr(child.model, child.owner)
        rows += session.scalars(sa.select(child.model.id).where(owner == id))
    events = [event for row in rows for event in _events(session, ops_of(session, row))]
    return tuple(sorted(events, key=lambda event: event.tx, reverse=True))


def _events(session: Session, ops: list[Op]) -> list[Event]:
    by_stamp = {op.stamp: op for op in ops}
    people = titles(session, "account", {op.actor for op in ops})
    undone = set(
        session.scalars(sa.select(Undone.tx).where(Undone.tx.in_([o.tx for o in ops])))
    )
    return [
        Event(
            tx=op.tx,
            at=moment_of(op.stamp),
            who=people.get(op.actor, ""),
            device=op.device,
            kind=op.kind,
            row=op.row,
            title=title_of(session, op.kind, op.row),
            action=_action(op),
            changes=tuple(_changes(session, op, by_stamp)),
            undone=op.tx in undone,
        )
        for op in ops
        if op.kind in RECORDS
    ]


def _action(op: Op) -> str:
    if "deleted" in op.fields:
        return "deleted" if op.fields["deleted"] else "restored"
    return "changed" if op.bases else "created"


def _changes(
    session: Session, op: Op, by_stamp: dict[str, Op]
) -> Iterable[tuple[str, str, str]]:
    about = RECORDS[op.kind]
    for name, value in op.fields.items():
        declared = about.fields.get(name)
        if declared is None or declared.hidden:
            continue
        before = value_before(op, name, by_stamp)
        yield (
            str(declared.label),
            shown(session, declared.kind, before),
            shown(session, declared.kind, value),
        )


def value_before(op: Op, name: str, by_stamp: dict[str, Op]) -> Any:
    """Value of the newest op that this one replaced on the field `name`."""
    for stamp in sorted(op.bases.get(name, ()), reverse=True):
        earlier = by_stamp.get(stamp)
        if earlier is not None and name in earlier.fields:
            return earlier.fields[name]
    return None


def shown(session: Session, kind: Any, value: Any) -> str:
    """Text of a value, the title where it is a link."""
    if isinstance(kind, Link):
        return title_of(session, kind.to, value) if value else ""
    return str(kind.show(value))


def undo(session: Session, tx: str) -> str:
    """Undo a transaction by a new one; returns the title of what was undone.

    Raises CannotUndo if a field was changed again since. Undoing an undo does it again.
    """
    bodies = session.scalars(sa.select(OpRow.body).where(OpRow.tx == tx).order_by(OpRow.seq))
    ops = [decode(body.encode()) for body in bodies]
    if not ops:
        raise CannotUndo
    title = ""
    for op in reversed(ops):
        _undo_op(session, op)
        title = title_of(session, op.kind, op.row) or title
    session.flush()
    scribe = session.info["scribe"]
    held = session.scalar(sa.select(Undone).where(Undone.by == tx))
    if held is not None:
        session.delete(held)
    elif scribe.tx:
        session.merge(Undone(tx=tx, by=scribe.tx))
    return title or _("the last change")


def _undo_op(session: Session, op: Op) -> None:
    record = load(session, op.kind, op.row)
    earlier = {o.stamp: o for o in ops_of(session, op.row)}
    if not op.bases:
        record.deleted = True
        return
    for name in op.fields:
        current = record.stamps.get(name, record.stamps.get("*"))
        if name != "deleted" and current not in (op.stamp, [op.stamp]):
            raise CannotUndo
        before = value_before(op, name, earlier)
        setattr(record, name, bool(before) if name == "deleted" else before)


def bury(session: Session, tx: str) -> int:
    """Put every row that a transaction created into the bin, edited since or not."""
    bodies = session.scalars(sa.select(OpRow.body).where(OpRow.tx == tx))
    made = [op for op in (decode(body.encode()) for body in bodies) if not op.bases]
    for op in made:
        load(session, op.kind, op.row).deleted = True
    session.flush()
    return len(made)


def undo_last(session: Session) -> str | None:
    """Undo the newest transaction of this computer that still stands."""
    tx = _last(session, undone=False)
    return undo(session, tx) if tx else None


def redo_last(session: Session) -> str | None:
    """Do again what was undone last."""
    tx = _last(session, undone=True)
    return undo(session, tx) if tx else None


def _last(session: Session, undone: bool) -> str | None:
    device = get_meta(session, "device")
    statement = sa.select(OpRow.tx).where(OpRow.tx.endswith(device), OpRow.origin == "")
    by = sa.select(Undone.by)
    if undone:
        statement = statement.where(OpRow.tx.in_(by))
    else:
        statement = statement.where(OpRow.tx.not_in(by), OpRow.tx.not_in(sa.select(Undone.tx)))
    return session.scalar(statement.order_by(OpRow.seq.desc()).limit(1))

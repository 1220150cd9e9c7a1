"""History and undo, read from the change log and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import stamp_ms
from migdesk.errors import Mistake
from migdesk.i18n import N_, _
from migdesk.models import RECORDS, Record, children_of
from migdesk.models.capture import bases
from migdesk.models.dates import stored_moment
from migdesk.models.kinds import Link
from migdesk.models.local import ConflictRow, Erasure, OpRow, Undone
from migdesk.ops import DELETED, ERASED, MERGED, Op, decode
from migdesk.sync.merge import RowState, settle, settling
from migdesk.task import Task

from . import aliases, merging, sights
from .views import itself, load, title_of, titles

PART = 500
"""Rows that one query names."""


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
    id = load(session, kind, id).id
    model = RECORDS[kind].model
    rows = [id, *session.scalars(sa.select(model.id).where(model.merged == id))]
    for child in children_of(kind):
        owner = getattr(child.model, child.owner)
        rows += session.scalars(sa.select(child.model.id).where(owner == id))
    events = [event for row in rows for event in _events(session, ops_of(session, row))]
    return tuple(sorted(events, key=lambda event: event.tx, reverse=True))


def _events(session: Session, ops: list[Op]) -> list[Event]:
    by_stamp = {op.stamp: op for op in ops}
    people = titles(session, "account", {op.actor for op in ops})
    after = _after(session)
    return [
        Event(
            tx=op.tx,
            at=moment_of(op.stamp),
            who=people.get(op.actor, ""),
            device=op.device,
            kind=op.kind,
            row=op.row,
            title=title_of(session, op.kind, op.row),
            action=action(op),
            changes=tuple(_changes(session, op, by_stamp)),
            undone=_end(op.tx, after)[1] % 2 == 1,
        )
        for op in _told(ops)
        if op.kind in RECORDS
    ]


def _told(ops: list[Op]) -> list[Op]:
    """What may be told of a row: once it is erased, that it was, and nothing else."""
    erased = [op for op in ops if ERASED in op.fields]
    return erased[:1] or ops


def action(op: Op) -> str:
    """What an op did, as a code."""
    if ERASED in op.fields:
        return "erased"
    if MERGED in op.fields:
        return "merged" if op.fields[MERGED] else "separated"
    if "deleted" in op.fields:
        return "deleted" if op.fields["deleted"] else "restored"
    return "changed" if op.bases else "created"


def _changes(
    session: Session, op: Op, by_stamp: dict[str, Op]
) -> Iterable[tuple[str, str, str]]:
    about = RECORDS[op.kind]
    covered = sights.personal(about) if sights.masked(session, about, [op.row]) else ()
    for name, value in op.fields.items():
        declared = about.fields.get(name)
        if name == MERGED:
            before = value_before(op, name, by_stamp)
            names = titles(session, op.kind, filter(None, (before, value)))
            yield _("Merged into"), names.get(before, ""), names.get(value, "")
        if declared is None or declared.hidden:
            continue
        before = value_before(op, name, by_stamp)
        told = (shown(session, declared.kind, side) for side in (before, value))
        sides = [sights.HIDDEN if side and name in covered else side for side in told]
        if any(sides) or sights.granted(session) is None:  # a link to what is hidden
            yield str(declared.label), sides[0], sides[1]


def value_before(op: Op, name: str, by_stamp: dict[str, Op]) -> Any:
    """Value of the newest op that this one replaced on the field `name`."""
    replaced = _replaced(op, name, by_stamp)
    return replaced[-1] if replaced else None


def _replaced(op: Op, name: str, by_stamp: dict[str, Op]) -> list[Any]:
    """The values that an op replaced on a field, oldest first: several where it settled a
    conflict."""
    values: list[Any] = []
    for stamp in sorted(op.bases.get(name, ())):
        earlier = by_stamp.get(stamp)
        if earlier is not None and name in earlier.fields:
            value = earlier.fields[name]
            values = [v for v in values if v != value] + [value]
    return values


def shown(session: Session, kind: Any, value: Any) -> str:
    """Text of a value, the title where it is a link."""
    if isinstance(kind, Link):
        return title_of(session, kind.to, value) if value else ""
    return str(kind.show(value))


def _after(session: Session) -> dict[str, str]:
    """Transaction that undid each one. An undo may itself be undone, which does the
    change again, and so on: an even number of steps from a change it stands."""
    return {row.tx: row.by for row in session.scalars(sa.select(Undone))}


def _end(tx: str, links: dict[str, str]) -> tuple[str, int]:
    """Where the links from `tx` end, and how many they are."""
    steps = 0
    while tx in links:
        tx, steps = links[tx], steps + 1
    return tx, steps


def undo(session: Session, tx: str, task: Task | None = None) -> str:
    """Undo a transaction by a new one; returns the title of what was undone.

    Raises CannotUndo if a field was changed again since, or if it is undone already, and
    Cancelled. Undoing an undo does it again.
    """
    task = task or Task()
    tx, steps = _end(tx, _after(session))
    bodies = session.scalars(sa.select(OpRow.body).where(OpRow.within(tx)).order_by(OpRow.seq))
    found = (decode(body.encode()) for body in bodies)
    ops = [op for op in found if not op.emptied and ERASED not in op.fields]
    if steps % 2 or not ops or sights.secret(session, ops):
        raise CannotUndo
    past = _Past(session, ops)
    done: set[tuple[str, str]] = set()
    for n, op in enumerate(reversed(ops)):
        if n % PART == 0:
            task.step(n, 2 * len(ops))
        _undo_op(session, op, past, done)
    session.flush()
    again = past.again
    for start in range(0, len(again), PART):
        task.step(len(ops) + start * len(ops) // len(again), 2 * len(ops))
        merging.apply_ops(session, again[start : start + PART], origin="")
    if by := session.info["scribe"].tx:
        session.add(Undone(tx=tx, by=by))
    named = filter(None, (title_of(session, op.kind, op.row) for op in ops))
    return next(named, "") or _("the last change")


class _Past:
    """What undoing a transaction looks at, read for all its rows at once: it may have
    thousands. `records` are held so that `load` finds them in the session. `again`: the
    sides of settled conflicts, written together once all else is."""

    def __init__(self, session: Session, ops: list[Op]) -> None:
        self.again: list[Op] = []
        self.records: list[Record] = []
        self.ops: dict[str, dict[str, Op]] = {}
        self.open: set[tuple[str, str]] = set()
        self.roots = aliases.roots(session)
        by_kind: dict[str, list[str]] = {}
        for op in ops:
            by_kind.setdefault(op.kind, []).append(op.row)
        for kind, rows in by_kind.items():
            if kind in RECORDS:
                for start in range(0, len(rows), PART):
                    self._read(session, RECORDS[kind].model, rows[start : start + PART])

    def _read(self, session: Session, model: type[Record], rows: list[str]) -> None:
        self.records += session.scalars(sa.select(model).where(model.id.in_(rows)))
        for body in session.scalars(sa.select(OpRow.body).where(OpRow.row.in_(rows))):
            op = decode(body.encode())
            self.ops.setdefault(op.row, {})[op.stamp] = op
        waiting = sa.select(ConflictRow.row, ConflictRow.field).where(ConflictRow.row.in_(rows))
        self.open |= {(row, name) for row, name in session.execute(waiting)}


def _undo_op(session: Session, op: Op, past: _Past, done: set[tuple[str, str]]) -> None:
    """`done` holds the (row, field) pairs that later ops of the transaction gave back."""
    about = RECORDS.get(op.kind)
    if about is None or not about.fields.keys() | {DELETED, MERGED} >= op.fields.keys():
        raise CannotUndo  # of a newer version
    record = itself(session, op.kind, op.row)
    names = [n for n in op.fields if (op.row, n) not in done]
    if MERGED in op.fields:
        _undo_merging(session, op, past)
        return
    if record.merged:
        raise CannotUndo
    done |= {(op.row, name) for name in names}
    seen = names if op.bases else [*about.fields, DELETED]
    said = {n: op.fields.get(n, False if n == DELETED else None) for n in seen}
    said |= aliases.followed(about, said, past.roots)
    if any(getattr(record, n) != value for n, value in said.items()):
        raise CannotUndo
    if not op.bases:
        if _has_lines(session, op):
            raise CannotUndo
        record.deleted = True
        return
    for name in names:
        before = _replaced(op, name, past.ops[op.row])
        if name == DELETED and (unseeing := _unseeing(op, past.ops[op.row])):
            past.again += _redelete(session, record, unseeing)
        elif len(before) > 1 and name != DELETED:
            past.again += _reopened(session, record, name, before)
        else:
            value = before[-1] if before else None
            value = bool(value) if name == DELETED else value
            if (op.row, name) in past.open:
                if name != DELETED:  # what somebody wrote beside it stays
                    rest = [o for o in past.ops[op.row].values() if o.stamp != op.stamp]
                    value = settle(rest).values.get(name)
                decide(session, record, name, value)
            else:
                setattr(record, name, value)


def decide(session: Session, record: Record, name: str, value: Any) -> None:
    """Set a field so that every conflict on it is settled: the op names all sides as its
    bases, and is written even if it says what is shown already, since others wait for it."""
    session.flush()
    state = merging.states_of(session, [record.id])[record.id]
    seen = settling(state, name)
    merging.write_op(session, record.__kind__, record.id, {name: value}, seen)


def _undo_merging(session: Session, op: Op, past: _Past) -> None:
    """Separate two records again, or put them together as before. The links to them were
    not written, and lead back by themselves."""
    state = merging.states_of(session, [op.row])[op.row]
    if op.stamp not in state.heads.get(MERGED, ()):
        raise CannotUndo
    before = value_before(op, MERGED, past.ops[op.row])
    merging.write_op(session, op.kind, op.row, {MERGED: before}, settling(state, MERGED))


def _reopened(session: Session, record: Record, name: str, sides: list[Any]) -> list[Op]:
    """Take back the settling of a conflict: one op for each side, neither knowing the
    other, so that it is a conflict again here and on every computer that hears of it."""
    about = RECORDS[record.__kind__]
    based = bases(record.stamps, [name], set(about.fields))
    scribe = session.info["scribe"]
    return [scribe.op(about, record.id, {name: side}, based) for side in sides]


def reopen(session: Session, record: Record, name: str, was: RowState, ops: list[Op]) -> None:
    """Make a question of a field again that somebody settled; `was` is the state of before,
    which `ops` made."""
    session.flush()
    asked = [conflict for conflict in was.conflicts if conflict.field == name]
    if name == DELETED:
        unseeing = {c.winner for c in asked if c.unseen}
        again = _redelete(session, record, [op for op in ops if op.stamp in unseeing])
    else:
        sides = {repr(v): v for c in asked for v in (c.mine, c.theirs)}
        again = _reopened(session, record, name, list(sides.values()))
    merging.apply_ops(session, again, origin="")


def _unseeing(op: Op, ops: dict[str, Op]) -> list[Op]:
    """The deletions about which an op decided: those that it replaced, and that had not
    seen some change."""
    earlier = settle(each for stamp, each in ops.items() if stamp < op.stamp)
    asked = {c.winner for c in earlier.conflicts if c.field == DELETED and c.unseen}
    return [ops[stamp] for stamp in op.bases.get(DELETED, ()) if stamp in asked]


def _redelete(session: Session, record: Record, unseeing: list[Op]) -> list[Op]:
    """Take back a decision about a deletion: delete again, having seen no more than then."""
    about = RECORDS[record.__kind__]
    known = bases(record.stamps, [DELETED], set(about.fields)).get(DELETED, [])
    scribe = session.info["scribe"]
    return [
        scribe.op(about, record.id, {DELETED: True}, {**delete.bases, DELETED: known})
        for delete in unseeing
    ]


def _has_lines(session: Session, op: Op) -> bool:
    """Whether lines were added to the record that the op made, and still stand."""
    return any(
        session.scalar(
            sa.select(child.model.id)
            .where(getattr(child.model, child.owner) == op.row, child.model.deleted.is_(False))
            .limit(1)
        )
        for child in children_of(op.kind)
    )


def bury(session: Session, tx: str) -> int:
    """Put every row that a transaction created into the bin, edited since or not."""
    bodies = session.scalars(sa.select(OpRow.body).where(OpRow.within(tx)))
    ops = [decode(body.encode()) for body in bodies]
    made = [op for op in ops if not (op.bases or op.emptied or ERASED in op.fields)]
    for op in made:
        load(session, op.kind, op.row).deleted = True
    session.flush()
    return len(made)


def undo_last(session: Session) -> str | None:
    """Undo the newest transaction of this computer that still stands."""
    tx = _last(session, undone=False)
    return undo(session, tx) if tx else None


def redo_last(session: Session) -> str | None:
    """Do again what was undone last; nothing once something else was changed."""
    tx = _last(session, undone=True)
    return undo(session, tx) if tx else None


def _left(session: Session, tx: str) -> bool:
    """Whether a transaction wrote anything that is not erased."""
    erased = sa.select(Erasure.row)
    if session.scalar(erased.limit(1)) is None:
        return True
    rows = sa.select(OpRow.row).where(OpRow.within(tx), OpRow.row.not_in(erased))
    return session.scalar(rows.limit(1)) is not None


def _last(session: Session, undone: bool) -> str | None:
    after = _after(session)
    before = {by: tx for tx, by in after.items()}
    device = session.info["scribe"].clock.device
    newest = (
        sa.select(OpRow.transaction())
        .where(OpRow.transaction().endswith(device), OpRow.origin == "")
        .order_by(OpRow.seq.desc())
        .execution_options(yield_per=500)
    )
    with closing(session.scalars(newest)) as found:
        for tx in found:
            steps = _end(tx, before)[1]
            if tx in after or not _left(session, tx) or sights.secret_within(session, tx):
                continue  # something came in its place, or it is erased, or not for these eyes
            if undone and not steps:
                return None
            if undone == (steps % 2 == 1):
                return tx
    return None

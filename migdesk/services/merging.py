"""Taking over ops from another computer: rows are recomputed from the whole set of their ops.

The merge itself is the pure function `migdesk.sync.merge.settle`; here its answer is
written, in bulk and past the ORM, which was measured ten times slower.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Refusal
from migdesk.i18n import N_
from migdesk.models import MERGING, RECORDS, quick
from migdesk.models.capture import OP, ErasedRow, op_row
from migdesk.models.local import OpRow, Twin
from migdesk.models.quick import chunks
from migdesk.ops import DELETED, ERASED, MERGED, Op, decode, encode
from migdesk.sync.merge import RowState, settle, stronger

from . import aliases, emptying
from .rows import (
    asked,
    differing,
    reindex_around,
    states_of,
    waiting,
    write_conflicts,
    write_new_words,
    write_rows,
    write_words,
)

PART = 5_000
"""Ops that are held at once."""

States = dict[str, dict[str, RowState]]
"""Kind → row → state."""


class Unfit(Refusal):
    """A value of the wrong type: a broken or hostile sender."""

    code = "MRG-001"
    text = N_(
        "A change does not fit its field ({kind}, {field}). Nothing was taken over; ask the "
        "sender to update MigDesk and to export again."
    )


@dataclass
class Applied:
    """What an import did: new ops, rows touched by kind, conflicts now open on them; and
    ops that were kept apart because their sender may not make them."""

    ops: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    held: int = 0


def apply_ops(session: Session, ops: Iterable[Op], origin: str) -> Applied:
    """Add the ops that are new here and recompute their rows; idempotent. `origin` is the
    device whose bundle brought them, "" for our own.

    Raises Unfit; the transaction must then not be kept.
    """
    session.flush()
    done = Applied()
    with _no_sweeping():
        for part in chunks(ops, PART):
            _apply(session, part, origin, done)
    if done.ops and origin:
        session.info["everything"] = True
    return done


@contextmanager
def _no_sweeping() -> Iterator[None]:
    """Python's collector walks through all that an import holds again and again, to find
    that none of it is in circles: a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _apply(session: Session, ops: list[Op], origin: str, done: Applied) -> None:
    new, replaced = _unknown(session, ops, origin)
    if not new:
        return
    for op in new:
        _fits(op)
    before = aliases.roots(session)
    erased = emptying.note(session, new)
    gone = emptying.erased_among(session, {op.row for op in new})
    if gone:
        new = [op.empty() if op.row in gone else op for op in new]
    rows: dict[str, dict[str, list[Op]]] = {}
    for op in new:
        rows.setdefault(op.kind, {}).setdefault(op.row, []).append(op)
    held = _held(session, {op.row for op in new}) | replaced
    values = [op_row(op, origin, parked=_parked(op)) for op in new]
    quick.add(session.connection(), "op", OP, values)
    session.info["scribe"].clock.observe_all(op.stamp for op in new)
    if erased:
        emptying.empty(session, erased)
    states: States = {}
    for kind, by_row in rows.items():
        fresh = {row: settle(mine) for row, mine in by_row.items() if row not in held}
        states[kind] = fresh | states_of(session, [row for row in by_row if row in held])
    done.ops += len(new)
    for kind, found in states.items():
        done.rows[kind] = done.rows.get(kind, 0) + len(found)
    done.conflicts += _write(session, states, held, before)
    emptying.sweep(session)


def _write(
    session: Session, states: States, held: Iterable[str], before: Mapping[str, str]
) -> int:
    """Write rows, conflicts and words for these states, and whatever moves with them: what
    names a record that was merged. `held` are the rows that were here, `before` where the
    merged ones led. How many conflicts now wait on the rows."""
    kinds = session.info["scribe"].kinds
    merging = [about.kind for about in MERGING if about.kind in states]
    for kind in merging:
        aliases.note(session, kind, states[kind])
        write_rows(session, RECORDS[kind], states[kind], before)
    after = aliases.roots(session) if merging else before
    for kind in states.keys() & RECORDS.keys():
        kinds.add(kind)
        if kind not in merging:
            write_rows(session, RECORDS[kind], states[kind], after)
    count = sum(write_conflicts(session, found, after) for found in states.values())
    # Words of a person hold the name of a place, which may have come later in the bundle.
    known = set(held)
    for kind in states.keys() & RECORDS.keys():
        if RECORDS[kind].searched:
            came = {row: s for row, s in states[kind].items() if row not in known}
            write_new_words(session, RECORDS[kind], came)
            # Who was merged away is found by the record that stays.
            stays = {after[row] for row in states[kind] if row in after} - states[kind].keys()
            again = [*(row for row in states[kind] if row in known), *sorted(stays)]
            write_words(session, RECORDS[kind], again)
    reindex_around(session, states)
    if before != after:
        _follow(session, before, after)
    return count


def follow(session: Session, before: Mapping[str, str]) -> None:
    """Write anew what leads elsewhere than `before`: `aliases.roots` as it was then."""
    after = aliases.roots(session)
    if before != after:
        _follow(session, before, after)


def _follow(session: Session, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Rows that lead elsewhere than before, and what names them. Whatever leads to the same
    end goes with them: two who chose different names for it may agree now, or no more."""
    moved = {row for row in before.keys() | after.keys() if before.get(row) != after.get(row)}
    ends = {roots[row] for row in moved for roots in (before, after) if row in roots}
    moved |= {row for roots in (before, after) for row, end in roots.items() if end in ends}
    for about in MERGING:
        table = about.model.__tablename__
        select = f'SELECT id FROM "{table}"'
        found = quick.among(session.connection(), select, "id", moved | ends)
        touched = [id for (id,) in found]
        if not touched:
            continue
        following = [(about.kind, touched), *aliases.naming(session, about.kind, touched)]
        for kind, ids in following:
            for part in chunks(ids, PART):
                states = states_of(session, part)
                write_rows(session, RECORDS[kind], states, after)
                write_conflicts(session, states, after)
            session.info["scribe"].kinds.add(kind)
        write_words(session, about, touched)


def _unknown(session: Session, ops: list[Op], origin: str) -> tuple[list[Op], set[str]]:
    """The ops that are not in the log, in the order of their stamps. Of two that share a
    stamp both are kept: the stronger in the log, the other beside it. With the rows of
    those that had to leave the log."""
    unique: dict[str, Op] = {}
    replaced: set[str] = set()
    for op in ops:
        known = unique.setdefault(op.stamp, op)
        if known.link != op.link:
            unique[op.stamp] = _twins(session, known, op, origin)
    select = "SELECT stamp, link FROM op"
    for stamp, link in quick.among(session.connection(), select, "stamp", unique):
        op = unique.pop(stamp)
        if op.link != link:
            body = session.scalar(sa.select(OpRow.body).where(OpRow.stamp == stamp))
            held = decode(str(body).encode())
            if _twins(session, held, op, origin) is op:
                session.execute(sa.delete(OpRow).where(OpRow.stamp == stamp))
                unique[stamp] = op
                replaced |= {held.row, op.row}
    return [op for _stamp, op in sorted(unique.items())], replaced


def _twins(session: Session, one: Op, two: Op, origin: str) -> Op:
    """Keep the weaker of two ops with one stamp beside the log; the stronger comes back."""
    best = stronger(one, two)
    other = two if best is one else one
    if session.get(Twin, (other.stamp, other.link)) is None:
        body = encode(other).decode()
        twin = Twin(stamp=other.stamp, link=other.link, row=other.row, body=body, origin=origin)
        session.add(twin)
        session.flush()
    return best


def _held(session: Session, rows: Iterable[str]) -> set[str]:
    """Which of some rows the log knows."""
    select = 'SELECT DISTINCT "row" FROM op'
    return {row for (row,) in quick.among(session.connection(), select, '"row"', rows)}


def _parked(op: Op) -> bool:
    """Whether this version cannot show the op: an unknown kind, or an unknown field."""
    about = RECORDS.get(op.kind)
    if about is None:
        return not op.emptied and ERASED not in op.fields
    if op.fields.keys() <= about.fields.keys():
        return False
    others = op.fields.keys() - about.fields.keys() - {DELETED, ERASED}
    return bool(others - {MERGED} if about.merges else others)


def _fits(op: Op) -> None:
    if ERASED in op.fields and op.fields != {DELETED: True, ERASED: True}:
        raise Unfit(kind=op.kind, field=ERASED)
    if MERGED in op.fields and op.fields[MERGED] == op.row:
        raise Unfit(kind=op.kind, field=MERGED)
    about = RECORDS.get(op.kind)
    types = map(type, op.fields.values())
    if about is None or about.fitting.issuperset(zip(op.fields, types, strict=True)):
        return
    for name, value in op.fields.items():
        if name in about.types and type(value) not in about.types[name]:
            raise Unfit(kind=op.kind, field=name)


def write_op(
    session: Session,
    kind: str,
    row: str,
    fields: dict[str, Any],
    bases: dict[str, list[str]],
) -> None:
    """Write one op of ours as it is said, and the row that it makes. Raises NotYours,
    ErasedRow."""
    session.flush()
    if emptying.erased_among(session, [row]):
        raise ErasedRow
    op = session.info["scribe"].op(RECORDS[kind], row, fields, bases)
    apply_ops(session, [op], origin="")


def refresh_conflicts(session: Session, rows: Sequence[str]) -> dict[str, RowState]:
    """Recompute the conflicts of some rows after a local change; their states."""
    session.flush()
    states = states_of(session, rows)
    write_conflicts(session, states, aliases.roots(session))
    return states


def logged_rows(session: Session) -> tuple[int, list[str]]:
    """Number of ops in the log, and the rows that they are about."""
    total = session.scalar(sa.select(sa.func.count()).select_from(OpRow)) or 0
    return total, list(session.scalars(sa.select(OpRow.row).distinct().order_by(OpRow.row)))


def rebuild(session: Session, rows: Sequence[str]) -> dict[str, int]:
    """Compare rows with the log and rewrite those that differ; how many of each kind."""
    select = 'SELECT DISTINCT "row", kind FROM op'
    kinds: dict[str, str] = dict(quick.among(session.connection(), select, '"row"', rows))
    roots = aliases.roots(session)
    known: States = {}
    for row, state in states_of(session, rows).items():
        if kinds[row] in RECORDS:
            known.setdefault(kinds[row], {})[row] = state
    wrong: States = {}
    for kind, found in known.items():
        if rows_ := differing(session, RECORDS[kind], found, roots):
            wrong[kind] = {row: found[row] for row in rows_}
    if wrong:
        _write(session, wrong, rows, roots)
    return {kind: len(states) for kind, states in wrong.items()}


_UNPARK = "UPDATE op SET parked = :parked WHERE stamp = :stamp"


def unpark(session: Session) -> int:
    """After an update: replay ops that the older version did not know; number of rows. The
    ops stay as they came, so that nobody hears of it as of something new."""
    waits = sa.select(OpRow.row, OpRow.kind, OpRow.stamp, OpRow.body).where(OpRow.parked)
    rows: dict[str, set[str]] = {}
    known = []
    for row, kind, stamp, body in session.execute(waits):
        if kind in RECORDS:
            rows.setdefault(kind, set()).add(row)
            if not _parked(decode(body.encode())):
                known.append({"stamp": stamp, "parked": False})
    if not rows:
        return 0
    quick.run(session.connection(), _UNPARK, known)
    found = {kind: states_of(session, sorted(ids)) for kind, ids in rows.items()}
    held = [row for ids in rows.values() for row in ids]
    _write(session, found, held, aliases.roots(session))
    return sum(map(len, rows.values()))


__all__ = [
    "Applied",
    "Unfit",
    "apply_ops",
    "asked",
    "chunks",
    "logged_rows",
    "rebuild",
    "refresh_conflicts",
    "states_of",
    "unpark",
    "waiting",
    "write_op",
]

"""Taking over ops from another computer: rows are recomputed from the whole set of their ops.

The merge itself is the pure function `migdesk.sync.merge.settle`; here its answer is
written. Ops are applied with Core in bulk: the ORM was measured ten times slower.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Refusal
from migdesk.i18n import N_
from migdesk.models import RECORDS, RecordType
from migdesk.models.capture import op_row, pack_stamps, record_text
from migdesk.models.kinds import Place
from migdesk.models.local import ConflictRow, OpRow, SearchDoc
from migdesk.ops import DELETED, Op, decode
from migdesk.sync.merge import Conflict, RowState, settle

T = TypeVar("T")
CHUNK = 400


class Unfit(Refusal):
    """A value of the wrong type: a broken or hostile sender."""

    code = "MRG-001"
    text = N_(
        "A change does not fit its field ({kind}, {field}). Nothing was taken over; ask the "
        "sender to update MigDesk and to export again."
    )


@dataclass
class Applied:
    """What an import did: new ops, rows touched by kind, conflicts now open on them."""

    ops: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Consecutive lists of at most `size` items (parameters of one SQL statement)."""
    ahead = iter(items)
    while part := list(islice(ahead, size)):
        yield part


def apply_ops(session: Session, ops: Iterable[Op], origin: str) -> Applied:
    """Add the ops that are new here and recompute their rows; idempotent.

    Raises Unfit before anything is written.
    """
    unique = {op.stamp: op for op in ops}
    new = _unknown(session, unique)
    for op in new:
        _fits(op)
    done = Applied(ops=len(new))
    if not new:
        return done
    rows: dict[str, dict[str, list[Op]]] = {}
    for op in new:
        rows.setdefault(op.kind, {}).setdefault(op.row, []).append(op)
    for part in chunks(new, 5_000):
        values = [op_row(op, origin, parked=_parked(op)) for op in part]
        session.execute(sa.insert(OpRow), values)
    scribe = session.info["scribe"]
    scribe.clock.observe(max(unique))
    for kind, by_row in rows.items():
        states = _states(session, by_row)
        done.rows[kind] = len(states)
        done.conflicts += _write_conflicts(session, states)
        if kind in RECORDS:
            _write_rows(session, RECORDS[kind], states)
            scribe.kinds.add(kind)
    # Words of a person hold the name of a place, which may have come later in the bundle.
    for kind in rows:
        if kind in RECORDS and RECORDS[kind].searched:
            _write_words(session, RECORDS[kind], list(rows[kind]))
    _reindex_around(session, rows)
    session.info["everything"] = True
    return done


def _unknown(session: Session, unique: dict[str, Op]) -> list[Op]:
    known: set[str] = set()
    for part in chunks(unique):
        known.update(session.scalars(sa.select(OpRow.stamp).where(OpRow.stamp.in_(part))))
    return [op for stamp, op in sorted(unique.items()) if stamp not in known]


def _parked(op: Op) -> bool:
    """Whether this version cannot show the op: an unknown kind, or an unknown field."""
    about = RECORDS.get(op.kind)
    return about is None or any(n not in about.fields and n != DELETED for n in op.fields)


def _fits(op: Op) -> None:
    about = RECORDS.get(op.kind)
    if about is None:
        return
    for name, value in op.fields.items():
        if value is None and name != DELETED:
            continue
        if name == DELETED:
            wanted: Any = bool
        elif name not in about.fields:
            continue
        else:
            wanted = about[name].kind.column().python_type
        if wanted is dict:
            wanted = list
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            continue
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise Unfit(kind=op.kind, field=name)


def states_of(session: Session, rows: Iterable[str]) -> dict[str, RowState]:
    """State of each row, from all its ops in the log."""
    held: dict[str, list[Op]] = {}
    for part in chunks(rows):
        found = session.scalars(sa.select(OpRow.body).where(OpRow.row.in_(part)))
        for body in found:
            op = decode(body.encode())
            held.setdefault(op.row, []).append(op)
    return {row: settle(ops) for row, ops in held.items()}


def _states(session: Session, new: dict[str, list[Op]]) -> dict[str, RowState]:
    """States of rows with new ops; the common case, a row that is new here, needs no log."""
    fresh: dict[str, RowState] = {}
    again: list[str] = []
    counts: dict[str, int] = {}
    for part in chunks(new):
        query = sa.select(OpRow.row, sa.func.count()).where(OpRow.row.in_(part))
        counts |= dict(session.execute(query.group_by(OpRow.row)).all())
    for row, ops in new.items():
        if counts.get(row, 0) == len(ops):
            fresh[row] = settle(ops)
        else:
            again.append(row)
    return fresh | states_of(session, again)


def _write_rows(session: Session, about: RecordType, states: dict[str, RowState]) -> None:
    # The table itself: the log holds these ops already, so the capture must not see them.
    table: sa.Table = about.model.__table__  # type: ignore[assignment]
    connection = session.connection()
    for part in chunks(states.items()):
        connection.execute(sa.delete(table).where(table.c.id.in_([row for row, _ in part])))
        values = []
        for row, state in part:
            columns = {name: state.values.get(name) for name in about.fields}
            heads = {n: h for n, h in state.heads.items() if n in about.fields or n == DELETED}
            values.append(
                {"id": row, "deleted": state.deleted, "stamps": pack_stamps(heads), **columns}
            )
        connection.execute(sa.insert(table), values)
    session.expire_all()


def asked(conflict: Conflict) -> bool:
    """Whether a person is to choose: of a quiet field the later value stands."""
    about = RECORDS.get(conflict.kind)
    return about is None or conflict.field not in about.quiet


def _write_conflicts(session: Session, states: dict[str, RowState]) -> int:
    for part in chunks(states):
        session.execute(sa.delete(ConflictRow).where(ConflictRow.row.in_(part)))
    values = [
        {
            "id": c.id,
            "kind": c.kind,
            "row": c.row,
            "field": c.field,
            "winner": c.winner,
            "other": c.other,
        }
        for state in states.values()
        for c in state.conflicts
        if asked(c)
    ]
    if values:
        session.execute(sa.insert(ConflictRow), values)
    return len(values)


def refresh_conflicts(session: Session, rows: Sequence[str]) -> dict[str, RowState]:
    """Recompute the conflicts of some rows after a local change; their states."""
    session.flush()
    states = states_of(session, rows)
    _write_conflicts(session, states)
    return states


def logged_rows(session: Session) -> tuple[int, list[str]]:
    """Number of ops in the log, and the rows that they are about."""
    total = session.scalar(sa.select(sa.func.count()).select_from(OpRow)) or 0
    return total, list(session.scalars(sa.select(OpRow.row).distinct().order_by(OpRow.row)))


def rebuild(session: Session, rows: Sequence[str]) -> dict[str, int]:
    """Compare rows with the log and rewrite those that differ; how many of each kind."""
    kinds = dict(
        session.execute(sa.select(OpRow.row, OpRow.kind).where(OpRow.row.in_(rows)).distinct())
        .all()
    )
    wrong: dict[str, dict[str, RowState]] = {}
    for row, state in states_of(session, rows).items():
        about = RECORDS.get(kinds[row])
        if about is not None and not _agrees(session, about, row, state):
            wrong.setdefault(about.kind, {})[row] = state
    for kind, states in wrong.items():
        _write_rows(session, RECORDS[kind], states)
        _write_words(session, RECORDS[kind], list(states))
        session.info["scribe"].kinds.add(kind)
    return {kind: len(states) for kind, states in wrong.items()}


def _agrees(session: Session, about: RecordType, row: str, state: RowState) -> bool:
    record = session.get(about.model, row)
    return (
        record is not None
        and record.deleted == state.deleted
        and all(getattr(record, name) == state.values.get(name) for name in about.fields)
    )


def _write_words(session: Session, about: RecordType, rows: list[str]) -> None:
    for part in chunks(rows):
        session.execute(sa.delete(SearchDoc).where(SearchDoc.row.in_(part)))
        records = session.scalars(sa.select(about.model).where(about.model.id.in_(part)))
        values = [
            {"row": record.id, "kind": about.kind, "words": text}
            for record in records
            if (text := record_text(session, about, record))
        ]
        if values:
            session.execute(sa.insert(SearchDoc), values)


def _reindex_around(session: Session, rows: Mapping[str, Collection[str]]) -> None:
    """Write the words of those who are found by the name of a place that came or changed,
    and did not come themselves."""
    places = rows.get("place", ())
    for about in RECORDS.values() if places else ():
        for declared in about.searched:
            if isinstance(declared.kind, Place):
                column = getattr(about.model, declared.name)
                for part in chunks(places):
                    there = session.scalars(sa.select(about.model.id).where(column.in_(part)))
                    _write_words(
                        session, about, [i for i in there if i not in rows.get(about.kind, ())]
                    )


def unpark(session: Session) -> int:
    """After an update: replay ops that the older version did not know; number of rows."""
    parked = session.execute(sa.select(OpRow.row, OpRow.kind).where(OpRow.parked)).all()
    rows: dict[str, set[str]] = {}
    for row, kind in parked:
        if kind in RECORDS:
            rows.setdefault(kind, set()).add(row)
    for kind, ids in rows.items():
        states = states_of(session, sorted(ids))
        _write_rows(session, RECORDS[kind], states)
        _write_conflicts(session, states)
        _write_words(session, RECORDS[kind], list(states))
    return sum(map(len, rows.values()))

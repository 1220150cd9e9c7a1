"""Rows as their ops make them: written from the states that the merge computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, RecordType, following, quick, sealing, search
from migdesk.models.capture import pack_stamps, record_text, search_text
from migdesk.models.kinds import Place
from migdesk.models.local import ConflictRow, OpRow
from migdesk.models.quick import chunks
from migdesk.ops import DELETED, ERASED, MERGED, Op, decode
from migdesk.sync.merge import Conflict, RowState, settle

from . import aliases

Roots = Mapping[str, str]
"""The row that stays in place of each row that was merged away."""


def states_of(session: Session, rows: Iterable[str]) -> dict[str, RowState]:
    """State of each row, from all its ops in the log."""
    held: dict[str, list[Op]] = {}
    for part in chunks(rows):
        found = session.scalars(sa.select(OpRow.body).where(OpRow.row.in_(part)))
        for body in found:
            op = decode(body.encode())
            held.setdefault(op.row, []).append(op)
    return {row: settle(ops) for row, ops in held.items()}


def columns(fields: Iterable[str]) -> tuple[str, ...]:
    """The columns of a kind that hold these fields, as `values_of` gives them."""
    return ("id", DELETED, "stamps", MERGED, *fields)


def values_of(
    about: RecordType, fields: Iterable[str], row: str, state: RowState, roots: Roots
) -> quick.Row:
    """What the table holds of some fields of a row in this state, a value a column."""
    root = roots.get(row)
    unusual = {DELETED, MERGED, ERASED, *(state.values.keys() - about.fields.keys())}
    stamps = pack_stamps(state.heads, unusual, about.sealed)
    deleted = state.deleted or root is not None
    return row, deleted, stamps, root, *map(_shown(about, state, roots).get, fields)


def _shown(about: RecordType, state: RowState, roots: Roots) -> Mapping[str, Any]:
    """Values of a row, leading to those who stay of the merged."""
    if not roots:
        return state.values
    return {**state.values, **aliases.followed(about, state.values, roots)}


def write_rows(
    session: Session, about: RecordType, states: Mapping[str, RowState], roots: Roots
) -> None:
    """Write rows into their table. The log holds their ops already, so the capture must
    not see them."""
    table: sa.Table = about.model.__table__  # type: ignore[assignment]
    connection = session.connection()
    for part in chunks(states.items(), 5_000):
        known = set[str]().union(*(state.values for _row, state in part))
        fields = [name for name in about.fields if name in known]  # most are empty
        values = [values_of(about, fields, row, state, roots) for row, state in part]
        quick.put(connection, table, columns(fields), values)
        if sealing.concerned(about.kind):
            # What was erased stays as secret as it was.
            kept = {row: _shown(about, s, roots) for row, s in part if not s.erased}
            sealing.seal(connection, about, kept)
    session.expire_all()


def asked(conflict: Conflict) -> bool:
    """Whether a person is to choose: of a quiet field the later value stands."""
    about = RECORDS.get(conflict.kind)
    return about is None or conflict.field not in about.quiet


def waiting(state: RowState, row: str, roots: Roots) -> list[Conflict]:
    """The conflicts of a row that a person is asked about. Of a row that was merged away
    only the merging is; and two names of what is one record today are the same."""
    found = [conflict for conflict in state.conflicts if asked(conflict)]
    if row in roots:
        found = [conflict for conflict in found if conflict.field == MERGED]
    return [each for each in found if not (roots and _agree(each, roots))]


def _agree(conflict: Conflict, roots: Roots) -> bool:
    sides = conflict.mine, conflict.theirs
    if conflict.field == MERGED:
        mine, theirs = (roots.get(side or "", side) for side in sides)
        return mine == theirs
    about = RECORDS.get(conflict.kind)
    if about is None or all(name != conflict.field for name, *_ in following(about.kind)):
        return False
    left, right = ({conflict.field: side} for side in sides)
    left |= aliases.followed(about, left, roots)
    right |= aliases.followed(about, right, roots)
    return left == right


def write_conflicts(session: Session, states: Mapping[str, RowState], roots: Roots) -> int:
    """Write what of some rows waits for a person; how many conflicts."""
    quick.drop(session.connection(), ConflictRow.__tablename__, "row", states)
    values = [
        {
            "id": c.id,
            "kind": c.kind,
            "row": c.row,
            "field": c.field,
            "winner": c.winner,
            "other": c.other,
        }
        for row, state in states.items()
        if state.conflicts
        for c in waiting(state, row, roots)
    ]
    if values:
        session.execute(sa.insert(ConflictRow), values)
    return len(values)


def write_words(session: Session, about: RecordType, rows: Collection[str]) -> None:
    """Write the words by which some rows are found, where they are others than before: most
    changes are of fields that nobody looks for."""
    for part in chunks(rows):
        records = session.scalars(sa.select(about.model).where(about.model.id.in_(part)))
        docs = {record.id: record_text(session, about, record) for record in records}
        search.put_all(session.connection(), about.kind, {**dict.fromkeys(part, ""), **docs})


def write_new_words(
    session: Session, about: RecordType, states: Mapping[str, RowState]
) -> None:
    """The same for rows that were not here before: from what they hold, without a look."""
    docs = [
        (row, text)
        for row, state in states.items()
        if not state.deleted and (text := search_text(session, about, state.values.get))
    ]
    for part in chunks(docs, 5_000):
        search.add(session.connection(), about.kind, part)


def reindex_around(session: Session, rows: Mapping[str, Collection[str]]) -> None:
    """Write the words of those who are found by the name of a place that came or changed,
    and did not come themselves."""
    places = rows.get("place", ())
    for about in RECORDS.values() if places else ():
        for declared in about.searched:
            if isinstance(declared.kind, Place):
                column = getattr(about.model, declared.name)
                for part in chunks(places):
                    there = session.scalars(sa.select(about.model.id).where(column.in_(part)))
                    came = rows.get(about.kind, ())
                    write_words(session, about, [i for i in there if i not in came])


def differing(
    session: Session, about: RecordType, states: Mapping[str, RowState], roots: Roots
) -> list[str]:
    """Rows of which the table does not hold what their ops make them."""
    table: sa.Table = about.model.__table__  # type: ignore[assignment]
    names = columns(about.fields)
    held: dict[str, dict[str, Any]] = {}
    for part in chunks(states):
        held |= {row["id"]: row for row in quick.fetch(session.connection(), table, part)}
    wrong = []
    for row, state in states.items():
        here, wanted = held.get(row), values_of(about, about.fields, row, state, roots)
        if here is None or any(
            here[name] != value
            for name, value in zip(names, wanted, strict=True)
            if name != "stamps"
        ):
            wrong.append(row)
    return wrong

"""What becomes of everything that an erased row ever said: it leaves this computer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import quick
from migdesk.models.local import Draft, Erasure, HeldBack, OpRow, SearchDoc, Twin
from migdesk.models.quick import chunks
from migdesk.ops import ERASED, Op, decode, encode

from . import blobs, drafts

_EMPTY = "UPDATE op SET body = :body, parked = :parked WHERE stamp = :stamp"


def erased_among(session: Session, rows: Collection[str]) -> set[str]:
    """Which of some rows were erased."""
    if session.scalar(sa.select(Erasure.row).limit(1)) is None:
        return set()
    select = 'SELECT "row" FROM erasure'
    return {row for (row,) in quick.among(session.connection(), select, '"row"', rows)}


def note(session: Session, ops: Iterable[Op]) -> dict[str, str]:
    """Keep which rows are erased; those that were not known to be, each with its kind."""
    erasing: dict[str, Op] = {}
    for op in ops:
        if op.fields.get(ERASED) is True:
            erasing.setdefault(op.row, op)
    for row in erased_among(session, erasing) if erasing else ():
        del erasing[row]
    if erasing:
        rows = [{"row": r, "kind": op.kind, "stamp": op.stamp} for r, op in erasing.items()]
        session.execute(sa.insert(Erasure), rows)
    return {row: op.kind for row, op in erasing.items()}


def empty(session: Session, rows: Mapping[str, str]) -> None:
    """Forget what the ops of some rows (id → kind) said; their stubs stay, so that every
    computer still knows that they were written. The rows themselves are written after."""
    files: set[str] = set()
    for part in chunks(rows):
        bodies = session.scalars(sa.select(OpRow.body).where(OpRow.row.in_(part)))
        left = []
        for op in (decode(body.encode()) for body in bodies):
            if op.kind == "attachment" and op.fields.get("blob"):
                files.add(op.fields["blob"])
            if not op.emptied and op.fields.get(ERASED) is not True:
                stub = encode(op.empty()).decode()
                left.append({"stamp": op.stamp, "body": stub, "parked": False})
        quick.run(session.connection(), _EMPTY, left)
        session.execute(sa.delete(Twin).where(Twin.row.in_(part)))
        session.execute(sa.delete(HeldBack).where(HeldBack.row.in_(part)))
        session.execute(sa.delete(SearchDoc).where(SearchDoc.row.in_(part)))
    session.info["lost"] = session.info.get("lost", set()) | files
    session.info["erased"] = True
    _drop_drafts(session, rows)


def sweep(session: Session) -> None:
    """After the rows are written: bytes of erased files that nothing else names."""
    blobs.purge(session, session.info.pop("lost", ()))


def _drop_drafts(session: Session, rows: Collection[str]) -> None:
    """Drafts of these records, and those that speak of them."""
    for draft in list(session.scalars(sa.select(Draft))):
        text = f"{draft.id} {json.dumps(draft.body)}"
        if any(row in text for row in rows):
            drafts.drop(session, draft.id)

"""Every change to a record becomes an op of the change log, in the same transaction.

The listeners work on any session that carries a `Scribe` in ``session.info``; a session
without one may not write records at all. What is captured: for a new row, each field
that has a value; for a changed row, each field whose value differs. `stamps` on the row
holds, for each field, the stamps of the ops that gave it its value (``"*"`` for all
fields not named), so that the next op can say what it replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, object_session

from migdesk.clock import Clock
from migdesk.ops import Op, encode

from . import quick, search
from .declare import Record, RecordType
from .kinds import Place
from .organisation import PlaceRecord

_PLACE_NAME = sa.select(PlaceRecord.name).where(PlaceRecord.id == sa.bindparam("id"))


@dataclass
class Scribe:
    """Who writes, with which clock; collects what one transaction touched."""

    clock: Clock
    actor: str
    program: str
    types: dict[type[Record], RecordType]
    tx: str = ""
    pending: list[Op] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    reindex: list[Record] = field(default_factory=list)

    def note(self, record: Record, changed: dict[str, Any]) -> None:
        """Make the op of one changed row and move the row's stamps."""
        stamp = self.clock.tick()
        self.tx = self.tx or stamp
        known = dict(record.stamps or {})
        op = Op(
            stamp=stamp,
            kind=record.__kind__,
            row=record.id,
            fields=changed,
            bases=bases(known, changed, set(self.types[type(record)].fields)),
            tx=self.tx,
            actor=self.actor,
            program=self.program,
        )
        self.pending.append(op)
        record.stamps = {**known, **dict.fromkeys(changed, stamp)} if known else {"*": stamp}
        self.kinds.add(op.kind)
        self.ids.add(op.row)
        self.reindex.append(record)


def bases(
    known: dict[str, Any], changed: Iterable[str], fields: set[str]
) -> dict[str, list[str]]:
    """Stamps that a write of `changed` saw and replaces.

    A delete names every field of the row, so that an edit it did not see is noticed;
    any write names the state of `deleted` that it saw, if the row ever had one.
    """
    if not known:
        return {}
    names = set(changed)
    if "deleted" in names:
        names |= fields
    if "deleted" in known:
        names.add("deleted")
    found = {
        name: known.get(name, known.get("*") if name != "deleted" else None) for name in names
    }
    return {n: [s] if isinstance(s, str) else list(s) for n, s in sorted(found.items()) if s}


def pack_stamps(heads: dict[str, list[str]]) -> dict[str, Any]:
    """`Record.stamps` for the heads of each field, as the merge computed them."""
    single = {n: h[0] if len(h) == 1 else h for n, h in heads.items()}
    values = [s for n, s in single.items() if isinstance(s, str) and n != "deleted"]
    if not values:
        return dict(single)
    usual = max(set(values), key=values.count)
    return {"*": usual} | {n: s for n, s in single.items() if s != usual or n == "deleted"}


def search_text(session: Session, record: Record, kind: RecordType) -> str:
    """Words by which search finds a record; none once it is deleted."""
    if record.deleted:
        return ""
    texts: list[str] = []
    names: list[str] = []
    for declared in kind.searched:
        value = getattr(record, declared.name)
        if isinstance(declared.kind, Place) and value:
            with session.no_autoflush:
                place = session.scalar(_PLACE_NAME, {"id": value})
            texts += [place] if place else []
        elif declared.secret == "personal":  # names of people, written in many ways
            names += declared.kind.words(value)
        else:
            texts += declared.kind.words(value)
    return search.index_words(texts, names)


def _changed(record: Record, names: Iterable[str], new: bool) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    state = sa.inspect(record)
    for name in names:
        value = getattr(record, name)
        if new:
            if value is not None and not (name == "deleted" and value is False):
                changed[name] = value
        else:
            history = state.attrs[name].history
            if history.has_changes() and list(history.added) != list(history.deleted or [None]):
                changed[name] = value
    return changed


def _before_flush(session: Session, _context: UOWTransaction, _objects: Any) -> None:
    scribe: Scribe | None = session.info.get("scribe")
    if any(isinstance(gone, Record) for gone in session.deleted):
        raise RuntimeError("records are deleted by their tombstone, never from the table")
    for record in [*session.new, *session.dirty]:
        if not isinstance(record, Record):
            continue
        if scribe is None:
            raise RuntimeError("a record was changed outside Store.write")
        names = [*scribe.types[type(record)].fields, "deleted"]
        changed = _changed(record, names, new=record in session.new)
        if changed or record in session.new:
            scribe.note(record, changed)


_ADD_OP = (
    'INSERT INTO op (stamp, "row", kind, tx, body, parked, origin) '
    "VALUES (:stamp, :row, :kind, :tx, :body, :parked, :origin)"
)


def _after_flush(session: Session, _context: UOWTransaction) -> None:
    scribe: Scribe | None = session.info.get("scribe")
    if scribe is None or not scribe.pending:
        return
    connection = session.connection()
    ops, scribe.pending = scribe.pending, []
    records, scribe.reindex = scribe.reindex, []
    quick.run(connection, _ADD_OP, [op_row(op) for op in ops])
    for record, op in zip(records, ops, strict=True):
        kind = scribe.types[type(record)]
        if kind.searched and object_session(record) is session:
            text = search_text(session, record, kind)
            search.put(connection, kind.kind, record.id, text, new=not op.bases)
        if isinstance(record, PlaceRecord) and op.bases and "name" in op.fields:
            _reindex_around(session, scribe, record.id)


def _reindex_around(session: Session, scribe: Scribe, place: str) -> None:
    """Records are found by the name of their place: it has changed."""
    for model, kind in scribe.types.items():
        names = [f.name for f in kind.searched if isinstance(f.kind, Place)]
        if not names:
            continue
        there = sa.or_(*(getattr(model, name) == place for name in names))
        with session.no_autoflush:
            for record in session.scalars(sa.select(model).where(there)):
                text = search_text(session, record, kind)
                search.put(session.connection(), kind.kind, record.id, text)


def _before_statement(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if (
        (state.is_insert or state.is_update or state.is_delete)
        and mapper is not None
        and issubclass(mapper.class_, Record)
    ):
        raise RuntimeError("records are changed one by one, so that the log hears of it")


def op_row(op: Op, origin: str = "", parked: bool = False) -> dict[str, Any]:
    """Columns of `OpRow` for an op; `origin` is the device whose bundle brought it."""
    return {
        "stamp": op.stamp,
        "row": op.row,
        "kind": op.kind,
        "tx": op.tx,
        "body": encode(op).decode(),
        "parked": parked,
        "origin": origin,
    }


def listen(target: Any) -> None:
    """Attach the capture to a session class or factory."""
    event.listen(target, "before_flush", _before_flush)
    event.listen(target, "after_flush", _after_flush)
    event.listen(target, "do_orm_execute", _before_statement)

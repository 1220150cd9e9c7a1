"""Every change to a record becomes an op of the change log, in the same transaction.

A row is born by `create`; after that the listeners see its changes in any session that
carries a `Scribe` in ``session.info``. A session without one may not write records at all.
What is captured: for a new row, each field that has a value; for a changed row, each field
whose value differs. `stamps` on the row
holds, for each field, the stamps of the ops that gave it its value (``"*"`` for all
fields not named), so that the next op can say what it replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from migdesk.clock import Clock
from migdesk.errors import Mistake, Refusal
from migdesk.i18n import N_
from migdesk.ops import CLOSING, DELETED, ERASED, MERGED, Chain, Op, encode, plain

from . import MERGING, RECORDS, following, quick, sealing, search
from .declare import Field, Record, RecordType
from .kinds import Place
from .organisation import PlaceRecord

_PLACE_NAME = f"SELECT name FROM {PlaceRecord.__tablename__} WHERE id = :id"


class NotYours(Refusal):
    """A row that the role of who is logged in may not write."""

    code = "CAP-001"
    text = N_(
        "Your account may not change this ({what}). Ask the head of the office, or somebody "
        "whose account may."
    )


class ErasedRow(Mistake):
    """A row of which nothing is left, and nothing can be written."""

    code = "CAP-002"
    text = N_("This record was erased for good. Nothing can be written to it any more.")


def resume(
    ends: str, device: str, now: Callable[[], int] | None = None
) -> tuple[Clock, Chain]:
    """Clock and chain of a writer from where they stood (`Scribe.ends`). A new writer
    follows the clock of the one before, and begins a chain of its own."""
    last, number, link, writer = ends.split(" ") if ends else ("0", "0", "", device)
    clock = Clock(device, int(last), *([now] if now else []))
    return clock, Chain(int(number), link) if writer == device else Chain()


@dataclass
class Scribe:
    """Who writes, with which clock; collects what one transaction touched. `role` is that
    of the account logged in, "" for the program itself; `granted` are its compartments."""

    connection: sa.Connection
    clock: Clock
    chain: Chain
    began: str
    actor: str
    role: str
    program: str
    types: dict[type[Record], RecordType]
    granted: sealing.Granted = None
    tx: str = ""
    pending: list[tuple[Record, Op]] = field(default_factory=list)
    seen: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Stamps of the rows that a person had on the screen, if not those of now."""
    kinds: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def op(
        self,
        about: RecordType,
        row: str,
        fields: dict[str, Any],
        bases: dict[str, list[str]],
    ) -> Op:
        """The op of one row that this transaction writes. Raises NotYours."""
        if self.role and self.role not in about.writers:
            raise NotYours(what=about.label)
        for name in about.guarded.keys() & fields.keys() if self.role else ():
            if self.role not in about.guarded[name]:
                raise NotYours(what=about[name].label)
        stamp = self.clock.tick()
        self.tx = self.tx or stamp
        self.kinds.add(about.kind)
        self.ids.add(row)
        who = self.tx, self.actor, self.program
        return self.chain.add(stamp, about.kind, row, fields, bases, *who)

    @property
    def ends(self) -> str:
        """Where clock and chain of this writer stand, as `resume` reads it."""
        chain = self.chain
        return f"{self.clock.last} {chain.number} {chain.link} {self.clock.device}"

    def note(self, record: Record, changed: dict[str, Any]) -> None:
        """Make the op of one changed row and move the row's stamps."""
        known = dict(record.stamps or {})
        about = self.types[type(record)]
        if ERASED in known:
            raise ErasedRow
        if unread := sealing.veiled(about, self.granted) & changed.keys():
            raise NotYours(what=about[min(unread)].label)
        saw = dict(self.seen.get(record.id, known))
        op = self.op(about, record.id, changed, bases(saw, changed, set(about.fields)))
        self.pending.append((record, op))
        record.stamps = {**known, **dict.fromkeys(changed, op.stamp)}


def bases(
    known: dict[str, Any], changed: Iterable[str], fields: set[str]
) -> dict[str, list[str]]:
    """Stamps that a write of `changed` saw and replaces.

    A delete names every field of the row, so that an edit it did not see is noticed, also
    fields that only a newer program knows; any write names the state of `deleted` and
    `merged` that it saw, if the row ever had one.
    """
    if not known:
        return {}
    names = {*changed, *(name for name in CLOSING if name in known)}
    if any(name in CLOSING for name in changed):
        names |= fields | known.keys() - {"*"}
    found = {
        name: known.get(name, known.get("*") if name in fields else None) for name in names
    }
    return {n: [s] if isinstance(s, str) else list(s) for n, s in sorted(found.items()) if s}


def pack_stamps(
    heads: Mapping[str, list[str]],
    unusual: Collection[str] = (DELETED, MERGED, ERASED),
    sealed: Collection[str] = (),
) -> dict[str, Any]:
    """`Record.stamps` for the heads of each field, as the merge computed them. `unusual`
    are those which ``"*"`` does not stand for; it never is the stamp of `sealed` fields
    alone, which not everybody may know of."""
    lists = list(heads.values())
    alike = lists and len(lists[0]) == 1 and lists.count(lists[0]) == len(lists)
    if alike and heads.keys().isdisjoint(unusual):  # a row that was written once
        return {"*": lists[0][0]}
    single = {n: h[0] if len(h) == 1 else h for n, h in heads.items()}
    apart = {*unusual, *sealed}
    values = [s for n, s in single.items() if isinstance(s, str) and n not in apart]
    if not values:
        return dict(single)
    usual = max(set(values), key=values.count)
    return {"*": usual} | {n: s for n, s in single.items() if s != usual or n in unusual}


def search_text(
    session: Session, about: RecordType, *values_of: Callable[[str], Any]
) -> str:
    """Words by which search finds a record; `values_of` give the value of a field: of the
    record, and of those that were merged into it."""
    first, *others = values_of
    fields = []
    for each in about.searched:
        value = first(each.name)
        texts = _texts(session, each, value) if value is not None else []
        for value_of in others:
            if (value := value_of(each.name)) is not None:
                texts = [*texts, *_texts(session, each, value)]
        fields.append(search.words_of(texts, each.secret == "personal") if texts else "")
    return search.index_words(fields)


def _texts(session: Session, declared: Field, value: Any) -> list[str]:
    if isinstance(declared.kind, Place):
        place = quick.scalar(session.connection(), _PLACE_NAME, {"id": value})
        return [place] if place else []
    return declared.kind.words(value)


def record_text(session: Session, about: RecordType, record: Record) -> str:
    """Words by which search finds a record; none once it is deleted."""
    if record.deleted:
        return ""
    merged: list[dict[str, Any]] = []
    if about.merges:
        table: sa.Table = about.model.__table__  # type: ignore[assignment]
        merged = quick.fetch(session.connection(), table, [record.id], by="merged")
    others = sorted(merged, key=lambda row: str(row["id"]))
    values: list[Callable[[str], Any]] = [partial(getattr, record)]
    return search_text(session, about, *values, *(row.get for row in others))


def create(session: Session, about: RecordType, id: str, values: Mapping[str, Any]) -> None:
    """Write a new row, its op and its words: the only way a record comes to be here.

    Past the ORM, which spends as long on one new row as the encrypted file does. Raises
    RuntimeError outside `Store.write`, NotYours.
    """
    scribe: Scribe | None = session.info.get("scribe")
    if scribe is None:
        raise RuntimeError("a record was created outside Store.write")
    given = {name: value for name, value in values.items() if value is not None}
    op = scribe.op(about, id, given, {})
    connection = scribe.connection
    row = {"id": id, "deleted": False, "stamps": {"*": op.stamp}, **given}
    row |= _followed(connection, about, given)
    quick.insert(connection, about.model.__table__, row)  # type: ignore[arg-type]
    quick.add(connection, "op", OP, [op_row(op)])
    if seals := sealing.seal(connection, about, {id: row}, new=True):
        _allow(scribe, about, seals[id])
    if about.searched:
        search.put(connection, about.kind, id, search_text(session, about, given.get), new=True)


def _allow(scribe: Scribe, about: RecordType, seals: sealing.Seals) -> None:
    """Nobody seals a row away from himself. Raises NotYours."""
    closed = {of for of, masked in seals if not masked}
    if scribe.granted is not None and closed - scribe.granted:
        raise NotYours(what=about.label)


def _followed(
    connection: sa.Connection, about: RecordType, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Links to records that were merged into others, as they lead today: the log keeps what
    was written, the row what it means."""
    moved: dict[str, Any] = {}
    for name, to, many in following(about.kind):
        if isinstance(value := values.get(name), str) and not many:
            kinds = [RECORDS[to]] if to else MERGING
            for each in kinds:
                sql = f'SELECT merged FROM "{each.model.__tablename__}" WHERE id = :id'
                if root := quick.scalar(connection, sql, {"id": value}):
                    moved[name] = root
    return moved


def _changed(record: Record, names: Iterable[str]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    state = sa.inspect(record)
    for name in names:
        if name not in state.committed_state:
            continue  # nobody set it
        history = state.attrs[name].history
        if history.has_changes() and list(history.added) != list(history.deleted or [None]):
            changed[name] = getattr(record, name)
    return changed


def _before_flush(session: Session, _context: UOWTransaction, _objects: Any) -> None:
    scribe: Scribe | None = session.info.get("scribe")
    if any(isinstance(gone, Record) for gone in session.deleted):
        raise RuntimeError("records are deleted by their tombstone, never from the table")
    if any(isinstance(born, Record) for born in session.new):
        raise RuntimeError("records are created by capture.create")
    for record in session.dirty:
        if not isinstance(record, Record):
            continue
        if scribe is None:
            raise RuntimeError("a record was changed outside Store.write")
        about = scribe.types[type(record)]
        changed = _changed(record, [*about.fields, DELETED])
        if changed:
            scribe.note(record, changed)
            for name, root in _followed(scribe.connection, about, changed).items():
                setattr(record, name, root)


OP = ("stamp", "row", "kind", "tx", "body", "link", "parked", "origin")
"""Columns of the log, as `op_row` gives them."""


def _after_flush(session: Session, _context: UOWTransaction) -> None:
    scribe: Scribe | None = session.info.get("scribe")
    if scribe is None or not scribe.pending:
        return
    connection = session.connection()
    noted, scribe.pending = scribe.pending, []
    quick.add(connection, "op", OP, [op_row(op) for _record, op in noted])
    _seal(scribe, connection, [record for record, _op in noted])
    for record, op in noted:
        about = scribe.types[type(record)]
        if about.searched:
            search.put(connection, about.kind, record.id, record_text(session, about, record))
        if isinstance(record, PlaceRecord) and "name" in op.fields:
            reindex_around(session, scribe.types.values(), record.id)


def _seal(scribe: Scribe, connection: sa.Connection, records: list[Record]) -> None:
    by_type: dict[type[Record], dict[str, Mapping[str, Any]]] = {}
    for record in records:
        values = {name: getattr(record, name) for name in scribe.types[type(record)].fields}
        by_type.setdefault(type(record), {})[record.id] = values
    for model, rows in by_type.items():
        about = scribe.types[model]
        known = sealing.hidden(connection, rows, scribe.granted)
        for id, seals in sealing.seal(connection, about, rows).items():
            if id not in known:  # what was hidden before changes with what it belongs to
                _allow(scribe, about, seals)


def reindex_around(session: Session, types: Iterable[RecordType], place: str) -> None:
    """Records are found by the name of their place: it has changed, or just arrived."""
    for about in types:
        names = [f.name for f in about.searched if isinstance(f.kind, Place)]
        if not names:
            continue
        there = sa.or_(*(getattr(about.model, name) == place for name in names))
        with session.no_autoflush:
            for record in session.scalars(sa.select(about.model).where(there)):
                text = record_text(session, about, record)
                search.put(session.connection(), about.kind, record.id, text)


def _before_statement(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if (
        (state.is_insert or state.is_update or state.is_delete)
        and mapper is not None
        and issubclass(mapper.class_, Record)
    ):
        raise RuntimeError("records are changed one by one, so that the log hears of it")


def op_row(op: Op, origin: str = "", parked: bool = False) -> quick.Row:
    """The columns `OP` of an op; `origin` is the device whose bundle brought it (and out of
    which it came checked)."""
    tx = op.tx if op.tx != op.stamp else None
    body = (plain(op) if origin else encode(op)).decode()
    return op.stamp, op.row, op.kind, tx, body, op.link, parked, origin


def listen(target: Any) -> None:
    """Attach the capture to a session class or factory."""
    event.listen(target, "before_flush", _before_flush)
    event.listen(target, "after_flush", _after_flush)
    event.listen(target, "do_orm_execute", _before_statement)

"""What can be done with any record: list, get, save, delete, restore."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.errors import Mistake, Refusal
from migdesk.i18n import N_
from migdesk.models import RECORDS, Record, RecordType, children_of, going_with, quick, sealing
from migdesk.models import search as words
from migdesk.models.capture import create
from migdesk.models.kinds import BadValue, Kind
from migdesk.models.local import Erasure, OpRow
from migdesk.models.meta import count_up
from migdesk.models.office import AttachmentRecord

from . import beside, blind, drafts, rules, sights
from .views import (
    Gone,
    Page,
    Query,
    View,
    load,
    stays,
    title_of,
    titles,
    values_of,
    view,
    views,
)

Lines = Mapping[str, Sequence[tuple[str | None, Mapping[str, Any] | None]]]


class Needed(Mistake):
    """A field that may not stay empty."""

    code = "REC-002"
    text = N_("“{label}” is needed.")


class Unknown(Refusal):
    """A field that the record type does not declare: a bug, or a crafted file."""

    code = "REC-003"
    text = N_("The field “{name}” does not exist.")


def default_values(kind: str) -> dict[str, Any]:
    """Values that a new record starts with."""
    return {f.name: f.default for f in RECORDS[kind].fields.values() if f.default is not None}


def _select(session: Session, about: RecordType, query: Query) -> sa.Select[Record]:
    model = about.model
    statement = sa.select(model).where(model.deleted.is_(query.deleted))
    if query.deleted:  # what was merged or erased is not in the bin
        statement = statement.where(model.merged.is_(None))
        statement = statement.where(model.id.not_in(sa.select(Erasure.row)))
    if about.kind == "submission":
        statement = statement.where(model.id.not_in(blind.unseen(session)))
    if query.owner and about.owner:
        statement = statement.where(getattr(model, about.owner) == query.owner)
    covered = sights.personal(about) if about.masks else frozenset[str]()
    if any(name in covered for name, _value in query.filters):
        statement = statement.where(model.id.not_in(sights.unseen(session, masks=True)))
    for name, value in query.filters:
        column = getattr(model, name)
        if about[name].kind.many:
            held = sa.cast(column, sa.Text)
            statement = statement.where(held.contains(json.dumps(value), autoescape=True))
        else:
            statement = statement.where(_is(column, value))
    if query.text.strip():
        found = words.find(session, query.text, [about.kind], limit=2_000)
        ids = [id for _kind, id, _words in found]
        ids += sights.by_code(session, about.kind, query.text)
        statement = statement.where(model.id.in_(ids))
    return statement


def _is(column: Any, value: Any) -> Any:
    """Whether a column holds a value, nothing (None), or one of several (a tuple)."""
    if isinstance(value, tuple):
        return sa.or_(*(_is(column, each) for each in value))
    return column.is_(None) if value is None else column == value


def list_page(
    session: Session, kind: str, query: Query, after: str = "", limit: int = 100
) -> Page:
    """Rows of a list from `after` (the `next` of the page before) on.

    Paged by key: the cost does not grow with the number of rows before.
    """
    about = RECORDS[kind]
    order = query.sort or about.order
    down, name = order.startswith("-"), order.lstrip("-")
    model = about.model
    statement = _select(session, about, query)
    if name == "id":
        if after:
            statement = statement.where(model.id < after if down else model.id > after)
        statement = statement.order_by(model.id.desc() if down else model.id)
        found = list(session.scalars(statement.limit(limit + 1)))
    else:
        column = getattr(model, name)
        if name in about.fields and about[name].kind.many:
            column = sa.cast(column, sa.Text)  # PostgreSQL has no order for JSON
        cursor = json.loads(after) if after else None
        found = _ordered(session, statement, (column, model.id), down, cursor, limit + 1)
    end = ""
    if len(found) > limit:
        last = found[limit - 1]
        value = getattr(last, name)
        if isinstance(value, list):
            value = json.dumps(value)
        end = last.id if name == "id" else json.dumps([value, last.id])
    return Page(views(session, kind, found[:limit]), end)


def _ordered(
    session: Session,
    statement: sa.Select[Record],
    key: tuple[Any, Any],
    down: bool,
    cursor: list[Any] | None,
    limit: int,
) -> list[Record]:
    """Rows in the order of `key` (column, id) after `cursor`, empty values last.

    Two statements, because an index gives rows in order only if empty values need not be
    moved to the other end.
    """
    column, id = key
    found: list[Record] = []
    if cursor is None or cursor[0] is not None:
        part = statement.where(column.is_not(None))
        if cursor is not None:
            place = sa.tuple_(column, id)
            at = sa.tuple_(*(sa.literal(v) for v in cursor))
            part = part.where(place < at if down else place > at)
        part = part.order_by(*(part_.desc() if down else part_ for part_ in key))
        found = list(session.scalars(part.limit(limit)))
        cursor = None
    if len(found) < limit:
        rest = statement.where(column.is_(None))
        if cursor is not None:
            rest = rest.where(id < cursor[1] if down else id > cursor[1])
        rest = rest.order_by(id.desc() if down else id)
        found += session.scalars(rest.limit(limit - len(found)))
    return found


def count(session: Session, kind: str, query: Query) -> int:
    """Number of rows that a list holds."""
    if query == Query(sort=query.sort):
        unseen = blind.count(session) if kind == "submission" else 0
        return _count_all(session, RECORDS[kind].model.__tablename__) - unseen
    inner = _select(session, RECORDS[kind], query).with_only_columns(RECORDS[kind].model.id)
    return session.scalar(sa.select(sa.func.count()).select_from(inner.subquery())) or 0


def _count_all(session: Session, table: str) -> int:
    """All rows but those in the bin: both figures come from an index alone."""
    every = f'SELECT count(*) FROM "{table}"'
    sql = f"SELECT ({every}) - ({every} WHERE deleted)"
    return int(quick.scalar(session.connection(), sql, {}))


def count_up_to(session: Session, kind: str, most: int) -> int:
    """Number of rows, told no further than `most`: the same small cost for a million."""
    table = f'"{RECORDS[kind].model.__tablename__}"'
    bin = f"(SELECT count(*) FROM {table} WHERE deleted)"
    rows = f"SELECT id FROM {table} ORDER BY id LIMIT :most + {bin}"
    sql = f"SELECT (SELECT count(*) FROM ({rows}) AS counted) - {bin}"
    return int(quick.scalar(session.connection(), sql, {"most": most}))


def get(session: Session, kind: str, id: str) -> View:
    """One record; raises Gone."""
    return view(session, load(session, kind, id))


def children(session: Session, kind: str, id: str) -> dict[str, tuple[View, ...]]:
    """The lines of a record by kind of line, without deleted ones."""
    return {t.kind: lines_of(session, t.kind, id) for t in children_of(kind)}


def lines_of(session: Session, kind: str, owner: str) -> tuple[View, ...]:
    """Lines of one kind that belong to `owner`, in their order."""
    return _all(session, kind, Query(owner=owner))


def linked(session: Session, kind: str, field: str, id: str) -> tuple[View, ...]:
    """Records of `kind` whose link `field` is `id`, newest first."""
    return _all(session, kind, Query(filters=((field, id),)))


def _all(session: Session, kind: str, query: Query) -> tuple[View, ...]:
    page = list_page(session, kind, query, limit=1_000)
    rows = list(page.rows)
    while page.next:
        page = list_page(session, kind, query, page.next, limit=1_000)
        rows += page.rows
    return tuple(rows)


def checked(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored; raises Mistake with the field that is wrong."""
    about = RECORDS[kind]
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in about.fields:
            raise Unknown(name=name)
        declared = about[name]
        try:
            found[name] = _stored(declared.kind, value)
        except BadValue as mistake:
            raise BadValue(mistake.why, name) from None
    return found


def _stored(kind: Kind, value: Any) -> Any:
    if value is None or value == "" or value == []:
        return None
    return kind.check(value)


def save(
    session: Session,
    kind: str,
    id: str | None,
    values: Mapping[str, Any],
    seen: beside.Stamps | None = None,
) -> str:
    """Create (`id` None or not here yet) or change a record; only the fields given change.

    `seen`: the stamps of the view that the person worked on. What others wrote meanwhile
    stays: in other fields as it is, in the same field as a conflict of both values.
    Raises Mistake naming the field. Returns the id.
    """
    about = RECORDS[kind]
    found = checked(kind, values)
    record = session.get(about.model, stays(session, kind, id)) if id else None
    if record is not None and sights.hides(session, record.id):
        raise Gone
    if record is None:
        id = id or uuid7()
        found = about.born({**default_values(kind), **found})
        if about.prefix and not found.get("code"):
            # The numbers of what only some may know of leave no gap among the others.
            sealed = sealing.seals_of(session.connection(), about, {id: found}).get(id, ())
            apart = "X" if any(not masked for _compartment, masked in sealed) else ""
            found["code"] = next_code(session, about.prefix + apart)
        _require(about, found, list(about.fields))
        if all(value in (None, "", []) for value in found.values()):
            first = next(f for f in about.fields.values() if not (f.hidden or f.readonly))
            raise Needed(first.name, label=first.label)
        rules.check(session, kind, id, found)
        create(session, about, id, found)
        return id
    whole = {**values_of(record, about), **found}
    _require(about, whole, list(found))
    rules.check(session, kind, record.id, whole)
    if seen is None or seen == record.stamps:
        _set(session, record, found)
    else:
        with beside.based_on(session, record.id, seen):
            _set(session, record, found)
    return record.id


def _set(session: Session, record: Record, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(record, name) != value:
            setattr(record, name, value)
    session.flush()
    beside.ask_again(session, [record.id])


def _require(about: RecordType, values: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in names:
        if about[name].required and values.get(name) in (None, "", []):
            raise Needed(name, label=about[name].label)
    nameless = about.kind == "person" and not about.title({**values, "code": None})
    # Of a file whose beginning was lost elsewhere the rest can still be kept.
    if nameless and {"given_name", "family_name", "aliases"} & set(names):
        raise Needed("family_name", label=N_("A name or an alias"))


def save_all(
    session: Session,
    kind: str,
    id: str | None,
    values: Mapping[str, Any],
    lines: Lines,
    draft: str = "",
    seen: Mapping[str, beside.Stamps] = MappingProxyType({}),
) -> str:
    """Save a record and its lines together: one transaction, one undo; the draft of what
    is now saved goes with it.

    `lines` maps a kind of line to (id or None, values); values None deletes the line.
    `seen`: for each row its stamps on the screen, as `save` takes them.
    """
    owner = save(session, kind, id, values, seen.get(id or ""))
    for line_kind, rows in lines.items():
        field = RECORDS[line_kind].owner
        for line, line_values in rows:
            if line_values is not None:
                saw = seen.get(line or "")
                save(session, line_kind, line, {**line_values, field: owner}, saw)
            elif line:
                delete(session, line_kind, line)
    if draft:
        drafts.drop(session, draft)
    return owner


def delete(session: Session, kind: str, id: str) -> None:
    """Put a record and its lines in the bin: a tombstone, never a removal."""
    record = load(session, kind, id)
    rows = [record, *_lines(session, kind, record.id, deleted=False)]
    for row in rows:
        row.deleted = True
    session.flush()
    beside.ask_again(session, [row.id for row in rows])


def restore(session: Session, kind: str, id: str) -> None:
    """Take a record out of the bin, with the lines that went there with it."""
    record = load(session, kind, id)
    stamp = record.stamps.get("deleted", [])
    stamps = [stamp] if isinstance(stamp, str) else stamp
    tx = session.scalars(sa.select(OpRow.transaction()).where(OpRow.stamp.in_(stamps)))
    together = set(session.scalars(sa.select(OpRow.row).where(OpRow.within(*tx))))
    lines = _lines(session, kind, record.id, deleted=True)
    rows = [record, *(line for line in lines if line.id in together)]
    for row in rows:
        row.deleted = False
    session.flush()
    beside.ask_again(session, [row.id for row in rows])


def _lines(session: Session, kind: str, id: str, deleted: bool) -> Iterator[Record]:
    """What goes to the bin with a record: its files, its own lines, what is held by it."""
    files = sa.select(AttachmentRecord).where(AttachmentRecord.of == id)
    yield from session.scalars(files.where(AttachmentRecord.deleted.is_(deleted)))
    for child, name in going_with(kind):
        owner = getattr(child.model, name)
        rows = sa.select(child.model).where(owner == id, child.model.deleted.is_(deleted))
        yield from session.scalars(rows)


def next_code(session: Session, prefix: str) -> str:
    """A short code for people: kind, year, number, and two letters of this computer.

    ``P-26-0412-KD``: the letters keep two computers that have not met from giving the
    same code. Codes are never keys.
    """
    year = date.today().year % 100
    key = f"code.{prefix}.{year:02d}"
    number = count_up(session, key)
    device = int(session.info["scribe"].clock.device[-4:], 16)
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    tag = letters[device % 23] + letters[device // 23 % 23]
    return f"{prefix}-{year:02d}-{number:04d}-{tag}"


__all__ = [
    "Gone",
    "Page",
    "Query",
    "View",
    "checked",
    "children",
    "count",
    "default_values",
    "delete",
    "get",
    "lines_of",
    "linked",
    "list_page",
    "next_code",
    "restore",
    "save",
    "save_all",
    "title_of",
    "titles",
]

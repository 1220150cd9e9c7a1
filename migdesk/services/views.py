"""What a screen ever sees of a record: a frozen view with stored and shown values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import stamp_ms
from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models import RECORDS, Record, RecordType, quick
from migdesk.models.dates import stored_moment
from migdesk.models.kinds import Link, Links

from . import sights


class Gone(Mistake):
    """The record is not (or no longer) here."""

    code = "REC-001"
    text = N_("This record is not here any more.")


@dataclass(frozen=True)
class View:
    """One record. `values` are stored values, `shown` their text in the language in force;
    `stamps` say which changes are in them (`records.save` wants to know what was seen)."""

    kind: str
    id: str
    code: str
    title: str
    values: Mapping[str, Any]
    shown: Mapping[str, str]
    deleted: bool = False
    changed: str = ""
    stamps: Mapping[str, Any] = field(default_factory=dict)
    veiled: frozenset[str] = frozenset()
    """Fields that are left out, because who asks does not read them."""


@dataclass(frozen=True)
class Query:
    """Which records a list shows. A filter's value is a stored one, None for nothing, or a
    tuple of which one must hold. `sort` is a field name, with ``-`` for descending;
    "" is the order of the record type. `owner` limits lines to those of one record."""

    text: str = ""
    filters: tuple[tuple[str, Any], ...] = ()
    sort: str = ""
    deleted: bool = False
    owner: str = ""


@dataclass(frozen=True)
class Page:
    """Some rows of a list; `next` is where to go on, "" at the end."""

    rows: tuple[View, ...] = field(default=())
    next: str = ""


def load(session: Session, kind: str, id: str) -> Record:
    """The row of a record, inside services only; of one that was merged into another, the
    row that stays. Raises Gone."""
    record = itself(session, kind, id)
    return itself(session, kind, record.merged) if record.merged else record


def itself(session: Session, kind: str, id: str) -> Record:
    """The row with this id, merged into another or not; raises Gone, also of a row that
    must not be known to who asks."""
    record = session.get(RECORDS[kind].model, id)
    if record is None or sights.hides(session, id):
        raise Gone
    return record


def stays(session: Session, kind: str, id: str) -> str:
    """Id of the record that stays in place of this one: mostly itself."""
    record = session.get(RECORDS[kind].model, id)
    return record.merged if record is not None and record.merged else id


def values_of(record: Record, kind: RecordType) -> dict[str, Any]:
    """Stored values by field name."""
    return {name: getattr(record, name) for name in kind.fields}


def titles(session: Session, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """Titles of records by id; one query."""
    wanted = list(dict.fromkeys(ids))
    if not wanted or kind not in RECORDS:
        return {}
    about = RECORDS[kind]
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        hidden = sights.unseen(session)
        rows = sa.select(about.model).where(about.model.id.in_(part))
        if sights.granted(session) is not None:
            rows = rows.where(about.model.id.not_in(hidden))
        found |= {r.id: about.title(values_of(r, about)) for r in session.scalars(rows)}
        for id in sights.masked(session, about, part) & found.keys() if about.masks else ():
            held = values_of(itself(session, kind, id), about)
            found[id] = sights.veil(about, held)[1]
    return found


def title_of(session: Session, kind: str, id: str) -> str:
    """Title of one record, "" if it is not here."""
    return titles(session, kind, [id]).get(id, "")


def views(session: Session, kind: str, records: Iterable[Record]) -> tuple[View, ...]:
    """Views of rows of one kind; linked titles are read in one query a kind."""
    about = RECORDS[kind]
    rows = [
        {**values_of(r, about), "id": r.id, "deleted": r.deleted, "stamps": r.stamps}
        for r in records
    ]
    return _views(session, about, rows)


def views_by_id(session: Session, kind: str, ids: Sequence[str]) -> dict[str, View]:
    """Views of the records that are here, past the ORM: for what answers each keystroke."""
    about = RECORDS[kind]
    table: sa.Table = about.model.__table__  # type: ignore[assignment]
    rows = quick.fetch(session.connection(), table, ids)
    return {view.id: view for view in _views(session, about, rows)}


def _views(
    session: Session, about: RecordType, rows: Sequence[dict[str, Any]]
) -> tuple[View, ...]:
    names = _link_titles(session, about, rows)
    unread = sights.unread(session, about.kind)
    hidden = sights.masked(session, about, [row["id"] for row in rows])
    made = []
    for row in rows:
        id, deleted, stamps = row.pop("id"), row.pop("deleted"), row.pop("stamps")
        title, veiled = about.title(row), unread
        if id in hidden:
            row, title = sights.veil(about, row)
            veiled |= sights.personal(about)
        row |= dict.fromkeys(unread)
        shown = {
            name: "" if row[name] is None else _show(declared.kind, row[name], names)
            for name, declared in about.fields.items()
        }
        code, changed = str(row.get("code") or ""), last_change(stamps)
        about_it = (shown, deleted, changed, stamps, veiled)
        made.append(View(about.kind, id, code, title, row, *about_it))
    return tuple(made)


def view(session: Session, record: Record) -> View:
    """View of one row."""
    return views(session, record.__kind__, [record])[0]


def _show(kind: Any, value: Any, names: Mapping[tuple[str, str], str]) -> str:
    if isinstance(kind, Link):
        return names.get((kind.to, value), "") if value else ""
    if isinstance(kind, Links):
        return ", ".join(names.get((kind.to, id), "") for id in value or ())
    return kind.show(value)  # type: ignore[no-any-return]


def _link_titles(
    session: Session, about: RecordType, rows: Sequence[dict[str, Any]]
) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = {}
    for declared in about.fields.values():
        if isinstance(declared.kind, Link | Links):
            for values in rows:
                value = values[declared.name]
                ids = [value] if isinstance(value, str) else value or []
                wanted.setdefault(declared.kind.to, set()).update(ids)
    return {
        (kind, id): title
        for kind, ids in wanted.items()
        for id, title in titles(session, kind, sorted(ids)).items()
    }


def last_change(stamps: Mapping[str, Any]) -> str:
    """Moment of the newest change to a row, from its stamps."""
    newest = max((s if isinstance(s, str) else s[0] for s in stamps.values()), default="")
    if not newest:
        return ""
    return stored_moment(datetime.fromtimestamp(stamp_ms(newest) / 1000, UTC))

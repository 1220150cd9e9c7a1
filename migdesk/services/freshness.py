"""What was last verified too long ago: a directory that nobody looks after sends people to
closed doors. A date field says itself for how many months it holds (`Field.fresh`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _, ngettext
from migdesk.models import RECORDS, Field, RecordType

from . import records
from .records import View


@dataclass(frozen=True)
class Stale:
    """How many records of a kind should be verified again."""

    kind: str
    n: int


def limit(months: int, today: date) -> str:
    """The day before which what was verified no longer counts."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}-{min(today.day, 28):02d}"


def is_stale(field: Field, values: Mapping[str, Any], today: date | None = None) -> bool:
    """Whether a field of a record should be fresh and is not; what is no longer offered need
    not be."""
    if not field.fresh or values.get("open") is False:
        return False
    return (values.get(field.name) or "") < limit(field.fresh, today or date.today())


@cache
def fields(kind: str) -> tuple[Field, ...]:
    """Fields of a kind that are to be fresh."""
    return tuple(f for f in RECORDS[kind].fields.values() if f.fresh)


def words(view: View, today: date | None = None) -> str:
    """What should be said of a record that was not verified lately, "" for all others."""
    for field in fields(view.kind):
        if is_stale(field, view.values, today):
            if not view.values[field.name]:
                return _("never verified")
            n = field.fresh
            said = ngettext("not verified for {n} month", "not verified for {n} months", n)
            return said.format(n=n)
    return ""


def kinds() -> Iterator[tuple[RecordType, Field]]:
    """Kinds of records that are to be fresh, with the field that says so."""
    for about in RECORDS.values():
        for field in fields(about.kind):
            yield about, field


def stale(session: Session, today: date) -> tuple[Stale, ...]:
    """How many records of each kind should be verified again; kinds with none are left out.
    What is no longer offered need not be."""
    found = []
    for about, field in kinds():
        model = about.model
        column = getattr(model, field.name)
        rows = sa.select(sa.func.count()).where(
            model.deleted.is_(False),
            sa.or_(column.is_(None), column < limit(field.fresh, today)),
        )
        if "open" in about.fields:
            rows = rows.where(model.open.is_not(False))  # type: ignore[attr-defined]
        if n := session.scalar(rows):
            found.append(Stale(about.kind, n))
    return tuple(found)


def verify(session: Session, kind: str, id: str, today: date | None = None) -> None:
    """Somebody looked: it is as it is written."""
    about = RECORDS[kind]
    day = (today or date.today()).isoformat()
    values = {f.name: day for f in fields(kind)}
    who = next((f"{name}_by" for name in values if f"{name}_by" in about.fields), "")
    if who:
        values[who] = session.info.get("actor") or ""
    records.save(session, kind, id, values)

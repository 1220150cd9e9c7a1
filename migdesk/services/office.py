"""The office of this computer, its staff, and the facts every page needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.models.kinds import HOME, now_utc
from migdesk.models.local import Audit, Meta
from migdesk.models.office import CodeItem
from migdesk.models.store import get_meta, set_meta

from . import records
from .views import View


@dataclass(frozen=True)
class Desk:
    """Office and account in use."""

    office: View
    account: View


def found(session: Session, office: Mapping[str, Any], name: str, account: str) -> str:
    """First start: the office, and the first account (an administrator) under the id that
    the key file gave it. Returns the office's id."""
    id = records.save(session, "office", None, office)
    set_meta(session, "office", id)
    values = {"name": name, "role": "administrator", "office": id, "active": True}
    records.save(session, "account", account, values)
    return id


def this_office(session: Session) -> View | None:
    """The office of this computer."""
    id = get_meta(session, "office")
    return records.get(session, "office", id) if id else None


def settle_in(session: Session) -> None:
    """After opening: home country, and the words that the office added to lists."""
    office = this_office(session)
    if office is not None and office.values["country"]:
        HOME.country = office.values["country"]
    codelists.forget()
    rows = session.scalars(sa.select(CodeItem).where(CodeItem.deleted.is_(False)))
    for row in rows:
        if row.list in codelists.keys() and row.code:
            labels = {"fr": row.label_fr or "", "en": row.label_en or row.label_fr or ""}
            codelists.extend(row.list, row.code, labels)


def note(session: Session, what: str, detail: str = "") -> None:
    """One line of the audit log: a code and ids, never names or answers."""
    actor = session.info["scribe"].actor
    session.add(Audit(at=now_utc(), account=actor, what=what, detail=detail))


def facts(session: Session) -> dict[str, str]:
    """All facts of this database (device, counters, cursors), for `migdesk check`."""
    return {row.key: row.value for row in session.scalars(sa.select(Meta))}

"""The office of this computer, its staff, and the facts every page needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.clock import new_device_id
from migdesk.models import RECORDS
from migdesk.models.kinds import HOME, now_utc
from migdesk.models.local import Audit, Meta, OpRow
from migdesk.models.meta import get_meta, set_meta
from migdesk.models.office import Account, CodeItem, Office
from migdesk.models.sealing import COMPARTMENTS

from . import records
from .views import View, title_of


def found(session: Session, office: Mapping[str, Any], name: str, account: str) -> str:
    """First start: the office, and the first account (an administrator who sees all, since
    nobody else is there yet) under the id that the key file gave it. The office's id."""
    return begin(session, office, name, account, COMPARTMENTS)


def begin(
    session: Session,
    office: Mapping[str, Any],
    name: str,
    account: str,
    compartments: Sequence[str] = (),
) -> str:
    """As `found`; the administrator sees these compartments. A database for many begins with
    none: who may see what is told in confidence is decided by somebody, for each by name."""
    id = records.save(session, "office", None, office)
    set_meta(session, "office", id)
    who = {"name": name, "role": "administrator", "office": id, "active": True}
    values = {**who, "compartments": list(compartments) or None}
    records.save(session, "account", account, values)
    return id


def this_office(session: Session) -> View | None:
    """The office of this computer."""
    id = get_meta(session, "office")
    return records.get(session, "office", id) if id else None


def my_office(session: Session) -> View | None:
    """The office whose name stands on what is printed: that of `office_of`, if it is here."""
    id = office_of(session)
    held = session.get(Office, id) if id else None
    return records.get(session, "office", held.id) if held else this_office(session)


def office_of(session: Session) -> str | None:
    """Id of the office in whose name whoever is logged in works: that of the account, else
    the one of this computer."""
    held = session.get(Account, session.info.get("actor") or "-")
    return (held.office if held else None) or get_meta(session, "office") or None


@dataclass(frozen=True)
class Offices:
    """The offices of a register, for whoever is logged in: `mine` is an id, `count` how many
    there are, `name` that of mine."""

    mine: str
    count: int
    name: str = ""

    @property
    def many(self) -> bool:
        """Whether there is a choice between mine and all."""
        return bool(self.mine) and self.count > 1


def offices(session: Session) -> Offices:
    """The office in whose name who is logged in works, among how many."""
    mine = office_of(session) or ""
    statement = sa.select(sa.func.count()).where(Office.deleted.is_(False))
    return Offices(mine, session.scalar(statement) or 0, title_of(session, "office", mine))


def settle_in(session: Session) -> None:
    """After opening: home country, and the words that the office added to lists."""
    office = this_office(session)
    if office is not None and office.values["country"]:
        HOME.country = office.values["country"]
    codelists.forget()
    known = set(codelists.keys())
    rows = session.scalars(sa.select(CodeItem).where(CodeItem.deleted.is_(False)))
    for row in rows:
        if row.list in known and row.code:
            labels = {"fr": row.label_fr or "", "en": row.label_en or row.label_fr or ""}
            codelists.extend(row.list, row.code, labels)


def role_of(session: Session, account: str) -> str:
    """Role of an account; the least of the office's where the account is not known here."""
    held = session.get(Account, account)
    return (held.role if held else None) or "agent"


def note(session: Session, what: str, detail: str = "") -> None:
    """One line of the audit log: a code and ids, never names or answers."""
    actor = session.info["scribe"].actor
    session.add(Audit(at=now_utc(), account=actor, what=what, detail=detail))


def facts(session: Session) -> dict[str, str]:
    """All facts of this database (device, counters, cursors), for `migdesk check`."""
    return {row.key: row.value for row in session.scalars(sa.select(Meta))}


@dataclass(frozen=True)
class Holding:
    """What an opened archive holds: number of records by kind, and the office's name."""

    office: str
    counts: dict[str, int]


def holding(session: Session) -> Holding:
    """What a database holds, to recognise a backup by."""
    here = this_office(session)
    counts = {
        kind: records.count(session, kind, records.Query())
        for kind, about in RECORDS.items()
        if about.main or kind in ("visit", "submission")
    }
    return Holding(here.title if here else "", counts)


def count_ops(session: Session) -> int:
    """Changes in the log."""
    return session.scalar(sa.select(sa.func.count()).select_from(OpRow)) or 0


def reborn(session: Session, elsewhere: bool) -> None:
    """After a restore: a new name to write under and a new incarnation, so that no number
    and no stamp is used twice; on another computer also no card any more."""
    from . import standing  # here: the start needs no exchange

    standing.begin_again(session)
    set_meta(session, "sequence", "0")
    set_meta(session, "restored_from", get_meta(session, "device"))
    set_meta(session, "device", new_device_id())
    if elsewhere:
        set_meta(session, "identity", "")
        set_meta(session, "identities", "")
    note(session, "restore", "elsewhere" if elsewhere else "")

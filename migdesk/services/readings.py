"""Who read what is in a compartment, or the file of somebody who is masked (R125): one line a
day for each account and record."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, sealing
from migdesk.models.kinds import now_utc
from migdesk.models.local import Sealed
from migdesk.models.protect import Reading

from . import consent_gate, records
from .views import View, titles

_OURS = UUID("6e1fbb1a-0d6e-4f5c-9a3e-5e1c5d7f1250")


def _key(session: Session, id: str) -> str:
    """Id of the line of today for who reads: the same on every computer, so that it is
    written once."""
    who = session.info.get("actor") or ""
    return str(uuid5(_OURS, f"{who} {id} {date.today().isoformat()}"))


def due(session: Session, kind: str, id: str) -> bool:
    """Whether opening a record is to be written down, and was not yet today."""
    if not session.info.get("actor") or not sealing.concerned(kind):
        return False
    if session.scalar(sa.select(Sealed.row).where(Sealed.row == id).limit(1)) is None:
        return False
    return session.get(Reading, _key(session, id)) is None


def note(session: Session, kind: str, id: str) -> None:
    """Write down that a record was opened, if that is due."""
    if not due(session, kind, id):
        return
    people = consent_gate.people_of(session, kind, id)
    values = {
        "at": now_utc(),
        "account": session.info.get("actor"),
        "person": people[0] if people else None,
        "kind": kind,
        "record": id,
    }
    records.save(session, "reading", _key(session, id), values)


def of(session: Session, person: str) -> tuple[View, ...]:
    """Readings about a person, newest first."""
    return records.linked(session, "reading", "person", person)


def told(session: Session, views: tuple[View, ...]) -> tuple[tuple[str, str, str, str], ...]:
    """Readings as they are shown: when, who, what kind, which record."""
    found = []
    for view in views:
        kind, id = view.values["kind"] or "", view.values["record"] or ""
        about = RECORDS.get(kind)
        name = titles(session, kind, [id]).get(id, "") if about else ""
        label = str(about.label) if about else kind
        found.append((view.shown["at"], view.shown["account"], label, name))
    return tuple(found)

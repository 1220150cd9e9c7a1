"""Receiving: search before create, register, note the visit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.case import Case, Visit
from migdesk.models.kinds import HOME, now_utc, zone_there
from migdesk.models.meta import get_meta, set_meta
from migdesk.models.person import Consent

from . import drafts, records, resemblance
from .office import office_of
from .search import Hit, find
from .views import View, view, views, views_by_id

ANSWERED = frozenset(("informed", "advised", "introduced", "not_possible", "no_further_action"))
"""Outcomes with which a request is closed at once, if nothing is to follow."""
TICKET = re.compile(r"\d{4}")
RECEIPT = re.compile(r"V\w?-\d{2}-\d{4,}-[A-Z]{2}")
"""Number of a ticket, and of the receipt of a visit."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the person at the counter; with a `ticket` (the id of a visit) one
    who was received without a name."""

    id: str
    title: str
    aliases: str
    birth: str
    origin: str
    residence: str
    phone: str
    last_visit: str
    code: str
    ticket: str = ""


@dataclass(frozen=True)
class Received:
    """What one reception wrote."""

    person: str | None
    visit: str
    case: str | None


@dataclass(frozen=True)
class Reception:
    """All that the Receive screen gathered. `person` names a known person; else
    `register` holds the fields of a new one, or both are empty for a ticket; `again` is then
    the visit whose number is taken up."""

    visit: Mapping[str, Any]
    person: str = ""
    register: Mapping[str, Any] = field(default_factory=dict)
    consents: Sequence[Mapping[str, Any]] = ()
    case: Mapping[str, Any] = field(default_factory=dict)
    again: str = ""


def candidates(session: Session, text: str, limit: int = 12) -> tuple[Candidate, ...]:
    """People who match what was typed, with enough to tell them apart; telephones are
    masked to their last four digits, because the screen faces the visitor too."""
    hits = find(session, text, ("person",), limit)
    last = _last_visits(session, [hit.id for hit in hits])
    people = [_candidate(hit, last.get(hit.id, "")) for hit in hits]
    return (*_tickets(session, text), *people)


def _tickets(session: Session, text: str) -> tuple[Candidate, ...]:
    """Who was received without a name under this number, the newest first: the number of the
    ticket, which begins again each day, or that of the receipt."""
    number = text.strip().upper()
    if not TICKET.fullmatch(number) and not RECEIPT.fullmatch(number):
        return ()
    statement = sa.select(Visit).where(
        Visit.person.is_(None),
        Visit.deleted.is_(False),
        Visit.ticket == number if TICKET.fullmatch(number) else Visit.code == number,
        Visit.ticket.is_not(None),
    )
    rows = session.scalars(statement.order_by(Visit.at.desc()).limit(3))
    return tuple(_ticket(visit) for visit in views(session, "visit", rows))


def ticket(session: Session, visit: str) -> Candidate:
    """Whoever was received without a name at a visit; raises Gone."""
    return _ticket(records.get(session, "visit", visit))


def _ticket(visit: View) -> Candidate:
    title = _("Ticket {number}").format(number=visit.shown["ticket"])
    unknown = dict.fromkeys(("aliases", "birth", "origin", "residence", "phone"), "")
    return Candidate(
        id="",
        title=title,
        last_visit=visit.title,
        code=visit.code,
        ticket=visit.id,
        **unknown,
    )


def _candidate(hit: Hit, last: str) -> Candidate:
    shown = hit.shown
    digits = [c for c in shown["phone"] if c.isdigit()]
    tail = "".join(digits[-4:])
    return Candidate(
        id=hit.id,
        title=hit.title,
        aliases=shown["aliases"],
        birth=shown["birth"],
        origin=shown["origin"],
        residence=", ".join(filter(None, (shown["residence"], shown["residence_country"]))),
        phone=f"•• •• {tail[:2]} {tail[2:]}" if tail else "",
        last_visit=last,
        code=hit.code,
    )


def _last_visits(session: Session, people: list[str]) -> dict[str, str]:
    newest = (
        sa.select(Visit.person, sa.func.max(Visit.at).label("at"))
        .where(Visit.person.in_(people), Visit.deleted.is_(False))
        .group_by(Visit.person)
        .subquery()
    )
    rows = session.scalars(
        sa.select(Visit).join(
            newest, sa.and_(Visit.person == newest.c.person, Visit.at == newest.c.at)
        )
    )
    return {str(v.values["person"]): v.title for v in views(session, "visit", rows)}


@dataclass(frozen=True)
class Perhaps:
    """Somebody who is here, and may be who is being registered; why, as codes."""

    person: Candidate
    why: tuple[str, ...]


def perhaps(session: Session, values: Mapping[str, Any]) -> tuple[Perhaps, ...]:
    """Who may be somebody of whom this much is known by now, the most probable first."""
    found = resemblance.alike(session, "person", values)
    shown = views_by_id(session, "person", [each.id for each in found])
    last = _last_visits(session, list(shown))
    told = []
    for each in found:
        if held := shown.get(each.id):
            hit = Hit("person", held.id, held.title, held.code, "", held.shown)
            told.append(Perhaps(_candidate(hit, last.get(held.id, "")), each.why))
    return tuple(told)


def receive(session: Session, reception: Reception, draft: str = "") -> Received:
    """Register (if new), note the visit, keep the consents, open the case, let the draft
    go: all or nothing."""
    person = reception.person or None
    here = office_of(session)
    if person is None and reception.register:
        person = records.save(session, "person", None, _new(here, reception.register))
    for consent in reception.consents:
        if person:
            today = date.today().isoformat()
            records.save(
                session, "consent", None, {"given": today, **consent, "person": person}
            )
    case = None
    if reception.case and person:
        case = open_case(session, person, reception.case)
    values = dict(reception.visit)
    values.setdefault("at", now_utc())
    values.setdefault("office", here)
    values.setdefault("adviser", session.info["scribe"].actor or None)
    values["person"] = person
    values["case"] = case or values.get("case")
    follows = values.get("next_step") or values.get("appointment")
    if values.get("outcome") in ANSWERED and not follows:
        values.setdefault("closed", date.today().isoformat())
    if person is None:
        values["ticket"] = _ticket_of(session, reception.again) or next_ticket(session)
        values.setdefault("anonymous", True)
    visit = records.save(session, "visit", None, values)
    if draft:
        drafts.drop(session, draft)
    return Received(person, visit, case)


def _ticket_of(session: Session, visit: str) -> str:
    """Number under which somebody was received without a name before."""
    held = session.get(Visit, visit) if visit else None
    return (held.ticket or "") if held else ""


def _new(here: str | None, register: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of somebody new beside what was typed: the office, and what hour it is
    where the person lives, if that is elsewhere."""
    values = {"office": here, **register}
    country = values.get("residence_country") or ""
    if country and country != HOME.country and not values.get("time_zone"):
        values["time_zone"] = zone_there(country, values.get("residence") or "") or None
    return values


def open_case(session: Session, person: str, values: Mapping[str, Any]) -> str:
    """Open a case for a person; the adviser is who writes."""
    start = {
        "opened": date.today().isoformat(),
        "adviser": session.info["scribe"].actor or None,
        "office": office_of(session),
        **values,
        "person": person,
    }
    return records.save(session, "case", None, start)


def next_ticket(session: Session) -> str:
    """Number of a ticket without a name, starting again each day."""
    day = date.today().isoformat()
    key = f"ticket.{day}"
    number = int(get_meta(session, key) or 0) + 1
    set_meta(session, key, str(number))
    return f"{number:04d}"


def consents_of(session: Session, person: str) -> tuple[View, ...]:
    """Consents of a person, newest first."""
    rows = session.scalars(
        sa.select(Consent)
        .where(Consent.person == person, Consent.deleted.is_(False))
        .order_by(Consent.id.desc())
    )
    return views(session, "consent", rows)


def consents_to(session: Session, person: str, purpose: str) -> bool:
    """Whether a consent for `purpose` is in force today: given, not withdrawn, not expired."""
    today = date.today().isoformat()
    for consent in consents_of(session, person):
        values = consent.values
        if values["purpose"] == purpose:
            open_still = not values["expires"] or values["expires"] >= today
            return values["answer"] == "given" and not values["withdrawn"] and open_still
    return False


def cases_of(session: Session, person: str) -> tuple[View, ...]:
    """Cases of a person, newest first."""
    rows = session.scalars(
        sa.select(Case)
        .where(sa.or_(Case.person == person, Case.relative == person), Case.deleted.is_(False))
        .order_by(Case.id.desc())
    )
    return tuple(view(session, row) for row in rows)

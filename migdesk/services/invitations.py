"""Campaigns that ask people to register their skills, or to bring them up to date (R033)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.person import Consent, Person
from migdesk.models.skills import Invitation, Skill

from . import records, sights

OLD_MONTHS = 12
"""After so long without a word a skill is asked for again."""


@dataclass(frozen=True)
class Campaign:
    """Where a campaign stands: people invited, those who answered, and who may be reminded."""

    name: str
    invited: int
    registered: int
    waiting: tuple[str, ...]


def campaign(session: Session, name: str) -> Campaign:
    """Invitations of a campaign; `waiting` are the ids of those that nobody answered, of
    people who did not refuse to be contacted."""
    rows = session.execute(
        sa.select(Invitation.id, Invitation.person, Invitation.registered)
        .where(Invitation.campaign == name, Invitation.deleted.is_(False))
        .order_by(Invitation.id)
    ).all()
    silent = _refusing(session)
    waiting = tuple(r.id for r in rows if not r.registered and r.person not in silent)
    return Campaign(name, len(rows), sum(bool(r.registered) for r in rows), waiting)


def to_invite(session: Session, name: str, today: date) -> list[str]:
    """People without a skill, or whose skills were last told more than a year ago, who are
    not yet invited and did not refuse to be contacted."""
    since = f"{today.year - OLD_MONTHS // 12:04d}-{today.month:02d}-{today.day:02d}"
    fresh = sa.select(Skill.person).where(Skill.deleted.is_(False), Skill.updated >= since)
    invited = sa.select(Invitation.person).where(
        Invitation.campaign == name, Invitation.deleted.is_(False)
    )
    people = sa.select(Person.id).where(
        Person.deleted.is_(False),
        Person.id.not_in(fresh.where(Skill.person.is_not(None))),
        Person.id.not_in(invited.where(Invitation.person.is_not(None))),
        Person.id.not_in(sights.unseen(session, masks=True)),
    )
    silent = _refusing(session)
    return [id for id in session.scalars(people.order_by(Person.id)) if id not in silent]


def _refusing(session: Session) -> frozenset[str]:
    """People whose newest word on being contacted again is no."""
    rows = sa.select(Consent.person, Consent.answer, Consent.withdrawn).where(
        Consent.purpose == "contact", Consent.deleted.is_(False)
    )
    last: dict[str, bool] = {}
    for person, answer, withdrawn in session.execute(rows.order_by(Consent.given, Consent.id)):
        last[str(person)] = answer == "given" and not withdrawn
    return frozenset(person for person, agreed in last.items() if not agreed)


def invite(session: Session, name: str, people: Iterable[str], today: date) -> int:
    """An invitation for each of some people; how many."""
    done = 0
    for person in people:
        values = {"campaign": name, "person": person, "invited": today.isoformat()}
        records.save(session, "invitation", None, values)
        done += 1
    return done


def reminded(session: Session, invitations: Iterable[str], today: date) -> None:
    """Note that letters were made."""
    for id in invitations:
        records.save(session, "invitation", id, {"reminded": today.isoformat()})

"""Matches from the records: windows for a project, needs for a person, people for a need.

Only what may be proposed is looked at: windows that take applications, needs that are open,
people who let their skills be known in a masked profile or by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.condition import NeedCondition, WindowCondition
from migdesk.models.money import Window
from migdesk.models.person import Person
from migdesk.models.skills import Need, Skill

from .match_facts import Places, Words, of_cases, of_people
from .matching import Condition, Facts, Fit, explained, fit, parsed
from .views import Gone

LOOKED_AT = 2_000
"""People who have the skill of a need and are weighed for it, the newest first."""
READY = {
    "vacancy": ("job_here", "job_there"),
    "seasonal": ("job_here", "job_there"),
    "mission": ("mission", "remote"),
    "volunteer": ("volunteering", "mentoring", "remote"),
}
"""What a person must be ready for, by the type of a need."""


@dataclass(frozen=True)
class Offers:
    """Windows or needs with their conditions, read once for many subjects."""

    conditions: Mapping[str, tuple[Condition, ...]]

    def weigh(self, facts: Facts, ids: Iterable[str] | None = None) -> list[Fit]:
        """All offers (or those with these ids), the fittest first."""
        among = self.conditions if ids is None else [i for i in ids if i in self.conditions]
        found = (fit(id, self.conditions[id], facts) for id in among)
        return sorted(found, key=lambda each: each.rank)


def windows(session: Session, today: date) -> Offers:
    """Financing windows that take applications today."""
    known: dict[str, list[Condition]] = {}
    rows = session.execute(
        sa.select(Window.id, Window.deadline).where(
            Window.deleted.is_(False), Window.open.is_not(False)
        )
    )
    for id, deadline in rows:
        if not deadline or deadline >= today.isoformat():
            known[id] = []
    lines = sa.select(
        WindowCondition.window,
        WindowCondition.about,
        WindowCondition.how,
        WindowCondition.value,
        WindowCondition.wish,
    ).where(WindowCondition.deleted.is_(False))
    return _offers(known, session.execute(lines).all())


def needs(session: Session, today: date, ids: Sequence[str] | None = None) -> Offers:
    """Needs and vacancies that are open today; the occupation is one of their conditions."""
    statement = sa.select(Need.id, Need.occupation, Need.deadline).where(
        Need.deleted.is_(False), Need.status.in_(("open", "proposed"))
    )
    lines = sa.select(
        NeedCondition.need,
        NeedCondition.about,
        NeedCondition.how,
        NeedCondition.value,
        NeedCondition.wish,
    ).where(NeedCondition.deleted.is_(False))
    if ids is not None:
        statement = statement.where(Need.id.in_(ids))
        lines = lines.where(NeedCondition.need.in_(ids))
    known: dict[str, list[Condition]] = {}
    for id, occupation, deadline in session.execute(statement):
        if not deadline or deadline >= today.isoformat():
            known[id] = [Condition("skill", "is", (occupation,))] if occupation else []
    return _offers(known, session.execute(lines).all())


def _offers(
    known: dict[str, list[Condition]],
    lines: Iterable[tuple[str | None, str | None, str | None, str | None, bool | None]],
) -> Offers:
    for owner, about, how, value, wish in lines:
        if owner in known and about:
            known[owner].append(parsed(about, how, value, wish))
    return Offers({id: tuple(conditions) for id, conditions in known.items()})


def windows_for(session: Session, case: str, today: date | None = None) -> list[Fit]:
    """Windows for a project, the fittest first, each condition in words. Raises Gone."""
    day = today or date.today()
    facts = of_cases(session, [case], Places(session), day).get(case)
    if facts is None:
        raise Gone
    return _explain(session, windows(session, day), facts)


def needs_for(session: Session, person: str, today: date | None = None) -> list[Fit]:
    """Open needs for a person, the fittest first, each condition in words. Raises Gone."""
    day = today or date.today()
    facts = of_people(session, [person], Places(session), day).get(person)
    if facts is None:
        raise Gone
    return _explain(session, needs(session, day), facts)


def _explain(session: Session, offers: Offers, facts: Facts) -> list[Fit]:
    show = _words(session, offers)
    return [
        explained(each.id, offers.conditions[each.id], facts, show)
        for each in offers.weigh(facts)
    ]


def _words(session: Session, offers: Offers) -> Words:
    values = [
        (condition.about, value)
        for conditions in offers.conditions.values()
        for condition in conditions
        for value in condition.values
    ]
    return Words(session, values)


def people_for(session: Session, need: str, today: date | None = None) -> list[Fit]:
    """People for a need, the fittest first, each condition in words; by the index of skills
    where the need names an occupation. Raises Gone."""
    day = today or date.today()
    asked = session.get(Need, need)
    if asked is None or asked.deleted:
        raise Gone
    offers = needs(session, day, [need])
    conditions = offers.conditions.get(need)
    if conditions is None:
        return []
    ids = list(_known(session, asked))
    facts = of_people(session, ids, Places(session), day)
    fits = sorted((fit(id, conditions, facts[id]) for id in facts), key=lambda f: f.rank)
    show = _words(session, offers)
    kept = [each for each in fits if not each.unmet][:100]
    return [explained(each.id, conditions, facts[each.id], show) for each in kept]


def _known(session: Session, need: Need) -> Iterator[str]:
    """People who may be proposed for a need."""
    statement = (
        sa.select(Skill.person, Skill.offers)
        .join(Person, Person.id == Skill.person)
        .where(Skill.deleted.is_(False), Person.deleted.is_(False))
        .where(Skill.disclosure.in_(("masked", "named")))
        .order_by(Skill.id.desc())
    )
    if need.occupation:
        statement = statement.where(Skill.occupation == need.occupation)
    ready = set(READY.get(need.type or "", ()))
    seen: set[str] = set()
    for person, offers in session.execute(statement.limit(LOOKED_AT)):
        if not person or person in seen or (ready and offers and not ready & set(offers)):
            continue
        seen.add(person)
        yield person

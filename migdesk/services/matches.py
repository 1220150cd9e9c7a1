"""Matches from the records: windows for a project, needs for a person, people for a need.

Only what may be proposed is looked at: windows that take applications, needs that are open,
people who let their skills be known in a masked profile or by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.case import STAGES_OF, Case
from migdesk.models.condition import NeedCondition, WindowCondition
from migdesk.models.money import Window
from migdesk.models.skills import Need

from . import match_people
from .match_facts import Places, Words, of_cases, of_people, where
from .matching import Condition, Facts, Fit, Offers, explained, parsed, words_of
from .views import Gone

EXPLAINED = 40
"""The fittest, which are told with their reasons at once; `windows_why` and `needs_why` tell
those of any other."""
PEOPLE = 100
"""People who are told for a need."""


@dataclass(frozen=True)
class Lack:
    """Why there are not more people for a need: a condition in words, and of how many of
    those who have the skill it is not met."""

    words: str
    unmet: int


def windows(session: Session, today: date, ids: Sequence[str] | None = None) -> Offers:
    """Financing windows that take applications today."""
    rows = sa.select(Window.id, Window.deadline).where(
        Window.deleted.is_(False), Window.open.is_not(False)
    )
    lines = sa.select(
        WindowCondition.window,
        WindowCondition.about,
        WindowCondition.how,
        WindowCondition.value,
        WindowCondition.wish,
    ).where(WindowCondition.deleted.is_(False))
    if ids is not None:
        rows = rows.where(Window.id.in_(ids))
        lines = lines.where(WindowCondition.window.in_(ids))
    known: dict[str, list[Condition]] = {}
    for id, deadline in session.execute(rows):
        if not deadline or deadline >= today.isoformat():
            known[id] = []
    return _offers(known, session.execute(lines))


def needs(
    session: Session,
    today: date,
    ids: Sequence[str] | None = None,
    skills: Iterable[str] | None = None,
) -> Offers:
    """Needs and vacancies that are open today; the occupation is one of their conditions.
    `skills`: only those that ask for one of these occupations, or for none."""
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
    if skills is not None:
        asked = sa.or_(Need.occupation.is_(None), Need.occupation.in_(list(skills)))
        statement = statement.where(asked)
        lines = lines.join(Need, Need.id == NeedCondition.need).where(asked)
    known: dict[str, list[Condition]] = {}
    for id, occupation, deadline in session.execute(statement):
        if not deadline or deadline >= today.isoformat():
            known[id] = [Condition("skill", "is", (occupation,))] if occupation else []
    return _offers(known, session.execute(lines))


def _offers(
    known: dict[str, list[Condition]],
    lines: Iterable[sa.Row[str | None, str | None, str | None, str | None, bool | None]],
) -> Offers:
    for owner, about, how, value, wish in lines:
        if owner in known and about:
            known[owner].append(parsed(about, how, value, wish))
    return Offers(known)


def windows_for(session: Session, case: str, today: date | None = None) -> list[Fit]:
    """Windows for a project, the fittest first; the first with their conditions in words.
    Raises Gone."""
    day = today or date.today()
    return _told(session, windows(session, day), _case(session, case, day))


def windows_why(
    session: Session, case: str, window: str, today: date | None = None
) -> Fit | None:
    """One window for a project, each condition in words; None if it takes no applications."""
    day = today or date.today()
    found = _told(session, windows(session, day, [window]), _case(session, case, day))
    return found[0] if found else None


def needs_for(session: Session, person: str, today: date | None = None) -> list[Fit]:
    """Open needs for a person, the fittest first: those that ask for a skill that the person
    lets be known, or for none. Raises Gone."""
    day = today or date.today()
    facts = _person(session, person, day)
    return _told(session, needs(session, day, skills=_skills(facts)), facts)


def needs_why(
    session: Session, person: str, need: str, today: date | None = None
) -> Fit | None:
    """One need for a person, each condition in words; None if it is not open."""
    day = today or date.today()
    found = _told(session, needs(session, day, [need]), _person(session, person, day))
    return found[0] if found else None


def people_for(session: Session, need: str, today: date | None = None) -> list[Fit]:
    """The fittest people for a need, each condition in words; nobody of whom something is
    known that is not met. Raises Gone."""
    day = today or date.today()
    found = _search(session, need, day)
    if found is None:
        return []
    conditions, search = found
    ids = list(session.scalars(search.ids(PEOPLE)))
    facts = of_people(session, ids, Places(session), day, outside=True)
    show = _words(session, conditions, facts.values())
    told = [explained(id, conditions, facts[id], show) for id in ids]
    return sorted(told, key=lambda each: each.rank)


def lacking(session: Session, need: str, today: date | None = None) -> tuple[int, list[Lack]]:
    """Why there are not more people for a need: how many have the skill and are ready, and
    what they do not meet, the commonest first. Raises Gone."""
    found = _search(session, need, today or date.today())
    if found is None:
        return 0, []
    _conditions, search = found
    total, *unmet = session.execute(search.lacks()).one()
    asked = [condition for condition, _term in search.hard]
    show = _words(session, asked)
    lacks = [Lack(words_of(c, show), n) for c, n in zip(asked, unmet, strict=True) if n]
    return total, sorted(lacks, key=lambda each: -each.unmet)


def count_people(session: Session, need: str, today: date) -> tuple[int, int, str]:
    """How many people fit a need, how many may fit, and the fittest ("" for nobody)."""
    found = _search(session, need, today)
    if found is None:
        return 0, 0, ""
    row = session.execute(found[1].counts()).first()
    return (int(row[0]), row[1] - int(row[0]), row[2]) if row else (0, 0, "")


def _search(
    session: Session, need: str, day: date
) -> tuple[Sequence[Condition], match_people.Search] | None:
    asked = session.get(Need, need)
    if asked is None or asked.deleted:
        raise Gone
    conditions = needs(session, day, [need]).conditions.get(need)
    if conditions is None:
        return None
    return conditions, match_people.search(session, asked, conditions, day)


def _case(session: Session, case: str, day: date) -> Facts:
    facts = of_cases(session, [case], Places(session), day).get(case)
    if facts is None:
        raise Gone
    return facts


def _person(session: Session, person: str, day: date) -> Facts:
    facts = of_people(session, [person], Places(session), day, outside=True).get(person)
    if facts is None:
        raise Gone
    return facts


def _skills(facts: Facts) -> list[str]:
    held = facts.get("skill")
    return [] if held is None or isinstance(held, Decimal) else sorted(held)


def _told(session: Session, offers: Offers, facts: Facts) -> list[Fit]:
    """All offers, the fittest first, of which the first with their conditions in words."""
    fits = offers.weigh(facts)
    first = {each.id: offers.conditions[each.id] for each in fits[:EXPLAINED]}
    asked = [condition for conditions in first.values() for condition in conditions]
    show = _words(session, asked, [facts])
    told = [explained(id, conditions, facts, show) for id, conditions in first.items()]
    return told + fits[EXPLAINED:]


def _words(
    session: Session, conditions: Iterable[Condition], subjects: Iterable[Facts] = ()
) -> Words:
    """Words of what conditions ask, and of where subjects are: names of places are read
    together."""
    asked = [(c.about, value) for c in conditions for value in c.values]
    return Words(session, [*asked, *(each for facts in subjects for each in where(facts))])


@dataclass(frozen=True)
class Standing:
    """Of one project or need: how many offers fit, how many may fit, and the fittest (""
    for none)."""

    id: str
    fits: int
    maybe: int
    best: str

    @property
    def rank(self) -> tuple[int, int, str]:
        """Sorts those with most offers first."""
        return (-self.fits, -self.maybe, self.id)


def projects(session: Session) -> list[str]:
    """Projects that money is looked for."""
    kinds = [kind for kind in STAGES_OF if kind]
    rows = sa.select(Case.id).where(
        Case.deleted.is_(False), Case.type.in_(kinds), Case.status == "open"
    )
    return list(session.scalars(rows.order_by(Case.id)))


def open_needs(session: Session, today: date) -> list[str]:
    """Needs and vacancies that are open today."""
    return sorted(needs(session, today).conditions)


def stand(
    session: Session, offers: Offers, cases: Sequence[str], places: Places, today: date
) -> list[Standing]:
    """How some projects stand with all windows."""
    found = []
    for id, facts in of_cases(session, cases, places, today).items():
        fits = [each for each in offers.weigh(facts) if not each.unmet]
        sure = sum(not each.unknown for each in fits)
        found.append(Standing(id, sure, len(fits) - sure, fits[0].id if fits else ""))
    return found

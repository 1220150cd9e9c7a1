"""People for a need among a hundred thousand: what the columns tell, the database weighs.

Each condition becomes two expressions, *known* and *met*, that say of a row what
`matching.holds` says of its facts; so the database counts what is unmet and unknown, and only
the fittest are read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.models.organisation import PlaceRecord
from migdesk.models.person import Person
from migdesk.models.skills import Need, Skill

from . import sights
from .match_facts import CODED, KNOWN, UNTOLD
from .matching import CODES, Condition, limit_of

Bool = sa.ColumnElement[bool]
READY = {
    "vacancy": ("job_here", "job_there"),
    "seasonal": ("job_here", "job_there"),
    "mission": ("mission", "remote"),
    "volunteer": ("volunteering", "mentoring", "remote"),
}
"""What a person must be ready for, by the type of a need."""


@dataclass(frozen=True)
class Term:
    """A condition in SQL, of a row of `person`. `met` counts where `known` holds."""

    known: Bool
    met: Bool

    @property
    def unmet(self) -> Bool:
        return sa.and_(self.known, sa.not_(self.met))

    @property
    def is_unknown(self) -> sa.ColumnElement[int]:
        return sa.case((self.known, 0), else_=1)

    @property
    def is_met(self) -> sa.ColumnElement[int]:
        return sa.case((sa.and_(self.known, self.met), 1), else_=0)


_NEVER_KNOWN = Term(sa.false(), sa.false())


@dataclass(frozen=True)
class Search:
    """What is asked of the people for one need."""

    among: tuple[Bool, ...]
    hard: tuple[tuple[Condition, Term], ...]
    wishes: tuple[Term, ...]

    @property
    def unknown(self) -> sa.ColumnElement[int]:
        """How many conditions are not known of a row."""
        return _sum(term.is_unknown for _condition, term in self.hard)

    def ids(self, limit: int) -> sa.Select[str]:
        """The fittest people, of whom nothing is unmet: as `Fit.rank` sorts them."""
        rows = sa.select(Person.id).where(*self.among, *self._none_unmet())
        return rows.order_by(*self._rank).limit(limit)

    def counts(self) -> sa.Select[Any, Any, Any]:
        """(how many fit, fit or may fit, the fittest): people of whom everything, or not
        everything, is known. No row if there is nobody."""
        fits = sa.case((self.unknown == 0, 1), else_=0)
        rows = sa.select(sa.func.sum(fits).over(), sa.func.count().over(), Person.id)
        rows = rows.where(*self.among, *self._none_unmet())
        return rows.order_by(*self._rank).limit(1)

    @property
    def _rank(self) -> tuple[Any, ...]:
        fulfilled = _sum(term.is_met for term in self.wishes)
        return (self.unknown, fulfilled.desc(), Person.id)

    def lacks(self) -> sa.Executable:
        """How many people there are, and of how many of them each condition is unmet."""
        unmet = [sa.case((term.unmet, 1), else_=0) for _condition, term in self.hard]
        sums = [sa.func.sum(each) for each in unmet]
        return sa.select(sa.func.count(), *sums).select_from(Person).where(*self.among)

    def _none_unmet(self) -> list[Bool]:
        return [sa.not_(term.unmet) for _condition, term in self.hard]


def search(
    session: Session, need: Need, conditions: Sequence[Condition], today: date
) -> Search:
    """How people for a need are looked for: those who let a skill be known outside, with the
    occupation that is asked for, ready for such work or silent about it."""
    skills = sa.select(Skill.person).where(
        Skill.deleted.is_(False), Skill.disclosure.in_(KNOWN)
    )
    if need.occupation:
        skills = skills.where(Skill.occupation == need.occupation)
    if ready := READY.get(need.type or ""):
        said = sa.cast(Skill.offers, sa.Text)
        silent = sa.or_(Skill.offers.is_(None), said == "[]")
        skills = skills.where(sa.or_(silent, _holds_any(said, ready)))
    among = [Person.deleted.is_(False), Person.id.in_(skills)]
    if sights.granted(session) is not None:  # who is masked is no profile to whom may not know
        among.append(Person.id.not_in(sights.unseen(session, masks=True)))
    sought = Condition("skill", "is", (need.occupation,)) if need.occupation else None
    hard, wishes = [], []
    for condition in conditions:
        if condition != sought:
            term = _term(condition, today)
            if condition.wish:
                wishes.append(term)
            else:
                hard.append((condition, term))
    return Search(tuple(among), tuple(hard), tuple(wishes))


def _sum(numbers: Any) -> sa.ColumnElement[int]:
    total: sa.ColumnElement[int] = sa.literal(0)
    for number in numbers:
        total = total + number
    return total


def _holds_any(text: sa.ColumnElement[str], codes: Sequence[str]) -> Bool:
    """Whether a list of codes, as JSON, holds one of these."""
    return sa.or_(*(text.contains(json.dumps(code), autoescape=True) for code in codes))


def _term(condition: Condition, today: date) -> Term:
    if not condition.values:
        return _NEVER_KNOWN
    if condition.about == "age":
        return _age(condition, today)
    codes: Sequence[str] = condition.values
    listed: Sequence[str] | None = None
    if condition.how in ("at_least", "at_most"):
        found = _in_order(condition)
        if found is None:
            return _NEVER_KNOWN
        codes, listed = found
    term = _of(condition.about, codes, listed)
    return Term(term.known, sa.not_(term.met)) if condition.how == "is_not" else term


def _in_order(condition: Condition) -> tuple[list[str], list[str]] | None:
    """Codes of an ordered list that are enough, and all of them."""
    key = CODES.get(condition.about)
    listed = codelists.get(key) if key else None
    limit = listed.item(condition.values[0]) if listed is not None else None
    if listed is None or limit is None:
        return None
    least = condition.how == "at_least"
    enough = [
        item.code
        for item in listed
        if (item.order >= limit.order if least else item.order <= limit.order)
    ]
    return enough, [item.code for item in listed]


def _of(about: str, codes: Sequence[str], listed: Sequence[str] | None) -> Term:
    """One of `codes` holds; only of `listed` something is known, if they are given."""
    if about in CODED:
        column = getattr(Person, about)
        known = sa.and_(column.is_not(None), column.not_in(("", *UNTOLD)))
        known = sa.and_(known, column.in_(listed)) if listed else known
        return Term(known, column.in_(codes))
    if about == "origin":
        return Term(Person.origin.is_not(None), Person.origin.in_(_under(codes)))
    if about == "language":
        said = sa.cast(Person.languages, sa.Text)
        told = [_filled(said), *([_holds_any(said, listed)] if listed else [])]
        known = sa.and_(*told)
        return Term(known, _holds_any(said, codes))
    if about == "skill":
        known = _skilled(Skill.occupation.in_(listed)) if listed else sa.true()
        return Term(known, _skilled(Skill.occupation.in_(codes)))
    if about == "availability":
        said = sa.cast(Skill.offers, sa.Text)
        known = _skilled(_holds_any(said, listed) if listed else _filled(said))
        return Term(known, _skilled(_holds_any(said, codes)))
    return _NEVER_KNOWN


def _filled(said: sa.ColumnElement[str]) -> Bool:
    return sa.and_(said.is_not(None), said.not_in(("[]", "null")))


def _skilled(which: Bool) -> Bool:
    mine = Skill.person == Person.id
    return sa.exists().where(mine, Skill.deleted.is_(False), Skill.disclosure.in_(KNOWN), which)


def _under(places: Sequence[str]) -> sa.Select[str]:
    """These places and all that lie in them."""
    inside = sa.select(PlaceRecord.id).where(PlaceRecord.id.in_(places))
    tree = inside.cte(recursive=True)
    below = sa.select(PlaceRecord.id).join(tree, PlaceRecord.parent == tree.c.id)
    return sa.select(tree.union(below).c.id)


def _age(condition: Condition, today: date) -> Term:
    """By the year of birth, as text: it begins with four digits."""
    limit = limit_of(condition.values[0])
    if limit is None:
        return _NEVER_KNOWN
    year = sa.func.substr(Person.birth, 1, 4)
    known = sa.and_(Person.birth.is_not(None), Person.birth != "")
    if condition.how == "at_least":
        last = today.year - int(limit.to_integral_value(ROUND_CEILING))
        return Term(known, year <= f"{last:04d}")
    if condition.how == "at_most":
        first = today.year - int(limit.to_integral_value(ROUND_FLOOR))
        return Term(known, year >= f"{first:04d}")
    same: Bool = year == f"{today.year - int(limit):04d}" if limit == int(limit) else sa.false()
    return Term(known, sa.not_(same) if condition.how == "is_not" else same)

"""Matches as a screen lists them: what each is called, how it fits, what was begun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _, ngettext
from migdesk.models import RECORDS
from migdesk.models.money import Application, Window
from migdesk.models.person import Person
from migdesk.models.skills import Introduction, Need, Skill

from . import freshness, introductions, match_facts, matches
from .matches import Lack, Standing
from .matching import Fit
from .records import View
from .skills_papers import band
from .views import titles, views

ENOUGH = 20
"""People of whom nobody asks why there are not more."""
LISTED = 150
"""Offers that a screen lists, the fittest of all."""


@dataclass(frozen=True)
class Match:
    """One line: `about` tells what is known of it, in words; `begun` is the id of an
    application or introduction under way, "" for none; `stale` what should be verified."""

    title: str
    about: str
    fit: Fit
    begun: str = ""
    stale: str = ""

    @property
    def id(self) -> str:
        return self.fit.id


@dataclass(frozen=True)
class Matches:
    """What was found for one subject; `words` says why there is nothing, or not more."""

    rows: tuple[Match, ...]
    words: str = ""
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class Total:
    """One line of a job that matched everything: the subject, and its fittest offer."""

    id: str
    title: str
    fits: int
    maybe: int
    best: str


def windows(session: Session, case: str) -> Matches:
    """Financing windows for a project."""
    fits = matches.windows_for(session, case)[:LISTED]
    held = _views(session, "window", Window, [fit.id for fit in fits])
    begun = dict(
        session.execute(
            sa.select(Application.window, Application.id).where(
                Application.case == case, Application.deleted.is_(False)
            )
        ).all()
    )
    rows = []
    for fit in fits:
        view = held.get(fit.id)
        if view is not None:
            told = (view.shown[n] for n in ("organisation", "nature", "ceiling", "deadline"))
            about = " · ".join(filter(None, told))
            stale = freshness.words(view)
            rows.append(Match(view.title, about, fit, begun.get(fit.id, ""), stale))
    words = "" if rows else _("No window of the directory takes applications.")
    return Matches(tuple(rows), words)


def needs(session: Session, person: str) -> Matches:
    """Needs and vacancies for a person."""
    fits = matches.needs_for(session, person)[:LISTED]
    held = _views(session, "need", Need, [fit.id for fit in fits])
    begun = _introductions(session, Introduction.person == person, Introduction.need)
    rows = []
    for fit in fits:
        view = held.get(fit.id)
        if view is not None:
            told = (view.shown[n] for n in ("type", "organisation", "place", "deadline"))
            about = " · ".join(filter(None, told))
            rows.append(Match(view.title, about, fit, begun.get(fit.id, "")))
    return Matches(tuple(rows), "" if rows else _nothing(session, person))


def _nothing(session: Session, person: str) -> str:
    """Why there is no need for a person."""
    known = sa.select(Skill.occupation).where(
        Skill.person == person,
        Skill.deleted.is_(False),
        Skill.disclosure.in_(match_facts.KNOWN),
    )
    kind = RECORDS["skill"]["occupation"].kind
    skills = [kind.show(code) for code in session.scalars(known) if code]
    if not skills:
        return _(
            "This person lets no skill be known outside the office. Ask first, then note it."
        )
    return _("No open need asks for: {skills}.").format(skills=", ".join(skills))


def people(session: Session, need: str) -> Matches:
    """People for a need, masked; and why there are not more."""
    fits = matches.people_for(session, need)
    ids = [fit.id for fit in fits]
    rows = session.scalars(sa.select(Person).where(Person.id.in_(ids)))
    held = {row.id: row for row in rows}
    places = match_facts.Places(session)
    places.load(row.origin for row in held.values())
    begun = _introductions(session, Introduction.need == need, Introduction.person)
    found = tuple(
        Match(
            held[f.id].code or _("Profile"),
            profile(places, held[f.id]),
            f,
            begun.get(f.id, ""),
        )
        for f in fits
        if f.id in held
    )
    if len(found) >= ENOUGH:
        words = _("The fittest are shown.") if len(found) >= matches.PEOPLE else ""
        return Matches(found, words)
    total, lacks = matches.lacking(session, need)
    words = ngettext(
        "{n} registered person has the skill and lets it be known.",
        "{n} registered people have the skill and let it be known.",
        total,
    ).format(n=total)
    return Matches(found, words, tuple(lacks))


def profile(places: match_facts.Places, person: Person) -> str:
    """What may be told of a person before both sides agreed, in one line."""
    about = RECORDS["person"]
    told = (
        band(person.birth),
        about["sex"].kind.show(person.sex),
        about["residence_country"].kind.show(person.residence_country),
        places.region(person.origin),
        about["languages"].kind.show(person.languages),
    )
    return " · ".join(filter(None, told))


def _introductions(session: Session, which: Any, by: Any) -> dict[str, str]:
    under_way = Introduction.result.is_(None) | (Introduction.result == "waiting")
    rows = sa.select(by, Introduction.id).where(
        which, under_way, Introduction.deleted.is_(False)
    )
    return {str(other): id for other, id in session.execute(rows)}


def _views(session: Session, kind: str, model: Any, ids: Sequence[str]) -> Mapping[str, View]:
    rows = session.scalars(sa.select(model).where(model.id.in_(ids)))
    return {view.id: view for view in views(session, kind, rows)}


def totals(
    session: Session, kind: str, offer: str, standings: Sequence[Standing]
) -> tuple[Total, ...]:
    """What a job found, with titles: of `kind`, their fittest `offer`. People are profiles."""
    names = titles(session, kind, [each.id for each in standings])
    best = {each.best for each in standings if each.best}
    if offer == "person":
        rows = sa.select(Person.id, Person.code).where(Person.id.in_(best))
        offers = {id: code or "" for id, code in session.execute(rows)}
    else:
        offers = titles(session, offer, best)
    return tuple(
        Total(s.id, names[s.id], s.fits, s.maybe, offers.get(s.best, ""))
        for s in standings
        if s.id in names
    )


def why_person(session: Session, need: str, person: str) -> Fit | None:
    """Why a person fits a need."""
    return matches.needs_why(session, person, need)


def propose_person(session: Session, need: str, person: str) -> str:
    """Propose a person for a need; the id of the introduction."""
    return introductions.propose(session, person, need)

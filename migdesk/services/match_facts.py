"""What is known of projects and people, as the matcher reads it (`matching`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.models.case import BudgetLine, Case, FinanceLine, Paper
from migdesk.models.kinds import Country, Money, Number, split_money
from migdesk.models.organisation import PlaceRecord
from migdesk.models.person import Person
from migdesk.models.quick import chunks
from migdesk.models.skills import Skill

from .matching import CODES, COUNTRIES, PLACES, Fact, Facts
from .views import titles

_PlaceRows = sa.Select[str, str | None, str | None, str | None]
DEEPEST = 12
"""Places inside places."""
KNOWN = ("masked", "named")
"""Disclosures by which a skill may be proposed to others (codes of `skill_disclosure`)."""
CODED = (
    "sex",
    "phase",
    "status",
    "residence_country",
    "nationality",
    "education",
    "occupation",
)
"""Subjects of conditions that are fields of a person with one code."""
UNTOLD = ("unknown", "prefers_not_to_say")
"""Answers that tell nothing, whatever the question."""
_PERSON = (*CODED, "birth", "origin", "languages")
_CASE = ("person", "sector", "place", "stage", "jobs", "ownership")
_OWN = frozenset({"own_funds", "family", "association", "savings_group", "in_kind"})


class Places:
    """Each place with those in which it lies. `whole`: all are read now, for many subjects;
    else those that are asked for, together with what they lie in."""

    def __init__(self, session: Session, whole: bool = False) -> None:
        self._session = None if whole else session
        self._known: dict[str, tuple[str | None, str, str]] = {}
        if whole:
            self._keep(session, _PLACE)

    def _keep(self, session: Session, rows: _PlaceRows) -> None:
        for id, parent, name, level in session.execute(rows):
            self._known[id] = parent, name or "", level or ""

    def load(self, ids: Iterable[str | None]) -> None:
        """Read some places, and all that they lie in, with one statement."""
        wanted = {id for id in ids if id and id not in self._known}
        if self._session is None or not wanted:
            return
        for part in chunks(wanted):
            here = sa.select(PlaceRecord.id, PlaceRecord.parent)
            tree = here.where(PlaceRecord.id.in_(part)).cte(recursive=True)
            above = here.join(tree, PlaceRecord.id == tree.c.parent)
            every = tree.union(above)
            self._keep(self._session, _PLACE.where(PlaceRecord.id.in_(sa.select(every.c.id))))

    def around(self, place: str | None) -> tuple[str, ...] | None:
        """The place, its parent, and so on; None for none."""
        if not place:
            return None
        self.load([place])
        found = [place]
        while (up := self._known.get(found[-1], _NOWHERE)[0]) and len(found) < DEEPEST:
            if up in found:
                break
            found.append(up)
        return tuple(found)

    def region(self, place: str | None) -> str:
        """Name of the region in which a place lies; nothing closer is told."""
        for id in self.around(place) or ():
            _parent, name, level = self._known.get(id, _NOWHERE)
            if level in ("region", "country"):
                return name
        return ""


_NOWHERE: tuple[str | None, str, str] = (None, "", "")
_PLACE = sa.select(PlaceRecord.id, PlaceRecord.parent, PlaceRecord.name, PlaceRecord.level)


def of_people(
    session: Session,
    ids: Collection[str],
    places: Places,
    today: date,
    outside: bool = False,
) -> dict[str, dict[str, Fact]]:
    """Facts of people by id. `outside`: of their skills only those that they let be known
    outside the office."""
    columns = [Person.id, *(getattr(Person, name) for name in _PERSON)]
    rows = session.execute(sa.select(*columns).where(Person.id.in_(ids))).all()
    places.load(row.origin for row in rows)
    skills: dict[str, set[str]] = {}
    offers: dict[str, set[str]] = {}
    lines = sa.select(Skill.person, Skill.occupation, Skill.offers)
    if outside:
        lines = lines.where(Skill.disclosure.in_(KNOWN))
    for person, occupation, ready in session.execute(
        lines.where(Skill.person.in_(ids), Skill.deleted.is_(False))
    ):
        skills.setdefault(str(person), set()).add(occupation or "")
        offers.setdefault(str(person), set()).update(ready or ())
    found = {}
    for row in rows:
        known = _of_person(row._asdict(), places, today)
        known["skill"] = skills.get(row.id)
        known["availability"] = offers.get(row.id) or None
        found[row.id] = known
    return found


def _of_person(row: Mapping[str, Any], places: Places, today: date) -> dict[str, Fact]:
    known: dict[str, Fact] = {
        name: (row[name],) if row[name] and row[name] not in UNTOLD else None for name in CODED
    }
    known["origin"] = places.around(row["origin"])
    known["language"] = row["languages"] or None
    year = (row["birth"] or "")[:4]
    known["age"] = Decimal(today.year - int(year)) if year.isdecimal() else None
    return known


def of_cases(
    session: Session, ids: Collection[str], places: Places, today: date
) -> dict[str, dict[str, Fact]]:
    """Facts of projects by id, with those of their promoters."""
    columns = [Case.id, *(getattr(Case, name) for name in _CASE)]
    rows = session.execute(sa.select(*columns).where(Case.id.in_(ids))).all()
    places.load(row.place for row in rows)
    people = of_people(session, {row.person for row in rows if row.person}, places, today)
    money = _money(session, ids)
    papers: dict[str, set[str]] = {}
    held = sa.select(Paper.case, Paper.what).where(Paper.case.in_(ids), Paper.status == "held")
    for case, what in session.execute(held.where(Paper.deleted.is_(False))):
        papers.setdefault(str(case), set()).add(str(what))
    found = {}
    for row in rows:
        known = dict(people.get(row.person, {}))
        for name in ("sector", "stage", "ownership"):
            value = getattr(row, name)
            known[name] = (value,) if value else None
        known["place"] = places.around(row.place)
        known["jobs"] = Decimal(row.jobs) if row.jobs is not None else None
        known["paper"] = papers.get(row.id, frozenset())
        known |= money.get(row.id, {})
        found[row.id] = known
    return found


def _money(session: Session, ids: Collection[str]) -> dict[str, dict[str, Fact]]:
    """What is to find and what the promoter brings, of projects in one currency."""
    costs: dict[str, dict[str, Decimal]] = {}
    own: dict[str, dict[str, Decimal]] = {}
    sure: dict[str, dict[str, Decimal]] = {}
    lines = sa.select(BudgetLine.case, BudgetLine.quantity, BudgetLine.price)
    lines = lines.where(BudgetLine.case.in_(ids), BudgetLine.deleted.is_(False))
    for case, quantity, price in session.execute(lines):
        if price:
            amount, currency = split_money(price)
            _add(
                costs,
                case,
                currency,
                amount * Decimal(str(1 if quantity is None else quantity)),
            )
    sources = sa.select(
        FinanceLine.case, FinanceLine.nature, FinanceLine.status, FinanceLine.amount
    ).where(FinanceLine.case.in_(ids), FinanceLine.deleted.is_(False))
    for case, nature, status, stored in session.execute(sources):
        if not stored or status == "refused":
            continue
        amount, currency = split_money(stored)
        if nature in _OWN:
            _add(own, case, currency, amount)
        if nature in _OWN or status in ("granted", "paid"):
            _add(sure, case, currency, amount)
    found: dict[str, dict[str, Fact]] = {}
    for case, needed in costs.items():
        if len(needed) != 1:
            continue
        [(currency, cost)] = needed.items()
        zero = Decimal(0)
        found[case] = {
            "amount": max(zero, cost - sure.get(case, {}).get(currency, zero)),
            "currency": (currency,),
        }
        if cost:
            share = own.get(case, {}).get(currency, zero) / cost * 100
            found[case]["own_share"] = share.quantize(Decimal("0.1"))
    return found


def to_find(session: Session, case: str) -> str | None:
    """What a project still has to find, as money; None where that is not known, or nothing."""
    known = _money(session, [case]).get(case, {})
    amount, currency = known.get("amount"), known.get("currency")
    if not isinstance(amount, Decimal) or not amount or not isinstance(currency, tuple):
        return None
    return f"{amount.normalize():f} {currency[0]}"


def _add(
    sums: dict[str, dict[str, Decimal]], case: str | None, currency: str, amount: Decimal
) -> None:
    of_case = sums.setdefault(str(case), {})
    of_case[currency] = of_case.get(currency, Decimal(0)) + amount


def where(facts: Facts) -> Iterator[tuple[str, str]]:
    """(subject, place) of what is known of where somebody or something is."""
    for about in PLACES:
        fact = facts.get(about)
        if fact is not None and not isinstance(fact, Decimal):
            yield from ((about, place) for place in list(fact)[:1])


class Words:
    """Words of the values of conditions; names of places are read when they are needed."""

    def __init__(self, session: Session, values: Iterable[tuple[str, str]]) -> None:
        places = {value for about, value in values if about in PLACES}
        self._places = titles(session, "place", places) if places else {}
        self._session = session
        self._said: dict[tuple[str, str], str] = {}

    def __call__(self, about: str, value: str) -> str:
        key = about, value
        if key not in self._said:
            self._said[key] = self._words(about, value)
        return self._said[key]

    def _words(self, about: str, value: str) -> str:
        if about in CODES:
            return codelists.label(CODES[about], value)
        if about in COUNTRIES:
            return Country().show(value)
        if about in PLACES:
            return self._place(value)
        if about == "amount" and " " in value:
            return Money().show(value)
        if about == "own_share":
            return f"{Number(decimals=1).show(float(value))} %"
        return value

    def _place(self, value: str) -> str:
        if value and value not in self._places:
            self._places |= titles(self._session, "place", {value})
        return self._places.get(value, value)

"""Which rows a device with a scope receives.

In scope are: what everybody needs (places, words of lists, accounts, the office, the
register of devices); questionnaires of the scope with their campaigns and registrations;
records at a place of the scope or below it, with their lines, with what they point to, and
with what was merged with them; files that are shared with an office there, while they are
(`services.sharing`); what the device wrote itself, unless it lies at another place. A record
of a compartment, or one that ever said something restricted, only goes to devices with that
compartment. An account says no more than a name, a role, an office and whether it is in use,
so it goes whole: the log cannot be cut within an op.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, RecordType, going_with
from migdesk.models.entity import EntityMap
from migdesk.models.kinds import AnyLink, Link, Links
from migdesk.models.local import Alias, OpRow, Sealed
from migdesk.models.office import AttachmentRecord, Office, Questionnaire
from migdesk.models.organisation import PlaceRecord
from migdesk.models.survey import Campaign
from migdesk.ops import decode

from . import sharing
from .merging import chunks
from .registry import Scope

FOR_ALL = ("office", "account", "code_item", "place", "device")
CASE_WORK = "cases"
"""Compartment of requests and cases with all their lines."""
OF_CASES = frozenset({"visit", "case"})
POINTED_TO = frozenset({"person", "household", "organisation", "survey_unit", "attachment"})
"""Kinds that go along when a record in scope points to one of them."""


def rows(session: Session, scope: Scope, writers: Collection[str]) -> set[str]:
    """Ids of all rows in a scope. `writers` are the ids that the device wrote under, as it
    tells: who brought an op here first says nothing about who wrote it."""
    found = _for_all(session)
    places = below(session, scope.places)
    forms = _questionnaires(session, scope)
    found |= forms | _campaigns(session, forms, places)
    found |= _shared(session, scope, places)
    kinds = [about for about in RECORDS.values() if _may(about, scope)]
    own = _own(session, kinds, writers)
    for about in kinds:
        found |= _at_places(session, about, places, own.get(about.kind, set()))
    _complete(session, kinds, found)
    hidden = _restricted(session, scope, found)
    return found - hidden - _about_hidden(session, hidden, found)


def written_by(session: Session, writers: Collection[str]) -> set[str]:
    """Rows of any kind with an op of these writers."""
    query = sa.select(OpRow.row).where(sa.func.substr(OpRow.stamp, 18).in_(writers))
    return set(session.scalars(query.distinct()))


def below(session: Session, places: Iterable[str]) -> set[str]:
    """These places and all within them."""
    inside: dict[str, list[str]] = {}
    for id, parent in session.execute(sa.select(PlaceRecord.id, PlaceRecord.parent)):
        inside.setdefault(parent or "", []).append(id)
    found: set[str] = set()
    ahead = list(places)
    while ahead:
        place = ahead.pop()
        if place not in found:
            found.add(place)
            ahead += inside.get(place, [])
    return found


def _for_all(session: Session) -> set[str]:
    found: set[str] = set()
    for kind in FOR_ALL:
        found |= set(session.scalars(sa.select(RECORDS[kind].model.id)))
    return found


def _questionnaires(session: Session, scope: Scope) -> set[str]:
    query = sa.select(Questionnaire.id).where(Questionnaire.form.in_(scope.questionnaires))
    found = set(session.scalars(query))
    maps = sa.select(EntityMap.id).where(EntityMap.form.in_(scope.questionnaires))
    return found | set(session.scalars(maps))


def _campaigns(session: Session, forms: set[str], places: set[str]) -> set[str]:
    query = sa.select(Campaign.id, Campaign.questionnaire, Campaign.places)
    return {
        id
        for id, form, where in session.execute(query)
        if form in forms and (not where or places.intersection(where))
    }


def _shared(session: Session, scope: Scope, places: set[str]) -> set[str]:
    """Files that are shared, while they are, with an office of a commune of the scope."""
    offices = {
        id
        for id, area in session.execute(sa.select(Office.id, Office.area))
        if area and places.intersection(below(session, area))
    }
    found: set[str] = set()
    for one in sharing.in_force(session) if offices else ():
        if one.office in offices:
            found |= {one.id, one.person}
            found |= {one.case} - {""} if CASE_WORK in scope.compartments else set()
    return found


def _may(about: RecordType, scope: Scope) -> bool:
    """Whether records of a kind may go at all by their place or because of what they point
    to."""
    if about.kind in {*FOR_ALL, "questionnaire", "entity_map", "campaign"}:
        return False
    return CASE_WORK in scope.compartments or not _of_cases(about)


def _of_cases(about: RecordType) -> bool:
    owner = about[about.owner].kind if about.owner else None
    return about.kind in OF_CASES or getattr(owner, "to", "") in OF_CASES


def _where(about: RecordType) -> list[Any]:
    """Columns that say where a record is."""
    return [
        getattr(about.model, f.name)
        for f in about.fields.values()
        if isinstance(f.kind, Link) and f.kind.to == "place"
    ]


def _own(
    session: Session, kinds: Collection[RecordType], writers: Collection[str]
) -> dict[str, set[str]]:
    """Rows that the device wrote to, by kind; lines and files go with their owner."""
    alone = [about.kind for about in kinds if not about.owner and about.kind != "attachment"]
    query = sa.select(OpRow.kind, OpRow.row).where(
        sa.func.substr(OpRow.stamp, 18).in_(writers), OpRow.kind.in_(alone)
    )
    found: dict[str, set[str]] = {}
    for kind, row in session.execute(query.distinct()):
        found.setdefault(kind, set()).add(row)
    return found


def _at_places(
    session: Session, about: RecordType, places: set[str], own: set[str]
) -> set[str]:
    columns = _where(about)
    if not columns:
        return own
    found: set[str] = set()
    for id, *held in session.execute(sa.select(about.model.id, *columns)):
        named = set(filter(None, held))
        if named & places or (id in own and not named):
            found.add(id)
    return found


def _complete(session: Session, kinds: Collection[RecordType], found: set[str]) -> None:
    """Add lines, files and what is pointed to, until nothing more is found."""
    links = _links_of_lines(session, {about.kind for about in kinds})
    fresh = found
    while fresh:
        more: set[str] = set()
        for part in chunks(sorted(fresh)):
            more.update(_lines(session, links, part), _targets(session, kinds, part))
            more.update(_merged(session, part))
        fresh = more - found
        found |= fresh


def _links_of_lines(session: Session, allowed: set[str]) -> list[tuple[Any, Any]]:
    """Id and link to its owner, of each kind of lines of which there is any."""
    lines = {
        (child.kind, name): child.model
        for owner in RECORDS
        for child, name in going_with(owner)
        if child.kind in allowed or child.kind == "consent"
    }
    return [
        (model.id, getattr(model, name))
        for (_kind, name), model in lines.items()
        if session.scalar(sa.select(model.id).limit(1)) is not None
    ]


def _lines(
    session: Session, links: list[tuple[Any, Any]], owners: list[str]
) -> Iterator[str]:
    files = sa.select(AttachmentRecord.id).where(AttachmentRecord.of.in_(owners))
    yield from session.scalars(files)
    for id, owner in links:
        yield from session.scalars(sa.select(id).where(owner.in_(owners)))


def _merged(session: Session, rows: list[str]) -> Iterator[str]:
    """Records that were merged are one: all of them go along with any."""
    yield from session.scalars(sa.select(Alias.row).where(Alias.target.in_(rows)))
    yield from session.scalars(sa.select(Alias.target).where(Alias.row.in_(rows)))


def _targets(
    session: Session, kinds: Collection[RecordType], rows: list[str]
) -> Iterator[str]:
    for about in kinds:
        names = [
            f.name
            for f in about.fields.values()
            if isinstance(f.kind, Link | Links) and f.kind.to in POINTED_TO
        ]
        if names:
            columns = [getattr(about.model, name) for name in names]
            for held in session.execute(sa.select(*columns).where(about.model.id.in_(rows))):
                for value in held:
                    yield from value if isinstance(value, list) else filter(None, [value])


def _restricted(session: Session, scope: Scope, found: set[str]) -> set[str]:
    """Rows of a compartment that the scope lacks, and rows that ever said something in a
    field of such a compartment, or were in one."""
    closed = sa.select(Sealed.row).where(
        Sealed.masked.is_(False), Sealed.compartment.not_in(scope.compartments)
    )
    hidden = found.intersection(session.scalars(closed))
    for about in RECORDS.values():
        names = {
            f.name: f.default
            for f in about.fields.values()
            if (f.sealed and f.sealed not in scope.compartments) or f.name == "compartment"
        }
        if names:
            hidden |= set(_ever_said(session, about, names, scope, found))
    return hidden


def _ever_said(
    session: Session, about: RecordType, names: dict[str, Any], scope: Scope, found: set[str]
) -> Iterator[str]:
    open_ = {"compartment": scope.compartments}
    for part in chunks(sorted(found.intersection(session.scalars(sa.select(about.model.id))))):
        query = sa.select(OpRow.row, OpRow.body).where(OpRow.row.in_(part))
        for row, body in session.execute(query.where(OpRow.body != "")):
            fields = decode(body.encode()).fields
            if any(
                fields.get(name) not in (None, usual, *open_.get(name, ()))
                for name, usual in names.items()
            ):
                yield row


def _about_hidden(session: Session, hidden: set[str], found: set[str]) -> set[str]:
    """Lines, files and records that point to a hidden row tell that there is one, and so do
    those that point to them."""
    gone: set[str] = set()
    fresh = hidden
    while fresh:
        more: set[str] = set()
        for about in RECORDS.values():
            for f in about.fields.values():
                if isinstance(f.kind, AnyLink) or (
                    isinstance(f.kind, Link) and f.kind.to in POINTED_TO
                ):
                    column = getattr(about.model, f.name)
                    for part in chunks(sorted(fresh)):
                        query = sa.select(about.model.id).where(column.in_(part))
                        more |= found.intersection(session.scalars(query))
        fresh = more - gone - hidden
        gone |= fresh
    return gone

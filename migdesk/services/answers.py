"""Answers going out and coming in: which submissions, of which versions, about whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.forms import Form
from migdesk.forms.dataset import Entry
from migdesk.i18n import N_
from migdesk.models.dates import read_moment, stored_moment
from migdesk.models.kinds import now_utc
from migdesk.models.office import AttachmentRecord, Questionnaire, Submission
from migdesk.models.organisation import PlaceRecord
from migdesk.models.person import Person
from migdesk.task import Task

from . import corrections, entities, form_media, records, submissions
from .form_words import open_form
from .views import load, titles

PART = 500


class NoSubmissions(Mistake):
    """Nothing to export or to count."""

    code = "ANS-001"
    text = N_("No filled questionnaire fits these limits. Widen the period or the place.")


@dataclass(frozen=True)
class Limits:
    """Which submissions: finished from `since` to `until` (ISO days, both included), at
    `place` or inside it, in `campaign`, in the review state `state`. "" does not limit."""

    since: str = ""
    until: str = ""
    place: str = ""
    campaign: str = ""
    state: str = ""


@dataclass(frozen=True)
class Version:
    """One version of a questionnaire."""

    id: str
    form: str
    version: str
    name: str
    active: bool


@dataclass(frozen=True)
class Gathered:
    """Submissions of all versions, oldest first; `entries[n].form` is a place in
    `versions`, newest first. `ids` are those of the submissions."""

    versions: tuple[Version, ...]
    forms: tuple[Form, ...]
    entries: tuple[Entry, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Arrival:
    """A submission from elsewhere, to be kept; `files` are (name, bytes)."""

    questionnaire: str
    instance: str
    xml: str
    finished: str = ""
    language: str = ""
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


def versions(session: Session, form: str) -> tuple[Version, ...]:
    """Versions of a form that are here: the one in use first, then the newest."""
    rows = session.scalars(
        sa.select(Questionnaire).where(
            Questionnaire.form == form, Questionnaire.deleted.is_(False)
        )
    )
    # Ids of questionnaires follow from their content: the stamps say which came last.
    ordered = sorted(rows, key=lambda row: (bool(row.active), _first_stamp(row)), reverse=True)
    return tuple(
        Version(row.id, row.form or "", row.version or "", row.name or "", bool(row.active))
        for row in ordered
    )


def _first_stamp(row: Questionnaire) -> str:
    heads = row.stamps.get("xform", "")
    return heads if isinstance(heads, str) else min(heads, default="")


def forms_here(session: Session) -> tuple[tuple[str, str, int], ...]:
    """(form identifier, title, number of submissions) of every questionnaire, by title."""
    rows = sorted(submissions.with_counts(session), key=lambda each: bool(each[0].active))
    found: dict[str, tuple[str, int]] = {}
    for row, n in rows:
        form = row.form or ""
        found[form] = (row.name or form, found.get(form, ("", 0))[1] + n)
    listed = [(form, title, n) for form, (title, n) in found.items()]
    return tuple(sorted(listed, key=lambda each: each[1].casefold()))


def form_of(session: Session, questionnaire: str) -> str:
    """Form identifier of a questionnaire; raises Gone."""
    return str(getattr(load(session, "questionnaire", questionnaire), "form", "") or "")


def gather(session: Session, form: str, limits: Limits) -> Gathered:
    """Submissions of a form, in all its versions, within limits. Raises FormFault."""
    found = versions(session, form)
    place = {version.id: n for n, version in enumerate(found)}
    statement = (
        sa.select(Submission)
        .where(Submission.questionnaire.in_(list(place)), *_within(session, limits))
        .order_by(Submission.finished, Submission.id)
    )
    rows = list(session.scalars(statement))
    known = _traits(session, rows)
    used = sorted({place[str(row.questionnaire)] for row in rows}) or [0]
    order = {old: new for new, old in enumerate(used)}
    kept = tuple(found[n] for n in used) if found else ()
    entries = tuple(
        Entry(
            key=row.instance or row.id,
            xml=row.xml or "",
            form=order[place[str(row.questionnaire)]],
            facts={
                "_submission_time": row.finished or "",
                "__version__": found[place[str(row.questionnaire)]].version,
            },
            traits=known.get(row.id, {}),
        )
        for row in rows
    )
    opened = tuple(open_form(session, version.id) for version in kept)
    return Gathered(kept, opened, entries, tuple(row.id for row in rows))


def count(session: Session, form: str, limits: Limits) -> int:
    """How many submissions `gather` would find."""
    ids = [version.id for version in versions(session, form)]
    statement = sa.select(sa.func.count(Submission.id)).where(
        Submission.questionnaire.in_(ids), *_within(session, limits)
    )
    return int(session.scalar(statement) or 0)


def _within(session: Session, limits: Limits) -> list[Any]:
    made: list[Any] = [Submission.deleted.is_(False)]
    if limits.since:
        made.append(Submission.finished >= _midnight(limits.since, 0))
    if limits.until:
        made.append(Submission.finished < _midnight(limits.until, 1))
    if limits.place:
        made.append(Submission.place.in_(_inside(session, limits.place)))
    if limits.campaign:
        made.append(Submission.campaign == limits.campaign)
    if limits.state:
        made.append(Submission.state == limits.state)
    return made


def _midnight(day: str, later: int) -> str:
    """Stored moment of the local midnight that begins a day (or one `later`)."""
    start = date.fromisoformat(day) + timedelta(days=later)
    return stored_moment(datetime.combine(start, time()).astimezone().astimezone(UTC))


def _inside(session: Session, place: str) -> list[str]:
    """A place and all places inside it."""
    inside, edge = {place}, [place]
    while edge:
        rows = session.scalars(sa.select(PlaceRecord.id).where(PlaceRecord.parent.in_(edge)))
        edge = [id for id in rows if id not in inside]
        inside.update(edge)
    return sorted(inside)


def _parts(ids: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(set(ids))
    return (listed[start : start + PART] for start in range(0, len(listed), PART))


def _traits(session: Session, rows: Sequence[Submission]) -> dict[str, dict[str, str]]:
    """What is known of the person and the place of each submission."""
    people: dict[str, Person] = {}
    for part in _parts(str(row.person) for row in rows if row.person):
        found = session.scalars(
            sa.select(Person).where(Person.id.in_(part), Person.deleted.is_(False))
        )
        people |= {person.id: person for person in found}
    places = [str(row.place) for row in rows if row.place]
    places += [str(person.origin) for person in people.values() if person.origin]
    names = titles(session, "place", places)
    regions = regions_of(session, places)
    made: dict[str, dict[str, str]] = {}
    for row in rows:
        at = str(row.place)
        traits = {"place": names.get(at, ""), "region": regions.get(at, "")}
        person = people.get(str(row.person))
        if person is not None:
            for name in ("sex", "residence_country", "phase", "status"):
                traits[name] = getattr(person, name) or ""
            traits["needs"] = " ".join(person.needs or ())
            traits["origin"] = names.get(str(person.origin), "")
            traits["origin_region"] = regions.get(str(person.origin), "")
            traits["age"] = age(person.birth or "", row.finished or "")
        traits["campaign"] = row.campaign or ""
        made[row.id] = {name: value for name, value in traits.items() if value}
    return made


def regions_of(session: Session, places: Iterable[str]) -> dict[str, str]:
    """Name of the region of each place: of the place around it that is one, else of the
    outermost that is no country."""
    known: dict[str, PlaceRecord] = {}
    edge = set(places)
    while edge:
        for part in _parts(edge):
            rows = session.scalars(sa.select(PlaceRecord).where(PlaceRecord.id.in_(part)))
            known |= {row.id: row for row in rows}
        edge = {str(known[id].parent) for id in edge if id in known and known[id].parent}
        edge -= known.keys()
    return {id: _region(known, id) for id in set(places) if id in known}


def _region(known: Mapping[str, PlaceRecord], id: str) -> str:
    found, seen = "", set[str]()
    while id in known and id not in seen:
        seen.add(id)
        if known[id].level == "region":
            return known[id].name or ""
        if known[id].level != "country":
            found = known[id].name or ""
        id = str(known[id].parent)
    return found


def age(birth: str, moment: str) -> str:
    """Whole years from a fuzzy date of birth (EDTF) to a moment; "" where unknown."""
    year = birth[:4]
    if not year.isdigit() or not moment:
        return ""
    day = read_moment(moment).date()
    years = day.year - int(year)
    month_day = birth[5:10]
    if len(month_day) >= 2 and birth[4:5] == "-" and month_day[:2].isdigit():
        before = day.strftime("%m-%d")[: len(month_day)] < month_day
        years -= int(before)
    return str(years) if 0 <= years <= 130 else ""


# files ------------------------------------------------------------------------


Files = tuple[tuple[str, str], ...]


def media(session: Session, owners: Sequence[str]) -> dict[str, Files]:
    """Files of submissions: (name, id of the attachment) by submission."""
    found: dict[str, Files] = {}
    for part in _parts(owners):
        rows = session.scalars(
            sa.select(AttachmentRecord)
            .where(AttachmentRecord.of.in_(part), AttachmentRecord.deleted.is_(False))
            .order_by(AttachmentRecord.id)
        )
        for row in rows:
            found[str(row.of)] = (*found.get(str(row.of), ()), (row.name or row.id, row.id))
    return found


# in ---------------------------------------------------------------------------


def known(session: Session, instances: Sequence[str]) -> dict[str, str]:
    """Submissions that are here already, by their instance identifier."""
    found: dict[str, str] = {}
    for part in _parts(instances):
        rows = session.execute(
            sa.select(Submission.instance, Submission.id).where(
                Submission.instance.in_(part), Submission.deleted.is_(False)
            )
        )
        found |= {str(instance): id for instance, id in rows}
    return found


@dataclass(frozen=True)
class Here:
    """What an import is compared with, as it stood at one moment: the `versions` of each
    form, the one in use first, the `instances` that are here already, and the form of the
    questionnaire `chosen`."""

    versions: Mapping[str, tuple[Version, ...]]
    instances: frozenset[str]
    chosen: str = ""


def here(session: Session, questionnaire: str = "") -> Here:
    """What submissions from elsewhere meet, in one transaction: nothing changes between two
    of them. The forms themselves never change. Raises Gone."""
    chosen = form_of(session, questionnaire) if questionnaire else ""
    forms = sa.select(Questionnaire.form).where(Questionnaire.deleted.is_(False)).distinct()
    held = {form: versions(session, form) for form in session.scalars(forms) if form}
    rows = session.scalars(
        sa.select(Submission.instance).where(
            Submission.instance.is_not(None), Submission.deleted.is_(False)
        )
    )
    instances = frozenset(filter(None, rows)) | corrections.earlier(session).keys()
    return Here(held, instances, chosen)


def take(
    session: Session,
    task: Task,
    arrivals: Sequence[Arrival],
    links: Mapping[str, str],
    register: bool = False,
) -> int:
    """Keep submissions that came from elsewhere, in one transaction that can be undone as a
    whole; those that are here already, be it as an earlier copy of a corrected one, are
    passed over, and one that says which one it corrects takes its place. `register`: also
    the people and other records that they speak of. Returns how many were kept."""
    here = corrections.earlier(session) | known(session, [each.instance for each in arrivals])
    made = 0
    for done, arrival in enumerate(arrivals):
        if done % 50 == 0:
            task.step(done, len(arrivals))
        if arrival.instance in here:
            continue
        id = corrections.take_in(session, arrival.xml, arrival.instance)
        id = id or _first(session, arrival, links)
        for name, data in arrival.files:
            form_media.put(session, id, name, data)
        if register:
            entities.apply(session, id)
        here[arrival.instance] = id
        made += 1
    return made


def _first(session: Session, arrival: Arrival, links: Mapping[str, str]) -> str:
    """The record of a submission that nobody here knew; returns its id.

    The same submission has the same id wherever it is imported, so that two offices hold it
    once after an exchange.
    """
    id = str(uuid5(submissions.FORMS, f"submission\n{arrival.instance}"))
    if session.get(Submission, id) is not None:
        records.restore(session, "submission", id)  # it was in the bin
    values: dict[str, Any] = {
        "questionnaire": arrival.questionnaire,
        "xml": arrival.xml,
        "instance": arrival.instance,
        "finished": arrival.finished or now_utc(),
        "language": arrival.language or None,
        **links,
    }
    return records.save(session, "submission", id, values)

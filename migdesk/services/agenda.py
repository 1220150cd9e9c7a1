"""The agenda of an office: who is expected when, where and by whom (requirement R003).

Hours are those of the office; of somebody in another time zone, theirs are told too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.case import Visit
from migdesk.models.dates import read_moment, show_fuzzy, stored_moment
from migdesk.models.kinds import TimeZone
from migdesk.models.office import Account
from migdesk.models.person import Person
from migdesk.models.reception import Room

from . import records
from .office import office_of
from .records import View
from .views import titles, views, views_by_id

USUAL = 30
"""Minutes of an appointment for which none were set aside."""
LONGEST = timedelta(hours=10)
"""What nobody sets aside more than (`Visit.minutes`)."""
OPEN, CLOSE = 8, 20
"""Hours between which people are received, evenings included."""
RECEIVE = ("agent", "office_head", "administrator")
"""Roles of those whom people come to see."""
MOST = 1_000
"""Appointments that are read at once."""
_PARTS = ((9, "early_morning"), (12, "morning"), (14, "midday"), (18, "afternoon"))


@dataclass(frozen=True)
class Entry:
    """One appointment: local start and end; `theirs` is the hour of the person, "" where it
    is the office's; `clash` names the others at that time in the same room or with the same
    adviser; `slot` is a code of `appointment_slots`."""

    visit: View
    starts: datetime
    ends: datetime
    theirs: str
    slot: str
    clash: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The person, or the number of the ticket."""
        shown = self.visit.shown
        return shown["person"] or _("Ticket {number}").format(number=shown["ticket"])


@dataclass(frozen=True)
class Stay:
    """Somebody who lives elsewhere and is at home for some days: ISO days, "" if open."""

    person: View
    since: str
    until: str


def agenda(session: Session, first: date, days: int, office: str = "") -> tuple[Entry, ...]:
    """Appointments from the day `first` on, in their order; of one office if named."""
    since, until = _midnight(first), _midnight(first + timedelta(days=days))
    return tuple(e for e in _between(session, since, until, office) if e.starts >= since)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day).astimezone()


def _between(
    session: Session, since: datetime, until: datetime, office: str
) -> tuple[Entry, ...]:
    """Appointments that touch a time, those begun before it too."""
    statement = sa.select(Visit).where(
        Visit.deleted.is_(False),
        Visit.appointment >= stored_moment(since - LONGEST),
        Visit.appointment < stored_moment(until),
    )
    if office:
        statement = statement.where(sa.or_(Visit.office == office, Visit.office.is_(None)))
    found = session.scalars(statement.order_by(Visit.appointment).limit(MOST))
    rows = views(session, "visit", found)
    ids = [row.values["person"] for row in rows if row.values["person"]]
    people = views_by_id(session, "person", ids)
    entries = [_entry(row, people.get(row.values["person"] or "")) for row in rows]
    return _with_clashes([entry for entry in entries if entry.ends > since])


def _entry(visit: View, person: View | None) -> Entry:
    starts = read_moment(visit.values["appointment"])
    ends = starts + timedelta(minutes=visit.values["minutes"] or USUAL)
    zone = person.values["time_zone"] if person else None
    slot = "by_phone" if visit.values["callback"] else slot_of(starts)
    return Entry(visit, starts, ends, there(starts, zone), slot)


def there(moment: datetime, zone: str | None) -> str:
    """The hour of a moment in another time zone, with its town; "" if it is ours."""
    if not zone:
        return ""
    other = moment.astimezone(ZoneInfo(zone))
    if other.utcoffset() == moment.utcoffset():
        return ""
    town = TimeZone().show(zone)
    return _("{hour} in {town}").format(hour=other.strftime("%H:%M"), town=town)


def slot_of(moment: datetime) -> str:
    """Code of the list `appointment_slots` in which a moment lies."""
    if moment.weekday() >= 5:
        return "saturday" if moment.weekday() == 5 else "sunday"
    return next((code for hour, code in _PARTS if moment.hour < hour), "evening")


def _with_clashes(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The same, in their order, each knowing which others it meets in a room or with an
    adviser."""
    clashes: dict[str, list[str]] = {}
    for place, one in enumerate(entries):
        for other in entries[place + 1 :]:
            if other.starts >= one.ends:
                break  # and so do all that come later
            if _same(one.visit, other.visit):
                clashes.setdefault(one.visit.id, []).append(other.visit.id)
                clashes.setdefault(other.visit.id, []).append(one.visit.id)
    return tuple(replace(e, clash=tuple(clashes.get(e.visit.id, ()))) for e in entries)


def meet(one: Entry, other: Entry) -> bool:
    """Whether two appointments share some minutes."""
    return other.starts < one.ends and one.starts < other.ends


def _same(one: View, other: View) -> bool:
    """Whether two appointments need the same room or the same adviser."""
    return any(_shared(one.values[name], other.values[name]) for name in ("room", "adviser"))


def _shared(one: str | None, other: str | None) -> bool:
    return bool(one) and (one or "").strip().casefold() == (other or "").strip().casefold()


Gap = tuple[datetime, datetime]


def free(
    session: Session, day: date, office: str = "", adviser: str = "", room: str = ""
) -> tuple[Gap, ...]:
    """Times of a day at which nobody is expected (by an adviser or in a room, if named)
    while people are received."""
    return gaps(_between(session, *_hours(day), office), day, adviser, room)


def _hours(day: date) -> Gap:
    midnight = datetime(day.year, day.month, day.day)
    return midnight.replace(hour=OPEN).astimezone(), midnight.replace(hour=CLOSE).astimezone()


def gaps(
    entries: Iterable[Entry],
    day: date,
    adviser: str = "",
    room: str = "",
    now: datetime | None = None,
) -> tuple[Gap, ...]:
    """As `free`, among appointments in their order; what is over by `now` is left out."""
    start, close = _hours(day)
    if now is not None:
        start = max(start, _quarter(now))
    found = []
    for entry in entries:
        if (adviser or room) and not engages(entry, adviser, room):
            continue
        if start < entry.starts < close:
            found.append((start, entry.starts))
        start = max(start, entry.ends)
    if start < close:
        found.append((start, close))
    return tuple(found)


def engages(entry: Entry, adviser: str, room: str) -> bool:
    """Whether an appointment needs this adviser or this room."""
    values = entry.visit.values
    return _shared(adviser, values["adviser"]) or _shared(room, values["room"])


def _quarter(moment: datetime) -> datetime:
    """The next quarter of an hour."""
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second)
    step = timedelta(minutes=15) if over else timedelta()
    return (moment - over + step).replace(microsecond=0)


def at_home(
    session: Session, first: date, days: int, office: str = ""
) -> tuple[Stay, ...]:
    """Who is at home for holidays in these days: the time to meet them."""
    last = (first + timedelta(days=days - 1)).isoformat()
    statement = sa.select(Person).where(
        Person.deleted.is_(False),
        Person.here_until >= first.isoformat(),
        sa.or_(Person.here_from.is_(None), Person.here_from <= last),
    )
    if office:
        statement = statement.where(sa.or_(Person.office == office, Person.office.is_(None)))
    rows = session.scalars(statement.order_by(Person.here_until).limit(MOST))
    return tuple(
        Stay(each, each.values["here_from"] or "", each.values["here_until"] or "")
        for each in views(session, "person", rows)
    )


@dataclass(frozen=True)
class Look:
    """What a page of the agenda shows. `advisers`: names by id of those who receive here or
    have an appointment; `rooms`: likewise."""

    entries: tuple[Entry, ...]
    stays: tuple[Stay, ...]
    advisers: dict[str, str]
    rooms: tuple[str, ...]


def look(session: Session, first: date, days: int, office: str = "") -> Look:
    """Some days of the agenda, with whom and where people are received."""
    entries = agenda(session, first, days, office)
    here = sa.select(Account.id).where(
        Account.deleted.is_(False), Account.active.is_(True), Account.role.in_(RECEIVE)
    )
    if office:
        here = here.where(sa.or_(Account.office == office, Account.office.is_(None)))
    ids = set(session.scalars(here.limit(MOST)))
    ids |= {e.visit.values["adviser"] for e in entries if e.visit.values["adviser"]}
    names = titles(session, "account", ids)
    used = (entry.visit.values["room"] or "" for entry in entries)
    return Look(
        entries,
        at_home(session, first, days, office),
        dict(sorted(names.items(), key=lambda pair: pair[1].casefold())),
        _once((*rooms(session, office), *used)),
    )


def rooms(session: Session, office: str = "") -> tuple[str, ...]:
    """Names of the rooms where an office (or any) receives people, in their order."""
    held = sa.select(Room.name).where(Room.deleted.is_(False), Room.name.is_not(None))
    if office:
        held = held.where(Room.office == office)
    return _once(str(name) for name in session.scalars(held))


def rooms_here(session: Session) -> tuple[str, ...]:
    """Rooms of the office in whose name whoever is logged in works."""
    return rooms(session, office_of(session) or "")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, however its capitals are, in the order of the words."""
    found: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        found.setdefault(name.casefold(), name)
    return tuple(found[key] for key in sorted(found))


# before an appointment is made ----------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """An appointment that is about to be made; `at` is a stored moment, `visit` the visit
    that it belongs to, "" for a new one."""

    at: str
    minutes: int = USUAL
    room: str = ""
    adviser: str = ""
    person: str = ""
    callback: bool = False
    visit: str = ""


@dataclass(frozen=True)
class Remark:
    """What to know before an appointment is made; `clash` if two would need one room or one
    adviser at the same time. None of it forbids the appointment."""

    words: str
    clash: bool = False


def remarks(session: Session, wanted: Wanted) -> tuple[Remark, ...]:
    """Who is expected at that time in the same room or by the same adviser, the hour of the
    person, times that do not suit."""
    starts = read_moment(wanted.at)
    ends = starts + timedelta(minutes=wanted.minutes)
    said = [Remark(words, True) for words in _clashes(session, wanted, starts, ends)]
    person = views_by_id(session, "person", [wanted.person]).get(wanted.person)
    if person is not None:
        hour = there(starts, person.values["time_zone"])
        words = [_("For the person it is {hour}.").format(hour=hour)] if hour else []
        said += [Remark(each) for each in (*words, *_unsuited(person, starts, wanted))]
    return tuple(said)


def _clashes(
    session: Session, wanted: Wanted, starts: datetime, ends: datetime
) -> Iterable[str]:
    for other in _between(session, starts, ends, ""):
        if other.visit.id == wanted.visit:
            continue
        hour = f"{other.starts:%H:%M}–{other.ends:%H:%M}"
        values = other.visit.values
        if _shared(wanted.room, values["room"]):
            words = _("{hour}: {who} is expected in the same room.")
            yield words.format(hour=hour, who=other.who)
        elif _shared(wanted.adviser, values["adviser"]):
            words = _("{hour}: {who} is expected by the same adviser.")
            yield words.format(hour=hour, who=other.who)


def _unsuited(person: View, starts: datetime, wanted: Wanted) -> Iterable[str]:
    values, day = person.values, starts.date().isoformat()
    since, until = values["here_from"] or "", values["here_until"] or ""
    here = bool(until) and since <= day <= until
    if until >= date.today().isoformat() and not here and not wanted.callback:
        words = _("The person is at home from {since} to {until} only.")
        yield words.format(since=show_fuzzy(since) or "…", until=show_fuzzy(until))
    fits = {slot_of(starts)} | ({"by_phone"} if wanted.callback else set())
    fits |= {"holidays"} if here else set()
    named = values["free_times"] or []
    if named and not fits.intersection(named):
        words = _("The person named other times: {times}.")
        yield words.format(times=person.shown["free_times"])


def set_time(session: Session, visit: str, moment: str | None) -> tuple[Remark, ...]:
    """Another time for an appointment, None for none any more; what does not suit there."""
    records.save(session, "visit", visit, {"appointment": moment})
    if moment is None:
        return ()
    held = records.get(session, "visit", visit).values
    wanted = Wanted(
        moment,
        held["minutes"] or USUAL,
        held["room"] or "",
        held["adviser"] or "",
        held["person"] or "",
        bool(held["callback"]),
        visit,
    )
    return remarks(session, wanted)

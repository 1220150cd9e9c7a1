"""The agenda of an office: who is expected when, where and by whom (requirement R003).

Hours are those of the office; of somebody in another time zone, theirs are told too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.case import Visit
from migdesk.models.dates import read_moment, stored_moment
from migdesk.models.kinds import TimeZone
from migdesk.printing.blocks import Block, Column, Paragraph
from migdesk.printing.sheets.common import section, table

from .records import View
from .views import views, views_by_id

USUAL = 30
"""Minutes of an appointment for which none were set aside."""
EVENING = 18
"""Hour from which an appointment is one of the evening."""


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


def agenda(session: Session, first: date, days: int, office: str = "") -> tuple[Entry, ...]:
    """Appointments from the day `first` on, in their order; of one office if named."""
    since = datetime(first.year, first.month, first.day).astimezone()
    until = since + timedelta(days=days)
    statement = sa.select(Visit).where(
        Visit.deleted.is_(False),
        Visit.appointment >= stored_moment(since),
        Visit.appointment < stored_moment(until),
    )
    if office:
        statement = statement.where(sa.or_(Visit.office == office, Visit.office.is_(None)))
    rows = views(session, "visit", session.scalars(statement.order_by(Visit.appointment)))
    ids = [row.values["person"] for row in rows if row.values["person"]]
    people = views_by_id(session, "person", ids)
    entries = [_entry(row, people.get(row.values["person"] or "")) for row in rows]
    return _with_clashes(entries)


def _entry(visit: View, person: View | None) -> Entry:
    starts = read_moment(visit.values["appointment"])
    ends = starts + timedelta(minutes=visit.values["minutes"] or USUAL)
    zone = person.values["time_zone"] if person else None
    return Entry(visit, starts, ends, there(starts, zone), slot_of(starts, visit))


def there(moment: datetime, zone: str | None) -> str:
    """The hour of a moment in another time zone, with its town; "" if it is ours."""
    if not zone:
        return ""
    other = moment.astimezone(ZoneInfo(zone))
    if other.utcoffset() == moment.utcoffset():
        return ""
    town = TimeZone().show(zone)
    return _("{hour} in {town}").format(hour=other.strftime("%H:%M"), town=town)


def slot_of(moment: datetime, visit: View | None = None) -> str:
    """Code of the list `appointment_slots` in which a moment lies."""
    if visit is not None and visit.values["callback"]:
        return "by_phone"
    if moment.weekday() >= 5:
        return "saturday" if moment.weekday() == 5 else "sunday"
    for hour, code in (
        (9, "early_morning"),
        (12, "morning"),
        (14, "midday"),
        (EVENING, "afternoon"),
    ):
        if moment.hour < hour:
            return code
    return "evening"


def _with_clashes(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    found = []
    for one in entries:
        clash = tuple(
            other.visit.id
            for other in entries
            if other is not one
            and other.starts < one.ends
            and one.starts < other.ends
            and _same(one.visit, other.visit)
        )
        found.append(Entry(one.visit, one.starts, one.ends, one.theirs, one.slot, clash))
    return tuple(found)


def _same(one: View, other: View) -> bool:
    """Whether two appointments need the same room or the same adviser."""
    return any(
        one.values[name] and one.values[name] == other.values[name]
        for name in ("room", "adviser")
    )


def free(session: Session, day: date, office: str = "") -> list[tuple[datetime, datetime]]:
    """Times of a day at which nobody is expected, between eight and twenty o'clock."""
    start = datetime(day.year, day.month, day.day, 8).astimezone()
    close = start.replace(hour=20)
    found = []
    for entry in agenda(session, day, 1, office):
        if entry.starts > start:
            found.append((start, min(entry.starts, close)))
        start = max(start, entry.ends)
    return [*found, (start, close)] if start < close else found


def printed_agenda(session: Session, office: View, since: str, until: str) -> list[Block]:
    """The agenda of some days: a table a day, then by adviser."""
    first = date.fromisoformat(since) if since else date.today()
    last = date.fromisoformat(until) if until else first + timedelta(days=6)
    entries = agenda(session, first, (last - first).days + 1, office.id)
    columns = [
        Column(_("Hour")),
        Column(_("Person")),
        Column(_("Request")),
        Column(_("Where")),
        Column(_("Adviser")),
    ]
    by_day: dict[str, list[tuple[str, ...]]] = {}
    for entry in entries:
        shown = entry.visit.shown
        hours = f"{entry.starts:%H:%M}–{entry.ends:%H:%M}"
        who = shown["person"] or _("Ticket {number}").format(number=shown["ticket"])
        where = " ".join(filter(None, (shown["room"], entry.theirs)))
        warning = " ⚠" if entry.clash else ""
        row = (hours + warning, who, shown["request"], where, shown["adviser"])
        by_day.setdefault(_day(entry.starts), []).append(row)
    blocks: list[Block] = []
    for day, rows in by_day.items():
        blocks += section(day, table(columns, rows))
    if not blocks:
        return [Paragraph(_("Nobody is expected."), "hint")]
    if any(entry.clash for entry in entries):
        words = _("⚠: two appointments at one time in one room or with one adviser.")
        blocks.append(Paragraph(words, "small"))
    return blocks


def _day(moment: datetime) -> str:
    from babel.dates import format_date

    from migdesk.i18n import language

    words = format_date(moment, "full", language())
    return words[:1].upper() + words[1:]

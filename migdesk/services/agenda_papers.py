"""The agenda on paper: for the door of a room, for an adviser, for the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date
from sqlalchemy.orm import Session

from migdesk.i18n import _, language
from migdesk.models.dates import show_fuzzy
from migdesk.printing.blocks import Block, Column, Paragraph
from migdesk.printing.sheets.common import section, table
from migdesk.printing.sheets.record_sheet import RecordSheet

from . import agenda
from .agenda import Entry, Stay
from .views import title_of

DAYS = 31
"""Days that one print covers at most."""


def agenda_sheet(
    session: Session, since: str = "", until: str = "", by: str = "day", office: str = ""
) -> RecordSheet:
    """Appointments from `since` to `until` (ISO days, today and six more without them), a
    table for each day, or for each adviser or room with `by`."""
    from .papers import imprint

    first = date.fromisoformat(since) if since else date.today()
    last = date.fromisoformat(until) if until else first + timedelta(days=6)
    days = min(max((last - first).days + 1, 1), DAYS)
    last = first + timedelta(days=days - 1)
    entries = agenda.agenda(session, first, days, office)
    blocks = _tables(entries, by, days)
    if not entries:
        blocks.append(Paragraph(_("Nobody is expected."), "hint"))
    if any(entry.clash for entry in entries):
        words = _("(!): two appointments at one time in one room or with one adviser.")
        blocks.append(Paragraph(words, "small"))
    blocks += _stays(agenda.at_home(session, first, days, office))
    head = show_fuzzy(first.isoformat())
    if days > 1:
        head = f"{head} – {show_fuzzy(last.isoformat())}"
    whose = title_of(session, "office", office) if office else ""
    title = " · ".join(filter(None, (_("Agenda"), whose)))
    return RecordSheet(imprint(session), title, head, tuple(blocks))


def _tables(entries: Sequence[Entry], by: str, days: int) -> list[Block]:
    heads: dict[str, Callable[[Entry], str]] = {
        "day": lambda e: long_day(e.starts),
        "adviser": lambda e: e.visit.shown["adviser"] or _("No adviser"),
        "room": lambda e: e.visit.shown["room"] or _("No room"),
    }
    head = heads[by]
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(head(entry), []).append(entry)
    order = list(groups) if by == "day" else sorted(groups, key=str.casefold)
    dated = by != "day" and days > 1
    blocks: list[Block] = []
    for name in order:
        rows = [_row(entry, dated) for entry in groups[name]]
        blocks += section(name, table(_columns(), rows), aside=str(len(rows)))
    return blocks


def _columns() -> list[Column]:
    return [
        Column(_("Hour")),
        Column(_("Person")),
        Column(_("Request")),
        Column(_("Where")),
        Column(_("Adviser")),
    ]


def _row(entry: Entry, dated: bool) -> tuple[str, ...]:
    shown = entry.visit.shown
    hours = f"{entry.starts:%H:%M}–{entry.ends:%H:%M}"
    if dated:
        hours = f"{format_date(entry.starts, 'EEE d MMM', locale=language())} {hours}"
    if entry.clash:
        hours += " (!)"
    called = _("we call") if entry.visit.values["callback"] else ""
    where = " · ".join(filter(None, (shown["room"], called, entry.theirs)))
    about = shown["next_step"] or shown["request"]
    return (hours, entry.who, about, where, shown["adviser"])


def _stays(stays: Iterable[Stay]) -> list[Block]:
    rows = [
        (
            stay.person.title,
            show_fuzzy(stay.since) if stay.since else "…",
            show_fuzzy(stay.until) if stay.until else "…",
            stay.person.shown["free_times"],
        )
        for stay in stays
    ]
    columns = [Column(_("Person")), Column(_("From")), Column(_("Until"))]
    columns.append(Column(_("Free when")))
    return section(_("At home for holidays"), table(columns, rows)) if rows else []


def long_day(moment: datetime | date) -> str:
    """``Saturday, 21 November 2026`` in the language in force."""
    words = format_date(moment, "full", language())
    return words[:1].upper() + words[1:]


AGENDA_FILLERS: dict[str, Callable[..., Any]] = {"agenda": agenda_sheet}

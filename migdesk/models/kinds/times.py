"""Days, fuzzy dates and moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from migdesk.i18n import N_

from .. import dates
from .base import BadValue, Kind


@dataclass(frozen=True)
class Date(Kind):
    """A day, stored as ISO text."""

    name = "date"

    def parse(self, typed: str) -> Any:
        if not typed.strip():
            return None
        found = dates.parse_day(typed)
        if found is None:
            raise BadValue(N_("A date is expected, for example 12/3/2026."))
        return found.isoformat()

    def show(self, value: Any) -> str:
        return dates.show_fuzzy(value) if value else ""

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class FuzzyDate(Kind):
    """A day, a month or a year, perhaps approximate: EDTF level 1, ``1985~``."""

    name = "fuzzy_date"

    def parse(self, typed: str) -> Any:
        if not typed.strip():
            return None
        found = dates.parse_fuzzy(typed, date.today())
        if found is None:
            raise BadValue(N_("A date, a year or an age: 12/3/89, 1985, about 1985, 40 years."))
        return found

    def show(self, value: Any) -> str:
        return dates.show_fuzzy(value) if value else ""

    def words(self, value: Any) -> list[str]:
        return [str(value)[:4]] if value else []


@dataclass(frozen=True)
class Moment(Kind):
    """Date and time, stored in UTC, shown in local time."""

    name = "moment"

    def parse(self, typed: str) -> Any:
        if not typed.strip():
            return None
        found = dates.parse_moment(typed)
        if found is None:
            raise BadValue(N_("A date and time is expected, for example 12/3/2026 17:30."))
        return found

    def show(self, value: Any) -> str:
        return dates.show_moment(value) if value else ""

    def words(self, value: Any) -> list[str]:
        return []


def now_utc() -> str:
    """This moment as stored: UTC, to the second."""
    return dates.stored_moment(datetime.now().astimezone())

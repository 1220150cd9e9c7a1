"""Functions of dates and times. Dates are ISO text; a moment has its offset from UTC.

A time of day is that of the computer's zone: an answer from elsewhere is brought into it
(ODK XForms specification, "Date and time functions").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from migdesk.forms.xpath.code import Environment
from migdesk.forms.xpath.convert import (
    NAN,
    days_date,
    moment_text,
    text_date,
    text_moment,
    text_number,
)

_MARK = re.compile(r"%(.)", re.DOTALL)
_CLOCK = re.compile(r"(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d(?::?\d\d)?)?\Z", re.ASCII)
_DAY = timedelta(days=1)

_NUMBERS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda d: f"{d.year:04}",
    "y": lambda d: f"{d.year % 100:02}",
    "m": lambda d: f"{d.month:02}",
    "n": lambda d: str(d.month),
    "d": lambda d: f"{d.day:02}",
    "e": lambda d: str(d.day),
    "H": lambda d: f"{d.hour:02}",
    "h": lambda d: str(d.hour),
    "M": lambda d: f"{d.minute:02}",
    "S": lambda d: f"{d.second:02}",
    "3": lambda d: f"{d.microsecond // 1000:03}",
    "%": lambda d: "%",
}
_Width = Literal["abbreviated", "wide"]
_MONTHS: dict[str, _Width] = {"b": "abbreviated", "B": "wide"}
_DAYS: dict[str, _Width] = {"a": "abbreviated", "A": "wide"}


def format_moment(moment: datetime, form: str, locale: str) -> str:
    """`moment` written as `form` says; a mark that ODK does not know stays as it is."""
    language = _known(locale)

    def mark(found: re.Match[str]) -> str:
        letter = found[1]
        if letter in _NUMBERS:
            return _NUMBERS[letter](moment)
        if letter in _MONTHS:
            return str(get_month_names(_MONTHS[letter], locale=language)[moment.month])
        if letter in _DAYS:
            return str(get_day_names(_DAYS[letter], locale=language)[moment.weekday()])
        return found[0]

    return _MARK.sub(mark, form)


def _known(locale: str) -> Locale:
    try:
        return Locale.parse(locale)
    except (ValueError, UnknownLocaleError, TypeError):
        return Locale("en")


def today(env: Environment) -> str:
    return env.now().date().isoformat()


def now(env: Environment) -> str:
    return moment_text(env.now())


def date_of(value: str) -> str:
    """A date from a date, a moment, or a number of days since 1970-01-01."""
    day = text_date(value)
    if day is not None:
        return day.isoformat()
    days = text_number(value)
    return days_date(days) if days == days else ""


def date_time_of(env: Environment, value: str) -> str:
    """A moment from a moment, a date, or a number of days since 1970-01-01 in UTC."""
    zone = env.now().tzinfo or UTC
    if text_moment(value) is not None:
        return value
    days = text_number(value)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + days * _DAY
        return moment_text(moment.astimezone(zone))
    except (ValueError, OverflowError):
        return ""


def decimal_date_time(value: str) -> float:
    """Days since 1970-01-01 in UTC, with their fraction."""
    return text_number(value)


def decimal_time(env: Environment, value: str) -> float:
    """Part of the day gone by at a time, 0 to 1, by the clock of the computer's zone; of a
    number of days, its fraction."""
    if (days := text_number(value)) == days and "-" not in value[1:]:
        return days % 1
    zone = env.now().tzinfo or UTC
    day, _, clock = value.rpartition("T")
    found = _CLOCK.match(clock)
    if found is None:
        return 0.0 if not day and text_date(value) else NAN
    moment = text_moment(f"{day or '1970-01-02'}T{_padded(found)}", zone)
    if moment is None:
        return NAN
    here = moment.astimezone(zone)
    midnight = datetime.combine(here.date(), time(), here.tzinfo)
    return (here - midnight) / _DAY


def _padded(clock: re.Match[str]) -> str:
    hours, minutes, seconds, offset = clock.groups()
    return f"{hours:0>2}:{minutes}:{seconds or '00'}{offset or ''}"


def format_date(env: Environment, value: str, form: str) -> str:
    """`value` (date, moment, number of days) as `form` says, by the clock of the computer's
    zone; blank where it is no date."""
    zone = env.now().tzinfo or UTC
    moment = text_moment(value, zone) or text_moment(date_time_of(env, value), zone)
    return "" if moment is None else format_moment(moment.astimezone(zone), form, env.locale())

"""Conversions between the values of XPath: text, numbers, booleans, dates.

A date counts as the number of days since 1970-01-01 and a moment as its fraction
in UTC, so that dates can be compared and subtracted (ODK XForms specification,
"Data types"). Text that is neither number nor date is NaN.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

NAN = math.nan
_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*\Z", re.ASCII)
_DATED = re.compile(r"\d{4}-\d\d?-\d\d?(?:T|\Z)", re.ASCII)
EPOCH = date(1970, 1, 1)


def number_text(value: float) -> str:
    """XPath text of a number: no exponent, no needless fraction."""
    if value != value:
        return "NaN"
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def text_number(text: str) -> float:
    """Number of a text: an XPath number (with a decimal comma too, as in JavaRosa), a date,
    a moment; else NaN."""
    if _NUMBER.match(text):
        return float(text)
    if "," in text and _NUMBER.match(text.replace(",", ".")):
        return float(text.replace(",", "."))
    return dated_number(text) if _DATED.match(text) else NAN


@lru_cache(maxsize=4096)
def dated_number(text: str) -> float:
    """Days since 1970-01-01 of an ISO date or moment (UTC); NaN for anything else."""
    day = text_date(text)
    if day is None:
        return NAN
    if len(text) <= 10:
        return float((day - EPOCH).days)
    moment = text_moment(text)
    if moment is None:
        return NAN
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return since / timedelta(days=1)


def text_boolean(text: str) -> bool:
    """XPath: every text but the empty one is true."""
    return text != ""


def number_boolean(value: float) -> bool:
    return value == value and value != 0


def boolean_text(value: bool) -> str:
    return "true" if value else "false"


def any_text(value: str | float | bool) -> str:
    """Text of any XPath value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return boolean_text(value)
    return number_text(value)


def stored_text(value: str | float | bool) -> str:
    """What a calculation writes into an answer: NaN leaves it blank, booleans are 1 and 0
    (as JavaRosa stores them); else as `any_text`."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value != value:
        return ""
    return any_text(value)


def text_date(text: str) -> date | None:
    """Calendar day of an ISO date or moment, as it is written."""
    try:
        year, month, day = text[:10].split("T")[0].split("-")
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def text_moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Moment of an ISO text; a date is its midnight and a bare moment is in `zone`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = text_date(text) if _DATED.match(text) else None
        moment_of_day = None if day is None or len(text) > 10 else datetime.combine(day, time())
        if moment_of_day is None:
            return None
        moment = moment_of_day
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def days_date(days: float) -> str:
    """ISO date of a number of days since 1970-01-01; blank when there is no such day."""
    try:
        return (EPOCH + timedelta(days=math.trunc(days))).isoformat()
    except (OverflowError, ValueError):
        return ""


def moment_text(moment: datetime) -> str:
    """ISO text of a moment with milliseconds and offset, as ODK writes it."""
    return moment.isoformat(timespec="milliseconds")

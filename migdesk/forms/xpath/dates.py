"""`format-date`: the marks of the ODK specification, month and day names by language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

_MARK = re.compile(r"%(.)", re.DOTALL)

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

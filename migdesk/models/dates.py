"""Dates as people type them and as they are shown.

Fuzzy dates follow the Extended Date/Time Format, ISO 8601-2:2019 level 1, in the
part an office needs: ``1985``, ``1985-03``, ``1985-03-12``, each perhaps with ``~``.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time

from migdesk.i18n import _, language

_ABOUT = re.compile(
    r"^(?:~|≈|vers|environ|env\.?|about|around|circa|c\.|ca\.?|hacia|por volta de|حوالي)\s*",
    re.IGNORECASE,
)
_AGE = re.compile(r"^(\d{1,3})\s*(?:ans?|years?(?: old)?|yrs?|años?|anos?|ani)$", re.IGNORECASE)
_FUZZY = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(~?)$")


_BETWEEN = {"", "de", "of", "le", "er", "st", "nd", "rd", "th"}


def _bare(word: str) -> str:
    word = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in word if not unicodedata.combining(c))


@cache
def _months(locale: str) -> dict[str, int]:
    """Number of each month by its name or short name in a language."""
    names = Locale.parse(locale).months
    return {
        _bare(name.strip(".")): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in names[context][width].items()
    }


def _in_digits(typed: str) -> str:
    """``12 mars 1985`` or ``March 12, 1985`` as 12/3/1985, in French, English or the
    language in force; any other text without the marks of writing direction."""
    text = re.sub(r"[\u200e\u200f\u061c]", "", typed).strip()
    words = [_bare(word) for word in re.findall(r"[^\W\d_]+", text)]
    if not words:
        return text
    names = _months("en") | _months("fr") | _months(language())
    months = [names[word] for word in words if word in names]
    numbers = re.findall(r"\d+", text)
    if len(months) != 1 or any(w not in names and w not in _BETWEEN for w in words):
        return text
    if len(numbers) == 2 and len(numbers[0]) == 4:
        numbers.reverse()
    return "/".join([*numbers[:-1], str(months[0]), *numbers[-1:]])


def _year(text: str) -> int:
    """Four-digit year; two digits mean the last hundred years."""
    year = int(text)
    if len(text) > 2:
        return year
    century = date.today().year // 100 * 100
    return century + year if century + year <= date.today().year + 10 else century - 100 + year


def parse_day(typed: str) -> date | None:
    """Day typed as 12/3/89, 12.3.1989, 12-3-1989 or 1989-03-12; day before month."""
    text = _in_digits(typed)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    usual = re.fullmatch(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})", text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if usual:
            return date(_year(usual[3]), int(usual[2]), int(usual[1]))
    except ValueError:
        return None
    return None


def parse_fuzzy(typed: str, today: date) -> str | None:
    """EDTF text of a day, month, year or age; None if it is none of these.

    An age gives an approximate year of birth: 40 years in 2026 is ``1986~``.
    """
    text = typed.strip()
    shorter = _ABOUT.sub("", text).rstrip("~?").strip()
    about = "~" if shorter != text else ""
    age = _AGE.match(shorter)
    if age and int(age[1]) <= 130:
        return f"{today.year - int(age[1]):04d}~"
    day = parse_day(shorter)
    if day:
        return f"{day.isoformat()}{about}"
    digits = _in_digits(shorter)
    month = re.fullmatch(r"(?:(\d{4})-(\d{1,2})|(\d{1,2})[/.\-](\d{4})|(\d{4}))", digits)
    if not month:
        return None
    year, number = int(month[1] or month[4] or month[5]), int(month[2] or month[3] or 1)
    if not (1800 <= year <= 2200 and 1 <= number <= 12):
        return None
    return f"{year}{about}" if month[5] else f"{year}-{number:02d}{about}"


def show_fuzzy(value: str) -> str:
    """A fuzzy or full date in the language in force; unknown text is shown as it is."""
    found = _FUZZY.match(value)
    if not found:
        return value
    year, month, day, about = found.groups()
    try:
        if day:
            shown = format_date(date(int(year), int(month), int(day)), "short", language())
            shown = (
                shown
                if year in shown
                else format_date(
                    date(int(year), int(month), int(day)), "dd/MM/yyyy", language()
                )
            )
        elif month:
            shown = format_skeleton("yMMM", date(int(year), int(month), 1), locale=language())
        else:
            shown = year
    except ValueError:
        return value
    return _("about {date}").format(date=shown) if about else shown


def stored_moment(moment: datetime) -> str:
    """UTC ISO text of an aware moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(value: str) -> datetime:
    """Aware local moment of a stored one; ValueError if it is none."""
    return datetime.fromisoformat(value).astimezone()


def parse_moment(typed: str) -> str | None:
    """Stored moment of ``12/3/2026 17:30``, ``17h30`` forms, or ISO text."""
    text = typed.strip()
    try:
        return stored_moment(datetime.fromisoformat(text).astimezone())
    except ValueError:
        pass
    found = re.fullmatch(r"(.+?)(?:[\s,àT]+(\d{1,2})\s*[:hH.]\s*(\d{2})?)?", text)
    day = parse_day(found[1]) if found else None
    if not found or not day:
        return None
    try:
        local = datetime(day.year, day.month, day.day, int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None
    return stored_moment(local.astimezone())


def show_moment(value: str) -> str:
    """Local date and time of a stored moment."""
    try:
        return format_datetime(read_moment(value), "d MMM yyyy HH:mm", locale=language())
    except ValueError:
        return value


def show_hour(value: str) -> str:
    """Local hour of a stored moment."""
    return format_time(read_moment(value), "HH:mm", locale=language())

"""One codec per type: what a person types, what is stored, what a program reads.

Stored text is what ODK writes in a submission. `parse` accepts what people type and
its own output; `value` gives the typed value of stored text; `show` writes it for a
person. A codec knows one type, never a form.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from migdesk.forms.faults import FormFault
from migdesk.forms.points import numbers_of
from migdesk.forms.xpath.convert import (
    days_date,
    moment_text,
    number_text,
    stored_text,
    text_date,
    text_moment,
)
from migdesk.i18n import N_, language

Value = str | int | Decimal | date | time | datetime | tuple[str, ...] | None


class BadAnswer(FormFault):
    """An answer that is not of the question's type."""

    code = "FRM-050"
    text = N_("This answer cannot be read.")


class NotWhole(BadAnswer):
    code = "FRM-051"
    text = N_("Write a whole number, for example 12.")


class NotNumber(BadAnswer):
    code = "FRM-052"
    text = N_("Write a number, for example 12.5.")


class NotDate(BadAnswer):
    code = "FRM-053"
    text = N_("Write a date as day, month, year, for example 21/11/2026.")


class NotTime(BadAnswer):
    code = "FRM-054"
    text = N_("Write a time as hours and minutes, for example 14:30.")


class NotPoint(BadAnswer):
    code = "FRM-055"
    text = N_("Write latitude and longitude in degrees, for example 12.708 -15.556.")


class NotLine(BadAnswer):
    code = "FRM-057"
    text = N_("A line has two points at least. Write one point a line.")


class NotRing(BadAnswer):
    code = "FRM-058"
    text = N_("An area has three corners at least. Write one corner a line.")


class NotYesNo(BadAnswer):
    code = "FRM-056"
    text = N_("Answer yes or no.")


@dataclass(frozen=True)
class Codec:
    """`parse`: typed → stored text, raises BadAnswer. `value`: stored → typed value.
    `coerce`: result of a calculation → stored text."""

    parse: Callable[[str], str]
    value: Callable[[str], Value]
    coerce: Callable[[Any], str] = stored_text


_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_SEPARATORS = {0x066B: ".", 0x066C: None, 0x060C: ",", 0x061B: ";", 0x2212: "-"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?\Z", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\Z", re.ASCII)
_EUROPEAN = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})\Z", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2})\s*[:hH.]\s*(\d{2})?(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:?\d\d)?\Z", re.ASCII
)


def _text(typed: str) -> str:
    """Control characters, which XML cannot hold, are dropped; line breaks stay."""
    return _CONTROLS.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))


def western(typed: str) -> str:
    """Digits of any script (Arabic, Bengali…) as 0 to 9; their separators likewise."""
    if typed.isascii():
        return typed
    digits = (str(int(c)) if c.isdecimal() and not c.isascii() else c for c in typed)
    return "".join(digits).translate(_SEPARATORS)


def _plain_number(typed: str) -> str:
    """Digits as XPath reads them: no grouping, a point. The comma groups in English only."""
    text = _SPACES.sub("", western(typed))
    if _THOUSANDS.match(text) and language() == "en":
        text = text.replace(",", "")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _integer(typed: str) -> str:
    text = _plain_number(typed)
    whole, point, rest = text.partition(".")
    if not _DECIMAL.match(text) or (point and rest.strip("0")) or len(whole) > 19:
        raise NotWhole()
    return str(int(whole or "0"))


def _decimal(typed: str) -> str:
    text = _plain_number(typed)
    if not _DECIMAL.match(text) or len(text) > 40:
        raise NotNumber()
    plain = format(Decimal(text), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def _date(typed: str) -> str:
    text = western(typed).strip()
    if (iso := _ISO.match(text)) is not None:
        year, month, day = map(int, iso.groups())
    elif (european := _EUROPEAN.match(text)) is not None:
        day, month, year = map(int, european.groups())
        if len(european[3]) == 2:
            year += 2000 if year <= datetime.now(UTC).year % 100 + 5 else 1900
    elif "T" in text and (written := text_date(text)) is not None:
        year, month, day = written.year, written.month, written.day
    else:
        raise NotDate()
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise NotDate() from error


def _time(typed: str) -> str:
    """``14h30``, ``14:30``, ``14:30:00.000+00:00`` → ``14:30:00.000`` with its offset."""
    found = _TIME.match(western(typed).strip())
    if found is None:
        raise NotTime()
    hour, minute, second, fraction, zone = found.groups()
    try:
        moment = time(int(hour), int(minute or 0), int(second or 0), _micro(fraction))
    except ValueError as error:
        raise NotTime() from error
    return moment.isoformat(timespec="milliseconds") + (zone or "")


def _micro(fraction: str | None) -> int:
    return int((fraction or "0").ljust(6, "0"))


def _moment(typed: str) -> str:
    """A date and a time, parted by ``T`` or a space; local where it names no offset."""
    text = typed.strip()
    day, _, rest = text.partition("T") if "T" in text else text.partition(" ")
    clock = _time(rest) if rest.strip() else "00:00:00.000"
    zone = clock[12:]
    moment = datetime.fromisoformat(f"{_date(day)}T{clock[:12]}")
    if zone:
        return f"{moment.isoformat(timespec='milliseconds')}{zone}"
    return moment_text(moment.astimezone())


def _choices(typed: str) -> str:
    return " ".join(dict.fromkeys(typed.split()))


def _boolean(typed: str) -> str:
    answer = {"true": "true", "1": "true", "false": "false", "0": "false"}.get(typed.strip())
    if answer is None:
        raise NotYesNo()
    return answer


def _point(typed: str) -> str:
    """``lat lon alt acc`` in degrees and metres, from any notation of `points`."""
    numbers = numbers_of(western(typed))
    if numbers is None:
        raise NotPoint()
    numbers += [Decimal(0)] * (4 - len(numbers))
    return " ".join(format(n, "f") for n in numbers)


def _points(typed: str) -> list[str]:
    """Points parted by semicolons or line breaks."""
    return [_point(part) for part in re.split(r"[;\n]", western(typed)) if part.strip()]


def _line(typed: str) -> str:
    points = _points(typed)
    if points and len(points) < 2:
        raise NotLine()
    return "; ".join(points)


def _ring(typed: str) -> str:
    """An area; where its last point is not its first, that one is added."""
    points = _points(typed)
    if points and points[0].split()[:2] != points[-1].split()[:2]:
        points.append(points[0])
    if points and len(points) < 4:
        raise NotRing()
    return "; ".join(points)


def _whole_of(value: Any) -> str:
    """A calculation into a whole number drops the fraction, as JavaRosa does."""
    if type(value) is float:
        return str(int(value)) if math.isfinite(value) else ""
    text = stored_text(value)
    return _clipped(text) if _DECIMAL.match(text) else ""


def _clipped(text: str) -> str:
    return number_text(float(int(float(text)))) if "." in text else text


def _number_of(value: Any) -> str:
    if type(value) is float:
        return number_text(value) if math.isfinite(value) else ""
    text = stored_text(value)
    return text if _DECIMAL.match(text) else ""


def _date_of(value: Any) -> str:
    if isinstance(value, float):
        return days_date(value) if value == value else ""
    day = text_date(stored_text(value))
    return "" if day is None else day.isoformat()


def _none(convert: Callable[[str], Value]) -> Callable[[str], Value]:
    return lambda text: convert(text) if text else None


_TEXT = Codec(_text, _none(str))
CODECS: dict[str, Codec] = {
    "string": _TEXT,
    "int": Codec(_integer, _none(int), _whole_of),
    "decimal": Codec(_decimal, _none(Decimal), _number_of),
    "date": Codec(_date, _none(text_date), _date_of),
    "time": Codec(_time, _none(lambda text: time.fromisoformat(text.removesuffix("Z")))),
    "dateTime": Codec(_moment, _none(text_moment)),
    "boolean": Codec(_boolean, _none(str)),
    "select": Codec(_choices, _none(lambda text: tuple(text.split()))),
    "rank": Codec(_choices, _none(lambda text: tuple(text.split()))),
    "geopoint": Codec(_point, _none(str)),
    "geotrace": Codec(_line, _none(str)),
    "geoshape": Codec(_ring, _none(str)),
}
NUMERIC = frozenset({"int", "decimal"})


def codec(type_name: str) -> Codec:
    """Codec of a bind type; a type without rules of its own is text."""
    return CODECS.get(type_name, _TEXT)

"""Functions of the language that need only their values: one Python function each.

`FUNCTIONS` declares, per name, the letters of its parameters (t text, n number,
b boolean, s all texts of a node-set), `?` before the optional ones, `*` after one that
repeats; then what it returns. Sources: XPath 1.0, section 4, and the ODK XForms
specification, "XPath functions".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Any

from migdesk.forms.faults import FormFault
from migdesk.forms.xpath.code import Environment
from migdesk.forms.xpath.convert import (
    NAN,
    days_date,
    moment_text,
    text_boolean,
    text_date,
    text_moment,
    text_number,
)
from migdesk.forms.xpath.dates import format_moment
from migdesk.i18n import N_


class BadPattern(FormFault):
    code = "FRM-018"
    text = N_("The pattern “{pattern}” of regex() cannot be read. Check its brackets.")


@dataclass(frozen=True)
class Function:
    run: Callable[..., Any]
    takes: str
    returns: str = "text"
    env: bool = False
    volatile: bool = False
    spoken: bool = False

    @property
    def letters(self) -> str:
        return self.takes.replace("?", "").replace("*", "")

    @property
    def least(self) -> int:
        required = self.takes.partition("?")[0]
        return len(required.replace("*", ""))

    @property
    def most(self) -> int | None:
        return None if "*" in self.takes else len(self.letters)


# text -----------------------------------------------------------------------------


def concat(*sets: list[str]) -> str:
    return "".join("".join(texts) for texts in sets)


def join(separator: list[str], *sets: list[str]) -> str:
    glue = separator[0] if separator else ""
    return glue.join(text for texts in sets for text in texts)


def substr(text: str, start: float, end: float = math.inf) -> str:
    """ODK: counted from 0, `end` excluded; below 0 counts from the end."""
    if start != start or end != end:
        return ""
    return text[slice(_place(start, len(text)), _place(end, len(text)))]


def _place(at: float, size: int) -> int:
    if math.isinf(at):
        return size if at > 0 else 0
    return max(0, int(at) + size) if at < 0 else int(at)


def substring(text: str, start: float, length: float = math.inf) -> str:
    """XPath 1.0: counted from 1, both numbers rounded."""
    first, stop = round_number(start), round_number(start) + round_number(length)
    return "".join(c for at, c in enumerate(text, 1) if first <= at < stop)


def substring_before(text: str, mark: str) -> str:
    before, found, _ = text.partition(mark) if mark else ("", "", "")
    return before if found else ""


def substring_after(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


def translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for at, char in enumerate(old):
        table.setdefault(ord(char), new[at] if at < len(new) else None)
    return text.translate(table)


def normalize_space(text: str) -> str:
    return " ".join(text.split(" ")) if text.isspace() else " ".join(text.split())


_CLASSES = {
    r"\p{L}": "[^\\W\\d_]",
    r"\p{Lu}": "[A-ZÀ-ÖØ-Þ]",
    r"\p{Ll}": "[a-zß-öø-ÿ]",
    r"\p{N}": r"\d",
    r"\p{Nd}": r"\d",
    r"\p{Alpha}": "[A-Za-z]",
    r"\p{Digit}": "[0-9]",
    r"\p{Alnum}": "[A-Za-z0-9]",
}


@lru_cache(maxsize=512)
def pattern(source: str) -> re.Pattern[str]:
    """Compiled pattern, written for Java; raises BadPattern."""
    text = source
    for java, ours in _CLASSES.items():
        text = text.replace(java, ours)
    try:
        return re.compile(text)
    except (re.error, OverflowError) as error:
        raise BadPattern(pattern=source) from error


def regex(text: str, source: str) -> bool:
    """The whole text must match (POLICY.md)."""
    return pattern(source).fullmatch(text) is not None


# numbers --------------------------------------------------------------------------


def integer(value: float) -> float:
    return value if value != value or math.isinf(value) else float(math.trunc(value))


def round_number(value: float, digits: float = 0.0) -> float:
    """Halves go towards +∞ (XPath 1.0); `digits` after the point, before it if negative."""
    if value != value or math.isinf(value) or digits != digits:
        return value
    if digits == 0:
        return float(math.floor(value + 0.5))
    unit = Decimal(1).scaleb(-max(-30, min(30, int(digits))))
    units = (Decimal(repr(value)) / unit + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return float(units * unit)


def floor(value: float) -> float:
    return value if value != value or math.isinf(value) else float(math.floor(value))


def ceiling(value: float) -> float:
    return value if value != value or math.isinf(value) else float(math.ceil(value))


def power(base: float, exponent: float) -> float:
    try:
        result = base**exponent
    except (OverflowError, ZeroDivisionError):
        return math.inf
    return NAN if isinstance(result, complex) else result


def numbers(sets: tuple[list[str], ...]) -> list[float]:
    """Numbers of all answers given; blank ones are left out (POLICY.md)."""
    return [text_number(text) for texts in sets for text in texts if text != ""]


def total(texts: list[str]) -> float:
    return math.fsum(numbers((texts,)))


def largest(*sets: list[str]) -> float:
    found = numbers(sets)
    return NAN if not found or any(n != n for n in found) else max(found)


def smallest(*sets: list[str]) -> float:
    found = numbers(sets)
    return NAN if not found or any(n != n for n in found) else min(found)


# choices --------------------------------------------------------------------------


def selected(answer: str, choice: str) -> bool:
    return choice.strip() in answer.split()


def selected_at(answer: str, index: float) -> str:
    chosen = answer.split()
    return chosen[int(index)] if index == index and 0 <= index < len(chosen) else ""


def count_selected(answer: str) -> float:
    return float(len(answer.split()))


# dates ----------------------------------------------------------------------------


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


def date_time_of(value: str) -> str:
    return value if text_moment(value) else date_of(value)


def decimal_time(value: str) -> float:
    """Part of the day gone by at a time, 0 to 1, in the time's own offset."""
    clock = value.partition("T")[2] or value
    found = re.match(r"(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?", clock)
    if found is None:
        return NAN
    hours, minutes, seconds = int(found[1]), int(found[2]), float(found[3] or 0)
    return (hours * 3600 + minutes * 60 + seconds) / 86400


def format_date(env: Environment, value: str, form: str) -> str:
    moment: datetime | None = text_moment(value if text_moment(value) else date_of(value))
    return "" if moment is None else format_moment(moment, form, env.locale())


FUNCTIONS: dict[str, Function] = {
    "concat": Function(concat, "?s*"),
    "join": Function(join, "s?s*"),
    "substr": Function(substr, "tn?n"),
    "substring": Function(substring, "tn?n"),
    "substring-before": Function(substring_before, "tt"),
    "substring-after": Function(substring_after, "tt"),
    "translate": Function(translate, "ttt"),
    "normalize-space": Function(normalize_space, "t"),
    "contains": Function(lambda a, b: b in a, "tt", "boolean"),
    "starts-with": Function(str.startswith, "tt", "boolean"),
    "ends-with": Function(str.endswith, "tt", "boolean"),
    "regex": Function(regex, "tt", "boolean"),
    "uuid": Function(lambda env, *_: env.uuid(), "?n", env=True, volatile=True),
    "coalesce": Function(lambda *texts: next(filter(None, texts), ""), "tt*"),
    "true": Function(lambda: True, "", "boolean"),
    "false": Function(lambda: False, "", "boolean"),
    "boolean": Function(bool, "b", "boolean"),
    "boolean-from-string": Function(lambda text: text in ("1", "true"), "t", "boolean"),
    "not": Function(lambda value: not value, "b", "boolean"),
    "number": Function(float, "n", "number"),
    "int": Function(integer, "n", "number"),
    "round": Function(round_number, "n?n", "number"),
    "floor": Function(floor, "n", "number"),
    "ceiling": Function(ceiling, "n", "number"),
    "abs": Function(abs, "n", "number"),
    "pow": Function(power, "nn", "number"),
    "sum": Function(total, "s", "number"),
    "max": Function(largest, "s*", "number"),
    "min": Function(smallest, "s*", "number"),
    "count-non-empty": Function(
        lambda texts: float(sum(1 for text in texts if text_boolean(text))), "s", "number"
    ),
    "selected": Function(selected, "tt", "boolean"),
    "is-selected": Function(selected, "tt", "boolean"),
    "selected-at": Function(selected_at, "tn"),
    "count-selected": Function(count_selected, "t", "number"),
    "today": Function(today, "", env=True),
    "now": Function(now, "", env=True),
    "date": Function(date_of, "t"),
    "date-time": Function(date_time_of, "t"),
    "decimal-date-time": Function(lambda text: text_number(date_time_of(text)), "t", "number"),
    "decimal-time": Function(decimal_time, "t", "number"),
    "format-date": Function(format_date, "tt", env=True, spoken=True),
    "format-date-time": Function(format_date, "tt", env=True, spoken=True),
    "random": Function(lambda env: env.random(), "", "number", env=True, volatile=True),
    "property": Function(lambda env, name: env.property(name), "t", env=True),
}

"""Functions of the language that need only their values: one Python function each.

`FUNCTIONS` declares, per name, the letters of its parameters (t text, n number,
b boolean, s all texts of a node-set, v the same with truths as 1 and 0, f whether each of
them holds), `?` before the optional ones, `*` after one that repeats; then what it
returns. Sources: XPath 1.0, section 4, and the ODK XForms specification, "XPath
functions".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from migdesk.forms.xpath import coded, dates, geo, numbers, words
from migdesk.forms.xpath.code import Environment
from migdesk.forms.xpath.numbers import whole

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_MOST_LETTERS = 10_000


@dataclass(frozen=True)
class Function:
    """`check` is given the arguments as written (None for one that is calculated) when
    the form is loaded, and raises a FormFault where they can never work."""

    run: Callable[..., Any]
    takes: str
    returns: str = "text"
    env: bool = False
    volatile: bool = False
    spoken: bool = False
    check: Callable[[list[str | None]], None] | None = None

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


def selected(answer: str, choice: str) -> bool:
    return f" {choice.strip()} " in f" {answer} "


def selected_at(answer: str, index: float) -> str:
    chosen, at = answer.split(), whole(index)
    return chosen[int(at)] if 0 <= at < len(chosen) else ""


def count_selected(answer: str) -> float:
    return float(len(answer.split()))


def uuid(env: Environment, length: float | None = None) -> str:
    """A UUID, or that many capital letters and digits by chance."""
    if length is None:
        return env.uuid()
    size = int(min(max(whole(length), 0), _MOST_LETTERS))
    return "".join(_LETTERS[int(env.random() * len(_LETTERS))] for _ in range(size))


FUNCTIONS: dict[str, Function] = {
    # text
    "concat": Function(words.concat, "?s*"),
    "join": Function(words.join, "s?s*"),
    "substr": Function(words.substr, "tn?n"),
    "substring": Function(words.substring, "tn?n"),
    "substring-before": Function(words.substring_before, "tt"),
    "substring-after": Function(words.substring_after, "tt"),
    "translate": Function(words.translate, "ttt"),
    "contains": Function(lambda a, b: b in a, "tt", "boolean"),
    "starts-with": Function(str.startswith, "tt", "boolean"),
    "ends-with": Function(str.endswith, "tt", "boolean"),
    "regex": Function(words.regex, "tt", "boolean", check=words.check_pattern),
    "uuid": Function(uuid, "?n", env=True, volatile=True),
    "digest": Function(coded.digest, "tt?t", check=coded.check_digest),
    "base64-encode": Function(coded.base64_encode, "t"),
    "base64-decode": Function(coded.base64_decode, "t"),
    "extract-signed": Function(coded.extract_signed, "tt"),
    # truth
    "true": Function(lambda: True, "", "boolean"),
    "false": Function(lambda: False, "", "boolean"),
    "boolean": Function(bool, "b", "boolean"),
    "boolean-from-string": Function(
        lambda text: text == "1" or text.lower() == "true", "t", "boolean"
    ),
    "not": Function(lambda value: not value, "b", "boolean"),
    "checklist": Function(numbers.checklist, "nn?f*", "boolean"),
    # numbers
    "number": Function(float, "n", "number"),
    "int": Function(numbers.integer, "n", "number"),
    "round": Function(numbers.round_number, "n?n", "number"),
    "floor": Function(numbers.floor, "n", "number"),
    "ceiling": Function(numbers.ceiling, "n", "number"),
    "abs": Function(abs, "n", "number"),
    "pow": Function(numbers.power, "nn", "number"),
    "sqrt": Function(numbers.total_function(math.sqrt), "n", "number"),
    "exp": Function(numbers.total_function(math.exp), "n", "number"),
    "exp10": Function(lambda n: numbers.power(10.0, n), "n", "number"),
    "log": Function(numbers.logarithm(math.log), "n", "number"),
    "log10": Function(numbers.logarithm(math.log10), "n", "number"),
    "sin": Function(numbers.total_function(math.sin), "n", "number"),
    "cos": Function(numbers.total_function(math.cos), "n", "number"),
    "tan": Function(numbers.total_function(math.tan), "n", "number"),
    "asin": Function(numbers.total_function(math.asin), "n", "number"),
    "acos": Function(numbers.total_function(math.acos), "n", "number"),
    "atan": Function(math.atan, "n", "number"),
    "atan2": Function(math.atan2, "nn", "number"),
    "pi": Function(lambda: math.pi, "", "number"),
    "random": Function(lambda env: env.random(), "", "number", env=True, volatile=True),
    "sum": Function(numbers.total, "v", "number"),
    "max": Function(numbers.largest, "?v*", "number"),
    "min": Function(numbers.smallest, "?v*", "number"),
    # choices
    "selected": Function(selected, "tt", "boolean"),
    "is-selected": Function(selected, "tt", "boolean"),
    "selected-at": Function(selected_at, "tn"),
    "count-selected": Function(count_selected, "t", "number"),
    # dates
    "today": Function(dates.today, "", env=True),
    "now": Function(dates.now, "", env=True),
    "date": Function(dates.date_of, "t"),
    "date-time": Function(dates.date_time_of, "t", env=True),
    "decimal-date-time": Function(dates.decimal_date_time, "t", "number"),
    "decimal-time": Function(dates.decimal_time, "t", "number", env=True),
    "format-date": Function(dates.format_date, "tt", env=True, spoken=True),
    "format-date-time": Function(dates.format_date, "tt", env=True, spoken=True),
    # places
    "distance": Function(geo.distance, "s*", "number"),
    "area": Function(geo.area, "s*", "number"),
    "enclosed-area": Function(geo.area, "s*", "number"),
    "geofence": Function(geo.geofence, "tt", "boolean"),
    "intersects": Function(geo.intersects, "t", "boolean"),
    # surroundings
    "property": Function(lambda env, name: env.property(name), "t", env=True),
}

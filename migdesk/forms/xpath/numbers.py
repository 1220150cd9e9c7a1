"""Functions of numbers, and `checklist`, which counts.

Where the real numbers have no answer (root of -1, logarithm of 0) the result is that of
IEEE 754: NaN or an infinity, never an error.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from functools import reduce

from migdesk.forms.xpath.convert import NAN, text_number

_MOST_DIGITS = 30


def whole(value: float) -> float:
    """A place or a bound: the fraction is dropped, and what is no number counts as 0, as
    in JavaRosa. An infinity stays."""
    return 0.0 if value != value else integer(value)


def integer(value: float) -> float:
    return value if value != value or math.isinf(value) else float(math.trunc(value))


def round_number(value: float, digits: float = 0.0) -> float:
    """Halves go towards +∞ (XPath 1.0); `digits` after the point, before it if negative."""
    if value != value or math.isinf(value) or digits != digits:
        return value
    if digits == 0:
        return float(math.floor(value + 0.5))
    if abs(digits) > _MOST_DIGITS:
        return NAN
    unit = Decimal(1).scaleb(-int(digits))
    units = (Decimal(repr(value)) / unit + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return float(units * unit)


def floor(value: float) -> float:
    return value if value != value or math.isinf(value) else float(math.floor(value))


def ceiling(value: float) -> float:
    return value if value != value or math.isinf(value) else float(math.ceil(value))


def power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = math.fmod(exponent, 2) != 0
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


def total_function(run: Callable[[float], float]) -> Callable[[float], float]:
    """`run` with NaN where it has no answer and ∞ where it is too large."""

    def safe(value: float) -> float:
        try:
            return run(value)
        except ValueError:
            return NAN
        except OverflowError:
            return math.inf

    return safe


def logarithm(run: Callable[[float], float]) -> Callable[[float], float]:
    """`run` (math.log, math.log10) with -∞ at 0."""
    safe = total_function(run)
    return lambda value: -math.inf if value == 0 else safe(value)


# several numbers ------------------------------------------------------------------


Values = list[str] | list[float]


def numbers(sets: tuple[Values, ...]) -> list[float]:
    """Numbers of all values; what is none, or blank, is left out (POLICY.md)."""
    found = (as_float(value) for values in sets for value in values if value != "")
    return [number for number in found if number == number]


def as_float(value: str | float) -> float:
    return text_number(value) if isinstance(value, str) else value


def total(texts: Values) -> float:
    """Added one after another, as both peers do: the last digits must agree."""
    return reduce(operator.add, numbers((texts,)), 0.0)


def largest(*sets: Values) -> float:
    found = numbers(sets)
    return max(found, default=NAN)


def smallest(*sets: Values) -> float:
    found = numbers(sets)
    return min(found, default=NAN)


# counting what holds --------------------------------------------------------------


def checklist(least: float, most: float, *flags: list[bool]) -> bool:
    """Whether the number of answers that hold lies between both; -1 sets no bound."""
    held = sum(flag for part in flags for flag in part)
    low, high = whole(least), whole(most)
    return (low < 0 or held >= low) and (high < 0 or held <= high)

"""Numbers, and money with its currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from migdesk.i18n import N_, language

from .base import BadValue, Kind
from .home import HOME


@dataclass(frozen=True)
class Number(Kind):
    """Integer, or a number with at most `decimals` decimals. A year is not `grouped`: 2026,
    never 2,026."""

    name = "number"
    decimals: int = 0
    low: float | None = None
    high: float | None = None
    grouped: bool = True

    def column(self) -> TypeEngine[Any]:
        return sa.Float() if self.decimals else sa.BigInteger()

    def parse(self, typed: str) -> Any:
        number = decimal_of(typed)
        return None if number is None else self._fitting(number)

    def check(self, value: Any) -> Any:
        if isinstance(value, int | float):  # never read as typed: 1.125 is not 1125
            return self._fitting(Decimal(str(value + 0)))
        return super().check(value)

    def _fitting(self, number: Decimal) -> int | float:
        if not number.is_finite():
            raise BadValue(N_("A number is expected, for example 1 250."))
        if abs(number) >= 2**53:
            raise BadValue(N_("This number is too large."))
        if not self.decimals and number != number.to_integral_value():
            raise BadValue(N_("A whole number is expected."))
        value = float(round(number, self.decimals)) + 0.0 if self.decimals else int(number)
        if self.low is not None and value < self.low:
            raise BadValue(N_("At least {n}.")(n=self.low))
        if self.high is not None and value > self.high:
            raise BadValue(N_("At most {n}.")(n=self.high))
        return value

    def show(self, value: Any) -> str:
        if value is None:
            return ""
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=language(), group_separator=self.grouped))


# Spaces of any width, and marks of writing direction.
_GAPS = re.compile(r"[\s\u200e\u200f\u061c]")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")


def decimal_of(typed: str, places: int = 2) -> Decimal | None:
    """Number typed with spaces, a comma or a point; None for nothing; raises BadValue.

    With both marks the last one is the decimal mark. One mark before three digits parts
    thousands, as in ``150.000`` or ``150,000``: nobody writes so many decimals, unless
    the amount has three (`places`), as dinars have.
    """
    text = re.sub("['’]", "", _GAPS.sub("", typed)).replace("−", "-")
    if not text:
        return None
    number = text.lstrip("+-")
    marks = [mark for mark in number if mark in ",."]
    if len(set(marks)) == 2:
        number = number.replace("," if marks[-1] == "." else ".", "")
    elif len(marks) > 1 or (places < 3 and _THOUSANDS.fullmatch(number)):
        number = re.sub("[.,]", "", number)
    number = number.replace(",", ".")
    if not re.fullmatch(r"\d+\.?\d*|\.\d+", number):
        raise BadValue(N_("A number is expected, for example 1 250."))
    if len(number) > 100:
        raise BadValue(N_("This number is too large."))
    return -Decimal(number) + 0 if text.startswith("-") else Decimal(number)


@dataclass(frozen=True)
class Money(Kind):
    """Amount and currency, stored as ``"150000 XOF"`` so that they change together."""

    name = "money"

    def parse(self, typed: str) -> Any:
        text = _GAPS.sub("", typed).replace("−", "-")
        if not text:
            return None
        found = re.fullmatch(r"(\D*?)(\d[\d.,'’]*)(\D*)", text)
        sign = "-" if found and "-" in found[1] else ""
        currency = _currency(found[1].replace("-", "", 1) + found[3]) if found else None
        if not found or currency is None:
            raise BadValue(N_("An amount is expected, for example 150 000 XOF."))
        return _stored(decimal_of(sign + found[2], places_of(currency)), currency)

    def check(self, value: Any) -> Any:
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})", str(value), re.ASCII)
        return _stored(Decimal(found[1]), found[2]) if found else super().check(value)

    def show(self, value: Any) -> str:
        if not value:
            return ""
        from babel.numbers import format_currency

        amount, currency = split_money(value)
        whole = amount == amount.to_integral_value() and places_of(currency) < 3
        decimals = 0 if whole else max(places_of(currency), _decimals(amount))
        pattern = _pattern(language(), currency, decimals)
        shown = format_currency(
            amount, currency, pattern, locale=language(), currency_digits=False
        )
        # Where the pattern sets a letter against a digit (F CFA150,000) they need a space.
        return re.sub(r"(?<=[^\W\d_])(?=\d)", "\u00a0", str(shown))

    def words(self, value: Any) -> list[str]:
        return []


_CFA = ("XOF", "XAF")
_USUAL = {"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "$": "USD", "DH": "MAD", "£": "GBP"}


def _currency(word: str) -> str | None:
    """ISO 4217 code of what stands beside an amount: a code, a symbol, or nothing."""
    word = word.upper()
    if word in ("F", "FR", "FRS", "CFA", "FCFA"):
        return HOME.currency if HOME.currency in _CFA else "XOF"
    found = _USUAL.get(word) or _symbols(language()).get(word, word or HOME.currency)
    return found if re.fullmatch("[A-Z]{3}", found) else None


@cache
def _symbols(locale: str) -> dict[str, str]:
    """Currency of each symbol that the locale writes, without spaces."""
    from babel import Locale

    symbols = Locale.parse(locale).currency_symbols
    return {_GAPS.sub("", symbol).upper(): code for code, symbol in symbols.items()}


@cache
def places_of(currency: str) -> int:
    """Decimals that the currency has: 0 for francs, 3 for Tunisian dinars."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


@cache
def _pattern(locale: str, currency: str, decimals: int) -> str:
    """Pattern of the locale with so many decimals; the code of a currency in place of a
    symbol that would be read as another one."""
    from babel import Locale
    from babel.numbers import get_currency_symbol

    pattern = str(Locale.parse(locale).currency_formats["standard"].pattern)
    pattern = pattern.replace("0.00", f"0.{'0' * decimals}" if decimals else "0")
    symbol = get_currency_symbol(currency, locale)
    if _currency(_GAPS.sub("", symbol)) != currency:
        pattern = pattern.replace("¤", "¤¤")
    return pattern


def _decimals(amount: Decimal) -> int:
    """Number of decimals written."""
    return max(0, -int(amount.as_tuple().exponent))


def _stored(amount: Decimal | None, currency: str) -> str:
    if amount is None or _decimals(amount) > 4:
        raise BadValue(N_("An amount is expected, for example 150 000 XOF."))
    if abs(amount) >= Decimal(10) ** 15:
        raise BadValue(N_("This number is too large."))
    return money(amount, currency)


def _plain(amount: Decimal) -> str:
    """Shortest decimal text: 150000, 12.5."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def split_money(value: str) -> tuple[Decimal, str]:
    """Amount and ISO 4217 currency of a stored money value."""
    amount, _space, currency = value.partition(" ")
    return Decimal(amount), currency


def add_money(values: list[str | None]) -> dict[str, Decimal]:
    """Sum of money values by currency; different currencies are never mixed."""
    total: dict[str, Decimal] = {}
    for value in values:
        if value:
            amount, currency = split_money(value)
            total[currency] = total.get(currency, Decimal(0)) + amount
    return total


def money(amount: Decimal, currency: str) -> str:
    """Stored money value."""
    return f"{_plain(amount)} {currency}"

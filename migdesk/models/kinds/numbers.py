"""Numbers, and money with its currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from migdesk.i18n import N_, language

from .base import BadValue, Kind
from .home import HOME


@dataclass(frozen=True)
class Number(Kind):
    """Integer, or a number with at most `decimals` decimals."""

    name = "number"
    decimals: int = 0
    low: float | None = None
    high: float | None = None

    def column(self) -> TypeEngine[Any]:
        return sa.Float() if self.decimals else sa.BigInteger()

    def parse(self, typed: str) -> Any:
        number = decimal_of(typed)
        if number is None:
            return None
        if not self.decimals and number != number.to_integral_value():
            raise BadValue(N_("A whole number is expected."))
        value = float(round(number, self.decimals)) if self.decimals else int(number)
        if abs(value) >= 2**53:
            raise BadValue(N_("This number is too large."))
        if self.low is not None and value < self.low:
            raise BadValue(N_("At least {n}.")(n=self.low))
        if self.high is not None and value > self.high:
            raise BadValue(N_("At most {n}.")(n=self.high))
        return value

    def show(self, value: Any) -> str:
        if value is None:
            return ""
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=language()))


def decimal_of(typed: str) -> Decimal | None:
    """Number typed with spaces, a comma or a point; None for nothing; raises BadValue."""
    text = re.sub(r"[\s\u00a0\u202f']", "", typed).replace("−", "-")
    if not text:
        return None
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        text = text.replace(thousands, "")
    elif text.count(",") > 1:
        text = text.replace(",", "")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise BadValue(N_("A number is expected, for example 1 250.")) from None
    if not number.is_finite():
        raise BadValue(N_("A number is expected, for example 1 250."))
    return number


@dataclass(frozen=True)
class Money(Kind):
    """Amount and currency, stored as ``"150000 XOF"`` so that they change together."""

    name = "money"

    def parse(self, typed: str) -> Any:
        text = typed.strip()
        if not text:
            return None
        symbols = {
            "FCFA": "XOF",
            "F CFA": "XOF",
            "CFA": "XOF",
            "€": "EUR",
            "$": "USD",
            "DH": "MAD",
        }
        currency = HOME.currency
        found = re.search(r"([A-Za-z]{1,3}\s?[A-Za-z]{2,4}|[A-Za-z€$]{1,3})\s*$", text)
        if found:
            word = found.group(1).upper()
            currency = symbols.get(word, "XOF" if word == "F" else word)
            text = text[: found.start()]
        amount = decimal_of(text)
        if amount is None or not re.fullmatch("[A-Z]{3}", currency):
            raise BadValue(N_("An amount is expected, for example 150 000 XOF."))
        if abs(amount) >= Decimal(10) ** 15:
            raise BadValue(N_("This number is too large."))
        return f"{_plain(amount)} {currency}"

    def show(self, value: Any) -> str:
        if not value:
            return ""
        from babel.numbers import format_currency

        amount, currency = split_money(value)
        digits = amount == amount.to_integral_value()
        shown = format_currency(
            amount,
            currency,
            locale=language(),
            currency_digits=not digits,
            format=_whole_money(language()) if digits else None,
        )
        # Where the pattern sets a letter against a digit (F CFA150,000) they need a space.
        return re.sub(r"(?<=[^\W\d_])(?=\d)", "\u00a0", str(shown))

    def words(self, value: Any) -> list[str]:
        return []


@cache
def _whole_money(locale: str) -> str:
    """Pattern of the locale without decimals: amounts here are nearly always whole."""
    from babel import Locale

    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return re.sub(r"0\.00", "0", pattern)


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

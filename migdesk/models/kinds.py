"""Field kinds: how a value is typed, checked, stored, shown and searched.

The stored value is a plain JSON value and is the same in the row, in the change log
and in a bundle. `parse` takes what a person typed (or a cell of a table) and returns
the stored value, None for nothing; it raises BadValue, which the form shows beside
the field. `show` returns text in the language in force.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from migdesk import codelists
from migdesk.errors import Mistake
from migdesk.i18n import N_, Text, language

from . import dates


class BadValue(Mistake):
    """What was typed does not fit the field. `why` says how to type it."""

    code = "VAL-001"
    text = N_("{why}")

    def __init__(self, why: Text, field: str | None = None) -> None:
        self.why = why
        super().__init__(field, why=why)


def clean(text: str) -> str:
    """Text as we store it: NFC, without control characters or lone surrogates.

    Line breaks and tabs stay. NUL and surrogates cannot be held by PostgreSQL.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    )


@dataclass(frozen=True)
class Kind:
    """Base of all kinds; by itself a line of text of at most `limit` characters."""

    name: ClassVar[str] = "text"
    many: ClassVar[bool] = False
    limit: ClassVar[int] = 1_000

    def column(self) -> TypeEngine[Any]:
        """Column type; the same on SQLite and PostgreSQL."""
        return sa.Text()

    def parse(self, typed: str) -> Any:
        """Stored value of what a person typed; None for nothing; raises BadValue."""
        text = " ".join(clean(typed).split())
        if len(text) > self.limit:
            raise BadValue(N_("At most {n} characters.")(n=self.limit))
        return text or None

    def check(self, value: Any) -> Any:
        """Stored value from a program (a form, a bundle, a service); raises BadValue."""
        return None if value is None else self.parse(str(value))

    def show(self, value: Any) -> str:
        """Text for a person, in the language in force."""
        return "" if value is None else str(value)

    def words(self, value: Any) -> list[str]:
        """What search should find this value by."""
        return [] if value is None else [str(value)]


@dataclass(frozen=True)
class LongText(Kind):
    """Several lines."""

    name = "long_text"
    limit = 20_000

    def parse(self, typed: str) -> Any:
        text = clean(typed).strip()
        if len(text) > self.limit:
            raise BadValue(N_("At most {n} characters.")(n=self.limit))
        return text or None


@dataclass(frozen=True)
class Source(LongText):
    """Machine-written text kept exactly (XML of a form or of a submission)."""

    name = "source"
    limit = 50_000_000

    def parse(self, typed: str) -> Any:
        if "\x00" in typed:
            raise BadValue(N_("This text holds a character that cannot be stored."))
        return typed or None

    def words(self, value: Any) -> list[str]:
        return []


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
        return str(
            format_currency(
                amount,
                currency,
                locale=language(),
                currency_digits=not digits,
                format=_whole_money(language()) if digits else None,
            )
        )

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


@dataclass(frozen=True)
class Date(Kind):
    """A day, stored as ISO text."""

    name = "date"

    def parse(self, typed: str) -> Any:
        if not typed.strip():
            return None
        found = dates.parse_day(typed)
        if found is None:
            raise BadValue(N_("A date is expected, for example 12/3/2026."))
        return found.isoformat()

    def show(self, value: Any) -> str:
        return dates.show_fuzzy(value) if value else ""

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class FuzzyDate(Kind):
    """A day, a month or a year, perhaps approximate: EDTF level 1, ``1985~``."""

    name = "fuzzy_date"

    def parse(self, typed: str) -> Any:
        if not typed.strip():
            return None
        found = dates.parse_fuzzy(typed, date.today())
        if found is None:
            raise BadValue(N_("A date, a year or an age: 12/3/89, 1985, about 1985, 40 years."))
        return found

    def show(self, value: Any) -> str:
        return dates.show_fuzzy(value) if value else ""

    def words(self, value: Any) -> list[str]:
        return [str(value)[:4]] if value else []


@dataclass(frozen=True)
class Moment(Kind):
    """Date and time, stored in UTC, shown in local time."""

    name = "moment"

    def parse(self, typed: str) -> Any:
        if not typed.strip():
            return None
        found = dates.parse_moment(typed)
        if found is None:
            raise BadValue(N_("A date and time is expected, for example 12/3/2026 17:30."))
        return found

    def show(self, value: Any) -> str:
        return dates.show_moment(value) if value else ""

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class Boolean(Kind):
    """Yes or no (or not said: None)."""

    name = "boolean"

    def column(self) -> TypeEngine[Any]:
        return sa.Boolean()

    def parse(self, typed: str) -> Any:
        text = typed.strip().lower()
        if not text:
            return None
        if text in {"1", "true", "yes", "y", "oui", "o", "vrai", "x", str(N_("yes")).lower()}:
            return True
        if text in {"0", "false", "no", "n", "non", "faux", str(N_("no")).lower()}:
            return False
        raise BadValue(N_("Yes or no is expected."))

    def show(self, value: Any) -> str:
        return "" if value is None else str(N_("yes") if value else N_("no"))

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class Choice(Kind):
    """One code of a code list. An open list takes a code that it does not know."""

    name = "choice"
    codes: str = ""

    def parse(self, typed: str) -> Any:
        text = typed.strip()
        if not text:
            return None
        found = find_code(self.codes, text)
        if found is None:
            raise BadValue(N_("“{typed}” is not in the list.")(typed=text[:40]))
        return found

    def check(self, value: Any) -> Any:
        return Kind.check(self, value) if value is None else str(value)[:100]

    def show(self, value: Any) -> str:
        return vocabulary(self.codes).label_of(value) if value else ""

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class Choices(Choice):
    """Several codes of a code list, stored as a list in the order of the list."""

    name = "choices"
    many = True

    def column(self) -> TypeEngine[Any]:
        return sa.JSON(none_as_null=True)

    def parse(self, typed: str) -> Any:
        found = [
            Choice.parse(self, part) for part in re.split(r"[|;\n]", typed) if part.strip()
        ]
        return list(dict.fromkeys(found)) or None

    def check(self, value: Any) -> Any:
        return list(dict.fromkeys(str(v)[:100] for v in value)) if value else None

    def show(self, value: Any) -> str:
        return ", ".join(Choice.show(self, code) for code in value or ())


@dataclass
class Home:
    """Where this office is: how bare telephone numbers and amounts are read."""

    country: str = "SN"
    currency: str = "XOF"


HOME = Home()


def vocabulary(codes: str) -> codelists.CodeList:
    """The code list of a choice; ``country`` is ISO 3166-1."""
    return codelists.countries() if codes == "country" else codelists.get(codes)


def find_code(codes: str, typed: str) -> str | None:
    """Code whose code or label (in French, English or the language in force) is `typed`."""
    items = vocabulary(codes)
    if typed in items:
        return typed
    wanted = typed.casefold()
    for language_ in (None, "fr", "en"):
        names = codelists.countries(language_) if codes == "country" else items
        for item in names:
            if wanted in (item.label(language_).casefold(), item.code.casefold()):
                return item.code
    return None


@dataclass(frozen=True)
class Country(Choice):
    """ISO 3166-1 alpha-2 code, typed as a name in any of our languages."""

    name = "country"
    codes: str = "country"

    def words(self, value: Any) -> list[str]:
        return [self.show(value)] if value else []


@dataclass(frozen=True)
class Language(Choice):
    """A spoken language."""

    name = "language"
    codes: str = "languages"


@dataclass(frozen=True)
class Texts(Kind):
    """Several short texts (aliases), stored as a list."""

    name = "texts"
    many = True

    def column(self) -> TypeEngine[Any]:
        return sa.JSON(none_as_null=True)

    def parse(self, typed: str) -> Any:
        parts = (Kind.parse(self, part) for part in re.split(r"[|;,\n]", typed))
        return [part for part in parts if part] or None

    def check(self, value: Any) -> Any:
        return [clean(str(v)) for v in value] if value else None

    def show(self, value: Any) -> str:
        return ", ".join(value or ())

    def words(self, value: Any) -> list[str]:
        return list(value or ())


@dataclass(frozen=True)
class Phone(Kind):
    """Telephone number, stored in E.164 when it is valid, else as typed.

    A number that we cannot parse is kept: a wrong note is better than a lost one.
    """

    name = "phone"

    def parse(self, typed: str) -> Any:
        import phonenumbers

        text = Kind.parse(self, typed)
        if not text:
            return None
        if not re.search(r"\d{3}", re.sub(r"\D", "", text)):
            raise BadValue(N_("A telephone number is expected, for example 77 123 45 67."))
        try:
            number = phonenumbers.parse(text, HOME.country)
        except phonenumbers.NumberParseException:
            return text
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return text

    def show(self, value: Any) -> str:
        import phonenumbers

        if not value or not str(value).startswith("+"):
            return value or ""
        try:
            number = phonenumbers.parse(value)
        except phonenumbers.NumberParseException:
            return str(value)
        home = phonenumbers.region_code_for_number(number) == HOME.country
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, form.NATIONAL if home else form.INTERNATIONAL)

    def words(self, value: Any) -> list[str]:
        digits = re.sub(r"\D", "", str(value or ""))
        return [digits, digits[-9:], digits[-7:], digits[-4:]] if digits else []


@dataclass(frozen=True)
class Email(Kind):
    """E-mail address."""

    name = "email"

    def parse(self, typed: str) -> Any:
        text = Kind.parse(self, typed)
        if text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
            raise BadValue(N_("An e-mail address is expected, for example name@example.org."))
        return text


@dataclass(frozen=True)
class Link(Kind):
    """Id of another record. `own` makes this record a line of that one: a child is
    listed, printed, exported and deleted with its owner."""

    name = "link"
    to: str = ""
    own: bool = False

    def column(self) -> TypeEngine[Any]:
        return sa.String(36)

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class Place(Link):
    """Id of a place, chosen by typing its name."""

    name = "place"
    to: str = "place"


@dataclass(frozen=True)
class Links(Kind):
    """Ids of several records of one kind."""

    name = "links"
    many = True
    to: str = ""

    def column(self) -> TypeEngine[Any]:
        return sa.JSON(none_as_null=True)

    def check(self, value: Any) -> Any:
        return list(dict.fromkeys(str(v) for v in value)) if value else None

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class Attachment(Link):
    """Id of an attachment."""

    name = "attachment"
    to: str = "attachment"


@dataclass(frozen=True)
class Picture(Attachment):
    """Id of an attachment that is an image."""

    name = "picture"


def now_utc() -> str:
    """This moment as stored: UTC, to the second."""
    return dates.stored_moment(datetime.now().astimezone())

"""What every kind is, and the kinds of plain text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from migdesk.errors import Mistake
from migdesk.i18n import N_, Text


class BadValue(Mistake):
    """What was typed does not fit the field. `why` says how to type it."""

    code = "VAL-001"
    text = N_("{why}")

    def __init__(self, why: Text, field: str | None = None) -> None:
        self.why = why
        super().__init__(field, why=why)


# Control characters but tab and line feed, lone surrogates, and what no document may hold
# or would turn the text after it around: direction overrides, byte order marks.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Text as we store it: NFC, without control characters or lone surrogates.

    Line breaks and tabs stay. NUL and surrogates cannot be held by PostgreSQL.
    """
    text = _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text)


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
        if re.search("[\x00\ud800-\udfff]", typed):
            raise BadValue(N_("This text holds a character that cannot be stored."))
        return typed or None

    def words(self, value: Any) -> list[str]:
        return []


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
        if isinstance(value, str):
            return self.parse(value)
        parts = (Kind.parse(self, str(part)) for part in value or ())
        return [part for part in parts if part] or None

    def show(self, value: Any) -> str:
        return ", ".join(value or ())

    def words(self, value: Any) -> list[str]:
        return list(value or ())

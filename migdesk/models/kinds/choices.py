"""Codes of a list, countries, languages, yes or no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from migdesk import codelists
from migdesk.i18n import N_

from .base import BadValue, Kind, clean


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
        return (clean(str(value)).strip()[:100] or None) if value is not None else None

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
        if isinstance(value, str):
            return self.parse(value)
        found = (Choice.check(self, code) for code in value or ())
        return list(dict.fromkeys(filter(None, found))) or None

    def show(self, value: Any) -> str:
        return ", ".join(Choice.show(self, code) for code in value or ())


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

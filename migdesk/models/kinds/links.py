"""Links to other records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from .base import Kind


@dataclass(frozen=True)
class Link(Kind):
    """Id of another record. `own` makes this record a line of that one: a child is
    listed, printed, exported and deleted with its owner. `held`: only deleted with it."""

    name = "link"
    to: str = ""
    own: bool = False
    held: bool = False

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

    def parse(self, typed: str) -> Any:
        found = (Kind.parse(self, part) for part in re.split(r"[|;,\n]", typed))
        return list(dict.fromkeys(filter(None, found))) or None

    def check(self, value: Any) -> Any:
        return self.parse(value if isinstance(value, str) else "\n".join(map(str, value or ())))

    def show(self, value: Any) -> str:
        return ", ".join(value or ())

    def words(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class AnyLink(Kind):
    """Id of another record, of whatever kind."""


@dataclass(frozen=True)
class Attachment(Link):
    """Id of an attachment; `signed`: it bears a signature, which may be drawn here."""

    name = "attachment"
    to: str = "attachment"
    signed: bool = False


@dataclass(frozen=True)
class Picture(Attachment):
    """Id of an attachment that is an image."""

    name = "picture"

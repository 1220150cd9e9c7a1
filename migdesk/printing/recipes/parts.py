"""Parts of a document that a record is enough for: a letter, a slip, a minute, a schedule.

A recipe says which fields and lines of a record go where, and in which words; it knows no
record and no database. `services.recipe_papers` fills it. Most documents of an office are
recipes; a module in `sheets` is for those that need a layout of their own.

Fields are named as in the declaration; `of` is the link of the record through which they are
reached ("person": fields of the person whom the record names; "" for the record itself).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from migdesk.i18n import Text
from migdesk.printing.blocks import PageSize

Tone: TypeAlias = Literal["accent", "warning"]


@dataclass(frozen=True)
class Facts:
    """Labels and values of fields in a grid; empty ones are left out, unless `blank`, and
    what the heading says already."""

    fields: tuple[str, ...]
    title: Text | None = None
    of: str = ""
    columns: int = 2
    blank: bool = False


@dataclass(frozen=True)
class Lines:
    """A table of records of `kind` that name this one in their field `by` ("" for the link
    of its own lines), in their order. `total`: fields that are added up, money by currency.
    `rows`: empty rows to write in, after those."""

    kind: str
    columns: tuple[str, ...]
    title: Text | None = None
    by: str = ""
    of: str = ""
    total: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Words:
    """A paragraph. Gaps are fields as shown, `{person}`, or of a linked record,
    `{person.birth}`; `{office}`, `{today}` and `{account}` are known too. Left out where the
    field `needs` (also of a linked record) is empty, or `lacks` is not."""

    text: Text
    style: Literal["body", "lead", "small", "strong"] = "body"
    title: Text | None = None
    needs: str = ""
    lacks: str = ""


@dataclass(frozen=True)
class Told:
    """What a long field says, under its label or `title`."""

    field: str
    title: Text | None = None
    of: str = ""


@dataclass(frozen=True)
class Ticks:
    """A code list with the codes ticked that a field holds; a check list by hand without
    field."""

    codes: str
    field: str = ""
    title: Text | None = None


@dataclass(frozen=True)
class Advice:
    """A box with words for whoever takes the paper home."""

    text: Text
    title: Text | None = None
    tone: Tone = "accent"


@dataclass(frozen=True)
class Write:
    """Room to write by hand: a label, and lines or comb boxes (see `blocks.Boxes`)."""

    label: Text
    lines: int = 1
    pattern: str = ""


@dataclass(frozen=True)
class Sign:
    """Who signs: a role, and the field that names them ("" to leave the name open)."""

    parties: tuple[tuple[Text, str], ...]


@dataclass(frozen=True)
class Roll:
    """A table of all records of `kind`: a directory, a register, a list to sign. `where`
    keeps those with these values; `day` is the field that must lie in the period that was
    asked for; `group` heads them by the words of a field; `rows`: empty rows after them."""

    kind: str
    columns: tuple[str, ...]
    title: Text | None = None
    where: tuple[tuple[str, str], ...] = ()
    day: str = ""
    group: str = ""
    rows: int = 0


@dataclass(frozen=True)
class Counts:
    """How many records of `kind` there are by a field, and `across` another one. Fields of a
    linked record are told ``person.sex``. Small cells are hidden, with what would give
    them away."""

    kind: str
    by: str
    across: str = ""
    title: Text | None = None
    where: tuple[tuple[str, str], ...] = ()
    day: str = ""


@dataclass(frozen=True)
class Sums:
    """Sums of number or money fields over all records of `kind`, in a grid."""

    kind: str
    fields: tuple[str, ...]
    title: Text | None = None
    where: tuple[tuple[str, str], ...] = ()
    day: str = ""


@dataclass(frozen=True)
class Made:
    """Blocks that a service computes, by a name of `services.recipe_papers._makers`."""

    name: str


Part: TypeAlias = (
    Facts | Lines | Words | Told | Ticks | Advice | Write | Sign | Roll | Counts | Sums | Made
)


@dataclass(frozen=True)
class Recipe:
    """A document of one record of `kind`; with "office", of this office when no record is
    named: directories, registers and figures of a period. `heading`: what stands large, the
    name of the record without it. `leaves`: the paper goes to somebody else than the person
    whom it is about, so the consent gate is asked for it (a code of `consent_purposes`)."""

    title: Text
    kind: str
    parts: tuple[Part, ...]
    heading: Text | None = None
    size: PageSize = "A4"
    leaves: str = ""


def of_period(recipe: Recipe) -> bool:
    """Whether a document covers a period that somebody has to choose."""
    return any(getattr(part, "day", "") for part in recipe.parts)

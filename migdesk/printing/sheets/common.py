"""What every sheet shares: the imprint, and small layouts used by several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeAlias, TypeVar

from migdesk.i18n import speaking
from migdesk.printing.blocks import (
    Block,
    Column,
    Document,
    Grid,
    Letterhead,
    PageSize,
    Pair,
    Section,
    Table,
)

Facts: TypeAlias = Sequence[tuple[str, str]]
"""Labels and values, both ready for display; an empty value is left out."""


@dataclass(frozen=True)
class Imprint:
    """Who prints, in what language, when, about which record.

    `date` is the day of printing, ready for display. `mark` is what the QR of each
    page names; empty, it is the record's code.
    """

    language: str
    letterhead: Letterhead
    code: str = ""
    date: str = ""
    footer: str = ""
    mark: str = ""


class HasImprint(Protocol):
    """Data of any sheet."""

    @property
    def imprint(self) -> Imprint: ...


Data = TypeVar("Data", bound=HasImprint)


def spoken(lay_out: Callable[[Data], Document]) -> Callable[[Data], Document]:
    """Run a `lay_out` in the language of the document, not of the screen."""

    @wraps(lay_out)
    def speaking_it(data: Data) -> Document:
        with speaking(data.imprint.language):
            return lay_out(data)

    return speaking_it


def page(
    imprint: Imprint, title: str, blocks: Sequence[Block], size: PageSize = "A4"
) -> Document:
    """A document under its imprint."""
    return Document(
        title=title,
        code=imprint.code,
        language=imprint.language,
        blocks=tuple(blocks),
        letterhead=imprint.letterhead,
        date=imprint.date,
        page_size=size,
        footer=imprint.footer,
        mark=imprint.mark,
    )


def facts(pairs: Facts, columns: int = 2, blank: bool = False) -> Grid:
    """Labels and values as a grid."""
    return Grid([Pair(label, value, blank=blank) for label, value in pairs], columns)


def section(title: str, *content: Block | None, aside: str = "") -> list[Block]:
    """A heading and what is under it; nothing at all when that is empty."""
    inside = [block for block in content if block is not None and not _is_empty(block)]
    return [Section(title, aside=aside), *inside] if inside else []


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], **more: Any) -> Table:
    """A table without the columns that are empty in every row and every total, unless it is
    to be written in."""
    totals = more.pop("totals", ())
    lines = [*rows, *(total.cells for total in totals)]
    kept = [
        index
        for index in range(len(columns))
        if index == 0
        or more.get("write_in")
        or not lines
        or any(r[index].strip() for r in lines)
    ]

    def cells(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[index] for index in kept)

    return Table(
        [columns[index] for index in kept],
        [cells(row) for row in rows],
        [type(total)(cells(total.cells), total.tone) for total in totals],
        **more,
    )


def _is_empty(block: Block) -> bool:
    if isinstance(block, Grid):
        return not any(pair.value.strip() or pair.blank for pair in block.pairs)
    if isinstance(block, Table):
        return not block.rows and not block.totals and not block.empty
    return not getattr(block, "text", getattr(block, "items", "x"))

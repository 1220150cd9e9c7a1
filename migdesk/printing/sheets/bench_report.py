"""What the design bench found: of one form, or between two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.printing.blocks import (
    Block,
    Column,
    Document,
    Grid,
    Pair,
    Paragraph,
    Section,
    Table,
)
from migdesk.printing.blocks import Title as Heading
from migdesk.printing.sheets.common import Facts, Imprint, page, spoken


@dataclass(frozen=True)
class BenchTable:
    """A titled table; `shares` are parts of the width, `note` stands in its place or under
    it."""

    title: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    shares: Sequence[float] = ()
    note: str = ""


@dataclass(frozen=True)
class BenchReport:
    """`kicker` says what kind of report it is, `subject` of which versions."""

    imprint: Imprint
    title: str
    kicker: str
    subject: str
    facts: Facts
    tables: Sequence[BenchTable]


@spoken
def lay_out(data: BenchReport) -> Document:
    """The facts, then every table under its title."""
    blocks: list[Block] = [
        Heading(data.title, data.kicker, data.subject),
        Grid([Pair(label, value) for label, value in data.facts], 3),
    ]
    for each in data.tables:
        blocks.append(Section(each.title))
        if each.note:
            blocks.append(Paragraph(each.note, "small"))
        if each.rows:
            shares = each.shares or [1.0] * len(each.heads)
            columns = [
                Column(head, share=share)
                for head, share in zip(each.heads, shares, strict=True)
            ]
            blocks.append(Table(columns, [list(row) for row in each.rows]))
    return page(data.imprint, data.title, blocks)

"""A table of counts with its chart, and the note that says what was hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.printing.blocks import (
    Block,
    Chart,
    Column,
    Document,
    Grid,
    Pair,
    Paragraph,
    Table,
    Title,
    Total,
)
from migdesk.printing.sheets.common import Facts, Imprint, page, spoken


@dataclass(frozen=True)
class CrossTable:
    """`facts` say what was counted: questionnaire, period, place, number."""

    imprint: Imprint
    title: str
    subject: str
    facts: Facts
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]
    notes: Sequence[str] = ()
    chart: Chart | None = None
    caption: str = ""


@spoken
def lay_out(data: CrossTable) -> Document:
    """What was counted, the table, the chart, the notes."""
    columns = [Column(head, "end" if n else "start") for n, head in enumerate(data.heads)]
    blocks: list[Block] = [
        Title(data.title, subtitle=data.subject),
        Grid([Pair(label, value) for label, value in data.facts], 3),
        Table(columns, data.rows, [Total(data.total)]),
    ]
    blocks += [Paragraph(note, "small") for note in data.notes]
    if data.chart is not None:
        if data.caption:
            blocks.append(Paragraph(data.caption, "small"))
        blocks.append(data.chart)
    return page(data.imprint, data.title, blocks)

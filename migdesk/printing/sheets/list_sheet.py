"""A list as the screen shows it: same columns, same order, same filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.i18n import _, ngettext
from migdesk.printing.blocks import Block, Column, Document, Paragraph, Title
from migdesk.printing.sheets.common import Imprint, page, spoken, table


@dataclass(frozen=True)
class ListSheet:
    """`filter` says in words what the list was narrowed to; `numbers` are the
    columns set to the end."""

    imprint: Imprint
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    filter: str = ""
    numbers: tuple[int, ...] = ()


@spoken
def lay_out(data: ListSheet) -> Document:
    """Title, filter, number of rows, then the rows."""
    count = len(data.rows)
    total = ngettext("{count} row", "{count} rows", count).format(count=count)
    columns = [
        Column(label, "end" if index in data.numbers else "start")
        for index, label in enumerate(data.columns)
    ]
    narrowed = _("Filter: {filter}").format(filter=data.filter) if data.filter else ""
    blocks: list[Block] = [
        Title(data.title, subtitle=total),
        Paragraph(narrowed, "hint"),
        table(columns, data.rows, empty=_("Nothing to show.")),
    ]
    return page(data.imprint, data.title, blocks)

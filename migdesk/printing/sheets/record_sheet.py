"""A document that follows a recipe: its blocks are made where the records are."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.printing.blocks import Block, Document, PageSize, Title
from migdesk.printing.sheets.common import Imprint, page, spoken


@dataclass(frozen=True)
class RecordSheet:
    """`title` names the document, `heading` what it is about."""

    imprint: Imprint
    title: str
    heading: str
    blocks: tuple[Block, ...] = ()
    size: PageSize = "A4"


@spoken
def lay_out(data: RecordSheet) -> Document:
    """The heading, then the blocks as they came."""
    head = Title(data.heading or data.title, kicker=data.title if data.heading else "")
    return page(data.imprint, data.title, [head, *data.blocks], data.size)

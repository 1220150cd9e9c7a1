"""The list that an enumerator carries: whom to visit, where, and room for the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.i18n import _, ngettext
from migdesk.printing.blocks import Block, Column, Document, Paragraph, Table, Title
from migdesk.printing.sheets.common import Imprint, page, section, spoken


@dataclass(frozen=True)
class PlaceVisits:
    """Units of one place: (number, name, how to find it, telephone)."""

    place: str
    units: Sequence[tuple[str, str, str, str]]


@dataclass(frozen=True)
class VisitList:
    """`period` is ready for display."""

    imprint: Imprint
    name: str
    enumerator: str = ""
    period: str = ""
    places: tuple[PlaceVisits, ...] = ()


@spoken
def lay_out(data: VisitList) -> Document:
    """Place by place, ruled so that the result can be written beside each name."""
    title = _("Visits to make")
    count = sum(len(place.units) for place in data.places)
    number = ngettext("{n} visit", "{n} visits", count).format(n=count)
    result = _("Result: done, absent (day and hour), refused (reason)")
    columns = [
        Column(_("No.")),
        Column(_("Name"), share=3),
        Column(_("How to find it"), share=4),
        Column(_("Telephone")),
        Column(result, share=4),
    ]
    blocks: list[Block] = [
        Title(data.name, kicker=title, subtitle=data.enumerator),
        Paragraph(" · ".join(filter(None, (data.period, number))), "hint"),
    ]
    for place in data.places:
        rows = [(*unit, "") for unit in place.units]
        blocks += section(
            place.place or _("Place not known"), Table(columns, rows, write_in=True)
        )
    return page(data.imprint, title, blocks)

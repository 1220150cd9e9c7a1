"""Any record, as its declaration describes it: sections, children, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import Block, Column, Document, PageBreak, Title
from migdesk.printing.sheets.common import Facts, Imprint, facts, page, section, spoken, table


@dataclass(frozen=True)
class PlainSection:
    """A section of the record."""

    title: str
    facts: Facts


@dataclass(frozen=True)
class Children:
    """Records under this one. `numbers` are the columns set to the end."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class HistoryLine:
    """One change of one field."""

    when: str
    who: str
    what: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class PlainSheet:
    """`kind` is the name of the record's type; empty parts are left out."""

    imprint: Imprint
    kind: str
    title: str
    subtitle: str = ""
    sections: tuple[PlainSection, ...] = ()
    children: tuple[Children, ...] = ()
    history: tuple[HistoryLine, ...] = ()


@spoken
def lay_out(data: PlainSheet) -> Document:
    """Sections, then a table a kind of child, then the history on its own page."""
    blocks: list[Block] = [Title(data.title, data.kind, data.subtitle)]
    for part in data.sections:
        blocks += section(part.title, facts(part.facts))
    for child in data.children:
        columns = [
            Column(label, "end" if index in child.numbers else "start")
            for index, label in enumerate(child.columns)
        ]
        if child.rows:
            blocks += section(child.title, table(columns, child.rows))
    if data.history:
        blocks += [PageBreak(), *section(_("History"), _history(data))]
    return page(data.imprint, data.kind, blocks)


def _history(data: PlainSheet) -> Block:
    columns = [
        Column(_("When")),
        Column(_("Who")),
        Column(_("Field")),
        Column(_("Before")),
        Column(_("After")),
    ]
    return table(columns, [(h.when, h.who, h.what, h.old, h.new) for h in data.history])

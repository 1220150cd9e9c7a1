"""The codebook of a questionnaire: what each variable means and how often it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.i18n import _, ngettext
from migdesk.printing.blocks import (
    Block,
    Column,
    Document,
    KeepTogether,
    Paragraph,
    Section,
    Table,
    Title,
)
from migdesk.printing.sheets.common import Imprint, page, spoken

SHORT, MOST = 12, 100
"""Choices of one list that are printed; a long list is named by its number."""


@dataclass(frozen=True)
class CodebookEntry:
    """One variable; the counts are ready to read."""

    name: str
    label: str
    type: str
    choices: Sequence[tuple[str, str]]
    condition: str
    answered: str
    missing: str
    not_asked: str


@dataclass(frozen=True)
class Codebook:
    """Variables by sheet: (title of the repeat, "" for the form itself; entries)."""

    imprint: Imprint
    title: str
    versions: str
    count: str
    sheets: Sequence[tuple[str, Sequence[CodebookEntry]]]


@spoken
def lay_out(data: Codebook) -> Document:
    """Every variable under its name; never cut by a page where that can be."""
    blocks: list[Block] = [
        Title(data.title, _("Codebook"), data.versions),
        Paragraph(data.count, "hint"),
    ]
    for title, entries in data.sheets:
        if title:
            blocks.append(Section(_("Repeat: {name}").format(name=title)))
        for entry in entries:
            made = _entry(entry)
            # A long list may be cut: a page half empty before it would be worse.
            whole = len(made)
            if len(entry.choices) > SHORT:
                whole = next(n for n, block in enumerate(made) if isinstance(block, Table))
            blocks += [KeepTogether(made[:whole]), *made[whole:]]
    return page(data.imprint, data.title, blocks)


def _choices(choices: Sequence[tuple[str, str]]) -> Table:
    """Codes and words; a long list in two halves side by side, to save paper."""
    half = len(choices) if len(choices) <= SHORT else -(-len(choices) // 2)
    parts = [choices[start : start + half] for start in range(0, len(choices), half)]
    one = [Column(_("Code"), share=1), Column(_("Choice"), share=3 if len(parts) < 2 else 1)]
    rows = [
        [text for part in parts for text in (part[place] if place < len(part) else ("", ""))]
        for place in range(half)
    ]
    return Table(one * len(parts), rows)


def _entry(entry: CodebookEntry) -> list[Block]:
    made: list[Block] = [Section(entry.name, 2, aside=entry.type)]
    if entry.label:
        made.append(Paragraph(entry.label))
    if entry.condition:
        made.append(Paragraph(entry.condition, "hint"))
    counts = _("Answered: {answered} · Missing: {missing} · Not asked: {not_asked}")
    said = counts.format(
        answered=entry.answered, missing=entry.missing, not_asked=entry.not_asked
    )
    made.append(Paragraph(said, "small"))
    if entry.choices:
        made.append(_choices(entry.choices[:MOST]))
        more = len(entry.choices) - MOST
        if more > 0:
            words = ngettext("and {n} more choice", "and {n} more choices", more)
            made.append(Paragraph(words.format(n=more), "small"))
    return made

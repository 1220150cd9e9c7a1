"""First conversation with a person: blank to fill by hand, or filled to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import (
    Block,
    Boxes,
    CheckItem,
    Choices,
    Document,
    Grid,
    KeepTogether,
    Pair,
    Paragraph,
    Party,
    Picture,
    Section,
    Signatures,
    Title,
)
from migdesk.printing.sheets.common import Imprint, page, spoken


@dataclass(frozen=True)
class IntakeField:
    """One field. With `choices`, a blank form shows boxes to tick and a filled one
    the answer; `lines` > 0 gives ruled lines on a blank form."""

    label: str
    value: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    lines: int = 0


@dataclass(frozen=True)
class IntakeSection:
    """A titled group of fields, with an instruction to the person who fills it."""

    title: str
    fields: tuple[IntakeField, ...]
    instruction: str = ""


@dataclass(frozen=True)
class IntakeForm:
    """`blank` chooses between a form to write on and the record's content."""

    imprint: Imprint
    sections: tuple[IntakeSection, ...]
    blank: bool = False
    person: str = ""
    agent: str = ""
    notice: str = ""
    photo: bytes = b""


@spoken
def lay_out(data: IntakeForm) -> Document:
    """Sections in order; the notice on personal data and two signatures at the end."""
    title = _("Intake form")
    blocks: list[Block] = [Title(data.person or title, kicker=title if data.person else "")]
    if data.photo and not data.blank:
        blocks.append(Picture(data.photo, width=28))
    for part in data.sections:
        inside = _blank(part.fields) if data.blank else _filled(part.fields)
        if inside:
            instruction = Paragraph(part.instruction if data.blank else "", "hint")
            blocks += [Section(part.title), instruction, *inside]
    parties = [Party(_("The person"), data.person), Party(_("The agent"), data.agent)]
    blocks.append(KeepTogether([Paragraph(data.notice, "small"), Signatures(parties)]))
    return page(data.imprint, title, blocks)


def _filled(fields: Sequence[IntakeField]) -> list[Block]:
    pairs = [Pair(field.label, field.value) for field in fields if field.value.strip()]
    return [Grid(pairs)] if pairs else []


def _blank(fields: Sequence[IntakeField]) -> list[Block]:
    """Short fields two by two; choices and ruled lines one under the other."""
    blocks: list[Block] = []
    short: list[Pair] = []
    for field in fields:
        if not field.choices and not field.lines:
            short.append(Pair(field.label, blank=True))
            continue
        if short:
            blocks.append(Grid(tuple(short)))
            short = []
        body: Block = (
            Choices([CheckItem(choice) for choice in field.choices], field.many)
            if field.choices
            else Boxes(lines=field.lines)
        )
        blocks.append(KeepTogether([Paragraph(field.label, "small"), body]))
    return [*blocks, Grid(tuple(short))] if short else blocks

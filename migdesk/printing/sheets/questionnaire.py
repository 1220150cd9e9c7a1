"""A questionnaire on paper: blank, to fill in the field; or filled, to file and sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from migdesk.i18n import _
from migdesk.printing.blocks import (
    Block,
    Boxes,
    CheckItem,
    Choices,
    Column,
    Document,
    Note,
    Pair,
    Paragraph,
    Picture,
    Question,
    Section,
    Table,
    Title,
)
from migdesk.printing.blocks import Grid as GridBlock
from migdesk.printing.sheets.common import Facts, Imprint, facts, page, spoken

PICTURE_MM = 90
"""Width of a picture that is an answer."""
Kind = Literal["text", "integer", "decimal", "date", "time", "datetime", "one", "many", "note"]
Look = Literal["blank", "filled", "compact"]

_COMBS = {
    "integer": "________",
    "decimal": "________,__",
    "date": "__/__/____",
    "time": "__:__",
    "datetime": "__/__/____  __:__",
}
_LISTED_UP_TO = 40
"""Choices above this number are written, by code, rather than ticked."""


@dataclass(frozen=True)
class PaperChoice:
    """A choice and whether the answer holds it."""

    label: str
    code: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class PaperQuestion:
    """`condition` is the skip instruction in words (“If Q4 = Yes”). `answer` is
    ready for display; for choices it is used by the compact look. `prompt` is the
    picture that the designer put to the question, for a blank one. `picture`: PNG or JPEG
    bytes that are the answer, above its words. `pattern` replaces
    the usual comb boxes; `lines` the usual number of ruled lines. `comment`: what was noted
    beside the answer."""

    number: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    choices: tuple[PaperChoice, ...] = ()
    condition: str = ""
    required: bool = False
    answer: str = ""
    picture: bytes = b""
    prompt: bytes = b""
    pattern: str = ""
    lines: int = 3
    comment: str = ""


@dataclass(frozen=True)
class PaperRepeat:
    """A group asked several times: one column a question, one row each time.

    Blank, it has `blank_rows` rows to write in; filled, `rows` holds the answers.
    """

    number: str
    label: str
    questions: tuple[PaperQuestion, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    blank_rows: int = 6
    hint: str = ""
    condition: str = ""


@dataclass(frozen=True)
class PaperGroup:
    """A titled part; groups may hold groups."""

    label: str
    items: tuple[PaperItem, ...]
    hint: str = ""
    condition: str = ""


PaperItem: TypeAlias = PaperQuestion | PaperRepeat | PaperGroup


@dataclass(frozen=True)
class Questionnaire:
    """`look`: "blank" to write on, "filled" with the same layout, "compact" as a
    list. A filled one should hold only the questions that were relevant."""

    imprint: Imprint
    title: str
    items: tuple[PaperItem, ...]
    look: Look = "blank"
    version: str = ""
    instructions: str = ""
    facts: Facts = ()


@spoken
def lay_out(data: Questionnaire) -> Document:
    """Title, instructions, then groups and questions in order."""
    kicker = _("Questionnaire to fill") if data.look == "blank" else _("Questionnaire")
    version = _("Version {version}").format(version=data.version) if data.version else ""
    blocks: list[Block] = [Title(data.title, kicker=kicker, subtitle=version)]
    blocks.append(facts(data.facts, blank=data.look == "blank"))
    if data.look == "blank":
        blocks.append(Note(data.instructions or _how_to_fill(), _("How to fill this form")))
    blocks += _items(data.items, data.look, 1)
    return page(data.imprint, data.title, blocks)


def _how_to_fill() -> str:
    return _(
        "Write in capital letters, one sign in each box. Tick one round box, or as many "
        "square boxes as apply. Answer a question under a coloured line only when the "
        "line is true. An asterisk marks a question that must be answered."
    )


def _items(items: Sequence[PaperItem], look: Look, level: int) -> list[Block]:
    blocks: list[Block] = []
    waiting: list[Pair] = []
    for item in items:
        if look == "compact" and isinstance(item, PaperQuestion) and not item.picture:
            said = "\n".join(filter(None, (item.answer.strip(), _comment(item))))
            waiting += [Pair(_numbered(item), said)] if said else []
            continue
        if waiting:
            blocks.append(GridBlock(tuple(waiting)))
            waiting = []
        if isinstance(item, PaperGroup):
            blocks += _group(item, look, level)
        elif isinstance(item, PaperRepeat):
            blocks += _repeat(item, look)
        else:
            blocks.append(_question(item, look))
    return [*blocks, GridBlock(tuple(waiting))] if waiting else blocks


def _numbered(item: PaperQuestion) -> str:
    return " ".join(part for part in (item.number, item.label) if part)


def _comment(item: PaperQuestion) -> str:
    return _("Comment: {text}").format(text=item.comment) if item.comment else ""


def _group(group: PaperGroup, look: Look, level: int) -> list[Block]:
    inside = _items(group.items, look, level + 1)
    if not inside:
        return []
    head: list[Block] = [Section(group.label, level=min(level, 2))] if group.label else []
    if group.condition and look == "blank":
        head.append(Note(group.condition, tone="accent"))
    return [*head, Paragraph(group.hint if look == "blank" else "", "hint"), *inside]


def _question(item: PaperQuestion, look: Look) -> Block:
    blank = look == "blank"
    prompt: list[Block] = []
    if item.prompt and blank:
        prompt = [Picture(item.prompt, width=PICTURE_MM)]
    if item.kind == "note":
        note = [Paragraph(item.label), *prompt]
        return Question(item.number, "", note, condition=item.condition if blank else "")
    return Question(
        number=item.number,
        label=item.label,
        body=(*prompt, *(_room(item) if blank else _answer(item))),
        hint=item.hint if blank else "",
        condition=item.condition if blank else "",
        required=item.required and blank,
    )


def _room(item: PaperQuestion) -> list[Block]:
    """Where to write the answer."""
    if item.kind in ("one", "many"):
        if len(item.choices) > _LISTED_UP_TO:
            return [Paragraph(_("Write the code from the list."), "hint"), Boxes("______")]
        return [_ticks(item, answered=False)]
    pattern = item.pattern or _COMBS.get(item.kind, "")
    return [Boxes(pattern)] if pattern else [Boxes(lines=item.lines)]


def _answer(item: PaperQuestion) -> list[Block]:
    """The answer, and what was noted beside it."""
    return [*_said(item), Paragraph(_comment(item), "hint")]


def _said(item: PaperQuestion) -> list[Block]:
    if item.kind in ("one", "many") and 0 < len(item.choices) <= _LISTED_UP_TO:
        return [_ticks(item, answered=True)]
    if item.picture:
        return [Picture(item.picture, width=PICTURE_MM), Paragraph(item.answer, "small")]
    return [Paragraph(item.answer or "—")]


def _ticks(item: PaperQuestion, answered: bool) -> Choices:
    options = [
        CheckItem(
            f"{choice.code}  {choice.label}".strip(),
            ticked=answered and choice.chosen,
        )
        for choice in item.choices
    ]
    return Choices(options, many=item.kind == "many")


def _repeat(item: PaperRepeat, look: Look) -> list[Block]:
    """A heading that stays with its table; rows to write in are as wide as asked."""
    blank = look == "blank"
    columns = [Column("")] if blank else []
    for question in item.questions:
        right = question.kind in ("integer", "decimal") and not blank
        label = _numbered(question)
        share = (2.0 if question.kind == "text" else 1.0) if blank else 0.0
        columns.append(Column(label, "end" if right else "start", share))
    if blank:
        columns[0] = Column("#", share=0.35)
        rows: list[tuple[str, ...]] = [
            (str(number), *[""] * len(item.questions))
            for number in range(1, item.blank_rows + 1)
        ]
    else:
        rows = list(item.rows)
    head = " ".join(part for part in (item.number, item.label) if part)
    blocks: list[Block] = [Section(head, level=2)]
    if blank and item.condition:
        blocks.append(Note(item.condition))
    if blank:
        blocks += [Paragraph(item.hint, "hint"), *_codes(item)]
    return [*blocks, Table(columns, rows, empty=_("None."), write_in=blank)]


def _codes(item: PaperRepeat) -> list[Block]:
    """The choices of a repeat's columns, since its cells have no room for boxes."""
    lines = []
    for question in item.questions:
        if not question.choices:
            continue
        listed = [
            f"{choice.code or index} = {choice.label}"
            for index, choice in enumerate(question.choices[:_LISTED_UP_TO], 1)
        ]
        lines.append(f"{_numbered(question)} — " + "; ".join(listed))
    return [Paragraph("\n".join(lines), "small")]

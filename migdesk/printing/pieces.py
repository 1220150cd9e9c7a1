"""Neutral blocks → pieces of a page: the look of MigDesk's paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from migdesk.errors import Obstacle
from migdesk.i18n import N_, _
from migdesk.printing import blocks as b
from migdesk.printing.charts import chart
from migdesk.printing.colours import ACCENT, HAIR, MUTED, PALE, TINT, WARN, WARN_TINT
from migdesk.printing.flow import Drawn, Framed, Gap, Piece, Row, Share, Stack, Words, line
from migdesk.printing.marks import draw_comb, draw_qr, draw_tick
from migdesk.printing.tables import TablePiece, TableRow
from migdesk.printing.text import Prose, Style

BODY = Style(hyphenate=True)
STRONG = Style(face="Bold")
SMALL = Style(size=8, leading=11, colour=MUTED)
HINT = Style(size=8.5, leading=11.5, face="Italic", colour=MUTED)
LEAD = Style(size=11, leading=16, hyphenate=True)
LABEL = Style(size=7.8, leading=10.5, colour=MUTED)
HEAD = Style(size=8, leading=10.5, face="Bold", colour=ACCENT)
CELL = Style(size=9, leading=12.5)
TITLE = Style(size=20, leading=26, face="Bold")
KICKER = Style(size=9, leading=13, face="Bold", colour=ACCENT)
SUBTITLE = Style(size=11, leading=16, colour=MUTED)
SECTION = Style(size=12.5, leading=17, face="Bold", colour=ACCENT)
SUBSECTION = Style(size=10.5, leading=14.5, face="Bold")
CODE = Style(size=15, leading=22, face="Bold", align="center", verbatim=True)

_PARAGRAPHS = {
    "body": BODY,
    "lead": LEAD,
    "small": SMALL,
    "hint": HINT,
    "strong": STRONG,
    "code": Style(verbatim=True),
}
_WIDE_FROM = 110
"""Length from which a value of a grid takes the whole width."""


class UnreadablePicture(Obstacle):
    code = "PRN-002"
    text = N_("A picture of this document cannot be read. Replace it with a PNG or JPEG file.")


class Setter:
    """Sets blocks for pages in one language."""

    def __init__(self, language: str, small: bool = False) -> None:
        self.language, self.small = language, small
        self.rtl = language == "ar"

    def pieces(self, items: Sequence[b.Block]) -> list[Piece]:
        """The pieces of some blocks; empty ones are left out."""
        made = [_MAKERS[type(item)](self, item) for item in items]
        return [piece for piece in made if piece is not None]

    def words(self, text: str, style: Style, **spaces: Any) -> Words:
        """One text as a piece; `spaces`: before, after, joins_next."""
        return Words(Prose(text, style, self.language), **spaces)

    def row(self, *cells: tuple[Piece, float], gap: float = 8.0, **spaces: Any) -> Row:
        """Pieces side by side, mirrored when the page is right to left."""
        return Row(cells, gap, self.rtl, **spaces)


def _title(s: Setter, title: b.Title) -> Piece:
    name = replace(TITLE, size=15, leading=20) if s.small else TITLE
    texts = ((title.kicker, KICKER), (title.text, name), (title.subtitle, SUBTITLE))
    parts = [s.words(text, style) for text, style in texts if text]
    return Stack(parts, before=4, after=12, joins_next=True, whole=True)


def _section(s: Setter, section: b.Section) -> Piece:
    level = 2 if s.small else section.level
    style = SECTION if level == 1 else SUBSECTION
    heading: Piece = s.words(section.text, style)
    if section.aside:
        aside = s.words(section.aside, replace(SMALL, align="end", leading=style.leading))
        heading = s.row((heading, Share(2)), (aside, Share(1)))
    if level == 2:
        return Stack([heading], before=10, after=4, joins_next=True, whole=True)
    rule = Drawn(5, lambda c, x, top, w: line(c, x, top - 3, x + w, ACCENT, 0.8))
    return Stack([heading, rule], before=18, after=5, joins_next=True, whole=True)


def _grid(s: Setter, grid: b.Grid) -> Piece | None:
    rows: list[Piece] = []
    waiting: list[Piece] = []

    def flush() -> None:
        if waiting:
            cells = [(cell, Share(1)) for cell in waiting]
            cells += [(Gap(), Share(1))] * (grid.columns - len(cells))
            rows.append(s.row(*cells, gap=18, before=6, after=6))
            waiting.clear()

    for pair in grid.pairs:
        if not pair.value.strip() and not pair.blank:
            continue
        wide = pair.wide or len(pair.value) > _WIDE_FROM or "\n" in pair.value
        if wide:
            flush()
            rows.append(_pair(s, pair))
        else:
            waiting.append(_pair(s, pair))
        if len(waiting) == grid.columns:
            flush()
    flush()
    return Stack(rows, before=4, after=8) if rows else None


def _pair(s: Setter, pair: b.Pair) -> Piece:
    label = s.words(pair.label, LABEL, joins_next=True)
    value: Piece = s.words(pair.value, BODY) if pair.value.strip() else _ruled(1, 19)
    return Stack([label, value], before=6, after=6)


def _table(s: Setter, table: b.Table) -> Piece:
    def row(cells: Sequence[str], style: Style, kind: str = "row") -> TableRow:
        padded = [*cells, *[""] * (len(table.columns) - len(cells))]
        made = [
            Prose(text, replace(style, align=column.align), s.language)
            for text, column in zip(padded, table.columns, strict=True)
        ]
        return TableRow(made, kind)

    strong = replace(CELL, face="Bold")
    rows = [row(cells, CELL) for cells in table.rows]
    for total in table.totals:
        warn = total.tone == "warning"
        style = replace(strong, colour=WARN) if warn else strong
        rows.append(row(total.cells, style, "warning" if warn else "total"))
    header = row([column.label for column in table.columns], HEAD)
    shares = [column.share for column in table.columns]
    made = TablePiece(header, rows, shares, s.rtl, table.write_in)
    if rows or not table.empty:
        return made
    return Stack([made, s.words(table.empty, HINT)], before=6, after=10, whole=True)


def _paragraph(s: Setter, paragraph: b.Paragraph) -> Piece | None:
    if not paragraph.text.strip():
        return None
    after = 12 if paragraph.style == "lead" else 6
    return s.words(paragraph.text, _PARAGRAPHS[paragraph.style], before=3, after=after)


def _check_list(s: Setter, items: b.CheckList) -> Piece | None:
    rows: list[Piece] = [_tick_row(s, item, square=True) for item in items.items]
    return Stack(rows, before=4, after=8) if rows else None


def _tick_row(s: Setter, item: b.CheckItem, square: bool) -> Piece:
    tick = Drawn(13.5, lambda c, x, top, w: draw_tick(c, x, top, square, item.ticked))
    label = s.words(item.label, replace(BODY, hyphenate=False))
    if not item.remark:
        return s.row((tick, 10), (label, Share(1)), gap=7, before=2.5, after=2.5)
    remark = s.words(item.remark, replace(SMALL, leading=13.5, align="end"))
    return s.row(
        (tick, 10), (label, Share(3)), (remark, Share(2)), gap=7, before=2.5, after=2.5
    )


def _choices(s: Setter, choices: b.Choices) -> Piece | None:
    """As many columns (up to four) as the longest label allows."""
    if not choices.options:
        return None
    longest = max(Prose(o.label, BODY, s.language).natural()[1] for o in choices.options)
    columns = 4 if longest < 78 else 3 if longest < 118 else 2 if longest < 198 else 1
    cells = [_tick_row(s, option, choices.many) for option in choices.options]
    cells += [Gap()] * (-len(cells) % columns)
    rows = [
        s.row(*((cell, Share(1)) for cell in cells[start : start + columns]), gap=12)
        for start in range(0, len(cells), columns)
    ]
    return Stack(
        [replace(row, before=2.5, after=2.5) for row in rows],
        before=2,
        after=8,
        whole=len(rows) < 8,
    )


def _boxes(s: Setter, boxes: b.Boxes) -> Piece:
    if boxes.pattern:
        pattern, value = boxes.pattern, boxes.value
        return Drawn(
            21,
            lambda c, x, top, w: draw_comb(c, x, top, w, pattern, value, s.rtl),
            before=3,
            after=4,
        )
    return _ruled(max(boxes.lines, 1), 22)


def _ruled(count: int, step: float) -> Drawn:
    def paint(canvas: Canvas, x: float, top: float, width: float) -> None:
        for index in range(count):
            line(canvas, x, top - step * (index + 1) + 2, x + width, MUTED, 0.4)

    return Drawn(step * count, paint, after=3)


def _signatures(s: Setter, signatures: b.Signatures) -> Piece | None:
    if not signatures.parties:
        return None
    cells: list[tuple[Piece, float]] = []
    for party in signatures.parties:
        inside = [s.words(party.role, LABEL), s.words(party.name, STRONG), Gap(size=42)]
        inside.append(s.words(_("Date and signature"), LABEL))
        cells.append((Framed(Stack(inside), frame=HAIR), Share(1)))
    return s.row(*cells, gap=14, before=16, after=8)


def _picture(s: Setter, picture: b.Picture) -> Piece:
    image = read_image(picture.data)
    wide, high = image.getSize()
    width = picture.width * mm
    scale = min(width / wide, 200 * mm / high)

    def paint(canvas: Canvas, x: float, top: float, room: float) -> None:
        fit = min(scale, room / wide)
        left = x + room - wide * fit if s.rtl else x
        canvas.drawImage(image, left, top - high * fit, wide * fit, high * fit, mask="auto")

    drawn = Drawn(high * scale, paint, before=6, after=4, joins_next=bool(picture.caption))
    if not picture.caption:
        return drawn
    return Stack([drawn, s.words(picture.caption, SMALL)], before=6, after=8, whole=True)


def read_image(data: bytes) -> ImageReader:
    """A picture from PNG or JPEG bytes; raises UnreadablePicture."""
    try:
        return ImageReader(BytesIO(data))
    except (OSError, ValueError) as error:
        raise UnreadablePicture() from error


def _qr(s: Setter, qr: b.Qr) -> Piece:
    size = qr.size * mm
    code = Drawn(size, lambda c, x, top, w: draw_qr(c, x, top, size, qr.data))
    words = s.words(qr.caption, BODY) if qr.caption else Gap()
    return s.row((code, size), (words, Share(1)), gap=14, before=8, after=8)


def _note(s: Setter, note: b.Note) -> Piece:
    bar, tint = {"warning": (WARN, WARN_TINT), "accent": (ACCENT, TINT)}.get(
        note.tone, (MUTED, PALE)
    )
    parts: list[Piece] = []
    if note.title:
        parts.append(s.words(note.title, replace(STRONG, colour=bar), after=2, joins_next=True))
    parts.append(s.words(note.text, BODY))
    return Framed(Stack(parts), tint=tint, bar=bar, rtl=s.rtl, before=8, after=10)


def _code(s: Setter, code: b.Code) -> Piece:
    columns = min(code.columns, max(len(code.groups), 1))
    groups = [*code.groups, *[""] * (-len(code.groups) % columns)]
    rows = []
    for start in range(0, len(groups), columns):
        cells = [(s.words(group, CODE), Share(1)) for group in groups[start : start + columns]]
        # Signs to copy are read left to right in every language.
        rows.append(Row(cells, gap=6, before=5, after=5))
    return Framed(Stack(rows, whole=True), padding=14, frame=ACCENT, before=10, after=12)


def _keep(s: Setter, keep: b.KeepTogether) -> Piece | None:
    parts = s.pieces(keep.blocks)
    if not parts:
        return None
    return Stack(parts, parts[0].before, parts[-1].after, whole=True)


def _question(s: Setter, question: b.Question) -> Piece:
    parts: list[Piece] = []
    if question.condition:
        condition = s.words(question.condition, replace(HEAD, leading=11))
        parts.append(Framed(condition, padding=3.5, tint=TINT, rtl=s.rtl, after=4))
    if question.label:
        label = question.label + (" *" if question.required else "")
        parts.append(s.words(label, STRONG, joins_next=True))
    if question.hint:
        parts.append(s.words(question.hint, HINT, joins_next=True))
    parts += s.pieces(question.body)
    number = s.words(question.number, replace(STRONG, colour=ACCENT, verbatim=True))
    # The number stands beside the question, below its condition.
    column: Piece = Stack([Gap(size=22), number]) if question.condition else number
    return s.row((column, 26), (Stack(parts), Share(1)), gap=6, before=9, after=9)


_MAKERS: dict[type, Callable[[Setter, Any], Piece | None]] = {
    b.Title: _title,
    b.Section: _section,
    b.Grid: _grid,
    b.Table: _table,
    b.Paragraph: _paragraph,
    b.CheckList: _check_list,
    b.Boxes: _boxes,
    b.Choices: _choices,
    b.Signatures: _signatures,
    b.Picture: _picture,
    b.Chart: chart,
    b.Qr: _qr,
    b.Note: _note,
    b.Code: _code,
    b.KeepTogether: _keep,
    b.Question: _question,
}

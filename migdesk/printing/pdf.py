"""Blocks → PDF: pages with a letterhead, a footer, and a QR on each.

The same document gives the same bytes. Text is real text, in embedded subset fonts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from reportlab.lib.pagesizes import A4, A5, LETTER
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from migdesk.i18n import _, speaking
from migdesk.paths import write_whole
from migdesk.printing import fonts
from migdesk.printing.blocks import Document, PageBreak
from migdesk.printing.colours import ACCENT, HAIR, MUTED
from migdesk.printing.flow import Drawn, Piece, Share, Stack, line
from migdesk.printing.marks import draw_qr
from migdesk.printing.pieces import SMALL, Setter, read_image
from migdesk.printing.text import Style

SIZES: dict[str, tuple[float, float]] = {"A4": A4, "A5": A5, "Letter": LETTER}

_OFFICE = Style(size=11, leading=14.5, face="Bold", colour=ACCENT)
_TINY = Style(size=7.5, leading=10, colour=MUTED)


@dataclass(frozen=True)
class _Sheet:
    """The measures of a page, in points."""

    width: float
    height: float
    side: float
    top: float
    foot: float

    @property
    def inner(self) -> float:
        return self.width - 2 * self.side

    @property
    def room(self) -> float:
        return self.height - self.top - self.foot


def render(document: Document, out: Path | str | BinaryIO) -> int:
    """Write a document as PDF to a path (replaced whole) or a stream; return its
    number of pages.

    Raises FontsMissing, UnreadablePicture, and OSError when the path cannot be
    written.
    """
    with speaking(document.language):
        data, pages = _rendered(document)
    if isinstance(out, str | Path):
        write_whole(Path(out), data)
    else:
        out.write(data)
    return pages


def to_bytes(document: Document) -> bytes:
    """The PDF of a document, in memory."""
    with speaking(document.language):
        return _rendered(document)[0]


def _rendered(document: Document) -> tuple[bytes, int]:
    setter = Setter(document.language, document.page_size == "A5")
    sheet = _sheet(document)
    pages = _paginate(_flows(setter, document), sheet)
    stream = BytesIO()
    canvas = _canvas(document, stream)
    for number, page in enumerate(pages, 1):
        page.draw(canvas, sheet.side, sheet.height - sheet.top, sheet.inner)
        _footer(canvas, setter, document, sheet, number, len(pages))
        if number > 1:
            _running_head(canvas, setter, document, sheet)
        canvas.showPage()
    canvas.save()
    return stream.getvalue(), len(pages)


def _canvas(document: Document, stream: BinaryIO) -> Canvas:
    canvas = Canvas(
        stream,
        pagesize=SIZES[document.page_size],
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.latin().name,  # type: ignore[arg-type]  # a name; the stub errs
        lang=document.language,
    )
    canvas.setTitle(f"{document.title} {document.code}".strip())
    canvas.setAuthor(document.letterhead.office)
    canvas.setCreator("MigDesk")
    canvas.setProducer("MigDesk")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def _sheet(document: Document) -> _Sheet:
    width, height = SIZES[document.page_size]
    if document.page_size == "A5":
        return _Sheet(width, height, 12 * mm, 12 * mm, 23 * mm)
    return _Sheet(width, height, 20 * mm, 18 * mm, 27 * mm)


def _flows(setter: Setter, document: Document) -> list[Stack]:
    """What flows from page to page; each flow begins a page."""
    flows: list[Stack] = []
    for is_break, run in groupby(document.blocks, lambda block: isinstance(block, PageBreak)):
        if not is_break:
            flows.append(Stack(setter.pieces(list(run))))
    head = _letterhead(setter, document)
    first = flows[0].pieces if flows else []
    return [Stack([*head, *first]), *flows[1:]]


def _paginate(flows: Sequence[Stack], sheet: _Sheet) -> list[Piece]:
    pages: list[Piece] = []
    for flow in flows:
        rest: Piece | None = flow
        while rest is not None:
            head, rest = rest.cut(sheet.inner, sheet.room, must=True)
            if head is not None:
                pages.append(head)
    return pages


def _letterhead(setter: Setter, document: Document) -> list[Piece]:
    office = document.letterhead
    words: list[Piece] = [setter.words(office.office, _OFFICE)] if office.office else []
    words += [setter.words(text, SMALL) for text in (*office.lines, office.hours) if text]
    if not words and not office.logo:
        return []
    parts: Piece = Stack(words, whole=True)
    if office.logo:
        image = read_image(office.logo)
        wide, high = image.getSize()
        scale = min(38 * mm / wide, 17 * mm / high)

        def paint(canvas: Canvas, x: float, top: float, width: float) -> None:
            canvas.drawImage(
                image, x, top - high * scale, wide * scale, high * scale, mask="auto"
            )

        logo = Drawn(high * scale, paint)
        parts = setter.row((logo, wide * scale), (parts, Share(1)), gap=12)
    rule = Drawn(
        1, lambda c, x, top, w: line(c, x, top, x + w, ACCENT, 1.6), before=8, after=16
    )
    return [parts, rule]


def _footer(
    canvas: Canvas, setter: Setter, document: Document, sheet: _Sheet, number: int, count: int
) -> None:
    size = 13 * mm
    top = sheet.foot - 6 * mm
    line(canvas, sheet.side, top + 2.5 * mm, sheet.side + sheet.inner, HAIR)
    qr_x = sheet.side if setter.rtl else sheet.side + sheet.inner - size
    draw_qr(canvas, qr_x, top, size, page_mark(document, number, count))
    page = _("Page {number} of {count}").format(number=number, count=count)
    name = " · ".join(part for part in (document.title, document.code) if part)
    when = " · ".join(part for part in (page, document.date) if part)
    texts = [text for text in (name, document.footer, when) if text]
    x = sheet.side + (size + 10 if setter.rtl else 0)
    for text in texts:
        words = setter.words(text, _TINY)
        words.draw(canvas, x, top, sheet.inner - size - 10)
        top -= min(words.height(sheet.inner - size - 10), 2 * _TINY.leading)


def page_mark(document: Document, number: int, count: int) -> str:
    """What the QR of a page says, so that a scan finds its record and its place:
    ``MD:<mark>:<page>/<pages>``."""
    return f"MD:{document.mark or document.code}:{number}/{count}"


def _running_head(canvas: Canvas, setter: Setter, document: Document, sheet: _Sheet) -> None:
    top = sheet.height - 8 * mm
    parts = (document.letterhead.office, document.title, document.code)
    setter.words(" · ".join(p for p in parts if p), _TINY).draw(
        canvas, sheet.side, top, sheet.inner
    )

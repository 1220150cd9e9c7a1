"""PDF → pictures of its pages, for the preview and the tests; several PDFs in one."""

from __future__ import annotations

import io
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

import pypdfium2

from migdesk.errors import Obstacle
from migdesk.i18n import N_

_one_at_a_time = Lock()
"""PDFium is not safe to use from two threads at once."""


class UnreadablePdf(Obstacle):
    code = "PRN-003"
    text = N_("This PDF cannot be read. Print the document again.")


class Page(NamedTuple):
    """A drawn page: rows from the top, four bytes a pixel (red, green, blue, alpha)."""

    rgba: bytes
    width: int
    height: int


def count_pages(data: bytes) -> int:
    """Number of pages of a PDF; raises UnreadablePdf."""
    with _one_at_a_time:
        return len(_opened(data))


def draw_page(data: bytes, index: int, dpi: float = 96) -> Page:
    """Draw page `index` (from 0) at `dpi` dots an inch; raises UnreadablePdf, and
    IndexError when there is no such page."""
    with _one_at_a_time:
        document = _opened(data)
        if not 0 <= index < len(document):
            raise IndexError(index)
        bitmap = document[index].render(
            scale=dpi / 72, rev_byteorder=True, force_bitmap_format=4
        )
        row, stride = bitmap.width * 4, bitmap.stride
        raw = bytes(bitmap.buffer)
        if stride != row:
            raw = b"".join(raw[y * stride : y * stride + row] for y in range(bitmap.height))
        return Page(raw, bitmap.width, bitmap.height)


def read_text(data: bytes, index: int) -> str:
    """The words of page `index` (from 0), as search and copy see them."""
    with _one_at_a_time:
        return str(_opened(data)[index].get_textpage().get_text_range())


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdf() from error


def join(documents: Iterable[bytes]) -> bytes:
    """One PDF with the pages of all, in their order; each keeps its own page numbers. Raises
    UnreadablePdf."""
    with _one_at_a_time:
        whole = pypdfium2.PdfDocument.new()
        for data in documents:
            whole.import_pages(_opened(data))
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue()

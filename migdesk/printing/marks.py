"""Small drawings: boxes to tick, comb boxes, QR codes, corner marks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.printing import fonts
from migdesk.printing.colours import ACCENT, INK, MUTED
from migdesk.printing.text import clean

_SIDE, _CELL, _HIGH = 9.0, 15.0, 17.0


def draw_tick(canvas: Canvas, x: float, top: float, square: bool, ticked: bool) -> None:
    """A box of 9 points centred in a line of 13.5; crossed or filled when ticked."""
    middle = top - 6.75
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.8)
    if square:
        canvas.rect(x, middle - _SIDE / 2, _SIDE, _SIDE, stroke=1, fill=0)
    else:
        canvas.circle(x + _SIDE / 2, middle, _SIDE / 2, stroke=1, fill=0)
    if not ticked:
        return
    if not square:
        canvas.setFillColor(ACCENT)
        canvas.circle(x + _SIDE / 2, middle, 2.6, stroke=0, fill=1)
        return
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.5)
    canvas.lines([
        (x + 1.8, middle + 0.2, x + 3.8, middle - 2.4),
        (x + 3.8, middle - 2.4, x + 7.4, middle + 2.8),
    ])  # fmt: skip


def draw_comb(
    canvas: Canvas, x: float, top: float, width: float, pattern: str, value: str, rtl: bool
) -> None:
    """One box for each "_" of `pattern`, other signs between them, `value` inside.

    The boxes run left to right in every language, as digits do. A value longer than
    the boxes is written after them rather than lost.
    """
    cell = min(_CELL, width / max(len(pattern), 1))
    total = sum(cell if sign == "_" else cell * 0.6 for sign in pattern)
    x = x + width - total if rtl else x
    signs = [sign for sign in clean(value) if sign not in pattern or sign == "_"]
    face = fonts.latin().name
    canvas.setLineWidth(0.6)
    for sign in pattern:
        step = cell if sign == "_" else cell * 0.6
        shown = sign
        if sign == "_":
            canvas.setStrokeColor(MUTED)
            canvas.rect(x, top - _HIGH - 2, cell, _HIGH, stroke=1, fill=0)
            shown = signs.pop(0) if signs else ""
        if shown:
            canvas.setFillColor(INK)
            canvas.setFont(face, 10)
            canvas.drawCentredString(x + step / 2, top - _HIGH + 3, shown)
        x += step
    if signs:
        canvas.drawString(x + 4, top - _HIGH + 3, "".join(signs))


class QrTooLong(Mistake):
    code = "PRN-004"
    text = N_("This text is too long for a QR code: shorten it to {limit} signs or fewer.")


QR_LIMIT = 2213
"""Bytes in version 39 at correction level M (ISO/IEC 18004), the largest that
ReportLab's encoder makes."""


@lru_cache(maxsize=64)
def modules(data: str) -> tuple[tuple[bool, ...], ...]:
    """A QR code (correction level M) row by row, dark or not. Raises QrTooLong."""
    if len(data.encode()) > QR_LIMIT:
        raise QrTooLong(limit=QR_LIMIT)
    code: Any = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(data)
    code.make()
    side = range(code.getModuleCount())
    return tuple(tuple(bool(code.isDark(row, column)) for column in side) for row in side)


def draw_qr(canvas: Canvas, x: float, top: float, size: float, data: str) -> None:
    """A QR code of `size` points, as one filled path. Raises QrTooLong."""
    rows = modules(data)
    cell = size / len(rows)
    path = canvas.beginPath()
    for row, darks in enumerate(rows):
        column = 0
        while column < len(darks):
            run = column
            while run < len(darks) and darks[run]:
                run += 1
            if run > column:
                path.rect(
                    x + column * cell, top - (row + 1) * cell, (run - column) * cell, cell
                )
            column = run + 1
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)

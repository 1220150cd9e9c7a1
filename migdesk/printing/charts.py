"""Bars on paper: one line a category, so that a page may end between two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from babel.numbers import format_decimal
from reportlab.pdfgen.canvas import Canvas

from migdesk.i18n import language
from migdesk.printing.blocks import Chart
from migdesk.printing.colours import HAIR, INK, MUTED, SERIES, WARN, Colour
from migdesk.printing.flow import Drawn, Piece, Row, Share, Stack, Words
from migdesk.printing.text import Style

_LABEL = Style(size=8.5, leading=11)
_FIGURE = Style(size=8, leading=10, colour=MUTED)
_BAR, _STACKED, _GAP = 9.0, 14.0, 1.5
_ROOM = 46.0
"""Width kept beside the longest bar for its figure, in points."""


class Sets(Protocol):
    """What of a setter is used here."""

    rtl: bool

    def words(self, text: str, style: Style) -> Words: ...
    def row(self, *cells: tuple[Piece, float], gap: float = 8.0) -> Row: ...


def chart(s: Sets, made: Chart) -> Piece | None:
    """Legend, then a line for each category."""
    if not made.categories:
        return None
    lines: list[Piece] = []
    if len(made.series) > 1:
        lines.append(_legend(s, made.series))
    known = [v for row in made.values for v in row if v is not None]
    ends = min([*known, 0.0]), max([*known, 0.0])
    for place, category in enumerate(made.categories):
        values = [row[place] for row in made.values]
        size = _STACKED if made.stacked else len(values) * (_BAR + _GAP)
        paint = _stacked(s, made, values) if made.stacked else _bars(s, made, values, ends)
        label = s.words(category, _LABEL)
        line = s.row((label, Share(1)), (Drawn(max(size, 11.0), paint), Share(2.2)), gap=10)
        line.before = line.after = 3
        lines.append(line)
    return Stack(lines, before=8, after=12)


def colour(place: int) -> Colour:
    """Colour of a series."""
    return SERIES[place % len(SERIES)]


def _legend(s: Sets, series: Sequence[str]) -> Piece:
    def box(place: int) -> Callable[[Canvas, float, float, float], None]:
        def paint(canvas: Canvas, x: float, top: float, width: float) -> None:
            canvas.setFillColor(colour(place))
            canvas.rect(x, top - 9, 8, 8, stroke=0, fill=1)

        return paint

    rows: list[Piece] = []
    for start in range(0, len(series), 4):
        cells: list[tuple[Piece, float]] = []
        for place in range(start, min(start + 4, len(series))):
            cells.append((Drawn(11, box(place)), 10))
            cells.append((s.words(series[place], _LABEL), Share(1)))
        cells += [(Drawn(1, lambda c, x, t, w: None), Share(1))] * (start + 4 - len(series))
        rows.append(s.row(*cells, gap=4))
    return Stack(rows, after=6)


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "•"
    text = format_decimal(round(value, 1), locale=language(), decimal_quantization=False)
    return f"{text}\u00a0{unit}" if unit else text


def _bars(
    s: Sets, made: Chart, values: Sequence[float | None], ends: tuple[float, float]
) -> Callable[[Canvas, float, float, float], None]:
    """Bars from the place of nought; what is below it goes to the other side."""
    lowest, highest = ends
    span = highest - lowest

    def paint(canvas: Canvas, x: float, top: float, width: float) -> None:
        room = width - _ROOM
        for place, value in enumerate(values):
            y = top - place * (_BAR + _GAP)
            low = room * (min(value or 0, 0) - lowest) / span if span else 0.0
            long = room * abs(value or 0) / span if span else 0.0
            left = x + width - low - long if s.rtl else x + low
            canvas.setFillColor(_filling(place, value))
            canvas.rect(left, y - _BAR, max(long, 0.6), _BAR, stroke=0, fill=1)
            words = s.words(_figure(value, made.unit), _FIGURE)
            after = low + long
            at = x + width - after - _ROOM if s.rtl else x + after + 4
            words.draw(canvas, at, y + 0.5, _ROOM - 4)

    return paint


def _filling(place: int, value: float | None) -> Colour:
    if value is None:
        return HAIR
    return WARN if value < 0 else colour(place)


def _stacked(
    s: Sets, made: Chart, values: Sequence[float | None]
) -> Callable[[Canvas, float, float, float], None]:
    """The parts of a whole. A hidden part leaves the line without bars: the others would
    show its size."""

    def paint(canvas: Canvas, x: float, top: float, width: float) -> None:
        known = [value for value in values if value is not None]
        total = sum(known)
        if len(known) < len(values) or not total:
            canvas.setFillColor(HAIR)
            canvas.rect(x, top - _STACKED, width, _STACKED, stroke=0, fill=1)
            s.words("•" if len(known) < len(values) else "", _FIGURE).draw(
                canvas, x + 4, top - 1, width
            )
            return
        at = 0.0
        for place, value in enumerate(known):
            long = width * value / total
            left = x + width - at - long if s.rtl else x + at
            canvas.setFillColor(colour(place))
            canvas.setStrokeColor((1, 1, 1))
            canvas.rect(left, top - _STACKED, long, _STACKED, stroke=1, fill=1)
            if long > 26:
                style = Style(size=8, leading=10, colour=_over(colour(place)))
                said = s.words(_figure(100 * value / total, "%"), style)
                said.draw(canvas, left + 3, top - 1.5, long)
            at += long

    return paint


def _over(ground: Colour) -> Colour:
    """Ink that is read on a colour."""
    red, green, blue = ground
    return INK if 0.3 * red + 0.59 * green + 0.11 * blue > 0.55 else (1, 1, 1)

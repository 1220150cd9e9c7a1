"""Tables: widths from the content, header on every page, rows never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reportlab.pdfgen.canvas import Canvas

from migdesk.printing.colours import ACCENT, HAIR, MUTED, WARN, Colour
from migdesk.printing.flow import Halves, Piece, Row, Words, line
from migdesk.printing.text import Prose

_PAD, _GAP = 4.0, 10.0
_SMALL = 190.0
"""Height in points up to which a table moves to the next page rather than be cut."""


@dataclass
class TableRow:
    """The cells of a row; `kind` is "row", "total" or "warning"."""

    cells: Sequence[Prose]
    kind: str = "row"


@dataclass
class TablePiece(Piece):
    """A table. `shares` are the columns' parts of the width, 0 to fit the content."""

    header: TableRow
    rows: Sequence[TableRow]
    shares: Sequence[float]
    rtl: bool = False
    write_in: bool = False
    before: float = 6.0
    after: float = 10.0
    joins_next: bool = False
    widths: dict[float, list[float]] = field(default_factory=dict)

    def height(self, width: float) -> float:
        return self._head(width) + sum(self._high(row, width) for row in self.rows)

    def least(self, width: float) -> float:
        if self._is_small(width):
            return self.height(width)
        first = self.rows[: self._block(0)]
        return self._head(width) + sum(self._high(row, width) for row in first)

    def cut(self, width: float, room: float, must: bool) -> Halves:
        if not must and self._is_small(width) and self.height(width) > room + 0.01:
            return None, self
        used = self._head(width)
        index = 0
        while index < len(self.rows):
            end = self._block(index)
            used += sum(self._high(row, width) for row in self.rows[index:end])
            if used > room + 0.01:
                break
            index = end
        if index == len(self.rows):
            return self, None
        if index:
            return self._slice(self.rows[:index]), self._slice(self.rows[index:])
        return self._cut_row(width, room) if must else (None, self)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        bottom = top - self._head(width)
        self._row(self.header, width).draw(canvas, x, top - _PAD, width)
        line(canvas, x, bottom, x + width, ACCENT, 0.9)
        for row in self.rows:
            high = self._high(row, width)
            if row.kind != "row":
                line(canvas, x, bottom, x + width, _colour(row), 0.9)
            self._row(row, width).draw(canvas, x, bottom - _PAD, width)
            bottom -= high
            if row.kind == "row":
                line(canvas, x, bottom, x + width, MUTED if self.write_in else HAIR)
        if self.write_in:
            self._rule(canvas, x, top, bottom, width)

    def _rule(self, canvas: Canvas, x: float, top: float, bottom: float, width: float) -> None:
        """Vertical lines between cells to write in, halfway in the gap."""
        sizes = self._sizes(width)
        edge = x - _GAP / 2
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(0.5)
        for size in _inner(sizes, self.rtl):
            edge += size + _GAP
            canvas.line(edge, top - self._head(width), edge, bottom)

    def _is_small(self, width: float) -> bool:
        return len(self.rows) < 12 and self.height(width) <= _SMALL

    def _slice(self, rows: Sequence[TableRow]) -> TablePiece:
        return replace(self, rows=rows)

    def _cut_row(self, width: float, room: float) -> Halves:
        """Cut the first row, higher than a page, by the lines of its cells."""
        first = self.rows[0]
        left = room - self._head(width) - 2 * _PAD
        heads: list[Prose] = []
        tails: list[Prose] = []
        for prose, size in zip(first.cells, self._sizes(width), strict=True):
            count = max(1, int(left / prose.style.leading))
            head, tail = prose.cut(size, count)
            heads.append(head)
            tails.append(tail)
        if not any(prose.text for prose in tails):
            return self._slice(self.rows[:1]), self._slice(self.rows[1:])
        rest = [replace(first, cells=tails), *self.rows[1:]]
        return self._slice([replace(first, cells=heads)]), self._slice(rest)

    def _block(self, index: int) -> int:
        """End of the rows that stay with row `index`: totals stay with the last."""
        end = index + 1
        while end < len(self.rows) and self.rows[end].kind != "row":
            end += 1
        return end

    def _head(self, width: float) -> float:
        return self._high(self.header, width)

    def _high(self, row: TableRow, width: float) -> float:
        sizes = self._sizes(width)
        high = max(p.height(w) for p, w in zip(row.cells, sizes, strict=True)) + 2 * _PAD
        return max(high, 24.0) if self.write_in else high

    def _row(self, row: TableRow, width: float) -> Row:
        sizes = self._sizes(width)
        cells = [(Words(p), max(w, 1.0)) for p, w in zip(row.cells, sizes, strict=True)]
        return Row(cells, _GAP, self.rtl)

    def _sizes(self, width: float) -> list[float]:
        if width not in self.widths:
            self.widths[width] = self._fit(width - _GAP * (len(self.shares) - 1))
        return self.widths[width]

    def _fit(self, width: float) -> list[float]:
        """Widths of columns: shares where given, otherwise what the words ask for."""
        if all(self.shares):
            return [width * share / sum(self.shares) for share in self.shares]
        widest, longest = self._wishes()
        least = [min(size, width * 0.4) for size in widest]
        if sum(least) >= width:
            return [width * size / sum(least) for size in least]
        want = [max(full, floor) - floor for full, floor in zip(longest, least, strict=True)]
        spare = width - sum(least)
        if sum(want) > spare:
            # Longer texts ask for more, but not in proportion: else one long remark
            # would leave every other column one word wide.
            weights = [size**0.6 for size in want]
            return _poured(least, want, weights, spare)
        left = spare - sum(want)
        texts = [0.0 if p.style.align == "end" else 1.0 for p in self.header.cells]
        texts = texts if any(texts) else [1.0] * len(texts)
        return [
            floor + wish + left * text / sum(texts)
            for floor, wish, text in zip(least, want, texts, strict=True)
        ]

    def _wishes(self) -> tuple[list[float], list[float]]:
        widest = [0.0] * len(self.shares)
        longest = [0.0] * len(self.shares)
        for row in (self.header, *self.rows):
            for index, prose in enumerate(row.cells):
                word, full = prose.natural()
                widest[index] = max(widest[index], word)
                longest[index] = max(longest[index], full)
        return widest, longest


def _poured(
    least: list[float], want: list[float], weights: list[float], spare: float
) -> list[float]:
    """Share `spare` by weight; none gets more than it wants, the rest goes round."""
    given = [0.0] * len(least)
    open_ = [i for i, wish in enumerate(want) if wish > 0]
    while open_ and spare > 0.1:
        total = sum(weights[i] for i in open_)
        shares = {i: spare * weights[i] / total for i in open_}
        for i, share in shares.items():
            step = min(share, want[i] - given[i])
            given[i] += step
            spare -= step
        open_ = [i for i in open_ if want[i] - given[i] > 0.01]
    return [floor + extra for floor, extra in zip(least, given, strict=True)]


def _colour(row: TableRow) -> Colour:
    return WARN if row.kind == "warning" else ACCENT


def _inner(sizes: Sequence[float], rtl: bool) -> list[float]:
    return (list(reversed(sizes)) if rtl else list(sizes))[:-1]

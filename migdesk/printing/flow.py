"""Pieces of a page: each knows its height, how to be cut by a page, and how to draw.

`cut` answers (what fits, what is left): ``(self, None)`` when all fits, ``(None,
self)`` when nothing may. With `must`, the piece begins a page, so it has to give
something: a piece that no page can hold is cut where it would rather not be, or runs
over. Lengths are in points; `top` is the upper edge, and y grows upwards.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from reportlab.pdfgen.canvas import Canvas

from migdesk.printing.colours import Colour
from migdesk.printing.text import Prose

_SLACK = 0.01


class Piece(ABC):
    """Something that takes room on a page."""

    before: float = 0.0
    after: float = 0.0
    joins_next: bool = False

    @abstractmethod
    def height(self, width: float) -> float:
        """Height in points at this width."""

    def least(self, width: float) -> float:
        """Height of the smallest part that may begin at the foot of a page."""
        return self.height(width)

    def cut(self, width: float, room: float, must: bool) -> Halves:
        if must or self.height(width) <= room + _SLACK:
            return self, None
        return None, self

    @abstractmethod
    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """Draw within `width` points from `x`, downwards from `top`."""


Halves: TypeAlias = tuple[Piece | None, Piece | None]


@dataclass
class Words(Piece):
    """A text. Never leaves one line alone before or after a cut."""

    prose: Prose
    before: float = 0.0
    after: float = 0.0
    joins_next: bool = False

    def height(self, width: float) -> float:
        return self.prose.height(width)

    def least(self, width: float) -> float:
        count = len(self.prose.lines(width))
        return self.prose.style.leading * (count if count < 4 else 2)

    def cut(self, width: float, room: float, must: bool) -> Halves:
        count = len(self.prose.lines(width))
        fits = int((room + _SLACK) / self.prose.style.leading)
        if fits >= count:
            return self, None
        fits = min(fits, count - 2)
        if fits < 2 and not must:
            return None, self
        if count == 1:
            return self, None
        head, tail = self.prose.cut(width, max(fits, 1))
        return replace(self, prose=head), replace(self, prose=tail, before=0.0)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.prose.draw(canvas, x, top, width)


@dataclass
class Stack(Piece):
    """Pieces one under the other. A `whole` stack is cut only if no page holds it."""

    pieces: Sequence[Piece]
    before: float = 0.0
    after: float = 0.0
    joins_next: bool = False
    whole: bool = False

    def height(self, width: float) -> float:
        return sum(gap + piece.height(width) for gap, piece in self._spaced())

    def least(self, width: float) -> float:
        if self.whole or not self.pieces:
            return self.height(width)
        return self.pieces[0].least(width) + self._reserve(0, width)

    def cut(self, width: float, room: float, must: bool) -> Halves:
        if self.whole and self.height(width) <= room + _SLACK:
            return self, None
        if self.whole and not must:
            return None, self
        used = 0.0
        for index, (gap, piece) in enumerate(self._spaced()):
            left = room - used - gap - self._reserve(index, width)
            head, tail = piece.cut(width, left, must and index == 0)
            if head is piece and tail is None:
                used += gap + piece.height(width)
                continue
            return self._halves(index, head, tail)
        return self, None

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        for gap, piece in self._spaced():
            top -= gap
            piece.draw(canvas, x, top, width)
            top -= piece.height(width)

    def _spaced(self) -> list[tuple[float, Piece]]:
        """Each piece with the space above it; none above the first."""
        gaps = [max(upper.after, lower.before) for upper, lower in pairwise(self.pieces)]
        return list(zip([0.0, *gaps], self.pieces, strict=False))

    def _reserve(self, index: int, width: float) -> float:
        """Room to leave below a piece that may not stand without its next."""
        room = 0.0
        while self.pieces[index].joins_next and index + 1 < len(self.pieces):
            here, following = self.pieces[index], self.pieces[index + 1]
            room += max(here.after, following.before) + following.least(width)
            index += 1
        return room

    def _halves(self, index: int, head: Piece | None, tail: Piece | None) -> Halves:
        first = [*self.pieces[:index], *([head] if head else [])]
        rest = [*([tail] if tail else []), *self.pieces[index + 1 :]]
        return (
            replace(self, pieces=first) if first else None,
            replace(self, pieces=rest, before=0.0) if rest else None,
        )


@dataclass
class Gap(Piece):
    """Empty room."""

    size: float = 0.0

    def height(self, width: float) -> float:
        return self.size

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        return


@dataclass
class Drawn(Piece):
    """A drawing of fixed height: `paint(canvas, x, top, width)`."""

    size: float
    paint: Callable[[Canvas, float, float, float], None]
    before: float = 0.0
    after: float = 0.0
    joins_next: bool = False

    def height(self, width: float) -> float:
        return self.size

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        self.paint(canvas, x, top, width)


class Share(float):
    """A width in parts of what the fixed cells of a row leave."""


@dataclass
class Row(Piece):
    """Pieces side by side. A cell is (piece, width), in points or as a `Share`. Cells
    are mirrored on a right-to-left page."""

    cells: Sequence[tuple[Piece, float]]
    gap: float = 0.0
    rtl: bool = False
    before: float = 0.0
    after: float = 0.0
    joins_next: bool = False

    def height(self, width: float) -> float:
        return max((p.height(w) for (p, _), w in self._sized(width)), default=0.0)

    def cut(self, width: float, room: float, must: bool) -> Halves:
        if self.height(width) <= room + _SLACK:
            return self, None
        if not must:
            return None, self
        heads: list[tuple[Piece, float]] = []
        tails: list[tuple[Piece, float]] = []
        for (piece, size), wide in self._sized(width):
            head, tail = piece.cut(wide, room, True)
            heads.append((head or Gap(), size))
            tails.append((tail or Gap(), size))
        if all(isinstance(piece, Gap) for piece, _ in tails):
            return self, None
        return replace(self, cells=heads), replace(self, cells=tails, before=0.0)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        sized = self._sized(width)
        for (piece, _), wide in reversed(sized) if self.rtl else sized:
            piece.draw(canvas, x, top, wide)
            x += wide + self.gap

    def _sized(self, width: float) -> list[tuple[tuple[Piece, float], float]]:
        fixed = sum(size for _, size in self.cells if not isinstance(size, Share))
        parts = sum(size for _, size in self.cells if isinstance(size, Share)) or 1.0
        spare = width - fixed - self.gap * (len(self.cells) - 1)
        return [
            (cell, spare * cell[1] / parts if isinstance(cell[1], Share) else cell[1])
            for cell in self.cells
        ]


@dataclass
class Framed(Piece):
    """A piece on a tint or in a thin frame, with a bar on its reading side."""

    inside: Piece
    padding: float = 9.0
    tint: Colour | None = None
    bar: Colour | None = None
    frame: Colour | None = None
    rtl: bool = False
    before: float = 0.0
    after: float = 0.0
    joins_next: bool = False

    def height(self, width: float) -> float:
        return self.inside.height(width - 2 * self.padding) + 2 * self.padding

    def least(self, width: float) -> float:
        return self.inside.least(width - 2 * self.padding) + 2 * self.padding

    def cut(self, width: float, room: float, must: bool) -> Halves:
        inner = width - 2 * self.padding
        head, tail = self.inside.cut(inner, room - 2 * self.padding, must)
        if head is None or tail is None:
            return (self, None) if tail is None else (None, self)
        return replace(self, inside=head), replace(self, inside=tail, before=0.0)

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        high = self.height(width)
        if self.tint:
            canvas.setFillColor(self.tint)
            canvas.rect(x, top - high, width, high, stroke=0, fill=1)
        if self.bar:
            canvas.setFillColor(self.bar)
            edge = x + width - 2.5 if self.rtl else x
            canvas.rect(edge, top - high, 2.5, high, stroke=0, fill=1)
        if self.frame:
            canvas.setStrokeColor(self.frame)
            canvas.setLineWidth(0.6)
            canvas.roundRect(x, top - high, width, high, 3, stroke=1, fill=0)
        self.inside.draw(canvas, x + self.padding, top - self.padding, width - 2 * self.padding)


def line(
    canvas: Canvas, x: float, y: float, end: float, colour: Colour, weight: float = 0.5
) -> None:
    """A horizontal line from `x` to `end`."""
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(weight)
    canvas.line(x, y, end, y)

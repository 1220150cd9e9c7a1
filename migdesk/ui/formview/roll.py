"""A page of any length: only the boxes in sight, and the last ones seen, are widgets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from migdesk.ui.theme import px

from .blocks import Cell, Line
from .box import Box

GAP = 20
SIDE = 24
EDGE = 16
BESIDE = 16
AHEAD = 240
KEPT = 48
"""Boxes out of sight that are kept for when somebody scrolls back."""


class Roll(QScrollArea):
    """Lines of cells under one another. `make` makes the box of a cell, `show` shows in it
    how things stand; both are asked only for what comes in sight."""

    def __init__(
        self, make: Callable[[Cell], Box], show: Callable[[Box, Cell], object]
    ) -> None:
        super().__init__()
        self._make, self._show = make, show
        self.boxes: dict[str, Box] = {}
        self._lines: list[Line] = []
        self._heights: list[int] = []
        self._tops: list[int] = [EDGE]
        self._known: dict[tuple[str, int], int] = {}
        self._line_of: dict[str, int] = {}
        self._fresh: set[str] = set()
        self._sized: set[str] = set()
        self._busy = False
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.place = QWidget()
        # On the card, not on the page: the ground of a field is that of the card too.
        self.place.setBackgroundRole(QPalette.ColorRole.Base)
        self.place.installEventFilter(self)
        self.setWidget(self.place)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.arrange())

    # what is on it ------------------------------------------------------------

    def lay(self, lines: list[Line]) -> None:
        """Show these lines; boxes that stay are kept, with the focus in them."""
        wanted = {cell.key for line in lines for cell in line}
        for key in [key for key in self.boxes if key not in wanted]:
            self._drop(key)
        anchor = self._anchor()
        self._lines = lines
        self._line_of = {
            key: row
            for row, line in enumerate(lines)
            for cell in line
            for key in (cell.key, *(stop.key for stop in cell.stops))
        }
        self._guess()
        self._hold(anchor)
        self.refresh()

    def refresh(self) -> None:
        """What is in sight shows how things stand now; the rest when it comes in sight."""
        self._fresh.clear()
        self._sized.clear()
        self.arrange()

    def _drop(self, key: str) -> None:
        box = self.boxes.pop(key)
        self._fresh.discard(key)
        self._sized.discard(key)
        box.hide()
        box.deleteLater()

    def _guess(self) -> None:
        width = self._width()
        self._heights = [
            max(self._known.get((cell.key, width)) or px(cell.guess) for cell in line)
            for line in self._lines
        ]
        self._add_up()

    def _add_up(self) -> None:
        self._tops = list(accumulate((h + GAP for h in self._heights), initial=EDGE))

    def _width(self) -> int:
        """Room for a line; the same whether or not the scroll bar shows."""
        return max(self.width() - self.verticalScrollBar().sizeHint().width() - 2 * SIDE, 100)

    # places -------------------------------------------------------------------

    def _anchor(self) -> tuple[str, int]:
        """The first cell in sight, and how far above the edge its line begins."""
        y = self.verticalScrollBar().value()
        row = max(bisect_right(self._tops, y) - 1, 0)
        if row >= len(self._lines):
            return "", 0
        return self._lines[row][0].key, y - self._tops[row]

    def _hold(self, anchor: tuple[str, int]) -> None:
        """Size the page; what was at the edge stays there."""
        key, below = anchor
        self.place.resize(self.viewport().width(), self._tops[-1] - GAP + EDGE)
        row = self._line_of.get(key)
        if row is not None:
            self.verticalScrollBar().setValue(self._tops[row] + below)

    def arrange(self) -> None:
        """Make, measure and place what is in sight."""
        if self._busy:
            return
        self._busy = True
        try:
            rows = self._in_sight()
            for _again in range(4):
                if not self._measure(rows):
                    break
                rows = self._in_sight()
            else:
                self._measure(rows)
            self._put(rows)
            self._forget(rows)
        finally:
            self._busy = False

    def _in_sight(self) -> range:
        y = self.verticalScrollBar().value()
        first = max(bisect_right(self._tops, y - AHEAD) - 1, 0)
        end = bisect_left(self._tops, y + self.viewport().height() + AHEAD)
        return range(first, min(end, len(self._lines)))

    def _measure(self, rows: range) -> bool:
        """Whether some line is not as high as was thought."""
        anchor = self._anchor()
        before = [self._heights[row] for row in rows]
        width = self._width()
        for row in rows:
            spans = self._spans(self._lines[row])
            highest = 0
            for cell, wide in zip(self._lines[row], spans, strict=True):
                box = self._box(cell)
                if cell.key not in self._sized:
                    self._sized.add(cell.key)
                    height = box.heightForWidth(wide)
                    height = height if height >= 0 else box.sizeHint().height()
                    self._known[cell.key, width] = height
                highest = max(highest, self._known[cell.key, width])
            self._heights[row] = highest
        if before == [self._heights[row] for row in rows]:
            return False
        self._add_up()
        self._hold(anchor)
        return True

    def _spans(self, line: Line) -> list[int]:
        """Widths of the cells of a line."""
        whole = self._width() - BESIDE * (len(line) - 1)
        parts = sum(cell.span for cell in line)
        return [whole * cell.span // parts for cell in line]

    def _box(self, cell: Cell) -> Box:
        """The box of a cell, showing how things stand. A box is measured as it will be
        painted, so it is shown first, far away."""
        box = self.boxes.get(cell.key)
        if box is None:
            box = self.boxes[cell.key] = self._make(cell)
            box.setParent(self.place)
            box.move(0, -10_000)
        if cell.key not in self._fresh:
            self._fresh.add(cell.key)
            self._show(box, cell)
        if box.isHidden():
            box.show()
        return box

    def _put(self, rows: range) -> None:
        for row in rows:
            x = SIDE
            for cell, wide in zip(self._lines[row], self._spans(self._lines[row]), strict=True):
                place = QRect(x, self._tops[row], wide, self._heights[row])
                if self.isRightToLeft():
                    place.moveRight(self.place.width() - x)
                self.boxes[cell.key].setGeometry(place)
                x += wide + BESIDE

    def _forget(self, rows: range) -> None:
        """Hide what is out of sight, and let go of what was seen longest ago."""
        sight = {cell.key for row in rows for cell in self._lines[row]}
        for key in sight:
            self.boxes[key] = self.boxes.pop(key)
        away = [key for key in self.boxes if key not in sight]
        focus = QApplication.focusWidget()
        for place, key in enumerate(away):
            box = self.boxes[key]
            if focus is not None and box.isAncestorOf(focus):
                row = self._line_of[key]
                box.move(box.x(), self._tops[row])
            elif len(away) - place > KEPT:
                self._drop(key)
            else:
                box.hide()

    # moving -------------------------------------------------------------------

    def reveal(self, key: str) -> None:
        """Scroll until the line of a stop is in sight, whole if there is room."""
        row = self._line_of.get(key)
        if row is None:
            return
        bar = self.verticalScrollBar()
        for _again in range(3):
            top, bottom = self._tops[row] - SIDE, self._tops[row] + self._heights[row] + SIDE
            y, height = bar.value(), self.viewport().height()
            wanted = max(min(y, top), min(bottom - height, top))
            if wanted == y:
                break
            bar.setValue(wanted)
        self.arrange()

    def ensureWidgetVisible(self, child: QWidget, x: int = 0, y: int = 0) -> None:
        """Qt asks for this when the focus moves; a line is shown whole by `reveal`."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        anchor = self._anchor()
        self._sized.clear()
        self._guess()
        self._hold(anchor)
        self.arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A box asks for another height: an error came, a list opened.
        if watched is self.place and event.type() == QEvent.Type.LayoutRequest:
            self._sized.clear()
            self.arrange()
            return True
        return super().eventFilter(watched, event)

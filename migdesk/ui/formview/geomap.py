"""A map without network: a grid of degrees, a scale, and the points of an answer.

Mercator's projection, so that a shape keeps its form at every size. North is up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from migdesk.forms.xpath.geo import RADIUS
from migdesk.i18n import _
from migdesk.services.geo_words import length_words
from migdesk.ui.theme import Tokens, px, tokens

from .geowords import degrees_words, grid_step, round_down

Point = tuple[float, float]
DEGREE_M = math.pi * RADIUS / 180
"""Metres of one degree of latitude."""
LEAST, MOST = 0.6, 4_000_000.0
"""Pixels of one degree: the whole Earth, and a step of a foot."""
NEAR = 12
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


def mercator(latitude: float) -> float:
    """Height on the map, in degrees of longitude."""
    bounded = max(-85.0, min(85.0, latitude))
    return math.degrees(math.asinh(math.tan(math.radians(bounded))))


def latitude_of(height: float) -> float:
    """The other way round."""
    return math.degrees(math.atan(math.sinh(math.radians(height))))


class GeoMap(QWidget):
    """`changed(points)` when a person sets, moves or removes a point. `kind` is the type
    of the question; `known`: other places to see, with their names."""

    changed = Signal(list)

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.points: list[Point] = []
        self.known: list[tuple[str, Point]] = []
        self.may = True
        self.chosen = -1
        self._centre = QPointF(0, 0)
        self._zoom = LEAST
        self._fitted = False
        self._fresh = False
        self._past: list[list[Point]] = []
        self._grip: QPointF | None = None
        self._held = -1
        self._moved = False
        self._mouse: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Map"))
        self.help = _(
            "Click to set a point, drag it to move it, right click to remove it. With the "
            "keyboard: the arrows move the map, + and − change its size, the space bar "
            "sets a point at the cross, [ and ] choose a point, Backspace removes it."
        )
        self.setAccessibleDescription(self.help)
        self.setToolTip(self.help)

    def sizeHint(self) -> QSize:
        return QSize(px(560), px(260))

    # what is shown ------------------------------------------------------------

    def show_points(self, points: Sequence[Point]) -> None:
        """Other points; the map moves only if it has shown none before."""
        found = list(points)
        if found != self.points:
            self.points = found
            self.chosen = min(self.chosen, len(found) - 1)
        if found and not self._fitted:
            self.fit()
        self.update()

    def fit(self) -> None:
        """Show all points, or the places known around, or the whole Earth."""
        seen = self.points or [point for _name, point in self.known]
        self._fresh = True
        self._fitted = bool(self.points)
        if not seen:
            self._centre, self._zoom = QPointF(0, 12), max(LEAST, self.width() / 340)
            self.update()
            return
        xs = [longitude for _latitude, longitude in seen]
        ys = [mercator(latitude) for latitude, _longitude in seen]
        self._centre = QPointF((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        wide = max(max(xs) - min(xs), 0.004) * 1.4
        high = max(max(ys) - min(ys), 0.002) * 1.4
        room = min(self.width() / wide, self.height() / high)
        self._zoom = max(LEAST, min(MOST, room))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A map that was fitted before it had its size is fitted again."""
        if self._fresh:
            self.fit()

    def to_screen(self, point: Point) -> QPointF:
        """Where a place lies on the widget."""
        x = (point[1] - self._centre.x()) * self._zoom
        y = (self._centre.y() - mercator(point[0])) * self._zoom
        return QPointF(self.width() / 2 + x, self.height() / 2 + y)

    def to_place(self, at: QPointF) -> Point:
        """The place under a point of the widget."""
        x = self._centre.x() + (at.x() - self.width() / 2) / self._zoom
        y = self._centre.y() - (at.y() - self.height() / 2) / self._zoom
        return latitude_of(y), (x + 180) % 360 - 180

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Larger or smaller, around a point of the widget."""
        self._fresh = False
        middle = at or QPointF(self.width() / 2, self.height() / 2)
        off = middle - QPointF(self.width() / 2, self.height() / 2)
        before = QPointF(off.x(), -off.y()) / self._zoom
        self._zoom = max(LEAST, min(MOST, self._zoom * factor))
        self._centre += before - QPointF(off.x(), -off.y()) / self._zoom
        self.update()

    # changing -----------------------------------------------------------------

    def place(self, point: Point) -> None:
        """Set a point: the only one, the one chosen, or one more at the end."""
        if self.kind == "geopoint":
            self._change([point])
        elif 0 <= self.chosen < len(self.points):
            self._change([*self.points[: self.chosen], point, *self.points[self.chosen + 1 :]])
        else:
            self._change([*self.points, point])

    def remove(self, place: int) -> None:
        """Remove a point."""
        if 0 <= place < len(self.points):
            self._change([*self.points[:place], *self.points[place + 1 :]])

    def undo(self) -> None:
        """The points as they were before the last change."""
        if self._past:
            self._say(self._past.pop())

    def _change(self, points: list[Point]) -> None:
        if self.may:
            self._past.append(list(self.points))
            self._say(points)

    def _say(self, points: list[Point]) -> None:
        self._fitted = True
        self.points = points
        self.chosen = min(self.chosen, len(points) - 1)
        self.update()
        self.changed.emit(points)

    def forget(self) -> None:
        """Another question: nothing to take back, nothing chosen."""
        self._past, self.chosen, self._fitted = [], -1, False

    def _under(self, at: QPointF) -> int:
        """The point of the answer under the mouse, -1 if there is none."""
        for place, point in enumerate(self.points):
            off = self.to_screen(point) - at
            if math.hypot(off.x(), off.y()) <= px(NEAR):
                return place
        return -1

    # mouse --------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        at = event.position()
        under = self._under(at)
        if event.button() == Qt.MouseButton.RightButton:
            self.remove(under)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._grip, self._moved = at, False
            self._held = under if self.may else -1
            if self._held >= 0:
                self._before = list(self.points)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = at = event.position()
        if self._grip is not None:
            off = at - self._grip
            if self._moved or math.hypot(off.x(), off.y()) > px(4):
                self._moved = True
                self._drag(at, off)
        self.update()

    def _drag(self, at: QPointF, off: QPointF) -> None:
        if self._held >= 0:
            self.points[self._held] = self.to_place(at)
        else:
            self._grip, self._fresh = at, False
            self._centre += QPointF(-off.x(), off.y()) / self._zoom

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grip, self._grip = self._grip, None
        if grip is None:
            return
        if self._held >= 0:
            if self._moved:
                self._past.append(self._before)
                self._say(self.points)
            else:
                self.chosen = self._held
        elif not self._moved:
            self.chosen = -1
            self.place(self.to_place(event.position()))
        self._held = -1
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._mouse = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus, so that a page scrolls past the map."""
        if not self.hasFocus():
            event.ignore()
            return
        self.zoom(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    # keys ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = Qt.Key(event.key()), event.text()
        held = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key in STEPS:
            dx, dy = STEPS[key]
            self._centre += QPointF(dx, dy) * (px(4 if held else 32) / self._zoom)
            self.update()
        elif text in ("+", "="):
            self.zoom(1.5)
        elif text in ("-", "_"):
            self.zoom(1 / 1.5)
        elif key == Qt.Key.Key_Space:
            self.place(self.to_place(QPointF(self.width() / 2, self.height() / 2)))
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.remove(self.chosen if self.chosen >= 0 else len(self.points) - 1)
        elif text in ("[", "]") and self.points:
            self._choose(1 if text == "]" else -1)
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _choose(self, step: int) -> None:
        """The next point of the answer, in the middle of the map."""
        start = self.chosen if self.chosen >= 0 else (-1 if step > 0 else 0)
        self.chosen = (start + step) % len(self.points)
        latitude, longitude = self.points[self.chosen]
        self._centre = QPointF(longitude, mercator(latitude))
        self.update()

    # painting -----------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect())
        painter.fillRect(self.rect(), QColor(colours.page))
        font = QFont(self.font())
        font.setPixelSize(px(11))
        painter.setFont(font)
        self._grid(painter, colours)
        for name, point in self.known:
            self._spot(painter, self.to_screen(point), colours.muted, px(4))
            self._words(painter, self.to_screen(point) + QPointF(px(8), px(4)), name, colours)
        self._answer(painter, colours)
        self._scale(painter, colours)
        if self.hasFocus():
            self._cross(painter, colours)
        focused = self.hasFocus()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.accent if focused else colours.edge), 1 + focused))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _grid(self, painter: QPainter, colours: Tokens) -> None:
        """Meridians and parallels, about a hundred pixels apart, with their degrees."""
        step = grid_step(px(110) / self._zoom)
        north, west = self.to_place(QPointF(0, 0))[0], self._left()
        south = self.to_place(QPointF(0, self.height()))[0]
        east = west + self.width() / self._zoom
        pen, words = QPen(QColor(colours.line), 1), QColor(colours.muted)
        for place in range(math.ceil(west / step), math.floor(east / step) + 1):
            x = self.to_screen((0, place * step)).x()
            painter.setPen(pen)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            painter.setPen(words)
            said = degrees_words((place * step + 180) % 360 - 180, step, _("E"), _("W"))
            painter.drawText(QPointF(x + px(3), px(13)), said)
        for place in range(math.ceil(south / step), math.floor(north / step) + 1):
            y = self.to_screen((place * step, 0)).y()
            painter.setPen(pen)
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            painter.setPen(words)
            said = degrees_words(place * step, step, _("N"), _("S"))
            if px(28) < y < self.height() - px(36):
                painter.drawText(QPointF(px(4), y - px(3)), said)

    def _left(self) -> float:
        return self._centre.x() - self.width() / 2 / self._zoom

    def _answer(self, painter: QPainter, colours: Tokens) -> None:
        seen = [self.to_screen(point) for point in self.points]
        painter.setPen(QPen(QColor(colours.accent), 2))
        if self.kind == "geoshape" and len(seen) > 2:
            wash = QColor(colours.accent)
            wash.setAlpha(48)
            painter.setBrush(wash)
            painter.drawPolygon(QPolygonF(seen))
        elif self.kind != "geopoint":
            painter.drawPolyline(QPolygonF(seen))
        for place, at in enumerate(seen):
            size = px(7) if place == self.chosen else px(5)
            tone = colours.late if place == self.chosen else colours.accent
            self._spot(painter, at, tone, size)

    def _spot(self, painter: QPainter, at: QPointF, colour: str, size: float) -> None:
        painter.setPen(QPen(QColor(tokens().surface), 2))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(at, size, size)

    def _scale(self, painter: QPainter, colours: Tokens) -> None:
        """A bar of a round length, and the place under the mouse or the cross."""
        middle = self.to_place(QPointF(self.width() / 2, self.height() / 2))[0]
        metre = self._zoom / (DEGREE_M * max(math.cos(math.radians(middle)), 0.01))
        length = round_down(px(140) / metre)
        y, x = self.height() - px(12), px(12)
        self._words(painter, QPointF(x, y - px(8)), length_words(length), colours)
        painter.setPen(QPen(QColor(colours.text), 2))
        end = x + length * metre
        painter.drawLine(QPointF(x, y), QPointF(end, y))
        for tip in (x, end):
            painter.drawLine(QPointF(tip, y - px(4)), QPointF(tip, y + px(4)))
        at = self._mouse or QPointF(self.width() / 2, self.height() / 2)
        latitude, longitude = self.to_place(at)
        words = f"{latitude:.5f} {longitude:.5f}"
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words)
        self._words(painter, QPointF(self.width() - wide - px(12), y), words, colours)

    def _words(self, painter: QPainter, at: QPointF, words: str, colours: Tokens) -> None:
        """Words on a ground of their own: they lie over lines."""
        metrics = QFontMetricsF(painter.font())
        box = QRectF(at.x() - 3, at.y() - metrics.ascent() - 1, 0, metrics.height() + 2)
        box.setWidth(metrics.horizontalAdvance(words) + 6)
        ground = QColor(colours.surface)
        ground.setAlpha(210)
        painter.fillRect(box, ground)
        painter.setPen(QColor(colours.text))
        painter.drawText(at, words)

    def _cross(self, painter: QPainter, colours: Tokens) -> None:
        middle, arm = QPointF(self.width() / 2, self.height() / 2), px(10)
        painter.setPen(QPen(QColor(colours.text), 1))
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))

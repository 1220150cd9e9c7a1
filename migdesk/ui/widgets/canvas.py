"""A sheet to draw on: by mouse, pen or finger, or by the arrow keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from migdesk.ui.theme import px, tokens

PAPER = "#ffffff"
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
STEP, FINE = 12, 2


@dataclass
class Stroke:
    """A line of the hand, in pixels of the sheet."""

    colour: str
    width: float
    points: list[QPointF] = field(default_factory=list)


class Canvas(QWidget):
    """`changed` after each stroke, undo or clearing. The sheet has its own size in pixels
    and is shown as large as there is room."""

    changed = Signal()

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self.size_ = size
        self.base = QImage()
        self.strokes: list[Stroke] = []
        self.colour = "#000000"
        self.line = 4.0
        self.may = True
        self._open: Stroke | None = None
        self._by_key = False
        self._at = QPointF(size.width() / 2, size.height() / 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # content ------------------------------------------------------------------

    @property
    def blank(self) -> bool:
        """Nothing on the sheet."""
        return self.base.isNull() and not self.strokes

    def load(self, image: QImage) -> None:
        """Draw on this picture; what was drawn before goes."""
        self.base = image
        self.strokes, self._open = [], None
        if not image.isNull():
            self.size_ = image.size()
            self._at = QPointF(image.width() / 2, image.height() / 2)
        self.updateGeometry()
        self.update()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self.strokes:
            self.strokes.pop()
            self._tell()

    def clear(self) -> None:
        """Take all strokes back."""
        self.strokes, self._open = [], None
        self._tell()

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def image(self) -> QImage:
        """The sheet with all strokes."""
        made = QImage(self.size_, QImage.Format.Format_RGB32)
        made.fill(QColor(PAPER))
        painter = QPainter(made)
        self._draw(painter)
        painter.end()
        return made

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.base.isNull():
            painter.drawImage(0, 0, self.base)
        for stroke in (*self.strokes, *([self._open] if self._open else [])):
            pen = QPen(QColor(stroke.colour), stroke.width * self._fat())
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            if len(stroke.points) == 1:
                painter.drawPoint(stroke.points[0])
            painter.drawPolyline(QPolygonF(stroke.points))

    def _fat(self) -> float:
        """A line is as thick on a large photograph as on a small sheet."""
        return max(self.size_.width(), self.size_.height()) / 1200

    # size ---------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(640), self.heightForWidth(px(640)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(100))

    def heightForWidth(self, width: int) -> int:
        return min(round(width * self.size_.height() / max(self.size_.width(), 1)), px(300))

    def _frame(self) -> QRectF:
        """Where the sheet lies on the widget."""
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        size = self.size_.toSizeF()
        size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        x = room.x() if not self.isRightToLeft() else room.right() - size.width()
        return QRectF(x, room.y(), size.width(), size.height())

    def _on_sheet(self, point: QPointF) -> QPointF:
        frame = self._frame()
        scale = self.size_.width() / max(frame.width(), 1)
        found = (point - frame.topLeft()) * scale
        return self._inside(found)

    def _inside(self, point: QPointF) -> QPointF:
        x = min(max(point.x(), 0), self.size_.width() - 1)
        return QPointF(x, min(max(point.y(), 0), self.size_.height() - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, frame, colours = QPainter(self), self._frame(), tokens()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(frame, QColor(PAPER))
        painter.save()
        painter.setClipRect(frame)
        painter.translate(frame.topLeft())
        scale = frame.width() / max(self.size_.width(), 1)
        painter.scale(scale, scale)
        self._draw(painter)
        painter.restore()
        focused = self.hasFocus()
        edge = QColor(colours.accent if focused else colours.edge)
        painter.setPen(QPen(edge, 2 if focused else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
        if focused and self._by_key:
            at = frame.topLeft() + self._at * scale
            arm = px(9)
            painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
            painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))

    # hand ---------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        if self.may and event.button() == Qt.MouseButton.LeftButton:
            self._by_key = False
            self._down(self._on_sheet(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._open is not None:
            self._move(self._on_sheet(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._up()

    def _down(self, at: QPointF) -> None:
        self._at = at
        self._open = Stroke(self.colour, self.line, [at])
        self.update()

    def _move(self, at: QPointF) -> None:
        self._at = at
        if self._open is not None:
            self._open.points.append(at)
        self.update()

    def _up(self) -> None:
        if self._open is not None:
            self.strokes.append(self._open)
            self._open = None
            self._tell()

    # keys ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self.may:
            super().keyPressEvent(event)
        elif key in ARROWS:
            held = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            step = (FINE if held else STEP) * self._fat()
            dx, dy = ARROWS[key]
            self._by_key = True
            self._move(self._inside(self._at + QPointF(dx * step, dy * step)))
        elif key == Qt.Key.Key_Space:
            self._by_key = True
            if self._open is None:
                self._down(self._at)
            else:
                self._up()
        else:
            super().keyPressEvent(event)

    def lift(self) -> None:
        """End a stroke that is still open."""
        self._up()

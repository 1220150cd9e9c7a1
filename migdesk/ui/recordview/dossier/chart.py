"""Columns drawn month by month, above and below nought."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from migdesk.ui.theme import px, tokens

HIGH, LOWEST = 190, 84
"""Pixels that a chart takes, and what it needs in a low window."""
FOOT = 22
WIDEST = 120
"""Pixels that one month takes at most: a single one is no wall."""


class MonthChart(QWidget):
    """Columns of one or two series; what is below nought is red. `told` is what a screen
    reader says, and names what is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: list[str] = []
        self.series: list[tuple[str, list[float]]] = []
        self.ends = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(px(HIGH))

    def show_months(
        self,
        labels: Sequence[str],
        series: Sequence[tuple[str, Sequence[float]]],
        ends: tuple[str, str],
        told: str,
    ) -> None:
        """Draw these; `ends` are the words beside the lowest and the highest figure."""
        self.labels = list(labels)
        self.series = [(name, list(values)) for name, values in series]
        self.ends = ends
        self.setAccessibleName(told)
        self.setToolTip(told)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(360), px(HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(LOWEST))

    def _colours(self) -> list[QColor]:
        return [QColor(tokens().accent), QColor(tokens().muted)]

    def paintEvent(self, event: QPaintEvent) -> None:
        values = [value for _name, row in self.series for value in row]
        if not values or not self.labels:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self._legend(painter)
        low, high = min(*values, 0.0), max(*values, 0.0)
        span = (high - low) or 1.0
        plot = QRectF(0, top, self.width(), self.height() - top - px(FOOT))
        nought = plot.bottom() - plot.height() * (0 - low) / span
        each = min(plot.width() / len(self.labels), px(WIDEST))
        part = each * 0.8 / max(len(self.series), 1)
        for place in range(len(self.labels)):
            for number, (_name, row) in enumerate(self.series):
                long = plot.height() * row[place] / span
                x = self._x(each * place + each * 0.1 + part * number, part)
                bar = QRectF(x, nought - max(long, 0), max(part - 1, 1), max(abs(long), 1))
                below = row[place] < 0
                colour = QColor(tokens().late) if below else self._colours()[number % 2]
                painter.fillRect(bar, colour)
        painter.setPen(QColor(tokens().line))
        painter.drawLine(0, round(nought), self.width(), round(nought))
        self._words(painter, plot, each)

    def _x(self, left: float, wide: float) -> float:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return self.width() - left - wide if mirrored else left

    def _legend(self, painter: QPainter) -> float:
        """Names of the series where there are several, and the ends; its height."""
        high = self.fontMetrics().height() + px(6)
        at = 0.0
        painter.setPen(QColor(tokens().muted))
        for number, (name, _row) in enumerate(self.series if len(self.series) > 1 else ()):
            wide = self.fontMetrics().horizontalAdvance(name) + px(26)
            box = QRectF(self._x(at, px(11)), px(4), px(11), px(11))
            painter.fillRect(box, self._colours()[number])
            room = QRectF(self._x(at + px(16), wide - px(16)), 0, wide - px(16), high)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
            at += wide
        words = " … ".join(part for part in self.ends if part)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing
        painter.drawText(QRectF(0, 0, self.width(), high), align, words)
        return float(high)

    def _words(self, painter: QPainter, plot: QRectF, each: float) -> None:
        """As many months below as there is room for."""
        painter.setPen(QColor(tokens().muted))
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in self.labels)
        step = max(1, round((widest + px(10)) / each + 0.5))
        for place in range(0, len(self.labels), step):
            room = QRectF(
                self._x(each * place, each * step), plot.bottom(), each * step, px(FOOT)
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.labels[place])

"""Bars drawn on the screen: a line a category, several series, or the parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from migdesk.i18n import _
from migdesk.services.count_words import HIDDEN, Laid, figure, percent_text
from migdesk.ui.theme import px, tokens


def _mixed(colour: str, ground: str, part: float) -> QColor:
    """A colour with so much of the ground in it."""
    a, b = QColor(colour), QColor(ground)
    return QColor.fromRgbF(
        a.redF() * (1 - part) + b.redF() * part,
        a.greenF() * (1 - part) + b.greenF() * part,
        a.blueF() * (1 - part) + b.blueF() * part,
    )


def series_colours(count: int) -> list[QColor]:
    """Colours of series from those of the theme; neighbours differ in lightness too."""
    t = tokens()
    found = [
        QColor(t.accent),
        _mixed(t.waiting, t.surface, 0.45),
        _mixed(t.muted, t.text, 0.3),
        _mixed(t.accent, t.surface, 0.6),
        _mixed(t.late, t.surface, 0.25),
        _mixed(t.muted, t.surface, 0.5),
        _mixed(t.done, t.surface, 0.3),
    ]
    return [found[place % len(found)] for place in range(count)]


class BarChart(QWidget):
    """The chart of a table. As high as its lines; the table beside it says the same."""

    def __init__(self) -> None:
        super().__init__()
        self.laid: Laid | None = None
        self.stacked = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_laid(self, laid: Laid | None, stacked: bool) -> None:
        """Draw this table, or nothing."""
        self.laid, self.stacked = laid, stacked and laid is not None and len(laid.series) > 1
        self.setAccessibleName(laid.title if laid else "")
        said = _("Chart. {caption}. The table above says the same.")
        self.setAccessibleDescription(said.format(caption=laid.caption) if laid else "")
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def _line(self) -> int:
        """Height of one category."""
        series = 1 if self.stacked or self.laid is None else max(len(self.laid.bars), 1)
        bar = px(20) if self.stacked else px(15)
        return max(series * bar, self.fontMetrics().height()) + px(9)

    def _legend(self, width: int) -> list[tuple[QRect, QRect, str]]:
        """Box, words and text of each series, in lines."""
        laid = self.laid
        if laid is None or len(laid.series) < 2:
            return []
        metrics, made = self.fontMetrics(), []
        x = y = 0
        for text in laid.series:
            wide = px(18) + min(metrics.horizontalAdvance(text), width - px(24)) + px(18)
            if x and x + wide > width:
                x, y = 0, y + metrics.height() + px(4)
            box = QRect(x, y + (metrics.height() - px(11)) // 2, px(11), px(11))
            words = QRect(x + px(18), y, wide - px(18), metrics.height())
            made.append((box, words, text))
            x += wide
        return made

    def _legend_height(self, width: int) -> int:
        legend = self._legend(width)
        return legend[-1][1].bottom() + px(12) if legend else 0

    def sizeHint(self) -> QSize:
        if self.laid is None:
            return QSize(px(280), 0)
        width = max(self.width(), px(280))
        return QSize(
            px(280), self._legend_height(width) + self._line() * len(self.laid.categories)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        laid = self.laid
        if laid is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        colours = series_colours(len(laid.bars))
        legend = self._legend(self.width())
        for (box, words, text), colour in zip(legend, colours, strict=False):
            painter.fillRect(self._mirrored(box), colour)
            self._text(painter, words, text, QColor(tokens().text))
        top = self._legend_height(self.width())
        for place, category in enumerate(laid.categories):
            self._category(painter, top + place * self._line(), category, place, colours)

    def _category(
        self, painter: QPainter, top: int, text: str, place: int, colours: Sequence[QColor]
    ) -> None:
        assert self.laid is not None
        label = min(self._label_width(), self.width() * 2 // 5)
        high = self._line() - px(9)
        self._text(painter, QRect(0, top, label, high), text, QColor(tokens().text))
        room = QRect(label + px(12), top, self.width() - label - px(12), high)
        values = [row[place] for row in self.laid.bars]
        if self.stacked:
            self._stacked(painter, room, values, colours)
        else:
            self._bars(painter, room, values, colours)

    def _label_width(self) -> int:
        assert self.laid is not None
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(c) for c in self.laid.categories), default=0)

    def _bars(
        self,
        painter: QPainter,
        room: QRect,
        values: Sequence[float | None],
        colours: Sequence[QColor],
    ) -> None:
        assert self.laid is not None
        longest = max((v for row in self.laid.bars for v in row if v is not None), default=0)
        figures = px(64)
        each = room.height() // max(len(values), 1)
        for place, (value, colour) in enumerate(zip(values, colours, strict=True)):
            long = round((room.width() - figures) * (value or 0) / longest) if longest else 0
            y = room.top() + place * each
            bar = QRect(room.left(), y + 1, max(long, 1), each - 2)
            hidden = value is None
            painter.fillRect(self._mirrored(bar), QColor(tokens().line) if hidden else colour)
            said = HIDDEN if value is None else self._figure(value)
            after = QRect(bar.right() + px(6), y, figures, each)
            self._text(painter, after, said, QColor(tokens().muted))

    def _figure(self, value: float) -> str:
        assert self.laid is not None
        return percent_text(value) if self.laid.unit == "%" else figure(value)

    def _stacked(
        self,
        painter: QPainter,
        room: QRect,
        values: Sequence[float | None],
        colours: Sequence[QColor],
    ) -> None:
        """Parts of a whole. With a hidden part there is no bar: the others would show it."""
        known = [value for value in values if value is not None]
        total = sum(known)
        if len(known) < len(values) or not total:
            painter.fillRect(self._mirrored(room), QColor(tokens().chip))
            said = HIDDEN if len(known) < len(values) else ""
            inner = room.adjusted(px(6), 0, 0, 0)
            self._text(painter, inner, said, QColor(tokens().muted))
            return
        at, metrics = 0.0, QFontMetrics(self.font())
        for value, colour in zip(known, colours, strict=True):
            long = room.width() * value / total
            left = room.left() + round(at)
            part = QRect(left, room.top(), round(at + long) - round(at), room.height())
            painter.fillRect(self._mirrored(part.adjusted(0, 0, -1, 0)), colour)
            said = percent_text(100 * value / total)
            if metrics.horizontalAdvance(said) + px(8) < part.width():
                over = "#ffffff" if colour.lightnessF() < 0.55 else "#000000"
                self._text(painter, part.adjusted(px(4), 0, 0, 0), said, QColor(over))
            at += long

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def _text(self, painter: QPainter, room: QRect, text: str, colour: QColor) -> None:
        painter.setPen(colour)
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        align = QStyle.visualAlignment(
            self.layoutDirection(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(self._mirrored(room), align, shown)

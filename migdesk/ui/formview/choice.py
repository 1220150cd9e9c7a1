"""One choice as a wide row: its key, its words, a tick when chosen. Painted by hand."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from migdesk.ui.theme import px, tokens

WORDS_PX = 15
KEY_PX = 12
ARROW_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class ChoiceButton(QAbstractButton):
    """Checkable; `key` is shown as what a person presses to choose it, "" for none;
    `pressed_key` also works where none is shown. `centred`: a step of a scale."""

    def __init__(self, text: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.key = key
        self.pressed_key = key
        self.centred = False
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_as(text)

    def show_as(self, text: str) -> None:
        """Other words (another language)."""
        self.setText(text)
        self.setAccessibleName(f"{self.key} {text}".strip())
        self.updateGeometry()

    def packed(self) -> None:
        """As wide as its words only: others come beside it."""
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        font = self._font(WORDS_PX)
        words = QFontMetrics(font).horizontalAdvance(self.text())
        return QSize(words + self._lead() + px(44), self.heightForWidth(px(640)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(140), px(44))

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width - self._lead() - px(44), px(60)), 10_000)
        font = self._font(WORDS_PX)
        box = QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
        return max(px(44), box.height() + px(20))

    def narrowest(self) -> int:
        """Width under which a word would be cut."""
        metrics = QFontMetrics(self._font(WORDS_PX))
        words = (metrics.horizontalAdvance(word) for word in self.text().split())
        return max(words, default=0) + self._lead() + px(48)

    def _lead(self) -> int:
        """Room before the words."""
        return px(52) if self.key else px(16)

    def _font(self, size: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(px(size))
        return font

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows are for the question around, which knows how its choices lie."""
        if event.key() in ARROW_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        rest = colours.chip if self.underMouse() else colours.surface
        ground = colours.wash if chosen else rest
        edge = colours.accent if chosen or self.hasFocus() else colours.edge
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        if self.key:
            self._paint_key(painter)
        painter.setFont(self._font(WORDS_PX))
        painter.setPen(QColor(colours.deep if chosen else colours.text))
        room = self.rect().adjusted(self._lead(), 0, -px(40), 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        if self.centred:
            flags = Qt.AlignmentFlag.AlignCenter
        align = QStyle.visualAlignment(self.layoutDirection(), flags)
        words = QStyle.visualRect(self.layoutDirection(), self.rect(), room)
        painter.drawText(words, align | Qt.TextFlag.TextWordWrap, self.text())
        if chosen:
            tick = QRect(self.width() - px(36), 0, px(24), self.height())
            self._paint_word(painter, tick, "✓")

    def _paint_key(self, painter: QPainter) -> None:
        colours = tokens()
        box = QRect(px(14), (self.height() - px(20)) // 2, px(24), px(20))
        box = QStyle.visualRect(self.layoutDirection(), self.rect(), box)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.chip))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(self._font(KEY_PX))
        painter.setPen(QColor(colours.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.key)

    def _paint_word(self, painter: QPainter, box: QRect, text: str) -> None:
        place = QStyle.visualRect(self.layoutDirection(), self.rect(), box)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

"""Dynamic properties, and the smallest styled parts: labels, keys, badges, cards."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)


def set_property(widget: QWidget, name: str, value: Any) -> None:
    """Set a property that the style sheet reads, and apply it at once."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def label(text: str, role: str = "", *, wrap: bool = False, tone: str = "") -> QLabel:
    """A label in a role of the sheet: title, subtitle, section, muted, caption, figure,
    strong."""
    made = QLabel(text)
    # Words of a record are words, never markup.
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if QGuiApplication.isRightToLeft():
        # Qt puts Latin words at the left even where the window is mirrored.
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    return made


class KeyHint(QLabel):
    """The key that does it, shown beside the action."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setProperty("role", "key")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class Badge(QLabel):
    """A word in a pill: tone "", accent, waiting, late or done."""

    def __init__(self, text: str = "", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "badge")
        self.setProperty("tone", tone)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_as(self, text: str, tone: str = "") -> None:
        """Other words, another tone."""
        self.setText(text)
        set_property(self, "tone", tone)
        self.setVisible(bool(text))


Pill = Badge


class Card(QFrame):
    """A white surface with a title, a word or a button at its right, and a body.

    Add to `body`. A card built without a title is only a surface.
    """

    def __init__(
        self, title: str = "", aside: QWidget | str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        self.head = QHBoxLayout()
        self.title = label(title, "section")
        self.aside = label(aside, "caption") if isinstance(aside, str) else aside
        if title or aside:
            self.head.addWidget(self.title, 1)
            self.head.addWidget(self.aside)
            column.addLayout(self.head)
            self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)


class ElidedLabel(QLabel):
    """One line that ends in “…” where there is no room; the whole is its tool tip."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4, self._line())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self._line())

    def _line(self) -> int:
        margins = self.contentsMargins()
        return self.fontMetrics().height() + margins.top() + margins.bottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        self.setToolTip("" if shown == self.text() else self.text())
        painter.setPen(option.palette.windowText().color())
        alignment = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter.drawText(room, alignment, shown)

"""Buttons that show the key that does the same."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from .styled import KeyHint, set_property

_NATIVE = QKeySequence.SequenceFormat.NativeText


class Button(QPushButton):
    """A button with the key that does the same. `role` is "", primary, flat or danger;
    `key` is shown and, if `shortcut` is given, pressed."""

    def __init__(
        self,
        text: str,
        clicked: Callable[[], object] | None = None,
        *,
        key: str = "",
        role: str = "",
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._hint: KeyHint | None = None
        super().__init__(text, parent)
        self.setAccessibleName(text)
        self.setAutoDefault(True)  # Enter presses it, as Space does
        if shortcut or key:
            self.setToolTip(QKeySequence(shortcut).toString(_NATIVE) if shortcut else key)
        if role:
            self.setProperty("role", role)
        if shortcut:
            self.setShortcut(shortcut)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())
        if key:
            self._hint = KeyHint(key, self)
            self._hint.setProperty("on", role)
            self.setProperty("keyed", True)

    def show_as(self, text: str, key: str, role: str = "") -> None:
        """Other words, another key beside them, another weight on the page."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(key)
        set_property(self, "role", role)
        if self._hint is not None:
            self._hint.setText(key)
            set_property(self._hint, "on", role)
            self._place_hint()
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # The sheet cannot see from a hint whether the button around it is enabled.
        if event.type() == QEvent.Type.EnabledChange and self._hint is not None:
            set_property(self._hint, "off", not self.isEnabled())

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        if self._hint is not None:
            size.setWidth(size.width() + self._hint.sizeHint().width() + 8)
        return size

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._hint is not None else super().minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words keep to their side of the button, the hint to the other."""
        if self._hint is None:
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        text, option.text = option.text, ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        used = self._hint.width() + 8
        room = self.rect().adjusted(14, 0, -14, 0)
        if self.isRightToLeft():
            room.setLeft(room.left() + used)
        else:
            room.setRight(room.right() - used)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        align = Qt.AlignmentFlag.AlignLeading
        painter.setPen(option.palette.buttonText().color())
        align = QStyle.visualAlignment(self.layoutDirection(), align)
        painter.drawText(room, align | flags, text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_hint()

    def _place_hint(self) -> None:
        if self._hint is not None:
            size = self._hint.sizeHint()
            x = 14 if self.isRightToLeft() else self.width() - size.width() - 14
            self._hint.setGeometry(
                x, (self.height() - size.height()) // 2, size.width(), size.height()
            )


class PrimaryButton(Button):
    """The one main thing to do on a page."""

    def __init__(
        self,
        text: str,
        clicked: Callable[[], object] | None = None,
        *,
        key: str = "",
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            text, clicked, key=key, role="primary", shortcut=shortcut, parent=parent
        )

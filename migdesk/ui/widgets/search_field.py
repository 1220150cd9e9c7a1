"""A field to search in: a magnifier, the words, the key that leads here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from migdesk.ui.icons import dress
from migdesk.ui.theme import px

from .styled import KeyHint, set_property

PAUSE_MS = 120


class SearchField(QFrame):
    """`searched(text)` follows the typing after a short pause; `line` is the field."""

    searched = Signal(str)

    def __init__(self, hint: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "search")
        self.line = QLineEdit()
        self.line.setProperty("role", "bare")
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(hint)
        self.line.setClearButtonEnabled(True)
        self.setFocusProxy(self.line)
        self.setMinimumHeight(px(34))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 8, 0)
        row.setSpacing(8)
        self.sign = QLabel()
        dress(self.sign, "magnify", 18)
        row.addWidget(self.sign)
        row.addWidget(self.line, 1)
        self.key = KeyHint(key)
        self.key.setVisible(bool(key))
        row.addWidget(self.key)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text))
        self.line.textChanged.connect(lambda _text: self._timer.start())
        self.line.installEventFilter(self)

    @property
    def text(self) -> str:
        """What is typed, without spaces around."""
        return self.line.text().strip()

    def clear(self) -> None:
        """Empty the field; nobody is told."""
        self.line.clear()
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_property(self, "focused", event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

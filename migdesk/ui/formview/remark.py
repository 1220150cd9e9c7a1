"""What somebody wants to note beside an answer, in a bar under the questions."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from migdesk.i18n import _
from migdesk.ui.widgets import Button, label

from .input import PAUSE_MS


class Remark(QFrame):
    """`noted(key, text)` while somebody types, at each pause; `left` when they are done."""

    noted = Signal(str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.key = ""
        self.words = label("")
        self.line = QLineEdit()
        self.line.setMaxLength(2000)
        self.button = Button(_("Keep"), self.close_bar, key=_("Enter"))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 16, 8)
        for part in (self.words, self.line, self.button):
            row.addWidget(part, 1 if part is self.line else 0)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.flush)
        self.line.textEdited.connect(lambda _text: self._wait.start())
        self.hide()

    def open_bar(self, key: str, number: str, text: str) -> None:
        """Write a comment on a question."""
        self.flush()
        self.key = key
        said = _("Comment on {number}").format(number=number) if number else _("Comment")
        self.words.setText(said)
        self.line.setAccessibleName(said)
        self.line.setText(text)
        self.show()
        self.line.setFocus()

    def flush(self) -> None:
        """Hand over what was typed."""
        self._wait.stop()
        if self.key and self.line.isModified():
            self.line.setModified(False)
            self.noted.emit(self.key, self.line.text())

    def close_bar(self) -> None:
        """Keep the comment and go back to the question."""
        if self.isHidden():
            return
        self.flush()
        self.key = ""
        self.hide()
        self.left.emit()

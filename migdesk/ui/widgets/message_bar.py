"""A line over the page: what was done, what stands in the way, one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from migdesk.i18n import _

from .styled import label, set_property

CALM_MS = 6_000


class MessageBar(QFrame):
    """Shows one message at a time. What went well goes by itself; the rest stays until
    it is closed or answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._words = label("", wrap=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._action = QPushButton()
        self._action.clicked.connect(self._act)
        self._close = QPushButton("✕")
        self._close.clicked.connect(self.hide)
        self._close.setProperty("role", "flat")
        self._close.setAccessibleName(_("Close the message"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self._then: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True, interval=CALM_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, "" when none is."""
        return self._words.text() if not self.isHidden() else ""

    def say(
        self, text: str, tone: str, action: str = "", then: Callable[[], object] | None = None
    ) -> None:
        """Show a message; `tone` is done, waiting or late."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self._then = then
        self._action.setText(action)
        self._action.setVisible(bool(action))
        set_property(self, "tone", tone)
        self.show()
        if tone == "done":
            self._timer.start()
        else:
            self._timer.stop()

    def _act(self) -> None:
        then, self._then = self._then, None
        self.hide()
        if then is not None:
            then()

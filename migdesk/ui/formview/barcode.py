"""A code read by a scanner that types, or typed by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QTimer

from migdesk.forms import Live

from .lines import LineInput

FAST = 0.05
"""Seconds between two signs at most: no hand is as quick for long, scanners are."""
SURE = 4
"""Quick signs in a row that show a scanner at work."""
END_MS = 120
BREAK = "⏎"
"""Shown for a line break inside a code (identity cards, contact cards)."""


class BarcodeInput(LineInput):
    """Takes the whole code: a scanner's Enter inside it is part of it, its last Enter goes
    on to the next question. What a hand types is an ordinary line."""

    clock: ClassVar[Callable[[], float]] = time.monotonic

    def __init__(self, live: Live) -> None:
        self._last = 0.0
        self._quick = 0
        self._before: str | None = None
        super().__init__(live)
        self._end = QTimer(self, singleShot=True, interval=END_MS)
        self._end.timeout.connect(self._whole)
        self.line.textEdited.connect(self._typed)

    def shown(self, live: Live) -> str:
        return live.text.replace("\n", BREAK)

    def _typed(self, text: str) -> None:
        """A sign came: how quick, and is it one after an Enter of the scanner?"""
        now = type(self).clock()
        self._quick = self._quick + 1 if now - self._last <= FAST else 1
        self._last = now
        before, self._before = self._before, None
        if before is not None and text.startswith(before):
            self._end.stop()
            self.line.setText(f"{before}{BREAK}{text[len(before) :]}")
            self.line.setModified(True)

    def take_enter(self) -> bool:
        """Wait a moment after a scanner's Enter: more of the code may follow."""
        quick = type(self).clock() - self._last <= FAST and self._quick >= SURE
        if not quick or not self.line.hasFocus():
            return super().take_enter()
        self._before = self.line.text()
        self._end.start()
        return True

    def _whole(self) -> None:
        self._before, self._quick = None, 0
        self.flush()
        self.done.emit()

    def flush(self) -> None:
        self._wait.stop()
        if self.line.isModified() and not self.line.isReadOnly():
            self.answered.emit(self.line.text().strip().replace(BREAK, "\n"))

    def press(self, key: str) -> bool:
        """A scanner fires wherever the focus is."""
        if not key.isprintable() or self.line.hasFocus() or self.line.isReadOnly():
            return False
        self.line.setFocus()
        self.line.insert(key)
        self.line.textEdited.emit(self.line.text())
        return True

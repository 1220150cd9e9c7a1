"""What a list says while it has no row: what it is for, and how to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from .parts import button, label


class EmptyPage(QWidget):
    """`title` and `words` in the middle, and a `button` under them."""

    def __init__(self, begin: Callable[[], object]) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(1)
        self.title = label("", "section", wrap=True)
        self.words = label("", "muted", wrap=True)
        self.button = button("", begin)
        for widget in (self.title, self.words):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(widget)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)

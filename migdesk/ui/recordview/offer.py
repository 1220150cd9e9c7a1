"""The bar over a form that offers what was typed there before and not saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from migdesk.i18n import _

from .parts import button, label


class DraftOffer(QFrame):
    """Hidden until there is a draft; `words` say of when it is."""

    def __init__(self, resume: Callable[[], None], discard: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setProperty("tone", "waiting")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        self.words = label("", wrap=True)
        self.resume = button(_("Resume"), resume, "primary")
        self.discard = button(_("Discard"), discard)
        row.addWidget(self.words, 1)
        row.addWidget(self.resume)
        row.addWidget(self.discard)
        self.hide()

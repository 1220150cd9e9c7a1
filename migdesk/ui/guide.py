"""The guide, read inside the program: works where there is no network."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from migdesk.i18n import _, language
from migdesk.paths import resource


class Guide(QDialog):
    """`resources/help/guide.<language>.md`, English where there is no other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Help"))
        self.resize(720, 620)
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("Help"))
        path = resource("help", f"guide.{language()}.md")
        if not path.exists():
            path = resource("help", "guide.en.md")
        self.text.setMarkdown(path.read_text("utf-8"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.text)

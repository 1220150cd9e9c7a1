"""Labels that show what a designer marked in the words of a form."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from migdesk.forms.marks import rich


def show_styled(part: QLabel, text: str) -> None:
    """Show words with their marks in a label."""
    made = rich(text)
    part.setTextFormat(Qt.TextFormat.RichText if made else Qt.TextFormat.PlainText)
    part.setText(made or text)

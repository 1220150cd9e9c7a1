"""What the login and the first start are laid out with, and what app.py does for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import LANGUAGES, _, language
from migdesk.keys import SHORTEST_PASSWORD
from migdesk.ui.widgets import Card, label, page_column, scrolled

SPOKEN = ("fr", "en")


@dataclass(frozen=True)
class BackupView:
    """A backup as the login shows it before anything was opened."""

    path: Path
    made: str
    size: str
    accounts: tuple[tuple[str, str], ...]


class GatePage(QWidget):
    """A card in the middle of an empty window, the language at its top."""

    def __init__(self, title: str, on_language: Callable[[str], object]) -> None:
        super().__init__()
        inside = QWidget()
        column = page_column(inside)
        column.addStretch(1)
        self.card = Card()
        self.card.setMinimumWidth(420)
        self.card.setMaximumWidth(560)
        self.card.body.setSpacing(12)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.card, 3)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inside))
        self.languages = language_box(on_language)
        head = QHBoxLayout()
        head.addWidget(label("MigDesk", "brand"), 1)
        head.addWidget(self.languages)
        self.card.body.addLayout(head)
        self.title = label(title, "title", wrap=True)
        self.card.body.addWidget(self.title)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.card.body.addLayout(self.body)
        # Sides of one stack differ in height: the words keep to the top.
        self.card.body.addStretch(1)


class Sides(QWidget):
    """A stack as high as the side that is shown, not as the highest one: a layout of Qt's
    stack asks all of its sides how high they are."""

    def __init__(self) -> None:
        super().__init__()
        self._sides: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def addWidget(self, side: QWidget) -> None:
        self._sides.append(side)
        self._column.addWidget(side)
        side.setVisible(len(self._sides) == 1)

    def setCurrentIndex(self, index: int) -> None:
        self.setCurrentWidget(self._sides[index])

    def setCurrentWidget(self, shown: QWidget) -> None:
        for side in self._sides:
            side.setVisible(side is shown)

    def currentWidget(self) -> QWidget | None:
        return next((side for side in self._sides if not side.isHidden()), None)

    def currentIndex(self) -> int:
        return next((n for n, side in enumerate(self._sides) if not side.isHidden()), -1)


def language_box(on_language: Callable[[str], object]) -> QComboBox:
    """The languages that the screen speaks, each in its own."""
    made = QComboBox()
    for code in SPOKEN:
        made.addItem(LANGUAGES[code], code)
    made.setAccessibleName(_("Language"))
    made.setCurrentIndex(max(made.findData(language()), 0))
    made.activated.connect(lambda _row: on_language(str(made.currentData())))
    return made


def secret_line(name: str) -> QLineEdit:
    """A field for a password."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(name)
    return made


def add_field(column: QVBoxLayout, words: str, editor: QWidget) -> None:
    """A label over its field."""
    caption = label(words, "field")
    caption.setBuddy(editor)
    editor.setAccessibleName(words)
    column.addWidget(caption)
    column.addWidget(editor)


def strength(password: str) -> tuple[int, str]:
    """0 to 3 and a word for it. Length counts most: a sentence beats signs."""
    kinds = sum(
        any(test(char) for char in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    )
    if len(password) < SHORTEST_PASSWORD:
        return 0, _("too short: at least {n} characters").format(n=SHORTEST_PASSWORD)
    if len(set(password)) < 6:
        return 1, _("weak: the same characters again and again")
    if len(password) >= 16 or (len(password) >= 12 and kinds >= 3):
        return 3, _("strong")
    return 2, _("good")


def tone_of(level: int) -> str:
    """Tone of a strength."""
    return ("late", "waiting", "done", "done")[level]


def align_leading(column: QVBoxLayout, part: QWidget) -> None:
    """Add a part that keeps its own width."""
    column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeading)

"""What every place to answer is: a widget that shows a live question and says answers."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from migdesk.forms import Live

if TYPE_CHECKING:
    from .shelf import Shelf

KEYS = "1234567890abcdefghij"
PAUSE_MS = 300


class Input(QWidget):
    """`answered` carries what the person typed or chose, as the engine takes it; `done`
    says that the answer is whole and the person wants to go on."""

    answered = Signal(str)
    done = Signal()

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.live = live

    def furnish(self, shelf: Shelf) -> None:
        """Take what keeps the files of this filling; only inputs of files need it."""

    def show_live(self, live: Live) -> None:
        """Show the answer kept, in the language in use."""
        self.live = live

    def flush(self) -> None:
        """Hand over at once what is still being typed."""

    def press(self, key: str) -> bool:
        """Take a key pressed anywhere on the screen; False if it means nothing here."""
        return False

    def take_enter(self) -> bool:
        """Use Enter for something of one's own, before it means “next”."""
        return False

    def enter(self) -> None:
        """Take the focus where answering begins."""
        self.setFocus()

    def set_wrong(self, words: str) -> None:
        """Mark the answer as wrong."""


class NoteInput(Input):
    """Nothing to answer: a text to read."""


@lru_cache(maxsize=1024)
def looks(appearance: str) -> tuple[str, ...]:
    """Words of an appearance, without a `search(…)` among them."""
    head, found, _rest = appearance.partition("search(")
    tail = appearance[appearance.rfind(")") + 1 :] if found else ""
    words = f"{head} {tail}".replace("quickcompact", "quick compact").lower()
    return tuple(words.split())


def plain(text: str) -> str:
    """Letters without accents or case, to search in."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text)
    return "".join(c for c in split if not unicodedata.combining(c)).casefold()


def side_of(widget: QWidget) -> Qt.AlignmentFlag:
    """Where an answer begins: at the side where the questions begin, be it a number or a
    date, which run from left to right everywhere."""
    if widget.isRightToLeft():
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
    return Qt.AlignmentFlag.AlignLeading

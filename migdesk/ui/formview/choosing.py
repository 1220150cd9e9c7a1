"""Answers chosen from a few choices, each with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout

from migdesk.forms import Choice, Live
from migdesk.forms.marks import bare
from migdesk.i18n import _
from migdesk.ui.recordview.parts import FlowLayout
from migdesk.ui.widgets import empty

from .choice import ChoiceButton
from .gallery import Gallery
from .input import Input, looks
from .mediachoice import choice_button, dress, fits
from .unsure import keys_for

if TYPE_CHECKING:
    from .shelf import Shelf

ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class ChoiceInput(Input):
    """One or several choices as rows, each with its key."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.many = live.type in ("select_multiple", "rank")
        self.buttons: list[ChoiceButton] = []
        self._values: list[str] = []
        self._rows = 1
        self._wanted = self._laid = 1
        self._gallery: Gallery | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.show_live(live)

    def choices(self) -> tuple[Choice, ...]:
        """What is offered; an acknowledgement has one choice. An answer that is offered no
        more comes last, so that it can be seen and given up."""
        if self.live.type == "acknowledge":
            return (Choice("OK", _("Read and understood")),)
        offered = self.live.choices
        known = {choice.value for choice in offered}
        lost = [
            Choice(value, lost_words(value)) for value in self.given() if value not in known
        ]
        return (*offered, *lost)

    def given(self) -> list[str]:
        """Values chosen."""
        return self.live.text.split() if self.many else [self.live.text] * bool(self.live.text)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        offered = self.choices()
        values = [choice.value for choice in offered]
        if values != self._values or not fits(self.buttons, offered):
            self._build(offered)
        dress(self.buttons, offered, self._gallery)
        given = self.given()
        for button, choice in zip(self.buttons, offered, strict=True):
            button.show_as(bare(choice.label))
            button.setChecked(choice.value in given)
            button.setEnabled(not live.readonly)

    def _build(self, offered: tuple[Choice, ...]) -> None:
        focused = any(button.hasFocus() for button in self.buttons)
        empty(self._grid)
        self._values = [choice.value for choice in offered]
        keys = keys_for(offered)
        bare = "no-buttons" in looks(self.live.appearance)
        self.buttons = []
        for choice, key in zip(offered, keys, strict=True):
            button = self._button(choice, "" if bare else key)
            button.pressed_key = key
            button.clicked.connect(lambda _on=False, value=choice.value: self.choose(value))
            self.buttons.append(button)
        self._place(offered)
        if self.buttons:
            self.setFocusProxy(self.buttons[0])
        if focused and self.buttons:
            self.buttons[0].setFocus()

    def _button(self, choice: Choice, key: str) -> ChoiceButton:
        return choice_button(choice, key)

    def furnish(self, shelf: Shelf) -> None:
        self._gallery = shelf.gallery
        dress(self.buttons, self.choices(), self._gallery)

    def _place(self, offered: tuple[Choice, ...]) -> None:
        """Lay the buttons out, column after column."""
        columns = columns_of(self.live, offered)
        if columns == 0:
            row = FlowLayout(gap=8)
            self._grid.addLayout(row, 0, 0)
            for button in self.buttons:
                button.packed()
                row.addWidget(button)
            self._rows = self._wanted = 1
            return
        self._wanted = columns
        self._lay_out(self._fitting())

    def _fitting(self) -> int:
        """Columns, as many as wanted where no word is cut by it. Before it is shown, its
        width is that of no screen."""
        if not self.isVisible():
            return self._wanted
        gap = self._grid.horizontalSpacing()
        widest = max((button.narrowest() for button in self.buttons), default=1)
        return max(1, min(self._wanted, (self.width() + gap) // (widest + gap)))

    def _lay_out(self, columns: int) -> None:
        self._laid = columns
        count = len(self.buttons)
        self._rows = -(-count // columns) or 1
        for place, button in enumerate(self.buttons):
            self._grid.removeWidget(button)
            self._grid.addWidget(button, place % self._rows, place // self._rows)
        used = -(-count // self._rows) or 1  # none that stays empty
        for column in range(max(self._wanted, used)):
            self._grid.setColumnStretch(column, int(column < used))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wanted > 1 and self._fitting() != self._laid:
            self._lay_out(self._fitting())

    def choose(self, value: str) -> None:
        """Choose, or give up a choice."""
        if self.live.readonly:
            self.show_live(self.live)
            return
        given = self.given()
        if value in given:
            given.remove(value)
        elif self.many:
            given.append(value)
        else:
            given = [value]
        if self.many and self.live.type != "rank":
            given.sort(key=lambda v: self._values.index(v) if v in self._values else -1)
        self.answered.emit(" ".join(given))
        if given and not self.many and "quick" in looks(self.live.appearance):
            self.done.emit()

    def press(self, key: str) -> bool:
        for button, value in zip(self.buttons, self._values, strict=True):
            if button.pressed_key and button.pressed_key == key.lower():
                button.setFocus()
                self.choose(value)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = ARROWS.get(Qt.Key(event.key()))
        if held == Qt.KeyboardModifier.NoModifier and (
            (step is not None and self._move(*step)) or self.press(event.text())
        ):
            return
        super().keyPressEvent(event)

    def _move(self, down: int, right: int) -> bool:
        """Move the focus between the buttons; False at an edge."""
        at = next((n for n, button in enumerate(self.buttons) if button.hasFocus()), -1)
        if at < 0:
            return False
        if self.isRightToLeft():
            right = -right
        # Side by side, up and down are back and forth too.
        to = at + (down or right) if self._rows == 1 else at + down + right * self._rows
        if not 0 <= to < len(self.buttons):
            return False
        self.buttons[to].setFocus()
        return True

    def enter(self) -> None:
        first = next((b for b in self.buttons if b.isChecked()), None)
        if self.buttons:
            (first or self.buttons[0]).setFocus()


class LikertInput(ChoiceInput):
    """A scale: the choices side by side, equally wide; under one another where a word would
    be cut."""

    def _place(self, offered: tuple[Choice, ...]) -> None:
        # Before it is shown its width is that of no screen.
        self._lay(not self.isVisible() or self._aside())

    def _aside(self) -> bool:
        """Whether there is room side by side."""
        count, gap = len(self.buttons), self._grid.horizontalSpacing()
        widest = max((button.narrowest() for button in self.buttons), default=0)
        return count * widest + (count - 1) * gap <= self.width()

    def _lay(self, aside: bool) -> None:
        self._rows = 1 if aside else max(len(self.buttons), 1)
        for place, button in enumerate(self.buttons):
            button.centred = aside
            self._grid.removeWidget(button)
            self._grid.addWidget(button, *((0, place) if aside else (place, 0)))
            self._grid.setColumnStretch(place, int(aside or not place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if len(self.buttons) > 1 and self._aside() != (self._rows == 1):
            self._lay(self._rows != 1)


def lost_words(value: str) -> str:
    """How an answer is shown that is not among the choices."""
    return _("{value} (no longer offered)").format(value=value)


def columns_of(live: Live, offered: tuple[Choice, ...]) -> int:
    """Columns that the appearance asks for, or that fit; 0: as many as there is room."""
    words = looks(live.appearance)
    longest = max((len(choice.label) for choice in offered), default=0)
    for word in words:
        head, _dash, count = word.partition("-")
        if head in ("columns", "compact") and count.isdecimal() and int(count):
            return min(int(count), max(len(offered), 1))
    if {"columns-pack", "horizontal-compact", "compact"} & set(words):
        return 0
    if "horizontal" in words and longest <= 24:
        return max(min(len(offered), 4), 1)
    if {"columns", "columns-flex", "horizontal"} & set(words):
        return 2 if longest > 24 else max(min(len(offered), 3), 1)
    return 2 if len(offered) > 6 and longest <= 60 else 1

"""Answers chosen from a few choices, each with its key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout

from migdesk.forms import Choice, Live
from migdesk.i18n import _
from migdesk.ui.widgets import empty

from .choice import ChoiceButton
from .input import KEYS, Input


class ChoiceInput(Input):
    """One or several choices as rows, each with its key."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.many = live.type in ("select_multiple", "rank")
        self.buttons: list[ChoiceButton] = []
        self._values: list[str] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.show_live(live)

    def choices(self) -> tuple[Choice, ...]:
        """What is offered; an acknowledgement has one choice."""
        if self.live.type == "acknowledge":
            return (Choice("OK", _("Read and understood")),)
        return self.live.choices

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        offered = self.choices()
        if [choice.value for choice in offered] != self._values:
            self._build(offered)
        given = live.text.split() if self.many else [live.text]
        for button, choice in zip(self.buttons, offered, strict=True):
            said = choice.label
            if live.type == "rank" and choice.value in given:
                said = f"{said} · {given.index(choice.value) + 1}"
            button.show_as(said)
            button.setChecked(choice.value in given)
            button.setEnabled(not live.readonly)

    def _build(self, offered: tuple[Choice, ...]) -> None:
        focused = any(button.hasFocus() for button in self.buttons)
        empty(self._grid)
        self._values = [choice.value for choice in offered]
        self.buttons = []
        columns = self._columns(offered)
        rows = -(-len(offered) // columns)
        for place, choice in enumerate(offered):
            button = ChoiceButton(choice.label, KEYS[place] if place < len(KEYS) else "")
            button.clicked.connect(lambda _on=False, value=choice.value: self.choose(value))
            self._grid.addWidget(button, place % rows, place // rows)
            self.buttons.append(button)
        if self.buttons:
            self.setFocusProxy(self.buttons[0])
        if focused and self.buttons:
            self.buttons[0].setFocus()

    def _columns(self, offered: tuple[Choice, ...]) -> int:
        longest = max((len(choice.label) for choice in offered), default=0)
        if len(offered) <= 4 and "horizontal" in self.live.appearance and longest <= 24:
            return max(len(offered), 1)
        return 2 if len(offered) > 6 and longest <= 60 else 1

    def choose(self, value: str) -> None:
        """Choose, or give up a choice."""
        if self.live.readonly:
            return
        given = self.live.text.split() if self.many else [self.live.text]
        if value in given:
            given.remove(value)
        elif self.many:
            given.append(value)
        else:
            given = [value]
        if self.many and self.live.type != "rank":
            given.sort(key=lambda v: self._values.index(v) if v in self._values else -1)
        self.answered.emit(" ".join(given))

    def press(self, key: str) -> bool:
        place = KEYS.find(key.lower()) if key else -1
        if not 0 <= place < len(self.buttons):
            return False
        self.buttons[place].setFocus()
        self.choose(self._values[place])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held != Qt.KeyboardModifier.NoModifier or not self.press(event.text()):
            super().keyPressEvent(event)

    def enter(self) -> None:
        first = next((b for b in self.buttons if b.isChecked()), None)
        if self.buttons:
            (first or self.buttons[0]).setFocus()

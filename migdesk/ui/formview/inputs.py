"""Where an answer is given: one widget for each type of question, by a plain dict."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from migdesk.forms import Choice, Live
from migdesk.i18n import N_, Text, _, ngettext
from migdesk.ui.theme import px
from migdesk.ui.widgets import empty, set_property

from .choice import ChoiceButton

KEYS = "1234567890abcdefghij"
PAUSE_MS = 300
SHOWN = 200
VALUE = Qt.ItemDataRole.UserRole


class Input(QWidget):
    """`answered` carries what the person typed or chose, as the engine takes it."""

    answered = Signal(str)

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.live = live

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


class LineInput(Input):
    """One line; narrow for what is short by nature."""

    hints: ClassVar[dict[str, Text]] = {
        "date": N_("day/month/year"),
        "time": N_("hours:minutes"),
        "dateTime": N_("day/month/year hours:minutes"),
        "geopoint": N_("latitude longitude, in degrees"),
        "barcode": N_("the number under the bars"),
        "image": N_("what the picture shows, or the name of its file"),
        "file": N_("the name of the file"),
    }
    wide = ("text", "geotrace", "geoshape", "image", "audio", "video", "file", "geopoint")

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.line = QLineEdit()
        self.line.setProperty("role", "big")
        hint = self.hints.get(live.type)
        self.line.setPlaceholderText(str(hint) if hint is not None else "")
        self.setFocusProxy(self.line)
        if live.type not in self.wide:
            self.line.setMaximumWidth(px(280))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 10)
        if live.type not in self.wide:
            row.addStretch(1)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.flush)
        self.line.textEdited.connect(lambda _text: self._wait.start())
        self.line.editingFinished.connect(self.flush)
        self.show_live(live)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.line.setReadOnly(live.readonly)
        self.line.setAccessibleName(live.label)
        if not self._wait.isActive() and not (self.line.hasFocus() and live.violation):
            shown = self.shown(live)
            if shown != self.line.text() and not self._typing(live):
                self.line.setText(shown)

    def _typing(self, live: Live) -> bool:
        """Whether the field is being typed in and already holds this answer."""
        return self.line.hasFocus() and self.line.isModified() and bool(live.text)

    def shown(self, live: Live) -> str:
        """The answer as it is typed here: 21/11/2026, 14:30."""
        value = live.value
        if isinstance(value, datetime):
            return f"{value.astimezone():%d/%m/%Y %H:%M}"
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return live.text[:5] if live.type == "time" and value else live.text

    def flush(self) -> None:
        self._wait.stop()
        if self.line.isModified() and not self.line.isReadOnly():
            self.answered.emit(self.line.text().strip())

    def enter(self) -> None:
        self.line.setFocus()
        self.line.selectAll()

    def set_wrong(self, words: str) -> None:
        set_property(self.line, "wrong", bool(words))
        self.line.setAccessibleDescription(words)


class LongInput(Input):
    """Several lines; Enter begins a new one, Page Down goes on."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setMinimumHeight(px(140))
        self.setFocusProxy(self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.flush)
        self.show_live(live)
        self.edit.textChanged.connect(self._wait.start)
        self.edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.edit.setReadOnly(live.readonly)
        self.edit.setAccessibleName(live.label)
        if not self.edit.hasFocus() and self.edit.toPlainText() != live.text:
            self.edit.blockSignals(True)
            self.edit.setPlainText(live.text)
            self.edit.blockSignals(False)

    def flush(self) -> None:
        if self._wait.isActive() or self.edit.toPlainText().strip() != self.live.text:
            self._wait.stop()
            if not self.edit.isReadOnly():
                self.answered.emit(self.edit.toPlainText().strip())


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


class SearchInput(Input):
    """A long list: typing narrows it, arrows move in it, Enter takes a row."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.many = live.type in ("select_multiple", "rank")
        self.line = QLineEdit()
        self.line.setProperty("role", "big")
        self.list = QListWidget()
        self.list.setMinimumHeight(px(220))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.line.textEdited.connect(lambda _text: self._fill())
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        self._shown: tuple[object, ...] = ()
        self.show_live(live)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.setEnabled(not live.readonly)
        self.line.setAccessibleName(live.label)
        count = len(live.choices)
        words = ngettext("Type to search: {n} choice", "Type to search: {n} choices", count)
        self.line.setPlaceholderText(words.format(n=count))
        if self._shown != (live.choices, live.text):
            self._fill()

    def _fill(self) -> None:
        """Choices that hold every word typed; what is chosen comes first."""
        self._shown = (self.live.choices, self.live.text)
        given = self.live.text.split() if self.many else [self.live.text]
        words = plain(self.line.text()).split()
        fits = [c for c in self.live.choices if all(w in plain(c.label) for w in words)]
        fits.sort(key=lambda c: c.value not in given)
        self.list.clear()
        for choice in fits[:SHOWN]:
            sign = "✓ " if choice.value in given else ""
            item = QListWidgetItem(f"{sign}{choice.label}")
            item.setData(VALUE, choice.value)
            self.list.addItem(item)
        if words and fits:
            self.list.setCurrentRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self.list.count():
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
        return super().eventFilter(watched, event)

    def take_enter(self) -> bool:
        if self.list.currentRow() < 0 or not self.line.hasFocus():
            return False
        self._take(self.list.currentItem())
        return True

    def _take(self, item: QListWidgetItem) -> None:
        value = str(item.data(VALUE))
        given = self.live.text.split() if self.many else []
        given = [v for v in given if v != value] if value in given else [*given, value]
        self.line.clear()
        self.list.setCurrentRow(-1)
        self.answered.emit(" ".join(given))

    def enter(self) -> None:
        self.line.setFocus()


class NoteInput(Input):
    """Nothing to answer: a text to read."""


def plain(text: str) -> str:
    """Letters without accents or case, to search in."""
    split = unicodedata.normalize("NFKD", text)
    return "".join(c for c in split if not unicodedata.combining(c)).casefold()


INPUTS: dict[str, type[Input]] = {
    "note": NoteInput,
    "select_one": ChoiceInput,
    "select_multiple": ChoiceInput,
    "rank": ChoiceInput,
    "acknowledge": ChoiceInput,
}


def input_of(live: Live) -> type[Input]:
    """Class of the input for a question; a type without one of its own is a line."""
    found = INPUTS.get(live.type, LineInput)
    looks = live.appearance.split()
    if live.type == "text" and "multiline" in looks:
        return LongInput
    if found is ChoiceInput:
        count = len(live.choices)
        small = {"minimal", "autocomplete"} & set(looks)
        if count > len(KEYS) or (small and count > 10):
            return SearchInput
    return found

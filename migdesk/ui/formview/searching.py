"""Answers found in a long list by typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from migdesk.forms import Live
from migdesk.i18n import ngettext
from migdesk.ui.theme import px

from .input import Input, plain

SHOWN = 200
VALUE = Qt.ItemDataRole.UserRole


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

"""A list that opens under a line of text and follows what is typed.

The same list serves choices, countries, places and links: only where the options come
from differs. Options may arrive later; answers to an older text are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

VALUE = Qt.ItemDataRole.UserRole + 1
OWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


@dataclass(frozen=True)
class Option:
    """Something to choose. `text` is shown in the list, `label` stands in the field."""

    value: Any
    label: str
    detail: str = ""

    @property
    def text(self) -> str:
        return f"{self.label}  ·  {self.detail}" if self.detail else self.label


Answer = Callable[[Sequence[Option]], None]
Source = Callable[[str, Answer], None]
"""Given what is typed, hands options to the answer, at once or later."""


class Suggester(QObject):
    """Opens the list while a person types, on Down, and on `open_all`. Where one thing is
    chosen (`goes_on`), Enter in the list chooses it and goes to the next field."""

    def __init__(
        self,
        line: QLineEdit,
        source: Source,
        chosen: Callable[[Option], None],
        pause_ms: int = 0,
        goes_on: bool = False,
    ) -> None:
        super().__init__(line)
        self._goes_on = goes_on
        self._entered = False
        self._line = line
        self._source = source
        self._chosen = chosen
        self._turn = 0
        self._model = QStandardItemModel(self)
        self._list = QCompleter(self._model, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._popup = QListView()
        self._list.setPopup(self._popup)
        self._popup.installEventFilter(self)
        self._list.setMaxVisibleItems(10)
        self._list.setWidget(line)
        self._list.activated[QModelIndex].connect(  # type: ignore[index]
            self._on_activated
        )
        self._wait = QTimer(self, singleShot=True, interval=pause_ms)
        self._wait.timeout.connect(self._ask)
        line.textEdited.connect(self._on_edited)
        line.installEventFilter(self)

    @property
    def options(self) -> list[Option]:
        """What the list offers now."""
        return [self._model.item(row).data(VALUE) for row in range(self._model.rowCount())]

    @property
    def is_open(self) -> bool:
        """Whether the list is on the screen."""
        return self._popup.isVisible()

    def open_all(self) -> None:
        """Offer everything, whatever stands in the field."""
        self._line.setFocus()
        self._ask_for("")

    def close(self) -> None:
        """Put the list away; answers under way are dropped."""
        self._turn += 1
        self._wait.stop()
        if self._popup.isVisible():
            self._popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Enter and Escape are the list's as long as it is open, not the page's.
            if self._popup.isVisible() and event.key() in OWN:
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            down = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4)
            if down and not self._popup.isVisible() and not self._line.isReadOnly():
                self._ask_for("" if not self._line.isModified() else self._line.text())
                return True
        return super().eventFilter(watched, event)

    def _on_edited(self, text: str) -> None:
        if text.strip():
            self._wait.start()
        else:
            self.close()

    def _ask(self) -> None:
        self._ask_for(self._line.text().strip())

    def _ask_for(self, text: str) -> None:
        self._turn += 1
        turn = self._turn
        self._source(text, lambda options: self._show(options) if turn == self._turn else None)

    def _show(self, options: Sequence[Option]) -> None:
        self._model.clear()
        for option in options:
            item = QStandardItem(option.text)
            item.setEditable(False)
            item.setData(option, VALUE)
            self._model.appendRow(item)
        if options and self._line.isVisible() and self._line.hasFocus():
            self._list.complete()
        elif not options:
            self._popup.hide()

    def _on_activated(self, index: QModelIndex) -> None:
        # The list shows a filter over the model: ask it for our data.
        option = index.data(VALUE)
        self._turn += 1
        if isinstance(option, Option):
            # The completer writes its own text after this signal; ours comes last.
            QTimer.singleShot(0, self, lambda: self._take(option))

    def _take(self, option: Option) -> None:
        self._chosen(option)
        if self._goes_on and self._entered:
            self._line.focusNextChild()
        else:
            self._line.selectAll()  # what is typed now replaces it
        self._entered = False

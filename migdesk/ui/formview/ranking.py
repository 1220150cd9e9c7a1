"""An order: choices drawn by mouse, moved by keyboard, or numbered one after the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QVBoxLayout

from migdesk.forms import Live
from migdesk.i18n import _, ngettext
from migdesk.ui.theme import px
from migdesk.ui.widgets import label

from .choosing import lost_words
from .input import KEYS, Input

VALUE = Qt.ItemDataRole.UserRole
LINE = 38


class _List(QListWidget):
    """Says when somebody dropped a row elsewhere."""

    def __init__(self, owner: RankInput) -> None:
        super().__init__()
        self._owner = owner

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self._owner.settle()


class RankInput(Input):
    """Rows in order. A key puts its row next in the order (again: takes it out); Alt+Up and
    Alt+Down or the mouse move a row. The answer is what has a place, first to last."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.list = _List(self)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.left = label("", "caption", wrap=True)
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list)
        column.addWidget(self.left)
        self.show_live(live)

    def given(self) -> list[str]:
        """Values that have a place."""
        return self.live.text.split()

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.list.setEnabled(not live.readonly)
        self.list.setAccessibleName(live.label)
        labels = {choice.value: choice.label for choice in live.choices}
        self._keys = dict(zip(KEYS, labels, strict=False))
        keys = {value: key for key, value in self._keys.items()}
        given = self.given()
        rest = [value for value in labels if value not in given]
        self._fill(
            [
                (value, f"{place}.  {labels.get(value) or lost_words(value)}")
                for place, value in enumerate(given, 1)
            ]
            + [(value, f"[{keys.get(value, '')}]  {labels[value]}") for value in rest]
        )
        words = ngettext(
            "{n} has no place yet. A key gives the next place; Alt+↑ and Alt+↓ move.",
            "{n} have no place yet. A key gives the next place; Alt+↑ and Alt+↓ move.",
            len(rest),
        ).format(n=len(rest))
        self.left.setText(words if rest else _("Alt+↑ and Alt+↓ move a row."))

    def _fill(self, rows: list[tuple[str, str]]) -> None:
        row = self.list.currentRow()
        stood = self.list.item(row).data(VALUE) if row >= 0 else ""
        while self.list.count() > len(rows):
            self.list.takeItem(self.list.count() - 1)
        for place, (value, words) in enumerate(rows):
            item = self.list.item(place) or QListWidgetItem(self.list)
            item.setText(words)
            item.setData(VALUE, value)
            item.setSizeHint(QSize(px(100), px(LINE)))
            if value == stood:
                self.list.setCurrentRow(place)
        self.list.setFixedHeight(px(LINE) * max(len(rows), 1) + px(8))

    def settle(self) -> None:
        """Take the order of the rows as the answer."""
        order = [str(self.list.item(n).data(VALUE)) for n in range(self.list.count())]
        self.answered.emit(" ".join(order))

    def step_by(self, step: int) -> bool:
        """Move the current row up or down."""
        row = self.list.currentRow()
        to = row + step
        if row < 0 or not 0 <= to < self.list.count() or self.live.readonly:
            return False
        self.list.insertItem(to, self.list.takeItem(row))
        self.list.setCurrentRow(to)
        self.settle()
        return True

    def press(self, key: str) -> bool:
        value = self._keys.get(key.lower())
        if value is None or self.live.readonly:
            return False
        given = self.given()
        if value in given:
            given.remove(value)
        else:
            given.append(value)
            rest = [v for v in self._keys.values() if v not in given]
            if len(rest) == 1:
                given += rest  # only one place is left
        self.answered.emit(" ".join(given))
        for row in range(self.list.count()):
            if self.list.item(row).data(VALUE) == value:
                self.list.setCurrentRow(row)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.step_by(step)
                return True
            if event.text() and self.press(event.text()):
                return True
        return super().eventFilter(watched, event)

    def enter(self) -> None:
        self.list.setFocus()
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)

"""The rows of what waits, read page by page: a list of thousands opens like one of ten."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QSize, Qt, Signal

from migdesk.services import to_settle
from migdesk.services.to_settle import START, Choice, Item, Items, Place
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

PAGE = 100
MOST_AGAIN = 1_000
"""Rows that are read again after a change; who went further comes back to them."""


class WaitingModel(QAbstractListModel):
    """What waits. `loaded` tells that rows arrived."""

    loaded = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.items: list[Item] = []
        self.choice = Choice(role=desk.account.role)
        self._next: Place | None = None
        self._turn = 0
        self._busy = False

    def rowCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.items):
            return None
        item = self.items[index.row()]
        words = (item.text, item.muted or told(item))
        if role == Qt.ItemDataRole.DisplayRole:
            return "\n".join(filter(None, words))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return " · ".join(filter(None, words))
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, px(60))
        return None

    def canFetchMore(self, parent: Any) -> bool:
        return not parent.isValid() and self._next is not None and not self._busy

    def fetchMore(self, parent: Any) -> None:
        if self.canFetchMore(parent) and self._next is not None:
            self._read(self._next, PAGE)

    def ask(self, choice: Choice) -> None:
        """Show what is chosen; as many rows as were shown, if it is the same again."""
        same = (choice.sorts, choice.wanted) == (self.choice.sorts, self.choice.wanted)
        shown = len(self.items) if same else 0
        self.choice = choice
        self._read(START, max(PAGE, min(shown, MOST_AGAIN)))

    def _read(self, at: Place, limit: int) -> None:
        self._turn += 1
        self._busy = True
        turn = self._turn
        self.desk.runner.read(
            to_settle.page,
            self.choice,
            at,
            limit,
            then=lambda found: self._arrived(turn, at, found),
            owner=self,
        )

    def _arrived(self, turn: int, at: Place, found: Items) -> None:
        if turn != self._turn:
            return
        self._busy = False
        self._next = found.next
        if at == START:
            self.beginResetModel()
            self.items = list(found.rows)
            self.endResetModel()
        elif found.rows:
            first = len(self.items)
            self.beginInsertRows(QModelIndex(), first, first + len(found.rows) - 1)
            self.items += found.rows
            self.endInsertRows()
        self.loaded.emit()

    def place_of(self, id: str) -> int:
        """Row of one thing, -1 if it is not (or no longer) here."""
        return next((n for n, item in enumerate(self.items) if item.id == id), -1)


def told(item: Item) -> str:
    """The values of a question in one line."""
    return " | ".join(" ".join(value.split())[:60] for value in item.values)

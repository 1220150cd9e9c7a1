"""Cases on a board: a column for each stage, or for each adviser."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.models.store import Changes
from migdesk.services import cases, records
from migdesk.services.records import Page, Query
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

from ..parts import clear, label
from .moving import move

MOST = 100
ID = Qt.ItemDataRole.UserRole


class Column(QWidget):
    """The cases of one stage or adviser. Ctrl+arrow moves the chosen case beside."""

    opened = Signal(str)
    moved = Signal(str, int)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.words = title
        self.title = label(title, "section")
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.data(ID)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.title)
        box.addWidget(self.list, 1)
        self.setMinimumWidth(px(164))

    def show_rows(self, page: Page) -> None:
        """Replace the cases."""
        self.list.clear()
        for row in page.rows:
            about = " · ".join(filter(None, (row.code, row.shown["person"])))
            item = QListWidgetItem(f"{row.title}\n{row.shown['person']}")
            item.setData(ID, row.id)
            item.setTextAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
            item.setToolTip(f"{row.title}\n{about}\n{row.shown['status']}")
            item.setSizeHint(QSize(px(160), px(78)))
            self.list.addItem(item)
        more = "+" if page.next else ""
        self.title.setText(f"{self.words}  {len(page.rows)}{more}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.list.currentRow()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        side = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        side = -side if self.isRightToLeft() else side
        if row >= 0 and ctrl and side:
            self.moved.emit(self.list.item(row).data(ID), side)
        else:
            super().keyPressEvent(event)


class CaseBoard(QScrollArea):
    """Columns side by side; `opened(id)` on Enter or a double click."""

    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.by = "stage"
        self.keys: list[str | None] = []
        self.standing: dict[str, Any] = {}
        self.columns: list[Column] = []
        inside = QWidget()
        self.row = QHBoxLayout(inside)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(12)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def stand(self, filters: dict[str, Any]) -> None:
        """Narrow the board as its page says, from the next `load` on."""
        self.standing = filters

    def load(self, by: str = "") -> None:
        """Read the columns, by `stage` or by `adviser`."""
        self.by = by or self.by
        if self.by == "stage":
            self._show_columns(cases.stages())
        else:
            self.desk.runner.read(
                records.list_page, "account", Query(), "", 50, then=self._advisers, owner=self
            )

    def _advisers(self, page: Page) -> None:
        people: list[tuple[str | None, str]] = [(row.id, row.title) for row in page.rows]
        self._show_columns([*people, (None, _("Nobody yet"))])

    def _show_columns(self, columns: Sequence[tuple[str | None, str]]) -> None:
        clear(self.row)
        self.keys = [key for key, _words in columns]
        self.columns = []
        for key, words in columns:
            column = Column(words)
            column.opened.connect(self.opened)
            column.moved.connect(self.move_beside)
            self.columns.append(column)
            self.row.addWidget(column, 1)
            kept = {self.by: key, "status": "open", **self.standing}
            query = Query(filters=tuple(kept.items()))
            self.desk.runner.read(
                records.list_page,
                "case",
                query,
                "",
                MOST,
                then=partial(Column.show_rows, column),
                owner=column,
            )

    def move_beside(self, id: str, side: int) -> None:
        """Move a case to the column beside its own."""
        for place, column in enumerate(self.columns):
            rows = [column.list.item(n).data(ID) for n in range(column.list.count())]
            if id in rows and 0 <= place + side < len(self.keys):
                self._move(id, self.keys[place + side])
                return

    def _move(self, id: str, key: str | None) -> None:
        if self.by == "stage" and key:
            move(self.desk, self, id, key, self.load)
            return
        self.desk.runner.write(
            records.save, "case", id, {self.by: key}, then=lambda _id: self.load(), owner=self
        )

    def on_changed(self, changes: Changes) -> None:
        """Read again if a case changed."""
        if changes.touches("case") and self.columns:
            self.load()

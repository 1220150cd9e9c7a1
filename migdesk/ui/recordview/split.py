"""List and detail side by side, the border remembered; one above the other's place
where the window is narrow."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from migdesk.i18n import Text, _
from migdesk.models.store import Changes
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

from .detail import RecordDetail
from .list import RecordTable
from .parts import button, label

NARROW = 900


class ListAndDetail(QWidget):
    """A list with the chosen record beside it.

    Where there is no room for both, the list fills the place and a record covers it,
    with a way back.
    """

    def __init__(
        self,
        desk: Desk,
        kind: str,
        purpose: Text | None = None,
        begin: Text | None = None,
        new_words: Text | None = None,
        detail: RecordDetail | None = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.kind = kind
        self.list = RecordTable(desk, kind, purpose, begin, new_words)
        self.detail = detail or RecordDetail(desk, kind)
        self.side = QStackedWidget()
        self.hint = label(_("Choose a record in the list."), "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.side.addWidget(self.hint)
        self.side.addWidget(self._build_side())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.side)
        self.splitter.setHandleWidth(16)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.list.setMinimumWidth(px(320))
        kept = desk.settings.state(f"split.{kind}")
        if not kept or not self.splitter.restoreState(QByteArray.fromBase64(kept.encode())):
            self.splitter.setSizes([px(420), px(660)])
        self.splitter.splitterMoved.connect(lambda *_places: self._remember())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.splitter)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self.show_record)
        self.detail.saved.connect(self.list.choose)
        self._open = False

    def _build_side(self) -> QWidget:
        side = QWidget()
        box = QVBoxLayout(side)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.back_button = button(_("‹ Back to the list"), self.back, "flat")
        box.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeading)
        box.addWidget(self.detail, 1)
        return side

    @property
    def narrow(self) -> bool:
        """Whether there is room for one of the two only."""
        return self.width() < px(NARROW)

    def _on_chosen(self, id: str) -> None:
        if not self.narrow:
            self.show_record(id)

    def show_record(self, id: str) -> None:
        """Show a record, and mark it in the list if it is there."""
        self._open = True
        self.side.setCurrentIndex(1)
        self.detail.show_record(id)
        self.list.choose(id)
        self._arrange()

    def show_new(self, values: dict[str, Any] | None = None) -> None:
        """Show an empty form, with some values given."""
        self._open = True
        self.side.setCurrentIndex(1)
        self.detail.show_new(values)
        self._arrange()

    def back(self) -> None:
        """Return to the list where it was covered."""
        self.detail.leave()
        self._open = False
        self._arrange()
        self.list.table.setFocus()

    def load(self) -> None:
        """Read the list."""
        self.list.load()

    def on_changed(self, changes: Changes) -> None:
        """Something was written."""
        self.list.on_changed(changes)
        self.detail.on_changed(changes)

    def leave(self) -> None:
        """Keep drafts."""
        self.detail.leave()

    def _arrange(self) -> None:
        self.back_button.setVisible(self.narrow)
        self.list.setVisible(not self.narrow or not self._open)
        self.side.setVisible(not self.narrow or self._open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _remember(self) -> None:
        state = bytes(self.splitter.saveState().toBase64().data()).decode()
        self.desk.settings.remember(f"split.{self.kind}", state)

"""Search everything: a field, and under it what was found, in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from migdesk.i18n import _
from migdesk.ui.runner import Runner

from .search_field import SearchField

if TYPE_CHECKING:
    from migdesk.services.search import Hit

LIMIT = 12
ROOM = 420
Command = tuple[str, Callable[[], object]]


class Finder(SearchField):
    """`opened(kind, id)` when somebody chose a record; a command is done at once."""

    opened = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(_("Search a person, a case, a partner…"), _("Ctrl K"))
        self._runner: Runner | None = None
        self._commands: Sequence[Command] = ()
        self._kinds: tuple[str, ...] = ()
        self.results: QListWidget | None = None
        self.searched.connect(self._search)

    def serve(
        self, runner: Runner, commands: Sequence[Command], kinds: tuple[str, ...] = ()
    ) -> None:
        """Search the store of this runner for records of `kinds` (none: all), and offer
        these commands."""
        self._runner = runner
        self._commands = commands
        self._kinds = kinds

    def take(self) -> None:
        """Go to the field, with its words chosen so that typing replaces them."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def forget(self) -> None:
        """Leave nothing of the search on the screen."""
        self.clear()
        if self.results is not None:
            self.results.clear()
            self.results.hide()

    def _search(self, text: str) -> None:
        from migdesk.services import search

        if self._runner is None or not text:
            self._hide()
            return
        self._runner.read(
            search.find,
            text,
            self._kinds,
            LIMIT,
            then=lambda hits: self._show(text, hits),
            owner=self,
        )

    def _show(self, text: str, hits: tuple[Hit, ...]) -> None:
        from migdesk.models import RECORDS

        if text != self.text:
            return
        view = self._view()
        view.clear()
        for kind in dict.fromkeys(hit.kind for hit in hits):
            self._add_group(str(RECORDS[kind].plural), (h for h in hits if h.kind == kind))
        folded = text.casefold()
        commands = [c for c in self._commands if folded in c[0].casefold()]
        if commands:
            _heading(view, _("Go to"))
        for words, action in commands:
            item = QListWidgetItem(words, view)
            item.setData(Qt.ItemDataRole.UserRole, action)
        if not view.count():
            _heading(view, _("Nothing found for “{text}”").format(text=text))
        self._place(view)
        self._move(1, from_row=-1)

    def _add_group(self, title: str, hits: Iterable[Hit]) -> None:
        view = self._view()
        _heading(view, title)
        for hit in hits:
            code = hit.code if hit.code and hit.code not in hit.detail else ""
            soft = " · ".join(filter(None, (code, hit.detail)))
            item = QListWidgetItem(f"{hit.title}   {soft}".rstrip(), view)
            item.setData(Qt.ItemDataRole.UserRole, (hit.kind, hit.id))

    def _view(self) -> QListWidget:
        """The list lies over the page, a child of the window so that typing goes on."""
        if self.results is None:
            self.results = QListWidget(self.window())
            self.results.setProperty("role", "popup")
            self.results.setAccessibleName(_("What was found"))
            self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.results.setTextElideMode(Qt.TextElideMode.ElideRight)
            self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.results.itemClicked.connect(self._choose)
        return self.results

    def _place(self, view: QListWidget) -> None:
        corner = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        rows = sum(view.sizeHintForRow(row) for row in range(view.count()))
        width = max(self.width(), 560)
        if self.isRightToLeft():
            corner.setX(corner.x() + self.width() - width)
        view.setGeometry(corner.x(), corner.y(), width, min(rows + 12, ROOM))
        view.show()
        view.raise_()

    def _hide(self) -> None:
        if self.results is not None:
            self.results.hide()

    def _move(self, step: int, from_row: int | None = None) -> None:
        view = self._view()
        row = view.currentRow() if from_row is None else from_row
        while 0 <= (row := row + step) < view.count():
            if view.item(row).flags() & Qt.ItemFlag.ItemIsSelectable:
                view.setCurrentRow(row)
                return

    def _choose(self, item: QListWidgetItem | None) -> None:
        target = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if target is None:
            return
        self.forget()
        if isinstance(target, tuple):
            self.opened.emit(*target)
        else:
            target()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._key(event.key()):
                return True
        elif event.type() == QEvent.Type.FocusOut:
            self._hide()
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        shown = self.results is not None and self.results.isVisible()
        if key == Qt.Key.Key_Escape:
            self.forget()
        elif shown and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif shown and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._view().currentItem())
        else:
            return False
        return True


def _heading(view: QListWidget, words: str) -> None:
    item = QListWidgetItem(words, view)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = view.font()
    font.setBold(True)
    item.setFont(font)


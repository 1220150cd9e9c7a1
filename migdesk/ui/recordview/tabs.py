"""Flat tabs: words in a row with a line under the chosen one. Arrow keys move. Tabs for
which there is no room, and those with nothing in them, stand in a menu at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QTabBar, QWidget

from migdesk.i18n import _

from .parts import drop, shortcut

LEAST = 120
MANY = 12
"""More tabs than this stand in the menu under the words of their groups."""


class FlatTabs(QTabBar):
    """Tabs by name; `changed(name)` when a person or a program chose another."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "flat")
        self.setAccessibleName(_("Tabs"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self._names: list[str] = []
        self._chosen = 0
        self._groups: dict[str, str] = {}
        self._behind: frozenset[str] = frozenset()
        self._more = self.addTab(_("More ▾"))
        self.setTabVisible(self._more, False)
        self.currentChanged.connect(self._on_index)

    def add(self, name: str, words: str, group: str = "") -> None:
        """Add a tab at the end. `group`: what heads it where many stand in the menu."""
        with QSignalBlocker(self):
            self._names.append(name)
            self._groups[name] = group
            self._more = len(self._names)
            self.insertTab(self._more - 1, words)
            self.setCurrentIndex(self._chosen)
        if len(self._names) == 1:
            self._on_index(0)
        self._fit()

    @property
    def current(self) -> str:
        """Name of the chosen tab, "" if there is none."""
        return self._names[self._chosen] if self._names else ""

    def select(self, name: str) -> None:
        """Choose a tab by name."""
        if name in self._names:
            self.setTabVisible(self._names.index(name), True)
            self.setCurrentIndex(self._names.index(name))

    def step(self, by: int) -> None:
        """The next tab, or the one before."""
        if self._names and not self.isHidden():
            self.select(self._names[(self._chosen + by) % len(self._names)])

    def serve_keys(self, where: QWidget) -> None:
        """Ctrl+PgDown and Ctrl+PgUp change the tab from anywhere inside `where`."""
        for keys, by in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut(keys, where, partial(self.step, by))
        self.setToolTip(_("Ctrl PgUp and Ctrl PgDown change the tab"))

    def rename(self, name: str, words: str) -> None:
        """Give a tab other words (a count)."""
        if name in self._names and self.tabText(self._names.index(name)) != words:
            self.setTabText(self._names.index(name), words)
            self._fit()

    def put_behind(self, names: Collection[str]) -> None:
        """These stand in the menu unless there is room for all, or until chosen."""
        self._behind = frozenset(names)
        self._fit()

    def folded(self) -> list[str]:
        """Names of the tabs that stand in the menu."""
        return [n for place, n in enumerate(self._names) if not self.isTabVisible(place)]

    def _on_index(self, index: int) -> None:
        if index == self._more:
            with QSignalBlocker(self):
                self.setCurrentIndex(self._chosen)
            QTimer.singleShot(0, self, self._open_menu)
        elif index != self._chosen or len(self._names) == 1:
            self._chosen = index
            self._fit()
            self.changed.emit(self.current)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        folded, inside = self.folded(), dict[str, QMenu]()
        sizes = Counter(self._groups[name] for name in folded)
        for name in folded:
            words, group = self.tabText(self._names.index(name)), self._groups[name]
            several = bool(group) and sizes[group] > 1 and len(folded) > MANY
            if several and group not in inside:
                inside[group] = menu.addMenu(group)
            inside.get(group, menu).addAction(words, partial(self.select, name))
        drop(menu, self, self.tabRect(self._more))

    def _fit(self) -> None:
        """Show the tabs for which there is room, and always the chosen one."""
        widths = [self.tabSizeHint(place).width() for place in range(len(self._names))]
        room = self.width()
        everything = sum(widths) <= room or not self.isVisible()
        if not everything:
            room -= self.tabSizeHint(self._more).width() + widths[self._chosen]
        with QSignalBlocker(self):
            for place, width in enumerate(widths):
                shown = everything or place == self._chosen
                if not shown and self._names[place] not in self._behind:
                    room -= width
                    shown = room >= 0
                self._set_shown(place, shown)
            self._set_shown(self._more, not everything)
            self._scroll_back()

    def _scroll_back(self) -> None:
        """Qt scrolls to a tab that is shown before others made room, and stays there."""
        first = next((n for n in range(self.count()) if self.isTabVisible(n)), self._chosen)
        for place in (first, self._chosen):
            self.tabRect(place)  # lays out anew
            self.setCurrentIndex(place)

    def _set_shown(self, place: int, shown: bool) -> None:
        # Qt forgets what it still has to lay out when a tab stays as it is.
        if self.isTabVisible(place) != shown:
            self.setTabVisible(place, shown)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit)  # the place around it may not be laid out yet

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, super().minimumSizeHint().height())

"""Flat tabs: words in a row with a line under the chosen one. Arrow keys move."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget


class FlatTabs(QTabBar):
    """Tabs by name; `changed(name)` when a person or a program chose another."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "flat")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self._names: list[str] = []
        self.currentChanged.connect(self._on_index)

    def add(self, name: str, words: str) -> None:
        """Add a tab at the end."""
        self._names.append(name)
        self.addTab(words)

    @property
    def current(self) -> str:
        """Name of the chosen tab, "" if there is none."""
        index = self.currentIndex()
        return self._names[index] if 0 <= index < len(self._names) else ""

    def select(self, name: str) -> None:
        """Choose a tab by name."""
        if name in self._names:
            self.setCurrentIndex(self._names.index(name))

    def rename(self, name: str, words: str) -> None:
        """Give a tab other words (a count)."""
        if name in self._names:
            self.setTabText(self._names.index(name), words)

    def _on_index(self, index: int) -> None:
        self.changed.emit(self.current)

"""Tables of the bench: to read and to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from migdesk.printing.sheets.bench_report import BenchTable
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card, label

from .pieces import Body

TALLEST = 6_000


class LinesTable(QTableWidget):
    """Lines of words, wrapped. Ctrl+C copies what is selected, or all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "flat")
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.currentCellChanged.connect(lambda row, _column, *_before: self._follow(row))
        self._shares: Sequence[float] = ()
        self.made = BenchTable("")

    def show_table(self, made: BenchTable) -> None:
        """Show these lines."""
        self.made = made
        self._shares = made.shares or [1.0] * len(made.heads)
        self.clear()
        self.setAccessibleName(made.title)
        self.setColumnCount(len(made.heads))
        self.setRowCount(len(made.rows))
        for place, words in enumerate(made.heads):
            item = QTableWidgetItem(words)
            item.setTextAlignment(_LEADING)
            self.setHorizontalHeaderItem(place, item)
        for row, cells in enumerate(made.rows):
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setTextAlignment(_LEADING)
                self.setItem(row, place, item)
        self._fit()

    def _fit(self) -> None:
        """Columns by their shares of the width; lines as high as their words."""
        room, total = self.viewport().width(), sum(self._shares)
        for place, share in enumerate(self._shares):
            self.setColumnWidth(place, max(round(room * share / total), px(64)))
        self.resizeRowsToContents()
        height = self.horizontalHeader().sizeHint().height() + px(8)
        height += sum(self.rowHeight(row) for row in range(self.rowCount()))
        self.setFixedHeight(min(height, px(TALLEST)))

    def _follow(self, row: int) -> None:
        """The page scrolls with the line where the keyboard is."""
        above: QWidget | None = self
        while above is not None and not isinstance(above, Body):
            above = above.parentWidget()
        if above is None or not self.hasFocus():
            return
        y = self.rowViewportPosition(row) + self.rowHeight(row) // 2
        place = self.viewport().mapTo(above.inside, QPoint(0, y))
        above.ensureVisible(0, place.y(), 0, self.rowHeight(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._shares:
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._shares:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectedIndexes()})
            lines = [self.made.rows[row] for row in rows] if len(rows) > 1 else self.made.rows
            copy([self.made.heads, *lines])
            return
        super().keyPressEvent(event)


_LEADING = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter


def copy(lines: Iterable[Sequence[str]]) -> None:
    """Put lines on the clipboard, as a spreadsheet takes them."""
    plain = ("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
    QGuiApplication.clipboard().setText("\n".join(plain))


def card_of(made: BenchTable) -> Card:
    """A table under its title, or the note that stands in its place."""
    count = str(len(made.rows)) if made.rows else ""
    card = Card(made.title, count)
    if made.note:
        card.body.addWidget(label(made.note, "muted", wrap=True))
    if made.rows:
        table = LinesTable()
        card.body.addWidget(table)
        table.show_table(made)
    return card


def copy_all(tables: Iterable[BenchTable], facts: Iterable[tuple[str, str]]) -> None:
    """Put a whole report on the clipboard."""
    lines: list[Sequence[str]] = [*facts]
    for made in tables:
        lines += [(), (made.title,), *([(made.note,)] if made.note else [])]
        lines += [made.heads, *made.rows] if made.rows else []
    copy(lines)

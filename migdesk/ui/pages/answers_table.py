"""A table of counts on the screen: to read, and to copy."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from migdesk.services.count_words import Laid
from migdesk.ui.theme import px

TALLEST = 420


class CountTable(QTableWidget):
    """Rows, and the total at the foot. Ctrl+C copies all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "flat")
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(32))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.laid: Laid | None = None

    def show_laid(self, laid: Laid | None) -> None:
        """Show this table, or nothing."""
        self.laid = laid
        self.clear()
        self.setVisible(laid is not None)
        if laid is None:
            return
        self.setAccessibleName(laid.title)
        lines = [*laid.rows, laid.total]
        self.setColumnCount(len(laid.heads))
        self.setRowCount(len(lines))
        for place, words in enumerate(laid.heads):
            item = QTableWidgetItem(words)
            item.setTextAlignment(_align(place))
            item.setToolTip(words)
            self.setHorizontalHeaderItem(place, item)
        for row, cells in enumerate(lines):
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_align(place))
                if row == len(lines) - 1:
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                self.setItem(row, place, item)
        self._fit()

    def _fit(self) -> None:
        """Columns as wide as their words; the first takes what is left, or at least a part."""
        self.ensurePolished()
        head = self.horizontalHeader()
        others = sum(self._width(place) for place in range(1, self.columnCount()))
        room = self.viewport().width()
        self.setColumnWidth(0, max(min(self._width(0), px(200)), room - others))
        for place in range(1, self.columnCount()):
            self.setColumnWidth(place, self._width(place))
        bar = self.horizontalScrollBar().sizeHint().height()
        height = head.sizeHint().height() + px(32) * self.rowCount() + bar
        self.setFixedHeight(min(height, px(TALLEST)))

    def _width(self, column: int) -> int:
        head = self.horizontalHeader().sectionSizeHint(column)
        return max(self.sizeHintForColumn(column), head, px(56))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.laid is not None:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.laid is not None:
            lines = [self.laid.heads, *self.laid.rows, self.laid.total]
            QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.laid is not None:
            self._fit()


def _align(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignTrailing if column else Qt.AlignmentFlag.AlignLeading
    return side | Qt.AlignmentFlag.AlignVCenter

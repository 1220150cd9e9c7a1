"""What the parts of a campaign share: a table of plain rows, a table of bars, figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QObject,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _, said_of
from migdesk.services.campaign_papers import percent
from migdesk.services.campaigns import Line
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card, ElidedLabel, EmptyState, empty, label

Cells = Sequence[str]
LAST = 120
"""Width of a column that nobody gave one, in design pixels."""
LONG = 30
"""Letters of a name under a figure from which on its card is wider."""
FIGURES = (52, 48, 60)
"""Least widths of the columns of figures beside bars, so that cards line up."""
END = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter


class Rows(QAbstractTableModel):
    """Rows of words, read whole."""

    def __init__(self, heads: Sequence[str]) -> None:
        super().__init__()
        self.heads = list(heads)
        self.rows: list[Cells] = []

    def rowCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        words = self.rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return said_of(self.heads[index.column()], words)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.heads):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return self.heads[section] if role == Qt.ItemDataRole.DisplayRole else None

    def show_rows(self, rows: Sequence[Cells]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()


class PlainTable(QStackedWidget):
    """Things in rows; `opened()` on Enter or a double click, `moved()` when another row is
    current. Where there are none, `nothing` says what the place is for."""

    opened = Signal()
    moved = Signal()

    def __init__(self, name: str, heads: Sequence[str], nothing: EmptyState) -> None:
        super().__init__()
        self.things: list[Any] = []
        self.model = Rows(heads)
        self.table = QTableView()
        self.table.setAccessibleName(name)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(36))
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.activated.connect(lambda _index: self.opened.emit())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())
        self.table.viewport().installEventFilter(self)
        self.widths: list[int] = []
        self.wide = len(heads) - 1
        self.nothing = nothing
        self.addWidget(self.table)
        self.addWidget(nothing)

    def minimumSizeHint(self) -> QSize:
        """Three rows; a long word of welcome is cut before the page grows."""
        return QSize(px(200), px(120))

    def set_widths(self, *widths: int, wide: int | None = None) -> None:
        """Widths of the columns, in design pixels; `wide` takes what is left (the last one
        otherwise). Where there is little room all give some: nothing is pushed sideways."""
        self.widths = [px(width) for width in widths]
        self.widths += [px(LAST)] * (len(self.model.heads) - len(widths))
        self.wide = self.wide if wide is None else wide
        self._fit()

    def _fit(self) -> None:
        room, wanted = self.table.viewport().width(), sum(self.widths)
        for column, width in enumerate(self.widths):
            if wanted > room:
                width = width * room // wanted
            elif column == self.wide:
                width += room - wanted
            self.table.setColumnWidth(column, width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def show_things(self, things: Sequence[Any], rows: Sequence[Cells]) -> None:
        """Show these, and stay on the row where the person was."""
        here = self.table.currentIndex().row()
        self.things = list(things)
        self.model.show_rows(rows)
        self.setCurrentIndex(0 if rows else 1)
        if rows:
            self.choose(min(max(here, 0), len(rows) - 1))
        self.moved.emit()

    def choose(self, row: int) -> None:
        """Make a row the current one."""
        flags = QItemSelectionModel.SelectionFlag
        index = self.model.index(row, 0)
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    @property
    def current(self) -> Any:
        """What the current row shows, None if there is none."""
        row = self.table.currentIndex().row()
        return self.things[row] if 0 <= row < len(self.things) else None

    @property
    def selected(self) -> list[Any]:
        """What the selected rows show, in order."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.things[row] for row in rows]


class Bars(Card):
    """Lines with a bar each: done against wanted, and whatever else there is to say.
    `left`: say how many are left too."""

    def __init__(self, title: str, left: bool = True) -> None:
        super().__init__(title)
        self._left = left
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(0, 2)
        self.grid.setColumnStretch(1, 3)
        self.body.addLayout(self.grid)

    def show_lines(self, lines: Sequence[Line], more: Sequence[str] = ()) -> None:
        """Show these lines; `more` says something about each at its end."""
        empty(self.grid)
        for row, line in enumerate(lines):
            said = more[row] if more else ""
            self._add(row, line, said)
        self.setVisible(bool(lines))

    def _add(self, row: int, line: Line, more: str) -> None:
        name = ElidedLabel(line.label)
        numbers = f"{line.done} / {line.wanted}" if line.wanted else str(line.done)
        left = _("{n} left").format(n=line.remaining) if self._left and line.remaining else ""
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, max(line.wanted, 1))
        bar.setValue(min(line.done, line.wanted))
        bar.setVisible(bool(line.wanted))
        spoken = ", ".join(filter(None, (line.label, numbers, percent(line), left, more)))
        bar.setAccessibleName(spoken)
        self.grid.addWidget(name, row, 0)
        self.grid.addWidget(bar, row, 1)
        figures = (label(numbers, "strong"), label(percent(line)), label(left, "muted"))
        for column, (part, width) in enumerate(zip(figures, FIGURES, strict=True), 2):
            part.setAlignment(END)
            part.setMinimumWidth(px(width))
            self.grid.addWidget(part, row, column)
        if more:
            self.grid.addWidget(label(more, "muted"), row, 2 + len(figures))


class Figures(QWidget):
    """A few large numbers with their names under them, each on a card."""

    def __init__(self) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(16)

    def show_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        """Show (number, name) pairs; those without a number are left out."""
        empty(self.row)
        for number, name in figures:
            if number:
                card = Card()
                card.body.addWidget(label(number, "figure"))
                card.body.addWidget(label(name, "muted", wrap=True))
                card.body.addStretch(1)
                card.setAccessibleName(f"{name}: {number}")
                self.row.addWidget(card, 3 if len(name) > LONG else 2)


def lines_of(*parts: QWidget | QHBoxLayout, margin: int = 0) -> QVBoxLayout:
    """Parts under one another, 12 pixels apart."""
    column = QVBoxLayout()
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(12)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return column

"""Which column goes into which field, and the rows that do not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from migdesk.i18n import _
from migdesk.jobs.tables import Table
from migdesk.models import RECORDS

SAMPLES = 4
ROW_HEIGHT = 44
TALLEST = 316


class PlainTable(QTableWidget):
    """A table that shows and lets nobody type; as high as its rows, up to a limit."""

    def __init__(self, columns: Sequence[str], name: str) -> None:
        super().__init__(0, len(columns))
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(columns))
        self.setProperty("role", "flat")
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def write(self, row: int, texts: Sequence[str]) -> None:
        """Words of one row."""
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            self.setItem(row, column, item)

    def fit(self) -> None:
        """Take the height of the rows."""
        self.ensurePolished()
        height = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(min(height + ROW_HEIGHT * self.rowCount() + 2, TALLEST))


class MappingTable(PlainTable):
    """One line for each column of the file: its name, its first values, its field."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            (_("Column of the file"), _("First values"), _("Goes into")), _("Columns")
        )
        self.choices: dict[str, QComboBox] = {}

    def show_table(self, table: Table, kind: str, guess: Mapping[str, str]) -> None:
        """The columns of a table; without a kind, they only are shown."""
        self.choices = {}
        self.setRowCount(0)
        self.setRowCount(len(table.columns))
        self.setColumnHidden(2, not kind)
        for row, column in enumerate(table.columns):
            values = [cells[row] for cells in table.rows if cells[row].strip()][:SAMPLES]
            self.write(row, (column, " · ".join(values)))
            if kind:
                self._add_choice(row, column, kind, guess.get(column, ""))
        self.fit()

    def _add_choice(self, row: int, column: str, kind: str, field: str) -> None:
        choice = QComboBox()
        choice.setAccessibleName(_("Field for the column {name}").format(name=column))
        choice.addItem(_("— not imported —"), "")
        for declared in RECORDS[kind].fields.values():
            if not declared.hidden:
                choice.addItem(str(declared.label), declared.name)
        choice.setCurrentIndex(max(choice.findData(field), 0))
        choice.activated.connect(lambda _index: self._on_chosen(column))
        self.choices[column] = choice
        cell = QWidget()
        line = QHBoxLayout(cell)
        line.setContentsMargins(0, 0, 8, 0)
        line.addWidget(choice, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setCellWidget(row, 2, cell)

    def _on_chosen(self, column: str) -> None:
        """A field takes one column: choosing it here frees it elsewhere."""
        field = self.choices[column].currentData()
        for other, choice in self.choices.items():
            if field and other != column and choice.currentData() == field:
                choice.setCurrentIndex(0)
        self.changed.emit()

    def mapping(self) -> dict[str, str]:
        """Column → field, for the columns that are imported."""
        return {
            column: choice.currentData()
            for column, choice in self.choices.items()
            if choice.currentData()
        }


class ProblemsTable(PlainTable):
    """Rows that do not fit, and why."""

    def __init__(self) -> None:
        super().__init__((_("Row"), _("Column"), _("Problem")), _("Problems"))
        head = self.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def show_problems(self, problems: Sequence[tuple[int, str, str]]) -> None:
        """List them; hidden if there are none."""
        self.setRowCount(len(problems))
        for row, (number, column, words) in enumerate(problems):
            self.write(row, (str(number), column, words))
        self.fit()
        self.setVisible(bool(problems))

"""Which column goes into which field, and the rows that do not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from migdesk.i18n import _
from migdesk.jobs.tables import Table
from migdesk.models import RECORDS
from migdesk.ui.widgets import ElidedLabel, empty, label

from .pieces import GAP

SAMPLES = 4
ROW_HEIGHT = 36
TALLEST = 260


class MappingGrid(QWidget):
    """One line for each column of the file: its name, its first values, its field."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices: dict[str, QComboBox] = {}
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(GAP)
        self.grid.setVerticalSpacing(6)
        for column, room in enumerate((2, 3, 2)):
            self.grid.setColumnStretch(column, room)

    def show_table(self, table: Table, kind: str, guess: Mapping[str, str]) -> None:
        """The columns of a table; without a kind, they only are shown."""
        self.choices = {}
        empty(self.grid)
        heads = (_("Column of the file"), _("First values"), _("Goes into") if kind else "")
        for place, words in enumerate(heads):
            self.grid.addWidget(label(words, "caption"), 0, place)
        for line, column in enumerate(table.columns, start=1):
            values = (cells[line - 1] for cells in table.rows)
            some = list(islice((value for value in values if value.strip()), SAMPLES))
            self.grid.addWidget(ElidedLabel(column), line, 0)
            self.grid.addWidget(ElidedLabel(" · ".join(some), "muted"), line, 1)
            if kind:
                choice = self._choice(column, kind, guess.get(column, ""))
                self.grid.addWidget(choice, line, 2)

    def _choice(self, column: str, kind: str, field: str) -> QComboBox:
        choice = QComboBox()
        choice.setAccessibleName(_("Field for the column {name}").format(name=column))
        choice.addItem(_("— not imported —"), "")
        for declared in RECORDS[kind].fields.values():
            if not declared.hidden:
                choice.addItem(str(declared.label), declared.name)
        choice.setCurrentIndex(max(choice.findData(field), 0))
        choice.activated.connect(lambda _index: self._on_chosen(column))
        self.choices[column] = choice
        return choice

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


class ProblemsTable(QTableWidget):
    """Rows that do not fit, and why; as high as its rows, up to a limit."""

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setAccessibleName(_("Problems"))
        self.setHorizontalHeaderLabels([_("Row"), _("Column"), _("Problem")])
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
        for column in (0, 1):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    def show_problems(self, problems: Sequence[tuple[int | str, str, str]]) -> None:
        """List them; hidden if there are none."""
        self.setRowCount(len(problems))
        for row, (number, column, words) in enumerate(problems):
            for place, text in enumerate((str(number), column, words)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, place, item)
        self.ensurePolished()
        height = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(min(height + ROW_HEIGHT * self.rowCount() + 2, TALLEST))
        self.setVisible(bool(problems))

"""Every place of a test run as it is now: answer, asked, required, read only, wrong."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from migdesk.forms.trial import GONE, State, Trial
from migdesk.i18n import N_, _
from migdesk.ui.theme import px

Index = QModelIndex | QPersistentModelIndex
REF = Qt.ItemDataRole.UserRole
HEADS = (
    N_("Question"),
    N_("Answer"),
    N_("Asked"),
    N_("Wrong"),
    N_("Required"),
    N_("Read only"),
)
_WIDTHS = (160, 110, 60, 130, 60, 60)


class Places(QAbstractTableModel):
    """Reads the states that a trial notes; what the last act changed is bold."""

    def __init__(self) -> None:
        super().__init__()
        self.trial: Trial | None = None
        self.refs: list[str] = []
        self._fresh: set[str] = set()

    def show_trial(self, trial: Trial) -> None:
        """Show a trial, or what became of it."""
        refs = list(trial.states)
        self._fresh = {change.ref for change in trial.log[-1].changes}
        if trial is not self.trial or refs != self.refs:
            self.beginResetModel()
            self.trial, self.refs = trial, refs
            self.endResetModel()
        elif refs:
            last = self.index(len(refs) - 1, len(HEADS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.refs)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return str(HEADS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        ref = self.refs[index.row()]
        if role == REF:
            return ref
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells(ref, self.state(ref))[index.column()]
        if role == Qt.ItemDataRole.FontRole and ref in self._fresh:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def state(self, ref: str) -> State:
        """State of a place now."""
        return GONE if self.trial is None else self.trial.states.get(ref, GONE)


def cells(ref: str, state: State) -> tuple[str, ...]:
    """A place in words."""
    yes, no = _("yes"), _("no")
    return (
        ref.split("/", 2)[-1],
        state.value,
        yes if state.relevant else no,
        state.violation,
        yes if state.required else "",
        yes if state.readonly else "",
    )


class _Table(QTableView):
    """Enter asks for the line."""

    asked = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit(str(self.currentIndex().data(REF) or ""))
            return
        super().keyPressEvent(event)


class Nodes(QWidget):
    """The table with a field to filter it. `asked(ref)` by Enter or a double click."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.places = Places()
        self.shown = QSortFilterProxyModel()
        self.shown.setSourceModel(self.places)
        self.shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.shown.setFilterKeyColumn(-1)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Filter by name, answer or message"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.shown.setFilterFixedString)
        self.table = _Table()
        self.table.setModel(self.shown)
        self.table.setProperty("role", "flat")
        self.table.setShowGrid(False)
        self.table.setAccessibleName(_("Places of the questionnaire"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(px(28))
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(True)
        head.setHighlightSections(False)
        self.table.asked.connect(self._ask)
        self.table.doubleClicked.connect(lambda index: self._ask(str(index.data(REF))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)

    def show_trial(self, trial: Trial) -> None:
        """Show a trial as it is now."""
        if self.places.trial is None:
            self._fit(trial)
        self.places.show_trial(trial)

    def _fit(self, trial: Trial) -> None:
        """Columns at least as wide as their heads."""
        self.places.show_trial(trial)
        self.table.ensurePolished()
        head = self.table.horizontalHeader()
        for place, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(place, max(px(width), head.sectionSizeHint(place)))

    def _ask(self, ref: str) -> None:
        if ref:
            self.asked.emit(ref)

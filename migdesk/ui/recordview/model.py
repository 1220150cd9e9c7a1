"""Rows of a list, read page by page by key: a list of a million opens like one of ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor

from migdesk.i18n import _, said_of
from migdesk.models import RECORDS, Field
from migdesk.models.kinds import Money, Number
from migdesk.services import freshness, records
from migdesk.services.records import Page, Query, View
from migdesk.ui.desk import Desk
from migdesk.ui.icons import icon
from migdesk.ui.theme import tokens

PAGE = 100
MOST_AGAIN = 500
LONG = 20_000
"""Rows up to which sorting without an index takes less than anybody notices."""
Index = QModelIndex


class RecordModel(QAbstractTableModel):
    """Rows that a query finds. `loaded` tells that rows arrived, `too_long` that there are
    too many to be sorted by the column that was asked for."""

    loaded = Signal()
    too_long = Signal(int)

    def __init__(self, desk: Desk, kind: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.about = RECORDS[kind]
        self.query = Query()
        self.columns: list[Field] = self.about.columns
        self.rows: list[View] = []
        self._next = ""
        self._turn = 0
        self._busy = False
        self.read_once = False
        self.total = 0

    # ---- what Qt asks

    def rowCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        field, row = self.columns[index.column()], self.rows[index.row()]
        shown = row.shown.get(field.name, "")
        if field.fresh and freshness.is_stale(field, row.values):
            shown = _("{day} · to verify").format(day=shown) if shown else _("to verify")
            if role == Qt.ItemDataRole.ForegroundRole:
                return QColor(tokens().late)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            # The date itself may stand where there is no room for it.
            return icon("clock-alert-outline", "late") if freshness.words(row) else None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.replace("\n", " ")[:200]
        if role == Qt.ItemDataRole.ToolTipRole:
            return shown[:1_000] or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return said_of(field.label, shown)
        if role == Qt.ItemDataRole.TextAlignmentRole and is_figure(field):
            return Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self.columns[section].label)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeading
            if is_figure(self.columns[section]):
                side = Qt.AlignmentFlag.AlignTrailing
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def canFetchMore(self, parent: Any) -> bool:
        return not parent.isValid() and bool(self._next) and not self._busy

    def fetchMore(self, parent: Any) -> None:
        if self.canFetchMore(parent):
            self._read(self._next, PAGE, self._append)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; -1 is the order of the record type."""
        sign = "-" if order == Qt.SortOrder.DescendingOrder else ""
        name = f"{sign}{self.columns[column].name}" if column >= 0 else ""
        if not self.sorts_by(name):
            self.too_long.emit(column)
        elif name != self.query.sort:
            self.ask(Query(**{**vars(self.query), "sort": name}))

    def sorts_by(self, sort: str) -> bool:
        """Whether an order is there at once: a long list is sorted by its indexes only."""
        name = sort.lstrip("-")
        return not name or self.total <= LONG or name in self.about.ordered

    def too_long_words(self, column: int) -> str:
        """By what a long list can be sorted, since it cannot be by this column."""
        words = _(
            "This list is too long to be sorted by “{column}”. Type or filter to make it "
            "shorter, or sort it by: {columns}."
        )
        able = [str(f.label) for f in self.columns if f.name in self.about.ordered]
        label = str(self.columns[column].label)
        return words.format(column=label, columns=", ".join(able) or "–")

    # ---- what the list asks

    def ask(self, query: Query) -> None:
        """Show what another query finds."""
        self.query = query
        self._read("", PAGE, self._replace)

    def refresh(self) -> None:
        """Read again the rows that are here, after something changed."""
        limit = min(max(PAGE, len(self.rows)), MOST_AGAIN)
        self._read("", limit, self._replace)

    def set_columns(self, columns: Sequence[Field]) -> None:
        """Show other columns."""
        self.beginResetModel()
        self.columns = list(columns)
        self.endResetModel()

    def row_of(self, id: str) -> int:
        """Place of a record among the rows read, -1 if it is not there."""
        return next((n for n, row in enumerate(self.rows) if row.id == id), -1)

    def _read(self, after: str, limit: int, then: Any) -> None:
        self._turn += 1
        turn = self._turn
        self._busy = True
        self.desk.runner.read(
            records.list_page,
            self.about.kind,
            self.query,
            after,
            limit,
            then=lambda page: self._arrived(turn, page, then),
            owner=self,
        )

    def _arrived(self, turn: int, page: Page, then: Any) -> None:
        if turn == self._turn:  # an answer to an older question is dropped
            self._busy = False
            self.read_once = True
            then(page)
            self.loaded.emit()

    def _replace(self, page: Page) -> None:
        self.beginResetModel()
        self.rows = list(page.rows)
        self._next = page.next
        self.endResetModel()

    def _append(self, page: Page) -> None:
        self._next = page.next
        if page.rows:
            first = len(self.rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page.rows) - 1)
            self.rows += page.rows
            self.endInsertRows()


def is_figure(field: Field) -> bool:
    """Whether the values of a field stand under each other by their last digit."""
    return isinstance(field.kind, Number | Money)

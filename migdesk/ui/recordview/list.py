"""The list of any record type: filter, sort, columns, selection, bin, export, print."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import Text, _, ngettext
from migdesk.models import RECORDS, Field
from migdesk.models.store import Changes
from migdesk.services import records
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_go, may_write, only_read
from migdesk.ui.theme import px
from migdesk.ui.widgets.navigation import grouped

from .empty import EmptyPage
from .exporting import export
from .filters import ColumnChooser, FilterBar, filterable
from .model import RecordModel
from .parts import button, label, shortcut, tool
from .widths import Widths

TYPING_MS = 150
ASCENDING = Qt.SortOrder.AscendingOrder


class RecordTable(QWidget):
    """A list. `chosen(id)` when a row becomes current, `opened(id)` on Enter or a double
    click, `new_asked()` when the person wants a new record.

    `purpose` says, when the list is empty, what it is for, and `begin` how to begin.
    """

    chosen = Signal(str)
    opened = Signal(str)
    new_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        kind: str,
        purpose: Text | None = None,
        begin: Text | None = None,
        new_words: Text | None = None,
        parent: QWidget | None = None,
        writes: bool = True,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.about = RECORDS[kind]
        self.purpose, self.begin = purpose, begin
        self.writes = writes and may_write(desk, kind)
        self.columns = ColumnChooser(desk, self.about)
        self.model = RecordModel(desk, kind, self)
        self.model.columns = self.columns.columns()
        self.model.loaded.connect(self._on_loaded)
        self.model.too_long.connect(self._on_too_long)
        self.in_bin = False
        self.standing: dict[str, Any] = {}
        self._wanted = ""
        self._buried: list[str] = []
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.ask)
        self._build(str(new_words or _("New")))
        shortcut("Delete", self.table, self.delete)
        shortcut("Ctrl+F", self, lambda: self.field.setFocus())
        shortcut("Ctrl+N", self, self._new)

    # ---- building

    def _build(self, new_words: str) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._build_tools(new_words))
        self.filters = FilterBar(self.about)
        self.filters.changed.connect(self.ask)
        self.filter_button.setMenu(self.filters.menu(self))
        self.filter_button.setVisible(bool(filterable(self.about)))
        box.addWidget(self.filters)
        box.addWidget(self._build_notice())
        self._build_table()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.empty = EmptyPage(self._new)
        self.pages.addWidget(self.empty)
        box.addWidget(self.pages, 1)
        self.count = label("", "muted")
        self.count.setAccessibleName(_("Number of records"))
        box.addWidget(self.count)

    def _build_tools(self, new_words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.field = QLineEdit()
        self.field.setMinimumWidth(64)
        self.field.setPlaceholderText(_("Type to filter"))
        self.field.setAccessibleName(_("Filter the list"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self.field.returnPressed.connect(self._into_list)
        self.filter_button = tool("filter-variant", _("Filter"), lambda: None)
        more = _("Columns, export, print, import, bin")
        self.more_button = tool("dots-horizontal", more, lambda: None)
        self.more_button.setMenu(self._menu())
        for made in (self.filter_button, self.more_button):
            made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.new_button = button(new_words, self._new, "primary")
        if not self.writes:
            self.new_button.hide()
        row.addWidget(self.field, 1)
        for widget in (self.filter_button, self.more_button, self.new_button):
            row.addWidget(widget)
        return row

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        columns = self.columns.menu(menu, self._set_columns)
        columns.setTitle(_("Columns"))
        menu.addMenu(columns)
        menu.addSeparator()
        menu.addAction(_("Export to XLSX…"), partial(self.export, "xlsx"))
        menu.addAction(_("Export to CSV…"), partial(self.export, "csv"))
        menu.addAction(_("Print this list…"), self.print_list)
        self.import_action = menu.addAction(_("Import…"), self.import_table)
        menu.addSeparator()
        self.delete_action = menu.addAction(_("Delete"), self.delete)
        self.bin_action = menu.addAction(_("Show the bin"))
        self.bin_action.setCheckable(True)
        self.bin_action.toggled.connect(self.show_bin)
        self.import_action.setVisible(self.writes and may_go(self.desk, "import"))
        self.delete_action.setVisible(self.writes)
        menu.aboutToShow.connect(self._before_menu)
        return menu

    def _before_menu(self) -> None:
        self.delete_action.setEnabled(bool(self.selected()))
        self.delete_action.setText(_("Restore") if self.in_bin else _("Delete"))

    def _build_notice(self) -> QWidget:
        self.notice = QFrame()
        self.notice.setProperty("role", "bar")
        self.notice.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self.notice)
        row.setContentsMargins(12, 4, 4, 4)
        self.notice_words = label("", wrap=True)
        self.undo_button = button(_("Undo"), self.undo_delete)
        self.leave_bin_button = button(
            _("Back to the list"), lambda: self.bin_action.setChecked(False)
        )
        row.addWidget(self.notice_words, 1)
        row.addWidget(self.undo_button)
        row.addWidget(self.leave_bin_button)
        self.notice.hide()
        return self.notice

    def _build_table(self) -> None:
        self.table = QTableView()
        self.table.setAccessibleName(str(self.about.plural))
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(36))
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(72)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, ASCENDING)
        self.table.setSortingEnabled(True)
        self.widths = Widths(self.desk, self.about.kind, self.table)
        self.widths.show_columns(self.model.columns)
        self.table.activated.connect(self._on_activated)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)

    # ---- asking

    def stand(self, filters: dict[str, Any]) -> None:
        """Narrow the list as its page says, whatever a person filters by."""
        self.standing = filters
        self.ask()

    def load(self) -> None:
        """Read the first page."""
        self.ask()

    def ask(self) -> None:
        """Read what the field and the filters say now."""
        self._typing.stop()
        self.model.ask(self.query())
        self.count_rows()

    def query(self) -> Query:
        """What the list shows."""
        return Query(
            text=self.field.text().strip(),
            filters=tuple({**self.standing, **self.filters.filters}.items()),
            sort=self.model.query.sort,
            deleted=self.in_bin,
        )

    def count_rows(self) -> None:
        """Count what the list holds; the answer may come later."""
        query = self.query()
        counted = partial(self._on_counted, query)
        self.desk.runner.read(
            records.count, self.about.kind, query, then=counted, owner=self
        )

    def _on_counted(self, query: Query, n: int) -> None:
        if query == self.query():
            self.model.total = n
            if not self.model.sorts_by(query.sort):
                self.table.sortByColumn(-1, ASCENDING)
            words = ngettext("{n} record", "{n} records", n)
            self.count.setText(words.format(n=grouped(n) or "0"))

    def _on_too_long(self, column: int) -> None:
        """Say by what a long list can be sorted, and show how it is sorted now."""
        sort = self.model.query.sort
        names = [field.name for field in self.model.columns]
        place = names.index(sort.lstrip("-")) if sort.lstrip("-") in names else -1
        order = Qt.SortOrder.DescendingOrder if sort.startswith("-") else ASCENDING
        header = self.table.horizontalHeader()
        with QSignalBlocker(header):
            header.setSortIndicator(place, order)
        self._say(self.model.too_long_words(column), undo=False)

    def on_changed(self, changes: Changes) -> None:
        """Read again if rows of this kind may have changed."""
        if changes.touches(self.about.kind) and self.model.read_once:
            self._wanted = self._wanted or self.current()
            self.model.refresh()
            self.count_rows()

    def _on_loaded(self) -> None:
        empty = not self.model.rows
        if empty:
            self._say_empty()
        self.pages.setCurrentIndex(1 if empty else 0)
        if self._wanted:
            self.choose(self._wanted)

    def _say_empty(self) -> None:
        query = self.query()
        looking = bool(query.text or self.filters.filters)
        if query.deleted:
            title, words = _("The bin is empty."), _("What is deleted stays here 30 days.")
        elif looking:
            title, words = _("Nothing fits."), _("Type less, or take a filter away.")
        else:
            title = _("Nothing here yet: {name}").format(name=self.about.plural)
            title = str(self.purpose) if self.purpose else title
            words = str(self.begin) if self.begin else _("Begin with “New”, or import a table.")
            words = words if self.writes else only_read(self.desk, self.about.kind)
        self.empty.title.setText(title)
        self.empty.words.setText(words)
        self.empty.button.setText(self.new_button.text())
        self.empty.button.setVisible(self.writes and not looking and not query.deleted)

    def _new(self) -> None:
        if self.writes:
            self.new_asked.emit()

    # ---- rows

    def current(self) -> str:
        """Id of the current row, "" if there is none."""
        row = self.table.currentIndex().row()
        return self.model.rows[row].id if 0 <= row < len(self.model.rows) else ""

    def selected(self) -> list[str]:
        """Ids of the selected rows, in order."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.rows[row].id for row in rows]

    def choose(self, id: str) -> None:
        """Make a record the current row if it is among those read."""
        row = self.model.row_of(id)
        self._wanted = "" if row >= 0 else self._wanted
        if row >= 0 and self.current() != id:
            index = self.model.index(row, 0)
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(
                index, flags.ClearAndSelect | flags.Rows
            )
            self.table.scrollTo(index)

    def _into_list(self) -> None:
        if self._typing.isActive():
            self.ask()
        self.table.setFocus()
        if self.model.rows and not self.current():
            self.choose(self.model.rows[0].id)

    def _on_current(self) -> None:
        if id := self.current():
            if not self.table.selectionModel().hasSelection():  # Tab only marks a row
                self.table.selectRow(self.table.currentIndex().row())
            self.chosen.emit(id)

    def _on_activated(self) -> None:
        if id := self.current():
            self.opened.emit(id)

    # ---- columns

    def _set_columns(self, columns: list[Field]) -> None:
        self._wanted = self.current()
        self.model.set_columns(columns)
        self.table.horizontalHeader().setSortIndicator(-1, ASCENDING)
        self.widths.show_columns(columns)
        self.choose(self._wanted)

    # ---- bin

    def delete(self) -> None:
        """Put the selected records in the bin (or take them out of it)."""
        ids = self.selected()
        if not ids or not self.writes:
            return
        service = records.restore if self.in_bin else records.delete
        for id in ids:
            self.desk.runner.write(service, self.about.kind, id, owner=self)
        self._buried = ids
        words = (
            ngettext("{n} record restored.", "{n} records restored.", len(ids))
            if self.in_bin
            else ngettext("{n} record is in the bin.", "{n} records are in the bin.", len(ids))
        )
        self._say(words.format(n=len(ids)), undo=True)

    def undo_delete(self) -> None:
        """Take back the last delete (or restore)."""
        service = records.delete if self.in_bin else records.restore
        for id in self._buried:
            self.desk.runner.write(service, self.about.kind, id, owner=self)
        self._buried = []
        self._say("", undo=False)

    def show_bin(self, on: bool) -> None:
        """Show deleted records instead of those in use."""
        self.in_bin = on
        self._buried = []
        self.new_button.setDisabled(on)
        self._say(_("These records are in the bin.") if on else "", undo=False)
        self.ask()

    def _say(self, words: str, undo: bool) -> None:
        self.notice_words.setText(words)
        self.undo_button.setVisible(undo)
        self.leave_bin_button.setVisible(self.in_bin)
        self.notice.setVisible(bool(words) or self.in_bin)

    # ---- out and in

    def export(self, ending: str) -> None:
        """Write what the list shows to a file that the person names."""
        columns = tuple(f.name for f in self.model.columns)
        export(self, self.desk, self.about, self.query(), columns, ending)

    def print_list(self) -> None:
        """Preview the list on paper."""
        columns = tuple(f.name for f in self.model.columns)
        self.desk.print("list-sheet", kind=self.about.kind, query=self.query(), columns=columns)

    def import_table(self) -> None:
        """Go where tables are imported."""
        self.desk.go("import", kind=self.about.kind)

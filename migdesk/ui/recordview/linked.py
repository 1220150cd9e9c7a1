"""Records that point to a record: found in the declarations, shown as short lists."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.models import RECORDS, RecordType
from migdesk.models.kinds import Link
from migdesk.services import attachments, records
from migdesk.services.records import Query, View
from migdesk.ui.desk import Desk
from migdesk.ui.rights import form_place, lives_in, may_write

from .edit_files import choose_file, save_copy
from .parts import button, label
from .usual import carried

INSIDE = ("account", "office", "attachment", "selection_score")


def links_to(kind: str) -> dict[str, tuple[str, ...]]:
    """Kinds of records that point to this kind, with the names of the fields that do.
    Its own lines are left out (the form shows them), and so is what the program keeps
    for itself."""
    found: dict[str, tuple[str, ...]] = {}
    for about in RECORDS.values():
        names = tuple(
            f.name
            for f in about.fields.values()
            if isinstance(f.kind, Link) and f.kind.to == kind and not f.kind.own
        )
        if names and about.kind not in INSIDE:
            found[about.kind] = names
    return found


def placed_links(desk: Desk, kind: str) -> list[tuple[str, tuple[str, ...], str]]:
    """`links_to` in the order of the navigation: kind, fields, words of the place."""
    found = [(lives_in(desk, other), other, fields) for other, fields in links_to(kind).items()]
    found.sort(key=lambda each: each[0][0])
    return [(other, fields, words) for (_turn, words), other, fields in found]


class ShortList(QWidget):
    """Rows read whole, in a table; `opened(row)` on Enter or a double click."""

    opened = Signal(object)
    counted = Signal(int)

    def __init__(self, name: str, empty: str) -> None:
        super().__init__()
        self.rows: list[View] = []
        self.model = QStandardItemModel(self)
        self.table = QTableView()
        self.table.setAccessibleName(name)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(36)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        self.table.activated.connect(self._on_activated)
        self.nothing = label(empty, "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedLayout(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.nothing)

    def show_rows(self, heads: list[str], rows: list[tuple[View, list[str]]]) -> None:
        """Replace all rows."""
        self.rows = [view for view, _cells in rows]
        self.model.clear()
        self.model.setHorizontalHeaderLabels(heads)
        for _view, cells in rows:
            items = [QStandardItem(" ".join(cell.split())[:200]) for cell in cells]
            self.model.appendRow(items)
        for column in range(len(heads)):
            self.table.setColumnWidth(column, 170)
        self.stack.setCurrentIndex(0 if rows else 1)
        self.counted.emit(len(rows))

    def _on_activated(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self.rows):
            self.opened.emit(self.rows[row])


class LinkedList(QWidget):
    """Records of one kind that point to the record shown, by any of their links."""

    counted = Signal(int)

    def __init__(self, desk: Desk, kind: str, fields: tuple[str, ...]) -> None:
        super().__init__()
        self.desk = desk
        self.about: RecordType = RECORDS[kind]
        self.fields = fields
        self.id = ""
        self._found: dict[str, tuple[View, ...]] = {}
        self.list = ShortList(str(self.about.plural), self._empty_words())
        self.list.opened.connect(self._open)
        self.list.counted.connect(self.counted)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.add_button = button(_("Add: {name}").format(name=self.about.label), self.add)
        self.add_button.setVisible(bool(form_place(desk, kind)))
        box.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeading)
        box.addWidget(self.list, 1)

    def add(self) -> None:
        """An empty form that already names the record shown, and whom that is about."""
        if form_place(self.desk, self.about.kind) and self.id:
            shown: Any = self.about[self.fields[0]].kind
            self.desk.runner.read(
                records.get, shown.to, self.id, then=self._add_to, owner=self
            )

    def _add_to(self, view: View) -> None:
        kind = self.about.kind
        new = {**carried(view, kind), self.fields[0]: view.id}
        self.desk.go(form_place(self.desk, kind), kind=kind, new=new)

    def _empty_words(self) -> str:
        return _("None yet: {name}.").format(name=str(self.about.plural).lower())

    def load(self, id: str) -> None:
        """Read the rows that point to `id`."""
        self.id = id
        self._found = {}
        for field in self.fields:
            self.desk.runner.read(
                records.linked,
                self.about.kind,
                field,
                id,
                then=partial(self._arrived, id, field),
                owner=self,
            )

    def _arrived(self, id: str, field: str, rows: tuple[View, ...]) -> None:
        if id != self.id:
            return
        self._found[field] = rows
        if len(self._found) == len(self.fields):
            self._show()

    def _show(self) -> None:
        # The column that names the record itself says nothing; several links say which.
        shown = [f for f in self.about.columns if f.name not in self.fields]
        owner = [self.about[self.about.owner]] if self.about.owner else []
        heads = [str(f.label) for f in (*owner, *shown)]
        several = len(self.fields) > 1
        rows: dict[str, tuple[View, list[str]]] = {}
        for name in self.fields:
            for view in self._found[name]:
                cells = [view.shown[f.name] for f in (*owner, *shown)]
                role = [str(self.about[name].label)] if several else []
                rows.setdefault(view.id, (view, cells + role))
        heads += [_("As")] if several else []
        self.list.show_rows(heads, list(rows.values()))

    def _open(self, view: View) -> None:
        """Open the record; a line opens the record that it belongs to."""
        owner = self.about.owner
        if owner and view.values.get(owner):
            kind = self.about[owner].kind
            assert isinstance(kind, Link)
            self.desk.open(kind.to, view.values[owner])
        else:
            self.desk.open(view.kind, view.id)


class FilesList(QWidget):
    """Files kept with a record of a kind: add, save a copy, delete. Who may not write the
    record may save copies only."""

    counted = Signal(int)

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self.list = ShortList(_("Files"), _("No file yet. Add a scan, a photo or a letter."))
        self.list.opened.connect(self._copy)
        self.list.counted.connect(self.counted)
        row = QHBoxLayout()
        self.add_button = button(_("Add a file…"), self.add)
        self.delete_button = button(_("Delete"), self._delete_current)
        copy_button = button(_("Save a copy…"), self._copy_current)
        for made in (self.add_button, copy_button, self.delete_button):
            row.addWidget(made)
        if not may_write(desk, kind):
            self.add_button.hide()
            self.delete_button.hide()
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row)
        box.addWidget(self.list, 1)

    def load(self, id: str) -> None:
        """Read the files of a record."""
        self.id = id
        query = Query(filters=(("of", id),))
        self.desk.runner.read(
            records.list_page, "attachment", query, "", 500, then=self._arrived, owner=self
        )

    def _arrived(self, page: records.Page) -> None:
        columns = RECORDS["attachment"].columns
        rows = [(view, [view.shown[f.name] for f in columns]) for view in page.rows]
        self.list.show_rows([str(f.label) for f in columns], rows)

    def add(self) -> None:
        """Keep a file that the person chooses."""
        found = choose_file(self.desk, picture=False)
        if found is not None:
            name, data = found
            self.desk.runner.write(
                attachments.add,
                name,
                data,
                self.id,
                then=lambda _id: self.load(self.id),
                owner=self,
            )

    def _current(self) -> View | None:
        row = self.list.table.currentIndex().row()
        return self.list.rows[row] if 0 <= row < len(self.list.rows) else None

    def _copy_current(self) -> None:
        view = self._current()
        if view is not None:
            self._copy(view)

    def _copy(self, view: View) -> None:
        self.desk.runner.read(
            attachments.read,
            view.id,
            then=lambda found: save_copy(self.desk, found),
            owner=self,
        )

    def _delete_current(self) -> None:
        view = self._current()
        if view is not None:
            self.desk.runner.write(
                records.delete,
                "attachment",
                view.id,
                then=lambda _done: self.load(self.id),
                owner=self,
            )


def counts_label(words: str, n: int) -> str:
    """Words of a tab with a number, if there is one to tell."""
    return f"{words} {n}" if n else words

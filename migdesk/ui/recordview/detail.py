"""The file of any record: head, tabs for the form, what points to it, files, history."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.models import RECORDS, sealing
from migdesk.models.kinds import Link
from migdesk.models.store import Changes
from migdesk.services import pointing, readings, records
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

from .form import RecordForm
from .history import RecordHistory
from .linked import FilesList, LinkedList, counts_label, placed_links
from .more import more_menu
from .parts import FlowLayout, button, clear, drop, label, shortcut
from .tabs import FlatTabs

WHOSE = ("person", "parent", "expert", "case", "school", "household", "head")
"""Links that say whom a record is about, the first that it has."""
LOGS = ("disclosure", "reading")
"""Kinds that the program writes down by itself: there when somebody asks."""


class RecordDetail(QWidget):
    """One record. `show_record(id)` shows it; a page may fill `badges`, add actions to
    `buttons`, and add tabs with `add_tab` before the first record is shown."""

    saved = Signal(str)
    titled = Signal(object)

    def __init__(self, desk: Desk, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.about = RECORDS[kind]
        self.id = ""
        self._whose = "", ""
        self.form: RecordForm | None = None
        self._loaded: set[str] = set()
        self._parts: dict[str, QWidget] = {}
        self._words: dict[str, str] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addLayout(self._build_head())
        self.tabs = FlatTabs()
        self.tabs.serve_keys(self)
        self.tabs.changed.connect(self._on_tab)
        self.stack = QStackedWidget()
        # Its parts scroll: in a low window they give way to what stands above.
        self.stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.stack.setMinimumHeight(px(32))
        outer.addWidget(self.tabs)
        outer.addWidget(self.stack, 1)
        self.place = QWidget()
        self._form_box = QVBoxLayout(self.place)
        self._form_box.setContentsMargins(0, 0, 0, 0)
        self.add_tab("file", _("File"), self.place)
        self.links: dict[str, tuple[str, ...]] = {}
        for other, fields, group in placed_links(desk, kind):
            self.links[other] = fields
            linked = LinkedList(desk, other, fields)
            self.add_tab(other, str(RECORDS[other].plural), linked, group)
        self.add_tab("files", _("Papers"), FilesList(desk, kind))
        self.add_tab("history", _("History"), RecordHistory(desk, kind))
        self.setEnabled(False)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.title = label("", "title", wrap=True)
        self.code = label("", "muted")
        self.badges = FlowLayout()
        words.addWidget(self.title)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.whose = button("", self._open_whose, "link")
        line.addWidget(self.code)
        line.addWidget(self.whose)
        line.addLayout(self.badges, 1)
        words.addLayout(line)
        head.addLayout(words, 1)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.print_button = QPushButton(_("Print ▾"))
        self.print_button.clicked.connect(self._print)
        self.print_button.setToolTip(_("Ctrl P"))
        shortcut("Ctrl+P", self, self._print)
        self.buttons.addWidget(self.print_button)
        self.more_button = QPushButton(_("More ▾"))
        self.more_button.clicked.connect(self._more)
        self.more_button.hide()
        self.buttons.addWidget(self.more_button)
        head.addLayout(self.buttons)
        head.setAlignment(self.buttons, Qt.AlignmentFlag.AlignTop)
        return head

    def add_tab(self, name: str, words: str, widget: QWidget, group: str = "") -> None:
        """Add a tab; a widget with `load(id)` is asked when the tab is first shown. `group`:
        what heads it where many stand in a menu."""
        self._parts[name] = widget
        self._words[name] = words
        self.stack.addWidget(widget)
        self.tabs.add(name, words, group)
        counted = getattr(widget, "counted", None)
        if counted is not None:
            counted.connect(lambda n, key=name: self._count(key, n))

    def _count(self, name: str, n: int) -> None:
        self.tabs.rename(name, counts_label(self._words[name], n))

    # ---- showing

    def show_record(self, id: str) -> None:
        """Show a stored record; what was typed about the one before stays as a draft."""
        if id == self.id:
            return
        self.leave()
        self.id = id
        self.setEnabled(True)
        self._loaded = set()
        for name, words in self._words.items():
            self.tabs.rename(name, words)
        self._new_form(id, {})
        self._read_head()
        self._on_tab(self.tabs.current)
        self._note_reading(id)

    def _note_reading(self, id: str) -> None:
        """What only some may read is read on the record."""
        runner, kind = self.desk.runner, self.about.kind

        def write(due: bool) -> None:
            if due:
                runner.write(readings.note, kind, id)

        if sealing.concerned(kind):
            runner.read(readings.due, kind, id, then=write)

    def show_new(self, values: dict[str, Any] | None = None) -> None:
        """Show an empty form for a new record."""
        self.leave()
        self.id = ""
        self.setEnabled(True)
        self._loaded = set()
        self.title.setText(_("New: {name}").format(name=self.about.label))
        self.code.clear()
        self.whose.hide()
        clear(self.badges)
        self.print_button.hide()
        self.more_button.hide()
        self.tabs.hide()
        self._new_form(None, values or {})
        self.tabs.select("file")
        if self.form is not None:
            self.form.focus_first()

    def _new_form(self, id: str | None, values: dict[str, Any]) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        self.form = RecordForm(self.desk, self.about.kind, id, values)
        self.form.saved.connect(self._on_saved)
        self._form_box.addWidget(self.form)
        self.form.load()

    def _on_saved(self, id: str) -> None:
        if not self.id:
            self.id = id
        self._loaded.clear()
        self._read_head()
        self._on_tab(self.tabs.current)
        self.saved.emit(id)

    def _read_head(self) -> None:
        self.tabs.show()
        self.print_button.show()
        self.more_button.setVisible(bool(self._menu().actions()))
        read = self.desk.runner.read
        read(records.get, self.about.kind, self.id, then=self._show_head, owner=self)
        read(
            pointing.counts,
            self.links,
            self.id,
            then=partial(self._show_counts, self.id),
            owner=self,
        )

    def _show_head(self, view: View) -> None:
        if view.id == self.id:
            self.title.setText(view.title)
            self.code.setText(view.code)
            self.code.setVisible(bool(view.code) and view.code not in view.title)
            self._show_whose(view)
            self.titled.emit(view)

    def _show_whose(self, view: View) -> None:
        """Whom the record is about, and the way there: most titles do not say it."""
        name = next((n for n in WHOSE if view.values.get(n)), "")
        linked = self.about[name].kind if name else None
        words = view.shown[name] if isinstance(linked, Link) else ""
        self.whose.setText(words)
        self.whose.setVisible(bool(words))
        if isinstance(linked, Link):
            self._whose = linked.to, view.values[name]

    def _open_whose(self) -> None:
        self.desk.open(*self._whose)

    def _show_counts(self, id: str, found: Mapping[str, int]) -> None:
        """Tabs with something in them come first, with how much."""
        if id == self.id:
            for name, n in found.items():
                self._count(name, n)
            self.tabs.put_behind([name for name, n in found.items() if not n or name in LOGS])

    def _on_tab(self, name: str) -> None:
        if name not in self._parts:
            return
        part = self._parts[name]
        self.stack.setCurrentWidget(part)
        load = getattr(part, "load", None)
        if self.id and load is not None and name not in self._loaded:
            self._loaded.add(name)
            load(self.id)

    def on_changed(self, changes: Changes) -> None:
        """Read again what may have changed."""
        if not self.id or not (changes.everything or changes.kinds - {"draft"}):
            return
        self._loaded.clear()
        self._read_head()
        if self.form is not None:
            self.form.reload()
        self._on_tab(self.tabs.current)

    def leave(self) -> None:
        """Keep what is being typed as a draft."""
        if self.form is not None:
            self.form.keep_draft()

    def _menu(self) -> QMenu:
        return more_menu(self.desk, self.about.kind, self.id)

    def _more(self) -> None:
        if self.id:
            drop(self._menu(), self.more_button)

    def _print(self) -> None:
        if self.id:
            drop(self.desk.print_menu(self.about.kind, self.id), self.print_button)

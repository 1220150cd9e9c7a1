"""A page with a tab for each kind of record, and tabs of its own beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from migdesk.i18n import Text, _
from migdesk.models import RECORDS
from migdesk.models.store import Changes
from migdesk.ui.desk import Desk, Page
from migdesk.ui.directory_package import DirectoryPackage
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.recordview.parts import drop, label
from migdesk.ui.recordview.split import ListAndDetail
from migdesk.ui.recordview.tabs import FlatTabs

from .office_papers import documents_menu


class KindsPage(Page):
    """A tab for each kind; its list is made and read when the tab is first shown.

    `title` heads the page. `kinds`: kind → what its list is for, how to begin. `details`:
    kind → view of a record where the general one is not enough. `own`: name of a tab → its
    words and the maker of a page that fills it. `documents`: registers and figures of the
    whole office that are printed from here (names of recipes). `package`: the directory
    can be exported and imported from here.
    """

    title: ClassVar[Text]
    kinds: ClassVar[Mapping[str, tuple[Text, Text]]]
    details: ClassVar[Mapping[str, Callable[[Desk], RecordDetail]]] = {}
    own: ClassVar[Mapping[str, tuple[Text, Callable[[Desk], Page]]]] = {}
    documents: ClassVar[tuple[str, ...]] = ()
    package: ClassVar[bool] = False

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setProperty("role", "page")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 16)
        box.setSpacing(12)
        box.addLayout(self._build_head())
        self.tabs = FlatTabs()
        self.stack = QStackedWidget()
        self.parts: dict[str, ListAndDetail | Page] = {}
        for name, (words, _make) in self.own.items():
            self.tabs.add(name, str(words))
        for kind in self.kinds:
            self.tabs.add(kind, str(RECORDS[kind].plural))
        self.tabs.changed.connect(self._on_tab)
        self.tabs.serve_keys(self)
        box.addWidget(self.tabs)
        box.addWidget(self.stack, 1)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(str(self.title), "title"), 1)
        if self.package:
            self.directory = DirectoryPackage(self.desk, self)
            self.package_button = QPushButton(_("Directory ▾"))
            self.package_button.clicked.connect(self._open_package)
            row.addWidget(self.package_button)
        if self.documents:
            self.print_button = QPushButton(_("Print ▾"))
            self.print_button.clicked.connect(self._open_menu)
            row.addWidget(self.print_button)
        return row

    def _open_menu(self) -> None:
        drop(documents_menu(self.desk, self.documents, self), self.print_button)

    def _open_package(self) -> None:
        drop(self.directory.menu(), self.package_button)

    def part(self, name: str) -> ListAndDetail | Page:
        """What a tab shows, made when first asked for."""
        if name not in self.parts:
            made = self._page(name) if name in self.own else self._list(name)
            self.parts[name] = made
            self.stack.addWidget(made)
            made.load()
        return self.parts[name]

    def _page(self, name: str) -> Page:
        _words, make = self.own[name]
        made = make(self.desk)
        if layout := made.layout():
            layout.setContentsMargins(0, 0, 0, 0)
        return made

    def _list(self, kind: str) -> ListAndDetail:
        purpose, begin = self.kinds[kind]
        detail = self.details.get(kind)
        made = ListAndDetail(
            self.desk, kind, purpose, begin, detail=detail(self.desk) if detail else None
        )
        made.list.new_asked.connect(lambda: made.show_new())
        return made

    def _on_tab(self, name: str) -> None:
        self.stack.setCurrentWidget(self.part(name))
        self.desk.settings.remember(f"{self.name}.tab", name)

    def load(self) -> None:
        if not self.tabs.current:
            return
        kept = self.desk.settings.state(f"{self.name}.tab")
        if not self.parts and kept:
            self.tabs.select(kept)
        current = self.tabs.current
        known = current in self.parts
        self.stack.setCurrentWidget(self.part(current))
        if known:
            self.part(current).load()

    def arrive(self, **args: Any) -> None:
        name = str(args.get("kind") or args.get("tab") or "")
        if name not in self.kinds and name not in self.own:
            return
        self.tabs.select(name)
        part = self.part(name)
        if isinstance(part, Page):
            part.arrive(**args)
        elif args.get("id"):
            part.show_record(str(args["id"]))
        elif "new" in args:
            part.show_new(args["new"])

    def on_changed(self, changes: Changes) -> None:
        for part in self.parts.values():
            part.on_changed(changes)

    def leave(self) -> None:
        for part in self.parts.values():
            part.leave()

"""Directory: organisations, their projects, places and households."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from migdesk.i18n import N_, Text, _
from migdesk.models import RECORDS
from migdesk.models.store import Changes
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import label
from migdesk.ui.recordview.split import ListAndDetail
from migdesk.ui.recordview.tabs import FlatTabs

# Kind → what its list is for, how to begin.
KINDS: dict[str, tuple[Text, Text]] = {
    "organisation": (
        N_("Associations, communes, services and banks that the office works with."),
        N_("Add the partners you already know, or import a table."),
    ),
    "project": (
        N_("Projects that organisations carry together."),
        N_("Add a project with its partners, or import a list of projects."),
    ),
    "place": (
        N_("Regions, communes and villages, one inside the other."),
        N_("Import the places of your country with their P-codes."),
    ),
    "household": (
        N_("Families, with their members at home and abroad."),
        N_("Add the household of a person whom you help."),
    ),
}


class DirectoryPage(Page):
    """A tab for each kind; its list is made and read when the tab is first shown."""

    name: ClassVar[str] = "directory"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setProperty("role", "page")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 16)
        box.setSpacing(12)
        box.addWidget(label(_("Directory"), "title"))
        self.tabs = FlatTabs()
        self.stack = QStackedWidget()
        self.parts: dict[str, ListAndDetail] = {}
        for kind in KINDS:
            self.tabs.add(kind, str(RECORDS[kind].plural))
        self.tabs.changed.connect(self._on_tab)
        box.addWidget(self.tabs)
        box.addWidget(self.stack, 1)

    def part(self, kind: str) -> ListAndDetail:
        """The list and detail of a kind, made when first asked for."""
        if kind not in self.parts:
            purpose, begin = KINDS[kind]
            made = ListAndDetail(self.desk, kind, purpose, begin)
            made.list.new_asked.connect(made.show_new)
            self.parts[kind] = made
            self.stack.addWidget(made)
            made.load()
        return self.parts[kind]

    def _on_tab(self, kind: str) -> None:
        self.stack.setCurrentWidget(self.part(kind))
        self.desk.settings.remember("directory.tab", kind)

    def load(self) -> None:
        kept = self.desk.settings.state("directory.tab")
        if not self.parts and kept in KINDS:
            self.tabs.select(kept)
        current = self.tabs.current
        known = current in self.parts
        self.stack.setCurrentWidget(self.part(current))
        if known:
            self.part(current).load()

    def arrive(self, **args: Any) -> None:
        kind = str(args.get("kind") or "")
        if kind in KINDS:
            self.tabs.select(kind)
            if args.get("id"):
                self.part(kind).show_record(str(args["id"]))

    def on_changed(self, changes: Changes) -> None:
        for part in self.parts.values():
            part.on_changed(changes)

    def leave(self) -> None:
        for part in self.parts.values():
            part.leave()

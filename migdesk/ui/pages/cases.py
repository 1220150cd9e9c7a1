"""Cases: a list or a board; one case fills the page."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import N_, _
from migdesk.models.store import Changes
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.dossier.board import CaseBoard
from migdesk.ui.recordview.dossier.case_file import CaseFile
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.recordview.parts import label

from .my_office import OfficeChoice

VIEWS = ("list", "stage", "adviser")


class CasesPage(Page):
    """All cases; the way they are shown is remembered."""

    name: ClassVar[str] = "cases"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setProperty("role", "page")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 16)
        self.stack = QStackedWidget()
        box.addWidget(self.stack)
        self.all = QWidget()
        inside = QVBoxLayout(self.all)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        self.offices = OfficeChoice(desk)
        inside.addLayout(self._build_head())
        self.list = RecordTable(
            desk,
            "case",
            purpose=N_("The projects and the requests that the office follows."),
            begin=N_("Open a case here, or while you receive somebody (F2)."),
            new_words=N_("New case"),
        )
        self.list.opened.connect(self.show_case)
        self.list.new_asked.connect(self.new_case)
        self.board = CaseBoard(desk)
        self.board.opened.connect(self.show_case)
        self.views = QStackedWidget()
        self.views.addWidget(self.list)
        self.views.addWidget(self.board)
        inside.addWidget(self.views, 1)
        self.file = CaseFile(desk)
        self.file.closed.connect(self._on_closed)
        self.stack.addWidget(self.all)
        self.stack.addWidget(self.file)
        self.offices.changed.connect(self._on_office)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(label(_("Cases"), "title"), 1)
        self.buttons = QButtonGroup(self)
        words = (_("List"), _("Board by stage"), _("Board by adviser"))
        for number, text in enumerate(words):
            made = QPushButton(text)
            made.setCheckable(True)
            self.buttons.addButton(made, number)
            row.addWidget(made)
        kept = self.desk.settings.state("cases.view")
        start = VIEWS.index(kept) if kept in VIEWS else 0
        self.buttons.button(start).setChecked(True)
        self.buttons.idClicked.connect(self._on_view)
        row.addSpacing(12)
        row.addWidget(self.offices)
        return row

    def _on_office(self) -> None:
        self.list.stand(self.offices.filters())
        self.board.stand(self.offices.filters())
        if self.shown_as != "list" and self.stack.currentWidget() is self.all:
            self.board.load(self.shown_as)

    @property
    def shown_as(self) -> str:
        """list, stage or adviser."""
        return VIEWS[max(0, self.buttons.checkedId())]

    def _on_view(self, number: int) -> None:
        self.desk.settings.remember("cases.view", VIEWS[number])
        self._load_view()

    def _load_view(self) -> None:
        if self.shown_as == "list":
            self.views.setCurrentWidget(self.list)
            self.list.load()
        else:
            self.views.setCurrentWidget(self.board)
            self.board.load(self.shown_as)

    def load(self) -> None:
        self.offices.load()
        if self.stack.currentWidget() is self.all:
            self._load_view()

    def arrive(self, **args: Any) -> None:
        if args.get("id"):
            self.show_case(str(args["id"]))
        elif args.get("new"):
            self.new_case()

    def show_case(self, id: str) -> None:
        """Show one case on the whole page."""
        self.stack.setCurrentWidget(self.file)
        self.file.show_case(id)

    def new_case(self) -> None:
        """Show an empty case."""
        self.stack.setCurrentWidget(self.file)
        self.file.show_new()

    def _on_closed(self) -> None:
        self.stack.setCurrentWidget(self.all)
        self._load_view()

    def on_changed(self, changes: Changes) -> None:
        self.list.on_changed(changes)
        self.board.on_changed(changes)
        self.file.on_changed(changes)

    def leave(self) -> None:
        self.file.leave()

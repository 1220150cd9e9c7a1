"""One case as a page: head, stages, tabs over one form, and what helps beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.case import STAGES_OF
from migdesk.models.store import Changes
from migdesk.services import cases, pointing
from migdesk.services.cases import DossierView
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_go
from migdesk.ui.theme import px

from ..form import RecordForm
from ..history import RecordHistory
from ..linked import FilesList, LinkedList, counts_label, placed_links
from ..parts import button, drop, label, shortcut
from ..tabs import FlatTabs
from .forecast import Forecast
from .moving import move
from .results import Results
from .side import DossierSide
from .stages import StageSteps

NARROW = 820
SIDE = 264
FIGURES_MS = 150
"""The figures of a plan follow the typing after so long."""
# Tab → sections of the form, kinds of lines.
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "summary": (("", "follow"), ()),
    "activity": (("activity",), ("owner",)),
    "market": (("market",), ("demand", "competitor")),
    "plan": (("plan",), ("plan_sale", "plan_cost", "budget_line")),
    "finance": ((), ("finance_line",)),
    "papers": ((), ("paper",)),
    "steps": ((), ("step",)),
    "risks": ((), ("risk",)),
}


# Kinds of records about a case that have a view of their own.
OWN: dict[str, Callable[[Desk], QWidget]] = {"follow_visit": Results}


class CaseFile(QWidget):
    """A stored case, or a new one."""

    closed = Signal()
    saved = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self.form: RecordForm | None = None
        self.dossier: DossierView | None = None
        self._loaded: set[str] = set()
        self._figures = QTimer(self, singleShot=True, interval=FIGURES_MS)
        self._figures.timeout.connect(self._show_figures)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(button(_("‹ All cases"), self.close_file, "link"), 0, _LEADING)
        box.addLayout(self._build_head())
        self.stages = StageSteps()
        self.stages.chosen.connect(self.move_to)
        box.addWidget(self.stages)
        self.tabs = FlatTabs()
        self.tabs.serve_keys(self)
        self._parts: dict[str, QWidget] = {}
        self.stack = QStackedWidget()
        self._build_body()
        box.addWidget(self.tabs)
        box.addWidget(self.stack, 1)
        self.tabs.changed.connect(self._on_tab)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.title = label("", "title", wrap=True)
        self.subtitle = label("", "muted", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        head.addLayout(words, 1)
        self.print_button = QPushButton(_("Print ▾"))
        self.print_button.clicked.connect(self._print)
        self.print_button.setToolTip(_("Ctrl P"))
        shortcut("Ctrl+P", self, self._print)
        self.money_button = button(_("Find money"), self.find_money)
        self.money_button.hide()
        head.addWidget(self.money_button, 0, Qt.AlignmentFlag.AlignTop)
        self.step_button = button(_("New step"), self.new_step, "primary")
        head.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.step_button, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _build_body(self) -> None:
        self.work = QWidget()
        row = QHBoxLayout(self.work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self._form_box = QVBoxLayout()
        self.side = DossierSide(self.desk)
        self.beside = QScrollArea()
        self.beside.setWidgetResizable(True)
        self.beside.setFrameShape(QFrame.Shape.NoFrame)
        self.beside.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.beside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.beside.setFixedWidth(px(SIDE))
        self.beside.setWidget(self.side)
        row.addLayout(self._form_box, 1)
        row.addWidget(self.beside)
        self.stack.addWidget(self.work)
        for name, words in self._words().items():
            self.tabs.add(name, words)
        self._add("forecast", _("Three years"), Forecast(self.desk))
        self.links: dict[str, tuple[str, ...]] = {}
        for kind, fields, group in placed_links(self.desk, "case"):
            self.links[kind] = fields
            own = OWN.get(kind)
            made = own(self.desk) if own else LinkedList(self.desk, kind, fields)
            self._add(kind, str(RECORDS[kind].plural), made, group)
        self._add("files", _("Files"), FilesList(self.desk, "case"))
        self._add("history", _("History"), RecordHistory(self.desk, "case"))

    def _words(self) -> dict[str, str]:
        return {
            "summary": _("Summary"),
            "activity": _("Activity"),
            "market": _("Market"),
            "plan": _("Business plan"),
            "finance": _("Finance"),
            "papers": _("Papers"),
            "steps": _("Steps"),
            "risks": _("Risks"),
        }

    def _add(self, name: str, words: str, widget: QWidget, group: str = "") -> None:
        self._parts[name] = widget
        self.tabs.add(name, words, group)
        self.stack.addWidget(widget)

    # ---- showing

    def show_case(self, id: str) -> None:
        """Show a stored case."""
        if id == self.id:
            return
        self.leave()
        self.id = id
        self._loaded.clear()
        for widget in (self.tabs, self.stages, self.print_button, self.step_button):
            widget.show()
        self._new_form(id)
        self.tabs.select("summary")
        self._on_tab(self.tabs.current)
        self.tabs.setFocus()
        self._read()

    def show_new(self) -> None:
        """Show an empty form with what a case needs at first."""
        self.leave()
        self.id = ""
        self.dossier = None
        self.title.setText(_("New case"))
        self.subtitle.setText(_("A title and a person are enough to begin."))
        buttons = (self.print_button, self.step_button)
        for widget in (self.tabs, self.stages, *buttons, self.money_button, self.beside):
            widget.hide()
        self._new_form(None)
        self.stack.setCurrentWidget(self.work)
        if self.form is not None:
            self.form.show_parts(("", "activity"), ())
            self.form.focus_first()

    def _new_form(self, id: str | None) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        self.form = RecordForm(self.desk, "case", id)
        self.form.saved.connect(self._on_saved)
        self.form.typed.connect(self._figures.start)
        self._form_box.addWidget(self.form)
        self.form.load()

    def _on_saved(self, id: str) -> None:
        if not self.id:
            self.form = self._taken_over(id)
        else:
            self._read()
        self.saved.emit(id)

    def _taken_over(self, id: str) -> RecordForm | None:
        """After the first save the page shows the stored case."""
        self.show_case(id)
        return self.form

    def _read(self) -> None:
        read = self.desk.runner.read
        read(cases.dossier, self.id, then=self._show, owner=self)
        show = partial(self._show_counts, self.id)
        read(pointing.counts, self.links, self.id, then=show, owner=self)

    def _show_counts(self, id: str, found: Mapping[str, int]) -> None:
        """What has something in it comes first, with how much."""
        if id == self.id:
            for kind, n in found.items():
                self.tabs.rename(kind, counts_label(str(RECORDS[kind].plural), n))
            self.tabs.put_behind([kind for kind, n in found.items() if not n])

    def _show(self, view: DossierView) -> None:
        if view.case.id != self.id:
            return
        self.dossier = view
        shown = view.case.shown
        self.title.setText(view.case.title)
        parts = [view.case.code, shown["person"]]
        if shown["relative"]:
            parts.append(_("with {name}").format(name=shown["relative"]))
        parts += [shown["adviser"], shown["coach"], shown["coach_home"], shown["status"]]
        self.subtitle.setText(" · ".join(filter(None, parts)))
        project = view.case.values["type"] in STAGES_OF and may_go(self.desk, "money")
        self.money_button.setVisible(project)
        self.stages.show_stages(view.stages)
        held = f"{view.papers_held} / {len(view.papers)}" if view.papers else ""
        words = self._words()
        self.tabs.rename("papers", f"{words['papers']} {held}".strip())
        self.tabs.rename("steps", counts_label(words["steps"], len(view.steps)))
        self.tabs.rename("risks", counts_label(words["risks"], len(view.risks)))
        self.side.show_dossier(view)
        self.side.show_for(self.tabs.current)

    def _on_tab(self, name: str) -> None:
        if name in PARTS:
            self.stack.setCurrentWidget(self.work)
            if self.form is not None and self.id:
                self.form.show_parts(*PARTS[name])
            if self.dossier is not None:
                self.side.show_dossier(self.dossier)
            self.side.show_for(name)
            self._arrange()
            self._show_figures()
        elif name in self._parts:
            self.stack.setCurrentWidget(self._parts[name])
            load = getattr(self._parts[name], "load", None)
            if self.id and load is not None and name not in self._loaded:
                self._loaded.add(name)
                load(self.id)

    def _show_figures(self) -> None:
        """The plan as it is typed, where its figures are on the screen."""
        if self.form is not None and self.side.figures.isVisibleTo(self.side):
            self.side.figures.show_form(self.form)

    def _arrange(self) -> None:
        empty = self.tabs.current in ("steps", "risks")
        self.beside.setVisible(bool(self.id) and self.width() >= px(NARROW) and not empty)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # ---- doing

    def move_to(self, stage: str) -> None:
        """Put the case into another stage."""
        if self.id:
            move(self.desk, self, self.id, stage)

    def new_step(self) -> None:
        """Go to the steps with an empty one ready."""
        self.tabs.select("steps")
        if self.form is not None:
            self.form.lines["step"].add_by_hand()

    def on_changed(self, changes: Changes) -> None:
        """Read again what may have changed."""
        if self.id and (changes.everything or changes.kinds - {"draft"}):
            self._loaded.clear()
            self._read()
            if self.form is not None:
                self.form.reload()
            if self.tabs.current not in PARTS:
                self._on_tab(self.tabs.current)

    def leave(self) -> None:
        """Keep what is being typed as a draft."""
        if self.form is not None:
            self.form.keep_draft()

    def close_file(self) -> None:
        """Back to the list."""
        self.leave()
        self.id = ""
        self.closed.emit()

    def find_money(self) -> None:
        """Look for windows that fit this project."""
        self.desk.go("money", tab="matches", subject="case", id=self.id)

    def _print(self) -> None:
        if self.id:
            drop(self.desk.print_menu("case", self.id), self.print_button)


_LEADING = Qt.AlignmentFlag.AlignLeading

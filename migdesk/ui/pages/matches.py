"""Matches on screen: choose a project, a need or a person; what fits is listed, the fittest
first, and beside it stands why. By keyboard: type and choose, arrows, Ctrl Enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import Text, _, ngettext
from migdesk.models import RECORDS
from migdesk.models.kinds import BadValue
from migdesk.models.store import Changes
from migdesk.services import match_rows
from migdesk.services.match_rows import Match, Matches, Total
from migdesk.services.matches import Standing
from migdesk.task import Task
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.edit_links import LinkEditor
from migdesk.ui.recordview.parts import button, label, shortcut
from migdesk.ui.rights import may_write
from migdesk.ui.theme import px

from .match_reasons import SIGNS, Reasons, sign_of


@dataclass(frozen=True)
class Direction:
    """What is chosen, and what is found for it. `subject` and `offer` are kinds of records;
    `by` is a link to the subject (kind, field), whose editor chooses it; `begin(session,
    subject, offer)` starts what a match leads to, a record of kind `leads` (`action`; `again`
    opens it, `begun` says that it is there); `sheet` prints
    what was found for a subject; `job` matches every subject."""

    words: Text
    subject: str
    offer: str
    by: tuple[str, str]
    prompt: Text
    read: Callable[..., Matches]
    why: Callable[..., Any]
    action: Text
    begun: Text
    again: Text
    begin: Callable[..., str]
    leads: str
    sheet: str
    job: Callable[..., tuple[Standing, ...]] | None = None
    every: Text | None = None


class MatchTable(QTableView):
    """What was found; `moved(row)` when another row is current."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows = QStandardItemModel(self)
        self.setModel(self.rows)
        self.setAccessibleName(_("Matches"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(36))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        leading = Qt.AlignmentFlag.AlignLeading
        header.setDefaultAlignment(leading | Qt.AlignmentFlag.AlignVCenter)
        chosen = self.selectionModel()
        chosen.currentRowChanged.connect(lambda now, _old: self.moved.emit(now.row()))

    def fill(self, heads: list[str], rows: list[list[str]], wide: tuple[int, ...]) -> None:
        """Show these rows; the columns `wide` share the room that is left."""
        self.rows.removeRows(0, self.rows.rowCount())
        self.rows.setColumnCount(len(heads))
        self.rows.setHorizontalHeaderLabels(heads)
        for cells in rows:
            self.rows.appendRow([QStandardItem(" ".join(cell.split())) for cell in cells])
        modes = QHeaderView.ResizeMode
        for column in range(len(heads)):
            mode = modes.Stretch if column in wide else modes.ResizeToContents
            self.horizontalHeader().setSectionResizeMode(column, mode)
        if rows:
            self.setCurrentIndex(self.rows.index(0, 0))


class MatchesPage(Page):
    """Matches in one or more directions."""

    def __init__(self, desk: Desk, directions: tuple[Direction, ...]) -> None:
        super().__init__(desk)
        self.directions = directions
        self.way = directions[0]
        self.subject = ""
        self.found: tuple[Match, ...] = ()
        self.totals: tuple[Total, ...] = ()
        self.choosers: dict[str, LinkEditor] = {}
        self._turn = 0
        self._task: Task | None = None
        desk.runner.jobs_changed.connect(self._on_jobs)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        if len(directions) > 1:
            box.addLayout(self._build_directions())
        box.addLayout(self._build_chooser())
        self.said = label("", "muted", wrap=True)
        box.addWidget(self.said)
        box.addWidget(self._build_body(), 1)
        shortcut("Ctrl+Return", self, self.begin)
        shortcut("Ctrl+P", self, self.print)
        shortcut("Ctrl+F", self, self.take)
        self._turn_to(self.way)

    # ---- building

    def _build_directions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.buttons = QButtonGroup(self)
        for number, way in enumerate(self.directions):
            made = QPushButton(str(way.words))
            made.setCheckable(True)
            made.setChecked(number == 0)
            made.setAutoDefault(True)
            made.clicked.connect(partial(self._turn_to, way))
            self.buttons.addButton(made, number)
            row.addWidget(made)
        row.addStretch(1)
        self.beside = row
        return row

    def _build_chooser(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for way in self.directions:
            kind, name = way.by
            made = LinkEditor(self.desk, RECORDS[kind][name])
            made.line.setPlaceholderText(str(way.prompt))
            made.line.setAccessibleName(str(way.prompt))
            made.changed.connect(self._on_chosen)
            self.choosers[way.subject] = made
            row.addWidget(made, 1)
        self.print_button = button(_("Print"), self.print)
        self.print_button.setToolTip(_("Ctrl P"))
        self.every_button = button("", self.match_all)
        row.addWidget(self.print_button)
        row.addWidget(self.every_button)
        return row

    def _build_body(self) -> QWidget:
        self.table = MatchTable()
        self.table.moved.connect(self._on_row)
        self.table.activated.connect(lambda _index: self.open())
        self.reasons = Reasons(self.begin, self.open)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(16)
        splitter.addWidget(self.table)
        splitter.addWidget(self.reasons)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        self.table.setMinimumWidth(px(320))
        self.reasons.setMinimumWidth(px(280))
        splitter.setSizes([px(620), px(420)])
        return splitter

    # ---- choosing

    def _turn_to(self, way: Direction, _on: bool = False) -> None:
        self.way = way
        for subject, chooser in self.choosers.items():
            chooser.setVisible(subject == way.subject)
        self.every_button.setVisible(way.job is not None)
        self.every_button.setText(str(way.every or ""))
        self.subject = str(self._value() or "")
        self._clear(_("Choose above for whom or what to look."))
        self.load()

    def _value(self) -> Any:
        try:
            return self.choosers[self.way.subject].value()
        except BadValue:  # something is being typed
            return None

    def _on_chosen(self) -> None:
        chosen = str(self._value() or "")
        if chosen and chosen != self.subject:
            self.choose(chosen)

    def take(self) -> None:
        """Go to the field in which the subject is chosen."""
        chooser = self.choosers[self.way.subject]
        chooser.line.setFocus()
        chooser.line.selectAll()

    def choose(self, id: str) -> None:
        """Look for what fits a subject."""
        self.subject = id
        chooser = self.choosers[self.way.subject]
        if self._value() != id:
            chooser.set_value(id)
        self.load(then_focus=True)

    def arrive(self, **args: Any) -> None:
        """``desk.go(page, tab="matches", subject=kind, id=…)``."""
        for number, way in enumerate(self.directions):
            if way.subject == args.get("subject") and args.get("id"):
                if len(self.directions) > 1:
                    self.buttons.button(number).setChecked(True)
                self._turn_to(way)
                self.choose(str(args["id"]))

    def load(self, then_focus: bool = False) -> None:
        """Read what fits the subject, if one is chosen."""
        if not self.subject:
            return
        self._turn += 1
        shown = partial(self._show, self._turn, then_focus)
        self.desk.runner.read(self.way.read, self.subject, then=shown, owner=self)

    def on_changed(self, changes: Changes) -> None:
        kinds = {self.way.subject, self.way.offer, self.way.leads}
        if self.isVisible() and any(changes.touches(kind) for kind in kinds):
            self.load()

    # ---- showing

    def _clear(self, words: str) -> None:
        self.found, self.totals = (), ()
        self.table.fill([], [], ())
        self.reasons.hide()
        self.said.setText(words)
        self.print_button.setEnabled(bool(self.subject))
        self.shown()

    def _show(self, turn: int, focus: bool, found: Matches) -> None:
        if turn != self._turn:
            return
        before = self.current
        self._clear(_told(found))
        self.found = found.rows
        names = [_("Match"), str(RECORDS[self.way.offer].label), _("What is known of it")]
        cells = [[sign_of(row.fit), row.title, self._about(row)] for row in found.rows]
        self.table.fill(names, cells, (2,) if self.way.offer == "person" else (1, 2))
        self.shown()
        ids = [row.id for row in found.rows]
        if before in ids:
            self.table.setCurrentIndex(self.table.rows.index(ids.index(before), 0))
        if found.lacks and not found.rows:
            self.reasons.show_lacks(found.lacks)
        if focus and found.rows:  # the field that was left by Enter goes on by itself first
            QTimer.singleShot(0, self.table, self.table.setFocus)

    def shown(self) -> None:
        """Something else is shown."""

    def _about(self, row: Match) -> str:
        begun = str(self.way.begun) if row.begun else ""
        return " · ".join(filter(None, (begun, row.stale, row.about)))

    @property
    def current(self) -> str:
        """Id of the offer whose row is current, "" if none is."""
        row = self.table.currentIndex().row()
        return self.found[row].id if 0 <= row < len(self.found) else ""

    def _on_row(self, row: int) -> None:
        if not 0 <= row < len(self.found):
            return
        match = self.found[row]
        writes = may_write(self.desk, self.way.leads)
        action = str(self.way.again if match.begun else self.way.action) if writes else ""
        self.reasons.show_match(match, action)
        if not match.fit.reasons:  # only the fittest come with theirs
            told = partial(self._on_why, match.id)
            self.desk.runner.read(self.way.why, self.subject, match.id, then=told, owner=self)

    def _on_why(self, id: str, fit: Any) -> None:
        if fit is not None and id == self.current:
            self.reasons.show_reasons(fit.reasons)

    # ---- doing

    def begin(self) -> None:
        """Start what the current match leads to, or open what was started."""
        row = self.table.currentIndex().row()
        if self.totals:
            self.open()
        elif 0 <= row < len(self.found):
            match, leads = self.found[row], self.way.leads
            if match.begun:
                self.desk.open(leads, match.begun)
            elif may_write(self.desk, leads):
                pair = (self.subject, match.id)
                opened = partial(self.desk.open, leads)
                self.desk.runner.write(self.way.begin, *pair, then=opened, owner=self)

    def open(self) -> None:
        """Open the current offer; after a job, look at the current subject."""
        row = self.table.currentIndex().row()
        if self.totals and 0 <= row < len(self.totals):
            self.choose(self.totals[row].id)
        elif self.current:
            self.desk.open(self.way.offer, self.current)

    def print(self) -> None:
        """Print what was found for the subject."""
        if self.subject:
            self.desk.print(self.way.sheet, id=self.subject)

    def match_all(self) -> None:
        """Match every subject, beside other work; the list of them opens."""
        if self.way.job is None or self._busy:
            return
        self._task = self.desk.runner.job(
            self.way.job,
            date.today(),
            then=partial(self._on_all, self.way),
            owner=self,
            title=str(self.way.every),
        )

    @property
    def _busy(self) -> bool:
        return any(job.task is self._task for job in self.desk.runner.jobs)

    def _on_jobs(self) -> None:
        self.every_button.setDisabled(self._busy)

    def _on_all(self, way: Direction, found: tuple[Standing, ...]) -> None:
        self.desk.runner.read(
            match_rows.totals,
            way.subject,
            way.offer,
            found,
            then=partial(self._show_all, way),
            owner=self,
        )

    def _show_all(self, way: Direction, found: tuple[Total, ...]) -> None:
        if way is not self.way:
            return
        self.subject = ""
        self.choosers[way.subject].set_value(None)
        n = len(found)
        words = ngettext("{n} looked at. Enter shows it.", "{n} looked at. Enter shows one.", n)
        self._clear(words.format(n=n))
        heads = [str(RECORDS[way.subject].label), _("Fit"), _("May fit"), _("The fittest")]
        rows = [[t.title, f"{SIGNS[True]} {t.fits}", str(t.maybe), t.best] for t in found]
        self.totals = found
        self.table.fill(heads, rows, (0, 3))
        self.table.setFocus()


def _told(found: Matches) -> str:
    """How much was found, and what is to be said of it."""
    n = sum(not row.fit.unmet for row in found.rows)
    words = ngettext("{n} fits or may fit.", "{n} fit or may fit.", n).format(n=n)
    return " ".join(filter(None, (words if found.rows else "", found.words)))

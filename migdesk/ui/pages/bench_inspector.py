"""The inside of a test run: every place, why one is as it is, what each answer changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from migdesk.forms.trial import Noted, Played, Script, Trial
from migdesk.i18n import _
from migdesk.services.bench_words import act_words, brief, change_words, name_of, played_table
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Tabs, empty, label

from .bench_nodes import Nodes
from .bench_table import LinesTable
from .bench_why import REF, Why

WHY, ALL, LOG, PLAYED = range(4)


class Log(QTreeWidget):
    """What each answer changed, the last one first. `asked(ref)` by Enter or double click."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "flat")
        self.setColumnCount(3)
        self.setHeaderLabels([_("Step"), _("Before"), _("After")])
        self.setAccessibleName(_("What each answer changed"))
        self.itemDoubleClicked.connect(lambda item, _column: self._ask(item))
        self._shown: list[Noted] = []

    def show_log(self, log: list[Noted]) -> None:
        """Add what is new; begin again with another trial."""
        if self._shown != log[: len(self._shown)]:
            self.clear()
            self._shown = []
        for noted in log[len(self._shown) :]:
            self._shown.append(noted)
            self._add(len(self._shown) - 1, noted)

    def _add(self, step: int, noted: Noted) -> None:
        top = QTreeWidgetItem([f"{step}. {act_words(noted.act)}", "", ""])
        top.setData(0, REF, noted.act.ref)
        top.setToolTip(0, top.text(0))
        for change in noted.changes:
            what, before, after = change_words(change.field, change.before, change.after)
            place = brief(change.ref)
            line = QTreeWidgetItem(top, [f"{place} · {what}", before, after])
            line.setData(0, REF, change.ref)
            line.setToolTip(0, change.ref)
            for column in (1, 2):
                line.setToolTip(column, line.text(column))
        self.insertTopLevelItem(0, top)
        top.setExpanded(step > 0)
        self.setColumnWidth(0, max(round(self.viewport().width() * 0.5), 120))

    def _ask(self, item: QTreeWidgetItem) -> None:
        if item.data(0, REF):
            self.asked.emit(str(item.data(0, REF)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._ask(item)
            return
        super().keyPressEvent(event)


class Inspector(QFrame):
    """`asked(ref)`: stand at this question on the form's side."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.trial: Trial | None = None
        self.tabs = Tabs([_("Why"), _("All places"), _("Log"), _("Test played")])
        self.tabs.setAccessibleName(_("Inspector"))
        self.follow = QCheckBox(_("Follow the questionnaire"))
        self.follow.setChecked(True)
        self.why, self.nodes, self.log = Why(), Nodes(), Log()
        self.why.asked.connect(self.asked)
        self.nodes.asked.connect(self.explain)
        self.log.asked.connect(self.explain)
        self.played = QWidget()
        self.played_box = QVBoxLayout(self.played)
        self.played_box.setContentsMargins(0, 0, 0, 0)
        self.pages = QStackedWidget()
        for page in (self.why, self.nodes, self.log, self.played):
            self.pages.addWidget(page)
        self.tabs.currentChanged.connect(self._on_tab)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.addWidget(self.tabs)
        column.addWidget(self.follow)
        column.addWidget(self.pages, 1)
        self.setMinimumWidth(300)
        for place, keys in enumerate(("Alt+1", "Alt+2", "Alt+3", "Alt+4")):
            shortcut(keys, self, partial(self.tabs.setCurrentIndex, place))
        self.forget()

    def _on_tab(self, tab: int) -> None:
        self.pages.setCurrentIndex(tab)
        self.follow.setVisible(tab == WHY)
        self._show()

    def begin(self) -> None:
        """Put the focus where a person reads on."""
        inside = {WHY: self.why.tree, ALL: self.nodes.filter, LOG: self.log}
        inside.get(self.tabs.currentIndex(), self.tabs).setFocus()

    def show_trial(self, trial: Trial) -> None:
        """Show a trial as it is now."""
        self.trial = trial
        self._show()

    def _show(self) -> None:
        """Only what is in sight is worked out."""
        if self.trial is None:
            return
        tab = self.tabs.currentIndex()
        if tab == WHY:
            self.why.show_trial(self.trial)
        elif tab == ALL:
            self.nodes.show_trial(self.trial)
        elif tab == LOG:
            self.log.show_log(self.trial.log)

    def stand(self, ref: str) -> None:
        """The person stands at another question."""
        if self.follow.isChecked() and ref.startswith("/"):
            self.why.show_place(ref) if self.tabs.currentIndex() == WHY else self._later(ref)

    def _later(self, ref: str) -> None:
        self.why.ref = ref

    def explain(self, ref: str) -> None:
        """Say why a place is as it is."""
        self.tabs.setCurrentIndex(WHY)
        self.why.jump(ref)

    def forget(self) -> None:
        """No test was played on this one."""
        self.tabs.setTabVisible(PLAYED, False)
        empty(self.played_box)

    def show_played(self, played: Played, kept: Script, said: str) -> None:
        """What was different when a test was played again."""
        empty(self.played_box)
        made = played_table(played)
        versions = _("{said} · made with {before}, played with {after}").format(
            said=said,
            before=name_of(kept.form, kept.version),
            after=name_of(played.trial.form.form_id, played.trial.form.version),
        )
        self.played_box.addWidget(label(versions, "muted", wrap=True))
        if made.note:
            self.played_box.addWidget(label(made.note, wrap=True))
        if made.rows:
            table = LinesTable()
            self.played_box.addWidget(table)
            table.show_table(made)
            table.cellDoubleClicked.connect(
                lambda row, _column: self.explain(played.differences[row].ref)
            )
        self.played_box.addStretch(1)
        self.tabs.setTabVisible(PLAYED, True)
        self.tabs.setCurrentIndex(PLAYED)

"""Why a place is as it is: its rules, what each reads now, what its parts give; and who
reads the place in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from migdesk.forms import FormFault
from migdesk.forms.explain import Part, Read, Rule, Tie, needs, quoted, uses, why
from migdesk.forms.trial import Trial
from migdesk.i18n import _
from migdesk.services.bench_words import aspect, because, brief, truth
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, label

REF, FONT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.FontRole
_NAME = re.compile(r"\$\{[^}]*\}|\.")
TALL = 200
"""Longest list of places that is shown whole."""


class _Tree(QTreeWidget):
    """Enter goes to the place that a line names."""

    def __init__(self, go: Callable[[str], object]) -> None:
        super().__init__()
        self._go = go
        self.setProperty("role", "flat")
        self.setColumnCount(2)
        self.setHeaderLabels([_("Rule, place or part"), _("Value now")])
        self.setAccessibleName(_("Why"))
        self.setUniformRowHeights(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.itemDoubleClicked.connect(lambda item, _column: self._ask(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._ask(item)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.measure()

    def measure(self) -> None:
        """Lines as high as their words, which a tree does not see to by itself."""
        wide = round(self.viewport().width() * 0.66)
        self.setColumnWidth(0, wide)
        for place in range(self.topLevelItemCount()):
            top = self.topLevelItem(place)
            if top is not None:
                self._measure(top, wide - self.indentation(), self.viewport().width() - wide)

    def _measure(self, item: QTreeWidgetItem, room: int, other: int) -> None:
        high = max(
            self._height(item, column, width - px(28))
            for column, width in ((0, room), (1, other))
        )
        item.setSizeHint(0, QSize(room, high + px(14)))
        for place in range(item.childCount()):
            below = item.child(place)
            if below is not None:
                self._measure(below, room - self.indentation(), other)

    def _height(self, item: QTreeWidgetItem, column: int, width: int) -> int:
        font = item.font(column) if item.data(column, FONT) is not None else self.font()
        around = QRect(0, 0, max(width, px(40)), 10_000)
        wrapped = Qt.TextFlag.TextWordWrap
        return QFontMetrics(font).boundingRect(around, wrapped, item.text(column)).height()

    def _ask(self, item: QTreeWidgetItem) -> None:
        ref = item.data(0, REF)
        if ref:
            self._go(str(ref))


class Why(QWidget):
    """`asked(ref)` when somebody wants to stand at a question on the form's side."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.trial: Trial | None = None
        self.ref = ""
        self._past: list[str] = []
        self.title = label("", "section", wrap=True)
        self.words = label("", wrap=True)
        self.tree = _Tree(self.jump)
        self.back = Button(_("Back"), self.go_back, role="flat")
        self.back.setToolTip(_("Alt ←"))
        self.there = Button(_("Go to the question"), self._on_there, role="flat")
        shortcut("Alt+Left", self, self.go_back)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.there)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.title, self.words):
            column.addWidget(part)
        column.addLayout(row)
        column.addWidget(self.tree, 1)

    def show_trial(self, trial: Trial) -> None:
        """Show another trial, or the same one as it is now."""
        self.trial = trial
        self._fill()

    def jump(self, ref: str) -> None:
        """Go to another place; `go_back` returns."""
        if ref and ref != self.ref:
            if self.ref:
                self._past.append(self.ref)
            self.show_place(ref)
            self.tree.setFocus()

    def show_place(self, ref: str) -> None:
        """Explain this place."""
        self.ref = ref
        self._fill()

    def go_back(self) -> None:
        """The place before."""
        if self._past:
            self.show_place(self._past.pop())

    def _on_there(self) -> None:
        self.asked.emit(self.ref)

    # filling ------------------------------------------------------------------

    def _fill(self) -> None:
        self.back.setEnabled(bool(self._past))
        self.there.setEnabled(bool(self.ref))
        self.tree.clear()
        if self.trial is None or not self.ref:
            self.title.setText("")
            self.words.setText(_("Choose a place in “All places”, or stand at a question."))
            return
        try:
            live = self.trial.node(self.ref)
        except FormFault:
            self.title.setText(self.ref)
            self.words.setText(_("This place is not there any more."))
            return
        rules = why(self.trial, live)
        words = live.label or live.node.name
        self.title.setText(f"{brief(self.ref)} · {words}")
        self.title.setToolTip(self.ref)
        self.words.setText(because(self.trial.state(live.node, live.row), rules))
        for rule in rules:
            self._rule(rule)
        self._places(_("Depends on"), needs(self.trial, live))
        self._ties(uses(self.trial, live))
        self.tree.measure()
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)

    def _rule(self, rule: Rule) -> None:
        if rule.aspect == "choices" and not rule.reads:
            return  # a list, whole: nothing decides about it
        text = _("{what}: {rule}").format(what=aspect(rule.aspect), rule=_whole(rule.source))
        if rule.owner != self.ref and not self.ref.startswith(f"{rule.owner}["):
            text = _("{rule} (of {place})").format(rule=text, place=brief(rule.owner))
        top = self._item(self.tree, text, self._result(rule), rule.owner, bold=True)
        for read in rule.reads:
            self._read(top, read)
        for part in rule.part.parts:
            self._part(top, part)
        if not rule.reads and not rule.part.parts:
            self._item(top, _("The same for everybody: nothing is read."), "")
        top.setExpanded(True)

    def _result(self, rule: Rule) -> str:
        if rule.part.varies:
            return _("by chance: {value}").format(value=rule.result)
        state = self.trial.states.get(self.ref) if self.trial is not None else None
        if rule.aspect == "constraint" and state is not None and not state.value:
            return _("not looked at: no answer")
        return truth(rule.result)

    def _part(self, above: QTreeWidgetItem, part: Part) -> None:
        if not part.parts and _NAME.fullmatch(part.text):
            return  # among the places that are read
        shown = _("by chance") if part.varies else truth(part.result)
        item = self._item(above, _whole(part.text), shown)
        for inner in part.parts:
            self._part(item, inner)
        item.setExpanded(True)

    def _read(self, above: QTreeWidgetItem, read: Read) -> None:
        value = read.value if read.relevant else _("not asked")
        self._item(above, f"→ {brief(read.ref)}", value, read.ref)

    def _places(self, title: str, reads: Iterable[Read]) -> None:
        found = list(reads)
        if found:
            top = self._item(self.tree, f"{title} ({len(found)})", "", bold=True)
            for read in found[:TALL]:
                self._read(top, read)

    def _ties(self, ties: tuple[Tie, ...]) -> None:
        if not ties or self.trial is None:
            return
        top = self._item(self.tree, f"{_('Used by')} ({len(ties)})", "", bold=True)
        for tie in ties[:TALL]:
            state = self.trial.states.get(tie.ref)
            kinds = ", ".join(dict.fromkeys(map(aspect, tie.aspects)))
            text = f"→ {brief(tie.ref)} ({kinds})"
            self._item(top, text, quoted(state.value) if state and state.value else "", tie.ref)
        top.setExpanded(True)

    def _item(
        self,
        above: QTreeWidget | QTreeWidgetItem,
        text: str,
        value: str,
        ref: str = "",
        bold: bool = False,
    ) -> QTreeWidgetItem:
        made = QTreeWidgetItem(above, [text, value])
        made.setToolTip(0, ref or text)
        made.setToolTip(1, value)
        if ref and ref != self.ref:
            made.setData(0, REF, ref)
        if bold:
            font = QFont(self.font())
            font.setBold(True)
            made.setFont(0, font)
        return made


def _whole(expression: str) -> str:
    """An expression runs from left to right, also where the words around it do not."""
    return f"\u2066{expression}\u2069" if QGuiApplication.isRightToLeft() else expression

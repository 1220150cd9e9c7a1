"""Two entries of one paper side by side: a person with the paper in hand decides."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _, ngettext
from migdesk.services import double_entry, history
from migdesk.services.double_entry import Comparison, Difference
from migdesk.services.history import Event
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import (
    Button,
    EmptyState,
    PageHeader,
    PrimaryButton,
    empty,
    label,
    scrolled,
    set_property,
)


class DifferenceRow(QFrame):
    """One question: the first value, the second, or what is typed. 1, 2 and 3 choose.

    `decided` when it has an answer, `left(step)` to go to the row before or after.
    """

    decided = Signal()
    left = Signal(int)

    def __init__(self, difference: Difference) -> None:
        super().__init__()
        self.difference = difference
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(
            _("{question}: {first} or {second}").format(
                question=difference.label,
                first=difference.said_first,
                second=difference.said_second,
            )
        )
        self.value: str | None = None
        self.first = self._side("1", difference.said_first, difference.first)
        self.second = self._side("2", difference.said_second, difference.second)
        self.other = self._other()
        self.other.setAccessibleName(_("What the paper says"))
        self.other.setVisible(not difference.rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.addWidget(label(difference.label, "strong", wrap=True))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.first, 1)
        line.addWidget(self.second, 1)
        line.addWidget(self.other, 1)
        column.addLayout(line)

    def _side(self, key: str, words: str, value: str) -> QPushButton:
        made = Button(words, partial(self.choose, value), key=key)
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setToolTip(words)
        made.setMinimumWidth(px(120))
        return made

    def _other(self) -> QLineEdit | QComboBox:
        """A list where the form offers choices, else a line to type in."""
        words = _("3 · what the paper says")
        if self.difference.choices:
            chosen = QComboBox()
            chosen.addItem(words, None)
            for value, said in (("", _("(empty)")), *self.difference.choices):
                chosen.addItem(said, value)
            chosen.activated.connect(lambda _index: self._set(chosen.currentData()))
            return chosen
        typed = QLineEdit()
        typed.setPlaceholderText(words)
        typed.textEdited.connect(lambda text: self._set(text.strip() or None))
        typed.returnPressed.connect(partial(self.left.emit, 1))
        return typed

    def choose(self, value: str) -> None:
        """Take one of the two values, and go on."""
        if isinstance(self.other, QComboBox):
            self.other.setCurrentIndex(0)
        else:
            self.other.clear()
        self._set(value)
        self.left.emit(1)

    def _set(self, value: str | None) -> None:
        self.value = value
        typed = self._is_typed()
        self.first.setChecked(not typed and value == self.difference.first)
        self.second.setChecked(not typed and value == self.difference.second)
        self.decided.emit()

    def _is_typed(self) -> bool:
        if isinstance(self.other, QComboBox):
            return self.other.currentIndex() > 0
        return bool(self.other.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_1: lambda: self.choose(self.difference.first),
            Qt.Key.Key_2: lambda: self.choose(self.difference.second),
            Qt.Key.Key_3: self.other.setFocus,
            Qt.Key.Key_Down: lambda: self.left.emit(1),
            Qt.Key.Key_Up: lambda: self.left.emit(-1),
        }
        action = keys.get(Qt.Key(event.key()))
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if action is not None and plain and not self.other.hasFocus():
            action()
        else:
            super().keyPressEvent(event)


class CompareView(QWidget):
    """Every difference of one paper; `closed` when the person is done or goes away."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.paper = ""
        self.submission = ""
        self.rows: list[DifferenceRow] = []
        away = Button(_("Back"), self.closed.emit, key=_("Esc"))
        self.settle_button = PrimaryButton(_("Settle"), self.settle, key=_("Ctrl Enter"))
        self.header = PageHeader("", "", [away, self.settle_button])
        self.hint = label(
            _("Look at the paper: 1 keeps the first value, 2 the second, 3 types another."),
            "muted",
            wrap=True,
        )
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.same = EmptyState(
            "check-circle-outline",
            _("Both entries are the same."),
            _("Nothing is to be decided: settle the paper."),
        )
        inside = QWidget()
        self.place = QVBoxLayout()
        self.place.setSpacing(8)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 16)
        column.addLayout(self.place)
        column.addWidget(self.same)
        column.addStretch(1)
        self.area = scrolled(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        for part in (self.header, self.hint, self.wrong):
            outer.addWidget(part)
        outer.addWidget(self.area, 1)
        shortcut("Escape", self, self.closed.emit)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut(keys, self, self.settle)

    def load(self, paper: str) -> None:
        """Compare the two entries of a paper."""
        self.paper = paper
        self.wrong.hide()
        self.desk.runner.read(double_entry.compare, paper, then=self._show, owner=self)

    def _show(self, found: Comparison) -> None:
        empty(self.place)
        self.rows = [DifferenceRow(each) for each in found.differences]
        for row in self.rows:
            row.decided.connect(self._count)
            row.left.connect(partial(self._step, row))
            self.place.addWidget(row)
            row.show()  # now, not at the next turn of the loop: the first one takes the focus
        shown = found.paper.shown
        people = _("First entry: {first} · second entry: {second}").format(
            first=shown["account"], second=shown["second"]
        )
        answers = ngettext("{n} answer compared", "{n} answers compared", found.answers)
        paper = _("Paper {name}").format(name=found.paper.title)
        self.header.show_as(paper, f"{people} · {answers.format(n=found.answers)}")
        self.same.setVisible(not self.rows)
        self.hint.setVisible(bool(self.rows))
        self._count()
        (self.rows[0] if self.rows else self.settle_button).setFocus()

    def _count(self) -> None:
        for row in self.rows:
            set_property(row, "chosen", row.value is not None)
        done = sum(row.value is not None for row in self.rows)
        self.settle_button.setEnabled(done == len(self.rows))
        words = _("{n} of {total} decided").format(n=done, total=len(self.rows))
        self.settle_button.setToolTip(words)

    def _step(self, row: DifferenceRow, by: int) -> None:
        place = self.rows.index(row) + by
        if 0 <= place < len(self.rows):
            self.rows[place].setFocus()
            self.area.ensureWidgetVisible(self.rows[place])
        elif place == len(self.rows) and self.settle_button.isEnabled():
            self.settle_button.setFocus()

    def settle(self) -> None:
        """Make the decided answers those of the submission."""
        decisions = {
            row.difference.ref: row.value for row in self.rows if row.value is not None
        }
        self.desk.runner.write(
            double_entry.settle,
            self.paper,
            decisions,
            then=self._on_settled,
            owner=self,
            failed=self._refused,
        )

    def _refused(self, fault: Fault) -> None:
        if isinstance(fault, Mistake):
            self.wrong.setText(fault.words)
            self.wrong.show()
        else:
            self.desk.asker.fault(fault)

    def _on_settled(self, submission: str) -> None:
        self.submission = submission
        self.desk.runner.read(
            history.history, "paper_copy", self.paper, then=self._tell, owner=self
        )
        self.closed.emit()

    def _tell(self, events: tuple[Event, ...]) -> None:
        tx = events[0].tx
        words = _("The paper is settled; the earlier answers stay in the history.")
        self.desk.asker.tell(words, _("Undo"), lambda: self.desk.runner.write(history.undo, tx))

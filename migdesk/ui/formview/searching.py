"""Answers found in a list of any length by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout

from migdesk.forms import Choice, Live
from migdesk.forms.marks import bare
from migdesk.i18n import _, ngettext
from migdesk.ui.theme import px
from migdesk.ui.widgets import label, set_property

from .choosing import lost_words
from .input import Input, looks, plain, side_of

Index = QModelIndex | QPersistentModelIndex
ROWS = 7
ROW = 34
BATCH = 200
MAX_FOLDED = 4
_folded: dict[int, tuple[Sequence[Choice], list[str]]] = {}


def folded(choices: Sequence[Choice]) -> list[str]:
    """Words of each choice, folded to search in; the last lists are kept, since a long one
    takes its time."""
    held = _folded.get(id(choices))
    if held is None or held[0] is not choices:
        while len(_folded) >= MAX_FOLDED:
            del _folded[next(iter(_folded))]
        held = _folded[id(choices)] = choices, [plain(choice.label) for choice in choices]
    return held[1]


def fitting(choices: Sequence[Choice], typed: str) -> list[int]:
    """Places of the choices that hold every word typed; those that begin so come first."""
    words = plain(typed).split()
    found: Sequence[int] = range(len(choices))
    if not words:
        return list(found)
    texts = folded(choices)
    for word in words:
        found = [place for place in found if word in texts[place]]
    first = [place for place in found if texts[place].startswith(words[0])]
    begun = set(first)
    return first + [place for place in found if place not in begun]


class Choices(QAbstractListModel):
    """Rows of a list of choices: those chosen, then those that fit what was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: Sequence[Choice] = ()
        self.given: list[str] = []
        self.lead: list[Choice] = []
        self.rows: list[int] = []
        self._shown = 0

    def show_rows(self, offered: Sequence[Choice], given: list[str], typed: str) -> None:
        """Show what fits."""
        self.beginResetModel()
        self.offered, self.given = offered, given
        self.lead = []
        if given:
            words = plain(typed).split()
            labels = {c.value: c for c in offered if c.value in given}
            chosen = [labels.get(v) or Choice(v, lost_words(v)) for v in given]
            self.lead = [c for c in chosen if all(w in plain(c.label) for w in words)]
        self.rows = fitting(offered, typed)
        if self.lead:
            taken = {choice.value for choice in self.lead}
            self.rows = [place for place in self.rows if offered[place].value not in taken]
        self._shown = min(self.total, BATCH)
        self.endResetModel()

    def choice(self, row: int) -> Choice:
        """The choice in a row."""
        if row < len(self.lead):
            return self.lead[row]
        return self.offered[self.rows[row - len(self.lead)]]

    @property
    def total(self) -> int:
        """Rows that fit; the list asks for them little by little."""
        return len(self.lead) + len(self.rows)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else min(self.total, self._shown)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._shown < self.total

    def fetchMore(self, parent: Index) -> None:
        more = min(BATCH, self.total - self._shown)
        self.beginInsertRows(QModelIndex(), self._shown, self._shown + more - 1)
        self._shown += more
        self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return QSize(px(80), px(ROW)) if role == Qt.ItemDataRole.SizeHintRole else None
        choice = self.choice(index.row())
        words = bare(choice.label)
        return f"✓ {words}" if choice.value in self.given else words


class SearchInput(Input):
    """A long list: typing narrows it, arrows move in it, Enter takes a row."""

    shrinks = False
    """Whether the list is only as high as what fits."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.many = live.type in ("select_multiple", "rank")
        self.line = QLineEdit()
        self.line.setProperty("role", "big")
        self.model = Choices()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.none = label(_("Nothing in the list is like this."), "error", wrap=True)
        self.none.hide()
        self._held = False
        column.addWidget(self.line)
        column.addWidget(self.none)
        column.addWidget(self.list)
        self.line.textEdited.connect(lambda _text: self._typed())
        self.line.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._take(index.row()))
        self._shown = ("", "")
        self.show_live(live)

    def choices(self) -> Sequence[Choice]:
        """What is offered."""
        return self.live.choices

    def given(self) -> list[str]:
        """Values chosen."""
        return self.live.text.split() if self.many else [self.live.text] * bool(self.live.text)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.setEnabled(not live.readonly)
        self.line.setAccessibleName(live.label)
        self.line.setAlignment(side_of(self))
        count = len(self.choices())
        words = ngettext("Type to search: {n} choice", "Type to search: {n} choices", count)
        self.line.setPlaceholderText(words.format(n=count))
        if self.model.offered is not self.choices() or self._shown != (live.ref, live.text):
            self._fill()

    def _typed(self) -> None:
        self._held = False
        self._fill()
        if self.line.text().strip() and self.model.rowCount():
            self._stand(0)

    def _fill(self) -> None:
        self._shown = (self.live.ref, self.live.text)
        offered = self.choices()
        self.model.show_rows(offered, self.given(), self.typed())
        self.none.setVisible(bool(self.typed().strip()) and not self.model.rowCount())
        rows = min(self.model.rowCount(), ROWS) if self.shrinks else min(len(offered), ROWS)
        self.list.setFixedHeight(px(ROW) * max(rows, 1) + px(6))

    def typed(self) -> str:
        """What is being searched."""
        return self.line.text()

    def _stand(self, row: int) -> None:
        row = max(0, min(row, self.model.total - 1))
        while row >= self.model.rowCount():
            self.model.fetchMore(QModelIndex())
        self.list.setCurrentIndex(self.model.index(row, 0))

    @property
    def row(self) -> int:
        """The row that Enter would take, -1 for none."""
        return self.list.currentIndex().row()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self.step_by(step):
                return True
            if event.key() == Qt.Key.Key_Delete and not self.typed() and not self.many:
                self.clear()
                return True
        return super().eventFilter(watched, event)

    def step_by(self, step: int) -> bool:
        """Move in the list by some rows."""
        if self.model.rowCount():
            self._stand(self.row + step)
        return bool(self.model.rowCount())

    def clear(self) -> None:
        """Give up the answer."""
        if not self.live.readonly:
            self.answered.emit("")

    def take_enter(self) -> bool:
        """Take the row. Words that found none hold once, so that they are not lost unseen;
        Enter again gives them up."""
        if not self.line.hasFocus():
            return False
        if self.row >= 0:
            self._take(self.row)
            return True
        if self.none.isHidden() or self._held:
            self._give_up()
            return False
        self._held = True
        self.line.selectAll()
        return True

    def _give_up(self) -> None:
        if not self.none.isHidden():
            self.line.clear()
            self._fill()

    def _take(self, row: int) -> None:
        value = self.model.choice(row).value
        lost = row < len(self.model.lead) and all(value != c.value for c in self.choices())
        given = self.given() if self.many else []
        if lost or value in given:
            given = [each for each in given if each != value]
        else:
            given.append(value)
        self.line.clear()
        self.list.clearSelection()
        self.list.setCurrentIndex(QModelIndex())
        self.answered.emit(" ".join(given))
        self._fill()
        if given and not self.many and "quick" in looks(self.live.appearance):
            self.done.emit()

    def press(self, key: str) -> bool:
        """What is typed beside the field is typed in it."""
        if not key.isprintable() or self.live.readonly or self.line.hasFocus():
            return False
        self.line.setFocus()
        self.line.setText(key)
        self._typed()
        return True

    def enter(self) -> None:
        self.line.setFocus()

    def set_wrong(self, words: str) -> None:
        set_property(self.line, "wrong", bool(words))
        self.line.setAccessibleDescription(words)


class MinimalInput(SearchInput):
    """The same in one line that shows the answer; the list opens when somebody types."""

    shrinks = True

    def __init__(self, live: Live) -> None:
        self._open = False
        super().__init__(live)
        self.list.hide()

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.line.setPlaceholderText(_("Type, or press ↓ for the list"))
        if not self._open:
            self._close()

    def typed(self) -> str:
        return self.line.text() if self._open else ""

    def _close(self) -> None:
        """Only the answer."""
        self._open = False
        self.list.hide()
        self.none.hide()
        labels = {c.value: c.label for c in self.choices()} if self.given() else {}
        said = [labels.get(value) or lost_words(value) for value in self.given()]
        self.line.setText(", ".join(said))
        self.line.setCursorPosition(0)

    def _typed(self) -> None:
        self._open = True
        self.list.show()
        super()._typed()

    def step_by(self, step: int) -> bool:
        if not self._open and step > 0:
            self._open = True
            self.line.clear()
            self._fill()
            self.list.show()
        return super().step_by(step) if self._open else False

    def _take(self, row: int) -> None:
        super()._take(row)
        if not self.many:
            self._close()
            self.line.selectAll()

    def take_enter(self) -> bool:
        if super().take_enter():
            return True
        if self._open:
            self._close()
        return False

    def flush(self) -> None:
        if self._open and not self.line.hasFocus():
            self._close()

    def enter(self) -> None:
        self.line.setFocus()
        self.line.selectAll()

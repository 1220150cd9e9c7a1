"""Search before create: one field, and who it may be."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QObject,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.services import persons
from migdesk.services.persons import Candidate
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import FlowLayout
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card, label

from .pieces import flowing, key_button
from .receive_names import ALIAS, NameDelegate

ROW_HEIGHT = 35
NAME, TELLING, LAST = 0, (1, 2, 3, 4), 5


class SearchBlock(QWidget):
    """The field, the candidates, and three ways on. The focus stays in the field: arrows
    move in the table, Enter takes the person, Ctrl+Enter registers somebody new.

    One question to the database is under way at a time; when its answer comes and other
    words stand in the field, it is dropped and the next one asked.
    """

    chosen = Signal(object)
    wanted = Signal(str)
    ticket = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.found: tuple[Candidate, ...] = ()
        self._answered = ""
        self._asked: str | None = None
        self._enter_waits = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(14)
        self.line = QLineEdit()
        self.line.setProperty("role", "big")
        self.line.setAccessibleName(_("Who is it? Name, alias, telephone, code or village"))
        self.line.setPlaceholderText(_("Name, alias, telephone, code, village…"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._on_text)
        self.line.installEventFilter(self)
        box.addWidget(self.line)
        box.addWidget(self._make_results())
        box.addLayout(self._make_ways())
        self._show()

    def _make_results(self) -> Card:
        self.card = Card()
        self.card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.card.setContentsMargins(-8, -8, -8, -8)
        self.table = QTableWidget(0, 6)
        self.table.setAccessibleName(_("People found"))
        self.table.setProperty("role", "flat")
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setItemDelegateForColumn(0, NameDelegate(self.table))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        self.table.setHorizontalHeaderLabels(
            [
                _("Person"),
                _("Born"),
                _("Origin"),
                _("Lives in"),
                _("Telephone"),
                _("Last visit"),
            ]
        )
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        for column in TELLING:
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.table.doubleClicked.connect(lambda _index: self.take())
        self.nobody = label("", "muted", wrap=True)
        self.card.body.addWidget(self.table)
        self.card.body.addWidget(self.nobody)
        return self.card

    def _make_ways(self) -> FlowLayout:
        self.take_button = key_button(
            _("Receive this person"), self.take, _("Enter"), "primary"
        )
        self.register_button = key_button(
            _("None of these: register"), self.register, _("Ctrl Enter")
        )
        self.ticket_button = key_button(_("Receive without a name (ticket)"), self.ticket.emit)
        return flowing(self.take_button, self.register_button, self.ticket_button)

    @property
    def text(self) -> str:
        """The words in the field."""
        return self.line.text().strip()

    @property
    def answered(self) -> bool:
        """True once the candidates shown are those of the words in the field."""
        return bool(self.text) and self._answered == self.text

    def start(self, text: str = "") -> None:
        """Begin a search."""
        self.line.setText(text)
        self.line.selectAll()
        self.line.setFocus()

    def current(self) -> Candidate | None:
        """The candidate under the mark."""
        row = self.table.currentRow()
        return self.found[row] if self.answered and 0 <= row < len(self.found) else None

    def take(self) -> None:
        """Receive the person under the mark; if nobody was found, register."""
        person = self.current()
        if person is not None:
            self.chosen.emit(person)
        elif self.answered:
            self.register()
        else:
            self._enter_waits = bool(self.text)

    def register(self) -> None:
        """Nobody of these: only once the search has answered."""
        if self.answered:
            self.wanted.emit(self.text)

    def _on_text(self, _text: str) -> None:
        self._enter_waits = False
        if self.text and self._asked is None:
            self._ask()
        if not self.text:
            self.found, self._answered = (), ""
        self._show()

    def _ask(self) -> None:
        self._asked = asked = self.text
        self.desk.runner.read(
            persons.candidates,
            asked,
            then=lambda found: self._on_found(asked, found),
            owner=self,
            failed=self._on_failed,
        )

    def _on_failed(self, fault: Fault) -> None:
        self._asked = None
        self.desk.asker.fault(fault)

    def _on_found(self, asked: str, found: tuple[Candidate, ...]) -> None:
        self._asked = None
        if asked != self.text:
            if self.text:
                self._ask()
            return
        self.found, self._answered = found, asked
        self._show()
        if self._enter_waits:
            self._enter_waits = False
            # Somebody in a hurry: only a single candidate is taken unseen.
            if len(found) == 1:
                self.take()

    def _show(self) -> None:
        self.card.setVisible(bool(self.text) and bool(self._answered))
        self.table.setRowCount(len(self.found))
        for row, person in enumerate(self.found):
            texts = (
                person.title,
                person.birth,
                person.origin,
                person.residence,
                person.phone,
                person.last_visit,
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if not column and person.aliases and person.aliases != person.title:
                    said = _("known as {names}").format(names=person.aliases)
                    item.setData(ALIAS, said)
                self.table.setItem(row, column, item)
        self.table.ensurePolished()
        height = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(height + px(ROW_HEIGHT) * len(self.found) + 2)
        self.table.setVisible(bool(self.found))
        self.nobody.setText(_("Nobody is known under these words."))
        self.nobody.setVisible(not self.found)
        if self.found:
            self.table.setCurrentCell(0, 0)
            self._share()
        self._mark()

    def _mark(self) -> None:
        person = self.current()
        self.take_button.setVisible(person is not None or not self.answered)
        self.take_button.setEnabled(person is not None)
        self.register_button.setEnabled(self.answered)
        if self.answered and not self.found:
            self.register_button.show_as(_("Register a new person"), _("Enter"), "primary")
        else:
            self.register_button.show_as(_("None of these: register"), _("Ctrl Enter"))
        self.line.setAccessibleDescription(person.title if person else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Names come first: the last visit takes what they leave, or nothing."""
        width = self.table.viewport().width()
        left = width - sum(self.table.columnWidth(column) for column in TELLING)
        last = min(left - px(230), px(360))
        self.table.setColumnHidden(LAST, last < px(120))
        self.table.setColumnWidth(LAST, max(last, px(120)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.found:
                row = min(max(self.table.currentRow() + step, 0), len(self.found) - 1)
                self.table.setCurrentCell(row, 0)
                self._mark()
                return True
            plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if plain == Qt.KeyboardModifier.ControlModifier:
                    self.register()
                else:
                    self.take()
                return True
        return super().eventFilter(watched, event)

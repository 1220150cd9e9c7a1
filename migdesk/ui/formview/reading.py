"""A submission to read: questions that applied, and their answers."""

from __future__ import annotations

from itertools import islice

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QMenu, QVBoxLayout, QWidget

from migdesk.forms import Run, submission
from migdesk.forms.marks import bare
from migdesk.i18n import _, language
from migdesk.models import RECORDS
from migdesk.services.form_words import answer_text, form_of, spoken_in
from migdesk.services.submissions import LINKS, Filled
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.rights import may_open
from migdesk.ui.widgets import Button, Card, PageHeader, label, scrolled

from .filling import Filling, Stop
from .media_inputs import shown_file
from .registered import RegisteredCard
from .shelf import Shelf

AT_ONCE = 80
"""Answers laid out in one turn."""
ROWS = 3
"""Rows of an answer: itself, the comment on it, and what may be said of it later."""


class ReadView(QWidget):
    """Read only. `left` when the person is done."""

    left = Signal()

    def __init__(self, desk: Desk, filled: Filled) -> None:
        super().__init__()
        self.desk = desk
        self.view = filled.submission
        form = form_of(filled.xform, filled.lists)
        speech = spoken_in(form, language())
        run = Run(form, speech, draft=submission.read(form, filled.xml), frozen=True)
        self.filling = Filling(
            run,
            str(self.view.values["questionnaire"]),
            files=dict(filled.files),
            comments=dict(filled.comments),
        )
        self.shelf = Shelf(desk, self.filling, self)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 0, 0)
        column.setSpacing(12)
        away = Button(_("Back"), self.left.emit, key=_("Esc"))
        self.printed = Button(_("Print"), self.print, key=_("Ctrl P"))
        links = Button(_("Open") + " ▾")
        links.setMenu(self._links(links))
        links.setVisible(not links.menu().isEmpty())
        head = PageHeader(form.title, self._subtitle(), [links, away, self.printed])
        head.setContentsMargins(0, 0, 24, 0)
        column.addWidget(head)
        inside = QWidget()
        self.cards = QVBoxLayout(inside)
        self.cards.setContentsMargins(0, 0, 24, 24)
        self.cards.setSpacing(16)
        self.area = scrolled(inside)
        column.addWidget(self.area, 1)
        shortcut("Escape", self, self.escape)
        shortcut("Ctrl+P", self, self.print)
        self._fill()

    def escape(self) -> None:
        """Esc: the person is done."""
        self.left.emit()

    def print(self) -> None:
        """Preview the filled questionnaire."""
        self.desk.print("questionnaire", id=self.view.id)

    def _subtitle(self) -> str:
        names = ("finished", "account", *LINKS)
        return " · ".join(filter(None, (self.view.shown[name] for name in names)))

    def _links(self, parent: QWidget) -> QMenu:
        """Menu of the records that the answers are about."""
        menu = QMenu(parent)
        for kind in LINKS:
            id = self.view.values[kind]
            if id and may_open(self.desk, kind):
                words = _("{kind}: {name}").format(
                    kind=RECORDS[kind].label, name=self.view.shown[kind]
                )
                action = menu.addAction(words.replace("&", "&&"))
                action.triggered.connect(
                    lambda _on=False, kind=kind, id=id: self.desk.open(kind, id)
                )
        return menu

    def _fill(self) -> None:
        """Lay the answers out: those that are seen at once, the others of a long
        questionnaire in turns, so that the window answers meanwhile."""
        self._row = 0
        self._grid = QGridLayout()
        self._heads: tuple[str, ...] | None = None
        asked = (s for s in self.filling.stops if s.kind == "question" and s.asks)
        self._rest = iter(asked)
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._lay_on)
        self._lay_on()

    def _lay_on(self) -> None:
        stops = list(islice(self._rest, AT_ONCE))
        for stop in stops:
            if stop.heads != self._heads:
                self._heads = stop.heads
                self._grid = self._card(" › ".join(stop.heads))
            self._add(self._grid, stop)
        if len(stops) == AT_ONCE:
            self._turn.start()
            return
        self.cards.addWidget(RegisteredCard(self.desk, self.view.id))
        self.cards.addStretch(1)

    def _card(self, title: str) -> QGridLayout:
        card = Card(title)
        self._row = 0
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(24)
        card.body.addLayout(grid)
        self.cards.addWidget(card)
        return grid

    def _add(self, grid: QGridLayout, stop: Stop) -> None:
        assert stop.live is not None
        row = self._row
        self._row += ROWS
        words = bare(stop.live.label)
        asked = label(f"{stop.number}  {words}", "muted", wrap=True)
        answer = label(answer_text(stop.live) or "—", wrap=True)
        answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        answer.setAccessibleName(f"{words}: {answer.text()}")
        grid.addWidget(asked, row, 0, Qt.AlignmentFlag.AlignTop)
        file = shown_file(self.shelf, stop.live)
        grid.addWidget(file or answer, row, 1, Qt.AlignmentFlag.AlignTop)
        if comment := self.filling.comments.get(stop.key):
            said = label(f"✎ {comment}", "muted", wrap=True)
            said.setAccessibleName(_("Comment: {text}").format(text=comment))
            grid.addWidget(said, row + 1, 1, Qt.AlignmentFlag.AlignTop)
        self.add_beside(grid, row, stop)

    def add_beside(self, grid: QGridLayout, row: int, stop: Stop) -> None:
        """What else stands beside an answer: column 2, or the row after next."""

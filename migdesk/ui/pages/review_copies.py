"""Earlier copies of a filled questionnaire, and what the present one answers otherwise."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.models.dates import show_moment
from migdesk.services import copies
from migdesk.services.copies import Change, Copy
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, Card, EmptyState, PageHeader, PrimaryButton, label

from .campaigns_parts import PlainTable

NARROW = 900


class CopiesView(QWidget):
    """The copies at the left, the differences at the right. `opened(copy)` to read one;
    `left` when the person is done."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, submission: View) -> None:
        super().__init__()
        self.desk = desk
        self.submission = submission
        away = Button(_("Back"), self.left.emit, key=_("Esc"))
        self.open_button = PrimaryButton(_("Read this copy"), self.open, key=_("Enter"))
        shown = submission.shown
        names = (shown["questionnaire"], shown["person"], shown["account"])
        head = PageHeader(
            _("Earlier copies"), " · ".join(filter(None, names)), [away, self.open_button]
        )
        self._build_tables()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 20)
        column.setSpacing(12)
        column.addWidget(head)
        self.cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.cards.setSpacing(16)
        left, right = Card(_("Copies")), Card(_("What changed since"))
        left.body.addWidget(self.table, 1)
        right.body.addWidget(self.words)
        right.body.addWidget(self.found, 1)
        self.cards.addWidget(left, 2)
        self.cards.addWidget(right, 3)
        column.addLayout(self.cards, 1)
        shortcut("Escape", self, self.left.emit)

    def _build_tables(self) -> None:
        nothing = EmptyState(
            "history",
            _("There is no earlier copy."),
            _("When answers are corrected, what they were before stays here."),
        )
        heads = (_("When"), _("Who"), _("What"))
        self.table = PlainTable(_("Copies"), heads, nothing)
        self.table.set_widths(150, 130)
        self.table.opened.connect(self.open)
        self.table.moved.connect(self._compare)
        same = EmptyState("equal", _("The answers are the same."))
        heads = (_("Question"), _("In this copy"), _("Now"))
        self.found = PlainTable(_("What changed since"), heads, same)
        self.found.set_widths(230, 150)
        self.words = label("", "muted", wrap=True)

    def load(self) -> None:
        """Read the copies."""
        read = self.desk.runner.read
        read(copies.copies, self.submission.id, then=self._on_copies, owner=self)

    def begin(self) -> None:
        """Put the focus on the newest."""
        self.table.table.setFocus()

    def _on_copies(self, found: tuple[Copy, ...]) -> None:
        earlier = [copy for copy in found if not copy.present]
        rows = [(show_moment(c.at), c.who, str(copies.WHY[c.why])) for c in earlier]
        self.table.show_things(earlier, rows)
        self.open_button.setEnabled(bool(earlier))

    def _compare(self) -> None:
        copy = self.table.current
        if copy is not None:
            then = partial(self._on_changes, copy)
            id = self.submission.id
            self.desk.runner.read(copies.changes, id, copy.stamp, then=then, owner=self)

    def _on_changes(self, copy: Copy, found: tuple[Change, ...]) -> None:
        if copy is not self.table.current:
            return
        n = len(found)
        words = ngettext("{n} answer differs now.", "{n} answers differ now.", n)
        self.words.setText(words.format(n=n))
        self.words.setVisible(bool(n))
        rows = [(f"{c.number} {c.label}".strip(), c.before or "—", c.now or "—") for c in found]
        self.found.show_things(found, rows)

    def open(self) -> None:
        """Read the copy."""
        if self.table.current is not None:
            self.opened.emit(self.table.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self.cards.setDirection(down if self.width() < px(NARROW) else across)

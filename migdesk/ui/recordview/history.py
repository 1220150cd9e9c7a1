"""What happened to a record: who, when, from what to what, and undo for each event."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.dates import show_moment
from migdesk.services import history
from migdesk.services.history import Event
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write
from migdesk.ui.widgets.styled import ElidedLabel

from .parts import Card, button, clear, label, pill

STEP = 40


def action_words(event: Event) -> str:
    """What was done, in words."""
    return {
        "created": _("Created"),
        "changed": _("Changed"),
        "deleted": _("Put in the bin"),
        "restored": _("Taken out of the bin"),
        "merged": _("Merged"),
        "separated": _("Separated again"),
        "erased": _("Erased for good"),
    }[event.action]


class RecordHistory(QWidget):
    """Events of a record and its lines, newest first."""

    def __init__(self, desk: Desk, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.kind = kind
        self.id = ""
        self.events: tuple[Event, ...] = ()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(_("History"))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self.box = QVBoxLayout(inside)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(8)
        self.box.setAlignment(Qt.AlignmentFlag.AlignTop)
        area.setWidget(inside)
        outer.addWidget(area)

    def load(self, id: str) -> None:
        """Read the events of a record."""
        self.id = id
        self.desk.runner.read(history.history, self.kind, id, then=self._show, owner=self)

    def _show(self, events: tuple[Event, ...]) -> None:
        self.events = events
        clear(self.box)
        self._add(0)

    def _add(self, first: int) -> None:
        for event in self.events[first : first + STEP]:
            self.box.addWidget(self._card(event))
        if first + STEP < len(self.events):
            more = button(_("Show older"), lambda: None)
            more.clicked.connect(partial(self._more, more, first + STEP))
            self.box.addWidget(more, 0, Qt.AlignmentFlag.AlignLeading)

    def _more(self, pressed: QWidget, first: int) -> None:
        pressed.hide()
        pressed.deleteLater()
        self._add(first)

    def _card(self, event: Event) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(8)
        title = action_words(event)
        if event.row != self.id:
            kind = str(RECORDS[event.kind].label)
            line = _("{kind} “{title}”").format(kind=kind, title=event.title)
            title = f"{title} · {line if event.title else kind}"
        head.addWidget(label(title, "section", wrap=True), 2)
        who = " · ".join(filter(None, (show_moment(event.at), event.who)))
        head.addWidget(ElidedLabel(who, "muted"), 3)
        if event.undone:
            head.addWidget(pill(_("undone")))
        elif may_write(self.desk, event.kind):
            undo = button(_("Undo"), partial(self._undo, event))
            undo.setAccessibleName(_("Undo: {what}").format(what=f"{title}, {who}"))
            head.addWidget(undo)
        card.body.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, before, after) in enumerate(event.changes):
            grid.addWidget(label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            arrow = "←" if self.isRightToLeft() else "→"
            words = f"{_short(before)} {arrow} {_short(after)}" if before else _short(after)
            grid.addWidget(label(words, wrap=True), row, 1)
        card.body.addLayout(grid)
        return card

    def _undo(self, event: Event) -> None:
        self.desk.runner.write(history.undo, event.tx, then=self._undone, owner=self)

    def _undone(self, title: str) -> None:
        self.desk.asker.tell(_("Undone: {title}").format(title=title))
        self.load(self.id)


def _short(text: str) -> str:
    """A value in one line, cut where it is long."""
    line = " ".join(text.split())
    return f"{line[:160]}…" if len(line) > 160 else line or "—"

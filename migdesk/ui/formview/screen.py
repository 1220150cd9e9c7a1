"""The card with the questions of one screen, and the buttons under them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, label, scrolled, set_property

from .field import Box
from .filling import END, Filling, Stop

Make = Callable[[Stop], Box]


class Screen(QFrame):
    """Shows boxes made by `make`, one under the other, and keeps those that stay."""

    def __init__(self, make: Make) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.boxes: dict[str, Box] = {}
        self._make = make
        self._laid: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self._place = QWidget()
        self._column = QVBoxLayout(self._place)
        self._column.setContentsMargins(24, 16, 24, 16)
        self._column.setSpacing(20)
        self.area = scrolled(self._place)
        # On the card, not on the page: the ground of a field is that of the card too.
        self._place.setProperty("role", "")
        self._place.setBackgroundRole(QPalette.ColorRole.Base)
        self.hunt = Hunt()
        self.back = Button("‹ " + _("Previous"))
        self.back.setToolTip(_("Shift+Enter or Page Up"))
        self.on = Button(_("Next"), key=_("Enter"), role="primary")
        self.away = Button(_("Put aside"))
        self.away.setToolTip(_("Esc"))
        self.end = Button(_("Finish"), key=_("Ctrl Enter"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.hunt)
        column.addWidget(self.area, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 8, 16, 14)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.on)
        row.addStretch(1)
        row.addWidget(self.away)
        row.addWidget(self.end)
        return row

    def show_stops(self, filling: Filling, stops: Sequence[Stop], alone: bool) -> None:
        """Show the state of these stops. `alone`: one at a time, its group above it;
        else groups are headings between the questions."""
        if tuple((stop.key, stop.heads) for stop in stops) != self._laid:
            self._lay(stops, alone)
        for stop in stops:
            self.boxes[stop.key].show_stop(filling, stop, alone)
        self.back.setEnabled(filling.place > 0)
        self.on.setVisible(filling.key != END)
        self.end.setVisible(filling.key != END)

    def forget(self) -> None:
        """Lay the boxes anew at the next showing."""
        self._laid = ()

    def _lay(self, stops: Sequence[Stop], alone: bool) -> None:
        old = self.boxes
        self.boxes = {stop.key: old.get(stop.key) or self._make(stop) for stop in stops}
        kept = set(self.boxes.values())
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget not in kept:
                widget.hide()
                widget.deleteLater()
        heads: tuple[str, ...] = ()
        for stop in stops:
            if not alone and stop.heads != heads:
                heads = stop.heads
                if heads:
                    self._column.addWidget(label(" › ".join(heads), "section", wrap=True))
            self._column.addWidget(self.boxes[stop.key])
        self._column.addStretch(1)
        self._laid = tuple((stop.key, stop.heads) for stop in stops)

    def flush(self) -> None:
        """Hand over what is still being typed."""
        for box in list(self.boxes.values()):
            box.flush()

    def begin(self, key: str) -> None:
        """Put the focus where the person answers."""
        box = self.boxes.get(key)
        if box is not None:
            box.enter()
            focus = QApplication.focusWidget()
            if focus is None or not box.isAncestorOf(focus):
                self.on.setFocus()  # a note: nothing in it takes the focus
            # A box that was just laid has its place only after the layout has run.
            QTimer.singleShot(0, box, lambda: self._reveal(box))

    def _reveal(self, box: Box) -> None:
        self._column.activate()
        self._place.adjustSize()
        self.area.ensureWidgetVisible(box, 0, px(24))

    def holding(self, widget: QWidget | None) -> str:
        """Key of the stop that a widget belongs to, "" if it is elsewhere."""
        for key, box in self.boxes.items():
            if widget is not None and box.isAncestorOf(widget):
                return key
        return ""


class Hunt(QFrame):
    """What still stands in the way of finishing, shown once the person tried."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.words = label("", wrap=True)
        self.button = Button(_("Go there"), key="F8")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 16, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_count(self, count: int) -> None:
        """Say how many answers are missing or wrong."""
        set_property(self, "tone", "late" if count else "done")
        words = ngettext(
            "{n} answer is missing or wrong.", "{n} answers are missing or wrong.", count
        ).format(n=count)
        ready = _("Nothing is missing any more. Ctrl+Enter finishes.")
        self.words.setText(words if count else ready)
        self.button.setVisible(bool(count))
        self.show()

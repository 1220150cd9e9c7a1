"""The card with the questions of one screen, and the buttons under them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from migdesk.forms import Choice
from migdesk.i18n import _, ngettext
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, label, set_property

from .blocks import Cell, Line, lines
from .box import Box, TitleBox
from .filling import END, Filling
from .grid import GridBox
from .remark import Remark
from .roll import Roll
from .soundbar import SoundBar
from .stops import Stop
from .unsure import unsure

Make = Callable[[Stop], Box]
NARROW = 560
"""Narrower than this, nothing stands side by side."""
ROOMY = 720
"""Narrower than this, the keys 8 and 9 are shown beside their choices only."""


class Screen(QFrame):
    """Shows the stops of a screen in boxes; `make` makes the box of a stop. `pressed(key)`
    when somebody clicks what a key does. While `laying`, the focus is nobody's choice."""

    answered = Signal(str, str)
    pressed = Signal(str)

    def __init__(self, make: Make) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._make = make
        self._filling: Filling | None = None
        self._stops: tuple[Stop, ...] = ()
        self._lines: list[Line] = []
        self._cells: dict[str, Cell] = {}
        self.laying = False
        self._laid: tuple[object, ...] = ()
        self.roll = Roll(self._box, self._show)
        self.hunt = Hunt()
        self.sound = SoundBar()
        self.remark = Remark()
        self._make_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.sound)
        column.addWidget(self.hunt)
        column.addWidget(self.roll, 1)
        column.addWidget(self.remark)
        column.addLayout(self._foot())

    def _make_buttons(self) -> None:
        self.back = Button("‹ " + _("Previous"))
        self.back.setToolTip(_("Shift+Enter or Page Up"))
        self.on = Button(_("Next"), key=_("Enter"), role="primary")
        self.away = Button(_("Put aside"))
        self.away.setToolTip(_("Esc"))
        self.end = Button(_("Finish"), key=_("Ctrl Enter"))
        self.note = Beside(_("Comment"), key=_("Ctrl M"), role="flat")
        self.unsure: dict[str, Button] = {}
        for key in ("8", "9"):
            press = partial(self.pressed.emit, key)
            self.unsure[key] = Beside("", press, key=key, role="flat")

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 8, 24, 14)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.on)
        row.addStretch(1)
        for button in (*self.unsure.values(), self.note):
            row.addWidget(button)
        return row

    @property
    def boxes(self) -> dict[str, Box]:
        """Boxes that are there now, by the key of each stop in them."""
        return {
            stop.key: box
            for key, box in self.roll.boxes.items()
            if key in self._cells
            for stop in self._cells[key].stops
        }

    @property
    def alone(self) -> bool:
        """Whether one question fills the screen: its group is said above it."""
        return len(self._stops) == 1

    def show_stops(self, filling: Filling, stops: Sequence[Stop]) -> None:
        """Show the state of these stops."""
        self._filling, self._stops = filling, tuple(stops)
        narrow = self.width() < px(NARROW)
        laid = (filling.shape, narrow, tuple(stop.key for stop in stops))
        if laid != self._laid:
            self._laid = laid
            self._lines = lines(stops, self.alone, narrow)
            self._cells = {cell.key: cell for line in self._lines for cell in line}
            self.laying = True
            self.roll.lay(self._lines)
            self.laying = False
        else:
            self.roll.refresh()

    def show_place(self, filling: Filling) -> None:
        """What can be done where the person stands."""
        self.back.setEnabled(filling.place > 0)
        self.on.setVisible(filling.key != END)
        self.end.setVisible(filling.key != END)
        self._hint(filling)

    def _hint(self, filling: Filling) -> None:
        """What the keys 8, 9 and Ctrl+M do here."""
        stop = filling.here
        live = stop.live if stop.kind == "question" else None
        offered: dict[str, Choice] = {}
        if live is not None and live.type in ("select_one", "select_multiple"):
            offered = unsure(live.choices)
        room = self.width() >= px(ROOMY)
        for key, button in self.unsure.items():
            choice = offered.get(key)
            button.setVisible(room and choice is not None)
            if choice is not None:
                button.setText(choice.label[:24])
                button.updateGeometry()
        self.note.setVisible(live is not None)

    def run_to(self, way: Qt.LayoutDirection | None) -> None:
        """Questions run as their language does, whatever the language of the screen."""
        if way is None:
            self.roll.unsetLayoutDirection()
        elif way != self.roll.layoutDirection():
            self.roll.setLayoutDirection(way)
            self.forget()

    def forget(self) -> None:
        """Lay the boxes anew at the next showing."""
        self._laid = ()

    def _box(self, cell: Cell) -> Box:
        if cell.title:
            return TitleBox(cell.title)
        box = GridBox() if cell.head is not None else self._make(cell.stops[0])
        box.tabbed = lambda forward: self._tab(cell, forward)
        if cell.head is not None:
            box.answered.connect(self.answered)
        return box

    def _show(self, box: Box, cell: Cell) -> None:
        if isinstance(box, GridBox):
            box.head = cell.head
        if self._filling is not None and cell.stops:
            box.show_stops(self._filling, cell.stops, self.alone)

    def _tab(self, cell: Cell, forward: bool) -> bool:
        """Go by Tab to the next box, or the one before."""
        cells = [c for line in self._lines for c in line if any(s.asks for s in c.stops)]
        keys = [each.key for each in cells]
        to = keys.index(cell.key) + (1 if forward else -1) if cell.key in keys else -1
        if not 0 <= to < len(cells):
            (self.on if forward and self.on.isVisible() else self.back).setFocus()
            return forward or self.back.isEnabled()
        stops = cells[to].stops
        self.begin((stops[0] if forward else stops[-1]).key)
        return True

    def flush(self) -> None:
        """Hand over what is still being typed."""
        self.remark.flush()
        for box in list(self.roll.boxes.values()):
            box.flush()

    def begin(self, key: str) -> None:
        """Put the focus where the person answers."""
        self.roll.reveal(key)
        box = self.boxes.get(key)
        if box is not None:
            box.enter(key)
            focus = QApplication.focusWidget()
            if focus is None or not box.isAncestorOf(focus):
                self.on.setFocus()  # a note: nothing in it takes the focus

    def comment(self, stop: Stop, kept: str) -> None:
        """Write beside a question, which stays in sight."""
        self.remark.open_bar(stop.key, stop.number, kept)
        self.roll.reveal(stop.key)

    def holding(self, widget: QWidget | None) -> str:
        """Key of the stop that a widget belongs to, "" if it is elsewhere."""
        for key, box in self.roll.boxes.items():
            stops = self._cells[key].stops if key in self._cells else ()
            if widget is not None and stops and box.isAncestorOf(widget):
                return box.holding(widget) or stops[0].key
        return ""


class Beside(Button):
    """What a key does, beside the main buttons: no frame, but as much room as with one."""

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(14, 0)


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

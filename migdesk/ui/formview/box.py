"""What stands on the screen for one or more stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from migdesk.ui.widgets import label

from .filling import Filling
from .stops import Stop


class Box(QWidget):
    """`answered(ref, text)` when the person answers; `done` when they want to go on.
    `tabbed(forward)` moves the focus out of the box; it says whether it could."""

    answered = Signal(str, str)
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tabbed: Callable[[bool], bool] = lambda _forward: False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)

    def show_stops(self, filling: Filling, stops: Sequence[Stop], alone: bool) -> None:
        """Show the state of the stops; `alone`: say in which group they lie."""

    def flush(self) -> None:
        """Hand over what is still being typed."""

    def enter(self, key: str) -> None:
        """Take the focus, where one answers the stop `key`."""

    def holding(self, widget: QWidget) -> str:
        """Key of the stop that a widget inside belongs to, "" for the box's first."""
        return ""

    def press(self, key: str) -> bool:
        """Take a key pressed anywhere; False if it means nothing here."""
        return False

    def take_enter(self) -> bool:
        """Use Enter before it means “next”."""
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab inside the box, and from its last widget to the next box: boxes come and go,
        so the order in which they were made says nothing."""
        inside = [
            child
            for child in self.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.isVisibleTo(self)
            and child.isEnabled()
            and child.focusProxy() is None
        ]
        focus = QApplication.focusWidget()
        at = inside.index(focus) if focus in inside else -1
        to = at + (1 if forward else -1)
        if at >= 0 and 0 <= to < len(inside):
            reason = Qt.FocusReason.TabFocusReason
            inside[to].setFocus(reason if forward else Qt.FocusReason.BacktabFocusReason)
            return True
        return self.tabbed(forward) or super().focusNextPrevChild(forward)


class TitleBox(Box):
    """The titles of the groups that begin here."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words = label(text, "section", wrap=True)
        self.column.addWidget(self.words)

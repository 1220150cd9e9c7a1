"""What the pages of the counter share: a body that follows the focus, buttons that Enter
presses, columns that give way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from migdesk.ui.recordview.parts import FlowLayout
from migdesk.ui.widgets import Button, page_column

EDGE = 24
GAP = 16
NARROW = 720


class Body(QScrollArea):
    """The scrolling body of a page; it follows the focus, wherever the keyboard takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("role", "page")
        self.setWidget(inside)
        self.inside = inside
        self.box = page_column(inside)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isVisible() and self.inside.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, EDGE)


def body_of(page: QWidget) -> QVBoxLayout:
    """Give a page a body that scrolls; the layout to fill, from the top."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    body = Body()
    outer.addWidget(body)
    return body.box


class Columns(QWidget):
    """Columns side by side; under each other where they do not fit, as on a small screen
    or with large text."""

    def __init__(self, *columns: tuple[QWidget, int]) -> None:
        super().__init__()
        self._parts = [column for column, _share in columns]
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        for column, share in columns:
            self._row.addWidget(column, share)

    def _widths(self) -> list[int]:
        return [part.minimumSizeHint().width() for part in self._parts]

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()), self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        need = max(NARROW, sum(self._widths()) + GAP * (len(self._parts) - 1))
        self._row.setDirection(
            QBoxLayout.Direction.LeftToRight
            if self.width() >= need
            else QBoxLayout.Direction.TopToBottom
        )
        self.updateGeometry()
        super().resizeEvent(event)


def stacked(*cards: QWidget) -> QWidget:
    """Cards under each other, as one column."""
    column = QWidget()
    box = QVBoxLayout(column)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(GAP)
    for card in cards:
        box.addWidget(card)
    box.addStretch(1)
    return column


def key_button(
    text: str, pressed: Callable[[], object], key: str = "", role: str = ""
) -> Button:
    """A button that shows its key beside its words, and that Enter presses."""
    made = Button(text, pressed, key=key, role=role)
    made.setAutoDefault(True)
    return made


def flowing(*parts: QWidget) -> FlowLayout:
    """Buttons side by side, wrapped where there is no room."""
    row = FlowLayout(gap=8)
    for part in parts:
        row.addWidget(part)
    return row


def filled(first: QWidget, *others: QWidget) -> QHBoxLayout:
    """A line whose first part takes the room that the others leave."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(first, 1)
    for other in others:
        row.addWidget(other)
    return row

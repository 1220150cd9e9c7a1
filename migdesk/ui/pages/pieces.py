"""What the pages of the counter share: a body that follows the focus, buttons that Enter
presses, labelled fields of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from migdesk.models import RECORDS
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Button, page_column

if TYPE_CHECKING:
    from migdesk.ui.recordview.editors import FieldBox

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


def filled(first: QWidget, *others: QWidget) -> QHBoxLayout:
    """A line whose first part takes the room that the others leave."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(first, 1)
    for other in others:
        row.addWidget(other)
    return row


class Fields(QWidget):
    """Labelled editors of some fields of a record type; Enter goes to the next one.

    `rows` names the fields line by line; the fields of a line share its width.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, desk: Desk, kind: str, rows: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self.kind = kind
        # Here and not above: the first page of the day edits no field.
        from migdesk.ui.recordview.editors import FieldBox

        self.boxes: dict[str, FieldBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        wide = max(len(row) for row in rows)
        for line, row in enumerate(rows):
            span = wide // len(row)
            for place, name in enumerate(row):
                box = FieldBox(desk, RECORDS[kind][name])
                box.changed.connect(self.changed)
                self.boxes[name] = box
                grid.addWidget(box, line, place * span, 1, span)
        for column in range(wide):
            grid.setColumnStretch(column, 1)

    def __getitem__(self, name: str) -> FieldBox:
        return self.boxes[name]

    def values(self) -> dict[str, Any] | None:
        """Stored values; None if something is wrong, which is then said beside it."""
        wrong = [box for box in self.boxes.values() if not box.check_all()]
        if wrong:
            wrong[0].editor.setFocus()
            return None
        return {name: box.value() for name, box in self.boxes.items()}

    def typed(self) -> dict[str, Any]:
        """All that stands in the fields, right or wrong, for a draft."""
        return {name: box.editor.typed() for name, box in self.boxes.items()}

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Put back what a draft kept."""
        for name, box in self.boxes.items():
            if name in typed:
                box.editor.set_typed(typed[name])
                box.say("")

    def clear(self, values: Mapping[str, Any] | None = None) -> None:
        """Empty every field, or set those named."""
        for name, box in self.boxes.items():
            box.set_value((values or {}).get(name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

"""What the pages of the counter share: a body that scrolls, a title, keys in buttons,
labelled fields of a record, rows to press."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from migdesk.models import RECORDS
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.editors import FieldBox
from migdesk.ui.widgets.styled import Button, label

EDGE = 24
GAP = 16


def body_of(page: QWidget) -> QVBoxLayout:
    """Give a page a body that scrolls; what is added to the layout stays at the top."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setProperty("role", "page")
    inside = QWidget()
    inside.setProperty("role", "page")
    area.setWidget(inside)
    outer.addWidget(area)
    box = QVBoxLayout(inside)
    box.setContentsMargins(EDGE, EDGE - 4, EDGE, EDGE)
    box.setSpacing(GAP)
    return box


class Header(QWidget):
    """Title of a page and, under it, what it is for or how much waits."""

    def __init__(self, title: str, subtitle: str = "") -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.title = label(title, "title")
        self.subtitle = label(subtitle, "subtitle", wrap=True)
        box.addWidget(self.title)
        box.addWidget(self.subtitle)


def key_button(
    text: str, pressed: Callable[[], object], key: str = "", role: str = ""
) -> Button:
    """A button that shows its key beside its words, and that Enter presses."""
    made = Button(text, pressed, key=key, role=role)
    made.setAutoDefault(True)
    return made


def buttons(*made: QWidget) -> QHBoxLayout:
    """Buttons side by side at the beginning of the line."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for one in made:
        row.addWidget(one)
    row.addStretch(1)
    return row


class TwoTone(QWidget):
    """Words, and after them muted words; wrapped as one paragraph."""

    def __init__(self, main: str = "", muted: str = "", bold: bool = False) -> None:
        super().__init__()
        self._bold = bold
        self._main, self._muted = main, muted
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        text = f"{self._main} · {self._muted}" if self._muted else self._main
        made = QTextLayout(text, self.font())
        option = QTextOption()
        option.setTextDirection(self.layoutDirection())
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        made.setTextOption(option)
        made.setFormats(self._formats(len(text)))
        made.beginLayout()
        height = 0.0
        while (line := made.createLine()).isValid():
            line.setLineWidth(max(width, 40))
            line.setPosition(QPointF(0, height))
            height += line.height()
        made.endLayout()
        return made, height

    def _formats(self, length: int) -> list[QTextLayout.FormatRange]:
        strong, muted = QTextLayout.FormatRange(), QTextLayout.FormatRange()
        strong.start, strong.length = 0, len(self._main)
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.Bold if self._bold else QFont.Weight.Normal)
        strong.format = look
        muted.start, muted.length = len(self._main), length - len(self._main)
        pale = QTextCharFormat()
        pale.setForeground(self.palette().brush(QPalette.ColorRole.PlaceholderText))
        muted.format = pale
        return [strong, muted]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(self._laid_out(width)[1] + 0.99)

    def sizeHint(self) -> QSize:
        return QSize(160, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        made, height = self._laid_out(self.width())
        made.draw(painter, QPointF(0, max(0.0, (self.height() - height) / 2)))


class Row(QAbstractButton):
    """One thing of a list on a page: pressed, it opens. `lead` stands before the words
    (an hour, a pill), `trail` at the end of the line."""

    def __init__(
        self,
        main: str,
        pressed: Callable[[], object],
        muted: str = "",
        lead: QWidget | None = None,
        trail: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(" · ".join(filter(None, (main, muted))))
        self.setAccessibleName(self.text())
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(12)
        for part, room in ((lead, 0), (TwoTone(main, muted), 1), (trail, 0)):
            if part is not None:
                part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
                row.addWidget(part, room)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda: pressed())

    def sizeHint(self) -> QSize:
        inner = self.layout()
        return inner.sizeHint() if inner is not None else super().sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inner = self.layout()
        return inner.heightForWidth(width) if inner is not None else 36

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_Widget, option, painter, self
        )


class Fields(QWidget):
    """Labelled editors of some fields of a record type; Enter goes to the next one.

    `rows` names the fields line by line; the fields of a line share its width.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, desk: Desk, kind: str, rows: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self.kind = kind
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


def show_rows(box: QVBoxLayout, rows: Iterable[QWidget]) -> None:
    """Put rows under each other, the old ones away."""
    while box.count():
        item = box.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    for row in rows:
        box.addWidget(row)

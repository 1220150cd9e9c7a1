"""Questions with the same choices as one table: a row each, a column for each choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QSizePolicy, QWidget

from migdesk.forms import Choice
from migdesk.forms.marks import bare
from migdesk.ui.theme import px, tokens
from migdesk.ui.widgets import empty, label, set_property

from .box import Box
from .choice import ARROW_KEYS
from .choosing import ARROWS
from .filling import Filling
from .stops import Stop
from .unsure import keys_for


class Mark(QAbstractButton):
    """A round or square mark, painted in the middle of its place."""

    def __init__(self, many: bool) -> None:
        super().__init__()
        self.many = many
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(px(48), px(36))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows are for the table around."""
        if event.key() in ARROW_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(QColor(colours.wash))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        size = px(18)
        box = QRect((self.width() - size) // 2, (self.height() - size) // 2, size, size)
        chosen = self.isChecked()
        painter.setPen(QPen(QColor(colours.accent if chosen else colours.muted), 1.5))
        painter.setBrush(QColor(colours.accent if chosen and self.many else colours.surface))
        if self.many:
            painter.drawRoundedRect(box, 4, 4)
        else:
            painter.drawEllipse(box)
        if not chosen:
            return
        if self.many:
            painter.setPen(QColor(colours.on_accent))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "✓")
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            inner = px(4)
            painter.drawEllipse(box.adjusted(inner, inner, -inner, -inner))


class GridBox(Box):
    """Arrows move between the marks, a choice's key chooses in the row and goes down."""

    def __init__(self) -> None:
        super().__init__()
        self.where = label("", "caption", wrap=True)
        self.words = label("", "question", wrap=True)
        self.table = QWidget()
        self.grid = QGridLayout(self.table)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(4)
        self.error = label("", "error", wrap=True)
        for part in (self.where, self.words, self.table, self.error):
            self.column.addWidget(part)
        self.stops: tuple[Stop, ...] = ()
        self.head: Stop | None = None
        self.marks: list[list[Mark]] = []
        self.names: list[QLabel] = []
        self._laid: tuple[object, ...] = ()
        self._keys: list[str] = []

    # showing ------------------------------------------------------------------

    def show_stops(self, filling: Filling, stops: Sequence[Stop], alone: bool) -> None:
        self.stops = tuple(stops)
        asked = self.head.live if self.head is not None else None
        title = bare(asked.label).strip() if asked is not None else ""
        lead = " · ".join(stops[0].heads[-1:]) if alone else ""
        wrongs = [filling.wrong(stop) for stop in stops]
        pairs = zip(stops, wrongs, strict=True)
        said = "\n".join(f"{stop.number}  {wrong}" for stop, wrong in pairs if wrong)
        for part, text in ((self.where, lead), (self.words, title), (self.error, said)):
            part.setText(text)
            part.setHidden(not text)
        choices = self.choices()
        laid = (tuple(stop.key for stop in stops), choices, self.isRightToLeft())
        if laid != self._laid:
            self._build(choices)
            self._laid = laid
        for row, stop in enumerate(stops):
            self._show_row(filling, row, stop, wrongs[row])

    def choices(self) -> tuple[Choice, ...]:
        """The columns: choices of every row, those of the first one first."""
        found: dict[str, Choice] = {}
        for stop in self.stops:
            for choice in stop.live.choices if stop.live is not None else ():
                found.setdefault(choice.value, choice)
        return tuple(found.values())

    def _build(self, choices: tuple[Choice, ...]) -> None:
        empty(self.grid)
        self._keys = keys_for(choices)
        self.marks, self.names = [], []
        for column, (choice, key) in enumerate(zip(choices, self._keys, strict=True), 1):
            words = "\n".join(filter(None, (bare(choice.label), key)))
            head = label(words, "caption", wrap=True)
            head.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            self.grid.addWidget(head, 0, column)
            self.grid.setColumnStretch(column, 2)
        self.grid.setColumnStretch(0, 5)
        for row, stop in enumerate(self.stops, 1):
            name = label("", wrap=True)
            self.grid.addWidget(name, row, 0)
            self.names.append(name)
            many = stop.live is not None and stop.live.type == "select_multiple"
            marks = []
            for column, choice in enumerate(choices, 1):
                mark = Mark(many)
                mark.clicked.connect(
                    lambda _on=False, at=row - 1, value=choice.value: self.choose(at, value)
                )
                self.grid.addWidget(mark, row, column)
                marks.append(mark)
            self.marks.append(marks)

    def _show_row(self, filling: Filling, row: int, stop: Stop, wrong: str) -> None:
        live = stop.live
        assert live is not None
        star = " *" if live.required else ""
        note = "  ✎" if stop.key in filling.comments else ""
        self.names[row].setText(f"{stop.number}  {bare(live.label)}{star}{note}".strip())
        set_property(self.names[row], "tone", "late" if wrong else "")
        given = live.text.split()
        offered = {choice.value for choice in live.choices}
        for mark, choice in zip(self.marks[row], self.choices(), strict=True):
            mark.setChecked(choice.value in given)
            mark.setEnabled(choice.value in offered and not live.readonly)
            mark.setAccessibleName(f"{live.label}: {choice.label}")

    # answering ----------------------------------------------------------------

    def choose(self, row: int, value: str) -> None:
        """Choose in a row, or give the choice up."""
        live = self.stops[row].live
        assert live is not None
        if live.readonly:
            return
        many = live.type == "select_multiple"
        given = live.text.split()
        if value in given:
            given.remove(value)
        else:
            given = [*given, value] if many else [value]
        order = [choice.value for choice in live.choices]
        given.sort(key=lambda v: order.index(v) if v in order else -1)
        self.answered.emit(live.ref, " ".join(given))

    def press(self, key: str) -> bool:
        row, _column = self._at()
        if key.lower() not in self._keys or not key:
            return False
        column = self._keys.index(key.lower())
        if not self.marks[row][column].isEnabled():
            return False
        self.marks[row][column].setFocus()
        stop = self.stops[row]
        self.choose(row, self.choices()[column].value)
        if stop.live is not None and stop.live.type == "select_one":
            self._stand(row + 1, column)
        return True

    def _at(self) -> tuple[int, int]:
        """Row and column of the focus."""
        for row, marks in enumerate(self.marks):
            for column, mark in enumerate(marks):
                if mark.hasFocus():
                    return row, column
        return 0, 0

    def _stand(self, row: int, column: int) -> bool:
        if not (0 <= row < len(self.marks) and 0 <= column < len(self.marks[row])):
            return False
        self.marks[row][column].setFocus()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        if step is not None:
            row, column = self._at()
            right = -step[1] if self.isRightToLeft() else step[1]
            if self._stand(row + step[0], column + right):
                return
        super().keyPressEvent(event)

    def holding(self, widget: QWidget) -> str:
        for stop, marks in zip(self.stops, self.marks, strict=True):
            if widget in marks:
                return stop.key
        return ""

    def enter(self, key: str) -> None:
        for row, stop in enumerate(self.stops):
            if stop.key == key and self.marks[row]:
                chosen = [n for n, mark in enumerate(self.marks[row]) if mark.isChecked()]
                self._stand(row, chosen[0] if chosen else 0)

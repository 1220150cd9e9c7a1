"""Some labelled fields of a record on a page, in lines that give way to large text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from migdesk.models import RECORDS
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.editors import FieldBox


class Lines(QWidget):
    """Widgets line by line, those of a line sharing its width; lines are broken where the
    screen is narrow or the text large."""

    def __init__(self, rows: Sequence[Sequence[QWidget]]) -> None:
        super().__init__()
        self._rows = rows
        self._wide = max(map(len, rows))
        self._limit = 0
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(10)
        self._place(self._wide)

    def _chunks(self, limit: int) -> list[Sequence[QWidget]]:
        return [row[n : n + limit] for row in self._rows for n in range(0, len(row), limit)]

    def _need(self, limit: int) -> int:
        """Width in pixels that lines of at most `limit` widgets need."""
        return max(
            len(chunk) * (max(w.minimumSizeHint().width() for w in chunk) + 10)
            for chunk in self._chunks(limit)
        )

    def _place(self, limit: int) -> None:
        if limit == self._limit:
            return
        self._limit = limit
        while self.grid.count():
            self.grid.takeAt(0)
        for line, chunk in enumerate(self._chunks(limit)):
            span = limit // len(chunk)
            for place, widget in enumerate(chunk):
                self.grid.addWidget(widget, line, place * span, 1, span)
        for column in range(self._wide):
            self.grid.setColumnStretch(column, 1 if column < limit else 0)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._need(1), self.grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        limits = [self._wide, -(-self._wide // 2), 1]
        self._place(next((n for n in limits if self._need(n) <= self.width()), 1))
        super().resizeEvent(event)


class Fields(Lines):
    """Labelled editors of some fields of a record type; Enter goes to the next one.

    `rows` names the fields line by line.
    """

    changed = Signal()

    def __init__(self, desk: Desk, kind: str, rows: Sequence[Sequence[str]]) -> None:
        # Here and not above: the first page of the day edits no field.
        from migdesk.ui.recordview.editors import FieldBox

        self.boxes = {name: FieldBox(desk, RECORDS[kind][name]) for row in rows for name in row}
        super().__init__([[self.boxes[name] for name in row] for row in rows])
        for box in self.boxes.values():
            box.changed.connect(self.changed)

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

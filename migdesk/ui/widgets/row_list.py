"""Rows that lead somewhere: a tag, the main words, softer words, something at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from .page_parts import empty
from .styled import Badge, ElidedLabel, label, set_property


@dataclass(frozen=True)
class Row:
    """A row of the list. `lead` is a time (`lead_tone` None) or a badge in a tone;
    `end` the same at the other side; `open` is what a click or Enter does."""

    text: str
    muted: str = ""
    lead: str = ""
    lead_tone: str | None = None
    end: str = ""
    end_tone: str | None = None
    open: Callable[[], object] | None = None


class RowWidget(QWidget):
    """One row, a button to keyboard and screen reader."""

    opened = Signal()

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = filter(None, (row.lead, row.text, row.muted, row.end))
        self.setAccessibleName(" · ".join(words))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 8, 0, 8)
        line.setSpacing(12)
        if row.lead:
            line.addWidget(_side(row.lead, row.lead_tone, 52))
        main = ElidedLabel(row.text)
        main.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        line.addWidget(main)
        soft = ElidedLabel(f"· {row.muted}" if row.muted else "", "muted")
        line.setSpacing(8)
        line.addWidget(soft, 1)
        if row.end:
            line.addWidget(_side(row.end, row.end_tone, 0))
        if row.open is not None:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            action = row.open
            self.opened.connect(lambda: action())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if inside and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        moves = {Qt.Key.Key_Down: True, Qt.Key.Key_Up: False}
        if event.key() in keys:
            self.opened.emit()
        elif event.key() in moves:
            self.focusNextPrevChild(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class RowList(QWidget):
    """Rows under one another, with a line between."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.rows: list[RowWidget] = []
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead."""
        empty(self._column)
        self.rows = [RowWidget(row) for row in rows]
        for made in self.rows:
            self._column.addWidget(made)
        if self.rows:
            set_property(self.rows[-1], "last", True)


def _side(text: str, tone: str | None, width: int) -> QLabel:
    if tone is not None:
        return Badge(text, tone)
    made = label(text, "time" if width else "muted")
    made.setMinimumWidth(width)
    return made

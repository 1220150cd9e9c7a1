"""The stages of a case as a bar; choosing one moves the case there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from migdesk.i18n import _, ngettext
from migdesk.services.pipelines import Check, Stage

from ..parts import clear, set_property

MARKS = {"met": "✓", "unmet": "✗", "unknown": "?"}
# What the style sheet leaves at both sides of the words.
PAD = 12


class StageLabel(QLabel):
    """One stage, pressed by a click, Enter or Space."""

    pressed = Signal(str)

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = self._full = words
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "stage")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(_("Move the case to “{stage}”").format(stage=words))

    def show_as(self, state: str, words: str) -> None:
        """State is done, current or next; `words` are what stands in the bar, as far as
        there is room."""
        self._full = words
        self.setAccessibleName(words)
        set_property(self, "state", state)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width() - 2 * PAD
        mode = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self._full, mode, max(room, PAD)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(self.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self.code)
        else:
            super().keyPressEvent(event)


class StageSteps(QWidget):
    """All stages in order; `chosen(code)` when a person presses another than the current."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.current = ""
        self.labels: list[StageLabel] = []
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(2)

    def _make(self, stages: Sequence[Stage]) -> None:
        """Labels for these stages; those that are there stay, so the focus does."""
        if [one.code for one in self.labels] == [stage.code for stage in stages]:
            return
        clear(self.row)
        self.labels = []
        for stage in stages:
            made = StageLabel(stage.code, stage.label)
            made.pressed.connect(self._on_pressed)
            self.labels.append(made)
            self.row.addWidget(made, 1)

    def show_stages(self, stages: Sequence[Stage]) -> None:
        """Mark what is done and the current stage, with how much it still lacks; what a
        stage needs is its tool tip."""
        self._make(stages)
        for number, (one, stage) in enumerate(zip(self.labels, stages, strict=True), start=1):
            words, lacks = f"{number} {one.words}", len(stage.lacking)
            here = stage.place == "current"
            if stage.place == "done":
                words = f"{words} ✓"
            elif here:
                self.current = stage.code
                if lacks:
                    text = ngettext("{n} missing", "{n} missing", lacks)
                    words = f"{words} · {text.format(n=lacks)}"
            one.show_as(stage.place, words)
            one.setToolTip("\n".join([one.words, *map(mark, stage.checks)]))
            self.row.setStretch(number - 1, 4 if here and lacks else 3)

    def _on_pressed(self, code: str) -> None:
        if code != self.current:
            self.chosen.emit(code)


def mark(check: Check) -> str:
    """A condition in a line: met, not met or not known, and why."""
    return f"{MARKS[check.state]} {check.said}"

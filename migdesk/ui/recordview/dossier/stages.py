"""The stages of a case as a bar; choosing one moves the case there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from migdesk.i18n import _, ngettext

from ..parts import set_property

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

    def __init__(self, stages: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.current = ""
        self.labels: list[StageLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for code, words in stages:
            made = StageLabel(code, words)
            made.pressed.connect(self._on_pressed)
            self.labels.append(made)
            row.addWidget(made, 1)

    def show_stage(self, current: str, missing: Sequence[str]) -> None:
        """Mark what is done and the current stage, with how much it still lacks."""
        self.current = current
        codes = [one.code for one in self.labels]
        here = codes.index(current) if current in codes else -1
        for place, one in enumerate(self.labels):
            words = f"{place + 1} {one.words}"
            state = "next"
            if place < here:
                state, words = "done", f"{words} ✓"
            elif place == here:
                state = "current"
                lacks = len(missing)
                if lacks:
                    text = ngettext("{n} missing", "{n} missing", lacks)
                    words = f"{words} · {text.format(n=lacks)}"
            one.show_as(state, words)
            one.setToolTip("\n".join(missing) if place == here else one.words)
            layout = self.layout()
            if isinstance(layout, QHBoxLayout):
                layout.setStretch(place, 4 if place == here and missing else 3)

    def _on_pressed(self, code: str) -> None:
        if code != self.current:
            self.chosen.emit(code)

"""Answers that are typed on one line or several."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit

from migdesk.forms import Live
from migdesk.i18n import N_, Text
from migdesk.ui.theme import px
from migdesk.ui.widgets import set_property

from .input import PAUSE_MS, Input


class LineInput(Input):
    """One line; narrow for what is short by nature."""

    hints: ClassVar[dict[str, Text]] = {
        "date": N_("day/month/year"),
        "time": N_("hours:minutes"),
        "dateTime": N_("day/month/year hours:minutes"),
        "geopoint": N_("latitude longitude, in degrees"),
        "barcode": N_("the number under the bars"),
        "image": N_("what the picture shows, or the name of its file"),
        "file": N_("the name of the file"),
    }
    wide = ("text", "geotrace", "geoshape", "image", "audio", "video", "file", "geopoint")

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.line = QLineEdit()
        self.line.setProperty("role", "big")
        hint = self.hints.get(live.type)
        self.line.setPlaceholderText(str(hint) if hint is not None else "")
        self.setFocusProxy(self.line)
        if live.type not in self.wide:
            self.line.setMaximumWidth(px(280))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 10)
        if live.type not in self.wide:
            row.addStretch(1)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.flush)
        self.line.textEdited.connect(lambda _text: self._wait.start())
        self.line.editingFinished.connect(self.flush)
        self.show_live(live)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.line.setReadOnly(live.readonly)
        self.line.setAccessibleName(live.label)
        if not self._wait.isActive() and not (self.line.hasFocus() and live.violation):
            shown = self.shown(live)
            if shown != self.line.text() and not self._typing(live):
                self.line.setText(shown)

    def _typing(self, live: Live) -> bool:
        """Whether the field is being typed in and already holds this answer."""
        return self.line.hasFocus() and self.line.isModified() and bool(live.text)

    def shown(self, live: Live) -> str:
        """The answer as it is typed here: 21/11/2026, 14:30."""
        value = live.value
        if isinstance(value, datetime):
            return f"{value.astimezone():%d/%m/%Y %H:%M}"
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return live.text[:5] if live.type == "time" and value else live.text

    def flush(self) -> None:
        self._wait.stop()
        if self.line.isModified() and not self.line.isReadOnly():
            self.answered.emit(self.line.text().strip())

    def enter(self) -> None:
        self.line.setFocus()
        self.line.selectAll()

    def set_wrong(self, words: str) -> None:
        set_property(self.line, "wrong", bool(words))
        self.line.setAccessibleDescription(words)


class LongInput(Input):
    """Several lines; Enter begins a new one, Page Down goes on."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setMinimumHeight(px(140))
        self.setFocusProxy(self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.flush)
        self.show_live(live)
        self.edit.textChanged.connect(self._wait.start)
        self.edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        self.edit.setReadOnly(live.readonly)
        self.edit.setAccessibleName(live.label)
        if not self.edit.hasFocus() and self.edit.toPlainText() != live.text:
            self.edit.blockSignals(True)
            self.edit.setPlainText(live.text)
            self.edit.blockSignals(False)

    def flush(self) -> None:
        if self._wait.isActive() or self.edit.toPlainText().strip() != self.live.text:
            self._wait.stop()
            if not self.edit.isReadOnly():
                self.answered.emit(self.edit.toPlainText().strip())

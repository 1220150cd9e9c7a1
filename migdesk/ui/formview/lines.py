"""Answers that are typed on one line or several."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import ClassVar

from babel.numbers import get_decimal_symbol, get_group_symbol
from PySide6.QtCore import QEvent, QObject, QRegularExpression, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QPlainTextEdit

from migdesk.forms import Live
from migdesk.i18n import N_, Text, _, language
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, set_property

from .input import PAUSE_MS, Input, looks, side_of


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
        self._sent: str | None = None
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
        self.line.setAlignment(side_of(self))
        if not self._wait.isActive() and not (self.line.hasFocus() and live.violation):
            shown = self.shown(live)
            if shown != self.line.text() and not self._typing(live):
                self.line.setText(shown)
                self._sent = None

    def _typing(self, live: Live) -> bool:
        """Whether the field is being typed in and already holds this answer."""
        return self.line.hasFocus() and self.line.isModified() and bool(live.text)

    def said(self) -> str:
        """What was typed, as the engine reads it."""
        return self.line.text().strip()

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
        said = self.said()
        if self.line.isModified() and said != self._sent and not self.line.isReadOnly():
            self._sent = said
            self.answered.emit(said)

    def enter(self) -> None:
        self.line.setFocus()
        self.line.selectAll()

    def set_wrong(self, words: str) -> None:
        set_property(self.line, "wrong", bool(words))
        self.line.setAccessibleDescription(words)


class LinkInput(LineInput):
    """An address of the web, with a button that opens it."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.button = Button(_("Open the link"), self.open)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = self.layout()
        assert isinstance(row, QBoxLayout)
        row.addWidget(self.button)
        self.show_live(live)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        if hasattr(self, "button"):
            self.button.setEnabled(self.address().isValid())

    def address(self) -> QUrl:
        """The address; not valid unless it is one of the web."""
        url = QUrl(self.live.text.strip(), QUrl.ParsingMode.StrictMode)
        return url if url.scheme() in ("http", "https") and url.host() else QUrl()

    def open(self) -> None:
        """Hand the address to the computer's browser."""
        if self.address().isValid():
            QDesktopServices.openUrl(self.address())


class MaskedInput(LineInput):
    """Shows dots."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)


class DigitsInput(LineInput):
    """A text of digits and the signs between them, such as a telephone number."""

    signs = QRegularExpression(r"[0-9+\-., ]*")

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.line.setValidator(QRegularExpressionValidator(self.signs, self.line))


class NumberInput(LineInput):
    """A number; by appearance in groups of thousands, or with buttons that count."""

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        words = looks(live.appearance)
        if "bearing" in words:
            self.line.setPlaceholderText(_("degrees from north, 0 to 360"))
        if "counter" in words and live.type == "integer":
            self._add_buttons()

    def _add_buttons(self) -> None:
        row = self.layout()
        assert isinstance(row, QBoxLayout)
        for place, sign, step in ((0, "−", -1), (2, "+", 1)):
            button = Button(sign, partial(self.count, step))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAccessibleName(_("One more") if step > 0 else _("One less"))
            row.insertWidget(place, button)
        self.line.setMaximumWidth(px(140))
        self.line.installEventFilter(self)

    def count(self, step: int) -> None:
        """Add to the number; a blank counts as nothing."""
        self.flush()
        value = self.live.value
        if not self.live.readonly and (isinstance(value, int) or not self.live.text):
            self.line.setModified(False)
            self.answered.emit(str((value if isinstance(value, int) else 0) + step))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            keys = {
                Qt.Key.Key_Up: 1,
                Qt.Key.Key_Plus: 1,
                Qt.Key.Key_Down: -1,
                Qt.Key.Key_Minus: -1,
            }
            step = keys.get(Qt.Key(event.key()), 0)
            if event.key() == Qt.Key.Key_Minus and not self.line.text():
                step = 0  # the sign of a number
            if step and "counter" in looks(self.live.appearance):
                self.count(step)
                return True
        return super().eventFilter(watched, event)

    def shown(self, live: Live) -> str:
        if live.value is None:
            return live.text
        return local_number(live.text, grouped="thousands-sep" in looks(live.appearance))


def local_number(text: str, grouped: bool = False) -> str:
    """A stored number as it is written in the language in use."""
    whole, point, rest = text.partition(".")
    if grouped:
        sign, digits = ("-", whole[1:]) if whole[:1] == "-" else ("", whole)
        lead = len(digits) % 3
        parts = [digits[:lead]] * bool(lead)
        parts += [digits[n : n + 3] for n in range(lead, len(digits), 3)]
        mark = get_group_symbol(language())
        whole = sign + mark.join(parts)
    return whole + (get_decimal_symbol(language()) + rest if point else "")


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

"""What every editor of a field can do, and the editors that are one line of text."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from migdesk import codelists
from migdesk.i18n import _, language
from migdesk.models import Field
from migdesk.models.kinds import HOME, BadValue, split_money
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

from .parts import set_property, shortcut

SHOW_ALL, CALENDAR, OPEN = "F4", "Alt+Down", "Ctrl+O"


class Editor(QWidget):
    """Edits one field. `value` is the stored value and raises BadValue; `typed` is what
    stands in the field, right or wrong, as JSON: it goes into the draft.

    `changed` tells that a person typed, `left` that the focus went elsewhere.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.field = field
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self._inputs: list[QWidget] = []
        self.beside: Callable[[str], Any] = lambda _name: None
        """What stands in another field of the same line, as far as it can be read."""

    def value(self) -> Any:
        """Stored value, None for nothing; raises BadValue."""
        raise BadValue(self.field.label)  # every editor in the registry has its own

    def set_value(self, stored: Any, shown: str = "") -> None:
        """Show a stored value; `shown` is the title of a linked record if it is known.
        Not a change by a person: tells nobody."""

    def typed(self) -> Any:
        """What is in the field, to be given back to `set_typed`."""
        return self.value()

    def set_typed(self, typed: Any) -> None:
        """Put back what a draft kept."""
        self.set_value(typed)

    def add_input(self, widget: QWidget, main: bool = True) -> None:
        """Take a widget that has the focus while typing; the first is the main one."""
        if main:
            self.setFocusProxy(widget)
        widget.setAccessibleName(str(self.field.label))
        if self.field.hint is not None:
            widget.setAccessibleDescription(str(self.field.hint))
        widget.installEventFilter(self)
        self._inputs.append(widget)

    def set_wrong(self, words: str) -> None:
        """Mark the field as wrong (or right again, for no words)."""
        for widget in self._inputs:
            set_property(widget, "wrong", bool(words))
            hint = str(self.field.hint or "")
            widget.setAccessibleDescription(words or hint)

    def set_readonly(self, readonly: bool) -> None:
        """Show without letting anybody type."""
        self.setDisabled(readonly)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._on_left()
        return super().eventFilter(watched, event)

    def _on_left(self) -> None:
        self.left.emit()


class LineEditor(Editor):
    """One line of text, read by the kind of the field.

    A value that nobody touched is given back as it was, even if the kind would read its
    text otherwise (an approximate date in words, a number from another country).
    """

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self.line = QLineEdit()
        self.line.setMinimumWidth(64)
        self.row.addWidget(self.line, 1)
        self.add_input(self.line)
        self._stored: Any = None
        self._shown = ""
        self.line.textEdited.connect(lambda _text: self.changed.emit())

    def text_of(self, stored: Any) -> str:
        """How a stored value stands in the field, so that it can be read again."""
        return str(self.field.kind.show(stored))

    def value(self) -> Any:
        text = self.line.text()
        return self._stored if text == self._shown else self.field.kind.parse(text)

    def set_value(self, stored: Any, shown: str = "") -> None:
        self._stored = stored
        self._shown = "" if stored is None else self.text_of(stored)
        self.line.setText(self._shown)
        self._shown = self.line.text()
        self.line.setCursorPosition(0)

    def typed(self) -> Any:
        """[stored value if nobody touched it, text]."""
        text = self.line.text()
        return [self._stored if text == self._shown else None, text]

    def set_typed(self, typed: Any) -> None:
        stored, text = typed if isinstance(typed, list) else (None, typed)
        if stored is not None:
            self.set_value(stored)
        else:
            self.line.setText("" if text is None else str(text))

    def set_readonly(self, readonly: bool) -> None:
        self.line.setReadOnly(readonly)
        set_property(self.line, "readonly", readonly)

    def _on_left(self) -> None:
        # Show how it was understood: 771234567 becomes 77 123 45 67.
        if self.line.text() != self._shown:
            with contextlib.suppress(BadValue):
                self.set_value(self.field.kind.parse(self.line.text()))
        super()._on_left()

    def add_inner(self, made: QToolButton, key: str) -> None:
        """Put a small button inside the end of the field; in the field, `key` presses it."""
        made.setToolTip(f"{made.toolTip()} ({key.replace('+', ' ')})")
        if key != SHOW_ALL:  # the list of suggestions listens to that itself
            shortcut(key, self.line, partial(_press, made))
        inner = self.line.layout()
        if inner is None:
            inner = QHBoxLayout(self.line)
            inner.setContentsMargins(2, 1, 4, 1)
            inner.setSpacing(0)
            inner.addStretch(1)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setCursor(Qt.CursorShape.ArrowCursor)
        inner.addWidget(made)
        room = px(24) * (inner.count() - 1)
        if self.isRightToLeft():
            self.line.setTextMargins(room, 0, 0, 0)
        else:
            self.line.setTextMargins(0, 0, room, 0)


def _press(button: QToolButton) -> None:
    if button.isVisible():
        button.click()


class PlainEditor(LineEditor):
    """Text, e-mail, telephone: the kind does all."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        if field.kind.name in ("phone", "email"):
            self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


class NumberEditor(LineEditor):
    """A number, shown in groups that any country reads back."""

    def text_of(self, stored: Any) -> str:
        text = f"{stored:,}".replace(",", "\u202f")
        whole, _point, rest = text.partition(".")
        rest = rest.rstrip("0")
        mark = "." if language() in ("en", "ar") else ","
        return f"{whole}{mark}{rest}" if rest else whole


class MoneyEditor(LineEditor):
    """Amount and currency; "150 €" typed in the amount sets both."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.currency = QComboBox()
        self.currency.setAccessibleName(_("Currency"))
        self.currency.setMinimumWidth(72)
        known = [item.code for item in codelists.get("currencies")]
        self.currency.addItems(list(dict.fromkeys([HOME.currency, *known])))
        self.row.addWidget(self.currency)
        self.currency.activated.connect(lambda _index: self.changed.emit())
        self._currency = HOME.currency

    def text_of(self, stored: Any) -> str:
        amount, _currency = split_money(stored)
        whole, _point, rest = f"{amount:,f}".replace(",", "\u202f").partition(".")
        mark = "." if language() in ("en", "ar") else ","
        return f"{whole}{mark}{rest}" if rest else whole

    def value(self) -> Any:
        text = self.line.text().strip()
        currency = self.currency.currentText()
        if text == self._shown.strip() and currency == self._currency:
            return self._stored
        if text and not any(c.isalpha() or c in "€$" for c in text):
            text = f"{text} {currency}"
        return self.field.kind.parse(text)

    def set_value(self, stored: Any, shown: str = "") -> None:
        self._currency = split_money(stored)[1] if stored else self.currency.currentText()
        if self.currency.findText(self._currency) < 0:
            self.currency.addItem(self._currency)
        self.currency.setCurrentText(self._currency)
        super().set_value(stored)

    def typed(self) -> Any:
        """[amount as typed, currency]."""
        return [self.line.text(), self.currency.currentText()]

    def set_typed(self, typed: Any) -> None:
        text, currency = typed if isinstance(typed, list) else (typed, HOME.currency)
        if self.currency.findText(currency) < 0:
            self.currency.addItem(currency)
        self.currency.setCurrentText(currency)
        super().set_typed(text)

    def set_readonly(self, readonly: bool) -> None:
        super().set_readonly(readonly)
        self.currency.setDisabled(readonly)

    def _on_left(self) -> None:
        if self.line.text().strip() != self._shown.strip():
            with contextlib.suppress(BadValue):
                self.set_value(self.value())
        self.left.emit()


class Pad(QPlainTextEdit):
    """Several lines; grows with its text from three lines to twelve. Tab goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.textChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        lines = max(3, min(12, int(self.document().size().height()) + 1))
        height = lines * self.fontMetrics().lineSpacing() + 20
        return QSize(240, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())


class LongTextEditor(Editor):
    """A note."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self.pad = Pad()
        self.row.addWidget(self.pad, 1)
        self.add_input(self.pad)
        self._stored: Any = None
        self._shown = ""
        self._quiet = False
        self.pad.textChanged.connect(self._on_text)

    def _on_text(self) -> None:
        if not self._quiet:
            self.changed.emit()

    def value(self) -> Any:
        text = self.pad.toPlainText()
        return self._stored if text == self._shown else self.field.kind.parse(text)

    def set_value(self, stored: Any, shown: str = "") -> None:
        self._stored = stored
        self._show("" if stored is None else str(stored))
        self._shown = self.pad.toPlainText()

    def typed(self) -> Any:
        return self.pad.toPlainText()

    def set_typed(self, typed: Any) -> None:
        self._show(str(typed or ""))

    def _show(self, text: str) -> None:
        self._quiet = True
        self.pad.setPlainText(text)
        self._quiet = False

    def set_readonly(self, readonly: bool) -> None:
        self.pad.setReadOnly(readonly)
        set_property(self.pad, "readonly", readonly)

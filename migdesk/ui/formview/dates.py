"""Dates and times: typed, or taken from a calendar that opens over the form."""

from __future__ import annotations

import re
from datetime import date, datetime

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QCalendarWidget, QFrame, QVBoxLayout

from migdesk.forms import Live
from migdesk.i18n import N_, _, language
from migdesk.ui.widgets import Button

from .input import looks
from .lines import LineInput

_YEAR = re.compile(r"\s*(\d{4})\s*\Z", re.ASCII)
_MONTH = re.compile(r"\s*(\d{1,2})\s*[-/. ]\s*(\d{4})\s*\Z", re.ASCII)
_CLOCK = re.compile(r"\s*(\d{1,2})(\d{2})\s*\Z", re.ASCII)


class DateInput(LineInput):
    """A field, and a calendar on Alt+Down. By appearance a month or a year alone,
    kept as their first day."""

    def __init__(self, live: Live) -> None:
        parts = [word for word in looks(live.appearance) if word in ("month-year", "year")]
        self.part = parts[0] if parts and live.type == "date" else ""
        super().__init__(live)
        hint = {"month-year": _("month/year"), "year": _("year")}.get(self.part)
        if hint:
            self.line.setPlaceholderText(hint)
        self.popup: Calendar | None = None
        self.line.installEventFilter(self)
        if not self.part and "no-calendar" not in looks(live.appearance):
            self.button = Button("▾", self.open)
            self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.button.setAccessibleName(_("Calendar"))
            self.button.setToolTip(_("Calendar (Alt+↓)"))
            row = self.layout()
            assert isinstance(row, QBoxLayout)
            row.insertWidget(1, self.button)

    def shown(self, live: Live) -> str:
        value = live.value
        if isinstance(value, date) and not isinstance(value, datetime):
            if self.part == "year":
                return f"{value:%Y}"
            if self.part == "month-year":
                return f"{value:%m/%Y}"
        return super().shown(live)

    def said(self) -> str:
        text = super().said()
        if self.part == "year" and (year := _YEAR.match(text)):
            return f"{year[1]}-01-01"
        if self.part == "month-year" and (month := _MONTH.match(text)):
            return f"01/{month[1]}/{month[2]}"
        return text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            down = event.key() == Qt.Key.Key_Down and (
                event.modifiers() & Qt.KeyboardModifier.AltModifier
            )
            if down and hasattr(self, "button"):
                self.open()
                return True
        return super().eventFilter(watched, event)

    def open(self) -> None:
        """Show the calendar under the field."""
        if self.live.readonly:
            return
        self.flush()
        value = self.live.value
        self.popup = Calendar(self)
        day = value if isinstance(value, date) else date.today()
        self.popup.days.setSelectedDate(QDate(day.year, day.month, day.day))
        self.popup.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        self.popup.show()
        self.popup.days.setFocus()

    def take(self, day: date) -> None:
        """Take a day of the calendar as the answer."""
        self.line.setModified(False)
        self.answered.emit(self.dated(day))
        self.line.setFocus()

    def dated(self, day: date) -> str:
        """The answer for a day."""
        return day.isoformat()


class MomentInput(DateInput):
    """A day and a time; the calendar changes the day only."""

    def dated(self, day: date) -> str:
        value = self.live.value
        clock = f"{value.astimezone():%H:%M}" if isinstance(value, datetime) else "00:00"
        return f"{day:%d/%m/%Y} {clock}"


class TimeInput(LineInput):
    """A time; 1430 is 14:30."""

    def said(self) -> str:
        text = super().said()
        clock = _CLOCK.match(text)
        return f"{clock[1]}:{clock[2]}" if clock else text


class Calendar(QFrame):
    """A month to choose a day in: arrows move, Enter takes, Esc closes."""

    label = N_("Calendar")

    def __init__(self, owner: DateInput) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.owner = owner
        self.days = QCalendarWidget()
        self.days.setLocale(QLocale(language()))
        self.days.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.days.setAccessibleName(str(self.label))
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.days)
        self.days.activated.connect(self._take)
        self.days.clicked.connect(self._take)
        if (inner := self.days.focusProxy()) is not None:
            inner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys pressed in the calendar are the calendar's, not the form's around it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _take(self, day: QDate) -> None:
        self.close()
        self.owner.take(date(day.year(), day.month(), day.day()))

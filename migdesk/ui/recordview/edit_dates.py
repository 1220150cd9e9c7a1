"""Editors of days, uncertain dates and moments: typed, or picked in a calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtWidgets import QCalendarWidget, QFrame, QVBoxLayout, QWidget

from migdesk.i18n import _, language
from migdesk.models import Field
from migdesk.models.dates import read_moment
from migdesk.models.kinds import BadValue, Moment
from migdesk.ui.desk import Desk

from .editor import CALENDAR, LineEditor
from .parts import tool


class DateEditor(LineEditor):
    """A day, or for a fuzzy date also a year, "about 1985" or an age."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        words = _("Open the calendar")
        self.open_button = tool("calendar-blank-outline", words, self.open_calendar)
        self.add_inner(self.open_button, CALENDAR)

    def text_of(self, stored: Any) -> str:
        text = str(stored)
        try:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        except ValueError:
            return str(self.field.kind.show(stored))

    def day(self) -> date | None:
        """The day that stands in the field, if it is a whole one."""
        try:
            return date.fromisoformat(str(self.value() or "")[:10])
        except (BadValue, ValueError):
            return None

    def open_calendar(self) -> None:
        """A month under the field; a click or Enter takes a day."""
        frame = QFrame(self, Qt.WindowType.Popup)
        frame.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        frame.setProperty("role", "popup")
        calendar = QCalendarWidget()
        calendar.setLocale(QLocale(language()))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        day = self.day() or date.today()
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        box = QVBoxLayout(frame)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(calendar)
        calendar.activated.connect(lambda found: self._take(found, frame))
        calendar.clicked.connect(lambda found: self._take(found, frame))
        frame.move(self.mapToGlobal(QPoint(0, self.height())))
        frame.show()
        calendar.setFocus()

    def stored_day(self, day: date) -> str:
        """Stored value of a day picked in the calendar."""
        return day.isoformat()

    def _take(self, found: QDate, frame: QFrame) -> None:
        frame.close()
        self.set_value(self.stored_day(date(found.year(), found.month(), found.day())))
        self.line.setFocus()
        self.changed.emit()

    def set_readonly(self, readonly: bool) -> None:
        super().set_readonly(readonly)
        self.open_button.setVisible(not readonly)


class MomentEditor(DateEditor):
    """A day and an hour, in local time."""

    def text_of(self, stored: Any) -> str:
        try:
            return f"{read_moment(str(stored)):%d/%m/%Y %H:%M}"
        except ValueError:
            return str(stored)

    def day(self) -> date | None:
        try:
            return read_moment(str(self.value() or "")).date()
        except (BadValue, ValueError):
            return None

    def stored_day(self, day: date) -> str:
        """The day picked, at the hour that stood in the field, else at nine."""
        try:
            before = read_moment(str(self.value() or ""))
            hour, minute = before.hour, before.minute
        except (BadValue, ValueError):
            hour, minute = 9, 0
        moment = datetime(day.year, day.month, day.day, hour, minute).astimezone()
        return str(Moment().parse(moment.isoformat()))

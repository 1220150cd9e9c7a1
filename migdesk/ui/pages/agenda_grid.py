"""The hours of some days or of some people side by side, with the appointments in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from migdesk.i18n import _
from migdesk.services.agenda import CLOSE, OPEN, Entry, meet
from migdesk.ui.theme import px, tokens

STEP = 30
"""Minutes to which a press on a free time is rounded."""


@dataclass(frozen=True)
class Lane:
    """A column: a day, an adviser or a room. `adviser` and `room` are what an appointment
    made there begins with."""

    title: str
    day: date
    entries: tuple[Entry, ...]
    adviser: str = ""
    room: str = ""
    strong: bool = False


class EntryButton(QAbstractButton):
    """One appointment: Enter or a press opens it, the menu key offers more."""

    asked = Signal(QPoint)

    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        hours = f"{entry.starts:%H:%M}–{entry.ends:%H:%M}"
        shown = entry.visit.shown
        about = shown["next_step"] or shown["request"]
        parts = [hours, entry.theirs, entry.who, about, shown["room"], shown["adviser"]]
        if entry.visit.values["callback"]:
            parts.insert(2, _("we call"))
        if entry.clash:
            parts.append(_("at the same time as another"))
        self.words = [part for part in parts if part]
        self.setAccessibleName(" · ".join(self.words))
        self.setToolTip("\n".join(self.words))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.asked.emit(event.globalPos())

    def sizeHint(self) -> QSize:
        return QSize(px(90), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink, edge = self._colours()
        painter.setPen(QColor(edge))
        painter.setBrush(QColor(ground))
        radius = px(4)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)
        if self.hasFocus():
            pen = painter.pen()
            pen.setColor(QColor(tokens().accent))
            pen.setWidth(px(2))
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), radius, radius)
        painter.setPen(QColor(ink))
        self._write(painter)

    def _colours(self) -> tuple[str, str, str]:
        """Ground, ink and edge."""
        t = tokens()
        if self.entry.clash:
            return t.waiting_wash, t.waiting, t.waiting
        ground = t.passed if self.underMouse() else t.wash
        return ground, t.deep, t.accent if self.entry.visit.values["callback"] else t.passed

    def _write(self, painter: QPainter) -> None:
        """As many lines as there is room for; who comes first, with the hour if it fits."""
        entry, shown = self.entry, self.entry.visit.shown
        about = shown["next_step"] or shown["request"]
        where = shown["room"] or shown["adviser"]
        lines = [self._first(painter), entry.theirs, about, where]
        metrics, inner = painter.fontMetrics(), self.rect().adjusted(px(6), px(3), -px(4), 0)
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        visual = QStyle.visualAlignment(self.layoutDirection(), side)
        room = max(1, (self.height() - px(4)) // metrics.height())
        for place, words in enumerate([line for line in lines if line][:room]):
            line = QRect(
                inner.left(),
                inner.top() + place * metrics.height(),
                inner.width(),
                min(metrics.height(), self.height() - px(4)),
            )
            told = metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, visual, told)

    def _first(self, painter: QPainter) -> str:
        """Who, with as much before it as there is room for."""
        entry, metrics = self.entry, painter.fontMetrics()
        signs = ("⚠ " if entry.clash else "") + ("☎ " if entry.visit.values["callback"] else "")
        for words in (f"{signs}{entry.starts:%H:%M} {entry.who}", f"{signs}{entry.who}"):
            if metrics.horizontalAdvance(words) <= self.width() - px(10):
                return words
        return entry.who


class AgendaGrid(QWidget):
    """Lanes under their headings. `opened` when an appointment is pressed, `asked` for its
    menu, `wanted` when a free time is: number of the lane and the moment."""

    opened = Signal(object)
    asked = Signal(object, QPoint)
    wanted = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.lanes: tuple[Lane, ...] = ()
        self.buttons: list[EntryButton] = []
        self.first, self.last = OPEN, CLOSE
        self._hover: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Agenda"))

    def show_lanes(self, lanes: Sequence[Lane]) -> None:
        """Show these instead."""
        self.lanes = tuple(lanes)
        entries = [entry for lane in lanes for entry in lane.entries]
        self.first = min([OPEN, *(entry.starts.hour for entry in entries)])
        self.last = max([CLOSE, *(_end_hour(entry) for entry in entries)])
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        for lane in lanes:
            for entry in lane.entries:
                button = EntryButton(entry, self)
                button.clicked.connect(lambda _on=False, e=entry: self.opened.emit(e))
                button.asked.connect(lambda at, e=entry: self.asked.emit(e, at))
                button.show()
                self.buttons.append(button)
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()
        self._place()
        self.update()

    # ---- measures

    def _head(self) -> int:
        return self.fontMetrics().height() + px(14)

    def _axis(self) -> int:
        return self.fontMetrics().horizontalAdvance("00:00") + px(12)

    def _hour(self) -> int:
        return max(px(38), self.fontMetrics().height() * 2 + px(2))

    def sizeHint(self) -> QSize:
        height = self._head() + (self.last - self.first) * self._hour() + 1
        return QSize(self.minimumSizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._axis() + max(len(self.lanes), 3) * px(84), self._head())

    def _lane(self, place: int) -> QRect:
        """Where a lane is, under its heading."""
        axis, wide = self._axis(), self.width() - self._axis()
        count = max(len(self.lanes), 1)
        left, right = axis + place * wide // count, axis + (place + 1) * wide // count
        top = self._head()
        rect = QRect(left, top, right - left, self.height() - top)
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def _y(self, minutes: float) -> int:
        """Height of a minute of the day."""
        return self._head() + round((minutes / 60 - self.first) * self._hour())

    def _place(self) -> None:
        held = iter(self.buttons)
        for place, lane in enumerate(self.lanes):
            area = self._lane(place).adjusted(2, 0, -3, 0)
            for entry, part, of in beside(lane.entries):
                top = self._y(_minutes(entry.starts))
                high = max(self._y(_minutes(entry.starts) + _long(entry)) - top - 1, px(18))
                left, wide = area.width() * part // of, area.width() // of
                rect = QRect(area.left() + left, top + 1, wide - (1 if of > 1 else 0), high)
                mirrored = QStyle.visualRect(self.layoutDirection(), area, rect)
                next(held).setGeometry(mirrored)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place()

    # ---- the mouse on free times

    def _at(self, point: QPoint) -> tuple[int, int] | None:
        """Lane and minute of the day under a point."""
        for place in range(len(self.lanes)):
            if self._lane(place).contains(point):
                hours = self.first + (point.y() - self._head()) / self._hour()
                return place, int(hours * 60) // STEP * STEP
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found != self._hover:
            self._hover = found
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found and event.button() == Qt.MouseButton.LeftButton:
            place, minute = found
            hour = time(min(minute // 60, 23), minute % 60)
            moment = datetime.combine(self.lanes[place].day, hour).astimezone()
            self.wanted.emit(place, moment)

    # ---- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(t.surface))
        for hour in range(self.first, self.last + 1):
            y = self._y(hour * 60)
            painter.setPen(QColor(t.line))
            painter.drawLine(0, y, self.width(), y)
            line = QRect(0, y + 2, self._axis() - px(6), self.fontMetrics().height())
            painter.setPen(QColor(t.muted))
            if hour < self.last:
                self._text(painter, line, f"{hour:02d}:00")
        for place, lane in enumerate(self.lanes):
            self._draw_lane(painter, place, lane)

    def _draw_lane(self, painter: QPainter, place: int, lane: Lane) -> None:
        t, area = tokens(), self._lane(place)
        painter.setPen(QColor(t.line))
        side = area.right() if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0
        x = side or area.left()
        painter.drawLine(x, 0, x, self.height())
        head = QRect(area.left() + px(6), 0, area.width() - px(8), self._head())
        painter.setPen(QColor(t.deep if lane.strong else t.text))
        font = painter.font()
        font.setBold(lane.strong)
        painter.setFont(font)
        words = painter.fontMetrics().elidedText(
            lane.title, Qt.TextElideMode.ElideRight, head.width()
        )
        align = Qt.AlignmentFlag.AlignCenter
        painter.drawText(head, align, words)
        font.setBold(False)
        painter.setFont(font)
        if self._hover and self._hover[0] == place:
            self._draw_hover(painter, area, self._hover[1])

    def _draw_hover(self, painter: QPainter, area: QRect, minute: int) -> None:
        t, top = tokens(), self._y(minute)
        high = self._y(minute + STEP) - top
        spot = QRect(area.left() + 1, top, area.width() - 1, high)
        painter.fillRect(spot, QColor(t.chip))
        painter.setPen(QColor(t.muted))
        words = f"+ {minute // 60:02d}:{minute % 60:02d}"
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)

    def _text(self, painter: QPainter, place: QRect, words: str) -> None:
        where = QStyle.visualRect(self.layoutDirection(), self.rect(), place)
        side = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop
        painter.drawText(where, QStyle.visualAlignment(self.layoutDirection(), side), words)


def beside(entries: Sequence[Entry]) -> list[tuple[Entry, int, int]]:
    """Each appointment with its place among those that overlap, and how many places there
    are: (entry, place, places)."""
    made: list[tuple[Entry, int, int]] = []
    group: list[tuple[Entry, int]] = []

    def flush() -> None:
        most = max((place for _entry, place in group), default=0) + 1
        made.extend((entry, place, most) for entry, place in group)
        group.clear()

    for entry in entries:
        if not any(meet(entry, other) for other, _place in group):
            flush()
        taken = {place for other, place in group if meet(entry, other)}
        place = next(n for n in range(len(taken) + 1) if n not in taken)
        group.append((entry, place))
    flush()
    return made


def _minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _long(entry: Entry) -> float:
    """Minutes of an appointment, no further than its day goes."""
    midnight = entry.starts.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    return (min(entry.ends, midnight) - entry.starts).total_seconds() / 60


def _end_hour(entry: Entry) -> int:
    """The full hour at which the lane may end."""
    return min(-(-(_minutes(entry.starts) + int(_long(entry))) // 60), 24)

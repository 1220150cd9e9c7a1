"""Agenda: who is expected when, by whom and where; a free time is one press from a new
appointment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from babel.dates import format_date, format_interval
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _, language, ngettext
from migdesk.models.dates import stored_moment
from migdesk.models.store import Changes
from migdesk.services import agenda
from migdesk.services.agenda import Entry, Look
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import drop, shortcut
from migdesk.ui.rights import may_go, may_write
from migdesk.ui.widgets import Button, Card, FlowRow, PageHeader, label

from .agenda_grid import AgendaGrid, Lane
from .agenda_side import AgendaSide, Slot, entry_menu
from .my_office import OfficeChoice
from .pieces import Columns, body_of

DAY, WEEK = "day", "week"


class AgendaPage(Page):
    """A day, side by side by adviser or by room; or a week, of everybody or of one."""

    name: ClassVar[str] = "agenda"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.day = date.today()
        self.shown = Look((), (), {}, ())
        self.offices = OfficeChoice(desk)
        self.offices.changed.connect(self._read)
        self.writes = may_write(desk, "visit") and may_go(desk, "receive")
        self._build()
        for keys, days in (("Alt+Left", -1), ("Alt+Right", 1)):
            shortcut(keys, self, partial(self._turn, days))
        shortcut("Ctrl+P", self, lambda: self.print_agenda("day"))

    # ---- building

    def _build(self) -> None:
        self.header = PageHeader()
        self.grid = AgendaGrid()
        self.grid.opened.connect(self.open_entry)
        self.grid.asked.connect(self._menu_of)
        self.grid.wanted.connect(self._on_wanted)
        self.empty = label("", "muted", wrap=True)
        self.side = AgendaSide(self.desk, self.open_entry, self.book)
        surface = Card()
        surface.body.addWidget(self.grid)
        surface.body.addWidget(self.empty)
        box = body_of(self)
        box.addLayout(self._build_head())
        box.addLayout(self._build_tools())
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(surface)
        inside.addStretch(1)
        box.addWidget(Columns((holder, 3), (self.side, 1)))
        box.addStretch(1)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.header, 1)
        self.print_button = QPushButton(_("Print ▾"))
        self.print_button.clicked.connect(self._print_menu)
        row.addWidget(self.print_button)
        self.new_button = Button(
            _("New appointment"), lambda: self.desk.go("receive"), key="F2", role="primary"
        )
        self.new_button.setVisible(self.writes)
        row.addWidget(self.new_button)
        return row

    def _build_tools(self) -> QHBoxLayout:
        before, after = QPushButton("‹"), QPushButton("›")
        before.setAccessibleName(_("Earlier"))
        after.setAccessibleName(_("Later"))
        before.setToolTip(_("Earlier (Alt+Left)"))
        after.setToolTip(_("Later (Alt+Right)"))
        before.clicked.connect(lambda: self.move_by(-1))
        after.clicked.connect(lambda: self.move_by(1))
        self.today_button = Button(_("Today"), lambda: self.show_day(date.today()))
        self.views = QButtonGroup(self)
        row = FlowRow(before, self.today_button, after)
        kept = self.desk.settings.state("agenda.view") or DAY
        for place, (name, words) in enumerate(((DAY, _("Day")), (WEEK, _("Week")))):
            button = QPushButton(words)
            button.setCheckable(True)
            button.setChecked(name == kept)
            self.views.addButton(button, place)
            row.insertWidget(3 + place, button)
        self.views.idClicked.connect(self._on_view)
        self.which = QComboBox()
        self.which.setAccessibleName(_("Whose agenda"))
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.which.activated.connect(self._on_which)
        row.insertWidget(5, self.which)
        row.addWidget(self.offices)
        return row

    # ---- what is shown

    @property
    def view(self) -> str:
        """day or week."""
        return WEEK if self.views.checkedId() == 1 else DAY

    @property
    def first(self) -> date:
        """The first day shown."""
        return self.day - timedelta(days=self.day.weekday()) if self.view == WEEK else self.day

    @property
    def days(self) -> int:
        """How many days are shown."""
        return 7 if self.view == WEEK else 1

    def load(self) -> None:
        self.offices.load()
        self._read()

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("visit", "person", "account", "room"):
            self._read()

    def arrive(self, **args: Any) -> None:
        """``day``: an ISO day to show."""
        if args.get("day"):
            self.show_day(date.fromisoformat(str(args["day"])))

    def show_day(self, day: date) -> None:
        """Show the day, or the week that it is in."""
        self.day = day
        self._read()

    def move_by(self, times: int) -> None:
        """Go so many days or weeks on."""
        self.show_day(self.day + timedelta(days=times * self.days))

    def _turn(self, side: int) -> None:
        """One page to the right (1) or left (-1), as it is read."""
        self.move_by(-side if self.isRightToLeft() else side)

    def _on_view(self, _place: int) -> None:
        self.desk.settings.remember("agenda.view", self.view)
        self._read()

    def _on_which(self, _place: int) -> None:
        self.desk.settings.remember(f"agenda.{self.view}", str(self.which.currentData()))
        self._show(self.shown)

    def _read(self) -> None:
        asked = (self.first, self.days, self.offices.office)
        self.desk.runner.read(
            agenda.look,
            *asked,
            then=lambda look: self._on_read(asked, look),
            owner=self,
        )

    def _on_read(self, asked: tuple[date, int, str], look: Look) -> None:
        if asked == (self.first, self.days, self.offices.office):
            self._offer(look)
            self._show(look)

    def _offer(self, look: Look) -> None:
        """Fill the choice of whose agenda is shown."""
        kept = self.desk.settings.state(f"agenda.{self.view}")
        self.which.clear()
        if self.view == DAY:
            self.which.addItem(_("By adviser"), "adviser")
            self.which.addItem(_("By room"), "room")
        else:
            self.which.addItem(_("Everybody"), "")
            for id, name in look.advisers.items():
                self.which.addItem(name, f"adviser:{id}")
            for room in look.rooms:
                self.which.addItem(room, f"room:{room}")
        self.which.setCurrentIndex(max(self.which.findData(kept), 0))

    def _whose(self) -> tuple[str, str]:
        """Adviser and room whose week is shown; "" for everybody."""
        kind, _colon, which = str(self.which.currentData() or "").partition(":")
        if self.view == DAY:
            return "", ""
        return (which, "") if kind == "adviser" else ("", which)

    def _show(self, look: Look) -> None:
        self.shown = look
        lanes = self._days(look) if self.view == WEEK else self._groups(look)
        self.grid.show_lanes(lanes)
        held = [entry for lane in lanes for entry in lane.entries]
        self.empty.setText("" if held else _("Nobody is expected."))
        self.empty.setVisible(not held)
        self._show_head(held)
        self.side.show_look(look, held, self._gaps(look) if self.writes else [])

    def _days(self, look: Look) -> list[Lane]:
        adviser, room = self._whose()
        chosen = [
            entry
            for entry in look.entries
            if not (adviser or room) or agenda.engages(entry, adviser, room)
        ]
        made = []
        for place in range(7):
            day = self.first + timedelta(days=place)
            inside = tuple(entry for entry in chosen if entry.starts.date() == day)
            words = format_date(day, "EEE d", language())
            made.append(Lane(words, day, inside, adviser, room, day == date.today()))
        return made

    def _groups(self, look: Look) -> list[Lane]:
        by = str(self.which.currentData() or "adviser")
        known = look.advisers if by == "adviser" else {room: room for room in look.rooms}
        mine = self.desk.account.id
        order = sorted(known, key=lambda key: key != mine) if by == "adviser" else list(known)
        made = []
        for key in order:
            adviser, room = (key, "") if by == "adviser" else ("", key)
            inside = tuple(e for e in look.entries if agenda.engages(e, adviser, room))
            made.append(Lane(known[key], self.day, inside, adviser, room, key == mine))
        rest = tuple(entry for entry in look.entries if not entry.visit.values[by])
        if rest or not made:
            words = _("No adviser") if by == "adviser" else _("No room")
            made.append(Lane(words, self.day, rest))
        return made

    def _show_head(self, held: list[Entry]) -> None:
        if self.view == DAY:
            title = format_date(self.day, "full", language())
        else:
            last = self.first + timedelta(days=6)
            title = format_interval(self.first, last, "yMMMd", locale=language())
        clashes = sum(bool(entry.clash) for entry in held)
        said = ngettext("{n} appointment", "{n} appointments", len(held)).format(n=len(held))
        if clashes:
            words = ngettext("{n} at the same time", "{n} at the same time", clashes)
            said = f"{said}, {words.format(n=clashes)}"
        self.header.show_as(title[:1].upper() + title[1:], said if held else "")

    def _gaps(self, look: Look) -> list[Slot]:
        adviser, room = self._whose()
        if self.view == DAY and self.which.currentData() != "room":
            adviser = self.desk.account.id
        found, now = [], datetime.now().astimezone()
        for place in range(self.days):
            day = self.first + timedelta(days=place)
            if day >= now.date():
                today = now if day == now.date() else None
                for start, end in agenda.gaps(look.entries, day, adviser, room, today):
                    found.append(Slot(start, end, adviser, room))
        return found

    # ---- what can be done

    def open_entry(self, entry: Entry) -> None:
        """Open the person; of a ticket without a name, offer what there is."""
        if entry.visit.values["person"]:
            self.desk.open("person", entry.visit.values["person"])
        else:
            self._menu_of(entry, self.cursor().pos())

    def book(self, moment: datetime, adviser: str = "", room: str = "") -> None:
        """Go and receive somebody for this time."""
        wanted = {"appointment": stored_moment(moment), "adviser": adviser, "room": room}
        self.desk.go("receive", **wanted)

    def _on_wanted(self, lane: int, moment: datetime) -> None:
        if self.writes:
            made = self.grid.lanes[lane]
            self.book(moment, made.adviser, made.room)

    def _menu_of(self, entry: Entry, at: QPoint) -> None:
        menu = entry_menu(self, self.desk, entry, self.writes)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _print_menu(self) -> None:
        menu = QMenu(self)
        for words, by in (
            (_("By day"), "day"),
            (_("By adviser"), "adviser"),
            (_("By room"), "room"),
        ):
            menu.addAction(words, partial(self.print_agenda, by))
        drop(menu, self.print_button)

    def print_agenda(self, by: str) -> None:
        """Print the days that are shown."""
        last = self.first + timedelta(days=self.days - 1)
        params = {"since": str(self.first), "until": str(last), "by": by}
        self.desk.print("agenda", **params, office=self.offices.office)


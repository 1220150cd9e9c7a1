"""What is asked, what is done, what follows: the two cards of a visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.services import agenda, records
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.editor import LineEditor
from migdesk.ui.recordview.suggest import Answer, Option, Suggester
from migdesk.ui.widgets import Card, label

from .fields import Fields
from .pieces import Columns, flowing, key_button
from .receive_notes import AppointmentNotes

NEW = "new"
FROM_AFAR = ("phone", "email", "message", "video", "letter", "third_party")
"""Channels of which the hotline wants to know more (`visit_channels`)."""


class CaseChoice(QWidget):
    """Which case the visit belongs to: none, one of the person's, or one to open."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Case"))
        name = label(_("Case"), "field")
        name.setBuddy(self.choice)
        self.fields = Fields(desk, "case", (("type", "title"),))
        box.addWidget(name)
        box.addWidget(self.choice)
        box.addSpacing(6)
        box.addWidget(self.fields)
        self.choice.activated.connect(self._on_chosen)
        self.fields.changed.connect(self.changed)
        self.offer(())

    def offer(self, cases: tuple[View, ...]) -> None:
        """The cases of the person, open ones first."""
        kept = self.choice.currentData()
        self.choice.clear()
        self.choice.addItem(_("None"), "")
        for case in sorted(cases, key=lambda c: c.values["status"] != "open"):
            self.choice.addItem(" · ".join(filter(None, (case.title, case.code))), case.id)
        self.choice.addItem(_("Open a new case…"), NEW)
        self._select(kept)

    def _select(self, data: str | None) -> None:
        self.choice.setCurrentIndex(max(self.choice.findData(data or ""), 0))
        self.fields.setVisible(self.opens)

    def _on_chosen(self, _index: int) -> None:
        self.fields.setVisible(self.opens)
        if self.opens:
            self.fields["type"].editor.setFocus()
        self.changed.emit()

    @property
    def opens(self) -> bool:
        """True if a case is to be opened."""
        return self.choice.currentData() == NEW

    @property
    def held(self) -> str | None:
        """Id of the case that the visit belongs to."""
        return None if self.opens else self.choice.currentData() or None

    def values(self) -> dict[str, Any] | None:
        """Fields of the case to open, empty if none; None if something is wrong."""
        return self.fields.values() if self.opens else {}

    def clear(self) -> None:
        """No case."""
        self.offer(())
        self._select("")
        self.fields.clear(records.default_values("case"))

    def typed(self) -> dict[str, Any]:
        """For a draft."""
        return {"case": self.choice.currentData() or "", "fields": self.fields.typed()}

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Put back what a draft kept; a case of the person is chosen once `offer` came."""
        wanted = str(typed.get("case", ""))
        if wanted and self.choice.findData(wanted) < 0:
            self.choice.insertItem(1, "…", wanted)
        self._select(wanted)
        self.fields.set_typed(typed.get("fields", {}))


class VisitCards(QWidget):
    """The two cards, side by side, one over the other where it is narrow. What belongs to
    calls and to appointments is asked once there is one."""

    changed = Signal()
    saved = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.person = ""
        self.asked = Fields(
            desk, "visit", (("channel", "request"), ("subject", "urgency"), ("words",))
        )
        self.done = Fields(
            desk,
            "visit",
            (
                ("outcome", "next_step"),
                ("appointment", "room"),
                ("adviser", "minutes"),
                ("callback",),
            ),
        )
        self._suggest_rooms()
        self.case = CaseChoice(desk)
        self.notes = AppointmentNotes(desk, self.done)
        self.print_button = key_button(
            _("Save and print the receipt"),
            lambda: self.saved.emit(True),
            _("Ctrl Enter"),
            "primary",
        )
        self.save_button = key_button(_("Save"), lambda: self.saved.emit(False), _("Ctrl S"))
        left, right = Card(_("What the person asks")), Card(_("What is done, what follows"))
        for card, parts in ((left, (self.asked, self.case)), (right, (self.done,))):
            for part in parts:
                card.body.addWidget(part)
                part.changed.connect(self._on_changed)
            card.body.addStretch(1)
        right.body.insertWidget(1, self.notes)
        right.body.addLayout(flowing(self.print_button, self.save_button))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Columns((left, 1), (right, 1)))
        self.clear()

    def _suggest_rooms(self) -> None:
        """Rooms of the office; any other place may be typed."""
        editor = self.done["room"].editor
        assert isinstance(editor, LineEditor)

        def fitting(text: str, answer: Answer) -> None:
            def told(rooms: tuple[str, ...]) -> None:
                answer([Option(r, r) for r in rooms if text.casefold() in r.casefold()])

            self.desk.runner.read(agenda.rooms_here, then=told, owner=self)

        def chosen(room: Option) -> None:
            editor.set_value(room.value)
            editor.changed.emit()

        self.rooms = Suggester(editor.line, fitting, chosen, goes_on=True)

    def _on_changed(self) -> None:
        self._follow()
        self.notes.look(self.person)
        self.changed.emit()

    def _follow(self) -> None:
        """Ask what the answers so far make worth asking."""
        afar = self.asked["channel"].editor.typed()[0] in FROM_AFAR
        for name in ("subject", "urgency"):
            self.asked[name].setVisible(afar)
        planned = bool(self.done["appointment"].editor.typed()[1])
        for name in ("minutes", "callback"):
            self.done[name].setVisible(planned)

    def clear(self) -> None:
        """A new visit, by whoever is logged in."""
        usual = records.default_values("visit")
        self.asked.clear(usual)
        self.done.clear({"minutes": usual["minutes"]})
        account = self.desk.account
        self.done["adviser"].set_value(account.id or None, account.name)
        self.case.clear()
        self.person = ""
        self._follow()
        self.notes.look("")

    def plan(self, moment: str, adviser: str, room: str) -> None:
        """Begin with an appointment that was chosen in the agenda."""
        self.done["appointment"].set_value(moment)
        if adviser:
            self.done["adviser"].set_value(adviser)
        if room:
            self.done["room"].set_value(room)
        self._follow()
        self.notes.look(self.person)

    def receive(self, person: str) -> None:
        """Who is received, "" for nobody whom we know."""
        self.person = person
        self.notes.look(person)

    def focus(self) -> None:
        """Begin at the first question that has no usual answer."""
        self.asked["request"].editor.setFocus()

    def values(self) -> dict[str, Any] | None:
        """Fields of the visit; None if something is wrong, which is said beside it."""
        asked, done = self.asked.values(), self.done.values()
        if asked is None:
            self.asked["request"].editor.setFocus()
        if asked is None or done is None:
            return None
        return {**asked, **done, "case": self.case.held}

    def typed(self) -> dict[str, Any]:
        """For a draft."""
        return {
            "fields": {**self.asked.typed(), **self.done.typed()},
            "case": self.case.typed(),
        }

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Put back what a draft kept."""
        for fields in (self.asked, self.done):
            fields.set_typed(typed.get("fields", {}))
        self.case.set_typed(typed.get("case", {}))
        self._follow()
        self.notes.look(self.person)

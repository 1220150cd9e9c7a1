"""A registration that waits: is this somebody who is here already? One key decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from migdesk.i18n import N_, _, ngettext
from migdesk.models.dates import show_moment
from migdesk.services import entity_settle
from migdesk.services.entity_settle import Candidate, Fact, WaitingView
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Button, Card, Row, empty, label

from .pieces import GAP, flowing, key_button

ASKED = {
    "person": N_("Is this the same person?"),
    "household": N_("Is this the same household?"),
    "organisation": N_("Is this the same organisation?"),
    "place": N_("Is this the same place?"),
}
SAME = {
    "person": N_("The same person"),
    "household": N_("The same household"),
    "organisation": N_("The same organisation"),
    "place": N_("The same place"),
}
OTHER = {
    "person": N_("Somebody else: register"),
    "household": N_("Another household: register"),
    "organisation": N_("Another organisation: register"),
    "place": N_("Another place: register"),
    "member": N_("Register"),
}
WHY = {
    "gone": N_("The questionnaire changes a record that is not here, or is in the bin."),
    "needed": N_("No name was given, and nothing can be registered without one."),
    "role": N_("Who filled the questionnaire may not register this; you decide."),
    "other_kind": N_("The identifier in the questionnaire is that of another record."),
}
DONE = {
    "same": N_("Linked: {name}."),
    "other": N_("Registered: {name}."),
    "aside": N_("Set aside: {name}. The answers stay as they are."),
}


class EntityCard(Card):
    """What the questionnaire says beside who is here. `decided(view, decide, words)`:
    `decide` is the service to call and its arguments after the id."""

    decided = Signal(object, object, str)

    def __init__(self, view: WaitingView, place: str, desk: Desk) -> None:
        asked = ASKED.get(view.target) if view.candidates else None
        super().__init__(f"{asked or _('What is this?')} {view.title}", place)
        self.view = view
        self.desk = desk
        self.at = 0
        self.takes: dict[str, QCheckBox] = {}
        self.title.setWordWrap(True)
        parts = (view.questionnaire, view.who, show_moment(view.at) if view.at else "")
        self.body.addWidget(label(" · ".join(filter(None, parts)), "muted", wrap=True))
        why = WHY.get(view.problem)
        if why is not None:
            self.body.addWidget(label(str(why), wrap=True))
        if not view.may:
            words = _("Your account may not register this. Somebody else must decide.")
            self.body.addWidget(label(words, "error", wrap=True))
        self.grid_place = QWidget()
        self.grid = QGridLayout(self.grid_place)
        self.grid.setContentsMargins(0, 8, 0, 8)
        self.grid.setHorizontalSpacing(GAP)
        self.grid.setVerticalSpacing(4)
        for column, room in enumerate((2, 3, 3, 2)):
            self.grid.setColumnStretch(column, room)
        self.body.addWidget(self.grid_place)
        if view.left_out:
            left = _("Left out, because no field takes it: {words}.")
            words = left.format(words="; ".join(view.left_out))
            self.body.addWidget(label(words, "caption", wrap=True))
        self._buttons()
        self._show()

    # what is shown ------------------------------------------------------------

    @property
    def candidate(self) -> Candidate | None:
        """Who is compared now."""
        return self.view.candidates[self.at] if self.view.candidates else None

    def _buttons(self) -> None:
        view = self.view
        self.ways: dict[str, Button] = {}
        if view.candidates:
            words = str(SAME.get(view.target, _("The same")))
            self.ways["1"] = key_button(words, self.take_same, "1", "primary")
        if view.problem != "needed":
            role = "" if view.candidates else "primary"
            self.ways["2"] = key_button(str(OTHER[view.target]), self.take_other, "2", role)
        if len(view.candidates) > 1:
            self.ways["3"] = key_button(_("Compare with the next"), self.next, "3")
        for key in ("1", "2"):
            if key in self.ways:
                self.ways[key].setEnabled(view.may)
        self.ways["4"] = key_button(_("Set aside"), self.set_aside, "4")
        answers = partial(self.desk.open, "submission", view.submission)
        more = [key_button(_("Open the answers"), answers, role="link")]
        if view.candidates:
            more.append(key_button(_("Open the record"), self.open, role="link"))
        self.body.addLayout(flowing(*self.ways.values(), *more))

    @property
    def first(self) -> Button:
        """The button that the keyboard begins at."""
        return next(button for button in self.ways.values() if button.isEnabled())

    def open(self) -> None:
        """Go to the record that is compared."""
        if self.candidate is not None:
            self.desk.open(self.view.target, self.candidate.id)

    def _show(self) -> None:
        empty(self.grid)
        self.takes = {}
        found = self.candidate
        heads = ["", _("In the questionnaire")]
        if found is not None:
            count = len(self.view.candidates)
            here = _("Here already")
            if count > 1:
                words = _("{words} ({n} of {total})")
                here = words.format(words=here, n=self.at + 1, total=count)
            name = f"{found.title} {found.code}".strip()
            heads += [_("{words}: {name}").format(words=here, name=name), ""]
        for place, words in enumerate(heads):
            self.grid.addWidget(label(words, "caption", wrap=True), 0, place)
        for line, fact in enumerate(self.view.facts, start=1):
            self._line(line, fact, found)

    def _line(self, line: int, fact: Fact, found: Candidate | None) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        self.grid.addWidget(label(fact.label, "muted", wrap=True), line, 0, middle)
        self.grid.addWidget(label(fact.value, "strong", wrap=True), line, 1, middle)
        if found is None:
            return
        here = found.shown.get(fact.name, "")
        self.grid.addWidget(label(here or _("(empty)"), wrap=True), line, 2, middle)
        if here != fact.value:
            take = QCheckBox(_("Take over"))
            take.setChecked(not here)
            take.setAccessibleName(_("Take over: {field}").format(field=fact.label))
            self.grid.addWidget(take, line, 3, middle)
            self.takes[fact.name] = take

    # deciding -----------------------------------------------------------------

    def press(self, key: str) -> None:
        """A digit decides."""
        button = self.ways.get(key)
        if button is not None and button.isEnabled():
            button.click()

    def take_same(self) -> None:
        """It is the record that is compared."""
        if self.candidate is not None:
            fields = [name for name, take in self.takes.items() if take.isChecked()]
            self._decide(entity_settle.same, "same", self.candidate.id, fields)

    def take_other(self) -> None:
        """It is nobody who is here."""
        self._decide(entity_settle.other, "other")

    def set_aside(self) -> None:
        """Register nothing."""
        self._decide(entity_settle.aside, "aside")

    def next(self) -> None:
        """Compare with the next candidate."""
        self.at = (self.at + 1) % len(self.view.candidates)
        self._show()
        self.ways["3"].setFocus()

    def _decide(self, service: Callable[..., None], done: str, *args: object) -> None:
        words = str(DONE[done](name=self.view.title))
        self.decided.emit(self.view, partial(_call, service, self.view.id, args), words)


def _call(
    service: Callable[..., None], id: str, args: tuple[object, ...], session: object
) -> None:
    """A decision as a service: the session comes last, from the store."""
    service(session, id, *args)


def row_of(view: WaitingView, opened: Callable[[], object]) -> Row:
    """A registration among those that come afterwards."""
    n = len(view.candidates)
    end = ngettext("{n} like it", "{n} like it", n).format(n=n) if n else _("Waits")
    return Row(view.title, muted=view.questionnaire, end=end, end_tone="waiting", open=opened)

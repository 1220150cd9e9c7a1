"""Two records side by side: which of them stays, and which value of each field."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from migdesk.i18n import N_, _
from migdesk.models import RECORDS
from migdesk.models.dates import show_moment
from migdesk.services import duplicates
from migdesk.services.views import View
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write, only_read
from migdesk.ui.widgets import Badge, Button, Card, empty, label

from .pieces import GAP, flowing, key_button

NOTHING: tuple[object, ...] = (None, "", [])
WHY = {
    "name": N_("the same name"),
    "sound": N_("the names sound alike"),
    "called": N_("two forms of one name"),
    "spelling": N_("the names differ by a letter or two"),
    "part": N_("one name is part of the other"),
    "acronym": N_("the same acronym"),
    "birth_day": N_("born on the same day"),
    "birth_swapped": N_("the same birth with day and month swapped"),
    "birth_typo": N_("the births differ by one digit"),
    "birth": N_("born in the same year"),
    "birth_near": N_("born in nearly the same year"),
    "phone": N_("the same telephone"),
    "phone_typo": N_("the telephones differ by one digit"),
    "email": N_("the same e-mail"),
    "head": N_("the same head of household"),
    "place": N_("the same place"),
    "town": N_("living in the same town"),
    "country": N_("the same country"),
    "family": N_("the same people in the household"),
}


def reasons(why: Sequence[str]) -> str:
    """Why two records may be one, in words."""
    told = ", ".join(str(WHY[code]) for code in why if code in WHY)
    return _("Why: {reasons}.").format(reasons=told) if told else ""


class MergeCard(Card):
    """`decided(decision, words)`: a service to carry out, and what to say of it."""

    decided = Signal(object, str)

    def __init__(
        self, desk: Desk, one: View, two: View, reason: str = "", may_differ: bool = True
    ) -> None:
        super().__init__(_("Are these the same?"))
        self.desk = desk
        self.kind = one.kind
        self.stays, self.away = sorted((one, two), key=lambda view: view.id)
        self.choices: dict[str, tuple[QRadioButton, QRadioButton]] = {}
        self._groups: list[QButtonGroup] = []
        if reason:
            self.body.addWidget(label(reason, "muted", wrap=True))
        self.may = may_write(desk, self.kind)
        if not self.may:
            self.body.addWidget(label(only_read(desk, self.kind), "error", wrap=True))
        self._buttons(may_differ)
        self.place = QWidget()
        self.grid = QGridLayout(self.place)
        self.grid.setContentsMargins(0, 8, 0, 8)
        self.grid.setHorizontalSpacing(GAP)
        self.grid.setVerticalSpacing(4)
        for column, room in enumerate((2, 3, 3)):
            self.grid.setColumnStretch(column, room)
        self.body.addWidget(self.place)
        hint = _(
            "Visits, cases, papers and everything else of both go with the one that stays. "
            "Every value stays in the history, and they can be separated again."
        )
        self.body.addWidget(label(hint, "caption", wrap=True))
        self.body.addLayout(self._opened)
        self._show()

    def _buttons(self, may_differ: bool) -> None:
        self.ways: dict[str, Button] = {"1": key_button(_("Merge"), self.merge, "1", "primary")}
        if may_differ:
            self.ways["2"] = key_button(_("Not the same"), self.differ, "2")
        self.ways["3"] = key_button(_("The other one stays"), self.swap, "3")
        for way in self.ways.values():
            way.setEnabled(self.may)
        opened = [
            key_button(
                _("Open: {name}").format(name=view.title),
                partial(self._go, view.id),
                role="link",
            )
            for view in (self.stays, self.away)
        ]
        self.body.addLayout(flowing(*self.ways.values()))
        self._opened = flowing(*opened)

    @property
    def first(self) -> Button:
        """The button that the keyboard begins at."""
        return self.ways["1"]

    def _go(self, id: str) -> None:
        self.desk.open(self.kind, id)

    def open(self) -> None:
        """Go to the one that stays."""
        self._go(self.stays.id)

    # what is shown ------------------------------------------------------------

    def _show(self) -> None:
        empty(self.grid)
        self.choices, self._groups = {}, []
        top = Qt.AlignmentFlag.AlignTop
        for column, (view, words, tone) in enumerate(
            ((self.stays, _("stays"), "done"), (self.away, _("goes into it"), "waiting")), 1
        ):
            name = label(f"{view.title} {view.code}".strip(), "strong", wrap=True)
            self.grid.addWidget(name, 0, column, top)
            self.grid.addWidget(Badge(words, tone), 1, column, Qt.AlignmentFlag.AlignLeading)
            changed = _("changed {moment}").format(moment=show_moment(view.changed))
            self.grid.addWidget(label(changed, "caption", wrap=True), 2, column, top)
        line = 3
        for field in RECORDS[self.kind].fields.values():
            values = (self.stays.values[field.name], self.away.values[field.name])
            if field.hidden or all(value in NOTHING for value in values):
                continue
            self.grid.addWidget(label(str(field.label), "muted", wrap=True), line, 0)
            self._line(line, field.name, values[0] == values[1])
            line += 1

    def _line(self, line: int, name: str, same: bool) -> None:
        shown = (self.stays.shown[name], self.away.shown[name])
        if same:
            self.grid.addWidget(label(shown[0], wrap=True), line, 1, 1, 2)
            return
        group = QButtonGroup(self)
        self._groups.append(group)
        ways = []
        for column, words in enumerate(shown, 1):
            way = QRadioButton(" ".join(words.split())[:60] or _("(empty)"))
            way.setToolTip(words)
            label_words = str(RECORDS[self.kind][name].label)
            way.setAccessibleName(f"{label_words}: {words or _('(empty)')}")
            group.addButton(way)
            self.grid.addWidget(way, line, column)
            ways.append(way)
        ways[1 if self.stays.values[name] in NOTHING else 0].setChecked(True)
        self.choices[name] = (ways[0], ways[1])

    # deciding -----------------------------------------------------------------

    def press(self, key: str) -> None:
        """A digit decides."""
        if key in self.ways and self.ways[key].isEnabled():
            self.ways[key].click()

    def swap(self) -> None:
        """The other record stays; each field keeps the value that was chosen."""
        taken = {name: ways[1].isChecked() for name, ways in self.choices.items()}
        self.stays, self.away = self.away, self.stays
        self._show()
        for name, away in taken.items():
            self.choices[name][0 if away else 1].setChecked(True)

    @property
    def taken(self) -> tuple[str, ...]:
        """Fields of which the value of the one that goes is kept."""
        return tuple(name for name, ways in self.choices.items() if ways[1].isChecked())

    def merge(self) -> None:
        """They are the same."""
        words = _("Merged: {name}. They can be separated again.").format(name=self.stays.title)
        what = (self.kind, self.away.id, self.stays.id, self.taken)
        self.decided.emit(partial(_merge, what), words)

    def differ(self) -> None:
        """They are two; nobody is asked again."""
        words = _("Not the same: {one} and {other}.").format(
            one=self.stays.title, other=self.away.title
        )
        what = (self.kind, self.stays.id, self.away.id)
        self.decided.emit(partial(_differ, what), words)


def _merge(what: tuple[str, str, str, tuple[str, ...]], session: object) -> None:
    """A decision as a service: the session comes last, from the store."""
    kind, away, stays, taken = what
    duplicates.merge(session, kind, away, stays, dict.fromkeys(taken, "away"))  # type: ignore[arg-type]


def _differ(what: tuple[str, str, str], session: object) -> None:
    duplicates.dismiss(session, *what)  # type: ignore[arg-type]

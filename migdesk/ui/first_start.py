"""The first start in three steps: language, office (or the office that one joins), password
with its recovery key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Fault
from migdesk.i18n import LANGUAGES, _, language
from migdesk.ui.gate import SPOKEN, GatePage, Sides, add_field
from migdesk.ui.login import PasswordPair
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Button, FlowRow, PrimaryButton, label

JOIN = 4
"""Side of a computer that joins an office; the others are in the order of their steps."""
COUNTRIES_FIRST = ("SN", "ML", "GM", "GN", "MR", "MA", "FR", "ES", "IT", "PT", "BE", "DE")


@dataclass(frozen=True)
class Founding:
    """What the first start gathers. A computer that `joins` an office by an invitation has
    a name of its own in `office`, and no town."""

    language: str
    office: str
    town: str
    country: str
    name: str
    password: str
    joins: bool = False


@dataclass(frozen=True)
class FirstWays:
    """What app.py does: `found` makes keys and database and calls back with the recovery
    key; `keep_key(key, print)` shows it for print or saves it as PDF; `restore` goes to
    the backups; `done` opens the window."""

    found: Callable[[Founding, Callable[[str], None], Callable[[Fault], None]], None]
    keep_key: Callable[[str], None]
    restore: Callable[[], None]
    language: Callable[[str], object]
    done: Callable[[], None]


class FirstStart(GatePage):
    """The steps are sides of one card; what was typed stays when going back."""

    def __init__(self, ways: FirstWays, country: str, step: int = 0) -> None:
        super().__init__("", ways.language)
        self.languages.hide()
        self._ways = ways
        self.joins = False
        self.card.setMaximumWidth(620)
        self.where = label("", "muted")
        self.body.addWidget(self.where)
        self.sides = Sides()
        self.body.addWidget(self.sides)
        self.language_side = self._build_language()
        self.office_side = self._build_office(country)
        self.password_side = self._build_password()
        self.key_side = self._build_key()
        self.join_side = self._build_join()
        for side in (
            self.language_side,
            self.office_side,
            self.password_side,
            self.key_side,
            self.join_side,
        ):
            self.sides.addWidget(side)
        shortcut("Esc", self, self.go_back)
        self.turn(step)

    def go_back(self) -> None:
        """One step back, while nothing is made yet."""
        at = self.sides.currentIndex()
        if at in (1, 2, JOIN) and self.make.isEnabled():
            self.turn({1: 0, 2: JOIN if self.joins else 1, JOIN: 0}[at])

    def turn(self, step: int) -> None:
        """Show a step, from 0; the fourth side belongs to the third step, the fifth is the
        second step of a computer that joins."""
        titles = (
            _("Welcome to MigDesk"),
            _("Your office"),
            _("Your password"),
            _("Your recovery key"),
            _("This computer joins an office"),
        )
        if step in (1, JOIN):
            self.joins = step == JOIN
        self.title.setText(titles[step])
        place = 2 if step == JOIN else min(step + 1, 3)
        self.where.setText(_("Step {n} of {total}").format(n=place, total=3))
        self.sides.setCurrentIndex(step)
        first = (
            self.spoken,
            self.office,
            self.password.first,
            self.print_key,
            self.computer,
        )[step]
        self.setFocusProxy(first)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from a language or a check box too; lines see to it themselves."""
        on = {0: self.next_language, 3: self.finish}.get(self.sides.currentIndex())
        if on is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            on.click()
        else:
            super().keyPressEvent(event)

    def _build_language(self) -> QWidget:
        side, column = _side()
        self.spoken = QRadioButton()
        for code in SPOKEN:
            choice = QRadioButton(LANGUAGES[code])
            if code == language():
                choice.setChecked(True)
                self.spoken = choice
            choice.clicked.connect(lambda _on=False, code=code: self._ways.language(code))
            column.addWidget(choice)
        self.next_language = PrimaryButton(_("Continue"), lambda: self.turn(1), key=_("Enter"))
        self.join = Button(
            _("This computer joins an office…"), lambda: self.turn(JOIN), role="link"
        )
        self.restore = Button(_("Restore a backup…"), self._ways.restore, role="link")
        column.addSpacing(8)
        column.addLayout(FlowRow(self.next_language))
        column.addLayout(FlowRow(self.join))
        column.addLayout(FlowRow(self.restore))
        return side

    def _build_join(self) -> QWidget:
        side, column = _side()
        words = _(
            "For an office that uses MigDesk already: its administrator lets this computer in. "
            "First give it a name and a password."
        )
        column.addWidget(label(words, "muted", wrap=True))
        self.computer, self.person = QLineEdit(), QLineEdit()
        add_field(column, _("Name of this computer"), self.computer)
        add_field(column, _("Your name"), self.person)
        self.computer.setPlaceholderText(_("for example: Laptop of Sédhiou"))
        self.computer.returnPressed.connect(self.person.setFocus)
        self.person.returnPressed.connect(self.check_join)
        self.join_error = label("", "error", wrap=True)
        column.addWidget(self.join_error)
        self.next_join = PrimaryButton(_("Continue"), self.check_join, key=_("Enter"))
        back = Button(_("Back"), lambda: self.turn(0), role="flat")
        column.addLayout(FlowRow(self.next_join, back))
        return side

    def check_join(self) -> None:
        """Go on when the computer and the person have a name."""
        lines = (self.computer, self.person)
        empty = next((line for line in lines if not line.text().strip()), None)
        if empty is None:
            self.join_error.clear()
            self.turn(2)
        else:
            self.join_error.setText(_("The computer and you need a name."))
            empty.setFocus()

    def _build_office(self, country: str) -> QWidget:
        side, column = _side()
        self.office, self.town, self.name = QLineEdit(), QLineEdit(), QLineEdit()
        self.country = _country_box(country)
        add_field(column, _("Name of the office"), self.office)
        add_field(column, _("Town"), self.town)
        add_field(column, _("Country"), self.country)
        add_field(column, _("Your name"), self.name)
        self.office.returnPressed.connect(self.town.setFocus)
        self.town.returnPressed.connect(self.name.setFocus)
        self.name.returnPressed.connect(self.check_office)
        self.office_error = label("", "error", wrap=True)
        column.addWidget(self.office_error)
        self.next_office = PrimaryButton(_("Continue"), self.check_office, key=_("Enter"))
        column.addLayout(
            FlowRow(
                self.next_office,
                Button(_("Back"), lambda: self.turn(0), role="flat"),
            )
        )
        return side

    def check_office(self) -> None:
        """Go on when the office and the person have a name."""
        lines = (self.office, self.name)
        empty = next((line for line in lines if not line.text().strip()), None)
        if empty is None:
            self.office_error.clear()
            self.turn(2)
        else:
            self.office_error.setText(_("The office and you need a name."))
            empty.setFocus()

    def _build_password(self) -> QWidget:
        side, column = _side()
        words = _(
            "Everything is encrypted with this password. Nobody can open the files without "
            "it: not a thief, and not we."
        )
        column.addWidget(label(words, "muted", wrap=True))
        self.password = PasswordPair()
        column.addWidget(self.password)
        self.password.first.returnPressed.connect(self.password.again.setFocus)
        self.password.again.returnPressed.connect(self.found)
        self.password_error = label("", "error", wrap=True)
        column.addWidget(self.password_error)
        self.make = PrimaryButton(_("Create the database"), self.found, key=_("Enter"))
        column.addLayout(
            FlowRow(self.make, Button(_("Back"), self.go_back, role="flat"))
        )
        return side

    def found(self) -> None:
        """Make the keys and the database."""
        wrong = self.password.wrong()
        self.password_error.setText(wrong)
        if wrong or not self.make.isEnabled():
            return
        self.make.setEnabled(False)
        named, person = (
            (self.computer, self.person) if self.joins else (self.office, self.name)
        )
        founding = Founding(
            language(),
            named.text().strip(),
            self.town.text().strip(),
            str(self.country.currentData()),
            person.text().strip(),
            self.password.first.text(),
            self.joins,
        )
        self._ways.found(founding, self._founded, self._failed)

    def _founded(self, key: str) -> None:
        self.password.first.clear()
        self.password.again.clear()
        self.show_key(key)
        self.turn(3)

    def _failed(self, fault: Fault) -> None:
        self.make.setEnabled(True)
        self.password_error.setText(fault.words)

    def _build_key(self) -> QWidget:
        side, column = _side()
        words = _(
            "This key opens the files if every password is forgotten. It is stored nowhere: "
            "print it, and keep it in a safe place outside this computer."
        )
        column.addWidget(label(words, "", wrap=True))
        self.groups = QGridLayout()
        self.groups.setSpacing(12)
        column.addLayout(self.groups)
        self.print_key = Button(_("Print or save as PDF…"))
        self.kept = QCheckBox(_("I have kept it"))
        self.finish = PrimaryButton(_("Start"), self._ways.done, key=_("Enter"))
        self.finish.setEnabled(False)
        self.kept.toggled.connect(self.finish.setEnabled)
        column.addLayout(FlowRow(self.print_key))
        column.addSpacing(8)
        column.addWidget(self.kept)
        column.addLayout(FlowRow(self.finish))
        return side

    def show_key(self, key: str) -> None:
        """The key in its groups of four, three to a line."""
        for place, group in enumerate(key.split("-")):
            part = label(group, "recovery")
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.groups.addWidget(part, place // 3, place % 3)
        self.print_key.clicked.connect(lambda: self._ways.keep_key(key))


def _side() -> tuple[QWidget, QVBoxLayout]:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return side, column


def _country_box(country: str) -> QComboBox:
    """All countries; those where the offices are come first."""
    from migdesk import codelists

    made = QComboBox()
    names = {item.code: item.label() for item in codelists.countries()}
    for code in (*COUNTRIES_FIRST, *(c for c in names if c not in COUNTRIES_FIRST)):
        made.addItem(names[code], code)
    made.insertSeparator(len(COUNTRIES_FIRST))
    made.setCurrentIndex(max(made.findData(country), 0))
    return made

"""The accounts of this computer: who may open it, and one's own password."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from migdesk import codelists
from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.ui import staff
from migdesk.ui.desk import Desk
from migdesk.ui.gate import add_field, secret_line
from migdesk.ui.login import PasswordPair
from migdesk.ui.widgets import (
    Badge,
    Button,
    Card,
    FlowRow,
    PrimaryButton,
    empty,
    label,
    scrolled,
)

from .settings_rights import RightsCard, gives


class AccountsSide(QWidget):
    """The list of accounts beside the forms: a new one, my password."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(16)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(16)
        self.list = Card(_("Accounts of this office"))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.list.body.addLayout(self.grid)
        left.addWidget(self.list)
        self.rights = RightsCard(desk, self.load)
        left.addWidget(self.rights)
        if staff.manages(desk):
            left.addWidget(self._build_new())
        right.insertWidget(0, self._build_password())
        left.addStretch(1)
        right.addStretch(1)
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inside))

    def load(self) -> None:
        """Read the accounts again."""
        self.desk.runner.run(partial(staff.members, self.desk), self._show, self)

    def _show(self, members: tuple[staff.Member, ...]) -> None:
        empty(self.grid)
        for row, member in enumerate(members):
            self.grid.addWidget(label(member.name, "strong"), row, 0)
            self.grid.addWidget(label(member.role, "muted"), row, 1)
            here = _("opens this computer") if member.opens_here else _("elsewhere")
            self.grid.addWidget(Badge(here, "done" if member.opens_here else ""), row, 2)
            if staff.manages(self.desk) and member.id != self.desk.account.id:
                off = Button(_("Deactivate"), partial(self.deactivate, member), role="link")
                off.setAccessibleName(_("Deactivate {name}").format(name=member.name))
                self.grid.addWidget(off, row, 3)
            if gives(self.desk):
                show = partial(self.rights.show_account, member.id)
                sees = Button(_("Sees also…"), show, role="link")
                sees.setAccessibleName(_("What {name} sees").format(name=member.name))
                self.grid.addWidget(sees, row, 4)
        self.grid.setColumnStretch(0, 1)

    def deactivate(self, member: staff.Member) -> None:
        """After a question: this person logs in no more."""
        text = _("{name} will not be able to open MigDesk on this computer any more.")
        words = text.format(name=member.name)
        if self.desk.asker.confirm(_("Deactivate the account?"), words, _("Deactivate")):
            self.desk.runner.run(
                partial(staff.deactivate, self.desk, member.id),
                lambda _none: self.load(),
                self,
            )

    def _build_new(self) -> QWidget:
        card = Card(_("New account"))
        self.name = QLineEdit()
        self.role = QComboBox()
        for item in codelists.get("roles"):
            self.role.addItem(item.label(), item.code)
        self.first_password = PasswordPair()
        self.new_error = label("", "error", wrap=True)
        add_field(card.body, _("Name"), self.name)
        add_field(card.body, _("Role"), self.role)
        card.body.addWidget(self.first_password)
        card.body.addWidget(self.new_error)
        card.body.addLayout(FlowRow(PrimaryButton(_("Add the account"), self.add)))
        return card

    def add(self) -> None:
        """Make the account that is typed."""
        name = self.name.text().strip()
        wrong = self.first_password.wrong() if name else _("The account needs a name.")
        self.new_error.setText(wrong)
        if wrong:
            return
        role, password = str(self.role.currentData()), self.first_password.first.text()
        self.desk.runner.run(
            partial(staff.add, self.desk, name, role, password),
            lambda _id: self._added(name),
            self,
            self._refused,
        )

    def _added(self, name: str) -> None:
        self.name.clear()
        self.first_password.first.clear()
        self.first_password.again.clear()
        self.desk.asker.tell(_("Account added: {name}").format(name=name))
        self.load()

    def _refused(self, fault: Fault) -> None:
        self.new_error.setText(fault.words)

    def _build_password(self) -> QWidget:
        card = Card(_("My password"))
        self.old = secret_line(_("Present password"))
        self.new = PasswordPair()
        self.own_error = label("", "error", wrap=True)
        add_field(card.body, _("Present password"), self.old)
        card.body.addWidget(self.new)
        card.body.addWidget(self.own_error)
        card.body.addLayout(FlowRow(Button(_("Change my password"), self.change)))
        card.setEnabled(self.desk.keys is not None)
        return card

    def change(self) -> None:
        """One's own password."""
        wrong = self.new.wrong()
        self.own_error.setText(wrong)
        if wrong:
            return
        self.desk.runner.run(
            partial(
                staff.change_password, self.desk, self.old.text(), self.new.first.text()
            ),
            lambda _none: self._changed(),
            self,
            lambda fault: self.own_error.setText(fault.words),
        )

    def _changed(self) -> None:
        for line in (self.old, self.new.first, self.new.again):
            line.clear()
        self.desk.asker.tell(_("Your password was changed."))

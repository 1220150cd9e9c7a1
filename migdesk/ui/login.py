"""Who are you: the accounts of this computer, a password, and the two ways back in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _, ngettext
from migdesk.ui.gate import (
    BackupView,
    GatePage,
    Sides,
    add_field,
    align_leading,
    secret_line,
    strength,
    tone_of,
)
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.recovery import RecoveryEntry
from migdesk.ui.widgets import Button, FlowRow, PrimaryButton, label, set_property

Failed = Callable[[Fault], None]
Then = Callable[[], None]


@dataclass(frozen=True)
class Ways:
    """What the login asks of app.py. Each works beside the screen, then calls `failed`
    with a fault or, where it has one, its last argument."""

    open: Callable[[str, str, Failed], None]
    recover: Callable[[str, str, str, Failed], None]
    backups: Callable[[Callable[[Sequence[BackupView]], None]], None]
    look: Callable[[BackupView, str, Callable[[str], None], Failed], None]
    restore: Callable[[BackupView, str, Failed], None]
    choose_backup: Callable[[], Path | None]
    read_backup: Callable[[Path, Callable[[BackupView], None], Failed], None]
    language: Callable[[str], object]
    begin: Callable[[], object] | None = None
    """Back to the first start, where nothing was founded yet."""


class Login(GatePage):
    """Three sides: password, recovery key, backups."""

    def __init__(
        self,
        accounts: Sequence[tuple[str, str]],
        ways: Ways,
        last: str = "",
        split: bool = False,
    ) -> None:
        super().__init__(_("Log in"), ways.language)
        self._ways = ways
        self._accounts = accounts
        self.sides = Sides()
        self.body.addWidget(self.sides)
        self.password_side = PasswordSide(accounts, ways, last)
        self.recovery_side = RecoverySide(accounts, ways, split)
        self.backup_side = BackupSide(ways)
        for side in (self.password_side, self.recovery_side, self.backup_side):
            self.sides.addWidget(side)
        self.password_side.forgot.clicked.connect(lambda: self.turn(self.recovery_side))
        self.password_side.restore.clicked.connect(lambda: self.turn(self.backup_side))
        for side in (self.recovery_side, self.backup_side):
            side.back.clicked.connect(self.go_back)
        shortcut("Esc", self, self.go_back)
        self.turn(self.password_side if accounts else self.backup_side)
        self.backup_side.back.setVisible(bool(accounts or ways.begin))

    def go_back(self) -> None:
        """To the password; to the first start where there is no account yet."""
        if self._accounts:
            self.turn(self.password_side)
        elif self._ways.begin is not None:
            self._ways.begin()

    def turn(self, side: QWidget) -> None:
        """Show one side."""
        titles = {
            self.password_side: _("Log in"),
            self.recovery_side: _("Open with the recovery key"),
            self.backup_side: _("Restore a backup"),
        }
        self.title.setText(titles[side])
        self.sides.setCurrentWidget(side)
        self.setFocusProxy(side)
        if side is self.backup_side:
            self.backup_side.load()
        side.setFocus(Qt.FocusReason.OtherFocusReason)


class PasswordSide(QWidget):
    """An account and its password; counts the wait down after wrong ones."""

    def __init__(self, accounts: Sequence[tuple[str, str]], ways: Ways, last: str) -> None:
        super().__init__()
        self._ways = ways
        self._left = 0
        self.account = account_box(accounts, last)
        self.password = secret_line(_("Password"))
        self.error = label("", "error", wrap=True)
        self.enter = PrimaryButton(_("Open"), self.submit, key=_("Enter"))
        self.forgot = Button(_("Forgot the password?"), role="link")
        self.restore = Button(_("Restore a backup…"), role="link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        add_field(column, _("Account"), self.account)
        add_field(column, _("Password"), self.password)
        column.addWidget(self.error)
        column.addLayout(FlowRow(self.enter))
        column.addSpacing(8)
        column.addLayout(FlowRow(self.forgot, self.restore))
        self.password.returnPressed.connect(self.submit)
        column.addStretch(1)
        self.setFocusProxy(self.password)
        self._clock = QTimer(self)
        self._clock.setInterval(1_000)
        self._clock.timeout.connect(self._tick)

    def submit(self) -> None:
        """Try the password."""
        if self._left or not self.enter.isEnabled():
            return
        self.enter.setEnabled(False)
        self.error.setText(_("Opening…"))
        set_property(self.error, "tone", "")
        typed = self.password.text()
        self.password.clear()
        self._ways.open(str(self.account.currentData()), typed, self._failed)

    def _failed(self, fault: Fault) -> None:
        self._left = int(fault.gaps.get("seconds", 0))
        self.error.setText(fault.words)
        self.enter.setEnabled(not self._left)
        self.password.setFocus()
        if self._left:
            self._clock.start()

    def _tick(self) -> None:
        self._left -= 1
        if self._left > 0:
            words = ngettext("Wait {n} second.", "Wait {n} seconds.", self._left)
            self.error.setText(words.format(n=self._left))
            return
        self._left = 0
        self._clock.stop()
        self.error.setText("")
        self.enter.setEnabled(True)


class RecoverySide(QWidget):
    """The printed key, whole or in sheets, and a new password."""

    def __init__(
        self, accounts: Sequence[tuple[str, str]], ways: Ways, split: bool
    ) -> None:
        super().__init__()
        self._ways = ways
        self.account = account_box(accounts, "")
        self.entry = RecoveryEntry(split)
        self.password = PasswordPair()
        self.error = label("", "error", wrap=True)
        self.enter = PrimaryButton(_("Set the new password and open"), self.submit)
        self.back = Button(_("Back"), role="flat")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        words = _("The recovery key was printed, whole or on five sheets. Capitals, hyphens "
                  "and spaces do not matter.")
        column.addWidget(label(words, "muted", wrap=True))
        add_field(column, _("Account"), self.account)
        column.addWidget(self.entry)
        column.addWidget(self.password)
        column.addWidget(self.error)
        column.addLayout(FlowRow(self.enter, self.back))
        column.addStretch(1)
        self.setFocusProxy(self.entry)

    def submit(self) -> None:
        """Try the key, set the password."""
        try:
            key, wrong = self.entry.key(), self.password.wrong()
        except Mistake as fault:
            key, wrong = "", fault.words
        self.error.setText(wrong)
        if wrong:
            return
        self.enter.setEnabled(False)
        account = str(self.account.currentData())
        self._ways.recover(account, key, self.password.first.text(), self._failed)

    def _failed(self, fault: Fault) -> None:
        self.error.setText(fault.words)
        self.enter.setEnabled(True)


class PasswordPair(QWidget):
    """A new password, typed twice, with its strength in words."""

    def __init__(self) -> None:
        super().__init__()
        self.first = secret_line(_("New password"))
        self.again = secret_line(_("The same again"))
        self.verdict = label("", "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        add_field(column, _("New password"), self.first)
        column.addWidget(self.verdict)
        add_field(column, _("The same again"), self.again)
        self.first.textChanged.connect(self._judge)
        self._judge("")

    def _judge(self, typed: str) -> None:
        level, words = strength(typed)
        hint = _("A short sentence is easy to keep and hard to guess.")
        self.verdict.setText(words if typed else hint)
        set_property(self.verdict, "tone", tone_of(level) if typed else "")

    def wrong(self) -> str:
        """Why it cannot be taken, "" if it can."""
        level, words = strength(self.first.text())
        if not level:
            return words
        if self.first.text() != self.again.text():
            return _("The two passwords are not the same.")
        return ""


class BackupSide(QWidget):
    """The backups, what each holds, and putting one back."""

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self._ways = ways
        self.list = QListWidget()
        self.list.setAccessibleName(_("Backups"))
        self.list.setMinimumHeight(150)
        self.password = secret_line(_("Password"))
        self.held = label("", "muted", wrap=True)
        self.error = label("", "error", wrap=True)
        self.sheets = Button(_("I have three sheets"), self.turn, role="link")
        self.entry = RecoveryEntry(split=True)
        self.entry.ways.hide()
        self.entry.hide()
        self.look = Button(_("Show what it holds"), self.preview)
        self.enter = PrimaryButton(_("Restore this backup"), self.restore)
        self.other = Button(_("Another file…"), self.choose)
        self.back = Button(_("Back"), role="flat")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        words = _("The present database is kept aside, in the folder of backups.")
        column.addWidget(label(words, "muted", wrap=True))
        column.addWidget(self.list)
        align_leading(column, self.other)
        add_field(column, _("Password of an account of the backup, or the recovery key"),
                  self.password)
        column.addWidget(self.entry)
        align_leading(column, self.sheets)
        column.addWidget(self.held)
        column.addWidget(self.error)
        column.addLayout(FlowRow(self.enter, self.look, self.back))
        self.list.currentRowChanged.connect(lambda _row: self._ready())
        column.addStretch(1)
        self.setFocusProxy(self.list)
        self._ready()

    def load(self) -> None:
        """Read the list again."""
        self._ways.backups(self._show)

    def _show(self, found: Sequence[BackupView]) -> None:
        self.list.clear()
        for backup in found:
            self._add(backup)
        self.held.setText("" if found else _("No backup in the folder of this computer yet."))
        self.list.setCurrentRow(0)
        self._ready()

    def _add(self, backup: BackupView) -> None:
        names = ", ".join(name for _id, name in backup.accounts)
        item = QListWidgetItem(f"{backup.made} · {backup.size} · {names}", self.list)
        item.setData(Qt.ItemDataRole.UserRole, backup)
        self.list.setCurrentItem(item)

    def choose(self) -> None:
        """Take a file from elsewhere, a USB stick."""
        path = self._ways.choose_backup()
        if path is not None:
            self.held.clear()
            self._ways.read_backup(path, self._add, self._failed)

    def chosen(self) -> BackupView | None:
        """The backup chosen in the list."""
        chosen = self.list.selectedItems()
        return chosen[0].data(Qt.ItemDataRole.UserRole) if chosen else None

    def _ready(self) -> None:
        ready = self.chosen() is not None
        self.look.setEnabled(ready)
        self.enter.setEnabled(ready)

    def turn(self) -> None:
        """Sheets of words instead of one line, and back."""
        by_sheets = self.entry.isHidden()
        self.entry.setVisible(by_sheets)
        self.password.setVisible(not by_sheets)
        words = _("I have a password or one key") if by_sheets else _("I have three sheets")
        self.sheets.setText(words)

    def secret(self) -> str | None:
        """What opens the backup, None (and said) if it is mistyped."""
        self.error.setText("")
        try:
            return self.password.text() if self.entry.isHidden() else self.entry.key()
        except Mistake as fault:
            self.error.setText(fault.words)
            return None

    def preview(self) -> None:
        """Open it beside, and count."""
        backup, secret = self.chosen(), self.secret()
        if backup is not None and secret is not None:
            self._ways.look(backup, secret, self.held.setText, self._failed)

    def restore(self) -> None:
        """Put it in the place of the present database."""
        backup, secret = self.chosen(), self.secret()
        if backup is not None and secret is not None:
            self.enter.setEnabled(False)
            self._ways.restore(backup, secret, self._failed)

    def _failed(self, fault: Fault) -> None:
        self.error.setText(fault.words)
        self._ready()


def account_box(accounts: Sequence[tuple[str, str]], last: str) -> QComboBox:
    """The accounts by name; the one of last time is chosen."""
    made = QComboBox()
    for id, name in accounts:
        made.addItem(name, id)
    made.setCurrentIndex(max(made.findData(last), 0))
    return made

"""The login of an agency's shared database: a name and a password that the server knows.

The password may be kept in the keyring of the system, never anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from PySide6.QtWidgets import QCheckBox, QLineEdit

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.settings import Settings
from migdesk.ui.desk import Account
from migdesk.ui.doors import Opened
from migdesk.ui.gate import GatePage, add_field, secret_line
from migdesk.ui.runner import Worker
from migdesk.ui.widgets import FlowRow, PrimaryButton, label

LOGIN = "login"
"""State of the settings: who logged in last."""


class SharedLogin(GatePage):
    """Name and password; `entered` gets what was opened."""

    def __init__(
        self,
        address: str,
        worker: Worker,
        settings: Settings,
        entered: Callable[[Opened], object],
        on_language: Callable[[str], object],
    ) -> None:
        super().__init__(_("Log in"), on_language)
        self._address = address
        self._worker = worker
        self._settings = settings
        self._entered = entered
        self.login = QLineEdit(settings.state(LOGIN) or urlsplit(address).username or "")
        self.password = secret_line(_("Password"))
        self.remember = QCheckBox(_("Keep the password in the keyring of this computer"))
        self.remember.hide()
        self.error = label("", "error", wrap=True)
        self.enter = PrimaryButton(_("Open"), self.submit, key=_("Enter"))
        self.body.addWidget(label(place_of(address), "muted", wrap=True))
        add_field(self.body, _("Name"), self.login)
        add_field(self.body, _("Password"), self.password)
        for part in (self.remember, self.error):
            self.body.addWidget(part)
        self.body.addLayout(FlowRow(self.enter))
        self.login.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.submit)
        self.setFocusProxy(self.password if self.login.text() else self.login)
        worker.run(partial(kept, address, self.login.text()), self._offer, self)

    def _offer(self, found: tuple[bool, str]) -> None:
        there, password = found
        self.remember.setVisible(there)
        self.remember.setChecked(bool(password))
        if password and not self.password.text():
            self.password.setText(password)

    def submit(self) -> None:
        """Try the name and the password."""
        login, password = self.login.text().strip(), self.password.text()
        if not (login and password) or not self.enter.isEnabled():
            return
        self.enter.setEnabled(False)
        self.error.setText(_("Opening…"))
        keep = self.remember.isChecked() if not self.remember.isHidden() else None

        def work() -> Opened:
            opened = enter(self._address, login, password)
            if keep is not None:
                keep_password(self._address, login, password if keep else "")
            return opened

        self._settings.remember(LOGIN, login)
        self._worker.run(work, self._entered, self, self._failed)

    def _failed(self, fault: Fault) -> None:
        self.error.setText(fault.words)
        self.enter.setEnabled(True)
        self.password.setFocus()
        self.password.selectAll()


def place_of(address: str) -> str:
    """Server and database for a person, without what else an address says."""
    parts = urlsplit(address)
    return f"{parts.hostname or _('this computer')} · {parts.path.strip('/')}"


def enter(address: str, login: str, password: str) -> Opened:
    """Open the shared database for who logs in; on a worker's thread."""
    from migdesk.jobs import agency
    from migdesk.services import office, records

    store = agency.connect(address, login, password)
    try:
        here = store.read(office.this_office)
        name = store.read(records.get, "account", store.actor).title if store.actor else login
    except BaseException:
        store.close()
        raise
    who = Account(store.actor, name, store.role, here.title if here else "")
    return Opened(store, who, None, b"")


def kept(address: str, login: str) -> tuple[bool, str]:
    """Whether the system has a keyring, and the password that it keeps."""
    import keyring
    from keyring.errors import KeyringError

    try:
        if keyring.get_keyring().priority < 1:
            return False, ""
        return True, keyring.get_password(f"migdesk {place_of(address)}", login) or ""
    except (KeyringError, RuntimeError):
        return False, ""


def keep_password(address: str, login: str, password: str) -> None:
    """Keep a password in the keyring of the system, or ("") forget it. A keyring that
    refuses is no reason to stop somebody at the door."""
    from contextlib import suppress

    import keyring
    from keyring.errors import KeyringError

    service = f"migdesk {place_of(address)}"
    with suppress(KeyringError, RuntimeError):
        if password:
            keyring.set_password(service, login, password)
        else:
            keyring.delete_password(service, login)

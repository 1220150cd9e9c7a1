"""The form of one place of exchange: in plain words, tried before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Fault, Mistake
from migdesk.i18n import N_, _, ngettext
from migdesk.jobs import depots as jobs
from migdesk.jobs.depots import Tried
from migdesk.services.depots import DepotView
from migdesk.sync.stores import Address
from migdesk.sync.stores.address import SYSTEM
from migdesk.sync.stores.gate import ChangedHostKey, UnknownHostKey
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Card, label, set_property

from .pieces import GAP, filled, flowing, key_button

KINDS = {
    "folder": N_("Folder or shared drive"),
    "sftp": N_("SFTP server"),
    "webdav": N_("WebDAV (Nextcloud and others)"),
    "s3": N_("S3 object storage"),
    "smb": N_("Windows share"),
}
EXAMPLES = {
    "folder": "",
    "sftp": "sftp://server.example.org/migdesk",
    "webdav": "https://cloud.example.org/remote.php/dav/files/office/migdesk",
    "s3": "https://s3.example.org/bucket/migdesk",
    "smb": "smb://server/share/migdesk",
}
_LONGEST_FILE = 64 * 1024


class PlaceForm(Card):
    """Fields by kind; “Try” goes there and back, and shows a server's fingerprint."""

    def __init__(self, desk: Desk, closed: Callable[[], None]) -> None:
        super().__init__("")
        self.setProperty("role", "")  # a part of the card that it lies in
        self.setContentsMargins(-16, -14, -16, -14)
        self.desk, self._closed = desk, closed
        self._id: str | None = None
        self._before = Address("folder", "")
        self._key = self._ca = ""
        self._offered = ""
        self._task: Task | None = None
        self._make_fields()
        self._make_buttons()
        self._rows()
        self.kind.currentIndexChanged.connect(lambda _index: self._fit())
        self.where.textChanged.connect(lambda _text: self._fit())

    # ---- building

    def _make_fields(self) -> None:
        self.kind = QComboBox()
        for code, text in KINDS.items():
            self.kind.addItem(str(text), code)
        self.called, self.where, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.region = QLineEdit()
        self.proxy = QLineEdit()
        self.proxy.setPlaceholderText(_("as the system says; “none”; http://…; socks5://…"))
        self.path_style = QCheckBox(_("Bucket in the path (most servers but Amazon’s)"))
        self.slow = QCheckBox(_("Slow or costly connection: small parts"))
        self.plain = QCheckBox(_("This way is safe without encryption (a cable, a VPN)"))
        self.automatic = QCheckBox(_("Exchange by itself when something waits"))

    def _make_buttons(self) -> None:
        self.choose_button = key_button(_("Choose…"), self._choose)
        self.key_button = key_button(_("Private key…"), self._choose_key)
        self.ca_button = key_button(_("Certificate of our authority…"), self._choose_ca)
        self.words = label("", "muted", wrap=True)
        self.trust_button = key_button(_("It is the same: trust it"), self._trust)
        self.trust_button.hide()
        self.try_button = key_button(_("Try"), self.attempt)
        self.save_button = key_button(_("Keep"), self.save, role="primary")
        self.close_button = key_button(_("Cancel"), self.close_form)
        shortcut("Esc", self, self.close_form)

    def _rows(self) -> None:
        self.rows: dict[QWidget, tuple[QWidget, QLabel]] = {}
        named: tuple[tuple[tuple[str, QWidget], ...], ...] = (
            ((_("Kind of place"), self.kind), (_("Name"), self.called)),
            ((_("Address"), self.where),),
            ((_("User"), self.user), (_("Password"), self.secret)),
            ((_("Region"), self.region), (_("Proxy"), self.proxy)),
        )
        for beside in named:
            line = QHBoxLayout()
            line.setSpacing(GAP)
            for words, widget in beside:
                line.addWidget(self._row(words, widget), 1)
            self.body.addLayout(line)
        self.files = QWidget()
        self.files.setLayout(flowing(self.key_button, self.ca_button))
        ticks = self.path_style, self.plain, self.slow, self.automatic
        for part in (self.files, *ticks, self.words):
            self.body.addWidget(part)
        self.body.addLayout(
            flowing(self.save_button, self.try_button, self.trust_button, self.close_button)
        )

    def _row(self, words: str, widget: QWidget) -> QWidget:
        widget.setAccessibleName(words)
        row, above = QWidget(), label(words, "muted")
        above.setBuddy(widget)
        box = QVBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(above)
        others = (self.choose_button,) if widget is self.where else ()
        box.addLayout(filled(widget, *others))
        self.rows[widget] = row, above
        return row

    def _fit(self) -> None:
        """Only what the kind asks for."""
        kind = self._kind
        server = kind != "folder"
        self.where.setPlaceholderText(EXAMPLES[kind])
        self.choose_button.setVisible(not server)
        for widget in (self.user, self.secret):
            self.rows[widget][0].setVisible(server)
        self.rows[self.proxy][0].setVisible(server and kind != "smb")
        self.rows[self.region][0].setVisible(kind == "s3")
        self.path_style.setVisible(kind == "s3")
        self.slow.setVisible(server)
        in_clear = self.where.text().strip().lower().startswith("http://")
        self.plain.setVisible(kind in ("webdav", "s3") and in_clear)
        self.key_button.setVisible(kind == "sftp")
        self.ca_button.setVisible(kind in ("webdav", "s3"))
        self.files.setVisible(kind in ("sftp", "webdav", "s3"))
        user, secret = self._labels(kind)
        self._name_row(self.user, user)
        self._name_row(self.secret, secret)

    @staticmethod
    def _labels(kind: str) -> tuple[str, str]:
        if kind == "s3":
            return _("Access key"), _("Secret key")
        return _("User"), _("Password") if kind != "sftp" else _("Password or passphrase")

    def _name_row(self, widget: QWidget, words: str) -> None:
        widget.setAccessibleName(words)
        self.rows[widget][1].setText(words)

    # ---- use

    @property
    def _kind(self) -> str:
        return str(self.kind.currentData())

    def begin(self, view: DepotView | None) -> None:
        """Show a place to change, or an empty form."""
        self._id = view.id if view else None
        held = self._before = view.address if view else Address("webdav", "")
        self._key, self._ca, self._offered = "", held.ca, ""
        self.kind.setCurrentIndex(self.kind.findData(held.kind))
        self.called.setText(view.name if view else "")
        self.where.setText(held.where)
        self.user.setText(held.user)
        self.secret.clear()
        self.secret.setPlaceholderText(_("unchanged") if view else "")
        self.region.setText(held.region)
        self.proxy.setText({SYSTEM: "", "": _("none")}.get(held.proxy, held.proxy))
        self.path_style.setChecked(held.path_style)
        self.slow.setChecked(held.slow)
        self.plain.setChecked(held.plain)
        self.automatic.setChecked(view.automatic if view else True)
        self.trust_button.hide()
        self._say("")
        self._fit()
        self.show()
        self.called.setFocus()

    def address(self) -> Address:
        """What the form says."""
        proxy = self.proxy.text().strip()
        proxy = "" if proxy in ("none", _("none")) else proxy or SYSTEM
        same = self.where.text().strip() == self._before.where
        return replace(
            self._before,
            kind=self._kind,
            where=self.where.text().strip(),
            user=self.user.text().strip(),
            secret=self.secret.text(),
            key=self._key,
            ca=self._ca,
            proxy=proxy,
            region=self.region.text().strip() or "us-east-1",
            path_style=self.path_style.isChecked(),
            slow=self.slow.isChecked(),
            plain=self.plain.isChecked(),
            host_key=self._before.host_key if same else "",
        )

    def attempt(self) -> None:
        """Go there and back."""
        self._say(_("Trying…"))
        self.trust_button.hide()
        self._stop()
        self._task = self.desk.runner.job(
            jobs.try_address,
            self.address(),
            self._id,
            then=self._on_tried,
            failed=self._on_failed,
            owner=self,
            title=_("Trying the place"),
        )

    def _on_tried(self, tried: Tried) -> None:
        words = ngettext(
            "It works. {n} file lies there.", "It works. {n} files lie there.", tried.names
        )
        self._say(words.format(n=tried.names))
        self.save_button.setFocus()

    def _on_failed(self, fault: Fault) -> None:
        self._say(fault.words, wrong=True)
        if isinstance(fault, UnknownHostKey | ChangedHostKey):
            self._offered = str(fault.gaps["key"])
            self.trust_button.show()
            self.trust_button.setFocus()
        elif isinstance(fault, Mistake) and fault.field:
            getattr(self, fault.field, self.where).setFocus()

    def _trust(self) -> None:
        """The fingerprint was compared: keep the server's key, try again."""
        self._before = replace(
            self._before, where=self.where.text().strip(), host_key=self._offered
        )
        self.attempt()

    def save(self) -> None:
        """Keep the place; it need not be reachable now."""
        name = self.called.text().strip() or self.where.text().strip()
        if not name:
            self._say(_("Give the place a name and an address."), wrong=True)
            self.called.setFocus()
            return
        self.desk.runner.job(
            jobs.save_depot,
            self._id,
            name,
            self.address(),
            self.automatic.isChecked(),
            then=lambda _id: self.close_form(),
            failed=self._on_failed,
            owner=self,
        )

    def close_form(self) -> None:
        """Close without keeping what was not kept; a try that runs is stopped."""
        self._stop()
        self.secret.clear()
        self._key = ""
        self.hide()
        self._closed()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    # ---- files

    def _choose(self) -> None:
        folder = self.desk.asker.folder(_("Folder of the exchange"))
        if folder is not None:
            self.where.setText(str(folder))

    def _choose_key(self) -> None:
        self._key = self._read(_("Private key")) or self._key

    def _choose_ca(self) -> None:
        self._ca = self._read(_("Certificate of our authority")) or self._ca

    def _read(self, title: str) -> str:
        path = self.desk.asker.open_file(title, _("All files (*)"))
        if path is None:
            return ""
        try:
            with path.open("rb") as file:
                text = file.read(_LONGEST_FILE).decode("ascii")
        except (OSError, UnicodeDecodeError):
            self._say(_("This file cannot be read, or is not of this kind."), wrong=True)
            return ""
        self._say(_("{name} is taken.").format(name=path.name))
        return text

    def _say(self, words: str, wrong: bool = False) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        set_property(self.words, "role", "error" if wrong else "muted")

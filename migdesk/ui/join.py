"""A computer that joins an office: its card to be enrolled, then the invitation, and the
office's words to compare."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.jobs import enrol
from migdesk.jobs.enrol import Found
from migdesk.services import devices, joining
from migdesk.services.devices import OwnView
from migdesk.ui.desk import Desk
from migdesk.ui.gate import GatePage, Sides
from migdesk.ui.pages.devices_parts import QrView, in_lines, words_label
from migdesk.ui.pages.pieces import flowing, key_button
from migdesk.ui.widgets import FlowRow, label


class JoinPage(GatePage):
    """Two sides: our card; the office that invites. `done` opens the window."""

    def __init__(
        self, desk: Desk, language: Callable[[str], object], done: Callable[[], object]
    ) -> None:
        super().__init__(_("This computer joins an office"), language)
        self.desk = desk
        self._done = done
        self.own: OwnView | None = None
        self.found: Found | None = None
        self.card.setMaximumWidth(680)
        self.sides = Sides()
        self.body.addWidget(self.sides)
        self.card_side = self._build_card()
        self.office_side = self._build_office()
        for side in (self.card_side, self.office_side):
            self.sides.addWidget(side)
        self.setFocusProxy(self.file_button)
        desk.runner.read(devices.own, then=self._on_own, owner=self)

    def _build_card(self) -> QWidget:
        side, column = _side()
        hint = _(
            "An administrator of the office scans this code, or takes this card, and compares "
            "the words with you."
        )
        self.qr = QrView()
        self.words = words_label(_("Words of this computer"))
        self.key = label("", "caption", wrap=True)
        self.copy_button = key_button(_("Copy the card"), self.copy)
        self.put_button = key_button(_("Put it in a folder…"), self.put)
        self.folder_button = key_button(_("Look in a folder…"), self.look_in_folder)
        self.file_button = key_button(_("Open the invitation…"), self.look, role="primary")
        self.said = label("", "muted", wrap=True)
        self.error = label("", "error", wrap=True)
        column.addWidget(label("1. " + hint, "muted", wrap=True))
        beside = QVBoxLayout()
        beside.addWidget(self.words)
        beside.addWidget(self.key)
        beside.addLayout(FlowRow(self.copy_button))
        beside.addLayout(FlowRow(self.put_button))
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        column.addLayout(row)
        then = _("The office gives you an invitation: a file on a stick or in a folder.")
        column.addWidget(label("2. " + then, "muted", wrap=True))
        column.addLayout(flowing(self.file_button, self.folder_button))
        column.addWidget(self.said)
        column.addWidget(self.error)
        return side

    def _build_office(self) -> QWidget:
        side, column = _side()
        self.office_name = label("", "question", wrap=True)
        self.office_words = words_label(_("Words of the office"))
        self.role = label("", "muted", wrap=True)
        hint = _(
            "Compare these words with those of the office on the administrator’s screen. If "
            "one differs, this invitation is not theirs."
        )
        self.same_button = key_button(_("The words are the same"), self.join, role="primary")
        self.differ_button = key_button(_("They differ"), self.differ, role="danger")
        for part in (
            self.office_name,
            self.office_words,
            self.role,
            label(hint, "muted", wrap=True),
        ):
            column.addWidget(part)
        column.addLayout(flowing(self.same_button, self.differ_button))
        return side

    def _on_own(self, own: OwnView) -> None:
        self.own = own
        self.words.setText(in_lines(own.words))
        self.key.setText(_("Short key: {key}").format(key=own.fingerprint))
        self.desk.runner.run(partial(devices.modules, own.card), self.qr.show_modules, self)

    def copy(self) -> None:
        """The card, to be sent."""
        if self.own is not None:
            QGuiApplication.clipboard().setText(self.own.card)
            self._say(_("The card is copied. It holds no secret and may be sent."))

    def put(self) -> None:
        """The card as a file on a stick."""
        folder = self.desk.asker.folder(_("Folder for the card"))
        if folder is not None:
            self.desk.runner.job(
                enrol.put_card,
                folder,
                then=lambda _name: self._say(_("The card lies in the folder.")),
                owner=self,
                failed=self._on_failed,
                title=_("Writing the card"),
            )

    def look(self) -> None:
        """Open the invitation from its file."""
        path = self.desk.asker.open_file(
            _("Choose an invitation"), _("MigDesk invitations (*.migdesk-invitation)")
        )
        if path is not None:
            self._read(enrol.look_at, path)

    def look_in_folder(self) -> None:
        """Find the invitation for this computer in a folder."""
        folder = self.desk.asker.folder(_("Folder of the invitation"))
        if folder is not None:
            self._read(enrol.find_in, folder)

    def _read(self, job: Callable[..., Found], *args: object) -> None:
        self._say("")
        self.desk.runner.job(
            job,
            *args,
            then=self._on_found,
            owner=self,
            failed=self._on_failed,
            title=_("Reading the invitation"),
        )

    def _on_found(self, found: Found) -> None:
        from migdesk import codelists

        self.found = found
        self.office_name.setText(found.view.office or _("An office"))
        self.office_words.setText(in_lines(found.view.words))
        words = _("Here this computer is called “{name}”; role: {role}.")
        role = codelists.label("roles", found.view.role)
        self.role.setText(words.format(name=found.view.name, role=role))
        self.sides.setCurrentWidget(self.office_side)
        self.same_button.setFocus()

    def _on_failed(self, fault: Fault) -> None:
        self.error.setText(fault.words)

    def _say(self, words: str) -> None:
        self.error.clear()
        self.said.setText(words)

    def differ(self) -> None:
        """Nothing is believed."""
        self.found = None
        self.desk.runner.write(joining.decline, owner=self)
        self.sides.setCurrentWidget(self.card_side)
        self.file_button.setFocus()
        self._say("")
        self.error.setText(
            _("Nothing was taken over. Ask the administrator for the invitation again.")
        )

    def join(self) -> None:
        """The person compared: this computer is of the office."""
        if self.found is not None:
            self.desk.runner.write(
                joining.join,
                self.found.data,
                then=lambda _none: self._done(),
                owner=self,
                failed=self._on_failed,
            )


def _side() -> tuple[QWidget, QVBoxLayout]:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return side, column

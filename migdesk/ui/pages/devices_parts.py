"""Pieces of the devices page: a QR code on the screen, words to compare, this computer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from migdesk.i18n import _
from migdesk.jobs import enrol
from migdesk.jobs.enrol import Found
from migdesk.services import devices, enrolment, joining
from migdesk.services.devices import OwnView
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card, label

from .pieces import flowing, key_button

QUIET = 4
"""Light modules around a QR code (ISO/IEC 18004)."""
PER_LINE = 4


class QrView(QWidget):
    """A QR code, dark on light whatever the theme: readers expect it so."""

    def __init__(self, side: int = 232) -> None:
        super().__init__()
        self.modules: Sequence[Sequence[bool]] = ()
        self._side = px(side)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("QR code of the card"))

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def show_modules(self, modules: Sequence[Sequence[bool]]) -> None:
        """Show another code."""
        self.modules = modules
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        cells = len(self.modules) + 2 * QUIET
        cell = min(self.width(), self.height()) // cells
        if not self.modules or not cell:
            return
        start = (min(self.width(), self.height()) - cell * len(self.modules)) // 2
        for row, darks in enumerate(self.modules):
            for column, dark in enumerate(darks):
                if dark:
                    square = QRect(start + column * cell, start + row * cell, cell, cell)
                    painter.fillRect(square, Qt.GlobalColor.black)


def words_label(name: str) -> QLabel:
    """Where words to be read aloud are shown large; `name` is for screen readers."""
    made = label("", "recovery")
    made.setAccessibleName(name)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def in_lines(words: str) -> str:
    """Words in lines of four. Marked as read from left to right in every language."""
    parts = words.split()
    lines = (parts[n : n + PER_LINE] for n in range(0, len(parts), PER_LINE))
    return "\n".join("\u2066" + "   ".join(line) + "\u2069" for line in lines)


class OwnCard(Card):
    """This computer: what others scan or read to know it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("This computer"))
        self.desk = desk
        self.own: OwnView | None = None
        self.state = label("", "muted", wrap=True)
        self.qr = QrView()
        self.words = words_label(_("Words of this computer"))
        self.fingerprint = label("", "caption", wrap=True)
        hint = _("Read these words aloud: the other screen shows the same ones.")
        self.office_title = label(_("Words of the office"), "section")
        self.office_words = words_label(_("Words of the office"))
        self.copy_button = key_button(_("Copy the card"), self.copy)
        self.print_button = key_button(_("Print the card"), self._print)
        self.put_button = key_button(_("Put it in a folder…"), self.put)
        self.renew_button = key_button(_("New keys…"), self.renew, role="link")
        self.invite_button = key_button(_("Take an invitation…"), self.take, role="link")
        for part in (self.state, self.words, label(hint, "muted", wrap=True)):
            self.body.addWidget(part)
        self.body.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self.fingerprint)
        self.body.addLayout(flowing(self.copy_button, self.print_button, self.put_button))
        self.body.addWidget(self.office_title)
        self.body.addWidget(self.office_words)
        self.body.addLayout(flowing(self.renew_button, self.invite_button))

    def load(self) -> None:
        """Read this computer's place in the office."""
        self.desk.runner.read(devices.own, then=self._on_own, owner=self)

    def _on_own(self, own: OwnView) -> None:
        self.own = own
        self.state.setText(" · ".join((own.name, _state_words(own))))
        card = devices.see_card(own.waiting or own.card)
        self.words.setText(in_lines(card.words))
        self.fingerprint.setText(_("Short key: {key}").format(key=card.fingerprint))
        self.desk.runner.run(partial(devices.modules, card.text), self.qr.show_modules, self)
        for part in (self.office_title, self.office_words):
            part.setVisible(bool(own.office_words))
        self.office_words.setText(in_lines(own.office_words))

    def copy(self) -> None:
        """The full card, to be pasted elsewhere."""
        if self.own is not None:
            QGuiApplication.clipboard().setText(self.own.waiting or self.own.card)
            self.desk.asker.tell(_("The card is copied. It holds no secret and may be sent."))

    def _print(self) -> None:
        self.desk.print("pairing-card")

    def put(self) -> None:
        """The card as a file: the other computer then finds it by itself."""
        folder = self.desk.asker.folder(_("Folder for the card"))
        if folder is not None:
            self.desk.runner.job(
                enrol.put_card,
                folder,
                then=lambda _name: self.desk.asker.tell(_("The card lies in the folder.")),
                owner=self,
                title=_("Writing the card"),
            )

    def renew(self) -> None:
        """New keys for this computer, after a question."""
        sure = self.desk.asker.confirm(
            _("Make new keys for this computer?"),
            _(
                "Do this if somebody may have copied this computer’s files. What was sent to "
                "the old keys can still be read here. An administrator compares the new words."
            ),
            _("Make new keys"),
        )
        if sure:
            self.desk.runner.write(enrolment.renew_keys, then=self._on_renewed, owner=self)

    def _on_renewed(self, in_use: bool) -> None:
        words = (
            _("The new keys are in use.")
            if in_use
            else _("The old keys are used until an administrator has taken the new card.")
        )
        self.desk.asker.tell(words)
        self.load()

    def take(self) -> None:
        """An invitation for a computer that is enrolled: it brings the office's key, or a
        newer register."""
        path = self.desk.asker.open_file(
            _("Choose an invitation"), _("MigDesk invitations (*.migdesk-invitation)")
        )
        if path is not None:
            self.desk.runner.job(
                enrol.look_at,
                path,
                then=self._on_invited,
                owner=self,
                title=_("Reading the invitation"),
            )

    def _on_invited(self, found: Found) -> None:
        words = _("The other screen must show these words of the office: {words}")
        sure = self.desk.asker.confirm(
            _("Are the words of “{office}” the same?").format(office=found.view.office),
            words.format(words=f"\n\n{in_lines(found.view.words)}"),
            _("They are the same"),
        )
        if sure:
            self.desk.runner.write(joining.join, found.data, then=self._on_joined, owner=self)
        else:
            self.desk.runner.write(joining.decline, owner=self)

    def _on_joined(self, _none: None) -> None:
        self.desk.asker.tell(_("The invitation is taken over."))
        self.load()


def _state_words(own: OwnView) -> str:
    if own.waiting:
        return _("new keys: an administrator must take this card")
    if own.state == "revoked":
        return _("revoked: make new keys, then ask to be enrolled again")
    if own.state == "replaced":
        return _("another computer has taken its place")
    if own.holder:
        return _("holds the key of the office and may enrol")
    return _("enrolled") if own.state else _("not enrolled in an office yet")

"""Enrolling a computer, or putting one in the place of another: its card, the words that two
persons compare, what it may do, and the invitation that lets it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _
from migdesk.jobs import enrol
from migdesk.services import devices, enrolment
from migdesk.services.devices import CardSeen, DeviceView
from migdesk.services.enrolment import Grant
from migdesk.ui.desk import Desk
from migdesk.ui.gate import Sides
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Card, label, set_property

from .devices_grant import GrantForm
from .devices_parts import in_lines, words_label
from .pieces import filled, flowing, key_button


class EnrolCard(Card):
    """The steps are sides of one card. `ended` is called when it is closed."""

    def __init__(self, desk: Desk, ended: Callable[[], object]) -> None:
        super().__init__(" ")
        self.desk = desk
        self._ended = ended
        self._found: list[DeviceView] = []
        self._device: DeviceView | None = None
        self._line = ""
        self.seen: CardSeen | None = None
        self.sides = Sides()
        self.body.addWidget(self.sides)
        self.grant = GrantForm(desk, self.give, self.close_it)
        self.card_side = self._build_card()
        self.words_side = self._build_words()
        self.last_side = self._build_last()
        for side in (self.card_side, self.words_side, self.grant, self.last_side):
            self.sides.addWidget(side)
        shortcut("Esc", self, self.close_it)
        self.hide()

    def _build_card(self) -> QWidget:
        side, column = _side()
        hint = _(
            "Scan the QR code on the screen of the new computer, paste its card, or type its "
            "short key and choose the folder where its card lies."
        )
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Card or short key of the new computer"))
        self.line.setPlaceholderText(_("Card or short key"))
        self.line.returnPressed.connect(self.read)
        self.line.textEdited.connect(lambda _text: self.say(""))
        self.read_button = key_button(_("Continue"), self.read, role="primary")
        self.folder_button = key_button(_("From a folder…"), self.read_folder)
        self.error = label("", "error", wrap=True)
        column.addWidget(label(hint, "muted", wrap=True))
        column.addLayout(filled(self.line, self.read_button))
        column.addWidget(self.error)
        away = key_button(_("Cancel"), self.close_it, role="flat")
        column.addLayout(flowing(self.folder_button, away))
        return side

    def _build_words(self) -> QWidget:
        side, column = _side()
        self.seen_name = label("", "strong", wrap=True)
        self.words = words_label(_("Words of the new computer"))
        self.seen_key = label("", "caption", wrap=True)
        hint = _(
            "Compare these words with those on the screen of the new computer, aloud, with the "
            "person who sits there. If one differs, somebody may have changed the card."
        )
        self.same_button = key_button(_("The words are the same"), self.agree, role="primary")
        self.differ_button = key_button(_("They differ"), self.differ, role="danger")
        for part in (self.seen_name, self.words, self.seen_key):
            column.addWidget(part)
        column.addWidget(label(hint, "muted", wrap=True))
        column.addLayout(flowing(self.same_button, self.differ_button))
        return side

    def _build_last(self) -> QWidget:
        side, column = _side()
        self.last_words = label("", "", wrap=True)
        self.office_words = words_label(_("Words of the office"))
        self.write_button = key_button(_("Write the invitation…"), self.write, role="primary")
        self.end_button = key_button(_("Close"), self.close_it, role="flat")
        column.addWidget(self.last_words)
        column.addWidget(self.office_words)
        column.addLayout(flowing(self.write_button, self.end_button))
        return side

    # ---- what it is opened for

    def enrol(self, found: list[DeviceView]) -> None:
        """Begin with the card of a new computer."""
        self._begin(None, found, _("Enrol a computer"))
        self._turn(self.card_side, self.line)

    def replace(self, device: DeviceView, found: list[DeviceView]) -> None:
        """Begin with the card of the computer that takes the place of this one."""
        title = _("Another computer or new keys for “{name}”").format(name=device.name)
        self._begin(device, found, title)
        self._turn(self.card_side, self.line)

    def change(self, device: DeviceView, found: list[DeviceView]) -> None:
        """Another name, role or scope."""
        self._begin(device, found, _("Change “{name}”").format(name=device.name))
        self.grant.show_device(device, "", found)
        self._turn(self.grant, self.grant.name)

    def invite(self, device: DeviceView) -> None:
        """Write its invitation again."""
        self._begin(device, [], _("Invitation for “{name}”").format(name=device.name))
        self._finish(device.line)

    def _begin(self, device: DeviceView | None, found: list[DeviceView], title: str) -> None:
        self._device, self.seen = device, None
        mine = device.line if device else ""
        self._found = [d for d in found if d.state == "live" and d.line != mine]
        self.title.setText(title)
        self.setAccessibleName(title)
        self.line.clear()
        self.say("")
        self.show()

    def _turn(self, side: QWidget, focus: QWidget) -> None:
        self.sides.setCurrentWidget(side)
        focus.setFocus()

    def close_it(self) -> None:
        """Nothing more is done; what was signed stays."""
        self.hide()
        self._ended()

    # ---- the card and its words

    def read(self) -> None:
        """Take the card that was typed, pasted or scanned; a short key needs a folder."""
        typed = self.line.text().strip()
        if "MIGDESK" not in typed.upper():
            if typed:
                self.read_folder()
            return
        try:
            self._on_seen(devices.see_card(typed))
        except Mistake as fault:
            self._on_failed(fault)

    def read_folder(self) -> None:
        """Find the card in a folder: by the short key, or the only one there."""
        folder = self.desk.asker.folder(_("Folder of the card"))
        if folder is not None:
            self.desk.runner.job(
                enrol.card_in,
                folder,
                self.line.text().strip(),
                then=self._on_seen,
                owner=self,
                failed=self._on_failed,
                title=_("Looking for the card"),
            )

    def _on_seen(self, seen: CardSeen) -> None:
        self.seen = seen
        self.seen_name.setText(seen.name)
        self.words.setText(in_lines(seen.words))
        self.seen_key.setText(_("Short key: {key}").format(key=seen.fingerprint))
        self._turn(self.words_side, self.same_button)

    def _on_failed(self, fault: Fault) -> None:
        if isinstance(fault, Mistake):
            self._turn(self.card_side, self.line)
            self.say(fault.words)
        else:
            self.desk.asker.fault(fault)

    def say(self, words: str) -> None:
        """What is wrong with the card."""
        self.error.setText(words)
        set_property(self.line, "wrong", bool(words))

    def differ(self) -> None:
        """Nothing is signed."""
        self.close_it()
        self.desk.asker.tell(
            _("Nothing was enrolled. Ask for the card again, from the person themselves.")
        )

    def agree(self) -> None:
        """Both persons read the same words."""
        seen, device = self.seen, self._device
        if seen is None:
            return
        if device is None:
            self.grant.show_device(None, seen.name, self._found)
            self._turn(self.grant, self.grant.name)
        else:
            self.desk.runner.write(
                enrolment.replace,
                device.line,
                seen.text,
                then=lambda _none: self._finish(device.line),
                owner=self,
                failed=self._on_failed,
            )

    # ---- what it is given

    def give(self, grant: Grant) -> None:
        """Sign it."""
        if self._device is not None:
            self.desk.runner.write(
                enrolment.change,
                self._device.line,
                grant,
                then=lambda _none: self._on_changed(grant.name),
                owner=self,
            )
        elif self.seen is not None:
            self.desk.runner.write(
                enrolment.enrol,
                self.seen.text,
                grant,
                then=self._finish,
                owner=self,
                failed=self._on_failed,
            )

    def _on_changed(self, name: str) -> None:
        self.close_it()
        words = _("Changed: “{name}”. It reaches that computer with the next exchange.")
        self.desk.asker.tell(words.format(name=name))

    def _finish(self, line: str) -> None:
        self._line = line
        self.last_words.setText(
            _(
                "Write the invitation to a stick or a folder that reaches that computer. Only "
                "it can open the file. It shows the words of the office there: they must be "
                "these."
            )
        )
        self.desk.runner.read(
            devices.own,
            then=lambda own: self.office_words.setText(in_lines(own.office_words)),
            owner=self,
        )
        self._turn(self.last_side, self.write_button)

    def write(self) -> None:
        """Put the invitation into a folder."""
        folder = self.desk.asker.folder(_("Folder for the invitation"))
        if folder is not None:
            self.desk.runner.job(
                enrol.write_invitation,
                self._line,
                folder,
                then=self._on_written,
                owner=self,
                title=_("Writing the invitation"),
            )

    def _on_written(self, path: Path) -> None:
        self.close_it()
        words = _("The invitation lies in the folder: {name}")
        self.desk.asker.tell(words.format(name=path.name))


def _side() -> tuple[QWidget, QVBoxLayout]:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return side, column

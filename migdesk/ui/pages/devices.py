"""Devices: the computers of the office, what each receives, and this one among them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.jobs import enrol
from migdesk.models.dates import show_moment
from migdesk.models.store import Changes
from migdesk.services import devices, enrolment, registry
from migdesk.services.devices import DeviceView
from migdesk.services.registry import Report
from migdesk.ui import rights
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Badge, Button, Card, EmptyState, PageHeader, empty, label

from .devices_enrol import EnrolCard
from .devices_parts import OwnCard, in_lines
from .pieces import Columns, body_of, flowing, key_button, stacked

TONES = {"live": "done", "revoked": "late", "replaced": "waiting"}


class DeviceCard(Card):
    """One line of the register and what an administrator may do with it."""

    def __init__(self, page: DevicesPage, device: DeviceView) -> None:
        self.badges = QWidget()
        super().__init__(device.name, self.badges)
        self.device = device
        row = QHBoxLayout(self.badges)
        row.setContentsMargins(0, 0, 0, 0)
        for state, tone in _badges(device):
            row.addWidget(Badge(state, tone))
        said = label(_said(device), "muted", wrap=True)
        words = label(in_lines(device.words), "caption")
        words.setAccessibleName(_("Words of “{name}”").format(name=device.name))
        for part in (said, words):
            self.body.addWidget(part)
        if device.state == "revoked":
            self.body.addWidget(label(_after_revoking(), "caption", wrap=True))
        for digest, what in device.crossed if page.may else ():
            self.body.addLayout(
                flowing(
                    label(what, "", wrap=True),
                    key_button(_("Keep this"), partial(page.keep, device, digest)),
                )
            )
        self.buttons = page.buttons_for(device)
        if self.buttons:
            self.body.addLayout(flowing(*self.buttons))


class DevicesPage(Page):
    """Left: the register, or the steps of an enrolment. Right: this computer."""

    name = "devices"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.found: tuple[DeviceView, ...] = ()
        self.may = rights.may_write(desk, "device")
        self.header = PageHeader(_("Devices of the office"))
        self.new_button = key_button(_("Enrol a computer"), self.enrol, "N", role="primary")
        self.back_button = key_button(_("Back to Exchange"), lambda: desk.go("exchange"))
        self.header.tools.addWidget(self.back_button)
        self.header.tools.addWidget(self.new_button)
        self.new_button.setVisible(self.may)
        self.reports = Card(_("Look at this"))
        self.reports.hide()
        self.steps = EnrolCard(desk, self._on_ended)
        self.list = QWidget()
        self.cards: list[DeviceCard] = []
        self.own = OwnCard(desk)
        box = body_of(self)
        box.addWidget(self.header)
        self.column = stacked()
        left = stacked(self.reports, self.steps, self.column)
        box.addWidget(Columns((left, 3), (stacked(self.own), 2)))
        box.addStretch(1)
        shortcut("N", self, self.enrol)

    def load(self) -> None:
        self.own.load()
        self.desk.runner.read(devices.devices, then=self._on_devices, owner=self)
        self.desk.runner.read(registry.reports, then=self._on_reports, owner=self)

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("device", "exchange", "office"):
            self.load()

    def _on_devices(self, found: tuple[DeviceView, ...]) -> None:
        self.found = found
        live = sum(device.state == "live" for device in found)
        words = ngettext("{n} computer in service", "{n} computers in service", live)
        self.header.show_as(_("Devices of the office"), words.format(n=live))
        layout = self.column.layout()
        assert layout is not None
        empty(layout)
        self.cards = [DeviceCard(self, device) for device in found]
        for card in self.cards:
            layout.addWidget(card)
        if len(found) < 2:
            layout.addWidget(self._empty())

    def _empty(self) -> QWidget:
        how = (
            _(
                "Start MigDesk on the other computer and choose “This computer joins an "
                "office”: it shows a card. Then enrol it here."
            )
            if self.may
            else _("An administrator or the head of the office enrols computers.")
        )
        return EmptyState("laptop", _("The office works on one computer."), how)

    def _on_reports(self, found: tuple[Report, ...]) -> None:
        empty(self.reports.body)
        for report in found:
            self.reports.body.addWidget(label(_why(report), "", wrap=True))
        self.reports.setVisible(bool(found) and self.steps.isHidden())

    # ---- what may be done

    def buttons_for(self, device: DeviceView) -> list[Button]:
        """Buttons of one device, for who may press them."""
        if not self.may or device.state != "live":
            return []
        named = [
            (_("Change…"), self.change, ""),
            (_("Invitation…"), self.invite, "") if not device.ours else None,
            (_("Other computer or keys…"), self.replace, ""),
            (_("Give the office’s key…"), self.give_key, "") if not device.holder else None,
            (_("Revoke…"), self.revoke, "danger"),
        ]
        made: list[Button] = []
        for words, act, role in filter(None, named):
            button = key_button(words, partial(act, device), role=role)
            button.setAccessibleName(f"{words} {device.name}")
            made.append(button)
        return made

    def enrol(self) -> None:
        """Begin with the card of a new computer."""
        if self.may:
            self.steps.enrol(list(self.found))
            self._step_in()

    def change(self, device: DeviceView) -> None:
        """Another name, role or scope."""
        self.steps.change(device, list(self.found))
        self._step_in()

    def replace(self, device: DeviceView) -> None:
        """Another computer, or new keys, in its place."""
        self.steps.replace(device, list(self.found))
        self._step_in()

    def invite(self, device: DeviceView) -> None:
        """Its invitation again."""
        self.steps.invite(device)
        self._step_in()

    def _step_in(self) -> None:
        """The steps alone: two computers' words on one screen would be compared wrongly."""
        for part in (self.column, self.own, self.reports, self.new_button):
            part.hide()

    def _on_ended(self) -> None:
        for part in (self.column, self.own):
            part.show()
        self.new_button.setVisible(self.may)
        self.load()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_key(self, device: DeviceView) -> None:
        """A second computer that may enrol, after a question."""
        sure = self.desk.asker.confirm(
            _("Give the office’s key to “{name}”?").format(name=device.name),
            _(
                "Whoever manages the office can then enrol, change and revoke computers there "
                "too. It cannot be taken back from a copy. Two computers that hold the key are "
                "enough for most offices."
            ),
            _("Write the key…"),
        )
        folder = self.desk.asker.folder(_("Folder for the invitation")) if sure else None
        if folder is not None:
            self.desk.runner.job(
                enrol.write_invitation,
                device.line,
                folder,
                True,
                then=lambda path: self.desk.asker.tell(
                    _(
                        "The key lies sealed in the folder: {name}. On that computer choose "
                        "“Take an invitation…” on this page."
                    ).format(name=path.name)
                ),
                owner=self,
                title=_("Writing the invitation"),
            )

    def revoke(self, device: DeviceView) -> None:
        """No longer of the office, after a question."""
        words = _(
            "It will receive nothing more, and what it sends from now on waits in To settle. "
            "This is for ever: to come back it needs new keys."
        )
        if device.holder:
            words += "\n\n" + _(
                "It holds the key of the office. If it was stolen, whoever opens it could "
                "enrol computers: tell every office at once."
            )
        title = _("Revoke “{name}”?").format(name=device.name)
        if self.desk.asker.confirm(title, words + "\n\n" + _after_revoking(), _("Revoke")):
            self.desk.runner.write(
                enrolment.revoke, device.line, then=lambda _none: self.load(), owner=self
            )

    def keep(self, device: DeviceView, digest: str) -> None:
        """Of what two administrators signed at once, keep this."""
        self.desk.runner.write(
            enrolment.settle_crossed,
            device.line,
            digest,
            then=lambda _none: self.load(),
            owner=self,
        )


def _badges(device: DeviceView) -> list[tuple[str, str]]:
    states = {
        "live": _("in service"),
        "revoked": _("revoked"),
        "replaced": _("replaced"),
    }
    found = [(states[device.state], TONES[device.state])]
    if device.ours:
        found.append((_("this computer"), "accent"))
    if device.holder and device.state == "live":
        found.append((_("may enrol"), ""))
    return found


def _said(device: DeviceView) -> str:
    parts = [device.role_words, _("receives: {scope}").format(scope=device.scope_words)]
    if device.fed_by_name:
        parts.append(_("sent by {name}").format(name=device.fed_by_name))
    if device.revoked_at:
        moment = show_moment(device.revoked_at)
        parts.append(_("revoked {moment}").format(moment=moment))
    elif device.heard:
        parts.append(_("last heard {moment}").format(moment=show_moment(device.heard)))
    elif not device.ours:
        parts.append(_("not heard yet"))
    return " · ".join(parts)


def _after_revoking() -> str:
    return _(
        "What it holds stays on its disk, encrypted with its passwords. Get it back and delete "
        "MigDesk’s folder there; if it is lost or stolen, tell who answers for personal data."
    )


def _why(report: Report) -> str:
    words = {
        "forged": _("“{name}”: somebody wrote a line that the office did not sign. Ignored."),
        "replayed": _("“{name}”: somebody wrote an old line again. The newer one counts."),
        "crossed": _("“{name}” was changed by two administrators at once. Choose below."),
    }
    return words[report.why].format(name=report.name)

"""The devices of the office in short, on the Exchange page: who is in, when last heard."""

from __future__ import annotations

from migdesk.i18n import _, ngettext
from migdesk.models.dates import show_moment
from migdesk.services import devices
from migdesk.services.devices import DeviceView
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, Row, RowList, label

from .pieces import flowing, key_button

MOST = 8


class DevicesCard(Card):
    """Each row leads to the page of the devices."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Devices of the office"))
        self.desk = desk
        self.words = label("", "muted", wrap=True)
        self.rows = RowList()
        self.more_button = key_button(_("Devices…"), self.open)
        self.body.addWidget(self.words)
        self.body.addWidget(self.rows)
        self.body.addLayout(flowing(self.more_button))

    def load(self) -> None:
        """Read the register again."""
        self.desk.runner.read(devices.devices, then=self._on_devices, owner=self)

    def _on_devices(self, found: tuple[DeviceView, ...]) -> None:
        live = [device for device in found if device.state == "live" and not device.ours]
        self.rows.show_rows([self._row(device) for device in live[:MOST]])
        more = len(live) - MOST
        if not live:
            words = _("No other computer is enrolled. Enrol those that work for this office.")
        elif more > 0:
            text = ngettext("{n} more is not shown here.", "{n} more are not shown here.", more)
            words = text.format(n=more)
        else:
            words = ""
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _row(self, device: DeviceView) -> Row:
        heard = (
            _("last heard {moment}").format(moment=show_moment(device.heard))
            if device.heard
            else _("not heard yet")
        )
        return Row(device.name, heard, open=self.open)

    def open(self) -> None:
        """The page where they are enrolled and changed."""
        self.desk.go("devices")

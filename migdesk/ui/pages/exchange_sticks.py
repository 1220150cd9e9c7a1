"""Sticks that are plugged in, on the page of the exchange: use this one."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread

from PySide6.QtCore import Qt, QTimer, Signal

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.jobs import depots as jobs
from migdesk.jobs.exchange import Exchanged
from migdesk.sync.stores import sticks
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, empty, label

from .pieces import filled, key_button

LOOK_MS = 2_000


class SticksCard(Card):
    """One line a stick; not there while none is plugged in."""

    seen = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Sticks"))
        self.desk = desk
        self.look = sticks.mounted
        self.found: dict[Path, Path | None] | None = None
        self._looking = False
        self.rows = Card()
        self.rows.setProperty("role", "")
        self.rows.setContentsMargins(-16, -14, -16, -14)
        self.body.addWidget(self.rows)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.glance)
        self.seen.connect(self._on_seen, Qt.ConnectionType.QueuedConnection)
        self.hide()

    def load(self) -> None:
        """Look now, and again as long as the page is there."""
        self._timer.start()
        self.glance()

    def glance(self) -> None:
        """On a thread of its own: a stick that hangs holds nobody up."""
        if not self._looking:
            self._looking = True
            Thread(target=self._glance, daemon=True, name="sticks").start()

    def _glance(self) -> None:
        found = {stick: sticks.exchange_folder(stick) for stick in self.look()}
        with suppress(RuntimeError):  # the page was closed meanwhile
            self.seen.emit(found)

    def _on_seen(self, found: dict[Path, Path | None]) -> None:
        self._looking = False
        page = self.parentWidget()
        if page is not None and not page.isVisible():
            self._timer.stop()  # begins again with the page
        if found == self.found:
            return
        self.found = found
        empty(self.rows.body)
        for stick, folder in found.items():
            name = stick.name or str(stick)
            words = _("Exchange now") if folder else _("Use this stick")
            button = key_button(words, partial(self.use, stick))
            button.setAccessibleName(f"{words}: {name}")
            self.rows.body.addLayout(filled(label(name, "strong", wrap=True), button))
        self.setVisible(bool(found))

    def use(self, stick: Path) -> None:
        """One round; our folder is made on a stick that has none."""
        self.desk.runner.job(
            jobs.exchange_stick,
            stick,
            then=partial(self._on_done, stick),
            failed=self._on_failed,
            owner=self,
            title=_("Exchange through the stick {name}").format(name=stick.name),
        )

    def _on_done(self, stick: Path, done: Exchanged) -> None:
        words = _("{name} can be pulled. Changes that came: {came}, that went: {went}.")
        told = words.format(name=stick.name, came=done.taken, went=done.sent)
        self.desk.asker.tell(told)
        self.glance()

    def _on_failed(self, fault: Fault) -> None:
        self.desk.asker.fault(fault)
        self.glance()

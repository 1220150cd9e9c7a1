"""The carrier: exchange by itself, beside all work, quiet when it fails.

It goes to the places that say so when something waits or enough time has passed, when a
connection appears, and to a stick with our folder when it is plugged in. Never two rounds at
once; after a failure it waits longer each time, up to :data:`LONGEST`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.jobs import depots as jobs
from migdesk.jobs.exchange import Exchanged
from migdesk.models.store import Changes
from migdesk.services import depots, streams
from migdesk.services.depots import DepotView
from migdesk.settings import CARRIER_MINUTES
from migdesk.sync.stores import sticks
from migdesk.task import Task
from migdesk.ui.desk import Desk

TICK_MS, STICK_MS, SETTLE_MS = 30_000, 2_000, 20_000
FIRST, LONGEST = 60.0, 3_600.0


class Carrier(QObject):
    """Lives as long as the desk. `minutes` = 0 in the settings: off."""

    stick_came = Signal(object)
    _seen = Signal(object)

    def __init__(
        self,
        desk: Desk,
        *,
        now: Callable[[], float] = time.monotonic,
        look: Callable[[], tuple[Path, ...]] = sticks.mounted,
    ) -> None:
        super().__init__()
        self.desk, self._now, self._look = desk, now, look
        self._task: Task | None = None
        self._looking = self._over = False
        self._failures: dict[str, int] = {}
        self._next: dict[str, float] = {}
        self._sticks: frozenset[Path] | None = None
        self._seen.connect(self._on_sticks, Qt.ConnectionType.QueuedConnection)
        self._timers = [self._timer(TICK_MS, self.tick), self._timer(STICK_MS, self.glance)]
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        desk.runner.changed.connect(self._on_changed)
        self._network: QObject | None = None

    def _timer(self, interval: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=interval)
        timer.timeout.connect(call)
        return timer

    def start(self) -> None:
        """Begin to look; the network's word is asked for where the system gives it."""
        for timer in self._timers:
            timer.start()
        with suppress(ImportError):
            from PySide6.QtNetwork import QNetworkInformation

            if QNetworkInformation.loadDefaultBackend():
                self._network = QNetworkInformation.instance()
                self._network.reachabilityChanged.connect(self._on_network)

    def stop(self) -> None:
        """Look no more, for good; a round that runs is ended by the runner."""
        self._over = True
        for timer in (*self._timers, self._soon):
            timer.stop()

    @property
    def resting(self) -> bool:
        """Nothing of it will wake by itself."""
        return not any(timer.isActive() for timer in (*self._timers, self._soon))

    @property
    def _busy(self) -> bool:
        """A round runs. One that was stopped answers nobody, but leaves the list."""
        return any(job.task is self._task for job in self.desk.runner.jobs)

    @property
    def on(self) -> bool:
        return not self._over and self.desk.settings.get(CARRIER_MINUTES) > 0

    # ---- when

    def _on_changed(self, changes: Changes) -> None:
        """Something was saved: go once the person has stopped saving."""
        if self.on and not self._busy and not self._only_ours(changes):
            self._soon.start()

    def _ask(self) -> None:
        """Go only if something waits for a reader; much that is saved is for nobody else."""
        self.desk.runner.read(streams.waiting, then=self._on_waiting, owner=self)

    def _on_waiting(self, found: tuple[int, int]) -> None:
        if found[0]:
            self.hasten()

    @staticmethod
    def _only_ours(changes: Changes) -> bool:
        return not changes.everything and set(changes.kinds) <= {"exchange"}

    def _on_network(self, reach: object) -> None:
        if getattr(reach, "name", "") == "Online":
            self.hasten()

    def hasten(self) -> None:
        """Go now to every place that is not resting after a failure of its own."""
        for id in self._next:
            if not self._failures.get(id):
                self._next[id] = 0.0
        self.tick()

    def tick(self) -> None:
        """Go to the place whose time has come."""
        if self.on and not self._busy:
            self.desk.runner.read(depots.depots, then=self._on_depots, owner=self)

    def _on_depots(self, found: tuple[DepotView, ...]) -> None:
        due = [v for v in found if v.automatic and self._now() >= self._next.get(v.id, 0.0)]
        if due and not self._busy and self.on:
            view = min(due, key=lambda each: self._next.get(each.id, 0.0))
            self._go(view.id, jobs.exchange_at, view.id)

    # ---- going

    def _go(self, id: str, job: Callable[..., Exchanged], *args: object) -> None:
        self._task = self.desk.runner.job(
            job,
            *args,
            then=partial(self._ended, id),
            failed=partial(self._failed, id),
            owner=self,
            title=_("Exchange"),
        )

    def _ended(self, id: str, _done: Exchanged) -> None:
        self._failures.pop(id, None)
        self._next[id] = self._now() + 60 * self.desk.settings.get(CARRIER_MINUTES)

    def _failed(self, id: str, _fault: Fault) -> None:
        """Quiet: the page of the exchange says it. Later each time."""
        failures = self._failures[id] = self._failures.get(id, 0) + 1
        self._next[id] = self._now() + min(LONGEST, FIRST * 2 ** (failures - 1))

    # ---- sticks

    def glance(self) -> None:
        """Look for sticks on a thread of its own: one that hangs holds nobody up."""
        if self._looking:
            return
        self._looking = True
        Thread(target=self._glance, daemon=True, name="sticks").start()

    def _glance(self) -> None:
        found = {stick: sticks.exchange_folder(stick) for stick in self._look()}
        with suppress(RuntimeError):  # the desk was closed meanwhile
            self._seen.emit(found)

    def _on_sticks(self, found: dict[Path, Path | None]) -> None:
        self._looking = False
        if self._over:
            return
        known, self._sticks = self._sticks, frozenset(found)
        for stick in self._sticks - (known or frozenset()):
            folder = found[stick]
            if folder is not None:
                self.stick_came.emit(folder)
                if self.on and not self._busy:
                    self.through_stick(folder)

    def through_stick(self, folder: Path) -> None:
        """One round through a stick; then it can be pulled, and the person is told."""
        self._task = self.desk.runner.job(
            jobs.exchange_stick,
            folder.parent,
            then=lambda done: self._stick_ended(folder, done),
            failed=self._stick_failed,
            owner=self,
            title=_("Exchange through the stick {name}").format(name=folder.parent.name),
        )

    def _stick_ended(self, folder: Path, done: Exchanged) -> None:
        words = _("{name} can be pulled. Changes that came: {came}, that went: {went}.")
        name = folder.parent.name
        self.desk.asker.tell(words.format(name=name, came=done.taken, went=done.sent))

    def _stick_failed(self, fault: Fault) -> None:
        self.desk.asker.fault(fault)

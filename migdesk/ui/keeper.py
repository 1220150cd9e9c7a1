"""Backups while the window lives: at the hours that were chosen, and those that were missed.

It works on the lane of jobs and asks nothing. A fault is remembered and shown on Today and
in Settings until a backup worked; a second place that is away is only said there.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.settings import Settings
from migdesk.ui.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from migdesk.jobs.keep_backups import Kept
    from migdesk.models.store import Store
    from migdesk.paths import Paths
    from migdesk.task import Task
    from migdesk.ui.desk import Desk

log = logging.getLogger("migdesk")
TICK_MS, LATER_MS = 60_000, 3_000
REST = 15
"""Ticks to wait after a fault: a full disk is not asked each minute."""


class Keeper(QObject):
    """Knows whether something was written since the last backup, and makes the next one."""

    def __init__(self, settings: Settings, paths: Paths, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._paths = paths
        self._desk: Desk | None = None
        self._wrote = self._shared = False
        self._task: Task | None = None
        self._missed = False
        self._rest = 0
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    def wrote(self) -> None:
        """Something was saved (on the writing thread: only a flag is set)."""
        self._wrote = True

    def remember(self) -> None:
        """Note that a backup is due, for whoever starts after a kill."""
        from migdesk.jobs import keep_backups

        if self._wrote and not self._shared:
            self._settings.remember(keep_backups.STATE, keep_backups.DUE)

    def begin(self, desk: Desk) -> None:
        """A desk is there: catch up on what was missed, then keep the hours. A server is
        backed up where it stands."""
        self._shared = not desk.store.is_sqlite
        if self._shared:
            return
        self._desk, self._missed = desk, True
        self._timer.start()
        QTimer.singleShot(LATER_MS, self, self.tick)

    def end(self) -> None:
        """The desk goes; the runner stops the job."""
        self._timer.stop()
        self._desk = self._task = None

    def due_at_closing(self) -> bool:
        """Whether closing waits for a backup."""
        from migdesk.jobs import keep_backups

        self.remember()
        return keep_backups.due(self._settings, datetime.now(UTC), closing=True)

    def tick(self) -> None:
        """Begin a backup if one is due and none is being made."""
        from migdesk.jobs import keep_backups

        busy = self._task is not None and not self._task.cancelled
        if self._desk is None or busy or not self._desk.store.is_sqlite:
            return
        self._rest -= 1
        if self._rest > 0:
            return
        caught_up, self._missed = self._missed, False
        if not caught_up:
            self.remember()
        if keep_backups.due(self._settings, datetime.now(UTC), closing=caught_up):
            self._task = self.back_up(self._desk.runner, lambda _none: None, _quiet)

    def back_up(
        self,
        runner: Runner,
        then: Callable[[tuple[Kept, ...]], object],
        failed: Callable[[Fault], object],
    ) -> Task:
        """Make a backup in every place; `then` hears what became of it, `failed` why there
        is no copy at all."""
        from migdesk.jobs import keep_backups

        self.remember()
        self._wrote = False

        def ended(done: tuple[Kept, ...]) -> None:
            self._task = None
            self._rest = REST if any(each.fault for each in done) else 0
            keep_backups.note(self._settings, done)
            then(done)

        def refused(fault: Fault) -> None:
            self._task = None
            self._rest = REST
            keep_backups.note_fault(self._settings, fault)
            failed(fault)

        options = keep_backups.options(self._settings)
        return runner.job(
            keep, self._paths, *options, then=ended, owner=self, failed=refused,
            title=_("Backup"),
        )


def keep(
    store: Store, task: Task, paths: Paths, second: str, days: int
) -> tuple[Kept, ...]:
    """Job: a backup in every place."""
    from migdesk.jobs import keep_backups

    return keep_backups.keep(store, task, paths, second, days)


def _quiet(fault: Fault) -> None:
    log.info("backup: %s", fault.code)

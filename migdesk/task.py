"""A task is handed to a job: it reports progress and carries the wish to stop."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from migdesk.errors import Cancelled

Report = Callable[[int, int, str], None]


def _silent(done: int, total: int, text: str) -> None:
    """Report to nobody."""


class Task:
    """Progress and cancellation of one job. Safe to use from any thread."""

    def __init__(self, report: Report = _silent) -> None:
        self._report = report
        self._stop = Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next step."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """True once somebody asked to stop."""
        return self._stop.is_set()

    def step(self, done: int, total: int, text: str = "") -> None:
        """Report `done` of `total` (0 = unknown); raises Cancelled once asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        self._report(done, total, text)

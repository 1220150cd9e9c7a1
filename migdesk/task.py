"""A task is handed to a job: it reports progress and carries the wish to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        self._cuts: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Ask the job to stop at its next step; what it waits for is cut at once."""
        self._stop.set()
        for cut in tuple(self._cuts):
            cut()

    @contextmanager
    def cutting(self, cut: Callable[[], None]) -> Iterator[None]:
        """While this lasts, `cut` is called by whoever asks to stop, on that thread: it
        makes a wait of the job end (closes a connection), quickly and without raising."""
        self._cuts.append(cut)
        try:
            yield
        finally:
            self._cuts.remove(cut)

    def heed(self) -> None:
        """Raises Cancelled once asked to stop; reports nothing."""
        if self._stop.is_set():
            raise Cancelled

    def pause(self, seconds: float) -> None:
        """Wait; raises Cancelled as soon as asked to stop."""
        self._stop.wait(seconds)
        self.heed()

    @property
    def cancelled(self) -> bool:
        """True once somebody asked to stop."""
        return self._stop.is_set()

    def step(self, done: int, total: int, text: str = "") -> None:
        """Report `done` of `total` (0 = unknown); raises Cancelled once asked to stop."""
        self.heed()
        self._report(done, total, text)

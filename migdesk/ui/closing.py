"""The last moments: a backup is written while the window says so and stays alive.

Nothing depends on it: what was saved is saved, and a backup that was stopped or killed is
made at the next login.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.ui.runner import Runner
from migdesk.ui.widgets import Button, Card, label

if TYPE_CHECKING:
    from migdesk.jobs.keep_backups import Kept
    from migdesk.task import Task
    from migdesk.ui.keeper import Keeper


class Closing(QWidget):
    """Backs up through a runner, then calls `ended`, with True if a backup was written."""

    def __init__(
        self, runner: Runner, keeper: Keeper, ended: Callable[[bool], object]
    ) -> None:
        super().__init__()
        self._runner = runner
        self._keeper = keeper
        self._ended = ended
        self._task: Task | None = None
        self.words = label("", wrap=True)
        self.meter = QProgressBar()
        self.meter.setTextVisible(False)
        self.meter.setAccessibleName(_("Backup"))
        self.again_button = Button(_("Try again"), self.begin, role="primary")
        self.skip_button = Button(_("Close without a backup"), self.skip)
        card = Card()
        card.setMinimumWidth(420)
        card.body.setSpacing(12)
        card.body.addWidget(label(_("Closing…"), "title"))
        card.body.addWidget(self.words)
        card.body.addWidget(self.meter)
        buttons = QHBoxLayout()
        for button in (self.again_button, self.skip_button):
            button.setAutoDefault(True)
            buttons.addWidget(button)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        column = QVBoxLayout(self)
        column.addStretch(1)
        middle = QHBoxLayout()
        for part, share in ((None, 1), (card, 2), (None, 1)):
            if part is None:
                middle.addStretch(share)
            else:
                middle.addWidget(part, share)
        column.addLayout(middle)
        column.addStretch(2)
        runner.jobs_changed.connect(self._on_jobs)
        self.begin()

    def begin(self) -> None:
        """Write the backup once all that was asked to be written is written."""
        self.words.setText(_("A backup of today’s work is being written."))
        self.meter.setMaximum(0)
        self.meter.show()
        self.again_button.hide()
        self.skip_button.setFocus()
        self._runner.run(lambda: None, then=lambda _none: self._back_up(), owner=self)

    def _back_up(self) -> None:
        self._task = self._keeper.back_up(self._runner, self._on_kept, self._on_failed)

    def _on_kept(self, done: tuple[Kept, ...]) -> None:
        """One place is enough to close; Today tells of the other one."""
        faults = [each.fault for each in done if each.fault is not None]
        if faults and not any(each.path for each in done):
            self._on_failed(faults[0])
        else:
            self._ended(True)

    def _on_jobs(self) -> None:
        for job in self._runner.jobs:
            if job.task is self._task:
                self.meter.setMaximum(job.total)
                self.meter.setValue(job.done)

    def _on_failed(self, fault: Fault) -> None:
        self.words.setText(fault.words)
        self.meter.hide()
        self.again_button.show()
        self.again_button.setFocus()

    def skip(self) -> None:
        """Stop; it will be made at the next login."""
        if self._task is not None:
            self._task.cancel()
        self._ended(False)

"""Progress of long work: appears when it lasts, and can be stopped."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from migdesk.i18n import _
from migdesk.ui.runner import Runner

from .buttons import Button
from .styled import label

PATIENCE_MS = 600


class JobsBar(QFrame):
    """Shows the oldest running job of a runner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._runner: Runner | None = None
        self._words = label("")
        self._meter = QProgressBar()
        self._meter.setTextVisible(False)
        self._stop = Button(_("Cancel"), self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(16)
        row.addWidget(self._words)
        row.addWidget(self._meter, 1)
        row.addWidget(self._stop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._appear)
        self.hide()

    def watch(self, runner: Runner) -> None:
        """Show the jobs of this runner."""
        self._runner = runner
        runner.jobs_changed.connect(self._on_jobs)

    def _on_jobs(self) -> None:
        if self._runner is None or not self._runner.jobs:
            self._timer.stop()
            self.hide()
        elif self.isHidden():
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._show()

    def _appear(self) -> None:
        self._stop.setEnabled(True)
        self._show()
        self.show()

    def _show(self) -> None:
        if self._runner is None or not self._runner.jobs:
            return
        job = self._runner.jobs[0]
        words = job.text or job.title or _("Working…")
        if job.total:
            words = _("{what}: {done} of {total}").format(
                what=words, done=job.done, total=job.total
            )
        self._words.setText(words)
        self._meter.setMaximum(job.total)
        self._meter.setValue(job.done)
        self._meter.setAccessibleName(words)

    def _cancel(self) -> None:
        self._stop.setEnabled(False)
        if self._runner is not None:
            for job in self._runner.jobs:
                job.task.cancel()

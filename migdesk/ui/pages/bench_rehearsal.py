"""A questionnaire filled to see how it goes: through the real screen, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from migdesk.errors import Fault
from migdesk.forms import Run
from migdesk.i18n import _
from migdesk.services import form_files, form_media, submissions
from migdesk.services.bench import Subject
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.formview import FormView
from migdesk.ui.formview.filling import Filling
from migdesk.ui.runner import Runner, Work

R = TypeVar("R")


class DryRunner(Runner):
    """Reads as the runner behind it does, and writes nothing, whoever asks. Files that are
    answers are held in memory; `finished(xml)` in the place of keeping a submission."""

    finished = Signal(str)

    def __init__(self, real: Runner, files: Mapping[str, bytes]) -> None:
        QObject.__init__(self)  # no lanes of its own
        self._real = real
        self._files = {name.lower(): data for name, data in files.items()}
        self._held: dict[str, bytes] = {}
        self.store = real.store
        self.asker = real.asker
        self.jobs = []

    def run(
        self,
        work: Work,
        then: Callable[[Any], object] | None = None,
        owner: QObject | None = None,
        failed: Callable[[Fault], object] | None = None,
    ) -> None:
        self._real.run(work, then, owner, failed)

    def read(
        self,
        service: Callable[..., R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        owner: QObject | None = None,
        failed: Callable[[Fault], object] | None = None,
    ) -> None:
        found: Any = None
        if service is form_media.read:
            found = self._held.get(args[0])
        elif service is form_files.find and args[1].lower() in self._files:
            found = self._files[args[1].lower()]
        if found is None:
            self._real.read(service, *args, then=then, owner=owner, failed=failed)
        elif then is not None:
            then(found)

    def write(
        self,
        service: Callable[..., R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        owner: QObject | None = None,
        failed: Callable[[Fault], object] | None = None,
    ) -> None:
        if service is form_media.keep:
            self._held[form_media.digest(args[2])] = args[2]
        elif service is submissions.finalise:
            self.finished.emit(args[1])

    def job(self, job: Callable[..., R], *args: Any, **more: Any) -> Task:
        """What a questionnaire may ask for beside the lane writes nothing either."""
        return self._real.job(job, *args, **more)

    def close(self) -> None:
        """The runner behind it goes on."""


class Rehearsal(FormView):
    """A `FormView` on a throw-away run. `tried` when something may have changed, `stood(ref)`
    when the person stands elsewhere, `ended` when the questionnaire was finished. `named`:
    say which form it is; not where the page around says so in little room."""

    tried = Signal()
    stood = Signal(str)
    ended = Signal()

    def __init__(
        self,
        desk: Desk,
        run: Run,
        subject: Subject,
        parent: QWidget | None = None,
        named: bool = True,
    ) -> None:
        self.named = named
        dry = DryRunner(desk.runner, subject.files)
        filling = Filling(run, subject.questionnaire)
        super().__init__(replace(desk, runner=dry), filling, parent)
        dry.setParent(self)
        dry.finished.connect(self._on_ended)
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.sheet.away.hide()
        self.sheet.sound.forgo()

    def refresh(self) -> None:
        super().refresh()
        form = self.filling.run.form
        said = (form.title, _("To try out: nothing is kept"))
        self.head.show_as(*(said if self.named else ("", "")))
        self.head.title.setVisible(self.named)
        self.tried.emit()

    def _show_place(self) -> None:
        super()._show_place()
        self.stood.emit(self.filling.key)

    def _on_ended(self, _xml: str) -> None:
        self.keeper.over = False
        self.refresh()
        self.ended.emit()

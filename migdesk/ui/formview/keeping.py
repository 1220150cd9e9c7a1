"""Keeping what is being filled: the draft at every answer, the submission at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from migdesk.errors import Fault
from migdesk.services import drafts, submissions
from migdesk.ui.desk import Desk

from .filling import Filling


class Keeper:
    """`fresh`: something was answered since the draft was kept. `over`: it is finished, and
    no draft is kept any more."""

    def __init__(self, desk: Desk, filling: Filling) -> None:
        self.desk = desk
        self.filling = filling
        self.fresh = False
        self.over = False
        self._begun = False

    def keep(self) -> None:
        """Keep the draft, off the screen's thread, in the order of the answers. Where
        nothing was ever answered there is none."""
        filling = self.filling
        self._begun = self._begun or bool(
            filling.progress()[0] or filling.comments or filling.files
        )
        if self.over or not self._begun:
            return
        self.fresh = False
        self.desk.runner.write(
            drafts.put, filling.draft_id, "submission", filling.title, filling.body()
        )

    def keep_fresh(self) -> None:
        """Keep the draft if something was answered since."""
        if self.fresh:
            self.keep()

    def leave(self) -> None:
        """Nobody looks any more."""
        if not self.over and (self.filling.leave() or self.fresh):
            self.keep()

    def finish(self, then: Callable[[str], object], owner: QWidget) -> None:
        """Keep the submission; `then` gets its id. Raises NotFinished."""
        filling = self.filling
        xml = filling.run.finalise()
        self.over = True
        self.desk.runner.write(
            submissions.finalise,
            filling.questionnaire,
            xml,
            filling.instance,
            filling.links,
            filling.run.language,
            filling.draft_id,
            filling.run.audit_log(),
            filling.comments,
            then=then,
            owner=owner,
            failed=self._refused,
        )

    def _refused(self, fault: Fault) -> None:
        self.over = False
        self.keep()
        self.desk.asker.fault(fault)

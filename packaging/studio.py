"""The running program, as the scenes of the pictures use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QApplication
from staged import Staged

from migdesk.app import Program
from migdesk.services import records
from migdesk.ui.desk import Desk

QUIET_ROUNDS = 3


@dataclass
class Studio:
    """The running program and what the scenes need of it."""

    program: Program
    ids: Staged

    @property
    def desk(self) -> Desk:
        assert self.program.desk is not None
        return self.program.desk

    def page(self, name: str, **args: Any) -> Any:
        """Go to a page and wait until it shows what it has read."""
        self.program.window.go(name, **args)
        self.settle()
        return self.program.window.page

    def first(self, kind: str) -> str:
        """Id of the first record of a kind in its list."""
        rows = self.desk.store.read(records.list_page, kind, records.Query(), "", 1).rows
        return str(rows[0].id)

    def settle(self) -> None:
        """Wait until nothing is asked of the store any more."""
        quiet = 0
        while quiet < QUIET_ROUNDS:
            answered: list[bool] = []
            runner = self.desk.runner
            runner.read(lambda _session: True, then=answered.append)
            while not answered or runner.jobs:
                QApplication.processEvents()
            QApplication.processEvents()
            quiet += 1

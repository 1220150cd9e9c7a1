"""Moving a case to another stage: what is lacking is shown, and a reason asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from migdesk.i18n import _
from migdesk.services import cases, pipelines
from migdesk.services.pipelines import Check
from migdesk.ui.desk import Desk


def move(
    desk: Desk, owner: QWidget, id: str, stage: str, then: Callable[[], object] = lambda: None
) -> None:
    """Put a case into a stage; where something is lacking the person says why it goes on, or
    leaves it. `then` is called in either case."""

    def go(reason: str) -> None:
        desk.runner.write(
            cases.move_to, id, stage, reason, then=lambda _id: then(), owner=owner
        )

    def ask(left: tuple[Check, ...]) -> None:
        if not left:
            go("")
            return
        listed = "\n".join(f"· {check.said}" for check in left)
        words = _("Not yet there:\n{listed}\n\nWhy does the case go on all the same?")
        reason = desk.asker.text(_("Change of stage"), words.format(listed=listed))
        if reason and reason.strip():
            go(reason)
        else:
            then()

    desk.runner.read(pipelines.lacking, id, stage, then=ask, owner=owner)

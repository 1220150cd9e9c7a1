"""What is rarely done to a record: merge it with another, erase it for good."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.declare import HEADS
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write


def more_menu(desk: Desk, kind: str, id: str) -> QMenu:
    """The menu of one record; empty if this person may do none of it."""
    menu = QMenu()
    if RECORDS[kind].merges and may_write(desk, kind):
        menu.addAction(
            _("Merge with…, separate again…"), partial(desk.go, "merge", kind=kind, id=id)
        )
    if RECORDS[kind].main and desk.account.role in (*HEADS, ""):
        menu.addAction(_("Erase for good…"), partial(desk.go, "erase", kind=kind, id=id))
    return menu

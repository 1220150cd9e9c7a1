"""From a record to paper: which documents fit, making one, showing it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from migdesk.i18n import _, language
from migdesk.ui.desk import Desk


class Printer:
    """Prints for one desk; `window` is where previews belong."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self._desk = desk
        self._window = window

    def print(self, sheet: str, params: dict[str, Any], spoken: str = "") -> None:
        """Make a document in the language `spoken` (that of the screen) and preview it."""
        from migdesk.jobs.print_sheet import print_sheet

        spoken = spoken or language()
        self._desk.runner.job(
            print_sheet,
            sheet,
            params,
            spoken,
            then=lambda data: self._show(data, sheet, params, spoken),
            owner=self._window,
            title=_("Making the document"),
        )

    def menu(self, kind: str, id: str) -> QMenu:
        """Documents that can be made of a record. Filled when it opens: the layouts are
        heavy to load."""
        menu = QMenu(_("Print"), self._window)

        def fill() -> None:
            from migdesk.printing.sheets import SHEETS
            from migdesk.services.papers import sheets_of

            menu.clear()
            params = {"plain-sheet": {"kind": kind, "id": id}}
            for sheet in (*sheets_of(kind), "plain-sheet"):
                action = menu.addAction(str(SHEETS[sheet].title))
                given = params.get(sheet, {"id": id})
                action.triggered.connect(
                    lambda _on=False, sheet=sheet, given=given: self.print(sheet, given)
                )

        menu.aboutToShow.connect(fill)
        return menu

    def _show(self, data: bytes, sheet: str, params: dict[str, Any], spoken: str) -> None:
        from migdesk.printing.sheets import SHEETS
        from migdesk.ui.preview import Preview

        preview = Preview(
            self._desk.asker, str(SHEETS[sheet].title), sheet, data, spoken, self._window
        )
        preview.language_wanted.connect(lambda code: self.print(sheet, params, code))
        preview.show()

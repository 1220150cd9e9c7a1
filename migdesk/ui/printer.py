"""From a record to paper: which documents fit, whether they may leave, making one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QWidget

from migdesk.i18n import LANGUAGES, _, language
from migdesk.ui.desk import Desk

if TYPE_CHECKING:
    from migdesk.ui.letting_go import Note

MANY = 6
"""More documents than this of one record are found under "Other documents"."""


class Printer:
    """Prints for one desk; `window` is where previews belong."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self._desk = desk
        self._window = window

    def print(self, sheet: str, params: dict[str, Any], masked: bool = False) -> None:
        """Make a document and preview it: in the language of the screen, or of the person
        who is to understand it. What goes to somebody else passes the consent gate first."""
        from migdesk.services import consent_gate, notices

        id = str(params.get("id") or "")
        read = self._desk.runner.read
        if id and sheet in notices.FILLERS:
            read(
                notices.spoken_with,
                id,
                then=lambda tongue: self._print_in(tongue, sheet, params, masked),
                owner=self._window,
            )
        elif id and not masked and consent_gate.purpose_of(sheet):
            from migdesk.ui.letting_go import LettingGo

            gate = LettingGo(self._desk, sheet, id, self._ask_consent)
            go = partial(self._make, sheet, params, language())
            read(
                consent_gate.leaving,
                sheet,
                id,
                then=lambda found: gate.ask(found, go),
                owner=self._window,
            )
        else:
            self._make(sheet, params, language(), masked)

    def _ask_consent(self, person: str) -> None:
        self.print("consent-form", {"id": person})

    def _print_in(
        self, tongue: str, sheet: str, params: dict[str, Any], masked: bool
    ) -> None:
        """A paper whose text may be in a language that the program does not speak."""
        spoken = tongue if tongue in LANGUAGES else language()
        self._make(sheet, {**params, "tongue": tongue}, spoken, masked)

    def _make(
        self,
        sheet: str,
        params: dict[str, Any],
        spoken: str,
        masked: bool = False,
        note: Note | None = None,
    ) -> None:
        from migdesk.jobs.print_sheet import print_sheet

        self._desk.runner.job(
            print_sheet,
            sheet,
            params,
            spoken,
            masked,
            then=lambda data: self._noted(
                note, lambda: self._show(data, sheet, params, spoken, masked)
            ),
            owner=self._window,
            title=_("Making the document"),
        )

    def _noted(self, note: Note | None, then: Callable[[], object]) -> None:
        """Nothing is shown that leaves and was not written down."""
        if note is None:
            then()
        else:
            self._desk.runner.write(note, then=lambda _done: then(), owner=self._window)

    def menu(self, kind: str, id: str) -> QMenu:
        """Documents that can be made of a record. Filled when it opens: the layouts are
        heavy to load."""
        menu = QMenu(_("Print"), self._window)

        def fill() -> None:
            menu.clear()
            self._fill(menu, kind, id, False)
            menu.addSeparator()
            self._fill(menu.addMenu(_("Without names")), kind, id, True)

        menu.aboutToShow.connect(fill)
        return menu

    def _fill(self, menu: QMenu, kind: str, id: str, masked: bool) -> None:
        from migdesk.printing.recipes import RECIPES
        from migdesk.services.papers import sheets_of

        sheets = sheets_of(kind)
        usual = [one for one in sheets if one not in RECIPES or len(sheets) <= MANY]
        self._offer(menu, usual, id, masked)
        if rest := [one for one in sheets if one not in usual]:
            other = menu.addMenu(_("Other documents"))
            self._offer(other, sorted(rest, key=self._title), id, masked)
        whole = menu.addAction(self._title("plain-sheet"))
        whole.triggered.connect(
            lambda: self.print("plain-sheet", {"kind": kind, "id": id}, masked)
        )

    def _offer(self, menu: QMenu, sheets: Iterable[str], id: str, masked: bool) -> None:
        for sheet in sheets:
            action = menu.addAction(self._title(sheet))
            action.triggered.connect(
                lambda _on=False, sheet=sheet: self.print(sheet, {"id": id}, masked)
            )

    @staticmethod
    def _title(sheet: str) -> str:
        from migdesk.printing.sheets import SHEETS

        return str(SHEETS[sheet].title)

    def _show(
        self, data: bytes, sheet: str, params: dict[str, Any], spoken: str, masked: bool
    ) -> None:
        from migdesk.printing.sheets import SHEETS
        from migdesk.ui.preview import Preview

        preview = Preview(
            self._desk.asker, str(SHEETS[sheet].title), sheet, data, spoken, self._window
        )
        again = {name: value for name, value in params.items() if name != "tongue"}
        preview.language_wanted.connect(lambda code: self._make(sheet, again, code, masked))
        preview.show()

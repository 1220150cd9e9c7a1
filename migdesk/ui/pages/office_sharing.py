"""The file of a sharing: it begins behind the consent gate, and ends with a press."""

from __future__ import annotations

from functools import partial

from migdesk.i18n import _
from migdesk.services import sharing
from migdesk.services.records import View
from migdesk.services.sharing import WORDS, State
from migdesk.ui.behind_gate import BehindGate
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.on_the_way import Next, WayDetail

TONES: dict[State, str] = {"holds": "done", "later": "", "ended": "", "no_consent": "late"}


class SharingDetail(WayDetail):
    """Where a sharing stands, and what comes next."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "sharing")
        self.gate = BehindGate(
            desk, self, "sharing", sharing.PURPOSE, sharing.begin, self._print_note
        )

    def read_way(self, view: View) -> None:
        self.desk.runner.read(
            sharing.states,
            (view,),
            then=lambda states: self._show(view, states[view.id]),
            owner=self,
        )

    def _show(self, view: View, state: State) -> None:
        if view.id != self.id:
            return
        nexts: list[Next] = []
        if self.writes and state in ("later", "no_consent"):
            go = partial(self.gate.go, view.id)
            nexts.append(Next(_("Share the file, with the note…"), go, True))
        if state == "holds":
            nexts.append(Next(_("Print the transfer note"), self._print_note, True))
        if self.writes and state in ("holds", "no_consent"):
            nexts.append(Next(_("Share no longer"), partial(self.write, sharing.end)))
        self.way.show_way(str(WORDS[state]), nexts, (), TONES[state])

    def _print_note(self) -> None:
        self.desk.print("transfer-note", id=self.id)

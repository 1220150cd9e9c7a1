"""People: the list with a person's file beside it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from migdesk.i18n import N_, _
from migdesk.models.store import Changes
from migdesk.services import records
from migdesk.services.records import View
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.recordview.parts import clear, label, pill
from migdesk.ui.recordview.split import ListAndDetail
from migdesk.ui.rights import may_go

from .my_office import OfficeChoice


def consent_tone(consent: View, today: str) -> str:
    """Tone of a consent: done while it holds, late once refused or withdrawn, waiting
    when its time is over."""
    values = consent.values
    if values.get("withdrawn") or values.get("answer") == "refused":
        return "late"
    over = values.get("expires")
    return "waiting" if over and over < today else "done"


class PersonDetail(RecordDetail):
    """A person's file with the consents in its head."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "person")
        self.titled.connect(self._read_consents)

    def _read_consents(self, view: View) -> None:
        self.desk.runner.read(
            records.lines_of,
            "consent",
            view.id,
            then=lambda rows: self._show_consents(view.id, rows),
            owner=self,
        )

    def _show_consents(self, id: str, rows: tuple[View, ...]) -> None:
        if id != self.id:
            return
        clear(self.badges)
        today = date.today().isoformat()
        for row in rows:
            tone = consent_tone(row, today)
            sign = {"done": "✓", "late": "✗", "waiting": "?"}[tone]
            made = pill(f"{sign} {row.title}", tone)
            made.setToolTip(" · ".join(filter(None, row.shown.values())))
            made.setAccessibleName(f"{row.title}: {row.shown['answer']}")
            self.badges.addWidget(made)
        if not rows:
            self.badges.addWidget(pill(_("No consent noted"), "waiting"))


class PeoplePage(Page):
    """Everybody whom the office knows. A new person is searched for first, under Receive."""

    name: ClassVar[str] = "people"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setProperty("role", "page")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 16)
        box.setSpacing(12)
        self.offices = OfficeChoice(desk)
        head = QHBoxLayout()
        head.addWidget(label(_("People"), "title"), 1)
        head.addWidget(self.offices)
        box.addLayout(head)
        self.split = ListAndDetail(
            desk,
            "person",
            purpose=N_("The people whom the office receives and helps."),
            begin=N_("Receive the first one with F2, or import a table."),
            new_words=N_("New person"),
            detail=PersonDetail(desk),
        )
        # Nobody is registered without having been searched for.
        self.split.list.new_asked.connect(lambda: desk.go("receive"))
        box.addWidget(self.split, 1)
        self.offices.changed.connect(self._on_office)

    def _on_office(self) -> None:
        self.split.list.stand(self.offices.filters())

    def load(self) -> None:
        self.offices.load()
        self.split.load()

    def arrive(self, **args: Any) -> None:
        id, kind = str(args.get("id") or ""), str(args.get("kind") or "person")
        if id and kind in ("visit", "consent"):
            shown = partial(self._on_line, kind)
            self.desk.runner.read(records.get, kind, id, then=shown, owner=self)
        elif id:
            self.split.show_record(id)

    def _on_line(self, kind: str, line: View) -> None:
        """A visit or a consent is shown in the file of the person; a visit without a name is
        taken up again."""
        if line.values["person"]:
            self.split.show_record(line.values["person"])
            self.split.detail.tabs.select("visit" if kind == "visit" else "file")
        elif kind == "visit" and may_go(self.desk, "receive"):
            self.desk.go("receive", ticket=line.id)

    def on_changed(self, changes: Changes) -> None:
        self.split.on_changed(changes)

    def leave(self) -> None:
        self.split.leave()

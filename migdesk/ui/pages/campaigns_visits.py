"""My visits: whom an enumerator still has to ask, and the way into the questionnaire."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.jobs.campaigns import measure_targets
from migdesk.models.search import fold
from migdesk.models.store import Changes
from migdesk.services import fieldwork
from migdesk.services.campaigns import MyTarget
from migdesk.services.fieldwork import Visit
from migdesk.services.views import View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Button, Card, EmptyState, FlowRow, PrimaryButton, Row, RowList

from .campaigns_parts import PlainTable

COLUMNS = ("place", "code", "name", "address", "phone", "state")


class VisitsPart(QWidget):
    """Units of the person logged in; `counted(n)` says how many wait."""

    counted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.visits: tuple[Visit, ...] = ()
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Type to filter"))
        self.field.setAccessibleName(_("Filter the list"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._show())
        self._build_table()
        self.fill_button = PrimaryButton(_("Fill the questionnaire"), self.fill, key=_("Enter"))
        self.absent_button = Button(_("Absent"), partial(self.mark, "absent"))
        self.refused_button = Button(_("Refused…"), partial(self.mark, "refused"))
        self.print_button = Button(_("Print the list"), self.print)
        self.ways = (self.fill_button, self.absent_button, self.refused_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.table, 1)
        self.targets = RowList()
        self.targets_card = Card(_("My targets"))
        self.targets_card.body.addWidget(self.targets)
        self.targets_card.hide()
        column.addLayout(FlowRow(*self.ways, self.print_button))
        column.addWidget(self.targets_card)
        shortcut("Ctrl+F", self, self.field.setFocus)
        self.field.returnPressed.connect(self.table.table.setFocus)
        self._allow()

    def _build_table(self) -> None:
        heads = (
            _("Place"),
            _("No."),
            _("Name"),
            _("How to find it"),
            _("Telephone"),
            _("State"),
            _("Campaign"),
        )
        nothing = EmptyState(
            "map-marker-check-outline",
            _("No visit waits for you."),
            _("The households and people that you are given to visit are listed here."),
        )
        self.table = PlainTable(_("My visits"), heads, nothing)
        self.table.set_widths(120, 80, 160, 230, 124, 100, 220, wide=3)
        self.table.opened.connect(self.fill)
        self.table.moved.connect(self._allow)

    def load(self) -> None:
        """Read who is to be visited."""
        mine = self.desk.account.id
        self.desk.runner.read(fieldwork.my_visits, mine, then=self._on_read, owner=self)
        self.desk.runner.job(
            measure_targets,
            mine,
            date.today(),
            then=self._on_targets,
            owner=self,
            title=_("My targets"),
        )

    def on_changed(self, changes: Changes) -> None:
        """Something was written."""
        if changes.touches("survey_unit", "campaign", "campaign_target", "submission"):
            self.load()

    def _on_read(self, visits: tuple[Visit, ...]) -> None:
        self.visits = visits
        self.counted.emit(len(visits))
        self._show()

    def _on_targets(self, found: tuple[MyTarget, ...]) -> None:
        rows = [
            Row(
                self._without_me(each.line.label),
                muted=each.campaign.title,
                end=f"{each.line.done} / {each.line.wanted}",
                end_tone="waiting" if each.line.remaining else "done",
                open=partial(self._fill_for, each.campaign),
            )
            for each in found
        ]
        self.targets.show_rows(rows)
        self.targets_card.setVisible(bool(rows))

    def _without_me(self, label: str) -> str:
        """The name of a target without the enumerator's own."""
        mine = self.desk.account.name
        return label.removesuffix(mine).removesuffix(" · ") or _("Everybody")

    def _fill_for(self, campaign: View) -> None:
        questionnaire = str(campaign.values["questionnaire"] or "")
        self.desk.go(
            "questionnaires", questionnaire=questionnaire, kind="campaign", id=campaign.id
        )

    def _show(self) -> None:
        wanted = fold(self.field.text()).split()
        shown = [(visit, self._cells(visit)) for visit in self.visits]
        kept = [
            (visit, cells)
            for visit, cells in shown
            if all(word in fold(" ".join(cells)) for word in wanted)
        ]
        self.field.setVisible(bool(self.visits))
        self.table.show_things([visit for visit, _c in kept], [cells for _v, cells in kept])

    def _cells(self, visit: Visit) -> list[str]:
        return [*(visit.unit.shown[name] for name in COLUMNS), visit.campaign.title]

    def _allow(self) -> None:
        for button in self.ways:
            button.setEnabled(self.table.current is not None)
        self.print_button.setEnabled(bool(self.visits))

    def fill(self) -> None:
        """Begin the interview with the current unit."""
        visit: Visit | None = self.table.current
        if visit is not None:
            self.desk.go(
                "questionnaires",
                questionnaire=visit.questionnaire,
                kind="survey_unit",
                id=visit.unit.id,
            )

    def mark(self, state: str) -> None:
        """Say that nobody was there, or that nobody wants to answer, and why."""
        visit: Visit | None = self.table.current
        if visit is None:
            return
        reason: str | None = ""
        if state == "refused":
            reason = self.desk.asker.text(visit.unit.title, _("Why? (it may stay empty)"))
        if reason is not None:
            self.desk.runner.write(fieldwork.mark, visit.unit.id, state, reason, owner=self)

    def print(self) -> None:
        """Preview the list on paper."""
        self.desk.print("visit-list", account=self.desk.account.id)

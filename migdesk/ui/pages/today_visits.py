"""On Today: whom an enumerator has to visit."""

from __future__ import annotations

from functools import partial

from migdesk.i18n import _
from migdesk.services import fieldwork
from migdesk.services.fieldwork import Visit
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Button, Card, Row, RowList, label
from migdesk.ui.widgets.navigation import grouped

SHOWN = 6


class VisitsCard(Card):
    """The next visits of the person logged in; one press begins the questionnaire."""

    def __init__(self, desk: Desk) -> None:
        self.all_button = Button("", partial(desk.go, "campaigns", visits=True), role="link")
        super().__init__(_("My visits"), self.all_button)
        self.desk = desk
        self.rows = RowList()
        self.nothing = label(_("No visit waits for you."), "muted", wrap=True)
        self.body.addWidget(self.rows)
        self.body.addWidget(self.nothing)

    def load(self) -> None:
        """Read who is to be visited."""
        mine = self.desk.account.id
        self.desk.runner.read(fieldwork.my_visits, mine, then=self._show, owner=self)

    def _show(self, visits: tuple[Visit, ...]) -> None:
        self.rows.show_rows([self._row(visit) for visit in visits[:SHOWN]])
        self.rows.setVisible(bool(visits))
        self.nothing.setVisible(not visits)
        self.all_button.setVisible(len(visits) > SHOWN)
        self.all_button.setText(_("See all ({n})").format(n=grouped(len(visits))))

    def _row(self, visit: Visit) -> Row:
        shown = visit.unit.shown
        where = " · ".join(filter(None, (shown["place"], shown["address"])))
        fill = partial(
            self.desk.go,
            "questionnaires",
            questionnaire=visit.questionnaire,
            kind="survey_unit",
            id=visit.unit.id,
        )
        return Row(
            visit.unit.title,
            lead=visit.unit.code,
            muted=where or visit.campaign.title,
            end=shown["state"],
            open=fill,
        )

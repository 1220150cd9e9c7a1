"""How a running business does: income and spending of each month as a chart."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.models.kinds import Money, money, split_money
from migdesk.services import follow_up, records
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

from ..linked import LinkedList
from ..parts import label
from .chart import MonthChart


class Results(QWidget):
    """The follow-up visits of a case: their chart, their sum, and the visits themselves."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self.chart = MonthChart()
        self.said = label("", "strong")
        box.addWidget(self.chart)
        row = QHBoxLayout()
        row.addWidget(self.said, 1)
        box.addLayout(row)
        self.visits = LinkedList(desk, "follow_visit", ("case",))
        self.visits.list.setMinimumHeight(px(60))
        self.counted = self.visits.counted
        box.addWidget(self.visits, 1)

    def load(self, id: str) -> None:
        """Read the visits of a case."""
        self.id = id
        self.visits.load(id)
        self.desk.runner.read(
            records.linked, "follow_visit", "case", id, then=self._show, owner=self
        )

    def _show(self, visits: tuple[View, ...]) -> None:
        found = follow_up.results(visits)
        self.chart.setVisible(bool(found))
        self.said.setVisible(bool(found))
        if not found:
            return
        amount, currency = split_money(follow_up.total(found))
        lost = amount < 0
        if lost:
            words = ngettext(
                "A loss of {amount} in {n} month",
                "A loss of {amount} in {n} months",
                len(found),
            )
        else:
            words = ngettext(
                "A profit of {amount} in {n} month",
                "A profit of {amount} in {n} months",
                len(found),
            )
        shown = Money().show(money(abs(amount), currency))
        told = words.format(amount=shown, n=len(found))
        self.said.setText(told)
        self.said.setProperty("tone", "late" if lost else "done")
        self.said.style().polish(self.said)
        highest = max(max(each.income, each.spending) for each in found)
        self.chart.show_months(
            [each.month for each in found],
            [
                (_("Income"), [float(each.income) for each in found]),
                (_("Spending"), [float(each.spending) for each in found]),
            ],
            ("", Money().show(money(highest, currency))),
            told,
        )

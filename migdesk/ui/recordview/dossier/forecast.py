"""The three years of a business plan on the screen: figures while they are typed, the chart,
the months as a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Mistake
from migdesk.i18n import _
from migdesk.models.kinds import BadValue
from migdesk.services import business_plan
from migdesk.services.business_plan import KINDS, Parts, PlanView
from migdesk.services.plan_papers import month_label, month_rows
from migdesk.ui.desk import Desk

from ..form import RecordForm
from ..parts import Card, button, clear, label
from .chart import MonthChart


def typed_parts(form: RecordForm) -> Parts:
    """What a form of a case holds now, saved or not; what cannot be read yet is left as it
    was stored."""
    values = dict(form.view.values) if form.view is not None else {}
    for name, box in form.boxes.items():
        values[name] = _or(box, values.get(name))
    lines: dict[str, list[dict[str, Any]]] = {}
    for kind in KINDS:
        lines[kind] = [
            {**line.start, **{n: _or(box, line.start.get(n)) for n, box in line.boxes.items()}}
            for line in form.lines[kind].lines
            if not line.is_empty()
        ]
    return Parts(values, lines)


def _or(box: Any, stored: Any) -> Any:
    try:
        return box.value()
    except BadValue:
        return stored


class FiguresCard(Card):
    """What the plan brings, as it is typed: three years, break-even, the lowest cash."""

    def __init__(self) -> None:
        super().__init__(_("What comes out"))
        self.grid = QGridLayout()
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(0, 1)
        self.body.addLayout(self.grid)
        self.notes = QVBoxLayout()
        self.body.addLayout(self.notes)
        self.shown: PlanView | None = None

    def show_form(self, form: RecordForm) -> None:
        """Work out what stands in a form."""
        try:
            self.show_plan(business_plan.work_out(typed_parts(form)))
        except Mistake as mistake:
            clear(self.notes)
            self.notes.addWidget(label(mistake.words, tone="late", wrap=True))

    def show_plan(self, view: PlanView) -> None:
        """Write the figures of a plan."""
        self.shown = view
        clear(self.grid)
        clear(self.notes)
        if not view.drawn:
            said = _("Type what is sold and what is paid each month.")
            self.notes.addWidget(label(said, "muted", wrap=True))
            return
        rows: list[tuple[str, str, str]] = []
        for number, year in enumerate(view.sums.years, start=1):
            tone = "late" if year.profit < 0 else "done"
            words = _("Profit, year {n}") if year.profit >= 0 else _("Loss, year {n}")
            rows.append((words.format(n=number), view.money(abs(year.profit)), tone))
        lowest, tone = view.sums.lowest, "late" if view.sums.lowest < 0 else ""
        words = _("Lowest cash, month {n}").format(n=view.sums.lowest_at + 1)
        rows.append((words, view.money(lowest), tone))
        even = view.sums.years[0].even
        said = _("no margin") if even is None else view.money(even)
        rows.append((_("Sales to cover costs, year 1"), said, ""))
        for row, (name, amount, colour) in enumerate(rows):
            self.grid.addWidget(label(name, wrap=True), row, 0)
            figure = label(amount, "strong", tone=colour)
            self.grid.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignTrailing)
        for problem in view.problems:
            self.notes.addWidget(label(f"· {problem}", tone="waiting", wrap=True))


class Forecast(QWidget):
    """The saved plan of a case: cash month by month, and all months as a table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self.view: PlanView | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        head = QHBoxLayout()
        self.title = label(_("Cash at the end of each month"), "section")
        head.addWidget(self.title, 1)
        head.addWidget(button(_("Print the market study"), self._print_market))
        head.addWidget(button(_("Print the business plan"), self._print_plan))
        box.addLayout(head)
        self.chart = MonthChart()
        box.addWidget(self.chart)
        self.empty = label(_("Nothing is planned yet: begin with the sales."), "muted")
        box.addWidget(self.empty)
        self.model = QStandardItemModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(_("Month by month"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        box.addWidget(self.table, 1)

    def load(self, id: str) -> None:
        """Read the plan of a case."""
        self.id = id
        self.desk.runner.read(business_plan.plan, id, then=self._show, owner=self)

    def _show(self, view: PlanView) -> None:
        self.view = view
        for widget in (self.title, self.chart, self.table):
            widget.setVisible(view.drawn)
        self.empty.setVisible(not view.drawn)
        labels = [month_label(view, n) for n in range(len(view.sums.months))]
        cash = [float(month.cash) for month in view.sums.months]
        ends = (view.money(view.sums.lowest), view.money(max(m.cash for m in view.sums.months)))
        told = _("Cash from {first} to {last}; lowest {lowest} in {month}.").format(
            first=labels[0],
            last=labels[-1],
            lowest=ends[0],
            month=labels[view.sums.lowest_at],
        )
        self.chart.show_months(labels, [(_("Cash"), cash)], ends, told)
        self._fill(view, labels)

    def _fill(self, view: PlanView, labels: list[str]) -> None:
        self.model.clear()
        self.model.setHorizontalHeaderLabels(labels)
        rows = [(name, of, strong) for name, of, strong in month_rows()]
        for _name, of, strong in rows:
            items = []
            for month in view.sums.months:
                item = QStandardItem(business_plan.figure(of(month), view.plan.places))
                item.setTextAlignment(
                    Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                )
                font = item.font()
                font.setBold(strong)
                item.setFont(font)
                items.append(item)
            self.model.appendRow(items)
        self.model.setVerticalHeaderLabels([name for name, _of, _strong in rows])
        self.table.resizeColumnsToContents()

    def _print_plan(self) -> None:
        self.desk.print("business-plan", id=self.id)

    def _print_market(self) -> None:
        self.desk.print("market-study", id=self.id)

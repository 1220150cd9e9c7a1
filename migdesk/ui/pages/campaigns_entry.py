"""Double entry of a campaign: the papers, who typed them, and how well people type."""

from __future__ import annotations

from babel.numbers import format_decimal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _, language, ngettext
from migdesk.models.store import Changes
from migdesk.services import double_entry
from migdesk.services.double_entry import Agreement, Operator
from migdesk.services.views import View
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, Card, EmptyState, FlowRow, PrimaryButton, empty, label

from .campaigns_compare import CompareView
from .campaigns_parts import PlainTable

COLUMNS = ("name", "unit", "state", "account", "second", "differences")


class EntryPart(QStackedWidget):
    """`load(campaign)` shows its papers; one of them may be compared over the list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self.questionnaire = ""
        self.list = self._build_list()
        self.compare_view = CompareView(desk)
        self.compare_view.closed.connect(self._back)
        self.addWidget(self.list)
        self.addWidget(self.compare_view)

    def _build_list(self) -> QWidget:
        page = QWidget()
        self.number = QLineEdit()
        self.number.setFixedWidth(px(220))
        self.number.setPlaceholderText(_("Number on the paper"))
        self.number.setAccessibleName(_("Number on the paper"))
        self.number.setToolTip(_("The number of a unit of the sample means this unit."))
        self.number.returnPressed.connect(self.add)
        self.add_button = Button(_("Add a paper"), self.add)
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.number)
        head.addWidget(self.add_button)
        head.addWidget(self.wrong, 1)
        head.addStretch(1)
        self._build_table()
        self.type_button = PrimaryButton(_("Type it"), self.type, key=_("Enter"))
        self.compare_button = Button(_("Compare"), self.compare)
        self.open_button = Button(_("Open the answers"), self.open)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(FlowRow(self.type_button, self.compare_button, self.open_button))
        column.addWidget(self._build_statistics())
        return page

    def _build_table(self) -> None:
        heads = (
            _("No."),
            _("Survey unit"),
            _("State"),
            _("First entry by"),
            _("Second entry by"),
            _("Differences"),
        )
        nothing = EmptyState(
            "file-document-multiple-outline",
            _("Questionnaires that come back on paper are entered twice."),
            _(
                "Write a number on each paper and add it here. Two people type it without "
                "seeing what the other typed; then the differences are decided."
            ),
        )
        self.table = PlainTable(_("Papers"), heads, nothing)
        self.table.set_widths(90, 180, 200, 150, 150)
        self.table.opened.connect(self.go_on)
        self.table.moved.connect(self._allow)

    def _build_statistics(self) -> Card:
        self.statistics = Card(_("How well the entries agree"))
        self.agreement = label("", wrap=True)
        self.operators = QVBoxLayout()
        self.operators.setSpacing(4)
        self.statistics.body.addWidget(self.agreement)
        self.statistics.body.addLayout(self.operators)
        self.statistics.hide()
        return self.statistics

    # showing ------------------------------------------------------------------------

    def load(self, id: str) -> None:
        """Read the papers of a campaign."""
        if id != self.id:
            self.setCurrentWidget(self.list)
        self.id = id
        runner = self.desk.runner
        runner.read(double_entry.papers, id, then=self._show, owner=self)
        runner.read(double_entry.agreement, id, then=self._show_agreement, owner=self)

    def on_changed(self, changes: Changes) -> None:
        """Something was written."""
        if self.id and changes.touches("paper_copy"):
            self.load(self.id)

    def show_paper(self, paper: View) -> None:
        """Go to one paper: its differences if it was entered twice."""
        if paper.values["state"] == "compare":
            self._compare(paper.id)
        else:
            ids = [each.id for each in self.table.things]
            if paper.id in ids:
                self.table.choose(ids.index(paper.id))

    def _show(self, papers: tuple[View, ...]) -> None:
        rows = [[paper.shown[name] for name in COLUMNS] for paper in papers]
        self.table.show_things(papers, rows)

    def _show_agreement(self, found: Agreement) -> None:
        empty(self.operators)
        self.statistics.setVisible(found.rate is not None)
        if found.rate is None:
            return
        settled = ngettext("{n} paper settled", "{n} papers settled", found.settled)
        rate = _("{n} answers in 100 were typed the same twice")
        said = (settled.format(n=found.settled), rate.format(n=_figure(100 * found.rate)))
        self.agreement.setText(" · ".join(said))
        for operator in found.operators:
            self.operators.addWidget(label(_operator(operator), "muted", wrap=True))

    def _allow(self) -> None:
        paper: View | None = self.table.current
        state = paper.values["state"] if paper is not None else ""
        self.type_button.setEnabled(state in ("first", "second"))
        self.compare_button.setEnabled(state == "compare")
        # The second typist must not see what the first one typed.
        self.open_button.setEnabled(state == "settled")

    # doing --------------------------------------------------------------------------

    def add(self) -> None:
        """A paper with the number typed."""
        self.wrong.hide()
        name = self.number.text().strip()
        if not name:
            self.number.setFocus()
            return
        self.desk.runner.write(
            double_entry.add_paper,
            self.id,
            name,
            then=lambda _id: self.number.clear(),
            owner=self,
            failed=self._refused,
        )
        self.number.setFocus()

    def _refused(self, fault: Fault) -> None:
        if isinstance(fault, Mistake):
            self.wrong.setText(fault.words)
            self.wrong.show()
        else:
            self.desk.asker.fault(fault)

    def go_on(self) -> None:
        """What is to be done next with the current paper."""
        for button in (self.type_button, self.compare_button, self.open_button):
            if button.isEnabled():
                button.click()
                return

    def type(self) -> None:
        """Type the current paper, if this person may."""
        paper: View | None = self.table.current
        if paper is None:
            return
        self.wrong.hide()
        self.desk.runner.read(
            double_entry.may_type,
            paper.id,
            self.desk.account.id,
            then=lambda _step: self._type(paper.id),
            owner=self,
            failed=self._refused,
        )

    def _type(self, paper: str) -> None:
        self.desk.go(
            "questionnaires", questionnaire=self.questionnaire, kind="paper_copy", id=paper
        )

    def compare(self) -> None:
        """Decide what differs in the current paper."""
        if self.table.current is not None:
            self._compare(self.table.current.id)

    def _compare(self, paper: str) -> None:
        self.setCurrentWidget(self.compare_view)
        self.compare_view.load(paper)

    def open(self) -> None:
        """Read the settled answers of the current paper."""
        paper: View | None = self.table.current
        if paper is not None and paper.values["first"]:
            self.desk.open("submission", str(paper.values["first"]))

    def _back(self) -> None:
        self.setCurrentWidget(self.list)
        self.load(self.id)
        self.table.table.setFocus()


def _operator(operator: Operator) -> str:
    entries = ngettext("{n} entry typed", "{n} entries typed", operator.entries)
    errors = _("{n} errors in 100 answers").format(n=_figure(operator.per_hundred))
    return " · ".join((operator.name, entries.format(n=operator.entries), errors))


def _figure(number: float) -> str:
    return str(format_decimal(round(number, 1), locale=language()))

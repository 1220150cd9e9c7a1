"""A selection with its points: candidates down, criteria across, ranks and decisions."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from migdesk import codelists
from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.models.kinds import BadValue, Number, decimal_of
from migdesk.services import selections
from migdesk.services.selections import SelectionView, Standing
from migdesk.services.views import View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.recordview.parts import clear, label, set_property
from migdesk.ui.rights import may_write
from migdesk.ui.theme import px

POINTS = Number(decimals=2, low=0, high=1_000)


class PointsField(QLineEdit):
    """The points of a candidate for a criterion; kept when Enter is pressed or it is left."""

    given = Signal(object)

    def __init__(self, standing: Standing, criterion: View) -> None:
        points = standing.points.get(criterion.id)
        super().__init__("" if points is None else POINTS.show(float(points)))
        self._before = self.text()
        most = criterion.values["most"] or 5
        self.setPlaceholderText(f"0–{most}")
        names = (standing.candidate.shown["case"], criterion.title)
        self.setAccessibleName(
            _("{candidate}: {criterion}").format(candidate=names[0], criterion=names[1])
        )
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setFixedWidth(px(76))
        self.editingFinished.connect(self._keep)

    def _keep(self) -> None:
        if self.text() == self._before:
            return
        try:
            found = decimal_of(self.text())
        except BadValue:
            set_property(self, "state", "wrong")
            return
        self._before = self.text()
        self.given.emit(None if found is None else float(found))


class PointsPart(QWidget):
    """The table of a selection: points are typed, ranks follow, decisions are chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self.found: SelectionView | None = None
        self.fields: dict[tuple[str, str], PointsField] = {}
        self.decisions: dict[str, QComboBox] = {}
        self.readonly = not may_write(desk, "selection_score")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.said = label("", "muted", wrap=True)
        box.addWidget(self.said)
        inside = QWidget()
        self.grid = QGridLayout(inside)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(8)
        outer = QVBoxLayout()
        outer.addWidget(inside)
        outer.addStretch(1)
        held = QWidget()
        held.setLayout(outer)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(held)
        box.addWidget(scroll, 1)

    def load(self, id: str) -> None:
        """Read a selection."""
        self.id = id
        self.desk.runner.read(selections.selection, id, then=self._show, owner=self)

    def _show(self, found: SelectionView) -> None:
        self.found = found
        clear(self.grid)
        self.fields, self.decisions = {}, {}
        self.said.setText(self._words(found))
        criteria = () if found.open else found.criteria
        heads = [_("Rank"), _("Dossier"), *(c.title for c in criteria), _("Score in %")]
        for column, text in enumerate([*heads, _("Decision")]):
            self.grid.addWidget(label(text, "label", wrap=True), 0, column)
        for row, standing in enumerate(found.standings, start=1):
            self._row(row, standing, criteria)
        self.grid.setColumnStretch(1, 1)

    def _words(self, found: SelectionView) -> str:
        if not found.standings:
            return _("Add the dossiers that are looked at under “File”.")
        if found.open:
            return _("This support is open to all: nothing is weighed.")
        if not found.criteria:
            return _("Add the criteria under “File”.")
        places = found.selection.values["places"]
        told = _("Chosen: {taken} of {places}") if places else _("Chosen: {taken}")
        return told.format(taken=found.taken, places=places)

    def _row(self, row: int, standing: Standing, criteria: tuple[View, ...]) -> None:
        self.grid.addWidget(label(str(standing.rank or "–"), "strong"), row, 0)
        self.grid.addWidget(label(standing.candidate.shown["case"], wrap=True), row, 1)
        for column, criterion in enumerate(criteria, start=2):
            made = PointsField(standing, criterion)
            made.setReadOnly(self.readonly)
            made.given.connect(partial(self._give, standing.candidate.id, criterion.id))
            self.fields[standing.candidate.id, criterion.id] = made
            self.grid.addWidget(made, row, column)
        after = len(criteria) + 2
        self.grid.addWidget(self._score(standing), row, after)
        self.grid.addLayout(self._decision(standing), row, after + 1)

    def _score(self, standing: Standing) -> QLabel:
        score = standing.score
        words = "–" if score is None else POINTS.show(float(score))
        made = label(words, "strong", tone="late" if standing.below else "")
        if standing.below:
            said = _("too few points for: {names}")
            made.setToolTip(said.format(names=", ".join(standing.below)))
        return made

    def _decision(self, standing: Standing) -> QHBoxLayout:
        box = QComboBox()
        box.setAccessibleName(
            _("Decision on {name}").format(name=standing.candidate.shown["case"])
        )
        box.addItem("", "")
        for item in codelists.get("selection_decisions"):
            box.addItem(item.label(), item.code)
        box.setCurrentIndex(max(box.findData(standing.candidate.values["decision"] or ""), 0))
        box.setDisabled(self.readonly)
        box.setToolTip(standing.candidate.shown["reason"])
        box.activated.connect(partial(self._decide, standing.candidate.id))
        self.decisions[standing.candidate.id] = box
        row = QHBoxLayout()
        row.addWidget(box)
        return row

    def _give(self, candidate: str, criterion: str, points: float | None) -> None:
        self.desk.runner.write(
            selections.give,
            candidate,
            criterion,
            points,
            then=lambda _id: self.load(self.id),
            owner=self,
            failed=self._refused,
        )

    def _decide(self, candidate: str, _index: int) -> None:
        decision = str(self.decisions[candidate].currentData() or "")
        if self.found is None or not decision:
            return
        why = selections.against(self.found, candidate, decision)
        asked = _("{why}. Reason:").format(why=why) if why else _("Reason, if one is given:")
        reason = self.desk.asker.text(_("Decision"), asked)
        if reason is None:
            self.load(self.id)
            return
        self.desk.runner.write(
            selections.decide,
            candidate,
            decision,
            reason,
            then=lambda _done: self.load(self.id),
            owner=self,
            failed=self._refused,
        )

    def _refused(self, fault: Fault) -> None:
        self.desk.asker.fault(fault)
        self.load(self.id)


class SelectionDetail(RecordDetail):
    """The file of a selection, and its points."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "selection")
        self.points = PointsPart(desk)
        self.add_tab("points", _("Points and decisions"), self.points)

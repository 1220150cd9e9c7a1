"""Beside the dossier: the money as sums, what is missing, the next steps, the people."""

from __future__ import annotations

from datetime import date
from functools import partial
from textwrap import shorten

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.services.cases import DossierView
from migdesk.services.nearby import Similar
from migdesk.services.pipelines import Check
from migdesk.services.records import View
from migdesk.ui.desk import Desk

from ..parts import Card, button, clear, label, pill
from .forecast import FiguresCard
from .stages import MARKS, mark

STEPS = 5
LONGEST = 26
"""Signs of a title for which there is room beside a form."""


def step_tone(step: View, today: str) -> str:
    """Tone of a step that is due: late, waiting (today), or none."""
    due = step.values.get("due") or ""
    if not due or due > today:
        return ""
    return "late" if due < today else "waiting"


def _check(check: Check) -> QWidget:
    """A condition of the stage: ticked, or with what it lacks."""
    tone = {"met": "done", "unmet": "", "unknown": "waiting"}[check.state]
    words = f"{MARKS[check.state]} {check.words}" if check.state == "met" else mark(check)
    return label(words, "muted" if check.state == "met" else "", tone=tone, wrap=True)


class SumsCard(Card):
    """What is needed, what is found or asked for, and the gap."""

    def __init__(self) -> None:
        super().__init__(_("Does it add up?"))
        self.grid = QGridLayout()
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(0, 1)
        self.body.addLayout(self.grid)
        self.gap = label("", "strong")

    def show_sums(self, view: DossierView) -> None:
        """Write the three sums."""
        clear(self.grid)
        words = _("Left to find") if view.gap_sign >= 0 else _("More than needed")
        tone = ("done", "done", "late" if not view.finance else "waiting")[view.gap_sign + 1]
        gap = view.gap.replace("-", "").replace("−", "")
        rows = (
            (_("Found or asked for"), view.finance_total, "strong", ""),
            (_("Total need (budget)"), view.budget_total, "", ""),
            (words, gap, "strong", tone),
        )
        for row, (name, amount, role, colour) in enumerate(rows):
            self.grid.addWidget(label(name, role, tone=colour, wrap=True), row, 0)
            figure = label(amount, role, tone=colour)
            self.grid.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignTrailing)
            self.gap = figure


class DossierSide(QWidget):
    """The cards beside the form of a case."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        self.sums = SumsCard()
        self.figures = FiguresCard()
        self.missing = Card(_("Before the next stage"))
        self.similar = Card(_("Similar businesses nearby"))
        self.steps = Card(_("Next steps"))
        self.people = Card(_("People"))
        self._lists = {card: self._list_of(card) for card in self._cards()}
        for card in (self.sums, self.figures, *self._cards()):
            box.addWidget(card)
        box.addStretch(1)

    def _cards(self) -> tuple[Card, ...]:
        return self.missing, self.similar, self.steps, self.people

    def _list_of(self, card: Card) -> QVBoxLayout:
        inside = QVBoxLayout()
        inside.setSpacing(6)
        card.body.addLayout(inside)
        return inside

    def show_dossier(self, view: DossierView) -> None:
        """Write all cards."""
        self.sums.show_sums(view)
        here = next((stage for stage in view.stages if stage.place == "current"), None)
        checks = here.checks if here else ()
        self._fill(self.missing, [_check(check) for check in checks])
        if not view.missing:
            self._lists[self.missing].addWidget(label(_("Nothing is missing."), "muted"))
        self._fill(self.similar, [self._beside(each) for each in view.similar[:STEPS]])
        waiting = [s for s in view.steps if s.values.get("status") in (None, "to_do", "doing")]
        waiting.sort(key=lambda step: step.values.get("due") or "9999")
        self._fill(self.steps, [self._step(step) for step in waiting[:STEPS]])
        if not waiting:
            self._lists[self.steps].addWidget(label(_("No step is waiting."), "muted"))
        self._fill(self.people, self._people(view))
        self.people.setVisible(bool(view.person))

    def show_for(self, tab: str) -> None:
        """Only the cards that help on a tab."""
        money = tab in ("plan", "finance")
        self.sums.setVisible(tab in ("finance", "summary"))
        self.figures.setVisible(money)
        self.missing.setVisible(tab in ("summary", "papers", "finance", "activity", "market"))
        near = tab in ("summary", "activity", "market")
        self.similar.setVisible(near and self._lists[self.similar].count() > 0)
        self.steps.setVisible(tab == "summary")
        if tab != "summary":
            self.people.hide()

    def _fill(self, card: Card, rows: list[QWidget]) -> None:
        clear(self._lists[card])
        for row in rows:
            if isinstance(row, QPushButton):
                self._lists[card].addWidget(row, 0, Qt.AlignmentFlag.AlignLeading)
            else:
                self._lists[card].addWidget(row)

    def _beside(self, each: Similar) -> QWidget:
        row = QWidget()
        box = QVBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        made = button(
            f"{shorten(each.case.title, LONGEST, placeholder='…')} ›",
            partial(self.desk.open, "case", each.case.id),
            "link",
        )
        made.setToolTip(each.case.title)
        where = _("same place") if each.same_place else each.case.shown["place"]
        box.addWidget(made, 0, Qt.AlignmentFlag.AlignLeading)
        told = " · ".join(filter(None, (each.case.shown["stage"], where)))
        box.addWidget(label(told, "muted", wrap=True))
        return row

    def _step(self, step: View) -> QWidget:
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        if step.shown["due"]:
            due = pill(step.shown["due"], step_tone(step, date.today().isoformat()))
            box.addWidget(due, 0, Qt.AlignmentFlag.AlignTop)
        words = " · ".join(filter(None, (step.title, step.shown["owner"])))
        box.addWidget(label(words, wrap=True), 1)
        return row

    def _people(self, view: DossierView) -> list[QWidget]:
        rows: list[QWidget] = []
        for name in ("person", "relative"):
            id = view.case.values.get(name)
            if id:
                text = f"{view.case.shown[name]} ›"
                rows.append(label(str(RECORDS["case"][name].label), "label", wrap=True))
                rows.append(button(text, partial(self.desk.open, "person", id), "link"))
        return rows

"""Counting: which question, by what, in what form; the table and its chart follow at once."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from migdesk.errors import Fault
from migdesk.forms.stats import THRESHOLD, Cross, Means
from migdesk.i18n import _
from migdesk.jobs.export_answers import Loaded, export_counts
from migdesk.services import frequencies
from migdesk.services.count_words import Laid, lay
from migdesk.services.frequencies import Asked, Subject
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card, label

from .answers_chart import BarChart
from .answers_table import CountTable
from .pieces import Columns, flowing, key_button, stacked

STATE = "answers.count"


class Counting(QWidget):
    """Options at the near side, the table and its chart beside them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.loaded: Loaded | None = None
        self.laid: Laid | None = None
        self.about: list[tuple[str, str]] = []
        self.subjects: dict[str, Subject] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self.columns = Columns((self._options(), 2), (self._result(), 5))
        grid.addWidget(self.columns)
        self._restore()

    # parts --------------------------------------------------------------------

    def _options(self) -> QWidget:
        card = Card(_("What to count"))
        self.rows = self._box(card, _("Question"))
        self.across = self._box(card, _("Broken down by"))
        self.measure = self._box(card, _("Show"))
        self.percent = self._box(card, _("Percentages"))
        for words, value in (
            (_("None"), "none"),
            (_("Of the column"), "column"),
            (_("Of the row"), "row"),
            (_("Of the total"), "total"),
        ):
            self.percent.addItem(words, value)
        self.bounds = QLineEdit()
        self.bounds.setPlaceholderText(_("0, 15, 25, 60"))
        self.bounds.editingFinished.connect(self._on_option)
        self._named(card, _("Numbers in bands from"), self.bounds)
        self.chart_kind = self._box(card, _("Chart"))
        for words, value in (
            (_("Bars"), "bars"),
            (_("Stacked to 100 %"), "stacked"),
            (_("None"), "none"),
        ):
            self.chart_kind.addItem(words, value)
        self.threshold = QSpinBox()
        self.threshold.setRange(0, 50)
        self.threshold.setValue(THRESHOLD)
        self.threshold.setKeyboardTracking(False)
        self.threshold.lineEdit().setTextMargins(8, 0, 8, 0)
        self.threshold.valueChanged.connect(lambda _n: self._on_option())
        self._named(card, _("Hide counts below"), self.threshold)
        return stacked(card)

    def _box(self, card: Card, words: str) -> QComboBox:
        made = QComboBox()
        made.setMinimumContentsLength(14)
        made.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        made.view().setMinimumWidth(px(340))
        made.activated.connect(lambda _row: self._on_option())
        self._named(card, words, made)
        return made

    @staticmethod
    def _named(card: Card, words: str, part: QWidget) -> None:
        name = label(words, "caption")
        name.setBuddy(part)
        part.setAccessibleName(words)
        card.body.addWidget(name)
        card.body.addWidget(part)

    def _result(self) -> QWidget:
        self.card = Card(" ")
        self.wrong = label("", "muted", wrap=True)
        self.table = CountTable()
        self.notes = label("", "caption", wrap=True)
        self.chart = BarChart()
        self.export_button = key_button(_("Export the table…"), self.export)
        self.print_button = key_button(_("Print"), self.print)
        self.caption = label("", "caption", wrap=True)
        for part in (self.wrong, self.table, self.notes, self.caption, self.chart):
            self.card.body.addWidget(part)
        self.card.body.addLayout(flowing(self.export_button, self.print_button))
        return stacked(self.card)

    # data ---------------------------------------------------------------------

    def show_data(self, loaded: Loaded, about: list[tuple[str, str]]) -> None:
        """Count in these answers; what was chosen stays, where it is still there."""
        self.loaded, self.about = loaded, about
        found = loaded.subjects
        self.subjects = {subject.key: subject for subject in found}
        fill(self.rows, [(_said(s), s.key) for s in found])
        fill(self.across, [(_("Nothing"), ""), *((_said(s), s.key) for s in found)])
        means = [(_("Mean of {name}").format(name=_said(s)), s.key) for s in found if s.numeric]
        fill(self.measure, [(_("Numbers of answers"), ""), *means])
        self._restore()
        self.recount()

    def asked(self) -> Asked:
        """The table that the options ask for."""
        return Asked(
            rows=str(self.rows.currentData() or ""),
            columns=str(self.across.currentData() or ""),
            measure=str(self.measure.currentData() or ""),
            threshold=self.threshold.value(),
            bounds=tuple(int(n) for n in re.findall(r"-?\d{1,9}", self.bounds.text())),
        )

    def _on_option(self) -> None:
        self._remember()
        self.recount()

    def recount(self) -> None:
        """Count beside the screen, and show."""
        if self.loaded is None or not self.rows.count():
            return
        asked = self.asked()
        if asked.measure and asked.columns:
            # The mean is of the groups: those broken down by, or else of the question.
            asked = Asked(asked.columns, "", asked.measure, asked.threshold, asked.bounds)
        work = partial(frequencies.table, self.loaded.data, asked)
        self.desk.runner.run(work, self._counted, self, self._not_counted)

    def _counted(self, made: Cross | Means) -> None:
        laid = lay(made, self.percent.currentData() or "none")
        self.laid = laid
        self.card.title.setText(laid.title)
        self.wrong.hide()
        self.table.show_laid(laid)
        self.notes.setText("\n".join(laid.notes))
        self.notes.setVisible(bool(laid.notes))
        kind = self.chart_kind.currentData()
        self.chart.show_laid(laid if kind != "none" else None, kind == "stacked")
        self.caption.setText(laid.caption)
        self.caption.setVisible(kind != "none")
        self._enable(True)

    def _not_counted(self, fault: Fault) -> None:
        self.laid = None
        self.wrong.setText(fault.words)
        self.wrong.show()
        self.table.show_laid(None)
        self.chart.show_laid(None, False)
        self.notes.hide()
        self.caption.hide()
        self._enable(False)

    def _enable(self, on: bool) -> None:
        self.export_button.setEnabled(on)
        self.print_button.setEnabled(on)

    # out ----------------------------------------------------------------------

    def _paper(self) -> dict[str, Any]:
        assert self.loaded is not None
        kind = self.chart_kind.currentData()
        return {
            "subject": self.loaded.data.title,
            "facts": tuple(self.about),
            "stacked": self.chart.stacked,
            "charted": kind != "none",
        }

    def print(self) -> None:
        """Preview the table and its chart on paper."""
        if self.laid is not None:
            self.desk.print("cross-table", laid=self.laid, **self._paper())

    def export(self) -> None:
        """Write the table to a file."""
        if self.laid is None:
            return
        filters = "Excel (*.xlsx);;CSV (*.csv);;PDF (*.pdf)"
        name = re.sub(r"[^\w-]+", "_", self.laid.title)[:60].strip("_") or "table"
        path = self.desk.asker.save_file(_("Export the table"), f"{name}.xlsx", filters)
        if path is None:
            return
        said = _("The table is in {file}.").format(file=path.name)
        self.desk.runner.job(
            export_counts,
            self.laid,
            self._paper(),
            path,
            then=lambda _none: self.desk.asker.tell(said),
            owner=self,
            title=_("Export of {name}").format(name=self.laid.title),
        )

    # remembered ---------------------------------------------------------------

    def _boxes(self) -> dict[str, QComboBox]:
        return {
            "rows": self.rows,
            "across": self.across,
            "measure": self.measure,
            "percent": self.percent,
            "chart": self.chart_kind,
        }

    def _remember(self) -> None:
        state = {name: box.currentData() for name, box in self._boxes().items()}
        state |= {"bounds": self.bounds.text(), "threshold": self.threshold.value()}
        self.desk.settings.remember(STATE, json.dumps(state))

    def _restore(self) -> None:
        text = self.desk.settings.state(STATE)
        state = json.loads(text) if text.startswith("{") else {}
        for name, box in self._boxes().items():
            place = box.findData(state.get(name)) if name in state else -1
            if place >= 0:
                box.setCurrentIndex(place)
        self.bounds.setText(str(state.get("bounds", self.bounds.text())))
        kept = state.get("threshold", self.threshold.value())
        self.threshold.blockSignals(True)
        self.threshold.setValue(kept if isinstance(kept, int) else THRESHOLD)
        self.threshold.blockSignals(False)


def _said(subject: Subject) -> str:
    if not subject.sheet:
        return subject.label
    return _("{label} ({sheet})").format(label=subject.label, sheet=subject.sheet)


def fill(box: QComboBox, items: list[tuple[str, str]]) -> None:
    """Other items; what was chosen stays chosen if it is among them."""
    chosen = box.currentData()
    box.clear()
    for words, value in items:
        box.addItem(words, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))

"""Quality of a campaign: what the checks found, who looked at it, what is missing."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from migdesk import codelists
from migdesk.i18n import _, ngettext
from migdesk.jobs.campaigns import check_quality
from migdesk.models.dates import show_moment
from migdesk.services import quality_notes
from migdesk.services.campaigns import Line
from migdesk.services.quality import Finding, Report
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write
from migdesk.ui.widgets import Button, EmptyState, FlowRow, PrimaryButton, Tabs, label

from .campaigns_parts import Bars, PlainTable
from .pieces import body_of


class QualityPart(QWidget):
    """`load(campaign)` checks every interview and shows what is odd."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self.report = Report(0)
        self.summary = label("", "muted", wrap=True)
        self.tabs = Tabs([_("To look at"), _("Missing answers by question")])
        self.tabs.currentChanged.connect(lambda index: self._turn(index))
        self.found = self._build_found()
        self.gaps_page = QWidget()
        column = body_of(self.gaps_page)
        column.setContentsMargins(0, 0, 12, 16)
        self.gaps = Bars(_("Blank answers where the question applied"), left=False)
        self.no_gaps = EmptyState("check-circle-outline", _("No answer is missing."))
        column.addWidget(self.gaps)
        column.addWidget(self.no_gaps)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self.summary)
        outer.addWidget(self.tabs)
        outer.addWidget(self.found, 1)
        outer.addWidget(self.gaps_page, 1)
        self._turn(0)

    def _build_found(self) -> QWidget:
        page = QWidget()
        self.check = QComboBox()
        self.check.setAccessibleName(_("Kind of check"))
        self.check.addItem(_("All checks"), "")
        for item in codelists.get("quality_checks"):
            self.check.addItem(item.label(), item.code)
        self.check.currentIndexChanged.connect(lambda _index: self._show())
        self.also_seen = QCheckBox(_("Show also what was looked at"))
        self.also_seen.toggled.connect(lambda _on: self._show())
        line = QHBoxLayout()
        line.addWidget(self.check)
        line.addWidget(self.also_seen)
        line.addStretch(1)
        self._build_table()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self.table, 1)
        column.addLayout(self._build_actions())
        return page

    def _build_table(self) -> None:
        heads = (
            _("Kind of check"),
            _("What was found"),
            _("Filled by"),
            _("Finished"),
            _("Remark"),
        )
        nothing = EmptyState(
            "check-circle-outline",
            _("Nothing odd was found."),
            _(
                "Duplicates, unusual numbers, interviews that were too fast, missing answers "
                "and grids answered all alike are listed here. The program changes nothing."
            ),
        )
        self.table = PlainTable(_("To look at"), heads, nothing)
        self.table.set_widths(190, 340, 130, 160, 110, wide=1)
        self.table.opened.connect(self.open)
        self.table.moved.connect(self._allow)

    def _build_actions(self) -> FlowRow:
        self.open_button = PrimaryButton(_("Open"), self.open, key=_("Enter"))
        self.other_button = Button(_("Open the other one"), partial(self.open, True))
        self.seen_button = Button(_("Looked at…"), self.see)
        self.again_button = Button(_("Look at it again"), self.unsee)
        if not may_write(self.desk, "check_note"):
            return FlowRow(self.open_button, self.other_button)
        return FlowRow(self.open_button, self.other_button, self.seen_button, self.again_button)

    def _turn(self, index: int) -> None:
        self.found.setVisible(index == 0)
        self.gaps_page.setVisible(index == 1)

    def load(self, id: str) -> None:
        """Check every interview of the campaign."""
        self.id = id
        self.desk.runner.job(
            check_quality, id, then=self._on_checked, owner=self, title=_("Quality checks")
        )

    def _on_checked(self, report: Report) -> None:
        self.report = report
        count = ngettext("{n} interview", "{n} interviews", report.interviews)
        unseen = ngettext("{n} to look at", "{n} to look at", report.unseen)
        parts = [count.format(n=report.interviews), unseen.format(n=report.unseen)]
        if report.minutes is not None:
            usual = _("half of them took less than {n} minutes")
            parts.append(usual.format(n=round(report.minutes)))
        self.summary.setText(" · ".join(parts))
        self.gaps.show_lines([Line(gap.label, gap.blank, gap.asked) for gap in report.gaps])
        self.no_gaps.setVisible(not report.gaps)
        self._show()

    def _show(self) -> None:
        check = self.check.currentData()
        shown = [
            finding
            for finding in self.report.findings
            if check in ("", finding.check) and (self.also_seen.isChecked() or not finding.seen)
        ]
        self.table.show_things(shown, [self._cells(finding) for finding in shown])

    def _cells(self, finding: Finding) -> list[str]:
        name = codelists.get("quality_checks").label_of(finding.check)
        note = finding.note or (_("looked at") if finding.seen else "")
        moment = show_moment(finding.finished) if finding.finished else ""
        return [name, finding.words, finding.who, moment, note]

    def _allow(self) -> None:
        current: Finding | None = self.table.current
        self.open_button.setEnabled(current is not None)
        self.other_button.setEnabled(bool(current and current.other))
        self.seen_button.setEnabled(current is not None)
        self.again_button.setEnabled(any(finding.seen for finding in self.table.selected))

    def open(self, other: bool = False) -> None:
        """Read the submission that the current finding is about, or its twin."""
        current: Finding | None = self.table.current
        if current is not None:
            self.desk.open("submission", current.other if other else current.submission)

    def see(self) -> None:
        """Say that somebody looked at the selected findings, with one remark for all."""
        chosen: list[Finding] = self.table.selected
        note = self.desk.asker.text(_("Looked at"), _("Remark (it may stay empty)"))
        if note is None:
            return
        for finding in chosen:
            self.desk.runner.write(quality_notes.mark_seen, finding, note, owner=self)
        self.load(self.id)

    def unsee(self) -> None:
        """Put the selected findings back among those to look at."""
        for finding in self.table.selected:
            if finding.seen:
                self.desk.runner.write(quality_notes.mark_unseen, finding, owner=self)
        self.load(self.id)

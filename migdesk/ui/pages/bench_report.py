"""What there is to say to the designer of a form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.jobs.bench import export
from migdesk.jobs.questionnaires import FilesMissing
from migdesk.printing.sheets.bench_report import BenchTable
from migdesk.services.bench import Subject
from migdesk.services.bench_words import facts, report
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write
from migdesk.ui.widgets import Button, Card, PrimaryButton, empty, label

from .bench_table import card_of, copy_all
from .pieces import body_of, flowing

ACROSS = 4


class ReportSide(QWidget):
    """`used` when a form that was only read should be put in use, `wanted` when files are
    to be added to it."""

    used = Signal()
    wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.subject: Subject | None = None
        box = body_of(self)
        box.setContentsMargins(0, 0, 12, 12)
        self.use = PrimaryButton(_("Put in use"), self.used.emit)
        self.add = Button(_("Add files…"), self.wanted.emit)
        self.copied = Button(_("Copy"), self.copy)
        self.printed = Button(_("Print"), self.print, key=_("Ctrl P"))
        self.out = Button(_("Export…"), self.export)
        box.addLayout(flowing(self.use, self.add, self.copied, self.printed, self.out))
        self.verdict = label("", wrap=True)
        box.addWidget(self.verdict)
        self.place = QVBoxLayout()
        self.place.setSpacing(16)
        box.addLayout(self.place)
        box.addStretch(1)

    def show_subject(self, subject: Subject) -> None:
        """Tell all that there is to tell of this form."""
        self.subject = subject
        only_read = not subject.questionnaire
        mine = may_write(self.desk, "questionnaire")
        self.use.setVisible(only_read and subject.form is not None and mine)
        self.add.setVisible(only_read and _lacks(subject))
        self._verdict(subject)
        empty(self.place)
        figures = facts(subject)
        if figures:
            self.place.addWidget(_figures(figures))
        for made in report(subject):
            self.place.addWidget(card_of(made))

    def _verdict(self, subject: Subject) -> None:
        if subject.fault is not None:
            words = f"{_('This form cannot be run.')}\n{subject.fault.words}"
        elif subject.questionnaire:
            words = _("This form is kept here and runs.")
        else:
            words = _("This form runs. It was only read: nothing is kept yet.")
        self.verdict.setProperty("role", "error" if subject.fault is not None else "strong")
        self.verdict.setText(words)
        self.verdict.style().polish(self.verdict)

    def copy(self) -> None:
        """Put the report on the clipboard, as a spreadsheet takes it."""
        if self.subject is not None:
            copy_all(report(self.subject), facts(self.subject))
            self.desk.asker.tell(_("Copied."))

    def print(self) -> None:
        """Preview the report on paper."""
        if self.subject is not None:
            self.desk.print(
                "bench-report",
                title=self.subject.title,
                kicker=_("Report to the designer"),
                subject=_("Version {version}").format(version=self.subject.version or "–"),
                facts=facts(self.subject),
                tables=report(self.subject),
            )

    def export(self) -> None:
        """Write the report to a workbook."""
        if self.subject is not None:
            save_tables(self.desk, self, self.subject.title, report(self.subject))


def save_tables(desk: Desk, owner: QWidget, name: str, tables: Sequence[BenchTable]) -> None:
    """Ask where, and write tables there."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in name)[:60]
    path = desk.asker.save_file(_("Export"), f"{plain}.xlsx", "XLSX (*.xlsx);;CSV (*.csv)")
    if path is not None:
        said = _("Saved: {name}").format(name=path.name)
        desk.runner.job(
            export,
            tables,
            path,
            then=lambda _rows: desk.asker.tell(said),
            owner=owner,
            title=_("Export"),
        )


def _lacks(subject: Subject) -> bool:
    missing = any(each.state == "missing" for each in subject.states)
    return missing or isinstance(subject.fault, FilesMissing)


def _figures(found: list[tuple[str, str]]) -> Card:
    card = Card(_("In figures"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    for place, (name, value) in enumerate(found):
        cell = QVBoxLayout()
        cell.setSpacing(0)
        cell.addWidget(label(name, "caption"))
        cell.addWidget(label(value, "strong", wrap=True))
        grid.addLayout(cell, place // ACROSS, place % ACROSS)
    for column in range(ACROSS):
        grid.setColumnStretch(column, 1)
    card.body.addLayout(grid)
    return card

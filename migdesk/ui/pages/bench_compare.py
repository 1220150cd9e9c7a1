"""Two versions of a form side by side, and what the newer one does to the answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from migdesk.errors import Fault
from migdesk.forms.compare import Comparison
from migdesk.forms.effects import Weighed
from migdesk.i18n import _
from migdesk.jobs.bench import weigh
from migdesk.printing.sheets.bench_report import BenchTable
from migdesk.services import bench
from migdesk.services.bench import Subject
from migdesk.services.bench_words import consequences, differences, name_of, summary
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Button, empty, label

from .bench_report import save_tables
from .bench_table import card_of, copy_all
from .pieces import body_of, flowing

FILE = "file"
"""In the place of a version's id: the form that was only read."""


class CompareSide(QWidget):
    """Before and after are chosen from all versions; a form that was only read is one more."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.subject: Subject | None = None
        self.tables: tuple[BenchTable, ...] = ()
        self.names = ("", "")
        self._versions: tuple[bench.Version, ...] = ()
        self._weighing: Task | None = None
        box = body_of(self)
        box.setContentsMargins(0, 0, 12, 12)
        self.before, self.after = self._combo(_("Before")), self._combo(_("After"))
        self.turned = Button("→", self.turn, role="flat")
        self.turned.setAccessibleName(_("Exchange before and after"))
        self.turned.setToolTip(_("Exchange before and after"))
        self.copied = Button(_("Copy"), self.copy)
        self.printed = Button(_("Print"), self.print, key=_("Ctrl P"))
        self.out = Button(_("Export…"), self.export)
        chosen = QHBoxLayout()
        chosen.setSpacing(8)
        for part, stretch in ((self.before, 1), (self.turned, 0), (self.after, 1)):
            chosen.addWidget(part, stretch)
        chosen.addStretch(1)
        box.addLayout(chosen)
        box.addLayout(flowing(self.copied, self.printed, self.out))
        self.verdict = label("", "strong", wrap=True)
        box.addWidget(self.verdict)
        self.place = QVBoxLayout()
        self.place.setSpacing(16)
        box.addLayout(self.place)
        box.addStretch(1)
        self._show_tables(())

    def _combo(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setMinimumContentsLength(22)
        made.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        made.activated.connect(lambda _row: self.compare())
        return made

    # choosing -------------------------------------------------------------------

    def show_subject(self, subject: Subject, versions: tuple[bench.Version, ...]) -> None:
        """Compare this form with the version of it that is in use, or the one before."""
        if subject is self.subject and versions == self._versions:
            return
        self.subject, self._versions = subject, versions
        for combo in (self.before, self.after):
            combo.clear()
            if not subject.questionnaire and subject.form is not None:
                combo.addItem(_("{name} (only read)").format(name=_name(subject)), FILE)
            for each in versions:
                combo.addItem(label_of(each), each.id)
        self.before.setToolTip(_("Before"))
        self.after.setToolTip(_("After"))
        here = subject.questionnaire or FILE
        self.after.setCurrentIndex(self.after.findData(here))
        self.before.setCurrentIndex(self.before.findData(self._other(here)))
        self.compare()

    def _other(self, here: str) -> str:
        """What a form is best compared with: the version in use, else the newest other one."""
        form = self.subject.form.form_id if self.subject and self.subject.form else ""
        own = [each for each in self._versions if each.form == form and each.id != here]
        return own[0].id if own else ""

    def turn(self) -> None:
        """The other way round."""
        before, after = self.before.currentIndex(), self.after.currentIndex()
        self.before.setCurrentIndex(after)
        self.after.setCurrentIndex(before)
        self.compare()

    # comparing ------------------------------------------------------------------

    def compare(self) -> None:
        """Read both versions, then compare and count."""
        self._show_tables(())
        ids = self._ids()
        if not all(ids):
            self.verdict.setText(_("Choose two versions. Of this form only one is here."))
            return
        self.verdict.setText("")
        self._read(ids[0], partial(self._read_after, ids))

    def _ids(self) -> tuple[str, str]:
        return str(self.before.currentData() or ""), str(self.after.currentData() or "")

    def _read_after(self, ids: tuple[str, str], old: Subject) -> None:
        self._read(ids[1], partial(self._weigh, ids, old))

    def _read(self, id: str, then: Callable[[Subject], object]) -> None:
        here = self.subject
        if here is not None and id == (here.questionnaire or FILE):
            then(here)
        else:
            self.desk.runner.read(bench.subject, id, then=then, owner=self)

    def _weigh(self, ids: tuple[str, str], old: Subject, new: Subject) -> None:
        if ids != self._ids():
            return  # chosen otherwise meanwhile
        for each in (old, new):
            if each.fault is not None:
                self.verdict.setText(each.fault.words)
                return
        assert old.form is not None and new.form is not None
        if self._weighing is not None:
            self._weighing.cancel()
        self.names = _name(old), _name(new)
        self._weighing = self.desk.runner.job(
            weigh,
            old.form,
            new.form,
            old.questionnaire,
            then=partial(self._weighed, ids, bench.registered(old, new)),
            owner=self,
            failed=self._failed,
            title=_("Comparing two versions"),
        )

    def _weighed(
        self,
        ids: tuple[str, str],
        entities: BenchTable | None,
        found: tuple[Comparison, Weighed],
    ) -> None:
        if ids == self._ids():
            comparison, weighed = found
            self.verdict.setText(summary(comparison))
            told = (differences(comparison), entities, consequences(weighed))
            self._show_tables(tuple(made for made in told if made is not None))

    def _failed(self, fault: Fault) -> None:
        self.verdict.setText(fault.words)

    def _show_tables(self, tables: tuple[BenchTable, ...]) -> None:
        self.tables = tables
        empty(self.place)
        for made in tables:
            self.place.addWidget(card_of(made))
        for button in (self.copied, self.printed, self.out):
            button.setEnabled(bool(tables))

    # out ------------------------------------------------------------------------

    def _facts(self) -> list[tuple[str, str]]:
        return [
            (_("Before"), self.names[0]),
            (_("After"), self.names[1]),
            (_("Differences"), self.verdict.text()),
        ]

    def copy(self) -> None:
        """Put the comparison on the clipboard."""
        copy_all(self.tables, self._facts())
        self.desk.asker.tell(_("Copied."))

    def print(self) -> None:
        """Preview the comparison on paper."""
        if self.tables:
            self.desk.print(
                "bench-report",
                title=self.names[1],
                kicker=_("Two versions compared"),
                subject=_("Before: {version}").format(version=self.names[0]),
                facts=self._facts(),
                tables=self.tables,
            )

    def export(self) -> None:
        """Write the comparison to a workbook."""
        save_tables(
            self.desk, self, _("Comparison of {name}").format(name=self.names[1]), self.tables
        )


def _name(subject: Subject) -> str:
    return name_of(subject.title, subject.version)


def label_of(version: bench.Version) -> str:
    """A version in a list."""
    said = name_of(version.name or version.form, version.version)
    return _("{name} (in use)").format(name=said) if version.active else said

"""The design bench: a form on its way into use, looked at from every side.

Reached from Questionnaires. On the bench lies a version that is here, or a file that was
only read: nothing is kept until it is put in use.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.jobs.bench import examine
from migdesk.jobs.questionnaires import Imported, import_xlsform
from migdesk.models.store import Changes
from migdesk.services import bench, form_device
from migdesk.services.bench import Subject, Version
from migdesk.services.form_device import Device
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, EmptyState, PageHeader, Tabs

from .bench_compare import FILE, CompareSide, label_of
from .bench_preview import PreviewSide
from .bench_report import ReportSide
from .bench_trial import TrialSide

STATE = "bench.version"
REPORT, PREVIEW, COMPARE, TRIAL = range(4)


class BenchPage(Page):
    """Four sides of one form: report, preview, comparison, test run."""

    name = "bench"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.subject: Subject | None = None
        self.device = Device()
        self.path: Path | None = None
        self.more: list[Path] = []
        self.versions: tuple[Version, ...] = ()
        self._wanted = ""
        self._stale = False
        self._build()
        self._show()

    def _head(self) -> QHBoxLayout:
        """What lies on the bench, and how something gets there."""
        self.forms = QComboBox()
        self.forms.setAccessibleName(_("Questionnaire and version"))
        self.forms.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.forms.setMinimumWidth(px(160))
        self.forms.setMaximumWidth(px(320))
        self.forms.activated.connect(lambda _row: self._on_chosen())
        back = Button("‹", partial(self.desk.go, "questionnaires"))
        back.setAccessibleName(_("Back to the questionnaires"))
        back.setToolTip(_("Back to the questionnaires"))
        self.examine_button = Button(_("Examine a file…"), self.choose)
        self.examine_button.setToolTip(_("Ctrl O"))
        self.again = Button(_("Read again"), self.read_again, key="F5")
        actions = [self.forms, self.again, self.examine_button]
        self.header = PageHeader(_("Design bench"), "", actions)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.header, 1)
        return head

    def _build(self) -> None:
        self.tabs = Tabs([_("Report"), _("Preview"), _("Comparison"), _("Test run")])
        self.tabs.setAccessibleName(_("Design bench"))
        self.tabs.currentChanged.connect(lambda _tab: self._show())
        self.report, self.preview = ReportSide(self.desk), PreviewSide(self.desk)
        self.comparison, self.trial = CompareSide(self.desk), TrialSide(self.desk)
        self.report.used.connect(self.put_in_use)
        self.report.wanted.connect(self.add_files)
        self.nothing = EmptyState(
            "flask-outline",
            _("Nothing is on the bench"),
            _("Examine an XLSForm or an XForm: it is read, and nothing is kept."),
            _("Examine a file…"),
            self.choose,
        )
        self.sides = QStackedWidget()
        for side in (self.report, self.preview, self.comparison, self.trial, self.nothing):
            self.sides.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 12, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addWidget(self.tabs)
        column.addWidget(self.sides, 1)
        shortcut("Ctrl+O", self, self.choose)
        shortcut("F5", self, self.read_again)
        shortcut("Ctrl+P", self, self.print)

    # arriving -------------------------------------------------------------------

    def load(self) -> None:
        self.desk.runner.read(bench.versions, then=self._list, owner=self)

    def on_changed(self, changes: Changes) -> None:
        if changes.touches("questionnaire", "attachment"):
            self._stale = True
            # A hidden page reads when it is gone to; nobody's test is taken away.
            if self.isVisible() and self.tabs.currentIndex() in (REPORT, COMPARE):
                self.load()

    def arrive(self, **args: Any) -> None:
        """``questionnaire=…`` puts a version on the bench, ``file=…`` a file with what is
        beside it (``more=…``); ``tab=…``: report, preview, comparison or trial."""
        tabs = {"preview": PREVIEW, "comparison": COMPARE, "trial": TRIAL, "report": REPORT}
        if args.get("tab") in tabs:
            self.tabs.setCurrentIndex(tabs[args["tab"]])
        if args.get("questionnaire"):
            self._choose(args["questionnaire"])
        elif args.get("file"):
            self._examine(Path(args["file"]), list(args.get("more") or ()))

    def _list(self, found: tuple[Version, ...]) -> None:
        self.versions = found
        wanted = str(self.forms.currentData() or self.desk.settings.state(STATE) or "")
        self.forms.clear()
        if self.path is not None:
            self.forms.addItem(_("{name} (only read)").format(name=self.path.name), FILE)
        for each in found:
            self.forms.addItem(label_of(each), each.id)
        self.forms.setVisible(self.forms.count() > 0)
        place = self.forms.findData(wanted)
        if self.forms.count():
            self.forms.setCurrentIndex(max(place, 0))
        self._on_chosen()

    def _choose(self, id: str) -> None:
        place = self.forms.findData(id)
        if place >= 0:
            self.forms.setCurrentIndex(place)
            self._on_chosen()

    def _on_chosen(self) -> None:
        chosen = str(self.forms.currentData() or "")
        held = self.subject
        if not chosen:
            self._put(None)
        elif chosen == FILE:
            if held is None or held.questionnaire:
                self.read_again()
            else:
                self._show()
        elif held is None or held.questionnaire != chosen or self._stale:
            self._stale = False
            self._wanted = chosen
            self.desk.settings.remember(STATE, chosen)
            self.desk.runner.read(bench.subject, chosen, then=self._on_read, owner=self)
        else:
            self._show()

    def _on_read(self, subject: Subject) -> None:
        if subject.questionnaire == self._wanted:
            self._put(subject)

    def _put(self, subject: Subject | None) -> None:
        """Put a form on the bench, with what the computer gives it."""
        self.subject = subject
        self.device = Device()
        self.preview.clear()
        self.trial.clear()
        if subject is None or subject.form is None:
            self._show()
            return
        then = partial(self._equipped, subject)
        mine = self.desk.account.id
        self.desk.runner.read(form_device.device, subject.form, mine, then=then, owner=self)

    def _equipped(self, subject: Subject, device: Device) -> None:
        if subject is self.subject:
            self.device = device
            self._show()

    # showing --------------------------------------------------------------------

    def _show(self) -> None:
        subject, tab = self.subject, self.tabs.currentIndex()
        self.again.setVisible(self.path is not None)
        runs = subject is not None and subject.form is not None
        for place in (PREVIEW, COMPARE, TRIAL):
            self.tabs.setTabEnabled(place, runs)
        if subject is None:
            self.sides.setCurrentWidget(self.nothing)
            return
        self.sides.setCurrentIndex(tab if runs else REPORT)
        if tab == REPORT or not runs:
            self.report.show_subject(subject)
        elif tab == PREVIEW:
            self.preview.show_subject(subject, self.device)
        elif tab == COMPARE:
            self.comparison.show_subject(subject, self.versions)
        else:
            self.trial.show_subject(subject, self.device)

    def print(self) -> None:
        """Whatever is in sight, on paper."""
        side = self.sides.currentWidget()
        if isinstance(side, ReportSide | PreviewSide | CompareSide):
            side.print()

    # files ----------------------------------------------------------------------

    def choose(self) -> None:
        """Choose a file to look at; nothing is kept."""
        filters = _("Questionnaires") + " (*.xlsx *.xlsm *.xls *.md *.csv *.xml *.zip)"
        path = self.desk.asker.open_file(_("Examine a questionnaire"), filters)
        if path is not None:
            self._examine(path, [])

    def read_again(self) -> None:
        """Read the file again: its designer has changed it meanwhile."""
        if self.path is not None:
            self._examine(self.path, self.more)

    def add_files(self) -> None:
        """Choose lists, pictures, sound and video that the form asks for."""
        filters = _("Lists, pictures, sound and video; archives") + " (*)"
        paths = self.desk.asker.open_files(_("Add files"), filters)
        if paths and self.path is not None:
            self._examine(self.path, [*self.more, *paths])

    def _examine(self, path: Path, more: list[Path]) -> None:
        self.path, self.more = path, more
        self.desk.runner.job(
            examine,
            path,
            more,
            then=partial(self._examined, path),
            owner=self,
            title=_("Reading {name}").format(name=path.name),
        )

    def _examined(self, path: Path, subject: Subject) -> None:
        if path != self.path:
            return  # another one was chosen meanwhile
        words = _("{name} (only read)").format(name=path.name)
        place = self.forms.findData(FILE)
        if place < 0:
            self.forms.insertItem(0, words, FILE)
            place = 0
        self.forms.setItemText(place, words)
        self.forms.setCurrentIndex(place)
        self.forms.show()
        self._put(subject)

    def put_in_use(self) -> None:
        """Keep the form that was only read, and put it in use."""
        if self.path is not None:
            self.desk.runner.job(
                import_xlsform,
                self.path,
                self.more,
                then=self._in_use,
                owner=self,
                failed=self._not_in_use,
                title=_("Import of {name}").format(name=self.path.name),
            )

    def _in_use(self, made: Imported) -> None:
        self.desk.asker.tell(_("“{title}” is in use.").format(title=made.title))
        self.path = None
        self.forms.removeItem(self.forms.findData(FILE))
        self.desk.settings.remember(STATE, made.questionnaire.id)
        self.forms.setCurrentIndex(-1)
        self.load()

    def _not_in_use(self, fault: Fault) -> None:
        self.desk.asker.fault(fault)

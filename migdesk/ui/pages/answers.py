"""Answers: counting them, taking them out, taking some in. Reached from Questionnaires."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from migdesk.errors import Fault
from migdesk.i18n import _, ngettext
from migdesk.jobs.export_answers import Loaded, load
from migdesk.models.store import Changes
from migdesk.services import answers
from migdesk.services.answers import Limits, Version
from migdesk.services.count_words import figure
from migdesk.task import Task
from migdesk.ui.desk import Desk, Page
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, Card, EmptyState, PageHeader, Tabs

from .answers_count import Counting
from .answers_export import Exporting
from .answers_import import Importing
from .answers_limits import LimitsBar
from .pieces import body_of

STATE = "answers.form"
COUNT, EXPORT, IMPORT = range(3)


class AnswersPage(Page):
    """One questionnaire in all its versions, within limits; three things to do with it."""

    name = "answers"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.form = ""
        self.wanted_form = ""
        self.loaded: Loaded | None = None
        self._reading: Task | None = None
        self.bar = LimitsBar(desk)
        self.bar.changed.connect(self._on_limits)
        self.tabs = Tabs([_("Count"), _("Export"), _("Import")])
        self.tabs.setAccessibleName(_("Answers"))
        self.counting, self.exporting = Counting(desk), Exporting(desk)
        self.importing = Importing(desk)
        self.nothing = EmptyState(
            "chart-box-outline",
            _("No filled questionnaire is here to count"),
            _("Fill one, widen the period or the place, or import what Kobo or ODK exported."),
            _("Import…"),
            lambda: self.tabs.setCurrentIndex(IMPORT),
        )
        box = body_of(self)
        box.addLayout(self._head())
        box.addWidget(self.tabs)
        self.limits_card = Card()
        self.limits_card.body.addWidget(self.bar)
        box.addWidget(self.limits_card)
        for side in (self.counting, self.exporting, self.importing, self.nothing):
            box.addWidget(side)
        box.addStretch(1)
        self.tabs.currentChanged.connect(lambda _tab: self._show())
        self._show()

    def _head(self) -> QHBoxLayout:
        """The way back, the title, and the questionnaire that it is about."""
        self.forms = QComboBox()
        self.forms.setAccessibleName(_("Questionnaire"))
        self.forms.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.forms.setMaximumWidth(px(420))
        self.forms.activated.connect(lambda _row: self._on_form())
        self.back = Button("‹", partial(self.desk.go, "questionnaires"))
        self.back.setAccessibleName(_("Back to the questionnaires"))
        self.back.setToolTip(_("Back to the questionnaires"))
        self.header = PageHeader(_("Answers"), "", [self.forms])
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.header, 1)
        return head

    # arriving -----------------------------------------------------------------

    def load(self) -> None:
        self.bar.load()
        self.desk.runner.read(answers.forms_here, then=self._list, owner=self)

    def on_changed(self, changes: Changes) -> None:
        # A hidden page reads when it is gone to.
        if self.isVisible() and changes.touches("submission", "questionnaire", "person"):
            self.desk.runner.read(answers.forms_here, then=self._list, owner=self)

    def arrive(self, **args: Any) -> None:
        """``questionnaire=…`` or ``form=…`` chooses one, ``tab="import"`` a side."""
        tab = {"count": COUNT, "export": EXPORT, "import": IMPORT}.get(args.get("tab", ""))
        if tab is not None:
            self.tabs.setCurrentIndex(tab)
        if args.get("form"):
            self._choose(args["form"])
        elif args.get("questionnaire"):
            self.desk.runner.read(
                answers.form_of, args["questionnaire"], then=self._choose, owner=self
            )

    def _list(self, found: tuple[tuple[str, str, int], ...]) -> None:
        wanted = self.form or self.desk.settings.state(STATE)
        self.forms.clear()
        for form, title, n in found:
            self.forms.addItem(f"{title} · {figure(n)}", form)
        self.forms.setVisible(bool(found))
        if found:
            place = self.forms.findData(wanted)
            if place < 0:  # the one with the most answers
                place = max(range(len(found)), key=lambda n: found[n][2])
            self.forms.setCurrentIndex(place)
        self._on_form()

    def _choose(self, form: str) -> None:
        place = self.forms.findData(form)
        if place >= 0 and form != self.form:
            self.forms.setCurrentIndex(place)
            self._on_form()

    # what it is about ---------------------------------------------------------

    def _on_form(self) -> None:
        self.form = str(self.forms.currentData() or "")
        if self.form:
            self.desk.settings.remember(STATE, self.form)
            runner = self.desk.runner
            runner.read(answers.versions, self.form, then=self._on_versions, owner=self)
        self._on_limits()

    def _on_versions(self, versions: tuple[Version, ...]) -> None:
        if versions:
            self.importing.show_form(versions[0].id, versions[0].name)

    def _on_limits(self) -> None:
        self.loaded = None
        limits = self.bar.limits()
        counted = partial(self._on_count, self.form, limits)
        self.desk.runner.read(answers.count, self.form, limits, then=counted, owner=self)

    def _on_count(self, form: str, limits: Limits, n: int) -> None:
        if form != self.form:
            return
        words = ngettext("{n} filled questionnaire", "{n} filled questionnaires", n)
        self.header.show_as(_("Answers"), words.format(n=figure(n)))
        self.exporting.show_form(form, limits, n)
        self._show()
        if self._reading is not None:
            self._reading.cancel()
        if n:
            self._reading = self.desk.runner.job(
                load,
                form,
                limits,
                then=partial(self._on_loaded, form, limits),
                owner=self,
                failed=self._on_failed,
                title=_("Reading the answers"),
            )

    def _on_loaded(self, form: str, limits: Limits, loaded: Loaded) -> None:
        if form != self.form or limits != self.bar.limits():
            return  # chosen otherwise meanwhile
        self.loaded = loaded
        about = [(_("Questionnaire"), loaded.data.title), *self.bar.words()]
        about.append((_("Filled questionnaires"), figure(len(loaded.data.entries))))
        self.exporting.show_data(loaded)
        self.counting.show_data(loaded, about)
        self._show()

    def _on_failed(self, fault: Fault) -> None:
        self._show()
        self.desk.asker.fault(fault)

    def _show(self) -> None:
        tab = self.tabs.currentIndex()
        self.limits_card.setVisible(tab != IMPORT)
        empty = tab == COUNT and not self.exporting.count
        # No stack: it would be as high as its highest side, and the page scroll for nothing.
        self.nothing.setVisible(empty)
        for place, side in enumerate((self.counting, self.exporting, self.importing)):
            side.setVisible(place == tab and not empty)

"""The test run: the questionnaire at one side, what happens inside of it at the other."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSplitter, QVBoxLayout, QWidget

from migdesk.forms.trial import Played, Script, Setup, Trial
from migdesk.forms.values import BadAnswer, codec
from migdesk.i18n import _, language, ngettext, said_of
from migdesk.jobs.bench import open_script, play, save_script
from migdesk.services.bench import Subject
from migdesk.services.form_device import Device
from migdesk.services.form_words import spoken_in
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, label, set_property

from .bench_inspector import Inspector
from .bench_rehearsal import Rehearsal

NARROW = 900
LARGEST_SEED = 999_999


class TrialSide(QWidget):
    """`subject` is what is tried out; each opening begins a new trial."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.subject: Subject | None = None
        self.view: Rehearsal | None = None
        self._device = Device()
        self._typed = ("", "")
        tools = self._tools()
        self.inspector = Inspector()
        self.inspector.asked.connect(self._go)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.form_side = QWidget()
        self.form_box = QVBoxLayout(self.form_side)
        self.form_box.setContentsMargins(0, 0, 0, 0)
        self.split.addWidget(self.form_side)
        self.split.addWidget(self.inspector)
        self.split.setSizes([560, 540])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(tools)
        column.addWidget(self.split, 1)
        shortcut("F4", self, self.turn)
        self._narrow = False

    def _tools(self) -> QHBoxLayout:
        """Clock and seed, and what can be done with the test."""
        self.clock = QLineEdit()
        self.clock.setAccessibleName(_("Date and time of the test"))
        self.clock.setFixedWidth(px(150))
        self.clock.editingFinished.connect(self._on_setup)
        self.seed = QLineEdit()
        self.seed.setAccessibleName(_("Seed of what is random"))
        self.seed.setValidator(QIntValidator(0, LARGEST_SEED))
        self.seed.setFixedWidth(px(76))
        self.seed.editingFinished.connect(self._on_setup)
        self.other = Button(_("Inspector"), self.turn, key="F4")
        self.tests = Button(_("Test") + " ▾", role="flat")
        menu = QMenu(self.tests)
        menu.addAction(_("Save the test…"), self.save)
        menu.addAction(_("Play a test…"), self.choose)
        self.tests.setMenu(menu)
        self.begin_again = Button(_("Begin again"), self.restart, role="flat")
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for name, typed in ((_("Clock"), self.clock), (_("Seed"), self.seed)):
            tools.addWidget(label(name, "muted"))
            tools.addWidget(typed)
        tools.addStretch(1)
        for button in (self.begin_again, self.tests, self.other):
            tools.addWidget(button)
        return tools

    # trials -------------------------------------------------------------------

    @property
    def trial(self) -> Trial | None:
        run = self.view.filling.run if self.view is not None else None
        return run if isinstance(run, Trial) else None

    def show_subject(self, subject: Subject, device: Device) -> None:
        """Try another form out."""
        if subject is self.subject and self.view is not None:
            return
        self.subject, self._device = subject, device
        self.restart()

    def restart(self) -> None:
        """A new trial of the same form, now, with another chance."""
        if self.subject is None or self.subject.form is None:
            return
        form = self.subject.form
        now = datetime.now().astimezone().replace(second=0, microsecond=0)
        spoken = spoken_in(form, language())
        seed = random.SystemRandom().randrange(1, LARGEST_SEED)
        self._show(Trial(form, Setup(now, seed, spoken, self._device.properties)))
        self.inspector.forget()

    def _show(self, trial: Trial) -> None:
        assert self.subject is not None
        self._drop()
        self.clock.setText(trial.setup.now.strftime("%Y-%m-%d %H:%M"))
        self.seed.setText(str(trial.setup.seed))
        self._typed = (self.clock.text(), self.seed.text())
        set_property(self.clock, "wrong", "")
        self.view = Rehearsal(self.desk, trial, self.subject, named=False)
        self.view.tried.connect(self._refresh)
        self.view.stood.connect(self.inspector.stand)
        self.view.left.connect(self.inspector.begin)
        self.view.ended.connect(self._on_ended)
        self.form_box.addWidget(self.view)
        self.view.show()
        self._refresh()
        self.inspector.stand(self.view.filling.key)
        if self.isVisible():
            self.view.begin()

    def _drop(self) -> None:
        if self.view is not None:
            self.view.hide()
            self.form_box.removeWidget(self.view)
            self.view.deleteLater()
            self.view = None

    def clear(self) -> None:
        """Nothing is tried out any more."""
        self.subject = None
        self._drop()

    def _refresh(self) -> None:
        if self.trial is not None:
            self.inspector.show_trial(self.trial)

    def _on_ended(self) -> None:
        self.desk.asker.tell(
            _("The questionnaire is complete. It was a test: nothing is kept.")
        )

    def _go(self, ref: str) -> None:
        """Stand at a question, where it is on the screen."""
        if self.view is None:
            return
        if ref in self.view.filling.walk.index:
            if self._narrow and not self.form_side.isVisible():
                self.turn()
            self.view.go(ref)
        else:
            self.desk.asker.tell(_("This place is not on the screen now."))

    # clock and chance -----------------------------------------------------------

    def _on_setup(self) -> None:
        """The same answers with another clock or another chance."""
        trial = self.trial
        typed = (self.clock.text(), self.seed.text())
        if trial is None or typed == self._typed:
            return
        self._typed = typed
        try:
            moment = codec("dateTime").parse(self.clock.text())
        except BadAnswer as fault:
            set_property(self.clock, "wrong", "true")
            self.desk.asker.fault(fault)
            return
        now = datetime.fromisoformat(moment).astimezone()
        seed = int(self.seed.text() or 0)
        set_property(self.clock, "wrong", "")
        key = self.view.filling.key if self.view is not None else ""
        self._show(trial.again(replace(trial.setup, now=now, seed=seed)))
        if self.view is not None and key in self.view.filling.walk.index:
            self.view.filling.key = key
            self.view.refresh()

    # scripts --------------------------------------------------------------------

    def save(self) -> None:
        """Keep the test in a file."""
        trial = self.trial
        if trial is None:
            return
        name = f"{trial.form.form_id}-test.json"
        path = self.desk.asker.save_file(_("Save the test"), name, _("Test runs") + " (*.json)")
        if path is not None:
            said = _("Saved: {name}").format(name=path.name)
            self.desk.runner.job(
                save_script,
                trial,
                path,
                then=lambda _none: self.desk.asker.tell(said),
                owner=self,
                title=_("Save the test"),
            )

    def choose(self) -> None:
        """Play a test again, on the form that is on the bench."""
        path = self.desk.asker.open_file(_("Play a test"), _("Test runs") + " (*.json)")
        if path is not None:
            self.desk.runner.job(
                open_script, path, then=self._play, owner=self, title=_("Play a test")
            )

    def _play(self, kept: Script) -> None:
        if self.subject is None or self.subject.form is None:
            return
        self.desk.runner.job(
            play,
            self.subject.form,
            kept,
            self._device.properties,
            then=partial(self._on_played, kept),
            owner=self,
            title=_("Play a test"),
        )

    def _on_played(self, kept: Script, played: Played) -> None:
        self._show(played.trial)
        steps = len(kept.steps) - 1
        said = ngettext("{n} step played", "{n} steps played", steps).format(n=steps)
        self.inspector.show_played(played, kept, said)
        n = len(played.differences)
        words = ngettext("{n} difference.", "{n} differences.", n).format(n=n)
        same = _("Everything went as it did then.")
        self.desk.asker.tell(said_of(said, words) if n else same)
        if self._narrow and not self.inspector.isVisible():
            self.turn()

    # room -----------------------------------------------------------------------

    def turn(self) -> None:
        """From the form to the inspector and back; where there is no room, one is shown."""
        inside = self.inspector.isAncestorOf(self.focusWidget() or self)
        if self._narrow:
            inside = self.inspector.isVisible()
            self.inspector.setVisible(not inside)
            self.form_side.setVisible(inside)
        if inside and self.view is not None:
            self.view.begin()
        elif not inside:
            self.inspector.begin()
        self._name_other()

    def _name_other(self) -> None:
        questions = self._narrow and not self.form_side.isVisibleTo(self)
        self.other.setText(_("Questions") if questions else _("Inspector"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self.form_side.show()
            self.inspector.setVisible(not narrow)
            self._name_other()

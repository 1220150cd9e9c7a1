"""Questionnaires: those in use, drafts to resume, what was filled, and filling itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from migdesk.forms import Form
from migdesk.i18n import _
from migdesk.models.store import Changes
from migdesk.services import drafts, form_device, form_words, records
from migdesk.services.drafts import DraftView
from migdesk.services.form_device import Device
from migdesk.services.records import View
from migdesk.services.submissions import LINKS, Filled
from migdesk.ui.desk import Desk, Page
from migdesk.ui.formview import About, Filling, FormView, ReadView, StartPanel

from .questionnaires_home import NARROW, Home


class QuestionnairesPage(Page):
    """The list, and over it whatever a person is filling or reading."""

    name = "questionnaires"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.home = Home(desk)
        self.home.fill_asked.connect(self.prepare)
        self.home.resume_asked.connect(self.resume)
        self.home.read_asked.connect(self.read)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.home)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)

    def load(self) -> None:
        if self.pages.currentWidget() is self.home:
            self.home.load()

    def on_changed(self, changes: Changes) -> None:
        if self.pages.currentWidget() is self.home:
            self.home.on_changed(changes)

    def arrive(self, **args: Any) -> None:
        """``draft=…`` resumes; ``kind="submission", id=…`` reads; ``questionnaire=…``
        fills, about the record ``kind=…, id=…`` if given, which alone asks for a
        questionnaire first."""
        kind, id = args.get("kind", ""), args.get("id", "")
        if args.get("draft"):
            self.resume(args["draft"])
        elif kind == "submission":
            self.read(id)
        elif kind == "questionnaire":
            self.prepare(id)
        elif kind in LINKS and id:
            about = partial(self._about, args.get("questionnaire", ""))
            self.desk.runner.read(records.get, kind, id, then=about, owner=self)
        elif args.get("questionnaire"):
            self.prepare(args["questionnaire"])

    def _about(self, questionnaire: str, record: View) -> None:
        about = About(record.kind, record.id, record.title)
        if questionnaire:
            self.prepare(questionnaire, (about,))
        else:
            self.show_home()
            self.home.ask_about(about)

    def leave(self) -> None:
        inside = self.pages.currentWidget()
        if isinstance(inside, FormView):
            inside.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.home.set_narrow(self.width() < NARROW)

    # what is shown ------------------------------------------------------------

    def show_home(self) -> None:
        """Back to the list; what was over it goes."""
        self._clear()
        self.home.load()

    def _show(self, view: QWidget) -> None:
        self._clear()
        self.pages.addWidget(view)
        self.pages.setCurrentWidget(view)

    def _clear(self) -> None:
        self.leave()
        for old in [self.pages.widget(n) for n in range(1, self.pages.count())]:
            assert old is not None
            self.pages.removeWidget(old)
            old.hide()
            old.deleteLater()

    def prepare(self, questionnaire: str, about: tuple[About, ...] = ()) -> None:
        """Ask whom it is about, then fill."""
        begun = partial(self._prepared, questionnaire, about or self.home.about)
        self.desk.runner.read(form_words.open_form, questionnaire, then=begun, owner=self)

    def _prepared(self, questionnaire: str, about: tuple[About, ...], form: Form) -> None:
        panel = StartPanel(self.desk, questionnaire, form, about)
        panel.begun.connect(self.fill)
        panel.left.connect(self.show_home)
        self._show(panel)
        panel.start()

    def fill(self, filling: Filling) -> None:
        """Fill a questionnaire from where it stands."""
        self.home.ask_about(None)
        view = FormView(self.desk, filling)
        view.left.connect(self.show_home)
        view.finished.connect(self._on_finished)
        self._show(view)
        view.begin()

    def resume(self, draft: str) -> None:
        """Go on with a draft, with the version of the form that it was begun with."""
        self.desk.runner.read(drafts.get, draft, then=self._found, owner=self)

    def _found(self, draft: DraftView | None) -> None:
        if draft is None:
            self.desk.asker.tell(_("This draft is not here any more."))
            self.show_home()
            return
        resumed = partial(self._resumed, draft)
        self.desk.runner.read(form_words.open_draft, draft.body, then=resumed, owner=self)

    def _resumed(self, draft: DraftView, form: Form) -> None:
        go_on = partial(self._go_on, draft, form)
        mine = self.desk.account.id
        self.desk.runner.read(form_device.device, form, mine, then=go_on, owner=self)

    def _go_on(self, draft: DraftView, form: Form, device: Device) -> None:
        self.fill(Filling.resume(form, draft.id, draft.body, device))

    def read(self, submission: str) -> None:
        """Show a submission."""
        self.desk.runner.read(form_words.open_filled, submission, then=self._read, owner=self)

    def _read(self, filled: Filled) -> None:
        view = ReadView(self.desk, filled)
        view.left.connect(self.show_home)
        self._show(view)
        view.setFocus()

    def _on_finished(self, submission: str) -> None:
        self.read(submission)
        said = _("The questionnaire is finished and kept.")
        again = partial(self.desk.print, "questionnaire", id=submission)
        self.desk.asker.tell(said, _("Print"), again)

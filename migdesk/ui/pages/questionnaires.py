"""Questionnaires: those in use, drafts to resume, what was filled, and filling itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from migdesk.forms import Form
from migdesk.i18n import _
from migdesk.models.store import Changes
from migdesk.services import copies, corrections, drafts, form_device, form_words, records
from migdesk.services.copies import Copy
from migdesk.services.corrections import Correction
from migdesk.services.drafts import DraftView
from migdesk.services.form_device import Device
from migdesk.services.form_words import numbers
from migdesk.services.records import View
from migdesk.services.review import Remark
from migdesk.services.submissions import LINKS, Filled
from migdesk.ui.desk import Desk, Page
from migdesk.ui.formview import About, Filling, FormView, StartPanel
from migdesk.ui.formview.correcting import Correcting, CorrectView
from migdesk.ui.recordview.parts import shortcut

from .questionnaires_entities import EntitiesView
from .questionnaires_home import NARROW, Home
from .review import CopyView, ReviewView
from .review_copies import CopiesView


class QuestionnairesPage(Page):
    """The list, and over it whatever a person is filling or reading."""

    name = "questionnaires"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.home = Home(desk)
        self.home.fill_asked.connect(self.prepare)
        self.home.resume_asked.connect(self.resume)
        self.home.read_asked.connect(self.read)
        self.home.correct_asked.connect(self.correct)
        self.home.registers_asked.connect(self.registers)
        for keys, place in (("Ctrl+PgUp", 0), ("Ctrl+PgDown", 1)):
            shortcut(keys, self, partial(self.home.tabs.setCurrentIndex, place))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.home)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)

    def load(self) -> None:
        if self.pages.currentWidget() is self.home:
            self.home.load()

    def on_changed(self, changes: Changes) -> None:
        inside = self.pages.currentWidget()
        if isinstance(inside, Home | ReviewView):
            inside.on_changed(changes)

    def arrive(self, **args: Any) -> None:
        """``draft=…`` resumes; ``kind="submission", id=…`` reads; ``correct=…`` corrects a
        submission; ``questionnaire=…`` fills, about the record ``kind=…, id=…`` if given,
        which alone asks for a questionnaire first."""
        kind, id = args.get("kind", ""), args.get("id", "")
        if args.get("draft"):
            self.resume(args["draft"])
        elif args.get("correct"):
            self.correct(args["correct"])
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
        if isinstance(inside, FormView | ReviewView):
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
        if isinstance(filling, Correcting):
            view: FormView = CorrectView(self.desk, filling)
        else:
            view = FormView(self.desk, filling)
        view.left.connect(self.show_home)
        view.finished.connect(self._on_finished)
        self._show(view)
        view.begin()

    def registers(self, questionnaire: View) -> None:
        """Set up what a questionnaire registers."""
        view = EntitiesView(self.desk, questionnaire)
        view.left.connect(self.show_home)
        self._show(view)
        view.load()

    def resume(self, draft: str) -> None:
        """Go on with a draft, with the version of the form that it was begun with."""
        self.desk.runner.read(drafts.get, draft, then=self._found, owner=self)

    def _found(self, draft: DraftView | None) -> None:
        if draft is None:
            self.desk.asker.tell(_("This draft is not here any more."))
            self.show_home()
            return
        if draft.body.get("corrects"):
            self.correct(draft.body["corrects"])
            return
        resumed = partial(self._resumed, draft)
        self.desk.runner.read(form_words.open_draft, draft.body, then=resumed, owner=self)

    def _resumed(self, draft: DraftView, form: Form) -> None:
        go_on = partial(self._go_on, draft, form)
        mine = self.desk.account.id
        self.desk.runner.read(form_device.device, form, mine, then=go_on, owner=self)

    def _go_on(self, draft: DraftView, form: Form, device: Device) -> None:
        self.fill(Filling.resume(form, draft.id, draft.body, device))

    # reading and correcting ---------------------------------------------------

    def read(self, submission: str) -> None:
        """Show a submission."""
        self.desk.runner.read(form_words.open_filled, submission, then=self._read, owner=self)

    def _read(self, filled: Filled) -> None:
        view = ReviewView(self.desk, filled)
        view.left.connect(self.show_home)
        view.outdated.connect(self.read)
        view.next_asked.connect(self.read)
        view.correct_asked.connect(self.correct)
        view.copies_asked.connect(lambda _id: self.show_copies(filled.submission))
        self._show(view)
        view.begin()

    def correct(self, submission: str) -> None:
        """Fill a finished submission again, with its own version of the form."""
        mine = self.desk.account.id
        self.desk.runner.read(
            corrections.begin, submission, mine, then=self._correct, owner=self
        )

    def _correct(self, found: Correction) -> None:
        numbers(found.form)
        filling = Correcting.begin(found, self.desk.account.id)
        if filling.replaces != str(found.filled.submission.values["instance"] or ""):
            words = _(
                "It was corrected by somebody else since you began. What you finish takes the "
                "place of that correction; every copy stays among the earlier ones."
            )
            self.desk.asker.tell(words)
        self.fill(filling)

    def show_copies(self, submission: View) -> None:
        """Show what a submission was before it was corrected."""
        view = CopiesView(self.desk, submission)
        view.left.connect(partial(self.read, submission.id))
        view.opened.connect(partial(self._open_copy, submission))
        self._show(view)
        view.load()
        view.begin()

    def _open_copy(self, submission: View, copy: Copy) -> None:
        shown = partial(self._show_copy, submission, copy)
        read = self.desk.runner.read
        read(copies.open_with_remarks, submission.id, copy, then=shown, owner=self)

    def _show_copy(
        self, submission: View, copy: Copy, found: tuple[Filled, tuple[Remark, ...]]
    ) -> None:
        view = CopyView(self.desk, found[0], copy, found[1])
        view.left.connect(partial(self.show_copies, submission))
        self._show(view)
        view.setFocus()

    def _on_finished(self, submission: str) -> None:
        self.read(submission)
        said = _("The questionnaire is finished and kept.")
        again = partial(self.desk.print, "questionnaire", id=submission)
        self.desk.asker.tell(said, _("Print"), again)

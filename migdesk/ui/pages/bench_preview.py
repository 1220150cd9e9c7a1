"""A form as enumerators will see it: on the screen and on paper, in each language."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from migdesk.forms import Run
from migdesk.i18n import _, language
from migdesk.services.bench import Subject
from migdesk.services.form_device import Device
from migdesk.services.form_words import spoken_in
from migdesk.ui.desk import Desk
from migdesk.ui.formview.head import spoken_name
from migdesk.ui.widgets import Button, label

from .bench_rehearsal import Rehearsal


class PreviewSide(QWidget):
    """Answers may be given, to see what comes next; they go with the page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.subject: Subject | None = None
        self.view: Rehearsal | None = None
        self._device = Device()
        self.paper = Button(_("On paper"), self.print, key=_("Ctrl P"))
        self.again = Button(_("Begin again"), self.restart, role="flat")
        self.spoken = label("", "muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.spoken, 1)
        row.addWidget(self.again)
        row.addWidget(self.paper)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.column.addLayout(row)

    def show_subject(self, subject: Subject, device: Device) -> None:
        """Show another form."""
        if subject is not self.subject or self.view is None:
            self.subject, self._device = subject, device
            self.restart()

    def restart(self) -> None:
        """Empty, as at the first question."""
        if self.subject is None or self.subject.form is None:
            return
        form = self.subject.form
        spoken = self.view.filling.run.language if self.view is not None else ""
        if spoken not in form.languages:
            spoken = spoken_in(form, language())
        self.clear(keep=True)
        run = Run(form, spoken, properties=self._device.properties)
        self.view = Rehearsal(self.desk, run, self.subject)
        self.view.tried.connect(self._name)
        self.view.left.connect(self.paper.setFocus)
        self.view.ended.connect(self._on_ended)
        self.column.addWidget(self.view, 1)
        self.view.show()
        self._name()
        if self.isVisible():
            self.view.begin()

    def _on_ended(self) -> None:
        self.desk.asker.tell(
            _("The questionnaire is complete. It was a test: nothing is kept.")
        )

    def clear(self, keep: bool = False) -> None:
        """Nothing to show any more."""
        if self.view is not None:
            self.view.hide()
            self.column.removeWidget(self.view)
            self.view.deleteLater()
            self.view = None
        if not keep:
            self.subject = None

    def _name(self) -> None:
        if self.view is None:
            return
        run = self.view.filling.run
        names = [spoken_name(name) for name in run.form.languages]
        if not names:
            self.spoken.setText(_("The form has one language, without a name."))
            return
        words = _("Shown in {language}. F9 goes on to the next of: {languages}.")
        shown = words.format(language=spoken_name(run.language), languages=", ".join(names))
        self.spoken.setText(shown)

    def print(self) -> None:
        """The blank questionnaire on paper, in the language that is shown."""
        subject = self.subject
        if subject is None or self.view is None:
            return
        spoken = self.view.filling.run.language
        if subject.questionnaire:
            self.desk.print("questionnaire", questionnaire=subject.questionnaire, speech=spoken)
        else:
            self.desk.print(
                "questionnaire", form=subject.form, speech=spoken, files=subject.files
            )

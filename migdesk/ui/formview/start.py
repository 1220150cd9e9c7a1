"""Before the first question: in which language, and whom or what the answers are about."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from migdesk.errors import Fault, Mistake
from migdesk.forms import Form
from migdesk.i18n import _, language
from migdesk.models import RECORDS
from migdesk.services import double_entry, form_device, search
from migdesk.services.form_device import Device
from migdesk.services.form_words import numbers, spoken_in
from migdesk.services.search import Hit
from migdesk.services.submissions import LINKS
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import FlowLayout, clear, shortcut
from migdesk.ui.recordview.suggest import Answer, Option, Suggester
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, Card, PageHeader, PrimaryButton, label

from .filling import About, Filling
from .head import spoken_name

PAUSE_MS = 120


class StartPanel(QWidget):
    """`begun(Filling)` when the person begins, `left` when not."""

    begun = Signal(object)
    left = Signal()

    def __init__(
        self, desk: Desk, questionnaire: str, form: Form, about: Iterable[About] = ()
    ) -> None:
        super().__init__()
        self.desk = desk
        self.questionnaire = questionnaire
        self.form = form
        self._begun = False
        self.about: dict[str, About] = {each.kind: each for each in about}
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 20)
        column.setSpacing(16)
        away = Button(_("Back"), self.left.emit, key=_("Esc"))
        version = _("Version {version}").format(version=form.version) if form.version else ""
        column.addWidget(PageHeader(form.title, version, [away]))
        column.addWidget(self._card())
        column.addStretch(1)
        shortcut("Escape", self, self.left.emit)
        for keys in ("Return", "Enter"):
            shortcut(keys, self, self._on_enter)
        self._show_about()

    def _card(self) -> Card:
        card = Card()
        card.setMaximumWidth(px(720))
        self.line = QLineEdit()
        self.line.setProperty("role", "big")
        words = _("Name, code, village, case or organisation")
        self.line.setPlaceholderText(words)
        self.line.setAccessibleName(_("Who or what is it about?"))
        self.suggester = Suggester(self.line, self._find, self._take, PAUSE_MS)
        self.speech = QComboBox()
        self.speech.setAccessibleName(_("Language of the interview"))
        self.speech.setMaximumWidth(px(280))
        for name in self.form.languages:
            self.speech.addItem(spoken_name(name), name)
        index = self.speech.findData(spoken_in(self.form, language()))
        self.speech.setCurrentIndex(max(index, 0))
        self.chosen = QWidget()
        self.chips = FlowLayout(self.chosen)
        self.begin_button = PrimaryButton(_("Begin"), self.begin, key=_("Enter"))
        hint = _("It may stay empty: the answers are then linked to nobody.")
        card.body.addWidget(label(_("Who or what is it about?"), "section"))
        card.body.addWidget(label(hint, "muted", wrap=True))
        card.body.addWidget(self.line)
        card.body.addWidget(self.chosen)
        if self.form.languages:
            card.body.addWidget(label(_("Language of the interview"), "section"))
            card.body.addWidget(self.speech)
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        card.body.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addWidget(self.begin_button)
        row.addStretch(1)
        card.body.addSpacing(8)
        card.body.addLayout(row)
        return card

    def start(self) -> None:
        """Take the focus."""
        (self.begin_button if self.about else self.line).setFocus()

    def _find(self, text: str, answer: Answer) -> None:
        if not text:
            answer([])
            return

        def found(hits: tuple[Hit, ...]) -> None:
            answer([Option(hit, hit.title, self._detail(hit)) for hit in hits])

        self.desk.runner.read(search.find, text, LINKS, 9, then=found, owner=self)

    def _detail(self, hit: Hit) -> str:
        kind = str(RECORDS[hit.kind].label)
        return " · ".join(filter(None, (kind, hit.code or hit.detail)))

    def _take(self, option: Option) -> None:
        hit: Hit = option.value
        self.about[hit.kind] = About(hit.kind, hit.id, hit.title)
        self.line.clear()
        self._show_about()
        self.begin_button.setFocus()

    def _show_about(self) -> None:
        clear(self.chips)
        for each in self.about.values():
            words = _("{kind}: {name}").format(kind=RECORDS[each.kind].label, name=each.title)
            chip = Button(f"{words}  ✕", role="chip")
            chip.setToolTip(_("Remove"))
            chip.clicked.connect(lambda _on=False, kind=each.kind: self._drop(kind))
            self.chips.addWidget(chip)
        self.chosen.setVisible(bool(self.about))

    def _drop(self, kind: str) -> None:
        del self.about[kind]
        self.wrong.hide()
        self._show_about()
        self.line.setFocus()

    def _on_enter(self) -> None:
        # Words that were not chosen from the list would be lost: the list comes first.
        if not (self.line.hasFocus() and self.line.text().strip()):
            self.begin()

    def begin(self) -> None:
        """Begin with what was chosen, unless it is a paper that somebody else must type."""
        if self._begun:
            return
        self._begun = True
        paper = self.about.get("paper_copy")
        if paper is None:
            self._open()
            return
        self.desk.runner.read(
            double_entry.may_type,
            paper.id,
            self.desk.account.id,
            then=lambda _step: self._open(),
            owner=self,
            failed=self._on_refused,
        )

    def _on_refused(self, fault: Fault) -> None:
        self._begun = False
        if isinstance(fault, Mistake):
            self.wrong.setText(fault.words)
            self.wrong.show()
        else:
            self.desk.asker.fault(fault)

    def _open(self) -> None:
        numbers(self.form)
        mine = self.desk.account.id
        self.desk.runner.read(
            form_device.device, self.form, mine, then=self._begin, owner=self
        )

    def _begin(self, device: Device) -> None:
        run = device.run(self.form, self.speech.currentData())
        about = tuple(self.about.values())
        self.begun.emit(Filling(run, self.questionnaire, about))

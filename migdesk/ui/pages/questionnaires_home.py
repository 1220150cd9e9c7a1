"""The list of questionnaires: in use, to resume, filled."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.models.dates import show_moment
from migdesk.models.store import Changes
from migdesk.services import drafts, entity_setup, form_lists, submissions
from migdesk.services.drafts import DraftView
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.formview import About
from migdesk.ui.rights import may_go, may_write
from migdesk.ui.theme import px
from migdesk.ui.widgets import (
    Button,
    Card,
    EmptyState,
    PageHeader,
    Tabs,
    empty,
    label,
    set_property,
)

from .pieces import body_of
from .questionnaires_filled import FilledCard
from .questionnaires_import import ImportReport
from .review_returned import ReturnedCard

NARROW = 1000
WORDS = 140
"""Room that the words of a line need beside its buttons."""


class Home(QWidget):
    """`fill_asked(questionnaire)`, `resume_asked(draft)`, `read_asked(submission)`,
    `correct_asked(submission)`."""

    fill_asked = Signal(str)
    resume_asked = Signal(str)
    read_asked = Signal(str)
    registers_asked = Signal(object)
    correct_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.about: tuple[About, ...] = ()
        self._views: tuple[View, ...] = ()
        self.import_button = Button(_("Import a questionnaire…"), self.import_form)
        self.writes = may_write(desk, "questionnaire")
        self.bench_button = Button(_("Design bench"), partial(desk.go, "bench"))
        offered = [self.bench_button] if may_go(desk, "bench") else []
        offered += [self.import_button] if self.writes else []
        self.header = PageHeader(_("Questionnaires"), "", offered)
        self.header.setContentsMargins(24, 16, 24, 0)
        self.tabs = Tabs([_("To fill"), _("Filled")])
        self.tabs.setAccessibleName(_("Questionnaires"))
        self.tabs.setToolTip(_("Ctrl PgUp and Ctrl PgDown change the tab"))
        self.parts = QStackedWidget()
        self.parts.addWidget(self._build_fill())
        self.parts.addWidget(self._build_filled())
        self.tabs.currentChanged.connect(self.parts.setCurrentIndex)
        line = QHBoxLayout()
        line.setContentsMargins(24, 8, 24, 0)
        line.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(line)
        column.addWidget(self.parts, 1)

    def _build_fill(self) -> QWidget:
        """What may be filled, what was begun, what was sent back."""
        page = QWidget()
        column = body_of(page)
        column.addWidget(self._about_bar())
        self.report = ImportReport(self.desk)
        self.report.registers_asked.connect(self.registers_asked)
        column.addWidget(self.report)
        self.returned = ReturnedCard(self.desk)
        self.returned.asked.connect(self.correct_asked)
        column.addWidget(self.returned)
        self.in_use = Card(_("In use"))
        self.to_resume = Card(_("To resume"))
        self.cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.cards.setSpacing(16)
        self.cards.addWidget(self.in_use, 3)
        self.cards.addWidget(self.to_resume, 2)
        column.addLayout(self.cards)
        column.addStretch(1)
        return page

    def _build_filled(self) -> QWidget:
        """The list of what was filled."""
        page = QWidget()
        self.filled = FilledCard(self.desk)
        self.filled.read_asked.connect(self.read_asked)
        self.filled.begin_asked.connect(self.begin)
        self.filled.counted.connect(self._show_waiting)
        self.table = self.filled.table
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 12, 24, 20)
        column.addWidget(self.filled)
        return page

    def _show_waiting(self, n: int) -> None:
        words = ngettext("Filled · {n} to review", "Filled · {n} to review", n)
        self.tabs.setTabText(1, words.format(n=n) if n else _("Filled"))

    def _about_bar(self) -> QWidget:
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        self.bar_words = label("", "strong", wrap=True)
        row.addWidget(self.bar_words, 1)
        row.addWidget(Button(_("Not now"), lambda: self.ask_about(None), role="flat"))
        self.bar.hide()
        return self.bar

    def ask_about(self, about: About | None) -> None:
        """The next questionnaire chosen is about this record."""
        self.tabs.setCurrentIndex(0 if about else self.tabs.currentIndex())
        self.about = (about,) if about else ()
        self.bar.setVisible(bool(about))
        if about:
            words = _("Choose the questionnaire to fill about {name}.")
            self.bar_words.setText(words.format(name=about.title))

    def load(self) -> None:
        """Read everything shown."""
        self._read_lists()
        self.filled.load()

    def on_changed(self, changes: Changes) -> None:
        """Read again what a write may have changed."""
        if changes.touches("questionnaire", "submission", "draft", "attachment", "review_note"):
            self._read_lists()
        self.filled.on_changed(changes)

    def begin(self) -> None:
        """Put the focus on the first thing to fill."""
        self.tabs.setCurrentIndex(0)
        first = self.in_use.findChild(Button)
        if first or self.writes:
            (first or self.import_button).setFocus()

    def _read_lists(self) -> None:
        runner = self.desk.runner
        runner.read(submissions.questionnaires, then=self._show_in_use, owner=self)
        mine = self.desk.account.id
        runner.read(drafts.list_mine, mine, then=self._show_drafts, owner=self)
        self.returned.load()

    # in use -------------------------------------------------------------------

    def _show_in_use(self, found: tuple[View, ...]) -> None:
        empty(self.in_use.body)
        if not found:
            self.in_use.body.addWidget(
                EmptyState(
                    "clipboard-text-outline",
                    _("No questionnaire is in use."),
                    _(
                        "Import an XLSForm or an XForm to begin: .xlsx, .xls, .xml, or a .zip "
                        "with its files."
                    ),
                    _("Import a questionnaire") if self.writes else "",
                    self.import_form if self.writes else None,
                )
            )
        for place, view in enumerate(found):
            row = self._questionnaire(view)
            set_property(row, "last", place == len(found) - 1)
            self.in_use.body.addWidget(row)
        self.in_use.body.addStretch(1)

    def _questionnaire(self, view: View) -> QWidget:
        count = label("", "muted")
        version = view.shown["version"]
        said = _("Version {version}").format(version=version) if version else ""

        def show_count(n: int) -> None:
            words = ngettext("{n} filled", "{n} filled", n).format(n=n)
            count.setText(" · ".join(filter(None, (said, words))))

        fill = Button(_("Fill"), partial(self.fill_asked.emit, view.id))
        blank = Button(_("Print blank"), partial(self._print, view.id), role="flat")
        answers = Button(_("Answers…"), partial(self.answers, view.id), role="flat")
        for button in (fill, blank, answers):
            button.setAccessibleName(f"{button.text()} · {view.title}")
        self.desk.runner.read(submissions.count_of, view.id, then=show_count, owner=count)
        ways = (answers, blank, fill) if may_go(self.desk, "answers") else (blank, fill)
        if not self.writes:
            return _row(view.title, count, ways)
        files = Button(_("Files…"), partial(self.report.add_to, view), role="flat")
        registers = Button("", partial(self.registers_asked.emit, view), role="flat")
        row = _row(view.title, count, (registers, files, *ways))
        self._show_files(files, view)
        self._show_registers(registers, view)
        return row

    def _show_registers(self, button: Button, view: View) -> None:
        """Where the form declares entities, say whether they are set up."""
        button.hide()

        def show_state(state: tuple[int, int, int]) -> None:
            declared, new, later = state
            words = ngettext("Records… ({n} to register)", "Records… ({n} to register)", later)
            said = words.format(n=later) if later else _("Records…")
            button.setText(_("Records… (to set up)") if new else said)
            button.setAccessibleName(f"{button.text()} · {view.title}")
            button.setVisible(declared > 0)

        self.desk.runner.read(entity_setup.state, view.id, then=show_state, owner=button)

    def _show_files(self, button: Button, view: View) -> None:
        """Where the form asks for files, say how many are missing."""
        button.hide()

        def show_state(state: tuple[int, int]) -> None:
            asked, missing = state
            words = ngettext("Files… ({n} missing)", "Files… ({n} missing)", missing)
            button.setText(words.format(n=missing) if missing else _("Files…"))
            button.setAccessibleName(f"{button.text()} · {view.title}")
            button.setVisible(asked > 0)

        self.desk.runner.read(form_lists.state, view.id, then=show_state, owner=button)

    def _print(self, questionnaire: str) -> None:
        self.desk.print("questionnaire", questionnaire=questionnaire)

    # drafts -------------------------------------------------------------------

    def _show_drafts(self, found: tuple[DraftView, ...]) -> None:
        mine = [draft for draft in found if draft.kind == "submission"]
        empty(self.to_resume.body)
        if not mine:
            words = _("Nothing is waiting. An interview that is put aside comes here.")
            self.to_resume.body.addWidget(label(words, "muted", wrap=True))
        for place, draft in enumerate(mine):
            resume = Button(_("Resume"), partial(self.resume_asked.emit, draft.id))
            away = Button(_("Discard"), partial(self.discard, draft), role="link")
            for button in (resume, away):
                button.setAccessibleName(f"{button.text()} · {draft.title}")
            row = _row(draft.title, label(show_moment(draft.saved), "muted"), (away, resume))
            set_property(row, "last", place == len(mine) - 1)
            self.to_resume.body.addWidget(row)
        self.to_resume.body.addStretch(1)

    def discard(self, draft: DraftView) -> None:
        """Give up a draft, after asking."""
        text = _("The answers given so far in “{title}” are lost.").format(title=draft.title)
        if self.desk.asker.confirm(_("Discard this draft?"), text, _("Discard")):
            self.desk.runner.write(drafts.drop, draft.id)

    # workbooks ----------------------------------------------------------------

    def import_form(self) -> None:
        """Choose a questionnaire and put it in use; what is wrong stays on the page."""
        self.tabs.setCurrentIndex(0)
        self.report.choose()

    def answers(self, questionnaire: str) -> None:
        """Count the answers of a questionnaire, export them, or take some in."""
        self.desk.go("answers", questionnaire=questionnaire)

    def set_narrow(self, narrow: bool) -> None:
        """One column where there is no room for two."""
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self.cards.setDirection(down if narrow else across)


class _Line(QWidget):
    """Words over softer words, and what can be done at the far side; below them where it
    would not fit."""

    def __init__(self, title: str, under: QWidget, buttons: tuple[Button, ...]) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.tools = QWidget()
        flat = QHBoxLayout(self.tools)
        flat.setContentsMargins(0, 0, 0, 0)
        flat.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(title, "strong", wrap=True))
        words.addWidget(under)
        for button in buttons:
            flat.addWidget(button)
        self.line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.line.setContentsMargins(0, 6, 0, 6)
        self.line.setSpacing(8)
        self.line.addLayout(words, 1)
        self.line.addWidget(self.tools, 0, Qt.AlignmentFlag.AlignRight)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.tools.sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # a button came or changed its words
        return super().event(event)

    def _fit(self) -> None:
        beside = self.width() >= self.tools.sizeHint().width() + px(WORDS)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        wanted = across if beside else down
        if self.line.direction() != wanted:
            self.line.setDirection(wanted)
            self.updateGeometry()


def _row(title: str, under: QWidget, buttons: tuple[Button, ...]) -> QWidget:
    """A line of a list."""
    return _Line(title, under, buttons)

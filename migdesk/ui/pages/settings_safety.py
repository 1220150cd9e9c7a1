"""Safety: the recovery key and its rehearsal, the check of the database, taking all out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _
from migdesk.models.dates import show_fuzzy
from migdesk.shares import Share
from migdesk.ui import staff
from migdesk.ui.desk import Desk
from migdesk.ui.gate import add_field, secret_line
from migdesk.ui.pages.pieces import Columns, flowing, stacked
from migdesk.ui.recovery import RecoveryEntry
from migdesk.ui.widgets import (
    Badge,
    Button,
    Card,
    FlowRow,
    PrimaryButton,
    empty,
    label,
    scrolled,
)

if TYPE_CHECKING:
    from migdesk.jobs.check import Report
    from migdesk.jobs.export_all import Exported


class SafetySide(QWidget):
    """Cards; what changes the key or takes data out only for who manages the office."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.check = CheckCard(desk)
        if staff.manages(desk):
            self.recovery = RecoveryCard(desk)
            self.export = ExportCard(desk)
            left, right = stacked(self.recovery), stacked(self.check, self.export)
        else:
            left, right = stacked(self.check), stacked()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(Columns((left, 1), (right, 1)))
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(page))


class RecoveryCard(Card):
    """The recovery key: how it was printed, a new one, and the proof that it opens."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Recovery key"))
        self.desk = desk
        self.state = label("", wrap=True)
        words = _(
            "It opens the data when every password is lost. Whole on one sheet, or on five "
            "sheets of which any three open: then no single person holds it."
        )
        self.body.addWidget(label(words, "muted", wrap=True))
        self.body.addWidget(self.state)
        self.whole_button = Button(_("New key on one sheet…"), self.renew)
        self.split_button = Button(_("New key on five sheets…"), self.split)
        self.body.addLayout(flowing(self.whole_button, self.split_button))
        self.sheets = QVBoxLayout()
        self.body.addLayout(self.sheets)
        self.body.addWidget(label(_("Rehearsal"), "section"))
        words = _(
            "Once a year, take the sheets out and type them here. Nothing is changed: the "
            "program only says whether they open."
        )
        self.body.addWidget(label(words, "muted", wrap=True))
        self.entry = RecoveryEntry(bool(staff.keys_of(desk).recovery.mark))
        self.verdict = label("", wrap=True)
        self.prove_button = PrimaryButton(_("Does it open?"), self.prove)
        self.body.addWidget(self.entry)
        self.body.addWidget(self.verdict)
        self.body.addLayout(flowing(self.prove_button))
        self.show_state()

    def show_state(self) -> None:
        """How the key was printed, and when it was last proved."""
        about = staff.keys_of(self.desk).recovery
        parts = [
            _("On five sheets with the mark {mark}, made on {day}.").format(
                mark=about.mark, day=show_fuzzy(about.made)
            )
            if about.mark
            else _("On one sheet, made on {day}.").format(day=show_fuzzy(about.made))
        ]
        if about.rehearsed:
            parts.append(_("Proved on {day}.").format(day=show_fuzzy(about.rehearsed)))
        else:
            parts.append(_("Never proved."))
        self.state.setText(" ".join(parts))

    def renew(self) -> None:
        """After a question: one new key to print; what was printed before is void."""
        words = _(
            "What was printed before, one sheet or five, will open nothing any more. Print "
            "the new key at once, and destroy the old sheets."
        )
        if self.desk.asker.confirm(_("New recovery key?"), words, _("Make a new key")):
            self.desk.runner.run(partial(staff.new_recovery, self.desk), self._renewed, self)

    def _renewed(self, key: str) -> None:
        self._begin_again(split=False)
        self.desk.print("recovery-key", key=key)

    def split(self) -> None:
        """After a question: five sheets, printed one by one."""
        words = _(
            "What was printed before, one sheet or five, will open nothing any more. Five "
            "people are needed, who each take one sheet. Print all five before you leave this "
            "page: they are kept nowhere."
        )
        if self.desk.asker.confirm(_("New key on five sheets?"), words, _("Make five sheets")):
            self.desk.runner.run(partial(staff.split_recovery, self.desk), self._split, self)

    def _split(self, made: tuple[Share, ...]) -> None:
        self._begin_again(split=True)
        for share in made:
            done = Badge(_("to print"), "waiting")
            words = _("Print sheet {n}").format(n=share.number)
            button = Button(words)
            button.setObjectName("sheet")
            button.clicked.connect(partial(self._print, share, done))
            self.sheets.addLayout(FlowRow(button, done))

    def _begin_again(self, split: bool) -> None:
        empty(self.sheets)
        self.entry.clear()
        self.entry.ways.setCurrentIndex(int(split))
        self.verdict.setText("")
        self.show_state()

    def _print(self, share: Share, done: Badge) -> None:
        self.desk.print(
            "recovery-share", number=share.number, mark=share.mark, words=share.words
        )
        done.setText(_("shown for printing"))

    def prove(self) -> None:
        """Say yes or no; note the day of a yes."""
        try:
            key = self.entry.key()
        except Mistake as fault:
            self.verdict.setText(fault.words)
            return
        self.desk.runner.run(
            partial(staff.rehearse, self.desk, key), self._proved, self, self._not_proved
        )

    def _proved(self, _none: object) -> None:
        self.entry.clear()
        self.verdict.setText(_("Yes: it opens. The day was noted; put the sheets back."))
        self.show_state()

    def _not_proved(self, fault: Fault) -> None:
        words = _("No: it does not open.")
        self.verdict.setText(f"{words} {fault.words}")


class CheckCard(Card):
    """One button, and what was found in plain words."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Check of the database"))
        self.desk = desk
        words = _(
            "Reads every page of the file and compares every record with the log of changes. "
            "Work goes on meanwhile; what can be repaired is repaired."
        )
        self.body.addWidget(label(words, "muted", wrap=True))
        self.button = Button(_("Check the database"), self.begin)
        self.body.addLayout(flowing(self.button))
        self.findings = QVBoxLayout()
        self.findings.setSpacing(12)
        self.body.addLayout(self.findings)

    def begin(self) -> None:
        """Start; the bar of jobs shows how far it is, and stops it."""
        from migdesk.jobs.check import check

        self.desk.runner.job(
            check, self.desk.paths, then=self._show, owner=self, title=_("Check"),
        )

    def _show(self, report: Report) -> None:
        empty(self.findings)
        said = {"todo": _("to do"), "repaired": _("repaired"), "note": _("to know")}
        tones = {"todo": "late", "repaired": "done", "note": ""}
        if not report.todo:
            words = _("The database is whole: {n} changes in the log.").format(n=report.ops)
            self.findings.addWidget(label(words, "strong", wrap=True))
        for each in report.findings:
            self.findings.addLayout(FlowRow(Badge(said[each.state], tones[each.state]),
                                            label(each.code, "caption")))
            self.findings.addWidget(label(each.words, wrap=True))
            self.findings.addWidget(label(each.advice, "muted", wrap=True))


class ExportCard(Card):
    """Everything in open formats: to whom, why, how; typed confirmation for a clear folder."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Take everything out"))
        self.desk = desk
        words = _(
            "All data in open formats: tables, questionnaires and answers, files, the history "
            "of changes. Who takes them, and why, is noted."
        )
        self.body.addWidget(label(words, "muted", wrap=True))
        self.recipient, self.reason = QLineEdit(), QLineEdit()
        self.format, self.form = QComboBox(), QComboBox()
        self.format.addItem(_("Excel (XLSX)"), "xlsx")
        self.format.addItem(_("Text (CSV)"), "csv")
        self.form.addItem(_("One ZIP under a password"), True)
        self.form.addItem(_("A folder that anyone can read"), False)
        self.password = secret_line(_("Password of the ZIP"))
        add_field(self.body, _("To whom"), self.recipient)
        add_field(self.body, _("Why"), self.reason)
        add_field(self.body, _("Tables as"), self.format)
        add_field(self.body, _("As"), self.form)
        add_field(self.body, _("Password of the ZIP"), self.password)
        self.error = label("", "error", wrap=True)
        self.body.addWidget(self.error)
        self.button = Button(_("Take everything out…"), self.begin)
        self.body.addLayout(flowing(self.button))
        self.form.currentIndexChanged.connect(
            lambda _row: self.password.setEnabled(bool(self.form.currentData()))
        )

    def begin(self) -> None:
        """Ask where to; for a folder in clear, a word must be typed."""
        from migdesk.jobs.export_all import SHORTEST, Order, WeakPassword, export_all

        sealed, password = bool(self.form.currentData()), self.password.text()
        wrong = "" if self.recipient.text().strip() and self.reason.text().strip() else _(
            "Say to whom these data go and why: the office answers for it."
        )
        if not wrong and sealed and len(password) < SHORTEST:
            wrong = WeakPassword(n=SHORTEST).words
        self.error.setText(wrong)
        target = self._target(sealed) if not wrong else None
        if target is None:
            return
        words = self.recipient.text(), self.reason.text()
        order = Order(target, self.format.currentData(), *words, password if sealed else "")
        self.desk.runner.job(
            export_all, order, then=partial(self._done, target), owner=self,
            failed=lambda fault: self.error.setText(fault.words), title=_("Export"),
        )

    def _target(self, sealed: bool) -> Path | None:
        name = _("MigDesk everything")
        if sealed:
            return self.desk.asker.save_file(_("Where to"), f"{name}.zip", _("ZIP (*.zip)"))
        word = _("IN CLEAR")
        text = _(
            "Anyone who gets this folder reads the names and the answers of all people. "
            "Type {word} to go on."
        ).format(word=word)
        if (self.desk.asker.text(_("Personal data in clear"), text) or "").strip() != word:
            return None
        folder = self.desk.asker.folder(_("Where to"))
        return folder / name if folder is not None else None

    def _done(self, target: Path, done: Exported) -> None:
        self.password.clear()
        words = _("{rows} rows, {submissions} filled questionnaires, {files} files: {name}")
        self.desk.asker.tell(
            words.format(
                rows=done.rows, submissions=done.submissions, files=done.files, name=target.name
            )
        )

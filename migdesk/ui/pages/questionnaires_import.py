"""Import of a questionnaire: what was wrong or worth a remark, and files that come later."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from migdesk.errors import Fault
from migdesk.forms.faults import Remark
from migdesk.i18n import _, ngettext
from migdesk.jobs.questionnaires import (
    Added,
    FilesMissing,
    Imported,
    add_files,
    import_xlsform,
)
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_go
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, Card, PrimaryButton, label


class ImportReport(Card):
    """Hidden until there is something to say. `registers_asked(view)`: set up what the
    questionnaire registers."""

    registers_asked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._again: tuple[Path, list[Path]] | None = None
        self._questionnaire = ""
        self._imported_one: View | None = None
        self._read: tuple[Path, list[Path]] | None = None
        self.words = label("", wrap=True)
        self.remarks = QPlainTextEdit()
        self.remarks.setReadOnly(True)
        self.remarks.setTabChangesFocus(True)
        self.remarks.setMaximumHeight(px(168))
        self.remarks.setAccessibleName(_("Remarks for the designer"))
        self.add_button = PrimaryButton(_("Add files…"), self.add)
        self.registers_button = PrimaryButton(_("Set up what it registers…"), self._set_up)
        self.bench_button = Button(_("Whole report"), self._to_bench)
        self.close_button = Button(_("Close"), self.hide)
        for part in (self.words, self.remarks):
            self.body.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addWidget(self.registers_button)
        row.addWidget(self.bench_button)
        row.addWidget(self.close_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.hide()

    # importing ----------------------------------------------------------------

    def choose(self) -> None:
        """Choose a questionnaire and put it in use."""
        filters = _("Questionnaires") + " (*.xlsx *.xlsm *.xls *.md *.csv *.xml *.zip)"
        path = self.desk.asker.open_file(_("Import a questionnaire"), filters)
        if path is not None:
            self._import(path, [])

    def _import(self, path: Path, more: list[Path]) -> None:
        self.hide()
        self._read = (path, more)
        self.desk.runner.job(
            import_xlsform,
            path,
            more,
            then=self._imported,
            owner=self,
            failed=partial(self._not_imported, path, more),
            title=_("Import of {name}").format(name=path.name),
        )

    def _imported(self, made: Imported) -> None:
        self._again, self._questionnaire = None, made.questionnaire.id
        said = _("“{title}” is in use.").format(title=made.title)
        self.desk.asker.tell(said)
        self._imported_one = made.questionnaire
        lines = [said]
        if made.registers:
            lines.append(_("It registers people or other records, once this is set up."))
        if made.warnings:
            n = len(made.warnings)
            told = ngettext("{n} remark for its designer:", "{n} remarks for its designer:", n)
            lines.append(told.format(n=n))
        if len(lines) > 1:
            self._show(" ".join(lines), made.warnings, bool(made.missing), made.registers)

    def _to_bench(self) -> None:
        """All that there is to say of the file, with its rows and columns."""
        if self._read is not None:
            path, more = self._read
            self.desk.go("bench", file=path, more=more)

    def _set_up(self) -> None:
        self.hide()
        if self._imported_one is not None:
            self.registers_asked.emit(self._imported_one)

    def _not_imported(self, path: Path, more: list[Path], fault: Fault) -> None:
        lacking = isinstance(fault, FilesMissing)
        self._again = (path, more) if lacking else None
        head = _("“{name}” was not imported; nothing was changed.").format(name=path.name)
        self._show(f"{head}\n{fault.words}", (), lacking)
        self.words.setProperty("role", "error")
        self.words.style().polish(self.words)

    def _show(
        self, words: str, remarks: Sequence[Remark], can_add: bool, registers: bool = False
    ) -> None:
        self.words.setProperty("role", "")
        self.words.style().polish(self.words)
        self.words.setText(words)
        self.remarks.setPlainText("\n".join(map(str, remarks)))
        self.remarks.setVisible(bool(remarks))
        self.add_button.setVisible(can_add)
        self.registers_button.setVisible(registers)
        self.bench_button.setVisible(self._read is not None and may_go(self.desk, "bench"))
        self.show()
        first = self.registers_button if registers else self.close_button
        (self.add_button if can_add else first).setFocus()

    # files --------------------------------------------------------------------

    def add(self) -> None:
        """Choose the files that are missing, for the import that waits for them or for the
        questionnaire last spoken of."""
        filters = _("Lists, pictures, sound and video; archives") + " (*)"
        paths = self.desk.asker.open_files(_("Add files"), filters)
        if not paths:
            return
        if self._again is not None:
            path, more = self._again
            self._import(path, [*more, *paths])
        else:
            self._give(self._questionnaire, paths)

    def add_to(self, questionnaire: View) -> None:
        """Choose files for a questionnaire that is in use."""
        self._again, self._questionnaire, self._read = None, questionnaire.id, None
        self.add()

    def _give(self, questionnaire: str, paths: list[Path]) -> None:
        self.desk.runner.job(
            add_files,
            questionnaire,
            paths,
            then=self._given,
            owner=self,
            failed=self._not_given,
            title=_("Add files"),
        )

    def _given(self, added: Added) -> None:
        n = len(added.taken)
        said = ngettext("{n} file added.", "{n} files added.", n).format(n=n)
        lines = [said]
        if added.unasked:
            names = ", ".join(added.unasked)
            lines.append(_("Not asked for, and left out: {names}.").format(names=names))
        if added.missing:
            lines.append(_("Still missing: {names}.").format(names=", ".join(added.missing)))
        if len(lines) == 1:
            self.hide()
            self.desk.asker.tell(said)
        else:
            self._show("\n".join(lines), (), bool(added.missing))

    def _not_given(self, fault: Fault) -> None:
        head = _("The files were not added; nothing was changed.")
        self._show(f"{head}\n{fault.words}", (), True)

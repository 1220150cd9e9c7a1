"""Answers in: choose what Kobo or ODK exported, see what it holds, and only then take it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QVBoxLayout, QWidget

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _, ngettext
from migdesk.jobs import import_answers as jobs
from migdesk.jobs.import_answers import Preview
from migdesk.jobs.sealed_files import Key
from migdesk.services import entity_maps, history
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, ElidedLabel, empty, label, set_property

from .imports_mapping import ProblemsTable
from .pieces import flowing, key_button

MOST_UNKNOWN = 60


class Importing(QWidget):
    """Nothing is written before “Import” is pressed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.questionnaire = ""
        self.title = ""
        self.path: Path | None = None
        self.preview: Preview | None = None
        self.mapped: dict[tuple[str, str], str] = {}
        self.key: Key | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._choice())
        column.addWidget(self._outcome())
        column.addWidget(self._columns())
        column.addStretch(1)
        self._show()

    def _choice(self) -> Card:
        card = Card(_("Take in what Kobo or ODK exported"))
        said = _(
            "Submissions in XML (a file, a folder, or a zip with the pictures), or a table as "
            "Kobo and ODK Central export it: XLSX, CSV, or a zip of CSV files. What is here "
            "already is recognised and not doubled."
        )
        card.body.addWidget(label(said, "muted", wrap=True))
        self.belongs = label("", wrap=True)
        self.file_words = ElidedLabel("", "strong")
        card.body.addWidget(self.belongs)
        card.body.addWidget(self.file_words)
        self.file_button = key_button(_("Choose a file…"), self.choose_file)
        self.folder_button = key_button(_("Choose a folder…"), self.choose_folder)
        self.key_button = key_button(_("Key of encrypted ones…"), self.choose_key, role="flat")
        card.body.addLayout(flowing(self.file_button, self.folder_button, self.key_button))
        return card

    def _outcome(self) -> Card:
        self.outcome_card = Card(_("What an import would do"))
        self.outcome = label("", wrap=True)
        self.problems = ProblemsTable()
        self.doubtful = QCheckBox(_("Take those with problems too, to be corrected here"))
        self.doubtful.toggled.connect(lambda _on: self._enable())
        self.registers = QCheckBox(_("Register the people and other records they speak of"))
        self.registers.hide()
        self.import_button = key_button(_("Import"), self.take, role="primary")
        for part in (self.outcome, self.problems, self.doubtful, self.registers):
            self.outcome_card.body.addWidget(part)
        self.outcome_card.body.addLayout(flowing(self.import_button))
        return self.outcome_card

    def _columns(self) -> Card:
        self.columns_card = Card(_("Columns that fit no question"))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        for column, room in enumerate((2, 3, 2)):
            self.grid.setColumnStretch(column, room)
        self.columns_card.body.addLayout(self.grid)
        self.choices: dict[tuple[str, str], QComboBox] = {}
        return self.columns_card

    def show_form(self, questionnaire: str, title: str) -> None:
        """The questionnaire that tables belong to; XML names its own."""
        if questionnaire != self.questionnaire:
            self.questionnaire, self.title = questionnaire, title
            self.path = self.preview = None
            self._show()
        words = _("A table is read as answers to “{name}”; XML says itself what it belongs to.")
        self.belongs.setText(words.format(name=title) if title else "")
        self.belongs.setVisible(bool(title))

    # reading ------------------------------------------------------------------

    def choose_file(self) -> None:
        """Choose a file and read it."""
        filters = _("Submissions") + " (*.xml *.zip *.csv *.xlsx *.xlsm)"
        self._chosen(self.desk.asker.open_file(_("Answers to import"), filters))

    def choose_folder(self) -> None:
        """Choose a folder of submissions and read it."""
        self._chosen(self.desk.asker.folder(_("Answers to import")))

    def choose_key(self) -> None:
        """Choose the private key of a form whose submissions are encrypted. It is kept until
        the page goes, and never written."""
        path = self.desk.asker.open_file(_("Private key"), _("Private key") + " (*.pem)")
        if path is not None:
            self.desk.runner.job(jobs.read_key, path, then=self._on_key, owner=self)

    def _on_key(self, pem: bytes) -> None:
        password: str | None = ""
        if b"ENCRYPTED" in pem:
            words = _("Password of the key")
            password = self.desk.asker.text(_("Private key"), words, "", True)
        if password is None:
            return
        self.key = Key(pem, password)
        self.key_button.setText(_("Key of encrypted ones ✓"))
        if self.path is not None:
            self.read()

    def _chosen(self, path: Path | None) -> None:
        if path is not None:
            self.path, self.mapped = path, {}
            self.read()

    def read(self) -> None:
        """Read what was chosen, without writing."""
        self.preview = None
        self._show()
        self.desk.runner.job(
            jobs.read,
            self.path,
            self.questionnaire,
            dict(self.mapped),
            self.key,
            then=self._on_read,
            owner=self,
            failed=self._on_failed,
            title=_("Reading the submissions"),
        )

    def _on_read(self, preview: Preview) -> None:
        self.preview = preview
        self._say("\n".join(_told(preview)), wrong=bool(preview.doubtful or preview.unreadable))
        unread = [(name, "", why) for name, why in preview.unreadable]
        self.problems.show_problems([*unread, *preview.problems])
        self._show_columns(preview)
        self._show()
        named = [each.questionnaire for each in (*preview.arrivals, *preview.doubtful)]
        shown = self.registers.setVisible
        self.desk.runner.read(entity_maps.registers, named, then=shown, owner=self)

    def _on_failed(self, fault: Fault) -> None:
        if isinstance(fault, Mistake):
            self.problems.show_problems(())
            self._say(fault.words, wrong=True)
            self.outcome_card.show()
        else:
            self.desk.asker.fault(fault)

    def _show_columns(self, preview: Preview) -> None:
        empty(self.grid)
        self.choices = {}
        heads = (_("Column of the file"), _("First values"), _("Goes into"))
        for place, words in enumerate(heads):
            self.grid.addWidget(label(words, "caption"), 0, place)
        for row, unknown in enumerate(preview.unknown[:MOST_UNKNOWN], 1):
            key = (unknown.sheet, unknown.column)
            box = QComboBox()
            box.setAccessibleName(_("Question for the column {name}").format(name=key[1]))
            box.setMinimumContentsLength(14)
            box.addItem(_("— not imported —"), "")
            inside = [q for q in preview.questions if q[0] == unknown.table]
            for _table, path, name in inside:
                box.addItem(name if name == path else f"{name} ({path})", path)
            box.setCurrentIndex(max(box.findData(self.mapped.get(key, "")), 0))
            box.activated.connect(partial(self._on_mapped, key))
            self.choices[key] = box
            self.grid.addWidget(ElidedLabel(unknown.column), row, 0)
            self.grid.addWidget(ElidedLabel(" · ".join(unknown.some), "muted"), row, 1)
            self.grid.addWidget(box, row, 2)

    def _on_mapped(self, key: tuple[str, str], _row: int) -> None:
        self.mapped[key] = str(self.choices[key].currentData())
        self.read()

    # taking -------------------------------------------------------------------

    def take(self) -> None:
        """Keep them, in one transaction."""
        if self.preview is None:
            return
        self.import_button.setEnabled(False)
        self.desk.runner.job(
            jobs.take,
            self.preview,
            self.doubtful.isChecked(),
            not self.registers.isHidden() and self.registers.isChecked(),
            then=self._on_taken,
            owner=self,
            failed=self._on_failed,
            title=_("Importing"),
        )

    def _on_taken(self, n: int) -> None:
        words = ngettext(
            "{n} filled questionnaire was imported.",
            "{n} filled questionnaires were imported.",
            n,
        ).format(n=n)
        undo = partial(self.desk.runner.write, history.undo_last)
        self.desk.asker.tell(words, _("Undo"), undo)
        self.path = self.preview = None
        self.problems.show_problems(())
        self._say(words)
        self._show()

    # what is shown ------------------------------------------------------------

    def _say(self, words: str, wrong: bool = False) -> None:
        self.outcome.setText(words)
        set_property(self.outcome, "tone", "waiting" if wrong else "")

    def _show(self) -> None:
        preview = self.preview
        self.file_words.setText(self.path.name if self.path else "")
        self.file_words.setVisible(self.path is not None)
        self.columns_card.setVisible(preview is not None and bool(preview.unknown))
        self.doubtful.setVisible(preview is not None and bool(preview.doubtful))
        self.import_button.setVisible(preview is not None)
        self.registers.hide()
        self.outcome_card.setVisible(preview is not None or bool(self.outcome.text()))
        self._enable()

    def _enable(self) -> None:
        preview = self.preview
        some = preview is not None and bool(
            preview.arrivals or (preview.doubtful and self.doubtful.isChecked())
        )
        self.import_button.setEnabled(some)


def _told(preview: Preview) -> Iterator[str]:
    """What a file holds, a line each."""
    n = len(preview.arrivals)
    parts = [ngettext("{n} new submission", "{n} new submissions", n).format(n=n)]
    if n := len(preview.doubtful):
        parts.append(ngettext("{n} with problems", "{n} with problems", n).format(n=n))
    if n := preview.here:
        parts.append(ngettext("{n} here already", "{n} here already", n).format(n=n))
    if n := len(preview.unreadable):
        parts.append(ngettext("{n} unreadable", "{n} unreadable", n).format(n=n))
    yield _("{parts}.").format(parts=", ".join(parts))
    if preview.files or preview.missing_files:
        words = ngettext("{n} file comes with them", "{n} files come with them", preview.files)
        said = words.format(n=preview.files)
        if preview.missing_files:
            lacking = ngettext(
                "{n} that is named is not there",
                "{n} that are named are not there",
                preview.missing_files,
            )
            said = f"{said}, {lacking.format(n=preview.missing_files)}"
        yield _("{parts}.").format(parts=said)
    yield from preview.remarks

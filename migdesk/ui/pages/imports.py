"""Import of a table: choose, map, check, and only then write; undone as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _, ngettext
from migdesk.jobs import import_table as jobs
from migdesk.jobs.import_table import Report
from migdesk.jobs.tables import Table
from migdesk.models import RECORDS
from migdesk.services import history
from migdesk.services.imports import Foreseen
from migdesk.ui.desk import Desk, Page
from migdesk.ui.widgets import (
    Card,
    ElidedLabel,
    EmptyState,
    PageHeader,
    label,
    set_property,
)

from .imports_foreseen import ForeseenPart
from .imports_mapping import MappingGrid, ProblemsTable
from .imports_presets import PRESETS, Preset
from .pieces import body_of, filled, flowing, key_button

FILTERS = "CSV, Excel (*.csv *.tsv *.txt *.xlsx *.xlsm)"


class ImportPage(Page):
    """One file at a time. Nothing is written before Import is pressed."""

    name = "import"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.path: Path | None = None
        self.table: Table | None = None
        self.report: Report | None = None
        self.given: dict[str, dict[str, Any]] = {}
        self.header = PageHeader(
            _("Import a table"), _("Nothing is written before you press Import.")
        )
        self.mapping = MappingGrid()
        self.mapping.changed.connect(self._on_mapped)
        self.problems = ProblemsTable()
        self.foreseen = ForeseenPart()
        self.tx = ""
        box = body_of(self)
        box.addWidget(self.header)
        box.addWidget(self._make_choice())
        box.addWidget(self._make_outcome())
        box.addWidget(self._make_columns())
        self.nothing = EmptyState(
            "table-arrow-right",
            _("Take over a list that you have as a table"),
            _("CSV or Excel, the names of the columns in the first row."),
            _("Choose the file…"),
            self.choose,
        )
        box.addWidget(self.nothing)
        box.addStretch(1)
        self._show()

    def _make_choice(self) -> Card:
        card = Card()
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("What the table holds"))
        for about in RECORDS.values():
            if about.main:
                self.kind.addItem(str(about.plural), about.kind)
        for key, preset in PRESETS.items():
            self.kind.addItem(str(preset.label), key)
        self.kind.activated.connect(lambda _index: self._on_kind())
        self.file_words = ElidedLabel(_("No file is chosen yet."), "muted")
        self.choose_button = key_button(_("Choose the file…"), self.choose)
        card.body.addWidget(label(_("What the table holds"), "caption"))
        line = filled(self.file_words, self.choose_button)
        line.insertWidget(0, self.kind)
        card.body.addLayout(line)
        return card

    def _make_columns(self) -> Card:
        self.columns_card = Card(_("Columns"))
        self.columns_card.body.addWidget(self.mapping)
        return self.columns_card

    def _make_outcome(self) -> Card:
        self.outcome_card = Card(_("What an import would do"))
        self.outcome = label("", wrap=True)
        self.check_button = key_button(_("Check"), self.check)
        self.import_button = key_button(_("Import"), self.take, role="primary")
        for part in (self.outcome, self.problems, self.foreseen):
            self.outcome_card.body.addWidget(part)
        self.undo_button = key_button(_("Undo this import"), self.undo)
        ways = flowing(self.import_button, self.check_button, self.undo_button)
        self.outcome_card.body.addLayout(ways)
        return self.outcome_card

    def arrive(self, **args: Any) -> None:
        """``kind``: what to import; ``given``: values that every row gets, as the campaign
        of survey units."""
        kind = args.get("kind", "")
        self.given = {kind: args["given"]} if args.get("given") else {}
        if kind in RECORDS and self.kind.findData(kind) < 0:
            self.kind.addItem(str(RECORDS[kind].plural), kind)
        index = self.kind.findData(kind)
        if index >= 0:
            self.kind.setCurrentIndex(index)
            self._on_kind()

    @property
    def preset(self) -> Preset | None:
        """The known table that is to be imported, None for a kind of record."""
        return PRESETS.get(str(self.kind.currentData()))

    def choose(self) -> None:
        """Choose the file and read it."""
        path = self.desk.asker.open_file(_("Table to import"), FILTERS)
        if path is not None:
            self.path = path
            self.desk.runner.job(
                jobs.read_table,
                path,
                then=self._on_read,
                owner=self,
                failed=self._on_failed,
                title=_("Reading the table"),
            )

    def _on_read(self, table: Table) -> None:
        self.table = table
        self._on_kind()

    def _on_failed(self, fault: Fault) -> None:
        if isinstance(fault, Mistake):
            self._say(fault.words, wrong=True)
            self.outcome_card.show()
        else:
            self.desk.asker.fault(fault)

    def _on_kind(self) -> None:
        if self.table is not None:
            kind = "" if self.preset else str(self.kind.currentData())
            guess = jobs.guess(self.table, kind) if kind else {}
            self.mapping.show_table(self.table, kind, guess)
            self.check()
        self._show()

    def _on_mapped(self) -> None:
        self.check()

    def check(self) -> None:
        """Try every row without writing anything."""
        self.report = None
        self.problems.show_problems(())
        self.foreseen.show_foreseen(Foreseen())
        self.import_button.setEnabled(False)
        if self.table is None:
            return
        if self.preset is not None:
            words = ngettext("{n} row in the file.", "{n} rows in the file.", self._rows)
            self._say(words.format(n=self._rows))
            self.import_button.setEnabled(self._rows > 0)
            return
        self.desk.runner.job(
            jobs.check_table,
            self.table,
            str(self.kind.currentData()),
            self.mapping.mapping(),
            self.given.get(self.kind.currentData(), {}),
            then=self._on_checked,
            owner=self,
            failed=self._on_failed,
            title=_("Checking the rows"),
        )

    @property
    def _rows(self) -> int:
        return len(self.table.rows) if self.table is not None else 0

    def _on_checked(self, report: Report) -> None:
        self.report = report
        bad = self._rows - report.good
        good = ngettext("{n} row is right", "{n} rows are right", report.good)
        words = good.format(n=report.good)
        if bad:
            wrong = ngettext("{n} row has a problem", "{n} rows have problems", bad)
            words = f"{words}, {wrong.format(n=bad)}. " + _(
                "Correct the table or the columns; rows are taken over all together."
            )
        self._say(words, wrong=bool(bad))
        self.problems.show_problems(report.problems)
        self.foreseen.show_foreseen(report.foreseen)
        self.import_button.setEnabled(report.good > 0 and not bad)

    def take(self) -> None:
        """Write all rows, in one transaction."""
        preset = self.preset
        self.import_button.setEnabled(False)
        if self.table is None or self.path is None:
            return
        args = (
            (preset.job, self.path)
            if preset
            else (
                jobs.import_table,
                self.table,
                str(self.kind.currentData()),
                self.mapping.mapping(),
                self.given.get(self.kind.currentData(), {}),
                self.foreseen.same(),
            )
        )
        self.desk.runner.job(
            *args,
            then=lambda result: self._on_taken(preset, result),
            owner=self,
            failed=self._on_failed,
            title=_("Importing"),
        )

    def _on_taken(self, preset: Preset | None, result: Any) -> None:
        if preset is not None:
            words = preset.done(result)
        else:
            n = result.rows
            words = ngettext("{n} row was imported.", "{n} rows were imported.", n).format(n=n)
            self.tx = result.tx
        self.desk.asker.tell(words, _("Undo"), self.undo)
        self.path = self.table = self.report = None
        self.foreseen.show_foreseen(Foreseen())
        self._say(words)
        self._show()

    def undo(self) -> None:
        """Undo all of the last import."""
        undo = (history.undo, self.tx) if self.tx else (history.undo_last,)
        self.desk.runner.write(*undo, then=lambda _title: self._on_undone(), owner=self)

    def _on_undone(self) -> None:
        self.tx = ""
        self._say(_("The import was undone: all that it made is in the bin."))
        self._show()

    def _say(self, words: str, wrong: bool = False) -> None:
        self.outcome.setText(words)
        set_property(self.outcome, "tone", "waiting" if wrong else "")

    def _show(self) -> None:
        some = self.table is not None
        name = self.path.name if self.path and some else _("No file is chosen yet.")
        self.file_words.setText(name)
        self.columns_card.setVisible(some)
        self.check_button.setVisible(some and self.preset is None)
        self.import_button.setVisible(some)
        self.undo_button.setVisible(not some and bool(self.tx))
        self.outcome_card.setVisible(some or bool(self.outcome.text()))
        self.nothing.setVisible(not some and not self.outcome.text())

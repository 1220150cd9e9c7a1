"""Answers out: the kind of file, words or codes, HXL tags, the codebook."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from migdesk.forms.hxl import tidy
from migdesk.forms.table import Shape
from migdesk.i18n import _, ngettext
from migdesk.jobs.export_answers import (
    FORMATS,
    Loaded,
    Wanted,
    export_answers,
    export_codebook,
    guessed_tags,
    in_the_way,
)
from migdesk.services.answers import Limits
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card, label

from .answers_count import fill
from .pieces import Columns, flowing, key_button, stacked

STATE = "answers.export"
TABLES = ("xlsx", "csv", "sav", "dta")
SHOWN = 6


class Exporting(QWidget):
    """What to write and how; options are remembered."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.form = ""
        self.limits = Limits()
        self.count = 0
        self.loaded: Loaded | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(Columns((self._file_card(), 3), (self._codebook_card(), 2)))
        column.addWidget(self._tags_card())
        column.addStretch(1)
        self._restore()
        self._follow()

    def _file_card(self) -> QWidget:
        card = Card(_("Export the answers"))
        self.kind = self._box(card, _("Kind of file"))
        for key, made in FORMATS.items():
            self.kind.addItem(str(made.label), key)
        self.words = self._box(card, _("Questions and choices"))
        self.words.addItem(_("In words"), True)
        self.words.addItem(_("In codes, as Kobo and ODK write them"), False)
        self.speech = self._box(card, _("Language of the words"))
        self.several = self._box(card, _("Several choices"))
        for said, value in (
            (_("In one column"), "one"),
            (_("A column of 0 and 1 for each"), "split"),
            (_("Both"), "both"),
        ):
            self.several.addItem(said, value)
        self.hxl = QCheckBox(_("HXL tags under the headers"))
        self.hxl.toggled.connect(lambda _on: self._on_option())
        card.body.addWidget(self.hxl)
        self.warning = label(
            _(
                "The file is not encrypted and may tell who the people are. Give it only to "
                "whom they agreed to, and delete it when it has served. The export is noted."
            ),
            "muted",
            wrap=True,
        )
        card.body.addWidget(self.warning)
        self.export_button = key_button(_("Export…"), self.export, role="primary")
        card.body.addLayout(flowing(self.export_button))
        return stacked(card)

    def _codebook_card(self) -> QWidget:
        card = Card(_("Codebook"))
        said = _(
            "Every question: its name, its words, its choices, when it is asked, and how "
            "often it was answered. It holds no answer of anybody."
        )
        card.body.addWidget(label(said, "muted", wrap=True))
        self.codebook_button = key_button(_("Save the codebook…"), self.save_codebook)
        self.show_button = key_button(_("Preview"), self.show_codebook)
        card.body.addLayout(flowing(self.codebook_button, self.show_button))
        return stacked(card)

    def _tags_card(self) -> Card:
        self.tags_card = Card(_("HXL tags"))
        said = _("Taken from the form, or guessed from names. Correct them here.")
        self.tags_words = label(said, "muted", wrap=True)
        self.tags = QTableWidget(0, 2)
        self.tags.setAccessibleName(_("HXL tags"))
        self.tags.setHorizontalHeaderLabels([_("Question"), _("Tag")])
        self.tags.setProperty("role", "flat")
        self.tags.setTabKeyNavigation(False)
        self.tags.verticalHeader().hide()
        self.tags.setMinimumHeight(px(220))
        head = self.tags.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.tags.itemChanged.connect(self._on_tag)
        self.tags_card.body.addWidget(self.tags_words)
        self.tags_card.body.addWidget(self.tags)
        return self.tags_card

    def _box(self, card: Card, words: str) -> QComboBox:
        made = QComboBox()
        made.setMinimumContentsLength(14)
        made.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        made.setAccessibleName(words)
        made.activated.connect(lambda _row: self._on_option())
        name = label(words, "caption")
        name.setBuddy(made)
        card.body.addWidget(name)
        card.body.addWidget(made)
        return made

    # what is shown ------------------------------------------------------------

    def show_form(self, form: str, limits: Limits, count: int) -> None:
        """Export this form; `count` answers fit the limits."""
        self.form, self.limits, self.count = form, limits, count
        self._follow()

    def show_data(self, loaded: Loaded) -> None:
        """The answers are read: the languages and the questions are known."""
        self.loaded = loaded
        languages = loaded.gathered.forms[0].languages
        items = [(_("That of the screen"), ""), *((name, name) for name in languages)]
        fill(self.speech, items)
        kept = self._state().get("speech")
        self.speech.setCurrentIndex(max(self.speech.findData(kept), 0))
        self._show_tags()

    def _follow(self) -> None:
        kind = str(self.kind.currentData())
        for part in (self.words, self.speech):
            part.setEnabled(kind in TABLES)
        self.several.setEnabled(kind in ("xlsx", "csv"))
        self.hxl.setEnabled(kind in ("xlsx", "csv"))
        self.tags_card.setVisible(self.hxl.isChecked() and self.hxl.isEnabled())
        self.export_button.setEnabled(self.count > 0)
        self.codebook_button.setEnabled(bool(self.form))
        self.show_button.setEnabled(bool(self.form))

    def _on_option(self) -> None:
        self.desk.settings.remember(STATE, json.dumps(self._options()))
        self._follow()

    def _options(self) -> dict[str, Any]:
        return {
            "kind": self.kind.currentData(),
            "words": self.words.currentData(),
            "several": self.several.currentData(),
            "speech": self.speech.currentData() or "",
            "hxl": self.hxl.isChecked(),
        }

    def _state(self) -> dict[str, Any]:
        text = self.desk.settings.state(STATE)
        return dict(json.loads(text)) if text.startswith("{") else {}

    def _restore(self) -> None:
        state = self._state()
        boxes = {"kind": self.kind, "words": self.words, "several": self.several}
        for name, box in boxes.items():
            if name in state and (place := box.findData(state[name])) >= 0:
                box.setCurrentIndex(place)
        self.hxl.blockSignals(True)
        self.hxl.setChecked(state.get("hxl") is True)
        self.hxl.blockSignals(False)

    # HXL ----------------------------------------------------------------------

    def _kept_tags(self) -> dict[str, str]:
        text = self.desk.settings.state(f"answers.hxl.{self.form}")
        return dict(json.loads(text)) if text.startswith("{") else {}

    def _show_tags(self) -> None:
        if self.loaded is None:
            return
        found = guessed_tags(self.loaded.data, self._kept_tags())
        self.tags.blockSignals(True)
        self.tags.setRowCount(len(found))
        for row, (path, (words, tag)) in enumerate(found.items()):
            name = QTableWidgetItem(words)
            name.setToolTip(path)
            name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            value = QTableWidgetItem(tag)
            value.setData(Qt.ItemDataRole.UserRole, (path, tag))
            self.tags.setItem(row, 0, name)
            self.tags.setItem(row, 1, value)
        self.tags.blockSignals(False)

    def _on_tag(self, item: QTableWidgetItem) -> None:
        path, before = item.data(Qt.ItemDataRole.UserRole)
        tag = tidy(item.text())
        self.tags.blockSignals(True)
        if tag is None:
            item.setText(before)
            self.desk.asker.tell(_("A tag looks like “#beneficiary+sex”."))
        else:
            item.setText(tag)
            item.setData(Qt.ItemDataRole.UserRole, (path, tag))
            kept = {**self._kept_tags(), path: tag}
            self.desk.settings.remember(f"answers.hxl.{self.form}", json.dumps(kept))
        self.tags.blockSignals(False)

    # out ----------------------------------------------------------------------

    def wanted(self) -> Wanted:
        """The export that the options ask for."""
        kind = str(self.kind.currentData())
        plain = kind in ("xlsx", "csv")
        shape = Shape(
            labels=bool(self.words.currentData()),
            several=self.several.currentData() if plain else "one",
            hxl=plain and self.hxl.isChecked(),
            tags=self._kept_tags(),
        )
        speech = str(self.speech.currentData() or "")
        return Wanted(self.form, kind, self.limits, shape, speech)

    def export(self) -> None:
        """Ask, choose where, and write."""
        wanted = self.wanted()
        words = ngettext(
            "{n} filled questionnaire leaves MigDesk unencrypted.",
            "{n} filled questionnaires leave MigDesk unencrypted.",
            self.count,
        ).format(n=self.count)
        if not self.desk.asker.confirm(_("Export personal data?"), words, _("Export")):
            return
        path = self._where(wanted)
        if path is None or not self._may_replace(path, wanted):
            return
        self.desk.runner.job(
            export_answers,
            wanted,
            path,
            then=partial(self._exported, path),
            owner=self,
            title=_("Export of {name}").format(name=path.name),
        )

    def _where(self, wanted: Wanted) -> Path | None:
        made = FORMATS[wanted.kind]
        title = _("Export the answers")
        if not made.ending:
            folder = self.desk.asker.folder(title)
            return folder / wanted.form if folder else None
        filters = f"{made.label} (*{made.ending})"
        return self.desk.asker.save_file(title, f"{wanted.form}{made.ending}", filters)

    def _may_replace(self, path: Path, wanted: Wanted) -> bool:
        """Ask about files beside the one that was chosen, which the dialog did not show."""
        data = self.loaded.data if self.loaded is not None else None
        names = in_the_way(path, wanted, data)
        if not names:
            return True
        title = ngettext("Replace {n} file?", "Replace {n} files?", len(names))
        words = _("Each repeat has its own file. These are there already: {names}")
        if wanted.kind == "folder":
            words = _("Submissions lie there already: {names}")
        shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
        return self.desk.asker.confirm(
            title.format(n=len(names)), words.format(names=shown), _("Replace")
        )

    def _exported(self, path: Path, n: int) -> None:
        words = ngettext("{n} questionnaire in {file}.", "{n} questionnaires in {file}.", n)
        self.desk.asker.tell(words.format(n=n, file=path.name))

    def show_codebook(self) -> None:
        """Preview the codebook on paper."""
        self.desk.print("codebook", form=self.form, limits=self.limits)

    def save_codebook(self) -> None:
        """Write the codebook as PDF or as a workbook."""
        filters = "Excel (*.xlsx);;PDF (*.pdf)"
        name = f"{self.form}-codebook.xlsx"
        path = self.desk.asker.save_file(_("Save the codebook"), name, filters)
        if path is None:
            return
        said = _("The codebook is in {file}.").format(file=path.name)
        self.desk.runner.job(
            export_codebook,
            self.form,
            self.limits,
            path,
            str(self.speech.currentData() or ""),
            then=lambda _n: self.desk.asker.tell(said),
            owner=self,
            title=_("Codebook"),
        )

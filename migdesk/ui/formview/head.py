"""The head of a filling: title, language, how much to show at a time."""

from __future__ import annotations

import re
import unicodedata
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QBoxLayout, QMenu

from migdesk.forms import Run
from migdesk.i18n import N_, _
from migdesk.ui.widgets import Button, PageHeader

from .filling import WAYS, Filling, Way

RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ps sd syr ug ur yi".split())
_WAY_NAMES = {
    "question": N_("One question"),
    "group": N_("One group"),
    "page": N_("Whole page"),
}


def spoken_name(language: str) -> str:
    """“Français” for the designer's “Français (fr)”."""
    return re.sub(r"\s*\([^)]*\)\s*\Z", "", language) or language


def direction(language: str) -> Qt.LayoutDirection | None:
    """Where a language of a form runs to, by its code or by the letters of its name; None
    if neither says."""
    code = re.search(r"\(([A-Za-z]{2,3})[-_)]", f"{language})" if "(" in language else "")
    if code and code[1].lower() in RIGHT_TO_LEFT:
        return Qt.LayoutDirection.RightToLeft
    kinds = {unicodedata.bidirectional(letter) for letter in language if letter.isalpha()}
    if {"R", "AL"} & kinds:
        return Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight if code else None


class Head(PageHeader):
    """`spoken(language)` and `turned(way)` when the person asks for them."""

    spoken = Signal(str)
    turned = Signal(str)

    def __init__(self, run: Run, way: str) -> None:
        super().__init__()
        self._narrow = self._tight = False
        self.speech = Button("")
        self.ways = Button("")
        self.take(self.speech, self.ways)
        self._fill_speech(run)
        self._fill_ways(way)

    def _fill_speech(self, run: Run) -> None:
        menu = QMenu(self.speech)
        group = QActionGroup(menu)
        for name in run.form.languages:
            action = menu.addAction(spoken_name(name))
            action.setCheckable(True)
            action.setChecked(name == run.language)
            action.triggered.connect(lambda _on=False, name=name: self.spoken.emit(name))
            group.addAction(action)
        self.speech.setMenu(menu)
        self.speech.setToolTip(_("Language of the questions (F9)"))
        self._speech_menu = group
        self.speech.setVisible(len(run.form.languages) > 1)

    def _fill_ways(self, way: str) -> None:
        menu = QMenu(self.ways)
        group = QActionGroup(menu)
        for name in WAYS:
            action = menu.addAction(str(_WAY_NAMES[name]))
            action.setCheckable(True)
            action.setChecked(name == way)
            action.triggered.connect(lambda _on=False, name=name: self.turn(name))
            group.addAction(action)
        self.ways.setMenu(menu)
        self.ways.setText(f"{_WAY_NAMES[way]} ▾")
        self.ways.setToolTip(_("How much to show at a time (F3)"))
        self._way_menu = group

    def take(self, *buttons: Button) -> None:
        """More to do, beside the language and the way."""
        for button in buttons:
            self.tools.addWidget(button)

    def turn(self, way: str) -> None:
        """Show as much at a time."""
        self.ways.setText(f"{_WAY_NAMES[way]} ▾")
        self._way_menu.actions()[WAYS.index(cast(Way, way))].setChecked(True)
        self.turned.emit(way)

    def show_filling(self, filling: Filling) -> None:
        """Title and language of a filling."""
        names = filling.run.form.languages
        for name, action in zip(names, self._speech_menu.actions(), strict=True):
            action.setChecked(name == filling.run.language)
        form = filling.run.form
        sub = _("Draft kept at every answer")
        if form.version:
            sub = _("Version {version}").format(version=form.version) + " · " + sub
        self.show_as(filling.title, "" if self._tight else sub)
        language = spoken_name(filling.run.language)
        said = _("Language: {language}").format(language=language)
        self.speech.setAccessibleName(said)
        self.speech.setText(f"{language if self._narrow else said} ▾")

    def set_narrow(self, narrow: bool, tight: bool) -> None:
        """Leave room for the title; where there is none beside the buttons, it stands
        above them."""
        self._narrow, self._tight = narrow, tight
        row = self.layout()
        assert isinstance(row, QBoxLayout)
        side, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        row.setDirection(above if tight else side)
        row.setSpacing(4 if tight else 16)

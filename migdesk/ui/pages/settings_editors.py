"""The editor that a declared setting asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from migdesk import codelists
from migdesk.i18n import LANGUAGES, language
from migdesk.settings import COUNTRY, CURRENCY, LANGUAGE, TEXT_SIZE, Setting, Settings
from migdesk.ui.gate import SPOKEN
from migdesk.ui.theme import px
from migdesk.ui.widgets import label

Take = Callable[[Setting[Any], Any], object]


def choices_of(setting: Setting[Any]) -> list[tuple[Any, str]]:
    """Stored value and words of a setting that is a closed list, else nothing."""
    if setting is LANGUAGE:
        return [(code, LANGUAGES[code]) for code in SPOKEN]
    if setting is COUNTRY:
        return [(item.code, item.label()) for item in codelists.countries()]
    if setting is CURRENCY:
        return [
            (item.code, f"{item.code} — {item.label()}") for item in codelists.get("currencies")
        ]
    return [(value, str(words)) for value, words in setting.choices]


def editor_of(settings: Settings, setting: Setting[Any], take: Take) -> QWidget:
    """A widget that hands over the value at the end of typing, at once for a choice."""
    value = settings.get(setting)
    choices = choices_of(setting)
    if choices:
        box = QComboBox()
        for stored, words in choices:
            box.addItem(words, stored)
        wanted = language() if setting is LANGUAGE and not value else value
        box.setCurrentIndex(max(box.findData(wanted), 0))
        box.activated.connect(lambda _row: take(setting, box.currentData()))
        return box
    if isinstance(setting.default, int):
        spin = QSpinBox()
        spin.setRange(setting.low, setting.high)
        spin.setSingleStep(10 if setting is TEXT_SIZE else 1)
        spin.setValue(value)
        # Fusion leaves no room before the figure, whatever the sheet says.
        spin.lineEdit().setTextMargins(8, 0, 8, 0)
        # At the end of typing: a size half typed must not rebuild the window.
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(lambda number: take(setting, number))
        return spin
    line = QLineEdit(str(value))
    line.editingFinished.connect(lambda: take(setting, line.text().strip()))
    return line


def editors(settings: Settings, shown: Sequence[Setting[Any]], take: Take) -> QGridLayout:
    """The editors of some settings under each other, with their labels."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(12)
    for row, setting in enumerate(shown):
        editor = editor_of(settings, setting, take)
        editor.setAccessibleName(str(setting.label))
        editor.setMinimumWidth(px(264))
        editor.setMaximumWidth(px(320))
        words = label(str(setting.label))
        words.setBuddy(editor)
        grid.addWidget(words, row, 0)
        grid.addWidget(editor, row, 1)
    grid.setColumnStretch(2, 1)
    return grid

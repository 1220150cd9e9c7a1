"""What a condition compares with is typed in words and stored as codes."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from recordview_tools import make_desk

from migdesk.models import RECORDS
from migdesk.models.kinds import BadValue
from migdesk.services import records
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.edit_facts import FactEditor
from migdesk.ui.recordview.lines import Line, LinesCard


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


@pytest.fixture
def card(qtbot: QtBot, desk: Desk) -> LinesCard:
    made = LinesCard(desk, RECORDS["window_condition"])
    qtbot.addWidget(made)
    made.show()
    return made


def editor_of(line: Line, about: str, value: Any = None) -> FactEditor:
    line.fill({"about": about, "value": value}, {})
    editor = line.boxes["value"].editor
    assert isinstance(editor, FactEditor)
    return editor


def test_words_of_a_list_become_its_codes(qtbot: QtBot, card: LinesCard) -> None:
    line = card.add_by_hand()
    editor = editor_of(line, "language")
    for words in ("Wolof", "Arab"):
        qtbot.keyClicks(editor.line, words)
        qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert line.values()["value"] == "wo|ar" and line.values()["about"] == "language"
    qtbot.keyClicks(editor.line, "Klingon")
    with pytest.raises(BadValue):
        line.values()


def test_codes_are_shown_in_words(card: LinesCard) -> None:
    editor = editor_of(card.add_by_hand(), "residence_country", "FR|SN")
    assert [option.label for option in editor._chosen] == ["France", "Senegal"]
    assert editor.value() == "FR|SN"


def test_a_place_is_found_by_its_name(qtbot: QtBot, desk: Desk, card: LinesCard) -> None:
    names = {"name": "Sédhiou", "level": "region"}
    id = desk.store.write(records.save, "place", None, names)
    line = card.add_by_hand()
    editor = editor_of(line, "place")
    found: list[str] = []
    editor._options("sedhiou", lambda options: found.extend(o.value for o in options))
    assert found == [id]
    again = editor_of(card.add_by_hand(), "place", id)
    assert [option.label for option in again._chosen] == ["Sédhiou"] and again.value() == id


def test_numbers_and_amounts_are_typed_as_elsewhere(qtbot: QtBot, card: LinesCard) -> None:
    line = card.add_by_hand()
    editor = editor_of(line, "amount")
    qtbot.keyClicks(editor.line, "5 000 000")
    assert editor.value() == "5000000 XOF"
    editor = editor_of(line, "age", "35")
    assert editor.value() == "35"
    qtbot.keyClicks(editor.line, "old")
    with pytest.raises(BadValue):
        editor.value()


def test_words_of_another_subject_are_refused(card: LinesCard) -> None:
    line = card.add_by_hand()
    editor_of(line, "language", "wo")
    line.boxes["about"].set_value("residence_country")
    with pytest.raises(BadValue):
        line.values()


def test_what_was_stored_is_no_change(card: LinesCard) -> None:
    line = card.add_by_hand()
    editor_of(line, "education", "something of before")
    assert not line.changed()

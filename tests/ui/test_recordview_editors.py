"""Every kind has an editor that gives back what it was given, and reads what is typed."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from recordview_tools import ScriptedAsker, make_desk

from migdesk.i18n import N_
from migdesk.models import RECORDS, Field, kinds
from migdesk.models.kinds import BadValue
from migdesk.services import attachments, records
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.edit_choices import BooleanEditor, ChipsEditor, ChoiceEditor
from migdesk.ui.recordview.edit_links import LinkEditor, creatable
from migdesk.ui.recordview.editor import LineEditor, MoneyEditor
from migdesk.ui.recordview.editors import EDITORS, FieldBox, editor_for


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def a_field(kind: kinds.Kind, **options: Any) -> Field:
    return Field("x", kind, N_("Thing"), **options)


STORED: list[tuple[kinds.Kind, Any]] = [
    (kinds.Kind(), "Marsassoum"),
    (kinds.LongText(), "one\ntwo"),
    (kinds.Number(), 12500),
    (kinds.Number(decimals=2), 1250.5),
    (kinds.Money(), "1250000 XOF"),
    (kinds.Money(), "12.5 EUR"),
    (kinds.Date(), "1989-03-12"),
    (kinds.FuzzyDate(), "1985~"),
    (kinds.FuzzyDate(), "1985-03"),
    (kinds.Moment(), "2026-11-24T17:30:00Z"),
    (kinds.Boolean(), False),
    (kinds.Choice(codes="sex"), "female"),
    (kinds.Choice(codes="sex"), "a code of another office"),
    (kinds.Choices(codes="languages"), ["fr", "wo"]),
    (kinds.Texts(), ["Modou", "Doudou"]),
    (kinds.Country(), "SN"),
    (kinds.Language(), "fr"),
    (kinds.TimeZone(), "Europe/Paris"),
    (kinds.Phone(), "+221771234567"),
    (kinds.Email(), "a@example.org"),
]


def test_every_kind_has_an_editor() -> None:
    fields = (f for about in RECORDS.values() for f in about.fields.values())
    assert {type(f.kind) for f in fields if not f.hidden} <= set(EDITORS)


@pytest.mark.parametrize(("kind", "stored"), STORED)
def test_round_trips(qtbot: QtBot, desk: Desk, kind: kinds.Kind, stored: Any) -> None:
    """Stored → shown → stored, through a draft too; and empty stays empty."""
    editor = editor_for(desk, a_field(kind))
    qtbot.addWidget(editor)
    editor.set_value(stored)
    assert editor.value() == stored
    kept = editor.typed()
    other = editor_for(desk, a_field(kind))
    qtbot.addWidget(other)
    other.set_typed(kept)
    if stored != "a code of another office":
        assert other.value() == stored
    editor.set_value(None)
    assert editor.value() is None


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (kinds.Date(), "12/3/89", "1989-03-12"),
        (kinds.FuzzyDate(), "about 1985", "1985~"),
        (kinds.Number(), "1 250", 1250),
        (kinds.Phone(), "77 123 45 67", "+221771234567"),
        (kinds.Kind(), "a\x07b", "ab"),
        (kinds.Choice(codes="sex"), "fem", "female"),
        (kinds.Country(), "seneg", "SN"),
    ],
)
def test_reads_what_is_typed(
    qtbot: QtBot, desk: Desk, kind: kinds.Kind, typed: str, stored: Any
) -> None:
    editor = editor_for(desk, a_field(kind))
    assert isinstance(editor, LineEditor)
    qtbot.addWidget(editor)
    editor.show()
    with qtbot.waitSignal(editor.changed):
        qtbot.keyClicks(editor.line, typed.replace("\x07", ""))
    if "\x07" in typed:
        editor.line.setText(typed)
    editor._on_left()
    assert editor.value() == stored


def test_money_takes_its_currency_from_the_words(qtbot: QtBot, desk: Desk) -> None:
    editor = editor_for(desk, a_field(kinds.Money()))
    assert isinstance(editor, MoneyEditor)
    qtbot.addWidget(editor)
    editor.show()
    qtbot.keyClicks(editor.line, "150 EUR")
    editor._on_left()
    assert editor.value() == "150 EUR"
    assert editor.currency.currentText() == "EUR"
    assert editor.line.text() == "150"


def test_boolean_knows_three_answers(qtbot: QtBot, desk: Desk) -> None:
    editor = editor_for(desk, a_field(kinds.Boolean()))
    assert isinstance(editor, BooleanEditor)
    qtbot.addWidget(editor)
    assert editor.value() is None
    editor.group.button(0).click()
    assert editor.value() is True
    editor.group.button(2).click()
    assert editor.value() is None


def test_choice_that_is_not_in_the_list_is_refused(qtbot: QtBot, desk: Desk) -> None:
    box = FieldBox(desk, a_field(kinds.Choice(codes="sex")))
    assert isinstance(box.editor, ChoiceEditor)
    qtbot.addWidget(box)
    box.show()
    qtbot.keyClicks(box.editor.line, "zzz")
    assert not box.check()
    assert "zzz" in box.wrong
    qtbot.keyClicks(box.editor.line, "z")
    assert box.wrong == ""


def test_chips_come_and_go_by_keyboard(qtbot: QtBot, desk: Desk) -> None:
    editor = editor_for(desk, a_field(kinds.Texts()))
    assert isinstance(editor, ChipsEditor)
    qtbot.addWidget(editor)
    editor.show()
    qtbot.keyClicks(editor.line, "Modou, Doudou")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    qtbot.keyClicks(editor.line, "Papis")
    assert editor.value() == ["Modou", "Doudou", "Papis"]
    editor.line.clear()
    qtbot.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert editor.value() == ["Modou"]


def test_link_searches_chooses_and_refuses_words(qtbot: QtBot, desk: Desk) -> None:
    name = {"family_name": "Jallow", "given_name": "Mamadu"}
    id = desk.store.write(records.save, "person", None, name)
    editor = editor_for(desk, a_field(kinds.Link(to="person")))
    assert isinstance(editor, LinkEditor)
    qtbot.addWidget(editor)
    editor.line.setText("diallo mamadou")
    with pytest.raises(BadValue):
        editor.value()
    editor.suggester._ask()
    assert [o.value for o in editor.suggester.options] == [id]
    with qtbot.waitSignal(editor.changed):
        editor._choose(editor.suggester.options[0])
    assert editor.value() == id
    assert editor.line.text() == "Mamadu Jallow"
    assert not editor.open_button.isHidden()


def test_place_is_made_on_the_spot_but_never_a_person(qtbot: QtBot, desk: Desk) -> None:
    editor = editor_for(desk, a_field(kinds.Place()))
    assert isinstance(editor, LinkEditor)
    qtbot.addWidget(editor)
    editor.line.setText("Diendé")
    editor.suggester._ask()
    editor._choose(editor.suggester.options[-1])
    assert desk.store.read(records.get, "place", editor.value()).title == "Diendé"
    assert creatable(RECORDS["person"]) == ""


def test_file_is_kept_and_shown(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "scan.txt"
    path.write_bytes(b"paper")
    assert isinstance(desk.asker, ScriptedAsker)
    desk.asker.file = path
    editor = editor_for(desk, a_field(kinds.Attachment()))
    qtbot.addWidget(editor)
    with qtbot.waitSignal(editor.changed):
        editor.choose()  # type: ignore[attr-defined]
    assert desk.store.read(attachments.read, editor.value())[::2] == ("scan.txt", b"paper")
    desk.asker.file = tmp_path / "gone.txt"
    editor.choose()  # type: ignore[attr-defined]
    assert [fault.code for fault in desk.asker.faults] == ["UIR-001"]

"""The form: typing, validation, drafts, lines, saving, as a person does it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from recordview_tools import ScriptedAsker, make_desk

from migdesk.models.store import DiskFull
from migdesk.services import drafts, history, records
from migdesk.services.records import Query
from migdesk.ui.desk import Account, Desk
from migdesk.ui.recordview.edit_choices import ChoiceEditor
from migdesk.ui.recordview.editor import LineEditor, LongTextEditor
from migdesk.ui.recordview.form import RecordForm


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def a_form(qtbot: QtBot, desk: Desk, kind: str, id: str | None = None) -> RecordForm:
    form = RecordForm(desk, kind, id)
    qtbot.addWidget(form)
    form.resize(1000, 700)
    form.show()
    form.load()
    with qtbot.waitActive(form):
        form.activateWindow()
    form.focus_first()
    return form


def type_into(qtbot: QtBot, form: RecordForm, name: str, text: str) -> None:
    editor = form.boxes[name].editor
    if isinstance(editor, LongTextEditor):
        qtbot.keyClicks(editor.pad, text)
    else:
        assert isinstance(editor, LineEditor)
        qtbot.keyClicks(editor.line, text)
        if isinstance(editor, ChoiceEditor):
            editor.suggester.close()


def save(desk: Desk, kind: str, **values: Any) -> str:
    return str(desk.store.write(records.save, kind, None, values))


def test_a_person_is_made_by_typing(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    type_into(qtbot, form, "given_name", "Aminata")
    type_into(qtbot, form, "birth", "about 1985")
    type_into(qtbot, form, "phone", "77 123 45 67")
    with qtbot.waitSignal(form.saved) as said:
        focus = form.boxes["phone"].editor.focusProxy()
        focus.setFocus()
        qtbot.keyClick(focus, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    view = desk.store.read(records.get, "person", said.args[0])
    assert view.title == "Aminata Diallo"
    assert (view.values["birth"], view.values["phone"]) == ("1985~", "+221771234567")
    assert view.values["status"] == "prefers_not_to_say"
    assert not form.dirty()


def test_what_is_wrong_is_said_beside_the_field(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "email", "nowhere")
    form.save()
    assert "name@example.org" in form.boxes["email"].wrong
    assert form.boxes["email"].words.isVisible()
    assert form.boxes["email"].editor.focusProxy().property("wrong") is True
    assert desk.store.read(records.count, "person", Query()) == 0


def test_what_the_service_refuses_stands_beside_the_field(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    form._on_refused(records.Needed("family_name", label="A name"))
    assert "A name" in form.boxes["family_name"].wrong
    assert form.boxes["family_name"].editor.focusProxy().hasFocus()


def test_needed_fields_are_asked_for(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "case")
    form.save()
    assert form.boxes["title"].wrong
    assert form.boxes["person"].wrong
    assert not form.boxes["coach"].wrong


def test_only_what_changed_is_written(qtbot: QtBot, desk: Desk) -> None:
    id = save(desk, "person", family_name="Diallo", given_name="Aminata")
    form = a_form(qtbot, desk, "person", id)
    type_into(qtbot, form, "residence", "Montreuil")
    # Meanwhile somebody else corrects the name.
    desk.store.write(records.save, "person", id, {"family_name": "Diallo Sow"})
    form.save()
    view = desk.store.read(records.get, "person", id)
    assert view.values["family_name"] == "Diallo Sow"
    event = desk.store.read(history.history, "person", id)[0]
    assert [change[2] for change in event.changes] == ["Montreuil"]


def test_a_draft_survives_and_resumes(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    type_into(qtbot, form, "birth", "not a date")
    key = drafts.key("person", desk.account.id)
    qtbot.waitUntil(lambda: desk.store.read(drafts.newest, key) is not None)
    again = a_form(qtbot, desk, "person")
    assert again.offer.isVisible()
    assert not again.dirty()
    again.resume_button.click()
    line = again.boxes["birth"].editor
    assert isinstance(line, LineEditor)
    assert line.line.text() == "not a date"
    assert again.boxes["birth"].wrong
    assert again.boxes["family_name"].value() == "Diallo"
    line.line.clear()
    again.save()
    assert desk.store.read(drafts.newest, drafts.key("person", desk.account.id)) is None
    assert desk.store.read(records.count, "person", Query()) == 1


def test_a_draft_is_discarded(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    form.keep_draft()
    again = a_form(qtbot, desk, "person")
    again.discard_button.click()
    assert not again.offer.isVisible()
    assert desk.store.read(drafts.list_mine) == ()


def test_escape_asks_nothing_and_keeps_the_draft(qtbot: QtBot, desk: Desk) -> None:
    id = save(desk, "person", family_name="Diallo")
    form = a_form(qtbot, desk, "person", id)
    type_into(qtbot, form, "residence", "S")
    with qtbot.waitSignal(form.cancelled):
        focus = form.boxes["residence"].editor.focusProxy()
        focus.setFocus()
        qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert not form.dirty()
    assert form.offer.isVisible()
    form.resume_button.click()
    assert form.boxes["residence"].value() == "S"


def test_lines_are_added_changed_and_removed(qtbot: QtBot, desk: Desk) -> None:
    person = save(desk, "person", family_name="Diallo")
    case = save(desk, "case", title="Poultry", person=person)
    form = a_form(qtbot, desk, "case", case)
    card = form.lines["finance_line"]
    for source, amount in (("Savings", "600000"), ("Loan", "1 200 000")):
        card.add_button.click()
        for name, text in (("source", source), ("amount", amount)):
            editor = card.lines[-1].boxes[name].editor
            assert isinstance(editor, LineEditor)
            qtbot.keyClicks(editor.line, text)
    assert "1,800,000" in card.total.text()
    form.save()
    lines = desk.store.read(records.lines_of, "finance_line", case)
    assert [line.values["amount"] for line in lines] == ["600000 XOF", "1200000 XOF"]
    assert [line.values["status"] for line in lines] == ["to_ask", "to_ask"]
    card.lines[0].remove_button.click()
    assert form.dirty()
    form.save()
    (left,) = desk.store.read(records.lines_of, "finance_line", case)
    assert left.title == "Loan"
    assert len(card.lines) == 1


def test_an_empty_line_is_no_line_and_a_half_one_is_refused(qtbot: QtBot, desk: Desk) -> None:
    id = save(desk, "organisation", name="Association")
    form = a_form(qtbot, desk, "organisation", id)
    card = form.lines["contact_person"]
    card.add_button.click()
    assert not form.dirty()
    role = card.lines[0].boxes["role"].editor
    assert isinstance(role, LineEditor)
    qtbot.keyClicks(role.line, "President")
    form.save()
    assert card.lines[0].boxes["name"].wrong
    assert desk.store.read(records.lines_of, "contact_person", id) == ()


def test_lines_of_a_draft_come_back(qtbot: QtBot, desk: Desk) -> None:
    id = save(desk, "household", name="Diatta")
    desk.store.write(
        records.save, "member", None, {"household": id, "name": "Awa", "birth": "1985-03"}
    )
    form = a_form(qtbot, desk, "household", id)
    card = form.lines["member"]
    card.lines[0].boxes["name"].editor.set_typed("Awa Diatta")
    card.add_by_hand().boxes["name"].editor.set_typed("Bakary")
    form.keep_draft()
    again = a_form(qtbot, desk, "household", id)
    again.resume()
    again.save()
    found = desk.store.read(records.lines_of, "member", id)
    assert [(m.title, m.values["birth"]) for m in found] == [
        ("Awa Diatta", "1985-03"),
        ("Bakary", None),
    ]


def test_a_full_disk_keeps_what_is_typed(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    form._on_refused(DiskFull())
    assert isinstance(desk.asker, ScriptedAsker)
    assert [fault.code for fault in desk.asker.faults] == [DiskFull.code]
    draft = desk.store.read(drafts.newest, drafts.key("person", desk.account.id))
    assert draft is not None
    assert draft.title == "Diallo"
    assert form.boxes["family_name"].value() == "Diallo"


def test_long_notes_and_control_characters(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    editor = form.boxes["note"].editor
    assert isinstance(editor, LongTextEditor)
    QApplication.clipboard().setText("a\x07b\x00\n" + "é" * 5_000)
    editor.pad.paste()
    name = form.boxes["given_name"].editor
    assert isinstance(name, LineEditor)
    QApplication.clipboard().setText("Ami\x1bna\nta")
    name.line.paste()
    form.save()
    (row,) = desk.store.read(records.list_page, "person", Query()).rows
    note = row.values["note"]
    assert note.endswith("é" * 5_000)
    assert not any(ord(c) < 32 and c not in "\n\t" for c in note + row.values["given_name"])


def test_nobody_types_while_it_saves(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    waiting: list[Callable[[], None]] = []
    answer_now = desk.runner._post
    desk.runner._post = waiting.append  # type: ignore[method-assign]
    focus = QApplication.focusWidget()
    form.save()
    assert not form.boxes["family_name"].editor.isEnabled()
    desk.runner._post = answer_now  # type: ignore[method-assign]
    for answer in waiting:
        answer()
    assert form.boxes["family_name"].editor.isEnabled()
    assert QApplication.focusWidget() is focus
    assert form.id is not None


@pytest.fixture
def mirrored() -> Iterator[None]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("width", [320, 700, 1200])
def test_mirrored_and_narrow(qtbot: QtBot, desk: Desk, mirrored: None, width: int) -> None:
    id = save(desk, "person", family_name="ديالو", aliases=["a", "b"], languages=["wo"])
    desk.store.write(
        records.save, "consent", None, {"person": id, "purpose": "contact", "answer": "given"}
    )
    form = a_form(qtbot, desk, "person", id)
    form.resize(width, 500)
    qtbot.waitUntil(lambda: form.cards.width() <= width)
    assert not form.grab().isNull()


def test_drafts_belong_to_an_account(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    form.keep_draft()
    other = replace(desk, account=Account("acc-2", "Paul Mendy", "agent"))
    assert not a_form(qtbot, other, "person").offer.isVisible()
    assert a_form(qtbot, desk, "person").offer.isVisible()


def test_typing_without_a_pause_is_kept(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "D")
    due = form._timer.remainingTime()
    type_into(qtbot, form, "family_name", "i")
    assert form._timer.isActive()
    assert form._timer.remainingTime() <= due


def test_what_is_typed_beside_an_offer_is_kept_too(qtbot: QtBot, desk: Desk) -> None:
    form = a_form(qtbot, desk, "person")
    type_into(qtbot, form, "family_name", "Diallo")
    form.keep_draft()
    again = a_form(qtbot, desk, "person")
    type_into(qtbot, again, "family_name", "Sow")
    again.keep_draft()
    kept = {draft.title for draft in desk.store.read(drafts.list_mine)}
    assert kept == {"Diallo", "Sow"}

"""A workbook with entities, from its import to the person in the list of people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from migdesk.forms import Form, Run
from migdesk.forms.xlsform import convert
from migdesk.models.store import Store
from migdesk.services import entity_maps, entity_settle, entity_setup, records, submissions
from migdesk.ui.desk import Desk
from migdesk.ui.formview import FormView, StartPanel
from migdesk.ui.formview.registered import RegisteredCard
from migdesk.ui.pages.answers import AnswersPage
from migdesk.ui.pages.people import PeoplePage
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from migdesk.ui.pages.questionnaires_entities import EntitiesView, ListCard
from migdesk.ui.pages.settle import SettlePage
from migdesk.ui.pages.settle_entities import EntityCard
from migdesk.ui.widgets import Button
from tests.ui.conftest import NotingShell, ScriptedAsker

BOOK = """
| survey |
| | type | name | label::Français (fr) | save_to |
| | text | fn | Prénom | given |
| | text | ln | Nom | surname |
| | select_one sx | s | Sexe | sex |
| | text | phone | Téléphone | phone |
| choices |
| | list_name | name | label::Français (fr) |
| | sx | 1 | Femme |
| | sx | 2 | Homme |
| | sx | 9 | Martien |
| entities |
| | list_name | label |
| | migrants | concat(${fn}, ' ', ${ln}) |
| settings |
| | form_title | form_id | version |
| | Registration | reg | 1 |
"""
FOLLOW = """
| survey |
| | type | name | label | save_to |
| | select_one_from_file people.csv | who | Who? | |
| | text | town | Town | town |
| entities |
| | list_name | label | entity_id |
| | people | ${town} | ${who} |
| settings |
| | form_title | form_id | version |
| | Follow | follow | 1 |
"""
ENTER = Qt.Key.Key_Return


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, theme: object) -> QuestionnairesPage:
    page = QuestionnairesPage(desk)
    qtbot.addWidget(page)
    desk.runner.changed.connect(page.on_changed)
    page.resize(1366, 700)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.load()
    return page


def press(qtbot: QtBot, button: Button) -> None:
    assert button.isVisible() and button.isEnabled(), button.text()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def button(page: QuestionnairesPage, words: str) -> Button:
    QApplication.processEvents()
    return next(
        b for b in page.findChildren(Button) if b.text().startswith(words) and b.isVisible()
    )


def choose(qtbot: QtBot, box: QComboBox, words: str) -> None:
    """By keyboard: open the list, step to the item, take it."""
    box.setFocus()
    wanted = box.findText(words)
    assert wanted >= 0, [box.itemText(n) for n in range(box.count())]
    steps = wanted - box.currentIndex()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    for _step in range(abs(steps)):
        qtbot.keyClick(box.view(), Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    qtbot.keyClick(box.view(), ENTER)


def bring_in(
    qtbot: QtBot, page: QuestionnairesPage, asker: ScriptedAsker, folder: Path, book: str
) -> EntitiesView:
    path = folder / "book.md"
    path.write_text(book, "utf-8")
    asker.paths = [path]
    press(qtbot, page.home.import_button)
    press(qtbot, page.home.report.registers_button)
    view = page.pages.currentWidget()
    assert isinstance(view, EntitiesView)
    return view


def fill(qtbot: QtBot, page: QuestionnairesPage, title: str, *answers: str) -> None:
    page.show_home()
    with qtbot.waitActive(page):
        page.activateWindow()
    QApplication.processEvents()
    found = [b for b in page.findChildren(Button) if b.accessibleName() == f"Fill · {title}"]
    press(qtbot, next(b for b in found if b.isVisible()))
    panel = page.pages.currentWidget()
    assert isinstance(panel, StartPanel)
    qtbot.keyClick(panel.line, ENTER)
    view = page.pages.currentWidget()
    assert isinstance(view, FormView)
    for text in answers:
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClicks(focus, text)
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, ENTER)
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, ENTER, Qt.KeyboardModifier.ControlModifier)
    assert not isinstance(page.pages.currentWidget(), FormView)


def people(store: Store) -> list[records.View]:
    return list(store.read(records.list_page, "person", records.Query()).rows)


def test_from_the_workbook_to_the_person(
    qtbot: QtBot,
    page: QuestionnairesPage,
    asker: ScriptedAsker,
    store: Store,
    desk: Desk,
    shell: NotingShell,
    tmp_path: Path,
) -> None:
    view = bring_in(qtbot, page, asker, tmp_path, BOOK)
    [first] = view.cards
    assert first.target.currentText() == "A person"
    assert first.fields["surname"].currentText() == "Family name"
    assert first.codes["sex", "1"].currentText() == "Female"
    assert "Martien" in first.lost.text()
    choose(qtbot, first.codes["sex", "9"], "Other")
    assert not first.lost.isVisible()
    press(qtbot, view.save_button)
    assert "Saved" in asker.told[-1]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert button(page, "Records…").text() == "Records…"

    fill(qtbot, page, "Registration", "Awa", "Sane", "1", "771234567")
    [awa] = people(store)
    assert (awa.values["given_name"], awa.values["sex"]) == ("Awa", "female")
    list_ = PeoplePage(desk)
    qtbot.addWidget(list_)
    list_.show()
    list_.load()
    shown = store.read(records.list_page, "person", records.Query(text="awa sane")).rows
    assert [row.id for row in shown] == [awa.id]

    QApplication.processEvents()
    card = page.findChild(RegisteredCard)
    assert card is not None and card.isVisible()
    [row] = card.rows.rows
    assert row.accessibleName() == "Awa Sane · A person · Registered"
    qtbot.keyClick(row, ENTER)
    assert shell.opened == [("person", awa.id)]

    # A second questionnaire changes her.
    view = bring_in(qtbot, page_home(page), asker, tmp_path, FOLLOW)
    press(qtbot, view.save_button)
    fill(qtbot, page, "Follow", "1", "Kolda")
    [awa] = people(store)
    assert (awa.values["residence"], awa.values["phone"]) == ("Kolda", "+221771234567")

    # The same person again is proposed, not made.
    fill(qtbot, page, "Registration", "Hawa", "Sane", "1", "701112233")
    assert len(people(store)) == 1
    settle = SettlePage(desk)
    qtbot.addWidget(settle)
    desk.runner.changed.connect(settle.on_changed)
    with qtbot.waitActive(settle):
        settle.show()
        settle.activateWindow()
    settle.load()
    settle.setFocus()
    waits = settle.card
    assert isinstance(waits, EntityCard)
    words = " ".join(label.text() for label in waits.findChildren(QLabel))
    assert "Is this the same person?" in words and "Hawa" in words and "Awa Sane" in words
    take = waits.takes["phone"]
    assert not take.isChecked()
    take.setFocus()
    qtbot.keyClick(take, Qt.Key.Key_Space)
    qtbot.keyClick(QApplication.focusWidget() or settle, Qt.Key.Key_1)
    [awa] = people(store)
    assert (awa.values["phone"], awa.values["given_name"]) == ("+221701112233", "Awa")
    assert settle.nothing.isVisible()
    assert asker.told[-1] == "Linked: Hawa Sane."
    assert asker.then is not None
    asker.then()
    assert store.read(entity_settle.count) == 1
    [awa] = people(store)
    assert awa.values["phone"] == "+221771234567"
    settle.load()
    settle.setFocus()
    qtbot.keyClick(QApplication.focusWidget() or settle, Qt.Key.Key_2)
    assert sorted(p.values["given_name"] for p in people(store)) == ["Awa", "Hawa"]


def page_home(page: QuestionnairesPage) -> QuestionnairesPage:
    page.show_home()
    return page


def test_questionnaires_kept_before_register_later(
    qtbot: QtBot,
    page: QuestionnairesPage,
    asker: ScriptedAsker,
    store: Store,
    shell: NotingShell,
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.md"
    path.write_text(BOOK, "utf-8")
    asker.paths = [path]
    press(qtbot, page.home.import_button)
    [form] = [v for v in store.read(submissions.questionnaires) if v.title == "Registration"]
    fill(qtbot, page, "Registration", "Awa", "Sane", "1", "771234567")
    assert people(store) == []
    page.show_home()
    press(qtbot, button(page, "Records… (to set up)"))
    view = page.pages.currentWidget()
    assert isinstance(view, EntitiesView) and view.view.id == form.id
    for setup in store.read(entity_setup.setups, form.id):
        store.write(entity_maps.save, setup.mapping)
    page.show_home()
    press(qtbot, button(page, "Records… (1 to register)"))
    view = page.pages.currentWidget()
    assert isinstance(view, EntitiesView) and view.later.isVisible()
    store.write(records.delete, "entity_map", entity_maps.map_id("reg", "migrants"))
    page.show_home()
    press(qtbot, button(page, "Records… (to set up)"))
    view = page.pages.currentWidget()
    assert isinstance(view, EntitiesView)
    assert not view.later.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "1 questionnaire was finished before" in view.later_words.text()
    press(qtbot, view.later_button)
    assert [p.values["family_name"] for p in people(store)] == ["Sane"]
    assert asker.told[-1] == "1 registration made or waiting."
    assert not view.later.isVisible()


def test_another_target_and_another_field(
    qtbot: QtBot, page: QuestionnairesPage, asker: ScriptedAsker, store: Store, tmp_path: Path
) -> None:
    view = bring_in(qtbot, page, asker, tmp_path, BOOK)
    [card] = view.cards
    choose(qtbot, card.fields["given"], "— left out —")
    choose(qtbot, card.fields["surname"], "Given names")
    assert card.mapping.fields["surname"] == "given_name"
    # A field takes one property: choosing it there frees it here.
    choose(qtbot, card.fields["given"], "Given names")
    assert card.mapping.fields["given"] == "given_name"
    assert "surname" not in card.mapping.fields
    choose(qtbot, card.target, "An organisation")
    assert card.mapping.target == "organisation"
    assert "sex" not in card.mapping.fields
    choose(qtbot, card.target, "— nothing —")
    assert card.fields == {}
    asker.confirms = [False]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert asker.asked[-1] == "Leave without saving?"
    assert page.pages.currentWidget() is view
    press(qtbot, view.save_button)
    fill(qtbot, page, "Registration", "Awa", "Sane", "1", "771234567")
    assert people(store) == []


def test_who_may_not_write_may_not_decide(
    qtbot: QtBot, desk: Desk, store: Store, theme: object
) -> None:
    view = entity_settle.WaitingView(
        "e", "place", "Kolda", "Places", "Awa", "2026-11-20T10:00:00Z", "s", "role", (), (), (),
        may=False,
    )  # fmt: skip
    card = EntityCard(view, "1 of 1", desk)
    qtbot.addWidget(card)
    assert not card.ways["2"].isEnabled()
    decided: list[object] = []
    card.decided.connect(lambda *found: decided.append(found))
    card.press("2")
    assert decided == []
    assert card.first is card.ways["4"]


def test_several_candidates_one_after_the_other(
    qtbot: QtBot, desk: Desk, make: Callable[..., str], theme: object
) -> None:
    shown = [
        entity_settle.Candidate(str(n), f"Awa {n}", f"P-{n}", {"phone": f"7{n}"})
        for n in range(2)
    ]
    view = entity_settle.WaitingView(
        "e", "person", "Awa", "F", "", "", "s", "duplicate",
        (entity_settle.Fact("phone", "Telephone", "71"),), tuple(shown), ("sex: 9",), may=True,
    )  # fmt: skip
    card = EntityCard(view, "1 of 1", desk)
    qtbot.addWidget(card)
    assert set(card.takes) == {"phone"}
    card.press("3")
    assert card.candidate == shown[1]
    assert card.takes == {}
    words = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "Left out" in words and "2 of 2" in words


def test_a_card_shows_every_property(qtbot: QtBot, theme: object) -> None:
    from migdesk.services.entity_fields import EntityMapping, Property
    from migdesk.services.entity_setup import Setup

    properties = (Property("label", ""), Property("a", "A?"), Property("b", "B?"))
    card = ListCard(Setup(EntityMapping("f", "things", ""), properties, False))
    qtbot.addWidget(card)
    assert card.fields == {}
    card.target.setCurrentIndex(card.target.findData("household"))
    card._on_target(0)
    assert set(card.fields) == {"label", "a", "b"}
    assert card.fields["label"].currentData() == "name"


def test_an_import_registers_if_ticked(
    qtbot: QtBot, desk: Desk, store: Store, asker: ScriptedAsker, tmp_path: Path, theme: object
) -> None:
    xform = convert(BOOK, ".md").xml
    id = store.write(submissions.add_questionnaire, "Registration", "reg", "1", xform)
    run = Run(Form.load(xform))
    run.set("/data/fn", "Awa")
    run.set("/data/ln", "Sane")
    path = tmp_path / "awa.xml"
    path.write_text(run.finalise(), "utf-8")
    page = AnswersPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    page.arrive(questionnaire=id, tab="import")
    importing = page.importing
    asker.paths = [path]
    importing.file_button.click()
    assert importing.registers.isHidden()
    for setup in store.read(entity_setup.setups, id):
        store.write(entity_maps.save, setup.mapping)
    asker.paths = [path]
    importing.file_button.click()
    assert importing.registers.isVisible() and not importing.registers.isChecked()
    importing.registers.setFocus()
    qtbot.keyClick(importing.registers, Qt.Key.Key_Space)
    press(qtbot, importing.import_button)
    assert [p.values["given_name"] for p in people(store)] == ["Awa"]
    assert importing.registers.isHidden()

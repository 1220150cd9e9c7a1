"""To settle: one key decides, the other value stays in the history."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from migdesk.jobs import exchange as jobs
from migdesk.models.store import Store
from migdesk.services import exchange, history, records, settle
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.pages.settle import SettlePage
from migdesk.ui.widgets import Button

Make = Callable[..., str]
OURS, THEIRS = "+221771234567", "+33612345678"


@pytest.fixture
def person(store: Store, make: Make, tmp_path: Path) -> str:
    """Somebody whose telephone and home were changed on two computers at once."""
    id = make("person", family_name="Diallo", given_name="Aminata", phone="+221770001122")
    other = Store.open(tmp_path / "other.db", b"o" * 32, create=True)
    folder = tmp_path / "stick"
    folder.mkdir()
    other.write(exchange.pair, store.write(exchange.make_card).text)
    store.write(exchange.pair, other.write(exchange.make_card).text)
    jobs.export_bundle(store, Task(), folder)
    jobs.import_bundles(other, Task(), folder)
    store.write(records.save, "person", id, {"phone": OURS, "residence": "Terrassa"})
    other.write(records.save, "person", id, {"phone": THEIRS, "residence": "Sabadell"})
    jobs.export_bundle(other, Task(), folder)
    jobs.import_bundles(store, Task(), folder)
    other.close()
    return id


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> SettlePage:
    made = SettlePage(desk)
    qtbot.addWidget(made)
    desk.runner.changed.connect(made.on_changed)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.load()
    made.setFocus()
    return made


def show(page: SettlePage, field: str) -> None:
    page.load()
    page.choose(next(view.id for view in page.views if view.field == field))


def press(page: SettlePage, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(page.focusWidget() or page, key)


def fields(store: Store, id: str, *names: str) -> tuple[Any, ...]:
    values = store.read(records.get, "person", id).values
    return tuple(values[name] for name in names)


def test_empty_says_what_it_is_for(page: SettlePage, shell: Any) -> None:
    assert page.nothing.isVisible()
    assert not page.others_card.isVisible()
    page.nothing.button.click()
    assert shell.went == [("exchange", {})]


def test_both_values_are_shown(person: str, page: SettlePage) -> None:
    show(page, "phone")
    assert not page.nothing.isVisible()
    assert page.card is not None
    view = page.card.view
    assert {view.left.value, view.right.value} == {"77 123 45 67", "+33 6 12 34 56 78"}
    assert view.before == "77 000 11 22"
    assert page.others_card.isVisible()
    assert len(page.others.rows) == 1


@pytest.mark.parametrize(("key", "side"), [(Qt.Key.Key_1, "left"), (Qt.Key.Key_2, "right")])
def test_a_key_keeps_one(
    person: str, page: SettlePage, qtbot: QtBot, store: Store, key: Qt.Key, side: str
) -> None:
    show(page, "residence")
    assert page.card is not None
    wanted = getattr(page.card.view, side).value
    press(page, qtbot, key)
    assert fields(store, person, "residence") == (wanted,)
    assert [view.field for view in store.read(settle.conflicts)] == ["phone"]
    assert page.card is not None and page.card.view.field == "phone"


def test_keep_both_where_the_field_has_room(
    person: str, page: SettlePage, qtbot: QtBot, store: Store
) -> None:
    show(page, "residence")
    press(page, qtbot, Qt.Key.Key_3)
    assert len(store.read(settle.conflicts)) == 2
    show(page, "phone")
    press(page, qtbot, Qt.Key.Key_3)
    assert set(fields(store, person, "phone", "phone_2")) == {OURS, THEIRS}
    assert len(store.read(settle.conflicts)) == 1


def test_the_last_decision_leaves_an_empty_page(
    person: str, page: SettlePage, qtbot: QtBot
) -> None:
    page.load()
    press(page, qtbot, Qt.Key.Key_1)
    press(page, qtbot, Qt.Key.Key_1)
    assert page.views == ()
    assert page.nothing.isVisible()


def test_a_decision_is_undone(
    person: str, page: SettlePage, qtbot: QtBot, store: Store, asker: Any
) -> None:
    show(page, "residence")
    assert page.card is not None
    before = page.card.view.left.value
    press(page, qtbot, Qt.Key.Key_2)
    assert fields(store, person, "residence") != (before,)
    asker.then()
    assert fields(store, person, "residence") == (before,)


def test_the_other_value_stays_in_the_history(
    person: str, page: SettlePage, qtbot: QtBot, store: Store
) -> None:
    show(page, "residence")
    press(page, qtbot, Qt.Key.Key_1)
    events = store.read(history.history, "person", person)
    shown = {after for event in events for _label, _before, after in event.changes}
    assert {"Terrassa", "Sabadell"} <= shown


def test_page_down_goes_to_the_next(person: str, page: SettlePage, qtbot: QtBot) -> None:
    page.load()
    assert page.card is not None
    first = page.card.view.id
    press(page, qtbot, Qt.Key.Key_PageDown)
    assert page.card is not None and page.card.view.id != first
    press(page, qtbot, Qt.Key.Key_PageDown)
    assert page.card is not None and page.card.view.id == first


def test_long_notes_are_shown_whole(person: str, store: Store, desk: Desk) -> None:
    from migdesk.ui.pages.settle import SideCard

    side = settle.Side("word " * 1_000, "Awa", "0" * 16, "2026-11-20T10:00:00Z", "s")
    card = SideCard(side, "here", "left", False)
    assert card.button.isEnabled()
    assert card.sizeHint().height() < 600


def test_a_refused_bundle_says_why_and_what_to_do(
    page: SettlePage, store: Store, shell: Any
) -> None:
    store.write(exchange.refuse_bundle, "0123456789abcdef-1.migbundle", "BUN-006")
    page.load()
    card = page.refused_card
    assert card.isVisible()
    assert not page.nothing.isVisible()
    words = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "unknown computer" in words
    assert "Exchange keys with it first." in words
    assert "0123456789abcdef" in words
    again, aside = card.findChildren(Button)
    again.click()
    assert shell.went == [("exchange", {})]
    aside.click()
    assert not card.isVisible()
    assert page.nothing.isVisible()

"""Merging a record with another, separating it again, erasing it for good."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import duplicates, records
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.pages.erase import ErasePage
from migdesk.ui.pages.merge import MergePage
from migdesk.ui.pages.merge_card import MergeCard
from migdesk.ui.pages.settle import SettlePage
from migdesk.ui.recordview.more import more_menu

Make = Callable[..., str]


@pytest.fixture
def twins(make: Make) -> tuple[str, str]:
    """One person, registered twice."""
    one = make("person", family_name="Diallo", given_name="Aminata", birth="1985")
    two = make(
        "person",
        family_name="Dialo",
        given_name="Aminata",
        birth="1985",
        phone="+221771234567",
        residence="Kolda",
    )
    return one, two


def people(store: Store) -> int:
    return store.read(records.count, "person", Query())


def shown(page: Any, qtbot: QtBot, desk: Desk) -> Any:
    qtbot.addWidget(page)
    desk.runner.changed.connect(page.on_changed)
    page.show()
    page.load()
    return page


@pytest.fixture
def merge(desk: Desk, qtbot: QtBot) -> MergePage:
    page: MergePage = shown(MergePage(desk), qtbot, desk)
    return page


@pytest.fixture
def erase(desk: Desk, qtbot: QtBot) -> ErasePage:
    page: ErasePage = shown(ErasePage(desk), qtbot, desk)
    return page


def test_the_other_one_is_found_compared_and_merged(
    twins: tuple[str, str], merge: MergePage, store: Store, qtbot: QtBot, shell: Any, asker: Any
) -> None:
    one, two = twins
    merge.arrive(kind="person", id=one)
    assert not merge.merged_card.isVisible()
    merge.search.searched.emit("dialo")
    [row] = merge.hits.rows
    row.opened.emit()
    card = merge.card
    assert isinstance(card, MergeCard) and (card.stays.id, card.away.id) == (one, two)
    assert set(card.taken) == {"phone", "residence"}
    card.choices["family_name"][1].setChecked(True)
    card.ways["1"].click()
    values = store.read(records.get, "person", one).values
    assert (values["family_name"], values["phone"]) == ("Dialo", "+221771234567")
    assert people(store) == 1 and store.read(records.get, "person", two).id == one
    assert shell.opened == [("person", one)]
    merge.arrive(kind="person", id=one)
    [row] = merge.merged.rows
    assert "Separate again" in row.accessibleName() and "Dialo" in row.accessibleName()
    row.opened.emit()
    assert people(store) == 2 and not merge.merged_card.isVisible()
    asker.then()
    assert people(store) == 1


def test_the_other_one_may_stay(twins: tuple[str, str], merge: MergePage, store: Store) -> None:
    one, two = twins
    merge.arrive(kind="person", id=one)
    merge.compare(two)
    card = merge.card
    assert card is not None
    before = set(card.taken)
    card.press("3")
    assert card.stays.id == two and before == {"phone", "residence"}
    assert set(card.taken) == set(card.choices) - before
    card.press("1")
    assert store.read(duplicates.merged_into, "person", two) == (one,)
    assert store.read(records.get, "person", two).values["family_name"] == "Diallo"


def test_a_record_is_not_merged_with_itself(twins: tuple[str, str], merge: MergePage) -> None:
    merge.arrive(kind="person", id=twins[0])
    merge.compare(twins[0])
    assert merge.card is None


@pytest.fixture
def settle(desk: Desk, qtbot: QtBot, twins: tuple[str, str]) -> SettlePage:
    page: SettlePage = shown(SettlePage(desk), qtbot, desk)
    return page


def test_possible_duplicates_wait_to_be_settled(
    settle: SettlePage, store: Store, qtbot: QtBot
) -> None:
    assert settle.tabs.tabText(1) == "Possible duplicates 1"
    assert isinstance(settle.card, MergeCard)
    words = " ".join(label.text() for label in settle.card.findChildren(QLabel))
    assert "born in the same year" in words and "the names sound alike" in words
    qtbot.keyClick(settle, Qt.Key.Key_1)
    assert people(store) == 1 and settle.nothing.isVisible()
    qtbot.keyClick(settle, Qt.Key.Key_U)
    assert people(store) == 2 and isinstance(settle.card, MergeCard)


def test_not_the_same_is_asked_no_more(
    settle: SettlePage, store: Store, qtbot: QtBot, desk: Desk
) -> None:
    qtbot.keyClick(settle, Qt.Key.Key_2)
    assert people(store) == 2 and settle.nothing.isVisible()
    settle.load()
    assert settle.nothing.isVisible()
    assert store.read(duplicates.possible, "person") == ()
    qtbot.keyClick(settle, Qt.Key.Key_U)
    assert len(store.read(duplicates.possible, "person")) == 1


def test_nothing_is_erased_before_the_word_is_typed(
    erase: ErasePage, make: Make, store: Store, qtbot: QtBot
) -> None:
    id = make("person", family_name="Needle", given_name="Zx81")
    make("visit", person=id, request="funding_search")
    erase.arrive(kind="person", id=id)
    words = " ".join(label.text() for label in erase.plan_card.findChildren(QLabel))
    assert "People: 1" in words
    assert not erase.erase_button.isEnabled()
    erase.erase()
    erase.word.setText("eras")
    qtbot.keyClick(erase.word, Qt.Key.Key_Return)
    assert people(store) == 1
    erase.word.setText("Erase ")
    qtbot.keyClick(erase.word, Qt.Key.Key_Return)
    assert people(store) == 0
    assert erase.done_card.isVisible() and not erase.ask_card.isVisible()
    told = " ".join(label.text() for label in erase.findChildren(QLabel) if label.isVisible())
    assert "Needle" not in told + erase.header.accessibleName()


def test_after_erasing_one_goes_to_today(
    erase: ErasePage, make: Make, store: Store, shell: Any
) -> None:
    id = make("person", family_name="Sow")
    erase.arrive(kind="person", id=id)
    erase.back_button.click()
    assert shell.opened == [("person", id)]
    erase.word.setText("erase")
    erase.erase_button.click()
    erase.back_button.click()
    assert shell.went == [("today", {})]


@pytest.mark.parametrize(
    ("role", "kind", "words"),
    [
        ("administrator", "person", ["Merge with…, separate again…", "Erase for good…"]),
        ("agent", "person", ["Merge with…, separate again…"]),
        ("office_head", "case", ["Erase for good…"]),
        ("agent", "case", []),
    ],
)
def test_the_menu_offers_what_the_role_may_do(
    desk: Desk, qtbot: QtBot, role: str, kind: str, words: list[str], shell: Any
) -> None:
    desk.account = type(desk.account)("acc-1", "Fatou", role)
    menu = more_menu(desk, kind, "id")
    assert [action.text() for action in menu.actions()] == words
    for action in menu.actions():
        action.trigger()
    assert {args["id"] for _page, args in shell.went} <= {"id"}
    assert len(shell.went) == len(words)

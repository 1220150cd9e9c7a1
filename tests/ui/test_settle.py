"""To settle: one key decides, the other value stays in the history."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from migdesk.errors import Cancelled
from migdesk.jobs import settle_many as jobs
from migdesk.jobs.exchange import exchange
from migdesk.models.store import Store
from migdesk.services import (
    bundles,
    conflict_list,
    devices,
    enrolment,
    history,
    joining,
    merging,
    received,
    records,
    registry,
    settle,
)
from migdesk.services.conflict_list import ALL, Wanted
from migdesk.services.enrolment import Grant
from migdesk.services.history import CannotUndo
from migdesk.services.records import Query
from migdesk.services.registry import Scope
from migdesk.sync import roll
from migdesk.sync.seal import OfficeKey
from migdesk.sync.stores import Memory
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.pages.exchange_status import StandingCard
from migdesk.ui.pages.settle import SettlePage
from migdesk.ui.pages.settle_conflict import ConflictCard
from migdesk.ui.pages.settle_many import ManyCard
from migdesk.ui.pages.settle_refused import (
    ParkedCard,
    QuarantineCard,
    RefusedCard,
    ReportCard,
)
from tests.tools import ops

Make = Callable[..., str]
OURS, THEIRS = "+221771234567", "+33612345678"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """Another computer of the office."""
    made = Store.open(tmp_path / "other.db", b"o" * 32, create=True)
    yield made
    made.close()


def carry(source: Store, target: Store) -> None:
    target.write(merging.apply_ops, ops(source), source.device)


@pytest.fixture
def person(store: Store, other: Store, make: Make) -> str:
    """Somebody whose telephone and home were changed on two computers at once."""
    id = make("person", family_name="Diallo", given_name="Aminata", phone="+221770001122")
    carry(store, other)
    store.write(records.save, "person", id, {"phone": OURS, "residence": "Terrassa"})
    other.write(records.save, "person", id, {"phone": THEIRS, "residence": "Sabadell"})
    carry(other, store)
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
    [question] = page.desk.store.read(conflict_list.page, Wanted("person", field)).rows
    page.choose(question.id)


def press(page: SettlePage, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(page.focusWidget() or page, key)


def fields(store: Store, id: str, *names: str) -> tuple[Any, ...]:
    values = store.read(records.get, "person", id).values
    return tuple(values[name] for name in names)


def test_empty_says_what_it_is_for(page: SettlePage, shell: Any) -> None:
    assert page.nothing.isVisible()
    assert not page.splitter.isVisible() and not page.many_button.isVisible()
    page.nothing.button.click()
    assert shell.went == [("exchange", {})]


def test_both_values_are_shown(person: str, page: SettlePage) -> None:
    show(page, "phone")
    assert not page.nothing.isVisible()
    assert page.card is not None
    view = page.card.view
    assert {view.left.value, view.right.value} == {"77 123 45 67", "+33 6 12 34 56 78"}
    assert view.before == "77 000 11 22"
    assert [view.value for view in view.past][2:] == ["77 000 11 22"]
    assert page.model.rowCount() == 2
    assert page.tabs.tabText(1) == "Conflicts 2"


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
    assert page.model.rowCount() == 0
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
    from migdesk.ui.pages.settle_conflict import SideCard

    side = settle.Side("word " * 1_000, "Awa", "0" * 16, "2026-11-20T10:00:00Z", "s")
    card = SideCard(side, "here", "left", False)
    assert card.button.isEnabled()
    assert card.sizeHint().height() < 600


def test_u_undoes_the_last_decisions_one_by_one(
    person: str, page: SettlePage, qtbot: QtBot, store: Store
) -> None:
    page.load()
    assert not page.undo_button.isVisible()
    press(page, qtbot, Qt.Key.Key_2)
    press(page, qtbot, Qt.Key.Key_2)
    assert store.read(conflict_list.count) == 0 and page.undo_button.isVisible()
    press(page, qtbot, Qt.Key.Key_U)
    assert store.read(conflict_list.count) == 1
    press(page, qtbot, Qt.Key.Key_U)
    assert store.read(conflict_list.count) == 2
    assert not page.undo_button.isVisible()


def test_n_and_p_go_on_and_back_and_o_opens(
    person: str, page: SettlePage, qtbot: QtBot, shell: Any
) -> None:
    page.load()
    first = page.card.view.id
    press(page, qtbot, Qt.Key.Key_N)
    assert page.card.view.id != first
    press(page, qtbot, Qt.Key.Key_P)
    assert page.card.view.id == first
    press(page, qtbot, Qt.Key.Key_O)
    assert shell.opened == [("person", person)]


def test_the_list_is_limited_to_one_field(person: str, page: SettlePage) -> None:
    page.load()
    [phone] = [n for n in range(page.only.count()) if "Telephone" in page.only.itemText(n)]
    page.only.setCurrentIndex(phone)
    page.only.activated.emit(phone)
    assert page.model.rowCount() == 1 and page.card.view.field == "phone"
    page.load()
    assert page.only.currentIndex() == phone and page.model.rowCount() == 1


@pytest.fixture
def many(store: Store, other: Store, make: Make) -> list[str]:
    """People whose given name was made empty here, and written with an accent there."""
    people = [make("person", family_name=f"Sow {n}", given_name="Khady") for n in range(130)]
    carry(store, other)
    for n, id in enumerate(people):
        store.write(records.save, "person", id, {"given_name": None if n % 2 else "KHADY  A"})
        other.write(records.save, "person", id, {"given_name": "Khády a"})
    carry(other, store)
    return people


def test_thousands_are_read_page_by_page_and_settled_at_once(
    many: list[str], page: SettlePage, qtbot: QtBot, store: Store, asker: Any
) -> None:
    page.load()
    assert page.model.rowCount() == 100 and page.tabs.tabText(0) == "All 130"
    page.list.scrollToBottom()
    page.model.fetchMore(QModelIndex())
    assert page.model.rowCount() == 130
    press(page, qtbot, Qt.Key.Key_M)
    card = page.card
    assert isinstance(card, ManyCard) and not card.go.isEnabled()
    press(page, qtbot, Qt.Key.Key_1)
    assert card.plan is not None and card.plan.answered == 65 and len(card.sample.rows) == 20
    assert store.read(conflict_list.count) == 130
    press(page, qtbot, Qt.Key.Key_2)
    assert card.plan is not None and card.plan.answered == 65
    assert "Khády a instead of KHADY A" in card.sample.rows[0].accessibleName()
    card.go.click()
    assert asker.told[-1] == "65 conflicts were settled."
    assert store.read(conflict_list.count) == 65 == page.model.rowCount()
    assert isinstance(page.card, ConflictCard)
    press(page, qtbot, Qt.Key.Key_U)
    assert store.read(conflict_list.count) == 130


def test_who_may_not_write_decides_nothing(
    person: str, page: SettlePage, qtbot: QtBot, store: Store, desk: Desk
) -> None:
    desk.account = replace(desk.account, role="nobody")
    page.load()
    assert not page.card.first.isEnabled()
    press(page, qtbot, Qt.Key.Key_2)
    assert store.read(conflict_list.count) == 2


def test_what_a_newer_version_wrote_is_told(
    page: SettlePage, store: Store, other: Store
) -> None:
    made = other.write(records.save, "person", None, {"family_name": "Sow"})
    [op] = [op for op in ops(other) if op.row == made]
    store.write(merging.apply_ops, [msgspec.structs.replace(op, kind="robot")], other.device)
    page.load()
    assert isinstance(page.card, ParkedCard)
    words = " ".join(label.text() for label in page.card.findChildren(QLabel))
    assert "1 change of a newer version" in words and "robot" in words


def test_a_refused_bundle_says_why_and_what_to_do(
    page: SettlePage, store: Store, shell: Any
) -> None:
    store.write(received.refuse, "0123456789abcdef-1.migbundle", "BUN-006")
    page.load()
    card = page.card
    assert isinstance(card, RefusedCard)
    assert not page.nothing.isVisible()
    words = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "unknown computer" in words
    assert "Exchange keys with it first." in words
    assert "0123456789abcdef" in words
    card.ways["1"].click()
    assert shell.went == [("exchange", {})]
    card.ways["2"].click()
    assert page.nothing.isVisible()


# what computers of the office do -----------------------------------------------


@pytest.fixture
def place() -> Memory:
    """Where the bundles lie."""
    return Memory()


@pytest.fixture
def laptop(store: Store, other: Store, place: Memory) -> Store:
    """The other computer is enrolled, and has exchanged once."""
    store.write(enrolment.found_office)
    other.write(joining.begin, "Laptop 2", "Binta Sow", "acc-l")
    grant = Grant("Laptop 2", "administrator", Scope(True))
    line = store.write(enrolment.enrol, other.read(devices.own).card, grant)
    other.write(joining.join, store.write(enrolment.invitation, line)[1])
    meet(place, store, other, store)
    return other


def meet(place: Memory, *stores: Store) -> None:
    for each in stores:
        exchange(each, Task(), place)


def line_of_laptop(store: Store) -> str:
    (line,) = (each.line for each in store.read(devices.devices) if not each.ours)
    return line


def people(store: Store) -> int:
    return store.read(records.count, "person", Query())


@pytest.fixture
def late(store: Store, laptop: Store, place: Memory, page: SettlePage) -> SettlePage:
    """The laptop was revoked, and sent what was done on it afterwards."""
    store.write(enrolment.revoke, line_of_laptop(store))
    for name in ("Diatta", "Sané"):
        laptop.write(records.save, "person", None, {"family_name": name})
    meet(place, laptop, store)
    page.load()
    assert isinstance(page.card, QuarantineCard) and people(store) == 0
    return page


def test_what_a_revoked_computer_sent_is_told_and_taken_over_by_a_key(
    late: SettlePage, store: Store, qtbot: QtBot, asker: Any
) -> None:
    words = " ".join(each.text() for each in late.card.findChildren(QLabel))
    assert "Laptop 2" in words and "2 changes" in words and ".migbundle" in words
    assert "T" not in late.model.data(late.model.index(0)).split("\n")[1]  # words, not ISO
    standing = StandingCard(late.desk)
    qtbot.addWidget(standing)
    standing.show_status(store.read(bundles.status))
    assert "missing" not in standing.words  # it lies here, and waits
    press(late, qtbot, Qt.Key.Key_1)
    assert people(store) == 2 and late.nothing.isVisible()
    assert "Exchange can undo it" in asker.told[-1]


def test_what_a_revoked_computer_sent_is_thrown_away_for_ever(
    late: SettlePage, store: Store, place: Memory, qtbot: QtBot
) -> None:
    press(late, qtbot, Qt.Key.Key_2)
    assert late.nothing.isVisible()
    meet(place, store)
    late.load()
    assert late.nothing.isVisible() and people(store) == 0


def test_a_line_that_the_office_did_not_sign_is_told_until_it_was_seen(
    page: SettlePage, store: Store, laptop: Store, place: Memory, qtbot: QtBot, shell: Any
) -> None:
    line = line_of_laptop(store)
    held = store.read(registry.entries)[line].line
    forged = roll.signed(msgspec.structs.replace(held, generation=9), OfficeKey.new())
    laptop.write(records.save, "device", line, {"name": "Laptop 2", "signed": forged})
    meet(place, laptop, store)
    page.load()
    [report] = [item for item in page.model.items if item.sort == "report"]
    page.choose(report.id)
    assert isinstance(page.card, ReportCard)
    words = " ".join(each.text() for each in page.card.findChildren(QLabel))
    assert "Laptop 2" in words and "not signed by this office" in words
    press(page, qtbot, Qt.Key.Key_1)
    assert shell.went == [("devices", {})]
    press(page, qtbot, Qt.Key.Key_2)
    assert "report" not in page.sorts
    assert [each.why for each in store.read(registry.reports)] == ["forged"]


# undoing thousands -------------------------------------------------------------


def test_undoing_many_tells_how_far_it_is_and_can_be_stopped(
    many: list[str], store: Store
) -> None:
    n, tx = jobs.settle_many(store, Task(), "newer", ALL, "")
    assert n == 130 and store.read(conflict_list.count) == 0
    told: list[int] = []

    def stop(done: int, total: int, _text: str) -> None:
        told.append(done)
        if done < total:
            task.cancel()

    task = Task(stop)
    with pytest.raises(Cancelled):
        jobs.undo(store, task, tx)
    assert told and store.read(conflict_list.count) == 0
    jobs.undo(store, Task(), tx)
    assert store.read(conflict_list.count) == 130


def test_what_cannot_be_undone_is_told_and_the_one_before_it_can(
    person: str, page: SettlePage, qtbot: QtBot, store: Store, asker: Any
) -> None:
    page.load()
    press(page, qtbot, Qt.Key.Key_1)
    field = page.card.view.field
    press(page, qtbot, Qt.Key.Key_1)
    store.write(records.save, "person", person, {field: "+221770000000"})
    press(page, qtbot, Qt.Key.Key_U)
    assert [fault.code for fault in asker.faults] == [CannotUndo.code]
    press(page, qtbot, Qt.Key.Key_U)
    assert store.read(conflict_list.count) == 1

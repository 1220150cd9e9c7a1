"""Exchange between two computers, from the page of one of them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from migdesk.jobs import exchange as jobs
from migdesk.models.store import Store
from migdesk.services import bundles, erasure, exchange, received, records
from migdesk.services.exchange_notes import Notes
from migdesk.services.records import Query
from migdesk.settings import EXCHANGE_FOLDER
from migdesk.sync.stores import Folder
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.pages.exchange import ExchangePage
from migdesk.ui.pages.exchange_status import StandingCard
from migdesk.ui.widgets import Button

Make = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """Another computer, with keys of its own."""
    made = Store.open(tmp_path / "other.db", b"o" * 32, create=True)
    made.write(exchange.make_card)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot, asker: Any, folder: Path) -> ExchangePage:
    made = ExchangePage(desk)
    qtbot.addWidget(made)
    desk.runner.changed.connect(made.on_changed)
    made.show()
    made.load()
    asker.paths.append(folder)
    made.choose_button.click()
    return made


@pytest.fixture
def paired(page: ExchangePage, store: Store, other: Store) -> ExchangePage:
    """Both know each other."""
    store.write(exchange.make_card)
    store.write(exchange.pair, other.read(exchange.my_card).text)
    other.write(exchange.pair, store.read(exchange.my_card).text)
    page.load()
    return page


def test_the_card_of_this_computer_has_one_place(page: ExchangePage, shell: Any) -> None:
    page.peers.own_button.click()
    assert shell.went == [("devices", {})]


def test_folder_is_remembered(page: ExchangePage, desk: Desk, folder: Path) -> None:
    assert desk.settings.get(EXCHANGE_FOLDER) == str(folder)
    assert page.export_button.isEnabled()


def test_nothing_can_be_done_before_a_folder_is_chosen(desk: Desk, qtbot: QtBot) -> None:
    made = ExchangePage(desk)
    qtbot.addWidget(made)
    made.load()
    assert made.choose_button.property("role") == "primary"
    assert made.export_button.isHidden() and made.look_button.isHidden()


def test_pair_by_the_whole_card(
    page: ExchangePage, qtbot: QtBot, store: Store, other: Store, asker: Any
) -> None:
    page.peers.line.setText(other.read(exchange.my_card).text)
    qtbot.keyClick(page.peers.line, Qt.Key.Key_Return)
    (peer,) = store.read(exchange.peers)
    assert peer.device == other.device
    assert [p.device for p in page.peers.found] == [other.device]
    assert page.peers.line.text() == ""
    assert len(asker.told) == 1


def test_pair_by_the_short_key_of_a_card_in_the_folder(
    page: ExchangePage, store: Store, other: Store, folder: Path
) -> None:
    jobs.publish_card(other, Task(), folder)
    page.peers.line.setText(other.read(exchange.my_card).fingerprint.lower())
    page.peers.pair_button.click()
    assert [peer.device for peer in store.read(exchange.peers)] == [other.device]


@pytest.mark.parametrize("typed", ["ABCD EFGH", "MIGDESK1:AAAA-BBBB"])
def test_wrong_key_is_said_beside_the_line(
    page: ExchangePage, store: Store, asker: Any, typed: str
) -> None:
    page.peers.line.setText(typed)
    page.peers.pair_button.click()
    assert page.peers.words.isVisible()
    assert page.peers.line.text() == typed
    assert store.read(exchange.peers) == ()
    assert asker.faults == []


def test_unpair_asks_first(paired: ExchangePage, store: Store, asker: Any) -> None:
    peer = paired.peers.found[0]
    paired.peers.unpair(peer)
    assert len(store.read(exchange.peers)) == 1
    asker.confirms.append(True)
    paired.peers.unpair(peer)
    assert store.read(exchange.peers) == ()
    assert paired.peers.found == ()


def test_export_without_a_reader_is_explained(page: ExchangePage, asker: Any) -> None:
    page.export_button.click()
    assert [fault.code for fault in asker.faults] == [jobs.NobodyPaired.code]


def test_export_then_nothing_to_send(
    paired: ExchangePage, make: Make, folder: Path, store: Store
) -> None:
    make("person", family_name="Diatta")
    paired.export_button.click()
    (bundle,) = folder.glob("*.migbundle")
    assert bundle.name in paired.result.words
    paired.export_button.click()
    assert list(folder.glob("*.migbundle")) == [bundle]
    assert bundle.name not in paired.result.words
    assert store.read(exchange.peers)[0].sent_all


def test_what_came_is_shown_before_it_is_taken(
    paired: ExchangePage, other: Store, store: Store, folder: Path
) -> None:
    other.write(records.save, "person", None, {"family_name": "Mendy"})
    jobs.export_bundle(other, Task(), folder)
    paired.look_button.click()
    assert paired.bundles.take_button.isVisible()
    assert paired.now_button.property("role") == ""
    assert store.read(records.count, "person", Query()) == 0
    paired.bundles.take_button.click()
    assert store.read(records.count, "person", Query()) == 1
    assert not paired.bundles.isVisible()
    assert "1 bundle" in paired.result.words
    assert paired.now_button.property("role") == "primary"
    paired.look_button.click()
    assert not paired.bundles.take_button.isEnabled()


def test_refused_bundles_are_listed_with_their_reason(
    paired: ExchangePage, other: Store, store: Store, folder: Path
) -> None:
    other.write(records.save, "person", None, {"family_name": "Mendy"})
    jobs.export_bundle(other, Task(), folder)
    (bundle,) = folder.glob("*.migbundle")
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[: len(whole) // 2])
    paired.look_button.click()
    assert not paired.bundles.take_button.isEnabled()
    paired.take()
    assert bundle.name in paired.result.words
    assert store.read(records.count, "person", Query()) == 0
    assert store.read(received.known)[bundle.name] == received.REFUSED


def test_a_folder_that_went_away_is_an_obstacle(
    paired: ExchangePage, folder: Path, asker: Any
) -> None:
    shutil.rmtree(folder)
    paired.look_button.click()
    assert len(asker.faults) == 1


def test_a_round_puts_out_and_takes_over_and_says_where_it_stands(
    paired: ExchangePage, make: Make, other: Store, store: Store, folder: Path
) -> None:
    make("person", family_name="Diatta")
    other.write(records.save, "person", None, {"family_name": "Mendy"})
    jobs.exchange(other, Task(), Folder(str(folder)))
    paired.load()
    assert "wait to go" in paired.standing.words
    assert "never" in paired.computers.rows.rows[0].accessibleName()
    paired.now_button.click()
    assert store.read(records.count, "person", Query()) == 2
    assert "change" in paired.result.words and "Nothing waits" in paired.standing.words
    assert "today" in paired.computers.rows.rows[0].accessibleName()
    paired.now_button.click()
    assert "Nothing new came." in paired.result.words


def test_an_import_is_previewed_and_undone_as_a_whole(
    paired: ExchangePage, other: Store, store: Store, folder: Path, asker: Any, qtbot: QtBot
) -> None:
    ids = [
        other.write(records.save, "person", None, {"family_name": name})
        for name in ("Mendy", "Diatta")
    ]
    jobs.exchange(other, Task(), Folder(str(folder)))
    paired.look_button.click()
    [(look, sample)] = paired.bundles.samples
    assert not sample.isVisible()
    look.click()
    assert sample.isVisible()
    assert any("Mendy" in row.accessibleName() for row in sample.rows)
    paired.bundles.take_button.click()
    assert store.read(records.count, "person", Query()) == 2
    store.write(records.save, "person", ids[0], {"given_name": "Awa"})
    qtbot.waitUntil(lambda: len(undoing(paired)) == 1)
    [undo] = undoing(paired)
    undo.click()
    assert store.read(records.count, "person", Query()) == 2
    asker.confirms.append(True)
    undo.click()
    assert store.read(records.count, "person", Query()) == 1
    assert "1 was changed since and stays" in asker.told[-1]
    assert undoing(paired) == []


def undoing(page: ExchangePage) -> list[Button]:
    """Buttons that undo an import."""
    buttons = page.came.findChildren(Button)
    return [each for each in buttons if each.isVisible() and "Undo" in each.text()]


def test_an_erasure_waits_until_the_other_computer_confirms_it(
    paired: ExchangePage, make: Make, other: Store, store: Store, folder: Path
) -> None:
    id = make("person", family_name="Diatta")
    paired.now_button.click()
    jobs.exchange(other, Task(), Folder(str(folder)))
    store.write(erasure.erase, "person", id, "asked")
    paired.load()
    assert "1 erased record is not confirmed yet" in paired.standing.words
    paired.now_button.click()
    jobs.exchange(other, Task(), Folder(str(folder)))
    assert other.read(records.count, "person", Query()) == 0
    paired.now_button.click()
    assert "erased record" not in paired.standing.words


def test_a_clock_that_is_wrong_is_said(desk: Desk, qtbot: QtBot) -> None:
    card = StandingCard(desk)
    qtbot.addWidget(card)
    status = desk.store.read(bundles.status)
    card.notes = Notes(clock=-3 * 3_600_000)
    card.show_status(status)
    assert "3 hours behind" in card.words
    card.notes = Notes(clock=5 * 365 * 24 * 3_600_000)
    card.show_status(status)
    assert "years ahead" in card.words


def test_a_slip_goes_with_what_goes_and_what_came(
    paired: ExchangePage,
    store: Store,
    other: Store,
    folder: Path,
    make: Make,
    shell: Any,
    qtbot: QtBot,
) -> None:
    assert not paired.went.isVisible()
    make("person", family_name="Sow")
    other.write(records.save, "person", None, {"family_name": "Ba"})
    jobs.export_bundle(other, Task(), folder)
    paired.export_button.click()
    [slip] = [b for b in paired.result.findChildren(Button) if "slip" in b.text()]
    slip.click()
    assert paired.went.isVisible()
    slips(paired.went, qtbot)[0].click()
    paired.take()
    slips(paired.came, qtbot)[0].click()
    sheets, names = zip(*shell.printed, strict=True)
    assert set(sheets) == {"transfer-slip"}
    assert names[0] == names[1] != names[2]
    assert str(names[0]["name"]).startswith(store.read(exchange.my_card).device[:16])


def slips(card: QWidget, qtbot: QtBot) -> list[Button]:
    """Buttons that print a slip."""

    def found() -> list[Button]:
        buttons = card.findChildren(Button)
        return [each for each in buttons if each.isVisible() and each.text() == "Slip"]

    qtbot.waitUntil(lambda: bool(found()))
    return found()

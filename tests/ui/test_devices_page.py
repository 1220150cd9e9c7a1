"""Two computers and a folder: enrol, compare, refuse, revoke, replace, from their screens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import devices, enrolment, joining, records, registry
from migdesk.services.registry import Scope
from migdesk.settings import Settings
from migdesk.sync.seal import Card
from migdesk.ui.desk import Account, Desk
from migdesk.ui.join import JoinPage
from migdesk.ui.pages.devices import DevicesPage
from migdesk.ui.runner import DirectRunner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def ended() -> list[bool]:
    """One more for each computer that has joined."""
    return []


@pytest.fixture
def new_laptop(
    tmp_path: Path, asker: Any, settings: Settings, qtbot: QtBot, ended: list[bool]
) -> Iterator[Callable[[str], JoinPage]]:
    """Starts another computer that joins an office; its screen."""
    stores: list[Store] = []

    def start(name: str) -> JoinPage:
        store = Store.open(tmp_path / f"{name}.db", b"l" * 32, create=True)
        stores.append(store)
        store.write(joining.begin, name, "Binta Sow", "acc-l")
        runner = DirectRunner(store, asker)
        desk = Desk(store, runner, asker, settings, Account("acc-l", "Binta Sow", "agent"))
        page = JoinPage(desk, lambda _code: None, lambda: ended.append(True))
        qtbot.addWidget(page)
        page.show()
        return page

    yield start
    for store in stores:
        store.close()


@pytest.fixture
def laptop(new_laptop: Callable[[str], JoinPage]) -> JoinPage:
    return new_laptop("Laptop 2")


@pytest.fixture
def page(desk: Desk, store: Store, qtbot: QtBot) -> DevicesPage:
    store.write(enrolment.found_office)
    made = DevicesPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    desk.runner.changed.connect(made.on_changed)
    made.load()
    return made


def enrolled(page: DevicesPage, laptop: JoinPage, asker: Any, folder: Path) -> None:
    """From the scanned code to the office's words, on both screens."""
    assert laptop.own is not None
    page.new_button.click()
    page.steps.line.setText(laptop.own.card)
    page.steps.read_button.click()
    page.steps.same_button.click()
    page.steps.grant.all.setChecked(True)
    page.steps.grant.save_button.click()
    asker.paths.append(folder)
    page.steps.write_button.click()
    asker.paths.append(folder)
    laptop.folder_button.click()
    laptop.same_button.click()


def test_a_computer_is_enrolled_from_both_screens(
    page: DevicesPage,
    laptop: JoinPage,
    asker: Any,
    folder: Path,
    qtbot: QtBot,
    ended: list[bool],
) -> None:
    assert laptop.own is not None and laptop.qr.modules
    qtbot.keyClick(page, Qt.Key.Key_N)
    # A scanner types the card, then Enter.
    qtbot.keyClicks(page.steps.line, laptop.own.card)
    qtbot.keyClick(page.steps.line, Qt.Key.Key_Return)
    assert page.steps.words.text() == laptop.words.text()
    qtbot.keyClick(page.steps.same_button, Qt.Key.Key_Return)
    assert page.steps.grant.name.text() == "Laptop 2"
    page.steps.grant.role.setCurrentIndex(page.steps.grant.role.findData("agent"))
    qtbot.keyClick(page.steps.grant.save_button, Qt.Key.Key_Return)
    asker.paths.append(folder)
    qtbot.keyClick(page.steps.write_button, Qt.Key.Key_Return)
    (file,) = folder.glob("*.migdesk-invitation")
    asker.paths.append(file)
    qtbot.keyClick(laptop.file_button, Qt.Key.Key_Return)
    assert laptop.office_name.text() == "HOM Sédhiou"
    assert laptop.office_words.text() == page.own.office_words.text() != ""
    qtbot.keyClick(laptop.same_button, Qt.Key.Key_Return)
    assert ended == [True]
    assert not laptop.desk.store.read(joining.is_joining)
    assert [card.device.name for card in page.cards] == ["HOM Sédhiou", "Laptop 2"]
    assert not page.steps.isVisible() and page.column.isVisible()


def test_words_that_differ_enrol_nothing(
    page: DevicesPage, laptop: JoinPage, store: Store, asker: Any
) -> None:
    assert laptop.own is not None
    page.enrol()
    page.steps.line.setText(laptop.own.card)
    page.steps.read()
    page.steps.differ_button.click()
    assert store.read(registry.trusted) == {}
    assert len(asker.told) == 1 and not page.steps.isVisible()


def test_office_words_that_differ_are_refused(
    page: DevicesPage, laptop: JoinPage, asker: Any, folder: Path
) -> None:
    assert laptop.own is not None
    line = page.desk.store.write(
        enrolment.enrol, laptop.own.card, enrolment.Grant("L", "agent", Scope(True))
    )
    _name, data = page.desk.store.write(enrolment.invitation, line)
    (folder / "any name.migdesk-invitation").write_bytes(data)
    asker.paths.append(folder / "any name.migdesk-invitation")
    laptop.file_button.click()
    laptop.differ_button.click()
    assert laptop.error.text()
    assert laptop.desk.store.read(registry.office) is None
    laptop.join()
    assert laptop.desk.store.read(registry.office) is None


def test_a_stolen_invitation_opens_nowhere_else(
    page: DevicesPage,
    laptop: JoinPage,
    new_laptop: Callable[[str], JoinPage],
    asker: Any,
    folder: Path,
) -> None:
    enrolled(page, laptop, asker, folder)
    thief = new_laptop("Thief")
    asker.paths.append(folder)
    thief.folder_button.click()
    assert thief.error.text() and thief.found is None
    assert thief.desk.store.read(registry.office) is None


def test_the_card_is_found_in_the_folder_by_its_short_key(
    page: DevicesPage, laptop: JoinPage, asker: Any, folder: Path
) -> None:
    asker.paths += [folder, folder]
    laptop.put_button.click()
    page.enrol()
    assert laptop.own is not None
    page.steps.line.setText(laptop.own.fingerprint.lower())
    page.steps.read_button.click()
    assert page.steps.seen is not None and page.steps.seen.text == laptop.own.card


@pytest.mark.parametrize("typed", ["MIGDESK1:AAAA-BBBB", "ABCD EFGH"])
def test_a_wrong_card_is_said_beside_the_line(
    page: DevicesPage, asker: Any, folder: Path, typed: str
) -> None:
    page.enrol()
    asker.paths.append(folder)
    page.steps.line.setText(typed)
    page.steps.read_button.click()
    assert page.steps.error.text() and page.steps.line.text() == typed
    page.steps.line.clear()
    page.steps.close_it()
    assert page.column.isVisible()


def test_the_scope_is_chosen_and_shown(
    page: DevicesPage, laptop: JoinPage, asker: Any, folder: Path, store: Store
) -> None:
    place = store.write(records.save, "place", None, {"name": "Saré Yoba"})
    form = {"name": "Census", "form": "census", "version": "1"}
    store.write(records.save, "questionnaire", None, form)
    enrolled(page, laptop, asker, folder)
    device = page.cards[1].device
    page.change(device)
    grant = page.steps.grant
    assert grant.all.isChecked() and not grant.narrow.isVisible()
    grant.role.setCurrentIndex(grant.role.findData("agent"))
    grant.role.setCurrentIndex(grant.role.findData("enumerator"))
    assert grant.some.isChecked() and grant.narrow.isVisible()
    grant.save_button.click()
    assert grant.error.text()  # neither a place nor a form
    grant.places.set_value([place])
    grant.forms.item(0).setCheckState(Qt.CheckState.Checked)
    grant.save_button.click()
    scope = next(iter(store.read(registry.trusted).values())).scope
    assert scope == Scope(False, (place,), ("census",))
    assert "Saré Yoba" in page.cards[1].device.scope_words
    page.change(page.cards[1].device)
    assert grant.scope() == scope


def test_revoking_asks_first(
    page: DevicesPage, laptop: JoinPage, asker: Any, folder: Path, store: Store
) -> None:
    enrolled(page, laptop, asker, folder)
    page.revoke(page.cards[1].device)
    assert page.cards[1].device.state == "live"
    asker.confirms.append(True)
    page.revoke(page.cards[1].device)
    assert page.cards[1].device.state == "revoked"
    assert page.cards[1].buttons == []


def test_new_keys_are_taken_by_the_administrator(
    page: DevicesPage, laptop: JoinPage, asker: Any, folder: Path, store: Store
) -> None:
    enrolled(page, laptop, asker, folder)
    other = laptop.desk.store
    assert not other.write(enrolment.renew_keys)
    waiting = other.read(devices.own).waiting
    page.replace(page.cards[1].device)
    page.steps.line.setText(waiting)
    page.steps.read()
    page.steps.agree()
    asker.paths.append(folder)
    page.steps.write()
    trusted = store.read(registry.trusted)
    assert trusted[Card.parse(waiting).device].cards[0] == Card.parse(waiting)
    (file,) = folder.glob("*.migdesk-invitation")
    other.write(joining.join, file.read_bytes())
    assert other.read(registry.identities)[0].card == Card.parse(waiting)


def test_the_key_of_the_office_for_a_second_administrator(
    page: DevicesPage, laptop: JoinPage, asker: Any, folder: Path
) -> None:
    enrolled(page, laptop, asker, folder)
    second = DevicesPage(laptop.desk)
    second.load()
    assert second.own.own is not None and not second.own.own.holder
    asker.confirms.append(True)
    asker.paths.append(folder)
    page.give_key(page.cards[1].device)
    (file,) = folder.glob("*.migdesk-invitation")
    asker.paths.append(file)
    second.own.take()  # the words were not confirmed
    assert not laptop.desk.store.read(devices.own).holder
    asker.paths.append(file)
    asker.confirms.append(True)
    second.own.take()
    assert second.own.own.holder


def test_others_look_and_do_not_touch(
    desk: Desk, store: Store, qtbot: QtBot, page: DevicesPage
) -> None:
    desk.account = Account("acc-2", "Awa", "agent")
    made = DevicesPage(desk)
    qtbot.addWidget(made)
    made.show()
    made.load()
    assert not made.new_button.isVisible()
    assert all(card.buttons == [] for card in made.cards)
    made.enrol()
    assert not made.steps.isVisible()


def test_what_does_not_verify_is_shown(page: DevicesPage, store: Store) -> None:
    line = page.cards[0].device.line
    old = store.read(records.get, "device", line).values["signed"]
    store.write(records.save, "device", line, {"signed": old.replace("HOM", "XXX")})
    page.load()
    assert page.reports.isVisible()
    assert page.cards[0].device.name == "HOM Sédhiou"

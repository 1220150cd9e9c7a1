"""Places of exchange on the page: described, tried, kept, gone to."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from migdesk.jobs import depots as jobs
from migdesk.jobs import keyring
from migdesk.models.store import Store
from migdesk.services import depots, streams
from migdesk.settings import CARRIER_MINUTES
from migdesk.sync.stores import Folder, sticks
from migdesk.task import Task
from migdesk.ui.carrier import FIRST, Carrier
from migdesk.ui.desk import Desk
from migdesk.ui.pages.exchange_places import PlacesCard
from migdesk.ui.pages.exchange_sticks import SticksCard
from migdesk.ui.widgets import Badge

Make = Callable[..., str]


@dataclass
class DictRing:
    held: dict[tuple[str, str], str] = field(default_factory=dict)

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stick" / sticks.FOLDER
    made.mkdir(parents=True)
    return made


@pytest.fixture
def card(desk: Desk, qtbot: QtBot) -> PlacesCard:
    made = PlacesCard(desk)
    qtbot.addWidget(made)
    made.show()
    made.load()
    return made


def describe(card: PlacesCard, kind: str, where: str, name: str = "Share") -> None:
    card.add_button.click()
    form = card.form
    form.kind.setCurrentIndex(form.kind.findData(kind))
    form.called.setText(name)
    form.where.setText(where)


def test_a_folder_is_tried_and_kept(card: PlacesCard, folder: Path, asker: Any) -> None:
    describe(card, "folder", "")
    asker.paths.append(folder)
    card.form.choose_button.click()
    card.form.try_button.click()
    assert "It works" in card.form.words.text()
    assert list(folder.iterdir()) == []
    card.form.save_button.click()
    assert not card.form.isVisible()
    assert [view.name for view in card.found] == ["Share"]


def test_only_what_the_kind_asks_for_is_shown(card: PlacesCard) -> None:
    shown = {}
    for kind in ("folder", "sftp", "webdav", "s3", "smb"):
        describe(card, kind, "")
        form = card.form
        parts = (form.secret, form.region, form.proxy, form.key_button, form.ca_button)
        shown[kind] = [part.isVisible() for part in parts]
        form.close_button.click()
    assert shown == {
        "folder": [False] * 5,
        "sftp": [True, False, True, True, False],
        "webdav": [True, False, True, False, True],
        "s3": [True, True, True, False, True],
        "smb": [True, False, False, False, False],
    }


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        ("webdav", "ftp://x"),
        ("sftp", "sftp://user:pw@host/x"),
        ("s3", "https://host"),
        ("smb", "smb://host"),
        ("folder", "relative"),
        ("sftp", "sftp://host/../x"),
    ],
)
def test_a_wrong_address_is_said_in_the_form(
    card: PlacesCard, kind: str, where: str, asker: Any
) -> None:
    describe(card, kind, where)
    card.form.try_button.click()
    assert card.form.words.property("role") == "error"
    assert card.form.where.hasFocus() or not card.form.isActiveWindow()
    assert asker.faults == []


def test_the_password_is_kept_in_the_database_and_never_shown(
    card: PlacesCard, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "system_ring", lambda: None)
    describe(card, "webdav", "https://127.0.0.1:1/x")
    card.form.secret.setText("Kalimba")
    card.form.save_button.click()
    (view,) = store.read(depots.depots)
    assert "Kalimba" not in repr(view)
    assert jobs.whole_address(store, view, lambda: None).secret == "Kalimba"
    card.change(view)
    assert card.form.secret.text() == ""
    card.form.called.setText("Other")
    card.form.save_button.click()
    (view,) = store.read(depots.depots)
    assert view.name == "Other"
    assert jobs.whole_address(store, view, lambda: None).secret == "Kalimba"


def test_a_keyring_keeps_the_password_where_there_is_one(store: Store) -> None:
    ring = DictRing()
    address = jobs.Address("webdav", "https://h/x", "fatou", "Kalimba")
    id = jobs.save_depot(store, Task(), None, "Cloud", address, False, lambda: ring)
    assert store.read(depots.held_secret, id) == ""
    view = store.read(depots.depot, "Cloud")
    assert jobs.whole_address(store, view, lambda: ring).secret == "Kalimba"
    jobs.remove_depot(store, Task(), id, lambda: ring)
    assert ring.held == {}
    assert store.read(depots.depots) == ()


def test_a_visit_that_fails_is_a_line(card: PlacesCard, folder: Path, asker: Any) -> None:
    describe(card, "folder", str(folder))
    card.form.save_button.click()
    folder.rmdir()
    card.exchange(card.found[0])
    assert [fault.code for fault in asker.faults] == ["STO-004"]
    assert card.found[0].fault == "STO-004"
    folder.mkdir()
    card.exchange(card.found[0])
    assert card.found[0].fault == ""
    assert card.found[0].done
    asker.confirms.append(True)
    card.remove(card.found[0])
    assert card.found == ()


def test_keyboard_alone(card: PlacesCard, folder: Path, qtbot: QtBot) -> None:
    describe(card, "folder", str(folder))
    card.form.save_button.setFocus()
    qtbot.keyClick(card.form.save_button, Qt.Key.Key_Return)
    assert [view.name for view in card.found] == ["Share"]


# ---- by itself


@dataclass
class Clock:
    time: float = 0.0

    def __call__(self) -> float:
        return self.time


def saved(store: Store, folder: Path, automatic: bool = True) -> str:
    address = jobs.Address("folder", str(folder))
    return jobs.save_depot(store, Task(), None, "Share", address, automatic, lambda: None)


def test_the_carrier_goes_when_it_is_time(desk: Desk, store: Store, folder: Path) -> None:
    saved(store, folder)
    clock = Clock()
    carrier = Carrier(desk, now=clock, look=lambda: ())
    carrier.tick()
    first = store.read(depots.depots)[0].done
    assert first
    store.write(depots.visited, store.read(depots.depots)[0].id, "STO-004")
    clock.time = 60.0
    carrier.tick()
    assert store.read(depots.depots)[0].fault == "STO-004"
    clock.time = 60.0 * desk.settings.get(CARRIER_MINUTES)
    carrier.tick()
    assert store.read(depots.depots)[0].fault == ""


@pytest.mark.parametrize("waits", [True, False])
def test_what_is_saved_goes_soon_if_it_waits_for_somebody(
    desk: Desk, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    saved(store, folder)
    carrier = Carrier(desk, now=Clock(), look=lambda: ())
    carrier.tick()
    store.write(depots.visited, store.read(depots.depots)[0].id, "STO-004")
    monkeypatch.setattr(streams, "waiting", lambda _session: (int(waits), 0))
    carrier._soon.timeout.emit()
    assert (store.read(depots.depots)[0].fault == "") is waits
    carrier.stop()
    assert carrier.resting and not carrier.on


def test_the_carrier_is_quiet_and_waits_longer_each_time(
    desk: Desk, store: Store, folder: Path, asker: Any
) -> None:
    saved(store, folder)
    folder.rmdir()
    clock = Clock()
    carrier = Carrier(desk, now=clock, look=lambda: ())
    carrier.tick()
    assert asker.faults == []
    assert store.read(depots.depots)[0].fault == "STO-004"
    folder.mkdir()
    for moment, gone in ((FIRST - 1, False), (FIRST, True)):
        clock.time = moment
        carrier.hasten()
        assert (store.read(depots.depots)[0].fault == "") is gone


@pytest.mark.parametrize("off", ["setting", "place"])
def test_the_carrier_is_off_where_it_is_told(
    desk: Desk, store: Store, folder: Path, off: str
) -> None:
    saved(store, folder, automatic=off != "place")
    if off == "setting":
        desk.settings.set(CARRIER_MINUTES, 0)
    Carrier(desk, now=Clock(), look=lambda: ()).tick()
    assert store.read(depots.depots)[0].tried == ""


def test_a_stick_that_is_plugged_in(
    desk: Desk, folder: Path, qtbot: QtBot, asker: Any, make: Make
) -> None:
    make("person", family_name="Diatta")
    found: list[Path] = []
    carrier = Carrier(desk, now=Clock(), look=lambda: tuple(found))
    with qtbot.waitSignal(carrier._seen):
        carrier.glance()
    assert asker.told == []
    found.append(folder.parent)
    with qtbot.waitSignal(carrier.stick_came) as came:
        carrier.glance()
    assert came.args == [folder]
    assert "stick can be pulled" in asker.told[0]
    with qtbot.waitSignal(carrier._seen):
        carrier.glance()
    assert len(asker.told) == 1


@pytest.fixture
def sticks_card(desk: Desk, qtbot: QtBot, tmp_path: Path) -> SticksCard:
    made = SticksCard(desk)
    made.look = lambda: tuple(path for path in (tmp_path / "BLUE",) if path.exists())
    qtbot.addWidget(made)
    return made


def glance(card: SticksCard, qtbot: QtBot) -> list[str]:
    """Look once; what the buttons say."""
    with qtbot.waitSignal(card.seen):
        card.glance()
    qtbot.waitUntil(lambda: not card._looking)
    return [button.accessibleName() for button in card.findChildren(QPushButton)]


def test_a_stick_without_our_folder_is_used_by_a_word(
    sticks_card: SticksCard, qtbot: QtBot, tmp_path: Path, asker: Any, make: Make
) -> None:
    make("person", family_name="Diatta")
    assert glance(sticks_card, qtbot) == [] and sticks_card.isHidden()
    stick = tmp_path / "BLUE"
    stick.mkdir()
    assert glance(sticks_card, qtbot) == ["Use this stick: BLUE"]
    assert not sticks_card.isHidden()
    assert list(stick.iterdir()) == []
    button = sticks_card.findChildren(QPushButton)[0]
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert "BLUE can be pulled" in asker.told[0]
    assert (stick / sticks.FOLDER).is_dir()
    qtbot.waitUntil(lambda: not sticks_card._looking)
    assert glance(sticks_card, qtbot)[-1] == "Exchange now: BLUE"


def test_a_stick_that_is_pulled_midway_is_said(
    sticks_card: SticksCard, tmp_path: Path, asker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "BLUE"
    stick.mkdir()

    def pull(_store: Store, _task: Task, place: Folder) -> None:
        shutil.rmtree(stick)
        place.put("a.migbundle", b"x")

    monkeypatch.setattr(jobs, "exchange", pull)
    sticks_card.use(stick)
    sticks_card.use(stick)  # and before anything was done
    assert [fault.code for fault in asker.faults] == ["STO-022", "STO-022"]
    assert not stick.exists()


def test_http_is_refused_unless_a_person_says_so(card: PlacesCard) -> None:
    describe(card, "webdav", "https://share.example.org/x")
    form = card.form
    assert not form.plain.isVisible()
    form.where.setText("http://share.example.org/x")
    assert form.plain.isVisible()
    form.try_button.click()
    assert "Over http://" in form.words.text()
    form.plain.setChecked(True)
    form.called.setText("Cable")
    form.save_button.click()
    card.change(card.found[0])
    assert form.plain.isChecked()


def test_the_list_of_mounts_is_read(tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "/dev/sdb1 /media/fatou/CLE\\040BLEUE vfat rw 0 0\n"
        "tmpfs /media/x tmpfs rw 0 0\n"
        "/dev/sdc1 /run/media/fatou/KEY exfat rw 0 0\n"
    )
    assert sticks.mounted(tmp_path / "mounts") == (
        Path("/media/fatou/CLE BLEUE"),
        Path("/run/media/fatou/KEY"),
    )
    assert sticks.mounted(tmp_path / "nothing") == ()


def test_whether_it_goes_by_itself_is_seen_and_turned(
    card: PlacesCard, folder: Path, desk: Desk
) -> None:
    describe(card, "folder", str(folder))
    card.form.save_button.click()
    assert card.automatic.isChecked() and "15 minutes" in card.when.text()
    assert [badge.text() for badge in card.findChildren(Badge)] == ["by itself"]
    card.automatic.click()
    assert desk.settings.get(CARRIER_MINUTES) == 0 and "Off" in card.when.text()
    assert [badge.text() for badge in card.list.findChildren(Badge)][-1] == "by hand"
    card.automatic.click()
    assert desk.settings.get(CARRIER_MINUTES) == CARRIER_MINUTES.default

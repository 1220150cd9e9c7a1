"""First start, login, the two ways back in, lock and return: the real program."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from migdesk import i18n, keyfaults, keys
from migdesk.app import Program
from migdesk.jobs import back_up, enrol
from migdesk.jobs.found import CannotFound, DatabaseThere
from migdesk.keys import KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import enrolment, office, records
from migdesk.services.enrolment import Grant
from migdesk.services.records import Query
from migdesk.services.registry import Scope
from migdesk.task import Task
from migdesk.ui.doors import found
from migdesk.ui.first_start import JOIN, FirstStart, Founding
from migdesk.ui.gate import strength
from migdesk.ui.join import JoinPage
from migdesk.ui.login import Login
from migdesk.ui.pages.settings_accounts import AccountsSide
from migdesk.ui.places import PAGES, PLACES
from migdesk.ui.widgets import Button

PASSWORD = "une petite phrase"
CHEAP = keys.Cost(memory=64, passes=1, lanes=1)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """New wrappings cost little; the file says so, and is opened the same way."""
    for maker in (KeyFile.create, KeyFile.load):
        monkeypatch.setitem(maker.__func__.__kwdefaults__, "cost", CHEAP)  # type: ignore[attr-defined]


@pytest.fixture
def program(tmp_path: Path, qapp: QApplication, qtbot: QtBot, cheap: None) -> Iterator[Program]:
    made = Program(qapp, Paths(tmp_path / "home").make(), "en")
    qtbot.addWidget(made.window)
    made.show_gate()
    made.window.show()
    yield made
    made.window.leave()
    made.unseat()
    made.worker.close()
    i18n.use("en")


def gate(program: Program, kind: type[Any]) -> Any:
    return program.window.findChild(kind)


@pytest.fixture
def founded(program: Program, qtbot: QtBot) -> str:
    """The three steps, by keyboard; returns the recovery key."""
    first: FirstStart = gate(program, FirstStart)
    first.next_language.click()
    first.office.setText("HOM Sédhiou")
    first.town.setText("Sédhiou")
    qtbot.keyClicks(first.name, "Fatou Diatta")
    qtbot.keyClick(first.name, Qt.Key.Key_Return)
    qtbot.keyClicks(first.password.first, PASSWORD)
    qtbot.keyClicks(first.password.again, PASSWORD)
    qtbot.keyClick(first.password.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: first.sides.currentIndex() == 3, timeout=20_000)
    groups = [p.text() for p in first.findChildren(QLabel) if p.property("role") == "recovery"]
    assert not first.finish.isEnabled()
    first.kept.setChecked(True)
    first.finish.click()
    return "-".join(groups)


def log_in(program: Program, qtbot: QtBot, password: str) -> Login:
    login: Login = gate(program, Login)
    qtbot.keyClicks(login.password_side.password, password)
    qtbot.keyClick(login.password_side.password, Qt.Key.Key_Return)
    return login


def test_first_start_then_lock_and_return_to_the_same_place(
    program: Program, founded: str, qtbot: QtBot
) -> None:
    assert program.desk is not None
    assert program.desk.account.role == "administrator"
    assert program.desk.account.office == "HOM Sédhiou"
    program.window.go("settings", tab="about")
    program.window.lock()
    assert program.desk is None
    log_in(program, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)
    page = program.window.page
    assert page is not None and page.name == "settings"


def test_nothing_exchanges_by_itself_behind_a_lock(
    program: Program, founded: str, qtbot: QtBot
) -> None:
    assert program._carry_soon.isActive()
    program._carry()
    carrier = program._carrier
    assert carrier is not None and not carrier.resting and carrier.on
    program.window.lock()
    assert program.desk is None and program._carrier is None
    assert carrier.resting and not carrier.on and not program._carry_soon.isActive()
    carrier._on_sticks({})  # a look that was under way finds nobody


def test_a_computer_joins_an_office(
    program: Program, qtbot: QtBot, new_store: Callable[[], Store], tmp_path: Path
) -> None:
    first: FirstStart = gate(program, FirstStart)
    first.join.click()
    first.check_join()
    assert first.join_error.text() and first.sides.currentIndex() == JOIN
    first.computer.setText("Laptop of Kolda")
    qtbot.keyClicks(first.person, "Binta Sow")
    qtbot.keyClick(first.person, Qt.Key.Key_Return)
    first.go_back()
    assert first.sides.currentIndex() == JOIN
    first.check_join()
    for line in (first.password.first, first.password.again):
        qtbot.keyClicks(line, PASSWORD)
    qtbot.keyClick(first.password.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: first.sides.currentIndex() == 3, timeout=20_000)
    first.kept.setChecked(True)
    first.finish.click()
    # Started again before the invitation came, it still waits.
    program.lock()
    log_in(program, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)
    page = program.window.findChildren(JoinPage)[-1]
    qtbot.waitUntil(lambda: page.own is not None, timeout=20_000)
    assert page.own is not None
    head = new_store()
    head.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    grant = Grant("Laptop of Kolda", "office_head", Scope(True))
    line = head.write(enrolment.enrol, page.own.card, grant)
    path = tmp_path / "for you.migdesk-invitation"
    path.write_bytes(head.write(enrolment.invitation, line)[1])
    page._read(enrol.look_at, path)
    qtbot.waitUntil(lambda: page.found is not None, timeout=20_000)
    assert page.office_name.text() == "HOM Kolda"
    page.same_button.click()
    qtbot.waitUntil(lambda: gate(program, Login) is not None, timeout=20_000)
    log_in(program, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: program.window.page is not None, timeout=20_000)
    assert program.desk is not None
    assert program.desk.account.role == "office_head" == program.desk.store.role
    assert program.desk.account.office == "HOM Kolda"


def test_a_step_refuses_what_is_missing(program: Program, qtbot: QtBot) -> None:
    first: FirstStart = gate(program, FirstStart)
    first.turn(1)
    first.check_office()
    assert first.sides.currentIndex() == 1
    assert first.office_error.text()
    first.turn(2)
    qtbot.keyClicks(first.password.first, PASSWORD)
    first.found()
    assert "not the same" in first.password_error.text()
    assert not program.paths.keys.exists()


def test_wrong_passwords_wait_and_count_down(
    program: Program, founded: str, qtbot: QtBot
) -> None:
    program.window.lock()
    login: Login = gate(program, Login)
    side = login.password_side
    for _n in range(3):
        qtbot.waitUntil(side.enter.isEnabled)
        log_in(program, qtbot, "not the password")
        qtbot.waitUntil(lambda: "not the right" in side.error.text(), timeout=20_000)
        side.error.clear() if side.enter.isEnabled() else None
    assert not side.enter.isEnabled()
    assert side._left == 2
    side._tick()
    assert side.error.text() == "Wait 1 second."
    side._tick()
    assert side.enter.isEnabled() and not side.error.text()


def test_the_recovery_key_sets_a_new_password(
    program: Program, founded: str, qtbot: QtBot
) -> None:
    program.window.lock()
    login: Login = gate(program, Login)
    login.turn(login.recovery_side)
    side = login.recovery_side
    side.entry.line.setText(founded.lower().replace("-", " "))
    for line in (side.password.first, side.password.again):
        line.setText("another little sentence")
    side.submit()
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)
    program.window.lock()
    log_in(program, qtbot, "another little sentence")
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)


def test_a_backup_is_previewed_and_restored(
    program: Program, founded: str, qtbot: QtBot
) -> None:
    desk = program.desk
    assert desk is not None
    desk.store.write(records.save, "person", None, {"family_name": "Diallo"})
    back_up.back_up(desk.store, Task(), program.paths)
    desk.store.write(records.save, "person", None, {"family_name": "Sané"})
    program.window.lock()
    login: Login = gate(program, Login)
    login.turn(login.backup_side)
    side = login.backup_side
    qtbot.waitUntil(lambda: side.list.count() == 1, timeout=20_000)
    assert "Fatou Diatta" in side.list.item(0).text()
    side.password.setText("wrong wrong wrong")
    side.preview()
    qtbot.waitUntil(lambda: bool(side.error.text()), timeout=20_000)
    side.password.setText(PASSWORD)
    side.preview()
    qtbot.waitUntil(lambda: "HOM Sédhiou" in side.held.text(), timeout=20_000)
    assert "People: 1" in side.held.text()
    side.restore()
    qtbot.waitUntil(lambda: gate(program, Login) is not login, timeout=20_000)
    log_in(program, qtbot, PASSWORD)
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)
    assert program.desk is not None
    assert program.desk.store.read(records.count, "person", Query()) == 1


def test_a_broken_key_file_offers_the_backups(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(program.asker, "fault", lambda fault, retry=None: shown.append(fault))
    program.paths.keys.write_bytes(b"{")
    program.show_gate()
    login = program.window.findChildren(Login)[-1]
    assert login.sides.currentWidget() is login.backup_side
    assert isinstance(shown[0], keyfaults.BrokenKeyFile)
    assert program.paths.keys.read_bytes() == b"{"


def test_a_founding_that_fails_is_taken_back(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("migdesk.ui.doors._fill", full)
    heard: list[Any] = []
    founding = Founding("fr", "HOM", "", "SN", "Awa", PASSWORD)
    program.doors.found(founding, lambda *made: None, heard.append)
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert isinstance(heard[0], CannotFound)
    assert not program.paths.keys.exists()


def test_founding_never_touches_a_database_that_is_there(program: Program) -> None:
    program.paths.database.write_bytes(b"of somebody")
    founding = Founding("fr", "HOM", "", "SN", "Awa", PASSWORD)
    with pytest.raises(DatabaseThere):
        found(program.paths, founding)
    assert program.paths.database.read_bytes() == b"of somebody"
    assert not program.paths.keys.exists()


def test_accounts_are_added_and_deactivated(
    program: Program,
    founded: str,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert program.desk is not None
    program.window.go("settings", tab="accounts")
    side: AccountsSide = gate(program, AccountsSide)
    side.name.setText("Ousmane Cissé")
    side.role.setCurrentIndex(side.role.findData("enumerator"))
    for line in (side.first_password.first, side.first_password.again):
        line.setText("bonjour Sédhiou")
    side.add()
    file = program.desk.keys
    assert file is not None
    qtbot.waitUntil(lambda: not side.name.text(), timeout=20_000)
    assert [name for _id, name in file.accounts()] == ["Fatou Diatta", "Ousmane Cissé"]
    monkeypatch.setattr(program.asker, "confirm", lambda *words: True)

    def off() -> Any:
        found = [b for b in side.findChildren(Button) if "Ousmane" in b.accessibleName()]
        return found[0] if found else None

    qtbot.waitUntil(lambda: off() is not None)
    off().click()
    qtbot.waitUntil(lambda: len(file.accounts()) == 1, timeout=20_000)


def test_changing_the_language_speaks_at_once(
    program: Program, founded: str, qtbot: QtBot
) -> None:
    from migdesk.settings import LANGUAGE

    assert program.desk is not None
    program._forced = ""
    program.desk.settings.set(LANGUAGE, "fr")
    program.window.refresh()
    qtbot.waitUntil(lambda: i18n.language() == "fr" and program.window.page is not None)
    assert program.desk.shell is program.window


@pytest.mark.parametrize(
    ("typed", "level"),
    [("court", 0), ("aaaaaaaaaaaa", 1), ("bonjourbon", 2), ("une petite phrase", 3)],
)
def test_strength(typed: str, level: int) -> None:
    assert strength(typed)[0] == level


def test_every_place_has_a_page() -> None:
    assert {place.name for place in PLACES} == set(PAGES)
    kinds = [kind for place in PLACES for kind in place.kinds]
    assert len(kinds) == len(set(kinds))


def test_without_a_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from migdesk import __main__ as entry

    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert entry.main([]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1

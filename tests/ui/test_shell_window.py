"""The window: places by role, pages, search, undo, lock, idle, sizes, mirrored."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from migdesk import i18n
from migdesk.i18n import N_
from migdesk.models.store import Changes
from migdesk.services import records
from migdesk.settings import LOCK_MINUTES, WINDOW
from migdesk.ui.desk import Account, Desk, Page
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.theme import Theme
from migdesk.ui.widgets.navigation import Place
from migdesk.ui.window import Window


class Notes(Page):
    """A page that notes what the window does with it."""

    name: ClassVar[str] = "notes"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.did: list[Any] = []
        QVBoxLayout(self).addWidget(QLabel("secret words"))

    def load(self) -> None:
        self.did.append("load")

    def arrive(self, **args: Any) -> None:
        self.did.append(args)

    def on_changed(self, changes: Changes) -> None:
        self.did.append(changes.kinds)

    def leave(self) -> None:
        self.did.append("leave")


PLACES = [
    Place("today", N_("Today"), Notes, "calendar-today"),
    Place("people", N_("People"), Notes, "account", "person", kinds=("person",)),
    Place("receive", N_("Receive"), Notes, roles=("agent", "administrator")),
    Place("settle", N_("To settle"), Notes, "scale-balance", "settle", roles=("agent",)),
    Place("settings", N_("Settings"), Notes, "cog-outline", foot=True),
]


@pytest.fixture
def window(desk: Desk, theme: Theme, qtbot: QtBot) -> Window:
    made = Window(desk.settings)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.settle(desk, PLACES)
    made.show()
    return made


def notes(window: Window) -> Notes:
    page = window.page
    assert isinstance(page, Notes)
    return page


def nav(window: Window) -> Any:
    assert window._at is not None
    return window._at.nav


def top(window: Window) -> Any:
    assert window._at is not None
    return window._at.top


def test_only_what_the_role_may_see(window: Window) -> None:
    assert list(nav(window).buttons) == ["today", "people", "settings"]
    window.go("settle")
    assert window.page is None


def test_a_page_is_made_once_and_told(window: Window) -> None:
    window.go("people")
    first = notes(window)
    window.go("today")
    window.open("person", "p-1")
    assert notes(window) is first
    assert first.did == ["load", "leave", "load", {"kind": "person", "id": "p-1"}]


def test_keys_lead_to_the_places(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window._at is not None and window._at.here == "people"
    assert "2" in nav(window).buttons["people"].toolTip()


def test_pages_hear_of_changes_and_counts_follow(
    window: Window, make: Callable[..., str], qtbot: QtBot
) -> None:
    window.go("today")
    make("person", family_name="Diallo")
    assert frozenset({"person"}) in notes(window).did
    badge = nav(window).buttons["people"].badge
    qtbot.waitUntil(lambda: badge.text() == "1")


def test_search_opens_what_enter_chooses(
    window: Window, make: Callable[..., str], qtbot: QtBot
) -> None:
    id = make("person", family_name="Diallo", given_name="Aminata")
    finder = top(window).finder
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(finder.line, "diallo")
    qtbot.waitUntil(lambda: finder.results is not None and finder.results.isVisible())
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert notes(window).did[-1] == {"kind": "person", "id": id}
    assert not finder.results.isVisible()
    assert finder.text == ""


def test_search_offers_places_and_says_when_nothing_is_found(
    window: Window, qtbot: QtBot
) -> None:
    finder = top(window).finder
    qtbot.keyClicks(finder.line, "settin")
    qtbot.waitUntil(lambda: finder.results is not None and finder.results.isVisible())
    qtbot.keyClick(finder.line, Qt.Key.Key_Return)
    assert window._at is not None and window._at.here == "settings"
    qtbot.keyClicks(finder.line, "zzzz")
    qtbot.waitUntil(lambda: finder.results.isVisible())
    assert "zzzz" in finder.results.item(0).text()
    qtbot.keyClick(finder.line, Qt.Key.Key_Escape)
    assert not finder.results.isVisible()


def test_undo_and_redo_say_what_they_did(
    window: Window, desk: Desk, make: Callable[..., str], asker: Any
) -> None:
    id = make("person", family_name="Sonko")
    window.undo()
    assert desk.store.read(records.get, "person", id).deleted
    window.redo()
    assert not desk.store.read(records.get, "person", id).deleted
    assert "Sonko" in asker.told[0] and len(asker.told) == 2


def test_nothing_to_undo_is_said(window: Window, asker: Any) -> None:
    window.redo()
    assert len(asker.told) == 1


def test_leaving_keeps_drafts_and_shows_nothing(
    window: Window, qtbot: QtBot, qapp: QApplication
) -> None:
    window.go("people", id="p-1")
    page = notes(window)
    did = page.did
    with qtbot.waitSignal(page.destroyed):
        assert window.leave() == ("people", {"id": "p-1"})
    assert did[-1] == "leave"
    assert not [w for w in window.findChildren(QLabel) if w.text() == "secret words"]


def test_keys_lock_and_go(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert window._at is not None and window._at.here == "receive"
    with qtbot.waitSignal(window.locked):
        qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_idle_time_locks_unless_a_job_runs(window: Window, desk: Desk, qtbot: QtBot) -> None:
    desk.settings.set(LOCK_MINUTES, 7)
    window._stir()
    assert window._idle.isActive()
    assert window._idle.interval() == 7 * 60_000
    desk.runner.jobs.append(object())  # type: ignore[arg-type]
    with qtbot.assertNotEmitted(window.locked):
        window._on_idle()
    desk.runner.jobs.clear()
    with qtbot.waitSignal(window.locked):
        window._on_idle()


def test_a_small_window_keeps_the_icons(window: Window, qtbot: QtBot) -> None:
    window.resize(1024, 600)
    people = nav(window).buttons["people"]
    qtbot.waitUntil(lambda: not people.word.isVisible())
    assert people.accessibleName() == "People"
    assert people.toolTip().startswith("People")
    assert top(window).receive.isVisible()
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: people.word.isVisible())


def test_every_place_has_a_name_for_a_screen_reader(window: Window) -> None:
    for button in nav(window).buttons.values():
        assert button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_mirrored(desk: Desk, theme: Theme, qtbot: QtBot, qapp: QApplication) -> None:
    i18n.use("ar")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = Window(desk.settings)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.settle(desk, PLACES)
        window.show()
        window.go("today")
        qtbot.waitExposed(window)
        side = nav(window).mapTo(window, nav(window).rect().topLeft()).x()
        assert side > window.width() / 2
        assert not window.grab().isNull()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        i18n.use("en")


def test_title_and_size(window: Window, desk: Desk) -> None:
    assert window.windowTitle() == "MigDesk"
    window.close()
    assert desk.settings.get(WINDOW)


def test_an_account_without_receiving(desk: Desk, theme: Theme, qtbot: QtBot) -> None:
    desk.account = Account("acc-1", "Awa", "enumerator")
    window = Window(desk.settings)
    qtbot.addWidget(window)
    window.settle(desk, PLACES)
    assert not top(window).receive.isVisibleTo(window)


def test_the_documents_of_a_record_open_under_their_button(
    window: Window, make: Callable[..., str], desk: Desk, qtbot: QtBot
) -> None:
    id = make("person", family_name="Diallo")
    detail = RecordDetail(desk, "person")
    qtbot.addWidget(detail)
    detail.show()
    detail.show_record(id)
    detail.print_button.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert len(menu.actions()) > 1
    menu.close()

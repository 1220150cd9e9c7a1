"""The agenda on screen: lanes, clashes, hours elsewhere, free times, another time, paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.services import agenda, office, persons, records
from migdesk.services.persons import Reception
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.pages.agenda import AgendaPage
from migdesk.ui.pages.agenda_grid import EntryButton, beside
from migdesk.ui.pages.agenda_side import entry_menu, move
from migdesk.ui.pages.receive import DONE, KNOWN, SEARCH, ReceivePage

Make = Callable[..., str]
MONDAY = date(2036, 11, 24)


def at(hour: float, day: date = MONDAY) -> str:
    midnight = datetime(day.year, day.month, day.day)
    return stored_moment((midnight + timedelta(hours=hour)).astimezone())


@pytest.fixture
def awa(make: Make) -> str:
    return make("person", given_name="Awa", family_name="Sané", time_zone="Europe/Paris")


@pytest.fixture
def bakary(make: Make, store: Store) -> str:
    here = store.read(office.office_of)
    return make("account", name="Bakary Sonko", role="agent", office=here, active=True)


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[AgendaPage]:
    made = AgendaPage(desk)
    qtbot.addWidget(made)
    made.resize(1130, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made


def book(store: Store, hour: float, person: str = "", **visit: Any) -> str:
    about = {"request": "training", "appointment": at(hour), **visit}
    return store.write(persons.receive, Reception(visit=about, person=person)).visit


def titles(page: AgendaPage) -> list[tuple[str, int]]:
    return [(lane.title, len(lane.entries)) for lane in page.grid.lanes]


def test_a_day_by_adviser_and_by_room(
    page: AgendaPage, store: Store, awa: str, bakary: str, make: Make
) -> None:
    make("room", office=store.read(office.office_of), name="Office 1")
    book(store, 9, awa, room="Office 1")
    book(store, 9.25, awa, room="office 1", adviser=bakary)
    book(store, 15, adviser=None)
    page.arrive(day=str(MONDAY))
    assert titles(page) == [("Fatou Diatta", 1), ("Bakary Sonko", 1), ("No adviser", 1)]
    assert "Monday, November 24, 2036" in page.header.title.text()
    assert page.header.subtitle.text() == "3 appointments, 2 at the same time"
    first = page.grid.buttons[0].accessibleName()
    assert first.startswith("09:00–09:30 · 10:00 in Paris · Awa Sané")
    assert "at the same time as another" in first
    page.which.setCurrentIndex(1)
    page.which.activated.emit(1)
    assert titles(page) == [("Office 1", 2), ("No room", 1)]
    places = [place[1:] for place in beside(page.grid.lanes[0].entries)]
    assert places == [(0, 2), (1, 2)]
    left, right = page.grid.buttons[:2]
    assert left.geometry().right() < right.geometry().left() + 2
    assert left.height() > 0 and left.geometry().top() < right.geometry().top()


def test_a_week_of_one_adviser(
    page: AgendaPage, store: Store, awa: str, bakary: str, desk: Desk
) -> None:
    book(store, 9, awa)
    book(store, 9, awa, appointment=at(18, MONDAY + timedelta(days=5)), adviser=bakary)
    page.arrive(day=str(MONDAY + timedelta(days=2)))
    page.views.button(1).click()
    assert [count for _title, count in titles(page)] == [1, 0, 0, 0, 0, 1, 0]
    page.which.setCurrentIndex(page.which.findText("Bakary Sonko"))
    page.which.activated.emit(page.which.currentIndex())
    assert [count for _title, count in titles(page)] == [0, 0, 0, 0, 0, 1, 0]
    page._turn(1)
    assert page.first == MONDAY + timedelta(days=7)
    assert page.empty.isVisible()
    assert desk.settings.state("agenda.view") == "week"


def test_free_times_begin_an_appointment(
    page: AgendaPage, store: Store, awa: str, shell: Any, qtbot: QtBot
) -> None:
    book(store, 9, awa, minutes=60, room="Office 1")
    page.arrive(day=str(MONDAY))
    told = [row.accessibleName() for row in page.side.free.rows.rows]
    assert told == ["08:00–09:00 · +", "10:00–20:00 · +"]
    page.side.free.rows.rows[1].opened.emit()
    wanted = {"appointment": at(10), "adviser": "acc-1", "room": ""}
    assert shell.went == [("receive", wanted)]
    spot = page.grid._lane(0).center()
    spot = QPoint(spot.x(), page.grid._y(14 * 60 + 40))
    qtbot.mouseMove(page.grid, spot)
    qtbot.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=spot)
    assert shell.went[1] == ("receive", {**wanted, "appointment": at(14.5)})


def test_callbacks_and_holidays_are_at_the_side(
    page: AgendaPage, store: Store, awa: str, make: Make, shell: Any
) -> None:
    stay = {"here_from": "2036-11-20", "here_until": "2036-11-30"}
    moussa = make("person", given_name="Moussa", **stay)
    book(store, 18, awa, callback=True)
    page.arrive(day=str(MONDAY))
    (call,) = page.side.calls.rows.rows
    assert call.accessibleName() == "18:00 · Awa Sané · 19:00 in Paris"
    call.opened.emit()
    (home,) = page.side.stays.rows.rows
    assert "Moussa" in home.accessibleName() and "until 30 Nov" in home.accessibleName()
    home.opened.emit()
    assert shell.opened == [("person", awa), ("person", moussa)]


def test_an_appointment_is_opened_moved_and_cancelled(
    page: AgendaPage, store: Store, awa: str, asker: Any, shell: Any, qtbot: QtBot
) -> None:
    visit = book(store, 9, awa)
    book(store, 11, awa)
    page.arrive(day=str(MONDAY))
    button = page.grid.buttons[0]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert shell.opened == [("person", awa)]
    actions = {a.text(): a for a in entry_menu(page, page.desk, button.entry, True).actions()}
    asker.texts = ["24/11/2036 11:15", "nonsense"]
    actions["Another time…"].trigger()
    assert store.read(records.get, "visit", visit).values["appointment"] == at(11.25)
    assert "moved" in asker.told[0] and "by the same adviser" in asker.told[0]
    assert "For the person it is 12:15 in Paris." in asker.told[0]
    move(page, page.desk, button.entry)
    assert "is expected" in asker.told[1]
    actions["Cancel the appointment"].trigger()
    assert store.read(records.get, "visit", visit).values["appointment"] is None
    asker.then()
    assert store.read(records.get, "visit", visit).values["appointment"] == at(11.25)
    page.load()
    assert sum(bool(b.entry.clash) for b in page.grid.buttons) == 2


def test_a_reader_looks_only(
    page: AgendaPage, store: Store, awa: str, desk: Desk, qtbot: QtBot
) -> None:
    from dataclasses import replace

    book(store, 9, awa)
    made = AgendaPage(replace(desk, account=replace(desk.account, role="reader")))
    qtbot.addWidget(made)
    made.show()
    made.arrive(day=str(MONDAY))
    assert not made.new_button.isVisible() and not made.side.free.isVisible()
    menu = entry_menu(made, made.desk, made.grid.buttons[0].entry, made.writes)
    assert [a.text() for a in menu.actions()] == ["Open the file", "Print the appointment slip"]


def test_the_agenda_is_printed_as_it_is_shown(page: AgendaPage, shell: Any) -> None:
    page.arrive(day=str(MONDAY))
    page.views.button(1).click()
    page.print_agenda("room")
    days = {"since": "2036-11-24", "until": "2036-11-30"}
    assert shell.printed == [("agenda", {**days, "by": "room", "office": ""})]


def test_another_office_is_one_press_away(
    page: AgendaPage, store: Store, awa: str, make: Make, desk: Desk
) -> None:
    page.arrive(day=str(MONDAY))
    page.load()
    assert not page.offices.isVisible()
    other = make("office", name="Antenne Kolda")
    book(store, 9, awa)
    book(store, 10, awa, office=other)
    page.load()
    assert page.offices.isVisible() and len(page.shown.entries) == 1
    page.offices.all_button.click()
    assert len(page.shown.entries) == 2
    assert desk.settings.state("offices") == "all"


# while receiving ----------------------------------------------------------------


@pytest.fixture
def counter(desk: Desk, qtbot: QtBot) -> Iterator[ReceivePage]:
    made = ReceivePage(desk)
    qtbot.addWidget(made)
    made.resize(1154, 716)
    made.show()
    qtbot.waitExposed(made)
    made.load()
    yield made
    made.draft.begin()


def test_booking_over_another_is_said_first(
    counter: ReceivePage, store: Store, awa: str, qtbot: QtBot
) -> None:
    counter.resize(950, 300)
    book(store, 9, awa, room="Office 1", adviser=None)
    counter.arrive(appointment=at(9), adviser="acc-1", room="office 1")
    assert counter.visit.done["adviser"].value() == "acc-1"
    counter.arrive(person=awa)
    assert counter.mode == KNOWN
    counter.visit.asked["request"].set_value("training")
    notes = counter.visit.notes
    assert notes.isVisible() and notes.clash
    assert "Awa Sané is expected in the same room." in notes.words.text()
    assert "For the person it is 10:00 in Paris." in notes.words.text()
    counter.save(False)
    assert counter.mode == KNOWN
    assert "Save once more" in notes.words.text()
    qtbot.waitUntil(lambda: notes.visibleRegion().boundingRect() == notes.rect())
    counter.save(False)
    assert counter.mode == DONE
    assert len([e for e in store.read(agenda.agenda, MONDAY, 1) if e.clash]) == 2


def test_what_only_informs_holds_nobody_up(
    counter: ReceivePage, store: Store, awa: str
) -> None:
    counter.arrive(person=awa)
    for name in ("minutes", "callback"):
        assert not counter.visit.done[name].isVisible()
    counter.arrive(appointment=at(9))
    assert counter.mode == SEARCH
    counter.arrive(person=awa)
    for name in ("minutes", "callback"):
        assert counter.visit.done[name].isVisible()
    counter.visit.asked["request"].set_value("training")
    assert "10:00 in Paris" in counter.visit.notes.words.text()
    counter.save(False)
    assert counter.mode == DONE


def test_a_call_asks_for_its_subject(
    counter: ReceivePage, store: Store, awa: str, qtbot: QtBot
) -> None:
    counter.arrive(person=awa)
    asked = counter.visit.asked
    assert not asked["subject"].isVisible()
    asked["channel"].set_value("phone")
    counter.visit._on_changed()
    assert asked["subject"].isVisible() and asked["urgency"].isVisible()
    asked["request"].set_value("other")
    asked["subject"].set_value("visa")
    counter.save(False)
    (visit,) = store.read(records.list_page, "visit", Query()).rows
    assert (visit.values["channel"], visit.values["subject"]) == ("phone", "visa")


def test_every_appointment_is_a_button(page: AgendaPage, store: Store, awa: str) -> None:
    for hour in (7, 21.5):
        book(store, hour, awa)
    page.arrive(day=str(MONDAY))
    assert (page.grid.first, page.grid.last) == (7, 22)
    for button in page.grid.findChildren(EntryButton):
        assert page.grid.rect().contains(button.geometry())


def test_rooms_are_offered_and_any_place_may_be_typed(
    counter: ReceivePage, make: Make, awa: str, store: Store
) -> None:
    for name in ("Office 1", "Meeting room"):
        make("room", office=store.read(office.office_of), name=name)
    counter.arrive(person=awa)
    room = counter.visit.done["room"].editor
    counter.visit.rooms.open_all()
    assert [option.label for option in counter.visit.rooms.options] == [
        "Meeting room",
        "Office 1",
    ]
    counter.visit.rooms.close()
    room.set_typed("At the café")
    assert room.value() == "At the café"

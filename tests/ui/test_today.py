"""Today: each row opens the thing itself; the first day says how to begin."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.services import demo, drafts, persons, records
from migdesk.services.persons import Reception
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.pages.today import ListCard, TodayPage

Make = Callable[..., str]


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> TodayPage:
    made = TodayPage(desk)
    qtbot.addWidget(made)
    desk.runner.changed.connect(made.on_changed)
    made.resize(1154, 716)
    made.show()
    qtbot.waitExposed(made)
    return made


def words(card: ListCard) -> list[str]:
    return [row.accessibleName() for row in card.rows.rows]


def test_first_day_says_how_to_begin(page: TodayPage, shell: Any, store: Store) -> None:
    page.load()
    assert page.welcome.isVisible()
    assert not page.demo.isVisible()
    assert page.appointments.nothing.isVisible()
    page.welcome.receive_button.click()
    page.welcome.import_button.click()
    assert shell.went == [("receive", {}), ("import", {})]


def test_demonstration_data_comes_and_goes(page: TodayPage, store: Store) -> None:
    page.load()
    page.welcome.demo_button.click()
    assert store.read(records.count, "person", Query()) > 5
    assert not page.welcome.isVisible()
    assert page.demo.isVisible()
    assert len(page.appointments.rows.rows) > 0
    page.demo.remove_button.click()
    assert store.read(records.count, "person", Query()) == 0
    assert not page.demo.isVisible()


def test_appointment_opens_the_person(
    page: TodayPage, make: Make, store: Store, shell: Any, qtbot: QtBot
) -> None:
    person = make("person", family_name="Diallo", given_name="Aminata")
    at = stored_moment(datetime.now().astimezone().replace(hour=9, minute=30))
    visit = {"request": "training", "appointment": at, "room": "Office 1"}
    store.write(persons.receive, Reception(visit=visit, person=person))
    page.load()
    (row,) = page.appointments.rows.rows
    assert row.accessibleName() == "09:30 · Aminata Diallo · Training · Office 1"
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert shell.opened == [("person", person)]


def test_a_ticket_has_a_number(page: TodayPage, store: Store) -> None:
    at = stored_moment(datetime.now().astimezone().replace(hour=15, minute=0))
    visit = {"request": "training", "appointment": at}
    store.write(persons.receive, Reception(visit=visit))
    page.load()
    assert "0001" in words(page.appointments)[0]


def test_steps_say_how_late_they_are(
    page: TodayPage, make: Make, shell: Any, qtbot: QtBot
) -> None:
    case = make("case", title="Hen house", person=make("person", family_name="Sow"))
    for what, days in (("Call", -4), ("Visit", 0), ("Quote", 3), ("Later", 30)):
        due = (date.today() + timedelta(days=days)).isoformat()
        make("step", case=case, what=what, due=due)
    page.load()
    said = words(page.due)
    assert [text.split(" · ")[0] for text in said[:2]] == ["4 days late", "today"]
    assert len(said) == 3
    assert "Hen house" in said[0]
    page.due.rows.rows[0].opened.emit()
    assert shell.opened == [("case", case)]
    assert "3 steps to do" in page.header.subtitle.text()


@pytest.mark.parametrize(
    ("id", "kind", "body", "went", "opened"),
    [
        ("reception:new", "visit", {"mode": ""}, [("receive", {"draft": "reception:new"})], []),
        ("visit:7:a:1", "visit", {"typed": {}}, [], [("visit", "7")]),
        ("person:7:a:1", "person", {}, [], [("person", "7")]),
        ("case:new:a:1", "case", {}, [], [("case", "")]),
        ("submission:7", "submission", {}, [("questionnaires", {"draft": "submission:7"})], []),
    ],
)
def test_draft_is_resumed_where_it_was_typed(
    page: TodayPage,
    store: Store,
    shell: Any,
    id: str,
    kind: str,
    body: dict[str, Any],
    went: list[Any],
    opened: list[Any],
) -> None:
    store.write(drafts.put, id, kind, "Half written", body)
    page.load()
    (row,) = page.drafts.rows.rows
    assert row.accessibleName().startswith("Half written")
    row.opened.emit()
    assert (shell.went, shell.opened) == (went, opened)


def test_exchange_and_figures(page: TodayPage, store: Store, shell: Any) -> None:
    store.write(demo.add)
    page.load()
    page.exchange.rows.rows[0].opened.emit()
    assert shell.went == [("exchange", {})]
    assert page.figures.line.count() == 3

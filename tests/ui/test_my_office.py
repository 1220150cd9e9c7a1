"""Several offices on one register: each page shows the work of mine, all at one press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.services import office
from migdesk.ui.desk import Desk, Page
from migdesk.ui.pages.cases import CasesPage
from migdesk.ui.pages.people import PeoplePage
from migdesk.ui.pages.today import TodayPage

Make = Callable[..., str]
TODAY = date.today()


@pytest.fixture
def two(make: Make, store: Store) -> dict[str, str]:
    """An office beside ours, and a person with a case and an appointment in each; one person
    who belongs to none yet."""
    here = store.read(office.office_of) or ""
    other = make("office", name="Antenne Kolda")
    at = stored_moment(datetime(TODAY.year, TODAY.month, TODAY.day, 12).astimezone())
    for name, where in (("Ours", here), ("Theirs", other), ("Nobodys", None)):
        person = make("person", family_name=name, office=where)
        about = {"person": person, "office": where}
        case = make("case", title=f"Case of {name}", opened=str(TODAY), **about)
        make("step", case=case, what=f"Step of {name}", due=str(TODAY))
        make("visit", request="training", at=at, appointment=at, **about)
    return {"here": here, "other": other}


def shown(desk: Desk, qtbot: QtBot, made: Page) -> Any:
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.load()
    return made


def test_people_of_my_office_first(desk: Desk, qtbot: QtBot, two: dict[str, str]) -> None:
    page = shown(desk, qtbot, PeoplePage(desk))
    table = page.split.list
    assert {row.title for row in table.model.rows} == {"Ours", "Nobodys"}
    assert table.count.text() == "2 records"
    table.filters.set("sex", "female")
    assert not table.model.rows
    table.filters.drop("sex")
    page.offices.all_button.click()
    assert len(table.model.rows) == 3
    again = shown(desk, qtbot, PeoplePage(desk))
    assert again.offices.all_button.isChecked() and len(again.split.list.model.rows) == 3
    again.offices.mine_button.click()
    assert len(again.split.list.model.rows) == 2


def test_one_office_asks_nothing(desk: Desk, qtbot: QtBot, make: Make) -> None:
    make("person", family_name="Sow")
    page = shown(desk, qtbot, PeoplePage(desk))
    assert not page.offices.isVisible() and len(page.split.list.model.rows) == 1
    assert page.split.list.query().filters == ()


def test_cases_on_the_list_and_on_the_board(
    desk: Desk, qtbot: QtBot, two: dict[str, str]
) -> None:
    page = shown(desk, qtbot, CasesPage(desk))
    assert len(page.list.model.rows) == 2
    page.buttons.button(1).click()
    assert sum(column.list.count() for column in page.board.columns) == 2
    page.offices.all_button.click()
    assert sum(column.list.count() for column in page.board.columns) == 3


def test_the_day_of_my_office(desk: Desk, qtbot: QtBot, two: dict[str, str]) -> None:
    page = shown(desk, qtbot, TodayPage(desk))
    told = " ".join(row.accessibleName() for row in page.appointments.rows.rows)
    assert "Ours" in told and "Nobodys" in told and "Theirs" not in told
    assert "Step of Theirs" not in " ".join(
        row.accessibleName() for row in page.due.rows.rows
    )
    assert page.header.subtitle.text().startswith("2 appointments, 2 steps to do")
    page.offices.all_button.click()
    assert page.header.subtitle.text().startswith("3 appointments, 3 steps to do")


def test_the_list_says_on_paper_whose_it_is(
    desk: Desk, qtbot: QtBot, two: dict[str, str], shell: Any, store: Store
) -> None:
    from migdesk.services import papers

    page = shown(desk, qtbot, PeoplePage(desk))
    page.split.list.print_list()
    ((sheet, params),) = shell.printed
    data = store.read(papers.fill, sheet, "en", params)
    assert data.filter == "Office that follows the file: HOM Sédhiou"
    assert len(data.rows) == 2


def test_an_appointment_leads_to_the_agenda(desk: Desk, qtbot: QtBot, shell: Any) -> None:
    page = shown(desk, qtbot, TodayPage(desk))
    page.appointments.aside.click()
    assert shell.went == [("agenda", {})]


def test_figures_are_printed_of_what_is_shown(
    desk: Desk, qtbot: QtBot, shell: Any, two: dict[str, str]
) -> None:
    from migdesk.ui.pages.office_papers import documents_menu

    page = shown(desk, qtbot, PeoplePage(desk))
    for press in (page.offices.mine_button, page.offices.all_button):
        press.click()
        menu = documents_menu(desk, ("call-statistics",), page)
        inside = menu.actions()[0].menu()
        inside.actions()[-1].trigger()
    (_name, mine), (_same, every) = shell.printed
    assert "everywhere" not in mine and every["everywhere"] is True

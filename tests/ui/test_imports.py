"""Import of a table: nothing is written before Import, and all of it is undone at once."""

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import records
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.pages.imports import ImportPage


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> ImportPage:
    made = ImportPage(desk)
    qtbot.addWidget(made)
    made.show()
    made.load()
    return made


def give(page: ImportPage, asker: Any, path: Path, text: str, encoding: str = "utf-8") -> None:
    path.write_text(text, encoding=encoding)
    asker.paths.append(path)
    page.choose_button.click()


def people(store: Store) -> int:
    return store.read(records.count, "person", Query())


def test_columns_are_guessed_and_rows_imported_and_undone(
    page: ImportPage, asker: Any, store: Store, tmp_path: Path
) -> None:
    page.arrive(kind="person")
    text = "Nom de famille;Prénoms;Remarque\nDiallo;Awa;x\nMané;Ibou;y\n"
    give(page, asker, tmp_path / "liste.csv", text, "cp1252")
    assert page.mapping.mapping()["Nom de famille"] == "family_name"
    assert "Remarque" not in page.mapping.mapping()
    assert people(store) == 0
    assert page.import_button.isEnabled()
    page.import_button.click()
    assert people(store) == 2
    assert page.table is None
    asker.then()
    assert people(store) == 0


def test_problems_are_listed_and_nothing_is_written(
    page: ImportPage, asker: Any, store: Store, tmp_path: Path
) -> None:
    page.arrive(kind="person")
    text = "Family name,Telephone\nDiallo,77 123 45 67\nMané,abc\n,\n"
    give(page, asker, tmp_path / "list.csv", text)
    assert page.report is not None and page.report.good == 1
    assert page.problems.item(0, 0).text() == "3"
    assert not page.import_button.isEnabled()
    # Leaving the column out makes the row good.
    choice = page.mapping.choices["Telephone"]
    choice.setCurrentIndex(0)
    choice.activated.emit(0)
    assert page.report is not None and page.report.good == 2
    assert page.import_button.isEnabled()
    assert people(store) == 0


def test_a_field_takes_one_column(page: ImportPage, asker: Any, tmp_path: Path) -> None:
    page.arrive(kind="person")
    give(page, asker, tmp_path / "list.csv", "Family name,Other\nDiallo,Sow\n")
    other = page.mapping.choices["Other"]
    other.setCurrentIndex(other.findData("family_name"))
    other.activated.emit(other.currentIndex())
    assert page.mapping.mapping() == {"Other": "family_name"}


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03" * 50])
def test_what_is_no_table_is_refused_in_words(
    page: ImportPage, asker: Any, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    asker.paths.append(path)
    page.choose_button.click()
    assert "broken.csv" in page.outcome.text()
    assert page.outcome_card.isVisible()
    assert not page.import_button.isVisible()


def test_wrong_columns_of_a_preset_write_nothing(
    page: ImportPage, asker: Any, store: Store, tmp_path: Path
) -> None:
    page.arrive(kind="preset:projects")
    give(page, asker, tmp_path / "list.csv", "a,b\n1,2\n")
    page.import_button.click()
    assert "target_country_iso2" in page.outcome.text()
    assert store.read(records.count, "project", Query()) == 0


def test_projects_with_their_partners(
    page: ImportPage, asker: Any, store: Store, tmp_path: Path
) -> None:
    page.arrive(kind="preset:projects")
    text = (
        "code,title_fr,target_country_iso2,partners,countries_iso2\n"
        "SN-1,Un,SN,ARD Kolda|CAIM,SN|FR\nSN-2,Deux,SN,CAIM,SN\n"
    )
    give(page, asker, tmp_path / "projects.csv", text)
    assert page.mapping.choices == {}
    page.import_button.click()
    assert store.read(records.count, "project", Query()) == 2
    assert store.read(records.count, "organisation", Query()) == 2
    assert "3 mentions" in asker.told[-1]


def test_empty_page_says_how_to_begin(page: ImportPage, asker: Any) -> None:
    assert page.nothing.isVisible()
    page.nothing.button.click()
    assert len(asker.asked) == 1


def test_a_preview_says_what_would_be_made_and_who_is_here_already(
    page: ImportPage, asker: Any, store: Store, make: Any, tmp_path: Path
) -> None:
    make("person", family_name="Diallo", given_name="Aminata", phone="+221771234567")
    page.arrive(kind="person")
    text = (
        "Family name,Given names,Telephone,Commune or village of origin\n"
        "Diallo,Aminata,77 123 45 67,\nMané,Ibou,,\n"
    )
    give(page, asker, tmp_path / "list.csv", text)
    assert page.foreseen.isVisible()
    assert page.foreseen.makes.text() == "It would make: People: 2"
    [row] = page.foreseen.alike.rows
    told = row.accessibleName()
    assert told.startswith("2 · Aminata Diallo · looks like Aminata Diallo. Why: the same name")
    assert "the same telephone" in told and told.endswith("somebody else: made new")
    assert page.foreseen.same() == {}
    row.opened.emit()
    [row] = page.foreseen.alike.rows
    assert row.accessibleName().endswith("the same: fills in what is empty")
    assert "Given names: Ibou" in page.foreseen.sample.rows[1].accessibleName()
    assert people(store) == 1


def test_a_row_that_is_here_already_fills_in_and_doubles_nobody(
    page: ImportPage, asker: Any, store: Store, make: Any, tmp_path: Path
) -> None:
    known = {"family_name": "Diallo", "given_name": "Aminata", "birth": "1985-03-02"}
    here = make("person", **known, phone="+221771234567")
    page.arrive(kind="person")
    text = (
        "Family name,Given names,Born,Telephone,Lives in\n"
        "Diallo,Aminata,2/3/1985,77 123 45 67,Kolda\n"
        "Jallow,Aminata,3/2/1985,78 555 44 33,Kolda\n"
    )
    give(page, asker, tmp_path / "list.csv", text)
    assert set(page.foreseen.same().values()) == {here}
    doubtful = [row for row in page.foreseen.alike.rows if "3 ·" in row.accessibleName()]
    said = "swapped" in doubtful[0].accessibleName()
    assert len(doubtful) == 1 and said
    if 3 not in page.foreseen.same():
        doubtful[0].opened.emit()
    assert set(page.foreseen.same()) == {2, 3}
    page.import_button.click()
    assert people(store) == 1
    values = store.read(records.get, "person", here).values
    assert values["residence"] == "Kolda" and values["family_name"] == "Diallo"
    assert (values["phone"], values["phone_2"]) == ("+221771234567", "+221785554433")
    page.undo_button.click()
    assert store.read(records.get, "person", here).values["residence"] is None
    give(page, asker, tmp_path / "list.csv", text)
    for number in page.foreseen.same():
        page.foreseen.turn(number)
    page.import_button.click()
    assert people(store) == 3


def test_an_import_is_undone_whatever_was_done_since(
    page: ImportPage, asker: Any, store: Store, make: Any, tmp_path: Path
) -> None:
    page.arrive(kind="person")
    give(page, asker, tmp_path / "list.csv", "Family name\nDiallo\nMané\n")
    page.import_button.click()
    make("person", family_name="Sow")
    assert page.undo_button.isVisible()
    page.undo_button.click()
    assert people(store) == 1
    assert not page.undo_button.isVisible() and "undone" in page.outcome.text()

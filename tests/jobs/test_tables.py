"""Tables in and out: any encoding, any separator, nothing half written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from migdesk.errors import Cancelled
from migdesk.jobs import export_table, import_projects, import_table, tables
from migdesk.models.store import Store
from migdesk.services import directory, history, records, search
from migdesk.services.records import Query
from migdesk.task import Task


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "a.db", b"k" * 32, create=True)
    yield opened
    opened.close()


PEOPLE = "Nom de famille;Prénoms;Téléphone;Naissance\nDiatta;Aminata;77 123 45 67;vers 1985\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE.encode(encoding))
    table = tables.read(path)
    assert table.columns == ("Nom de famille", "Prénoms", "Téléphone", "Naissance")
    assert table.rows == (("Diatta", "Aminata", "77 123 45 67", "vers 1985"),)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\x02" * 50])
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(tables.Unreadable):
        tables.read(path)


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(tables.Unreadable):
        tables.read(path)


def test_columns_are_guessed_in_french_and_people_imported(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    table = import_table.read_table(store, Task(), path)
    mapping = import_table.guess(table, "person")
    assert mapping == {
        "Nom de famille": "family_name",
        "Prénoms": "given_name",
        "Téléphone": "phone",
        "Naissance": "birth",
    }
    assert import_table.check_table(store, Task(), table, "person", mapping).good == 1
    assert import_table.import_table(store, Task(), table, "person", mapping).rows == 1
    (hit,) = store.read(search.find, "aminata 77 123", ("person",))
    assert hit.shown["phone"] == "77 123 45 67"
    store.write(history.undo_last)
    assert store.read(records.count, "person", Query()) == 0


def test_bad_cells_are_listed_and_nothing_is_written(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Family name,Born\nDiatta,1985\n,\nSané,tomorrow\n", "utf-8")
    table = import_table.read_table(store, Task(), path)
    mapping = import_table.guess(table, "person")
    report = import_table.check_table(store, Task(), table, "person", mapping)
    assert report.good == 1 and [p[:2] for p in report.problems] == [(3, "Born")]
    with pytest.raises(import_table.HasProblems):
        import_table.import_table(store, Task(), table, "person", mapping)
    assert store.read(records.count, "person", Query()) == 0


def test_links_by_name_are_found_or_made(store: Store, tmp_path: Path) -> None:
    store.write(records.save, "place", None, {"name": "Marsassoum"})
    path = tmp_path / "people.csv"
    path.write_text(
        "Family name,Commune or village of origin\nDiatta,marsassoum\nSané,Diendé\n"
    )
    table = import_table.read_table(store, Task(), path)
    mapping = import_table.guess(table, "person")
    assert import_table.import_table(store, Task(), table, "person", mapping).rows == 2
    assert store.read(records.count, "place", Query()) == 2


def test_export_reads_back_and_never_runs_a_formula(store: Store, tmp_path: Path) -> None:
    store.write(records.save, "person", None, {"family_name": "=1+1", "given_name": "Awa"})
    store.write(records.save, "person", None, {"family_name": "Sané", "aliases": ["x", "y"]})
    for name in ("out.xlsx", "out.csv"):
        path = tmp_path / name
        columns = ("family_name", "given_name", "aliases")
        made = export_table.export_table(store, Task(), "person", Query(), columns, path)
        assert made == 2
        rows = tables.read(path).rows
        assert rows[0] == ("Sané", "", "x, y")
        assert rows[1][0].lstrip("'") == "=1+1"


def test_a_cancelled_export_leaves_no_file(store: Store, tmp_path: Path) -> None:
    store.write(records.save, "person", None, {"family_name": "Sané"})
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        export_table.export_table(store, task, "person", Query(), (), tmp_path / "x.xlsx")
    assert list(tmp_path.glob("x*")) == []


def test_places_with_p_codes_lie_inside_each_other(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "adm.csv"
    path.write_text(
        "ADM0_FR,ADM0_PCODE,ADM1_FR,ADM1_PCODE,ADM2_FR,ADM2_PCODE\n"
        "Sénégal,SN,Sédhiou,SN14,Bounkiling,SN1401\n"
        "Sénégal,SN,Sédhiou,SN14,Goudomp,SN1402\n",
        "utf-8",
    )
    assert import_projects.import_places(store, Task(), path) == 4
    assert import_projects.import_places(store, Task(), path) == 0
    (hit,) = store.read(search.find, "goudomp", ("place",))
    view = store.read(records.get, "place", hit.id)
    assert view.shown["parent"] == "Sédhiou" and view.values["level"] == "department"


def test_projects_with_other_columns_are_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(directory.WrongColumns):
        import_projects.import_projects(store, Task(), path)
    assert store.read(records.count, "project", Query()) == 0

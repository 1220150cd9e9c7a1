"""Answers out: tables, several versions, limits, SPSS and Stata, ODK submissions."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from openpyxl import load_workbook

from migdesk.forms import Form, Run
from migdesk.forms.table import Shape
from migdesk.forms.xlsform import convert
from migdesk.jobs import export_answers as job
from migdesk.jobs import stat_files
from migdesk.jobs.export_answers import Wanted
from migdesk.models.store import Store
from migdesk.services import answers, attachments, office, records, submissions
from migdesk.services.answers import Limits, NoSubmissions
from migdesk.task import Task

FORM = """| survey |
| | type | name | label | hxl |
| | text | who | Who? | |
| | begin_group | g | Group | |
| | select_one sex | sex | Sex | |
| | select_multiple use | uses | Uses of money | |
| | integer | age | Age | #x+age |
| | decimal | size | Size | |
| | date | day | Day | |
| | end_group | | | |
| | begin_repeat | child | Child | |
| | integer | child_age | Age | |
| | end_repeat | | | |
| choices |
| | list_name | name | label |
| | sex | f | Woman |
| | sex | m | Man |
| | use | food | Food |
| | use | rent | Rent |
| settings |
| | form_title | form_id | version |
| | Short | short | {version} |
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "a.db", bytes(32), create=True)
    made.write(office.found, {"name": "HOM", "country": "SN"}, "Fatou", "acc-1")
    made.actor = "acc-1"
    yield made
    made.close()


def put(store: Store, text: str) -> tuple[str, Form]:
    """Put a markdown form in use."""
    xml = convert(text, ".md").xml
    form = Form.load(xml)
    args = (form.title, form.form_id, form.version, xml)
    return store.write(submissions.add_questionnaire, *args), form


def fill(form: Form, given: dict[str, str], ages: tuple[str, ...] = ("7",)) -> str:
    run = Run(form)
    for ref, text in given.items():
        run.set(f"/data/{ref}", text)
    for place, age in enumerate(ages):
        ref = "/data/child[1]" if place == 0 else run.add("/data/child")
        run.set(f"{ref}/child_age", age)
    return run.finalise()


ONE = {
    "who": "=Aminata",
    "g/sex": "f",
    "g/uses": "food rent",
    "g/age": "31",
    "g/size": "1.5",
    "g/day": "2026-11-20",
}


@pytest.fixture
def filled(store: Store) -> list[str]:
    """Ids of two submissions of one version."""
    id, form = put(store, FORM.format(version=1))
    first, second = fill(form, ONE, ("7", "9")), fill(form, {"who": "Ibou", "g/sex": "m"})
    return [
        store.write(submissions.finalise, id, first, "uuid:1", {}, ""),
        store.write(submissions.finalise, id, second, "uuid:2", {}, ""),
    ]


def book(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows of each sheet by header."""
    found = {}
    for sheet in load_workbook(path).worksheets:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


@pytest.mark.usefixtures("filled")
def test_codes_in_a_workbook_with_kobos_keys(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    shape = Shape(several="both", hxl=True, tags={"g/sex": "#other"})
    assert job.export_answers(store, Task(), Wanted("short", "xlsx", shape=shape), path) == 2
    sheets = book(path)
    tags, first, second = sheets["data"]
    assert (tags["g/age"], tags["g/sex"], tags["_uuid"]) == ("#x+age", "#other", "#meta+id")
    assert (first["who"], first["g/sex"], first["g/age"]) == ("=Aminata", "f", 31)
    assert (first["g/uses"], first["g/uses/food"], second["g/uses/food"]) == (
        "food rent", 1, None
    )  # fmt: skip
    assert (first["_index"], first["_uuid"], first["__version__"]) == (1, "uuid:1", "1")
    children = sheets["child"][1:]
    assert [row["child/child_age"] for row in children] == [7, 9, 7]
    assert [row["_parent_index"] for row in children[:2]] == [1, 1]
    assert {row["_parent_table_name"] for row in children} == {"data"}
    assert children[0]["_submission__uuid"] == "uuid:1"


@pytest.mark.usefixtures("filled")
def test_words_in_csv_are_never_formulas(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    shape = Shape(labels=True, several="split")
    job.export_answers(store, Task(), Wanted("short", "csv", shape=shape), path)
    text = path.read_text("utf-8-sig")
    assert "'=Aminata" in text and "Woman" in text
    assert "Uses of money/Food" in text.splitlines()[0]
    assert "uuid:1" in (tmp_path / "out-child.csv").read_text("utf-8-sig")
    assert "export" in store.read(audit)


def audit(session: Any) -> list[str]:
    from migdesk.models.local import Audit

    return [row.what for row in session.query(Audit)]


@pytest.mark.usefixtures("filled")
def test_versions_are_merged_by_the_name_of_the_question(store: Store, tmp_path: Path) -> None:
    newer = (
        FORM.format(version=2)
        .replace("| | text | who | Who? | |\n", "| | text | new | New? | |\n")
        .replace("| | begin_group | g |", "| | begin_group | moved |")
        .replace("| | use | rent | Rent |\n", "| | use | health | Health |\n")
    )
    id, form = put(store, newer)
    xml = fill(form, {"new": "yes", "moved/sex": "f", "moved/uses": "health"})
    store.write(submissions.finalise, id, xml, "uuid:3", {}, "")
    path = tmp_path / "out.xlsx"
    shape = Shape(several="both")
    assert job.export_answers(store, Task(), Wanted("short", "xlsx", shape=shape), path) == 3
    rows = book(path)["data"]
    assert [row["moved/sex"] for row in rows] == ["f", "m", "f"]
    assert [row["who"] for row in rows] == ["=Aminata", "Ibou", None]
    assert [row["new"] for row in rows] == [None, None, "yes"]
    assert [row["__version__"] for row in rows] == ["1", "1", "2"]
    assert rows[2]["moved/uses/health"] == 1 and rows[0]["moved/uses/rent"] == 1


def test_limits(store: Store, filled: list[str]) -> None:
    region = store.write(records.save, "place", None, {"name": "Sédhiou"})
    village = store.write(records.save, "place", None, {"name": "Bambali", "parent": region})
    store.write(records.save, "submission", filled[0], {"place": village})
    assert store.read(answers.count, "short", Limits(place=region)) == 1
    today = date.today().isoformat()
    assert store.read(answers.count, "short", Limits(since=today, until=today)) == 2
    assert store.read(answers.count, "short", Limits(until="2020-01-01")) == 0
    with pytest.raises(NoSubmissions):
        job.load(store, Task(), "short", Limits(since="2099-01-01"))


def test_what_is_known_of_the_person(store: Store, filled: list[str]) -> None:
    values = {"family_name": "Diatta", "sex": "female", "birth": "1990~"}
    person = store.write(records.save, "person", None, values)
    store.write(records.save, "submission", filled[1], {"person": person})
    data = job.load(store, Task(), "short", Limits()).data
    assert data.entries[0].traits == {}
    assert data.entries[1].traits["sex"] == "female"
    assert int(data.entries[1].traits["age"]) == date.today().year - 1990


@pytest.mark.parametrize(
    ("birth", "years"),
    [("1990", "36"), ("1990-11-21", "36"), ("1990-11-22", "35"), ("1990-12", "35"),
     ("1990-12-01", "35"), ("1985~", "41"), ("", ""), ("2030", "")],
)  # fmt: skip
def test_age(birth: str, years: str) -> None:
    assert answers.age(birth, "2026-11-21T12:00:00Z") == years


@pytest.mark.parametrize("ending", ["sav", "dta"])
@pytest.mark.usefixtures("filled")
def test_statistics_read_back_equal(store: Store, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    job.export_answers(store, Task(), Wanted("short", ending, shape=Shape(labels=True)), path)
    read = pyreadstat.read_sav if ending == "sav" else pyreadstat.read_dta
    frame, meta = read(str(path))
    assert list(frame["who"]) == ["=Aminata", "Ibou"]
    words = meta.variable_value_labels["sex"]
    assert [words[value] for value in frame["sex"]] == ["Woman", "Man"]
    assert frame["age"][0] == 31 and frame["age"].isna()[1]
    assert frame["size"][0] == 1.5
    assert [frame[f"uses_{name}"][0] for name in ("food", "rent")] == [1, 1]
    assert frame["uses_food"].isna()[1]
    assert frame["day"][0] == date(2026, 11, 20)
    assert meta.column_names_to_labels["uses_food"] == "Uses of money · Food"
    children, _meta = read(str(tmp_path / f"out-child.{ending}"))
    assert list(children["child_age"])[:2] == [7, 9]
    assert list(children["parent_index"])[:2] == [1, 1]
    assert not list(tmp_path.glob(".*half*"))


SKIPS = """
| survey |
|| type | name | label | relevant |
| | select_one yn | has | A shop? | |
| | integer | staff | Employed | ${has} = 'yes' |
| | decimal | area | Square metres | ${has} = 'yes' |
| | select_one yn | open | Open now? | ${has} = 'yes' |
| | date | since | Since | ${has} = 'yes' |
| | text | name | Its name | ${has} = 'yes' |
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| settings |
| | form_title | form_id | version |
| | Shops | shops | 1 |
"""


def test_not_asked_is_told_from_left_blank(store: Store, tmp_path: Path) -> None:
    id, form = put(store, SKIPS)
    for n, given in enumerate(
        (
            {"has": "yes", "staff": "-99", "area": "12.5", "open": "yes", "name": "Teranga"},
            {"has": "yes"},
            {"has": "no"},
        )
    ):
        run = Run(form)
        for name, text in given.items():
            run.set(f"/data/{name}", text)
        store.write(submissions.finalise, id, run.finalise(), f"uuid:{n}", {}, "")
    for ending in ("sav", "dta"):
        wanted = Wanted("shops", ending, shape=Shape(labels=True))
        job.export_answers(store, Task(), wanted, tmp_path / f"out.{ending}")
    frame, meta = pyreadstat.read_sav(str(tmp_path / "out.sav"), user_missing=True)
    # -99 is an answer here, so that another number means “not asked”.
    assert list(frame["staff"].fillna(0)) == [-99, 0, -999]
    assert list(frame["area"].fillna(0)) == [12.5, 0, -99]
    assert [meta.variable_value_labels[n][-99] for n in ("area", "open")] == ["not asked"] * 2
    assert set(meta.missing_ranges) == {"staff", "area", "open"}
    plain, _meta = pyreadstat.read_sav(str(tmp_path / "out.sav"))
    assert list(plain["area"].isna()) == [False, True, True]
    assert list(plain["name"]) == ["Teranga", "", ""]
    frame, meta = pyreadstat.read_dta(str(tmp_path / "out.dta"), user_missing=True)
    assert list(frame["staff"].fillna("blank")) == [-99, "blank", "a"]
    assert meta.variable_value_labels["open"]["a"] == "not asked"
    assert "has" not in meta.missing_user_values


@pytest.mark.usefixtures("filled")
def test_files_of_repeats_that_would_be_replaced(store: Store, tmp_path: Path) -> None:
    wanted, path = Wanted("short", "csv"), tmp_path / "out.csv"
    data = job.load(store, Task(), "short", wanted.limits).data
    assert job.in_the_way(path, wanted, data) == ()
    job.export_answers(store, Task(), wanted, path)
    (tmp_path / "out-notes.csv").write_text("mine")
    assert job.in_the_way(path, wanted, data) == ("out-child.csv",)
    assert job.in_the_way(path, wanted) == ("out-child.csv", "out-notes.csv")
    assert job.in_the_way(tmp_path / "out.xlsx", Wanted("short"), data) == ()


@pytest.mark.usefixtures("filled")
def test_a_lean_copy_says_what_to_do(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(stat_files.NoWriter):
        job.export_answers(store, Task(), Wanted("short", "sav"), tmp_path / "out.sav")


def test_places_inside_a_region(store: Store, filled: list[str]) -> None:
    def place(name: str, level: str, parent: str | None) -> str:
        values = {"name": name, "level": level, "parent": parent}
        return store.write(records.save, "place", None, values)

    country = place("Sénégal", "country", None)
    region = place("Sédhiou", "region", country)
    village = place("Bambali", "village", place("Bambali C", "commune", region))
    store.write(records.save, "submission", filled[0], {"place": village})
    person = store.write(
        records.save, "person", None, {"family_name": "Diatta", "origin": village}
    )
    store.write(records.save, "submission", filled[1], {"person": person})
    first, second = job.load(store, Task(), "short", Limits()).data.entries
    assert (first.traits["place"], first.traits["region"]) == ("Bambali", "Sédhiou")
    found = second.traits
    assert (found["origin"], found["origin_region"]) == ("Bambali", "Sédhiou")
    assert "region" not in found


def test_names_are_legal_and_unique() -> None:
    given = ["g/Âge réel", "âge-réel", "1st", "with", "_index", "Ab", "aB", "x" * 80, "x" * 90]
    for ending, longest in (("sav", 64), ("dta", 32)):
        names = stat_files.legal(given, f".{ending}")
        assert len({name.lower() for name in names}) == len(given)
        assert all(len(name) <= longest and name[0].isalpha() for name in names)
        assert names[:4] == ["Age_reel", "age_reel_2", "v_1st", "with_2"]


def test_submissions_leave_byte_for_byte(
    store: Store, filled: list[str], tmp_path: Path
) -> None:
    store.write(attachments.add, "photo.jpg", b"bytes", filled[0])
    path = tmp_path / "out.zip"
    assert job.export_answers(store, Task(), Wanted("short", "zip"), path) == 2
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.read("instances/uuid_1/photo.jpg") == b"bytes"
        kept = store.read(submissions.filled, filled[0]).xml
        assert archive.read("instances/uuid_1/submission.xml").decode() == kept
    folder = tmp_path / "out"
    job.export_answers(store, Task(), Wanted("short", "folder"), folder)
    assert len(list(folder.rglob("submission.xml"))) == 2
    assert (folder / "instances/uuid_1/photo.jpg").read_bytes() == b"bytes"


def test_file_names_stay_in_their_folder() -> None:
    assert job.safe("../../etc/passwd") == "_.._etc_passwd"
    assert job.safe("uuid:1") == "uuid_1"
    assert job.safe("...") == "_"

"""Everything comes out in open formats, whole or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import pyzipper
from openpyxl import load_workbook

from migdesk.errors import Cancelled
from migdesk.jobs import export_all
from migdesk.jobs.export_all import Order
from migdesk.jobs.workbook import Workbook
from migdesk.models.store import Store
from migdesk.services import attachments, records
from migdesk.services.disclosures import Untold
from migdesk.services.records import Query
from migdesk.task import Task


@pytest.fixture
def filled(store: Store) -> Store:
    place = store.write(records.save, "place", None, {"name": "Sédhiou"})
    for name in ("Diatta", "=cmd()", "Bâ"):
        values = {"family_name": name, "sex": "female", "origin": place}
        person = store.write(records.save, "person", None, values)
    store.write(records.delete, "person", person)
    values = {"name": "Enquête", "form": "enquete", "version": "2", "xform": "<h:html/>"}
    form = store.write(records.save, "questionnaire", None, values)
    store.write(records.save, "submission", None, {"questionnaire": form, "xml": "<data/>"})
    store.write(attachments.add, "photo: 1.jpg", b"\xff\xd8bytes", person)
    return store


def order(target: Path, **more: str) -> Order:
    given = {"format": "xlsx", "recipient": "The agency", "reason": "Change of program"}
    return Order(target, **{**given, **more})  # type: ignore[arg-type]


def test_tables_submissions_files_and_history(filled: Store, tmp_path: Path) -> None:
    target = tmp_path / "all"
    done = export_all.export_all(filled, Task(), order(target))
    book = load_workbook(target / "tables/person.xlsx", read_only=True)
    head, *rows = list(book.worksheets[0].iter_rows(values_only=True))
    at = {name: n for n, name in enumerate(head)}
    names = {row[at["family_name"]]: row for row in rows}
    assert set(names) == {"Diatta", "=cmd()", "Bâ"}
    assert names["Diatta"][at["sex"]] == "female"
    assert names["Diatta"][at["sex.label"]] == "Female"
    assert names["Diatta"][at["origin.label"]] == "Sédhiou"
    assert names["Bâ"][at["deleted"]] and not names["Diatta"][at["deleted"]]
    assert (target / "submissions").rglob("*.xml")
    (xml,) = (target / "submissions/enquete 2").iterdir()
    assert xml.read_text() == "<data/>"
    (form,) = (target / "forms").iterdir()
    assert form.read_text() == "<h:html/>"
    (photo,) = (target / "files").iterdir()
    assert photo.read_bytes() == b"\xff\xd8bytes" and photo.name.endswith(" photo_ 1.jpg")
    lines = (target / "history.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == done.changes and {"stamp", "fields"} <= json.loads(lines[0]).keys()
    assert "tables/" in next(target.glob("README*")).read_text("utf-8")
    assert (done.submissions, done.files) == (1, 1)
    (line,) = filled.read(records.list_page, "disclosure", Query()).rows
    assert line.values["recipient"] == "The agency"


def test_csv_and_a_zip_under_a_password(filled: Store, tmp_path: Path) -> None:
    target = tmp_path / "all.zip"
    export_all.export_all(
        filled, Task(), order(target, format="csv", password="twelve letters")
    )
    assert b"Diatta" not in target.read_bytes()
    with pyzipper.AESZipFile(target) as archive:
        with pytest.raises(RuntimeError):
            archive.read("tables/person.csv")
        archive.setpassword(b"twelve letters")
        text = archive.read("tables/person.csv").decode("utf-8-sig")
        assert archive.read("history.jsonl")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["family_name"] for row in rows] == ["Diatta", "'=cmd()", "Bâ"]


@pytest.mark.parametrize("password", ["", "twelve letters"])
@pytest.mark.parametrize("step", [1, 4, 8])
def test_what_is_stopped_leaves_nothing(
    filled: Store, tmp_path: Path, password: str, step: int
) -> None:
    steps: list[str] = []

    def report(done: int, total: int, text: str) -> None:
        steps.append(text)
        if len(steps) == step:
            task.cancel()

    task = Task(report)
    with pytest.raises(Cancelled):
        export_all.export_all(filled, task, order(tmp_path / "all", password=password))
    assert list(tmp_path.glob("all*")) == []


def test_the_next_export_removes_what_a_kill_left(filled: Store, tmp_path: Path) -> None:
    left = tmp_path / "all.unfinished"
    left.mkdir()
    (left / "person.csv").write_text("Diatta")
    export_all.export_all(filled, Task(), order(tmp_path / "all"))
    assert not left.exists() and (tmp_path / "all").is_dir()


def test_never_over_what_is_there_and_never_without_a_reason(
    filled: Store, tmp_path: Path
) -> None:
    (tmp_path / "all").mkdir()
    with pytest.raises(export_all.Taken):
        export_all.export_all(filled, Task(), order(tmp_path / "all"))
    with pytest.raises(Untold):
        export_all.export_all(filled, Task(), order(tmp_path / "b", reason=" "))
    with pytest.raises(export_all.WeakPassword):
        export_all.export_all(filled, Task(), order(tmp_path / "b.zip", password="short"))
    assert not (tmp_path / "b").exists()


def test_a_place_that_refuses_is_said(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(export_all.CannotWrite):
        export_all.export_all(filled, Task(), order(tmp_path / "file" / "all"))


def test_only_heads(filled: Store, tmp_path: Path) -> None:
    filled.role = "agent"
    with pytest.raises(export_all.HeadsOnly):
        export_all.export_all(filled, Task(), order(tmp_path / "all"))


def test_a_workbook_goes_on_in_another_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migdesk.jobs.workbook.ROWS", 4)
    path = tmp_path / "book.xlsx"
    with path.open("wb") as out, Workbook(out) as book:
        rows = ([n, "a\x00<b>"] for n in range(5))
        assert book.sheet("A/B" + "x" * 40, ["n", "t"], rows) == 5
    found = load_workbook(path)
    assert len(found.sheetnames) == 2 and len(set(map(str.lower, found.sheetnames))) == 2
    cells = [c.value for sheet in found for c in sheet["A"]]
    assert cells == ["n", 0, 1, 2, "n", 3, 4]
    assert found.worksheets[0]["B2"].value == "a<b>"

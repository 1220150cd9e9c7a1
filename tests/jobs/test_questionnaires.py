"""Import of workbooks, the built-in questionnaires, export of answers, printing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from pypdf import PdfReader

from migdesk.forms import FormFault, Run
from migdesk.jobs import questionnaires, tables
from migdesk.jobs.print_sheet import print_sheet
from migdesk.models.store import Store
from migdesk.services import form_words, office, submissions
from migdesk.services.submissions import SameVersion
from migdesk.task import Task

HEAD = "| survey |\n| | type | name | label | calculation |\n"
GOOD = HEAD + (
    "| | text | who | Who? | |\n| | image | photo | Photo | |\n"
    "| | begin_repeat | child | Child | |\n"
    "| | integer | age | Age | |\n| | end_repeat | child | | |\n"
)
SETTINGS = "| settings |\n| | form_title | form_id | version |\n| | Short | short | {} |\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "a.db", bytes(32), create=True)
    made.write(office.found, {"name": "HOM", "country": "SN"}, "Fatou", "acc-1")
    made.actor = "acc-1"
    yield made
    made.close()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "short.md"
    path.write_text(GOOD + SETTINGS.format(1), "utf-8")
    return path


def in_use(store: Store) -> list[tuple[str, str]]:
    views = store.read(submissions.questionnaires)
    return [(view.title, view.values["version"]) for view in views]


def test_built_in_once(store: Store) -> None:
    questionnaires.install_built_in(store, Task())
    first = in_use(store)
    questionnaires.install_built_in(store, Task())
    assert in_use(store) == first
    assert len(first) == len(questionnaires.BUILT_IN) == 3


def test_import_and_next_version(store: Store, book: Path) -> None:
    made = questionnaires.import_xlsform(store, Task(), book)
    assert made.title == "Short"
    assert any("photo" in words for words in made.warnings)
    book.write_text(GOOD.replace("Who?", "Whom?") + SETTINGS.format(1), "utf-8")
    with pytest.raises(SameVersion):
        questionnaires.import_xlsform(store, Task(), book)
    book.write_text(GOOD.replace("Who?", "Whom?") + SETTINGS.format(2), "utf-8")
    questionnaires.import_xlsform(store, Task(), book)
    assert in_use(store) == [("Short", "2")]


def test_broken_workbook_says_where(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "survey"
    sheet.append(["type", "name", "label", "relevant"])
    sheet.append(["text", "who", "Who?", ""])
    sheet.append(["text", "why", "Why?", "nonsense(${who})"])
    workbook.save(path)
    with pytest.raises(FormFault) as caught:
        questionnaires.import_xlsform(store, Task(), path)
    place = caught.value.place
    assert (place.sheet, place.row, place.column) == ("survey", 3, "relevant")
    assert in_use(store) == []


def test_no_such_file(store: Store, tmp_path: Path) -> None:
    with pytest.raises(tables.Unreadable):
        questionnaires.import_xlsform(store, Task(), tmp_path / "absent.md")


def filled(store: Store, book: Path) -> tuple[str, str]:
    """Ids of a questionnaire and of one submission."""
    id = questionnaires.import_xlsform(store, Task(), book).questionnaire.id
    form = store.read(form_words.open_form, id)
    run = Run(form)
    root = form.definition.root.path
    run.set(f"{root}/who", "=Aminata")
    run.set(f"{root}/child[1]/age", "7")
    run.set(run.add(f"{root}/child") + "/age", "9")
    made = store.write(submissions.finalise, id, run.finalise(), "uuid:1", {}, "")
    return id, made


def words_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_printed_blank_and_filled(store: Store, book: Path) -> None:
    id, made = filled(store, book)
    blank = words_of(print_sheet(store, Task(), "questionnaire", {"questionnaire": id}, "en"))
    assert "Who?" in blank
    assert "Q3" in blank
    assert "Aminata" not in blank
    full = words_of(print_sheet(store, Task(), "questionnaire", {"id": made}, "en"))
    assert "Aminata" in full

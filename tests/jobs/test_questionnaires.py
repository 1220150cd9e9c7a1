"""Import of workbooks, the built-in questionnaires, export of answers, printing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader

from migdesk.forms import FormFault, Run, xlsform
from migdesk.jobs import questionnaires, tables
from migdesk.jobs.form_parcel import NoForm, SeveralForms, UnsafeArchive
from migdesk.jobs.print_sheet import print_sheet
from migdesk.jobs.questionnaires import FilesMissing
from migdesk.models.store import Store
from migdesk.services import form_files, form_words, office, submissions
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
    assert [r.place.row for r in made.warnings if "pictures stay large" in str(r)] == [3]
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


def test_a_blank_one_shows_the_pictures_of_its_questions(store: Store, tmp_path: Path) -> None:
    book = tmp_path / "roof.md"
    book.write_text(
        "| survey |\n| | type | name | label | image |\n| | text | a | A | a.png |\n"
    )
    held = io.BytesIO()
    Image.new("RGB", (60, 40), "#b06020").save(held, "PNG")
    (tmp_path / "a.png").write_bytes(held.getvalue())
    id = questionnaires.import_xlsform(store, Task(), book).questionnaire.id
    pdf = print_sheet(store, Task(), "questionnaire", {"questionnaire": id}, "en")
    [picture] = [image for page in PdfReader(io.BytesIO(pdf)).pages for image in page.images]
    assert picture.image is not None and picture.image.size == (60, 40)
    store.write(form_files.attach, id, {"a.png": b"no picture"})
    again = print_sheet(store, Task(), "questionnaire", {"questionnaire": id}, "en")
    assert not any(page.images for page in PdfReader(io.BytesIO(again)).pages)


# files ----------------------------------------------------------------------------

LISTED = """
| survey |
| | type | name | label | image | appearance | choice_filter | odd |
| | select_one_from_file villages.csv | v | Village | map.png | minimal blink | | |
| | select_one_from_file people.csv | who | Who? | | | village = ${v} | |
| | text | t | T | | | | x |
| settings |
| | form_title | form_id | version |
| | Listed | listed | 1 |
"""
VILLAGES = b"name,label\nk,Kolda\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    path = folder / "listed.md"
    path.write_text(LISTED, "utf-8")
    return path


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def files(store: Store, made: questionnaires.Imported) -> dict[str, bytes]:
    return store.read(form_files.files_of, made.questionnaire.id)


def test_what_is_missing_is_named_with_its_place(store: Store, listed: Path) -> None:
    with pytest.raises(FilesMissing) as caught:
        questionnaires.import_xlsform(store, Task(), listed)
    assert caught.value.names == ("villages.csv",)
    words = caught.value.words
    assert "villages.csv (sheet “survey”, row 2, column “type”)" in words
    assert "“listed-media”" in words
    assert in_use(store) == []


def test_a_form_with_its_folder(store: Store, listed: Path) -> None:
    media = listed.parent / "listed-media"
    media.mkdir()
    (media / "Villages.CSV").write_bytes(VILLAGES)
    (media / "other.png").write_bytes(b"other")
    (listed.parent / "map.png").write_bytes(b"map")
    (listed.parent / "private.txt").write_bytes(b"private")
    made = questionnaires.import_xlsform(store, Task(), listed)
    assert files(store, made) == {
        "villages.csv": VILLAGES,
        "map.png": b"map",
        "other.png": b"other",
    }
    assert made.missing == ()
    run = Run(store.read(form_words.open_form, made.questionnaire.id))
    root = run.form.definition.root.path
    assert [c.label for c in run.node(f"{root}/v").choices] == ["Kolda"]
    assert run.node(f"{root}/v").media.image == "map.png"


def test_remarks_say_where(store: Store, listed: Path) -> None:
    (listed.parent / "villages.csv").write_bytes(VILLAGES)
    made = questionnaires.import_xlsform(store, Task(), listed)
    assert made.missing == ("map.png",)
    told = {(r.place.row, r.place.column, str(r.text).partition("”")[0]) for r in made.warnings}
    assert (2, "appearance", "the appearance “blink") in told
    assert (1, "odd", "the column “odd") in told
    assert (2, "image", "the file “map.png") in told


def test_the_rest_may_be_chosen_or_come_later(
    store: Store, listed: Path, tmp_path: Path
) -> None:
    villages = tmp_path / "villages.csv"
    villages.write_bytes(VILLAGES)
    made = questionnaires.import_xlsform(store, Task(), listed, [villages])
    picture, more = tmp_path / "MAP.png", tmp_path / "more.png"
    picture.write_bytes(b"map")
    more.write_bytes(b"more")
    id = made.questionnaire.id
    added = questionnaires.add_files(store, Task(), id, [picture, more])
    assert (added.taken, added.unasked, added.missing) == (("map.png",), ("more.png",), ())
    villages.write_bytes(b"name,label\nz,Ziguinchor\n")
    questionnaires.add_files(store, Task(), id, [villages])
    run = Run(store.read(form_words.open_form, id))
    assert [c.value for c in run.node(f"{run.form.definition.root.path}/v").choices] == ["z"]


@pytest.mark.parametrize("wrong", [b"name,label\nk,Zigu\xe9", b"code,label\nk,Kolda\n", b""])
def test_a_list_that_does_not_fit_changes_nothing(
    store: Store, listed: Path, tmp_path: Path, wrong: bytes
) -> None:
    villages = tmp_path / "villages.csv"
    villages.write_bytes(VILLAGES)
    made = questionnaires.import_xlsform(store, Task(), listed, [villages])
    villages.write_bytes(wrong)
    with pytest.raises(FormFault):
        questionnaires.add_files(store, Task(), made.questionnaire.id, [villages])
    assert files(store, made) == {"villages.csv": VILLAGES}


@pytest.mark.parametrize("folder", ["listed-media/", "", "media/", "else/where/"])
def test_a_form_in_an_archive(store: Store, tmp_path: Path, folder: str) -> None:
    path = zipped(
        tmp_path / "all.zip",
        {
            "listed.md": LISTED.encode(),
            f"{folder}villages.csv": VILLAGES,
            f"{folder}map.png": b"map",
            "__MACOSX/._listed.md": b"no",
        },
    )
    made = questionnaires.import_xlsform(store, Task(), path)
    assert made.title == "Listed"
    assert files(store, made) == {"villages.csv": VILLAGES, "map.png": b"map"}


@pytest.mark.parametrize(
    "entry", ["../villages.csv", "/etc/villages.csv", "a/../../b.csv", "..\\b.csv", "C:b.csv"]
)
def test_an_archive_that_reaches_outside_is_refused(
    store: Store, tmp_path: Path, entry: str
) -> None:
    path = zipped(tmp_path / "all.zip", {"listed.md": LISTED.encode(), entry: VILLAGES})
    with pytest.raises(UnsafeArchive):
        questionnaires.import_xlsform(store, Task(), path)
    assert in_use(store) == []


def test_a_link_in_an_archive_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    link = zipfile.ZipInfo("villages.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("listed.md", LISTED)
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnsafeArchive):
        questionnaires.import_xlsform(store, Task(), path)


def test_links_and_paths_out_of_the_folder_lead_nowhere(
    store: Store, listed: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "villages.csv"
    outside.write_bytes(VILLAGES)
    (listed.parent / "villages.csv").symlink_to(outside)
    with pytest.raises(FilesMissing):
        questionnaires.import_xlsform(store, Task(), listed)
    listed.write_text(LISTED.replace(" villages.csv", " ../villages.csv"), "utf-8")
    with pytest.raises((FilesMissing, FormFault)):
        questionnaires.import_xlsform(store, Task(), listed)


def test_archives_without_one_form(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoForm):
        questionnaires.import_xlsform(
            store, Task(), zipped(tmp_path / "a.zip", {"villages.csv": VILLAGES})
        )
    two = {"a.md": LISTED.encode(), "b.md": LISTED.encode(), "villages.csv": VILLAGES}
    with pytest.raises(SeveralForms):
        questionnaires.import_xlsform(store, Task(), zipped(tmp_path / "b.zip", two))
    (tmp_path / "c.zip").write_bytes(b"PK no archive")
    with pytest.raises(tables.Unreadable):
        questionnaires.import_xlsform(store, Task(), tmp_path / "c.zip")


def test_an_xform_as_it_is(store: Store, tmp_path: Path) -> None:
    xml = xlsform.convert(GOOD + SETTINGS.format(1), ".md").xml
    path = tmp_path / "short.xml"
    path.write_text(xml, "utf-8")
    made = questionnaires.import_xlsform(store, Task(), path)
    assert made.title == "Short"
    assert store.read(submissions.xform, made.questionnaire.id) == xml


def test_external_choices_come_with_the_workbook(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "ext.md"
    path.write_text(
        HEAD.replace("calculation", "choice_filter")
        + "| | text | st | State | |\n"
        + "| | select_one_external cities | city | City | state=${st} |\n"
        + "| external_choices |\n| | list_name | name | label | state |\n"
        + "| | cities | k | Kolda | s |\n",
        "utf-8",
    )
    made = questionnaires.import_xlsform(store, Task(), path)
    assert set(files(store, made)) == {"itemsets.csv"}
    run = Run(store.read(form_words.open_form, made.questionnaire.id))
    root = run.form.definition.root.path
    run.set(f"{root}/st", "s")
    assert [c.label for c in run.node(f"{root}/city").choices] == ["Kolda"]

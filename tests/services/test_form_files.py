"""Files of a questionnaire: kept with it, read by name, needed or missing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from migdesk.forms import Run
from migdesk.forms.attached import MissingFile
from migdesk.forms.needs import Needs
from migdesk.forms.xlsform import convert
from migdesk.models.local import Blob
from migdesk.models.office import AttachmentRecord
from migdesk.models.store import Store
from migdesk.services import form_files, form_lists, form_words, submissions
from migdesk.services.form_files import NoSuchFile

BOOK = """
| survey |
| | type | name | label | calculation | image | audio | appearance |
| | select_one_from_file villages.csv | v | Village | | map.png | | |
| | select_one l | f | Fruit | | | | search('fruits') |
| | text | t | T | | | t.mp3 | |
| | calculate | zone | | pulldata('zones.csv', 'label', 'name', ${v}) | | | |
| choices |
| | list_name | name | label | image |
| | l | key | name | apple.png |
"""
VILLAGES = b"name,label\nk,Kolda\n"
FILES = {
    "villages.csv": VILLAGES,
    "Fruits.CSV": b"key,name\nm,Mangue\n",
    "zones.csv": b"name,label\nk,Sud\n",
    "map.png": b"picture",
}


@pytest.fixture
def form(store: Store) -> str:
    return store.write(submissions.add_questionnaire, "F", "f", "1", convert(BOOK, ".md").xml)


def test_what_a_form_needs(store: Store, form: str) -> None:
    assert store.read(form_files.needed, form) == Needs(
        ("villages.csv", "zones.csv", "fruits.csv"), ("apple.png", "map.png", "t.mp3")
    )
    store.write(form_files.attach, form, FILES)
    assert store.read(form_lists.missing, form) == ("apple.png", "t.mp3")


def test_a_form_opens_with_its_lists(store: Store, form: str) -> None:
    with pytest.raises(MissingFile):
        store.read(form_words.open_form, form)
    store.write(form_files.attach, form, FILES)
    made = store.read(form_words.open_form, form)
    assert made is store.read(form_words.open_form, form)
    run = Run(made)
    run.set("/data/v", "k")
    assert run.node("/data/zone").text == "Sud"
    assert store.read(form_files.read, form, "MAP.png") == b"picture"
    with pytest.raises(NoSuchFile):
        store.read(form_files.read, form, "t.mp3")


def test_a_file_replaces_the_one_of_its_name(store: Store, form: str) -> None:
    store.write(form_files.attach, form, FILES)
    store.write(form_files.attach, form, {"villages.csv": b"name,label\nz,Zig\n"})
    assert store.read(form_files.files_of, form)["villages.csv"] == b"name,label\nz,Zig\n"
    run = Run(store.read(form_words.open_form, form))
    assert [choice.value for choice in run.node("/data/v").choices] == ["z"]
    store.write(form_files.attach, form, {"villages.csv": VILLAGES})
    assert store.read(form_files.files_of, form) == FILES


def test_the_same_files_are_the_same_records_everywhere(store: Store, form: str) -> None:
    store.write(form_files.attach, form, FILES)

    def ids() -> set[str]:
        return store.read(lambda session: set(session.scalars(sa.select(AttachmentRecord.id))))

    first = ids()
    store.write(form_files.attach, form, FILES)
    assert ids() == first
    count = sa.select(sa.func.count(Blob.hash))
    assert store.read(lambda session: session.scalar(count)) == len(FILES)


def test_a_submission_is_read_with_the_lists_of_its_form(store: Store, form: str) -> None:
    store.write(form_files.attach, form, FILES)
    run = Run(store.read(form_words.open_form, form))
    run.set("/data/v", "k")
    id = store.write(submissions.finalise, form, run.finalise(), "uuid:1", {})
    found = store.read(form_words.open_filled, id)
    assert set(found.lists) == {"villages.csv", "Fruits.CSV", "zones.csv"}
    assert form_words.form_of(found.xform, found.lists).title == "data"

"""Questionnaires with their files go to another computer; our own lists never do."""

from __future__ import annotations

from pathlib import Path

from migdesk.forms import Run
from migdesk.jobs import questionnaires
from migdesk.services import form_files, form_words, records, submissions
from migdesk.task import Task
from tests.jobs.test_bundles import Pair, folder, pair, swap, two

__all__ = ["folder", "two"]

BOOK = """
| survey |
| | type | name | label | image |
| | select_one_from_file villages.csv | v | Village | map.png |
| | select_one_from_file people.csv | who | Who? | |
| settings |
| | form_title | form_id | version |
| | Villages | villages | 1 |
"""


def test_files_travel_with_the_questionnaire(two: Pair, folder: Path, tmp_path: Path) -> None:
    a, b = two
    pair(two)
    (tmp_path / "villages.csv").write_bytes(b"name,label\nk,Kolda\n")
    (tmp_path / "map.png").write_bytes(b"map")
    book = tmp_path / "villages.md"
    book.write_text(BOOK, "utf-8")
    awa = a.write(records.save, "person", None, {"family_name": "Sané", "given_name": "Awa"})
    id = questionnaires.import_xlsform(a, Task(), book).questionnaire.id
    other = questionnaires.import_xlsform(b, Task(), book).questionnaire.id
    assert id == other
    swap(two, folder)
    swap(two, folder)
    for store in two:
        assert store.read(form_files.names_of, id) == ("map.png", "villages.csv")
        assert store.read(form_files.find, id, "map.png") == b"map"
        assert [view.title for view in store.read(submissions.questionnaires)] == ["Villages"]
        run = Run(store.read(form_words.open_form, id))
        root = run.form.definition.root.path
        assert [choice.value for choice in run.node(f"{root}/who").choices] == [awa]


def test_what_arrives_can_be_filled(two: Pair, folder: Path, tmp_path: Path) -> None:
    a, b = two
    pair(two)
    villages = tmp_path / "villages.csv"
    villages.write_bytes(b"name,label\nk,Kolda\n")
    book = tmp_path / "villages.md"
    book.write_text(BOOK, "utf-8")
    id = questionnaires.import_xlsform(a, Task(), book).questionnaire.id
    swap(two, folder)
    villages.write_bytes(b"name,label\nz,Ziguinchor\n")
    questionnaires.add_files(a, Task(), id, [villages])
    swap(two, folder)
    run = Run(b.read(form_words.open_form, id))
    root = run.form.definition.root.path
    assert [choice.value for choice in run.node(f"{root}/v").choices] == ["z"]

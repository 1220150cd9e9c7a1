"""Import of a questionnaire from the page: remarks, missing files, files that come later."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import form_files, submissions
from migdesk.ui.desk import Desk
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from migdesk.ui.widgets import Button
from tests.ui.conftest import ScriptedAsker

BOOK = """
| survey |
| | type | name | label | image | appearance |
| | select_one_from_file villages.csv | v | Village | map.png | minimal blink |
| settings |
| | form_title | form_id | version |
| | Villages | villages | 1 |
"""


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, theme: object) -> QuestionnairesPage:
    page = QuestionnairesPage(desk)
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    page.load()
    return page


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "villages.md"
    path.write_text(BOOK, "utf-8")
    return path


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def press(qtbot: QtBot, button: Button) -> None:
    assert button.isVisible() and button.isEnabled()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def in_use(store: Store) -> dict[str, str]:
    return {view.title: view.id for view in store.read(submissions.questionnaires)}


def files_button(page: QuestionnairesPage) -> Button:
    page.load()
    QApplication.processEvents()
    names = ("Files…", "Files… (1 missing)")
    buttons = page.home.in_use.findChildren(Button)
    [button] = [b for b in buttons if b.text() in names and b.isVisible()]
    return button


def test_a_form_whose_list_is_elsewhere(
    qtbot: QtBot,
    page: QuestionnairesPage,
    asker: ScriptedAsker,
    store: Store,
    book: Path,
    elsewhere: Path,
) -> None:
    report = page.home.report
    asker.paths = [book]
    press(qtbot, page.home.import_button)
    assert "villages.csv" in report.words.text() and "row 2" in report.words.text()
    assert "Villages" not in in_use(store)
    villages = elsewhere / "Villages.csv"
    villages.write_bytes(b"name,label\nk,Kolda\n")
    asker.paths = [villages]
    press(qtbot, report.add_button)
    id = in_use(store)["Villages"]
    told = report.remarks.toPlainText()
    assert "blink" in told and "map.png" in told and "row 2" in told
    assert "Files… (1 missing)" in files_button(page).text()
    picture = elsewhere / "map.png"
    picture.write_bytes(b"map")
    asker.paths = [picture]
    press(qtbot, files_button(page))
    assert set(store.read(form_files.files_of, id)) == {"villages.csv", "map.png"}
    assert asker.told[-1] == "1 file added."
    assert not report.isVisible()
    assert files_button(page).text() == "Files…"


def test_files_that_do_not_fit_are_explained(
    qtbot: QtBot,
    page: QuestionnairesPage,
    asker: ScriptedAsker,
    store: Store,
    book: Path,
    elsewhere: Path,
) -> None:
    (book.parent / "villages.csv").write_bytes(b"name,label\nk,Kolda\n")
    asker.paths = [book]
    press(qtbot, page.home.import_button)
    wrong = elsewhere / "villages.csv"
    wrong.write_bytes(b"name,label\nk,Kolda\nz,Zigu\xe9\n")
    asker.paths = [wrong]
    press(qtbot, page.home.report.add_button)
    assert "line 3" in page.home.report.words.text()
    odd = elsewhere / "odd.txt"
    odd.write_bytes(b"odd")
    asker.paths = [odd]
    press(qtbot, page.home.report.add_button)
    words = page.home.report.words.text()
    assert "odd.txt" in words and "Still missing: map.png" in words
    press(qtbot, page.home.report.close_button)
    assert not page.home.report.isVisible()
    kept = store.read(form_files.files_of, in_use(store)["Villages"])
    assert kept == {"villages.csv": b"name,label\nk,Kolda\n"}


def test_giving_up_changes_nothing(
    qtbot: QtBot, page: QuestionnairesPage, asker: ScriptedAsker, store: Store
) -> None:
    before = in_use(store)
    asker.paths = [None]
    press(qtbot, page.home.import_button)
    assert in_use(store) == before
    assert not page.home.report.isVisible()

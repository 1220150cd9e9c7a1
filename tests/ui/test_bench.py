"""The design bench, through its real screens: report, preview, comparison, test run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import shiboken6
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTreeWidget, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from migdesk.jobs.print_sheet import print_sheet
from migdesk.jobs.questionnaires import import_xlsform
from migdesk.models.store import Store
from migdesk.services import drafts, form_files, submissions
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.pages.bench import COMPARE, PREVIEW, REPORT, TRIAL, BenchPage
from migdesk.ui.pages.bench_inspector import ALL, LOG, PLAYED, WHY
from migdesk.ui.pages.bench_table import LinesTable
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from migdesk.ui.widgets import Button
from tests.forms.build import md
from tests.forms.test_compare import NEW, OLD, answered
from tests.ui.conftest import NotingShell, ScriptedAsker

ENTER = Qt.Key.Key_Return
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def older(store: Store, tmp_path: Path) -> str:
    """Version 1, in use, filled three times."""
    path = tmp_path / "work.md"
    path.write_text(OLD, "utf-8")
    id = import_xlsform(store, Task(), path).questionnaire.id
    form = md(OLD)
    for number, xml in enumerate(
        (
            answered(form, who="A", age="40", trade="fish", tools="hoe net", note1="12"),
            answered(form, who="B", age="70", trade="farm", boss="C", note1="none"),
            answered(form, age="16", trade="fish", tools="net"),
        )
    ):
        store.write(submissions.finalise, id, xml, f"i-{number}", {})
    return id


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Version 2, a file that nobody has imported, one translation missing."""
    path = tmp_path / "work2.md"
    path.write_text(NEW.replace("Telephone | Téléphone", "Telephone | -"), "utf-8")
    return path


@pytest.fixture
def page(desk: Desk, theme: object) -> Iterator[BenchPage]:
    made = BenchPage(desk)
    made.resize(1200, 720)
    made.show()
    made.load()
    yield made
    # Now, not some day: each widget that is still there makes the next look slower.
    made.close()
    shiboken6.delete(made)


def examine(qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, path: Path) -> None:
    asker.paths.append(path)
    press(qtbot, page.examine_button)


def press(qtbot: QtBot, button: Button) -> None:
    assert button.isVisible() and button.isEnabled()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def key(
    qtbot: QtBot, widget: QWidget, pressed: Qt.Key, held: Qt.KeyboardModifier = PLAIN
) -> None:
    """Press a key where the focus is: shortcuts are looked for there."""
    widget.setFocus()
    qtbot.keyClick(widget, pressed, held)


def tables(page: BenchPage) -> dict[str, LinesTable]:
    QApplication.processEvents()
    side = page.sides.currentWidget()
    assert side is not None
    found = side.findChildren(LinesTable)
    return {table.made.title: table for table in found if table.isVisible()}


def lines(tree: QTreeWidget) -> list[tuple[str, str]]:
    """Every line of a tree: its words and its last but one column."""

    def below(item: QTreeWidgetItem) -> list[tuple[str, str]]:
        inner = [each for n in range(item.childCount()) for each in below(item.child(n))]
        return [(item.text(0), item.text(1)), *inner]

    tops = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    return [each for top in tops if top is not None for each in below(top)]


def stored(store: Store) -> tuple[int, int, int]:
    """How much there is of what a filling could leave behind."""
    counted = store.read(submissions.questionnaires)
    filled = sum(store.read(submissions.count_of, view.id) for view in counted)
    return len(counted), filled, len(store.read(drafts.list_mine, "acc-1"))


# arriving ---------------------------------------------------------------------------


def test_reached_from_questionnaires(
    qtbot: QtBot, desk: Desk, theme: object, shell: NotingShell
) -> None:
    home = QuestionnairesPage(desk)
    qtbot.addWidget(home)
    home.show()
    home.load()
    press(qtbot, home.home.bench_button)
    assert shell.went == [("bench", {})]


def test_reached_from_an_import(
    qtbot: QtBot,
    desk: Desk,
    theme: object,
    shell: NotingShell,
    asker: ScriptedAsker,
    newer: Path,
) -> None:
    """What was wrong with a file is told there with rows and columns."""
    newer.write_text(OLD.replace(". < 120", "frob(.)"), "utf-8")
    home = QuestionnairesPage(desk)
    qtbot.addWidget(home)
    home.show()
    home.load()
    asker.paths.append(newer)
    press(qtbot, home.home.import_button)
    press(qtbot, home.home.report.bench_button)
    assert shell.went == [("bench", {"file": newer, "more": []})]


def test_empty_bench_says_how_to_begin(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, newer: Path
) -> None:
    assert page.nothing.isVisible() and not page.tabs.isTabEnabled(TRIAL)
    asker.paths.append(newer)
    press(qtbot, page.nothing.button)
    assert page.report.isVisible() and page.tabs.isTabEnabled(TRIAL)


# report -------------------------------------------------------------------------------


def test_report_of_a_file(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "form.md"
    path.write_text(
        "| survey |\n| | type | name | label::A (en) | label::B (fr) | image::A (en) "
        "| appearance |\n"
        "| | select_one_from_file people.csv | who | Who | Qui | map.png | minimal blink |\n"
        "| | text | why | Why | - | | |\n"
        "| settings |\n| | form_title | form_id | version |\n| | Who | who | 3 |\n",
        "utf-8",
    )
    examine(qtbot, page, asker, path)
    found = {title: table.made.rows for title, table in tables(page).items()}
    remarks = {tuple(row[:3]): row[4] for row in found["Remarks"]}
    assert "blink" in remarks["survey", "2", "appearance"]
    assert "map.png" in remarks["survey", "2", "image::a (en)"]
    files = {row[0]: row[2] for row in found["Files"]}
    assert files == {
        "people.csv": "made from the records of this computer",
        "map.png": "missing",
    }
    assert [(row[0], row[1], row[3]) for row in found["Missing translations"]] == [
        ("B (fr)", "/data/who", "jr://images/map.png"),
        ("B (fr)", "/data/why", "Why"),
    ]
    assert stored(store)[0] == 0  # only read


def test_a_form_that_cannot_run_says_where(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.md"
    path.write_text(OLD.replace(". < 120", "frob(.)"), "utf-8")
    examine(qtbot, page, asker, path)
    [remark] = tables(page)["Remarks"].made.rows
    assert remark[:3] == ("survey", "3", "constraint") and "frob" in remark[4]
    assert not page.tabs.isTabEnabled(PREVIEW) and not page.report.use.isVisible()
    # The designer corrects it, and reads it again.
    path.write_text(OLD, "utf-8")
    qtbot.keyClick(page.report, Qt.Key.Key_F5)
    assert page.tabs.isTabEnabled(PREVIEW) and page.report.use.isVisible()


def test_report_out(
    qtbot: QtBot,
    page: BenchPage,
    asker: ScriptedAsker,
    shell: NotingShell,
    store: Store,
    newer: Path,
    tmp_path: Path,
) -> None:
    examine(qtbot, page, asker, newer)
    press(qtbot, page.report.copied)
    assert "Questions by type" in QGuiApplication.clipboard().text()
    press(qtbot, page.report.printed)
    [(sheet, params)] = shell.printed
    assert print_sheet(store, Task(), sheet, params, "fr").startswith(b"%PDF")
    asker.paths.append(tmp_path / "report.xlsx")
    press(qtbot, page.report.out)
    book = load_workbook(tmp_path / "report.xlsx")
    assert {"Remarks", "Languages", "Missing translations"} <= set(book.sheetnames)


def test_put_in_use(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, store: Store, older: str, newer: Path
) -> None:
    examine(qtbot, page, asker, newer)
    press(qtbot, page.report.use)
    [view] = store.read(submissions.questionnaires)
    assert view.values["version"] == "2" and view.id != older
    assert page.subject is not None and page.subject.questionnaire == view.id
    assert not page.report.use.isVisible()


# preview --------------------------------------------------------------------------------


def test_preview_in_each_language_keeps_nothing(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, store: Store, older: str, newer: Path
) -> None:
    before = stored(store)
    examine(qtbot, page, asker, newer)
    page.tabs.setCurrentIndex(PREVIEW)
    view = page.preview.view
    assert view is not None
    first = view.filling.run.language
    qtbot.keyClick(view, Qt.Key.Key_F9)
    assert view.filling.run.language != first
    assert view.filling.run.node("/data/who").label in ("Nom", "Name")
    for text in ("40", "Awa"):
        focus = view.focusWidget()
        assert focus is not None
        qtbot.keyClicks(focus, text)
        qtbot.keyClick(focus, ENTER)
    assert view.filling.run.node("/data/age").text == "40"
    assert view.filling.run.node("/data/who").text == "Awa"
    qtbot.keyClick(view, ENTER, Qt.KeyboardModifier.ControlModifier)
    assert any("nothing is kept" in told for told in asker.told)
    view.leave()
    assert stored(store) == before


def test_preview_on_paper(
    qtbot: QtBot,
    page: BenchPage,
    asker: ScriptedAsker,
    shell: NotingShell,
    store: Store,
    older: str,
    newer: Path,
) -> None:
    page.load()
    page.tabs.setCurrentIndex(PREVIEW)
    press(qtbot, page.preview.paper)
    examine(qtbot, page, asker, newer)
    press(qtbot, page.preview.paper)
    kept, read = shell.printed
    assert kept[1]["questionnaire"] == older and kept[1]["speech"] == read[1]["speech"]
    for sheet, params in (kept, read):
        assert print_sheet(store, Task(), sheet, params, "en").startswith(b"%PDF")


# comparison ----------------------------------------------------------------------------


def test_comparison_with_the_version_in_use(
    qtbot: QtBot,
    page: BenchPage,
    asker: ScriptedAsker,
    shell: NotingShell,
    store: Store,
    older: str,
    newer: Path,
    tmp_path: Path,
) -> None:
    page.load()
    examine(qtbot, page, asker, newer)
    page.tabs.setCurrentIndex(COMPARE)
    found = {title: table.made for title, table in tables(page).items()}
    said = {(row[0], row[1]): row[2:] for row in found["Differences"].rows}
    assert said["age · Age in years", "Allowed if"] == (". < 120", ". < 60")
    assert said["phone · Telephone", "Added"] == ("", "Telephone")
    effects = {(row[0], row[1]): row[2:] for row in found["Effect on the answers"].rows}
    gone = "The choice “fish” (Fisher) was given and is no longer offered."
    assert effects["trade · Trade", gone] == ("2", "2")
    assert "3 submissions" in found["Effect on the answers"].note
    press(qtbot, page.comparison.printed)
    [(sheet, params)] = shell.printed
    assert print_sheet(store, Task(), sheet, params, "fr").startswith(b"%PDF")
    asker.paths.append(tmp_path / "both.xlsx")
    press(qtbot, page.comparison.out)
    book = load_workbook(tmp_path / "both.xlsx")
    assert book.sheetnames == ["Differences", "Effect on the answers"]


def test_comparison_the_other_way_round(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, older: str, newer: Path
) -> None:
    page.load()
    page.tabs.setCurrentIndex(COMPARE)
    assert "only one" in page.comparison.verdict.text()
    examine(qtbot, page, asker, newer)
    before = page.comparison.verdict.text()
    assert "1 added" in before
    press(qtbot, page.comparison.turned)
    assert "1 removed" in page.comparison.verdict.text()


def test_what_is_registered_otherwise(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, store: Store, tmp_path: Path
) -> None:
    text = (
        "| survey |\n| | type | name | label | save_to |\n| | text | who | Who | full_name |\n"
        "| | text | tel | Tel | phone |\n| entities |\n| | list_name | label |\n"
        "| | people | ${who} |\n| settings |\n| | form_title | form_id | version |\n"
        "| | Who | who | 1 |\n"
    )
    (tmp_path / "one.md").write_text(text, "utf-8")
    import_xlsform(store, Task(), tmp_path / "one.md")
    changed = text.replace("| Tel | phone |", "| Tel | mobile |").replace("| 1 |", "| 2 |")
    (tmp_path / "two.md").write_text(changed, "utf-8")
    page.load()
    examine(qtbot, page, asker, tmp_path / "two.md")
    page.tabs.setCurrentIndex(COMPARE)
    assert tables(page)["Entities"].made.rows == [
        ("people: phone", "tel", ""),
        ("people: mobile", "", "tel"),
    ]


# test run --------------------------------------------------------------------------------


@pytest.fixture
def trying(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, older: str, newer: Path
) -> BenchPage:
    page.load()
    examine(qtbot, page, asker, newer)
    page.tabs.setCurrentIndex(TRIAL)
    return page


def type_answers(qtbot: QtBot, page: BenchPage, *answers: str) -> None:
    view = page.trial.view
    assert view is not None
    view.begin()
    for text in answers:
        focus = view.focusWidget()
        assert focus is not None
        qtbot.keyClicks(focus, text)
        qtbot.keyClick(focus, ENTER)


def test_why_a_question_is_asked(qtbot: QtBot, trying: BenchPage, store: Store) -> None:
    before = stored(store)
    type_answers(qtbot, trying, "30", "Awa")
    inspector = trying.trial.inspector
    # It follows the questionnaire: the person stands at the first question of the group.
    assert inspector.why.ref == "/data/job/trade"
    assert inspector.why.words.text().startswith("Asked: every condition is true.")
    [(rule, result), (place, value), *_more] = lines(inspector.why.tree)
    assert (rule, result) == ("Asked if: ${age} > 17 (of job)", "yes")
    assert (place, value) == ("→ age", "30")
    assert any(line.startswith("→ tools (Asked if") for line, _v in lines(inspector.why.tree))
    assert stored(store) == before


def test_jump_to_what_it_depends_on_and_back(qtbot: QtBot, trying: BenchPage) -> None:
    type_answers(qtbot, trying, "30")
    inspector = trying.trial.inspector
    inspector.explain("/data/job/tools")
    tree = inspector.why.tree
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    key(qtbot, tree, ENTER)
    assert inspector.why.ref == "/data/age"
    used = [line for line, _value in lines(tree) if line.startswith("→")]
    assert "→ job (Asked if)" in used and "→ twice (Calculation)" in used
    key(qtbot, tree, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert inspector.why.ref == "/data/job/tools"
    inspector.explain("/data/age")
    press(qtbot, inspector.why.there)
    assert trying.trial.view is not None and trying.trial.view.filling.key == "/data/age"


def test_every_place_and_the_log(qtbot: QtBot, trying: BenchPage) -> None:
    type_answers(qtbot, trying, "70")
    inspector = trying.trial.inspector
    inspector.tabs.setCurrentIndex(ALL)
    qtbot.keyClicks(inspector.nodes.filter, "twice")
    shown = inspector.nodes.shown
    assert shown.rowCount() == 1 and shown.index(0, 1).data() == "210"
    inspector.nodes.table.setCurrentIndex(shown.index(0, 0))
    key(qtbot, inspector.nodes.table, ENTER)
    assert inspector.tabs.currentIndex() == WHY and inspector.why.ref == "/data/twice"
    inspector.tabs.setCurrentIndex(LOG)
    log = lines(inspector.log)
    assert log[0][0] == "1. age: “70”"
    assert ("twice · Answer", "") in log
    assert any(line.startswith("age · Wrong") for line, _before in log)


def test_clock_and_chance(
    qtbot: QtBot, page: BenchPage, asker: ScriptedAsker, tmp_path: Path
) -> None:
    path = tmp_path / "day.md"
    path.write_text(
        "| survey |\n| | type | name | label | calculation |\n"
        "| | text | a | A | |\n"
        "| | calculate | day | | format-date(today(), '%Y-%m-%d') |\n"
        "| | calculate | luck | | once(int(random() * 1000000)) |\n"
        "| settings |\n| | form_title | form_id |\n| | Day | day |\n",
        "utf-8",
    )
    examine(qtbot, page, asker, path)
    page.tabs.setCurrentIndex(TRIAL)
    type_answers(qtbot, page, "x")
    side = page.trial

    def value(name: str) -> str:
        assert side.trial is not None
        return side.trial.node(f"/data/{name}").text

    side.clock.setText("12/03/2031 08:00")
    side.seed.setText("5")
    key(qtbot, side.seed, ENTER)
    assert value("day") == "2031-03-12" and value("a") == "x"
    luck = value("luck")
    side.seed.setText("6")
    key(qtbot, side.seed, ENTER)
    assert value("luck") != luck
    side.seed.setText("5")
    key(qtbot, side.seed, ENTER)
    assert value("luck") == luck
    side.clock.setText("nonsense")
    key(qtbot, side.clock, ENTER)
    assert asker.faults and value("day") == "2031-03-12"
    press(qtbot, side.begin_again)
    assert value("day") == datetime.now().date().isoformat() and value("a") == ""


def test_a_test_is_kept_and_played_on_another_version(
    qtbot: QtBot, trying: BenchPage, asker: ScriptedAsker, older: str, tmp_path: Path
) -> None:
    type_answers(qtbot, trying, "16", "Awa")
    kept = tmp_path / "test.json"
    asker.paths.append(kept)
    trying.trial.save()
    assert json.loads(kept.read_text("utf-8"))["version"] == "2"
    asker.paths.append(kept)
    trying.trial.choose()
    assert asker.told[-1] == "Everything went as it did then."
    # The older version asks about work from 15 on.
    trying.arrive(questionnaire=older)
    asker.paths.append(kept)
    trying.trial.choose()
    inspector = trying.trial.inspector
    assert inspector.tabs.currentIndex() == PLAYED
    [table] = inspector.played.findChildren(LinesTable)
    said = {(row[1], row[2]): (row[0], row[3], row[4]) for row in table.made.rows}
    assert said["twice", "Answer"] == ("1", "48", "32")
    assert trying.trial.trial is not None
    assert trying.trial.trial.node("/data/who").text == "Awa"


def test_other_files_are_no_tests(
    qtbot: QtBot, trying: BenchPage, asker: ScriptedAsker, newer: Path
) -> None:
    asker.paths.append(newer)
    trying.trial.choose()
    assert [fault.code for fault in asker.faults] == ["FRM-085"]


def test_one_side_at_a_time_where_there_is_no_room(qtbot: QtBot, trying: BenchPage) -> None:
    trying.resize(820, 540)
    side = trying.trial
    assert side.form_side.isVisible() and not side.inspector.isVisible()
    key(qtbot, side, Qt.Key.Key_F4)
    assert side.inspector.isVisible() and not side.form_side.isVisible()
    side.inspector.explain("/data/age")
    press(qtbot, side.inspector.why.there)
    assert side.form_side.isVisible() and side.view is not None
    assert side.view.filling.key == "/data/age"


def test_files_that_come_later_are_seen(
    page: BenchPage, desk: Desk, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "form.md"
    path.write_text(
        "| survey |\n| | type | name | label | image |\n| | text | a | A | map.png |\n"
        "| settings |\n| | form_title | form_id |\n| | Map | map |\n",
        "utf-8",
    )
    id = import_xlsform(store, Task(), path).questionnaire.id
    page.load()
    assert tables(page)["Files"].made.rows[0][2] == "missing"
    desk.runner.changed.connect(page.on_changed)
    store.write(form_files.attach, id, {"map.png": b"\x89PNG"})
    assert tables(page)["Files"].made.rows[0][2] == "given"


def test_report_is_the_first_side(page: BenchPage, older: str) -> None:
    page.load()
    page.arrive(questionnaire=older, tab="trial")
    assert page.tabs.currentIndex() == TRIAL and page.trial.view is not None
    page.arrive(tab="report")
    assert page.tabs.currentIndex() == REPORT and page.report.isVisible()

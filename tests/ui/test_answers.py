"""Answers on screen: counting with a live chart, export with what it asks, import."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from migdesk.forms import Form, Run
from migdesk.forms.xlsform import convert
from migdesk.models.store import Store
from migdesk.services import answers, records, submissions
from migdesk.services.answers import Arrival
from migdesk.services.records import Query
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.pages.answers import COUNT, EXPORT, IMPORT, AnswersPage
from migdesk.ui.pages.answers_chart import BarChart, series_colours
from migdesk.ui.theme import Theme

FORM = """| survey |
| | type | name | label |
| | select_one sex | sex | Sex |
| | select_multiple use | uses | Uses |
| | integer | age | Age |
| | text | who | Who? |
| choices |
| | list_name | name | label |
| | sex | f | Woman |
| | sex | m | Man |
| | use | food | Food |
| | use | rent | Rent |
| settings |
| | form_title | form_id | version |
| | Short | short | 1 |
"""


@pytest.fixture
def questionnaire(store: Store) -> str:
    """A form with 20 answers: 12 women and 8 men, two of whom pay rent."""
    xml = convert(FORM, ".md").xml
    form = Form.load(xml)
    id = store.write(submissions.add_questionnaire, form.title, form.form_id, "1", xml)
    arrivals = []
    for n in range(20):
        run = Run(form)
        run.set("/data/sex", "f" if n < 12 else "m")
        run.set("/data/uses", "food rent" if n in (13, 14) else "food")
        run.set("/data/age", str(20 + n))
        run.set("/data/who", f"Somebody {n}")
        arrivals.append(Arrival(id, f"uuid:{n}", run.finalise()))
    store.write(answers.take, Task(), arrivals, {})
    return id


@pytest.fixture
def page(desk: Desk, theme: Theme, qtbot: QtBot, questionnaire: str) -> Iterator[AnswersPage]:
    made = AnswersPage(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.load()
    made.arrive(questionnaire=questionnaire)
    yield made


def choose(box: QComboBox, value: Any) -> None:
    """As a person does: the box opens on its items, one is taken."""
    place = box.findData(value)
    assert place >= 0, value
    box.setCurrentIndex(place)
    box.activated.emit(place)


def cells(page: AnswersPage) -> list[list[str]]:
    table = page.counting.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_a_question_is_counted_at_once(page: AnswersPage) -> None:
    assert page.header.subtitle.text() == "20 filled questionnaires"
    choose(page.counting.rows, "0:sex")
    assert cells(page) == [["Woman", "12"], ["Man", "8"], ["Total", "20"]]
    assert page.counting.chart.laid is page.counting.laid
    keys = [page.counting.rows.itemData(n) for n in range(page.counting.rows.count())]
    assert "0:uses" in keys and "0:instanceID" not in keys


def test_broken_down_with_small_cells_hidden(page: AnswersPage) -> None:
    counting = page.counting
    choose(counting.rows, "0:uses")
    choose(counting.across, "0:sex")
    choose(counting.percent, "column")
    shown = {row[0]: row[1:] for row in cells(page)}
    assert shown["Rent"][1] == "•" and shown["Rent"][2] == "•"
    assert shown["Food"][0] == "12\u00a0\u00a0(100.0\u00a0%)"
    assert "fewer than 5" in counting.notes.text()
    counting.threshold.setValue(0)
    assert {row[0]: row[2].split("\u00a0")[0] for row in cells(page)}["Rent"] == "2"


def test_bands_and_means(page: AnswersPage) -> None:
    counting = page.counting
    choose(counting.rows, "0:age")
    counting.bounds.setFocus()
    counting.bounds.setText("20, 30")
    counting.bounds.editingFinished.emit()
    assert cells(page)[:2] == [["20–29", "10"], ["30+", "10"]]
    choose(counting.rows, "0:sex")
    choose(counting.measure, "0:age")
    assert cells(page) == [
        ["Woman", "12", "25.5", "25.5"],
        ["Man", "8", "35.5", "35.5"],
        ["Total", "20", "29.5", "29.5"],
    ]


def test_the_table_is_copied_printed_and_exported(
    page: AnswersPage, qtbot: QtBot, shell: Any, asker: Any, tmp_path: Path
) -> None:
    choose(page.counting.rows, "0:sex")
    page.counting.table.setFocus()
    qtbot.keyClick(page.counting.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "Woman\t12" in QApplication.clipboard().text()
    page.counting.print_button.click()
    sheet, params = shell.printed[-1]
    assert sheet == "cross-table" and params["subject"] == "Short"
    for ending in ("xlsx", "csv", "pdf"):
        path = tmp_path / f"table.{ending}"
        asker.paths.append(path)
        page.counting.export_button.click()
        assert path.exists() and "table" in asker.told[-1]
    sheet_of = load_workbook(tmp_path / "table.xlsx").worksheets[0]
    assert list(sheet_of.iter_rows(values_only=True))[1] == ("Woman", 12)


def test_options_are_remembered(page: AnswersPage, desk: Desk, qtbot: QtBot) -> None:
    choose(page.counting.rows, "0:uses")
    choose(page.counting.chart_kind, "stacked")
    choose(page.exporting.kind, "sav")
    page.exporting.hxl.setChecked(True)
    again = AnswersPage(desk)
    qtbot.addWidget(again)
    again.show()
    again.load()
    assert again.forms.currentData() == "short"
    assert again.counting.rows.currentData() == "0:uses"
    assert again.counting.chart_kind.currentData() == "stacked"
    assert again.exporting.kind.currentData() == "sav"
    assert again.exporting.hxl.isChecked() and not again.exporting.hxl.isEnabled()


def test_a_period_without_answers_says_what_to_do(page: AnswersPage, qtbot: QtBot) -> None:
    since = page.bar.since.line
    since.setFocus()
    qtbot.keyClicks(since, "01/01/2099")
    page.bar.until.line.setFocus()
    assert page.header.subtitle.text() == "0 filled questionnaires"
    assert page.nothing.isVisible() and not page.counting.isVisible()
    page.tabs.setCurrentIndex(EXPORT)
    assert not page.exporting.export_button.isEnabled()
    since.setFocus()
    since.selectAll()
    qtbot.keyClick(since, Qt.Key.Key_Delete)
    page.bar.until.line.setFocus()
    assert page.exporting.export_button.isEnabled()


def test_export_asks_first_and_writes(
    page: AnswersPage, asker: Any, tmp_path: Path
) -> None:
    page.tabs.setCurrentIndex(EXPORT)
    exporting = page.exporting
    path = tmp_path / "out.xlsx"
    asker.paths.append(path)
    exporting.export_button.click()
    assert not path.exists()  # not confirmed
    asker.confirms.append(True)
    choose(exporting.words, False)
    exporting.hxl.setChecked(True)
    assert exporting.tags_card.isVisible()
    tag = exporting.tags.item(0, 1)
    assert tag.text() == "#beneficiary+sex"
    tag.setText("Beneficiary + Gender")
    assert tag.text() == "#beneficiary+gender"
    tag.setText("no tag!")
    assert tag.text() == "#beneficiary+gender"
    exporting.export_button.click()
    head, tags, first, *_rest = load_workbook(path).worksheets[0].iter_rows(values_only=True)
    assert head[0] == "sex" and tags[0] == "#beneficiary+gender" and first[0] == "f"
    assert "20 questionnaires in out.xlsx." in asker.told


def test_files_of_repeats_are_not_replaced_unasked(
    page: AnswersPage, asker: Any, tmp_path: Path, store: Store
) -> None:
    page.tabs.setCurrentIndex(EXPORT)
    exporting = page.exporting
    choose(exporting.kind, "folder")
    (tmp_path / "short" / "instances").mkdir(parents=True)
    asker.paths.append(tmp_path)
    asker.confirms.append(True)
    exporting.export_button.click()
    assert asker.asked[-1] == "Replace 1 file?"
    assert not list((tmp_path / "short" / "instances").iterdir())  # not confirmed
    asker.paths.append(tmp_path)
    asker.confirms += [True, True]
    exporting.export_button.click()
    assert len(list((tmp_path / "short" / "instances").iterdir())) == 20


def test_a_table_warns_of_its_sisters(page: AnswersPage) -> None:
    choose(page.counting.rows, "0:sex")
    assert "together with one of other filters" in page.counting.notes.text()
    page.counting.threshold.setValue(0)
    assert "together" not in page.counting.notes.text()


def test_codebook(page: AnswersPage, asker: Any, shell: Any, tmp_path: Path) -> None:
    page.tabs.setCurrentIndex(EXPORT)
    page.exporting.show_button.click()
    assert shell.printed[-1][0] == "codebook"
    for ending in ("xlsx", "pdf"):
        path = tmp_path / f"codebook.{ending}"
        asker.paths.append(path)
        page.exporting.codebook_button.click()
        assert path.exists()
    variables, choices = load_workbook(tmp_path / "codebook.xlsx").worksheets
    rows = {row[1]: row for row in variables.iter_rows(values_only=True)}
    assert rows["sex"][2:4] == ("Sex", "one choice")
    assert rows["sex"][-3:] == (20, 0, 0)
    assert ("f", "Woman") in [row[2:] for row in choices.iter_rows(values_only=True)]


def test_import_of_a_table_checked_mapped_taken_and_undone(
    page: AnswersPage, asker: Any, store: Store, tmp_path: Path
) -> None:
    def count() -> int:
        return store.read(records.count, "submission", Query())

    page.tabs.setCurrentIndex(IMPORT)
    importing = page.importing
    path = tmp_path / "kobo.csv"
    path.write_text(
        "sex,age,Name,_uuid\nf,30,Awa,uuid:a\nx,31,Ibou,uuid:b\nm,40,Moussa,uuid:3\n", "utf-8"
    )
    asker.paths.append(path)
    importing.file_button.click()
    assert importing.outcome.text() == "1 new submission, 1 with problems, 1 here already."
    assert importing.problems.rowCount() == 1
    assert list(importing.choices) == [("kobo", "Name")]
    choose(importing.choices["kobo", "Name"], "who")
    assert importing.preview is not None
    assert "<who>Awa</who>" in importing.preview.arrivals[0].xml
    assert count() == 20
    importing.doubtful.setChecked(True)
    importing.import_button.click()
    assert count() == 22
    asker.then()
    assert count() == 20


def test_import_says_what_is_wrong(page: AnswersPage, asker: Any, tmp_path: Path) -> None:
    page.arrive(tab="import")
    importing = page.importing
    asker.paths.append(tmp_path)
    importing.folder_button.click()
    assert "holds no submission" in importing.outcome.text()
    assert importing.import_button.isHidden()


def test_the_key_of_encrypted_submissions(
    page: AnswersPage, asker: Any, tmp_path: Path
) -> None:
    page.arrive(tab="import")
    key = tmp_path / "key.pem"
    key.write_bytes(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    asker.paths.append(key)
    page.importing.key_button.click()
    assert page.importing.key is None  # no password given
    asker.paths.append(key)
    asker.texts.append("secret")
    page.importing.key_button.click()
    assert page.importing.key is not None and page.importing.key.password == "secret"
    assert "✓" in page.importing.key_button.text()


def test_nothing_at_all(desk: Desk, qtbot: QtBot) -> None:
    made = AnswersPage(desk)
    qtbot.addWidget(made)
    made.show()
    made.load()
    assert made.nothing.isVisible() and made.tabs.currentIndex() == COUNT
    made.nothing.button.click()
    assert made.tabs.currentIndex() == IMPORT and made.importing.isVisible()


def test_a_changed_answer_is_counted_again(
    page: AnswersPage, desk: Desk, store: Store
) -> None:
    desk.runner.changed.connect(page.on_changed)
    found = store.read(records.list_page, "submission", Query())
    desk.runner.write(records.delete, "submission", found.rows[0].id)
    assert page.header.subtitle.text() == "19 filled questionnaires"


@pytest.mark.parametrize("stacked", [False, True])
def test_the_chart_is_drawn_and_mirrored(
    page: AnswersPage, theme: Theme, qtbot: QtBot, stacked: bool
) -> None:
    counting = page.counting
    choose(counting.rows, "0:sex")
    choose(counting.across, "0:uses")
    chart = BarChart()
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    chart.show_laid(counting.laid, stacked)
    colour = series_colours(1)[0]

    def columns_of(widget: BarChart) -> list[int]:
        image = widget.grab().toImage()
        middle = widget._legend_height(widget.width()) + widget._line() // 4
        return [x for x in range(image.width()) if image.pixelColor(x, middle) == colour]

    chart.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    left = columns_of(chart)
    chart.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    right = columns_of(chart)
    assert left and right and abs(left[0] - (chart.width() - 1 - right[-1])) <= 1
    assert chart.accessibleName() == "Sex by Uses"


def test_the_state_holds_no_answers(page: AnswersPage, desk: Desk) -> None:
    choose(page.counting.rows, "0:sex")
    assert set(json.loads(desk.settings.state("answers.count"))) == {
        "rows", "across", "measure", "percent", "chart", "bounds", "threshold"
    }  # fmt: skip

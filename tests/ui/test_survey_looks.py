"""What surveys look like where there is much room, and where there is little."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from migdesk.forms import Form, Run, xlsform
from migdesk.forms.stats import Cross
from migdesk.models import RECORDS
from migdesk.models.store import Store
from migdesk.services import demo, form_words, records
from migdesk.services.count_words import lay
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.formview import ReadView
from migdesk.ui.formview.choosing import LikertInput
from migdesk.ui.pages.campaigns_parts import Figures, PlainTable
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.widgets import EmptyState

BOOK = """
| survey |
|| type | name | label | appearance |
| | select_one scale | again | Again? | likert |
| choices |
| | list_name | name | label |
| | scale | 1 | Absolutely not |
| | scale | 2 | Rather not |
| | scale | 3 | Rather yes |
| | scale | 4 | Absolutely |
"""


@pytest.fixture
def scale(qtbot: QtBot) -> Iterator[LikertInput]:
    run = Run(Form.load(xlsform.convert(BOOK, ".md").xml))
    made = LikertInput(run.node("/data/again"))
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    qtbot.waitExposed(made)
    yield made


def test_a_scale_stands_where_no_word_is_cut(scale: LikertInput, qtbot: QtBot) -> None:
    assert len({button.y() for button in scale.buttons}) == 1
    scale.resize(360, 400)
    qtbot.waitUntil(lambda: len({button.x() for button in scale.buttons}) == 1)
    assert len({button.y() for button in scale.buttons}) == 4
    qtbot.keyClick(scale.buttons[0], Qt.Key.Key_Down)
    scale.resize(900, 200)
    qtbot.waitUntil(lambda: len({button.y() for button in scale.buttons}) == 1)


@pytest.mark.parametrize("width", [420, 700, 1200])
def test_a_table_is_never_pushed_sideways(qtbot: QtBot, width: int) -> None:
    table = PlainTable("Things", ["A", "B", "C"], EmptyState("map", "Nothing"))
    table.set_widths(200, 300, 120, wide=1)
    qtbot.addWidget(table)
    table.show_things([1], [("one", "two", "three")])
    table.resize(width, 200)
    table.show()
    qtbot.waitExposed(table)
    assert table.table.horizontalScrollBar().maximum() == 0
    if width == 1200:
        assert table.table.columnWidth(0) < 210 and table.table.columnWidth(1) > 600


def test_words_take_the_room_that_a_list_has(desk: Desk, qtbot: QtBot) -> None:
    table = RecordTable(desk, "campaign")
    qtbot.addWidget(table)
    table.resize(1200, 300)
    table.show()
    qtbot.waitExposed(table)
    columns = [field.name for field in table.model.columns]
    wide = {name: table.table.columnWidth(n) for n, name in enumerate(columns)}
    assert wide["name"] > 300 > wide["questionnaire"] > wide["starts"]
    assert RECORDS["campaign"].fields["name"].wide


def test_figures_without_a_number_are_left_out(qtbot: QtBot) -> None:
    figures = Figures()
    qtbot.addWidget(figures)
    shown = [("3", "done"), ("", "outside"), ("9", "days left · a long name of it")]
    figures.show_figures(shown)
    said = [label.text() for label in figures.findChildren(QLabel) if label.text()]
    assert said == ["3", "done", "9", "days left · a long name of it"]


def test_records_of_an_interview_are_in_one_menu(
    desk: Desk, store: Store, qtbot: QtBot
) -> None:
    store.write(demo.add)
    rows = store.read(records.list_page, "submission", Query(), limit=200).rows
    row = next(each for each in rows if each.values["survey_unit"])
    view = ReadView(desk, store.read(form_words.open_filled, row.id))
    qtbot.addWidget(view)
    button = next(b for b in view.findChildren(QPushButton) if b.menu() is not None)
    menu = button.menu()
    assert isinstance(menu, QMenu)
    said = [action.text() for action in menu.actions()]
    assert len(said) >= 2 and any("Ménage" in words for words in said)


def test_a_group_that_nobody_is_in_is_not_drawn() -> None:
    made = Cross(
        row_label="Work",
        column_label="Sex",
        rows=("Farmer", "Trader"),
        columns=("Woman", "Other", "Man"),
        cells=((12, 0, None), (9, 0, None)),
        row_totals=(20, 15),
        column_totals=(21, 0, 14),
        total=35,
        missing=0,
        many=False,
        threshold=5,
        hidden=2,
    )
    counts, shares = lay(made), lay(made, "column")
    assert counts.heads == ("Work", "Woman", "Other", "Man", "Total")
    assert counts.series == shares.series == ("Woman", "Man")
    assert counts.bars == ((12, 9), (None, None))
    assert [round(bar or 0) for bar in shares.bars[0]] == [57, 43]
    assert counts.caption == "Numbers of answers. Colours: Sex"

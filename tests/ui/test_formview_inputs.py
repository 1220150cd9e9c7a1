"""Each place to answer, filled by keyboard alone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from migdesk.forms import Form, Run, xlsform
from migdesk.ui.desk import Desk
from migdesk.ui.formview.choice import ChoiceButton
from migdesk.ui.formview.dates import DateInput
from migdesk.ui.formview.field import QuestionBox
from migdesk.ui.formview.filling import Filling
from migdesk.ui.formview.grid import GridBox
from migdesk.ui.formview.head import direction
from migdesk.ui.formview.searching import SearchInput
from migdesk.ui.formview.view import FormView

ENTER, UP, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Down
LEFT, RIGHT, SPACE = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LISTS = """
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| | five | a | Apple |
| | five | b | Banana |
| | five | c | Cherry |
| | five | d | Date |
| | five | e | Élan |
| | who | dad | Father |
| | who | mum | Mother |
| | who | dk | Does not know |
| | who | refused | Refuses to answer |
"""
SETTINGS = """
| settings |
| | form_title | form_id | version |
| | Trial | trial | 1 |
"""


class Seat:
    """A filling on the screen, and hands on the keyboard."""

    def __init__(self, qtbot: QtBot, view: FormView) -> None:
        self.qtbot = qtbot
        self.view = view

    def type(self, *keys: "str | Qt.Key", held: Qt.KeyboardModifier | None = None) -> None:
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            if isinstance(key, str):
                self.qtbot.keyClicks(focus, key)
            else:
                self.qtbot.keyClick(focus, key, held or Qt.KeyboardModifier.NoModifier)

    def answer(self, name: str) -> str:
        return self.view.filling.run.node(f"/data/{name}").text

    @property
    def at(self) -> str:
        return self.view.filling.key.removeprefix("/data/")


Sit = Callable[..., Seat]


@pytest.fixture
def sit(desk: Desk, theme: object, qtbot: QtBot) -> Sit:
    """Begin to fill a form given as rows of its survey sheet."""

    def begin(rows: str, lists: str = LISTS, way: str = "question") -> Seat:
        head = "| survey |\n| | type | name | label | appearance | parameters | required |\n"
        form = Form.load(xlsform.convert(head + rows + lists + SETTINGS, ".md").xml)
        desk.settings.remember("formview.way", way)
        view = FormView(desk, Filling(Run(form), "q-1"))
        qtbot.addWidget(view)
        view.resize(1000, 640)
        with qtbot.waitActive(view):
            view.show()
            view.activateWindow()
        view.begin()
        return Seat(qtbot, view)

    return begin


def last(rows: str) -> str:
    return rows + "| | text | z | Z | | | |\n"


def test_quick_goes_on_by_itself(sit: Sit) -> None:
    seat = sit(last("| | select_one yn | q | Q | quick | | |\n"))
    seat.type("2")
    assert (seat.answer("q"), seat.at) == ("no", "z")


def test_letters_of_accents_find_in_a_minimal_list(sit: Sit) -> None:
    seat = sit(last("| | select_one five | q | Q | minimal | | |\n"))
    seat.type("elan", ENTER)
    assert (seat.answer("q"), seat.at) == ("e", "q")
    seat.type(ENTER)
    assert seat.at == "z"


def test_a_minimal_list_opens_with_the_arrow(sit: Sit) -> None:
    seat = sit(last("| | select_one five | q | Q | minimal | | |\n"))
    seat.type(DOWN, DOWN, ENTER)
    assert seat.answer("q") == "b"
    seat.type(Qt.Key.Key_Delete)
    assert seat.answer("q") == ""


def test_autocomplete_takes_several(sit: Sit) -> None:
    seat = sit(last("| | select_multiple five | q | Q | autocomplete | | |\n"))
    seat.type("ch", ENTER, "ap", ENTER, ENTER)
    assert (seat.answer("q"), seat.at) == ("c a", "z")


def test_rank_by_keys_and_by_moving(sit: Sit) -> None:
    seat = sit(last("| | rank five | q | Q | | | |\n"))
    seat.type("3", "1")
    assert seat.answer("q") == "c a"
    seat.type("2", "5")
    assert seat.answer("q") == "c a b e d"
    seat.type(UP, held=ALT)
    assert seat.answer("q") == "c a e b d"
    seat.type(ENTER)
    assert seat.at == "z"


def test_a_range_is_typed_or_stepped(sit: Sit) -> None:
    row = "| | range | q | Q | | start=1 end=9 step=2 | |\n"
    seat = sit(last(row))
    seat.type("5", UP)
    assert seat.answer("q") == "7"
    seat.type(DOWN, DOWN)
    assert seat.answer("q") == "3"


def test_a_number_outside_a_range_is_wrong(sit: Sit) -> None:
    seat = sit(last("| | range | q | Q | | start=1 end=9 step=2 | |\n"))
    seat.type("8", ENTER)
    assert seat.at == "q"
    stop = seat.view.filling.here
    assert "1 to 9" in seat.view.filling.wrong(stop)
    assert seat.view.filling.missing() == [stop]


def test_stars(sit: Sit) -> None:
    seat = sit(last("| | range | q | Q | rating | start=1 end=5 step=1 | |\n"))
    seat.type("4", ENTER)
    assert (seat.answer("q"), seat.at) == ("4", "z")


def test_a_range_to_pick_from(sit: Sit) -> None:
    seat = sit(last("| | range | q | Q | picker | start=0 end=1 step=0.25 | |\n"))
    seat.type("0.75", ENTER)
    assert seat.answer("q") == "0.75"


def test_counter(sit: Sit) -> None:
    seat = sit(last("| | integer | q | Q | counter | | |\n"))
    seat.type(UP, UP, "+", "-", UP)
    assert seat.answer("q") == "3"


def test_thousands(sit: Sit) -> None:
    seat = sit(last("| | integer | q | Q | thousands-sep | | |\n"))
    seat.type("1234567", ENTER, Qt.Key.Key_PageUp)
    assert seat.answer("q") == "1234567"
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.property("text") == "1,234,567"
    seat.type(ENTER)
    assert seat.answer("q") == "1234567"


@pytest.mark.parametrize(
    ("kind", "look", "typed", "kept"),
    [
        ("date", "month-year", "3/2026", "2026-03-01"),
        ("date", "year", "1989", "1989-01-01"),
        ("date", "no-calendar", "12/3/89", "1989-03-12"),
        ("time", "", "1430", "14:30:00.000"),
        ("text", "masked", "secret", "secret"),
        ("text", "url", "https://example.org", "https://example.org"),
        ("decimal", "bearing", "12,5", "12.5"),
        ("text", "numbers", "007", "007"),
    ],
)
def test_typed_answers(sit: Sit, kind: str, look: str, typed: str, kept: str) -> None:
    seat = sit(last(f"| | {kind} | q | Q | {look} | | |\n"))
    seat.type(typed, ENTER)
    assert (seat.answer("q")[: len(kept)], seat.at) == (kept, "z")


def test_the_calendar_by_keyboard(sit: Sit) -> None:
    seat = sit(last("| | date | q | Q | | | |\n"))
    seat.type("12/03/1989")
    seat.type(DOWN, held=ALT)
    box = seat.view.sheet.boxes["/data/q"]
    assert isinstance(box, QuestionBox)
    assert isinstance(box.input, DateInput)
    assert box.input.popup is not None
    days = box.input.popup.days.findChild(QTableView)
    assert days is not None
    seat.qtbot.keyClick(days, RIGHT)
    seat.qtbot.keyClick(days, ENTER)
    assert seat.answer("q") == "1989-03-13"


def test_arrows_and_space_choose(sit: Sit) -> None:
    seat = sit(last("| | select_multiple five | q | Q | columns-2 | | |\n"))
    seat.type(DOWN, SPACE, RIGHT, SPACE)
    assert seat.answer("q") == "b e"
    seat.type(UP, LEFT, SPACE)
    assert seat.answer("q") == "a b e"


@pytest.mark.parametrize(
    "look", ["columns-pack", "no-buttons", "horizontal", "likert", "compact-3"]
)
def test_looks_keep_their_keys(sit: Sit, look: str) -> None:
    seat = sit(last(f"| | select_one five | q | Q | {look} | | |\n"))
    seat.type("3", ENTER)
    assert (seat.answer("q"), seat.at) == ("c", "z")


def test_does_not_know_and_refuses(sit: Sit) -> None:
    seat = sit(last("| | select_one who | q | Q | | | |\n"))
    seat.type("8")
    assert seat.answer("q") == "dk"
    seat.type("9")
    assert seat.answer("q") == "refused"
    seat.type("2")
    assert seat.answer("q") == "mum"


def test_no_such_keys_where_the_form_offers_none(sit: Sit) -> None:
    seat = sit(last("| | select_one yn | q | Q | | | |\n"))
    seat.type("8", "9")
    assert seat.answer("q") == ""


GRID = """
| | begin_group | g | Opinions | table-list | | |
| | select_one five | one | One | | | yes |
| | select_one five | two | Two | | | |
| | select_multiple five | many | Many | | | |
| | end_group | | | | | |
"""


def test_a_grid_by_digits_and_arrows(sit: Sit) -> None:
    seat = sit(last(GRID.strip() + "\n"))
    assert isinstance(seat.view.sheet.boxes["/data/g/one"], GridBox)
    assert seat.at == "g/one"  # past the title, which is a note
    seat.type("2", "3")
    assert (seat.answer("g/one"), seat.answer("g/two")) == ("b", "c")
    seat.type("1", RIGHT, SPACE)
    assert seat.answer("g/many") == "a b"
    seat.type(UP, SPACE)
    assert seat.answer("g/two") == "b"
    seat.type(ENTER, ENTER)
    assert seat.at == "z"


def test_a_grid_says_what_is_wrong(sit: Sit) -> None:
    seat = sit(last(GRID.strip() + "\n"))
    seat.type(ENTER)
    box = seat.view.sheet.boxes["/data/g/one"]
    assert isinstance(box, GridBox)
    assert box.error.text()
    assert seat.at == "g/one"


def test_side_by_side_by_width(sit: Sit) -> None:
    rows = "| | begin_group | g | G | field-list w4 | | |\n"
    rows += "| | text | a | A | w1 | | |\n| | text | b | B | w3 | | |\n"
    rows += "| | text | c | C | w4 | | |\n| | end_group | | | | | |\n"
    seat = sit(last(rows))
    a, b, c = (seat.view.sheet.boxes[f"/data/g/{name}"] for name in "abc")
    assert a.y() == b.y() < c.y()
    assert a.width() * 2 < b.width() < c.width()
    seat.type("1", ENTER, "2", ENTER, "3", ENTER)
    assert [seat.answer(f"g/{name}") for name in "abc"] == ["1", "2", "3"]


def test_tab_goes_from_box_to_box(sit: Sit) -> None:
    seat = sit("".join(f"| | text | t{n} | T{n} | | | |\n" for n in range(40)), way="page")
    for n in range(40):
        seat.type(str(n), Qt.Key.Key_Tab)
    assert [seat.answer(f"t{n}") for n in range(40)] == [str(n) for n in range(40)]


def test_a_comment_is_kept_and_shown(sit: Sit) -> None:
    seat = sit(last("| | text | q | Q | | | |\n"))
    seat.type("a")
    seat.type(Qt.Key.Key_M, held=CTRL)
    seat.type("He was not sure", ENTER)
    assert seat.view.filling.comments == {"/data/q": "He was not sure"}
    assert [e.ref for e in seat.view.filling.outline() if e.noted] == ["/data/q"]
    seat.type(ENTER)
    assert seat.at == "z"
    again = Filling.resume(seat.view.filling.run.form, "d", seat.view.filling.body())
    assert again.comments == {"/data/q": "He was not sure"}


def test_a_choice_no_longer_offered_is_shown_and_given_up(sit: Sit) -> None:
    rows = "| | select_one yn | first | First | | | |\n"
    lists = """
| choices |
| | list_name | name | label | of |
| | yn | yes | Yes | |
| | yn | no | No | |
| | town | t1 | One | yes |
| | town | t2 | Two | no |
"""
    town = "| | select_one town | town | Town | | | |\n"
    seat = sit(rows + town, lists=lists)
    seat.view.filling.run.set("/data/town", "gone")
    seat.view.filling.refresh()
    seat.type("1", ENTER)
    assert seat.at == "town"
    box = seat.view.sheet.boxes["/data/town"]
    assert isinstance(box, QuestionBox)
    assert "gone" in box.input.findChildren(ChoiceButton)[-1].text()
    assert box.error.text()
    seat.type("3")
    assert seat.answer("town") == ""


@pytest.mark.parametrize(
    ("language", "way"),
    [
        ("العربية (ar)", Qt.LayoutDirection.RightToLeft),
        ("Arabic (ar)", Qt.LayoutDirection.RightToLeft),
        ("اردو", Qt.LayoutDirection.RightToLeft),
        ("Français (fr)", Qt.LayoutDirection.LeftToRight),
        ("default", None),
    ],
)
def test_direction_of_a_language(language: str, way: Qt.LayoutDirection | None) -> None:
    assert direction(language) is way


def test_an_answer_is_taken_back(sit: Sit) -> None:
    rows = "| | select_one yn | q | Q | quick | | |\n| | select_one yn | r | R | | | |\n"
    seat = sit(last(rows))
    seat.type("2", "1")
    assert (seat.answer("q"), seat.answer("r")) == ("no", "yes")
    seat.type(Qt.Key.Key_Z, held=CTRL)
    assert (seat.answer("r"), seat.at) == ("", "r")
    seat.type(Qt.Key.Key_Z, held=CTRL)
    assert (seat.answer("q"), seat.at) == ("", "q")
    seat.type(Qt.Key.Key_Z, held=CTRL)
    assert seat.at == "q"


def test_outline_and_ways_by_keyboard(sit: Sit) -> None:
    seat = sit("".join(f"| | text | t{n} | T{n} | | | |\n" for n in range(5)))
    seat.type(Qt.Key.Key_F6, DOWN, DOWN, ENTER)
    assert seat.at == "t2"
    assert seat.view.way == "question"
    seat.type(Qt.Key.Key_F3)
    assert seat.view.way == "group"
    assert len(seat.view.sheet.boxes) == 5
    seat.type("a", ENTER)
    assert (seat.answer("t2"), seat.at) == ("a", "t3")


def test_f8_goes_to_the_next_that_is_wrong(sit: Sit) -> None:
    rows = "".join(f"| | text | t{n} | T{n} | | | {'yes' * (n % 2)} |\n" for n in range(6))
    seat = sit(rows)
    for place in ("t1", "t3", "t5", "t1"):
        seat.type(Qt.Key.Key_F8)
        assert seat.at == place


def test_what_is_taken_late_moves_nobody(sit: Sit) -> None:
    rows = "| | geopoint | where | Where | | | |\n| | text | a | A | | | |\n"
    seat = sit(last(rows), way="page")
    seat.type("12.7 -15.5", ENTER)
    assert seat.at == "a"
    seat.type("b")
    seat.view.sheet.flush()
    assert seat.at == "a"
    seat.type(ENTER)
    assert seat.at == "z"


def test_a_text_of_digits_takes_no_letters(sit: Sit) -> None:
    seat = sit(last("| | text | q | Q | numbers | | |\n"))
    seat.type("+221 77a", ENTER)
    assert (seat.answer("q"), seat.at) == ("+221 77", "z")


@pytest.mark.parametrize("look", ["minimal", "autocomplete"])
def test_words_that_find_nothing_are_not_lost_unseen(look: str, sit: Sit) -> None:
    seat = sit(last(f"| | select_one five | q | Q | {look} | | |\n"))
    seat.type("xyz")
    box = seat.view.sheet.boxes["/data/q"]
    assert isinstance(box, QuestionBox) and isinstance(box.input, SearchInput)
    assert not box.input.none.isHidden()
    seat.type(ENTER)
    assert seat.at == "q"  # it holds once
    seat.type("elan", ENTER, ENTER)
    assert (seat.answer("q"), seat.at) == ("e", "z")
    seat.view.go("/data/q")
    seat.type("xyz", ENTER, ENTER)
    assert (seat.answer("q"), seat.at) == ("e", "z")


def test_columns_never_cut_a_word(sit: Sit) -> None:
    words = ("Arachidière", "Bananeraie", "Cotonnière", "Dattes")
    rows = (f"| | long | c{n} | {word}{'e' * 12} |" for n, word in enumerate(words))
    lists = "\n".join(("| choices |", "| | list_name | name | label |", *rows))
    seat = sit(last("| | select_one long | q | Q | columns-4 | | |\n"), lists)
    box = seat.view.sheet.boxes["/data/q"]
    assert isinstance(box, QuestionBox)
    for width in (1000, 700, 520, 1300):
        seat.view.resize(width, 640)
        QApplication.processEvents()
        buttons = box.input.findChildren(ChoiceButton)
        assert all(button.width() >= button.narrowest() for button in buttons), width
    assert len({button.y() for button in buttons}) < len(buttons)

"""Tabs that give way to a menu, and columns that fit their list."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCalendarWidget, QMenu
from pytestqt.qtbot import QtBot
from recordview_tools import make_desk

from migdesk.services import records
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.recordview.tabs import FlatTabs

NAMES = ("file", "households", "visits", "cases", "papers", "history")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


@pytest.fixture
def tabs(qtbot: QtBot) -> FlatTabs:
    made = FlatTabs()
    qtbot.addWidget(made)
    for name in NAMES:
        made.add(name, f"Tab of the {name}")
    made.resize(1200, 40)
    made.show()
    return made


def test_all_tabs_are_shown_where_there_is_room(tabs: FlatTabs) -> None:
    assert tabs.folded() == []
    assert tabs.current == "file"
    assert not tabs.isTabVisible(len(NAMES))


def test_what_is_empty_stands_behind(tabs: FlatTabs) -> None:
    tabs.resize(640, 40)
    tabs.put_behind(["households", "cases"])
    assert {"households", "cases"} <= set(tabs.folded())
    assert "history" not in tabs.folded()
    tabs.select("cases")
    assert "cases" not in tabs.folded()
    tabs.resize(1200, 40)
    assert tabs.folded() == []


def test_many_tabs_stand_in_the_menu_under_their_places(desk: Desk, qtbot: QtBot) -> None:
    detail = RecordDetail(desk, "person")
    qtbot.addWidget(detail)
    detail.resize(640, 500)
    detail.show()
    detail.show_record(desk.store.write(records.save, "person", None, {"given_name": "Awa"}))
    qtbot.waitUntil(lambda: "claim" in detail.tabs.folded())
    detail.tabs._open_menu()
    (menu,) = detail.tabs.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    inside = {a.text(): a.menu() for a in menu.actions() if a.menu() is not None}
    assert {"Money", "Skills and jobs", "Returns and families"} <= set(inside)
    families = inside["Returns and families"]
    assert isinstance(families, QMenu)
    claims = next(a for a in families.actions() if a.text().startswith("Claims of rights"))
    claims.trigger()
    assert detail.tabs.current == "claim" and "claim" not in detail.tabs.folded()
    menu.close()


def test_the_last_tabs_fold_into_a_menu(tabs: FlatTabs, qtbot: QtBot) -> None:
    heard: list[str] = []
    tabs.changed.connect(heard.append)
    tabs.resize(400, 40)
    folded = tabs.folded()
    assert folded and folded[-1] == "history" and "file" not in folded
    assert tabs.sizeHint().width() <= 400
    place = tabs.tabRect(len(NAMES)).center()
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert tabs.current == "file"
    qtbot.waitUntil(lambda: bool(tabs.findChildren(QMenu)))
    (menu,) = tabs.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == [f"Tab of the {n}" for n in folded]
    menu.actions()[-1].trigger()
    assert heard == ["history"]
    assert tabs.current == "history"
    assert "history" not in tabs.folded()


def test_a_tab_from_the_menu_does_not_push_the_others_away(tabs: FlatTabs) -> None:
    tabs.resize(400, 40)
    tabs.select("history")
    assert tabs.tabRect(0).left() == 0
    shown = [n for n in range(tabs.count()) if tabs.isTabVisible(n)]
    assert NAMES.index("history") in shown
    assert tabs.tabRect(shown[-1]).right() <= 400


def test_arrow_keys_reach_the_menu(tabs: FlatTabs, qtbot: QtBot) -> None:
    tabs.resize(400, 40)
    for _step in range(len(NAMES) - len(tabs.folded())):
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: bool(tabs.findChildren(QMenu)))
    assert tabs.current not in tabs.folded()


def a_list(qtbot: QtBot, desk: Desk, width: int) -> RecordTable:
    made = RecordTable(desk, "person")
    qtbot.addWidget(made)
    made.resize(width, 400)
    made.show()
    return made


def test_columns_give_way_and_come_back(qtbot: QtBot, desk: Desk) -> None:
    made = a_list(qtbot, desk, 340)
    count = made.model.columnCount()
    hidden = [made.table.isColumnHidden(n) for n in range(count)]
    assert hidden[:2] == [False, False] and hidden[-1]
    assert made.table.horizontalScrollBar().maximum() == 0
    made.resize(2_000, 400)
    assert not any(made.table.isColumnHidden(n) for n in range(count))


def test_a_width_is_remembered_once_the_hand_rests(qtbot: QtBot, desk: Desk) -> None:
    made = a_list(qtbot, desk, 1_000)
    header = made.table.horizontalHeader()
    for width in range(150, 201, 10):
        header.resizeSection(0, width)
    assert desk.settings.state("widths.person") == ""
    qtbot.waitUntil(lambda: "family_name:200" in desk.settings.state("widths.person"))
    again = a_list(qtbot, desk, 1_000)
    assert again.table.columnWidth(0) == 200


def test_keys_change_the_tab_and_open_the_menu_of_documents(qtbot: QtBot, desk: Desk) -> None:
    id = desk.store.write(records.save, "person", None, {"family_name": "Sow"})
    detail = RecordDetail(desk, "person")
    qtbot.addWidget(detail)
    detail.resize(900, 600)
    detail.show()
    detail.show_record(id)
    with qtbot.waitActive(detail):
        detail.activateWindow()
    detail.tabs.setFocus()
    before = detail.tabs.current
    qtbot.keyClick(detail.tabs, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert detail.tabs.current != before
    qtbot.keyClick(detail.tabs, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert detail.tabs.current == before
    assert detail.form is not None
    line = detail.form.boxes["birth"].editor
    line.setFocus()
    qtbot.keyClick(line.focusProxy(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [type(w) for w in line.findChildren(QCalendarWidget)] == [QCalendarWidget]

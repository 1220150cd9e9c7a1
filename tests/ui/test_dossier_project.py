"""A project on the screen: its checklist, moves with a reason, live figures, chart, points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from migdesk.services import pipelines, records, selections
from migdesk.ui.desk import Desk
from migdesk.ui.pages.accompany import AccompanyPage
from migdesk.ui.pages.accompany_selection import SelectionDetail
from migdesk.ui.recordview.dossier.board import CaseBoard
from migdesk.ui.recordview.dossier.case_file import CaseFile
from tests.ui.conftest import NotingShell, ScriptedAsker

Saves = Callable[..., str]


@pytest.fixture
def farm(make: Saves) -> str:
    person = make("person", given_name="Fatoumata", family_name="Diatta")
    place = make("place", name="Marsassoum", level="commune")
    case = make(
        "case",
        title="Poultry farm",
        person=person,
        sector="livestock",
        place=place,
        currency="XOF",
        plan_start="2027-03",
    )
    make("plan_sale", case=case, what="Eggs", units=600, price="2500 XOF", cost="1500 XOF")
    return case


def opened(qtbot: QtBot, desk: Desk, case: str) -> CaseFile:
    file = CaseFile(desk)
    qtbot.addWidget(file)
    file.resize(1300, 740)
    file.show()
    desk.runner.changed.connect(file.on_changed)
    file.show_case(case)
    return file


def words(widget: Any) -> str:
    found = [w.text() for w in widget.findChildren(QLabel) if w.isVisibleTo(widget)]
    return "\n".join(found).replace("\u202f", " ").replace("\xa0", " ")


def test_the_bar_and_the_card_show_the_checklist(qtbot: QtBot, desk: Desk, farm: str) -> None:
    file = opened(qtbot, desk, farm)
    first = file.stages.labels[0]
    assert "3 missing" in first.accessibleName()
    assert "✗ What will be made, sold or done: still empty" in first.toolTip()
    assert "? The person agreed to be registered" in first.toolTip()
    qtbot.waitUntil(lambda: "✓ Sector" in words(file.side.missing))
    assert "✗ The shares of the owners make 100 %" in file.stages.labels[2].toolTip()


def test_a_stage_is_passed_with_a_reason_only(
    qtbot: QtBot, desk: Desk, farm: str, asker: ScriptedAsker
) -> None:
    file = opened(qtbot, desk, farm)
    asker.texts = [None, "The bank closes on Friday"]
    qtbot.mouseClick(file.stages.labels[1], Qt.MouseButton.LeftButton)
    assert desk.store.read(records.get, "case", farm).values["stage"] == "identify"
    qtbot.keyClick(file.stages.labels[1], Qt.Key.Key_Return)
    assert desk.store.read(records.get, "case", farm).values["stage"] == "elaborate"
    (moved,) = desk.store.read(pipelines.moves, farm)
    assert moved.values["reason"] == "The bank closes on Friday"
    assert moved.values["account"] == "acc-1"
    assert file.stages.current == "elaborate"


def test_the_board_asks_for_the_reason_too(
    qtbot: QtBot, desk: Desk, farm: str, asker: ScriptedAsker
) -> None:
    board = CaseBoard(desk)
    qtbot.addWidget(board)
    board.load("stage")
    asker.texts = ["so agreed"]
    board.move_beside(farm, 1)
    assert board.columns[1].list.count() == 1
    assert desk.store.read(pipelines.moves, farm)[0].values["reason"] == "so agreed"


def test_a_case_of_another_type_has_its_own_bar(qtbot: QtBot, desk: Desk, make: Saves) -> None:
    person = make("person", family_name="Sow")
    case = make("case", title="Papers", person=person, type="papers")
    file = opened(qtbot, desk, case)
    assert [one.code for one in file.stages.labels] == ["understand", "agree", "act", "check"]


def test_figures_follow_the_typing(qtbot: QtBot, desk: Desk, farm: str) -> None:
    """600 × 1 000 of margin for ten months from March, then two: 7 200 000 a year; with a
    wage of 90 000 it is 6 120 000."""
    file = opened(qtbot, desk, farm)
    file.tabs.select("plan")
    qtbot.waitUntil(lambda: "7,200,000" in words(file.side.figures))
    assert file.form is not None
    cost = file.form.lines["plan_cost"].add_by_hand()
    cost.boxes["what"].editor.set_typed("Keeper")
    cost.boxes["amount"].editor.set_typed("90000 XOF")
    cost.boxes["amount"].changed.emit()
    qtbot.waitUntil(lambda: "6,120,000" in words(file.side.figures))
    assert desk.store.read(records.lines_of, "plan_cost", farm) == ()


def test_three_years_are_drawn_and_listed(
    qtbot: QtBot, desk: Desk, farm: str, shell: NotingShell
) -> None:
    file = opened(qtbot, desk, farm)
    file.tabs.select("forecast")
    part = file._parts["forecast"]
    assert part.model.columnCount() == 36
    assert part.model.horizontalHeaderItem(0).text() == "Mar 27"
    assert part.model.item(0, 0).text() == "1,500,000"
    assert "lowest" in part.chart.accessibleName()
    assert not part.chart.grab().isNull()
    part._print_plan()
    assert shell.printed == [("business-plan", {"id": farm})]


def test_visits_are_a_chart_with_their_sum(
    qtbot: QtBot, desk: Desk, farm: str, make: Saves
) -> None:
    for month, income in (("2027-05", "900000 XOF"), ("2027-06", "1200000 XOF")):
        make("follow_visit", case=farm, month=month, income=income, spending="1000000 XOF")
    file = opened(qtbot, desk, farm)
    file.tabs.select("follow_visit")
    part = file._parts["follow_visit"]
    said = part.said.text().replace("\u202f", " ").replace("\xa0", " ")
    assert said == "A profit of F CFA 100,000 in 2 months"
    assert [len(row) for _name, row in part.chart.series] == [2, 2]
    assert not part.chart.grab().isNull()


def test_similar_businesses_are_warned_of(
    qtbot: QtBot, desk: Desk, farm: str, make: Saves
) -> None:
    place = desk.store.read(records.get, "case", farm).values["place"]
    person = make("person", family_name="Mané")
    make("case", title="Hens", person=person, sector="livestock", place=place)
    file = opened(qtbot, desk, farm)
    assert file.side.similar.isVisibleTo(file.side)


def test_a_record_is_added_from_the_dossier(
    qtbot: QtBot, desk: Desk, farm: str, shell: NotingShell
) -> None:
    file = opened(qtbot, desk, farm)
    file.tabs.select("coaching")
    file._parts["coaching"].add_button.click()
    assert shell.went == [("accompany", {"kind": "coaching", "new": {"case": farm}})]
    page = AccompanyPage(desk)
    qtbot.addWidget(page)
    page.load()
    page.arrive(**shell.went[0][1])
    form = page.part("coaching").detail.form
    assert form is not None
    form.boxes["at"].editor.set_typed("3/11/2026")
    form.save()
    (session,) = desk.store.read(records.linked, "coaching", "case", farm)
    assert session.values["at"] == "2026-11-03"


def test_points_are_typed_and_ranks_follow(
    qtbot: QtBot, desk: Desk, farm: str, make: Saves, asker: ScriptedAsker
) -> None:
    selection = make("selection", title="Spring call", access="selected_advanced")
    market = make("selection_criterion", selection=selection, name="Market", most=5, least=2)
    candidate = make("selection_candidate", selection=selection, case=farm)
    detail = SelectionDetail(desk)
    qtbot.addWidget(detail)
    detail.show_record(selection)
    detail.tabs.select("points")
    part = detail.points
    field = part.fields[candidate, market]
    field.setText("1")
    field.editingFinished.emit()
    found = desk.store.read(selections.selection, selection)
    assert (found.standings[0].rank, str(found.standings[0].score)) == (1, "20.00")
    asker.texts = ["The only one"]
    box = part.decisions[candidate]
    box.setCurrentIndex(box.findData("accepted"))
    box.activated.emit(box.currentIndex())
    decided = desk.store.read(records.get, "selection_candidate", candidate).values
    assert (decided["decision"], decided["reason"]) == ("accepted", "The only one")
    part.fields[candidate, market].setText("9")
    part.fields[candidate, market].editingFinished.emit()
    assert [fault.code for fault in asker.faults] == ["SEL-001"]

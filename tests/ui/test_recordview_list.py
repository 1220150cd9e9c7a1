"""The list, what stands beside it, history, and the pages made of them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from recordview_tools import NotingShell, ScriptedAsker, make_desk
from sqlalchemy.orm import Session

from migdesk.services import cases, drafts, records
from migdesk.services.records import Query
from migdesk.ui.desk import Desk, Page
from migdesk.ui.pages.cases import CasesPage
from migdesk.ui.pages.directory import DirectoryPage
from migdesk.ui.pages.people import PeoplePage
from migdesk.ui.recordview.editor import LineEditor
from migdesk.ui.recordview.history import RecordHistory
from migdesk.ui.recordview.linked import LinkedList, links_to
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.recordview.model import LONG, RecordModel


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def save(desk: Desk, kind: str, **values: Any) -> str:
    return str(desk.store.write(records.save, kind, None, values))


def gives_a_reason(desk: Desk) -> None:
    """For what goes on although something is lacking."""
    assert isinstance(desk.asker, ScriptedAsker)
    desk.asker.typed = "so agreed"


def many(session: Session, n: int) -> None:
    for number in range(n):
        values = {"family_name": f"Name{number:03}", "sex": ("female", "male")[number % 2]}
        records.save(session, "person", None, values)


def a_list(qtbot: QtBot, desk: Desk, kind: str = "person") -> RecordTable:
    table = RecordTable(desk, kind)
    desk.runner.changed.connect(table.on_changed)
    qtbot.addWidget(table)
    table.resize(800, 500)
    table.show()
    table.load()
    return table


def read_all(model: RecordModel) -> None:
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())


def test_pages_of_300_rows(qtbot: QtBot, desk: Desk) -> None:
    desk.store.write(many, 300)
    model = RecordModel(desk, "person")
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.ask(Query(sort="family_name"))
    assert model.rowCount() == 100
    read_all(model)
    names = [row.values["family_name"] for row in model.rows]
    assert names == [f"Name{n:03}" for n in range(300)]
    model.ask(Query(filters=(("sex", "male"),)))
    read_all(model)
    assert model.rowCount() == 150


def test_answers_to_older_questions_are_dropped(qtbot: QtBot, desk: Desk) -> None:
    save(desk, "person", family_name="Diallo")
    model = RecordModel(desk, "person")
    waiting: list[Callable[[], None]] = []
    answer_now = desk.runner._post
    desk.runner._post = waiting.append  # type: ignore[method-assign]
    model.ask(Query(text="nobody"))
    model.ask(Query(text="diallo"))
    desk.runner._post = answer_now  # type: ignore[method-assign]
    for answer in reversed(waiting):
        answer()
    assert [row.title for row in model.rows] == ["Diallo"]


def test_typing_filters_and_headers_sort(qtbot: QtBot, desk: Desk) -> None:
    for name in ("Sow", "Diallo", "Faye"):
        save(desk, "person", family_name=name)
    table = a_list(qtbot, desk)
    table.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [row.title for row in table.model.rows] == ["Diallo", "Faye", "Sow"]
    table.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert [row.title for row in table.model.rows] == ["Sow", "Faye", "Diallo"]
    qtbot.keyClicks(table.field, "jallow")
    qtbot.waitUntil(lambda: len(table.model.rows) == 1)
    assert table.count.text() == "1 record"
    table.field.setText("nobody of this name")
    qtbot.keyClick(table.field, Qt.Key.Key_Return)
    assert table.empty.title.text() == "Nothing fits."
    assert not table.empty.button.isVisible()


def test_filters_by_choice(qtbot: QtBot, desk: Desk) -> None:
    save(desk, "person", family_name="Sow", sex="female")
    save(desk, "person", family_name="Faye", languages=["wo", "fr"])
    table = a_list(qtbot, desk)
    table.filters.set("sex", "female")
    assert [row.title for row in table.model.rows] == ["Sow"]
    assert table.filters.isVisible()
    table.filters.drop("sex")
    table.filters.set("languages", "fr")
    assert [row.title for row in table.model.rows] == ["Faye"]


def test_delete_undo_and_bin(qtbot: QtBot, desk: Desk) -> None:
    for name in ("Sow", "Diallo", "Faye"):
        save(desk, "person", family_name=name)
    table = a_list(qtbot, desk)
    table.table.selectAll()
    table.delete()
    assert table.model.rows == []
    assert "3" in table.notice_words.text()
    table.undo_button.click()
    assert len(table.model.rows) == 3
    table.choose(table.model.rows[0].id)
    gone = table.current()
    table.delete()
    table.bin_action.setChecked(True)
    assert [row.id for row in table.model.rows] == [gone]
    table.table.selectAll()
    table.delete()
    assert table.model.rows == []
    table.leave_bin_button.click()
    assert len(table.model.rows) == 3


def test_columns_are_remembered(qtbot: QtBot, desk: Desk) -> None:
    table = a_list(qtbot, desk)
    email = table.about["email"]
    table.columns._toggle(email, table._set_columns, True)
    assert email in table.model.columns
    assert email in a_list(qtbot, desk).model.columns


def test_export_and_print_what_is_shown(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    save(desk, "person", family_name="Sow")
    save(desk, "person", family_name="Faye")
    table = a_list(qtbot, desk)
    table.field.setText("sow")
    table.ask()
    asker, shell = desk.asker, desk.shell
    assert isinstance(asker, ScriptedAsker)
    assert isinstance(shell, NotingShell)
    asker.file = tmp_path / "out.csv"
    table.export("csv")
    text = asker.file.read_text("utf-8-sig")
    assert "Sow" in text
    assert "Faye" not in text
    assert asker.told == ["1 record written."]
    table.print_list()
    table.import_table()
    assert shell.calls[0][1][0] == "list-sheet"
    assert shell.calls[1] == ("go", ("import", {"kind": "person"}))


def test_history_tells_and_undoes(qtbot: QtBot, desk: Desk) -> None:
    id = save(desk, "person", family_name="Diallo")
    desk.store.write(records.save, "person", id, {"family_name": "Sow"})
    past = RecordHistory(desk, "person")
    qtbot.addWidget(past)
    past.load(id)
    assert [event.action for event in past.events] == ["changed", "created"]
    past._undo(past.events[0])
    assert desk.store.read(records.get, "person", id).title == "Diallo"
    assert [event.action for event in past.events] == ["changed", "changed", "created"]
    assert past.events[1].undone


def test_links_follow_from_declarations(qtbot: QtBot, desk: Desk) -> None:
    found = links_to("person")
    assert found["case"] == ("person", "relative")
    assert "consent" not in found
    assert "account" not in found
    person = save(desk, "person", family_name="Diallo")
    project = save(desk, "project", name="Alliance")
    partner = save(desk, "organisation", name="Association")
    save(desk, "participation", project=project, organisation=partner)
    save(desk, "case", title="Poultry", person=person)
    linked = LinkedList(desk, "case", found["case"])
    qtbot.addWidget(linked)
    with qtbot.waitSignal(linked.counted):
        linked.load(person)
    assert [view.title for view in linked.list.rows] == ["Poultry"]
    partners = LinkedList(desk, "participation", links_to("organisation")["participation"])
    qtbot.addWidget(partners)
    partners.load(partner)
    partners._open(partners.list.rows[0])
    assert isinstance(desk.shell, NotingShell)
    assert desk.shell.calls == [("open", ("project", project))]


def a_page(qtbot: QtBot, desk: Desk, kind: type[Page], width: int = 1154) -> Any:
    page = kind(desk)
    desk.runner.changed.connect(page.on_changed)
    qtbot.addWidget(page)
    page.resize(width, 700)
    page.show()
    page.load()
    return page


def test_people_show_consents_and_search_before_create(qtbot: QtBot, desk: Desk) -> None:
    id = save(desk, "person", family_name="Diallo")
    page = a_page(qtbot, desk, PeoplePage)
    page.arrive(kind="person", id=id)
    detail = page.split.detail
    assert detail.title.text() == "Diallo"
    assert detail.badges.count() == 1
    save(desk, "consent", person=id, purpose="contact", answer="refused")
    assert detail.badges.count() == 1
    badge = detail.badges.itemAt(0).widget()
    assert (badge.property("tone"), badge.text()[0]) == ("late", "✗")
    page.split.list.new_button.click()
    assert isinstance(desk.shell, NotingShell)
    assert desk.shell.calls == [("go", ("receive", {}))]


def test_a_file_left_while_typing_keeps_a_draft(qtbot: QtBot, desk: Desk) -> None:
    first, second = (save(desk, "person", family_name=name) for name in ("Sow", "Faye"))
    page = a_page(qtbot, desk, PeoplePage)
    page.arrive(id=first)
    editor = page.split.detail.form.boxes["given_name"].editor
    assert isinstance(editor, LineEditor)
    qtbot.keyClicks(editor.line, "Awa")
    page.arrive(id=second)
    assert desk.store.read(drafts.newest, drafts.key("person", "", first)) is not None
    assert desk.store.read(records.get, "person", first).values["given_name"] is None


def test_narrow_windows_show_one_at_a_time(qtbot: QtBot, desk: Desk) -> None:
    id = save(desk, "person", family_name="Sow")
    page = a_page(qtbot, desk, PeoplePage, 700)
    assert page.split.list.isVisible()
    page.split.show_record(id)
    assert not page.split.list.isVisible()
    page.split.back_button.click()
    assert page.split.list.isVisible()


def test_a_case_adds_up_and_moves_on(qtbot: QtBot, desk: Desk) -> None:
    gives_a_reason(desk)
    person = save(desk, "person", family_name="Diallo")
    case = save(desk, "case", title="Poultry", person=person)
    save(desk, "budget_line", case=case, what="Shed", price="500000 XOF", quantity=2.0)
    save(desk, "finance_line", case=case, source="Savings", amount="600000 XOF")
    page = a_page(qtbot, desk, CasesPage)
    page.arrive(kind="case", id=case)
    file = page.file
    assert "Diallo" in file.subtitle.text()
    assert "400,000" in file.side.sums.gap.text()
    assert file.side.sums.gap.property("tone") == "waiting"
    # "2 × 500 000" counts as a million, in the table of the form too.
    assert "1,000,000" in file.form.lines["budget_line"].total.text()
    qtbot.mouseClick(file.stages.labels[1], Qt.MouseButton.LeftButton)
    assert desk.store.read(records.get, "case", case).values["stage"] == cases.stages()[1][0]
    assert file.stages.labels[0].property("state") == "done"
    assert file.stages.labels[1].property("state") == "current"


def test_new_step_from_the_head(qtbot: QtBot, desk: Desk) -> None:
    person = save(desk, "person", family_name="Diallo")
    case = save(desk, "case", title="Poultry", person=person)
    page = a_page(qtbot, desk, CasesPage)
    page.show_case(case)
    page.file.step_button.click()
    assert page.file.tabs.current == "steps"
    line = page.file.form.lines["step"].lines[-1]
    for name, text in (("what", "Call the bank"), ("due", "24/11/2026")):
        qtbot.keyClicks(line.boxes[name].editor.line, text)
    page.file.form.save()
    (step,) = desk.store.read(records.lines_of, "step", case)
    assert (step.title, step.values["due"]) == ("Call the bank", "2026-11-24")
    assert "Steps 1" in [page.file.tabs.tabText(n) for n in range(page.file.tabs.count())]


def test_the_board_moves_cases(qtbot: QtBot, desk: Desk) -> None:
    gives_a_reason(desk)
    person = save(desk, "person", family_name="Diallo")
    case = save(desk, "case", title="Poultry", person=person)
    page = a_page(qtbot, desk, CasesPage)
    page.buttons.button(1).click()
    first, second = page.board.columns[:2]
    assert first.list.count() == 1
    first.list.setCurrentRow(0)
    first.moved.emit(case, 1)
    second = page.board.columns[1]
    assert second.list.count() == 1
    second.opened.emit(case)
    assert page.file.id == case
    page.buttons.button(2).click()
    assert page.board.columns[-1].list.count() == 1


@pytest.mark.parametrize("kind", list(DirectoryPage.kinds))
def test_directory_shows_every_kind(qtbot: QtBot, desk: Desk, kind: str) -> None:
    page = a_page(qtbot, desk, DirectoryPage)
    page.tabs.select(kind)
    part = page.part(kind)
    assert part.list.empty.words.text() == str(DirectoryPage.kinds[kind][1])
    part.list.empty.button.click()
    typed = partial(qtbot.keyClicks, part.detail.form.boxes["name"].editor.line)
    typed("Something")
    part.detail.form.save()
    assert part.detail.title.text() == "Something"
    assert [row.title for row in part.list.model.rows] == ["Something"]
    page.arrive(kind=kind, id=part.detail.id)
    assert page.tabs.current == kind


def test_a_long_list_sorts_by_its_indexes_only(qtbot: QtBot, desk: Desk) -> None:
    for name in ("Sow", "Diallo", "Faye"):
        save(desk, "person", family_name=name, residence=name)
    table = a_list(qtbot, desk)
    table._on_counted(table.query(), LONG + 1)
    names = [field.name for field in table.model.columns]
    table.table.sortByColumn(names.index("family_name"), Qt.SortOrder.AscendingOrder)
    assert table.model.query.sort == "family_name"
    other = next(n for n in names if n not in table.about.ordered)
    table.table.sortByColumn(names.index(other), Qt.SortOrder.AscendingOrder)
    assert table.model.query.sort == "family_name"
    header = table.table.horizontalHeader()
    assert header.sortIndicatorSection() == names.index("family_name")
    assert str(table.about[other].label) in table.notice_words.text()
    table._on_counted(table.query(), LONG)
    table.table.sortByColumn(names.index(other), Qt.SortOrder.AscendingOrder)
    assert table.model.query.sort == other
    table._on_counted(table.query(), LONG + 1)
    assert table.model.query.sort == ""

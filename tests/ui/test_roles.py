"""What each role finds on the real screens: nothing is offered that would be refused, and
the window shows only the places that are open."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import double_entry, fieldwork, records
from migdesk.services.views import Query
from migdesk.settings import Settings
from migdesk.ui.desk import Account, Desk
from migdesk.ui.formview import About, StartPanel
from migdesk.ui.pages.campaigns import CampaignsPage
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from migdesk.ui.pages.settings import SettingsPage
from migdesk.ui.pages.today import TodayPage
from migdesk.ui.places import PLACES
from migdesk.ui.recordview.detail import RecordDetail
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.rights import may_open, may_write
from migdesk.ui.widgets.row_list import RowWidget
from migdesk.ui.window import Window
from tests.services import field
from tests.ui.conftest import NotingShell, ScriptedAsker

Make = Callable[..., str]
As = Callable[[str], Desk]
Key = Qt.Key


@pytest.fixture
def log_in(desk: Desk, store: Store, make: Make) -> As:
    """Work as somebody with this role, on the screen and in the database."""

    def change(role: str) -> Desk:
        store.role = ""
        id = make("account", name="Malang Cissé", role=role)
        desk.account = Account(id, "Malang Cissé", role, "HOM Sédhiou")
        store.actor, store.role = id, role
        return desk

    return change


@pytest.fixture
def form(store: Store) -> str:
    return field.questionnaire(store)


@pytest.fixture
def campaign(make: Make, form: str) -> str:
    return make("campaign", name="Besoins 2026", questionnaire=form, state="running")


@pytest.fixture
def show(qtbot: QtBot, desk: Desk) -> Callable[[QWidget], None]:
    def place(made: QWidget) -> None:
        qtbot.addWidget(made)
        made.resize(1100, 700)
        made.show()
        qtbot.waitExposed(made)
        made.activateWindow()

    return place


def words(widget: QWidget) -> str:
    QApplication.processEvents()
    labels = (label.text() for label in widget.findChildren(QLabel) if label.isVisible())
    return " ".join(labels)


def pressable(widget: QWidget) -> set[str]:
    QApplication.processEvents()  # what was just laid out shows itself then
    return {b.text() for b in widget.findChildren(QPushButton) if b.isVisible()}


# lists and files of records


def test_a_list_offers_nothing_to_who_may_only_read(
    log_in: As, make: Make, store: Store, show: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    visit = make("visit", request="funding_search", person=make("person", family_name="Diallo"))
    table = RecordTable(log_in("enumerator"), "visit")
    asked: list[bool] = []
    table.new_asked.connect(lambda: asked.append(True))
    show(table)
    table.load()
    assert not table.new_button.isVisible()
    offered = [a.text() for a in table.more_button.menu().actions() if a.isVisible()]
    assert "Delete" not in offered and "Import…" not in offered
    assert "Export to CSV…" in offered
    table.choose(visit)
    table.table.setFocus()
    qtbot.keyClick(table.table, Key.Key_Delete)
    qtbot.keyClick(table.table, Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert asked == []
    assert not store.read(records.get, "visit", visit).deleted


def test_an_empty_list_says_that_it_is_only_read(
    log_in: As, show: Callable[[QWidget], None]
) -> None:
    table = RecordTable(log_in("enumerator"), "visit")
    show(table)
    table.load()
    assert table.empty.words.text() == "Your account may read this (Visits), not change it."
    assert not table.empty.button.isVisible()


def test_an_agent_has_everything_of_a_case(
    log_in: As, show: Callable[[QWidget], None]
) -> None:
    table = RecordTable(log_in("agent"), "case")
    show(table)
    table.load()
    assert table.new_button.isVisible() and table.empty.button.isVisible()
    table.bin_action.setChecked(True)
    assert not table.new_button.isEnabled()
    table.bin_action.setChecked(False)
    assert table.new_button.isEnabled()


def test_a_file_is_only_read(
    log_in: As, make: Make, show: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    case = make("case", title="Aviculture", person=make("person", family_name="Diallo"))
    make("budget_line", case=case, what="Poussins", price="150 XOF", quantity=10)
    detail = RecordDetail(log_in("enumerator"), "case")
    show(detail)
    detail.show_record(case)
    made = detail.form
    assert made is not None and made.readonly
    title = made.boxes["title"].editor
    qtbot.keyClicks(title.focusProxy(), "x")
    assert made.boxes["title"].value() == "Aviculture"
    assert not made.dirty()
    assert "may read this (Cases)" in words(detail)
    lines = made.lines["budget_line"]
    assert not lines.add_button.isVisible()
    assert not lines.lines[0].remove_button.isVisible()
    assert {"Save", "Cancel"}.isdisjoint(pressable(detail))
    detail.tabs.select("history")
    assert "Undo" not in pressable(detail)
    detail.tabs.select("files")
    assert {"Add a file…", "Delete"}.isdisjoint(pressable(detail))
    assert "Save a copy…" in pressable(detail)


def test_who_may_write_has_undo_and_files(
    log_in: As, make: Make, show: Callable[[QWidget], None]
) -> None:
    case = make("case", title="Aviculture", person=make("person", family_name="Diallo"))
    detail = RecordDetail(log_in("agent"), "case")
    show(detail)
    detail.show_record(case)
    detail.tabs.select("history")
    assert "Undo" in pressable(detail)
    detail.tabs.select("files")
    assert {"Add a file…", "Delete"} <= pressable(detail)


# an enumerator's window


@pytest.fixture
def window(
    log_in: As, settings: Settings, tmp_path: object, qtbot: QtBot, asker: ScriptedAsker
) -> Iterator[Window]:
    made = Window(settings)
    qtbot.addWidget(made)
    made.settle(log_in("enumerator"), PLACES)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.leave()


def test_an_enumerator_has_only_the_places_of_the_field(
    window: Window, desk: Desk, make: Make, qtbot: QtBot
) -> None:
    at = window._at
    assert at is not None
    shown = [name for name, place in at.places.items() if place.icon]
    assert shown == ["today", "questionnaires", "campaigns", "exchange", "settings"]
    assert not at.top.receive.isVisible()
    for closed in ("people", "receive", "cases", "directory", "settle", "answers", "import"):
        window.go(closed)
        assert at.here != closed
    make("person", family_name="Diallo")
    make("survey_unit", campaign="c", name="Diallo Ménage")
    finder = at.top.finder
    qtbot.keyClicks(finder.line, "diallo")
    qtbot.waitUntil(lambda: finder.results is not None and finder.results.isVisible())
    assert finder.results is not None
    shown = [finder.results.item(n).text() for n in range(finder.results.count())]
    assert [text.split("   ")[0] for text in shown] == ["Survey units", "Diallo Ménage"]
    assert not may_open(desk, "person") and may_open(desk, "campaign")
    assert may_write(desk, "submission") and not may_write(desk, "campaign")


def test_today_of_an_enumerator_shows_visits_and_no_person(
    log_in: As,
    make: Make,
    store: Store,
    campaign: str,
    show: Callable[[QWidget], None],
    shell: NotingShell,
    qtbot: QtBot,
) -> None:
    case = make("case", title="Aviculture", person=make("person", family_name="Diallo"))
    make("step", case=case, what="Appeler", due="2026-11-20")
    make("survey_unit", campaign=campaign, name="Ménage 4", code="M4")
    store.write(fieldwork.make_draw, campaign, "simple", 1, "s")
    desk = log_in("enumerator")
    store.write(fieldwork.share_out, campaign, [desk.account.id])
    page = TodayPage(desk)
    show(page)
    page.load()
    assert "Appeler" not in words(page) and "Welcome" not in words(page)
    assert "Ménage 4" in words(page)
    qtbot.keyClick(page.visits.rows.findChildren(RowWidget)[0], Key.Key_Return)
    assert shell.went[-1][1]["kind"] == "survey_unit"
    assert page.drafts.isVisible() and page.exchange.isVisible()
    assert not page.due.isVisible() and not page.welcome.isVisible()


def test_questionnaires_of_an_enumerator(
    log_in: As, form: str, show: Callable[[QWidget], None], shell: NotingShell
) -> None:
    page = QuestionnairesPage(log_in("enumerator"))
    show(page)
    page.load()
    offered = pressable(page.home)
    assert "Fill" in offered and "Print blank" in offered
    assert {"Answers…", "Import a questionnaire…", "Files…"}.isdisjoint(offered)


def test_questionnaires_of_an_agent(
    log_in: As, form: str, show: Callable[[QWidget], None]
) -> None:
    page = QuestionnairesPage(log_in("agent"))
    show(page)
    page.load()
    assert {"Fill", "Answers…", "Import a questionnaire…"} <= pressable(page.home)


def test_a_campaign_is_read_by_an_enumerator_and_led_by_an_agent(
    log_in: As, make: Make, store: Store, campaign: str, show: Callable[[QWidget], None]
) -> None:
    for n in range(4):
        make("survey_unit", campaign=campaign, name=f"Ménage {n}")
    store.write(fieldwork.make_draw, campaign, "simple", 2, "s")
    leading = {"Draw a sample…", "Add units", "Share out the rest", "Give the selected ones"}
    for role, may in (("enumerator", False), ("agent", True)):
        page = CampaignsPage(log_in(role))
        show(page)
        page.load()
        page.tabs.select("campaigns")
        assert page.list.new_button.isVisible() is may
        page.show_campaign(campaign, "sample")
        assert (leading <= pressable(page)) is may
        assert leading.isdisjoint(pressable(page)) is not may
        assert "Absent" in pressable(page)
        page.file.tabs.select("fields")
        made = page.file.fields.form
        assert made is not None and made.readonly is not may
        assert made.lines["campaign_target"].add_button.isHidden() is not may


def test_settings_of_an_agent(log_in: As, show: Callable[[QWidget], None]) -> None:
    page = SettingsPage(log_in("agent"))
    show(page)
    page.load()
    page.arrive(tab="office")
    assert "may read this" in words(page)
    assert "Save" not in pressable(page)
    page.arrive(tab="words")
    assert "New" in pressable(page)


# deleting a campaign


def test_deleting_a_campaign_says_what_goes_and_asks(
    desk: Desk,
    make: Make,
    store: Store,
    campaign: str,
    show: Callable[[QWidget], None],
    asker: ScriptedAsker,
    qtbot: QtBot,
) -> None:
    unit = make("survey_unit", campaign=campaign, name="Ménage 1")
    page = CampaignsPage(desk)
    show(page)
    desk.runner.changed.connect(page.on_changed)
    page.load()
    QApplication.processEvents()
    page.list.choose(campaign)
    page.list.table.setFocus()
    qtbot.keyClick(page.list.table, Key.Key_Delete)  # not confirmed
    assert asker.asked == ["Delete 1 campaign?"]
    assert not store.read(records.get, "campaign", campaign).deleted
    asker.confirms = [True]
    qtbot.keyClick(page.list.table, Key.Key_Delete)
    assert store.read(records.get, "survey_unit", unit).deleted
    page.list.undo_button.click()
    assert not store.read(records.get, "survey_unit", unit).deleted
    assert not store.read(records.get, "campaign", campaign).deleted
    desk.runner.changed.disconnect(page.on_changed)


# the second entry


def test_the_second_entry_is_begun_by_somebody_else_only(
    log_in: As,
    desk: Desk,
    store: Store,
    campaign: str,
    form: str,
    show: Callable[[QWidget], None],
    asker: ScriptedAsker,
    qtbot: QtBot,
) -> None:
    paper = store.write(double_entry.add_paper, campaign, "0012")
    first = field.fill(store, form, {"who": "Awa"}, {"paper_copy": paper})
    begun: list[object] = []
    pages: list[QWidget] = []

    def panel() -> StartPanel:
        page = QuestionnairesPage(desk)
        pages.append(page)
        show(page)
        page.prepare(form, (About("paper_copy", paper, "0012"),))
        made = page.pages.currentWidget()
        assert isinstance(made, StartPanel)
        made.begun.connect(begun.append)
        QApplication.processEvents()
        made.begin_button.setFocus()
        qtbot.keyClick(made.begin_button, Key.Key_Return)
        QApplication.processEvents()
        return made

    refused = panel()
    assert "You typed the first entry of “0012”" in refused.wrong.text()
    assert refused.wrong.isVisible() and begun == []
    log_in("agent")
    page = QuestionnairesPage(desk)
    show(page)
    page.load()
    assert page.home.table.model.rows == []
    page.read(first)
    assert [fault.code for fault in asker.faults] == ["DBE-006"]
    panel()
    assert len(begun) == 1
    field.fill(store, form, {"who": "Awa D."}, {"paper_copy": paper})
    rows = store.read(records.list_page, "submission", Query()).rows
    assert [row.id for row in rows] == [first]

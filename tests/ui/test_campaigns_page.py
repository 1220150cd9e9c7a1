"""Campaigns on the screen: from a frame to a sample, to visits, to checks, to settled paper,
with the real widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from migdesk.i18n import speaking
from migdesk.models.store import Store
from migdesk.services import double_entry, fieldwork, records, submissions
from migdesk.services.views import Query
from migdesk.ui.desk import Account, Desk
from migdesk.ui.formview import FormView, StartPanel
from migdesk.ui.pages.campaigns import CampaignsPage
from migdesk.ui.pages.campaigns_parts import Rows
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from tests.services import field
from tests.ui.conftest import NotingShell, ScriptedAsker

Make = Callable[..., str]
Key = Qt.Key


@pytest.fixture
def form(store: Store) -> str:
    return field.questionnaire(store)


@pytest.fixture
def campaign(make: Make, form: str) -> str:
    return make("campaign", name="Besoins 2026", questionnaire=form, state="running")


@pytest.fixture
def enumerator(make: Make) -> str:
    return make("account", name="Malang Cissé", role="enumerator")


def frame(make: Make, campaign: str, count: int = 10) -> None:
    for n in range(count):
        make(
            "survey_unit",
            campaign=campaign,
            name=f"Ménage {n}",
            code=f"M{n}",
            stratum="Nord" if n % 2 else "Sud",
        )


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[CampaignsPage]:
    yield from shown(desk, qtbot)


def shown(desk: Desk, qtbot: QtBot) -> Iterator[CampaignsPage]:
    made = CampaignsPage(desk)
    qtbot.addWidget(made)
    desk.runner.changed.connect(made.on_changed)
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.load()
    yield made
    desk.runner.changed.disconnect(made.on_changed)


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def units(store: Store, campaign: str, **filters: str) -> list[Any]:
    query = Query(filters=(("campaign", campaign), *filters.items()))
    return list(store.read(records.list_page, "survey_unit", query).rows)


# the list and a new campaign


def test_an_empty_list_says_how_to_begin(page: CampaignsPage) -> None:
    assert page.list.pages.currentIndex() == 1
    assert "one questionnaire" in page.list.empty.title.text()
    page.tabs.select("visits")
    assert page.visits.table.currentIndex() == 1
    assert "No visit" in page.visits.table.nothing.purpose.text()


def test_a_new_campaign_is_typed_and_saved(
    page: CampaignsPage, store: Store, form: str, qtbot: QtBot
) -> None:
    page.list.new_button.click()
    assert not page.file.tabs.isVisible()
    typed = page.file.fields.form
    assert typed is not None
    qtbot.keyClicks(typed.boxes["name"].editor.focusProxy() or focused(), "Enquete menages")
    typed.boxes["questionnaire"].set_value(form)
    typed.boxes["starts"].set_value("2026-11-16")
    typed.save()
    rows = store.read(records.list_page, "campaign", Query()).rows
    assert [row.title for row in rows] == ["Enquete menages"]
    assert page.file.header.title.text() == "Enquete menages"
    assert page.file.tabs.isVisible()


def test_enter_in_the_list_opens_a_campaign_and_back(
    page: CampaignsPage, campaign: str, qtbot: QtBot
) -> None:
    page.load()
    page.list.choose(campaign)
    page.list.table.activated.emit(page.list.table.currentIndex())
    assert page.stack.currentWidget() is page.file
    assert page.file.badge.text() == "Under way"
    page.file.closed.emit()
    assert page.stack.currentWidget() is page.all


# progress


def test_progress_says_what_is_missing_or_shows_bars(
    page: CampaignsPage, store: Store, make: Make, form: str, campaign: str
) -> None:
    page.show_campaign(campaign)
    assert page.file.progress.nothing.isVisible()
    make("campaign_target", campaign=campaign, sex="female", number=4)
    field.fill(store, form, {"who": "Awa", "sex": "1"}, {"campaign": campaign})
    part = page.file.progress
    assert not part.nothing.isVisible()
    assert "1 / 4" in words(part.figures)
    assert "25" in words(part.figures)
    bar = part.targets.findChildren(QProgressBar)[-1]
    assert (bar.value(), bar.maximum()) == (1, 4)
    assert bar.accessibleName().startswith("Female, 1 / 4")


def test_progress_is_printed_and_filling_begins(
    page: CampaignsPage, shell: NotingShell, form: str, campaign: str
) -> None:
    page.show_campaign(campaign)
    page.file.print_button.click()
    page.file.fill_button.click()
    assert shell.printed == [("campaign-progress", {"id": campaign})]
    assert shell.went == [
        ("questionnaires", {"questionnaire": form, "kind": "campaign", "id": campaign})
    ]


# sample


def test_a_sample_is_drawn_by_keyboard(
    page: CampaignsPage, store: Store, make: Make, campaign: str, qtbot: QtBot
) -> None:
    frame(make, campaign)
    page.show_campaign(campaign, "sample")
    part = page.file.sample
    assert "10 units in the frame" in part.summary.text()
    part.draw_button.click()
    card = part.draw_card
    assert card.isVisible()
    assert not part.units.isVisible()
    assert "10 units are not drawn yet, 2 strata" in card.frame.text()
    assert card.method.hasFocus()
    qtbot.keyClick(card.method, Key.Key_Down)
    qtbot.keyClick(card.method, Key.Key_Down)
    assert card.method.currentData() == "stratified"
    qtbot.keyClick(focused(), Key.Key_Tab)
    qtbot.keyClicks(focused(), "4")
    assert card.reserve.text() == "1"
    qtbot.keyClick(focused(), Key.Key_Tab)
    qtbot.keyClicks(focused(), "2")
    qtbot.keyClick(focused(), Key.Key_Tab)
    assert len(card.seed.text()) == 8
    card.seed.selectAll()
    qtbot.keyClicks(card.seed, "tirage public")
    qtbot.keyClick(card.seed, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    drawn = store.read(fieldwork.draws, campaign)
    assert [(d.values["seed"], d.values["method"]) for d in drawn] == [
        ("tirage public", "stratified")
    ]
    assert len(units(store, campaign, part="sample")) == 4
    assert len(units(store, campaign, part="reserve")) == 2
    assert part.units.isVisible()
    assert "6 drawn" in part.summary.text()


def test_too_many_are_refused_beside_the_fields(
    page: CampaignsPage, make: Make, campaign: str, qtbot: QtBot, asker: ScriptedAsker
) -> None:
    frame(make, campaign, 3)
    page.show_campaign(campaign, "sample")
    page.file.sample.draw_button.click()
    card = page.file.sample.draw_card
    qtbot.keyClicks(card.number, "9")
    card.go_button.click()
    assert card.isVisible()
    assert "has 3 units" in card.wrong.text()
    assert asker.faults == []
    qtbot.keyClick(card.number, Key.Key_Escape)
    assert not card.isVisible()


def test_a_draw_is_taken_back(
    page: CampaignsPage, store: Store, make: Make, campaign: str, asker: ScriptedAsker
) -> None:
    frame(make, campaign, 5)
    page.show_campaign(campaign, "sample")
    page.file.sample.draw_button.click()
    page.file.sample.draw_card.number.setText("2")
    page.file.sample.draw_card.go()
    assert asker.then is not None
    asker.then()
    assert len(store.read(fieldwork.waiting_frame, campaign)) == 5


def test_units_come_from_our_own_records(
    page: CampaignsPage, store: Store, make: Make, campaign: str, qtbot: QtBot
) -> None:
    place = make("place", name="Karantaba")
    for n in range(3):
        make("household", name=f"Famille {n}", place=place)
    make("household", name="Autre")
    page.show_campaign(campaign, "sample")
    part = page.file.sample
    part.sources().actions()[1].trigger()
    card = part.frame_card
    assert card.found.text() == "4 records"
    qtbot.keyClicks(card.text, "Karantaba")
    assert card.found.text() == "3 records"
    card.stratum.setCurrentIndex(card.stratum.findData("place"))
    card.go_button.click()
    assert {unit.values["stratum"] for unit in units(store, campaign)} == {"Karantaba"}
    assert len(units(store, campaign)) == 3


def test_units_come_from_a_table_of_this_campaign(
    page: CampaignsPage, shell: NotingShell, campaign: str
) -> None:
    page.show_campaign(campaign, "sample")
    page.file.sample.sources().actions()[0].trigger()
    given = {"campaign": campaign}
    assert shell.went == [("import", {"kind": "survey_unit", "given": given})]


@pytest.fixture
def drawn(store: Store, make: Make, campaign: str) -> str:
    """A campaign with a sample of four and a reserve of two."""
    frame(make, campaign)
    store.write(fieldwork.make_draw, campaign, "simple", 4, "s", 2)
    return campaign


def test_a_visit_is_refused_then_replaced(
    page: CampaignsPage, store: Store, drawn: str, asker: ScriptedAsker
) -> None:
    page.show_campaign(drawn, "sample")
    part = page.file.sample
    gone = units(store, drawn, part="sample")[0].id
    part.table.choose(gone)
    asker.texts = ["Ne veut pas", "", "Refus définitif"]
    part.refused_button.click()
    assert store.read(records.get, "survey_unit", gone).values["reason"] == "Ne veut pas"
    part.table.choose(gone)
    part.replace_button.click()  # without a reason
    assert [fault.code for fault in asker.faults] == ["SMP-003"]
    part.replace_button.click()
    assert store.read(records.get, "survey_unit", gone).values["state"] == "replaced"
    called = units(store, drawn, part="replacement")
    assert [unit.values["replaces"] for unit in called] == [gone]


def test_units_are_given_and_shared_out(
    page: CampaignsPage, store: Store, drawn: str, enumerator: str
) -> None:
    page.show_campaign(drawn, "sample")
    part = page.file.sample
    first = units(store, drawn, part="sample")[0].id
    part.table.choose(first)
    part.who.setCurrentIndex(part.who.findData("acc-1"))
    part.give_button.click()
    assert store.read(records.get, "survey_unit", first).values["account"] == "acc-1"
    part.share_button.click()
    assert len(units(store, drawn, account=enumerator)) == 3


# my visits


def test_an_enumerator_begins_with_the_visits_and_fills(
    desk: Desk,
    store: Store,
    form: str,
    drawn: str,
    enumerator: str,
    shell: NotingShell,
    qtbot: QtBot,
) -> None:
    store.write(fieldwork.share_out, drawn, [enumerator])
    desk.account = Account(enumerator, "Malang Cissé", "enumerator")
    for page in shown(desk, qtbot):
        assert page.tabs.current == "visits"
        assert page.tabs.tabText(1).endswith("4")
        visits = page.visits
        code = visits.visits[2].unit.code
        qtbot.keyClicks(visits.field, code.lower())
        assert [v.unit.code for v in visits.table.things] == [code]
        qtbot.keyClick(visits.field, Key.Key_Return)
        visits.table.opened.emit()
        unit = visits.visits[2].unit.id
        went = {"questionnaire": form, "kind": "survey_unit", "id": unit}
        assert shell.went == [("questionnaires", went)]
        visits.absent_button.click()
        assert store.read(records.get, "survey_unit", unit).values["state"] == "absent"
        field.fill(store, form, {"who": "Awa"}, {"survey_unit": unit})
        assert len(visits.visits) == 3
        visits.print_button.click()
        assert shell.printed == [("visit-list", {"account": enumerator})]


def test_targets_of_an_enumerator_lead_to_the_questionnaire(
    desk: Desk,
    make: Make,
    store: Store,
    form: str,
    campaign: str,
    enumerator: str,
    shell: NotingShell,
    qtbot: QtBot,
) -> None:
    make("campaign_target", campaign=campaign, sex="female", number=3, account=enumerator)
    make("campaign_target", campaign=campaign, sex="male", number=3, account="acc-1")
    desk.account = Account(enumerator, "Malang Cissé", "enumerator")
    for page in shown(desk, qtbot):
        assert page.visits.targets_card.isVisible()
        assert [row.accessibleName() for row in page.visits.targets.rows] == [
            "Female · Besoins 2026 · 0 / 3"
        ]
        qtbot.keyClick(page.visits.targets.rows[0], Key.Key_Return)
        went = {"questionnaire": form, "kind": "campaign", "id": campaign}
        assert shell.went == [("questionnaires", went)]
        store.actor = enumerator
        field.fill(store, form, {"who": "Awa", "sex": "1"}, {"campaign": campaign})
        assert page.visits.targets.rows[0].accessibleName().endswith("1 / 3")


def test_a_whole_place_is_given(
    page: CampaignsPage, store: Store, make: Make, campaign: str, enumerator: str
) -> None:
    here, there = make("place", name="Sakar"), make("place", name="Simbandi")
    for n in range(6):
        place = here if n < 4 else there
        make("survey_unit", campaign=campaign, name=f"Ménage {n}", place=place)
    store.write(fieldwork.make_draw, campaign, "simple", 6, "s")
    page.show_campaign(campaign, "sample")
    part = page.file.sample
    part.table.choose(units(store, campaign, place=here)[0].id)
    part.who.setCurrentIndex(part.who.findData(enumerator))
    part.place_button.click()
    assert len(units(store, campaign, account=enumerator)) == 4


# quality


def test_findings_are_opened_and_looked_at(
    page: CampaignsPage,
    store: Store,
    make: Make,
    form: str,
    campaign: str,
    shell: NotingShell,
    asker: ScriptedAsker,
) -> None:
    unit = make("survey_unit", campaign=campaign, name="Ménage 1")
    first = field.fill(store, form, {"who": "Awa"}, {"survey_unit": unit})
    second = field.fill(store, form, {"who": "Binta"}, {"survey_unit": unit})
    page.show_campaign(campaign, "quality")
    part = page.file.quality
    part.check.setCurrentIndex(part.check.findData("twin"))
    assert [f.submission for f in part.table.things] == [second]
    part.open_button.click()
    part.other_button.click()
    assert shell.opened == [("submission", second), ("submission", first)]
    asker.texts = ["Deux ménages au même endroit"]
    part.seen_button.click()
    assert part.table.things == []
    part.also_seen.setChecked(True)
    assert part.table.model.rows[0][-1] == "Deux ménages au même endroit"
    part.again_button.click()
    part.also_seen.setChecked(False)
    assert len(part.table.things) == 1
    part.tabs.setCurrentIndex(1)
    assert part.gaps.isVisible()


# double entry


def entered(store: Store, form: str, paper: str, who: str, age: str) -> None:
    store.actor = who
    answers = {"who": "Awa", "sex": "1" if age == "34" else "2", "age": age}
    field.fill(store, form, answers, {"paper_copy": paper})
    store.actor = "acc-1"


def test_a_paper_is_added_and_typed(
    page: CampaignsPage,
    store: Store,
    form: str,
    campaign: str,
    enumerator: str,
    shell: NotingShell,
    qtbot: QtBot,
) -> None:
    page.show_campaign(campaign, "entry")
    part = page.file.entry
    qtbot.keyClicks(part.number, "0012")
    qtbot.keyClick(part.number, Key.Key_Return)
    paper = store.read(double_entry.papers, campaign)[0].id
    assert part.number.text() == ""
    qtbot.keyClicks(part.number, "0012")
    qtbot.keyClick(part.number, Key.Key_Return)
    assert "0012" in part.wrong.text()
    part.table.opened.emit()
    went = {"questionnaire": form, "kind": "paper_copy", "id": paper}
    assert shell.went == [("questionnaires", went)]
    entered(store, form, paper, "acc-1", "34")
    part.type_button.click()
    assert "somebody else" in part.wrong.text()
    assert len(shell.went) == 1
    assert not part.open_button.isEnabled()


def test_differences_are_decided_by_keyboard(
    page: CampaignsPage,
    store: Store,
    form: str,
    campaign: str,
    enumerator: str,
    asker: ScriptedAsker,
    qtbot: QtBot,
) -> None:
    paper = store.write(double_entry.add_paper, campaign, "0012")
    entered(store, form, paper, "acc-1", "34")
    entered(store, form, paper, enumerator, "43")
    page.arrive(kind="paper_copy", id=paper)
    part = page.file.entry
    view = part.compare_view
    assert part.currentWidget() is view
    assert [row.difference.ref for row in view.rows] == ["/data/sex", "/data/age"]
    assert "Fatou Diatta" in view.header.subtitle.text()
    assert not view.settle_button.isEnabled()
    assert focused() is view.rows[0]
    qtbot.keyClick(focused(), Key.Key_2)
    assert focused() is view.rows[1]
    qtbot.keyClick(focused(), Key.Key_3)
    qtbot.keyClicks(focused(), "35")
    assert view.settle_button.isEnabled()
    qtbot.keyClick(focused(), Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    done = store.read(records.get, "paper_copy", paper).values
    assert (done["state"], done["errors"], done["errors_2"]) == ("settled", 2, 1)
    xml = store.read(submissions.filled, done["first"]).xml
    assert "<age>35</age>" in xml
    assert "<sex>2</sex>" in xml
    assert part.currentWidget() is part.list
    assert part.statistics.isVisible()
    assert "Malang Cissé" in words(part.statistics)
    assert part.open_button.isEnabled()
    assert asker.then is not None
    asker.then()
    assert store.read(records.get, "paper_copy", paper).values["state"] == "compare"


def test_a_wrong_value_stays_on_the_screen(
    page: CampaignsPage, store: Store, form: str, campaign: str, enumerator: str, qtbot: QtBot
) -> None:
    paper = store.write(double_entry.add_paper, campaign, "1")
    entered(store, form, paper, "acc-1", "34")
    entered(store, form, paper, enumerator, "43")
    page.show_campaign(campaign, "entry")
    part = page.file.entry
    part.table.opened.emit()
    view = part.compare_view
    view.rows[0].first.click()
    qtbot.keyClicks(view.rows[1].other, "beaucoup")
    view.settle_button.click()
    assert part.currentWidget() is view
    assert view.wrong.isVisible() or page.desk.asker.faults  # type: ignore[attr-defined]


# all


def test_units_papers_and_draws_lead_to_their_campaign(
    page: CampaignsPage, make: Make, campaign: str
) -> None:
    unit = make("survey_unit", campaign=campaign, name="Ménage 1")
    page.arrive(kind="survey_unit", id=unit)
    assert (page.file.id, page.file.tabs.current) == (campaign, "sample")
    page.arrive(visits=True)
    assert page.stack.currentWidget() is page.all
    page.arrive(kind="campaign", id=campaign)
    assert page.file.id == campaign


def test_the_page_in_french(desk: Desk, qtbot: QtBot, campaign: str) -> None:
    with speaking("fr"):
        for page in shown(desk, qtbot):
            page.show_campaign(campaign)
            assert page.file.badge.text() == "En cours"


def test_the_model_keeps_its_promises(qtmodeltester: ModelTester) -> None:
    model = Rows(["a", "b"])
    model.show_rows([["1", "2"], ["3", "4"]])
    qtmodeltester.check(model)


def test_from_a_visit_to_a_finished_interview(
    desk: Desk,
    store: Store,
    form: str,
    drawn: str,
    enumerator: str,
    shell: NotingShell,
    qtbot: QtBot,
) -> None:
    """The way that the window takes: my visits, the questionnaire, finished."""
    store.write(fieldwork.share_out, drawn, [enumerator])
    desk.account = Account(enumerator, "Malang Cissé", "enumerator")
    store.actor = enumerator
    for page in shown(desk, qtbot):
        page.visits.fill_button.click()
        name, args = shell.went.pop()
        unit = args["id"]
        filling = QuestionnairesPage(desk)
        qtbot.addWidget(filling)
        filling.show()
        filling.load()
        filling.arrive(**args)
        assert name == "questionnaires"
        start = filling.pages.currentWidget()
        assert isinstance(start, StartPanel)
        assert [each.kind for each in start.about.values()] == ["survey_unit"]
        start.begin()
        view = filling.pages.currentWidget()
        assert isinstance(view, FormView)
        view.filling.run.set("/data/who", "Awa")
        view.finish()
        assert store.read(records.get, "survey_unit", unit).values["state"] == "done"
        assert unit not in [visit.unit.id for visit in page.visits.visits]
        page.show_campaign(drawn)
        assert "1 / 4" in words(page.file.progress.figures)

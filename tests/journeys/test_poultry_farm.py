"""A poultry farm begun in Paris and opened in Sédhiou: two offices that exchange bundles, two
coaches, one dossier from the first call to the profit of a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from migdesk.services import records
from tests.journeys.bundling import pair, send, take
from tests.journeys.counter import Agent
from tests.journeys.ground import Ground


@dataclass
class Trip:
    """Both offices, and what was met on the way."""

    ground: Ground
    paris: Agent
    sedhiou: Agent
    person: str = ""
    case: str = ""
    application: str = ""


@pytest.fixture(scope="module")
def trip(qapp: QApplication, ground: Ground) -> Iterator[Trip]:
    (ground.folder / "stick").mkdir()
    made = Trip(ground, *(Agent(ground.folder / n, ground) for n in ("paris", "sedhiou")))
    for agent in (made.paris, made.sedhiou):
        agent.papers = ground.open
    yield made
    for agent in (made.paris, made.sedhiou):
        if agent.program.desk is not None:
            agent.close()


@pytest.fixture(autouse=True)
def _speaking(trip: Trip) -> None:
    if trip.paris.program.desk is not None:
        trip.paris.program.speak()


def test_two_offices(trip: Trip) -> None:
    trip.paris.first_start("Maison des migrants", "Paris", "Claire Martin")
    trip.sedhiou.first_start("HOM Sédhiou", "Sédhiou", "Fatou Diatta")
    pair(trip.paris, trip.sedhiou, trip.ground.folder / "stick")


def test_he_is_registered(trip: Trip) -> None:
    agent = trip.paris
    page = agent.page("receive")
    page.search.line.setFocus()
    agent.type("Badji Lamine")
    agent.wait(lambda: page.search.answered)
    agent.hold(Qt.Key.Key_Return)
    register = page.register
    agent.answer(register.fields["sex"], "Homme")
    agent.answer(register.fields["birth"], "7/4/1985")
    agent.answer(register.fields["residence"], "Paris")
    agent.answer(register.fields["residence_country"], "France")
    agent.answer(register.fields["phone"], "+33 6 12 34 56 78")
    agent.choose(register.consents.answers["registration"], "given")
    agent.choose(register.consents.means, "oral_phone")
    agent.answer(page.visit.asked["channel"], "Téléphone")
    agent.answer(page.visit.asked["request"], "Dossier de projet")
    agent.answer(page.visit.asked["words"], "Veut ouvrir un poulailler près de Marsassoum")
    agent.choose(page.visit.case.choice, "new")
    agent.answer(page.visit.case.fields["title"], "Poulailler de Marsassoum")
    agent.answer(page.visit.done["next_step"], "Parler du coût")
    page.visit.done["next_step"].editor.setFocus()
    agent.hold(Qt.Key.Key_Return)
    agent.wait(lambda: page.mode == "done")
    agent.read_paper("request-receipt", wants=("Lamine Badji", "Parler du coût"))
    trip.person, trip.case = page.done.person, page.done.case
    form = agent.open("person", trip.person)
    agent.fill(form, time_zone="Paris")
    purpose = "Partage avec un autre bureau"
    agent.line(form, "consent", purpose=purpose, means="Oral, au téléphone")
    agent.save(form)
    agent.look("farm-person")


def test_he_is_called_back_at_his_hour(trip: Trip) -> None:
    agent = trip.paris
    page = agent.receive_known("badji lamine")
    agent.answer(page.visit.asked["channel"], "Téléphone")
    agent.answer(page.visit.asked["request"], "Dossier de projet")
    agent.choose(page.visit.case.choice, trip.case)
    agent.answer(page.visit.done["appointment"], f"{agent.day(3)} 18:30")
    agent.answer(page.visit.done["callback"], True)
    asked = datetime.combine(date.today() + timedelta(days=3), time(18, 30)).astimezone()
    there = asked.astimezone(ZoneInfo("Europe/Paris"))
    agent.wait(page.visit.notes.isVisible)
    assert f"{there:%H:%M}" in agent.look("farm-callback")
    page.visit.done["appointment"].editor.setFocus()
    agent.hold(Qt.Key.Key_S)
    agent.wait(lambda: page.mode == "done")
    agent.settle()
    visit = agent.get("visit", page.done.visit)
    assert visit.values["callback"] and visit.values["case"] == trip.case


def test_the_idea_is_worked_on_in_paris(trip: Trip) -> None:
    agent = trip.paris
    for name, country, town in (
        ("Awa Ndiaye", "France", "Paris"),
        ("Moussa Sagna", "Sénégal", "Sédhiou"),
    ):
        agent.enter("accompany", "coach", name=name, country=country, town=town)
    file = agent.page("cases", kind="case", id=trip.case).file
    agent.fill(
        file.form,
        coach="Awa Ndiaye",
        coach_home="Moussa Sagna",
        followed="À l’étranger",
        begun_in="Paris, France",
    )
    agent.save(file.form)
    assert "encore vide" in agent.look("farm-case")
    # What the stage lacks is listed; who goes on all the same says why.
    agent.asker.answers = ["Le poussin se commande avant décembre"]
    label = file.stages.labels[1]
    label.setFocus()
    QTest.keyClick(label, Qt.Key.Key_Return)
    agent.settle()
    assert file.stages.current == "elaborate"
    agent.add(
        "coaching",
        at=agent.day(0),
        coach="Awa Ndiaye",
        side="À l’étranger",
        work="Le coût des poussins",
        next_action="Visiter deux fermes",
    )
    send(agent)
    take(trip.sedhiou)
    assert trip.sedhiou.get("case", trip.case).title == "Poulailler de Marsassoum"


def test_the_plan_is_written_in_sedhiou(trip: Trip) -> None:
    """300 birds a month with 1 400 of margin each, less a keeper at 60 000: 360 000 a month.
    Buildings and chicks take 1 180 000 of 700 000 that are there: 120 000 is lacking after
    the first month."""
    agent = trip.sedhiou
    agent.enter("directory", "place", name="Sédhiou", level="Région")
    inside = {"level": "Commune", "parent": "Sédhiou"}
    agent.enter("directory", "place", name="Marsassoum", **inside)
    file = agent.page("cases", kind="case", id=trip.case).file
    form = file.form
    agent.fill(form, followed="Au pays")
    file.tabs.select("activity")
    what = {"activity": "Œufs et poulets de chair", "jobs": "3"}
    agent.fill(form, sector="Élevage", place="Marsassoum", **what)
    file.tabs.select("plan")
    agent.fill(form, plan_start="3/2027", opening_cash="200 000")
    agent.line(form, "plan_sale", what="Poulets", units="300", price="3 500", cost="2 100")
    agent.line(form, "plan_cost", what="Gardien", amount="60 000")
    agent.line(form, "budget_line", what="Poulailler", price="900 000")
    agent.line(form, "budget_line", what="Poussins", quantity="400", price="700")
    file.tabs.select("finance")
    own = {"nature": "Fonds propres", "amount": "500 000"}
    agent.line(form, "finance_line", source="Épargne de Lamine", **own)
    file.tabs.select("papers")
    agent.line(form, "paper", what="Titre foncier")
    agent.save(form)
    file.tabs.select("plan")
    agent.look("farm-plan")
    text = agent.paper("case", trip.case, "business-plan", wants=("Lamine Badji", "Gardien"))
    figures = text.replace("\u202f", " ").replace("\xa0", " ")
    for told in ("il faut encore 120 000", "Bénéfice 4 320 000", "-1 180 000", "1 800 000 F"):
        assert told in figures, told
    file.tabs.select("forecast")
    agent.look("farm-forecast")


def test_money_is_found_and_comes(trip: Trip) -> None:
    agent = trip.sedhiou
    agent.enter("directory", "organisation", name="Délégation à l’entrepreneuriat")
    form = agent.begin("money", "window")
    agent.fill(
        form,
        name="Fonds des jeunes éleveurs",
        organisation="Délégation",
        nature="Subvention",
        ceiling="2 000 000",
        deadline=agent.day(90),
        verified=agent.day(0),
    )
    for about, how, value in (
        ("Secteur du projet", "est", "Élevage"),
        ("Lieu du projet", "à l’intérieur de", "Sédhiou"),
        ("Apport propre", "au moins", "20"),
    ):
        agent.line(form, "window_condition", about=about, how=how, value=[value])
    agent.save(form)
    agent.look("farm-window")
    fits = ("Fonds des jeunes éleveurs : convient", "au moins 20 %", "42,4 %")
    agent.paper("case", trip.case, "source-list", wants=fits)
    tab = agent.matches("money", "case", "Poulailler")
    assert "convient" in agent.look("farm-matches")
    kind, trip.application = agent.start(tab)
    assert kind == "application"
    # The title deed is not there: who goes on says why.
    agent.asker.answers = ["Le titre foncier suit"]
    agent.next("Déposée")
    agent.look("farm-application")
    agent.fill(agent.form, granted="600 000")
    agent.save(agent.form)
    agent.next("Accordée")
    day = agent.day(0)
    agent.line(agent.form, "instalment", due=day, amount="400 000", done=day)
    agent.line(agent.form, "instalment", due=agent.day(60), amount="200 000")
    agent.save(agent.form)
    agent.next("En cours de versement")
    state = ("Fonds des jeunes éleveurs", "En cours de versement", "600", "400")
    agent.paper("case", trip.case, "application-tracking", wants=state)
    plan = agent.store.read(records.lines_of, "finance_line", trip.case)
    assert [line.values["amount"] for line in plan] == ["500000 XOF", "600000 XOF"]


def test_it_runs_at_a_profit(trip: Trip) -> None:
    agent = trip.sedhiou
    agent.add_to(
        "case",
        trip.case,
        "follow_visit",
        month="5/2027",
        income="1 050 000",
        spending="810 000",
        jobs="2",
        women="1",
        visited=agent.day(0),
        coach="Moussa Sagna",
        advice="Vacciner en juin",
    )
    agent.page("cases", kind="case", id=trip.case).file.tabs.select("follow_visit")
    assert "bénéfice de 240" in agent.look("farm-visits")
    names = ("Awa Ndiaye", "Moussa Sagna", "Fonds des jeunes éleveurs", "Titre foncier")
    agent.paper("case", trip.case, "project-dossier", "person", wants=names)
    ends = ("Paris, France", "Marsassoum", "avant décembre", "Visiter deux fermes", "Vacciner")
    agent.paper("case", trip.case, "two-country-sheet", wants=ends)
    send(agent)
    take(trip.paris)
    there = trip.paris.get("application", trip.application)
    assert there.shown["status"] == "En cours de versement"
    assert trip.paris.get("case", trip.case).shown["followed"] == "Au pays"

"""The main job end to end, through the real windows: an office in French, an agent, real
files, a second computer. The tests are the stages of one trip, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from migdesk.paths import resource
from migdesk.services import drafts, persons, records, submissions
from migdesk.services.records import Query
from migdesk.ui.first_start import FirstStart
from migdesk.ui.formview import FormView, ReadView
from migdesk.ui.login import Login
from migdesk.ui.recordview.form import RecordForm
from tests.journeys.bundling import pair, send, take
from tests.journeys.ground import Ground, crash
from tests.journeys.traveller import ENTER, PASSWORD, Traveller, content

MOST_QUESTIONS = 40
OURS, THEIRS = "78 456 12 30", "70 987 65 43"


@dataclass
class Trip:
    """Two computers, a folder that travels, papers, and what was met on the way."""

    ground: Ground
    folder: Path
    paper: Path
    here: Traveller
    other: Traveller | None = None
    person: str = ""
    case: str = ""
    visit: str = ""
    submission: str = ""


@pytest.fixture(scope="module")
def trip(qapp: QApplication, ground: Ground) -> Iterator[Trip]:
    folder = ground.folder
    (folder / "stick").mkdir()
    made = Trip(ground, folder, ground.open, Traveller(folder / "sedhiou", ground))
    yield made
    for computer in filter(None, (made.here, made.other)):
        if computer.program.desk is not None:
            computer.close()


@pytest.fixture(autouse=True)
def _speaking(trip: Trip) -> None:
    """Each test ends in English; the program goes on in its own language."""
    if trip.here.program.desk is not None:
        trip.here.program.speak()


def test_first_start_in_french(trip: Trip) -> None:
    trip.here.first_start("HOM Sédhiou", "Sédhiou", "Fatou Diatta")
    assert trip.here.desk.account.role == "administrator"
    assert trip.here.desk.account.office == "HOM Sédhiou"
    assert trip.here.window.windowTitle() == "MigDesk"
    found = trip.here.store.read(submissions.questionnaires)
    assert len(found) == 3


def test_import_of_the_projects(trip: Trip) -> None:
    page = trip.here.page("import")
    trip.here.choose(page.kind, "preset:projects")
    trip.here.asker.paths = [resource("demo", "projects.csv")]
    trip.here.press(page.choose_button)
    trip.here.wait(page.import_button.isVisible)
    trip.here.settle()
    assert "51" in page.outcome.text()
    trip.here.press(page.import_button)
    trip.here.settle()
    said = page.outcome.text()
    assert all(part in said for part in ("51 projets", "123 mentions", "16 pays")), said
    assert trip.here.store.read(records.count, "project", Query()) == 51


def test_fact_sheet_of_a_senegalese_partner(trip: Trip) -> None:
    here = trip.here
    page = here.page("directory")
    assert page.tabs.current == "organisation"
    table = page.part("organisation").list
    table.field.setFocus()
    here.type("sénégal")
    found = here.store.read(records.list_page, "organisation", Query(text="sénégal")).rows
    assert found
    here.wait(lambda: table.model.rowCount() == len(found))
    partner = found[0]
    table.choose(partner.id)
    here.settle()
    here.print_menu("organisation", partner.id, "Fiche partenaire")
    text = here.printed(trip.paper, "partner")
    assert partner.title.split()[0] in text


def test_receive_register_and_open_a_case(trip: Trip) -> None:
    here = trip.here
    here.page("today")
    here.type(Qt.Key.Key_F2)
    here.settle()
    page: Any = here.window.page
    assert page.name == "receive"
    here.type("Diédhiou Khadidiatou")
    here.wait(lambda: page.search.answered)
    assert page.search.found == ()
    here.hold(ENTER)
    assert page.mode == "register"
    fields = page.register.fields
    assert fields["family_name"].value() == "Diédhiou"
    assert fields["given_name"].value() == "Khadidiatou"
    fields["aliases"].editor.setFocus()
    here.type("Khady", ENTER)
    here.write(fields["sex"], "Femme")
    here.write(fields["birth"], "vers 1985")
    here.write(fields["phone"], "77 123 45 67")
    consents = page.register.consents
    here.choose(consents.answers["registration"], "given")
    here.choose(consents.means, "oral_witness")
    here.write(page.visit.asked["request"], "Recherche de financement")
    page.visit.asked["words"].editor.setFocus()
    here.type("Veut élever des volailles à Marsassoum")
    here.choose(page.visit.case.choice, "new")
    here.write(page.visit.case.fields["title"], "Élevage de volailles")
    here.write(page.visit.done["next_step"], "Préparer le dossier")
    page.visit.done["next_step"].editor.setFocus()
    here.hold(ENTER)
    here.wait(lambda: page.mode == "done")
    text = here.printed(trip.paper, "receipt")
    assert "Khadidiatou Diédhiou" in text
    assert "Recherche de financement" in text
    done = page.done
    trip.person, trip.case, trip.visit = done.person, done.case, done.visit
    person = here.store.read(records.get, "person", trip.person)
    assert person.values["phone"] == "+221771234567"
    assert person.values["aliases"] == ["Khady"]
    assert here.store.read(persons.consents_to, trip.person, "registration")
    again = here.store.read(persons.candidates, "khady jedhiou")
    assert trip.person in {c.id for c in again}


def add_line(here: Traveller, form: RecordForm, kind: str, values: dict[str, str]) -> None:
    """A new line of a record, typed cell by cell."""
    line = form.lines[kind].add_by_hand()
    for name, words in values.items():
        here.write(line.boxes[name], words)


def test_the_dossier_adds_up(trip: Trip) -> None:
    here = trip.here
    page: Any = here.window.page
    here.press(page.recorded.case_button)
    here.settle()
    file = here.page("cases", kind="case", id=trip.case).file
    form = file.form
    file.tabs.select("activity")
    here.write(form.boxes["sector"], "Élevage")
    here.pick(form.boxes["place"], "Marsassoum")
    form.boxes["activity"].editor.setFocus()
    here.type("Œufs et poulets de chair pour les marchés du Boudié")
    file.tabs.select("plan")
    add_line(
        here, form, "budget_line", {"what": "Poussins", "quantity": "200", "price": "1500"}
    )
    add_line(here, form, "budget_line", {"what": "Poulailler", "price": "700000"})
    file.tabs.select("finance")
    own = {"source": "Épargne", "nature": "Fonds propres", "amount": "400 000"}
    loan = {"source": "Caisse de Goudomp", "nature": "Prêt", "amount": "600 000"}
    add_line(here, form, "finance_line", own)
    add_line(here, form, "finance_line", loan)
    file.tabs.select("papers")
    for name in ("Titre foncier", "Registre du commerce"):
        add_line(here, form, "paper", {"what": name})
    here.press(file.step_button)
    due = date.today() + timedelta(days=7)
    line = form.lines["step"].lines[-1]
    here.write(line.boxes["what"], "Relancer la caisse")
    here.write(line.boxes["due"], f"{due:%d/%m/%Y}")
    line.boxes["what"].editor.setFocus()
    here.hold(Qt.Key.Key_S)
    here.wait(lambda: not form.dirty())
    here.settle()
    view = file.dossier
    assert view.budget_total == view.finance_total
    assert view.gap_sign == 0
    assert [p.title for p in view.papers] == ["Titre foncier", "Registre du commerce"]
    assert view.case.shown["place"] == "Marsassoum"
    here.asker.answers = ["person"]
    here.print_menu("case", trip.case, "Dossier de projet")
    text = here.printed(trip.paper, "dossier")
    for words in ("Élevage de volailles", "Poussins", "Caisse de Goudomp", "Titre foncier"):
        assert words in text


def test_the_interview_survives_a_crash(trip: Trip) -> None:
    here = trip.here
    form = next(
        q
        for q in here.store.read(submissions.questionnaires)
        if q.values["form"] == "needs_assessment"
    )
    arguments = [str(here.paths.home), trip.person, form.id]
    with trip.ground.run("tests.journeys.interrupted", *arguments) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("waiting")
        crash(process, here.paths.log)
    (draft,) = here.store.read(drafts.list_mine)
    page = here.page("today")
    assert any(draft.title in row.accessibleName() for row in page.drafts.rows.rows)
    page = here.page("questionnaires", draft=draft.id)
    view = here.here(FormView)
    answers = {node.text for node in view.filling.run.walk() if node.text}
    assert {"yes", "Tata Fatou", "female", "41"} <= answers
    for _question in range(MOST_QUESTIONS):
        here.hold(ENTER)
        here.settle()
        if isinstance(page.pages.currentWidget(), ReadView):
            break
        name = view.filling.key.rpartition("/")[2]
        here.type("élevage" if name == "sector" else "1", ENTER)
        here.settle()
    assert isinstance(page.pages.currentWidget(), ReadView)
    assert here.store.read(drafts.list_mine) == ()
    (kept,) = here.store.read(records.list_page, "submission", Query()).rows
    assert kept.values["person"] == trip.person
    assert "<called>Tata Fatou</called>" in kept.values["xml"]
    trip.submission = kept.id
    page.pages.currentWidget().print()
    text = here.printed(trip.paper, "questionnaire")
    assert "Tata Fatou" in text
    assert "41" in text


def test_a_second_computer_is_paired(trip: Trip) -> None:
    trip.other = Traveller(trip.folder / "kolda", trip.ground)
    trip.other.first_start("HOM Kolda", "Kolda", "Ibrahima Mané")
    stick = trip.folder / "stick"
    pair(trip.here, trip.other, stick)
    ours, theirs = trip.here.page("exchange"), trip.other.page("exchange")
    assert [p.name[:9] for p in ours.peers.found] == ["HOM Kolda"]
    assert [p.name[:11] for p in theirs.peers.found] == ["HOM Sédhiou"]
    send(trip.here)
    take(trip.other)
    send(trip.other)
    take(trip.here)
    assert content(trip.here.store) == content(trip.other.store)
    assert len(trip.here.store.read(submissions.questionnaires)) == 3


def edit_phone(computer: Traveller, person: str, phone: str) -> None:
    page = computer.page("people", kind="person", id=person)
    form = page.split.detail.form
    computer.write(form.boxes["phone"], phone)
    form.boxes["phone"].editor.setFocus()
    computer.hold(Qt.Key.Key_S)
    computer.wait(lambda: not form.dirty())
    computer.settle()


def conflicts(computer: Traveller) -> int:
    page = computer.page("settle")
    computer.settle()
    return sum(item.sort == "conflict" for item in page.model.items)


def test_both_edit_her_phone_and_one_settles(trip: Trip) -> None:
    here, other = trip.here, trip.other
    assert other is not None
    edit_phone(here, trip.person, OURS)
    edit_phone(other, trip.person, THEIRS)
    for computer in (here, other):
        send(computer)
    for computer in (here, other):
        take(computer)
    for computer in (here, other):
        assert conflicts(computer) == 1
        view = computer.page("settle").card.view
        assert {view.left.value, view.right.value} == {OURS, THEIRS}
    page = here.page("settle")
    kept = page.card.view.right.value
    page.setFocus()
    here.type("2")
    here.settle()
    assert conflicts(here) == 0
    send(here)
    take(other)
    assert conflicts(other) == 0
    send(other)
    for computer in (here, other):
        person = computer.store.read(records.get, "person", trip.person)
        assert person.shown["phone"] == kept
    assert content(here.store) == content(other.store)


def test_the_last_edit_is_undone(trip: Trip) -> None:
    here = trip.here
    before = here.store.read(records.get, "person", trip.person).values
    edit_phone(here, trip.person, "76 000 11 22")
    assert here.store.read(records.get, "person", trip.person).values != before
    here.page("today")
    here.hold(Qt.Key.Key_Z)
    here.settle()
    assert here.store.read(records.get, "person", trip.person).values == before


def test_backup_and_restore_elsewhere(trip: Trip) -> None:
    here = trip.here
    before = content(here.store)
    here.close()
    (backup,) = here.paths.backups.glob("*.migbackup")
    third = Traveller(trip.folder / "spare", trip.ground)
    try:
        third.speak_french()
        choices = third.here(FirstStart).findChildren(QPushButton)
        third.press(next(b for b in choices if b.text() == "Restaurer une sauvegarde…"))
        side = third.here(Login).backup_side
        third.asker.paths = [backup]
        third.press(side.other)
        third.wait(side.chosen)
        side.password.setText(PASSWORD)
        third.press(side.look)
        third.wait(lambda: "HOM Sédhiou" in side.held.text())
        assert "Personnes" in side.held.text()
        third.press(side.enter)
        third.wait(lambda: third.here(Login).backup_side is not side)
        third.log_in()
        assert third.desk.account.name == "Fatou Diatta"
        assert content(third.store) == before
    finally:
        third.close()

"""Receiving people, several offices, the public side of an office — with their papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from migdesk import codelists
from migdesk.forms import Form, Run
from migdesk.forms.dataset import collect
from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.services import (
    agenda,
    answers,
    consent_gate,
    count_words,
    demo_survey,
    frequencies,
    office,
    persons,
    records,
    rules,
    submissions,
)
from migdesk.services.form_words import form_of, spoken_in
from migdesk.services.persons import Reception
from migdesk.task import Task
from tests.tools import Make, pdf_text, printed

MONDAY = date(2026, 11, 23)


@pytest.fixture
def here(store: Store) -> Iterator[str]:
    """The office of Sédhiou, in whose name Fatou works."""
    about = {
        "name": "HOM Sédhiou",
        "country": "SN",
        "town": "Sédhiou",
        "hours": "8–17",
        "offers": "We help with files.",
        "limits": "We lend no money.",
        "partners": "Caisse rurale lends.",
    }
    yield store.write(office.found, about, "Fatou Diatta", "fatou")


@pytest.fixture
def logged_in(store: Store, here: str) -> Store:
    store.actor = "fatou"
    return store


def at(hour: float, day: date = MONDAY) -> str:
    """A stored moment of local time."""
    midnight = datetime(day.year, day.month, day.day)
    return stored_moment((midnight + timedelta(hours=hour)).astimezone())


def receive(store: Store, person: str = "", **visit: object) -> persons.Received:
    about = {"request": "funding_search", **visit}
    return store.write(persons.receive, Reception(visit=about, person=person))


def test_r001_a_file_is_opened_for_a_caller_abroad(logged_in: Store, here: str) -> None:
    register = {
        "given_name": "Awa",
        "family_name": "Sané",
        "phone": "+33612345678",
        "residence": "Lyon",
        "residence_country": "FR",
        "languages": ["fr"],
        "free_times": ["evening"],
    }
    visit = {"request": "project_dossier", "channel": "video", "at": at(18)}
    consents = ({"purpose": "registration", "means": "thumb"},)
    got = logged_in.write(
        persons.receive, Reception(visit=visit, register=register, consents=consents)
    )
    person = logged_in.read(records.get, "person", got.person)
    assert person.values["office"] == here
    assert person.values["time_zone"] == "Europe/Paris"  # told by the country
    assert logged_in.read(records.get, "visit", got.visit).shown["channel"] == "Video call"
    text = pdf_text(printed(logged_in, "file-cover", id=got.person))
    for words in (person.code, "Awa Sané", "Lyon", "France", "Paris", "Evening", "Thumb"):
        assert words in text
    assert "File opened at HOM Sédhiou." in text and "Project" in text


def test_r002_a_request_has_its_outcome_and_is_closed(logged_in: Store, make: Make) -> None:
    person = make.person(given_name="Awa")
    about = {"words": "A larger hen house", "outcome": "advised", "next_step": "Bring quotes"}
    got = receive(logged_in, person, **about)
    text = pdf_text(printed(logged_in, "request-receipt", id=got.visit))
    for words in ("Awa", "Fatou Diatta", "A larger hen house", "Advice given", "Bring quotes"):
        assert words in text
    answered = receive(logged_in, request="training", outcome="informed")
    today = date.today().isoformat()
    assert logged_in.read(records.get, "visit", answered.visit).values["closed"] == today
    text = pdf_text(printed(logged_in, "open-requests"))
    assert "Bring quotes" in text and "Training" not in text
    logged_in.write(records.save, "visit", got.visit, {"closed": "2026-11-30"})
    assert "Every request is closed." in pdf_text(printed(logged_in, "open-requests"))


def test_r003_appointments_fit_the_hours_of_the_person(logged_in: Store, make: Make) -> None:
    about = {"time_zone": "Europe/Paris", "free_times": ["evening", "holidays"]}
    awa = make.person(given_name="Awa", phone="+33612345678", **about)
    ami = make.person(given_name="Ami")
    got = receive(logged_in, awa, appointment=at(18.5), minutes=45, room="Office 1")
    text = pdf_text(printed(logged_in, "appointment-slip", id=got.visit))
    assert "Monday, November 23, 2026 at 18:30" in text and "Office 1" in text
    assert "19:30 in Paris" in text
    other = receive(logged_in, ami, appointment=at(19), room="office 1")
    call = receive(logged_in, awa, appointment=at(9), callback=True)
    text = pdf_text(printed(logged_in, "appointment-slip", id=call.visit))
    assert "10:00 in Paris · We call you: +33 6 12 34 56 78" in text
    entries = logged_in.read(agenda.agenda, MONDAY, 1)
    assert [e.visit.id for e in entries] == [call.visit, got.visit, other.visit]
    assert [e.slot for e in entries] == ["by_phone", "evening", "evening"]
    assert entries[1].theirs == "19:30 in Paris" and entries[2].theirs == ""
    assert entries[1].clash == (other.visit,) and not entries[0].clash
    text = pdf_text(printed(logged_in, "agenda", since=str(MONDAY), until=str(MONDAY)))
    assert "18:30–19:15 (!) Awa" in text and "10:00 in Paris" in text
    assert "two appointments at one time" in text
    rooms = pdf_text(printed(logged_in, "agenda", since=str(MONDAY), by="room"))
    assert rooms.index("No room") < rooms.index("Office 1")


def test_r003_what_does_not_suit_is_said_before(logged_in: Store, make: Make) -> None:
    about = {"free_times": ["evening", "holidays"], "time_zone": "America/New_York"}
    stay = {"here_from": "2036-12-20", "here_until": "2037-01-05"}
    awa = make.person(given_name="Awa", **stay, **about)
    first = receive(logged_in, make.person(given_name="Ami"), appointment=at(10), room="1")
    said, clashes = said_of(logged_in, agenda.Wanted(at(10.25), room="1", person=awa))
    assert clashes == 1
    assert said[0] == "10:00–10:30: Ami Diallo is expected in the same room."
    assert said[1] == "For the person it is 05:15 in New York."
    assert "from 20/12/2036 to 05/01/2037 only" in said[2]
    assert said[3] == "The person named other times: Evening, During holidays."
    same = agenda.Wanted(at(10), adviser="fatou", visit=first.visit)
    assert said_of(logged_in, same) == ([], 0)
    after = agenda.Wanted(at(10.5), adviser="fatou")
    assert said_of(logged_in, after) == ([], 0)
    before = agenda.Wanted(at(9.5), adviser="fatou", minutes=45)
    assert "by the same adviser" in said_of(logged_in, before)[0][0]
    meeting = agenda.Wanted(at(10, date(2036, 12, 22)), person=awa)
    assert said_of(logged_in, meeting)[0] == ["For the person it is 05:00 in New York."]
    with pytest.raises(rules.EndsBefore):
        make.person(given_name="Ill", here_from="2026-12-20", here_until="2026-12-01")


def said_of(store: Store, wanted: agenda.Wanted) -> tuple[list[str], int]:
    """What is said of an appointment, and how many clashes there are."""
    found = store.read(agenda.remarks, wanted)
    return [remark.words for remark in found], sum(remark.clash for remark in found)


def test_r003_free_times_and_those_at_home(logged_in: Store, make: Make) -> None:
    person = make.person(given_name="Awa")
    receive(logged_in, person, appointment=at(9), minutes=60, room="1", adviser="fatou")
    receive(logged_in, person, appointment=at(9.5), minutes=60, room="2", adviser="other")
    receive(logged_in, person, appointment=at(7.5), minutes=45, room="2", adviser="other")

    def hours(**whose: str) -> list[str]:
        found = logged_in.read(lambda session: agenda.free(session, MONDAY, **whose))
        return [f"{a:%H:%M}–{b:%H:%M}" for a, b in found]

    assert hours() == ["08:15–09:00", "10:30–20:00"]
    assert hours(adviser="fatou") == ["08:00–09:00", "10:00–20:00"]
    assert hours(room="2") == ["08:15–09:30", "10:30–20:00"]
    home = make.person(given_name="Moussa", here_from="2026-11-28", here_until="2026-12-03")
    make.person(given_name="Gone", here_from="2026-10-01", here_until="2026-11-20")
    stays = logged_in.read(agenda.at_home, MONDAY, 7)
    assert [stay.person.id for stay in stays] == [home]
    text = pdf_text(printed(logged_in, "agenda", since=str(MONDAY)))
    assert "At home for holidays" in text and "Moussa" in text and "Gone" not in text


def test_r004_programmes_are_told_of(store: Store, make: Make) -> None:
    made = make.programme(
        name="Return fund",
        level="national",
        what="A grant",
        conditions="Two years abroad",
        contact="33 999",
        ends="2027-12-31",
        checked="2026-11-02",
    )
    text = pdf_text(printed(store, "programme-sheet", id=made))
    for words in ("Return fund", "A grant", "Two years abroad", "33 999", "31/12/2027"):
        assert words in text
    assert "Verified on 02/11/2026." in text


def test_r005_both_agree_before_they_are_introduced(logged_in: Store, make: Make) -> None:
    awa = make.person(given_name="Awa", phone="+221771234567", residence="Lyon")
    them = make.organisation(name="Jappo Lyon")
    about = {"person": awa, "organisation": them, "reason": "Starts a farm"}
    with pytest.raises(rules.NotBoth):
        make.introduction(**about, person_answer="yes", introduced="2026-11-20")
    made = make.introduction(
        **about, person_answer="yes", other_answer="yes", introduced="2026-11-20"
    )
    (asked,) = logged_in.read(consent_gate.leaving, "introduction-letter", made)
    assert not asked.verdict.allowed and asked.verdict.recipient == "Jappo Lyon"
    make.consent(person=awa, purpose="introduction", answer="given", given="2026-11-19")
    (asked,) = logged_in.read(consent_gate.leaving, "introduction-letter", made)
    logged_in.write(consent_gate.let_go, [asked.verdict], "introduction-letter", made)
    text = pdf_text(printed(logged_in, "introduction-letter", id=made))
    for words in ("To Jappo Lyon", "Awa", "77 123 45 67", "Lyon", "Starts a farm"):
        assert words in text
    logged_in.write(records.save, "introduction", made, {"result": "met"})
    told = logged_in.read(records.linked, "disclosure", "person", awa)
    assert [line.values["basis"] for line in told] == ["consent"]


def test_r006_consular_paperwork_has_a_letter(store: Store, make: Make) -> None:
    embassy = make.organisation(name="Consulate in Dakar")
    awa = make.person(given_name="Awa", birth="1990-03-12", nationality="SN")
    made = make.formality(
        person=awa,
        type="residence_permit_renewal",
        embassy=embassy,
        lodged="2026-11-02",
        answer_by="2026-12-02",
    )
    view = store.read(records.get, "formality", made)
    assert view.code.startswith("C") and view.values["status"] == "gathering"
    text = pdf_text(printed(store, "embassy-letter", id=made))
    for words in ("To Consulate in Dakar", "Residence permit renewal", "12/03/1990", "Senegal"):
        assert words in text
    assert "02/12/2026" in text


def test_r007_the_charter_says_what_is_not_done(store: Store, here: str) -> None:
    text = pdf_text(printed(store, "service-charter"))
    for words in ("We help with files.", "We lend no money.", "Caisse rurale lends.", "8–17"):
        assert words in text
    assert "with or without papers" in text


def test_r008_a_ticket_has_a_number_and_no_name(logged_in: Store) -> None:
    receive(logged_in, request="training")
    got = receive(logged_in, request="training", next_step="Come back", anonymous=True)
    view = logged_in.read(records.get, "visit", got.visit)
    assert view.values["ticket"] == "0002" and view.values["person"] is None
    text = pdf_text(printed(logged_in, "ticket", id=got.visit))
    assert "0002" in text and "Come back" in text and "No identity paper is needed" in text
    assert "Ticket 0002" in pdf_text(printed(logged_in, "request-receipt", id=got.visit))


def test_r009_figures_without_names_and_small_numbers(store: Store, make: Make) -> None:
    place, small = (make.place(name=name, level="commune") for name in ("Diende", "Oudoucar"))
    for n in range(9):
        about = {"sex": "female", "origin": place if n < 6 else small}
        person = make.person(given_name=f"Secret{n}", **about)
        make.visit(person=person, request="funding_search", at=at(9 + n))
        where = {"place": place if n < 7 else small, "sector": "agriculture"}
        make.case(person=person, title=f"Farm {n}", opened="2026-11-03", **where)
    make.visit(person=person, request="training", at=at(9, date(2025, 1, 6)))
    for n in range(5):
        make.need(name=f"Teacher {n}", type="group", place=place)
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    text = pdf_text(printed(store, "statistical-note", **period))
    for words in ("Funding search 9 9", "Crops and market gardening 9 9", "Diende 5 5"):
        assert words in text
    assert "Diende … Oudoucar … Total 9" in text and "Diende … … Oudoucar … …" in text
    assert "Numbers below 5 are hidden." in text
    assert "Secret" not in text and "Training" not in text and "Teacher" not in text


def test_r051_households_are_surveyed_on_remittances(logged_in: Store) -> None:
    id = logged_in.write(demo_survey.questionnaire, "household_survey")
    blank = pdf_text(printed(logged_in, "questionnaire", questionnaire=id))
    assert "Through which channels?" in blank and "What is the money used for?" in blank
    form = form_of(logged_in.read(submissions.xform, id))
    arrivals = [answers.Arrival(id, f"uuid:{n}", household(form, n)) for n in range(12)]
    logged_in.write(answers.take, Task(), arrivals, {})
    gathered = logged_in.read(answers.gather, form.form_id, answers.Limits())
    forms = [(each, spoken_in(each, "en")) for each in gathered.forms]
    data = collect(forms, gathered.entries)
    asked = {subject.label: subject.key for subject in frequencies.subjects(data)}
    table = frequencies.table(data, frequencies.Asked(asked["What is the money used for?"]))
    about = {"subject": data.title, "facts": (("Filled", "12"),)}
    text = pdf_text(printed(logged_in, "cross-table", laid=count_words.lay(table), **about))
    assert "What is the money used for?" in text
    assert "Basic needs 12" in text and "Savings •" in text


def household(form: Form, number: int) -> str:
    """A household that lives on what it receives; two of twelve save."""
    run = Run(form)
    uses = "basic_needs savings" if number in (3, 5) else "basic_needs"
    for path, value in (
        ("consent", "yes"),
        ("survey/place/region", "elsewhere"),
        ("survey/remittances/receives", "yes"),
        ("survey/remittances/received/remittance_channels", "formal"),
        ("survey/remittances/received/remittance_uses", uses),
    ):
        run.set(f"/data/{path}", value)
    return run.finalise()


def test_r140_each_office_has_its_caseload(logged_in: Store, here: str, make: Make) -> None:
    other = make.office(name="Antenne Kolda", hours="9–12", area=[make.place(name="Kolda")])
    khady = make.account(name="Khady Baldé", role="agent", office=other)
    make.room(office=other, name="Room 2", slots=["evening"])
    logged_in.actor = khady
    register = {"given_name": "Binta", "family_name": "Mballo"}
    got = logged_in.write(
        persons.receive,
        Reception({"request": "project_dossier"}, register=register, case={"title": "Shop"}),
    )
    for kind, id in (("person", got.person), ("visit", got.visit), ("case", got.case)):
        assert logged_in.read(records.get, kind, id).values["office"] == other
    assert "Antenne Kolda" in pdf_text(printed(logged_in, "request-receipt", id=got.visit))
    make.step(case=got.case, what="Rent a place", due="2026-12-05")
    logged_in.actor = "fatou"
    mine = logged_in.read(records.get, "visit", receive(logged_in).visit)
    assert mine.values["office"] == here
    text = pdf_text(printed(logged_in, "office-sheet", id=other))
    for words in ("Antenne Kolda", "9–12", "Khady Baldé", "Agent", "Room 2", "Evening"):
        assert words in text
    assert "Open cases 1" in text and "People 1" in text and "Fatou" not in text
    text = pdf_text(printed(logged_in, "caseload-sheet", id=other))
    assert "Khady Baldé" in text and "Binta Mballo" in text and "Rent a place" in text
    assert "Shop" not in pdf_text(printed(logged_in, "caseload-sheet", id=here))


def test_r140_figures_are_those_of_the_office(
    logged_in: Store, here: str, make: Make
) -> None:
    other = make.office(name="Antenne Kolda")
    for number, where in ((6, here), (7, other), (5, None)):
        for _each in range(number):
            make.visit(request="training", channel="phone", office=where, at=at(9))
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    for id, total in ((here, 11), (other, 12)):
        text = pdf_text(printed(logged_in, "call-statistics", id=id, **period))
        assert f"Telephone {total} {total}" in text
    every = pdf_text(printed(logged_in, "call-statistics", everywhere=True, **period))
    assert "Telephone 18 18" in every and "All offices" in every


def test_r141_calls_are_counted_and_suggestions_answered(
    logged_in: Store, make: Make
) -> None:
    for subject in ["visa"] * 6 + ["service_suggestion"]:
        about = {"channel": "phone", "subject": subject, "urgency": "normal"}
        call = receive(logged_in, request="other", at=at(9), **about)
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    text = pdf_text(printed(logged_in, "call-statistics", **period))
    assert "Telephone" in text and "Contacts by channel" in text and "7" in text
    made = make.suggestion(
        day="2026-11-20",
        person=make.person(given_name="Awa"),
        visit=call.visit,
        channel="phone",
        text="Open on Saturday",
        answer="We open from January",
        answered_by="fatou",
    )
    text = pdf_text(printed(logged_in, "answer-letter", id=made))
    for words in ("Dear Awa", "Open on Saturday", "We open from January", "Fatou Diatta"):
        assert words in text


def test_r142_what_is_planned_and_what_was_written(store: Store, make: Make) -> None:
    make.message(day="2026-11-25", text="Fair on Friday", medium="Radio Kassoumay")
    make.message(day="2027-11-25", text="Next year")
    about = {"text": "A farm from Paris", "coverage": "A page"}
    make.message(day="2026-11-02", type="press", medium="Le Soleil", **about)
    make.message(day="2026-11-03", type="abroad", medium="Le Parisien", text="A portrait")
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    plan = pdf_text(printed(store, "communication-plan", **period))
    assert "Fair on Friday" in plan and "Radio Kassoumay" in plan
    assert "Next year" not in plan and "Le Soleil" not in plan
    press = pdf_text(printed(store, "press-file", **period))
    assert press.index("Le Soleil") < press.index("Press abroad") < press.index("Le Parisien")
    assert "A page" in press and "Fair" not in press


def test_r143_a_committee_decides(store: Store, make: Make) -> None:
    made = make.committee_meeting(
        committee="Migration committee",
        day="2026-11-12",
        chair="Mayor Cissé",
        members=[members()[0]],
        agenda="The fair",
        notes="All agree",
    )
    about = {"what": "Rent the hall", "who": "Fatou", "due": "2026-12-01"}
    make.committee_decision(meeting=made, **about)
    text = pdf_text(printed(store, "committee-minutes", id=made))
    for words in ("Migration committee", "Mayor Cissé", "The fair", "Rent the hall"):
        assert words in text
    assert "01/12/2026" in text and codelists.label(COMMITTEE, members()[0]) in text


COMMITTEE = "migration_committee_members"


def members() -> list[str]:
    """Codes of those who may sit in a committee."""
    return [item.code for item in codelists.get(COMMITTEE)]


def test_r144_the_plan_of_a_commune_has_a_migration_axis(store: Store, make: Make) -> None:
    place = make.place(name="Goudomp")
    made = make.municipal_plan(name="Plan 2027", place=place, axis="Welcome those who return")
    for what, budget in (("A desk", "1000000 XOF"), ("A fair", "500000 XOF")):
        make.plan_action(plan=made, what=what, budget=budget, indicator="People", target="200")
    text = pdf_text(printed(store, "municipal-plan", id=made))
    for words in ("Goudomp", "Welcome those who return", "A desk", "200", "1,500,000"):
        assert words in text


def test_r148_the_phases_of_a_migration(store: Store, make: Make) -> None:
    awa = make.person(given_name="Awa", phase="destination")
    for phase, since, country in (
        ("destination", "2021", "ES"),
        ("transit", "2020-03", "MA"),
        ("pre_departure", "2019~", "SN"),
    ):
        make.cycle_step(person=awa, phase=phase, since=since, country=country, town="Port")
    text = pdf_text(printed(store, "cycle-history", id=awa))
    steps = text.index("about 2019"), text.index("Mar 2020"), text.rindex("Spain")
    assert list(steps) == sorted(steps)
    assert "Pre-departure" in text and "Morocco" in text and "Port" in text


def test_r149_contacts_on_the_route(store: Store, make: Make) -> None:
    about = {"country": "MA", "route": ["transit"], "phone": "+212537111111"}
    tanger = make.organisation(name="Shelter of Tangier", **about)
    make.contact_person(organisation=tanger, name="Sister Anne", role="Reception")
    make.organisation(name="Consulate in Lyon", country="FR", route=["consulate"])
    make.organisation(name="Ministry", country="SN")
    text = pdf_text(printed(store, "contact-list"))
    assert text.index("Consulate in Lyon") < text.index("Shelter of Tangier")
    for words in ("France", "Morocco", "In transit", "Consulate", "+212 5 37"):
        assert words in text
    assert "Ministry" not in text and "Sister Anne" in text

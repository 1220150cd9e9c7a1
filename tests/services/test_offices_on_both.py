"""What several offices ask of a register, on an encrypted file and on PostgreSQL."""

from __future__ import annotations

from datetime import date, datetime

from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.services import agenda, office, persons, records, sharing, today
from migdesk.services.persons import Reception
from migdesk.services.records import Query
from tests.tools import Make, pdf_text, printed

DAY = date(2026, 11, 23)


def test_the_work_of_two_offices(any_store: Store, make: Make) -> None:
    store = any_store
    here = make.office(name="HOM Sédhiou", area=[make.place(name="Sédhiou")])
    there = make.office(name="Guichet Lyon")
    people = {}
    for name, where in (("Awa", here), ("Ami", there), ("Ali", None)):
        stay = {"here_from": "2026-11-20", "here_until": "2026-12-01"}
        people[name] = make.person(given_name=name, family_name="Sow", office=where, **stay)
    mine = Query(filters=(("office", (here, None)),))
    assert {r.title for r in store.read(records.list_page, "person", mine).rows} == {
        "Awa Sow",
        "Ali Sow",
    }
    assert store.read(records.count, "person", mine) == 2
    make.room(office=here, name="Room 1")
    at = stored_moment(datetime(2026, 11, 23, 9).astimezone())
    for name, where in (("Awa", here), ("Ami", there)):
        visit = {"request": "training", "appointment": at, "room": "room 1", "office": where}
        store.write(persons.receive, Reception(visit=visit, person=people[name]))
    look = store.read(agenda.look, DAY, 7, here)
    assert [e.visit.shown["person"] for e in look.entries] == ["Awa Sow"]
    assert look.rooms == ("Room 1",)
    assert {stay.person.title for stay in look.stays} == {"Awa Sow", "Ali Sow"}
    both = store.read(agenda.look, DAY, 7, "")
    assert [bool(e.clash) for e in both.entries] == [True, True]
    assert len(store.read(today.today, DAY, "", here).appointments) == 1
    assert store.read(office.offices).count == 2
    make.sharing(person=people["Awa"], office=there, starts="2026-01-01", rights=["contact"])
    assert store.read(sharing.in_force, DAY) == ()
    make.consent(person=people["Awa"], purpose="sharing", given="2026-01-01")
    assert store.read(sharing.may, there, people["Awa"], "contact")
    make.organisation(name="Shelter", country="MA", route=["transit"])
    assert "Shelter" in pdf_text(printed(store, "contact-list"))
    assert "Awa Sow" in pdf_text(printed(store, "access-table", id=people["Awa"]))


def test_a_ticket_is_found_again(any_store: Store) -> None:
    got = any_store.write(persons.receive, Reception(visit={"request": "training"}))
    (found,) = any_store.read(persons.candidates, "0001")
    assert found.ticket == got.visit
    again = Reception(visit={"request": "training"}, again=found.ticket)
    any_store.write(persons.receive, again)
    assert [c.title for c in any_store.read(persons.candidates, "0001")] == ["Ticket 0001"] * 2
    assert any_store.read(persons.candidates, "0002") == ()

"""Receiving: search before create, register, consents, visit, case: all or nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from migdesk.errors import Mistake
from migdesk.models.store import Store
from migdesk.services import history, persons, records
from migdesk.services.persons import Reception
from migdesk.services.records import Needed, Query
from tests.tools import Make, ops

TODAY = date.today().isoformat()
YESTERDAY = (date.today() - timedelta(days=1)).isoformat()
VISIT = {"request": "project_dossier", "words": "poultry"}


def counts(store: Store) -> list[int]:
    kinds = ("person", "consent", "visit", "case")
    return [store.read(records.count, kind, Query()) for kind in kinds]


def receive_all(store: Store) -> persons.Received:
    return store.write(
        persons.receive,
        Reception(
            visit=VISIT,
            register={"family_name": "Diatta", "given_name": "Aminata"},
            consents=({"purpose": "help", "means": "oral"}, {"purpose": "statistics"}),
            case={"title": "Poultry"},
        ),
    )


def test_a_reception_is_one_transaction(any_store: Store) -> None:
    any_store.actor = "me"
    got = receive_all(any_store)
    assert counts(any_store) == [1, 2, 1, 1]
    assert len({op.tx for op in ops(any_store)}) == 1
    visit = any_store.read(records.get, "visit", got.visit).values
    assert (visit["person"], visit["case"], visit["adviser"]) == (got.person, got.case, "me")
    assert visit["at"].endswith("Z")
    assert visit["ticket"] is None
    assert got.person
    assert got.case
    case = any_store.read(records.get, "case", got.case).values
    assert (case["person"], case["opened"], case["adviser"]) == (got.person, TODAY, "me")
    consents = any_store.read(persons.consents_of, got.person)
    assert {c.values["given"] for c in consents} == {TODAY}
    assert [v.id for v in any_store.read(persons.cases_of, got.person)] == [got.case]


def test_a_reception_is_undone_whole(any_store: Store) -> None:
    receive_all(any_store)
    any_store.write(history.undo_last)
    assert counts(any_store) == [0, 0, 0, 0]
    any_store.write(history.redo_last)
    assert counts(any_store) == [1, 2, 1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"visit": {}},
        {"register": {"family_name": "Ba", "email": "none"}},
        {"consents": ({"purpose": "help"}, {})},
        {"case": {"title": ""}},
    ],
)
def test_one_wrong_part_writes_nothing(any_store: Store, wrong: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "visit": VISIT,
        "register": {"family_name": "Ba"},
        "consents": ({"purpose": "help"},),
        "case": {"title": "Shop"},
    }
    with pytest.raises(Mistake):
        any_store.write(persons.receive, Reception(**(good | wrong)))
    assert ops(any_store) == []
    assert any_store.write(persons.receive, Reception(**good)).person


def test_a_known_person_is_not_registered_again(any_store: Store, make: Make) -> None:
    person = make.person()
    got = any_store.write(persons.receive, Reception(visit=VISIT, person=person))
    assert (got.person, got.case) == (person, None)
    assert counts(any_store) == [1, 0, 1, 0]


def test_a_ticket_asks_for_no_name(any_store: Store) -> None:
    tickets = []
    for _ in range(3):
        got = any_store.write(persons.receive, Reception(visit=VISIT))
        assert got.person is None
        values = any_store.read(records.get, "visit", got.visit).values
        assert values["person"] is None
        tickets.append(values["ticket"])
    assert [int(t) for t in tickets] == [1, 2, 3]
    assert counts(any_store) == [0, 0, 3, 0]


def test_a_visit_needs_its_request(any_store: Store, make: Make) -> None:
    with pytest.raises(Needed) as caught:
        any_store.write(persons.receive, Reception(visit={"request": None}))
    assert caught.value.field == "request"


def test_candidates_tell_namesakes_apart_and_mask_the_phone(
    any_store: Store, make: Make
) -> None:
    place = make.place(name="Kolda")
    one = make.person(
        given_name="Awa", birth="1985~", phone="771234567", origin=place, aliases=["Mame"]
    )
    two = make.person(given_name="Awa", residence="Lyon", residence_country="FR")
    make.visit(person=one, at="2026-01-05T10:00:00Z")
    make.visit(person=one, at="2026-02-05T10:00:00Z", request="project_dossier")
    found = {c.id: c for c in any_store.read(persons.candidates, "awa jallow")}
    assert set(found) == {one, two}
    assert (found[one].birth, found[one].origin) == ("about 1985", "Kolda")
    assert (found[one].aliases, found[one].phone) == ("Mame", "•• •• 45 67")
    assert found[one].last_visit.startswith("5 Feb 2026")
    assert (found[two].residence, found[two].phone) == ("Lyon, France", "")
    assert found[two].last_visit == ""


@pytest.mark.parametrize(
    ("consents", "expected"),
    [
        ([], False),
        ([{}], True),
        ([{"answer": "refused"}], False),
        ([{"purpose": "statistics"}], False),
        ([{"withdrawn": TODAY}], False),
        ([{"expires": YESTERDAY}], False),
        ([{"expires": TODAY}], True),
        ([{}, {"answer": "refused"}], False),
        ([{"answer": "refused"}, {}], True),
        ([{}, {"purpose": "statistics", "answer": "refused"}], True),
    ],
)
def test_the_newest_consent_counts(
    any_store: Store, make: Make, consents: list[dict[str, str]], expected: bool
) -> None:
    person = make.person()
    for consent in consents:
        make.consent(person=person, **{"purpose": "help", **consent})
    assert any_store.read(persons.consents_to, person, "help") is expected
    assert any_store.read(persons.consents_to, make.person(), "help") is False


def test_a_deleted_consent_does_not_count(any_store: Store, make: Make) -> None:
    person = make.person()
    consent = make.consent(person=person, purpose="help")
    any_store.write(records.delete, "consent", consent)
    assert any_store.read(persons.consents_to, person, "help") is False


def test_the_relative_has_the_case_too(any_store: Store, make: Make) -> None:
    relative = make.person(family_name="Fall")
    case = make.case(relative=relative)
    assert [v.id for v in any_store.read(persons.cases_of, relative)] == [case]
    any_store.write(records.delete, "case", case)
    assert any_store.read(persons.cases_of, relative) == ()

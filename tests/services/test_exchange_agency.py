"""The rounds, the scopes and what waits, with a shared database among the computers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from migdesk.jobs.exchange import Part, accept_quarantined, exchange
from migdesk.models.local import OpRow
from migdesk.models.store import Store
from migdesk.services import (
    bundles,
    devices,
    enrolment,
    erasure,
    joining,
    office,
    received,
    records,
    settle,
    vouching,
)
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Memory
from migdesk.task import Task


@pytest.fixture
def agency(pg_store: Store) -> Store:
    pg_store.write(office.found, {"name": "Agency", "country": "SN"}, "Awa Mballo", "a-1")
    pg_store.write(enrolment.found_office)
    return pg_store


def enrolled(agency: Store, made: Store, name: str, role: str, scope: Scope) -> str:
    made.write(joining.begin, name, name, f"acc-{name}")
    (mine,) = [one.line for one in agency.read(devices.devices) if one.ours]
    grant = Grant(name, role, scope, mine)
    line = agency.write(enrolment.enrol, made.read(devices.own).card, grant)
    made.write(joining.join, agency.write(enrolment.invitation, line)[1])
    return line


def rounds(stores: list[Store], place: Memory, times: int = 3) -> None:
    for _ in range(times):
        for store in stores:
            exchange(store, Task(), place)


def log(store: Store) -> set[str]:
    return set(store.read(lambda s: s.scalars(sa.select(OpRow.stamp)).all()))


def person(store: Store, name: str, place: str | None = None) -> str:
    values = {"family_name": name, "origin": place}
    return store.write(records.save, "person", None, values)


def family(store: Store, id: str) -> object:
    return store.read(records.get, "person", id).values["family_name"]


def test_lost_parts_conflicts_and_undoing(
    agency: Store, new_store: Callable[[], Store]
) -> None:
    laptop, place = new_store(), Memory()
    enrolled(agency, laptop, "Kolda", "agent", Scope(True))
    rounds([agency, laptop], place)
    people = [person(agency, f"Diatta {n}") for n in range(8)]
    before = set(place.list())
    exchange(agency, Task(), place, part=Part(ops=3))
    place.delete(sorted(set(place.list()) - before)[1])
    exchange(laptop, Task(), place)
    assert laptop.read(bundles.gaps) == ("Agency",)
    for store, name in ((laptop, "Sané"), (agency, "Badji")):
        store.write(records.save, "person", people[0], {"family_name": name})
    rounds([agency, laptop], place, 4)
    assert log(agency) == log(laptop) and laptop.read(bundles.gaps) == ()
    (question,) = agency.read(settle.conflicts)
    assert [each.id for each in laptop.read(settle.conflicts)] == [question.id]
    laptop.write(settle.settle, question.id, "left")
    exchange(laptop, Task(), place)
    exchange(agency, Task(), place)
    assert agency.read(settle.conflicts) == ()
    agency.write(bundles.undo_bundle, agency.read(bundles.came)[0].name)
    assert len(agency.read(settle.conflicts)) == 1
    done = [exchange(store, Task(), place) for store in (agency, laptop) for _ in range(3)]
    assert done[-1].sent == done[-1].taken == 0 and log(agency) == log(laptop)


def test_a_scope_is_fed_by_a_shared_database(
    agency: Store, new_store: Callable[[], Store]
) -> None:
    laptop, place = new_store(), Memory()
    inside, outside = (
        agency.write(records.save, "place", None, {"name": name}) for name in ("In", "Out")
    )
    here, _there = person(agency, "Diatta", inside), person(agency, "Needle", outside)
    enrolled(agency, laptop, "Laptop", "enumerator", Scope(False, (inside,)))
    mine = person(laptop, "Sané", inside)
    rounds([agency, laptop], place)
    assert family(laptop, here) == "Diatta" and family(agency, mine) == "Sané"
    spoken = sa.select(OpRow.seq).where(OpRow.body.contains("Needle"))
    assert laptop.read(lambda s: s.scalars(spoken).all()) == []
    agency.write(records.save, "person", here, {"origin": outside})
    rounds([agency, laptop], place)
    assert (
        laptop.read(lambda s: s.scalars(sa.select(OpRow.seq).filter_by(row=here)).all()) == []
    )


def test_what_waits_on_a_shared_database(agency: Store, new_store: Callable[[], Store]) -> None:
    laptop, place = new_store(), Memory()
    line = enrolled(agency, laptop, "Kolda", "agent", Scope(True))
    id = person(agency, "Diatta")
    rounds([agency, laptop], place)
    laptop.write(erasure.erase, "person", id, "asked")
    rounds([laptop, agency], place, 2)
    (view,) = agency.read(vouching.held_back)
    assert view.erasures == 1 and not agency.read(erasure.is_erased, id)
    agency.write(vouching.carry_out, view.device)
    assert agency.read(erasure.is_erased, id) and agency.read(vouching.held_back) == ()
    agency.write(enrolment.revoke, line)
    late = person(laptop, "Sané")
    exchange(laptop, Task(), place)
    (name,) = exchange(agency, Task(), place).quarantined
    assert agency.read(received.count_waiting) == 1
    accept_quarantined(agency, Task(), name)
    assert family(agency, late) == "Sané"

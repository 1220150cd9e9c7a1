"""Enrolment as exchange lives it: who receives, who waits in quarantine, what new keys read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from migdesk.jobs.exchange import Exchanged, exchange
from migdesk.models.store import Store
from migdesk.services import devices, enrolment, joining, office, records, registry
from migdesk.services.enrolment import Grant
from migdesk.services.records import Query
from migdesk.services.registry import Scope
from migdesk.sync.stores import Folder
from migdesk.task import Task
from tests.journeys.ground import Ground

ALL = Scope(True)
PERSON = "Diattaraya"


@pytest.fixture
def stick(tmp_path: Path, ground: Ground) -> Folder:
    ground.expect([PERSON], tmp_path)
    (tmp_path / "stick").mkdir()
    return Folder(str(tmp_path / "stick"))


@pytest.fixture
def head(new_store: Callable[[], Store]) -> Store:
    made = new_store()
    made.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    made.write(enrolment.found_office)
    return made


@pytest.fixture
def laptop(head: Store, new_store: Callable[[], Store]) -> Store:
    return enrolled(head, new_store(), "Laptop", ALL)


def enrolled(head: Store, store: Store, name: str, scope: Scope) -> Store:
    store.write(joining.begin, name, name, f"acc-{name}")
    card = store.read(devices.own).card
    line = head.write(enrolment.enrol, card, Grant(name, "agent", scope))
    store.write(joining.join, head.write(enrolment.invitation, line)[1])
    return store


def line_of(head: Store, name: str) -> str:
    return next(d.line for d in head.read(devices.devices) if d.name == name)


def meet(stick: Folder, *stores: Store) -> Exchanged:
    """Each passes by the stick; what the last one did."""
    for store in stores:
        done = exchange(store, Task(), stick)
    return done


def people(store: Store) -> int:
    return store.read(records.count, "person", Query())


def register(store: Store, **values: object) -> str:
    return store.write(records.save, "person", None, {"family_name": PERSON, **values})


def test_an_invitation_and_a_stick_are_all_that_a_new_computer_needs(
    head: Store, laptop: Store, stick: Folder
) -> None:
    register(head)
    meet(stick, head, laptop)
    assert people(laptop) == 1
    register(laptop)
    meet(stick, laptop, head)
    assert people(head) == 2
    (other,) = [d for d in head.read(devices.devices) if not d.ours]
    assert other.heard


def test_what_a_revoked_computer_sends_waits(
    head: Store, laptop: Store, stick: Folder
) -> None:
    meet(stick, head, laptop, head)
    head.write(enrolment.revoke, line_of(head, "Laptop"))
    register(head)
    register(laptop)
    done = meet(stick, laptop, head)
    assert len(done.quarantined) == 1 and people(head) == 1
    meet(stick, laptop)
    assert people(laptop) == 1  # nothing more is sent to it


def test_new_keys_read_what_was_sent_to_the_old_ones(
    head: Store, laptop: Store, stick: Folder
) -> None:
    register(head)
    meet(stick, head)  # sealed to the old keys
    laptop.write(enrolment.renew_keys)
    waiting = laptop.read(devices.own).waiting
    head.write(enrolment.replace, line_of(head, "Laptop"), waiting)
    register(head)
    meet(stick, head)  # sealed to the new ones, and tells of them
    meet(stick, laptop)
    assert people(laptop) == 2
    assert str(laptop.read(registry.identities)[0].card) == waiting
    register(laptop)
    done = meet(stick, laptop, head)
    assert done.refused == () and people(head) == 3


def test_the_place_of_a_lost_computer(
    head: Store, laptop: Store, stick: Folder, new_store: Callable[[], Store]
) -> None:
    register(head)
    meet(stick, head, laptop, head)
    fresh = new_store()
    fresh.write(joining.begin, "New laptop", "Binta", "acc-n")
    line = line_of(head, "Laptop")
    head.write(enrolment.replace, line, fresh.read(devices.own).card)
    fresh.write(joining.join, head.write(enrolment.invitation, line)[1])
    meet(stick, head, fresh)
    assert people(fresh) == 1
    register(laptop)
    assert meet(stick, laptop, head).quarantined


def test_a_narrower_scope_reaches_the_device(
    head: Store, laptop: Store, stick: Folder
) -> None:
    here = head.write(records.save, "place", None, {"name": "Kolda"})
    there = head.write(records.save, "place", None, {"name": "Vélingara"})
    register(head, origin=here)
    register(head, origin=there)
    meet(stick, head, laptop, head)
    assert people(laptop) == 2
    narrow = Scope(False, (here,))
    grant = Grant("Laptop", "enumerator", narrow)
    head.write(enrolment.change, line_of(head, "Laptop"), grant)
    for place in (here, there):
        register(head, origin=place)
    meet(stick, head, laptop, head, laptop)
    me = laptop.read(registry.ourselves)
    assert me is not None and me.scope == narrow
    found = laptop.read(records.list_page, "person", Query(filters=(("origin", here),)))
    assert len(found.rows) == 2
    away = laptop.read(records.list_page, "person", Query(filters=(("origin", there),)))
    assert len(away.rows) <= 1 and people(head) == 4

"""What a computer may change from afar, and what waits for a person instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.jobs.exchange import exchange
from migdesk.models.capture import NotYours
from migdesk.models.local import HeldBack, OpRow
from migdesk.models.office import Account
from migdesk.models.store import Store
from migdesk.ops import ERASED
from migdesk.services import (
    devices,
    enrolment,
    erasure,
    joining,
    office,
    received,
    records,
    registry,
    to_settle,
    vouching,
)
from migdesk.services import exchange as cards
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.services.views import Gone
from migdesk.sync.stores import Memory
from migdesk.task import Task


@pytest.fixture
def head(new_store: Callable[[], Store]) -> Store:
    made = new_store()
    made.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    made.write(enrolment.found_office)
    return made


def enrolled(head: Store, made: Store, name: str, role: str) -> Store:
    made.write(joining.begin, name, name, f"acc-{name}")
    grant = Grant(name, role, Scope(True))
    line = head.write(enrolment.enrol, made.read(devices.own).card, grant)
    made.write(joining.join, head.write(enrolment.invitation, line)[1])
    return made


@pytest.fixture
def agent(head: Store, new_store: Callable[[], Store]) -> Store:
    return enrolled(head, new_store(), "Agent", "agent")


def rounds(stores: list[Store], place: Memory, times: int = 3) -> None:
    for _ in range(times):
        for store in stores:
            exchange(store, Task(), place)


def person(store: Store, name: str) -> str:
    return store.write(records.save, "person", None, {"family_name": name})


def has(store: Store, id: str) -> bool:
    return not store.read(erasure.is_erased, id)


def held(store: Store) -> tuple[vouching.HeldView, ...]:
    return store.read(vouching.held_back)


def test_an_erasure_by_who_may_not_waits_and_is_carried_out_by_a_person(
    head: Store, agent: Store, new_store: Callable[[], Store]
) -> None:
    third = enrolled(head, new_store(), "Third", "agent")
    place, id = Memory(), person(head, "Diatta")
    rounds([head, agent, third], place)
    agent.write(erasure.erase, "person", id, "asked")
    rounds([agent, head, third], place)
    assert not has(agent, id) and has(head, id) and has(third, id)
    (view,) = held(head)
    assert (view.sender, view.n, view.erasures) == ("Agent", 1, 1)
    assert view.sample == (vouching.Asked("person", "Diatta", True),)
    assert head.read(received.count_waiting) == 1
    assert head.read(to_settle.counts)["bundle"] == 1
    head.role = "agent"
    with pytest.raises(NotYours):
        head.write(vouching.carry_out, view.device)
    head.role = "administrator"
    head.write(vouching.carry_out, view.device)
    rounds([head, third, agent], place)
    assert not has(head, id) and not has(third, id)  # it hears it from who may
    assert held(head) == held(third) == held(agent) == ()


def test_what_waits_can_be_thrown_away(head: Store, agent: Store) -> None:
    place, id = Memory(), person(head, "Diatta")
    rounds([head, agent], place)
    agent.write(erasure.erase, "person", id, "asked")
    rounds([agent, head], place)
    (view,) = held(head)
    head.write(vouching.drop, view.device)
    rounds([agent, head], place)
    assert has(head, id) and held(head) == ()
    with pytest.raises(vouching.NothingHeld):
        head.write(vouching.drop, view.device)


def test_an_erasure_by_who_may_is_carried_out_everywhere(
    head: Store, agent: Store, new_store: Callable[[], Store]
) -> None:
    other = enrolled(head, new_store(), "Other", "office_head")
    place, id = Memory(), person(agent, "Diatta")
    rounds([head, agent, other], place)
    other.write(erasure.erase, "person", id, "asked")
    rounds([other, agent, head], place)
    assert not any(has(store, id) for store in (head, agent, other))
    assert held(head) == held(agent) == ()


def test_the_stamp_of_somebody_else_lends_no_right(head: Store, agent: Store) -> None:
    """The pen of an op is a claim: the agent's computer writes under the id of the head's."""
    place, id = Memory(), person(head, "Diatta")
    rounds([head, agent], place)
    agent.device = head.device
    agent.write(erasure.erase, "person", id, "asked")
    rounds([agent, head], place)
    assert has(head, id) and held(head)[0].erasures == 1


def test_what_a_carrier_may_not_say_is_heard_from_who_may(
    head: Store, agent: Store, new_store: Callable[[], Store]
) -> None:
    """Compartments of an account are an administrator's word: who got everything through an
    agent still asks the administrator for it, as soon as they meet."""
    third = enrolled(head, new_store(), "Third", "agent")
    rounds([head, agent], Memory())
    stick, place = Memory(), Memory()
    rounds([agent, third], stick)
    assert [view.sender for view in held(third)] == ["Agent"]
    rounds([third, head], place)
    assert held(third) == ()
    assert third.read(_compartments, "a-1") == head.read(_compartments, "a-1") != []


def test_a_laptop_with_a_scope_believes_who_feeds_it_of_accounts(
    head: Store, new_store: Callable[[], Store]
) -> None:
    """Of compartments it holds what the office gave it, whatever accounts say."""
    kolda, laptop = enrolled(head, new_store(), "Kolda", "office_head"), new_store()
    laptop.write(joining.begin, "Laptop", "Binta Sow", "acc-laptop")
    feeder = next(one.line for one in head.read(devices.devices) if one.name == "Kolda")
    region = head.write(records.save, "place", None, {"name": "Kolda"})
    grant = Grant("Laptop", "enumerator", Scope(False, (region,)), feeder)
    line = head.write(enrolment.enrol, laptop.read(devices.own).card, grant)
    laptop.write(joining.join, head.write(enrolment.invitation, line)[1])
    rounds([head, kolda], Memory())
    rounds([kolda, laptop], Memory())
    assert held(laptop) == ()
    assert laptop.read(_compartments, "a-1") == head.read(_compartments, "a-1")


def _compartments(session: Session, account: str) -> list[str]:
    row = session.get(Account, account)
    return list(row.compartments or ()) if row else []


def test_a_role_binds_from_afar(head: Store, agent: Store) -> None:
    """Accounts and lines of the register; what the computer made itself comes along."""
    place = Memory()
    rounds([head, agent], place)
    about = {"name": "Awa Mballo", "role": "enumerator"}
    agent.write(records.save, "account", "a-1", about)
    mine = agent.read(registry.identities)[0].device
    agent.write(records.save, "device", mine, {"role": "administrator"})
    made = agent.write(records.save, "account", None, {"name": "X", "role": "administrator"})
    rounds([agent, head], place)
    assert head.read(records.get, "account", "a-1").values["role"] == "administrator"
    assert head.read(records.get, "device", mine).values["role"] == "agent"
    with pytest.raises(Gone):
        head.read(records.get, "account", made)
    own = head.read(records.get, "account", "acc-Agent")
    assert own.values["role"] == "agent"
    (view,) = held(head)
    assert {each.kind for each in view.sample} == {"account", "device"} and view.n == 3


def test_what_is_held_is_forgotten_with_the_row(head: Store, agent: Store) -> None:
    place, id = Memory(), person(head, "Diatta")
    rounds([head, agent], place)
    agent.write(erasure.erase, "person", id, "asked")
    rounds([agent, head], place)
    head.write(erasure.erase, "person", id, "asked")
    assert held(head) == () and not head.read(lambda s: s.scalars(sa.select(HeldBack)).all())


def test_another_office_erases_only_what_it_wrote(
    head: Store, new_store: Callable[[], Store]
) -> None:
    other = new_store()
    for one, two in ((head, other), (other, head)):
        two.write(cards.make_card)
        one.write(cards.pair, two.read(cards.my_card).text)
    place, ours, theirs = Memory(), person(head, "Diatta"), person(other, "Sané")
    rounds([head, other], place)
    for id in (ours, theirs):
        other.write(erasure.erase, "person", id, "asked")
    rounds([other, head], place)
    assert has(head, ours) and not has(head, theirs)
    assert held(head)[0].n == 1


def test_a_revoked_computer_cannot_backdate(head: Store, agent: Store) -> None:
    place = Memory()
    rounds([head, agent], place)
    person(agent, "Before")  # put before the revocation, but it comes after
    exchange(agent, Task(), place)
    line = next(one.line for one in head.read(devices.devices) if not one.ours)
    head.write(enrolment.revoke, line)
    done = exchange(head, Task(), place)
    assert len(done.quarantined) == 1 and done.taken == 0


def test_erased_is_in_no_log_of_who_held_it_back(head: Store, agent: Store) -> None:
    """What is held is passed on to nobody."""
    place, id = Memory(), person(head, "Diatta")
    rounds([head, agent], place)
    agent.write(erasure.erase, "person", id, "asked")
    rounds([agent, head], place)
    rows = sa.select(OpRow.seq).where(OpRow.row == id, OpRow.body.contains(f'"{ERASED}"'))
    assert head.read(lambda s: s.scalars(rows).all()) == []

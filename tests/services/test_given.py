"""Words of others about what we hold: a false one hides nothing."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from migdesk.jobs.exchange import Part, exchange
from migdesk.models.kinds import now_utc
from migdesk.models.store import Store
from migdesk.services import (
    bundles,
    devices,
    enrolment,
    joining,
    office,
    records,
    registry,
    settle,
    standing,
    to_settle,
)
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync import bundle
from migdesk.sync.bundle import Manifest, News
from migdesk.sync.stores import Memory
from migdesk.task import Task


@pytest.fixture
def three(new_store: Callable[[], Store]) -> list[Store]:
    head = new_store()
    head.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    head.write(enrolment.found_office)
    return [head, *(enrolled(head, new_store(), name) for name in ("Second", "Third"))]


def enrolled(head: Store, made: Store, name: str) -> Store:
    made.write(joining.begin, name, name, f"acc-{name}")
    grant = Grant(name, "office_head", Scope(True))
    line = head.write(enrolment.enrol, made.read(devices.own).card, grant)
    made.write(joining.join, head.write(enrolment.invitation, line)[1])
    return made


def rounds(stores: list[Store], place: Memory, times: int = 3) -> None:
    for _ in range(times):
        for store in stores:
            exchange(store, Task(), place)


def person(store: Store, name: str) -> str:
    return store.write(records.save, "person", None, {"family_name": name})


def card_id(store: Store) -> str:
    return store.read(registry.identities)[0].device


def give(liar: Store, reader: Store, place: Memory, about: Store, upto: int) -> None:
    """A bundle without content that says what the reader holds of a third one."""
    me, other = liar.read(standing.me), about.read(standing.me)
    identity = liar.read(registry.identities)[0]
    manifest = Manifest(
        incarnation=me.incarnation,
        sequence=9_000,
        made=now_utc(),
        stream=f"{card_id(reader)}:{other.device}",
        gives={other.device: (other.incarnation, upto)},
        news=News(),
    )
    out = io.BytesIO()
    cards = [reader.read(registry.identities)[0].card]
    written = bundle.write(out, manifest, [], identity=identity, recipients=cards)
    place.put(f"{me.device}-00009000-{written.file_hash[:16]}.migbundle", out.getvalue())


@pytest.mark.parametrize("far", [True, False])
def test_a_lie_about_a_third_one_hides_no_gap(three: list[Store], far: bool) -> None:
    head, liar, third = three
    place = Memory()
    rounds(three, place)
    people = [person(third, f"Diatta {n}") for n in range(9)]
    end = third.read(standing.log_end)
    give(liar, head, place, third, 10**9 if far else end)
    exchange(head, Task(), place)
    before = set(place.list())
    exchange(third, Task(), place, part=Part(ops=3))
    lost = sorted(set(place.list()) - before)[1]
    place.delete(lost)
    exchange(head, Task(), place)
    assert head.read(bundles.gaps) == ("Third",)
    people.append(person(third, "Sané"))
    rounds(three, place)
    assert head.read(bundles.gaps) == ()
    assert all(head.read(records.get, "person", id) for id in people)


def test_what_was_truly_given_counts_for_good(
    three: list[Store], new_store: Callable[[], Store]
) -> None:
    head, _second, third = three
    place = Memory()
    person(third, "Diatta")
    rounds(three, place)
    new = enrolled(head, new_store(), "New")
    rounds([*three, new], place)
    other = third.read(standing.me)

    def of_third(session: Session) -> tuple[object, ...]:
        found = (standing.EVERYTHING, standing.GIVEN)
        return tuple(standing.spans(session, other.device, other.incarnation, s) for s in found)

    own, given = new.read(of_third)
    assert given == [] and own and own[0][0] == 0 and new.read(bundles.gaps) == ()


def test_a_restored_computer_keeps_its_name(three: list[Store]) -> None:
    head, second, third = three
    place = Memory()
    id = person(head, "Diatta")
    rounds(three, place)
    second.write(office.reborn, False)
    second.device = second.read(standing.own_writers)[-1]
    second.write(records.save, "person", id, {"family_name": "Badji"})
    head.write(records.save, "person", id, {"family_name": "Sané"})
    rounds(three, place)
    (conflict,) = third.read(settle.conflicts)
    names = third.read(to_settle.computers)
    sides = {names.get(side.device) for side in (conflict.left, conflict.right)}
    assert sides == {"Second", "HOM Kolda"}
    assert second.read(to_settle.computers)[second.device] == "this computer"


def test_undoing_an_import_asks_again_what_it_had_settled(three: list[Store]) -> None:
    head, second, _third = three
    place = Memory()
    id = person(head, "Diatta")
    rounds([head, second], place)
    head.write(records.save, "person", id, {"family_name": "Sané"})
    second.write(records.save, "person", id, {"family_name": "Badji"})
    rounds([head, second], place, 2)
    (question,) = second.read(settle.conflicts)
    second.write(settle.settle, question.id, "left")
    exchange(second, Task(), place)
    exchange(head, Task(), place)
    assert head.read(settle.conflicts) == ()
    newest = head.read(bundles.came)[0]
    head.write(bundles.undo_bundle, newest.name)
    (again,) = head.read(settle.conflicts)
    assert {again.left.value, again.right.value} == {"Sané", "Badji"}
    rounds([head, second], place, 2)
    assert second.read(settle.conflicts)[0].id == again.id

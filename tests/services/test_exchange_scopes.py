"""A device with a scope receives its places and questionnaires, and nobody else's data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from migdesk.jobs.exchange import accept_quarantined, exchange
from migdesk.models.local import OpRow
from migdesk.models.store import Store
from migdesk.services import (
    bundles,
    devices,
    enrolment,
    joining,
    office,
    received,
    records,
    registry,
    search,
)
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.services.views import Gone
from migdesk.sync.stores import Memory
from migdesk.task import Task


@pytest.fixture
def head(new_store: Callable[[], Store]) -> Store:
    """The computer that founded an office."""
    made = new_store()
    made.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    made.write(enrolment.found_office)
    return made


@pytest.fixture
def laptop(new_store: Callable[[], Store]) -> Store:
    """A computer that waits for its invitation."""
    made = new_store()
    made.write(joining.begin, "Laptop 2", "Binta Sow", "acc-1")
    return made


def enrol(head: Store, laptop: Store, scope: Scope) -> str:
    (mine,) = [one.line for one in head.read(devices.devices) if one.ours]
    grant = Grant("Laptop 2", "enumerator", scope, mine)
    line = head.write(enrolment.enrol, laptop.read(devices.own).card, grant)
    _name, data = head.write(enrolment.invitation, line)
    laptop.write(joining.join, data)
    return line


def village(store: Store, name: str, inside: str = "") -> str:
    return store.write(records.save, "place", None, {"name": name, "parent": inside or None})


def person(store: Store, name: str, place: str = "", **values: object) -> str:
    known = {"family_name": name, "origin": place or None, **values}
    return store.write(records.save, "person", None, known)


def rounds(stores: list[Store], place: Memory, times: int = 3) -> None:
    for _ in range(times):
        for store in stores:
            exchange(store, Task(), place)


def has(store: Store, id: str, kind: str = "person") -> bool:
    try:
        store.read(records.get, kind, id)
    except Gone:
        return False
    return True


def says(store: Store, word: str) -> bool:
    """Whether the log or the search of a computer holds a word."""
    like = sa.select(OpRow.seq).where(OpRow.body.contains(word))
    return bool(store.read(lambda s: s.scalars(like).all()) or store.read(search.find, word))


def test_only_the_places_of_the_scope_and_what_belongs_to_them(
    head: Store, laptop: Store
) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    inner = village(head, "Diannah", region)
    here, there = person(head, "Diatta", inner), person(head, "Needle", other)
    agreed = {"person": here, "purpose": "follow_up"}
    consent = head.write(records.save, "consent", None, agreed)
    home = {"name": "Diatta", "place": inner}
    household = head.write(records.save, "household", None, home)
    line = {"name": "Needle", "household": household, "person": there}
    member = head.write(records.save, "member", None, line)
    guarded = person(head, "Guarded", inner, note="hidden from most")
    case = head.write(records.save, "case", None, {"title": "Casework", "person": here})
    enrol(head, laptop, Scope(False, (region,)))
    rounds([head, laptop], Memory())
    assert has(laptop, here) and has(laptop, consent, "consent")
    assert has(laptop, household, "household") and has(laptop, member, "member")
    assert has(laptop, there)  # a member of a household of the scope goes along
    assert not has(laptop, guarded) and not says(laptop, "Guarded")
    assert not has(laptop, case, "case") and not says(laptop, "Casework")


def test_nobody_elses_data_is_on_its_disk(head: Store, laptop: Store) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    strangers = [person(head, "Needle", other) for _ in range(3)]
    mine = person(laptop, "Sané", region)
    rounds([head, laptop], Memory())
    assert has(head, mine)
    assert not any(has(laptop, one) for one in strangers) and not says(laptop, "Needle")


def test_who_moves_into_the_scope_comes_whole_and_who_leaves_goes(
    head: Store, laptop: Store
) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    moving = person(head, "Diatta", other, phone="+221771234567")
    place = Memory()
    rounds([head, laptop], place)
    assert not has(laptop, moving)
    head.write(records.save, "person", moving, {"origin": region})
    rounds([head, laptop], place)
    assert laptop.read(records.get, "person", moving).values["phone"] == "+221771234567"
    head.write(records.save, "person", moving, {"origin": other})
    rounds([head, laptop], place)
    assert not has(laptop, moving) and not says(laptop, "Diatta")
    head.write(records.save, "person", moving, {"given_name": "Laterword"})
    rounds([head, laptop], place)
    assert not says(laptop, "Laterword")
    head.write(records.save, "person", moving, {"origin": region})
    rounds([head, laptop], place)
    assert laptop.read(records.get, "person", moving).title == "Laterword Diatta"


def test_leaving_a_scope_first_sends_what_was_not_sent(head: Store, laptop: Store) -> None:
    """Access lost with cases not yet sent must not drop them (SORMAS 403)."""
    one, two = village(head, "Sédhiou"), village(head, "Kolda")
    line = enrol(head, laptop, Scope(False, (one,)))
    place = Memory()
    rounds([head, laptop], place)
    mine = person(laptop, "Diatta", one)
    (own,) = [each.line for each in head.read(devices.devices) if each.ours]
    moved = Grant("Laptop 2", "enumerator", Scope(False, (two,)), own)
    head.write(enrolment.change, line, moved)
    there = person(head, "Sané", two)
    exchange(head, Task(), place)
    exchange(laptop, Task(), place)
    assert has(laptop, mine)  # not acknowledged yet
    rounds([head, laptop], place)
    assert has(head, mine) and has(laptop, there)
    assert not has(laptop, mine) and not says(laptop, "Diatta")
    later = person(laptop, "Badji", two)
    rounds([head, laptop], place)
    assert has(head, later)


def test_a_revoked_computer_is_kept_apart_until_a_person_decides(
    head: Store, laptop: Store
) -> None:
    line = enrol(head, laptop, Scope(True))
    place = Memory()
    rounds([head, laptop], place)
    head.write(enrolment.revoke, line)
    late = [person(laptop, "Diatta"), person(laptop, "Sané")]
    exchange(laptop, Task(), place)
    done = exchange(head, Task(), place)
    (view,) = head.read(received.quarantined)
    assert done.quarantined == (view.name,) and done.taken == 0
    assert view.sender == "Laptop 2" and view.ops == 2 and not has(head, late[0])
    assert head.read(bundles.status).quarantined == 1
    secret = person(head, "Secret")
    rounds([head, laptop], place)
    assert not has(laptop, secret)
    accept_quarantined(head, Task(), view.name)
    assert all(has(head, id) for id in late) and head.read(received.quarantined) == ()
    with pytest.raises(received.GoneFromQuarantine):
        head.write(received.drop_quarantined, view.name)


def test_what_was_sealed_for_earlier_keys_is_still_read(head: Store, laptop: Store) -> None:
    """Every generation of keys is kept, not only the newest (joplin 16382)."""
    enrol(head, laptop, Scope(True))
    place = Memory()
    rounds([head, laptop], place)
    id = person(head, "Diatta")
    exchange(head, Task(), place)
    laptop.write(enrolment.renew_keys)
    exchange(laptop, Task(), place)
    assert has(laptop, id)
    later = person(laptop, "Sané")
    rounds([head, laptop], place)
    assert has(head, later)


def test_a_third_computer_is_fed_by_one_and_then_hears_all(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    enrol(head, laptop, Scope(True))
    place = Memory()
    people = [person(head, f"Diatta {n}") for n in range(3)]
    people.append(person(laptop, "Sané"))
    rounds([head, laptop], place)
    third = new_store()
    third.write(joining.begin, "Laptop 3", "Ami", "acc-2")
    enrol(head, third, Scope(True))
    rounds([head, laptop, third], place, 4)
    people.append(person(laptop, "Badji"))
    rounds([head, laptop, third], place)
    assert all(has(one, id) for one in (head, laptop, third) for id in people)
    assert third.read(bundles.gaps) == () and len(third.read(registry.trusted)) == 2


def test_lines_of_whatever_is_in_the_scope_go_along(head: Store, laptop: Store) -> None:
    region = village(head, "Sédhiou")
    need = head.write(records.save, "need", None, {"name": "Nurse", "place": region})
    wish = {"need": need, "about": "language", "how": "is", "value": "wo"}
    line = head.write(records.save, "need_condition", None, wish)
    enrol(head, laptop, Scope(False, (region,)))
    rounds([head, laptop], Memory())
    assert has(laptop, need, "need") and has(laptop, line, "need_condition")

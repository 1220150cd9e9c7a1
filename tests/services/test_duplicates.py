"""Two records of one person: found, merged, separated again, on every computer alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from migdesk.models import RECORDS
from migdesk.models.capture import NotYours
from migdesk.models.local import ConflictRow
from migdesk.models.store import Store
from migdesk.ops import MERGED
from migdesk.services import (
    aliases,
    attachments,
    duplicates,
    erasure,
    history,
    merging,
    records,
    search,
    settle,
)
from migdesk.services.records import Query
from migdesk.services.views import Gone
from tests.tools import Make, ops


def carry(source: Store, target: Store) -> merging.Applied:
    return target.write(merging.apply_ops, ops(source), source.device)


def merge(store: Store, away: str, stays: str, **take: Any) -> None:
    store.write(duplicates.merge, "person", away, stays, take)


def get(store: Store, id: str, kind: str = "person") -> Any:
    return store.read(records.get, kind, id)


def visitor(store: Store, visit: str) -> str:
    return str(get(store, visit, "visit").values["person"])


def sound(store: Store) -> bool:
    """Whether every row is what the log makes it."""
    return store.write(merging.rebuild, store.read(merging.logged_rows)[1]) == {}


# roots ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ({}, {}),
        ({"a": "b"}, {"a": "b"}),
        ({"a": "b", "b": "c"}, {"a": "c", "b": "c"}),
        ({"a": "b", "b": "a"}, {"b": "a"}),
        ({"x": "c", "c": "b", "b": "c"}, {"x": "b", "c": "b"}),
        ({"a": "b", "b": "c", "c": "a", "d": "c"}, {"b": "a", "c": "a", "d": "a"}),
    ],
)
def test_roots(steps: dict[str, str], expected: dict[str, str]) -> None:
    for order in (list(steps), list(reversed(steps))):
        assert aliases.roots_of({row: steps[row] for row in order}) == expected


# merging --------------------------------------------------------------------------


def test_everything_leads_to_the_one_that_stays(any_store: Store, make: Make) -> None:
    awa = make.person(given_name="Awa", family_name="Ndiaye", phone="+221771234567")
    eva = make.person(given_name="Eva", family_name="Njie")
    visit = make.visit(person=awa)
    paper = any_store.write(attachments.add, "p.pdf", b"x", awa)
    merge(any_store, awa, eva, phone="away")
    assert get(any_store, awa).id == eva
    assert get(any_store, eva).values["phone"] == "+221771234567"
    assert visitor(any_store, visit) == eva
    assert get(any_store, paper, "attachment").values["of"] == eva
    assert [hit.id for hit in any_store.read(search.find, "awa ndiaye")] == [eva]
    for deleted in (False, True):
        query = Query(deleted=deleted)
        listed = [row.id for row in any_store.read(records.list_page, "person", query).rows]
        assert listed == ([] if deleted else [eva])
    later = make.visit(person=awa)
    assert visitor(any_store, later) == eva
    any_store.write(records.save, "person", awa, {"given_name": "Eva Awa"})
    assert get(any_store, eva).values["given_name"] == "Eva Awa"
    assert [hit.id for hit in any_store.read(search.find, "ndiaye")] == [eva]
    assert any_store.read(duplicates.merged_into, "person", eva) == (awa,)
    assert sound(any_store)


def test_separated_again_each_has_its_own(any_store: Store, make: Make) -> None:
    awa, eva = make.person(given_name="Awa"), make.person(given_name="Eva")
    hers, others = make.visit(person=awa), make.visit(person=eva)
    merge(any_store, awa, eva)
    any_store.write(duplicates.unmerge, "person", awa)
    assert (visitor(any_store, hers), visitor(any_store, others)) == (awa, eva)
    assert get(any_store, awa).id == awa and not get(any_store, awa).deleted
    assert [hit.id for hit in any_store.read(search.find, "awa")] == [awa]
    assert [hit.id for hit in any_store.read(search.find, "eva")] == [eva]
    with pytest.raises(Gone):
        any_store.write(duplicates.unmerge, "person", awa)
    assert sound(any_store)


def test_undone_and_done_again_as_one(store: Store, make: Make) -> None:
    awa, eva = make.person(given_name="Awa", sex="female"), make.person(given_name="Eva")
    visit = make.visit(person=awa)
    merge(store, awa, eva, sex="away")
    for _again in range(2):
        store.write(history.undo_last)
        assert visitor(store, visit) == awa and get(store, eva).values["sex"] is None
        store.write(history.redo_last)
        assert visitor(store, visit) == eva and get(store, eva).values["sex"] == "female"
    assert sound(store)


def test_a_change_made_before_the_merging_is_undone_where_it_leads(
    store: Store, make: Make
) -> None:
    awa, eva, ndey = make.person(), make.person(), make.person()
    visit = make.visit(person=ndey)
    store.write(records.save, "visit", visit, {"person": awa})
    change = ops(store)[-1].tx
    merge(store, awa, eva)
    store.write(history.undo, change)
    assert visitor(store, visit) == ndey
    merge(store, ndey, eva)
    store.write(history.undo, ops(store, visit)[-1].tx)
    assert visitor(store, visit) == eva
    assert sound(store)


def test_chains_and_circles(new_store: Callable[[], Store]) -> None:
    a, b = new_store(), new_store()
    one, two, three = (Make(a).person(given_name=name) for name in ("Awa", "Eva", "Aby"))
    visit = Make(a).visit(person=one)
    carry(a, b)
    merge(a, one, two)
    merge(b, two, three)
    carry(a, b), carry(b, a)
    for store in (a, b):
        assert visitor(store, visit) == three and get(store, one).id == three
    merge(a, three, Make(a).person(given_name="Ndey"))
    b.write(duplicates.unmerge, "person", two)
    carry(a, b), carry(b, a)
    assert visitor(a, visit) == visitor(b, visit) == two
    assert sound(a) and sound(b)


def test_each_into_the_other_is_one_person(new_store: Callable[[], Store]) -> None:
    a, b = new_store(), new_store()
    one, two = sorted(Make(a).person(given_name=name) for name in ("Awa", "Eva"))
    carry(a, b)
    merge(a, one, two)
    merge(b, two, one)
    carry(a, b), carry(b, a)
    for store in (a, b):
        assert get(store, one).id == get(store, two).id == one
        assert store.read(settle.conflicts) == ()
        assert sound(store)


def test_into_two_different_ones_waits_for_a_person(new_store: Callable[[], Store]) -> None:
    a, b = new_store(), new_store()
    one, two, three = (Make(a).person(given_name=name) for name in ("Awa", "Eva", "Aby"))
    visit = Make(a).visit(person=one)
    carry(a, b)
    merge(a, one, two)
    merge(b, one, three)
    carry(a, b), carry(b, a)
    (conflict,) = a.read(settle.conflicts)
    assert conflict.field == MERGED
    assert visitor(a, visit) == visitor(b, visit)
    b.write(settle.settle, conflict.id, "right")
    carry(b, a)
    assert a.read(settle.conflicts) == b.read(settle.conflicts) == ()
    assert visitor(a, visit) == visitor(b, visit) == get(a, one).id
    assert sound(a) and sound(b)


def test_an_edit_that_the_merging_did_not_see_is_asked_about(
    new_store: Callable[[], Store],
) -> None:
    a, b = new_store(), new_store()
    one, two = Make(a).person(given_name="Awa"), Make(a).person(given_name="Eva")
    carry(a, b)
    merge(a, one, two)
    b.write(records.save, "person", one, {"phone": "+221771234567"})
    carry(a, b), carry(b, a)
    (conflict,) = b.read(settle.conflicts)
    assert conflict.field == MERGED and a.read(settle.conflicts) == (conflict,)
    b.write(settle.settle, conflict.id, "right")
    carry(b, a)
    for store in (a, b):
        assert get(store, one).id == one and get(store, one).values["phone"]
        assert store.read(settle.conflicts) == () and sound(store)


def test_two_names_of_one_person_are_no_conflict(new_store: Callable[[], Store]) -> None:
    a, b = new_store(), new_store()
    one, two, three = (Make(a).person(given_name=name) for name in ("Awa", "Eva", "Aby"))
    visit = Make(a).visit(person=three)
    carry(a, b)
    a.write(records.save, "visit", visit, {"person": one})
    b.write(records.save, "visit", visit, {"person": two})
    carry(a, b), carry(b, a)
    assert len(a.read(settle.conflicts)) == 1
    merge(a, one, two)
    carry(a, b)
    for store in (a, b):
        assert store.read(settle.conflicts) == () and visitor(store, visit) == two
    a.write(duplicates.unmerge, "person", one)
    carry(a, b)
    for store in (a, b):
        assert len(store.read(settle.conflicts)) == 1 and sound(store)


def test_what_arrives_in_any_order_leads_to_the_same(new_store: Callable[[], Store]) -> None:
    a = new_store()
    make = Make(a)
    one, two = make.person(given_name="Awa"), make.person(given_name="Eva")
    make.visit(person=one)
    make.household(name="Njie", head=one)
    merge(a, one, two)
    make.visit(person=one)
    wanted = rows_of(a)
    log = ops(a)
    for order in (log, log[::-1], log[1::2] + log[::2]):
        b = new_store()
        for op in order:
            b.write(merging.apply_ops, [op], a.device)
        assert rows_of(b) == wanted and sound(b)


def rows_of(store: Store) -> dict[str, Any]:
    def read(session: Any) -> dict[str, Any]:
        found = {}
        for kind in ("person", "visit", "household"):
            about = RECORDS[kind]
            for row in session.scalars(sa.select(about.model)):
                values = {name: getattr(row, name) for name in about.fields}
                found[row.id] = (row.deleted, row.merged, values)
        waits = session.scalars(sa.select(ConflictRow.id)).all()
        return {**found, "waits": sorted(waits)}

    return store.read(read)


def test_what_leads_to_an_erased_record_stands_alone_again(
    new_store: Callable[[], Store],
) -> None:
    a, b = new_store(), new_store()
    one, two = Make(a).person(given_name="Awa"), Make(a).person(given_name="Eva")
    visit = Make(a).visit(person=one)
    carry(a, b)
    merge(a, one, two)
    b.write(erasure.erase, "person", two, "asked")
    carry(a, b), carry(b, a)
    for store in (a, b):
        assert get(store, one).id == one and not get(store, one).deleted
        assert visitor(store, visit) == one and sound(store)


def test_what_may_not_be_merged(store: Store, make: Make) -> None:
    one, two = make.person(), make.person()
    with pytest.raises(duplicates.NotTwo):
        merge(store, one, one)
    with pytest.raises(duplicates.NotTwo):
        store.write(duplicates.merge, "visit", make.visit(), make.visit())
    store.role = "enumerator"
    with pytest.raises(NotYours):
        merge(store, one, two)


# finding --------------------------------------------------------------------------


def test_possible_people(store: Store, make: Make) -> None:
    one = make.person(given_name="Fatou", family_name="N'Diaye", birth="1985")
    two = make.person(given_name="Ndiaye", family_name="Fatu", birth="1985~")
    make.person(given_name="Fatou", family_name="Ndiaye", birth="1950")
    three = make.person(given_name="Modou", family_name="Sow", phone="+221771234567")
    four = make.person(given_name="Mamadou", family_name="Sow", phone_2="+221771234567")
    found = store.read(duplicates.possible, "person")
    assert {(p.one, p.two): p.why for p in found} == {
        (one, two): ("sound", "name", "birth"),
        (three, four): ("sound", "name", "phone"),
    }
    store.write(duplicates.dismiss, "person", two, one)
    merge(store, three, four)
    assert store.read(duplicates.possible, "person") == ()


def test_possible_households_and_organisations(store: Store, make: Make) -> None:
    head = make.person()
    homes = [make.household(name=name, head=head) for name in ("Ba", "Sow")]
    firms = [make.organisation(name=name, country="SN") for name in ("Caritas", "CARITAS")]
    make.organisation(name="Caritas", country="ML")
    (home,) = store.read(duplicates.possible, "household")
    (firm,) = store.read(duplicates.possible, "organisation")
    assert [home.one, home.two] == homes and [firm.one, firm.two] == firms


def test_not_the_same_travels_and_is_one_row(new_store: Callable[[], Store]) -> None:
    a, b = new_store(), new_store()
    one, two = (Make(a).person(given_name="Awa", birth="1985") for _n in "ab")
    carry(a, b)
    a.write(duplicates.dismiss, "person", one, two)
    b.write(duplicates.dismiss, "person", two, one)
    carry(a, b), carry(b, a)
    for store in (a, b):
        assert store.read(duplicates.possible, "person") == ()
        assert store.read(settle.conflicts) == ()
        assert store.read(records.count, "distinct", Query()) == 1

"""Two people save the same record at once: field by field, nothing is lost, and of two values
for one field both are kept. The same on an encrypted file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from migdesk.models.store import Store
from migdesk.services import beside, history, records, settle
from migdesk.services.views import View
from tests.tools import Make


def look(store: Store, id: str) -> View:
    return store.read(records.get, "person", id)


def save(store: Store, id: str, values: Mapping[str, Any], seen: View) -> None:
    store.write(records.save, "person", id, values, seen=seen.stamps)


@pytest.fixture
def person(make: Make) -> str:
    return make.person(family_name="Diallo", given_name="Awa", phone="+221 77 123 45 67")


def test_other_fields_merge_without_a_question(any_store: Store, person: str) -> None:
    seen = look(any_store, person)
    save(any_store, person, {"given_name": "Awa Marie"}, seen)
    save(any_store, person, {"residence": "Kolda"}, seen)
    values = look(any_store, person).values
    assert (values["given_name"], values["residence"]) == ("Awa Marie", "Kolda")
    assert any_store.read(settle.conflicts) == ()
    assert any_store.read(beside.meanwhile, {person: seen.stamps}) == ""
    any_store.actor = "somebody else"
    told = any_store.read(beside.meanwhile, {person: seen.stamps})
    assert "Given names, Lives in" in told and "To settle" not in told


def test_the_same_field_is_a_conflict_of_both_values(any_store: Store, person: str) -> None:
    seen = look(any_store, person)
    save(any_store, person, {"given_name": "Awa Marie"}, seen)
    save(any_store, person, {"given_name": "Hawa"}, seen)
    (conflict,) = any_store.read(settle.conflicts)
    assert {conflict.left.value, conflict.right.value} == {"Awa Marie", "Hawa"}
    assert conflict.before == "Awa"
    assert look(any_store, person).values["given_name"] == "Hawa"
    told = any_store.read(beside.meanwhile, {person: seen.stamps})
    assert "(Given names)" in told and "To settle" in told
    any_store.write(settle.settle, conflict.id, "right")
    assert look(any_store, person).values["given_name"] == "Awa Marie"
    assert any_store.read(settle.conflicts) == ()


def test_who_saw_the_change_replaces_it(any_store: Store, person: str) -> None:
    save(any_store, person, {"given_name": "Awa Marie"}, look(any_store, person))
    save(any_store, person, {"given_name": "Hawa"}, look(any_store, person))
    assert any_store.read(settle.conflicts) == ()


def test_both_typed_the_same(any_store: Store, person: str) -> None:
    seen = look(any_store, person)
    save(any_store, person, {"given_name": "Hawa"}, seen)
    save(any_store, person, {"given_name": "Hawa"}, seen)
    assert any_store.read(settle.conflicts) == ()


def test_an_edit_beside_a_delete_is_asked(any_store: Store, person: str) -> None:
    seen = look(any_store, person)
    any_store.write(records.delete, "person", person)
    save(any_store, person, {"residence": "Kolda"}, seen)
    (conflict,) = any_store.read(settle.conflicts)
    assert conflict.field == "deleted"
    assert look(any_store, person).deleted


def test_lines_of_both_stay(any_store: Store, make: Make) -> None:
    case = make.case(title="Poultry")
    line = any_store.write(
        records.save, "budget_line", None, {"case": case, "what": "Hens", "price": "1000 XOF"}
    )
    (view,) = any_store.read(records.lines_of, "budget_line", case)
    seen = {line: view.stamps}
    for price in ("1500 XOF", "2000 XOF"):
        change = [(line, {"price": price}), (None, {"what": price, "price": price})]
        lines = {"budget_line": change}
        any_store.write(records.save_all, "case", case, {}, lines, "", seen)
    assert len(any_store.read(records.lines_of, "budget_line", case)) == 3
    (conflict,) = any_store.read(settle.conflicts)
    assert (conflict.row, conflict.field) == (line, "price")


def test_undo_of_the_later_one_leaves_what_the_other_wrote(
    any_store: Store, person: str
) -> None:
    seen = look(any_store, person)
    save(any_store, person, {"given_name": "Awa Marie"}, seen)
    save(any_store, person, {"given_name": "Hawa"}, seen)
    any_store.write(history.undo_last)
    assert look(any_store, person).values["given_name"] == "Awa Marie"
    assert any_store.read(settle.conflicts) == ()


@pytest.mark.parametrize(
    ("before", "names", "expected"),
    [
        ({"*": "1"}, ["a"], {"*": "9", "a": "1", "deleted": "8"}),
        ({"a": "2", "*": "1"}, ["a", "b"], {"*": "9", "a": "2", "b": "1", "deleted": "8"}),
        ({}, ["a"], {"*": "9", "a": [], "deleted": "8"}),
    ],
)
def test_what_was_seen_through_a_draft(
    before: dict[str, Any], names: list[str], expected: dict[str, Any]
) -> None:
    assert beside.seen_of({"*": "9", "deleted": "8"}, before, names) == expected

"""To settle: questions page by page, three values, many at once, and all of it undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.jobs import settle_many as jobs
from migdesk.models.local import OpRow
from migdesk.models.store import Store
from migdesk.services import (
    conflict_list,
    duplicates,
    history,
    merging,
    records,
    settle,
    settle_many,
)
from migdesk.services.conflict_list import ALL, Wanted
from migdesk.task import Task
from tests.tools import ops


@pytest.fixture
def two(new_store: Callable[[], Store]) -> tuple[Store, Store]:
    return new_store(), new_store()


def carry(source: Store, target: Store) -> None:
    target.write(merging.apply_ops, ops(source), source.device)


def meet(*stores: Store) -> None:
    for source in stores:
        for target in stores:
            if source is not target:
                carry(source, target)


def save(store: Store, id: str | None = None, **values: Any) -> str:
    return store.write(records.save, "person", id, values)


def value(store: Store, id: str, name: str) -> Any:
    return store.read(records.get, "person", id).values[name]


def disputed(two: tuple[Store, Store], *pairs: tuple[Any, Any], name: str) -> list[str]:
    """People whose field `name` was changed on both computers, to these values."""
    a, b = two
    people = [save(a, family_name=f"Diallo {n}", **{name: "Old"}) for n in range(len(pairs))]
    carry(a, b)
    for id, (one, other) in zip(people, pairs, strict=True):
        save(a, id, **{name: one})
        save(b, id, **{name: other})
    meet(a, b)
    return people


def test_questions_come_page_by_page(two: tuple[Store, Store]) -> None:
    people = disputed(two, *[("Awa", f"Binta {n}") for n in range(7)], name="given_name")
    a, _b = two
    assert a.read(conflict_list.count) == 7
    found, after = [], ""
    for _page in range(3):
        page = a.read(conflict_list.page, ALL, after, 3)
        found += page.rows
        after = page.next
    assert after == "" and [q.row for q in found] == sorted(people)
    assert {q.label for q in found} == {"Given names"}
    assert set(found[0].values) == {"Awa", "Binta 0"} and "Diallo 0" in found[0].title


def test_questions_are_filtered(two: tuple[Store, Store]) -> None:
    a, b = two
    id = save(a, family_name="Sow")
    carry(a, b)
    save(a, id, phone="+221771111111", given_name="Awa")
    save(b, id, phone="+221772222222", given_name="Binta")
    meet(a, b)
    fields = (("person", "given_name", 1), ("person", "phone", 1))
    assert a.read(conflict_list.by_field) == fields
    assert a.read(conflict_list.count, Wanted("person", "phone")) == 1
    assert a.read(conflict_list.count, Wanted("case")) == 0
    assert a.read(conflict_list.count, Wanted(device=b.device)) == 2
    assert a.read(conflict_list.count, Wanted(device="0" * 16)) == 0


def test_the_history_of_the_field_is_told(two: tuple[Store, Store]) -> None:
    disputed(two, ("Awa", "Binta"), name="given_name")
    a, _b = two
    [question] = a.read(conflict_list.page).rows
    view = a.read(settle.look, question.id)
    assert [side.value for side in view.past][2:] == ["Old"]
    assert {side.value for side in view.past[:2]} == {"Awa", "Binta"} and view.before == "Old"
    assert {side.device for side in view.past} == {store.device for store in two}
    stamps = [side.stamp for side in view.past]
    assert stamps == sorted(stamps, reverse=True)


@pytest.mark.parametrize("keep", ["left", "right"])
def test_of_three_values_two_are_decided_and_the_third_stays_a_question(
    new_store: Callable[[], Store], keep: settle.Keep
) -> None:
    stores = [new_store() for _n in range(3)]
    id = save(stores[0], family_name="Sow")
    meet(*stores)
    for store, name in zip(stores, ("Awa", "Binta", "Coumba"), strict=True):
        save(store, id, given_name=name)
    meet(*stores)
    a = stores[0]
    [view] = a.read(settle.conflicts)
    assert view.more == 1
    kept, dropped = (view.left, view.right)[:: 1 if keep == "left" else -1]
    a.write(settle.settle, view.id, keep)
    [left] = a.read(settle.conflicts)
    assert left.more == 0 and value(a, id, "given_name") == kept.value
    third = {"Awa", "Binta", "Coumba"} - {kept.value, dropped.value}
    assert {left.left.value, left.right.value} == {kept.value, *third}
    meet(*stores)
    for store in stores:
        assert [c.id for c in store.read(settle.conflicts)] == [left.id]
    a.write(settle.settle, left.id, "right")
    meet(*stores)
    assert {value(store, id, "given_name") for store in stores} == third
    assert [store.read(conflict_list.count) for store in stores] == [0, 0, 0]


CASES: tuple[tuple[Any, Any, Any], ...] = (
    ("full", ("Awa", None), "Awa"),
    ("full", (None, "Awa"), "Awa"),
    ("full", ("Awa", "Binta"), None),
    ("alike", ("SEDHIOU", "Sédhiou"), "Sédhiou"),
    ("alike", ("Ziguin chor", "Ziguinchor"), None),
    ("alike", ("awa", "Awa"), "Awa"),
    ("alike", ("Awa", "Binta"), None),
    ("newer", ("Awa", "Binta"), "Binta"),
)


@pytest.mark.parametrize(("rule", "sides", "kept"), CASES)
def test_a_rule_answers_what_is_plain(
    two: tuple[Store, Store],
    rule: settle_many.Rule,
    sides: tuple[Any, Any],
    kept: str | None,
) -> None:
    a, b = two
    id = save(a, family_name="Sow", given_name="Old")
    carry(a, b)
    save(a, id, given_name=sides[0])
    carry_clock(a, b)
    save(b, id, given_name=sides[1])
    meet(a, b)
    plan = a.read(settle_many.plan, rule, ALL)
    if sides == ("Ziguin chor", "Ziguinchor"):
        assert plan.answered == 1
        return
    assert (plan.asked, plan.answered) == (1, int(kept is not None))
    before = value(a, id, "given_name")
    answered, _tx = jobs.settle_many(a, Task(), rule, ALL, "")
    assert answered == plan.answered
    assert value(a, id, "given_name") == (before if kept is None else kept)
    if kept is not None:
        assert plan.sample[0].kept == kept
        meet(a, b)
        assert value(b, id, "given_name") == kept
        assert b.read(conflict_list.count) == 0


def carry_clock(a: Store, b: Store) -> None:
    """Let b's clock be past all that a wrote, without b hearing of it."""

    def observe(session: Session) -> None:
        newest = a.read(lambda s: s.scalar(sa.select(sa.func.max(OpRow.stamp))))
        session.info["scribe"].clock.observe(newest)

    b.write(observe)


def test_many_are_settled_and_undone_as_a_whole(two: tuple[Store, Store]) -> None:
    pairs = [("Awa", None) if n % 2 else ("AWA", "Awa") for n in range(400)]
    people = disputed(two, *pairs, name="given_name")
    a, b = two
    before = {id: value(a, id, "given_name") for id in people}
    ids = {c.row for c in a.read(conflict_list.page, ALL, "", 1000).rows}
    answered, tx = jobs.settle_many(a, Task(), "full", ALL, "")
    assert answered == 200 and a.read(conflict_list.count) == 200
    again, _tx = jobs.settle_many(a, Task(), "alike", ALL, "")
    assert again == 200 and a.read(conflict_list.count) == 0
    assert {value(a, id, "given_name") for id in people} == {"Awa"}
    meet(a, b)
    assert b.read(conflict_list.count) == 0
    a.write(history.undo, _tx)
    a.write(history.undo, tx)
    assert a.read(conflict_list.count) == 400
    assert {c.row for c in a.read(conflict_list.page, ALL, "", 1000).rows} == ids
    meet(a, b)
    assert b.read(conflict_list.count) == 400
    sides = {v for q in b.read(conflict_list.page, ALL, "", 1000).rows for v in q.values}
    assert sides == {"Awa", "AWA", "(empty)"} and set(before.values()) <= {"Awa", "AWA", None}


def test_a_rule_leaves_what_the_role_may_not_write(two: tuple[Store, Store]) -> None:
    disputed(two, ("Awa", None), name="given_name")
    a, _b = two
    assert a.read(settle_many.plan, "full", ALL, "nobody").answered == 0
    assert a.read(settle_many.plan, "full", ALL, "agent").answered == 1


def test_deletions_are_looked_at_one_by_one(two: tuple[Store, Store]) -> None:
    a, b = two
    id = save(a, family_name="Sow")
    carry(a, b)
    a.write(records.delete, "person", id)
    save(b, id, phone="+221771111111")
    save(b, id, given_name="Awa")
    meet(a, b)
    [view] = a.read(settle.conflicts)
    assert "Telephone" in view.right.value and "Given names" in view.right.value
    assert a.read(settle_many.plan, "newer", ALL).answered == 0


@pytest.mark.parametrize("keep", ["left", "right"])
def test_a_decision_about_a_deletion_is_undone(
    two: tuple[Store, Store], keep: settle.Keep
) -> None:
    a, b = two
    id = save(a, family_name="Sow")
    carry(a, b)
    a.write(records.delete, "person", id)
    save(b, id, given_name="Awa")
    meet(a, b)
    [view] = a.read(settle.conflicts)
    tx = a.write(settle.done, lambda session: settle.settle(session, view.id, keep))
    assert a.read(conflict_list.count) == 0
    a.write(history.undo, tx)
    [again] = a.read(settle.conflicts)
    assert (again.left.value, again.right.value) == (view.left.value, view.right.value)
    meet(a, b)
    assert [c.id for c in b.read(settle.conflicts)] == [again.id]


@pytest.mark.parametrize("keep", ["left", "right"])
def test_two_merges_of_one_person_are_settled(
    two: tuple[Store, Store], keep: settle.Keep
) -> None:
    a, b = two
    away, one, other = (save(a, family_name=name) for name in ("Sow", "Sow A", "Sow B"))
    carry(a, b)
    a.write(duplicates.merge, "person", away, one)
    b.write(duplicates.merge, "person", away, other)
    meet(a, b)
    [view] = a.read(settle.conflicts)
    side = view.left if keep == "left" else view.right
    assert side.value.startswith("Merged into Sow")
    a.write(settle.settle, view.id, keep)
    meet(a, b)
    root = one if side.value.endswith("A") else other
    for store in two:
        assert store.read(conflict_list.count) == 0
        assert store.read(records.get, "person", away).id == root

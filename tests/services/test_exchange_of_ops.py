"""Two databases exchange ops: same content, nothing doubled, conflicts kept and settled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migdesk.models import RECORDS
from migdesk.models.local import OpRow
from migdesk.models.store import Store
from migdesk.ops import Op, decode
from migdesk.services import history, merging, records, search, settle, submissions
from migdesk.services.records import Query


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    stores = tuple(
        Store.open(tmp_path / f"{name}.db", bytes([n]) * 32, create=True)
        for n, name in enumerate("ab")
    )
    yield stores  # type: ignore[misc]
    for store in stores:
        store.close()


def ops_of(store: Store) -> list[Op]:
    return store.read(lambda s: [decode(b.encode()) for b in s.scalars(sa.select(OpRow.body))])


def carry(source: Store, target: Store) -> merging.Applied:
    return target.write(merging.apply_ops, ops_of(source), source.device)


def content(store: Store) -> dict[str, Any]:
    """Every exchanged row, and every conflict that is open."""

    def read(session: Any) -> dict[str, Any]:
        rows = {
            (kind, row.id): (row.deleted, {f: getattr(row, f) for f in about.fields})
            for kind, about in RECORDS.items()
            for row in session.scalars(sa.select(about.model))
        }
        return {"rows": rows, "conflicts": [c.id for c in settle.conflicts(session)]}

    return store.read(read)


def register(store: Store, **values: Any) -> str:
    return store.write(records.save, "person", None, {"family_name": "Diatta", **values})


def test_a_person_arrives_whole_and_is_found(two: tuple[Store, Store]) -> None:
    a, b = two
    person = register(a, given_name="Aminata", phone="+221771234567", aliases=["Mina"])
    done = carry(a, b)
    assert done.rows == {"person": 1} and done.conflicts == 0
    assert b.read(records.get, "person", person) == a.read(records.get, "person", person)
    assert [hit.id for hit in b.read(search.find, "mina jatta")] == [person]


def test_again_and_in_any_order_changes_nothing(two: tuple[Store, Store]) -> None:
    a, b = two
    person = register(a)
    a.write(records.save, "person", person, {"phone": "+221771111111"})
    a.write(records.delete, "person", person)
    a.write(records.restore, "person", person)
    ops = ops_of(a)
    for op in reversed(ops):
        b.write(merging.apply_ops, [op], a.device)
    assert content(a) == content(b)
    assert carry(a, b).ops == 0
    assert content(a) == content(b)


def test_both_values_are_kept_until_a_person_chooses(two: tuple[Store, Store]) -> None:
    a, b = two
    person = register(a, phone="+221770001122")
    carry(a, b)
    a.write(records.save, "person", person, {"phone": "+221771234567"})
    b.write(records.save, "person", person, {"phone": "+33612345678"})
    carry(a, b), carry(b, a)
    assert content(a) == content(b)
    (conflict,) = a.read(settle.conflicts)
    assert {conflict.left.value, conflict.right.value} == {"77 123 45 67", "+33 6 12 34 56 78"}
    assert conflict.before == "77 000 11 22" and conflict.can_both
    a.write(settle.settle, conflict.id, "right")
    carry(a, b)
    assert content(a) == content(b)
    assert a.read(settle.conflicts) == ()
    assert b.read(records.get, "person", person).shown["phone"] == conflict.right.value


@pytest.mark.parametrize("keep", ["left", "right", "both"])
def test_every_decision_travels(two: tuple[Store, Store], keep: Any) -> None:
    a, b = two
    person = register(a, phone="+221770001122")
    carry(a, b)
    a.write(records.save, "person", person, {"phone": "+221771234567"})
    b.write(records.save, "person", person, {"phone": "+33612345678"})
    carry(b, a)
    (conflict,) = a.read(settle.conflicts)
    a.write(settle.settle, conflict.id, keep)
    carry(a, b)
    assert content(a) == content(b) and not content(b)["conflicts"]
    shown = b.read(records.get, "person", person).shown
    kept = conflict.right if keep == "right" else conflict.left
    assert shown["phone"] == kept.value
    assert shown["phone_2"] == (conflict.right.value if keep == "both" else "")


@pytest.mark.parametrize("keep", ["left", "right", "both"])
def test_a_decision_that_is_undone_waits_again_everywhere(
    two: tuple[Store, Store], keep: Any
) -> None:
    a, b = two
    person = register(a, phone="+221770001122")
    carry(a, b)
    a.write(records.save, "person", person, {"phone": "+221771234567"})
    b.write(records.save, "person", person, {"phone": "+33612345678"})
    carry(b, a)
    (conflict,) = a.read(settle.conflicts)
    sides = {conflict.left.value, conflict.right.value}
    a.write(settle.settle, conflict.id, keep)
    assert a.write(history.undo_last) == "Diatta"
    for _again in range(2):
        (conflict,) = a.read(settle.conflicts)
        assert {conflict.left.value, conflict.right.value} == sides
        assert a.read(records.get, "person", person).shown["phone_2"] == ""
        carry(a, b)
        assert content(a) == content(b) and len(content(b)["conflicts"]) == 1
        a.write(history.redo_last)
        assert a.read(settle.conflicts) == ()
        carry(a, b)
        assert content(a) == content(b) and not content(b)["conflicts"]
        a.write(history.undo_last)


def test_a_delete_against_an_edit_waits_for_a_person(two: tuple[Store, Store]) -> None:
    a, b = two
    person = register(a)
    carry(a, b)
    a.write(records.delete, "person", person)
    b.write(records.save, "person", person, {"phone": "+221771234567"})
    carry(a, b), carry(b, a)
    assert content(a) == content(b)
    (conflict,) = b.read(settle.conflicts)
    assert conflict.field == "deleted" and not conflict.can_both
    b.write(settle.settle, conflict.id, "right")
    carry(b, a)
    assert content(a) == content(b) and not content(a)["conflicts"]
    view = a.read(records.get, "person", person)
    assert not view.deleted and view.values["phone"] == "+221771234567"


def test_what_a_newer_program_sends_is_parked_not_lost(two: tuple[Store, Store]) -> None:
    a, b = two
    register(a)
    (op,) = ops_of(a)
    newer = Op(
        stamp=op.stamp,
        kind="person",
        row=op.row,
        fields={**op.fields, "blood_group": "A"},
        bases={},
        tx=op.tx,
        actor="",
        program="9",
        number=op.number,
        salt=op.salt,
        link=op.link,
    )
    b.write(merging.apply_ops, [newer], a.device)
    assert b.read(records.get, "person", op.row).title == "Diatta"
    (kept,) = ops_of(b)
    assert kept.fields["blood_group"] == "A"
    assert b.read(lambda s: s.scalar(sa.select(OpRow.parked)))


def test_a_value_of_the_wrong_type_is_refused_whole(two: tuple[Store, Store]) -> None:
    a, b = two
    register(a), register(a)
    one, two_ = ops_of(a)
    bad = Op(
        stamp=two_.stamp,
        kind="person",
        row=two_.row,
        fields={"family_name": ["x"]},
        bases={},
        tx=two_.tx,
        actor="",
        program="1",
        number=two_.number,
        salt=two_.salt,
        link=two_.link,
    )
    with pytest.raises(merging.Unfit):
        b.write(merging.apply_ops, [one, bad], a.device)
    assert b.read(records.count, "person", Query()) == 0 and ops_of(b) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(["phone", "given_name", "delete", "restore", "carry", "settle"]),
        st.integers(0, 9),
    ),
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_happens_both_end_equal(
    steps: list[tuple[str, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("pair")
    stores = {n: Store.open(home / f"{n}.db", n.encode() * 32, create=True) for n in "ab"}
    try:
        person = register(stores["a"])
        carry(stores["a"], stores["b"])
        act: dict[str, Callable[[Store, int], Any]] = {
            "phone": lambda s, n: s.write(
                records.save, "person", person, {"phone": f"+22177000000{n}"}
            ),
            "given_name": lambda s, n: s.write(
                records.save, "person", person, {"given_name": f"Awa {n}"}
            ),
            "delete": lambda s, n: s.write(records.delete, "person", person),
            "restore": lambda s, n: s.write(records.restore, "person", person),
            "settle": lambda s, n: [
                s.write(settle.settle, c.id, "right") for c in s.read(settle.conflicts)[:1]
            ],
        }
        for who, what, n in steps:
            if what == "carry":
                carry(stores[who], stores["b" if who == "a" else "a"])
            else:
                act[what](stores[who], n)
        carry(stores["a"], stores["b"]), carry(stores["b"], stores["a"])
        assert content(stores["a"]) == content(stores["b"])
    finally:
        for store in stores.values():
            store.close()


def test_people_are_found_by_a_village_that_arrives_after_them(
    two: tuple[Store, Store],
) -> None:
    a, b = two
    place = a.write(records.save, "place", None, {"name": "Diannah Malary"})
    person = register(a, origin=place)
    ops = ops_of(a)
    village = [op for op in ops if op.row == place]
    b.write(merging.apply_ops, [op for op in ops if op.row != place], a.device)
    assert b.read(search.find, "malary") == ()
    b.write(merging.apply_ops, village, a.device)
    assert person in {hit.id for hit in b.read(search.find, "malary")}


def test_of_a_quiet_field_the_later_value_stands(two: tuple[Store, Store]) -> None:
    """Two offices install one questionnaire; one of them then puts a newer one in use."""
    a, b = two
    form = ("Needs", "needs", "1", "<h/>")
    id = a.write(submissions.add_questionnaire, *form)
    assert b.write(submissions.add_questionnaire, *form) == id
    b.write(submissions.add_questionnaire, "Needs", "needs", "2", "<h2/>")
    done = carry(a, b), carry(b, a)
    assert [applied.conflicts for applied in done] == [0, 0]
    assert content(a) == content(b) and a.read(settle.conflicts) == ()
    assert a.read(records.get, "questionnaire", id).values["active"] is False


@pytest.mark.parametrize("what", ["kind", "field"])
def test_what_was_parked_is_replayed_after_an_update_and_not_sent_again(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """`b` is the older program: it does not know visits, or what they are about."""
    a, b = two
    visit = a.write(records.save, "visit", None, {"request": "other", "words": "one"})
    a.write(records.save, "visit", visit, {"words": "two"})
    with monkeypatch.context() as older:
        if what == "kind":
            older.delitem(RECORDS, "visit")
        else:
            known = {n: f for n, f in RECORDS["visit"].fields.items() if n != "words"}
            older.setitem(RECORDS, "visit", dataclasses.replace(RECORDS["visit"], fields=known))
        for op in reversed(ops_of(a)):
            b.write(merging.apply_ops, [op], a.device)
        if what == "field":
            b.write(records.delete, "visit", visit)
    before = ops_of(b)
    assert b.write(merging.unpark) == 1
    assert ops_of(b) == before
    assert b.read(records.get, "visit", visit).values["words"] == "two"
    assert not b.read(lambda s: s.scalars(sa.select(OpRow).where(OpRow.parked)).all())
    assert b.write(merging.unpark) == 0
    carry(b, a)
    assert content(a) == content(b) and not content(a)["conflicts"]

"""The merge as a pure function, and as what 3 to 5 computers make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.clock import Clock
from migdesk.ops import DELETED, ERASED, MERGED, Chain, Op, bases_for, check
from migdesk.sync.merge import RowState, settle, settling

YEAR_MS = 365 * 24 * 3600 * 1000
NOW_MS = 1_795_000_000_000
FIELDS = ("name", "phone")


def op(
    stamp: int,
    fields: dict[str, Any],
    bases: dict[str, list[str]] | None = None,
    device: str = "a" * 16,
) -> Op:
    text = f"{stamp:016x}-{device}"
    chained = (1, "s" * 11, "l" * 22)
    return check(Op(text, "person", "r1", fields, bases or {}, text, "acc", "0.1", *chained))


def on(state: RowState, name: str) -> list[tuple[str, str]]:
    return [(c.winner, c.other) for c in state.conflicts if c.field == name]


# --- single rules -----------------------------------------------------------------


def test_one_op_is_its_own_state() -> None:
    one = op(1, {"name": "Awa", DELETED: False})
    assert settle([one]) == RowState(
        {"name": "Awa", DELETED: False}, {"name": [one.stamp], DELETED: [one.stamp]}
    )
    assert settle([]) == RowState({}, {})


def test_a_successor_replaces_its_base_whatever_the_clocks_say() -> None:
    poisoned = op(NOW_MS * 2 << 16, {"name": "from 2090"})
    after = op(NOW_MS << 16, {"name": "today"}, {"name": [poisoned.stamp]})
    state = settle([poisoned, after])
    assert state.values == {"name": "today"}
    assert state.conflicts == ()


def test_differing_heads_are_a_conflict_and_the_highest_stamp_is_shown() -> None:
    root = op(1, {"phone": "1"})
    left = op(2, {"phone": "2"}, {"phone": [root.stamp]})
    right = op(3, {"phone": "3"}, {"phone": [root.stamp]})
    state = settle([right, root, left])
    assert state.values["phone"] == "3"
    assert state.heads["phone"] == [right.stamp]
    (conflict,) = state.conflicts
    assert (conflict.mine, conflict.theirs) == ("3", "2")
    assert (conflict.winner, conflict.other) == (right.stamp, left.stamp)


def test_the_id_of_a_conflict_does_not_depend_on_who_won() -> None:
    low, high = op(1, {"phone": "1"}), op(2, {"phone": "2"})
    (before,) = settle([low, high]).conflicts
    later = op(3, {"phone": "3"}, {"phone": [high.stamp]})
    (after,) = settle([low, high, later]).conflicts
    assert before.id != after.id
    assert len(before.id) == 32


def test_equal_concurrent_values_agree_and_are_replaced_together() -> None:
    left = op(1, {"phone": "7"})
    right = op(2, {"phone": "7"}, device="b" * 16)
    state = settle([left, right])
    assert state.conflicts == ()
    assert state.heads["phone"] == [right.stamp, left.stamp]
    edit = op(3, {"phone": "8"}, bases_for(state.heads, ("phone",)))
    assert settle([left, right, edit]) == RowState({"phone": "8"}, {"phone": [edit.stamp]})


@pytest.mark.parametrize(
    ("one", "two", "agree"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        (None, "", False),
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["b", "a"], False),
        ([1], [True], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": True}, False),
    ],
)
def test_equality_is_that_of_json(one: Any, two: Any, agree: bool) -> None:
    state = settle([op(1, {"name": one}), op(2, {"name": two})])
    assert (state.conflicts == ()) is agree


def test_a_seen_base_replaces_nothing() -> None:
    first = op(1, {"name": "a"})
    sees = op(2, {"phone": "2"}, {"name": [first.stamp]})
    assert settle([first, sees]).heads["name"] == [first.stamp]


def test_a_forged_loop_of_bases_shows_all_its_values() -> None:
    one = op(1, {"name": "a"}, {"name": [f"{2:016x}-{'a' * 16}"]})
    two = op(2, {"name": "b"}, {"name": [one.stamp]})
    state = settle([one, two])
    assert state.values == {"name": "b"}
    assert on(state, "name") == [(two.stamp, one.stamp)]


def test_two_ops_with_one_stamp_settle_alike_in_any_order() -> None:
    one, two = op(1, {"name": "a"}), op(1, {"name": "b"})
    assert settle([one, two]) == settle([two, one])


def test_ops_of_two_rows_are_a_bug() -> None:
    with pytest.raises(ValueError, match="several"):
        settle([op(1, {"name": "a"}), msgspec.structs.replace(op(2, {"name": "a"}), row="r2")])


# --- deleting ---------------------------------------------------------------------


def test_a_delete_that_saw_everything_is_quiet() -> None:
    made = op(1, {"name": "a", "phone": "1"})
    edit = op(2, {"phone": "2"}, {"phone": [made.stamp]})
    gone = op(3, {DELETED: True}, bases_for(settle([made, edit]).heads, (DELETED,)))
    state = settle([gone, edit, made])
    assert state.deleted
    assert state.conflicts == ()


def test_a_delete_and_an_edit_that_it_did_not_see_conflict() -> None:
    made = op(1, {"name": "a", "phone": "1"})
    seen = bases_for(settle([made]).heads, (DELETED,))
    gone = op(3, {DELETED: True}, seen)
    edit = op(2, {"phone": "2", "name": "b"}, {"phone": [made.stamp], "name": [made.stamp]})
    again = op(4, {"phone": "3"}, {"phone": [edit.stamp]})
    state = settle([made, gone, edit])
    (conflict,) = state.conflicts
    assert conflict.field == DELETED
    assert (conflict.winner, conflict.other) == (gone.stamp, edit.stamp)
    assert (conflict.mine, conflict.theirs) == (True, False)
    assert conflict.unseen == ("name", "phone")
    assert state.values["phone"] == "2"
    # The second edit stands for the first on the phone; the first still holds the name.
    assert [(c.other, c.unseen) for c in settle([made, gone, edit, again]).conflicts] == [
        (edit.stamp, ("name",)),
        (again.stamp, ("phone",)),
    ]


def test_an_edit_that_knew_the_delete_is_no_conflict() -> None:
    made = op(1, {"name": "a"})
    gone = op(2, {DELETED: True}, {"name": [made.stamp]})
    back = op(3, {DELETED: False}, {DELETED: [gone.stamp], "name": [made.stamp]})
    gone_again = op(4, {DELETED: True}, {DELETED: [back.stamp], "name": [made.stamp]})
    edit = op(5, {"name": "b"}, {"name": [made.stamp], DELETED: [gone_again.stamp]})
    assert settle([made, gone, back, gone_again, edit]).conflicts == ()
    blind = op(5, {"name": "b"}, {"name": [made.stamp], DELETED: [back.stamp]})
    assert on(settle([made, gone, back, gone_again, blind]), DELETED) == [
        (gone_again.stamp, blind.stamp)
    ]


@pytest.mark.parametrize("choice", [True, False])
def test_delete_against_edit_is_settled_once(choice: bool) -> None:
    made = op(1, {"name": "a"})
    gone = op(3, {DELETED: True}, {"name": [made.stamp]})
    edit = op(2, {"name": "b"}, {"name": [made.stamp]})
    state = settle([made, gone, edit])
    assert len(state.conflicts) == 1
    end = op(4, {DELETED: choice}, settling(state, DELETED))
    after = settle([end, edit, gone, made])
    assert after.conflicts == ()
    assert after.deleted is choice
    assert after.values["name"] == "b"


def test_delete_against_restore_is_an_ordinary_conflict() -> None:
    gone = op(1, {DELETED: True})
    back = op(2, {DELETED: False}, {DELETED: [gone.stamp]})
    gone_again = op(3, {DELETED: True}, {DELETED: [gone.stamp]})
    state = settle([gone, back, gone_again])
    assert on(state, DELETED) == [(gone_again.stamp, back.stamp)]
    end = op(4, {DELETED: False}, settling(state, DELETED))
    assert settle([gone, back, gone_again, end]).conflicts == ()


# --- replicas ---------------------------------------------------------------------


@dataclass
class Replica:
    """A computer: its own clock, and the ops it holds, in the order they came."""

    clock: Clock
    wall: list[int]
    ops: list[Op] = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)

    @property
    def state(self) -> RowState:
        return settle(self.ops)

    def write(self, name: str, value: Any, bases: dict[str, list[str]] | None = None) -> Op:
        stamp = self.clock.tick()
        if bases is None:
            bases = bases_for(self.state.heads, (name,))
        what = (stamp, "person", "r1", {name: value}, bases, stamp, "acc", "0.1")
        made = check(self.chain.add(*what))
        self.ops.append(made)
        return made

    def receive(self, ops: list[Op]) -> None:
        for each in ops:
            self.clock.observe(each.stamp)
        self.ops.extend(ops)


def replica(number: int) -> Replica:
    wall = [NOW_MS]
    return Replica(Clock(f"{number:016x}", now=lambda: wall[0]), wall)


who = st.integers(0, 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), who, st.sampled_from(FIELDS), st.integers(0, 3)),
        st.tuples(st.just("delete"), who, st.booleans(), st.just(0)),
        st.tuples(st.just("send"), who, who, st.randoms()),
        st.tuples(st.just("clock"), who, st.integers(-50, 50), st.just(0)),
        st.tuples(st.just("settle"), who, st.booleans(), st.just(0)),
    ),
    max_size=25,
)


def live(replicas: list[Replica], story: list[tuple[Any, ...]]) -> None:
    """Play a story; `send` loses, repeats and shuffles what it carries."""
    count = len(replicas)
    for verb, who, what, extra in story:
        here = replicas[who % count]
        if verb == "write":
            here.write(what, extra)
        elif verb == "delete":
            here.write(DELETED, what)
        elif verb == "clock":
            here.wall[0] = NOW_MS + what * YEAR_MS
        elif verb == "settle":
            settle_one(here, what)
        else:
            parcel = [each for each in here.ops for _ in range(extra.choice((0, 1, 2)))]
            extra.shuffle(parcel)
            replicas[what % count].receive(parcel)


def settle_one(here: Replica, theirs: bool) -> None:
    state = here.state
    if state.conflicts:
        conflict = state.conflicts[0]
        value = conflict.theirs if theirs else conflict.mine
        here.write(conflict.field, value, settling(state, conflict.field))


def meet(replicas: list[Replica]) -> None:
    everything = [each for one in replicas for each in one.ops]
    for one in replicas:
        one.receive(everything)


@given(st.integers(3, 5), steps, st.randoms())
def test_replicas_converge_and_lose_nothing(count: int, story: Any, chance: Any) -> None:
    replicas = [replica(number) for number in range(count)]
    live(replicas, story)
    meet(replicas)
    chance.shuffle(replicas[0].ops)
    states = [one.state for one in replicas]
    assert all(state == states[0] for state in states)
    keeps_every_value(replicas[0].ops, states[0])


def keeps_every_value(ops: list[Op], state: RowState) -> None:
    """Every written value is replaced by one that saw it, or is shown, or is a conflict."""
    unique = {each.stamp: each for each in ops}
    kept = {name: set(stamps) for name, stamps in state.heads.items()}
    for conflict in state.conflicts:
        if not conflict.unseen:
            kept[conflict.field].add(conflict.other)
    for each in unique.values():
        for name in each.fields:
            replaced = any(
                each.stamp in later.bases.get(name, ())
                for later in unique.values()
                if name in later.fields
            )
            assert replaced != (each.stamp in kept[name])


@given(st.integers(3, 5), steps)
def test_a_conflict_settled_once_is_settled_everywhere(count: int, story: Any) -> None:
    replicas = [replica(number) for number in range(count)]
    live(replicas, story)
    meet(replicas)
    for _round in range(len(FIELDS) + 1):
        settle_one(replicas[0], theirs=True)
    assert replicas[0].state.conflicts == ()
    meet(replicas)
    assert all(one.state == replicas[0].state for one in replicas)


@given(st.integers(3, 5), steps, st.randoms())
def test_settling_ignores_order_and_repetition(count: int, story: Any, chance: Any) -> None:
    replicas = [replica(number) for number in range(count)]
    live(replicas, story)
    for one in replicas:
        mixed = one.ops + chance.sample(one.ops, len(one.ops) // 2)
        chance.shuffle(mixed)
        assert settle(mixed) == one.state


@given(st.integers(3, 5), steps, st.integers(-50, 50), st.integers(-50, 50))
def test_who_has_seen_all_is_shown_whatever_his_clock(
    count: int, story: Any, jump: int, back: int
) -> None:
    replicas = [replica(number) for number in range(count)]
    live(replicas, story)
    replicas[0].wall[0] = NOW_MS + jump * YEAR_MS
    replicas[0].write("name", "first")
    meet(replicas)
    last = replicas[1]
    last.wall[0] = NOW_MS + back * YEAR_MS
    last.write("name", "final", settling(last.state, "name"))
    meet(replicas)
    assert {one.state.values["name"] for one in replicas} == {"final"}
    assert all(on(one.state, "name") == [] for one in replicas)


# --- erasing and merging ----------------------------------------------------------

ELSEWHERE = st.sampled_from(("r2", "r3"))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("write"), who, st.sampled_from(FIELDS), st.integers(0, 3)),
        st.tuples(st.just("delete"), who, st.booleans(), st.just(0)),
        st.tuples(st.just("merge"), who, st.one_of(st.none(), ELSEWHERE), st.just(0)),
        st.tuples(st.just("erase"), who, st.integers(0, 3), st.just(0)),
        st.tuples(st.just("send"), who, who, st.randoms()),
        st.tuples(st.just("settle"), who, st.booleans(), st.just(0)),
    ),
    max_size=25,
)


def act(replicas: list[Replica], story: list[tuple[Any, ...]]) -> None:
    """Play a story with merges, and an erasure now and then."""
    for step in story:
        verb, who, what, _extra = step
        here = replicas[who % len(replicas)]
        if verb == "merge":
            here.write(MERGED, what)
        elif verb == "erase" and what == 0:
            here.write(ERASED, True, {})
        elif verb != "erase":
            live(replicas, [step])


def emptied(ops: list[Op]) -> list[Op]:
    """A log as a computer keeps it that heard of an erasure."""
    erased = any(ERASED in each.fields for each in ops)
    return [each.empty() if erased else each for each in ops]


@given(st.integers(3, 5), acts, st.randoms())
def test_erased_and_merged_rows_converge(count: int, story: Any, chance: Any) -> None:
    replicas = [replica(number) for number in range(count)]
    act(replicas, story)
    meet(replicas)
    everything = replicas[0].ops
    wanted = settle(everything)
    mixed = everything + emptied(chance.sample(everything, len(everything) // 2))
    chance.shuffle(mixed)
    assert settle(mixed) == settle(emptied(everything)) == wanted
    assert all(one.state == wanted for one in replicas)
    if any(ERASED in each.fields for each in everything):
        assert wanted.values == {DELETED: True, ERASED: True} and wanted.conflicts == ()
        assert wanted.erased and wanted.deleted
    else:
        keeps_every_value(everything, wanted)


@given(st.integers(3, 5), acts)
def test_every_question_has_an_end(count: int, story: Any) -> None:
    replicas = [replica(number) for number in range(count)]
    act(replicas, story)
    meet(replicas)
    for _round in range(len(FIELDS) + 3):
        settle_one(replicas[0], theirs=True)
    assert replicas[0].state.conflicts == ()
    meet(replicas)
    assert all(one.state == replicas[0].state for one in replicas)


def test_a_merge_and_an_edit_that_it_did_not_see_conflict() -> None:
    made = op(1, {"name": "a"})
    away = op(3, {MERGED: "r2"}, {"name": [made.stamp]})
    edit = op(2, {"name": "b"}, {"name": [made.stamp]})
    (conflict,) = settle([made, away, edit]).conflicts
    assert (conflict.field, conflict.mine, conflict.theirs) == (MERGED, "r2", None)
    assert conflict.unseen == ("name",)
    knew = op(4, {"name": "c"}, {"name": [made.stamp], MERGED: [away.stamp]})
    assert settle([made, away, knew]).conflicts == ()
    back = op(5, {MERGED: None}, {MERGED: [away.stamp]})
    assert settle([made, away, edit, back]).conflicts == ()
    assert bases_for({"name": ["1"], MERGED: ["2"]}, [MERGED]) == {"name": ["1"], MERGED: ["2"]}

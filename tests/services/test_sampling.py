"""Draws: right sizes, nobody twice, the same seed the same sample, each unit as likely."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.services import sampling
from migdesk.services.sampling import Framed, NothingWanted, Sample, TooFew, draw

METHODS: tuple[sampling.Method, ...] = (
    "simple",
    "systematic",
    "stratified",
    "stratified_equal",
)
methods = st.sampled_from(METHODS)
seeds = st.text(max_size=12)
frames = st.lists(st.sampled_from("abcd"), min_size=1, max_size=60).map(
    lambda strata: [Framed(f"u{n}", name) for n, name in enumerate(strata)]
)


def names(sample: Sample) -> list[str]:
    return [pick.id for pick in sample.picks]


@given(frames, methods, seeds, st.data())
def test_the_sizes_are_those_asked_for_and_nobody_is_drawn_twice(
    frame: list[Framed], method: sampling.Method, seed: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(frame)))
    reserve = data.draw(st.integers(0, len(frame) - size))
    sample = draw(frame, method, size, seed, reserve)
    assert len(sample.selected) == size
    assert len(sample.reserves) == reserve
    assert len(set(names(sample))) == size + reserve
    assert set(names(sample)) <= {unit.id for unit in frame}
    assert sum(held for held, _drawn, _spare in sample.sizes.values()) == len(frame)


@given(frames, methods, seeds)
def test_the_same_seed_draws_the_same(
    frame: list[Framed], method: sampling.Method, seed: str
) -> None:
    size = (len(frame) + 1) // 2
    assert draw(frame, method, size, seed) == draw(frame, method, size, seed)


@given(frames, st.sampled_from(["simple", "stratified", "stratified_equal"]), seeds)
def test_but_for_a_systematic_draw_the_order_of_the_list_does_not_matter(
    frame: list[Framed], method: sampling.Method, seed: str
) -> None:
    size = (len(frame) + 1) // 2
    assert draw(frame, method, size, seed) == draw(frame[::-1], method, size, seed)


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50), min_size=1),
    st.data(),
)
def test_shares_add_up_and_no_stratum_gives_more_than_it_has(
    counts: dict[str, int], data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, sum(counts.values())))
    for share in (sampling.proportional, sampling.equal):
        sizes = share(counts, size)
        assert sum(sizes.values()) == size
        assert all(0 <= sizes[name] <= counts[name] for name in counts)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1), st.data())
def test_proportional_shares_are_within_one_of_the_exact_ones(
    counts: dict[str, int], data: st.DataObject
) -> None:
    total = sum(counts.values())
    size = data.draw(st.integers(0, total))
    for name, found in sampling.proportional(counts, size).items():
        assert abs(found - counts[name] * size / total) < 1


def test_largest_remainder_by_hand() -> None:
    counts = {"north": 53, "south": 24, "east": 23}
    # 10 of 100: 5.3, 2.4 and 2.3; the remainder goes to the south.
    assert sampling.proportional(counts, 10) == {"north": 5, "south": 3, "east": 2}
    assert sampling.equal({"a": 2, "b": 10, "c": 10}, 12) == {"a": 2, "b": 5, "c": 5}


def test_a_systematic_draw_keeps_its_step() -> None:
    ids = [f"{n:03}" for n in range(100)]
    places = [int(id) for id in sampling.systematic(ids, 10, "s")]
    assert {b - a for a, b in pairwise(places)} == {10}
    assert 0 <= places[0] < 10
    uneven = [int(id) for id in sampling.systematic(ids, 30, "s")]
    assert {b - a for a, b in pairwise(uneven)} == {3, 4}


@pytest.mark.parametrize("method", METHODS)
def test_each_unit_is_as_likely(method: sampling.Method) -> None:
    """4,000 draws of 6 of 20: each unit comes 1,200 times, give or take 4.5 deviations
    (√(4,000 × 0.3 × 0.7) = 29)."""
    frame = [Framed(f"u{n}", "a" if n < 10 else "b") for n in range(20)]
    seen: Counter[str] = Counter()
    for seed in range(4_000):
        seen.update(names(draw(frame, method, 6, str(seed))))
    assert set(seen) == {unit.id for unit in frame}
    assert all(abs(count - 1_200) < 131 for count in seen.values())


@pytest.mark.parametrize("method", METHODS)
def test_each_unit_is_as_likely_to_wait_in_reserve(method: sampling.Method) -> None:
    frame = [Framed(f"u{n}", "a" if n < 10 else "b") for n in range(20)]
    seen: Counter[str] = Counter()
    for seed in range(2_000):
        seen.update(pick.id for pick in draw(frame, method, 6, str(seed), 6).reserves)
    assert all(abs(count - 600) < 93 for count in seen.values())


def test_a_draw_of_today_is_found_again_in_ten_years() -> None:
    """Written down once: no release and no platform may draw otherwise."""
    frame = [Framed(f"hh-{n}", "ab"[n % 2]) for n in range(12)]
    drawn = {m: " ".join(names(draw(frame, m, 4, "2026-11", 2))) for m in METHODS}
    assert drawn == {
        "simple": "hh-3 hh-10 hh-1 hh-6 hh-11 hh-9",
        "systematic": "hh-0 hh-3 hh-6 hh-9 hh-10 hh-11",
        "stratified": "hh-4 hh-10 hh-8 hh-9 hh-3 hh-5",
        "stratified_equal": "hh-4 hh-10 hh-8 hh-9 hh-3 hh-5",
    }
    assert draw(frame, "simple", 4, "2026-11").digest == "5b59414051896ba4"


def test_too_much_and_too_little_are_refused() -> None:
    frame = [Framed("a"), Framed("b")]
    with pytest.raises(NothingWanted):
        draw(frame, "simple", 0, "s")
    with pytest.raises(TooFew) as caught:
        draw(frame, "simple", 2, "s", reserve=1)
    assert "2 units" in caught.value.words


def test_a_reserve_is_called_by_rank_from_its_own_stratum() -> None:
    waiting = [("x", "a", 2), ("y", "a", 1), ("z", "b", 1)]
    assert sampling.next_reserve(waiting, "a", stratified=True) == "y"
    assert sampling.next_reserve(waiting, "b", stratified=True) == "z"
    assert sampling.next_reserve(waiting, "c", stratified=True) is None
    assert sampling.next_reserve([("x", "a", 2)], "c", stratified=False) == "x"

"""The clock never goes back, follows no madman, and ids sort."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk import clock
from migdesk.clock import Clock, are_stamps, is_stamp, stamp_device, stamp_ms, uuid7

NOW = 1_795_000_000_000
YEAR = 365 * clock.DAY_MS
DEVICE = "0123456789abcdef"


def at(ms: int, device: str = "f" * 16) -> str:
    return f"{ms << 16:016x}-{device}"


def test_a_stamp_says_when_and_who() -> None:
    stamp = Clock(DEVICE, now=lambda: NOW).tick()
    assert stamp == f"{NOW << 16:016x}-{DEVICE}"
    assert stamp_ms(stamp) == NOW
    assert stamp_device(stamp) == DEVICE
    assert is_stamp(stamp)


@given(st.lists(st.integers(-60 * YEAR, 200 * YEAR), min_size=2))
def test_stamps_rise_wherever_the_wall_clock_jumps(walls: list[int]) -> None:
    left = iter(walls)
    ticking = Clock(DEVICE, now=lambda: next(left))
    stamps = [ticking.tick() for _ in walls]
    assert stamps == sorted(set(stamps))
    assert are_stamps(stamps)


def test_the_clock_goes_on_after_a_restart_in_1970() -> None:
    before = Clock(DEVICE, now=lambda: NOW)
    stamp = before.tick()
    assert Clock(DEVICE, before.last, now=lambda: 0).tick() > stamp
    assert Clock(DEVICE, before.last, now=lambda: NOW - 10 * YEAR).tick() > stamp


def test_the_counter_carries_into_the_milliseconds() -> None:
    full = Clock(DEVICE, last=(NOW << 16) | 0xFFFF, now=lambda: NOW)
    assert full.tick() == at(NOW + 1, DEVICE)


def test_what_is_observed_within_a_day_is_followed() -> None:
    ticking = Clock(DEVICE, now=lambda: NOW)
    ticking.observe(at(NOW + clock.DAY_MS))
    assert ticking.tick() > at(NOW + clock.DAY_MS)
    ticking.observe(at(NOW - YEAR))
    assert ticking.tick() > at(NOW + clock.DAY_MS)


def test_a_poisoned_stamp_is_not_followed() -> None:
    ticking = Clock(DEVICE, now=lambda: NOW)
    ticking.observe(at(NOW + 64 * YEAR))
    assert stamp_ms(ticking.tick()) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        at(NOW)[:-1],
        at(NOW) + "0",
        at(NOW).upper(),
        at(NOW).replace("-", "_"),
        at(NOW) + "\n",
        "٠" + at(NOW)[1:],
        at(clock.CEILING_MS),
        f"{at(NOW)} {at(NOW)}",
    ],
)
def test_what_is_no_stamp(text: str) -> None:
    assert not is_stamp(text)
    assert not are_stamps([text])
    assert not are_stamps([at(NOW), text])


def test_many_stamps_at_once() -> None:
    assert are_stamps([])
    assert are_stamps([at(NOW), at(clock.CEILING_MS - 1)])
    # Lengths that make up for each other do not help.
    assert not are_stamps([f"{at(NOW)} {at(NOW)}", ""])


def test_device_ids() -> None:
    one, two = clock.new_device_id(), clock.new_device_id()
    assert one != two
    assert clock.is_device(one)
    assert not clock.is_device(one.upper() + "0")
    with pytest.raises(ValueError, match="16 hex"):
        Clock("short")


def test_ids_are_version_7_canonical_and_rising() -> None:
    ids = [uuid7() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    for text in ids[:100]:
        parsed = uuid.UUID(text)
        assert str(parsed) == text
        assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)


def test_ids_rise_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr("time.time_ns", lambda: 0)
    assert uuid7() > before

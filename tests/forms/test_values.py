"""Codecs: what people type, and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.forms.values import CODECS, BadAnswer, codec
from migdesk.i18n import speaking


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("int", " 12 ", "12"),
        ("int", "1 500", "1500"),
        ("int", "150\u202f000", "150000"),
        ("int", "12,0", "12"),
        ("int", "-007", "-7"),
        ("decimal", "12,5", "12.5"),
        ("decimal", "1.50", "1.5"),
        ("decimal", ".5", "0.5"),
        ("decimal", "-0.0", "0"),
        ("date", "2026-11-21", "2026-11-21"),
        ("date", "21/11/2026", "2026-11-21"),
        ("date", "1.2.89", "1989-02-01"),
        ("date", "12 3 2001", "2001-03-12"),
        ("date", "2026-11-21T10:00:00Z", "2026-11-21"),
        ("time", "14h30", "14:30:00.000"),
        ("time", "9:05", "09:05:00.000"),
        ("time", "14:30:00.000+01:00", "14:30:00.000+01:00"),
        ("dateTime", "2026-11-21T10:00:00.000+00:00", "2026-11-21T10:00:00.000+00:00"),
        ("boolean", "1", "true"),
        ("select", "b a b", "b a"),
        ("geopoint", "12.708, -15.556", "12.708 -15.556 0 0"),
        ("string", "a\x00\x0bb\r\nc", "ab\nc"),
        ("barcode", "x", "x"),
    ],
)
def test_typed_text_is_stored_as_odk_writes_it(kind: str, typed: str, stored: str) -> None:
    assert codec(kind).parse(typed) == stored
    assert codec(kind).parse(stored) == stored


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("int", "12.5"), ("int", "a"), ("int", "9" * 30), ("decimal", "1e5"),
        ("decimal", "inf"), ("date", "31/02/2026"), ("date", "1989"), ("date", "99/99/99"),
        ("time", "25:00"), ("time", "noon"), ("dateTime", "x"), ("geopoint", "100 0"),
        ("geopoint", "nan 0"), ("boolean", "maybe"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_write(kind: str, typed: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        codec(kind).parse(typed)
    assert caught.value.code != BadAnswer.code


def test_the_comma_groups_in_english_only() -> None:
    with speaking("en"):
        assert codec("int").parse("1,234") == "1234"
    with speaking("fr"):
        assert codec("decimal").parse("1,234") == "1.234"


def test_values_and_calculations() -> None:
    assert codec("int").value("12") == 12
    assert codec("decimal").value("1.5") == Decimal("1.5")
    assert codec("date").value("2026-11-21") == date(2026, 11, 21)
    assert codec("select").value("a b") == ("a", "b")
    assert all(one.value("") is None for one in CODECS.values())
    assert codec("int").coerce(2.9) == "2"
    assert codec("date").coerce(20000.5) == "2024-10-04"
    assert codec("decimal").coerce(float("nan")) == ""
    assert codec("int").coerce("word") == ""


@given(st.sampled_from(sorted(CODECS)), st.text(max_size=20))
def test_reading_twice_is_reading_once(kind: str, typed: str) -> None:
    try:
        stored = codec(kind).parse(typed)
    except BadAnswer:
        return
    assert codec(kind).parse(stored) == stored if stored else stored == ""


@given(st.integers(-(10**17), 10**17))
def test_integers_survive(number: int) -> None:
    assert codec("int").value(codec("int").parse(str(number))) == number


@given(st.dates())
def test_dates_survive(day: date) -> None:
    assert codec("date").value(codec("date").parse(day.isoformat())) == day

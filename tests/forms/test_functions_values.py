"""Answers of every type, as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.forms.points import numbers_of
from migdesk.forms.values import BadAnswer, codec, western

HERE = "12.7080556 -15.5558333 0 0"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12.708 -15.556", "12.708 -15.556 0 0"),
        ("12,708 -15,556", "12.708 -15.556 0 0"),
        ("12.708, -15.556", "12.708 -15.556 0 0"),
        ("12,708; -15,556", "12.708 -15.556 0 0"),
        ("12.7,-15.5", "12.7 -15.5 0 0"),
        ("12,7,-15,5", "12.7 -15.5 0 0"),
        ("12.708 −15.556 34 5.5", "12.708 -15.556 34 5.5"),
        ("12°42'29\"N 15°33'21\"W", HERE),
        ("12°42′29″ Nord 15°33′21″ Ouest", HERE),
        ("12º 42’ 29” N, 15º 33’ 21” O", HERE),
        ("N 12 42 29 W 15 33 21", HERE),
        ("W 15 33 21 N 12 42 29", HERE),
        ("12° 42.48' N, 15° 33.36' O", "12.708 -15.556 0 0"),
        ("12.708N,15.556W", "12.708 -15.556 0 0"),
        ("15,5 W 12,7 N", "12.7 -15.5 0 0"),
        ("-12.5° 15°", "-12.5 15 0 0"),
        ("S 12.5 E 15.5", "-12.5 15.5 0 0"),
        ("0 0", "0 0 0 0"),
        ("-90 180", "-90 180 0 0"),
        ("١٢.٧ -١٥.٥", "12.7 -15.5 0 0"),
    ],
)
def test_coordinates_in_every_notation(typed: str, stored: str) -> None:
    assert codec("geopoint").parse(typed) == stored
    assert codec("geopoint").parse(stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "12", "12,708", "91 0", "0 181", "N 12 N 13", "12 61 0 N 3 E", "N 1 W 2 E 3",
        "1 2 3 4 5", "12 N", "a b", "1e1 2", "12°42'29\"", "5 km north", "12.5N -15.5W 3",
        "1 " * 300,
    ],
)  # fmt: skip
def test_what_is_no_place(typed: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        codec("geopoint").parse(typed)
    assert caught.value.code == "FRM-055"


@given(
    st.decimals(-90, 90, places=6, allow_nan=False),
    st.decimals(-180, 180, places=6, allow_nan=False),
)
def test_decimal_degrees_survive_point_and_comma(lat: Decimal, lon: Decimal) -> None:
    plain = f"{lat:f} {lon:f}"
    assert numbers_of(plain) == [lat, lon]
    assert numbers_of(plain.replace(".", ",")) == [lat, lon]
    assert numbers_of(f"{lat:f}, {lon:f}") == [lat, lon]


@given(st.text("0123456789 .,;-+NSEWO°'\"", max_size=40))
def test_nothing_typed_as_a_place_breaks_it(typed: str) -> None:
    found = numbers_of(typed)
    assert found is None or (2 <= len(found) <= 4 and abs(found[0]) <= 90)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("geotrace", "0 0; 0 1;", "0 0 0 0; 0 1 0 0"),
        ("geotrace", "0,5 0,5\n1 1", "0.5 0.5 0 0; 1 1 0 0"),
        ("geotrace", "", ""),
        ("geoshape", "0 0; 0 1; 1 1", "0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 0 0"),
        ("geoshape", "0 0; 0 1; 1 1; 0 0 5", "0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 5 0"),
    ],
)
def test_lines_and_areas(kind: str, typed: str, stored: str) -> None:
    assert codec(kind).parse(typed) == stored
    assert codec(kind).parse(stored) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [("geotrace", "0 0", "FRM-057"), ("geoshape", "0 0; 1 1", "FRM-058"),
     ("geotrace", "0 0; x", "FRM-055")],
)  # fmt: skip
def test_too_few_points(kind: str, typed: str, code: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        codec(kind).parse(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("int", "١٬٥٠٠", "1500"),
        ("int", "১২", "12"),
        ("decimal", "١٢٫٥", "12.5"),
        ("decimal", "−3,5", "-3.5"),
        ("date", "٢١/١١/٢٠٢٦", "2026-11-21"),
        ("time", "١٤:٣٠", "14:30:00.000"),
    ],
)
def test_digits_of_any_script(kind: str, typed: str, stored: str) -> None:
    assert codec(kind).parse(typed) == stored


@given(st.integers(0, 10**15))
def test_western_digits_of_arabic_ones(number: int) -> None:
    arabic = "".join(chr(0x0660 + int(digit)) for digit in str(number))
    assert western(arabic) == str(number)


@pytest.mark.parametrize("kind", ["binary", "barcode", "string", "intent"])
def test_texts_and_file_names_stay_as_they_are(kind: str) -> None:
    assert codec(kind).parse("photo 1_é.jpg") == "photo 1_é.jpg"

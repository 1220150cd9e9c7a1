"""Ops as lines: what comes back, and what is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.clock import CEILING_MS
from migdesk.ops import (
    DELETED,
    BadOp,
    Op,
    bases_for,
    check,
    decode,
    decode_lines,
    encode,
    encode_lines,
)

STAMP = f"{5:016x}-{'a' * 16}"
BASE = f"{4:016x}-{'b' * 16}"
LATE = f"{CEILING_MS << 16:016x}-{'a' * 16}"
CHAINED = (1, "s" * 11, "l" * 22)
WHAT = (STAMP, "person", "r1", {"name": "Awa"}, {"name": [BASE]}, STAMP, "acc", "0.1")
GOOD = Op(*WHAT, *CHAINED)

plain_text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | plain_text,
    lambda inner: st.lists(inner) | st.dictionaries(plain_text, inner),
    max_leaves=8,
)


def changed(**fields: Any) -> Op:
    return msgspec.structs.replace(GOOD, **fields)


@given(st.lists(json))
def test_any_value_comes_back(values: list[Any]) -> None:
    ops = [changed(fields={"f": value}) for value in values]
    data = b"".join(encode_lines(ops))
    assert list(decode_lines(data)) == ops
    assert data.count(b"\n") == len(ops)


def test_a_text_that_spells_an_escape_is_only_text() -> None:
    op = changed(fields={"name": "\\u0000 and \\ud800"})
    assert decode(encode(op)) == op


def test_the_device_is_that_of_the_stamp() -> None:
    assert GOOD.device == "a" * 16


BAD: list[dict[str, Any]] = [
    {"stamp": "yesterday"},
    {"stamp": LATE},
    {"tx": LATE},
    {"tx": ""},
    {"bases": {"name": [LATE]}},
    {"bases": {"name": ["x"]}},
    {"bases": {"name": [STAMP]}},
    {"kind": ""},
    {"row": ""},
    {"fields": {}},
    {"number": 0},
    {"number": 1 << 53},
    {"salt": ""},
    {"salt": "s" * 12},
    {"link": ""},
    {"link": "l" * 21 + "="},
    {"fields": {"": 1}},
    {"fields": {"a\nb": 1}},
    {"bases": {"": []}},
    {"row": "x" * 129},
    {"kind": "x" * 129},
    {"actor": "a\x00"},
    {"program": "x" * 129},
    {"fields": {"name": "a\x00b"}},
    {"fields": {"name": ["a", {"b": "\x00"}]}},
    {"fields": {"name": {"\x00": 1}}},
]


@pytest.mark.parametrize("fields", BAD)
def test_bad_ops_are_neither_written_nor_read(fields: dict[str, Any]) -> None:
    bad = changed(**fields)
    with pytest.raises(BadOp):
        encode(bad)
    with pytest.raises(BadOp):
        decode(msgspec.json.encode(bad))


@pytest.mark.parametrize(
    "value", ["\ud800", float("nan"), float("inf"), [-float("inf")], b"x", {1}, {1: 2}, ("a",)]
)
def test_values_that_json_cannot_hold_are_not_written(value: Any) -> None:
    with pytest.raises(BadOp):
        check(changed(fields={"name": value}))


LINE = encode(GOOD)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        LINE[:-1],
        LINE + b"{}",
        LINE.replace(b'"Awa"', b"NaN"),
        LINE.replace(b'"Awa"', b"1e999"),
        LINE.replace(b'"Awa"', rb'"\ud800"'),
        LINE.replace(b'"Awa"', b'"\xed\xa0\x80"'),
        LINE.replace(b'"Awa"', b"[" * 100_000 + b"]" * 100_000),
        LINE.replace(b'"acc"', b"7"),
        LINE.replace(b'"kind"', b'"king"'),
        LINE.replace(b'{"', b'{"more":1,"', 1),
        LINE.replace(f'["{BASE}"]'.encode(), f'"{BASE}"'.encode()),
    ],
)
def test_broken_lines_are_refused(line: bytes) -> None:
    assert line != LINE
    with pytest.raises(BadOp):
        decode(line)


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(BadOp):
        list(decode_lines(data + b"\n"))


def test_the_refusal_says_why_in_words() -> None:
    with pytest.raises(BadOp) as caught:
        check(changed(stamp=LATE))
    assert "its time cannot be" in caught.value.words


def test_bases_of_a_write_say_what_was_replaced_and_what_was_known() -> None:
    heads = {"name": ["1"], "phone": ["2", "3"], DELETED: ["4"]}
    assert bases_for(heads, ("name", "new")) == {"name": ["1"], DELETED: ["4"]}
    assert bases_for(heads, (DELETED,)) == heads
    assert bases_for({"name": []}, ("name",)) == {}

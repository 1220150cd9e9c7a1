"""The function library: worked values from the specification and from JavaRosa 5.1."""

from __future__ import annotations

import base64
import hashlib
import math
import random
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.forms import Form, FormFault, Run
from migdesk.forms.xpath import coded, geo, numbers, words
from migdesk.forms.xpath.functions import FUNCTIONS
from migdesk.forms.xpath.special import SPECIAL
from tests.forms.build import HEAD, xform

NOW = datetime(2026, 11, 21, 14, 5, 6, 789000, timezone(timedelta(hours=1)))
SQUARE = "0 0 0 0; 0 1 0 0; 1 1 0 0; 1 0 0 0; 0 0 0 0"
TRACE = "0 0 0 0; 0 1 0 0; 1 1 0 0"


def filled(expressions: dict[str, str], **answers: str) -> dict[str, str]:
    """Results of calculations; the name of an answer begins with its type: ``int_a``."""
    binds: dict[str, dict[str, Any]] = {
        name: {"type": name.partition("_")[0] if "_" in name else "string"} for name in answers
    }
    binds |= {name: {"calculate": source} for name, source in expressions.items()}
    run = Run(Form.load(xform(binds)), now=lambda: NOW, rng=random.Random(7))
    for name, text in answers.items():
        run.set(f"/data/{name}", text)
    return {name: run.node(f"/data/{name}").text for name in expressions}


def value(expression: str, **answers: str) -> str:
    return filled({"out": expression}, **answers)["out"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # text
        ("concat()", ""),
        ("concat('a')", "a"),
        ("join('-')", ""),
        ("join('-', 'a', '', 'c')", "a--c"),
        ("substr('hello', 1)", "ello"),
        ("substr('hello', -3, -1)", "ll"),
        ("substr('hello', 3, 1)", ""),
        ("substr('hello', 9)", ""),
        ("substring-before('abc', '')", ""),
        ("substring-after('abc', '')", "abc"),
        ("translate('aab', 'ab', 'xyz')", "xxy"),
        ("translate('aab', 'ab', 'x')", "xx"),
        ("normalize-space('  a  b ')", "a b"),
        ("normalize-space('   ')", ""),
        ("contains('a', '')", "1"),
        # bytes
        ("digest('abc', 'MD5')", "kAFQmDzST7DWlj99KOF/cg=="),
        ("digest('abc', 'sha-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("digest('', 'SHA-256', 'hex')", hashlib.sha256(b"").hexdigest()),
        ("digest('é', 'SHA-384', 'base64')",
         base64.b64encode(hashlib.sha384("é".encode()).digest()).decode()),
        ("digest('abc', 'SHA-512', 'hex')", hashlib.sha512(b"abc").hexdigest()),
        ("base64-encode('Hello')", "SGVsbG8="),
        ("base64-decode('SGVsbG8=')", "Hello"),
        ("base64-decode('SGVsbG8')", ""),
        ("base64-decode('é')", ""),
        ("base64-decode('w6k=')", "é"),
        ("base64-decode('bad!')", ""),
        ("base64-decode('')", ""),
        # truth
        ("boolean-from-string('TRUE')", "1"),
        ("boolean-from-string('1')", "1"),
        ("boolean-from-string('yes')", "0"),
        ("not('')", "1"),
        ("coalesce('', '')", ""),
        ("coalesce('', '', 'c')", "c"),
        ("coalesce(sqrt(-1), 'a')", "a"),
        ("coalesce('', true()) + 1", "2"),
        ("coalesce('', 0) + 1", "1"),
        ("checklist(1, 2, true(), '1', '')", "1"),
        ("checklist(-1, 2, 1, 1, 1)", "0"),
        ("checklist(2, -1, 1, 0, 'x')", "1"),
        ("checklist(3, -1, 1, 0, 'x')", "0"),
        ("checklist(0, 0)", "1"),
        ("checklist('a', 'b', false())", "1"),
        ("weighted-checklist(1, 1, true(), true())", "1"),
        ("weighted-checklist(1, 3, 1, 2, 1, 0.5)", "1"),
        ("weighted-checklist(1, 2, 1, 2, 1, 0.5)", "0"),
        ("weighted-checklist(-1, 9, true(), 2)", "1"),
        ("weighted-checklist(1, 9, false(), 20, 'x', 0.5)", "0"),
        # numbers
        ("round(12.345, -1)", "10"),
        ("round(-1.5)", "-1"),
        ("round(1.005, 2)", "1.01"),
        ("round(5, 31)", ""),
        ("exp10(2)", "100"),
        ("exp(0)", "1"),
        ("exp(1000)", "Infinity"),
        ("log(0)", "-Infinity"),
        ("log(-1)", ""),
        ("log10(1000)", "3"),
        ("sqrt(16)", "4"),
        ("sqrt(-1)", ""),
        ("pow(0, -1)", "Infinity"),
        ("pow(-8, 1 div 3)", ""),
        ("pow(10, 400)", "Infinity"),
        ("pow(-10, 401)", "-Infinity"),
        ("round(sin(pi() div 2), 6)", "1"),
        ("round(cos(pi()), 6)", "-1"),
        ("round(tan(pi() div 4), 6)", "1"),
        ("round(asin(1) * 2 - pi(), 6)", "0"),
        ("acos(2)", ""),
        ("atan2(1, 1)", "0.7853981633974483"),
        ("atan(0)", "0"),
        ("pi()", str(math.pi)),
        ("max()", ""),
        ("max(1, '2')", "2"),
        ("max(true(), 0)", "1"),
        ("max('a', 1, sqrt(-1))", "1"),
        ("min('a')", ""),
        ("number('1,5') + 1", "2.5"),
        ("number('1,234,5')", ""),
        ("min('', 1)", "1"),
        ("max(-3, -1)", "-1"),
        ("abs('-2.5')", "2.5"),
        # choices
        ("selected('a b c', 'b')", "1"),
        ("selected('a bc', 'b')", "0"),
        ("selected('', '')", "1"),
        ("selected('a', '')", "0"),
        ("is-selected('a b', ' a ')", "1"),
        ("selected-at('a b c', 9)", ""),
        ("selected-at('a b c', -1)", ""),
        ("selected-at('a b c', -0.5)", "a"),
        ("selected-at('a b c', 'x')", "a"),
        ("substr('abc', 'x', 2.9)", "ab"),
        ("substr('abc', 0, 'x')", ""),
        # dates, an hour east of Greenwich
        ("decimal-time('06:30')", "0.2708333333333333"),
        ("decimal-time('18:00:00.000')", "0.75"),
        ("decimal-time('12:00:00.000Z')", "0.5416666666666666"),
        ("decimal-time('2012-03-03T12:00:00Z')", "0.5416666666666666"),
        ("decimal-time('2012-03-03T23:30:00Z')", "0.020833333333333332"),
        ("decimal-time('2012-03-03')", "0"),
        ("decimal-time(15000.25)", "0.25"),
        ("decimal-time('noon')", ""),
        ("decimal-date-time('2012-03-03T12:00:00Z')", "15402.5"),
        ("decimal-date-time('1970-01-02')", "1"),
        ("date-time(15000.75)", "2011-01-26T19:00:00.000+01:00"),
        ("date-time('nope')", ""),
        ("date('nope')", ""),
        ("date(15000.7)", "2011-01-26"),
        ("date('2012-3-5')", "2012-03-05"),
        ("format-date-time('2026-11-21T23:30:00Z', '%Y-%m-%d %H:%M')", "2026-11-22 00:30"),
        ("format-date('nope', '%Y')", ""),
        ("format-date(15000, '%Y')", "2011"),
        # surroundings
        ("string-length(uuid())", "36"),
        ("string-length(uuid(5))", "5"),
        ("regex(uuid(40), '[A-Z0-9]{40}')", "1"),
        ("uuid(0)", ""),
        ("version()", ""),
        ("depend('a', 'b', 'c')", "a"),
        ("random() >= 0 and random() < 1", "1"),
    ],
)  # fmt: skip
def test_worked_values(expression: str, expected: str) -> None:
    assert value(expression) == expected


def test_places_have_javarosas_numbers() -> None:
    found = filled(
        {
            "area": "area(/data/geoshape_s)",
            "enclosed": "enclosed-area(/data/geoshape_s)",
            "open": "area(/data/geotrace_t)",
            "long": "distance(/data/geotrace_t)",
            "round": "distance(/data/geoshape_s)",
            "two": "round(distance(/data/geopoint_p, /data/geopoint_q), 6)",
            "one": "distance(/data/geopoint_p)",
            "blank": "distance(/data/geopoint_none)",
            "words": "distance('here', 'there')",
            "inside": "geofence(/data/geopoint_p, /data/geoshape_s)",
            "outside": "geofence('2 2', /data/geoshape_s)",
            "nowhere": "geofence('', /data/geoshape_s)",
        },
        geoshape_s=SQUARE,
        geotrace_t=TRACE,
        geopoint_p="0.5 0.5",
        geopoint_q="1 1",
        geopoint_none="",
    )
    assert float(found["area"]) == pytest.approx(1.2390941584836643e10, abs=1)
    assert found["area"] == found["enclosed"]
    assert float(found["open"]) == pytest.approx(6.19594262845484e9, abs=1)
    assert float(found["long"]) == pytest.approx(222637.69004287844, abs=0.01)
    assert float(found["round"]) == pytest.approx(445258.42525611795, abs=0.01)
    assert float(found["two"]) == pytest.approx(78710.81348367628, abs=0.01)
    assert (found["one"], found["blank"], found["words"]) == ("0", "0", "")
    assert (found["inside"], found["outside"], found["nowhere"]) == ("1", "0", "0")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", False),
        ("0 0; 1 1", False),
        ("0 0; 0 1; 1 1; 1 0; 0 0", False),
        ("0 0; 1 1; 0 1; 1 0", True),
        ("0 0; 2 2; 2 0; 0 2; 0 0", True),
        ("0 0; 1 0; 2 0; 1 0", False),
    ],
)
def test_a_line_that_crosses_itself(line: str, expected: bool) -> None:
    assert geo.intersects(line) is expected
    assert value(f"intersects('{line}')") == str(int(expected))


COORDINATES = st.tuples(st.floats(-80, 80), st.floats(-170, 170))


@given(st.lists(COORDINATES, max_size=8))
def test_distance_and_area_do_not_mind_direction(points: list[tuple[float, float]]) -> None:
    there = [f"{a:f} {b:f}" for a, b in points]
    assert geo.distance(there) == pytest.approx(geo.distance(there[::-1]), abs=1)
    assert geo.distance(there) >= 0
    assert geo.area(there) >= 0
    assert geo.distance(["; ".join(there)]) == geo.distance(there)


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), max_size=9))
def test_crossing_is_what_comparing_every_pair_finds(points: list[tuple[int, int]]) -> None:
    placed = [(float(a), float(b)) for a, b in points]
    pieces = list(pairwise(placed))
    every = any(geo._cross(*a, *b) for a, b in combinations(pieces, 2))
    assert geo.intersects("; ".join(f"{a} {b}" for a, b in points)) is every


def test_a_day_of_walking_is_looked_at_in_no_time() -> None:
    walk = "; ".join(
        f"{math.sin(n / 900) + n / 9000:.6f} {n / 5000:.6f}" for n in range(20_000)
    )
    assert not geo.intersects(walk)
    assert geo.intersects(f"{walk}; 0.5 -1; 0.5 5")


def test_wrong_places_are_no_places() -> None:
    assert geo.points_of(["91 0"]) is None
    assert geo.points_of(["0 181"]) is None
    assert geo.points_of(["12"]) is None
    assert geo.points_of(["1 2; "]) == [(1.0, 2.0)]


REPEAT = (
    f"{HEAD}<h:head><h:title>T</h:title><model><instance><data id='t' version='7'>"
    "<kid jr:template=''><ok/><n/><w/></kid>{extra}</data></instance>"
    "<bind nodeset='/data/kid/n' type='int'/><bind nodeset='/data/kid/w' type='decimal'/>"
    "{binds}</model></h:head><h:body><group ref='/data/kid'><label>k</label>"
    "<repeat nodeset='/data/kid'><input ref='/data/kid/ok'><label>a</label></input>"
    "<input ref='/data/kid/n'><label>n</label></input>"
    "<input ref='/data/kid/w'><label>w</label></input></repeat></group></h:body></h:html>"
)


def in_rows(**expressions: str) -> dict[str, str]:
    form = Form.load(
        REPEAT.format(
            extra="".join(f"<{name}/>" for name in expressions),
            binds="".join(
                f'<bind nodeset="/data/{name}" calculate="{source}"/>'
                for name, source in expressions.items()
            ),
        )
    )
    run = Run(form, now=lambda: NOW)
    for ok, n, w in (("yes", "1", "0.5"), ("", "0", "2"), ("x", "", "")):
        ref = run.add("/data/kid")
        for name, text in (("ok", ok), ("n", n), ("w", w)):
            run.set(f"{ref}/{name}", text)
    return {name: run.node(f"/data/{name}").text for name in expressions}


def test_functions_of_many_nodes() -> None:
    found = in_rows(
        two="checklist(2, 2, /data/kid/ok)",
        typed="checklist(1, 1, /data/kid/n)",
        both="checklist(3, 3, /data/kid/ok, /data/kid/n)",
        weighed="weighted-checklist(0.4, 0.6, /data/kid/ok, /data/kid/w)",
        pairs="weighted-checklist(10, 10, 'x', 10, /data/kid/n, /data/kid/w)",
        count="count-non-empty(/data/kid/n)",
        join="join('|', /data/kid/ok)",
        concat="concat(/data/kid/ok)",
        sum="sum(/data/kid/w)",
        most="max(/data/kid/n, 7)",
        name="name(/data/kid)",
        local="local-name(/data/kid[9])",
        space="namespace-uri(/data/kid)",
        version="version()",
    )
    assert found == {
        "two": "1", "typed": "1", "both": "1", "weighed": "0", "pairs": "0", "count": "2",
        "join": "yes||x", "concat": "yesx", "sum": "2.5", "most": "7", "name": "kid",
        "local": "", "space": "", "version": "7",
    }  # fmt: skip


def test_a_node_that_is_not_relevant_leaves_its_place_in_join() -> None:
    binds: dict[str, dict[str, Any]] = {
        "a": {},
        "b": {"relevant": "/data/a = 'z'"},
        "out": {"calculate": "join(',', /data/a, /data/b, 'c')"},
    }
    run = Run(Form.load(xform(binds)))
    run.set("/data/a", "1")
    assert run.node("/data/out").text == "1,,c"


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("Ébène", r"\p{L}+", True),
        ("ébène", r"\p{Lu}.*", False),
        ("Ébène", r"\p{IsAlphabetic}+", True),
        ("٣", r"\d", False),
        ("é", r"\w", False),
        ("a1_", r"\w+", True),
        ("é", r"\W", True),
        ("a-b", r"[\w-]+", True),
        ("abc", r"[^\d]+", True),
        ("x\ty", r"x\sy", True),
        ("a.b", r"\Qa.b\E", True),
        ("axb", r"\Qa.b\E", False),
        ("2026-11", r"(?<y>\d{4})-(?<m>\d\d)", True),
        ("ab", r"(?<!x)ab", True),
        ("A9", r"\p{Upper}\p{Digit}", True),
        ("!", r"\p{Punct}", True),
        ("كتاب", r"\p{L}+", True),
        ("7", r"\P{L}", True),
        ("a", r"[\P{L}]", False),
        ("-", r"[\p{L}'-]", True),
        ("ab", "b", False),
        ("]", "[]]", True),
        ("aaa", "a++", True),
    ],
)
def test_patterns_mean_what_they_mean_on_the_phone(
    text: str, source: str, expected: bool
) -> None:
    assert words.regex(text, source) is expected


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("regex('a', '(')", "FRM-018"),
        (r"regex('a', '\p{Klingon}')", "FRM-018"),
        ("digest('a', 'SHA-3')", "FRM-019"),
        ("digest('a', 'MD5', 'rot13')", "FRM-019"),
        ("weighted-checklist(1, 2, 3)", "FRM-021"),
        ("count-non-empty('a')", "FRM-012"),
        ("sin()", "FRM-016"),
        ("atan2(1)", "FRM-016"),
        ("sqrt(1, 2)", "FRM-016"),
        ("thousand-sep(1)", "FRM-015"),
    ],
)
def test_what_can_never_work_is_refused_at_load(expression: str, code: str) -> None:
    with pytest.raises(FormFault) as caught:
        Form.load(xform({"a": {}, "out": {"calculate": expression}}))
    assert caught.value.code == code
    assert caught.value.place.ref == "/data/out"


SIGNED = (
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
     "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
     "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
     "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
)  # fmt: skip
"""RFC 8032, 7.1: key, message, signature."""


@pytest.mark.parametrize(("key", "message", "signature"), SIGNED)
def test_signatures_of_the_standard_are_verified(
    key: str, message: str, signature: str
) -> None:
    owner, said, signed = map(bytes.fromhex, (key, message, signature))
    assert coded.verified(owner, said, signed)
    assert not coded.verified(owner, said + b"!", signed)
    for at in (0, 31, 32, 63):
        broken = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert not coded.verified(owner, said, broken)


def test_signed_texts_give_up_their_message() -> None:
    key, message, signature = map(bytes.fromhex, SIGNED[1])
    text = base64.b64encode(signature + message).decode()
    owner = base64.b64encode(key).decode()
    assert value(f"extract-signed('{text}', '{owner}')") == "r"
    assert value(f"extract-signed('{text[:-8]}AAAA', '{owner}')") == ""
    assert value("extract-signed('a', 'b')") == ""


@given(st.binary(max_size=40), st.binary(min_size=64, max_size=64))
def test_chance_signs_nothing(key: bytes, signature: bytes) -> None:
    owner = (key + bytes(32))[:32]
    assert not coded.verified(owner, b"message", signature)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_base64_there_and_back(text: str) -> None:
    assert coded.base64_decode(coded.base64_encode(text)) == text


NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@given(NUMBERS, NUMBERS)
def test_no_number_makes_a_function_fail(a: float, b: float) -> None:
    for name, function in FUNCTIONS.items():
        if function.letters == "n" and function.returns == "number":
            assert isinstance(function.run(a), float), name
    assert isinstance(numbers.power(a, b), float)
    assert isinstance(numbers.round_number(a, b), float)
    assert isinstance(words.substr("hello", a, b), str)
    assert isinstance(words.substring("hello", a, b), str)


def test_every_function_of_the_specification_is_there() -> None:
    wanted = """string concat join substr substring-before substring-after translate
        string-length normalize-space contains starts-with ends-with uuid digest pulldata if
        coalesce once true false boolean boolean-from-string not regex checklist
        weighted-checklist number random int sum max min round pow log log10 abs sin cos tan
        asin acos atan atan2 sqrt exp exp10 pi count count-non-empty position instance current
        randomize today now format-date format-date-time date decimal-date-time decimal-time
        selected selected-at count-selected jr:choice-name jr:itext indexed-repeat area
        distance date-time base64-decode extract-signed version property depend last name
        local-name is-selected geofence intersects enclosed-area search substring floor
        ceiling base64-encode namespace-uri""".split()
    assert set(wanted) <= set(FUNCTIONS) | set(SPECIAL)
    assert not set(FUNCTIONS) & set(SPECIAL)


def test_time_is_that_of_the_computers_zone() -> None:
    run = Run(
        Form.load(
            xform({"time_t": {"type": "time"}, "out": {"calculate": "decimal-time(../time_t)"}})
        ),
        now=lambda: NOW.astimezone(UTC),
    )
    run.set("/data/time_t", "13:00:00.000+01:00")
    assert run.node("/data/out").text == "0.5"

"""The expression language: grammar, precedence, functions."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.forms import Form, FormFault, Run
from migdesk.forms.xpath.ast import (
    Binary,
    Call,
    Expr,
    Literal,
    Negate,
    Number,
    Path,
    Step,
    Variable,
    to_text,
)
from migdesk.forms.xpath.convert import number_text, text_number
from migdesk.forms.xpath.parser import BadExpression, DeepExpression, parse
from tests.forms.build import xform

NAMES = st.from_regex(r"[a-z_][a-z0-9_.\-]{0,6}", fullmatch=True)
AXES = st.sampled_from(["child", "attribute", "parent", "following-sibling", "descendant"])
OPERATORS = st.sampled_from(
    "or and = != < <= > >= + - * div mod |".split()
)


def paths(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    predicates = st.lists(inner, max_size=2).map(tuple)
    named = st.builds(Step, AXES, NAMES | st.just("*") | st.just("node()"), predicates)
    dots = st.sampled_from([Step("self", "node()"), Step("parent", "node()")])
    steps = st.lists(named | dots, min_size=1, max_size=4).map(tuple)
    plain = st.builds(lambda s, a: Path(s, absolute=a), steps, st.booleans())
    based = st.builds(lambda b, s, p: Path(s, base=b, predicates=p), inner, steps, predicates)
    return plain | based | st.just(Path((), absolute=True))


EXPRESSIONS: st.SearchStrategy[Expr] = st.recursive(
    st.builds(Number, st.floats(0, 1e12, allow_nan=False).map(abs))
    | st.builds(Literal, st.text(st.characters(blacklist_characters='"'), max_size=8))
    | st.builds(Variable, NAMES),
    lambda inner: st.one_of(
        st.builds(Negate, inner),
        st.builds(Binary, OPERATORS, inner, inner),
        st.builds(Call, NAMES.filter(lambda n: n not in ("node", "text")), st.lists(
            inner, max_size=3).map(tuple)),
        paths(inner),
    ),
    max_leaves=12,
)  # fmt: skip


@given(EXPRESSIONS)
def test_printing_and_parsing_give_the_same_tree(tree: Expr) -> None:
    assert parse(to_text(tree)) == tree


@given(st.text(st.sampled_from("ab1.()[]/*-+=<>|'\"@:$, \n"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except (BadExpression, DeepExpression):
        return
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("a or b and c = d", "(a or (b and (c = d)))"),
        ("1 < 2 = true()", "((1 < 2) = true())"),
        ("-a | b", "-(a | b)"),
        ("-2 * 3", "(-2 * 3)"),
        ("a-b", "a-b"),
        ("a - b", "(a - b)"),
        ("* * *", "(* * *)"),
        ("div div mod", "(div div mod)"),
        ("//a[1]/@b", "/descendant-or-self::node()/a[1]/@b"),
        ("instance('x')/root/item[name = current()/../y]", None),
    ],
)
def test_precedence(text: str, canonical: str | None) -> None:
    tree = parse(text)
    assert canonical is None or to_text(tree) == canonical
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(
    "text", ["", "1 +", "a[", "'x", "f(1,)", "((", "q::b", "1 2", "a//", "$"]
)
def test_a_bad_expression_says_where(text: str) -> None:
    with pytest.raises(BadExpression) as caught:
        parse(text)
    assert caught.value.gaps["near"] in caught.value.words


def test_nesting_is_bounded_and_chains_are_not() -> None:
    with pytest.raises(DeepExpression):
        parse("(" * 5000 + "1" + ")" * 5000)
    assert value(" + ".join(["1"] * 3000)) == "3000"
    assert value(" or ".join(["false()"] * 3000 + ["true()"])) == "1"


NOW = datetime(2026, 11, 21, 14, 5, 6, 789000, UTC)


def value(expression: str, **answers: str) -> str:
    """Text of an expression in a form with the given answers (ints where they look so)."""
    binds: dict[str, dict[str, Any]] = {
        name: {"type": "int" if text.isdigit() or name.startswith("n") else "string"}
        for name, text in answers.items()
    }
    form = Form.load(xform({**binds, "out": {"calculate": expression}}))
    run = Run(form, now=lambda: NOW, rng=random.Random(1))
    for name, text in answers.items():
        run.set(f"/data/{name}", text)
    return run.node("/data/out").text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0.1 + 0.2", "0.30000000000000004"),
        ("7 div 2", "3.5"),
        ("1 div 0", "Infinity"),
        ("0 div 0", ""),
        ("-7 mod 3", "-1"),
        ("2 + 3 = 5", "1"),
        ("'a' < 'b'", "0"),
        ("'10' > '9'", "1"),
        ("concat('a', 1, true())", "a1true"),
        ("join(', ', 'a', 'b')", "a, b"),
        ("substr('hello', 1, 3)", "el"),
        ("substr('hello', -3)", "llo"),
        ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring-before('a=b', '=')", "a"),
        ("substring-after('a=b', '=')", "b"),
        ("substring-before('ab', '=')", ""),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("string-length('né')", "2"),
        ("normalize-space('  a  b ')", "a b"),
        ("contains('abc', 'b') and starts-with('abc', 'a') and ends-with('abc', 'c')", "1"),
        ("if(1 > 2, 'x', 3)", "3"),
        ("coalesce('', 'b')", "b"),
        ("not(false()) = boolean('x')", "1"),
        ("regex('771234567', '[0-9]{9}')", "1"),
        ("regex('a771234567', '[0-9]{9}')", "0"),
        ("regex('Awa', '\\p{L}+')", "1"),
        ("number('12') + number('-.5')", "11.5"),
        ("number('1e3')", ""),
        ("int(-2.7)", "-2"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round(1.005, 2)", "1.01"),
        ("round(1234, -2)", "1200"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("abs(-3)", "3"),
        ("pow(2, 10)", "1024"),
        ("max(3, 10, 2)", "10"),
        ("min(3, 10, 2)", "2"),
        ("selected('a bc', 'b')", "0"),
        ("selected('a bc', 'bc')", "1"),
        ("selected-at('a bc', 1)", "bc"),
        ("selected-at('a bc', 2)", ""),
        ("count-selected(' a  b ')", "2"),
        ("today()", "2026-11-21"),
        ("now()", "2026-11-21T14:05:06.789+00:00"),
        ("date('2026-11-21') - date('2026-11-01')", "20"),
        ("date(20000)", "2024-10-04"),
        ("today() > '2026-11-20'", "1"),
        ("decimal-date-time('1970-01-02T12:00:00Z')", "1.5"),
        ("decimal-time('18:00:00')", "0.75"),
        ("format-date('2026-03-05', '%d/%m/%Y %e %n %y')", "05/03/2026 5 3 26"),
        ("format-date('2026-03-05', '%b %a')", "Mar Thu"),
        ("format-date-time(now(), '%H:%M:%S.%3 %h')", "14:05:06.789 14"),
        ("string(12.50)", "12.5"),
        ("boolean(0)", "0"),
        ("string(1000000 * 1000000 * 1000000 * 1000000)", "999999999999999983222784"),
    ],
)  # fmt: skip
def test_functions(expression: str, expected: str) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "given", "expected"),
    [
        ("/data/n1 = ''", {"n1": ""}, "1"),
        ("/data/n1 = ''", {"n1": "0"}, "0"),
        ("/data/n1 = '05'", {"n1": "5"}, "1"),
        ("/data/n1 = /data/n2", {"n1": "", "n2": ""}, "1"),
        ("/data/n1 < 5", {"n1": ""}, "0"),
        ("/data/n1 != 5", {"n1": ""}, "1"),
        ("boolean(/data/n1)", {"n1": "0"}, "0"),
        ("boolean(/data/t)", {"t": "false"}, "1"),
        ("if(/data/t, 'yes', 'no')", {"t": ""}, "no"),
        ("sum(/data/n1 | /data/n2)", {"n1": "4", "n2": ""}, "4"),
        ("count-non-empty(/data/n1 | /data/n2[. != 9])", {"n1": "4", "n2": "9"}, "1"),
        ("/data/t + 1", {"t": "2026-01-01"}, "20455"),
    ],
)
def test_answers_in_expressions(expression: str, given: dict[str, str], expected: str) -> None:
    assert value(expression, **given) == expected


def test_a_calculated_boolean_reads_back_as_one() -> None:
    readers = ["if(/data/c, 'y', 'n')", "/data/c = true()", "/data/c = 'true'", "/data/c = 1"]
    form = Form.load(
        xform(
            {"n": {"type": "int"}, "c": {"calculate": "/data/n > 3"}}
            | {f"r{at}": {"calculate": reader} for at, reader in enumerate(readers)}
            | {
                "s": {"calculate": "sum(/data/c) + 1"},
                "t": {"calculate": "string(/data/n > 3)"},
            }
        )
    )
    run = Run(form)
    names = ["c", *(f"r{at}" for at in range(4)), "s", "t"]
    for number, expected in (("5", "1 y 1 1 1 2 true"), ("2", "0 n 0 0 0 1 false")):
        run.set("/data/n", number)
        assert " ".join(run.node(f"/data/{name}").text for name in names) == expected


def test_a_missing_node_is_blank() -> None:
    assert value("/data/a[. = 'z'] = ''", a="x") == "1"


def test_once_keeps_its_first_value() -> None:
    form = Form.load(xform({"a": {}, "o": {"calculate": "once(/data/a)"}}))
    run = Run(form)
    run.set("/data/a", "first")
    run.set("/data/a", "second")
    assert run.node("/data/o").text == "first"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("frobnicate(1)", "FRM-015"),
        ("if(1, 2)", "FRM-016"),
        ("/data/nowhere", "FRM-003"),
        ("../../..", "FRM-003"),
        ("instance('none')/root/item", "FRM-014"),
        ("$x", "FRM-017"),
        ("count(3)", "FRM-012"),
        ("1 +", "FRM-010"),
        ("/data/out + 1", "FRM-030"),
    ],
)
def test_what_cannot_run_is_refused_at_load(expression: str, code: str) -> None:
    with pytest.raises(FormFault) as caught:
        Form.load(xform({"a": {}, "out": {"calculate": expression}}))
    assert caught.value.code == code
    assert caught.value.place.ref == "/data/out"
    assert caught.value.place.column == "calculation"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_their_text(number: float) -> None:
    assert text_number(number_text(number)) == number


def test_texts_that_are_no_numbers() -> None:
    for text in ("", "inf", "nan", "1_000", "0x10", "12abc", "+5"):
        assert math.isnan(text_number(text))

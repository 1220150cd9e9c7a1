"""Random filling of our own forms, and nonsense for the parser and the reader."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migdesk.forms import Form, FormFault, Run
from migdesk.forms.xml import NotAForm, UnsafeForm
from migdesk.forms.xpath.ast import to_text
from migdesk.forms.xpath.parser import parse
from tests.conformance import corpora
from tests.conformance.fuzz import expression, load_one, parse_one, spoiled
from tests.conformance.steps import Stale, walk
from tests.conformance.stubs import stubs
from tests.forms.build import xform

OWN = {one.name: one for one in corpora.own_forms()}
SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("name", OWN)
@settings(deadline=None, max_examples=3)
@given(seed=SEEDS)
def test_nothing_is_stale_and_a_draft_goes_on_as_if_never_stopped(name: str, seed: int) -> None:
    xml = OWN[name].xml
    walk(Form.load(xml, stubs(xml)), seed, 30)


def test_staleness_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    form = Form.load(OWN["numbers.md"].xml)
    for links in form.graph.cells.values():
        links.clear()
    with pytest.raises(Stale):
        walk(form, 1, 60)


@settings(deadline=None, max_examples=200)
@given(text=st.one_of(st.text(max_size=60), SEEDS.map(lambda n: expression(random.Random(n)))))
def test_an_expression_is_read_or_refused(text: str) -> None:
    parse_one(text)


@settings(deadline=None, max_examples=60)
@given(name=st.sampled_from(sorted(OWN)), seed=SEEDS)
def test_a_spoiled_form_is_opened_or_refused(name: str, seed: int) -> None:
    xml = spoiled(OWN[name].xml, random.Random(seed))
    load_one(xml, stubs(xml))


@settings(deadline=None, max_examples=60)
@given(text=st.one_of(st.text(max_size=200), st.binary(max_size=200).map(str)))
def test_what_is_no_form_is_refused(text: str) -> None:
    assert not load_one(text)


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE h [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE h [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE h SYSTEM "http://example.org/form.dtd">',
        '<!DOCTYPE h [<!ENTITY % p SYSTEM "http://example.org/p"> %p;]>',
        '<!doctype h [<!ENTITY x "y">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_and_document_types_are_never_followed(prolog: str, encoding: str) -> None:
    body = OWN["numbers.md"].xml.partition("?>")[2]
    text = f'<?xml version="1.0" encoding="{encoding}"?>{prolog}{body}'
    for data in (text, text.encode(encoding)):
        with pytest.raises((UnsafeForm, NotAForm)):
            Form.load(data)  # type: ignore[arg-type]


def test_deep_nesting_is_refused() -> None:
    assert not load_one("<a>" * 100_000)
    for text in ("(" * 50_000, "-" * 50_000 + "1", "a[" * 20_000, "f(" * 20_000):
        with pytest.raises(FormFault):
            parse(text)


def test_a_long_chain_is_no_nesting() -> None:
    chain = " + ".join(["1"] * 5_000)
    assert to_text(parse(chain)).count("+") == 4_999
    form = Form.load(xform({"sum": {"calculate": chain}}))
    assert Run(form).node("/data/sum").text == "5000"

"""Our own forms beside JavaRosa and Web Forms, a few scripts each; `make conformance` plays
them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from migdesk.forms import Form
from tests.conformance import corpora
from tests.conformance.compare import Comparison
from tests.conformance.judge import COMPARED, judge
from tests.conformance.oracle import HOW, Oracle, available
from tests.conformance.peers import JAVAROSA, WEBFORMS
from tests.conformance.play import play

OWN = list(corpora.own_forms())
POLICY = (corpora.ROOT / "migdesk/forms/POLICY.md").read_text("utf-8")


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    if not available():
        pytest.skip(HOW)
    with Oracle() as one:
        yield one


@pytest.mark.parametrize("given", OWN, ids=lambda given: given.name)
def test_our_forms_do_as_in_javarosa(given: corpora.Given, oracle: Oracle) -> None:
    verdict = judge(given, {JAVAROSA.name: oracle}, scripts=1, actions=60, every=20)
    outcome = verdict.outcomes[JAVAROSA.name]
    assert (outcome.kind, outcome.why) == (COMPARED, "")


def test_a_difference_would_be_seen(oracle: Oracle) -> None:
    """The comparison is not blind: another form of the same shape is told apart."""
    given = next(given for given in OWN if given.name == "numbers.md")
    changed = corpora.Given("own", given.name, given.xml.replace("+ ", "- ", 1))
    assert changed.xml != given.xml
    played = play(_form(given), 1, 20, 5)
    told = oracle.ask({"xml": changed.xml, "actions": played.actions})
    found = Comparison(_form(given), JAVAROSA).compare(played, told)
    assert any(difference.what == "value" for difference in found)


def test_exceptions_name_rows_of_the_policy() -> None:
    rows = re.findall(r"^\| (.+?) \|", POLICY, re.MULTILINE)
    source = Path(corpora.__file__).with_name("compare.py").read_text("utf-8")
    named = JAVAROSA.named() + WEBFORMS.named()
    named += re.findall(r'self\._count\("(.+?)"\)', source)
    assert [name for name in named if not any(row.startswith(name) for row in rows)] == []


def _form(given: corpora.Given) -> Form:
    return Form.load(given.xml)

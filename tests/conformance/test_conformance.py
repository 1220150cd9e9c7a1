"""Our own forms beside JavaRosa and Web Forms, a few scripts each; `make conformance` plays
them all."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from migdesk.forms import Form
from tests.conformance import corpora, webforms
from tests.conformance.compare import Comparison
from tests.conformance.judge import COMPARED, PEERS, UNABLE_THERE, judge, script
from tests.conformance.oracle import HOW, Oracle, available
from tests.conformance.peers import JAVAROSA, WEBFORMS
from tests.conformance.play import play
from tests.conformance.webforms import WebForms

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


@pytest.fixture(scope="module")
def web_forms() -> Iterator[WebForms]:
    if not webforms.available():
        pytest.skip(webforms.HOW)
    try:
        one = WebForms()
    except corpora.NotFetched as why:
        pytest.skip(str(why))
    with one:
        yield one


@pytest.mark.parametrize("given", OWN, ids=lambda given: given.name)
def test_our_forms_do_as_in_web_forms(given: corpora.Given, web_forms: WebForms) -> None:
    verdict = judge(given, {WEBFORMS.name: web_forms}, scripts=1, actions=60, every=20)
    outcome = verdict.outcomes[WEBFORMS.name]
    if outcome.kind == UNABLE_THERE:
        assert "coordinates" in outcome.why  # it wants every place to be answered
    else:
        assert (outcome.kind, outcome.why) == (COMPARED, "")


@pytest.fixture
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """A zone in which this process and those that it starts live."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.parametrize(
    "zone", ["Africa/Dakar", "Europe/Paris", "Asia/Tbilisi", "America/Caracas"], indirect=True
)
def test_dates_in_other_zones(zone: str) -> None:
    if not (available() and webforms.available()):
        pytest.skip(HOW)
    given = next(given for given in OWN if given.name == "dates.md")
    with Oracle() as java, WebForms() as web:
        verdict = judge(given, {JAVAROSA.name: java, WEBFORMS.name: web}, 1, 60, 20)
    assert [(o.kind, o.why) for o in verdict.outcomes.values()] == [(COMPARED, "")] * 2


@pytest.mark.parametrize("name", [JAVAROSA.name, WEBFORMS.name])
def test_a_difference_would_be_seen(name: str, oracle: Oracle, web_forms: WebForms) -> None:
    """The comparison is not blind: another form of the same shape is told apart."""
    given = next(given for given in OWN if given.name == "numbers.md")
    changed = corpora.Given("own", given.name, given.xml.replace("+ ", "- ", 1))
    assert changed.xml != given.xml
    played = play(_form(given), 1, 20, 5)
    engine = {JAVAROSA.name: oracle, WEBFORMS.name: web_forms}[name]
    told = engine.ask(script(changed, _form(given), played))
    found = Comparison(_form(given), PEERS[name]).compare(played, told)
    assert any(difference.what == "value" for difference in found)


def test_exceptions_name_rows_of_the_policy() -> None:
    rows = re.findall(r"^\| (.+?) \|", POLICY, re.MULTILINE)
    source = Path(corpora.__file__).with_name("compare.py").read_text("utf-8")
    named = JAVAROSA.named() + WEBFORMS.named()
    named += re.findall(r'self\._count\("(.+?)"\)', source)
    assert [name for name in named if not any(row.startswith(name) for row in rows)] == []


def _form(given: corpora.Given) -> Form:
    return Form.load(given.xml)

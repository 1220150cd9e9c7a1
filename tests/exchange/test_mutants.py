"""The list of rules that `make mutants` takes out one by one stays true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.directed import STORIES
from tests.exchange.rules import MUTANTS, TOLD_FOR, Mutant

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_rule_is_found_where_it_is_said_to_be(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    compile(mutant.applied(text), mutant.file, "exec")


def test_no_rule_has_the_name_of_another() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) > 40


def test_each_short_story_judges_a_rule_that_there_is() -> None:
    assert set(TOLD_FOR) <= {mutant.name for mutant in MUTANTS}
    assert set(TOLD_FOR.values()) <= set(STORIES)

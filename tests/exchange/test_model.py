"""The model of five computers: bounded runs here, 100,000 steps in ``make soak``."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.exchange.model import OneOffice
from tests.exchange.office import an_office
from tests.exchange.story import play, told


@pytest.fixture(scope="module", autouse=True)
def _an_office(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each example begins with copies of these five files."""
    OneOffice.start = an_office(tmp_path_factory.mktemp("model") / "start")


def run(examples: int, steps: int) -> None:
    """As hypothesis draws them; without shrinking, which would take hours."""
    bounds = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    run_state_machine_as_test(OneOffice, settings=bounds)


def test_computers_that_saw_the_same_hold_the_same() -> None:
    run(examples=4, steps=30)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_story_of_a_hundred_steps(seed: int) -> None:
    play(told(seed, 100))


@pytest.mark.soak
def test_twenty_thousand_steps_of_hypothesis() -> None:
    run(examples=200, steps=100)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 900))
def test_eighty_thousand_steps_of_stories(seed: int) -> None:
    play(told(seed, 100))

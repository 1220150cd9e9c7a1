"""The model of five computers: a bounded run here, 100,000 steps in ``make soak``."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.exchange.model import OneOffice, an_office

QUIET = list(HealthCheck)


def run(folder: Path, examples: int, steps: int) -> None:
    """So many examples of so many steps; without shrinking, which would take hours."""
    OneOffice.start = an_office(folder / "start")
    bounds = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=QUIET,
        phases=(Phase.explicit, Phase.generate),
    )
    run_state_machine_as_test(OneOffice, settings=bounds)


def test_computers_that_saw_the_same_hold_the_same(tmp_path: Path) -> None:
    run(tmp_path, examples=12, steps=40)


@pytest.mark.soak
def test_a_hundred_thousand_steps(tmp_path: Path) -> None:
    run(tmp_path, examples=1_000, steps=100)

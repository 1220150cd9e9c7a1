"""Bundles made to do harm: each is refused, writes nothing but a line in the audit log, and
takes neither the memory nor the time of the office."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sync.hostile import offered

ROOT = Path(__file__).parents[2]
ROOM_MB = 600
PATIENCE_S = 2.0


def in_little_room(how: str, first: int, count: int) -> tuple[dict[str, int], list[Any], float]:
    """In a process that may not grow: (ends, what was wrong, slowest in seconds of CPU)."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.sync.hostile", how]
    done = subprocess.run(
        [*command, str(first), str(count), str(ROOM_MB)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    ends, wrong, slowest = json.loads(done.stdout)
    return ends, wrong, slowest


def test_some_that_are_made_by_hand() -> None:
    ends, wrong, _slowest = in_little_room("handmade", 1, 232)
    assert wrong == [] and ends["refused"] > 120


def test_some_that_are_mutated(tmp_path: Path) -> None:
    outcome = offered("mutated", 1, 400, tmp_path)
    assert outcome.wrong == [] and outcome.ends["refused"] > 300


@pytest.mark.soak
@pytest.mark.parametrize("first", [1, 2])
def test_a_thousand_made_by_hand(first: int) -> None:
    ends, wrong, slowest = in_little_room("handmade", first, 1_000)
    assert wrong == [] and ends["refused"] > 600 and slowest < PATIENCE_S


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 10_000, 1_000))
def test_ten_thousand_mutated(first: int) -> None:
    ends, wrong, slowest = in_little_room("mutated", first, 1_000)
    assert wrong == [] and ends["refused"] > 900 and slowest < PATIENCE_S

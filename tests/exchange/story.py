"""A long story of the five computers of `model`, told by plain chance instead of hypothesis.

    python -m tests.exchange.story FIRST COUNT STEPS [START]

Plays `COUNT` stories of so many steps, the seeds from `FIRST` on, and stops at the first one
that fails. What people and sticks do often comes often here, so a step is worth more than
one that hypothesis draws. `START` is a folder of `an_office` to begin with, for those who
only want to know; without it, the shortest trace of a failure is looked for and printed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from random import Random
from typing import Any

from tests.exchange.model import OneOffice
from tests.exchange.office import INSIDE, OUTSIDE, an_office

Act = tuple[str, dict[str, Any]]
"""A rule of the model, with its arguments."""

OFTEN = {"exchange": 24, "edit": 12, "register": 8, "merge": 5, "decide": 5, "update": 1}
RULES = tuple(sorted(rule.function.__name__ for rule in OneOffice.setup_state().rules))
WEIGHTS = [OFTEN.get(name, 3) for name in RULES]
CHOICES: dict[str, Sequence[Any]] = {
    "at": range(5),
    "which": range(1_000),
    "seed": range(1 << 30),
    "minutes": range(3_000),
    "years": range(-50, 51),
    "field": ("given_name", "contact_note"),
    "keep": ("left", "right"),
    "apart": (True, False, False),
    "hidden": (0.0, 0.0, 0.5),
    "cut": (0.0, 0.0, 0.3),
    "broken": (0.0, 0.0, 0.2),
    "register.place": (INSIDE, OUTSIDE, None),
    "travel.place": (INSIDE, OUTSIDE),
    "exchange.place": range(2),
    "lose_files.place": range(2),
    "copy_files.place": range(2),
    "change_scope.region": (INSIDE, INSIDE, OUTSIDE, None),
    "chance": range(4),
    "accept": (True, False),
}
"""What an argument may be, by its name, or by rule and name."""


def told(seed: int, steps: int) -> list[Act]:
    """A story of so many steps."""
    random = Random(seed)
    return [(name, _drawn(name, random)) for name in random.choices(RULES, WEIGHTS, k=steps)]


def _drawn(name: str, random: Random) -> dict[str, Any]:
    names = list(signature(getattr(OneOffice, name)).parameters)[1:]
    return {
        each: random.choice(CHOICES.get(f"{name}.{each}") or CHOICES[each]) for each in names
    }


def play(acts: Sequence[Act]) -> None:
    """Do all this, then compare; raises what the model finds."""
    office = OneOffice()
    try:
        office.set_up()
        for name, arguments in acts:
            getattr(office, name)(**arguments)
    except BaseException:
        for one in office.computers:
            one.store.close()
        shutil.rmtree(office.folder)
        raise
    office.teardown()


def shortest(acts: list[Act]) -> list[Act]:
    """The same story without all that it does not need to fail."""
    size = len(acts) // 2
    while size:
        at = 0
        while at < len(acts):
            fewer = acts[:at] + acts[at + size :]
            if fails(fewer):
                acts = fewer
            else:
                at += size
        size //= 2
    return acts


def fails(acts: Sequence[Act]) -> str:
    """What is wrong with a story, "" if nothing is."""
    try:
        play(acts)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main(first: int, count: int, steps: int, start: str = "") -> int:
    with tempfile.TemporaryDirectory() as folder:
        OneOffice.start = Path(start) if start else an_office(Path(folder) / "start")
        for seed in range(first, first + count):
            acts = told(seed, steps)
            if wrong := fails(acts):
                print(f"seed {seed}: {wrong[:2_000]}", flush=True)
                for act in shortest(acts) if not start else ():
                    print(act)
                return 1
            print(f"seed {seed}: {steps} steps", flush=True)
    return 0


if __name__ == "__main__":
    told_to = [int(each) for each in sys.argv[1:4]]
    sys.exit(main(told_to[0], told_to[1], told_to[2], *sys.argv[4:]))

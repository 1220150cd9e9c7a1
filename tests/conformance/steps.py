"""What must hold after any actions, without another engine: nothing is stale, and a
filling that was stopped and resumed is the same as one that never was."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime

from migdesk.forms import Form, Run
from migdesk.forms.submission import write
from tests.conformance.compare import chancy
from tests.conformance.play import Look, act, look


def _now() -> datetime:
    return datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Stale(AssertionError):
    """A state that does not follow from the answers."""


def walk(form: Form, seed: int, length: int, every: int = 10) -> int:
    """Fill at random; every few actions, a run made from the draft must look the same, and
    the rest of the way is gone by it. Returns the number of actions."""
    rng = random.Random(seed)
    run = Run(form, rng=random.Random(seed), now=_now)
    chance = {node.path for node in chancy(form)}
    for number in range(1, length + 1):
        act(run, rng)
        if number % every == 0:
            again = Run(form, draft=run.draft(), rng=random.Random(seed), now=_now)
            _same(form, number, look(run), look(again), chance)
            if write(form, run.root) != write(form, again.root) and not chance:
                raise Stale(f"{form.title}: XML after {number} actions, seed {seed}")
            run = again if rng.random() < 0.5 else run
    return length


def walk_all(forms: list[Form], steps: int) -> int:
    """`walk` through the forms again and again, until that many actions are done."""
    done = 0
    for seed in itertools.count():
        for form in forms:
            if done >= steps:
                return done
            done += walk(form, seed, 100)
    return done


def _same(form: Form, number: int, one: Look, other: Look, chance: set[str]) -> None:
    if one == other:
        return
    for mine, theirs in ((one.cells, other.cells), (one.shown, other.shown)):
        for ref in sorted(mine.keys() | theirs.keys()):
            plain = "".join(part.partition("]")[2] or part for part in ref.split("["))
            if mine.get(ref) != theirs.get(ref) and plain not in chance:
                said = f"{mine.get(ref)} / {theirs.get(ref)}"
                raise Stale(f"{form.title}: {ref} after {number} actions: {said}")

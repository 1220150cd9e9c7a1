"""A need or a vacancy sent to all fitting profiles (R040): proposed, and a letter to each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from migdesk.i18n import language
from migdesk.models.store import Store
from migdesk.printing.raster import join
from migdesk.services import introductions
from migdesk.task import Task

from .print_sheet import print_sheet

LETTER = "proposal-letter"


@dataclass(frozen=True)
class Proposals:
    """How many were proposed, and their letters in one PDF."""

    n: int
    data: bytes = field(repr=False)


def propose_all(
    store: Store, task: Task, need: str, people: tuple[str, ...], today: date, spoken: str = ""
) -> Proposals:
    """Propose all these people, in one transaction, and make a letter to each. One that is
    stopped has written nothing, or has proposed them and made no letters. Raises what
    `introductions.propose` raises."""
    task.step(0, len(people))
    made = store.write(introductions.propose_all, need, people, today)
    letters = []
    for done, id in enumerate(made):
        task.step(done, len(made))
        letters.append(print_sheet(store, Task(), LETTER, {"id": id}, spoken or language()))
    return Proposals(len(made), join(letters))

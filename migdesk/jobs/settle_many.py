"""Long work of To settle: thousands of questions answered at once, duplicates found."""

from __future__ import annotations

from migdesk.models.store import Store
from migdesk.services import history, to_settle
from migdesk.services import settle_many as service
from migdesk.services.conflict_list import Wanted
from migdesk.services.settle_many import Rule
from migdesk.services.to_settle import Item
from migdesk.task import Task


def settle_many(
    store: Store, task: Task, rule: Rule, wanted: Wanted, role: str
) -> tuple[int, str]:
    """Answer what a rule answers, in one transaction; how many, and its name for undo."""
    return store.write(service.settle_many, task, rule, wanted, role)


def undo(store: Store, task: Task, tx: str) -> str:
    """Undo a decision as a whole, of one question or of thousands; title of the first.
    Raises CannotUndo."""
    return store.write(history.undo, tx, task)


def find_twins(store: Store, task: Task) -> tuple[Item, ...]:
    """Records that may be one; reads every person, household and organisation."""
    task.step(0, 1)
    return store.read(to_settle.find_twins)

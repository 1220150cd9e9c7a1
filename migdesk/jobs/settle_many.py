"""Long work of To settle: thousands of questions answered at once, duplicates found."""

from __future__ import annotations

from migdesk.models import MERGING
from migdesk.models.store import Store
from migdesk.services import history, resemblance, to_settle, twins
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
    """Compare what changed since it was last done, for all eyes; what of it the account may
    know. Nothing is held open while it counts, and nothing kept where it is stopped."""
    whole = store.whole()
    for about in MERGING:
        work = whole.read(twins.work, about.kind)
        task.step(0, 0)
        if work.nothing:
            continue
        rows = whole.read(resemblance.rows_of, about.kind)
        found, census = resemblance.compare(about.kind, rows, work.changed, step=task.step)
        whole.write(twins.keep, about.kind, work, found, census)
    return store.read(to_settle.find_twins)

"""Register what submissions say of people, households and so on that were kept before."""

from __future__ import annotations

from migdesk.models.store import Store
from migdesk.services import entities
from migdesk.task import Task


def register(store: Store, task: Task, form: str) -> int:
    """Apply the entities of every submission of a form that registered nothing yet, in one
    transaction that can be undone as a whole; returns how many entities they name."""
    waiting = store.read(entities.not_applied, form)
    return store.write(entities.apply_all, task, waiting) if waiting else 0

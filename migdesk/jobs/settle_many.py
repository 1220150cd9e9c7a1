"""Answering thousands of questions: with progress, and either all of it or nothing."""

from __future__ import annotations

from migdesk.models.store import Store
from migdesk.services import settle_many as service
from migdesk.services.conflict_list import Wanted
from migdesk.services.settle_many import Rule
from migdesk.task import Task


def settle_many(
    store: Store, task: Task, rule: Rule, wanted: Wanted, role: str
) -> tuple[int, str]:
    """Answer what a rule answers, in one transaction; how many, and its name for undo."""
    return store.write(service.settle_many, task, rule, wanted, role)

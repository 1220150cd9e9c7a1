"""What takes long about campaigns: every answer is read, or thousands of units are written."""

from __future__ import annotations

from datetime import date

from migdesk.models.store import Store
from migdesk.services import campaigns, fieldwork, quality_notes
from migdesk.services.campaigns import MyTarget, Progress
from migdesk.services.quality import Report
from migdesk.services.views import Query
from migdesk.task import Task


def check_quality(store: Store, task: Task, campaign: str) -> Report:
    """What to look at again among the interviews of a campaign; writes nothing."""
    task.step(0, 1)
    return store.read(quality_notes.report, campaign)


def measure_progress(store: Store, task: Task, campaign: str, day: date) -> Progress:
    """Where a campaign stands; writes nothing."""
    task.step(0, 1)
    return store.read(campaigns.progress, campaign, day)


def measure_targets(store: Store, task: Task, account: str, day: date) -> tuple[MyTarget, ...]:
    """What is wanted from an enumerator, and done; writes nothing."""
    task.step(0, 1)
    return store.read(campaigns.my_targets, account, day)


def add_to_frame(
    store: Store, task: Task, campaign: str, kind: str, query: Query, stratum: str
) -> int:
    """Take records that we hold into the frame of a campaign, all or none."""
    task.step(0, 1)
    return store.write(fieldwork.frame_from, campaign, kind, query, stratum)

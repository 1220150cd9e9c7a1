"""Matches of everything with everything: each project with the windows, each need with the
people. Reads only; may be stopped at any moment."""

from __future__ import annotations

from datetime import date

from migdesk.models.quick import chunks
from migdesk.models.store import Store
from migdesk.services import matches
from migdesk.services.match_facts import Places
from migdesk.services.matches import Standing
from migdesk.task import Task

PART = 100


def match_projects(store: Store, task: Task, today: date) -> tuple[Standing, ...]:
    """Each open project with all windows; those for whom most fits first."""
    ids = store.read(matches.projects)
    offers = store.read(matches.windows, today)
    places = store.read(Places, whole=True)
    found: list[Standing] = []
    for part in chunks(ids, PART):
        task.step(len(found), len(ids))
        found += store.read(matches.stand, offers, part, places, today)
    return tuple(sorted(found, key=lambda each: each.rank))


def match_needs(store: Store, task: Task, today: date) -> tuple[Standing, ...]:
    """Each open need with all people; those for whom most fit first."""
    ids = store.read(matches.open_needs, today)
    found: list[Standing] = []
    for id in ids:
        task.step(len(found), len(ids))
        found.append(Standing(id, *store.read(matches.count_people, id, today)))
    return tuple(sorted(found, key=lambda each: each.rank))

"""Everything that waits for a decision, as one list of several sorts, read page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import MERGING
from migdesk.models.dates import show_moment
from migdesk.models.local import OpRow

from . import conflict_list, entity_settle, received, registry, standing, twins, vouching
from .conflict_list import ALL, Wanted
from .received import QuarantinedView, RefusedView
from .views import View, views_by_id

SORTS = ("registration", "conflict", "duplicate", "bundle", "report", "parked")
"""In the order in which they are shown: what somebody waits for first."""
Place = tuple[int, str]
"""Where to go on: number of the sort, place in it."""
START: Place = (0, "")
MOST_PAIRS = 100
"""Possible duplicates of one kind that are listed; the next come once these are decided."""


@dataclass(frozen=True)
class Item:
    """One thing that waits. `values` are the sides of a question; `what` is the view of any
    other sort, as its own service made it."""

    sort: str
    id: str
    text: str
    muted: str = ""
    values: tuple[str, ...] = ()
    what: Any = None


@dataclass(frozen=True)
class Choice:
    """What to list: which sorts, which of the questions, for whose role."""

    sorts: tuple[str, ...] = SORTS
    wanted: Wanted = ALL
    role: str = ""
    twins: tuple[Item, ...] = ()
    """Possible duplicates, as `find_twins` found them."""


@dataclass(frozen=True)
class Items:
    """Some of them; `next` is None at the end."""

    rows: tuple[Item, ...]
    next: Place | None


@dataclass(frozen=True)
class Parked:
    """Changes of a kind that this version does not know, kept until one does."""

    kind: str
    n: int


@dataclass(frozen=True)
class Twins:
    """Two records that may be one, and why (codes of `likeness`)."""

    views: tuple[View, View]
    why: tuple[str, ...]


def page(session: Session, choice: Choice, at: Place, limit: int) -> Items:
    """Rows from `at` on, sort after sort."""
    number, after = at
    found: list[Item] = []
    while number < len(choice.sorts) and len(found) < limit:
        read = _READ[choice.sorts[number]]
        rows, after = read(session, choice, after, limit - len(found))
        found += rows
        number += not after
    return Items(tuple(found), (number, after) if number < len(choice.sorts) else None)


def counts(session: Session, role: str = "") -> dict[str, int]:
    """How many of each sort wait; of the possible duplicates `find_twins` knows."""
    return {
        "registration": conflict_list.registrations(session),
        "conflict": conflict_list.count(session),
        **{
            sort: len(_READ[sort](session, Choice((sort,), role=role), "", 0)[0])
            for sort in ("bundle", "report", "parked")
        },
    }


def computers(session: Session) -> dict[str, str]:
    """Name of each computer that we know, by the device of its stamps."""
    names = {device: each.name for device, each in registry.trusted(session).items()}
    pens = standing.pens(session).items()
    return names | {writer: names.get(device, _("this computer")) for writer, device in pens}


Read = Callable[[Session, Choice, str, int], tuple[Sequence[Item], str]]


def _conflicts(
    session: Session, choice: Choice, after: str, limit: int
) -> tuple[list[Item], str]:
    found = conflict_list.page(session, choice.wanted, after, limit)
    return [
        Item("conflict", q.id, f"{q.label} · {q.title}", values=q.values) for q in found.rows
    ], found.next


def _registrations(
    session: Session, choice: Choice, _after: str, _limit: int
) -> tuple[list[Item], str]:
    found = entity_settle.waiting(session, choice.role)
    return [Item("registration", v.id, v.title, v.questionnaire, what=v) for v in found], ""


def _bundles(
    session: Session, _choice: Choice, _after: str, _limit: int
) -> tuple[list[Item], str]:
    kept: tuple[QuarantinedView | RefusedView, ...] = received.quarantined(session)
    found = [(v.name, v) for v in (*kept, *received.refused(session))]
    asked = [(v.device, v) for v in vouching.held_back(session)]
    unknown = _("From an unknown computer")
    return [
        Item("bundle", id, v.sender or unknown, show_moment(v.at), what=v)
        for id, v in (*asked, *found)
    ], ""


def _reports(
    session: Session, _choice: Choice, _after: str, _limit: int
) -> tuple[list[Item], str]:
    seen = registry.seen(session)
    found = [report for report in registry.reports(session) if report.stamp not in seen]
    return [
        Item("report", f"{v.device} {v.why} {v.stamp}", v.name or v.device, what=v)
        for v in found
    ], ""


def _parked(
    session: Session, _choice: Choice, _after: str, _limit: int
) -> tuple[list[Item], str]:
    held = sa.select(OpRow.kind, sa.func.count()).where(OpRow.parked).group_by(OpRow.kind)
    found = [Parked(kind, n) for kind, n in session.execute(held.order_by(OpRow.kind))]
    return [Item("parked", v.kind, v.kind, what=v) for v in found], ""


def _duplicates(
    _session: Session, choice: Choice, _after: str, _limit: int
) -> tuple[list[Item], str]:
    return list(choice.twins), ""


def find_twins(session: Session) -> tuple[Item, ...]:
    """Possible duplicates, as they were found last (`jobs.settle_many.find_twins`)."""
    items: list[Item] = []
    for about in MERGING:
        pairs = twins.known(session, about.kind, MOST_PAIRS)
        held = views_by_id(session, about.kind, [id for p in pairs for id in (p.one, p.two)])
        for pair in pairs:
            if pair.one in held and pair.two in held:
                both = held[pair.one], held[pair.two]
                text = " | ".join(view.title for view in both)
                id = f"{pair.one} {pair.two}"
                what = Twins(both, pair.why)
                items.append(Item("duplicate", id, text, str(about.label), what=what))
    return tuple(items)


_READ: dict[str, Read] = {
    "registration": _registrations,
    "conflict": _conflicts,
    "duplicate": _duplicates,
    "bundle": _bundles,
    "report": _reports,
    "parked": _parked,
}

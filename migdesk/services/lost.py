"""What a computer lost when it was restored from a backup, and others had heard from it; or
what only one heard of a computer that is lost itself.

Who lacks something does not ask: it cannot know. But it tells the ends of the chains that it
holds, so whoever took more gives that.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import HeldBack, OpRow
from migdesk.models.meta import get_meta, set_meta
from migdesk.ops import decode_again
from migdesk.sync.intervals import Span, missing

from . import given, standing
from .standing import EVERYTHING, Me, Told

MOST_HOLES = 100
"""Holes of one chain that are told at once."""


def holes(session: Session, mine: Me) -> dict[str, list[Span]]:
    """What a restored computer tells: id that it wrote under → numbers in the chain of that,
    below the newest that is here, of which nothing is here. One who gives back may have had
    a part itself, and the ends of the chains hide what else is missing."""
    if not mine.before or mine.audience != EVERYTHING:
        return {}
    ends, found = standing.heads(session), {}
    for writer in standing.own_writers(session):
        if writer in ends and not given.unbroken(session, {writer: ends[writer]}):
            numbers = [number for number, _seq, _row in _chain(session, writer)]
            spans = missing([(n - 1, n) for n in numbers], max(numbers))
            found[writer] = spans[:MOST_HOLES]
    return found


def _chain(session: Session, writer: str) -> list[tuple[int, int, str]]:
    """Number, position here (0: not in the log) and row of each op of a writer."""
    wrote = sa.select(OpRow.body, OpRow.seq, OpRow.row).where(_by(OpRow, writer))
    kept = sa.select(HeldBack.body, sa.literal(0), HeldBack.row).where(_by(HeldBack, writer))
    return [
        (decode_again(body.encode()).number, seq, row)
        for body, seq, row in session.execute(sa.union_all(wrote, kept))
    ]


def _by(table: type[OpRow] | type[HeldBack], writer: str) -> sa.ColumnElement[bool]:
    return sa.func.substr(table.stamp, 18) == writer


def of(session: Session, device: str, told: Told | None) -> list[tuple[int, str]]:
    """Position here and row of each op that a device brought and does not hold any more."""
    if told is None or not told.news.before:
        return []
    found = set()
    for writer in told.news.holes.keys() & set(told.news.writers):
        chain, spans = _chain(session, writer), told.news.holes[writer][:MOST_HOLES]
        found |= {(at, row) for n, at, row in chain if at and any(a < n <= b for a, b in spans)}
    if get_meta(session, _key(device)) != told.incarnation:
        found.update(unheard(session, device, told))
    return sorted(found)


def unheard(session: Session, device: str, told: Told) -> list[tuple[int, str]]:
    """The same of what a device brought, and who told this has not heard of."""
    heads = told.news.heads
    brought = sa.select(OpRow.seq, OpRow.row, OpRow.stamp).where(OpRow.origin == device)
    return [
        (seq, row)
        for seq, row, stamp in session.execute(brought.order_by(OpRow.seq))
        if stamp > heads.get(stamp[17:], ("",))[0]
    ]


def given_back(session: Session, device: str, told: Told) -> None:
    """It has all again, or will: nothing more is looked for until it is restored again."""
    if told.news.before and get_meta(session, _key(device)) != told.incarnation:
        set_meta(session, _key(device), told.incarnation)


def look_again(session: Session, device: str) -> None:
    """Something came that a computer had made before its restore."""
    if get_meta(session, _key(device)):
        set_meta(session, _key(device), "")


def _key(device: str) -> str:
    return f"whole.{device}"

"""What a computer lost when it was restored from a backup, and others had heard from it; or
what only one heard of a computer that is lost itself.

Who lacks something does not ask: it cannot know. But it tells the ends of the chains that it
holds, so whoever took more gives that.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import OpRow
from migdesk.models.meta import get_meta, set_meta

from .standing import Told


def of(session: Session, device: str, told: Told | None) -> list[tuple[int, str]]:
    """Position here and row of each op that a device brought and does not hold any more."""
    if told is None or not told.news.before:
        return []
    if get_meta(session, _key(device)) == told.incarnation:
        return []
    return unheard(session, device, told)


def unheard(session: Session, device: str, told: Told) -> list[tuple[int, str]]:
    """The same of what a device brought, and who told this did not hear of."""
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

"""What the page of the exchange says beside what waits and what came: our clock, and
erasures that not every computer has carried out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from . import erasure, integrity

LOOKED_AT = 50
"""Erasures whose confirmations are read, the newest."""


@dataclass(frozen=True)
class Notes:
    """`clock`: milliseconds by which our clock seems wrong, negative if behind, 0 if nothing
    speaks against it. `erased` records that the computers in `unconfirmed` (names) are not
    known to have erased."""

    clock: int = 0
    erased: int = 0
    unconfirmed: tuple[str, ...] = ()


def notes(session: Session, now_ms: int) -> Notes:
    """What to note; `now_ms` is what our clock says."""
    erased, names = 0, set()
    for each in erasure.erasures(session, LOOKED_AT):
        behind = {
            one.name for one in erasure.confirmations(session, each.row) if not one.confirmed
        }
        erased += bool(behind)
        names |= behind
    clock = integrity.own_clock(session, now_ms)
    return Notes(clock, erased, tuple(sorted(names)))

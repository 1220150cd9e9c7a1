"""What a bundle gives beside its content: that all of some other sender is here too.

A word of somebody else, so it is weighed: who may say it, how far the sender itself goes, and
whether its chain is here without a gap. A false one must not hide that something is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import HeldBack, OpRow, Received
from migdesk.ops import decode
from migdesk.sync.bundle import Manifest
from migdesk.sync.intervals import held, joined

from . import registry
from .standing import EVERYTHING, GIVEN, Me, hold, let_go, pens, spans

_given = msgspec.json.Decoder(dict[str, tuple[str, int]]).decode


def said(gives: Mapping[str, tuple[str, int]]) -> str:
    """What a bundle gives, as it is kept until all before it is here."""
    return msgspec.json.encode(gives).decode() if gives else ""


def inherit(session: Session, place: tuple[str, str, str], mine: Me) -> None:
    """Who holds the whole of a stream (sender, incarnation, stream) that leaves nothing out
    holds what its sender held."""
    device, incarnation, stream = place
    whole = held(spans(session, *place))
    rows = sa.select(Received).where(
        Received.device == device,
        Received.incarnation == incarnation,
        Received.stream == stream,
        Received.given != "",
        Received.upto <= whole,
    )
    for row in session.scalars(rows).all():
        about = _given(row.given)
        asked = _held_back(session, device) & about.keys()
        for sender, (its, position) in about.items():
            if sender in asked or sender == mine.device:
                continue
            if _speaks_for(session, device, sender):
                own = EVERYTHING if sender == device else GIVEN
                hold(session, (sender, its, own), (0, position))
        row.given = said({each: about[each] for each in asked})


def _held_back(session: Session, device: str) -> set[str]:
    """Living others of whom a device brought what it may not write itself: each of them can
    send the same with its own signature, and is asked."""
    stamps = session.scalars(sa.select(HeldBack.stamp).where(HeldBack.device == device)).all()
    if not stamps:
        return set()
    devices = pens(session)
    wrote = {devices.get(stamp[17:], stamp[17:]) for stamp in stamps} - {device}
    known = registry.trusted(session)
    return {each for each in wrote if each in known and known[each].state == "live"}


def _speaks_for(session: Session, device: str, sender: str) -> bool:
    """Whether a device may say what we hold of a sender: of a computer of our office only
    another one, that lives and receives everything."""
    known = registry.trusted(session)
    about, one = known.get(sender), known.get(device)
    if sender == device or about is None or not about.role:
        return True
    return one is not None and bool(one.role) and one.state == "live" and one.scope.everything


def weigh(session: Session, about: Manifest) -> None:
    """What others gave of a sender counts no further than it tells itself, and no longer
    than until it tells the ends of its chains: if they lack a link here, it was not true."""
    place, told = (about.device, about.incarnation), about.news
    given = spans(session, *place, GIVEN)
    incarnation, position = told.acks.get(about.device, ("", 0))
    if not given or incarnation != about.incarnation:
        return
    own = spans(session, *place, EVERYTHING)
    let_go(session, *place, GIVEN)
    if held([*own, *given]) < position:
        clipped = [(after, min(upto, position)) for after, upto in given]
        hold(session, (*place, GIVEN), *joined(clipped))
    elif unbroken(session, {w: e for w, e in told.heads.items() if w in told.writers}):
        hold(session, (*place, EVERYTHING), (0, position))


def unbroken(session: Session, ends: Mapping[str, tuple[str, str]]) -> bool:
    """Whether all that some wrote is here, up to these ends of their chains (writer → stamp,
    link): ops are numbered."""
    for writer, (stamp, _link) in ends.items():
        count, body = 0, ""
        for table in (OpRow, HeldBack):
            wrote = sa.func.substr(table.stamp, 18) == writer, table.stamp <= stamp
            count += session.scalar(sa.select(sa.func.count()).where(*wrote)) or 0
            last = sa.select(table.body).where(table.stamp == stamp)
            body = body or session.scalar(last) or ""
        if not body or count < decode(body.encode()).number:
            return False
    return True

"""Leaving a scope: a device throws away what its feeder says is not its own any more.

Nothing goes that the feeder has not heard of: neither what we wrote, nor what we have of
others. Only this computer forgets; nothing is told to anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, Base
from migdesk.models.local import (
    Alias,
    Blob,
    Chunk,
    ConflictRow,
    HeldBack,
    Interval,
    Lent,
    OpRow,
    Sealed,
    SearchDoc,
    Twin,
    Undone,
)
from migdesk.models.meta import get_meta, set_meta
from migdesk.models.office import AttachmentRecord
from migdesk.sync.bundle import Manifest
from migdesk.sync.intervals import held

from . import aliases, office, registry, standing
from .chunks import MOST_LACKING
from .merging import chunks, follow
from .registry import Trusted
from .standing import EVERYTHING, GIVEN, Me, Told


def heed(session: Session, about: Manifest, mine: Me, named: Collection[str]) -> None:
    """Keep what a bundle of our stream says of rows: those that its ops are about are in our
    scope, those that it calls left are not. The word at the later position counts, whatever
    arrives first."""
    if about.stream != mine.device:
        return
    said = dict.fromkeys(named, False) | dict.fromkeys(about.left, True)
    place = Lent.device == about.device, Lent.incarnation == about.incarnation
    for part in chunks(sorted(said)):
        these = (*place, Lent.row.in_(part))
        later = set(session.scalars(sa.select(Lent.row).where(*these, Lent.upto > about.upto)))
        session.execute(sa.delete(Lent).where(*these, Lent.upto <= about.upto))
        words = [
            {
                "device": about.device,
                "incarnation": about.incarnation,
                "row": row,
                "upto": about.upto,
                "gone": said[row],
            }
            for row in part
            if row not in later
        ]
        if words:
            session.execute(sa.insert(Lent), words)


def purge(session: Session) -> int:
    """Throw away what left our scope: rows, ops, words, conflicts, contents; how many rows."""
    us = registry.ourselves(session)
    if us is None:
        return 0
    feeders = {} if us.scope.everything else _feeders(session, us)
    mark = _mark(session, us, feeders)
    if get_meta(session, "purged") == mark:
        return 0
    set_meta(session, "purged", mark)
    if us.scope.everything:
        _forget_words(session, us.device, {})
        return 0
    gone = leaving(session, us, feeders)
    if feeders and _are_whole(session, us, feeders):
        _forget_words(session, us.device, feeders)
    if gone:
        _throw_away(session, gone)
    return len(gone)


def _feeders(session: Session, us: Trusted) -> dict[str, Told | None]:
    """Who says what is in our scope, with what each told last."""
    told = standing.heard(session)
    return {
        device: told.get(device)
        for device, one in registry.trusted(session).items()
        if one.state == "live" and one.scope.everything and us.fed_by in ("", device)
    }


def _mark(session: Session, us: Trusted, feeders: Mapping[str, Told | None]) -> str:
    """A short mark of all that a purge looks at."""
    said = [
        (device, told.incarnation, told.position, told.news, _spans(session, us, device, told))
        for device, told in sorted(feeders.items())
        if told is not None
    ]
    seen = [standing.log_end(session), repr(us.scope), us.fed_by, said]
    return blake2b(msgspec.json.encode(seen), digest_size=16).hexdigest()


def _spans(
    session: Session, us: Trusted, device: str, told: Told
) -> list[tuple[int, int]]:
    return standing.spans(session, device, told.incarnation, us.device)


def leaving(
    session: Session, us: Trusted, feeders: Mapping[str, Told | None]
) -> set[str]:
    """Rows here that are out of our scope, as far as their feeder knows all of them."""
    found: set[str] = set()
    for device, told in feeders.items():
        if told is not None:
            rows = sa.select(OpRow.row).join(Lent, Lent.row == OpRow.row)
            rows = rows.where(Lent.gone, *_words_of(device, told))
            gone = set(session.scalars(rows.distinct()))
            found |= gone - _unheard_of(session, gone, told)
    if _are_whole(session, us, feeders):
        found |= _unnamed(session, feeders)
    return found


def _words_of(device: str, told: Told) -> tuple[sa.ColumnElement[bool], ...]:
    return Lent.device == device, Lent.incarnation == told.incarnation


def _are_whole(
    session: Session, us: Trusted, feeders: Mapping[str, Told | None]
) -> bool:
    """Whether all that our feeders ever said of our scope is here."""
    for device, told in feeders.items():
        if told is None:
            return False
        incarnation, end = told.news.acks.get(device, ("", 0))
        if not end or incarnation != told.incarnation:
            return False
        if held(_spans(session, us, device, told)) < end:
            return False
    return bool(feeders)


def _unnamed(session: Session, feeders: Mapping[str, Told | None]) -> set[str]:
    """Rows of which no feeder says anything. They came from one that was restored since, or
    is not our feeder any more. Of what we wrote ourselves, feeders say that it left."""
    words = [sa.and_(*_words_of(d, told)) for d, told in feeders.items() if told is not None]
    named = sa.select(Lent.row).where(sa.or_(*words))
    ours = sa.func.substr(OpRow.stamp, 18).in_(standing.own_writers(session))
    rows = sa.select(OpRow.row).where(
        OpRow.row.not_in(named), OpRow.row.not_in(sa.select(OpRow.row).where(ours))
    )
    found: set[str] = set(session.scalars(rows.distinct()))
    for told in feeders.values():
        if told is not None:
            found -= _unheard_of(session, found, told)
    return found


def _unheard_of(session: Session, rows: Collection[str], told: Told) -> set[str]:
    """Which of some rows hold an op that a feeder did not tell to know, or are of a file
    whose content did not arrive there."""
    lacking = told.news.lacking
    found = set(rows).intersection(lacking)
    if len(lacking) >= MOST_LACKING:  # there may be more
        files = sa.select(AttachmentRecord.id).where(AttachmentRecord.blob.is_not(None))
        found |= set(rows).intersection(session.scalars(files))
    for part in chunks(sorted(rows)):
        ops = sa.select(OpRow.row, OpRow.seq, OpRow.stamp, OpRow.origin)
        for row, seq, stamp, origin in session.execute(ops.where(OpRow.row.in_(part))):
            known = told.news.heads.get(stamp[17:], ("",))[0]
            if seq > told.position if not origin else stamp > known:
                found.add(row)
    return found


# forgetting -------------------------------------------------------------------


def _forget_words(
    session: Session, us: str, feeders: Mapping[str, Told | None]
) -> None:
    """What anybody else said of our scope, or a feeder before its restore: we do not hold
    any more what it counts."""
    for table in (Lent, Interval):
        old = sa.delete(table)
        if table is Interval:
            old = old.where(Interval.stream == us)
        for device, told in feeders.items():
            if told is not None:
                current = table.device == device, table.incarnation == told.incarnation
                old = old.where(sa.not_(sa.and_(*current)))
        session.execute(old)


def _throw_away(session: Session, gone: Collection[str]) -> None:
    last, before = standing.log_end(session), aliases.roots(session)
    digests: set[str] = set()
    for part in chunks(sorted(gone)):
        files = sa.select(AttachmentRecord.blob).where(AttachmentRecord.id.in_(part))
        digests |= set(filter(None, session.scalars(files)))
        _forget_rows(session, part)
    left = sa.select(AttachmentRecord.blob).where(AttachmentRecord.blob.is_not(None))
    for some in chunks(sorted(digests - set(session.scalars(left)))):
        session.execute(sa.delete(Blob).where(Blob.hash.in_(some)))
        session.execute(sa.delete(Chunk).where(Chunk.hash.in_(some)))
    # Positions in the streams of those who receive everything do not hold any more.
    whole = Interval.stream.in_((EVERYTHING, GIVEN))
    session.execute(sa.delete(Interval).where(whole))
    if standing.log_end(session) < last:
        standing.shortened(session)
    follow(session, before)
    office.note(session, "leave_scope", str(len(gone)))
    session.expire_all()
    session.info.update(everything=True, erased=True)


def _forget_rows(session: Session, part: Iterable[str]) -> None:
    connection = session.connection()
    tables = [about.model.__table__ for about in RECORDS.values()]
    for table in tables:
        connection.execute(sa.delete(table).where(table.c.id.in_(part)))  # type: ignore[arg-type]
    stamps = sa.select(OpRow.stamp).where(OpRow.row.in_(part))
    session.execute(sa.delete(Undone).where(Undone.tx.in_(stamps)))
    for model in (SearchDoc, ConflictRow, Alias, Twin, HeldBack, Sealed):
        table = Base.metadata.tables[model.__tablename__]
        connection.execute(sa.delete(table).where(table.c.row.in_(part)))
    session.execute(sa.delete(OpRow).where(OpRow.row.in_(part)))

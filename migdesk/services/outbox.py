"""The stream of a device with a scope: op by op what it is to receive, and which rows it is
to let go.

Only the feeder says what belongs to a scope. The device cannot know: the words that made a
record restricted do not go to it, and what it has of a place may be old. So a row that
leaves is named, at a position of the stream like any op, and heard of as surely. After a
restore the feeder does not know any more what it gave: it begins the stream again, and the
device lets go what that does not name (`services.leaving`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import Erasure, OpRow, Outbox, Sent
from migdesk.models.meta import get_meta, set_meta

from . import lost, scopes, sharing, standing
from .merging import chunks
from .registry import Trusted
from .standing import Told

LET_GO = 0
"""In the place of an op's position: the row left the scope."""

Line = tuple[int, str]
"""A position of our log, or LET_GO, and the row that it is about."""


class Filled(msgspec.Struct, array_like=True):
    """Up to where the stream was filled, and what it was made from."""

    incarnation: str = ""
    log: int = 0
    scope: str = ""
    writers: list[str] = []


def fill(session: Session, device: Trusted) -> int:
    """Bring the stream of a device up to date: new ops of rows in its scope, the whole
    history of rows that came into it, the names of those that left. The end of the stream."""
    told = standing.heard(session).get(device.device)
    key = f"outbox.{device.device}"
    had = msgspec.json.decode(get_meta(session, key) or "[]", type=Filled)
    incarnation = get_meta(session, "incarnation")
    writers = told.news.writers if told else []
    scope = f"{device.scope!r} {sharing.mark(session)}"
    now = Filled(incarnation, standing.log_end(session), scope, writers)
    end = _end(session, device.device)
    missed = lost.of(session, device.device, told)
    if now == had and not missed:
        return end
    if had.incarnation != incarnation:
        _begin(session, device.device)
        had = Filled()
    _add(session, device.device, end, _lines(session, device, had, told, missed))
    if told is not None:
        lost.given_back(session, device.device, told)
    set_meta(session, key, msgspec.json.encode(now).decode())
    return _end(session, device.device)


def _end(session: Session, device: str) -> int:
    query = sa.select(sa.func.max(Outbox.n)).where(Outbox.device == device)
    return session.scalar(query) or 0


def _begin(session: Session, device: str) -> None:
    """What was said before is void; the lines stay, since bundles with them may lie
    somewhere (`streams.unspoken`). Those bundles tell of an incarnation that is no more: they
    give the device nothing, and the next who tidies removes them."""
    _void(session, device, None)
    session.execute(sa.update(Sent).where(Sent.stream == device).values(upto=Sent.after))
    marks = Outbox.device == device, Outbox.seq == LET_GO
    session.execute(sa.delete(Outbox).where(*marks))


def _void(session: Session, device: str, rows: Collection[str] | None) -> None:
    lines = sa.update(Outbox).where(Outbox.device == device, Outbox.seq != LET_GO)
    if rows is None:
        session.execute(lines.values(left=True))
        return
    for part in chunks(sorted(rows)):
        session.execute(lines.where(Outbox.row.in_(part)).values(left=True))


def _lines(
    session: Session,
    device: Trusted,
    had: Filled,
    told: Told | None,
    missed: Collection[Line],
) -> list[Line]:
    """What is new in the stream, in order."""
    writers = told.news.writers if told else []
    now = scopes.rows(session, device.scope, writers)
    given, left = _given(session, device.device)
    back = left & now
    _return(session, device.device, back)
    # What it wrote it holds: it must hear when that comes to lie elsewhere.
    gone = (given | (scopes.written_by(session, writers) - left)) - now
    _void(session, device.device, gone)
    wrote = {w: told.news.heads.get(w, ("",))[0] for w in writers} if told else {}
    holds = wrote if had.log else {}
    fresh, kept = now - given, now & given
    found = set(_ops(session, back, 0, {}))
    found |= set(_ops(session, fresh - back, 0, holds))
    found |= set(_ops(session, kept, had.log, holds))
    found |= {line for line in missed if line[1] in kept}
    found |= set(_erasing(session, gone))
    return sorted(found) + [(LET_GO, row) for row in sorted(gone)]


def _given(session: Session, device: str) -> tuple[set[str], set[str]]:
    """Rows that the device was given, and rows that it was told to let go since."""
    query = (
        sa.select(Outbox.row, sa.func.min(Outbox.seq))
        .where(Outbox.device == device, Outbox.left.is_(False))
        .group_by(Outbox.row)
    )
    given: set[str] = set()
    left: set[str] = set()
    for row, first in session.execute(query):
        (left if first == LET_GO else given).add(row)
    return given, left


def _return(session: Session, device: str, rows: Collection[str]) -> None:
    """Rows that come back come whole: the device threw them away."""
    for part in chunks(sorted(rows)):
        mine = Outbox.device == device, Outbox.row.in_(part)
        session.execute(sa.update(Outbox).where(*mine, Outbox.seq != LET_GO).values(left=True))
        session.execute(sa.delete(Outbox).where(*mine, Outbox.seq == LET_GO))


def _ops(
    session: Session, rows: Collection[str], after: int, holds: Mapping[str, str]
) -> Iterator[Line]:
    """Ops of some rows, without those that the device wrote itself and still `holds`: its
    writer ids, each with the last stamp that it told."""
    query = sa.select(OpRow.seq, OpRow.row, OpRow.stamp)
    if after:
        queries = [query.where(OpRow.seq > after)]
    else:
        queries = [query.where(OpRow.row.in_(part)) for part in chunks(sorted(rows))]
    for each in queries:
        for seq, row, stamp in session.execute(each):
            if row in rows and stamp > holds.get(stamp[17:], ""):
                yield seq, row


def _erasing(session: Session, rows: Collection[str]) -> Iterator[Line]:
    """An erasure is heard of as such, at once, whatever is not yet acknowledged."""
    for part in chunks(sorted(rows)):
        query = sa.select(OpRow.seq, OpRow.row).join(Erasure, Erasure.stamp == OpRow.stamp)
        yield from session.execute(query.where(Erasure.row.in_(part)))


def _add(session: Session, device: str, end: int, lines: Collection[Line]) -> None:
    made = [
        {"device": device, "n": n, "seq": seq, "row": row, "left": False}
        for n, (seq, row) in enumerate(lines, end + 1)
    ]
    for part in chunks(made, 5_000):
        session.execute(sa.insert(Outbox), part)

"""What goes: for whom which positions of our log are not yet under way, and their ops.

Nothing remembers what "was sent where". What a reader lacks is our log without what it told
to hold and without what lies in this place of exchange for it. So another stick gets all
that is not acknowledged, and a bundle that was lost is simply made again.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.kinds import now_utc
from migdesk.models.local import Erasure, OpRow, Outbox, Sent
from migdesk.models.meta import count_up, set_meta
from migdesk.ops import Op, decode
from migdesk.sync.intervals import Span, joined, missing
from migdesk.sync.seal import Card, Identity

from . import chunks, lost, office, registry, standing
from .registry import Trusted
from .standing import EVERYTHING, Me, Told

MOST_LEFT = 10_000
"""Rows to let go that one bundle names: its manifest holds them, and is bounded."""
FEED = ":"
"""Ends the name of a stream with all that we hold, made for one new reader; a sender's
device behind it: only what came from that one."""


@dataclass(frozen=True)
class Part:
    """How much one bundle holds: ops, and bytes of them before they are packed (about an
    eighth of that afterwards)."""

    ops: int = 5_000
    size: int = 8 << 20


@dataclass(frozen=True)
class Run:
    """Positions of one stream to be made for some readers. `left_out` are senders whose
    ops the readers have from elsewhere, but not those at positions that are `owed`; `gives`
    is told with the last bundle."""

    stream: str
    after: int
    upto: int
    readers: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    owed: tuple[int, ...] = ()
    gives: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """The content of one bundle of a run: its positions, its ops, the attachments that they
    name, and the rows that its reader is to let go."""

    after: int
    upto: int
    ops: tuple[Op, ...]
    files: tuple[str, ...]
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lying:
    """A bundle of ours that lies in the place."""

    name: str
    stream: str
    after: int
    upto: int
    readers: tuple[str, ...]
    files: Mapping[str, list[str]]
    ops: int
    told: str
    log: int


@dataclass(frozen=True)
class Sealing:
    """Who signs, for which cards."""

    identity: Identity
    cards: Mapping[str, Card]


def readers(session: Session) -> dict[str, Trusted]:
    """Living devices that we make bundles for; a device with a scope sends only to those
    that receive everything."""
    return {
        device: one
        for device, one in registry.trusted(session).items()
        if one.state == "live" and one.cards
    }


def sealing(session: Session) -> Sealing:
    """The keys of the round. Ourselves among the readers: a computer that is restored from
    a backup reads what it had published since."""
    identity = registry.identities(session)[0]
    cards = {device: one.cards[0] for device, one in readers(session).items()}
    return Sealing(identity, {**cards, identity.device: identity.card})


def lying(session: Session, names: Collection[str]) -> tuple[Lying, ...]:
    """Which of these names are bundles of ours that we remember."""
    there = set(names)
    rows = session.execute(
        sa.select(
            Sent.name,
            Sent.stream,
            Sent.after,
            Sent.upto,
            Sent.readers,
            Sent.files,
            Sent.ops,
            Sent.told,
            Sent.log,
        )
    )
    return tuple(
        Lying(row[0], row[1], row[2], row[3], tuple(row[4]), *row[5:])
        for row in rows
        if row[0] in there
    )


def has(told: Told | None, mine: Me) -> list[Span]:
    """Positions of our stream that a reader told to hold: below the holes that it names."""
    if told is None or not told.position:
        return []
    spans = [(0, told.position)]
    wants = [
        (want.after, want.upto)
        for want in told.news.wanted.get(mine.device, ())
        if want.incarnation == mine.incarnation
    ]
    if wants:
        spans += missing([*spans, *wants], max(upto for _after, upto in wants))
    return spans


def listening(
    session: Session, audience: Mapping[str, Trusted], heard: Mapping[str, Told], mine: Me
) -> dict[str, Trusted]:
    """Readers of our whole stream. One that another device feeds is left to it until it
    spoke."""
    return {
        device: one
        for device, one in audience.items()
        if one.scope.everything
        and (one.fed_by in ("", mine.device) or _spoke(heard.get(device), device))
    }


def _spoke(told: Told | None, device: str) -> bool:
    """Whether a device told that it holds anything of somebody else."""
    return told is not None and bool(set(told.news.acks) - {device})


# the ops ----------------------------------------------------------------------


def piece(session: Session, run: Run, after: int, part: Part) -> Piece:
    """The content of the next bundle of a run, from the position `after` on."""
    ops: list[Op] = []
    left: list[str] = []
    size, upto = 0, run.upto
    with closing(_rows(session, run, after, part.ops)) as rows:
        for at, (position, row, body) in enumerate(rows):
            if body is None:
                left.append(row)
            else:
                size += len(body)
                ops.append(decode(body.encode()))
            if size >= part.size or at + 1 >= part.ops or len(left) >= MOST_LEFT:
                upto = position
                break
    files = [op.row for op in ops if op.kind == "attachment" and op.fields.get("blob")]
    return Piece(after, upto, tuple(ops), tuple(dict.fromkeys(files)), tuple(left))


def _rows(
    session: Session, run: Run, after: int, most: int
) -> Generator[tuple[int, str, str | None], None, None]:
    """Position, row, and op (None: the row is to be let go)."""
    if run.stream and FEED not in run.stream:
        query = (
            sa.select(Outbox.n, Outbox.row, OpRow.body)
            .outerjoin(OpRow, OpRow.seq == Outbox.seq)
            .where(Outbox.device == run.stream, Outbox.n > after, Outbox.n <= run.upto)
            .where(Outbox.left.is_(False))
            .order_by(Outbox.n)
        )
    else:
        query = sa.select(OpRow.seq, OpRow.row, OpRow.body).where(
            OpRow.seq > after, OpRow.seq <= run.upto
        )
        sender = run.stream.partition(FEED)[2]
        if sender:
            query = query.where(_by(session, sender))
        elif run.left_out:
            # What we wrote, lost and were given back, its giver leaves to us; so it does of a
            # time that nobody remembers.
            theirs = sa.func.substr(OpRow.stamp, 18).in_(standing.writers_of_others(session))
            passed = OpRow.origin.not_in(run.left_out), OpRow.seq.in_(run.owed)
            query = query.where(sa.or_(*passed, sa.not_(theirs)))
        query = query.order_by(OpRow.seq)
    query = query.where(sa.or_(OpRow.body != "", OpRow.body.is_(None))).limit(most)
    # One after the other: an op may hold a whole questionnaire.
    with session.execute(query.execution_options(yield_per=200)) as found:
        yield from found


def _by(session: Session, sender: str) -> sa.ColumnElement[bool]:
    """Ops that a sender brought or wrote, whoever brought them."""
    told = standing.heard(session).get(sender)
    writers = [*(told.news.writers if told else ()), sender]
    return sa.or_(
        OpRow.origin == sender, sa.func.substr(OpRow.stamp, 18).in_(set(writers))
    )


def next_sequence(session: Session) -> int:
    """The number of the next bundle; a number whose bundle never came to be is left out."""
    return count_up(session, "sequence")


def mark_sent(
    session: Session, name: str, run: Run, made: Piece, files: Mapping[str, list[str]],
    told: str, size: int, digest: str = "",
) -> None:
    """A bundle lies in its place, whole; `digest` is the SHA-256 of its file in hex."""
    session.merge(
        Sent(
            name=name,
            stream=run.stream,
            after=made.after,
            upto=made.upto,
            readers=list(run.readers),
            files=dict(files),
            ops=len(made.ops),
            size=size,
            told=told,
            log=standing.log_end(session),
            at=now_utc(),
            hash=digest,
        )
    )
    set_meta(session, "exchanged", now_utc())
    if made.ops:
        office.note(session, "export_bundle", f"{made.upto} {len(made.ops)}")
    session.info["scribe"].kinds.add("exchange")


def told_spoiled(session: Session) -> set[str]:
    """Files that somebody found cut or altered in the place."""
    told = standing.heard(session).values()
    return {name for one in told for name in one.news.refused}


def unspoken(session: Session, there: Sequence[Lying]) -> set[str]:
    """Bundles of ours that still hold what was erased since: they are removed at once, and
    made again without it if somebody waits for them."""
    oldest = min((one.log for one in there), default=0)
    erased = session.execute(
        sa.select(OpRow.seq, Erasure.row)
        .join(Erasure, Erasure.stamp == OpRow.stamp)
        .where(OpRow.seq > oldest)
    )
    found: set[str] = set()
    for at, row in erased.all() if there else ():
        seqs = session.scalars(sa.select(OpRow.seq).where(OpRow.row == row)).all()
        for one in there:
            held = seqs
            if one.stream and FEED not in one.stream:
                mine = Outbox.device == one.stream, Outbox.row == row
                held = session.scalars(sa.select(Outbox.n).where(*mine)).all()
            if one.log < at and any(one.after < seq <= one.upto for seq in held):
                found.add(one.name)
    return found


# cleaning ---------------------------------------------------------------------


def done_with(session: Session, names: Collection[str], told: str) -> tuple[Lying, ...]:
    """Bundles of ours in the place that no living reader needs any more: it told that it
    holds them. One that holds no change goes when a later one told the same or more."""
    mine = standing.me(session)
    heard = standing.heard(session)
    living = readers(session)
    there = lying(session, names)
    spoiled = told_spoiled(session) | unspoken(session, there)
    found = []
    for one in there:
        waiting = [
            device
            for device in one.readers
            if device != mine.device
            and device in living
            and _is_for(one.stream, device, living[device].scope.everything)
        ]
        if one.name in spoiled or all(
            _given(session, one, device, heard.get(device))
            if _gives(one, device, mine)
            else _done(one, heard.get(device), told)
            for device in waiting
        ):
            found.append(one)
    return tuple(found)


def _is_for(stream: str, device: str, everything: bool) -> bool:
    """Whether a reader of a stream still is one: its scope may have changed since."""
    if stream == device:
        return not everything
    return everything or bool(stream.partition(FEED)[2])


def _gives(one: Lying, device: str, mine: Me) -> bool:
    """Whether a bundle gives what its reader did not ask for: to a restored computer what it
    had written itself; or from us, who have a scope, what one wrote that lives no more."""
    _reader, _colon, sender = one.stream.partition(FEED)
    return bool(sender) and (sender == device or mine.audience != EVERYTHING)


def _given(session: Session, one: Lying, device: str, told: Told | None) -> bool:
    sender = one.stream.partition(FEED)[2]
    if sender == device:
        missed = lost.of(session, device, told)
    else:
        missed = lost.unheard(session, sender, told) if told else []
    return not any(one.after < at <= one.upto for at, _row in missed)


def _done(one: Lying, told: Told | None, mark: str) -> bool:
    if one.after == one.upto:
        return one.told != mark
    if told is None or any(file in told.news.lacking for file in one.files):
        return False
    if len(told.news.lacking) >= chunks.MOST_LACKING and one.files:
        return False
    sender = one.stream.partition(FEED)[2]
    if sender:
        return sender not in told.news.wanted
    if FEED in one.stream:
        return told.position > 0  # of our log, and not of a scope that it had before
    if one.told == mark and not one.ops:
        return False
    return told.position >= one.upto


def unsent(session: Session) -> dict[str, list[Span]]:
    """Reader of everything → positions of our log that it has not told to hold and that
    were not yet put anywhere for it."""
    if not registry.identities(session):
        return {}
    mine = standing.me(session)
    heard = standing.heard(session)
    end = standing.log_end(session)
    put: dict[str, list[Span]] = {}
    rows = sa.select(Sent.after, Sent.upto, Sent.readers).where(_whole_streams())
    for after, upto, devices in session.execute(rows):
        for device in devices:
            put.setdefault(device, []).append((after, upto))
    return {
        device: missing([*has(heard.get(device), mine), *put.get(device, ())], end)
        for device in listening(session, readers(session), heard, mine)
    }


def waiting(session: Session) -> tuple[int, int]:
    """Our own changes that were not yet put anywhere for some reader, and roughly their
    bytes when packed."""
    total = size = 0
    for after, upto in joined(span for need in unsent(session).values() for span in need):
        length = sa.func.coalesce(sa.func.sum(sa.func.length(OpRow.body)), 0)
        query = sa.select(sa.func.count(), length).where(
            OpRow.seq > after, OpRow.seq <= upto, OpRow.origin == ""
        )
        ops, bytes_ = session.execute(query).one()
        total, size = total + ops, size + bytes_
    return total, size // 8


def _whole_streams() -> sa.ColumnElement[bool]:
    """Streams whose positions are those of our log: everything, and feeds."""
    return sa.or_(Sent.stream == EVERYTHING, Sent.stream.endswith(FEED))

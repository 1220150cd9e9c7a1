"""What goes: for whom which positions of our log are not yet under way, and their ops.

Nothing remembers what "was sent where". What a reader lacks is our log without what it told
to hold and without what lies in this place of exchange for it. So another stick gets all
that is not acknowledged, and a bundle that was lost is simply made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.kinds import now_utc
from migdesk.models.local import Head, OpRow, Outbox, Sent
from migdesk.models.meta import count_up, get_meta, set_meta
from migdesk.ops import Op, decode
from migdesk.sync.bundle import News
from migdesk.sync.intervals import Span, held, joined, missing
from migdesk.sync.seal import Card, Identity

from . import chunks, office, received, registry, scopes, standing
from .registry import Trusted
from .standing import EVERYTHING, Me, Told

FEED = ":"
"""Ends the name of a stream with all that we hold, made for one new reader; a sender's
device behind it: only what came from that one."""
REPEATS = 3
"""Rounds in which the same holes are told, so that others hear that nobody filled them."""


@dataclass(frozen=True)
class Part:
    """How much one bundle holds: ops, and bytes of them before they are packed (about an
    eighth of that afterwards)."""

    ops: int = 5_000
    size: int = 8 << 20


@dataclass(frozen=True)
class Run:
    """Positions of one stream to be made for some readers. `left_out` are senders whose
    ops the readers have from elsewhere; `gives` is told with the last bundle."""

    stream: str
    after: int
    upto: int
    readers: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    gives: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What one round publishes: runs, the news that go with every bundle and their mark,
    and runs without ops for readers to whom nothing in the place tells the news."""

    runs: tuple[Run, ...]
    news: News
    told: str
    to_tell: tuple[Run, ...]

    def news_in(self, stream: str, device: str) -> News:
        """The news as a bundle of `stream` tells them: our own end is that of the stream."""
        if not stream or FEED in stream:
            return self.news
        acks = dict(self.news.acks)
        incarnation, _position = acks.pop(device)
        ends = [run.upto for run in self.to_tell if run.stream == stream]
        if ends:
            acks[device] = incarnation, ends[0]
        return msgspec.structs.replace(self.news, acks=acks)


@dataclass(frozen=True)
class Piece:
    """The content of one bundle of a run: its positions, its ops, and the attachments that
    they name."""

    after: int
    upto: int
    ops: tuple[Op, ...]
    files: tuple[str, ...]


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
        )
    )
    return tuple(
        Lying(row[0], row[1], row[2], row[3], tuple(row[4]), row[5], row[6], row[7])
        for row in rows
        if row[0] in there
    )


# the plan ---------------------------------------------------------------------


def plan(session: Session, names: Collection[str]) -> Plan:
    """What is to be published in a place that holds `names`."""
    mine = standing.me(session)
    standing.refresh_heads(session)
    heard = standing.heard(session)
    there = lying(session, names)
    audience = readers(session)
    end = standing.log_end(session)
    news = _news(session, mine, end, names)
    told = _mark(session, news)
    full = _listening(session, audience, heard, mine)
    ends = _scoped_ends(session, mine, audience)
    runs = [
        *_scoped_runs(mine, ends, heard, there),
        *_full_runs(session, mine, full, heard, there, end),
        *_relays(session, mine, full, heard, there),
    ]
    untold = _untold(audience, there, told)
    return Plan(tuple(runs), news, told, _to_tell(untold, audience, ends, end))


def _listening(
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


def _lies(there: Sequence[Lying], device: str, stream: str) -> list[Span]:
    return [
        (one.after, one.upto)
        for one in there
        if one.stream == stream and device in one.readers
    ]


def _has(told: Told | None, mine: Me) -> list[Span]:
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


def _full_runs(
    session: Session,
    mine: Me,
    full: Mapping[str, Trusted],
    heard: Mapping[str, Told],
    there: Sequence[Lying],
    end: int,
) -> Iterator[Run]:
    """Runs of the stream for those who get everything, and feeds for new ones."""
    needs: dict[str, list[Span]] = {}
    for device in full:
        has = [*_has(heard.get(device), mine), *_lies(there, device, EVERYTHING)]
        if not held(has) and mine.audience == EVERYTHING:
            for span in missing(_lies(there, device, device + FEED), end):
                yield _feed(session, mine, device, span, end, heard)
            has.append((0, end))
        needs[device] = missing(has, end)
    for (after, upto), who in _shared(needs):
        yield Run(EVERYTHING, after, upto, who, _heard_elsewhere(session, mine, who, heard))


def _feed(
    session: Session, mine: Me, device: str, span: Span, end: int, heard: Mapping[str, Told]
) -> Run:
    left = _heard_elsewhere(session, mine, (device,), heard)
    gives: dict[str, tuple[str, int]] = {}
    if span[1] == end:
        gives = {mine.device: (mine.incarnation, end)}
        if set(left) <= {device}:
            gives |= standing.acks(session, mine)
        gives.pop(device, None)
    return Run(device + FEED, *span, (device,), left, gives)


def _shared(needs: Mapping[str, list[Span]]) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """The needs of all, cut where their readers change."""
    cuts = sorted({cut for spans in needs.values() for span in spans for cut in span})
    last: tuple[Span, tuple[str, ...]] | None = None
    for after, upto in pairwise(cuts):
        who = tuple(
            device
            for device, spans in needs.items()
            if any(a <= after and upto <= b for a, b in spans)
        )
        if last is not None and last[1] == who and last[0][1] == after:
            last = (last[0][0], upto), who
            continue
        if last is not None and last[1]:
            yield last
        last = (after, upto), who
    if last is not None and last[1]:
        yield last


def _heard_elsewhere(
    session: Session, mine: Me, who: Sequence[str], heard: Mapping[str, Told]
) -> tuple[str, ...]:
    """Senders whose ops we need not pass on: every reader is that sender, or hears it. Not
    if we miss something of it ourselves, or it lives no more."""
    if mine.audience != EVERYTHING:
        return tuple(heard)  # a device with a scope passes nothing on
    living = readers(session)
    holes = standing.wanted(session, mine)
    found = []
    for sender in {*living, *who}:
        hears = sender in living and sender not in holes
        if all(
            device == sender
            or (hears and device in heard and sender in heard[device].news.acks)
            for device in who
        ):
            found.append(sender)
    return tuple(sorted(found))


def _relays(
    session: Session,
    mine: Me,
    full: Mapping[str, Trusted],
    heard: Mapping[str, Told],
    there: Sequence[Lying],
) -> Iterator[Run]:
    """Answers to those who miss something of a sender that does not answer itself: all
    that came from it, in a stream of its own."""
    if mine.audience != EVERYTHING:
        return
    living = readers(session)
    have = standing.acks(session, mine)
    end = standing.log_end(session)
    for device in full:
        told = heard.get(device)
        if told is None:
            continue
        for sender, wants in told.news.wanted.items():
            if sender in (mine.device, device) or sender not in have:
                continue
            twice = wants if sender not in living else told.asked.get(sender, ())
            incarnation, position = have[sender]
            if not any(w.incarnation == incarnation and w.after < position for w in twice):
                continue
            stream = f"{device}{FEED}{sender}"
            for span in missing(_lies(there, device, stream), end):
                gives = {sender: have[sender]} if span[1] == end else {}
                yield Run(stream, *span, (device,), (), gives)


def _scoped_ends(
    session: Session, mine: Me, audience: Mapping[str, Trusted]
) -> dict[str, int]:
    """The ends of the streams of devices with a scope that we feed, brought up to date."""
    if mine.audience != EVERYTHING:
        return {}
    return {
        device: scopes.fill(session, one)
        for device, one in audience.items()
        if not one.scope.everything and one.fed_by in ("", mine.device)
    }


def _scoped_runs(
    mine: Me,
    ends: Mapping[str, int],
    heard: Mapping[str, Told],
    there: Sequence[Lying],
) -> Iterator[Run]:
    for device, end in ends.items():
        has = [*_has(heard.get(device), mine), *_lies(there, device, device)]
        for span in missing(has, end):
            yield Run(device, *span, (device,))


# news -------------------------------------------------------------------------


def _news(session: Session, mine: Me, end: int, names: Collection[str]) -> News:
    writers = [*filter(None, get_meta(session, "writers").split()), mine.writer]
    return News(
        audience=mine.audience,
        acks=standing.acks(session, mine) | {mine.device: (mine.incarnation, end)},
        wanted=standing.wanted(session, mine),
        lacking=list(chunks.lacking(session)),
        refused=[one.name for one in received.refused(session) if one.name in names][:100],
        writers=list(dict.fromkeys(writers)),
        heads=standing.heads(session),
        before=list(mine.before),
    )


def _mark(session: Session, news: News) -> str:
    """A short mark of what the news say; holes that stay are told again a few times."""
    said = [news.audience, sorted(news.acks.items()), sorted(news.lacking), news.refused]
    digest = blake2b(msgspec.json.encode([said, sorted(news.wanted.items())]), digest_size=8)
    mark = digest.hexdigest()
    if not news.wanted:
        return mark
    last, _colon, times = get_meta(session, "asking").partition(":")
    again = min(int(times or 0) + 1, REPEATS) if last == mark else 1
    set_meta(session, "asking", f"{mark}:{again}")
    return f"{mark}-{again}"


def _untold(
    audience: Mapping[str, Trusted], there: Sequence[Lying], told: str
) -> set[str]:
    """Readers for whom nothing in the place tells what is to be told now."""
    informed = {device for one in there if one.told == told for device in one.readers}
    return set(audience) - informed


def _to_tell(
    untold: Collection[str], audience: Mapping[str, Trusted], ends: Mapping[str, int], end: int
) -> tuple[Run, ...]:
    """One run for all who get everything, one for each device with a scope."""
    full = tuple(sorted(d for d in untold if audience[d].scope.everything))
    scoped = sorted(set(untold) - set(full))
    runs = [Run(d, ends.get(d, 0), ends.get(d, 0), (d,)) for d in scoped]
    return (*([Run(EVERYTHING, end, end, full)] if full else ()), *runs)


# the ops ----------------------------------------------------------------------


def piece(session: Session, run: Run, after: int, part: Part) -> Piece:
    """The content of the next bundle of a run, from the position `after` on."""
    rows = _rows(session, run, after, part.ops)
    ops: list[Op] = []
    size, upto = 0, run.upto
    for at, (position, body) in enumerate(rows):
        size += len(body)
        ops.append(decode(body.encode()))
        if size >= part.size or at + 1 >= part.ops:
            upto = position
            break
    files = [op.row for op in ops if op.kind == "attachment" and op.fields.get("blob")]
    return Piece(after, upto, tuple(ops), tuple(dict.fromkeys(files)))


def _rows(session: Session, run: Run, after: int, most: int) -> Iterator[tuple[int, str]]:
    if run.stream and FEED not in run.stream:
        query: sa.Select[Any] = (
            sa.select(Outbox.n, OpRow.body)
            .join(OpRow, OpRow.seq == Outbox.seq)
            .where(Outbox.device == run.stream, Outbox.n > after, Outbox.n <= run.upto)
            .where(OpRow.origin != run.stream)
            .order_by(Outbox.n)
        )
    else:
        query = sa.select(OpRow.seq, OpRow.body).where(
            OpRow.seq > after, OpRow.seq <= run.upto
        )
        sender = run.stream.partition(FEED)[2]
        if sender:
            query = query.where(_by(session, sender))
        elif run.left_out:
            query = query.where(OpRow.origin.not_in(run.left_out))
        query = query.order_by(OpRow.seq)
    query = query.where(OpRow.body != "").limit(most)
    # One after the other: an op may hold a whole questionnaire.
    yield from session.execute(query.execution_options(yield_per=200))


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
    told: str, size: int,
) -> None:
    """A bundle lies in its place, whole."""
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
            at=now_utc(),
        )
    )
    set_meta(session, "exchanged", now_utc())
    if made.ops:
        office.note(session, "export_bundle", f"{made.upto} {len(made.ops)}")
    session.info["scribe"].kinds.add("exchange")


# cleaning ---------------------------------------------------------------------


def done_with(session: Session, names: Collection[str], told: str) -> tuple[Lying, ...]:
    """Bundles of ours in the place that no living reader needs any more: it told that it
    holds them. One that holds no change goes when a later one told the same or more."""
    mine = standing.me(session)
    heard = standing.heard(session)
    living = readers(session)
    spoiled = {name for one in heard.values() for name in one.news.refused}
    found = []
    for one in lying(session, names):
        waiting = [d for d in one.readers if d in living and d != mine.device]
        if one.name in spoiled or all(
            _done(one, device, heard.get(device), mine, told) for device in waiting
        ):
            found.append(one)
    return tuple(found)


def _done(one: Lying, device: str, told: Told | None, mine: Me, mark: str) -> bool:
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
        return mine.device in told.news.acks
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
        device: missing([*_has(heard.get(device), mine), *put.get(device, ())], end)
        for device in _listening(session, readers(session), heard, mine)
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


def confirmed_heads(session: Session, writer: str) -> dict[str, tuple[str, str]]:
    """Device → (stamp, link) of the newest op of a writer that it told to hold."""
    rows = sa.select(Head.said_by, Head.stamp, Head.link).where(
        Head.writer == writer, Head.said_by != ""
    )
    return {device: (stamp, link) for device, stamp, link in session.execute(rows)}

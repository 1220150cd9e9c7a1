"""What one round publishes: which streams, for whom, from where to where, with which news."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import OpRow, Outbox
from migdesk.models.meta import get_meta, set_meta
from migdesk.sync.bundle import News
from migdesk.sync.intervals import Span, held, missing, without

from . import chunks, lost, outbox, received, registry, standing, streams
from .registry import Trusted
from .standing import EVERYTHING, Me, Told
from .streams import FEED, Lying, Run

REPEATS = 3
"""Rounds in which the same holes are told, so that others hear that nobody filled them."""


@dataclass(frozen=True)
class Plan:
    """What one round publishes: runs, the news that go with every bundle and their mark,
    and runs without ops for readers to whom nothing in the place tells the news. `ends` are
    those of the streams of devices with a scope that we feed."""

    runs: tuple[Run, ...]
    news: News
    told: str
    to_tell: tuple[Run, ...]
    ends: Mapping[str, int]

    def news_in(self, stream: str, device: str) -> News:
        """The news as a bundle of `stream` tells them: our own end is that of the stream."""
        if not stream or FEED in stream:
            return self.news
        acks = dict(self.news.acks)
        incarnation, _position = acks.pop(device)
        if stream in self.ends:
            acks[device] = incarnation, self.ends[stream]
        return msgspec.structs.replace(self.news, acks=acks)


def plan(session: Session, names: Collection[str]) -> Plan:
    """What is to be published in a place that holds `names`."""
    mine = standing.me(session)
    standing.refresh_heads(session)
    heard = standing.heard(session)
    spoiled = streams.told_spoiled(session)
    there = streams.lying(session, set(names) - spoiled)
    gone = streams.unspoken(session, there)
    there = tuple(one for one in there if one.name not in gone)
    audience = streams.readers(session)
    end = standing.log_end(session)
    news = _news(session, mine, end, names)
    told = _mark(session, news)
    full = streams.listening(session, audience, heard, mine)
    ends = _scoped_ends(session, mine, audience)
    runs = [
        *_scoped_runs(session, mine, ends, heard, there),
        *_full_runs(session, mine, full, heard, there, end),
        *_relays(session, mine, full, heard, there),
        *_returns(session, full, heard, there, end),
        *_legacies(session, mine, full, heard, there, end),
    ]
    untold = _untold(audience, there, told)
    return Plan(tuple(runs), news, told, _to_tell(untold, audience, ends, end), ends)


def _lies(there: Sequence[Lying], device: str, stream: str) -> list[Span]:
    return [
        (one.after, one.upto)
        for one in there
        if one.stream == stream and device in one.readers
    ]


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
    owed: dict[str, list[int]] = {}
    for device in full:
        told = heard.get(device)
        has, lies = streams.has(told, mine), _lies(there, device, EVERYTHING)
        if not held([*has, *lies]) and mine.audience == EVERYTHING:
            for span in missing(_lies(there, device, device + FEED), end):
                yield _feed(session, mine, device, span, end, heard)
            lies.append((0, end))
        owed[device] = _owed(session, device, EVERYTHING, told, there)
        needs[device] = missing(without([*has, *lies], owed[device]), end)
    for (after, upto), who in _shared(needs):
        left = _heard_elsewhere(session, mine, who, heard)
        # Of a file that did not arrive nobody knows who still has it.
        files = {at for device in who for at in owed[device] if after < at <= upto}
        yield Run(EVERYTHING, after, upto, who, left, tuple(sorted(files)))


def _feed(
    session: Session, mine: Me, device: str, span: Span, end: int, heard: Mapping[str, Told]
) -> Run:
    # One that received less before threw away what it wrote itself, too.
    left = set(_heard_elsewhere(session, mine, (device,), heard)) - {device}
    gives: dict[str, tuple[str, int]] = {}
    if span[1] == end:
        gives = {mine.device: (mine.incarnation, end)}
        if not left and not span[0]:  # of what lies there before, something was left out
            gives |= standing.acks(session, mine)
        gives.pop(device, None)
    return Run(device + FEED, *span, (device,), tuple(sorted(left)), gives=gives)


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
    living = streams.readers(session)
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
    living = streams.readers(session)
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
                yield Run(stream, *span, (device,), gives=gives)


def _returns(
    session: Session,
    full: Mapping[str, Trusted],
    heard: Mapping[str, Told],
    there: Sequence[Lying],
    end: int,
) -> Iterator[Run]:
    """What restored computers had told us and lost: a device with a scope has it, too."""
    for device in full:
        told = heard.get(device)
        missed = lost.of(session, device, told)
        if missed:
            yield from _unasked(device, device, missed, there, end)
        elif told is not None:
            lost.given_back(session, device, told)


def _legacies(
    session: Session,
    mine: Me,
    full: Mapping[str, Trusted],
    heard: Mapping[str, Told],
    there: Sequence[Lying],
    end: int,
) -> Iterator[Run]:
    """What computers that live no more told us while we received everything, and others did
    not hear of: with files that others lack, all that a device with a scope passes on."""
    if mine.audience == EVERYTHING:
        return
    states = registry.trusted(session).items()
    gone = [device for device, one in states if one.state != "live"]
    for device, told in ((each, heard[each]) for each in full if each in heard):
        for sender in gone:
            if missed := lost.unheard(session, sender, told):
                yield from _unasked(device, sender, missed, there, end)


def _unasked(
    device: str,
    sender: str,
    missed: Sequence[tuple[int, str]],
    there: Sequence[Lying],
    end: int,
) -> Iterator[Run]:
    """Of what came from a sender, all from the first on that a reader is known to lack."""
    stream = f"{device}{FEED}{sender}"
    for span in missing([(0, missed[0][0] - 1), *_lies(there, device, stream)], end):
        yield Run(stream, *span, (device,))


def _scoped_ends(
    session: Session, mine: Me, audience: Mapping[str, Trusted]
) -> dict[str, int]:
    """The ends of the streams of devices with a scope that we feed, brought up to date."""
    if mine.audience != EVERYTHING:
        return {}
    return {
        device: outbox.fill(session, one)
        for device, one in audience.items()
        if not one.scope.everything and one.fed_by in ("", mine.device)
    }


def _scoped_runs(
    session: Session,
    mine: Me,
    ends: Mapping[str, int],
    heard: Mapping[str, Told],
    there: Sequence[Lying],
) -> Iterator[Run]:
    for device, end in ends.items():
        told = heard.get(device)
        has = [*streams.has(told, mine), *_lies(there, device, device)]
        for span in missing(without(has, _owed(session, device, device, told, there)), end):
            yield Run(device, *span, (device,))


def _owed(
    session: Session, device: str, stream: str, told: Told | None, there: Sequence[Lying]
) -> list[int]:
    """Positions of a stream at which attachments are told of whose content is here, did not
    arrive there, and is beside no bundle: with that the pieces may be lost, too."""
    lying = {id for one in there if device in one.readers for id in one.files}
    lacking = [id for id in told.news.lacking if id not in lying] if told else []
    ids = [content.id for content in chunks.here(session, lacking)]
    if not ids:
        return []
    query = sa.select(OpRow.seq).where(OpRow.row.in_(ids), OpRow.body != "")
    if stream != EVERYTHING:
        query = sa.select(Outbox.n).where(Outbox.device == stream, Outbox.row.in_(ids))
        query = query.where(Outbox.left.is_(False), Outbox.seq > 0)
    return list(session.scalars(query))


# news -------------------------------------------------------------------------


def _news(session: Session, mine: Me, end: int, names: Collection[str]) -> News:
    return News(
        audience=mine.audience,
        acks=standing.acks(session, mine) | {mine.device: (mine.incarnation, end)},
        wanted=standing.wanted(session, mine),
        lacking=list(chunks.lacking(session)),
        refused=received.spoiled(session, names),
        writers=standing.own_writers(session),
        heads=standing.heads(session),
        pens=_pens(session),
        before=list(mine.before),
        holes=lost.holes(session, mine),
    )


def _pens(session: Session) -> dict[str, str]:
    return {writer: d for writer, d in standing.pens(session).items() if writer != d}


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

"""Where each computer stands in the exchange: who we are, which positions of whose log are
here, and what the others told of theirs.

A computer's changes are known by their positions in its own log (`OpRow.seq`), within one
*incarnation*: a restore from a backup begins another, which shares the log up to the backup
with the one before. What a sender makes for one audience is a *stream* of positions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.models.kinds import now_utc
from migdesk.models.local import Ack, Head, Interval, OpRow, Sent
from migdesk.models.meta import get_meta, set_meta
from migdesk.sync.bundle import FARTHEST, Manifest, News, Want
from migdesk.sync.intervals import Span, end, held, joined, missing

from . import registry
from .registry import Trusted

EVERYTHING = ""
"""The stream of computers that receive everything."""
GIVEN = "+"
"""What somebody else gave of a sender (`Manifest.gives`), until the sender bears it out."""

_news = msgspec.json.Decoder(News).decode


@dataclass(frozen=True)
class Me:
    """This computer: the id in its card, its incarnation and those before, the stream that
    it reads, the id that it writes under."""

    device: str
    incarnation: str
    before: tuple[tuple[str, int], ...]
    audience: str
    writer: str


def me(session: Session) -> Me:
    """Who we are; the keys must have been made."""
    device = registry.identities(session)[0].device
    us = registry.ourselves(session)
    before = json.loads(get_meta(session, "before") or "[]")
    return Me(
        device,
        get_meta(session, "incarnation"),
        tuple((incarnation, position) for incarnation, position in before),
        stream_of(us) if us else EVERYTHING,
        get_meta(session, "device"),
    )


def stream_of(reader: Trusted) -> str:
    """The stream that a device reads."""
    return EVERYTHING if reader.scope.everything else reader.device


def begin_again(session: Session) -> None:
    """After a restore, while the old writer id still stands: a new incarnation that shares
    our log up to here."""
    last = get_meta(session, "incarnation")
    before = json.loads(get_meta(session, "before") or "[]")
    if last:
        before.append([last, log_end(session)])
    set_meta(session, "before", json.dumps(before[-20:]))
    set_meta(session, "incarnation", uuid7())
    set_meta(session, "writers", " ".join(own_writers(session)[-100:]))


def own_writers(session: Session) -> list[str]:
    """Ids that this computer wrote under, the one in use last."""
    known = [*get_meta(session, "writers").split(), get_meta(session, "device")]
    return list(dict.fromkeys(filter(None, known)))


def writers_of(session: Session, device: str) -> list[str]:
    """The same of another device, as it told."""
    told = session.get(Ack, device)
    return _news(told.news).writers if told is not None else []


def pens(session: Session) -> dict[str, str]:
    """Id that a computer wrote under → the id in its card, of all that we know: a restored
    computer writes under a new one. What somebody says of itself counts first."""
    told, cards = heard(session), registry.trusted(session).keys()
    found = {
        writer: device
        for device, one in told.items()
        for writer in one.news.writers
        if writer == device or writer not in cards
    }
    for one in told.values():
        found = {w: d for w, d in one.news.pens.items() if w not in cards} | found
    mine = registry.identities(session)
    return found | {w: mine[0].device for w in own_writers(session) if mine}


def writers_of_others(session: Session) -> set[str]:
    """Ids that other computers are known to have written under."""
    devices, mine = pens(session), me(session).device
    known = registry.trusted(session).keys() | devices.keys()
    return {writer for writer in known if devices.get(writer, writer) != mine}


def shortened(session: Session) -> None:
    """The end of our log was thrown away: its positions will be used again, and must not
    be taken for those of before."""
    begin_again(session)
    end = log_end(session)
    session.execute(sa.update(Ack).where(Ack.position > end).values(position=end))
    session.execute(sa.update(Sent).where(Sent.after > end).values(after=end))
    session.execute(sa.update(Sent).where(Sent.upto > end).values(upto=end))
    if int(get_meta(session, "heads_upto") or 0) > end:
        set_meta(session, "heads_upto", str(end))


def log_end(session: Session) -> int:
    """The last position of our log."""
    return session.scalar(sa.select(sa.func.max(OpRow.seq))) or 0


def own_names(session: Session) -> set[str]:
    """Names of the bundles that we remember to have made."""
    return set(session.scalars(sa.select(Sent.name)))


# what is here -----------------------------------------------------------------


def spans(session: Session, device: str, incarnation: str, stream: str) -> list[Span]:
    """Positions of a sender's stream that are here."""
    rows = sa.select(Interval.after, Interval.upto).where(
        Interval.device == device,
        Interval.incarnation == incarnation,
        Interval.stream == stream,
    )
    return [(after, upto) for after, upto in session.execute(rows.order_by(Interval.after))]


def here(session: Session, device: str, incarnation: str, stream: str) -> list[Span]:
    """The same, with what somebody else gave of it."""
    had = spans(session, device, incarnation, stream)
    return had if stream else [*had, *spans(session, device, incarnation, GIVEN)]


def hold(session: Session, about: tuple[str, str, str], *new: Span) -> None:
    """Note positions of the stream `about` (sender, incarnation, stream) as being here."""
    device, incarnation, stream = about
    had = spans(session, *about)
    have = joined([*had, *new])
    if have == had:
        return
    let_go(session, *about)
    rows = [
        {
            "device": device,
            "incarnation": incarnation,
            "stream": stream,
            "after": after,
            "upto": upto,
        }
        for after, upto in have
    ]
    session.execute(sa.insert(Interval), rows)


def let_go(session: Session, device: str, incarnation: str, stream: str) -> None:
    """Forget that positions of a stream are here."""
    session.execute(
        sa.delete(Interval).where(
            Interval.device == device,
            Interval.incarnation == incarnation,
            Interval.stream == stream,
        )
    )


def acks(session: Session, mine: Me) -> dict[str, tuple[str, int]]:
    """Sender → (its newest incarnation, position in the stream that we read up to which
    nothing is missing here). Of what we read before our scope changed nothing is told: its
    positions are others."""
    found: dict[str, tuple[str, int]] = {}
    for device, told in heard(session).items():
        position = held(here(session, device, told.incarnation, mine.audience))
        if position:
            found[device] = (told.incarnation, position)
    return found


def wanted(session: Session, mine: Me) -> dict[str, list[Want]]:
    """Holes in what is here, by sender: below what came from it, and below what it, or
    anybody, told that there is."""
    living = {d for d, one in registry.trusted(session).items() if one.state == "live"}
    ends: dict[tuple[str, str], int] = {}
    for each, one in heard(session).items():
        if each not in living:
            continue
        for sender, (incarnation, position) in one.news.acks.items():
            # A device with a scope tells positions of a stream of its own.
            if each == sender or mine.audience == one.news.audience == EVERYTHING:
                key = sender, incarnation
                ends[key] = max(ends.get(key, 0), position)
    found: dict[str, list[Want]] = {}
    for (sender, incarnation), position in ends.items():
        if sender == mine.device or not _asks(session, mine, sender):
            continue
        have = here(session, sender, incarnation, mine.audience)
        holes = missing(have, max(position, end(have)))
        wants = [Want(incarnation, mine.audience, *hole) for hole in holes[:100]]
        if wants:
            found.setdefault(sender, []).extend(wants)
    return found


def _asks(session: Session, mine: Me, sender: str) -> bool:
    """A computer that joined waits for its first feed before it asks anybody else."""
    us = registry.ourselves(session)
    if us is None or not us.fed_by or us.fed_by == sender:
        return True
    if mine.audience != EVERYTHING:
        return False
    fed = sa.select(Interval.upto).where(
        Interval.device == us.fed_by,
        Interval.stream == EVERYTHING,
        Interval.after == 0,
    )
    return session.scalar(fed.limit(1)) is not None


# what others told -------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a device told last. `position`: how much it holds of the stream that we make
    for it. `asked`: holes of others' streams that it named twice. `at`: moment here."""

    position: int
    incarnation: str
    news: News
    asked: dict[str, list[Want]]
    at: str
    made: str


_asked = msgspec.json.Decoder(dict[str, list[Want]]).decode


def heard(session: Session) -> dict[str, Told]:
    """By device. What one told of another stream than the one that it reads now, since its
    scope changed, counts for nothing."""
    readers = registry.trusted(session)
    found: dict[str, Told] = {}
    for row in session.scalars(sa.select(Ack).order_by(Ack.device)):
        news, reader = _news(row.news), readers.get(row.device)
        apart = reader is not None and news.audience != stream_of(reader)
        position = 0 if apart else row.position
        asked = _asked(row.asked)
        told = Told(position, row.incarnation, news, asked, row.at, row.made)
        found[row.device] = told
    return found


def newest(session: Session, device: str) -> str:
    """The newest incarnation of a device that it told of."""
    told = session.get(Ack, device)
    return told.incarnation if told else ""


def hear(session: Session, about: Manifest, mine: Me, reader: Trusted) -> bool:
    """Keep what a verified bundle tells, unless a later one was heard already. Whether it
    is of the incarnation that we know as the newest."""
    had = session.get(Ack, about.device)
    if had is not None and not _later(had, about):
        had.at = now_utc()
        return had.incarnation == about.incarnation
    _know(session, mine, about.news)
    asked: dict[str, list[Want]] = {}
    if had is not None:
        asked = _again(_news(had.news).wanted, about.news.wanted)
    most = log_end(session) if reader.scope.everything else FARTHEST
    values = {
        "position": min(position_told(mine, about.news, stream_of(reader)), most),
        "incarnation": about.incarnation,
        "sequence": about.sequence,
        "at": now_utc(),
        "made": about.made,
        "news": msgspec.json.encode(about.news).decode(),
        "asked": msgspec.json.encode(asked).decode(),
    }
    if had is None:
        session.add(Ack(device=about.device, **values))
    else:
        for name, value in values.items():
            setattr(had, name, value)
    session.execute(sa.delete(Head).where(Head.said_by == about.device))
    said = [
        {"writer": writer[:32], "said_by": about.device, "stamp": stamp, "link": link}
        for writer, (stamp, link) in about.news.heads.items()
    ]
    if said:
        session.execute(sa.insert(Head), said)
    return True


def _know(session: Session, mine: Me, news: News) -> None:
    """An incarnation of ours that we do not remember: we were restored since, from a backup
    of before it. It counts for nothing, and others must hear that it is over."""
    incarnation, _position = news.acks.get(mine.device, ("", 0))
    before = dict(mine.before)
    if incarnation and incarnation != mine.incarnation and incarnation not in before:
        set_meta(session, "before", json.dumps([(incarnation, 0), *mine.before][:20]))


def _later(had: Ack, about: Manifest) -> bool:
    if had.incarnation == about.incarnation:
        return about.sequence >= had.sequence
    return about.incarnation not in {one for one, _position in _news(had.news).before}


def _again(
    before: dict[str, list[Want]], now: dict[str, list[Want]]
) -> dict[str, list[Want]]:
    """Holes that were named before and still are."""
    found: dict[str, list[Want]] = {}
    for sender, wants in now.items():
        for want in wants:
            for old in before.get(sender, ()):
                if old.incarnation == want.incarnation and (
                    old.after < want.upto and want.after < old.upto
                ):
                    found.setdefault(sender, []).append(want)
                    break
    return found


def position_told(mine: Me, news: News, stream: str) -> int:
    """How far a reader holds the stream that we make for it, in our positions of now."""
    incarnation, position = news.acks.get(mine.device, ("", 0))
    if news.audience != stream:
        return 0
    if incarnation == mine.incarnation:
        return position
    if stream == EVERYTHING:
        for one, shared in mine.before:
            if one == incarnation:
                return min(position, shared)
    return 0


# heads ------------------------------------------------------------------------


def heads(session: Session) -> dict[str, tuple[str, str]]:
    """Writer → (stamp, link) of the newest op of it that is here."""
    rows = session.execute(
        sa.select(Head.writer, Head.stamp, Head.link).where(Head.said_by == "")
    )
    return {writer: (stamp, link) for writer, stamp, link in rows}


def refresh_heads(session: Session) -> None:
    """Bring what `heads` reads up to date: looks only at what is new in the log."""
    counted, last = int(get_meta(session, "heads_upto") or 0), log_end(session)
    if last == counted:
        return
    writer = sa.func.substr(OpRow.stamp, 18)
    newest: dict[str, str] = dict(
        session.execute(
            sa.select(writer, sa.func.max(OpRow.stamp))
            .where(OpRow.seq > counted)
            .group_by(writer)
        ).all()
    )
    known = heads(session)
    changed = [stamp for one, stamp in newest.items() if stamp > known.get(one, ("",))[0]]
    links = _links(session, changed)
    for stamp in changed:
        head = Head(writer=stamp[17:], said_by="", stamp=stamp, link=links[stamp])
        session.merge(head)
    set_meta(session, "heads_upto", str(last))


def _links(session: Session, stamps: Iterable[str]) -> dict[str, str]:
    rows = sa.select(OpRow.stamp, OpRow.link).where(OpRow.stamp.in_(list(stamps)))
    return dict(session.execute(rows).all())

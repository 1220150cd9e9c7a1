"""What came: bundles taken over, refused, put in quarantine; what is missing of whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import __version__
from migdesk.errors import Mistake, Refusal, named
from migdesk.i18n import N_
from migdesk.models.kinds import now_utc
from migdesk.models.local import Interval, OpRow, Peer, Quarantine, Received
from migdesk.models.meta import get_meta, set_meta
from migdesk.ops import Op
from migdesk.sync.bundle import Manifest
from migdesk.sync.intervals import joined

from . import given, leaving, lost, office, registry, standing, vouching
from .merging import Applied, apply_ops
from .standing import EVERYTHING, GIVEN, Me
from .streams import FEED

LASTING = ("applied", "foreign", "quarantined", "accepted", "dropped", "undone")
"""States of a bundle that is not looked at again. `accepted`: the hub takes it over."""
REFUSED = "refused"
SPOILED = ("BUN-002", "BUN-003", "BUN-004", "PIE-001")
"""Faults of a file itself, whoever reads it."""


class ForeignOffice(Refusal):
    code = "EXC-004"
    text = N_(
        "The file comes from “{name}”, which now belongs to another office. Ask an "
        "administrator to enrol that computer again."
    )


class GoneFromQuarantine(Mistake):
    code = "EXC-005"
    text = N_("This file is not in quarantine any more.")


@dataclass(frozen=True)
class RefusedView:
    """A bundle of which nothing was taken over: whose (its name here, "" for a stranger),
    when it was looked at, and in words why and what to do."""

    name: str
    sender: str
    at: str
    code: str
    why: str


@dataclass(frozen=True)
class QuarantinedView:
    """A bundle of a revoked computer that came after its revocation was known here, kept
    whole: whose, when it says that it was made, when it came, how many changes it claims."""

    name: str
    sender: str
    made: str
    at: str
    ops: int


def sender_in(name: str) -> str:
    """The device that a bundle's name says; a claim, until its signature was verified."""
    return name[:16]


def known(session: Session) -> dict[str, str]:
    """Name of each bundle that was looked at → its state."""
    return dict(session.execute(sa.select(Received.id, Received.state)).all())


def doubted(session: Session) -> set[str]:
    """Bundles that were taken over, of positions that are not here any more: our scope has
    changed since. If they still lie there, they are read again."""
    found: set[str] = set()
    for sender, wants in standing.wanted(session, standing.me(session)).items():
        for want in wants:
            rows = sa.select(Received.id).where(
                Received.device == sender,
                Received.incarnation == want.incarnation,
                Received.stream == want.stream,
                Received.state == "applied",
                Received.upto > want.after,
                Received.upto <= want.upto,
            )
            found.update(session.scalars(rows))
    return found


def trust_again(session: Session) -> None:
    """After another computer became trusted, or an update of the program: what was refused
    is looked at once more."""
    cards = sorted(
        (device, card.fingerprint)
        for device, one in registry.trusted(session).items()
        for card in one.cards
    )
    mark = blake2b(msgspec.json.encode([__version__, cards]), digest_size=16).hexdigest()
    if get_meta(session, "trust") != mark:
        set_meta(session, "trust", mark)
        session.execute(sa.delete(Received).where(Received.state == REFUSED))


def take(
    session: Session,
    name: str,
    about: Manifest,
    ops: Iterable[Op],
    size: int = 0,
    digest: str = "",
) -> Applied:
    """Take over one verified bundle; `size` and `digest` (SHA-256 in hex) are those of its
    file. Its positions count as being here in the same
    transaction as its content: all of it or nothing. What its sender may not write is kept
    apart (`services.vouching`)."""
    mine = standing.me(session)
    before = standing.log_end(session)
    sieve = vouching.Sieve(session, registry.trusted(session).get(about.device))
    named: set[str] = set()
    done = apply_ops(session, sieve.through(_naming(ops, named)), about.device)
    after = standing.log_end(session)
    vouching.came_after_all(session)
    done.held = vouching.keep(session, about.device, sieve.held)
    if about.device != mine.device:
        _stand(session, about, mine)
        leaving.heed(session, about, mine, named)
    had, row = session.get(Received, name), _row(name, about, "applied")
    if had is None or had.state != "applied" or done.ops:
        row.ops, row.first, row.last = done.ops, before + 1 if done.ops else 0, after
    else:
        row.ops = had.ops  # read again
    row.size, row.hash = size, digest
    row.given = given.said(about.gives)
    session.merge(row)
    session.flush()
    for incarnation in {about.incarnation, standing.newest(session, about.device)}:
        given.inherit(session, (about.device, incarnation, about.stream), mine)
    set_meta(session, "exchanged", now_utc())
    if done.ops:
        office.note(session, "import_bundle", f"{about.device} {about.sequence} {done.ops}")
        session.info["everything"] = True
    session.info["scribe"].kinds.add("exchange")
    return done


def _naming(ops: Iterable[Op], rows: set[str]) -> Iterator[Op]:
    """The same, keeping which rows they are about."""
    for op in ops:
        rows.add(op.row)
        yield op


def _stand(session: Session, about: Manifest, mine: Me) -> None:
    reader = registry.trusted(session).get(about.device)
    _inherit(session, about, mine)
    place = about.device, about.incarnation, about.stream
    standing.hold(session, place, (about.after, about.upto))
    if reader is not None:
        if not standing.hear(session, about, mine, reader):
            lost.look_again(session, about.device)
        _carry_over(session, about, mine)
        if mine.audience == EVERYTHING:
            given.weigh(session, about)


def _inherit(session: Session, about: Manifest, mine: Me) -> None:
    """At the first bundle of a new incarnation: what we hold of the ones before counts,
    as far as they were the same; of what was made for us alone, too."""
    here = sa.select(Interval.stream).where(Interval.device == about.device)
    if session.scalar(here.where(Interval.incarnation == about.incarnation)) is not None:
        return
    whole = Interval.stream.in_((EVERYTHING, GIVEN))
    positions_of_a_log = sa.or_(whole, Interval.stream.startswith(mine.device + FEED))
    for incarnation, position in about.news.before:
        old = here.where(Interval.incarnation == incarnation, positions_of_a_log)
        for stream in session.scalars(old.distinct()).all():
            had = standing.spans(session, about.device, incarnation, stream)
            clipped = [(after, min(upto, position)) for after, upto in had]
            place = about.device, about.incarnation, stream
            standing.hold(session, place, *joined(clipped))


def _carry_over(session: Session, about: Manifest, mine: Me) -> None:
    """A bundle of an incarnation that is over came late: it counts for the newest, too."""
    newest = standing.newest(session, about.device)
    shared = dict(standing.heard(session)[about.device].news.before).get(about.incarnation, 0)
    log = about.stream == EVERYTHING or about.stream.startswith(mine.device + FEED)
    if newest != about.incarnation and shared and log:
        place = about.device, newest, about.stream
        standing.hold(session, place, (about.after, min(about.upto, shared)))


def _row(name: str, about: Manifest, state: str) -> Received:
    return Received(
        id=name,
        device=about.device,
        incarnation=about.incarnation,
        stream=about.stream,
        upto=about.upto,
        made=about.made,
        at=now_utc(),
        state=state,
        fault="",
        ops=about.ops_count,
    )


def pass_over(session: Session, name: str) -> None:
    """Remember that a bundle is meant for others, so that it is not opened again."""
    session.merge(Received(id=name, at=now_utc(), state="foreign"))


def refuse(session: Session, name: str, code: str) -> None:
    """Remember that a bundle was refused, and why: a line in the audit log, and nothing
    else. It is looked at again by hand, or when trust changed."""
    session.merge(Received(id=name, at=now_utc(), state=REFUSED, fault=code))
    office.note(session, "refuse_bundle", code)
    session.info["scribe"].kinds.add("exchange")


def refused(session: Session) -> tuple[RefusedView, ...]:
    """Bundles that were refused, newest first."""
    names = {one.device: one.name for one in registry.trusted(session).values()}
    rows = sa.select(Received).where(Received.state == REFUSED).order_by(Received.at.desc())
    found = []
    for row in session.scalars(rows):
        device = sender_in(row.id)
        sender = names.get(device, "")
        why = _why(row.fault, name=sender or row.id, device=device)
        found.append(RefusedView(row.id, sender, row.at, row.fault, why))
    return tuple(found)


def spoiled(session: Session, names: Collection[str]) -> list[str]:
    """Files among these that were found cut or altered, as told to others: who made one
    removes it and makes it again."""
    rows = sa.select(Received.id).where(
        Received.state == REFUSED, Received.fault.in_(SPOILED)
    )
    there = set(names)
    return [name for name in session.scalars(rows.order_by(Received.id)) if name in there][:100]


def _why(code: str, **gaps: str) -> str:
    from migdesk.sync import opening  # its faults are what a bundle is refused for

    kind = named(code) or opening.NotABundle
    return str(kind.text(**{"reason": "", **gaps}))


def forget_refused(session: Session, name: str) -> None:
    """Take a refused bundle off the list; nothing of it was ever taken over."""
    session.execute(
        sa.delete(Received).where(Received.id == name, Received.state == REFUSED)
    )
    session.info["scribe"].kinds.add("exchange")


def forgive(session: Session, name: str) -> None:
    """A file that was refused came whole after all."""
    session.execute(
        sa.delete(Received).where(Received.id == name, Received.state == REFUSED)
    )


def look_again(session: Session, names: Collection[str]) -> None:
    """A person asks for these: those that were refused are looked at once more."""
    old = session.scalars(sa.select(Received.id).where(Received.state == REFUSED)).all()
    for name in set(old) & set(names):
        session.execute(sa.delete(Received).where(Received.id == name))


def count_waiting(session: Session) -> int:
    """What came and waits for a person: refused and quarantined bundles, computers that sent
    what they may not, reports on the register, kinds of which something is parked."""
    states = Received.state.in_((REFUSED, "quarantined"))
    parked = sa.select(OpRow.kind).where(OpRow.parked).distinct().subquery()
    counts = (
        sa.select(sa.func.count()).select_from(Received).where(states),
        sa.select(sa.func.count()).select_from(parked),
    )
    seen = registry.seen(session)
    reports = sum(each.stamp not in seen for each in registry.reports(session))
    waiting = reports + vouching.count(session)
    return waiting + sum(session.scalar(count) or 0 for count in counts)


# quarantine -------------------------------------------------------------------


def is_suspect(session: Session, about: Manifest) -> bool:
    """Whether the sender is revoked or replaced, as we know by now. What its bundle claims
    of its own age proves nothing: a thief may write any moment. Raises ForeignOffice."""
    sender = registry.trusted(session).get(about.device)
    if sender is None:
        return False
    ours = registry.office(session)
    enrolled = session.get(Peer, about.device) is None
    if enrolled and ours is not None and about.office not in ("", ours.id):
        raise ForeignOffice(name=sender.name)
    return sender.state != "live"


def quarantine(session: Session, name: str, about: Manifest, data: bytes) -> None:
    """Keep a bundle whole without taking it over."""
    session.merge(_row(name, about, "quarantined"))
    session.merge(Quarantine(name=name, data=data))
    office.note(session, "quarantine_bundle", about.device)
    session.info["scribe"].kinds.add("exchange")


def quarantined(session: Session) -> tuple[QuarantinedView, ...]:
    """Bundles in quarantine, the oldest first."""
    names = {one.device: one.name for one in registry.trusted(session).values()}
    rows = sa.select(Received).where(Received.state == "quarantined").order_by(Received.at)
    return tuple(
        QuarantinedView(row.id, names.get(row.device, ""), row.made, row.at, row.ops)
        for row in session.scalars(rows)
    )


def from_quarantine(session: Session, name: str) -> bytes:
    """The sealed bytes of a bundle in quarantine. Raises GoneFromQuarantine."""
    row = session.get(Quarantine, name)
    if row is None:
        raise GoneFromQuarantine
    return row.data


def order(session: Session, name: str) -> None:
    """A person accepts a bundle in quarantine who cannot take it over: the hub will."""
    from_quarantine(session, name)
    _set_state(session, name, "accepted")
    office.note(session, "order_quarantined", name[:32])


def ordered(session: Session) -> tuple[str, ...]:
    """Bundles in quarantine that a person accepted, the oldest first."""
    rows = sa.select(Received.id).where(Received.state == "accepted").order_by(Received.at)
    return tuple(session.scalars(rows))


def _set_state(session: Session, name: str, state: str) -> None:
    row = session.get(Received, name)
    if row is not None:
        row.state = state
    session.info["scribe"].kinds.add("exchange")


def release(session: Session, name: str, about: Manifest, ops: Iterable[Op]) -> Applied:
    """Take over a bundle in quarantine: a person looked at it and accepts it."""
    session.execute(sa.delete(Quarantine).where(Quarantine.name == name))
    office.note(session, "accept_quarantined", about.device)
    return take(session, name, about, ops)


def drop_quarantined(session: Session, name: str) -> None:
    """Throw a bundle in quarantine away; it is not looked at again."""
    from_quarantine(session, name)
    session.execute(sa.delete(Quarantine).where(Quarantine.name == name))
    _set_state(session, name, "dropped")
    office.note(session, "drop_quarantined", name[:32])


def positions_of(session: Session, name: str) -> tuple[int, int] | None:
    """The positions that the new ops of an applied bundle took in our log."""
    row = session.get(Received, name)
    if row is None or row.state != "applied" or not row.first:
        return None
    return row.first, row.last


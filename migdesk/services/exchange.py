"""The exchange as the database sees it: who we are, whom we trust, what was sent and came."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.errors import Mistake, named
from migdesk.i18n import N_
from migdesk.models.kinds import now_utc
from migdesk.models.local import Blob, OpRow, Peer, Received
from migdesk.models.meta import get_meta, set_meta
from migdesk.ops import Op, decode
from migdesk.sync.seal import Card, Identity

from . import office
from .merging import Applied, apply_ops, asked


class Ourselves(Mistake):
    """The card of this very computer."""

    code = "EXC-001"
    text = N_("This is the key of this computer. Type the key of the other one.")


@dataclass(frozen=True)
class CardView:
    """The public card of a computer: full text, short key to compare, name."""

    text: str
    fingerprint: str
    name: str
    device: str = ""


@dataclass(frozen=True)
class PeerView:
    """A computer that we trust."""

    device: str
    name: str
    fingerprint: str
    heard: str
    sent_all: bool


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
class Outgoing:
    """What the next bundle holds. `upto` is the last op of the log that it covers."""

    identity: Identity
    cards: tuple[Card, ...]
    ops: tuple[Op, ...]
    upto: int
    incarnation: str
    sequence: int
    previous: str
    blobs: tuple[str, ...]


def identity(session: Session) -> Identity | None:
    """The keys of this computer, None before `make_card`."""
    held = get_meta(session, "identity")
    return Identity.from_bytes(base64.b64decode(held)) if held else None


def make_card(session: Session) -> CardView:
    """Make the keys of this computer if it has none; its card."""
    mine = identity(session)
    if mine is None:
        here = office.this_office(session)
        device = get_meta(session, "device")
        name = f"{here.title} · {device[:4]}" if here else device[:4]
        mine = Identity.new(device, name)
        set_meta(session, "identity", base64.b64encode(mine.to_bytes()).decode())
        if not get_meta(session, "incarnation"):
            set_meta(session, "incarnation", uuid7())
    return _card_view(mine.card)


def my_card(session: Session) -> CardView:
    """The card of this computer; raises Gone-like Mistake only before the first start."""
    mine = identity(session)
    return _card_view(mine.card) if mine else CardView("", "", "")


def _card_view(card: Card) -> CardView:
    return CardView(str(card), card.fingerprint, card.name, card.device)


def peers(session: Session) -> tuple[PeerView, ...]:
    """Paired computers, by name."""
    last = session.scalar(sa.select(sa.func.max(OpRow.seq))) or 0
    rows = session.scalars(sa.select(Peer).order_by(Peer.name))
    return tuple(
        PeerView(
            peer.device,
            peer.name,
            Card.parse(peer.card).fingerprint,
            peer.heard,
            peer.sent >= last,
        )
        for peer in rows
    )


def pair(session: Session, card_text: str) -> PeerView:
    """Trust the computer whose card was typed, pasted or scanned.

    Raises CardMistyped or NotACard (Mistakes), or Ourselves. It will be sent everything.
    """
    card = Card.parse(card_text)
    if card.device == get_meta(session, "device"):
        raise Ourselves
    held = session.get(Peer, card.device)
    if held is None:
        held = Peer(device=card.device, name=card.name, card=str(card), sent=0, heard="")
        session.add(held)
    held.name, held.card = card.name, str(card)
    office.note(session, "pair", card.device)
    session.flush()
    return PeerView(card.device, card.name, card.fingerprint, held.heard, False)


def unpair(session: Session, device: str) -> None:
    """Trust a computer no more: later bundles exclude it and its own are refused."""
    session.execute(sa.delete(Peer).where(Peer.device == device))
    office.note(session, "unpair", device)


def cards(session: Session) -> dict[str, Card]:
    """Cards of the computers that we trust, by device."""
    rows = session.scalars(sa.select(Peer.card))
    return {card.device: card for card in map(Card.parse, rows)}


def outgoing(session: Session) -> Outgoing | None:
    """What some paired computer has not been sent; None if there is nothing or nobody."""
    mine = identity(session)
    rows = list(session.scalars(sa.select(Peer)))
    if mine is None or not rows:
        return None
    since = min(peer.sent for peer in rows)
    found = session.execute(
        sa.select(OpRow.seq, OpRow.body).where(OpRow.seq > since).order_by(OpRow.seq)
    ).all()
    if not found:
        return None
    ops = tuple(decode(body.encode()) for _seq, body in found)
    hashes = [
        op.fields["blob"] for op in ops if op.kind == "attachment" and op.fields.get("blob")
    ]
    return Outgoing(
        identity=mine,
        cards=tuple(cards(session).values()),
        ops=ops,
        upto=found[-1].seq,
        incarnation=get_meta(session, "incarnation"),
        sequence=int(get_meta(session, "sequence") or 0) + 1,
        previous=get_meta(session, "previous"),
        blobs=tuple(dict.fromkeys(hashes)),
    )


def blob(session: Session, digest: str) -> bytes | None:
    """Bytes of an attachment by hash."""
    return session.scalar(sa.select(Blob.data).where(Blob.hash == digest))


def mark_sent(session: Session, sent: Outgoing, digest: str) -> None:
    """A bundle lies in its folder, whole: move the cursors."""
    devices = [card.device for card in sent.cards]
    session.execute(
        sa.update(Peer)
        .where(Peer.device.in_(devices), Peer.sent < sent.upto)
        .values(sent=sent.upto)
    )
    set_meta(session, "sequence", str(sent.sequence))
    set_meta(session, "previous", digest)
    set_meta(session, "exchanged", now_utc())
    office.note(session, "export_bundle", f"{sent.sequence} {len(sent.ops)}")
    session.info["scribe"].kinds.add("exchange")


def known_bundles(session: Session) -> dict[str, str]:
    """Name of each bundle that was looked at → code of the fault, "" if it was applied."""
    rows = session.execute(sa.select(Received.name, Received.fault))
    return dict(rows.all())


def gap_before(session: Session, device: str, incarnation: str, sequence: int) -> bool:
    """Whether a bundle of that device between the last applied and this one is missing."""
    if sequence <= 1:
        return False
    held = session.scalar(
        sa.select(Received.id).where(
            Received.device == device,
            Received.incarnation == incarnation,
            Received.sequence == sequence - 1,
            Received.fault == "",
        )
    )
    return held is None


def apply_bundle(
    session: Session,
    name: str,
    about: tuple[str, str, int],
    ops: Iterable[Op],
    blobs: Sequence[tuple[str, bytes]],
) -> Applied:
    """Take over one verified bundle; `about` is (device, incarnation, sequence).

    The cursor moves in the same transaction as the content: all of it or nothing.
    """
    device, incarnation, sequence = about
    for digest, data in blobs:
        if session.get(Blob, digest) is None:
            session.add(Blob(hash=digest, data=data))
    before = session.scalar(sa.select(sa.func.max(OpRow.seq))) or 0
    done = apply_ops(session, ops, device)
    session.merge(
        Received(
            id=name[:64],
            device=device,
            incarnation=incarnation,
            sequence=sequence,
            name=name,
            at=now_utc(),
            fault="",
        )
    )
    peer = session.get(Peer, device)
    if peer is not None:
        peer.heard = now_utc()
        after = session.scalar(sa.select(sa.func.max(OpRow.seq))) or 0
        if peer.sent == before:
            # It had everything of ours; what it sent itself need not go back to it.
            peer.sent = after
    set_meta(session, "exchanged", now_utc())
    office.note(session, "import_bundle", f"{device} {sequence} {done.ops}")
    session.info["everything"] = True
    return done


def refuse_bundle(session: Session, name: str, code: str) -> None:
    """Remember that a bundle was refused, and why; it is tried again only by hand."""
    session.merge(
        Received(
            id=name[:64],
            device="",
            incarnation="",
            sequence=0,
            name=name,
            at=now_utc(),
            fault=code,
        )
    )
    office.note(session, "refuse_bundle", code)


def refused(session: Session) -> tuple[RefusedView, ...]:
    """Bundles that were refused, newest first."""
    names: dict[str, str] = dict(session.execute(sa.select(Peer.device, Peer.name)).all())
    rows = sa.select(Received).where(Received.fault != "").order_by(Received.at.desc())
    found = []
    for row in session.scalars(rows):
        device = row.name[:16]  # the name of a bundle begins with who made it
        sender = names.get(device, "")
        why = _why(row.fault, name=sender or row.name, device=device)
        found.append(RefusedView(row.name, sender, row.at, row.fault, why))
    return tuple(found)


def _why(code: str, **gaps: str) -> str:
    from migdesk.sync import opening  # its faults are what a bundle is refused for

    kind = named(code) or opening.NotABundle
    return str(kind.text(**{"reason": "", **gaps}))


def forget_refused(session: Session, name: str) -> None:
    """Take a refused bundle off the list; nothing of it was ever taken over."""
    row = sa.delete(Received).where(Received.name == name, Received.fault != "")
    session.execute(row)
    session.info["scribe"].kinds.add("exchange")


def would_conflict(session: Session, ops: Iterable[Op]) -> int:
    """Conflicts that taking over these ops would open, without writing anything."""
    from migdesk.sync.merge import settle

    from .history import ops_of

    by_row: dict[str, list[Op]] = {}
    for op in ops:
        by_row.setdefault(op.row, []).append(op)
    found = 0
    for row, new in by_row.items():
        held = ops_of(session, row)
        if held:
            after, before = settle([*held, *new]).conflicts, settle(held).conflicts
            found += max(0, sum(map(asked, after)) - sum(map(asked, before)))
    return found

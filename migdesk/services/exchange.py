"""The exchange as the database sees it: who we are, whom we trust, what was sent and came."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.local import Peer
from migdesk.models.meta import get_meta, set_meta
from migdesk.sync.seal import Card, Identity

from . import office, registry, standing, streams
from .received import RefusedView, forget_refused, refused


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
    """Paired computers of other offices, by name."""
    told = standing.heard(session)
    waits = streams.unsent(session)
    return tuple(
        PeerView(
            peer.device,
            peer.name,
            Card.parse(peer.card).fingerprint,
            told[peer.device].at if peer.device in told else "",
            not waits.get(peer.device, True),
        )
        for peer in session.scalars(sa.select(Peer).order_by(Peer.name))
    )


def pair(session: Session, card_text: str) -> PeerView:
    """Trust the computer whose card was typed, pasted or scanned.

    Raises CardMistyped or NotACard (Mistakes), or Ourselves. It will be sent everything.
    """
    card = Card.parse(card_text)
    if any(card.device == mine.device for mine in registry.identities(session)):
        raise Ourselves
    session.merge(Peer(device=card.device, name=card.name, card=str(card)))
    office.note(session, "pair", card.device)
    session.info["scribe"].kinds.add("exchange")
    session.flush()
    return next(peer for peer in peers(session) if peer.device == card.device)


def unpair(session: Session, device: str) -> None:
    """Trust a computer no more: later bundles exclude it and its own are refused."""
    session.execute(sa.delete(Peer).where(Peer.device == device))
    office.note(session, "unpair", device)


__all__ = [
    "CardView",
    "Ourselves",
    "PeerView",
    "RefusedView",
    "forget_refused",
    "identity",
    "make_card",
    "my_card",
    "pair",
    "peers",
    "refused",
    "unpair",
]

"""The office's register of devices as this computer knows it: whom it trusts, and why not.

Trust comes from two places: lines that our office signed (`sync.roll`), and computers of
other offices that a person paired by their card (`local.Peer`). Where both know a device,
the register counts.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import N_
from migdesk.models.device import Device
from migdesk.models.local import OpRow, Peer
from migdesk.models.meta import get_meta, set_meta
from migdesk.ops import decode
from migdesk.sync import roll
from migdesk.sync.roll import Line
from migdesk.sync.seal import Card, Identity, Office, OfficeKey

State = Literal["live", "revoked", "replaced"]

COMPARTMENTS = {
    "cases": N_("requests and cases of people"),
    "protection": N_("people with protection notes"),
    "legal": N_("legal help"),
    "health": N_("health"),
    "shelter": N_("shelters and protected addresses"),
}
"""What a scope leaves out unless it names it (see `services.scopes`), with words."""


@dataclass(frozen=True)
class Scope:
    """What a device receives: everything, or places (ids, with all below them),
    questionnaires (form identifiers) and compartments (codes)."""

    everything: bool
    places: tuple[str, ...] = ()
    questionnaires: tuple[str, ...] = ()
    compartments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trusted:
    """A computer that we know. `cards` are those that it signs with, the newest first.

    `device` is the id in its cards. `revoked_at` is the moment from which its bundles are
    put in quarantine: it was revoked, or another computer took its place. `fed_by` is the
    device that makes its stream, "" if any may. `role` is what our office gave it, "" for a
    computer of another office.
    """

    device: str
    name: str
    cards: tuple[Card, ...]
    scope: Scope
    state: State = "live"
    revoked_at: str = ""
    fed_by: str = ""
    role: str = ""


@dataclass(frozen=True)
class Report:
    """Something about the register that an administrator should see. `device` is the line.

    `why`: ``forged`` (not signed by the office), ``replayed`` (an old line was written
    again) or ``crossed`` (two administrators changed it at once); `stamp` is the op that
    wrote it, "" for crossed.
    """

    device: str
    name: str
    why: Literal["forged", "replayed", "crossed"]
    stamp: str = ""


@dataclass(frozen=True)
class Entry:
    """One device of the register: its valid heads, the one that counts first, and what
    was wrong."""

    heads: tuple[Line, ...]
    reports: tuple[Report, ...]

    @property
    def line(self) -> Line:
        """The line that counts."""
        return self.heads[0]


def office(session: Session) -> Office | None:
    """The office that signs our register; None before this computer belongs to one."""
    held = get_meta(session, "office_public")
    return Office(base64.b64decode(held)) if held else None


def office_key(session: Session) -> OfficeKey | None:
    """The office's private key, on computers that may enrol."""
    held = get_meta(session, "office_key")
    return OfficeKey(base64.b64decode(held)) if held else None


def identities(session: Session) -> tuple[Identity, ...]:
    """All keys that this computer ever had, the one in use first, then the newest."""
    others = json.loads(get_meta(session, "identities") or "[]")
    texts = [get_meta(session, "identity"), *others]
    return tuple(Identity.from_bytes(base64.b64decode(text)) for text in texts if text)


def keep_identities(session: Session, mine: tuple[Identity, ...]) -> None:
    """Write what `identities` reads; the first is in use."""
    texts = [base64.b64encode(each.to_bytes()).decode() for each in mine]
    set_meta(session, "identity", texts[0])
    set_meta(session, "identities", json.dumps(texts[1:]))


def entries(session: Session) -> dict[str, Entry]:
    """The register by line, without devices that have no valid line."""
    return {row: entry for row, entry in _entries(session) if entry.heads}


def reports(session: Session) -> tuple[Report, ...]:
    """What does not verify, was replayed or crossed, for To settle."""
    return tuple(report for _row, entry in _entries(session) for report in entry.reports)


_SEEN = "register_seen"


def seen(session: Session) -> frozenset[str]:
    """Stamps of the reports that a person has looked at and taken off the list."""
    return frozenset(get_meta(session, _SEEN).split())


def see(session: Session, stamp: str) -> None:
    """Take a report off the list; it stays in the audit log."""
    set_meta(session, _SEEN, " ".join(sorted({*seen(session), stamp})))
    session.info["scribe"].kinds.add("exchange")


def _entries(session: Session) -> Iterator[tuple[str, Entry]]:
    """From the log and not from the rows: an old line that is written over a newer one
    cannot make us forget it."""
    ours = office(session)
    if ours is None:
        return
    wrote: dict[str, list[tuple[str, str]]] = {}
    rows = sa.select(OpRow.row, OpRow.stamp, OpRow.body).where(
        OpRow.kind == "device", OpRow.row.in_(sa.select(Device.id)), OpRow.body != ""
    )
    for row, stamp, body in session.execute(rows.order_by(OpRow.stamp)):
        text = decode(body.encode()).fields.get("signed")
        if isinstance(text, str):
            wrote.setdefault(row, []).append((stamp, text))
    for row, texts in sorted(wrote.items()):
        yield row, _entry(ours, row, texts)


def _entry(ours: Office, row: str, wrote: list[tuple[str, str]]) -> Entry:
    valid: dict[str, Line] = {}
    again: list[tuple[str, Line]] = []
    forged: list[str] = []
    for stamp, text in wrote:
        line = _line(text, ours, row)
        if line is None:
            if roll.claims(text, ours):
                forged.append(stamp)
            continue
        if text in valid:
            again.append((stamp, line))
        valid.setdefault(text, line)
    heads = roll.heads(valid.values())
    name = heads[0].name if heads else row
    told = [Report(row, name, "forged", stamp) for stamp in forged]
    told += [Report(row, name, "replayed", at) for at, line in again if line not in heads]
    if len(heads) > 1:
        told.append(Report(row, name, "crossed"))
    return Entry(tuple(heads), tuple(told))


@lru_cache(maxsize=4_000)
def _line(text: str, ours: Office, row: str) -> Line | None:
    """A line that the office signed, else None. A signature holds for ever, and the register
    is asked many times at every bundle."""
    try:
        return roll.read(text, ours, row)
    except roll.Unsigned:
        return None


@lru_cache(maxsize=4_000)
def _card(text: str) -> Card:
    """The same cards are read at every bundle."""
    return Card.parse(text)


def _cards(line: Line) -> tuple[Card, ...]:
    return tuple(map(_card, line.cards))


def _scope(line: Line) -> Scope:
    return Scope(line.everything, line.places, line.questionnaires, line.compartments)


def _known(session: Session) -> dict[str, Trusted]:
    """Every device of the register by the id in its cards, ourselves among them. A card
    of another id than the newest one belongs to a computer whose place was taken."""
    held = entries(session)
    found: dict[str, Trusted] = {}
    for entry in held.values():
        line, cards = entry.line, _cards(entry.line)
        feeder = held.get(line.fed_by)
        fed_by = _cards(feeder.line)[0].device if feeder else ""
        newest = cards[0].device
        for device in dict.fromkeys(card.device for card in cards):
            own = tuple(card for card in cards if card.device == device)
            state: State = "revoked" if line.state == roll.REVOKED else "live"
            ended = line.revoked_at
            if device != newest:
                after = line.since[cards.index(own[0]) - 1]
                state, ended = "replaced", min(after, ended or after)
            found[device] = Trusted(
                device, line.name, own, _scope(line), state, ended, fed_by, line.role
            )
    return found


def trusted(session: Session) -> dict[str, Trusted]:
    """All devices that we know but ourselves, by the device id in their cards: enrolled
    ones (also revoked and replaced: look at `state`) and paired computers of others."""
    found: dict[str, Trusted] = {}
    for peer in session.scalars(sa.select(Peer)):
        card = _card(peer.card)
        found[card.device] = Trusted(card.device, peer.name, (card,), Scope(True))
    found |= _known(session)
    for mine in identities(session):
        found.pop(mine.device, None)
    return found


def ourselves(session: Session) -> Trusted | None:
    """This computer in the register; None if it is not there."""
    mine = identities(session)
    return _known(session).get(mine[0].device) if mine else None

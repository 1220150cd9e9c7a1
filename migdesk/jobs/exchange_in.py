"""Taking over: every bundle that is new is verified whole, then applied in one transaction."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from migdesk.errors import Refusal
from migdesk.models.store import Store
from migdesk.services import agency, chunks, enrolment, received, registry, standing, vouching
from migdesk.services.merging import Applied
from migdesk.sync import pieces
from migdesk.sync.opening import NotForUs, Opened, read
from migdesk.sync.seal import Card
from migdesk.sync.stores import Missing, Transport
from migdesk.task import Task

from .exchange_out import ENDING


@dataclass
class Taken:
    """Bundles and ops taken over, rows touched, pieces of attachments that came, bundles
    refused (name, words) and put in quarantine (names)."""

    bundles: int = 0
    ops: int = 0
    rows: int = 0
    pieces: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)


def fresh(store: Store, names: Sequence[str]) -> list[str]:
    """Bundles among these names that were not looked at yet, nor made here; and those that
    are to be looked at again."""
    known = store.read(received.known).keys() - store.read(received.doubted)
    ours = store.read(standing.own_names)
    return [
        name
        for name in names
        if name.endswith(ENDING) and name not in known and name not in ours
    ]


def take_over(store: Store, task: Task, transport: Transport, names: Sequence[str]) -> Taken:
    """Take over every new bundle, each whole or not at all.

    A refused one is listed and stays out; the others go on. The Obstacles of the place, of
    the disk and of the database come through: the next round goes on from here.
    """
    store.write(received.trust_again)
    taken = Taken()
    _carry_orders(store, taken)
    new = fresh(store, names)
    for done, name in enumerate(new):
        task.step(done, len(new), name)
        try:
            _one(store, transport, name, taken)
        except Missing:
            continue  # cleaned away by its sender, or the listing was older
    if taken.bundles:
        store.write(enrolment.heed)
    _take_pieces(store, task, transport, set(names), taken)
    return taken


def _one(store: Store, transport: Transport, name: str, taken: Taken) -> None:
    with transport.get(name) as source:
        try:
            opened = open_bundle(store, source)
            if store.read(received.is_suspect, opened.manifest):
                source.seek(0)
                store.write(received.quarantine, name, opened.manifest, source.read())
                taken.quarantined.append(name)
                return
            args = name, opened.manifest, opened.ops(), *_mark(source)
            applied = store.write(received.take, *args)
        except NotForUs:
            store.write(received.pass_over, name)
        except Refusal as fault:
            taken.refused.append((name, fault.words))
            store.write(received.refuse, name, fault.code)
        else:
            _count(taken, applied)


def _mark(source: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of a file, for the slip that goes with it on paper."""
    source.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := source.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _count(taken: Taken, applied: Applied) -> None:
    taken.bundles += 1
    taken.ops += applied.ops
    taken.rows += sum(applied.rows.values())


def open_bundle(store: Store, source: IO[bytes]) -> Opened:
    """A bundle that was verified whole; raises one of its refusals."""
    mine = store.read(registry.identities)
    return read(source, identities=mine, known=_known(store))


def _known(store: Store) -> Mapping[str, Sequence[Card]]:
    """Cards whose signature counts: also of revoked computers, whose bundles are kept, and
    our own, so that a restored computer reads what it had published."""
    found = {device: one.cards for device, one in store.read(registry.trusted).items()}
    for identity in store.read(registry.identities):
        found[identity.device] = (*found.get(identity.device, ()), identity.card)
    return found


def accept_quarantined(store: Store, task: Task, name: str) -> bool:
    """Take over a bundle that was put in quarantine. False: the hub of the shared database
    will, at its next round. Raises its refusals."""
    task.step(0, 1)
    if store.read(agency.leaves_to_hub):
        store.write(received.order, name)
        return False
    _accept(store.whole(), name)
    return True


def _accept(store: Store, name: str) -> None:
    data = store.read(received.from_quarantine, name)
    opened = open_bundle(store, io.BytesIO(data))
    store.write(received.release, name, opened.manifest, opened.ops())
    store.write(enrolment.heed)


def _carry_orders(store: Store, taken: Taken) -> None:
    """What people decided on a shared database who could not write it themselves."""
    if store.read(agency.leaves_to_hub):
        return
    store.write(vouching.carry_out_decided)
    for name in store.read(received.ordered):
        try:
            _accept(store, name)
        except Refusal as fault:
            taken.refused.append((name, fault.words))
            store.write(received.refuse, name, fault.code)


# pieces of attachments --------------------------------------------------------


def _take_pieces(
    store: Store, task: Task, transport: Transport, names: set[str], taken: Taken
) -> None:
    """Pieces of the attachments that have not arrived, as far as they lie here."""
    for content, number, name in _lacking(store, names):
        task.step(taken.pieces, 0)
        try:
            data = _piece(transport, content, number, name)
        except Missing:
            continue
        except pieces.SpoiledPiece as fault:
            taken.refused.append((name, fault.words))
            store.write(received.refuse, name, fault.code)
            continue
        store.write(chunks.put, content, number, data)
        store.write(received.forgive, name)
        taken.pieces += 1


def _lacking(store: Store, names: set[str]) -> Iterator[tuple[chunks.Content, int, str]]:
    if not any(name.endswith(pieces.ENDING) for name in names):
        return
    for content in store.read(chunks.not_arrived):
        here = store.read(chunks.held, content)
        for number, name in enumerate(content.names):
            if number not in here and name in names:
                yield content, number, name


def _piece(
    transport: Transport, content: chunks.Content, number: int, name: str
) -> bytes:
    with transport.get(name) as source:
        sealed = source.read(pieces.LONGEST + 1)
    return pieces.unseal(content.key, content.digest, number, sealed)


@contextmanager
def looked_at(store: Store, transport: Transport, name: str) -> Iterator[Opened]:
    """A bundle of the place, verified, without anything being noted."""
    with transport.get(name) as source:
        yield open_bundle(store, source)


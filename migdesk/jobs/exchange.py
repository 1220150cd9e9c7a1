"""Bundles out and in: through a folder, in any order, as often as one likes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migdesk import __version__
from migdesk.errors import Fault, Mistake
from migdesk.i18n import N_
from migdesk.models.kinds import now_utc
from migdesk.models.store import Store
from migdesk.services import exchange
from migdesk.services.exchange import CardView, Outgoing, PeerView
from migdesk.services.merging import Applied
from migdesk.services.today import count_conflicts
from migdesk.sync.bundle import Manifest, write
from migdesk.sync.opening import CannotRead, NotForUs, Opened, read
from migdesk.sync.seal import Card
from migdesk.sync.stores import Folder, NameTaken, Transport
from migdesk.task import Task

ENDING = ".migbundle"
CARD_ENDING = ".migcard"


class NobodyPaired(Mistake):
    """An export without anybody to read it."""

    code = "EXC-002"
    text = N_(
        "No computer is paired yet. Pair one first: a bundle is encrypted for its readers."
    )


class NoSuchCard(Mistake):
    """A short key that fits no card of the folder."""

    code = "EXC-003"
    text = N_("No card in this folder has this key. Type it again, or paste the whole card.")


@dataclass(frozen=True)
class ExportResult:
    """The bundle written; `name` is empty when everybody has everything."""

    name: str
    ops: int
    blobs: int
    recipients: int


@dataclass(frozen=True)
class BundleView:
    """What a bundle in the folder would do. `status`: new, known, gap (one before it is
    missing, which is safe), refused (with words)."""

    name: str
    device: str
    device_name: str
    made: str
    counts: dict[str, int]
    conflicts: int
    status: str
    fault: str = ""


@dataclass(frozen=True)
class ImportResult:
    """What an import did; `refused` are (name, words)."""

    bundles: int
    ops: int
    rows: int
    conflicts: int
    refused: tuple[tuple[str, str], ...]


class _Blobs:
    """Attachments to send, read one at a time, as often as asked."""

    def __init__(self, store: Store, hashes: tuple[str, ...]) -> None:
        self._store = store
        self._hashes = [h for h in hashes if store.read(exchange.blob, h) is not None]

    def __len__(self) -> int:
        return len(self._hashes)

    def __contains__(self, item: object) -> bool:
        return item in self._hashes

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for digest in self._hashes:
            yield digest, self._store.read(exchange.blob, digest) or b""


def export_bundle(store: Store, task: Task, folder: Path) -> ExportResult:
    """Write what some paired computer has not been sent yet, as one bundle.

    Raises NobodyPaired, or an Obstacle of the folder; nothing is then marked as sent.
    """
    transport = Folder(str(folder))
    if not store.read(exchange.cards):
        raise NobodyPaired
    out = store.read(exchange.outgoing)
    if out is None:
        return ExportResult("", 0, 0, 0)
    task.step(0, 3)
    blobs = _Blobs(store, out.blobs)
    with tempfile.TemporaryDirectory(prefix="migdesk-") as scratch:
        path = Path(scratch) / "bundle"
        written = write(
            path,
            _manifest(out),
            out.ops,
            identity=out.identity,
            recipients=out.cards,
            version=__version__,
            blobs=blobs,
        )
        task.step(1, 3)
        name = f"{out.identity.device}-{out.sequence:06d}-{written.file_hash[:16]}{ENDING}"
        transport.put(name, path)
    task.step(2, 3)
    store.write(exchange.mark_sent, out, written.hash)
    return ExportResult(name, len(out.ops), len(blobs), len(out.cards))


def _manifest(out: Outgoing) -> Manifest:
    return Manifest(
        incarnation=out.incarnation,
        sequence=out.sequence,
        made=now_utc(),
        previous=out.previous,
        schema=1,
    )


def _names(store: Store, transport: Transport) -> list[str]:
    """Bundles of other computers, those of one computer in their order."""
    mine = store.device
    return [n for n in transport.list() if n.endswith(ENDING) and not n.startswith(mine)]


@contextmanager
def _opened(store: Store, transport: Transport, name: str) -> Iterator[Opened]:
    """A bundle that was verified whole; raises one of its refusals."""
    store.write(exchange.make_card)
    identity = store.read(exchange.identity)
    assert identity is not None
    with transport.get(name) as source:
        yield read(source, identity=identity, known=store.read(exchange.cards))


def preview_bundles(store: Store, task: Task, folder: Path) -> tuple[BundleView, ...]:
    """What an import of this folder would do; nothing is written."""
    transport = Folder(str(folder))
    known = store.read(exchange.known_bundles)
    found = []
    names = _names(store, transport)
    for done, name in enumerate(names):
        task.step(done, len(names))
        if known.get(name) == "":
            found.append(BundleView(name, name[:16], "", "", {}, 0, "known"))
            continue
        try:
            with _opened(store, transport, name) as opened:
                found.append(_look(store, name, opened))
        except NotForUs:
            continue
        except Fault as fault:
            words = fault.words
            found.append(BundleView(name, name[:16], "", "", {}, 0, "refused", words))
    return tuple(found)


def _look(store: Store, name: str, opened: Opened) -> BundleView:
    about = opened.manifest
    missing = store.read(exchange.gap_before, about.device, about.incarnation, about.sequence)
    conflicts = store.read(exchange.would_conflict, list(opened.ops()))
    return BundleView(
        name,
        about.device,
        about.device_name,
        about.made,
        dict(about.counts),
        conflicts,
        "gap" if missing else "new",
    )


def import_bundles(store: Store, task: Task, folder: Path) -> ImportResult:
    """Take over every bundle of the folder that is for us and new, each whole or not.

    A refused one (altered, truncated, from a stranger) is listed and stays out; the others
    go on. Raises the Obstacles of the folder.
    """
    transport = Folder(str(folder))
    known = store.read(exchange.known_bundles)
    names = [name for name in _names(store, transport) if known.get(name) != ""]
    bundles = ops = rows = 0
    refused = []
    for done, name in enumerate(names):
        task.step(done, len(names), name)
        try:
            applied = _take(store, transport, name)
        except NotForUs:
            continue
        except CannotRead:
            raise
        except Fault as fault:
            refused.append((name, fault.words))
            store.write(exchange.refuse_bundle, name, fault.code)
            continue
        bundles += 1
        ops += applied.ops
        rows += sum(applied.rows.values())
    return ImportResult(bundles, ops, rows, store.read(count_conflicts), tuple(refused))


def _take(store: Store, transport: Transport, name: str) -> Applied:
    """Verify one bundle whole, then apply it in one transaction."""
    with _opened(store, transport, name) as opened:
        blobs: list[tuple[str, bytes]] = []
        opened.take_blobs(lambda digest, data: blobs.append((digest, data)))
        about = opened.manifest
        cursor = (about.device, about.incarnation, about.sequence)
        return store.write(exchange.apply_bundle, name, cursor, list(opened.ops()), blobs)


def publish_card(store: Store, task: Task, folder: Path) -> str:
    """Put this computer's card into the folder; its name there."""
    task.step(0, 1)
    card = store.write(exchange.make_card)
    name = f"{card.device}{CARD_ENDING}"
    transport = Folder(str(folder))
    try:
        transport.put(name, card.text.encode())
    except NameTaken:
        transport.delete(name)
        transport.put(name, card.text.encode())
    return name


def cards_in(store: Store, task: Task, folder: Path) -> tuple[CardView, ...]:
    """Cards of other computers that lie in the folder; unreadable ones are left out."""
    transport = Folder(str(folder))
    found = []
    names = [name for name in transport.list() if name.endswith(CARD_ENDING)]
    for done, name in enumerate(names):
        task.step(done, len(names))
        with transport.get(name) as source:
            text = source.read(4096).decode("ascii", "replace")
        try:
            card = Card.parse(text)
        except Mistake:
            continue
        if card.device != store.device:
            found.append(CardView(str(card), card.fingerprint, card.name, card.device))
    return tuple(found)


def pair_by_key(store: Store, task: Task, folder: Path, typed: str) -> PeerView:
    """Pair the computer whose card lies in the folder and has the short key `typed`.

    Raises NoSuchCard. The short key was read on the other screen: who could forge a card
    with the same one would have to find a collision of 120 bits.
    """
    for card in cards_in(store, task, folder):
        if Card.parse(card.text).confirmed_by(typed):
            return store.write(exchange.pair, card.text)
    raise NoSuchCard

"""Publishing: what readers lack is made into bundles, their attachments into pieces."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from migdesk import __version__
from migdesk.models.kinds import now_utc
from migdesk.models.migrations import HEAD
from migdesk.models.store import Store
from migdesk.services import chunks, plans, registry, streams
from migdesk.services.plans import Plan
from migdesk.services.streams import Lying, Part, Piece, Run, Sealing
from migdesk.sync import bundle
from migdesk.sync.bundle import Manifest
from migdesk.sync.seal import MAX_RECIPIENTS, Card
from migdesk.sync.stores import Transport
from migdesk.task import Task

ENDING = ".migbundle"
QUIET = 1_000
"""Positions without an op for anybody that are passed over until there is news to tell."""


@dataclass
class Published:
    """Bundles, ops and pieces of attachments put; names now in the place besides those
    seen; how many readers a bundle had at most; the mark of what was told."""

    bundles: int = 0
    ops: int = 0
    pieces: int = 0
    recipients: int = 0
    names: tuple[str, ...] = ()
    told: str = ""


class _Out:
    """One round of publishing into one place."""

    def __init__(self, store: Store, task: Task, transport: Transport, part: Part) -> None:
        self.store, self.task, self.transport, self.part = store, task, transport, part
        self.done = Published()
        self.sealing: Sealing = store.read(streams.sealing)
        ours = store.read(registry.office)
        self.office = ours.id if ours else ""
        self.informed: set[str] = set()

    def run(self, plan: Plan, run: Run, quiet: bool = True) -> None:
        """All bundles of a run. One without ops is made only to tell news or to give."""
        after = run.after
        while True:
            made = self.store.read(streams.piece, run, after, self.part)
            last = made.upto >= run.upto
            gives = run.gives if last else {}
            if made.ops or made.left or gives or not quiet or made.upto - made.after > QUIET:
                self.put(plan, replace(run, gives=gives), made)
            after = made.upto
            if last:
                return

    def put(self, plan: Plan, run: Run, made: Piece) -> None:
        """One bundle, for as many readers at a time as a bundle may have."""
        cards = [self.sealing.cards[reader] for reader in run.readers]
        most = MAX_RECIPIENTS - 1
        for start in range(0, len(cards), most):
            group = cards[start : start + most]
            self._write(plan, run, made, group)
        self.informed.update(run.readers)
        self.done.ops += len(made.ops)

    def _write(self, plan: Plan, run: Run, made: Piece, group: list[Card]) -> None:
        mine = self.sealing.identity
        self.task.step(self.done.ops, 0)
        sequence = self.store.write(streams.next_sequence)
        files = self._files(made.files)
        manifest = Manifest(
            incarnation=plan.news.acks[mine.device][0],
            sequence=sequence,
            made=now_utc(),
            stream=run.stream,
            after=made.after,
            upto=made.upto,
            left=list(made.left),
            gives=dict(run.gives),
            news=plan.news_in(run.stream, mine.device),
            office=self.office,
            schema=int(HEAD),
        )
        with tempfile.TemporaryDirectory(prefix="migdesk-") as scratch:
            path = Path(scratch) / "bundle"
            written = bundle.write(
                path,
                manifest,
                made.ops,
                identity=mine,
                recipients=[*group, mine.card],
                version=__version__,
            )
            name = f"{mine.device}-{sequence:08d}-{written.file_hash[:16]}{ENDING}"
            self.transport.put(name, path)
        readers = tuple(card.device for card in group)
        noted = replace(run, readers=readers)
        args = name, noted, made, files, plan.told, written.size, written.file_hash
        self.store.write(streams.mark_sent, *args)
        self.done.bundles += 1
        self.done.recipients = max(self.done.recipients, len(readers))
        self.done.names = (*self.done.names, name)

    def _files(self, ids: Sequence[str]) -> dict[str, list[str]]:
        return {one.id: one.names for one in self.store.read(chunks.here, ids)}


def publish(
    store: Store, task: Task, transport: Transport, part: Part, names: Sequence[str]
) -> Published:
    """Put into the place what its readers lack; `names` is what lies there."""
    plan = store.write(plans.plan, names)
    out = _Out(store, task, transport, part)
    out.done.told = plan.told
    to_tell = {reader for run in plan.to_tell for reader in run.readers}
    for run in plan.runs:
        out.run(plan, run, quiet=not to_tell.intersection(run.readers))
    for run in plan.to_tell:
        left = tuple(reader for reader in run.readers if reader not in out.informed)
        if left:
            out.run(plan, replace(run, readers=left), quiet=False)
    _put_pieces(store, task, transport, {*names, *out.done.names}, out.done)
    return out.done


def _put_pieces(
    store: Store, task: Task, transport: Transport, names: set[str], done: Published
) -> None:
    """Pieces of the attachments that our bundles in the place name and that do not lie
    beside them: after the bundles, since a record is worth more than its picture."""
    spoiled = store.read(streams.told_spoiled)
    for one in _attachments(store, store.read(streams.lying, names)):
        for number, name in enumerate(one.names):
            if name in names and name not in spoiled:
                continue
            task.step(done.pieces, 0)
            if name in names:
                transport.delete(name)
            data = store.read(chunks.sealed, one, number)
            if data is None:
                break
            transport.put(name, data)
            names.add(name)
            done.pieces += 1


def _attachments(store: Store, there: Sequence[Lying]) -> Iterator[chunks.Content]:
    ids = list(dict.fromkeys(id for one in there for id in one.files))
    for start in range(0, len(ids), 500):
        yield from store.read(chunks.here, ids[start : start + 500])


def clean(
    store: Store, task: Task, transport: Transport, names: Sequence[str], told: str
) -> int:
    """Remove bundles of ours that no living reader needs any more, and pieces that only
    they named; how many files went. `told` marks the news of this round."""
    gone = store.read(streams.done_with, names, told)
    going = {one.name for one in gone}
    kept = [one for one in store.read(streams.lying, names) if one.name not in going]
    needed = {name for one in kept for found in one.files.values() for name in found}
    parts = {name for one in gone for found in one.files.values() for name in found}
    unneeded = [name for name in names if name in parts and name not in needed]
    doomed = [one.name for one in gone] + unneeded
    for done, name in enumerate(doomed):
        task.step(done, len(doomed))
        transport.delete(name)
    return len(doomed)


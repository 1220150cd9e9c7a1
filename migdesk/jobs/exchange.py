"""The exchange through a place: look, take over, publish, clean. As often as one likes, in
any order, through any number of places; killed midway, the next round goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from migdesk.errors import Fault, Mistake
from migdesk.i18n import N_
from migdesk.models.sealing import COMPARTMENTS
from migdesk.models.store import Store
from migdesk.services import bundles, leaving, received, sights, standing, streams
from migdesk.services.bundles import Sample
from migdesk.services.exchange import make_card
from migdesk.services.streams import Part
from migdesk.services.today import count_conflicts
from migdesk.sync.opening import NotForUs
from migdesk.sync.stores import Folder, Transport
from migdesk.task import Task

from .exchange_cards import NoSuchCard, cards_in, pair_by_key, publish_card
from .exchange_in import Taken, accept_quarantined, fresh, looked_at, take_over
from .exchange_out import ENDING, clean, publish
from .exchange_place import carried_by, check_place

LARGE = Part(ops=20_000, size=32 << 20)
"""For a folder or a stick."""


class NobodyPaired(Mistake):
    """An export without anybody to read it."""

    code = "EXC-002"
    text = N_(
        "No computer is paired yet. Pair one first: a bundle is encrypted for its readers."
    )


@dataclass(frozen=True)
class Exchanged:
    """What a round did. `taken` and `sent` are ops; `refused` are (name, words); `gaps` the
    computers of whom something is missing (names); `quarantined` names of bundles; `clean`
    files removed from the place; `pieces` of attachments, both ways."""

    taken: int
    sent: int
    refused: tuple[tuple[str, str], ...]
    gaps: tuple[str, ...]
    quarantined: tuple[str, ...]
    clean: int
    bundles_in: int = 0
    bundles_out: int = 0
    pieces: int = 0


@dataclass(frozen=True)
class ExportResult:
    """The last bundle written; `name` is empty when everybody has everything."""

    name: str
    ops: int
    blobs: int
    recipients: int


@dataclass(frozen=True)
class BundleView:
    """What a bundle of the place would do. `status`: new, known, gap (one before it is
    missing, which is safe), refused (with words). `counts`: changes by kind; `sample`: a
    few of them in words."""

    name: str
    device: str
    device_name: str
    made: str
    counts: dict[str, int]
    conflicts: int
    status: str
    fault: str = ""
    sample: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class ImportResult:
    """What an import did; `refused` are (name, words)."""

    bundles: int
    ops: int
    rows: int
    conflicts: int
    refused: tuple[tuple[str, str], ...]


def exchange(
    store: Store, task: Task, transport: Transport, *, part: Part | None = None
) -> Exchanged:
    """One whole round through a place. Raises the Obstacles of the place or of the disk;
    whatever was done until then stays done."""
    part = part or _part(transport)
    eyes, store = _Eyes(store), store.whole()
    _ready(store)
    taken = take_over(store, task, transport, transport.list())
    names = transport.list()
    came = eyes.came(taken)
    out = publish(store, task, transport, part, names)
    cleaned = clean(store, task, transport, [*names, *out.names], out.told)
    store.write(leaving.purge)
    store.scrub(task)
    return Exchanged(
        taken=came.ops,
        sent=eyes.went(out.ops),
        refused=tuple(taken.refused),
        gaps=store.read(bundles.gaps),
        quarantined=tuple(taken.quarantined),
        clean=cleaned,
        bundles_in=taken.bundles,
        bundles_out=out.bundles,
        pieces=taken.pieces + out.pieces,
    )


class _Eyes:
    """What who asked for a round is told of it: all of it goes and comes, but nobody learns
    from a figure that there is something which he may not see."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._all = store.granted is None or store.granted.issuperset(COMPARTMENTS)
        self._end = 0 if self._all else store.whole().read(standing.log_end)
        self._waited = 0 if self._all else store.read(streams.waiting)[0]

    def came(self, taken: Taken) -> sights.Came:
        """Changes and rows taken over."""
        if self._all:
            return sights.Came(taken.ops, {"": taken.rows})
        return self._store.read(sights.came, self._end)

    def went(self, ops: int) -> int:
        """Changes put out."""
        if self._all:
            return ops
        return max(self._waited - self._store.read(streams.waiting)[0], 0)

    def foresee(self, view: BundleView) -> BundleView:
        """What a bundle holds is told to whoever may see all of it."""
        return view if self._all else replace(view, counts={}, conflicts=0, sample=())


def _part(transport: Transport) -> Part:
    return LARGE if isinstance(transport, Folder) else Part()


def _ready(store: Store) -> None:
    store.write(make_card)


def preview(store: Store, task: Task, transport: Transport) -> tuple[BundleView, ...]:
    """What taking over from this place would do; nothing is written."""
    eyes, store = _Eyes(store), store.whole()
    _ready(store)
    known = store.read(received.known)
    ours = store.read(standing.own_names)
    names = [n for n in transport.list() if n.endswith(ENDING) and n not in ours]
    found = []
    for done, name in enumerate(names):
        task.step(done, len(names))
        view = _preview(store, transport, name, known.get(name, ""))
        if view is not None:
            found.append(eyes.foresee(view))
    return tuple(found)


def _preview(
    store: Store, transport: Transport, name: str, state: str
) -> BundleView | None:
    device = received.sender_in(name)
    if state in received.LASTING:
        status = "" if state == "foreign" else "known"
        return BundleView(name, device, "", "", {}, 0, status) if status else None
    try:
        with looked_at(store, transport, name) as opened:
            about = opened.manifest
            foreseen = store.read(bundles.foresee, about, opened.ops())
    except NotForUs:
        return None
    except Fault as fault:
        return BundleView(name, device, "", "", {}, 0, "refused", fault.words)
    return BundleView(
        name,
        about.device,
        about.device_name,
        about.made,
        dict(about.counts),
        foreseen.conflicts,
        "gap" if foreseen.gap else "new",
        sample=foreseen.sample,
    )


# a folder, by hand ------------------------------------------------------------


def export_bundle(store: Store, task: Task, folder: Path) -> ExportResult:
    """Put into a folder what its readers lack. Raises NobodyPaired, or an Obstacle."""
    check_place(folder)
    transport = Folder(str(folder))
    eyes, store = _Eyes(store), store.whole()
    _ready(store)
    if not store.read(streams.readers):
        raise NobodyPaired
    names = transport.list()
    out = publish(store, task, transport, LARGE, names)
    name = out.names[-1] if out.ops else ""
    return ExportResult(name, eyes.went(out.ops), out.pieces, out.recipients)


def import_bundles(store: Store, task: Task, folder: Path) -> ImportResult:
    """Take over every bundle of a folder that is for us and new; one that was refused
    before is looked at again, since a person asks for it."""
    check_place(folder)
    transport = Folder(str(folder))
    mine, eyes, store = store, _Eyes(store), store.whole()
    _ready(store)
    names = transport.list()
    store.write(received.look_again, names)
    taken = take_over(store, task, transport, names)
    came = eyes.came(taken)
    waiting, rows = mine.read(count_conflicts), sum(came.rows.values())
    return ImportResult(taken.bundles, came.ops, rows, waiting, tuple(taken.refused))


def preview_bundles(store: Store, task: Task, folder: Path) -> tuple[BundleView, ...]:
    """`preview` of a folder."""
    return preview(store, task, Folder(str(folder)))


__all__ = [
    "BundleView",
    "Exchanged",
    "ExportResult",
    "ImportResult",
    "NoSuchCard",
    "NobodyPaired",
    "Part",
    "Taken",
    "accept_quarantined",
    "cards_in",
    "carried_by",
    "check_place",
    "exchange",
    "export_bundle",
    "fresh",
    "import_bundles",
    "pair_by_key",
    "preview",
    "preview_bundles",
    "publish_card",
]

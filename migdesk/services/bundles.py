"""Bundles for people: what one would do, undoing one as a whole, where the exchange stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models import RECORDS, Record
from migdesk.models.local import OpRow, Received
from migdesk.models.meta import get_meta
from migdesk.ops import DELETED, Op, decode
from migdesk.sync.bundle import Manifest
from migdesk.sync.intervals import held
from migdesk.sync.merge import RowState, settle

from . import chunks, history, office, received, registry, standing, streams
from .merging import asked, states_of
from .views import load, title_of

SAMPLE = 20
FOR_GOOD = ("erased", "merged")
"""What undoing an import leaves as it is: erasing cannot be undone, and a merge of records
is taken back by hand."""


class NotUndoable(Mistake):
    code = "EXC-006"
    text = N_("This import cannot be undone: it is not here, or was undone already.")


@dataclass(frozen=True)
class Sample:
    """A change in words: kind, title of the record, and (label, value) of its fields."""

    kind: str
    title: str
    action: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Foreseen:
    """What taking over a bundle would do: conflicts that it opens, a few changes in words,
    whether something before it is missing."""

    conflicts: int
    sample: tuple[Sample, ...]
    gap: bool


@dataclass(frozen=True)
class UndoneBundle:
    """What undoing an import did: rows taken back, and records (kind, id, title) that were
    left as they are because somebody changed them since."""

    rows: int
    kept: tuple[tuple[str, str, str], ...]


# preview ----------------------------------------------------------------------


def foresee(session: Session, about: Manifest, ops: Iterable[Op]) -> Foreseen:
    """What taking over these ops would do, without writing anything."""
    whole = list(ops)
    place = about.device, about.incarnation, about.stream
    gap = about.after > held(standing.spans(session, *place))
    shown = (op for op in whole if op.kind in RECORDS and op.fields)
    sample = tuple(_sample(session, op) for op in islice(shown, SAMPLE))
    return Foreseen(would_conflict(session, whole), sample, gap)


def _sample(session: Session, op: Op) -> Sample:
    about = RECORDS[op.kind]
    fields = tuple(
        (str(about[name].label), history.shown(session, about[name].kind, value))
        for name, value in op.fields.items()
        if name in about.fields and not about[name].hidden
    )
    title = title_of(session, op.kind, op.row) or about.title(
        {name: op.fields.get(name) for name in about.fields}
    )
    return Sample(op.kind, title, history.action(op), fields)


def would_conflict(session: Session, ops: Iterable[Op]) -> int:
    """Conflicts that taking over these ops would open."""
    by_row: dict[str, list[Op]] = {}
    for op in ops:
        by_row.setdefault(op.row, []).append(op)
    found = 0
    for row, new in by_row.items():
        mine = history.ops_of(session, row)
        if mine:
            after, before = settle([*mine, *new]).conflicts, settle(mine).conflicts
            found += max(0, sum(map(asked, after)) - sum(map(asked, before)))
    return found


# undo -------------------------------------------------------------------------


def undo_bundle(session: Session, name: str) -> UndoneBundle:
    """Undo an import as a whole by ops of our own: what it made goes to the bin, what it
    changed gets the value from before. Raises NotUndoable."""
    span = received.positions_of(session, name)
    if span is None:
        raise NotUndoable
    first, last = span
    bodies = sa.select(OpRow.body).where(OpRow.seq >= first, OpRow.seq <= last)
    came: dict[str, list[Op]] = {}
    for body in session.scalars(bodies.where(OpRow.body != "").order_by(OpRow.seq)):
        op = decode(body.encode())
        came.setdefault(op.row, []).append(op)
    later = _changed_since(session, list(came), last)
    done, kept = 0, []
    for row, ops in came.items():
        if row in later or not _can_go(ops):
            kept.append((ops[0].kind, row, title_of(session, ops[0].kind, row)))
        elif _take_back(session, row, ops):
            done += 1
    session.flush()
    bundle = session.get(Received, name)
    if bundle is not None:
        bundle.state = "undone"
    office.note(session, "undo_bundle", f"{done} {len(kept)}")
    session.info["scribe"].kinds.add("exchange")
    return UndoneBundle(done, tuple(kept))


def _changed_since(session: Session, rows: list[str], last: int) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        later = sa.select(OpRow.row).where(OpRow.row.in_(part), OpRow.seq > last)
        found |= set(session.scalars(later.distinct()))
    return found


def _can_go(ops: list[Op]) -> bool:
    """Whether this version knows all that the ops say, and it can be taken back."""
    about = RECORDS.get(ops[0].kind)
    names = {name for op in ops for name in op.fields}
    return (
        about is not None
        and about.kind != "device"
        and names <= about.fields.keys() | {DELETED}
        and not names.intersection(FOR_GOOD)
    )


def _take_back(session: Session, row: str, ops: list[Op]) -> bool:
    kind, stamps = ops[0].kind, {op.stamp for op in ops}
    before = [op for op in history.ops_of(session, row) if op.stamp not in stamps]
    record = load(session, kind, row)
    if not before:
        if record.deleted:
            return False
        record.deleted = True
        return True
    was = settle(before)
    now = states_of(session, [row])[row]
    disputed = {conflict.field for conflict in now.conflicts}
    settled = {conflict.field for conflict in was.conflicts if asked(conflict)} - disputed
    names = list(dict.fromkeys(name for op in ops for name in op.fields))
    for name in names:
        if name in settled:
            history.reopen(session, record, name, was, before)
        else:
            _give_back(session, record, name, was, name in disputed)
    return bool(names)


def _give_back(
    session: Session, record: Record, name: str, was: RowState, disputed: bool
) -> None:
    value = was.values.get(name)
    value = bool(value) if name == DELETED else value
    if disputed:
        history.decide(session, record, name, value)
    elif getattr(record, name) != value:
        setattr(record, name, value)


# where it stands --------------------------------------------------------------


@dataclass(frozen=True)
class DeviceStatus:
    """How the exchange with one computer stands. `heard` is the moment here of its last
    bundle; `waits`: changes wait here for it; `missing`: something of it is known to exist
    and did not come; `bundles` and `ops` came from it so far."""

    device: str
    name: str
    state: str
    heard: str
    waits: bool
    missing: bool
    bundles: int
    ops: int


@dataclass(frozen=True)
class Came:
    """A bundle that came: from whom (name), when, how many new changes; may be undone."""

    name: str
    sender: str
    at: str
    ops: int
    can_undo: bool


@dataclass(frozen=True)
class ExchangeStatus:
    """Where the exchange stands. `waiting` changes and roughly `waiting_bytes`, not put
    anywhere yet for some reader; `last` round; `gaps` names of computers of whom something
    is missing; `not_arrived` attachments without their content; `refused` and
    `quarantined` bundles that wait for a person."""

    waiting: int
    waiting_bytes: int
    last: str
    devices: tuple[DeviceStatus, ...]
    came: tuple[Came, ...]
    gaps: tuple[str, ...]
    not_arrived: int
    refused: int
    quarantined: int


def status(session: Session) -> ExchangeStatus:
    """For the page, in plain facts."""
    waiting, size = streams.waiting(session)
    return ExchangeStatus(
        waiting=waiting,
        waiting_bytes=size,
        last=get_meta(session, "exchanged"),
        devices=_devices(session),
        came=came(session),
        gaps=gaps(session),
        not_arrived=len(chunks.not_arrived(session)),
        refused=len(received.refused(session)),
        quarantined=len(received.quarantined(session)),
    )


def gaps(session: Session) -> tuple[str, ...]:
    """Names of the computers of whom something is missing here."""
    if not registry.identities(session):
        return ()
    names = _names(session)
    wanted = standing.wanted(session, standing.me(session))
    return tuple(sorted(names.get(device, device[:8]) for device in wanted))


def _names(session: Session) -> Mapping[str, str]:
    return {device: one.name for device, one in registry.trusted(session).items()}


def _devices(session: Session) -> tuple[DeviceStatus, ...]:
    if not registry.identities(session):
        return ()
    mine = standing.me(session)
    heard = standing.heard(session)
    wanted = standing.wanted(session, mine)
    unsent = streams.unsent(session)
    total = sa.select(Received.device, sa.func.count(), sa.func.sum(Received.ops))
    rows = session.execute(total.where(Received.state == "applied").group_by(Received.device))
    sums = {device: (bundles, ops) for device, bundles, ops in rows}
    return tuple(
        DeviceStatus(
            device=device,
            name=one.name,
            state=one.state,
            heard=heard[device].at if device in heard else "",
            waits=bool(unsent.get(device)),
            missing=device in wanted,
            bundles=sums.get(device, (0, 0))[0],
            ops=sums.get(device, (0, 0))[1] or 0,
        )
        for device, one in sorted(
            registry.trusted(session).items(), key=lambda item: item[1].name
        )
    )


def came(session: Session, most: int = 50) -> tuple[Came, ...]:
    """Bundles that brought changes, newest first."""
    names = _names(session)
    rows = (
        sa.select(Received)
        .where(Received.state.in_(("applied", "undone")), Received.ops > 0)
        .order_by(Received.at.desc(), Received.last.desc())
        .limit(most)
    )
    return tuple(
        Came(
            row.id,
            names.get(row.device, ""),
            row.at,
            row.ops,
            row.state == "applied" and row.first > 0,
        )
        for row in session.scalars(rows)
    )

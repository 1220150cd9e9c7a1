"""Erasing a record for good: what a person asks for who wants to be forgotten.

An erasure is an op that beats everything, for ever. Each computer that hears of it forgets
what the row ever said, also what arrives later; that the row was written stays known, and
nothing else. What lies on a stick in a drawer, in a backup or on paper nobody can promise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, Record, going_with, sealing
from migdesk.models.capture import NotYours
from migdesk.models.declare import HEADS
from migdesk.models.kinds import Link
from migdesk.models.local import Erasure, OpRow, Outbox
from migdesk.models.office import AttachmentRecord
from migdesk.models.quick import chunks
from migdesk.ops import DELETED, ERASED

from . import emptying, merging, office, registry, sights, standing
from .history import moment_of, ops_of
from .views import Gone, load

REASONS = ("asked", "mistake", "law", "other")
"""Codes of why a record is erased, for the audit log."""


@dataclass(frozen=True)
class Plan:
    """What an erasure takes away: (kind, how many), the record itself among them; and what
    only speaks of it and stays, to be erased by itself: (kind, id)."""

    gone: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Confirmation:
    """Whether a device is known to have carried out an erasure."""

    device: str
    name: str
    confirmed: bool


@dataclass(frozen=True)
class Erased:
    """An erasure, without a word of what was there."""

    row: str
    kind: str
    at: str


def plan(session: Session, kind: str, id: str) -> Plan:
    """What erasing a record would take away. Raises Gone."""
    rows = _rows(session, load(session, kind, id))
    counts: dict[str, int] = {}
    for of in _seen(session, rows).values():
        counts[of] = counts.get(of, 0) + 1
    return Plan(tuple(sorted(counts.items())), tuple(_speaking(session, rows)))


def erase(session: Session, kind: str, id: str, reason: str) -> int:
    """Erase a record, those merged into it, their lines, what they hold and their files; how
    many rows. It cannot be undone. `reason` is one of REASONS.

    Raises Gone, NotYours (office head and above may).
    """
    if reason not in REASONS:
        raise ValueError("an unknown reason")
    scribe = session.info["scribe"]
    record = load(session, kind, id)
    if scribe.role and scribe.role not in HEADS:
        raise NotYours(what=RECORDS[kind].label)
    if is_erased(session, record.id):
        raise Gone
    rows = _rows(session, record)
    seen = _seen(session, rows)
    session.flush()
    ops = [
        scribe.op(RECORDS[of], row, {DELETED: True, ERASED: True}, {})
        for row, of in rows.items()
    ]
    merging.apply_ops(session, ops, origin="")
    office.note(session, "erase", f"{kind} {record.id} {reason}")
    return len(seen)


def _seen(session: Session, rows: dict[str, str]) -> dict[str, str]:
    """The rows that who erases may know of; the others go with them, and are not counted."""
    hidden = sealing.hidden(session.connection(), rows, sights.granted(session))
    return {row: kind for row, kind in rows.items() if row not in hidden}


def _rows(session: Session, record: Record) -> dict[str, str]:
    """Every row that goes with a record (id → kind), in the bin or not."""
    found: dict[str, str] = {}
    ahead = [(record.__kind__, record.id)]
    while ahead:
        kind, id = ahead.pop()
        if id in found or is_erased(session, id):
            continue
        found[id] = kind
        model = RECORDS[kind].model
        going = [(kind, _ids(model, model.merged, id))]
        for child, name in going_with(kind):
            going.append((child.kind, _ids(child.model, getattr(child.model, name), id)))
        for of, rows in going:
            ahead += ((of, row) for row in session.scalars(rows))
        files = session.scalars(_ids(AttachmentRecord, AttachmentRecord.of, id))
        ahead += (("attachment", row) for row in [*files, *_files(session, kind, id)])
    return found


def _ids(model: type[Record], column: Any, id: str) -> sa.Select[str]:
    return sa.select(model.id).where(column == id)


def _files(session: Session, kind: str, id: str) -> list[str]:
    """Attachments that the row names (a photo, a scan), and nothing but this row does."""
    record = session.get(RECORDS[kind].model, id)
    names = [f.name for f in RECORDS[kind].fields.values() if isinstance(f.kind, Link)]
    files = {
        value
        for name in names
        if RECORDS[kind][name].kind.to == "attachment"  # type: ignore[attr-defined]
        and (value := getattr(record, name))
    }
    return [f for f in sorted(files) if not _others(session, f, id)]


def _others(session: Session, file: str, id: str) -> bool:
    for about in RECORDS.values():
        for f in about.fields.values():
            if getattr(f.kind, "to", "") == "attachment":
                column = getattr(about.model, f.name)
                rows = sa.select(about.model.id).where(column == file, about.model.id != id)
                if session.scalar(rows.limit(1)) is not None:
                    return True
    held = session.get(AttachmentRecord, file)
    return held is None or (held.of is not None and held.of != id)


def _speaking(session: Session, rows: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Records that name one of these rows, and do not go with them."""
    for about in RECORDS.values():
        found: set[str] = set()
        for f in about.fields.values():
            named = [row for row, kind in rows.items() if kind == getattr(f.kind, "to", "")]
            if isinstance(f.kind, Link):
                column = getattr(about.model, f.name)
                for part in chunks(named):
                    there = sa.select(about.model.id).where(column.in_(part))
                    found.update(session.scalars(there))
        yield from ((about.kind, id) for id in sorted(found - rows.keys()))


def is_erased(session: Session, row: str) -> bool:
    """Whether a row was erased."""
    return bool(emptying.erased_among(session, [row]))


def erasures(session: Session, limit: int = 100) -> tuple[Erased, ...]:
    """What was erased, newest first."""
    newest = sa.select(Erasure).order_by(Erasure.stamp.desc()).limit(limit)
    return tuple(Erased(e.row, e.kind, moment_of(e.stamp)) for e in session.scalars(newest))


def confirmations(session: Session, row: str) -> tuple[Confirmation, ...]:
    """Which of the devices that we know have carried out the erasure of a row; none if it
    was not erased.

    A device confirms by acknowledging our log as far as the erasure, or by having written
    one itself.
    """
    first = session.scalar(
        sa.select(OpRow.seq)
        .join(Erasure, Erasure.stamp == OpRow.stamp)
        .where(Erasure.row == row)
    )
    if first is None:
        return ()
    heard = standing.heard(session)
    wrote = {op.device for op in ops_of(session, row) if ERASED in op.fields}
    found = []
    for device in sorted(registry.trusted(session).values(), key=lambda each: each.name):
        sent = _sent_as(session, device, first)
        if device.state == "live" and (sent or device.device in wrote):
            told = heard.get(device.device)
            held = told.position if told is not None else 0
            confirmed = device.device in wrote or held >= sent
            found.append(Confirmation(device.device, device.name, confirmed))
    return tuple(found)


def _sent_as(session: Session, device: registry.Trusted, seq: int) -> int:
    """Where an op of our log lies in the stream of a device; 0: it is not for it."""
    if device.scope.everything:
        return seq
    mine = Outbox.device == device.device, Outbox.seq == seq, Outbox.left.is_(False)
    return session.scalar(sa.select(sa.func.min(Outbox.n)).where(*mine)) or 0

"""What a computer may change from afar: its signature is worth what its role is worth.

A stamp says who wrote an op, and anybody may write any stamp; only the signature of the
bundle proves something. So an op that not everybody may write counts once a bundle brings it
whose signer may write it himself. What others bring of it is kept apart, in no log, until
one comes who may, or a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models import RECORDS, RecordType
from migdesk.models.capture import NotYours
from migdesk.models.declare import HEADS
from migdesk.models.kinds import now_utc
from migdesk.models.local import HeldBack, OpRow
from migdesk.models.meta import get_meta, set_meta
from migdesk.ops import ERASED, Op, decode, encode
from migdesk.sync import roll

from . import agency, emptying, merging, office, registry
from .merging import chunks
from .registry import Trusted
from .views import title_of

LEAST = "agent"
"""As what a paired computer of another office counts, beside what is its own; and a revoked
one of ours, once a person accepted what it sent."""
SAMPLE = 20


class NothingHeld(Mistake):
    code = "VCH-001"
    text = N_("Nothing of this computer waits any more.")


@dataclass(frozen=True)
class Asked:
    """One change that waits: kind, title of the record here ("" if it is not), and whether
    it would erase the record for good."""

    kind: str
    title: str
    erases: bool


@dataclass(frozen=True)
class HeldView:
    """Changes that a computer sent and may not make: whose, when the last of them came, how
    many, how many of them erase, and a few of them."""

    device: str
    sender: str
    at: str
    n: int
    erasures: int
    sample: tuple[Asked, ...]


@dataclass
class Sieve:
    """Lets through what the sender may write; `held` is the rest."""

    session: Session
    sender: Trusted | None
    held: list[Op] = field(default_factory=list)

    def through(self, ops: Iterable[Op]) -> Iterator[Op]:
        """The ops that count."""
        ours = registry.office(self.session)
        if ours is None or self.sender is None:
            yield from ops  # our own bundle; or before there is an office, and roles
            return
        for op in ops:
            if may_write(self.session, self.sender, op):
                yield op
            else:
                self.held.append(op)


def may_write(session: Session, sender: Trusted, op: Op) -> bool:
    """Whether an op that this computer signed for counts.

    A line of the register proves itself. Who may not write a kind may make the account of
    who works there, with no more than the role of the computer; a computer of another
    office may write and erase what nobody but itself wrote.
    """
    role = _role(sender)
    about = RECORDS.get(op.kind)
    erases = ERASED in op.fields
    if op.emptied or (about is None and not erases):
        return True
    if role in HEADS if erases else about is None or _writes(session, sender, about, op):
        return True
    if op.kind == "device" and not erases and _is_signed(session, op):
        return True
    own_account = op.kind == "account" and op.fields.get("role", role) == role
    if not sender.role or (own_account and not erases):
        return _only_from(session, sender.device, op.row)
    return False


def role_here(session: Session, role: str) -> str:
    """As what an account of this role works on this computer: where the office enrolled the
    computer for less, others would hold back what only the account may write."""
    here = registry.ourselves(session)
    if not role or here is None or not here.role:
        return role
    return here.role if _kinds(here.role) < _kinds(role) else role


def _kinds(role: str) -> set[str]:
    return {about.kind for about in RECORDS.values() if role in about.writers}


def _writes(session: Session, sender: Trusted, about: RecordType, op: Op) -> bool:
    role = _role(sender)
    guarded = about.guarded.keys() & op.fields.keys()
    if role not in about.writers:
        return False
    return all(role in about.guarded[name] for name in guarded) or _feeds(session, sender)


def _feeds(session: Session, sender: Trusted) -> bool:
    """Whether we are a device with a scope, and this one feeds it. What is in a compartment
    comes only if the office gave it to the device, so what the feeder passes on of accounts
    opens nothing here."""
    us = registry.ourselves(session)
    return us is not None and not us.scope.everything and us.fed_by in ("", sender.device)


def _role(sender: Trusted) -> str:
    """As what a computer counts now."""
    role = sender.role or LEAST
    return LEAST if role in HEADS and sender.state != "live" else role


def _is_signed(session: Session, op: Op) -> bool:
    ours, text = registry.office(session), op.fields.get("signed")
    if ours is None or not isinstance(text, str):
        return False
    try:
        roll.read(text, ours, op.row)
    except roll.Unsigned:
        return False
    return True


def _only_from(session: Session, device: str, row: str) -> bool:
    """Whether all that we know of a row came with bundles of this device."""
    others = sa.select(OpRow.seq).where(OpRow.row == row, OpRow.origin != device)
    return session.scalar(others.limit(1)) is None


def keep(session: Session, device: str, ops: Iterable[Op]) -> int:
    """Keep ops apart that the device may not write, unless they are here already or speak
    of what was erased; how many."""
    waiting = {op.stamp: op for op in ops}
    known = session.scalars(sa.select(OpRow.stamp).where(OpRow.stamp.in_(waiting))).all()
    gone = emptying.erased_among(session, {op.row for op in waiting.values()})
    new = [op for op in waiting.values() if op.stamp not in known and op.row not in gone]
    for op in new:
        body = encode(op).decode()
        row = HeldBack(stamp=op.stamp, device=device, row=op.row, at=now_utc(), body=body)
        session.merge(row)
    session.flush()
    if new:
        office.note(session, "hold_back", f"{device} {len(new)}")
        session.info["scribe"].kinds.add("exchange")
    return len(new)


def came_after_all(session: Session) -> None:
    """Forget what is in the log now: somebody brought it who may."""
    here = sa.select(OpRow.stamp).where(OpRow.stamp == HeldBack.stamp)
    session.execute(sa.delete(HeldBack).where(here.exists()))


def held_back(session: Session) -> tuple[HeldView, ...]:
    """What waits for a person, one for each computer that sent it."""
    names = {one.device: one.name for one in registry.trusted(session).values()}
    found: dict[str, list[HeldBack]] = {}
    decided = _decided(session)
    for row in session.scalars(sa.select(HeldBack).order_by(HeldBack.device, HeldBack.stamp)):
        if row.stamp not in decided:
            found.setdefault(row.device, []).append(row)
    return tuple(
        _view(session, device, names.get(device, ""), rows) for device, rows in found.items()
    )


def _view(session: Session, device: str, sender: str, rows: list[HeldBack]) -> HeldView:
    ops = [decode(row.body.encode()) for row in rows]
    asked = tuple(
        Asked(op.kind, _title(session, op), ERASED in op.fields) for op in ops[:SAMPLE]
    )
    erasures = sum(ERASED in op.fields for op in ops)
    return HeldView(device, sender, max(row.at for row in rows), len(ops), erasures, asked)


def _title(session: Session, op: Op) -> str:
    return title_of(session, op.kind, op.row) if op.kind in RECORDS else ""


def count(session: Session) -> int:
    """How many computers sent what waits for a person."""
    kept = sa.select(HeldBack.device, HeldBack.stamp)
    decided = _decided(session)
    return len({device for device, stamp in session.execute(kept) if stamp not in decided})


def carry_out(session: Session, device: str) -> bool:
    """Make the changes of a computer that wait, as if they were ours: so others hear them
    from us, whose signature counts. False: the hub of the shared database will, at its next
    round. Raises NotYours, NothingHeld."""
    waiting = _of(session, device)
    for op in waiting:
        _may_decide(session, op.kind)
    if agency.leaves_to_hub(session):
        decided = _decided(session) | {op.stamp for op in waiting}
        set_meta(session, _DECIDED, " ".join(sorted(decided)))
        office.note(session, "order_carry_out", f"{device} {len(waiting)}")
        session.info["scribe"].kinds.add("exchange")
        return False
    _carry_out(session, device, waiting)
    return True


def carry_out_decided(session: Session) -> int:
    """What people decided who could not write it themselves; how many changes."""
    decided = _decided(session)
    if not decided:
        return 0
    ordered: dict[str, list[Op]] = {}
    rows = sa.select(HeldBack).where(HeldBack.stamp.in_(decided)).order_by(HeldBack.stamp)
    for row in session.scalars(rows):
        ordered.setdefault(row.device, []).append(decode(row.body.encode()))
    for device, ops in ordered.items():
        _carry_out(session, device, ops)
    set_meta(session, _DECIDED, "")
    return sum(map(len, ordered.values()))


def _carry_out(session: Session, device: str, ops: list[Op]) -> None:
    _forget(session, ops)
    merging.apply_ops(session, ops, "")
    office.note(session, "carry_out", f"{device} {len(ops)}")


def drop(session: Session, device: str) -> None:
    """Throw away what waits of a computer. Raises NotYours, NothingHeld."""
    _may_decide(session, "device")
    waiting = _of(session, device)
    _forget(session, waiting)
    office.note(session, "drop_held", f"{device} {len(waiting)}")


_DECIDED = "held_decided"
"""Stamps of what the hub is to carry out."""


def _decided(session: Session) -> set[str]:
    return set(get_meta(session, _DECIDED).split())


def _of(session: Session, device: str) -> list[Op]:
    """What waits of a computer. Raises NothingHeld."""
    decided = _decided(session)
    mine = sa.select(HeldBack).where(HeldBack.device == device).order_by(HeldBack.stamp)
    found = [decode(row.body.encode()) for row in session.scalars(mine)]
    if waiting := [op for op in found if op.stamp not in decided]:
        return waiting
    raise NothingHeld


def _forget(session: Session, ops: list[Op]) -> None:
    for some in chunks([op.stamp for op in ops]):
        session.execute(sa.delete(HeldBack).where(HeldBack.stamp.in_(some)))
    session.info["scribe"].kinds.add("exchange")


def _may_decide(session: Session, kind: str) -> None:
    role, about = session.info["scribe"].role, RECORDS.get(kind)
    if role and role not in HEADS:
        raise NotYours(what=about.label if about else kind)

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
from migdesk.models import RECORDS
from migdesk.models.capture import NotYours
from migdesk.models.declare import HEADS
from migdesk.models.kinds import now_utc
from migdesk.models.local import HeldBack, OpRow
from migdesk.ops import ERASED, Op, decode, encode
from migdesk.sync import roll

from . import emptying, merging, office, registry
from .merging import Applied
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
    role = sender.role or LEAST
    if role in HEADS and sender.state != "live":
        role = LEAST
    about = RECORDS.get(op.kind)
    erases = ERASED in op.fields
    if op.emptied or (about is None and not erases):
        return True
    if role in HEADS if erases else about is None or role in about.writers:
        return True
    if op.kind == "device" and not erases and _is_signed(session, op):
        return True
    own_account = op.kind == "account" and op.fields.get("role", role) == role
    if not sender.role or (own_account and not erases):
        return _only_from(session, sender.device, op.row)
    return False


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
    for row in session.scalars(sa.select(HeldBack).order_by(HeldBack.device, HeldBack.stamp)):
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


def carry_out(session: Session, device: str) -> Applied:
    """Make the changes of a computer that wait, as if they were ours: so others hear them
    from us, whose signature counts. Raises NotYours, NothingHeld."""
    ops = [decode(body.encode()) for body in _take_out(session, device)]
    for op in ops:
        _may_decide(session, op.kind)
    done = merging.apply_ops(session, ops, "")
    office.note(session, "carry_out", f"{device} {len(ops)}")
    return done


def drop(session: Session, device: str) -> None:
    """Throw away what waits of a computer. Raises NotYours, NothingHeld."""
    _may_decide(session, "device")
    n = len(_take_out(session, device))
    office.note(session, "drop_held", f"{device} {n}")


def _take_out(session: Session, device: str) -> list[str]:
    mine = sa.select(HeldBack.body).where(HeldBack.device == device)
    bodies = list(session.scalars(mine.order_by(HeldBack.stamp)))
    if not bodies:
        raise NothingHeld
    session.execute(sa.delete(HeldBack).where(HeldBack.device == device))
    session.info["scribe"].kinds.add("exchange")
    return bodies


def _may_decide(session: Session, kind: str) -> None:
    role, about = session.info["scribe"].role, RECORDS.get(kind)
    if role and role not in HEADS:
        raise NotYours(what=about.label if about else kind)

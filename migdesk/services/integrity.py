"""Whether the log was altered: each writer's ops are a chain, and others hold its ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import clock
from migdesk.clock import stamp_device
from migdesk.models.local import Head, OpRow, Twin
from migdesk.models.meta import get_meta
from migdesk.models.quick import chunks
from migdesk.ops import BadOp, Op, decode, link_after

from . import registry

OFTEN = 1_000


@dataclass(frozen=True)
class ChainReport:
    """What a look at the chains found. `altered`: stamps of ops that are not what their
    writer wrote, or stand where another stood; `missing`: (writer, how many ops of its
    chain are not here), which is usual while bundles are on their way and for a device
    with a scope; `forked`: stamps of which there are two ops, or of which another device
    holds a different one; `lost`: stamps of ours that another device holds and our own log
    does not."""

    ops: int = 0
    emptied: int = 0
    altered: tuple[str, ...] = ()
    missing: tuple[tuple[str, int], ...] = ()
    forked: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[str, ...]:
        """Everything that no healthy computer makes; also of a chain with holes."""
        return tuple(sorted({*self.altered, *self.forked, *self.lost}))


@dataclass
class _Walk:
    """Along the chain of one writer."""

    number: int = 0
    link: str = ""
    missing: int = 0
    altered: list[str] = field(default_factory=list)

    def step(self, op: Op) -> None:
        """The next op in the order of stamps."""
        follows = op.number == self.number + 1
        if op.number <= self.number:
            self.altered.append(op.stamp)
        elif not follows:
            self.missing += op.number - self.number - 1
        elif not op.emptied and link_after(self.link, op) != op.link:
            self.altered.append(op.stamp)
        self.number, self.link = max(self.number, op.number), op.link


def verify(
    session: Session, writer: str = "", step: Callable[[int], None] | None = None
) -> ChainReport:
    """Walk the chain of a writer, or of all, in the order of stamps; one op at a time.
    `step` gets how many were read, now and then, and may stop it by raising."""
    walks: dict[str, _Walk] = {}
    count = emptied = 0
    altered: list[str] = []
    for stamp, link, body in _log(session, writer):
        if step is not None and count % OFTEN == 0:
            step(count)
        count += 1
        op = _read(body)
        if op is None or op.stamp != stamp or op.link != link:
            altered.append(stamp)
            continue
        emptied += op.emptied
        walks.setdefault(op.device, _Walk()).step(op)
    if step is not None:
        step(count)
    missing = ((device, walk.missing) for device, walk in walks.items() if walk.missing)
    forked, lost = _told(session, writer)
    return ChainReport(
        ops=count,
        emptied=emptied,
        altered=tuple(altered) + tuple(s for walk in walks.values() for s in walk.altered),
        missing=tuple(sorted(missing)),
        forked=forked,
        lost=lost,
    )


def _log(session: Session, writer: str) -> Iterator[tuple[str, str, str]]:
    chosen = sa.select(OpRow.stamp, OpRow.link, OpRow.body).order_by(OpRow.stamp)
    if writer:
        chosen = chosen.where(OpRow.stamp.endswith(f"-{writer}"))
    for row in session.execute(chosen.execution_options(yield_per=1_000)):
        yield row.stamp, row.link, row.body


def _read(body: str) -> Op | None:
    try:
        return decode(body.encode())
    except BadOp:
        return None


def _told(session: Session, writer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Compare with the ends of chains that other devices told: stamps that are not the same
    op there, and stamps of ours that are not here at all."""
    said = {
        head.stamp: head.link
        for head in session.scalars(sa.select(Head).where(Head.said_by != ""))
        if not writer or head.writer == writer
    }
    forked = {s for s in session.scalars(sa.select(Twin.stamp)) if s.endswith(writer)}
    held: dict[str, str] = {}
    for part in chunks(said):
        rows = sa.select(OpRow.stamp, OpRow.link).where(OpRow.stamp.in_(part))
        held |= dict(session.execute(rows).all())
    forked |= {stamp for stamp, link in held.items() if said[stamp] != link}
    us = registry.ourselves(session)
    if us is not None and not us.scope.everything:
        return tuple(sorted(forked)), ()  # what left its scope is rightly here no more
    mine = get_meta(session, "device")
    lost = {s for s in said.keys() - held.keys() if stamp_device(s) == mine}
    return tuple(sorted(forked)), tuple(sorted(lost))


def own_clock(session: Session, now_ms: int) -> int:
    """By how many milliseconds the clock of this computer seems wrong: see
    `clock.suspicious`, asked about the newest change of each other device."""
    mine = get_meta(session, "device")
    heads = sa.select(Head.stamp).where(Head.said_by == "", Head.writer != mine)
    return clock.suspicious(now_ms, session.scalars(heads).all())

"""Records that may be one, kept beside the records so that To settle opens at once.

What was compared is known by its place in the change log: only what changed since is compared
again, with all the others. Everything is, where the rules are new or the register has grown
by a tenth: what is frequent is then another matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from migdesk.models import RECORDS, quick
from migdesk.models.distinct import Distinct
from migdesk.models.household import Member
from migdesk.models.local import OpRow, Resemblance
from migdesk.models.meta import get_meta, set_meta

from . import likeness, resemblance, sights
from .resemblance import Pair

if TYPE_CHECKING:
    from .likeness_sheet import Census

GROWN = 1.1
FEW = 5_000
"""So many changed records are compared by themselves; more, and all are."""


@dataclass(frozen=True)
class Compared:
    """What was compared last: as far as this place of the log, by these rules, when so many
    records were here at the last comparison of all."""

    upto: int = 0
    rules: str = ""
    records: int = 0


@dataclass(frozen=True)
class Work:
    """What is to be compared: nothing, the records that `changed`, or all (None)."""

    upto: int
    changed: frozenset[str] | None

    @property
    def nothing(self) -> bool:
        return self.changed is not None and not self.changed


@cache
def rules() -> str:
    """A mark of the tables by which is compared."""
    return hashlib.sha256(repr(sorted(likeness.LOOKS.items())).encode()).hexdigest()[:16]


def _compared(session: Session, kind: str) -> Compared:
    held = get_meta(session, f"twins.{kind}")
    return msgspec.json.decode(held, type=Compared) if held else Compared()


def work(session: Session, kind: str) -> Work:
    """What is to be compared of a kind."""
    model, held = RECORDS[kind].model, _compared(session, kind)
    upto = session.scalar(sa.select(sa.func.max(OpRow.seq))) or 0
    if upto == held.upto:
        return Work(upto, frozenset())
    here = session.scalar(
        sa.select(sa.func.count()).select_from(model).where(model.deleted.is_(False))
    )
    if held.rules != rules() or (here or 0) > GROWN * held.records + 20:
        return Work(upto, None)
    changed = _changed(session, kind, held.upto)
    return Work(upto, frozenset(changed) if len(changed) <= FEW else None)


def _changed(session: Session, kind: str, since: int) -> set[str]:
    """Records written since, what they were merged into, and whose family was."""
    model = RECORDS[kind].model

    def written(of: str) -> sa.Select[str]:
        return sa.select(OpRow.row).where(OpRow.seq > since, OpRow.kind == of).distinct()

    found = set(session.scalars(written(kind)))
    into = sa.select(model.merged).where(model.id.in_(written(kind)), model.merged.is_not(None))
    found |= {id for id in session.scalars(into) if id}
    if kind == "person":
        homes = sa.select(Member.household).where(Member.id.in_(written("member")))
        people = sa.select(Member.person).where(Member.household.in_(homes))
        found |= {id for id in session.scalars(people) if id}
    return found


def keep(
    session: Session, kind: str, done: Work, found: Sequence[Pair], counted: Census
) -> None:
    """Keep what was found in the place of what was known of the same records."""
    if done.changed is None:
        session.execute(sa.delete(Resemblance).where(Resemblance.kind == kind))
    for part in quick.chunks(sorted(done.changed or ())):
        either = sa.or_(Resemblance.one.in_(part), Resemblance.two.in_(part))
        session.execute(sa.delete(Resemblance).where(either))
    rows = [
        {"kind": kind, "one": p.one, "two": p.two, "probability": p.probability}
        | {"why": " ".join(p.why)}
        for p in found
    ]
    if rows:
        session.execute(sa.insert(Resemblance), rows)
    records = _compared(session, kind).records
    if done.changed is None:
        records = counted.total
        resemblance.keep_census(session, kind, counted)
    now = Compared(done.upto, rules(), records)
    set_meta(session, f"twins.{kind}", msgspec.json.encode(now).decode())


def known(session: Session, kind: str, limit: int = 100) -> tuple[Pair, ...]:
    """Records that may be one, the most probable first: what was found, as far as it still
    stands and who asks may know of both."""
    model, pair = RECORDS[kind].model, Resemblance
    first, second = aliased(model), aliased(model)
    said = sa.select(Distinct.id).where(
        Distinct.kind == kind,
        Distinct.deleted.is_(False),
        sa.or_(
            sa.and_(Distinct.one == pair.one, Distinct.two == pair.two),
            sa.and_(Distinct.one == pair.two, Distinct.two == pair.one),
        ),
    )
    unseen = sights.unseen(session, masks=True)
    wanted = (
        sa.select(pair.one, pair.two, pair.why, pair.probability)
        .join(first, first.id == pair.one)
        .join(second, second.id == pair.two)
        .where(
            pair.kind == kind,
            first.deleted.is_(False),
            second.deleted.is_(False),
            first.merged.is_(None),
            second.merged.is_(None),
            pair.one.not_in(unseen),
            pair.two.not_in(unseen),
            ~said.exists(),
        )
        .order_by(sa.func.round(pair.probability * 1e6).desc(), pair.one, pair.two)
        .limit(limit)
    )
    return tuple(
        Pair(kind, one, two, tuple(why.split()), probability)
        for one, two, why, probability in session.execute(wanted)
    )

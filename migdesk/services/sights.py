"""What an account may see: rows and names that stay hidden, and figures told without them.

The connections by which an account reads do not hold what it may not know (`models.sealing`);
this is for what works on the whole database on its behalf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, RecordType, sealing
from migdesk.models.local import OpRow, Sealed
from migdesk.ops import Op, decode

HIDDEN = "•••"

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Came:
    """Changes and rows that came, as far as an account may know of them."""

    ops: int
    rows: Mapping[str, int]


def granted(session: Session) -> sealing.Granted:
    """Compartments of who asks; None if there is nothing to hide."""
    held: sealing.Granted = session.info.get("granted")
    return held


def hides(session: Session, row: str) -> bool:
    """Whether a row is not to be known by who asks."""
    held = granted(session)
    return held is not None and bool(sealing.hidden(session.connection(), [row], held))


def masked(session: Session, about: RecordType, rows: Iterable[str]) -> set[str]:
    """Rows of which who asks does not read the names."""
    if session.info.get("masked"):
        return set(rows)
    held = granted(session)
    if held is None or not about.masks:
        return set()
    return sealing.masked(session.connection(), rows, held)


def unseen(session: Session, masks: bool = False) -> sa.Select[str]:
    """Ids of rows that who asks must not know of (`masks`: or not read the names in): none to
    the program itself."""
    held = granted(session)
    hidden = sa.select(Sealed.row)
    hidden = hidden if masks else hidden.where(Sealed.masked.is_(False))
    return hidden.where(sa.false() if held is None else Sealed.compartment.not_in(held))


def unread(session: Session, kind: str) -> frozenset[str]:
    """Fields of a kind that who asks does not read."""
    about = RECORDS.get(kind)
    held = frozenset[str]() if session.info.get("masked") else granted(session)
    return sealing.veiled(about, held) if about else frozenset()


def without_names(
    session: Session,
    service: Callable[Concatenate[Session, P], R],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What a service finds, with the initials of people and the year of their birth instead of
    their names, for what leaves the office without consent."""
    session.info["masked"] = True
    try:
        return service(session, *args, **kwargs)
    finally:
        del session.info["masked"]


def personal(about: RecordType) -> frozenset[str]:
    """Fields that a mask covers."""
    return frozenset(f.name for f in about.fields.values() if f.secret == "personal")


def by_code(session: Session, kind: str, text: str) -> list[str]:
    """Masked records are found by their whole code, which is on the papers that their people
    carry, and by nothing else."""
    about = RECORDS[kind]
    code = text.strip().upper()
    if granted(session) is None or not about.masks or code.count("-") != 3:
        return []
    model, held = about.model, about.model.__table__.columns["code"]
    rows = sa.select(model.id).where(held == code, model.deleted.is_(False))
    return list(session.scalars(rows))


def veil(about: RecordType, values: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Values of a masked row, and what is shown as its title: initials, and of a birth the
    year."""
    covered = personal(about)
    kept = {name: None if name in covered else value for name, value in values.items()}
    if not about.masks:
        return kept, about.title(kept)
    words = about.title({**values, "code": None}).split()
    initials = " ".join(f"{word[0].upper()}." for word in words if word[0].isalnum())
    if birth := values.get("birth"):
        kept["birth"] = str(birth)[:4]
    return kept, initials or str(values.get("code") or HIDDEN)


def secret(session: Session, ops: Iterable[Op]) -> bool:
    """Whether some changes touch what who asks must not know of."""
    held = granted(session)
    if held is None:
        return False
    found = list(ops)
    if sealing.hidden(session.connection(), [op.row for op in found], held):
        return True
    return any(op.bases and op.fields.keys() & unread(session, op.kind) for op in found)


def secret_within(session: Session, tx: str) -> bool:
    """The same of a transaction."""
    if granted(session) is None:
        return False
    bodies = session.scalars(sa.select(OpRow.body).where(OpRow.within(tx), OpRow.body != ""))
    return secret(session, (decode(body.encode()) for body in bodies))


def came(session: Session, after: int) -> Came:
    """What came into the log behind a position."""
    since = OpRow.seq > after
    ops = session.scalar(sa.select(sa.func.count()).where(since)) or 0
    rows = sa.select(OpRow.kind, sa.func.count(OpRow.row.distinct())).where(since)
    return Came(ops, dict(session.execute(rows.group_by(OpRow.kind)).all()))

"""Two records of one person, household or organisation: found, merged, separated again.

A merge is one op on the record that goes away: it names the one that stays. Everything that
names the first then leads to the second, on every computer, also what arrives later; and
leads back once they are separated.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from itertools import islice
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models import RECORDS
from migdesk.models.capture import NotYours
from migdesk.models.declare import STAFF
from migdesk.models.distinct import Distinct
from migdesk.models.local import Alias
from migdesk.ops import MERGED
from migdesk.sync.merge import settling

from . import merging, records, resemblance
from .resemblance import Pair
from .views import Gone, itself, load

Source = Literal["stays", "away"]


class NotTwo(Mistake):
    """A record with itself, or of a kind that nobody has twice."""

    code = "DUP-001"
    text = N_("Choose two different records of the same kind.")


def merge(
    session: Session,
    kind: str,
    away: str,
    stays: str,
    take: Mapping[str, Source] | None = None,
) -> str:
    """Merge a record into another, which keeps its values but for the fields that `take`
    says come from the one that goes away. Returns the id of the one that stays.

    Raises Gone, NotTwo, NotYours.
    """
    about = RECORDS[kind]
    scribe = session.info["scribe"]
    if scribe.role and scribe.role not in STAFF:
        raise NotYours(what=about.label)
    old, new = load(session, kind, away), load(session, kind, stays)
    if not about.merges or old.id == new.id:
        raise NotTwo
    if old.deleted or new.deleted:
        raise Gone
    taken = {name: getattr(old, name) for name, of in (take or {}).items() if of == "away"}
    if taken:
        records.save(session, kind, new.id, taken)
    _point(session, kind, old.id, new.id)
    return new.id


def unmerge(session: Session, kind: str, away: str) -> None:
    """Separate a record again from the one that it was merged into. Raises Gone."""
    if session.get(Alias, itself(session, kind, away).id) is None:
        raise Gone
    _point(session, kind, away, None)


def _point(session: Session, kind: str, row: str, to: str | None) -> None:
    session.flush()
    state = merging.states_of(session, [row])[row]
    merging.write_op(session, kind, row, {MERGED: to}, settling(state, MERGED))


def merged_into(session: Session, kind: str, id: str) -> tuple[str, ...]:
    """Ids of the records that were merged into this one."""
    model = RECORDS[kind].model
    away = sa.select(model.id).where(model.merged == id).order_by(model.id)
    return tuple(session.scalars(away))


def dismiss(session: Session, kind: str, one: str, two: str) -> str:
    """"Not the same": nobody is asked again about these two. Raises Gone, NotTwo."""
    first, second = sorted(load(session, kind, id).id for id in (one, two))
    if first == second:
        raise NotTwo
    digest = blake2b(f"{first} {second}".encode(), digest_size=16).hexdigest()
    values = {"kind": kind, "one": first, "two": second}
    return records.save(session, "distinct", digest, values)


def possible(session: Session, kind: str, limit: int = 100) -> tuple[Pair, ...]:
    """Records that may be the same, the most probable first; the same answer on every
    computer with the same records. Compares every record: `twins` keeps the answer."""
    known = dismissed(session, kind)
    found, _census = resemblance.compare(kind, resemblance.rows_of(session, kind))
    left = (each for each in found if (each.one, each.two) not in known)
    return tuple(islice(left, limit))


def dismissed(session: Session, kind: str) -> set[tuple[str, str]]:
    """Pairs of which a person said that they are two."""
    said = sa.select(Distinct.one, Distinct.two).where(
        Distinct.kind == kind, Distinct.deleted.is_(False)
    )
    rows = session.execute(said).all()
    return {(min(one, two), max(one, two)) for one, two in rows if one and two}

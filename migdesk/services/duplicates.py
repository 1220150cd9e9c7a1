"""Two records of one person, household or organisation: found, merged, separated again.

A merge is one op on the record that goes away: it names the one that stays. Everything that
names the first then leads to the second, on every computer, also what arrives later; and
leads back once they are separated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations, pairwise
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models import RECORDS
from migdesk.models import search as words
from migdesk.models.capture import NotYours
from migdesk.models.declare import STAFF
from migdesk.models.distinct import Distinct
from migdesk.models.local import Alias
from migdesk.ops import MERGED
from migdesk.sync.merge import settling

from . import merging, records
from .entity_likeness import year_of
from .views import Gone, itself, load

Source = Literal["stays", "away"]
CROWD = 8
"""Records that look alike, of which each pair is told; of more, those that follow."""


class NotTwo(Mistake):
    """A record with itself, or of a kind that nobody has twice."""

    code = "DUP-001"
    text = N_("Choose two different records of the same kind.")


@dataclass(frozen=True)
class Pair:
    """Two records that may be one, the older first. `why` are codes: name, birth, phone,
    head, place."""

    kind: str
    one: str
    two: str
    why: tuple[str, ...]


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
    """Records that may be the same, the same answer on every computer with the same
    records. People who sound alike and were born in one year or have one telephone;
    households of one head or telephone, or of one name in one place; organisations of one
    name, or acronym and country. Reads every record once."""
    known = _dismissed(session, kind)
    found: dict[tuple[str, str], list[str]] = {}
    for why, ids in _groups(session, kind):
        pairs = combinations(ids, 2) if len(ids) <= CROWD else pairwise(ids)
        for one, two in pairs:
            if (one, two) not in known:
                reasons = found.setdefault((one, two), [])
                reasons += [each for each in why if each not in reasons]
    pairs_ = sorted(found.items())[:limit]
    return tuple(Pair(kind, one, two, tuple(sorted(why))) for (one, two), why in pairs_)


def _dismissed(session: Session, kind: str) -> set[tuple[str, str]]:
    said = sa.select(Distinct.one, Distinct.two).where(
        Distinct.kind == kind, Distinct.deleted.is_(False)
    )
    rows = session.execute(said).all()
    return {(min(one, two), max(one, two)) for one, two in rows if one and two}


def _groups(session: Session, kind: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Records that share something, by why; each group in the order of their ids."""
    names, keys = _LOOKS[kind]
    model = RECORDS[kind].model
    columns = [getattr(model, name) for name in names]
    rows = session.execute(
        sa.select(model.id, *columns)
        .where(model.deleted.is_(False))
        .order_by(model.id)
        .execution_options(yield_per=2_000)
    )
    groups: dict[tuple[tuple[str, ...], Any], list[str]] = {}
    for id, *values in rows:
        for key in keys(dict(zip(names, values, strict=True))):
            groups.setdefault(key, []).append(id)
    return ((why, ids) for (why, _key), ids in groups.items() if len(ids) > 1)


Keys = Iterator[tuple[tuple[str, ...], Any]]


def _person(values: Mapping[str, Any]) -> Keys:
    named = f"{values['given_name'] or ''} {values['family_name'] or ''}".strip()
    heard = _heard(named or " ".join(values["aliases"] or ()))
    if heard:
        if year := year_of(values["birth"]):
            yield ("name", "birth"), (heard, year)
        for phone in {values["phone"], values["phone_2"]} - {None}:
            yield ("name", "phone"), (heard, phone)


def _household(values: Mapping[str, Any]) -> Keys:
    heard = _heard(values["name"] or "")
    if values["head"]:
        yield ("head",), values["head"]
    if values["phone"]:
        yield ("phone",), values["phone"]
    if heard and values["place"]:
        yield ("name", "place"), (heard, values["place"])


def _organisation(values: Mapping[str, Any]) -> Keys:
    country = values["country"]
    if folded := tuple(words.split(values["name"] or "")):
        yield ("name",), (folded, country)
    if acronym := words.fold(values["acronym"] or ""):
        yield ("name",), (acronym, country)


def _heard(name: str) -> tuple[str, ...]:
    """How a name sounds, whatever the order of its words."""
    return tuple(sorted(words.sound(word) or word for word in words.split(name)))


_LOOKS: dict[str, tuple[Collection[str], Any]] = {
    "person": (
        ("given_name", "family_name", "aliases", "birth", "phone", "phone_2"),
        _person,
    ),
    "household": (("name", "head", "phone", "place"), _household),
    "organisation": (("name", "acronym", "country"), _organisation),
}

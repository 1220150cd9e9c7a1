"""Who is here already and may be the one that somebody speaks of: at registration, in a
questionnaire, in a table, and among all records. One scorer for all (`likeness`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, quick
from migdesk.models import search as words
from migdesk.models.household import Member
from migdesk.models.meta import get_meta, set_meta
from migdesk.models.person import Person

from . import sights
from .likeness import LISTED, LOOKS, PROPOSED, Values

if TYPE_CHECKING:
    from .likeness_sheet import Census

LOOKED_AT = 200
SHOWN = 5
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Alike:
    """A record that is perhaps meant: how probable, and why (codes of `likeness`)."""

    id: str
    probability: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two records that may be one, the older first."""

    kind: str
    one: str
    two: str
    why: tuple[str, ...]
    probability: float = 1.0


# one against all ------------------------------------------------------------------


def likely(
    session: Session, kind: str, values: Values, without: Collection[str] = ()
) -> tuple[str, ...]:
    """Ids of records that are perhaps the same, the most alike first; none for kinds that
    nobody has twice. `without`: records that are known to be others."""
    return tuple(each.id for each in alike(session, kind, values, without))


def alike(
    session: Session,
    kind: str,
    values: Values,
    without: Collection[str] = (),
    least: float = PROPOSED,
) -> tuple[Alike, ...]:
    """The same, with how probable and why. Who asks is told of nobody whose name is kept
    from him."""
    if kind not in LOOKS:
        return ()
    ids = _candidates(session, kind, values) - set(without)
    ids -= set(session.scalars(sights.unseen(session, masks=True))) if ids else set()
    rows = rows_of(session, kind, sorted(ids))
    if not rows:
        return ()
    import numpy as np

    from .likeness_score import likely as found
    from .likeness_sheet import Sheet

    sheet = Sheet(LOOKS[kind], [values, *rows.values()], census(session, kind))
    others = np.arange(1, len(rows) + 1)
    known = list(rows)
    told = found(sheet, np.zeros_like(others), others, least)
    best = sorted((-p, known[two - 1], why) for _one, two, p, why in told)
    return tuple(Alike(id, -p, why) for p, id, why in best[:SHOWN])


def _candidates(session: Session, kind: str, values: Values) -> set[str]:
    """Records worth a look: by the index of search, and by whom they name."""
    aliases = values.get("aliases") or ()
    whole = " ".join(str(values.get(n) or "") for n in ("given_name", "family_name"))
    names = [whole, *map(str, aliases)]
    names += [str(values.get(n) or "") for n in ("name", "acronym")]
    numbers = [str(values.get(n) or "") for n in ("phone", "phone_2", "email")]
    found = set(words.near(session, kind, [n for n in names if n.strip()], numbers, LOOKED_AT))
    if values.get("head"):
        model = RECORDS[kind].model
        same = sa.select(model.id).where(model.head == values["head"])  # type: ignore[attr-defined]
        found |= set(session.scalars(same.limit(LOOKED_AT)))
    return found


# all against all ------------------------------------------------------------------


def rows_of(
    session: Session, kind: str, ids: Sequence[str] | None = None
) -> dict[str, dict[str, Any]]:
    """What is compared of the records of a kind (None: of all), in the order of their ids:
    their fields, the names of those that were merged into them, and their families."""
    model, looks = RECORDS[kind].model, LOOKS[kind]
    names = [name for name in looks.fields if name != "family"]
    columns = [getattr(model, name) for name in names]
    wanted = sa.select(model.id, *columns).where(model.deleted.is_(False)).order_by(model.id)
    parts = [wanted]
    if ids is not None:
        parts = [wanted.where(model.id.in_(part)) for part in quick.chunks(ids)]
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        for id, *row in session.execute(part.execution_options(yield_per=5_000)):
            found[id] = dict(zip(names, row, strict=True))
    if kind == "person":
        _add_names(session, found)
        _add_families(session, found)
    return found


def _add_names(session: Session, found: dict[str, dict[str, Any]]) -> None:
    merged = sa.select(Person.merged, Person.given_name, Person.family_name)
    for stays, given, family in session.execute(merged.where(Person.merged.is_not(None))):
        if stays in found:
            row = found[stays]
            row["aliases"] = [*(row["aliases"] or ()), (given, family)]


def _add_families(session: Session, found: dict[str, dict[str, Any]]) -> None:
    """Households of each, and how those sound who are in them beside it."""
    if not found:
        return
    from .likeness_sheet import phrase

    homes = sa.select(Member.household).where(Member.person.in_(found)).distinct()
    live = sa.select(Member.household, Member.person, Member.name).where(
        Member.deleted.is_(False), Member.household.is_not(None)
    )
    if len(found) <= LOOKED_AT:
        live = live.where(Member.household.in_(homes))
    members: dict[str, list[tuple[str | None, str]]] = {}
    for home, person, name in session.execute(live):
        members.setdefault(home or "", []).append((person, phrase(name or "").key))
    of: dict[str, tuple[list[str], list[str]]] = {}
    for home, people in members.items():
        for person, _key in people:
            if person in found:
                held = of.setdefault(person, ([], []))
                held[0].append(home)
                held[1].extend(key for other, key in people if other != person and " " in key)
    for person, family in of.items():
        found[person]["family"] = family


def compare(
    kind: str,
    rows: Mapping[str, Values],
    changed: Collection[str] | None = None,
    least: float = LISTED,
    step: Step | None = None,
) -> tuple[list[Pair], Census]:
    """Pairs that may be the same, the most probable first, and the census of the records.
    `changed`: only pairs with one of these."""
    import numpy as np

    from .likeness_blocks import pairs
    from .likeness_score import PART
    from .likeness_score import likely as found
    from .likeness_sheet import Sheet

    ids = list(rows)
    sheet = Sheet(LOOKS[kind], list(rows.values()))
    some = None if changed is None else np.array([id in changed for id in ids], dtype=bool)
    one, two = pairs(sheet, some)
    told: list[Pair] = []
    for at in range(0, len(one), PART):
        if step is not None:
            step(at, len(one))
        part = found(sheet, one[at : at + PART], two[at : at + PART], least)
        told += (Pair(kind, ids[a], ids[b], why, p) for a, b, p, why in part)
    told.sort(key=lambda each: (-round(each.probability, 6), each.one, each.two))
    return told, sheet.counted()


# census ---------------------------------------------------------------------------


def census(session: Session, kind: str) -> Census:
    """How frequent values were when all records were last compared."""
    from .likeness_sheet import Census

    held = get_meta(session, f"census.{kind}")
    return msgspec.json.decode(held, type=Census) if held else Census()


def keep_census(session: Session, kind: str, counted: Census) -> None:
    """Keep it: no value that fewer than five records have."""
    set_meta(session, f"census.{kind}", msgspec.json.encode(counted).decode())

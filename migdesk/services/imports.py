"""Writing what an import read: links by name, places by P-code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import said_of
from migdesk.models import RECORDS, RecordType
from migdesk.models.kinds import Link, Links
from migdesk.models.organisation import PlaceRecord
from migdesk.models.search import fold
from migdesk.task import Task

from . import records, resemblance, sights
from .likeness import LOOKS, SURE
from .views import load, title_of

SAMPLE = 5
"""Rows that a preview tells."""
FIRST = 2
"""Number of the first row: above it stand the names of the columns."""
NONE: Mapping[int, str] = {}
LEVELS = ("region", "department", "arrondissement", "commune", "village")


@dataclass
class Names:
    """Records by folded name, for imports that link by name; a missing one is made."""

    session: Session
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def find(self, kind: str, name: str) -> str:
        """Id of the record of that kind and name (its code, or its id, will do too), or
        ""."""
        known = self._known.setdefault(kind, {}) or self._load(kind)
        # An id is looked for as it is: folding would change it.
        return known.get(name) or known.get(fold(name).strip(), "")

    def find_or_make(self, kind: str, name: str) -> str:
        """The same; a missing one is made."""
        found = self.find(kind, name)
        if not found:
            found = records.save(self.session, kind, None, _name_field(kind, name))
            self._known[kind][fold(name).strip()] = found
        return found

    def forget(self, kind: str) -> None:
        """Rows of that kind were made by others; read them again."""
        if kind in self._known and any(
            f.kind.name == "place" for f in RECORDS[kind].fields.values()
        ):
            self._known.pop(kind, None)

    def _load(self, kind: str) -> dict[str, str]:
        about = RECORDS[kind]
        known = self._known[kind]
        rows = self.session.scalars(
            sa.select(about.model).where(about.model.deleted.is_(False))
        )
        for row in rows:
            for name in ("name", "title", "code", "pcode"):
                text = getattr(row, name, None)
                if isinstance(text, str) and text:
                    known.setdefault(fold(text).strip(), row.id)
            known.setdefault(row.id, row.id)
        return known


def _name_field(kind: str, name: str) -> dict[str, Any]:
    fields = RECORDS[kind].fields
    for candidate in ("name", "title", "family_name", "what"):
        if candidate in fields:
            return {candidate: name.strip()}
    raise KeyError(kind)


@dataclass(frozen=True)
class Proposed:
    """A row that is perhaps of a record that is here (`id`; "": of the row `other` of the
    same table), and why (codes of `likeness`). `sure`: it is taken for that record unless a
    person says otherwise."""

    number: int
    title: str
    id: str
    other: str
    why: tuple[str, ...]
    sure: bool


@dataclass(frozen=True)
class Foreseen:
    """What an import would make: records by kind; the first of them, as (name, fields in
    words); and the rows that are perhaps here already."""

    makes: tuple[tuple[str, int], ...] = ()
    sample: tuple[tuple[str, str], ...] = ()
    alike: tuple[Proposed, ...] = ()


def foresee(
    session: Session, task: Task, kind: str, rows: Sequence[Mapping[str, Any]]
) -> Foreseen:
    """What `write_rows` would do, without writing."""
    about = RECORDS[kind]
    named = Names(session)
    made: dict[str, set[str]] = {}
    for done, values in enumerate(rows):
        if done % 200 == 0:
            task.step(done, len(rows))
        for to, name in _linked(about, values):
            if not named.find(to, name):
                made.setdefault(to, set()).add(fold(name).strip())
    makes = [(kind, len(rows)), *((to, len(names)) for to, names in sorted(made.items()))]
    sample = tuple((about.title(v), _told(about, v)) for v in rows[:SAMPLE])
    return Foreseen(tuple(makes), sample, _alike(session, task, kind, rows, named))


def _alike(
    session: Session,
    task: Task,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    named: Names,
) -> tuple[Proposed, ...]:
    """Rows that are perhaps here already, each with the record that is most like it, or
    else with a row before it."""
    if kind not in LOOKS or not rows:
        return ()
    about = RECORDS[kind]
    links = {f.name: f.kind.to for f in about.fields.values() if isinstance(f.kind, Link)}
    new: dict[str, Mapping[str, Any]] = {}
    for number, values in enumerate(rows, start=FIRST):
        to = {n: named.find(of, str(values[n])) for n, of in links.items() if values.get(n)}
        new[f"~{number}"] = {**values, **to}
    hidden = set(session.scalars(sights.unseen(session, masks=True)))
    held = resemblance.rows_of(session, kind)
    here = {id: row for id, row in held.items() if id not in hidden}
    pairs, _census = resemblance.compare(kind, {**here, **new}, new.keys(), step=task.step)
    best: dict[int, Proposed] = {}
    # Records before rows of the table, the most probable first.
    for pair in sorted(pairs, key=lambda p: (p.one in new, -p.probability)):
        number = int(pair.two[1:])
        if number not in best:
            within = pair.one in new
            other = pair.one[1:] if within else title_of(session, kind, pair.one)
            id = "" if within else pair.one
            sure = pair.probability >= SURE and not within
            title = about.title(rows[number - FIRST])
            best[number] = Proposed(number, title, id, other, pair.why, sure)
    return tuple(best[number] for number in sorted(best))


def _linked(about: RecordType, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and name of what a row links to."""
    for name, value in values.items():
        kind = about[name].kind
        if isinstance(kind, Link) and value:
            yield kind.to, value
        elif isinstance(kind, Links):
            yield from ((kind.to, each) for each in value or ())


def _told(about: RecordType, values: Mapping[str, Any]) -> str:
    """The fields of a row in words; links still hold names."""
    told = []
    for name, value in values.items():
        declared = about[name]
        words = str(value) if isinstance(declared.kind, Link) else None
        words = ", ".join(value) if isinstance(declared.kind, Links) else words
        told.append(said_of(declared.label, words or declared.kind.show(value)))
    return " · ".join(told)


def write_rows(
    session: Session,
    task: Task,
    kind: str,
    rows: list[dict[str, Any]],
    same: Mapping[int, str] = NONE,
) -> tuple[int, str]:
    """Create one record a row; links hold names, and what they name is made if missing. Rows
    of `same` (number → id) are of a record that is here: they fill in what it lacks, and
    change nothing that it says. How many, and the transaction."""
    names = Names(session)
    about = RECORDS[kind]
    for done, values in enumerate(rows):
        if done % 50 == 0:
            task.step(done, len(rows))
        for name, value in values.items():
            field_kind = about[name].kind
            if isinstance(field_kind, Link) and value:
                values[name] = names.find_or_make(field_kind.to, value)
            elif isinstance(field_kind, Links) and value:
                values[name] = [names.find_or_make(field_kind.to, v) for v in value]
        if id := same.get(done + FIRST):
            _fill_in(session, kind, id, values)
        else:
            records.save(session, kind, None, values)
        names.forget(kind)
    session.flush()
    return len(rows), str(session.info["scribe"].tx)


def _fill_in(session: Session, kind: str, id: str, values: Mapping[str, Any]) -> None:
    row = load(session, kind, id)
    lacking = {n: v for n, v in values.items() if v and getattr(row, n) in (None, "", [])}
    held, second = getattr(row, "phone", None), values.get("phone")
    if kind == "person" and held and second and second != held:
        lacking |= {} if getattr(row, "phone_2", None) else {"phone_2": second}
    if lacking:
        records.save(session, kind, row.id, lacking)


def write_places(
    session: Session, task: Task, rows: Sequence[Sequence[str]], levels: list[tuple[int, int]]
) -> int:
    """Places of each row, each inside the one before; `levels` are (name, P-code) columns.
    Returns the number of new places."""
    held = {p.pcode: p.id for p in session.scalars(sa.select(PlaceRecord)) if p.pcode}
    made = 0
    for done, row in enumerate(rows):
        if done % 200 == 0:
            task.step(done, len(rows))
        parent: str | None = None
        for name, code in levels:
            pcode = row[code].strip()
            if not pcode:
                continue
            if pcode not in held:
                depth = sum(c.isdigit() for c in pcode) // 2
                values: dict[str, Any] = {
                    "name": row[name],
                    "pcode": pcode,
                    "parent": parent,
                    "country": pcode[:2] if pcode[:2].isalpha() else None,
                    "level": "country"
                    if len(pcode) == 2
                    else LEVELS[min(max(depth, 1), 5) - 1],
                }
                held[pcode] = records.save(session, "place", None, values)
                made += 1
            parent = held[pcode]
    return made

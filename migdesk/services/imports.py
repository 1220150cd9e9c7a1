"""Writing what an import read: links by name, places by P-code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS
from migdesk.models.kinds import Link, Links
from migdesk.models.organisation import PlaceRecord
from migdesk.models.search import fold
from migdesk.task import Task

from . import records

LEVELS = ("region", "department", "arrondissement", "commune", "village")


@dataclass
class Names:
    """Records by folded name, for imports that link by name; a missing one is made."""

    session: Session
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def find_or_make(self, kind: str, name: str) -> str:
        """Id of the record of that kind and name (its code, or its id, will do too)."""
        known = self._known.setdefault(kind, {}) or self._load(kind)
        if name in known:  # an id, which folding would change
            return known[name]
        key = fold(name).strip()
        if key not in known:
            known[key] = records.save(self.session, kind, None, _name_field(kind, name))
        return known[key]

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


def write_rows(session: Session, task: Task, kind: str, rows: list[dict[str, Any]]) -> int:
    """Create one record a row; links hold names, and what they name is made if missing."""
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
        records.save(session, kind, None, values)
        names.forget(kind)
    return len(rows)


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

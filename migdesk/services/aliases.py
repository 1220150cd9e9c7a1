"""Records that were merged into others: where each leads, and what follows it there.

The log says "this row was merged into that one" (`Alias`). The *root* of a row is where
following these leads; in a circle, which two offices make that merge the same two records
each the other way, it is the smallest id. A step counts only while the row that it leads to
is here and was not erased, so that nothing is ever hidden behind what nobody can open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import MERGING, RECORDS, RecordType, following
from migdesk.models.local import Alias, Erasure
from migdesk.models.quick import chunks
from migdesk.ops import MERGED
from migdesk.sync.merge import RowState


def roots_of(steps: Mapping[str, str]) -> dict[str, str]:
    """The root of each row that leads elsewhere."""
    found: dict[str, str] = {}
    for start in steps:
        path: dict[str, None] = {}
        at = start
        while at in steps and at not in path and at not in found:
            path[at] = None
            at = steps[at]
        if at in path:
            names = list(path)
            at = min(names[names.index(at) :])
        root = found.get(at, at)
        found |= dict.fromkeys(path, root)
    return {row: root for row, root in found.items() if root != row}


def roots(session: Session) -> dict[str, str]:
    """The root of each row that was merged away; none for all others."""
    steps: dict[str, str] = {}
    if session.scalar(sa.select(Alias.row).limit(1)) is None:
        return steps
    erased = sa.select(Erasure.row)
    for about in MERGING:
        here = sa.select(Alias.row, Alias.target).join(
            about.model, about.model.id == Alias.target
        )
        counted = here.where(Alias.kind == about.kind, Alias.target.not_in(erased))
        steps |= dict(session.execute(counted).all())
    return roots_of(steps)


def note(session: Session, kind: str, states: Mapping[str, RowState]) -> bool:
    """Keep what the log says of the merging of some rows; whether it says anything."""
    wanted = {
        row: target for row, state in states.items() if (target := state.values.get(MERGED))
    }
    written = [row for row, state in states.items() if MERGED in state.values or state.erased]
    for part in chunks(written):
        session.execute(sa.delete(Alias).where(Alias.row.in_(part)))
    if wanted:
        rows = [{"row": r, "kind": kind, "target": target} for r, target in wanted.items()]
        session.execute(sa.insert(Alias), rows)
    return bool(written)


def followed(
    about: RecordType, values: Mapping[str, Any], roots: Mapping[str, str]
) -> dict[str, Any]:
    """The links among some values of a row as they lead today; only those that moved."""
    moved: dict[str, Any] = {}
    if roots:
        for name, _to, many in following(about.kind):
            value = values.get(name)
            if many and value:
                now: Any = list(dict.fromkeys(roots.get(id, id) for id in value))
            else:
                now = roots.get(value, value) if isinstance(value, str) else value
            if now != value:
                moved[name] = now
    return moved


def naming(
    session: Session, kind: str, ids: Collection[str]
) -> Iterator[tuple[str, list[str]]]:
    """Rows that name one of these records of a kind: (kind, ids)."""
    for about in RECORDS.values():
        found: set[str] = set()
        for name, to, many in following(about.kind):
            if to in ("", kind):
                column = getattr(about.model, name)
                for part in chunks(ids):
                    found.update(session.scalars(_where(about, column, many, part)))
        if found:
            yield about.kind, sorted(found)


def _where(
    about: RecordType, column: Any, many: bool, ids: Iterable[str]
) -> sa.Select[str]:
    chosen = sa.select(about.model.id)
    if many:
        text = sa.cast(column, sa.Text)
        return chosen.where(sa.or_(*(text.contains(f'"{id}"') for id in ids)))
    return chosen.where(column.in_(ids))

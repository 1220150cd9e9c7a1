"""How much points to a record, kind by kind: which parts of a file have something in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS


def counts(session: Session, links: Mapping[str, Sequence[str]], id: str) -> dict[str, int]:
    """Kind → how many of its records name `id` in one of these fields, in one question to
    the database. Who asks counts only what may be known."""
    parts = []
    for kind, names in links.items():
        model = RECORDS[kind].model
        named = sa.or_(*(getattr(model, name) == id for name in names))
        kept = sa.select(sa.literal(kind), sa.func.count())
        parts.append(kept.select_from(model).where(named, model.deleted.is_(False)))
    if not parts:
        return {}
    rows = session.execute(sa.union_all(*parts)).all()
    return {str(kind): int(n) for kind, n in rows}

"""Search over everything: a person by any part of the name, in any order and spelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, RecordType
from migdesk.models import search as words
from migdesk.models.kinds import Link

from .views import View, titles, views


@dataclass(frozen=True)
class Hit:
    """A record that was found, with enough to tell it from its namesakes."""

    kind: str
    id: str
    title: str
    code: str
    detail: str
    shown: Mapping[str, str]


def find(
    session: Session, text: str, kinds: tuple[str, ...] = (), limit: int = 20
) -> tuple[Hit, ...]:
    """Records that match every word typed, best first."""
    found = words.find(session, text, kinds, limit=max(limit * 3, 60))
    by_kind: dict[str, list[str]] = {}
    for kind, id in found:
        by_kind.setdefault(kind, []).append(id)
    terms = words.match_terms(text)
    ranked: list[tuple[float, str, str]] = []
    for kind, ids in by_kind.items():
        ranked += _ranked(session, RECORDS[kind], ids, terms)
    ranked.sort()
    best = ranked[:limit]
    shown: dict[str, View] = {}
    for kind in {kind for _score, _id, kind in best}:
        model = RECORDS[kind].model
        wanted = [id for _score, id, of in best if of == kind]
        rows = session.scalars(sa.select(model).where(model.id.in_(wanted)))
        shown |= {view.id: view for view in views(session, kind, rows)}
    return tuple(_hit(shown[id]) for _score, id, _kind in best if id in shown)


def _ranked(
    session: Session, about: RecordType, ids: list[str], terms: list[words.Term]
) -> list[tuple[float, str, str]]:
    """(score below zero, id, kind) of each record, from the fields that search reads:
    most candidates are never shown, so nothing else of them is made."""
    model, fields = about.model, about.searched
    columns = [getattr(model, f.name) for f in fields]
    rows = session.execute(sa.select(model.id, *columns).where(model.id.in_(ids))).all()
    linked: dict[str, dict[str, str]] = {}
    for at, declared in enumerate(fields, start=1):
        if isinstance(declared.kind, Link):
            held = {row[at] for row in rows if row[at]}
            linked[declared.name] = titles(session, declared.kind.to, held)
    ranked = []
    for id, *values in rows:
        parts: list[tuple[int, str]] = []
        for declared, value in zip(fields, values, strict=True):
            if value is not None:
                names = linked.get(declared.name)
                texts = declared.kind.words(value) if names is None else [names.get(value, "")]
                parts += [(declared.weight, w) for text in texts for w in words.split(text)]
        ranked.append((-_score(parts, terms), id, about.kind))
    return ranked


def _score(parts: list[tuple[int, str]], terms: list[words.Term]) -> float:
    """How well a record answers: weight of the field, whole words before beginnings,
    written the same before sounding the same. `parts` are heaviest first."""
    score = 0.0
    for word, key in terms:
        best = 0.0
        for weight, part in parts:
            if 3 * weight <= best:
                break
            best = max(best, weight * _near(part, word, key))
        score += best
    return score


def _near(part: str, word: str, key: str) -> float:
    if part == word:
        return 3.0
    if part.startswith(word):
        return 2.0
    return 1.0 if key and words.sound(part) == key else 0.0


def _hit(view: View) -> Hit:
    columns = [
        f.name for f in RECORDS[view.kind].columns if view.shown[f.name] not in view.title
    ]
    detail = " · ".join(filter(None, (view.shown[name] for name in columns)))
    return Hit(view.kind, view.id, view.title, view.code, detail, view.shown)

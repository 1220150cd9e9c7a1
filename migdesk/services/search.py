"""Search over everything: a person by any part of the name, in any order and spelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS
from migdesk.models import search as words

from .views import View, views


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
    made: list[View] = []
    for kind, ids in by_kind.items():
        model = RECORDS[kind].model
        rows = session.scalars(sa.select(model).where(model.id.in_(ids)))
        made += views(session, kind, rows)
    terms = words.match_terms(text)
    made.sort(key=lambda view: (-_score(view, terms), view.id), reverse=False)
    return tuple(_hit(view) for view in made[:limit])


def _score(view: View, terms: list[words.Term]) -> float:
    """How well a record answers: weight of the field, whole words before beginnings,
    written the same before sounding the same."""
    score = 0.0
    searched = RECORDS[view.kind].searched
    for word, key in terms:
        best = 0.0
        for declared in searched:
            texts = declared.kind.words(view.values[declared.name]) or [
                view.shown[declared.name]
            ]
            for text in texts:
                for part in words.split(text):
                    near = _near(part, word, key)
                    best = max(best, near * declared.weight)
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

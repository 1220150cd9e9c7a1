"""Search over everything: a person by any part of the name, in any order and spelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from migdesk.models import RECORDS, RecordType
from migdesk.models import search as words

from .sights import by_code
from .views import View, views_by_id


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
    terms = words.match_terms(text)
    ranked = sorted(
        (-_score(RECORDS[kind], indexed, terms), id, kind)
        for kind, id, indexed in words.find(session, text, kinds, limit=max(limit * 3, 60))
    )
    named = [(0, id, kind) for kind in kinds or RECORDS for id in by_code(session, kind, text)]
    best = list({each[1:]: each for each in [*named, *ranked]}.values())[:limit]
    shown: dict[str, View] = {}
    for kind in {kind for _score, _id, kind in best}:
        shown |= views_by_id(session, kind, [id for _score, id, of in best if of == kind])
    return tuple(_hit(shown[id]) for _score, id, _kind in best if id in shown)


def _score(about: RecordType, indexed: str, terms: list[words.Term]) -> int:
    """How well a record answers: weight of the field, whole words (3) before beginnings
    (2), written the same before sounding the same (1)."""
    weights = about.weights
    parts = f" {indexed} ".split("|")
    score = 0
    for word, key in terms:
        begun, whole, heard = f" {word}", f" {word} ", f" 0{key} "
        best = 0
        for weight, part in zip(weights, parts, strict=False):
            if 3 * weight <= best:
                break  # fields are heaviest first
            if begun in part:
                best = max(best, weight * (3 if whole in part else 2))
            elif key and heard in part:
                best = max(best, weight)
        score += best
    return score


def _hit(view: View) -> Hit:
    columns = [
        f.name for f in RECORDS[view.kind].columns if view.shown[f.name] not in view.title
    ]
    detail = " · ".join(filter(None, (view.shown[name] for name in columns)))
    return Hit(view.kind, view.id, view.title, view.code, detail, view.shown)

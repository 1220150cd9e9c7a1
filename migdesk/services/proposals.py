"""Calls for proposals: what the readers' marks come to (requirement R024)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from migdesk.models.kinds import Number

from . import records
from .records import View


@dataclass(frozen=True)
class Line:
    """One criterion: its name, the mean of its marks (None before the first) and the best
    mark that it allows, as shown."""

    name: str
    mean: float | None
    best: str

    @property
    def shown(self) -> str:
        """The mean for a person."""
        return Number(decimals=1).show(self.mean)


@dataclass(frozen=True)
class Score:
    """`percent` of the best that the criteria with a mark allow, by their weights."""

    percent: float
    lines: tuple[Line, ...]


def score_of(session: Session, application: str) -> Score | None:
    """The score of an application; None without a call or without any mark."""
    view = records.get(session, "application", application)
    if not view.values["call"]:
        return None
    criteria = records.lines_of(session, "criterion", view.values["call"])
    return _score(criteria, records.lines_of(session, "mark", application))


def _score(criteria: tuple[View, ...], marks: tuple[View, ...]) -> Score | None:
    given: dict[str, dict[str, float]] = {}
    for mark in marks:  # the last mark of a reader counts
        if mark.values["criterion"] and mark.values["mark"] is not None:
            by_reader = given.setdefault(mark.values["criterion"], {})
            by_reader[mark.values["reader"] or ""] = mark.values["mark"]
    reached = possible = 0.0
    lines = []
    for criterion in criteria:
        mean = _mean(given.get(criterion.id, {}))
        best = criterion.values["best"] or 10
        weight = criterion.values["weight"]
        weight = 1.0 if weight is None else weight
        if mean is not None:
            reached += weight * min(mean, best) / best
            possible += weight
        lines.append(Line(criterion.title, mean, str(best)))
    return Score(100 * reached / possible, tuple(lines)) if possible else None


def _mean(marks: Mapping[str, float]) -> float | None:
    return sum(marks.values()) / len(marks) if marks else None


def ranking(session: Session, call: str) -> list[tuple[Score | None, View]]:
    """Applications to a call with their scores, the best first, those without last."""
    criteria = records.lines_of(session, "criterion", call)
    found = [
        (_score(criteria, records.lines_of(session, "mark", view.id)), view)
        for view in records.linked(session, "application", "call", call)
    ]
    return sorted(found, key=lambda pair: (-pair[0].percent if pair[0] else 1.0, pair[1].code))

"""Choosing whom to support: points, ranks, and what the rules say of each candidate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_, _

from . import records
from .views import View

OPEN = "open_to_all"
TAKEN = ("accepted", "conditions")
ZERO = Decimal(0)


class TooMany(Mistake):
    """More points than a criterion has."""

    code = "SEL-001"
    text = N_("“{name}” gives {most} points at most.")


class NoReason(Mistake):
    """A decision against the rules, without a word about it."""

    code = "SEL-002"
    text = N_("Say why: {why}.")


@dataclass(frozen=True)
class Standing:
    """A candidate among the others. `points` by criterion; `score` in percent of what was
    possible, None while a criterion is not yet judged; `rank` from 1, equal scores share
    one; `below` names criteria whose least was missed."""

    candidate: View
    points: dict[str, Decimal]
    score: Decimal | None
    rank: int
    below: tuple[str, ...]

    @property
    def decided(self) -> bool:
        """Whether a decision is noted."""
        return bool(self.candidate.values["decision"])


@dataclass(frozen=True)
class SelectionView:
    """A selection whole: candidates in their rank, those not yet judged last."""

    selection: View
    criteria: tuple[View, ...]
    standings: tuple[Standing, ...]

    @property
    def open(self) -> bool:
        """Whether everybody is supported, and nothing is weighed."""
        return bool(self.selection.values["access"] == OPEN)

    @property
    def taken(self) -> int:
        """How many are accepted."""
        return sum(s.candidate.values["decision"] in TAKEN for s in self.standings)


def selection(session: Session, id: str) -> SelectionView:
    """A selection with its ranks; raises Gone."""
    view = records.get(session, "selection", id)
    lines = records.children(session, "selection", id)
    criteria, candidates = lines["selection_criterion"], lines["selection_candidate"]
    given: dict[str, dict[str, Decimal]] = {}
    for row in records.linked(session, "selection_score", "selection", id):
        if row.values["points"] is not None:
            points = given.setdefault(row.values["candidate"], {})
            points[row.values["criterion"]] = Decimal(str(row.values["points"]))
    found = [_standing(each, criteria, given.get(each.id, {})) for each in candidates]
    scores = [each.score for each in found if each.score is not None]
    ranked = [
        Standing(
            each.candidate,
            each.points,
            each.score,
            1 + sum(score > each.score for score in scores) if each.score is not None else 0,
            each.below,
        )
        for each in found
    ]
    ranked.sort(key=lambda each: (each.rank == 0, each.rank))
    return SelectionView(view, criteria, tuple(ranked))


def _standing(
    candidate: View, criteria: tuple[View, ...], points: dict[str, Decimal]
) -> Standing:
    known = {c.id for c in criteria}
    held = {id: amount for id, amount in points.items() if id in known}
    below = tuple(
        c.title for c in criteria if c.id in held and held[c.id] < (c.values["least"] or 0)
    )
    return Standing(candidate, held, _score(criteria, held), 0, below)


def _score(criteria: tuple[View, ...], points: dict[str, Decimal]) -> Decimal | None:
    """Weighed share of the points, in percent with two decimals."""
    weights = {c.id: _weight(c) for c in criteria}
    whole = sum(weights.values(), ZERO)
    if not whole or any(c.id not in points for c in criteria):
        return None
    got = sum((weights[c.id] * points[c.id] / _most(c) for c in criteria), ZERO)
    return round(got * 100 / whole, 2)


def _weight(criterion: View) -> Decimal:
    weight = criterion.values["weight"]
    return Decimal(1) if weight is None else Decimal(str(weight))


def _most(criterion: View) -> int:
    return int(criterion.values["most"] or 5)


def give(session: Session, candidate: str, criterion: str, points: float | None) -> str:
    """Note the points of a candidate for a criterion; None takes them back. Raises TooMany.

    The row's id comes from both, so two computers that judge the same candidate meet in one
    row, and differ in a conflict that a person settles.
    """
    asked = records.get(session, "selection_criterion", criterion)
    if points is not None and points > _most(asked):
        raise TooMany("points", name=asked.title, most=_most(asked))
    id = str(uuid5(UUID(candidate), criterion))
    values = {
        "selection": asked.values["selection"],
        "candidate": candidate,
        "criterion": criterion,
        "points": points,
    }
    return records.save(session, "selection_score", id, values)


def against(view: SelectionView, candidate: str, decision: str) -> str:
    """What speaks against a decision, in words; "" for nothing."""
    if decision not in TAKEN or view.open:
        refused = view.open and decision == "refused"
        return _("this support is open to all") if refused else ""
    standing = next(s for s in view.standings if s.candidate.id == candidate)
    if standing.score is None:
        return _("not every criterion is judged yet")
    if standing.below:
        return _("too few points for: {names}").format(names=", ".join(standing.below))
    places = view.selection.values["places"]
    if places and standing.rank > places:
        return _("rank {rank}, and {places} can be supported").format(
            rank=standing.rank, places=places
        )
    return ""


def decide(session: Session, candidate: str, decision: str, reason: str = "") -> None:
    """Note a decision; one that the points speak against needs a reason: raises NoReason."""
    view = records.get(session, "selection_candidate", candidate)
    found = selection(session, view.values["selection"])
    why = against(found, candidate, decision)
    if why and not reason.strip():
        raise NoReason("reason", why=why)
    values = {"decision": decision, "reason": reason.strip() or None}
    records.save(session, "selection_candidate", candidate, values)

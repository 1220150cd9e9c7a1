"""Choosing whom to support: criteria, candidates, points, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Choice, Date, Kind, Link, LongText, Number, Texts


class Selection(Record):
    """A meeting that decides who is supported."""

    __tablename__ = "selection"
    __kind__ = "selection"
    __label__ = N_("Selection")
    __plural__ = N_("Selections")
    __prefix__ = "J"
    __order__ = "-id"
    __main__ = True

    code: Mapped[str | None] = field(Kind(), N_("Code"), column=1, weight=3, readonly=True)
    title: Mapped[str | None] = field(
        Kind(), N_("Title"), column=2, weight=6, required=True, wide=True
    )
    at: Mapped[str | None] = field(Date(), N_("Date"), column=3, index=True)
    access: Mapped[str | None] = field(
        Choice(codes="enterprise_support_eligibility"),
        N_("Access to support"),
        column=4,
        required=True,
        default="selected_advanced",
    )
    location: Mapped[str | None] = field(Kind(), N_("Where"))
    places: Mapped[int | None] = field(Number(low=0), N_("How many can be supported"), column=5)
    chair: Mapped[str | None] = field(Kind(), N_("Chaired by"))
    members: Mapped[list[str] | None] = field(
        Texts(), N_("Members present"), hint=N_("Names, separated by commas"), wide=True
    )
    excused: Mapped[list[str] | None] = field(Texts(), N_("Excused"), wide=True)
    note: Mapped[str | None] = field(LongText(), N_("Remarks for the minutes"), wide=True)


class SelectionCriterion(Record):
    """Something that is weighed, and how heavily."""

    __tablename__ = "selection_criterion"
    __kind__ = "selection_criterion"
    __label__ = N_("Criterion")
    __plural__ = N_("Criteria")
    __order__ = "id"

    selection: Mapped[str | None] = field(
        Link(to="selection", own=True), N_("Selection"), hidden=True
    )
    name: Mapped[str | None] = field(Kind(), N_("Criterion"), column=1, required=True)
    weight: Mapped[float | None] = field(
        Number(decimals=2, low=0, high=1_000), N_("Weight"), column=2, default=1.0
    )
    most: Mapped[int | None] = field(
        Number(low=1, high=1_000), N_("Points at most"), column=3, default=5
    )
    least: Mapped[int | None] = field(Number(low=0, high=1_000), N_("Points needed"), column=4)


class SelectionCandidate(Record):
    """A dossier that is looked at, and what was decided about it."""

    __tablename__ = "selection_candidate"
    __kind__ = "selection_candidate"
    __label__ = N_("Candidate")
    __plural__ = N_("Candidates")
    __order__ = "id"

    selection: Mapped[str | None] = field(
        Link(to="selection", own=True), N_("Selection"), hidden=True
    )
    case: Mapped[str | None] = field(
        Link(to="case"), N_("Case"), column=1, index=True, required=True
    )
    decision: Mapped[str | None] = field(
        Choice(codes="selection_decisions"), N_("Decision"), column=2
    )
    reason: Mapped[str | None] = field(Kind(), N_("Reason"), column=3, wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The decision; the dossier is a link."""
        return Choice(codes="selection_decisions").show(values.get("decision"))


class SelectionScore(Record):
    """The points that a candidate has for a criterion."""

    __tablename__ = "selection_score"
    __kind__ = "selection_score"
    __label__ = N_("Points of a candidate")
    __plural__ = N_("Points of candidates")
    __order__ = "id"

    selection: Mapped[str | None] = field(
        Link(to="selection", held=True), N_("Selection"), hidden=True, index=True
    )
    candidate: Mapped[str | None] = field(
        Link(to="selection_candidate"), N_("Candidate"), hidden=True, index=True
    )
    criterion: Mapped[str | None] = field(
        Link(to="selection_criterion"), N_("Criterion"), hidden=True
    )
    points: Mapped[float | None] = field(
        Number(decimals=2, low=0, high=1_000), N_("Points"), column=1
    )

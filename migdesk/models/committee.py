"""The committee of the commune, and the migration axis of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Choice, Choices, Date, Kind, Link, LongText, Money, Place


class CommitteeMeeting(Record):
    """A session of a committee of many actors (R143)."""

    __tablename__ = "committee_meeting"
    __kind__ = "committee_meeting"
    __label__ = N_("Committee meeting")
    __plural__ = N_("Committee meetings")
    __order__ = "-day"

    committee: Mapped[str | None] = field(
        Kind(), N_("Committee"), column=1, weight=4, required=True
    )
    day: Mapped[str | None] = field(Date(), N_("Day"), column=2, required=True, index=True)
    place: Mapped[str | None] = field(Place(), N_("Commune"), column=3)
    chair: Mapped[str | None] = field(Kind(), N_("Chair"), column=4)
    members: Mapped[list[str] | None] = field(
        Choices(codes="migration_committee_members"), N_("Present"), column=5
    )
    agenda: Mapped[str | None] = field(LongText(), N_("Points to discuss"), wide=True)
    notes: Mapped[str | None] = field(LongText(), N_("What was said"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Committee and day."""
        return " · ".join(
            filter(None, (values.get("committee"), Date().show(values.get("day"))))
        )


class CommitteeDecision(Record):
    """What a committee decided, who does it, until when."""

    __tablename__ = "committee_decision"
    __kind__ = "committee_decision"
    __label__ = N_("Decision of a committee")
    __plural__ = N_("Decisions of a committee")
    __order__ = "id"

    meeting: Mapped[str | None] = field(
        Link(to="committee_meeting", own=True), N_("Committee meeting"), hidden=True
    )
    what: Mapped[str | None] = field(
        Kind(), N_("Decision"), column=1, required=True, wide=True
    )
    who: Mapped[str | None] = field(Kind(), N_("Who"), column=2)
    due: Mapped[str | None] = field(Date(), N_("Due on"), column=3)
    status: Mapped[str | None] = field(
        Choice(codes="step_status"), N_("Status"), column=4, default="to_do"
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The decision."""
        return str(values.get("what") or "")


class MunicipalPlan(Record):
    """The plan of a commune, with what it says of migration (R144)."""

    __tablename__ = "municipal_plan"
    __kind__ = "municipal_plan"
    __label__ = N_("Municipal plan")
    __plural__ = N_("Municipal plans")

    name: Mapped[str | None] = field(
        Kind(), N_("Title"), column=1, weight=4, required=True, wide=True
    )
    place: Mapped[str | None] = field(Place(), N_("Commune"), column=2)
    starts: Mapped[str | None] = field(Date(), N_("From"), column=3)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=4)
    adopted: Mapped[str | None] = field(Date(), N_("Adopted on"), column=5)
    axis: Mapped[str | None] = field(
        LongText(), N_("Migration axis of the plan"), wide=True
    )


class PlanAction(Record):
    """An action of a municipal plan."""

    __tablename__ = "plan_action"
    __kind__ = "plan_action"
    __label__ = N_("Action")
    __plural__ = N_("Actions")
    __order__ = "id"

    plan: Mapped[str | None] = field(
        Link(to="municipal_plan", own=True), N_("Municipal plan"), hidden=True
    )
    what: Mapped[str | None] = field(Kind(), N_("Action"), column=1, required=True, wide=True)
    who: Mapped[str | None] = field(Kind(), N_("Who"), column=2)
    budget: Mapped[str | None] = field(Money(), N_("Budget"), column=3)
    indicator: Mapped[str | None] = field(Kind(), N_("Indicator"), column=4)
    target: Mapped[str | None] = field(Kind(), N_("Target"), column=5)
    status: Mapped[str | None] = field(
        Choice(codes="step_status"), N_("Status"), column=6, default="to_do"
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The action."""
        return str(values.get("what") or "")

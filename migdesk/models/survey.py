"""Surveys in the field: campaigns, their targets, their sample, papers entered twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, Record, field
from .kinds import (
    Choice,
    Date,
    Kind,
    Link,
    Links,
    LongText,
    Moment,
    Number,
    Phone,
    Place,
    Source,
    Texts,
)

RANKS = 1_000_000
"""Added to a rank, so that ranks have the order of their texts."""


class Campaign(Record):
    """One questionnaire, asked in some places during some weeks."""

    __tablename__ = "campaign"
    __kind__ = "campaign"
    __label__ = N_("Campaign")
    __plural__ = N_("Campaigns")
    __prefix__ = "E"
    __sections__: ClassVar = {"answers": N_("What the answers tell")}

    code: Mapped[str | None] = field(
        Kind(), N_("Code"), column=1, weight=4, readonly=True, index=True
    )
    name: Mapped[str | None] = field(
        Kind(), N_("Name of the campaign"), column=2, weight=6, required=True, wide=True
    )
    questionnaire: Mapped[str | None] = field(
        Link(to="questionnaire"), N_("Questionnaire"), column=3, index=True, required=True
    )
    state: Mapped[str | None] = field(
        Choice(codes="campaign_states"), N_("State"), column=4, default="prepared"
    )
    starts: Mapped[str | None] = field(Date(), N_("First day"), column=5)
    ends: Mapped[str | None] = field(Date(), N_("Last day"), column=6)
    places: Mapped[list[str] | None] = field(
        Links(to="place"), N_("Places"), hint=N_("Empty: everywhere"), wide=True
    )
    description: Mapped[str | None] = field(LongText(), N_("Description"), wide=True)
    keys: Mapped[list[str] | None] = field(
        Texts(),
        N_("Questions that tell two interviews apart"),
        section="answers",
        wide=True,
        hint=N_("Names of questions; two interviews with the same answers are reported"),
    )
    place_question: Mapped[str | None] = field(
        Kind(), N_("Question of the place"), section="answers", hint=N_("Its name in the form")
    )
    sex_question: Mapped[str | None] = field(
        Kind(), N_("Question of the sex"), section="answers", hint=N_("Its name in the form")
    )
    age_question: Mapped[str | None] = field(
        Kind(), N_("Question of the age"), section="answers", hint=N_("Its name in the form")
    )
    status_question: Mapped[str | None] = field(
        Kind(),
        N_("Question of the residence status"),
        section="answers",
        hint=N_("Its name in the form"),
    )


class CampaignTarget(Record):
    """How many interviews are wanted of whom, where, perhaps from one enumerator."""

    __tablename__ = "campaign_target"
    __kind__ = "campaign_target"
    __label__ = N_("Target")
    __plural__ = N_("Targets")
    __order__ = "id"

    campaign: Mapped[str | None] = field(
        Link(to="campaign", own=True), N_("Campaign"), hidden=True
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), column=1)
    sex: Mapped[str | None] = field(Choice(codes="sex"), N_("Sex"), column=2)
    age: Mapped[str | None] = field(Choice(codes="age_groups"), N_("Age group"), column=3)
    status: Mapped[str | None] = field(
        Choice(codes="migration_status"), N_("Residence status"), column=6
    )
    account: Mapped[str | None] = field(Link(to="account"), N_("Enumerator"), column=5)
    number: Mapped[int | None] = field(
        Number(low=1, high=1_000_000), N_("Interviews wanted"), column=4, required=True
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Group and number; the place is a link."""
        parts = (
            Choice(codes="sex").show(values.get("sex")),
            Choice(codes="age_groups").show(values.get("age")),
            Choice(codes="migration_status").show(values.get("status")),
            str(values.get("number") or ""),
        )
        return " · ".join(filter(None, parts))


class Draw(Record):
    """A draw as it was made: with its seed and its frame it can be made again."""

    __tablename__ = "draw"
    __kind__ = "draw"
    __label__ = N_("Drawn sample")
    __plural__ = N_("Drawn samples")

    campaign: Mapped[str | None] = field(
        Link(to="campaign", held=True), N_("Campaign"), index=True, readonly=True
    )
    at: Mapped[str | None] = field(Moment(), N_("Drawn on"), column=1, readonly=True)
    account: Mapped[str | None] = field(
        Link(to="account"), N_("Drawn by"), column=2, readonly=True
    )
    method: Mapped[str | None] = field(
        Choice(codes="draw_methods"), N_("Method"), column=3, readonly=True
    )
    seed: Mapped[str | None] = field(Kind(), N_("Seed"), column=4, readonly=True)
    size: Mapped[int | None] = field(Number(low=0), N_("Size"), column=5, readonly=True)
    reserve: Mapped[int | None] = field(Number(low=0), N_("Reserve"), column=6, readonly=True)
    frame: Mapped[int | None] = field(
        Number(low=0), N_("Units in the frame"), column=7, readonly=True
    )
    digest: Mapped[str | None] = field(Kind(), N_("Mark of the frame"), readonly=True)
    strata: Mapped[list[str] | None] = field(
        Texts(), N_("Size of each stratum"), readonly=True, wide=True
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Method and seed."""
        method = Choice(codes="draw_methods").show(values.get("method"))
        return " · ".join(filter(None, (method, values.get("seed"))))


class SurveyUnit(Record):
    """A household, a person or a place that may be drawn; once drawn, to be visited.

    The frame and the sample are the same rows: a unit of the sample has a `draw`, a rank
    and a state. Not an own line of the campaign: a frame may have 50,000 units.
    """

    __tablename__ = "survey_unit"
    __kind__ = "survey_unit"
    __label__ = N_("Survey unit")
    __plural__ = N_("Survey units")
    __writers__ = ANYONE
    __order__ = "turn"

    campaign: Mapped[str | None] = field(
        Link(to="campaign", held=True), N_("Campaign"), index=True, required=True
    )
    code: Mapped[str | None] = field(Kind(), N_("No."), column=1, weight=4)
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=2, weight=6, secret="personal", required=True
    )
    place: Mapped[str | None] = field(Place(), N_("Place"), column=3, weight=2)
    stratum: Mapped[str | None] = field(Kind(), N_("Stratum"), column=8)
    address: Mapped[str | None] = field(
        Kind(), N_("How to find it"), secret="personal", wide=True
    )
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), secret="personal")
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), index=True)
    household: Mapped[str | None] = field(Link(to="household"), N_("Household"), index=True)
    draw: Mapped[str | None] = field(Link(to="draw"), N_("Drawn sample"), readonly=True)
    part: Mapped[str | None] = field(
        Choice(codes="unit_parts"), N_("Part"), column=6, readonly=True
    )
    rank: Mapped[int | None] = field(
        Number(low=0), N_("Rank"), column=7, readonly=True, index=True
    )
    account: Mapped[str | None] = field(
        Link(to="account"), N_("Enumerator"), column=5, index=True
    )
    state: Mapped[str | None] = field(
        Choice(codes="unit_states"), N_("State"), column=4, readonly=True
    )
    reason: Mapped[str | None] = field(Kind(), N_("Reason"), readonly=True, wide=True)
    replaces: Mapped[str | None] = field(Link(to="survey_unit"), N_("Replaces"), readonly=True)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)

    @hybrid_property
    def turn(self) -> str:
        """Place in the list: by stratum, those to visit before the reserves and before
        what was not drawn, then by rank."""
        part = "1" if self.part == "reserve" else "0" if self.part else "2"
        return f"{self.stratum or ''}\x1f{part}{(self.rank or 0) + RANKS}"

    @turn.inplace.expression
    @classmethod
    def _turn(cls) -> sa.ColumnElement[str]:
        part = sa.case((cls.part == "reserve", "1"), (cls.part.is_not(None), "0"), else_="2")
        rank = sa.cast(sa.func.coalesce(cls.rank, 0) + RANKS, sa.String)
        return sa.func.coalesce(cls.stratum, "") + "\x1f" + part + rank


class PaperCopy(Record):
    """A questionnaire filled on paper, entered twice by two people.

    The first entry is a submission (`first`). The second stays here (`xml`) until both are
    compared, so that no table counts the paper twice; the settled answers then replace
    those of the submission, whose history keeps the first ones.
    """

    __tablename__ = "paper_copy"
    __kind__ = "paper_copy"
    __label__ = N_("Paper questionnaire")
    __plural__ = N_("Paper questionnaires")
    __writers__ = ANYONE

    campaign: Mapped[str | None] = field(
        Link(to="campaign", held=True), N_("Campaign"), index=True, required=True
    )
    name: Mapped[str | None] = field(
        Kind(), N_("Number on the paper"), column=1, weight=4, required=True
    )
    unit: Mapped[str | None] = field(Link(to="survey_unit"), N_("Survey unit"), column=2)
    state: Mapped[str | None] = field(
        Choice(codes="entry_states"), N_("State"), column=3, default="first", readonly=True
    )
    first: Mapped[str | None] = field(
        Link(to="submission"), N_("First entry"), column=4, readonly=True, index=True
    )
    account: Mapped[str | None] = field(
        Link(to="account"), N_("First entry by"), column=5, readonly=True
    )
    second: Mapped[str | None] = field(
        Link(to="account"), N_("Second entry by"), column=6, readonly=True
    )
    xml: Mapped[str | None] = field(Source(), N_("Second entry"), hidden=True)
    answers: Mapped[int | None] = field(Number(low=0), N_("Answers compared"), readonly=True)
    differences: Mapped[int | None] = field(
        Number(low=0), N_("Differences"), column=7, readonly=True
    )
    errors: Mapped[int | None] = field(
        Number(low=0), N_("Errors of the first entry"), readonly=True
    )
    errors_2: Mapped[int | None] = field(
        Number(low=0), N_("Errors of the second entry"), readonly=True
    )
    settled: Mapped[str | None] = field(Moment(), N_("Settled on"), readonly=True)
    settler: Mapped[str | None] = field(Link(to="account"), N_("Settled by"), readonly=True)


class CheckNote(Record):
    """Somebody looked at what a quality check found, and says what it is."""

    __tablename__ = "check_note"
    __kind__ = "check_note"
    __label__ = N_("Remark on a check")
    __plural__ = N_("Remarks on checks")
    __order__ = "id"

    submission: Mapped[str | None] = field(
        Link(to="submission", own=True), N_("Filled questionnaire"), hidden=True
    )
    check: Mapped[str | None] = field(
        Choice(codes="quality_checks"), N_("Kind of check"), column=1, readonly=True
    )
    about: Mapped[str | None] = field(Kind(), N_("About"), column=2, readonly=True)
    note: Mapped[str | None] = field(Kind(), N_("Remark"), column=3, wide=True)
    account: Mapped[str | None] = field(Link(to="account"), N_("Who"), column=4, readonly=True)
    at: Mapped[str | None] = field(Moment(), N_("When"), column=5, readonly=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The check and the remark."""
        check = Choice(codes="quality_checks").show(values.get("check"))
        return " · ".join(filter(None, (check, values.get("note"))))


class ReviewNote(Record):
    """What a reviewer asks to be corrected in one answer of a submission.

    `instance` is the copy that was read: a remark is open while the submission still is
    that copy, and answered once a corrected one came.
    """

    __tablename__ = "review_note"
    __kind__ = "review_note"
    __label__ = N_("Remark of the review")
    __plural__ = N_("Remarks of the review")
    __order__ = "id"

    submission: Mapped[str | None] = field(
        Link(to="submission", own=True), N_("Filled questionnaire"), hidden=True
    )
    instance: Mapped[str | None] = field(Kind(), N_("Instance"), hidden=True)
    ref: Mapped[str | None] = field(Kind(), N_("Place in the form"), hidden=True)
    question: Mapped[str | None] = field(Kind(), N_("Question"), column=1, readonly=True)
    note: Mapped[str | None] = field(
        LongText(), N_("Remark"), column=2, required=True, wide=True
    )
    account: Mapped[str | None] = field(Link(to="account"), N_("Who"), column=3, readonly=True)
    at: Mapped[str | None] = field(Moment(), N_("When"), column=4, readonly=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The question and the remark."""
        return " · ".join(filter(None, (values.get("question"), values.get("note"))))

"""Courses, their material, sessions and who came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Boolean, Choice, Choices, Date, Kind, Link, LongText, Money, Number, Place


class Course(Record):
    """Something that is taught, again and again (R128, R048)."""

    __tablename__ = "course"
    __kind__ = "course"
    __label__ = N_("Course")
    __plural__ = N_("Courses")
    __order__ = "name"
    __main__ = True

    name: Mapped[str | None] = field(
        Kind(), N_("Title"), column=1, weight=6, required=True, wide=True
    )
    field_of: Mapped[str | None] = field(
        Choice(codes="course_fields"), N_("Field of training"), column=2
    )
    topics: Mapped[list[str] | None] = field(
        Choices(codes="course_topics"), N_("Topics"), column=3
    )
    audiences: Mapped[list[str] | None] = field(
        Choices(codes="course_audiences"), N_("For whom"), column=4
    )
    hours: Mapped[float | None] = field(
        Number(decimals=1, low=0, high=10_000), N_("Hours"), column=5
    )
    best: Mapped[int | None] = field(
        Number(low=1, high=1_000), N_("Best score of the test"), default=20
    )
    passing: Mapped[int | None] = field(Number(low=0, high=1_000), N_("Score to pass"))
    aim: Mapped[str | None] = field(LongText(), N_("Aim and content"), wide=True)


class Material(Record):
    """Material of a course in one language (R131)."""

    __tablename__ = "course_material"
    __kind__ = "course_material"
    __label__ = N_("Course material")
    __plural__ = N_("Course material")
    __order__ = "id"

    course: Mapped[str | None] = field(Link(to="course", own=True), N_("Course"), hidden=True)
    name: Mapped[str | None] = field(Kind(), N_("Title"), column=1, required=True, wide=True)
    language: Mapped[str | None] = field(Choice(codes="languages"), N_("Language"), column=2)
    version: Mapped[str | None] = field(Kind(), N_("Version"), column=3)
    date: Mapped[str | None] = field(Date(), N_("Date"), column=4)
    file: Mapped[str | None] = field(Link(to="attachment"), N_("Attachment"))


class Trainer(Record):
    """Somebody who teaches (R129)."""

    __tablename__ = "trainer"
    __kind__ = "trainer"
    __label__ = N_("Trainer")
    __plural__ = N_("Trainers")
    __order__ = "name"

    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, weight=5, required=True)
    person: Mapped[str | None] = field(Link(to="person"), N_("File"), index=True)
    organisation: Mapped[str | None] = field(Link(to="organisation"), N_("Organisation"))
    courses: Mapped[str | None] = field(Kind(), N_("What they teach"), column=2, wide=True)
    level: Mapped[str | None] = field(Choice(codes="trainer_levels"), N_("Level"), column=3)
    trained: Mapped[str | None] = field(Date(), N_("Trained as a trainer on"), column=4)
    phone: Mapped[str | None] = field(Kind(), N_("Telephone"), column=5)


class TrainingSession(Record):
    """A course given once, at one place; sessions at both ends bear the same plan (R128)."""

    __tablename__ = "training_session"
    __kind__ = "training_session"
    __label__ = N_("Training session")
    __plural__ = N_("Training sessions")
    __prefix__ = "T"
    __main__ = True

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    course: Mapped[str | None] = field(
        Link(to="course"), N_("Course"), column=1, index=True, required=True
    )
    plan: Mapped[str | None] = field(
        Kind(), N_("Plan"), column=2, hint=N_("The same words for sessions of one plan")
    )
    starts: Mapped[str | None] = field(Date(), N_("From"), column=3, index=True)
    ends: Mapped[str | None] = field(Date(), N_("Until"), column=4)
    hours: Mapped[str | None] = field(Kind(), N_("Time of day"))
    place: Mapped[str | None] = field(Place(), N_("Place"), column=5)
    room: Mapped[str | None] = field(Kind(), N_("Room or link"))
    trainer: Mapped[str | None] = field(Link(to="trainer"), N_("Trainer"), column=6, index=True)
    host: Mapped[str | None] = field(Link(to="organisation"), N_("Host, school or service"))
    audiences: Mapped[list[str] | None] = field(
        Choices(codes="course_audiences"), N_("For whom")
    )
    language: Mapped[str | None] = field(Choice(codes="languages"), N_("Language"))
    cost: Mapped[str | None] = field(Money(), N_("Cost"))
    note: Mapped[str | None] = field(LongText(), N_("Report"), wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Code and day; the course is a link."""
        return " ".join(filter(None, (values.get("code"), Date().show(values.get("starts")))))


class Participant(Record):
    """Who came to a session, with the tests before and after (R130)."""

    __tablename__ = "participant"
    __kind__ = "participant"
    __label__ = N_("Participant")
    __plural__ = N_("Participants")
    __order__ = "id"

    session: Mapped[str | None] = field(
        Link(to="training_session", own=True), N_("Training session"), hidden=True
    )
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, required=True, secret="personal"
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("File"), column=2, index=True)
    sex: Mapped[str | None] = field(Choice(codes="sex"), N_("Sex"), column=3)
    function: Mapped[str | None] = field(Kind(), N_("Function or service"), column=4)
    present: Mapped[bool | None] = field(Boolean(), N_("Came"), column=5)
    before: Mapped[float | None] = field(
        Number(decimals=1, low=0, high=1_000), N_("Test before"), column=6
    )
    after: Mapped[float | None] = field(
        Number(decimals=1, low=0, high=1_000), N_("Test after"), column=7
    )
    certified: Mapped[str | None] = field(Date(), N_("Certificate given on"), column=8)


class PlanStep(Record):
    """A step of somebody's plan: to close a gap of skill, to be guided (R043, R045)."""

    __tablename__ = "learning_step"
    __kind__ = "learning_step"
    __label__ = N_("Step of a training plan")
    __plural__ = N_("Training plan")
    __order__ = "id"

    person: Mapped[str | None] = field(Link(to="person", own=True), N_("Person"), hidden=True)
    what: Mapped[str | None] = field(
        Choice(codes="learning_steps"), N_("What"), column=1, default="retraining"
    )
    gap: Mapped[str | None] = field(Kind(), N_("Gap or question"), column=2, wide=True)
    topics: Mapped[list[str] | None] = field(
        Choices(codes="retraining_topics"), N_("Topics"), column=3
    )
    session: Mapped[str | None] = field(
        Link(to="training_session"), N_("Training session"), column=4, index=True
    )
    provider: Mapped[str | None] = field(
        Link(to="organisation"), N_("Who already offers it"), column=5
    )
    counsellor: Mapped[str | None] = field(Link(to="account"), N_("Counsellor"))
    starts: Mapped[str | None] = field(Date(), N_("From"), column=6)
    ends: Mapped[str | None] = field(Date(), N_("Until"))
    result: Mapped[str | None] = field(Kind(), N_("Result"), column=7)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The gap."""
        return str(values.get("gap") or "")

"""Entities of questionnaires: what their lists mean here, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, Record, field
from .kinds import AnyLink, Choice, Kind, Link, Source, Texts


class EntityMap(Record):
    """Which kind of record an entity list of a form means, and which field each property
    fills. One for all versions of a form."""

    __tablename__ = "entity_map"
    __kind__ = "entity_map"
    __label__ = N_("Registration by a questionnaire")
    __plural__ = N_("Registrations by questionnaires")

    form: Mapped[str | None] = field(
        Kind(), N_("Form identifier"), column=1, readonly=True, index=True
    )
    name: Mapped[str | None] = field(Kind(), N_("Entity list"), column=2, readonly=True)
    target: Mapped[str | None] = field(
        Choice(codes="entity_targets"), N_("Registers"), column=3
    )
    fields: Mapped[list[str] | None] = field(
        Texts(), N_("Fields"), wide=True, hint=N_("property=field")
    )
    codes: Mapped[list[str] | None] = field(
        Texts(), N_("Words"), wide=True, hint=N_("property=code of the form=code here")
    )


class EntityRecord(Record):
    """What a submission said of one entity, and the record that this is now.

    `said` is JSON: what the submission says, as in the form. A registration that waits has
    no `record` yet: a person decides whether it is somebody who is here already.
    """

    __tablename__ = "entity"
    __kind__ = "entity"
    __label__ = N_("Registration")
    __plural__ = N_("Registrations")
    __writers__ = ANYONE
    __order__ = "id"

    submission: Mapped[str | None] = field(
        Link(to="submission", own=True), N_("Filled questionnaire"), hidden=True
    )
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, secret="personal", readonly=True, quiet=True
    )
    target: Mapped[str | None] = field(
        Choice(codes="entity_targets"), N_("Registers"), column=2, readonly=True
    )
    state: Mapped[str | None] = field(
        Choice(codes="entity_states"), N_("State"), column=3, readonly=True, index=True
    )
    problem: Mapped[str | None] = field(
        Choice(codes="entity_problems"), N_("Why it waits"), column=4, readonly=True, quiet=True
    )
    left_out: Mapped[list[str] | None] = field(
        Texts(), N_("Answers left out"), column=5, secret="personal", readonly=True, quiet=True
    )
    dataset: Mapped[str | None] = field(Kind(), N_("Entity list"), readonly=True)
    entity: Mapped[str | None] = field(Kind(), N_("Identifier"), hidden=True, index=True)
    record: Mapped[str | None] = field(AnyLink(), N_("Record"), hidden=True, index=True)
    said: Mapped[str | None] = field(Source(), N_("Answers"), hidden=True, quiet=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The label that the form gave."""
        return str(values.get("name") or "")

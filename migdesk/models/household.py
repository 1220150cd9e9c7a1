"""Households and their members, abroad or at home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, Record, field
from .kinds import Boolean, Choice, Country, FuzzyDate, Kind, Link, LongText, Phone, Place


class Household(Record):
    """People who live together, with those of them who are away."""

    __tablename__ = "household"
    __kind__ = "household"
    __label__ = N_("Household")
    __plural__ = N_("Households")
    __writers__ = ANYONE
    __prefix__ = "H"
    __main__ = True
    __merges__ = True

    code: Mapped[str | None] = field(
        Kind(), N_("Code"), column=1, weight=3, readonly=True, index=True
    )
    name: Mapped[str | None] = field(
        Kind(),
        N_("Name of the household"),
        column=2,
        weight=6,
        secret="personal",
        required=True,
    )
    head: Mapped[str | None] = field(Link(to="person"), N_("Head"), column=3, index=True)
    place: Mapped[str | None] = field(Place(), N_("Place"), column=4, weight=3)
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), weight=5, secret="personal")
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)


class Member(Record):
    """One member of a household; perhaps a person with a file of their own."""

    __tablename__ = "member"
    __kind__ = "member"
    __label__ = N_("Member")
    __plural__ = N_("Members")
    __writers__ = ANYONE
    __order__ = "id"

    household: Mapped[str | None] = field(
        Link(to="household", own=True), N_("Household"), hidden=True
    )
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, secret="personal", required=True
    )
    person: Mapped[str | None] = field(Link(to="person"), N_("File"), index=True)
    relation: Mapped[str | None] = field(
        Choice(codes="relation_to_head"), N_("Relation to the head"), column=2
    )
    sex: Mapped[str | None] = field(Choice(codes="sex"), N_("Sex"), column=3)
    birth: Mapped[str | None] = field(FuzzyDate(), N_("Born"), column=4, secret="personal")
    away: Mapped[bool | None] = field(Boolean(), N_("Lives elsewhere"), column=5)
    country: Mapped[str | None] = field(Country(), N_("Country of residence"), column=6)
    occupation: Mapped[str | None] = field(Choice(codes="occupations"), N_("Occupation"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The name."""
        return str(values.get("name") or "")

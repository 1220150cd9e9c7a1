"""The directory: organisations, the people to ask for, and what they do together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, Record, field
from .kinds import Choice, Choices, Country, Email, Kind, Link, LongText, Phone, Place


class Organisation(Record):
    """A partner: association of migrants, commune, NGO, bank, service …"""

    __tablename__ = "organisation"
    __kind__ = "organisation"
    __label__ = N_("Organisation")
    __plural__ = N_("Organisations")
    __writers__ = ANYONE
    __prefix__ = "O"
    __order__ = "name"
    __main__ = True
    __merges__ = True
    __sections__: ClassVar = {"contact": N_("How to reach it"), "work": N_("What it does")}

    code: Mapped[str | None] = field(Kind(), N_("Code"), weight=3, readonly=True, index=True)
    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, weight=9, required=True, index=True, wide=True
    )
    acronym: Mapped[str | None] = field(Kind(), N_("Acronym"), weight=8)
    types: Mapped[list[str] | None] = field(Choices(codes="actor_types"), N_("Type"), column=3)
    country: Mapped[str | None] = field(Country(), N_("Country"), column=2, weight=2)
    place: Mapped[str | None] = field(Place(), N_("Place"), column=4, weight=3)
    address: Mapped[str | None] = field(Kind(), N_("Address"), section="contact")
    refuge: Mapped[str | None] = field(
        Kind(),
        N_("Protected address"),
        section="contact",
        compartment="shelter",
        hint=N_("Of a shelter; only seen with the right to shelters"),
    )
    phone: Mapped[str | None] = field(
        Phone(), N_("Telephone"), section="contact", column=5, weight=5
    )
    email: Mapped[str | None] = field(Email(), N_("E-mail"), section="contact", weight=3)
    website: Mapped[str | None] = field(Kind(), N_("Website"), section="contact")
    sectors: Mapped[list[str] | None] = field(
        Choices(codes="diaspora_interest_sectors"), N_("Fields of interest"), section="work"
    )
    route: Mapped[list[str] | None] = field(
        Choices(codes="route_roles"), N_("Met on the route"), section="work"
    )
    description: Mapped[str | None] = field(
        LongText(), N_("What it offers"), section="work", wide=True, weight=1
    )
    note: Mapped[str | None] = field(LongText(), N_("Note"), section="work", wide=True)


class ContactPerson(Record):
    """Whom to ask for in an organisation."""

    __tablename__ = "contact_person"
    __kind__ = "contact_person"
    __label__ = N_("Contact person")
    __plural__ = N_("Contact persons")
    __order__ = "id"

    organisation: Mapped[str | None] = field(
        Link(to="organisation", own=True), N_("Organisation"), hidden=True
    )
    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, required=True, weight=4)
    role: Mapped[str | None] = field(Kind(), N_("Position"), column=2)
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), column=3)
    email: Mapped[str | None] = field(Email(), N_("E-mail"), column=4)


class Project(Record):
    """A project that organisations carry together."""

    __tablename__ = "project"
    __kind__ = "project"
    __order__ = "code"
    __label__ = N_("Partner project")
    __plural__ = N_("Partner projects")
    __main__ = True

    code: Mapped[str | None] = field(Kind(), N_("Code"), column=1, weight=5, index=True)
    name: Mapped[str | None] = field(
        Kind(), N_("Title"), column=2, weight=6, required=True, wide=True
    )
    country: Mapped[str | None] = field(Country(), N_("Target country"), column=3, weight=2)
    countries: Mapped[list[str] | None] = field(
        Choices(codes="country"), N_("Countries"), column=4
    )
    programme: Mapped[str | None] = field(Kind(), N_("Programme"))
    description: Mapped[str | None] = field(LongText(), N_("Description"), wide=True)
    note: Mapped[str | None] = field(LongText(), N_("Note"), wide=True)


class Participation(Record):
    """An organisation takes part in a project."""

    __tablename__ = "participation"
    __kind__ = "participation"
    __label__ = N_("Partner")
    __plural__ = N_("Partners")
    __order__ = "id"

    project: Mapped[str | None] = field(
        Link(to="project", own=True), N_("Project"), hidden=True
    )
    organisation: Mapped[str | None] = field(
        Link(to="organisation"), N_("Organisation"), column=1, index=True, required=True
    )
    role: Mapped[str | None] = field(Kind(), N_("Role"), column=2)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The role; the organisation is a link."""
        return str(values.get("role") or "")


class PlaceRecord(Record):
    """A country, region, department, commune or village, inside another."""

    __tablename__ = "place"
    __kind__ = "place"
    __order__ = "name"
    __label__ = N_("Place")
    __plural__ = N_("Places")
    __main__ = True

    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, weight=9, required=True, index=True
    )
    other_names: Mapped[str | None] = field(Kind(), N_("Other names"), weight=6)
    level: Mapped[str | None] = field(
        Choice(codes="place_levels"), N_("Level"), column=2, default="village"
    )
    parent: Mapped[str | None] = field(Place(), N_("Inside"), column=3, index=True)
    country: Mapped[str | None] = field(Country(), N_("Country"), column=4)
    pcode: Mapped[str | None] = field(Kind(), N_("P-code"), column=5, weight=4, index=True)

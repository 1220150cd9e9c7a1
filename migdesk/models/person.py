"""A beneficiary, and how the person agreed to be helped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, Record, field
from .kinds import (
    Attachment,
    Choice,
    Choices,
    Country,
    Date,
    Email,
    FuzzyDate,
    Kind,
    Link,
    LongText,
    Phone,
    Picture,
    Place,
    Texts,
    TimeZone,
)


class Person(Record):
    """A migrant, a relative, a promoter: anyone the office receives.

    Only a name or an alias is asked for; no paper ever is.
    """

    __tablename__ = "person"
    __kind__ = "person"
    __label__ = N_("Person")
    __plural__ = N_("People")
    __writers__ = ANYONE
    __prefix__ = "P"
    __main__ = True
    __merges__ = True
    __sections__: ClassVar = {
        "identity": N_("Identity"),
        "contact": N_("How to reach the person"),
        "life": N_("Education and work"),
        "migration": N_("Migration"),
        "protection": N_("Protection"),
    }

    code: Mapped[str | None] = field(
        Kind(), N_("Code"), section="identity", column=9, weight=3, readonly=True, index=True
    )
    family_name: Mapped[str | None] = field(
        Kind(),
        N_("Family name"),
        section="identity",
        column=1,
        weight=9,
        secret="personal",
        index=True,
    )
    given_name: Mapped[str | None] = field(
        Kind(),
        N_("Given names"),
        section="identity",
        column=2,
        weight=9,
        secret="personal",
        index=True,
    )
    aliases: Mapped[list[str] | None] = field(
        Texts(),
        N_("Known as"),
        section="identity",
        weight=8,
        secret="personal",
        hint=N_("Nicknames and other spellings, separated by commas"),
    )
    sex: Mapped[str | None] = field(
        Choice(codes="sex"), N_("Sex"), section="identity", column=5
    )
    birth: Mapped[str | None] = field(
        FuzzyDate(),
        N_("Born"),
        section="identity",
        column=3,
        secret="personal",
        hint=N_("A date, a year, “about 1985”, or “40 years”"),
    )
    nationality: Mapped[str | None] = field(Country(), N_("Nationality"), section="identity")
    photo: Mapped[str | None] = field(
        Picture(), N_("Photo"), section="identity", secret="personal"
    )
    origin: Mapped[str | None] = field(
        Place(), N_("Commune or village of origin"), section="identity", column=4, weight=4
    )
    phone: Mapped[str | None] = field(
        Phone(),
        N_("Telephone"),
        section="contact",
        column=8,
        weight=7,
        secret="personal",
        both="phone_2",
    )
    phone_2: Mapped[str | None] = field(
        Phone(), N_("Other telephone"), section="contact", weight=7, secret="personal"
    )
    email: Mapped[str | None] = field(
        Email(), N_("E-mail"), section="contact", weight=4, secret="personal"
    )
    contact_note: Mapped[str | None] = field(
        Kind(), N_("Best way and time"), section="contact", secret="personal"
    )
    free_times: Mapped[list[str] | None] = field(
        Choices(codes="appointment_slots"), N_("Free when"), section="contact"
    )
    here_from: Mapped[str | None] = field(
        Date(), N_("Next visit home from"), section="contact"
    )
    here_until: Mapped[str | None] = field(
        Date(),
        N_("Next visit home until"),
        section="contact",
        index=True,
        hint=N_("Holidays at home: when somebody who lives abroad can come"),
    )
    time_zone: Mapped[str | None] = field(
        TimeZone(), N_("Time zone"), section="contact", hint=N_("A town: Paris, New York …")
    )
    office: Mapped[str | None] = field(
        Link(to="office"), N_("Office that follows the file"), section="contact", index=True
    )
    residence_country: Mapped[str | None] = field(
        Country(), N_("Country of residence"), section="contact", column=7
    )
    residence: Mapped[str | None] = field(
        Kind(),
        N_("Lives in"),
        section="contact",
        column=6,
        weight=2,
        secret="personal",
        hint=N_("Town or village"),
    )
    languages: Mapped[list[str] | None] = field(
        Choices(codes="languages"), N_("Languages"), section="contact"
    )
    education: Mapped[str | None] = field(
        Choice(codes="education_levels"), N_("Education"), section="life"
    )
    occupation: Mapped[str | None] = field(
        Choice(codes="occupations"), N_("Occupation"), section="life"
    )
    skills: Mapped[str | None] = field(
        LongText(), N_("Skills and experience"), section="life", wide=True
    )
    phase: Mapped[str | None] = field(
        Choice(codes="migration_cycle_phases"), N_("Phase of migration"), section="migration"
    )
    status: Mapped[str | None] = field(
        Choice(codes="migration_status"),
        N_("Status"),
        section="migration",
        secret="restricted",
        default="prefers_not_to_say",
    )
    protection: Mapped[str | None] = field(
        Choice(codes="protection_levels"),
        N_("Name in general views"),
        section="protection",
        secret="restricted",
        hint=N_("Not said: the name is masked once a particular protection is noted"),
    )
    needs: Mapped[list[str] | None] = field(
        Choices(codes="vulnerability_categories"),
        N_("Particular protection"),
        section="protection",
        secret="restricted",
    )
    note: Mapped[str | None] = field(
        LongText(), N_("Note"), section="protection", secret="restricted", wide=True
    )
    refuge: Mapped[str | None] = field(
        LongText(),
        N_("Protected address"),
        section="protection",
        compartment="shelter",
        wide=True,
        hint=N_("Where the person stays in safety; only seen with the right to shelters"),
    )

    @staticmethod
    def masked_by(values: Mapping[str, Any]) -> str:
        """Who needs protection is shown by initials to all who do not protect (R062)."""
        level = values.get("protection") or ("masked" if values.get("needs") else "")
        return "protection" if level == "masked" else ""

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Given names, family name; else the alias; else the code."""
        name = " ".join(filter(None, (values.get("given_name"), values.get("family_name"))))
        aliases = values.get("aliases") or []
        return name or (aliases[0] if aliases else "") or str(values.get("code") or "")


class Consent(Record):
    """What a person agreed to, for which purpose, and how."""

    __tablename__ = "consent"
    __kind__ = "consent"
    __label__ = N_("Consent")
    __plural__ = N_("Consents")
    __writers__ = ANYONE

    person: Mapped[str | None] = field(Link(to="person", own=True), N_("Person"), hidden=True)
    purpose: Mapped[str | None] = field(
        Choice(codes="consent_purposes"), N_("Purpose"), column=1, required=True
    )
    answer: Mapped[str | None] = field(
        Choice(codes="consent_answers"), N_("Answer"), column=2, required=True, default="given"
    )
    means: Mapped[str | None] = field(
        Choice(codes="consent_means"), N_("How it was given"), column=3
    )
    language: Mapped[str | None] = field(
        Choice(codes="languages"), N_("Language of the text read"), column=4
    )
    version: Mapped[str | None] = field(Kind(), N_("Version of the text"), default="1")
    given: Mapped[str | None] = field(Date(), N_("Date"), column=5, begins="today")
    expires: Mapped[str | None] = field(Date(), N_("Valid until"))
    withdrawn: Mapped[str | None] = field(Date(), N_("Withdrawn on"), column=6)
    witness: Mapped[str | None] = field(Kind(), N_("Witness"))
    recipient: Mapped[str | None] = field(
        Kind(),
        N_("For whom"),
        column=7,
        hint=N_("Who may receive the data; nobody named: whoever serves the purpose"),
    )
    notice: Mapped[str | None] = field(Link(to="notice"), N_("Text that was read"))
    scan: Mapped[str | None] = field(Attachment(signed=True), N_("Signed paper"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The purpose."""
        return Choice(codes="consent_purposes").show(values.get("purpose"))

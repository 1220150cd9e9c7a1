"""Protection: what people are told, what they allow, who read and what was destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, HEADS, STAFF, Record, field
from .kinds import (
    AnyLink,
    Attachment,
    Boolean,
    Choice,
    Choices,
    Date,
    Kind,
    Link,
    LongText,
    Moment,
    Number,
    Place,
    Texts,
)


class Notice(Record):
    """One version, in one language, of a text that people are told or sign (R124, R150). A
    text that was read to somebody is not corrected: it gets a new version."""

    __tablename__ = "notice"
    __kind__ = "notice"
    __label__ = N_("Notice")
    __plural__ = N_("Notices and forms")
    __order__ = "title"

    title: Mapped[str | None] = field(
        Kind(), N_("Title"), column=1, required=True, index=True, weight=3
    )
    purpose: Mapped[str | None] = field(
        Choice(codes="consent_purposes"), N_("Purpose"), column=2, required=True
    )
    language: Mapped[str | None] = field(
        Choice(codes="languages"), N_("Language"), column=3, required=True
    )
    version: Mapped[str | None] = field(Kind(), N_("Version"), column=4, required=True)
    since: Mapped[str | None] = field(Date(), N_("Valid from"), column=5)
    text: Mapped[str | None] = field(LongText(), N_("Text"), required=True, wide=True)
    translator: Mapped[str | None] = field(Kind(), N_("Translated by"))

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Title, language and version."""
        spoken = Choice(codes="languages").show(values.get("language"))
        return " · ".join(filter(None, (values.get("title"), spoken, values.get("version"))))


class Authorisation(Record):
    """Leave that somebody gives: for a picture, a child, a survey in a village (R127)."""

    __tablename__ = "authorisation"
    __kind__ = "authorisation"
    __label__ = N_("Authorisation")
    __plural__ = N_("Authorisations")
    __sections__: ClassVar = {"signed": N_("Signature")}

    type: Mapped[str | None] = field(
        Choice(codes="consent_and_permit_types"), N_("Type"), column=1, required=True
    )
    subject: Mapped[str | None] = field(
        Kind(), N_("What for"), column=2, required=True, weight=2, wide=True
    )
    person: Mapped[str | None] = field(
        Link(to="person"), N_("Person concerned"), column=3, index=True
    )
    project: Mapped[str | None] = field(Link(to="project"), N_("Project"))
    campaign: Mapped[str | None] = field(Link(to="campaign"), N_("Campaign"))
    place: Mapped[str | None] = field(Place(), N_("Place"))
    authority: Mapped[str | None] = field(
        Kind(), N_("Authority"), hint=N_("Ministry, prefecture, town hall, village")
    )
    limits: Mapped[str | None] = field(LongText(), N_("Within which limits"), wide=True)
    signatory: Mapped[str | None] = field(
        Kind(), N_("Signed by"), section="signed", column=4, secret="personal"
    )
    capacity: Mapped[str | None] = field(
        Kind(), N_("As"), section="signed", hint=N_("Mother, guardian, village chief, …")
    )
    answer: Mapped[str | None] = field(
        Choice(codes="consent_answers"), N_("Answer"), section="signed", column=5
    )
    given: Mapped[str | None] = field(Date(), N_("Date"), section="signed", column=6)
    expires: Mapped[str | None] = field(Date(), N_("Valid until"), section="signed", column=7)
    withdrawn: Mapped[str | None] = field(Date(), N_("Withdrawn on"), section="signed")
    number: Mapped[str | None] = field(Kind(), N_("Number of the permit"), section="signed")
    scan: Mapped[str | None] = field(
        Attachment(signed=True), N_("Scan"), section="signed"
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Type and subject."""
        type_ = Choice(codes="consent_and_permit_types").show(values.get("type"))
        return " · ".join(filter(None, (type_, values.get("subject"))))


class Reading(Record):
    """Somebody opened what is in a compartment, or a masked person: once a day for each
    account and record, so that the log stays small and cheap to exchange."""

    __tablename__ = "reading"
    __kind__ = "reading"
    __label__ = N_("Reading")
    __plural__ = N_("Readings")
    __writers__ = ANYONE | {"reader"}

    at: Mapped[str | None] = field(Moment(), N_("When"), column=1, readonly=True)
    account: Mapped[str | None] = field(
        Link(to="account"), N_("By whom"), column=2, readonly=True
    )
    person: Mapped[str | None] = field(
        Link(to="person", held=True), N_("Person"), column=3, readonly=True, index=True
    )
    kind: Mapped[str | None] = field(Kind(), N_("What"), column=4, readonly=True)
    record: Mapped[str | None] = field(AnyLink(), N_("Record"), hidden=True, index=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """When."""
        return Moment().show(values.get("at"))


class Retention(Record):
    """How long the office keeps what, and what it does then (R126 and the law)."""

    __tablename__ = "retention"
    __kind__ = "retention"
    __label__ = N_("Retention period")
    __plural__ = N_("Retention periods")
    __writers__ = HEADS

    subject: Mapped[str | None] = field(
        Choice(codes="retention_subjects"), N_("What"), column=1, required=True
    )
    outcome: Mapped[str | None] = field(
        Choice(codes="case_status"), N_("With this outcome"), column=2
    )
    years: Mapped[int | None] = field(
        Number(low=0, high=100), N_("Years"), column=3, required=True
    )
    action: Mapped[str | None] = field(
        Choice(codes="retention_actions"), N_("Then"), column=4, default="erase"
    )
    reason: Mapped[str | None] = field(Kind(), N_("Why so long"), column=5, wide=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What is kept."""
        return Choice(codes="retention_subjects").show(values.get("subject"))


class Destruction(Record):
    """What was erased at the end of its time: codes and numbers, never names."""

    __tablename__ = "destruction"
    __kind__ = "destruction"
    __label__ = N_("Destruction report")
    __plural__ = N_("Destruction reports")
    __writers__ = HEADS

    at: Mapped[str | None] = field(Moment(), N_("When"), column=1, readonly=True)
    account: Mapped[str | None] = field(
        Link(to="account"), N_("By whom"), column=2, readonly=True
    )
    reason: Mapped[str | None] = field(Kind(), N_("Why"), column=3, readonly=True)
    records: Mapped[int | None] = field(
        Number(low=0), N_("Files"), column=4, readonly=True
    )
    rows: Mapped[int | None] = field(Number(low=0), N_("Rows"), column=5, readonly=True)
    codes: Mapped[list[str] | None] = field(Texts(), N_("Codes of the files"), readonly=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """When."""
        return Moment().show(values.get("at"))


class MethodNote(Record):
    """How a table without names was made, so that its reader may judge it (R126)."""

    __tablename__ = "method_note"
    __kind__ = "method_note"
    __label__ = N_("Method note")
    __plural__ = N_("Method notes")
    __writers__ = STAFF

    title: Mapped[str | None] = field(
        Kind(), N_("Report"), column=1, required=True, weight=3, wide=True
    )
    questionnaire: Mapped[str | None] = field(Link(to="questionnaire"), N_("Questionnaire"))
    source: Mapped[str | None] = field(Kind(), N_("Source of the data"), column=2, wide=True)
    begin: Mapped[str | None] = field(Date(), N_("From"), column=3)
    end: Mapped[str | None] = field(Date(), N_("Until"), column=4)
    people: Mapped[int | None] = field(Number(low=0), N_("People counted"), column=5)
    grouping: Mapped[list[str] | None] = field(
        Choices(codes="disaggregation_dimensions"), N_("Broken down by"), wide=True
    )
    threshold: Mapped[int | None] = field(
        Number(low=2, high=100), N_("Smallest figure shown"), required=True, default=5
    )
    measures: Mapped[list[str] | None] = field(
        Choices(codes="data_protection_measures"), N_("Measures of protection"), wide=True
    )
    limits: Mapped[str | None] = field(
        LongText(), N_("What the figures cannot say"), wide=True
    )
    anonymous: Mapped[bool | None] = field(
        Boolean(), N_("Names, dates of birth and telephones were removed"), default=True
    )
    account: Mapped[str | None] = field(Link(to="account"), N_("Made by"))

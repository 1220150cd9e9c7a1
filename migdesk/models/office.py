"""The office itself: its letterhead, its staff, its words, its papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, HEADS, Record, field
from .kinds import (
    AnyLink,
    Boolean,
    Choice,
    Choices,
    Country,
    Email,
    Kind,
    Link,
    Links,
    LongText,
    Moment,
    Number,
    Phone,
    Picture,
    Source,
)


class Office(Record):
    """A help office; its name and contacts head every paper that it prints."""

    __tablename__ = "office"
    __kind__ = "office"
    __label__ = N_("Office")
    __plural__ = N_("Offices")
    __writers__ = HEADS

    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, required=True, weight=3)
    agency: Mapped[str | None] = field(Kind(), N_("Belongs to"), column=2)
    country: Mapped[str | None] = field(Country(), N_("Country"), column=3)
    town: Mapped[str | None] = field(Kind(), N_("Town"), column=4)
    address: Mapped[str | None] = field(LongText(), N_("Address"), wide=True)
    phone: Mapped[str | None] = field(Phone(), N_("Telephone"), column=5)
    email: Mapped[str | None] = field(Email(), N_("E-mail"))
    hours: Mapped[str | None] = field(Kind(), N_("Opening hours"), wide=True)
    logo: Mapped[str | None] = field(Picture(), N_("Logo"))
    area: Mapped[list[str] | None] = field(Links(to="place"), N_("Communes that it serves"))
    offers: Mapped[str | None] = field(LongText(), N_("What we do"), wide=True)
    limits: Mapped[str | None] = field(LongText(), N_("What we cannot do"), wide=True)
    partners: Mapped[str | None] = field(
        LongText(), N_("Who does it with us, or instead"), wide=True
    )


class Account(Record):
    """A member of staff. Passwords are never here; see `migdesk.keys`."""

    __tablename__ = "account"
    __kind__ = "account"
    __label__ = N_("Account")
    __plural__ = N_("Accounts")
    __writers__ = HEADS

    name: Mapped[str | None] = field(Kind(), N_("Name"), column=1, required=True)
    role: Mapped[str | None] = field(
        Choice(codes="roles"), N_("Role"), column=2, required=True, default="agent"
    )
    office: Mapped[str | None] = field(Link(to="office"), N_("Office"), column=3)
    active: Mapped[bool | None] = field(Boolean(), N_("Active"), column=4, default=True)
    compartments: Mapped[list[str] | None] = field(
        Choices(codes="compartments"),
        N_("Sees also"),
        column=5,
        writers=frozenset({"administrator"}),
        hint=N_("Files that only some may know of; an administrator decides"),
    )


class CodeItem(Record):
    """A word that the office added to a code list."""

    __tablename__ = "code_item"
    __kind__ = "code_item"
    __label__ = N_("Word of a list")
    __plural__ = N_("Words of lists")

    list: Mapped[str | None] = field(Kind(), N_("List"), column=1, required=True)
    code: Mapped[str | None] = field(Kind(), N_("Code"), column=2, required=True)
    label_fr: Mapped[str | None] = field(Kind(), N_("In French"), column=3, required=True)
    label_en: Mapped[str | None] = field(Kind(), N_("In English"), column=4)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The word in French."""
        return str(values.get("label_fr") or values.get("code") or "")


class AttachmentRecord(Record):
    """A picture or a file; its bytes lie in the table `blob` under their hash."""

    __tablename__ = "attachment"
    __kind__ = "attachment"
    __label__ = N_("Attachment")
    __plural__ = N_("Attachments")
    __writers__ = ANYONE

    name: Mapped[str | None] = field(Kind(), N_("File name"), column=1, required=True)
    media: Mapped[str | None] = field(Kind(), N_("Type of file"), column=2, readonly=True)
    size: Mapped[int | None] = field(Number(low=0), N_("Size (bytes)"), column=3, readonly=True)
    blob: Mapped[str | None] = field(Kind(), N_("Content"), hidden=True)
    key: Mapped[str | None] = field(
        Kind(), N_("Key of the content"), hidden=True, quiet=True
    )
    of: Mapped[str | None] = field(AnyLink(), N_("Belongs to"), hidden=True, index=True)


class Questionnaire(Record):
    """One version of a questionnaire, with its XForm kept exactly."""

    __tablename__ = "questionnaire"
    __kind__ = "questionnaire"
    __label__ = N_("Questionnaire")
    __plural__ = N_("Questionnaires")
    __order__ = "name"

    name: Mapped[str | None] = field(Kind(), N_("Title"), column=1, weight=5, readonly=True)
    form: Mapped[str | None] = field(
        Kind(), N_("Form identifier"), column=2, readonly=True, index=True
    )
    version: Mapped[str | None] = field(Kind(), N_("Version"), column=3, readonly=True)
    active: Mapped[bool | None] = field(
        Boolean(), N_("In use"), column=4, default=True, quiet=True
    )
    xform: Mapped[str | None] = field(Source(), N_("XForm"), hidden=True)


class Submission(Record):
    """A filled questionnaire; `xml` is the submission exactly as finalised."""

    __tablename__ = "submission"
    __kind__ = "submission"
    __label__ = N_("Filled questionnaire")
    __plural__ = N_("Filled questionnaires")
    __writers__ = ANYONE

    questionnaire: Mapped[str | None] = field(
        Link(to="questionnaire"), N_("Questionnaire"), column=1, index=True, readonly=True
    )
    state: Mapped[str | None] = field(
        Choice(codes="review_states"),
        N_("State"),
        column=2,
        index=True,
        readonly=True,
        default="received",
    )
    finished: Mapped[str | None] = field(Moment(), N_("Finished"), column=3, readonly=True)
    person: Mapped[str | None] = field(Link(to="person"), N_("Person"), column=5, index=True)
    household: Mapped[str | None] = field(Link(to="household"), N_("Household"), index=True)
    case: Mapped[str | None] = field(Link(to="case"), N_("Case"), index=True)
    organisation: Mapped[str | None] = field(Link(to="organisation"), N_("Organisation"))
    place: Mapped[str | None] = field(Link(to="place"), N_("Place"))
    campaign: Mapped[str | None] = field(
        Link(to="campaign"), N_("Campaign"), column=6, index=True
    )
    survey_unit: Mapped[str | None] = field(
        Link(to="survey_unit"), N_("Survey unit"), index=True
    )
    paper_copy: Mapped[str | None] = field(Link(to="paper_copy"), N_("Paper questionnaire"))
    account: Mapped[str | None] = field(
        Link(to="account"), N_("Filled by"), column=4, readonly=True
    )
    reviewer: Mapped[str | None] = field(
        Link(to="account"), N_("Reviewed by"), readonly=True
    )
    reviewed: Mapped[str | None] = field(Moment(), N_("Reviewed on"), readonly=True)
    language: Mapped[str | None] = field(Kind(), N_("Language"), readonly=True)
    instance: Mapped[str | None] = field(Kind(), N_("Instance"), hidden=True)
    xml: Mapped[str | None] = field(Source(), N_("Submission XML"), hidden=True)
    comments: Mapped[str | None] = field(Source(), N_("Comments on answers"), hidden=True)
    """JSON: reference of a question with its positions → what was noted beside it."""

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """When it was finished; the questionnaire is a link."""
        return Moment().show(values.get("finished"))

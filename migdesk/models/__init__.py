"""Records and the store that holds them.

`RECORDS` lists every record type; a new one is a class, one line here and a migration.
"""

from __future__ import annotations

from .case import BudgetLine, Case, FinanceLine, Paper, Risk, Step, Visit
from .declare import Base, Field, Record, RecordType, record_type
from .device import Device
from .entity import EntityMap, EntityRecord
from .household import Household, Member
from .office import (
    Account,
    AttachmentRecord,
    CodeItem,
    Office,
    Questionnaire,
    Submission,
)
from .organisation import ContactPerson, Organisation, Participation, PlaceRecord, Project
from .person import Consent, Person
from .survey import (
    Campaign,
    CampaignTarget,
    CheckNote,
    Draw,
    PaperCopy,
    ReviewNote,
    SurveyUnit,
)

_MODELS: tuple[type[Record], ...] = (
    Office,
    Account,
    CodeItem,
    PlaceRecord,
    Person,
    Consent,
    Household,
    Member,
    Visit,
    Case,
    Step,
    BudgetLine,
    FinanceLine,
    Paper,
    Risk,
    Organisation,
    ContactPerson,
    Project,
    Participation,
    AttachmentRecord,
    Questionnaire,
    Submission,
    EntityMap,
    EntityRecord,
    Device,
    Campaign,
    CampaignTarget,
    Draw,
    SurveyUnit,
    PaperCopy,
    CheckNote,
    ReviewNote,
)

RECORDS: dict[str, RecordType] = {m.__kind__: record_type(m) for m in _MODELS}


def children_of(kind: str) -> list[RecordType]:
    """Record types whose rows are lines of a record of this kind."""
    return [
        t for t in RECORDS.values() if t.owner and getattr(t[t.owner].kind, "to", "") == kind
    ]


def going_with(kind: str) -> list[tuple[RecordType, str]]:
    """Record types whose rows are deleted with a record of this kind, each with the field
    that names it: its lines, and what it holds."""
    return [
        (t, f.name)
        for t in RECORDS.values()
        for f in t.fields.values()
        if getattr(f.kind, "to", "") == kind
        and (getattr(f.kind, "own", False) or getattr(f.kind, "held", False))
    ]


__all__ = ["RECORDS", "Base", "Field", "Record", "RecordType", "children_of", "going_with"]

"""Records and the store that holds them.

`RECORDS` lists every record type; a new one is a class, one line here and a migration.
"""

from __future__ import annotations

from functools import cache

from .business import (
    Coach,
    Coaching,
    Competitor,
    Demand,
    FollowVisit,
    Mandate,
    Owner,
    PlanCost,
    PlanSale,
    StageMove,
)
from .case import BudgetLine, Case, FinanceLine, Paper, Risk, Step, Visit
from .committee import CommitteeDecision, CommitteeMeeting, MunicipalPlan, PlanAction
from .condition import NeedCondition, WindowCondition
from .declare import Base, Field, Record, RecordType, record_type
from .device import Device
from .disclosure import Disclosure
from .distinct import Distinct
from .entity import EntityMap, EntityRecord
from .family import (
    CareAgreement,
    ContactPlan,
    HomeVisit,
    Registration,
    SafetyReport,
    SchoolAction,
)
from .household import Household, Member
from .kinds import AnyLink
from .money import (
    Application,
    Call,
    Continuity,
    Criterion,
    Instalment,
    Mark,
    Product,
    Transfer,
    Window,
)
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
from .protect import Authorisation, Destruction, MethodNote, Notice, Reading, Retention
from .reception import CycleStep, Formality, Message, Programme, Room, Sharing, Suggestion
from .refer import (
    Awareness,
    Helper,
    LegalNote,
    Pairing,
    PairMeeting,
    Referral,
    RightsText,
    Service,
)
from .returnee import (
    Arrival,
    CareNote,
    Claim,
    ClaimPeriod,
    Relief,
    ReturnPlan,
    ReturnStep,
    StaffCare,
)
from .savings import (
    BudgetItem,
    Fund,
    FundEntry,
    GroupDecision,
    GroupEntry,
    GroupMember,
    HouseholdBudget,
    Investor,
    Loan,
    Repayment,
    SavingsGroup,
)
from .selection import Selection, SelectionCandidate, SelectionCriterion, SelectionScore
from .skills import (
    Award,
    Certificate,
    Collaboration,
    Introduction,
    Invitation,
    Mission,
    Need,
    Placement,
    Skill,
    Student,
)
from .survey import (
    Campaign,
    CampaignTarget,
    CheckNote,
    Draw,
    PaperCopy,
    ReviewNote,
    SurveyUnit,
)
from .training import Course, Material, Participant, PlanStep, Trainer, TrainingSession
from .value_chain import ChainLink, ValueChain

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
    Demand,
    Competitor,
    PlanSale,
    PlanCost,
    BudgetLine,
    FinanceLine,
    Paper,
    Risk,
    StageMove,
    Coach,
    Coaching,
    Owner,
    Mandate,
    FollowVisit,
    Selection,
    SelectionCriterion,
    SelectionCandidate,
    SelectionScore,
    ValueChain,
    ChainLink,
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
    Disclosure,
    Notice,
    Authorisation,
    Reading,
    Retention,
    Destruction,
    MethodNote,
    Distinct,
    Campaign,
    CampaignTarget,
    Draw,
    SurveyUnit,
    PaperCopy,
    CheckNote,
    ReviewNote,
    Window,
    Application,
    Instalment,
    Call,
    Criterion,
    Mark,
    Continuity,
    Product,
    Transfer,
    HouseholdBudget,
    BudgetItem,
    SavingsGroup,
    GroupMember,
    GroupEntry,
    GroupDecision,
    Fund,
    Investor,
    FundEntry,
    Loan,
    Repayment,
    Skill,
    Certificate,
    Need,
    Introduction,
    Placement,
    Mission,
    Collaboration,
    Student,
    Course,
    Material,
    Trainer,
    TrainingSession,
    Participant,
    PlanStep,
    WindowCondition,
    NeedCondition,
    Service,
    Referral,
    LegalNote,
    RightsText,
    Awareness,
    Helper,
    Pairing,
    PairMeeting,
    Arrival,
    Relief,
    CareNote,
    StaffCare,
    Claim,
    ClaimPeriod,
    ReturnPlan,
    ReturnStep,
    CareAgreement,
    HomeVisit,
    SchoolAction,
    Registration,
    SafetyReport,
    ContactPlan,
    Programme,
    Formality,
    Suggestion,
    CycleStep,
    Sharing,
    Message,
    Room,
    CommitteeMeeting,
    CommitteeDecision,
    MunicipalPlan,
    PlanAction,
    Invitation,
    Award,
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


@cache
def following(kind: str) -> tuple[tuple[str, str, bool], ...]:
    """Fields of a kind that follow a record which is merged into another: (name, kind that
    it names, "" for any; whether it names several)."""
    found = []
    for f in RECORDS[kind].fields.values():
        to = "" if isinstance(f.kind, AnyLink) else getattr(f.kind, "to", None)
        if to == "" or (to in RECORDS and RECORDS[to].merges):
            found.append((f.name, str(to), f.kind.many))
    return tuple(found)


MERGING = tuple(about for about in RECORDS.values() if about.merges)
"""Record types of which two rows may turn out to be one."""

__all__ = [
    "MERGING",
    "RECORDS",
    "Base",
    "Field",
    "Record",
    "RecordType",
    "children_of",
    "following",
    "going_with",
]

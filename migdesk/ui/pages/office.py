"""The office: programmes, formalities, sharing, suggestions, press, committees."""

from __future__ import annotations

from typing import ClassVar

from migdesk.i18n import N_

from .kinds import KindsPage
from .office_sharing import SharingDetail


class OfficePage(KindsPage):
    """The office: programmes, formalities, sharing, suggestions, press, committees."""

    name: ClassVar[str] = "office"
    title = N_("The office")
    kinds: ClassVar = {
        "programme": (
            N_("Local and national programmes that people are told of."),
            N_("Add a programme with its conditions."),
        ),
        "formality": (
            N_("Consular and social paperwork that the office helps with."),
            N_("Begin a formality for a person."),
        ),
        "sharing": (
            N_("Files that two offices work on, and what each may do."),
            N_("Share a file with another office."),
        ),
        "suggestion": (
            N_("What people would like to be better, and the answers."),
            N_("Note a suggestion."),
        ),
        "message": (
            N_("What the office says in public, and the press."),
            N_("Plan a communication."),
        ),
        "committee_meeting": (
            N_("Sessions of the committee, and its decisions."),
            N_("Note a session."),
        ),
        "municipal_plan": (
            N_("The migration axis of the plans of communes."),
            N_("Add a plan with its actions."),
        ),
        "office": (
            N_("The offices that work on this register, with their communes and rooms."),
            N_("Add an office."),
        ),
    }
    details: ClassVar = {"sharing": SharingDetail}
    documents: ClassVar = (
        "statistical-note",
        "call-statistics",
        "service-charter",
        "office-sheet",
        "caseload-sheet",
        "open-requests",
        "communication-plan",
        "press-file",
        "contact-list",
    )

"""Helping projects on their way: coaches and sessions, mandates, visits, selections, chains."""

from __future__ import annotations

from typing import ClassVar

from migdesk.i18n import N_

from .accompany_selection import SelectionDetail
from .kinds import KindsPage


class AccompanyPage(KindsPage):
    """What is kept beside the dossiers, for all of them together."""

    name: ClassVar[str] = "accompany"
    title = N_("Support to projects")
    kinds: ClassVar = {
        "coach": (
            N_("Who helps promoters, here and abroad, and what each is good at."),
            N_("Add the coaches of the office and those of the partners."),
        ),
        "coaching": (
            N_("What was worked on with promoters, and what comes next."),
            N_("Add a session here, or in the dossier."),
        ),
        "follow_visit": (
            N_("What running businesses earn and spend, month by month."),
            N_("Add the figures of a month here, or in the dossier."),
        ),
        "mandate": (
            N_("Relatives and neighbours who act for a migrant, how far and until when."),
            N_("Add a mandate and print it for the signatures."),
        ),
        "selection": (
            N_("Meetings that decide who is supported, with criteria and points."),
            N_("Add a selection, its criteria and the dossiers that are looked at."),
        ),
        "value_chain": (
            N_("Products of the territory, from what they are made of to who buys them."),
            N_("Add a product that suits the territory."),
        ),
    }
    details: ClassVar = {"selection": SelectionDetail}

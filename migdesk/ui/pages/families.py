"""People who return, and the families of those who are away."""

from __future__ import annotations

from typing import ClassVar

from migdesk.i18n import N_

from .kinds import KindsPage


class FamiliesPage(KindsPage):
    """People who return, and the families of those who are away."""

    name: ClassVar[str] = "families"
    title = N_("Returns and families")
    kinds: ClassVar = {
        "arrival": (
            N_("Arrivals at entry points, of one person or a group."),
            N_("Note an arrival."),
        ),
        "relief": (
            N_("Help given at once, with a receipt."),
            N_("Note what was given."),
        ),
        "care_note": (
            N_("First psychological help, apart from the rest."),
            N_("Note a talk."),
        ),
        "return_plan": (
            N_("Reintegration after a return, and returns prepared from abroad."),
            N_("Begin a plan with the person."),
        ),
        "claim": (
            N_("Pensions and rights earned abroad."),
            N_("Begin a claim with its periods."),
        ),
        "care_agreement": (
            N_("Who cares for the children while parents are away."),
            N_("Agree with parents before they leave."),
        ),
        "contact_plan": (
            N_("How parents abroad and children stay in touch."),
            N_("Begin a plan with a family."),
        ),
        "school_action": (
            N_("What is done with schools."),
            N_("Note an action with a school."),
        ),
        "registration": (
            N_("Households registered for social programmes."),
            N_("Register a household."),
        ),
        "safety_report": (
            N_("Signs of maltreatment, apart from the rest."),
            N_("Note what was seen or said."),
        ),
        "staff_care": (
            N_("Sessions in which the helpers are looked after."),
            N_("Plan a session."),
        ),
    }
    documents: ClassVar = (
        "arrival-list",
        "arrival-table",
        "fair-report",
    )

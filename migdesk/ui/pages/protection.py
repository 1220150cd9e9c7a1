"""Protection of data: what people are told and allow, who read, what is due to be erased."""

from __future__ import annotations

from typing import ClassVar

from migdesk.i18n import N_

from .kinds import KindsPage
from .protection_calendar import CalendarPage


class ProtectionPage(KindsPage):
    """Notices, authorisations, the logs, and the retention calendar."""

    name: ClassVar[str] = "protection"
    title = N_("Protection of data")
    own: ClassVar = {"calendar": (N_("Retention calendar"), CalendarPage)}
    kinds: ClassVar = {
        "notice": (
            N_("What people are told and agree to, in each language, in numbered versions."),
            N_("Texts in French, English and Arabic are there already; add one of your own."),
        ),
        "authorisation": (
            N_("Leave to take pictures, to speak with children, to survey a village."),
            N_("Add the first authorisation, print it, and scan it once it is signed."),
        ),
        "disclosure": (
            N_("What was given to whom, why and by what right."),
            N_("A line is written whenever something about a person leaves the office."),
        ),
        "reading": (
            N_("Who opened files that only some may read."),
            N_("A line is written when such a file is opened, once a day for each reader."),
        ),
        "retention": (
            N_("How long the office keeps what."),
            N_("Usual periods hold until you write your own: the law of your country first."),
        ),
        "destruction": (
            N_("What was erased when its time was over."),
            N_("Erase what is due in the retention calendar: the report is written by itself."),
        ),
        "method_note": (
            N_("How figures without names were made."),
            N_("Write one for each report that leaves the office."),
        ),
    }

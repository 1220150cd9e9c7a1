"""Directory: organisations, their projects, places and households."""

from __future__ import annotations

from typing import ClassVar

from migdesk.i18n import N_

from .kinds import KindsPage


class DirectoryPage(KindsPage):
    """Whom the office works with, and where."""

    name: ClassVar[str] = "directory"
    title = N_("Directory")
    kinds: ClassVar = {
        "organisation": (
            N_("Associations, communes, services and banks that the office works with."),
            N_("Add the partners you already know, or import a table."),
        ),
        "project": (
            N_("Projects that organisations carry together."),
            N_("Add a project with its partners, or import a list of projects."),
        ),
        "place": (
            N_("Regions, communes and villages, one inside the other."),
            N_("Import the places of your country with their P-codes."),
        ),
        "household": (
            N_("Families, with their members at home and abroad."),
            N_("Add the household of a person whom you help."),
        ),
    }

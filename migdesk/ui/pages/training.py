"""Training: courses, sessions, trainers."""

from __future__ import annotations

from typing import ClassVar

from migdesk.i18n import N_

from .kinds import KindsPage


class TrainingPage(KindsPage):
    """Training: courses, sessions, trainers."""

    name: ClassVar[str] = "training"
    title = N_("Training")
    kinds: ClassVar = {
        "course": (
            N_("What is taught, with its material in each language."),
            N_("Add a course."),
        ),
        "training_session": (
            N_("When and where a course is given, and who came."),
            N_("Plan a session of a course."),
        ),
        "trainer": (
            N_("Who teaches what."),
            N_("Add a trainer."),
        ),
    }
    documents: ClassVar = (
        "training-plan",
        "trainer-list",
        "course-list",
    )

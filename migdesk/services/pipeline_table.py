"""The pipelines of cases; another area adds its own here."""

from __future__ import annotations

from migdesk.i18n import N_

from .enterprise import ENTERPRISE
from .pipelines import Pipeline, every, filled, some

HELP = Pipeline(
    "help_stages",
    {
        "understand": (filled("person"), filled("adviser")),
        "agree": (some("step", words=N_("What is to be done is noted as steps")),),
        "act": (
            every(N_("Every step is done or dropped"), "step", "status", ("done", "dropped")),
        ),
        "check": (filled("decision"),),
    },
)

PIPELINES = (ENTERPRISE, HELP)
"""By their code lists; `models.case.STAGES_OF` says which type of case goes through which."""

"""Money: windows, applications, calls; remittances, savings, loans."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from migdesk.i18n import N_
from migdesk.jobs.matches import match_projects
from migdesk.services import applications, match_rows, matches
from migdesk.ui.desk import Desk

from .kinds import KindsPage
from .matches import Direction, MatchesPage
from .ways import ApplicationDetail, VerifiedDetail

WINDOWS = Direction(
    words=N_("Windows for a project"),
    subject="case",
    offer="window",
    by=("application", "case"),
    prompt=N_("Project for which money is looked for"),
    read=match_rows.windows,
    why=matches.windows_why,
    action=N_("Apply"),
    begun=N_("Application begun"),
    again=N_("Open the application"),
    begin=applications.begin,
    leads="application",
    sheet="source-list",
    job=match_projects,
    every=N_("All projects"),
)


class FindMoneyPage(MatchesPage):
    """Financing windows for a project."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (WINDOWS,))


class MoneyPage(KindsPage):
    """Money: windows, applications, calls; remittances, savings, loans."""

    name: ClassVar[str] = "money"
    title = N_("Money")
    own: ClassVar = {"matches": (N_("Find money"), FindMoneyPage)}
    details: ClassVar = {
        "application": ApplicationDetail,
        "window": partial(VerifiedDetail, kind="window"),
    }
    kinds: ClassVar = {
        "window": (
            N_("Who gives money, for what, up to how much."),
            N_("Add the windows that you know, or import a directory."),
        ),
        "application": (
            N_("Requests for money, from lodging to the last instalment."),
            N_("Open one from a project, or here."),
        ),
        "call": (
            N_("Calls for proposals that the region or a donor runs."),
            N_("Add a call with its criteria."),
        ),
        "product": (
            N_("Financial products for migrants, and those that nobody offers."),
            N_("Add a product, or note what is missing."),
        ),
        "transfer": (
            N_("What each transfer channel takes and gives."),
            N_("Note what an operator takes today for one amount."),
        ),
        "household_budget": (
            N_("What a family has and spends in a month."),
            N_("Begin a budget with a family."),
        ),
        "savings_group": (
            N_("Groups that save together, at most 50 members."),
            N_("Add a group with its members."),
        ),
        "fund": (
            N_("Money of several migrants put into enterprises together."),
            N_("Add an investment with its investors."),
        ),
        "loan": (
            N_("Loans with their schedules, backed by transfers or not."),
            N_("Add a loan with its terms."),
        ),
    }
    package = True
    documents: ClassVar = (
        "funding-directory",
        "transfer-comparison",
        "product-gaps",
    )

"""The places of the navigation, in their order, and the pages behind them.

A page's module is loaded when the page is first asked for: the start stays fast.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from migdesk.i18n import N_
from migdesk.ui.desk import Desk, Page
from migdesk.ui.widgets.navigation import Place

PAGES = {
    "today": "migdesk.ui.pages.today:TodayPage",
    "agenda": "migdesk.ui.pages.agenda:AgendaPage",
    "receive": "migdesk.ui.pages.receive:ReceivePage",
    "people": "migdesk.ui.pages.people:PeoplePage",
    "cases": "migdesk.ui.pages.cases:CasesPage",
    "questionnaires": "migdesk.ui.pages.questionnaires:QuestionnairesPage",
    "answers": "migdesk.ui.pages.answers:AnswersPage",
    "bench": "migdesk.ui.pages.bench:BenchPage",
    "accompany": "migdesk.ui.pages.accompany:AccompanyPage",
    "campaigns": "migdesk.ui.pages.campaigns:CampaignsPage",
    "directory": "migdesk.ui.pages.directory:DirectoryPage",
    "services": "migdesk.ui.pages.services:ServicesPage",
    "families": "migdesk.ui.pages.families:FamiliesPage",
    "money": "migdesk.ui.pages.money:MoneyPage",
    "skills": "migdesk.ui.pages.skills:SkillsPage",
    "training": "migdesk.ui.pages.training:TrainingPage",
    "office": "migdesk.ui.pages.office:OfficePage",
    "protection": "migdesk.ui.pages.protection:ProtectionPage",
    "exchange": "migdesk.ui.pages.exchange:ExchangePage",
    "devices": "migdesk.ui.pages.devices:DevicesPage",
    "settle": "migdesk.ui.pages.settle:SettlePage",
    "merge": "migdesk.ui.pages.merge:MergePage",
    "erase": "migdesk.ui.pages.erase:ErasePage",
    "import": "migdesk.ui.pages.imports:ImportPage",
    "settings": "migdesk.ui.pages.settings:SettingsPage",
}
DESK_ROLES = ("agent", "office_head", "agency", "administrator")
READERS = (*DESK_ROLES, "reader")
FORMS = (
    "accompany", "directory", "services", "families", "money", "skills", "training", "office"
)  # fmt: skip
"""Places whose page opens an empty form: ``desk.go(name, kind=…, new=values)``."""
KEYS = ("exchange", "devices")
"""Places that need the keys of the exchange. Where many share one database the hub holds
them, and administrators."""


def _page(name: str) -> Callable[[Desk], Page]:
    """Maker of a page; its module is loaded when the page is first asked for."""

    def make(desk: Desk) -> Page:
        module, _colon, cls = PAGES[name].partition(":")
        made: Page = getattr(import_module(module), cls)(desk)
        return made

    return make


PROTECTION = (
    "notice",
    "authorisation",
    "disclosure",
    "reading",
    "retention",
    "destruction",
    "method_note",
)
DIRECTORY = ("organisation", "project", "place", "household", "contact_person")
SERVICES = (
    "service",
    "referral",
    "legal_note",
    "rights_text",
    "awareness",
    "helper",
    "pairing",
)
FAMILIES = (
    "arrival",
    "relief",
    "care_note",
    "return_plan",
    "claim",
    "care_agreement",
    "contact_plan",
    "school_action",
    "registration",
    "safety_report",
    "staff_care",
)
MONEY = (
    "window",
    "application",
    "call",
    "product",
    "transfer",
    "household_budget",
    "savings_group",
    "fund",
    "loan",
)
SKILLS = (
    "need",
    "introduction",
    "placement",
    "mission",
    "certificate",
    "invitation",
    "collaboration",
    "student",
    "award",
)
TRAINING = ("course", "training_session", "trainer")
OFFICE = (
    "programme",
    "formality",
    "sharing",
    "suggestion",
    "message",
    "committee_meeting",
    "municipal_plan",
    "office",
)

PLACES = (
    Place("today", N_("Today"), _page("today"), "calendar-today"),
    Place("agenda", N_("Agenda"), _page("agenda"), "calendar-clock", roles=READERS),
    Place("receive", N_("Receive"), _page("receive"), roles=DESK_ROLES),
    Place(
        "people",
        N_("People"),
        _page("people"),
        "account-group-outline",
        "person",
        kinds=("person", "visit", "consent"),
        roles=READERS,
    ),
    Place(
        "cases",
        N_("Cases"),
        _page("cases"),
        "folder-outline",
        "case",
        kinds=("case", "step"),
        roles=READERS,
    ),
    Place(
        "accompany",
        N_("Support to projects"),
        _page("accompany"),
        "sprout-outline",
        kinds=("coach", "coaching", "follow_visit", "mandate", "selection", "value_chain"),
        roles=READERS,
    ),
    Place(
        "services",
        N_("Services and rights"),
        _page("services"),
        "lifebuoy",
        kinds=SERVICES,
        roles=READERS,
    ),
    Place(
        "families",
        N_("Returns and families"),
        _page("families"),
        "home-heart",
        kinds=FAMILIES,
        roles=READERS,
    ),
    Place(
        "money",
        N_("Money"),
        _page("money"),
        "cash-multiple",
        kinds=MONEY,
        roles=READERS,
    ),
    Place(
        "skills",
        N_("Skills and jobs"),
        _page("skills"),
        "briefcase-outline",
        kinds=SKILLS,
        roles=READERS,
    ),
    Place(
        "training",
        N_("Training"),
        _page("training"),
        "school-outline",
        kinds=TRAINING,
        roles=READERS,
    ),
    Place(
        "questionnaires",
        N_("Questionnaires"),
        _page("questionnaires"),
        "clipboard-text-outline",
        "draft",
        kinds=("questionnaire", "submission"),
    ),
    Place(
        "campaigns",
        N_("Campaigns"),
        _page("campaigns"),
        "map-marker-radius-outline",
        kinds=("campaign", "campaign_target", "draw", "survey_unit", "paper_copy"),
    ),
    Place(
        "directory",
        N_("Directory"),
        _page("directory"),
        "book-open-variant",
        "organisation",
        kinds=DIRECTORY,
        roles=READERS,
    ),
    Place(
        "protection",
        N_("Protection of data"),
        _page("protection"),
        "shield-account-outline",
        kinds=PROTECTION,
        roles=READERS,
    ),
    Place("office", N_("The office"), _page("office"), "domain", kinds=OFFICE, roles=READERS),
    Place("exchange", N_("Exchange"), _page("exchange"), "swap-horizontal", "exchange"),
    Place(
        "settle",
        N_("To settle"),
        _page("settle"),
        "scale-balance",
        "settle",
        "waiting",
        roles=DESK_ROLES,
    ),
    Place("devices", N_("Devices of the office"), _page("devices")),
    Place("merge", N_("Merge"), _page("merge"), roles=DESK_ROLES),
    Place("erase", N_("Erase for good"), _page("erase"), roles=DESK_ROLES),
    Place("answers", N_("Answers"), _page("answers"), roles=READERS),
    Place("bench", N_("Design bench"), _page("bench"), roles=DESK_ROLES),
    Place("import", N_("Import a table"), _page("import"), roles=DESK_ROLES),
    Place("settings", N_("Settings"), _page("settings"), "cog-outline", foot=True),
)


def places_for(desk: Desk) -> tuple[Place, ...]:
    """The places of a database; whether a role may go there, each says."""
    if desk.store.is_sqlite or desk.account.role == "administrator":
        return PLACES
    return tuple(place for place in PLACES if place.name not in KEYS)

"""Documents of accompanying a project."""

from migdesk.i18n import N_

from .parts import Advice, Facts, Lines, Made, Recipe, Sign, Told, Words

_PROJECT = ("code", "person", "relative", "sector", "place", "opened")
_COACHES = ("adviser", "coach", "coach_home", "followed")

RECIPES: dict[str, Recipe] = {
    "progress-sheet": Recipe(
        N_("Project progress sheet"),
        "case",
        (
            Facts((*_PROJECT, "stage", "status", *_COACHES), N_("The project")),
            Made("stage_moves"),
            Made("stage_checks"),
            Lines("step", ("what", "due", "owner", "status", "done")),
            Told("decision"),
        ),
    ),
    "two-country-sheet": Recipe(
        N_("Two-country follow-up sheet"),
        "case",
        (
            Facts(("code", "person", "stage", "status"), N_("The project")),
            Facts(("begun_in", "coach"), N_("Abroad")),
            Facts(("place", "coach_home", "relative"), N_("At home")),
            Facts(("followed",)),
            Made("stage_moves"),
            Made("two_ends"),
            Lines("step", ("what", "due", "owner", "status")),
            Sign(((N_("Coach abroad"), "coach"), (N_("Coach at home"), "coach_home"))),
        ),
        leaves="sharing",
    ),
    "market-study": Recipe(
        N_("Market study"),
        "case",
        (
            Facts(("sector", "place", "activity"), N_("The product")),
            Told("market"),
            Lines("demand", ("who", "number", "units", "share", "price", "source")),
            Made("market_figures"),
            Lines("competitor", ("name", "sells_at", "price", "strength", "answer")),
            Made("prices"),
            Told("prices"),
            Told("channels"),
            Made("similar"),
        ),
    ),
    "business-plan": Recipe(
        N_("Business plan"),
        "case",
        (
            Facts((*_PROJECT, "ownership", "location", "jobs")),
            Told("activity"),
            Told("means"),
            Told("channels"),
            Made("plan_figures"),
            Made("plan_assumptions"),
            Made("plan_months"),
            Made("plan_loans"),
            Words(
                N_(
                    "The figures are the promoter’s assumptions. Amounts are rounded to the "
                    "smallest unit of the currency; a tax on profit is counted in the last "
                    "month of each year; private takings are no cost but leave the cash."
                ),
                "small",
            ),
        ),
    ),
    "session-report": Recipe(
        N_("Session report"),
        "coaching",
        (
            Facts(("case", "at", "coach", "side", "channel", "hours", "present", "expertise")),
            Told("work"),
            Told("advice"),
            Facts(("next_action", "next_who", "next_date"), N_("Next action")),
            Sign(((N_("The promoter"), ""), (N_("The coach"), "coach"))),
        ),
    ),
    "owners-list": Recipe(
        N_("List of owners"),
        "case",
        (
            Facts(("code", "person", "ownership", "location", "place")),
            Made("owners"),
            Sign(((N_("The promoter"), "person"), (N_("The adviser"), "adviser"))),
        ),
    ),
    "local-business-note": Recipe(
        N_("Local business note"),
        "case",
        (
            Facts(("sector", "place"), N_("What is planned")),
            Made("similar"),
            Advice(
                N_(
                    "A business like others nearby needs a reason why customers would come: "
                    "another price, another quality, another place or other hours. Talk to "
                    "the coach before money is spent."
                )
            ),
            Words(N_("No promoter is named on this paper."), "small"),
        ),
        heading=N_("{sector} · {place}"),
    ),
    "selection-minutes": Recipe(
        N_("Selection minutes"),
        "selection",
        (
            Facts(
                ("code", "at", "location", "access", "places", "chair", "members", "excused")
            ),
            Told("note"),
            Made("minutes"),
        ),
    ),
    "follow-up-sheet": Recipe(
        N_("Follow-up visit sheet"),
        "follow_visit",
        (
            Facts(("case", "month", "visited", "coach", "jobs", "women", "cash")),
            Made("visit_results"),
            Facts(("obstacles",)),
            Told("problems"),
            Told("advice"),
            Facts(("next_visit",)),
            Sign(((N_("The promoter or relative"), ""), (N_("The coach"), "coach"))),
        ),
    ),
    "mandate-form": Recipe(
        N_("Mandate"),
        "mandate",
        (
            Words(
                N_(
                    "I, {giver}, give {holder} the mandate to act for me in the project "
                    "“{case}”, from {begins} to {until}."
                ),
                "lead",
            ),
            Facts(
                ("birth", "origin", "residence", "residence_country", "phone"),
                N_("Who gives the mandate"),
                of="giver",
            ),
            Facts(("birth", "residence", "phone"), N_("Who receives it"), of="holder"),
            Facts(("link", "begins", "until", "ceiling")),
            Facts(("powers",), N_("May do")),
            Told("limits"),
            Words(
                N_(
                    "Whatever is not written here stays with me. I may take this mandate back "
                    "at any time by telling {office}. The holder accounts to me for what is "
                    "received and spent."
                )
            ),
            Sign(
                (
                    (N_("Who gives the mandate"), "giver"),
                    (N_("Who receives it"), "holder"),
                    (N_("Witness"), "witness"),
                )
            ),
        ),
        heading=N_("Mandate given to {holder}"),
    ),
    "value-chain-sheet": Recipe(
        N_("Value-chain sheet"),
        "value_chain",
        (
            Facts(("sector", "place", "unit", "producers", "volume", "label", "markets")),
            Made("chain_margins"),
            Told("credit"),
            Told("natural"),
            Told("demand"),
            Told("migrants"),
            Told("verdict"),
        ),
    ),
}

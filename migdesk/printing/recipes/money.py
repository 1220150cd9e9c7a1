"""Documents of finding money, remittances and savings."""

from migdesk.i18n import N_

from .parts import Facts, Lines, Made, Recipe, Roll, Sign, Told, Words, Write

RECIPES: dict[str, Recipe] = {
    "funding-directory": Recipe(
        N_("Funding directory"),
        "office",
        (
            Roll(
                "window",
                ("name", "organisation", "nature", "floor", "ceiling", "deadline", "verified"),
                where=(("open", "true"),),
                group="source",
            ),
            Words(N_("Ask the office before you apply: conditions change."), "small"),
        ),
    ),
    "window-sheet": Recipe(
        N_("Financing window"),
        "window",
        (
            Facts(("organisation", "source", "lender", "nature", "deadline")),
            Told("purpose"),
            Facts(("floor", "ceiling", "rate", "months", "guarantee"), N_("Money")),
            Made("conditions"),
            Told("terms"),
            Facts(("contact", "phone", "email", "address", "website"), N_("Where to apply")),
            Words(N_("Verified on {verified} by {verified_by}."), "small", needs="verified"),
        ),
    ),
    "source-list": Recipe(
        N_("List of sources"),
        "case",
        (
            Facts(("code", "person", "sector", "place", "stage")),
            Made("sources"),
        ),
    ),
    "application-tracking": Recipe(
        N_("Tracking sheet of applications"),
        "case",
        (
            Facts(("code", "person", "adviser")),
            Lines(
                "application",
                ("window", "amount", "status", "lodged", "expected", "answered", "granted"),
                by="case",
                total=("granted",),
            ),
            Made("instalments"),
        ),
    ),
    "lender-letter": Recipe(
        N_("Letter to the lender"),
        "application",
        (
            Words(N_("{office}, {today}"), "small"),
            Words(N_("To {window.organisation}"), needs="window.organisation"),
            Words(N_("Subject: {window}"), "strong"),
            Words(
                N_(
                    "Our office accompanies the project “{case}” in {case.place}. The promoter "
                    "asks for {amount} and brings {own_share}. We ask you to examine this "
                    "request; the dossier is joined."
                )
            ),
            Facts(("code", "amount", "own_share", "guarantee", "lodged", "expected")),
            Told("note"),
            Sign(((N_("For the office"), "follower"), (N_("The promoter"), ""))),
        ),
        heading=N_("{case}"),
        leaves="referral",
    ),
    "finance-plan": Recipe(
        N_("Finance plan"),
        "case",
        (
            Facts(("code", "person", "sector", "place")),
            Lines("budget_line", ("what", "category", "quantity", "price")),
            Lines("finance_line", ("source", "nature", "status", "amount"), total=("amount",)),
            Made("finance-gap"),
            Sign(((N_("The promoter"), "person"), (N_("The adviser"), "adviser"))),
        ),
    ),
    "continuity-plan": Recipe(
        N_("Continuity plan"),
        "case",
        (
            Facts(("code", "person", "place", "stage")),
            Lines("continuity", ("what", "cost", "source", "host", "since"), total=("cost",)),
            Sign(((N_("The promoter"), "person"), (N_("Who takes it over"), ""))),
        ),
    ),
    "call-notice": Recipe(
        N_("Call for proposals"),
        "call",
        (
            Facts(("organisation", "budget", "opens", "closes")),
            Told("text"),
            Told("who"),
            Lines("criterion", ("name", "best", "weight")),
            Words(N_("Proposals are received until {closes} at {office}."), "strong"),
        ),
    ),
    "decision-letter": Recipe(
        N_("Decision on an application"),
        "application",
        (
            Words(N_("{office}, {today}"), "small"),
            Words(N_("Dear {case.person}")),
            Words(N_("Your application for “{case}” was examined: {status}.")),
            Facts(("call", "window", "amount", "granted", "answered")),
            Told("reason"),
            Made("marks"),
            Words(
                N_("You may ask for the reasons, and for help of the office to apply again.")
            ),
            Sign(((N_("For the jury"), ""),)),
        ),
        heading=N_("{case}"),
    ),
    "call-scores": Recipe(
        N_("Scores of a call"),
        "call",
        (
            Facts(("organisation", "budget", "closes", "decided")),
            Made("scores"),
            Sign(((N_("The readers"), ""), (N_("The head of the office"), ""))),
        ),
    ),
    "transfer-comparison": Recipe(
        N_("Comparison of transfer channels"),
        "office",
        (
            Made("transfers"),
            Words(
                N_("Fees and rates change: ask on the day, and count what arrives."), "small"
            ),
        ),
    ),
    "household-budget": Recipe(
        N_("Household budget"),
        "household_budget",
        (
            Facts(("household", "person", "month", "reserve", "aim")),
            Made("household-budget"),
            Told("note"),
            Write(N_("What we decide together"), 3),
        ),
    ),
    "product-sheet": Recipe(
        N_("Financial product"),
        "product",
        (
            Facts(("type", "organisation", "place", "checked")),
            Told("conditions"),
            Told("gap"),
        ),
    ),
    "product-gaps": Recipe(
        N_("Note on missing financial products"),
        "office",
        (
            Words(N_("What migrants and families ask for and nobody offers here."), "lead"),
            Roll(
                "product",
                ("name", "type", "place", "gap", "checked"),
                where=(("missing", "true"),),
            ),
            Roll("product", ("name", "type", "organisation", "conditions"), group="type"),
        ),
    ),
    "savings-register": Recipe(
        N_("Register of a savings group"),
        "savings_group",
        (
            Facts(("bases", "place", "organisation", "coach", "founded", "share")),
            Told("rules"),
            Made("savings-balances"),
            Lines("group_entry", ("day", "member", "what", "amount", "note")),
            Lines("group_decision", ("day", "what", "present")),
            Sign(((N_("The president"), ""), (N_("The treasurer"), ""))),
        ),
    ),
    "member-statement": Recipe(
        N_("Statement of a member"),
        "group_member",
        (
            Facts(("group", "name", "joined", "left")),
            Made("member-statement"),
            Sign(((N_("The treasurer"), ""), (N_("The member"), "name"))),
        ),
    ),
    "investor-statement": Recipe(
        N_("Statement of an investor"),
        "investor",
        (
            Facts(("person", "residence", "fund")),
            Made("investor-statement"),
            Words(N_("For {fund}, {today}"), "small"),
            Sign(((N_("The manager"), ""),)),
        ),
        heading=N_("{person}"),
    ),
    "loan-schedule": Recipe(
        N_("Loan schedule"),
        "loan",
        (
            Facts(("code", "person", "lender", "sender", "link", "transfers", "guarantee")),
            Facts(("amount", "rate", "months", "grace", "method", "starts"), N_("Terms")),
            Made("loan-schedule"),
            Lines("repayment", ("day", "amount", "note"), total=("amount",)),
            Sign(((N_("The borrower"), "person"), (N_("The lender"), "lender"))),
        ),
        heading=N_("{person}"),
    ),
}

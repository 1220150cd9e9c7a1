"""Documents of receiving people."""

from migdesk.i18n import N_

from .parts import Advice, Counts, Facts, Lines, Made, Recipe, Roll, Sign, Ticks, Told, Words

RECIPES: dict[str, Recipe] = {
    "file-cover": Recipe(
        N_("File cover sheet"),
        "person",
        (
            Facts(("code", "sex", "birth", "nationality", "origin"), N_("Identity")),
            Facts(
                (
                    "phone",
                    "phone_2",
                    "email",
                    "contact_note",
                    "free_times",
                    "here_from",
                    "here_until",
                    "residence",
                    "residence_country",
                    "time_zone",
                ),
                N_("How to reach the person"),
            ),
            Facts(("languages", "phase", "occupation", "education", "office")),
            Lines("consent", ("purpose", "answer", "means", "given", "withdrawn")),
            Lines("case", ("code", "title", "stage", "status", "opened"), by="person"),
            Lines("visit", ("at", "request", "outcome", "next_step"), by="person"),
            Words(N_("File opened at {office}."), "small"),
            Sign(((N_("The adviser"), ""),)),
        ),
    ),
    "cycle-history": Recipe(
        N_("History of the migration"),
        "person",
        (
            Facts(("code", "origin", "residence_country", "phase")),
            Lines("cycle_step", ("phase", "since", "until", "country", "town", "note")),
        ),
    ),
    "ticket": Recipe(
        N_("Ticket without a name"),
        "visit",
        (
            Words(N_("Your number"), "lead"),
            Facts(("at", "request", "next_step", "appointment"), columns=1),
            Advice(
                N_(
                    "Keep this ticket: with its number you are received again without giving "
                    "your name. No identity paper is needed."
                )
            ),
        ),
        heading=N_("{ticket}"),
        size="A5",
    ),
    "call-note": Recipe(
        N_("Call note"),
        "visit",
        (
            Facts(("at", "channel", "subject", "urgency", "adviser", "request"), N_("Call")),
            Told("words", N_("What was said")),
            Facts(("outcome", "next_step", "appointment"), N_("What is done")),
        ),
    ),
    "introduction-letter": Recipe(
        N_("Introduction letter"),
        "introduction",
        (
            Made("introduced"),  # no letter before that
            Words(N_("{office}, {today}"), "small"),
            Words(N_("To {organisation}"), needs="organisation"),
            Words(N_("To {other}"), needs="other"),
            Words(N_("With the agreement of both sides we put you in touch with {person}.")),
            Facts(("residence", "phone", "email"), N_("How to reach the person"), of="person"),
            Told("reason"),
            Words(
                N_(
                    "We would be glad to hear from you how this meeting went. Thank you for "
                    "using what this letter says for this purpose only."
                )
            ),
            Sign(((N_("For the office"), ""),)),
        ),
        heading=N_("{person}"),
        leaves="introduction",
    ),
    "embassy-letter": Recipe(
        N_("Support letter to the embassy"),
        "formality",
        (
            Words(N_("{office}, {today}"), "small"),
            Words(N_("To {embassy}"), needs="embassy"),
            Words(N_("Subject: {type}"), "strong"),
            Words(
                N_(
                    "We support the request of {person}, who asked our office for help with "
                    "this formality. We ask you to receive this person and to tell us what is "
                    "still missing, if anything is."
                )
            ),
            Facts(("birth", "nationality"), N_("The person"), of="person"),
            Facts(("code", "country", "lodged", "answer_by")),
            Told("note"),
            Sign(((N_("For the office"), ""),)),
        ),
        heading=N_("{person}"),
        leaves="referral",
    ),
    "programme-sheet": Recipe(
        N_("Programme sheet"),
        "programme",
        (
            Facts(("level", "organisation", "place", "starts", "ends")),
            Told("what"),
            Told("conditions"),
            Told("contact"),
            Words(N_("Verified on {checked}."), "small", needs="checked"),
        ),
    ),
    "answer-letter": Recipe(
        N_("Answer to a suggestion"),
        "suggestion",
        (
            Words(N_("{office}, {today}"), "small"),
            Words(N_("Dear {person}"), needs="person"),
            Words(N_("On {day} you told us how our service could be better:")),
            Told("text"),
            Words(N_("This is our answer.")),
            Told("answer"),
            Words(N_("Thank you for your help.")),
            Sign(((N_("For the office"), "answered_by"),)),
        ),
        heading=N_("{person}"),
    ),
    "transfer-note": Recipe(
        N_("Transfer note"),
        "sharing",
        (
            Facts(("person", "case", "office", "role", "starts", "ends")),
            Told("reason"),
            Ticks("sharing_rights", "rights", N_("What that office may do")),
            Facts(("title", "stage", "status", "adviser"), N_("Case"), of="case"),
            Words(
                N_(
                    "The person was told which office works with the file, and may take this "
                    "agreement back at any time."
                )
            ),
            Sign(((N_("Office that hands over"), ""), (N_("Office that receives"), ""))),
        ),
        leaves="sharing",
    ),
    "access-table": Recipe(
        N_("Who may see this file"),
        "person",
        (
            Made("access-table"),
            Lines("disclosure", ("at", "purpose", "recipient", "basis"), by="person"),
        ),
    ),
    "office-sheet": Recipe(
        N_("Office sheet"),
        "office",
        (
            Facts(("agency", "country", "town", "address", "phone", "email", "hours", "area")),
            Lines("account", ("name", "role", "active"), N_("Staff"), by="office"),
            Lines("room", ("name", "seats", "slots")),
            Made("caseload"),
        ),
    ),
    "caseload-sheet": Recipe(
        N_("Caseload of the office"),
        "office",
        (Made("caseload"), Made("open-cases")),
    ),
    "open-requests": Recipe(
        N_("Requests to be answered"), "office", (Made("open-requests"),)
    ),
    "service-charter": Recipe(
        N_("Service charter"),
        "office",
        (
            Words(
                N_(
                    "Everybody is received, with or without papers, free of charge. What you "
                    "tell us stays with us unless you agree."
                ),
                "lead",
            ),
            Told("offers"),
            Told("limits"),
            Told("partners"),
            Facts(("hours", "address", "phone", "email"), N_("Where and when"), columns=1),
            Advice(
                N_(
                    "You may see your file, have it corrected, and take your consent back. "
                    "Tell us what should be better: you will get an answer."
                ),
                N_("Your rights here"),
            ),
        ),
    ),
    "statistical-note": Recipe(
        N_("Statistical note on needs and projects"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Counts("visit", "request", "person.sex", N_("Requests"), day="at"),
            Counts("visit", "person.origin", "", N_("Requests by commune of origin"), day="at"),
            Counts("need", "place", "type", N_("Needs by place")),
            Counts("case", "place", "stage", N_("Projects by place"), day="opened"),
            Counts("case", "sector", "stage", N_("Projects by sector"), day="opened"),
            Words(
                N_(
                    "No name was used for these figures. Small numbers are hidden, with those "
                    "from which they could be computed."
                ),
                "small",
            ),
        ),
    ),
    "call-statistics": Recipe(
        N_("Statistics of calls"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Counts("visit", "channel", "person.sex", N_("Contacts by channel"), day="at"),
            Counts("visit", "subject", "urgency", N_("Calls by subject"), day="at"),
            Counts("suggestion", "channel", "", N_("Suggestions"), day="day"),
        ),
    ),
    "communication-plan": Recipe(
        N_("Communication plan"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Roll(
                "message",
                ("day", "channel", "medium", "text", "public", "done"),
                N_("Planned communication"),
                where=(("type", "planned"),),
                day="day",
            ),
        ),
    ),
    "press-file": Recipe(
        N_("Press file"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Roll(
                "message",
                ("day", "medium", "text", "coverage"),
                N_("Press"),
                where=(("type", "press"),),
                day="day",
            ),
            Roll(
                "message",
                ("day", "medium", "text", "coverage"),
                N_("Press abroad"),
                where=(("type", "abroad"),),
                day="day",
            ),
        ),
    ),
    "contact-list": Recipe(
        N_("Contacts on the route"), "office", (Made("route-contacts"),)
    ),
    "committee-minutes": Recipe(
        N_("Minutes of the committee"),
        "committee_meeting",
        (
            Facts(("committee", "day", "place", "chair")),
            Ticks("migration_committee_members", "members", N_("Present")),
            Told("agenda"),
            Lines("committee_decision", ("what", "who", "due", "status"), N_("Decisions")),
            Told("notes"),
            Sign(((N_("The chair"), "chair"), (N_("Who took the minutes"), ""))),
        ),
    ),
    "municipal-plan": Recipe(
        N_("Municipal plan, migration axis"),
        "municipal_plan",
        (
            Facts(("place", "starts", "ends", "adopted")),
            Told("axis"),
            Lines(
                "plan_action",
                ("what", "who", "budget", "indicator", "target", "status"),
                total=("budget",),
            ),
            Sign(((N_("The mayor"), ""),)),
        ),
    ),
}

"""Documents of referring and defending."""

from migdesk.i18n import N_

from .parts import Advice, Facts, Lines, Made, Recipe, Roll, Sign, Ticks, Told, Words, Write

_SERVICE = ("name", "organisation", "address", "hours", "phone", "languages", "no_papers")

RECIPES: dict[str, Recipe] = {
    "service-directory": Recipe(
        N_("Service directory"),
        "office",
        (
            Roll("service", _SERVICE, where=(("open", "true"),), group="category"),
            Words(N_("Hours change: call before you go."), "small"),
        ),
    ),
    "service-sheet": Recipe(
        N_("Service sheet"),
        "service",
        (
            Facts(("category", "organisation", "place", "hours", "phone", "email", "contact")),
            Told("description"),
            Facts(("who", "how", "no_papers", "fee", "languages", "accessible"), N_("Access")),
            Told("address"),
            Words(N_("Verified on {verified}."), "small", needs="verified"),
        ),
    ),
    "route-sheet": Recipe(
        N_("Route sheet"),
        "person",
        (
            Words(N_("Where to go, in this order."), "lead"),
            Made("route"),
            Write(N_("Notes"), 4),
            Advice(N_("No service may refuse you at the door without saying why. Call us.")),
        ),
    ),
    "referral-letter": Recipe(
        N_("Referral letter"),
        "referral",
        (
            Words(N_("{office}, {today}"), "small"),
            Words(N_("To {service}"), needs="service"),
            Words(N_("To {organisation}"), needs="organisation"),
            Words(
                N_(
                    "With the agreement of {person} we refer this person to you and ask you to "
                    "tell us what was done, before {answer_by}."
                ),
                needs="answer_by",
            ),
            Words(
                N_("With the agreement of {person} we refer this person to you."),
                lacks="answer_by",
            ),
            Facts(("code", "urgency", "sent", "adviser")),
            Facts(("birth", "sex", "languages", "phone"), N_("The person"), of="person"),
            Told("reason"),
            Facts(("address", "hours", "how"), N_("Where to go"), of="service", columns=1),
            Sign(((N_("For the office"), "adviser"), (N_("The person agrees"), ""))),
            Made("return-slip"),
        ),
        heading=N_("{person}"),
        leaves="referral",
    ),
    "advice-note": Recipe(
        N_("Advice note"),
        "legal_note",
        (
            Advice(
                N_("Known only to who gives legal help, and to the person."), tone="warning"
            ),
            Facts(("person", "lawyer", "day", "deadline", "next_step")),
            Told("question"),
            Told("advice"),
            Sign(((N_("Who advises"), "lawyer"),)),
        ),
        heading=N_("{person}"),
    ),
    "rights-leaflet": Recipe(
        N_("Information on rights"),
        "rights_text",
        (
            Facts(("country", "topic", "language")),
            Told("text"),
            Words(
                N_("Source: {source}. Checked on {checked}, version {version}."),
                "small",
                needs="checked",
            ),
        ),
    ),
    "country-sheet": Recipe(
        N_("Information by country"),
        "office",
        (
            Roll(
                "rights_text",
                ("title", "topic", "language", "version", "source", "checked"),
                group="country",
            ),
        ),
    ),
    "information-pack": Recipe(
        N_("Information before departure"),
        "person",
        (
            Words(N_("What to know before one decides to leave."), "lead"),
            Ticks("pre_decision_information_topics"),
            Made("pack"),
            Advice(
                N_(
                    "Leaving is your decision. Keep copies of your papers with somebody you "
                    "trust, and a number to call at each place on your way."
                )
            ),
        ),
    ),
    "awareness-report": Recipe(
        N_("Campaign plan and report"),
        "awareness",
        (
            Facts(("channels", "publics", "place", "starts", "ends", "cost")),
            Told("message"),
            Facts(("reached", "asked_before", "knew_before", "asked_after", "knew_after")),
            Made("knowledge"),
            Told("report"),
        ),
    ),
    "pairing-sheet": Recipe(
        N_("Pairing sheet"),
        "pairing",
        (
            Facts(("person", "helper", "aim", "starts", "ends")),
            Facts(("role", "area", "languages", "phone"), N_("Who helps"), of="helper"),
            Lines("pair_meeting", ("day", "what", "next_step"), rows=4),
            Told("result"),
            Sign(((N_("The person"), "person"), (N_("Who helps"), "helper"))),
        ),
        heading=N_("{person}"),
    ),
}

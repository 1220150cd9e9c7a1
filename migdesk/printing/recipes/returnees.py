"""Documents of returnees and of families at home."""

from migdesk.i18n import N_

from .parts import (
    Advice,
    Counts,
    Facts,
    Lines,
    Made,
    Recipe,
    Roll,
    Sign,
    Sums,
    Ticks,
    Told,
    Words,
)
from .parts import Write as Room

RECIPES: dict[str, Recipe] = {
    "arrival-list": Recipe(
        N_("List of arrivals"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Roll(
                "arrival",
                ("day", "point", "group", "type", "country", "number", "needs"),
                day="day",
            ),
        ),
    ),
    "arrival-table": Recipe(
        N_("Arrivals of a period"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Sums("arrival", ("number", "women", "children"), day="day"),
            Counts("arrival", "type", "person.sex", N_("Type and sex"), day="day"),
            Counts("arrival", "country", "type", N_("Where they come from"), day="day"),
        ),
    ),
    "relief-receipt": Recipe(
        N_("Receipt of help given"),
        "relief",
        (
            Facts(("code", "day", "what", "detail", "quantity", "value", "giver")),
            Words(N_("Received by {person}.")),
            Sign(((N_("Who receives"), "person"), (N_("Who gives"), ""))),
        ),
        heading=N_("{person}"),
        size="A5",
    ),
    "care-referral": Recipe(
        N_("Referral to care"),
        "care_note",
        (
            Advice(N_("For whoever gives care, and nobody else."), tone="warning"),
            Words(N_("{office}, {today}"), "small"),
            Words(N_("We ask you to receive {person}.")),
            Facts(("birth", "sex", "languages"), N_("The person"), of="person"),
            Told("given"),
            Facts(("day", "follow", "by")),
            Sign(((N_("For the office"), "by"),)),
        ),
        heading=N_("{person}"),
        leaves="referral",
    ),
    "staff-care": Recipe(
        N_("Session for the staff"),
        "staff_care",
        (Facts(("day", "leader", "present", "themes", "next")),),
    ),
    "reintegration-plan": Recipe(
        N_("Reintegration plan"),
        "return_plan",
        (
            Facts(("person", "type", "starts", "ends", "adviser", "review")),
            Told("aim"),
            Ticks("returnee_longer_support", "support", N_("Support needed")),
            Lines("return_step", ("support", "what", "who", "due", "status")),
            Facts(("family", "relative", "lodging", "school"), N_("Family")),
            Told("work"),
            Sign(
                (
                    (N_("The person"), "person"),
                    (N_("The family"), "relative"),
                    (N_("Who is responsible"), "adviser"),
                )
            ),
        ),
        heading=N_("{person}"),
    ),
    "return-preparation": Recipe(
        N_("Preparation of a return"),
        "return_plan",
        (
            Facts(("person", "travel", "adviser", "review")),
            Told("aim"),
            Told("skills"),
            Told("work"),
            Facts(("savings", "family", "relative", "lodging", "school")),
            Lines("return_step", ("what", "who", "due", "status"), rows=3),
            Advice(
                N_(
                    "Before you travel: records of work and insurance, diplomas with a "
                    "translation, papers of the children, what you are still owed."
                )
            ),
        ),
        heading=N_("{person}"),
    ),
    "claim-file": Recipe(
        N_("Claim file"),
        "claim",
        (
            Facts(("person", "country", "right", "scheme", "number", "organisation")),
            Facts(("birth", "nationality", "origin", "phone"), N_("The person"), of="person"),
            Lines("claim_period", ("starts", "ends", "country", "employer", "work", "proof")),
            Made("insured-time"),
            Facts(("status", "lodged", "answer_by", "answered", "amount", "since")),
            Told("answer"),
            Sign(((N_("The person"), "person"), (N_("For the office"), ""))),
        ),
        heading=N_("{person}"),
        leaves="referral",
    ),
    "household-sheet": Recipe(
        N_("Household sheet"),
        "household",
        (
            Facts(("code", "head", "place", "phone")),
            Lines("member", ("name", "relation", "sex", "birth", "away", "country")),
            Lines(
                "home_visit",
                ("day", "volunteer", "children", "elderly", "carers", "risks", "support"),
            ),
            Told("note"),
        ),
    ),
    "care-agreement": Recipe(
        N_("Care arrangement"),
        "care_agreement",
        (
            Facts(("parent", "child", "birth", "departure", "agreed", "ends", "review")),
            Facts(("carer", "relation", "place", "phone", "school"), N_("Who cares")),
            Facts(("money", "calls", "emergency"), N_("Keeping in touch"), columns=1),
            Told("note"),
            Words(
                N_(
                    "The parents and the carer agree to this for the good of the child, who "
                    "was told of it and could say what he or she wishes."
                )
            ),
            Sign(
                (
                    (N_("The parent"), "parent"),
                    (N_("The carer"), "carer"),
                    (N_("For the office or the school"), ""),
                )
            ),
        ),
    ),
    "school-sheet": Recipe(
        N_("School sheet"),
        "organisation",
        (
            Facts(("place", "address", "phone", "email")),
            Lines("contact_person", ("name", "role", "phone", "email")),
            Lines(
                "school_action",
                ("day", "what", "contact", "children", "next_step"),
                by="school",
            ),
            Room(N_("Notes"), 3),
        ),
    ),
    "registration-record": Recipe(
        N_("Registration for a programme"),
        "registration",
        (
            Facts(("programme", "household", "person", "fair", "day", "eligible", "result")),
            Facts(("conditions", "contact"), of="programme", columns=1),
            Told("note"),
        ),
    ),
    "fair-report": Recipe(
        N_("Report of a service fair"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Counts(
                "registration",
                "fair",
                "result",
                N_("Registrations for programmes"),
                day="day",
            ),
            Counts("registration", "programme", "eligible", N_("Programmes"), day="day"),
            Sums("registration", ("served",), where=(("result", "served"),), day="day"),
        ),
    ),
    "confidential-referral": Recipe(
        N_("Confidential referral"),
        "safety_report",
        (
            Advice(
                N_("Confidential. For whoever protects this child or person, by hand only."),
                tone="warning",
            ),
            Facts(("day", "child", "household", "danger", "follow")),
            Told("signal"),
            Told("done"),
            Sign(((N_("Who hands over"), ""), (N_("Who receives"), ""))),
        ),
    ),
    "parent-guide": Recipe(
        N_("Guide for parents abroad"),
        "contact_plan",
        (
            Facts(
                ("parent", "household", "relative", "channel", "times", "material", "centre")
            ),
            Advice(
                N_(
                    "Call on the days that you agreed, even for a few minutes. Speak with the "
                    "child alone, too. Tell the truth about when you come back. Ask about "
                    "school and friends before you speak of money. Thank the carer."
                ),
                N_("Staying close from afar"),
            ),
            Told("note"),
        ),
        heading=N_("{parent}"),
    ),
}

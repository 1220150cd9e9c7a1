"""Documents of receiving people."""

from migdesk.i18n import N_

from .parts import Facts, Lines, Recipe, Sign, Words

RECIPES: dict[str, Recipe] = {
    "file-cover": Recipe(
        N_("File cover sheet"),
        "person",
        (
            Facts(("code", "sex", "birth", "nationality", "origin"), N_("Identity")),
            Facts(
                ("phone", "phone_2", "email", "contact_note", "residence", "residence_country"),
                N_("How to reach the person"),
            ),
            Facts(("languages", "phase", "occupation", "education")),
            Lines("consent", ("purpose", "answer", "means", "given", "withdrawn")),
            Lines("case", ("code", "title", "stage", "status", "opened"), by="person"),
            Lines("visit", ("at", "request", "outcome", "next_step"), by="person"),
            Words(N_("File opened at {office}."), "small"),
            Sign(((N_("The adviser"), ""),)),
        ),
    ),
}

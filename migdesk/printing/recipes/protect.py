"""Documents of consent and protection."""

from migdesk.i18n import N_

from .parts import Advice, Facts, Lines, Recipe, Sign, Told, Words, Write

RECIPES: dict[str, Recipe] = {
    "protection-sheet": Recipe(
        N_("Protection sheet"),
        "person",
        (
            Advice(
                N_(
                    "For whoever protects this person, and nobody else. Not to be copied; to "
                    "be kept under lock, and destroyed when it is no longer needed."
                ),
                tone="warning",
            ),
            Facts(("code", "sex", "birth", "nationality", "languages"), N_("Identity")),
            Facts(("needs", "protection", "status"), N_("Particular protection")),
            Told("refuge"),
            Facts(("phone", "contact_note"), N_("How to reach the person safely")),
            Told("note"),
            Lines("consent", ("purpose", "recipient", "answer", "given", "withdrawn")),
            Write(N_("Steps agreed, by whom and until when"), 4),
            Sign(((N_("Who protects"), ""), (N_("The head of the office"), ""))),
        ),
    ),
    "disclosure-log": Recipe(
        N_("Disclosures and readings"),
        "person",
        (
            Words(N_("To whom something about this person was given, and who read it.")),
            Lines(
                "disclosure",
                ("at", "what", "recipient", "reason", "basis", "account"),
                by="person",
            ),
            Lines("reading", ("at", "account", "kind"), by="person"),
        ),
    ),
    "notice-text": Recipe(
        N_("Notice"),
        "notice",
        (
            Told("text", N_("Text")),
            Facts(("language", "version", "since", "purpose", "translator")),
        ),
        heading=N_("{title}"),
    ),
    "authorisation-form": Recipe(
        N_("Authorisation"),
        "authorisation",
        (
            Facts(("type", "subject", "person", "place", "project", "campaign", "authority")),
            Words(
                N_(
                    "I was told what this is for, in a language that I understand, and I could "
                    "ask questions. I know that I may refuse, and take this authorisation back "
                    "at any time by telling {office}; what was done until then stays done."
                ),
                title=N_("What is authorised"),
            ),
            Told("limits"),
            Facts(
                ("signatory", "capacity", "answer", "given", "expires", "number"),
                N_("Signature"),
                blank=True,
            ),
            Sign(((N_("Who authorises"), "signatory"), (N_("For the office"), ""))),
        ),
    ),
    "destruction-report": Recipe(
        N_("Destruction report"),
        "destruction",
        (
            Facts(("at", "account", "reason", "records", "rows")),
            Told("codes"),
            Words(
                N_(
                    "The files above were erased for good from this computer; the other "
                    "computers of the office erase them at their next exchange. Backups and "
                    "paper are destroyed apart: note it here."
                ),
                "small",
            ),
            Write(N_("Paper files destroyed, how and where"), 3),
            Write(N_("Backups that are too old and were destroyed"), 2),
            Sign(((N_("Who erased"), "account"), (N_("Witness"), ""))),
        ),
    ),
    "method-note": Recipe(
        N_("Method note"),
        "method_note",
        (
            Facts(("source", "questionnaire", "begin", "end", "people", "account")),
            Facts(("grouping", "threshold", "anonymous", "measures"), N_("How it was counted")),
            Words(
                N_(
                    "A figure of fewer than {threshold} people is not shown, nor any other by "
                    "which it could be worked out. Percentages are of those who answered. No "
                    "table is broken down so far that somebody could be recognised."
                )
            ),
            Told("limits"),
        ),
    ),
}

"""Documents of skills, jobs and training."""

from migdesk.i18n import N_

from .parts import Advice, Facts, Lines, Made, Recipe, Roll, Sign, Ticks, Told, Words, Write

_SKILLS = ("occupation", "what", "level", "years", "country", "proof")

RECIPES: dict[str, Recipe] = {
    "skills-sheet": Recipe(
        N_("Skills sheet"),
        "person",
        (
            Facts(("code", "residence_country", "education", "occupation", "languages")),
            Lines("skill", (*_SKILLS, "offers", "disclosure")),
            Lines("certificate", ("what", "certifier", "answer", "date"), by="person"),
            Told("skills"),
            Ticks("skill_disclosure", "", N_("Who may know of these skills")),
            Words(
                N_("I may change what I said here, and who may know it, at any time."), "small"
            ),
            Sign(((N_("The person"), ""), (N_("The adviser"), ""))),
        ),
    ),
    "reminder-letter": Recipe(
        N_("Reminder to bring the skills sheet up to date"),
        "invitation",
        (
            Words(N_("{office}, {today}"), "small"),
            Words(N_("Dear {person}")),
            Words(
                N_(
                    "Your skills can help where you come from, and bring you work. Please tell "
                    "us what has changed, or register if you have not done so yet."
                )
            ),
            Facts(("campaign", "channel", "invited", "reminded"), columns=1),
            Words(N_("Only you decide who may know of it.")),
            Sign(((N_("For the office"), ""),)),
        ),
        heading=N_("{person}"),
    ),
    "needs-sheet": Recipe(
        N_("Needs sheet"),
        "need",
        (
            Facts(("code", "type", "organisation", "place", "groups", "kind_of", "priority")),
            Told("description"),
            Facts(("occupation", "posts", "starts", "ends", "remote")),
            Made("conditions"),
            Told("evidence"),
        ),
    ),
    "masked-profile": Recipe(
        N_("Masked profile"), "person", (Made("masked-profile"),), heading=N_("{code}")
    ),
    "fitting-needs": Recipe(
        N_("Needs and vacancies that fit"),
        "person",
        (
            Facts(("code", "occupation", "education", "languages")),
            Made("fitting-needs"),
            Words(N_("Tell the office which of them may learn of you, without your name.")),
        ),
    ),
    "proposal-letter": Recipe(
        N_("Proposal to a person"),
        "introduction",
        (
            Words(N_("{office}, {today}"), "small"),
            Words(N_("Dear {person}")),
            Words(
                N_(
                    "What you told us of your skills fits something that is looked for. Your "
                    "name was given to nobody: whoever looks knows only a code and your skills."
                )
            ),
            Facts(
                ("code", "type", "occupation", "place", "remote", "posts", "contract"),
                N_("What is looked for"),
                of="need",
            ),
            Facts(("season", "pay", "starts", "ends", "deadline"), of="need"),
            Told("description", of="need"),
            Told("reason", N_("Why it fits")),
            Advice(
                N_(
                    "Tell the office whether you agree. Names are given only once both sides "
                    "have said yes, and you may say no without giving a reason."
                )
            ),
            Sign(((N_("For the office"), ""),)),
        ),
        heading=N_("{person}"),
    ),
    "match-proposal": Recipe(
        N_("Match proposal"),
        "need",
        (
            Facts(("code", "organisation", "occupation", "place", "posts", "deadline")),
            Made("candidates"),
            Advice(
                N_(
                    "Names are given only after the person and the host have both agreed. Ask "
                    "the office, with the code of the profile."
                )
            ),
        ),
    ),
    "mission-order": Recipe(
        N_("Mission order"),
        "mission",
        (
            Facts(("code", "type", "expert", "host", "place", "remote", "starts", "ends")),
            Told("task"),
            Facts(("hours", "cost", "payer")),
            Sign(
                ((N_("The expert"), "expert"), (N_("The host"), "host"), (N_("The office"), ""))
            ),
        ),
        heading=N_("{expert}"),
    ),
    "mission-report": Recipe(
        N_("Mission report"),
        "mission",
        (
            Facts(("code", "expert", "host", "place", "starts", "ends", "hours", "cost")),
            Told("task"),
            Told("result"),
            Told("advice"),
            Sign(((N_("The expert"), "expert"), (N_("The host"), "host"))),
        ),
        heading=N_("{expert}"),
    ),
    "collaboration-note": Recipe(
        N_("Collaboration note"),
        "collaboration",
        (
            Facts(("type", "here", "there", "starts", "ends")),
            Told("persons"),
            Told("proposals"),
            Told("visits"),
        ),
    ),
    "support-plan": Recipe(
        N_("Support plan between peers"),
        "collaboration",
        (
            Facts(("here", "there", "starts", "ends")),
            Told("visits", N_("Visits and support agreed")),
            Told("persons"),
            Write(N_("What each side will have learned"), 3),
            Sign(((N_("Here"), "here"), (N_("Abroad"), "there"))),
        ),
    ),
    "student-list": Recipe(
        N_("Students abroad"),
        "office",
        (Roll("student", ("person", "university", "course", "ends", "need"), group="country"),),
    ),
    "employer-sheet": Recipe(
        N_("Employer sheet"),
        "organisation",
        (
            Facts(("types", "place", "address", "phone", "email", "sectors")),
            Told("description"),
            Lines("contact_person", ("name", "role", "phone", "email")),
            Lines(
                "need",
                ("name", "type", "occupation", "posts", "deadline", "status"),
                N_("Posts and needs"),
                by="organisation",
            ),
            Lines("placement", ("person", "status", "starts"), by="employer"),
        ),
    ),
    "vacancy-notice": Recipe(
        N_("Vacancy notice"),
        "need",
        (
            Facts(("occupation", "organisation", "place", "posts", "contract", "season")),
            Told("description"),
            Facts(("pay", "starts", "ends", "deadline")),
            Made("conditions"),
            Words(N_("Apply at {office}, with the number {code}."), "strong"),
        ),
    ),
    "placement-record": Recipe(
        N_("Placement record"),
        "placement",
        (
            Facts(("person", "need", "employer", "status", "applied")),
            Facts(("contract", "season", "starts", "ends", "follow", "adviser")),
            Told("note"),
        ),
        heading=N_("{person}"),
    ),
    "training-plan-person": Recipe(
        N_("Training plan of a person"),
        "person",
        (
            Facts(("code", "occupation", "education")),
            Lines(
                "learning_step",
                ("what", "gap", "topics", "session", "provider", "starts", "result"),
            ),
            Sign(((N_("The person"), ""), (N_("The adviser"), ""))),
        ),
    ),
    "certificate-record": Recipe(
        N_("Record of certification"),
        "certificate",
        (
            Facts(("person", "what", "route", "certifier", "asked", "answer", "date")),
            Told("evidence"),
            Sign(((N_("The certifier"), "certifier"),)),
        ),
        heading=N_("{person}"),
    ),
    "guidance-record": Recipe(
        N_("Guidance record"),
        "person",
        (
            Facts(("code", "education", "occupation", "origin")),
            Lines(
                "learning_step",
                ("what", "gap", "counsellor", "provider", "starts", "result"),
                N_("Career guidance"),
            ),
        ),
    ),
    "overlap-table": Recipe(
        N_("Who offers the same guidance"),
        "office",
        (
            Words(N_("Steps for which a public or other service is already there."), "lead"),
            Made("overlap"),
        ),
    ),
    "award-certificate": Recipe(
        N_("Award for hiring migrants"),
        "award",
        (
            Words(N_("{office} thanks {organisation} for giving work to migrants."), "lead"),
            Facts(("year", "hires")),
            Told("reason"),
            Sign(((N_("For the office"), ""),)),
        ),
        heading=N_("{organisation}"),
    ),
    "course-sheet": Recipe(
        N_("Course sheet"),
        "course",
        (
            Facts(("field_of", "topics", "audiences", "hours", "best", "passing")),
            Told("aim"),
            Lines("course_material", ("name", "language", "version", "date")),
        ),
    ),
    "course-list": Recipe(
        N_("Courses and their material"),
        "office",
        (
            Roll("course", ("name", "topics", "audiences", "hours"), group="field_of"),
            Roll("course_material", ("name", "language", "version", "date"), group="language"),
        ),
    ),
    "session-programme": Recipe(
        N_("Programme of a session"),
        "training_session",
        (
            Facts(("starts", "ends", "hours", "place", "room", "trainer", "host", "language")),
            Told("aim", of="course"),
            Facts(("topics", "audiences"), of="course"),
        ),
        heading=N_("{course}"),
    ),
    "attendance-list": Recipe(
        N_("Attendance list"),
        "training_session",
        (
            Facts(("course", "starts", "hours", "place", "room", "trainer")),
            Made("attendance"),
        ),
        heading=N_("{course}"),
    ),
    "training-record": Recipe(
        N_("Training record"),
        "training_session",
        (
            Facts(("course", "plan", "starts", "ends", "place", "trainer", "host", "cost")),
            Lines("participant", ("name", "sex", "function", "present", "before", "after")),
            Made("test-scores"),
            Told("note"),
        ),
        heading=N_("{course}"),
    ),
    "training-certificate": Recipe(
        N_("Certificate"),
        "participant",
        (
            Words(N_("{office} certifies that {name} took part in this training:"), "lead"),
            Made("certificate"),
            Sign(((N_("The trainer"), ""), (N_("The head of the office"), ""))),
        ),
        heading=N_("{name}"),
    ),
    "training-plan": Recipe(
        N_("Training plan at both ends"),
        "office",
        (
            Words(N_("Period: {period}"), "small"),
            Roll(
                "training_session",
                ("course", "starts", "ends", "place", "trainer", "audiences", "language"),
                day="starts",
                group="plan",
            ),
        ),
    ),
    "trainer-list": Recipe(
        N_("Trainers"),
        "office",
        (
            Roll("trainer", ("name", "courses", "trained", "phone"), group="level"),
            Made("trainer-sessions"),
        ),
    ),
}

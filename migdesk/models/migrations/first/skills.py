"""Skills, jobs and training: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {
    # training
    "course": """
        name:text field_of:text topics:list audiences:list hours:float best:int
        passing:int aim:text
    """,
    "course_material": """
        course:link+ name:text language:text version:text date:text file:link
    """,
    "trainer": """
        name:text person:link+ organisation:link courses:text level:text trained:text
        phone:text
    """,
    "training_session": """
        code:text+ course:link+ plan:text starts:text+ ends:text hours:text place:link
        room:text trainer:link+ host:link audiences:list language:text cost:text
        note:text
    """,
    "participant": """
        session:link+ name:text person:link+ sex:text function:text present:bool
        before:float after:float certified:text
    """,
    "learning_step": """
        person:link+ what:text gap:text topics:list session:link+ provider:link
        counsellor:link starts:text ends:text result:text
    """,
    # end of training
    # skills
    "skill": """
        person:link+ occupation:text+ what:text level:text years:int learned:text
        country:text proof:text offers:list disclosure:text updated:text
    """,
    "certificate": """
        person:link+ skill:link what:text route:text certifier:link evidence:text
        asked:text answer:text date:text scan:link
    """,
    "need": """
        code:text+ name:text type:text+ organisation:link+ occupation:text+ place:link
        remote:bool groups:list kind_of:text priority:text description:text posts:int
        contract:text season:text pay:text starts:text ends:text deadline:text+
        sent:text status:text+ evidence:text
    """,
    "introduction": """
        person:link+ need:link+ organisation:link+ other:link+ reason:text
        proposed:text person_answer:text person_answered:text other_answer:text
        other_answered:text introduced:text result:text+ note:text
    """,
    "placement": """
        person:link+ need:link+ employer:link+ status:text+ applied:text contract:text
        season:text starts:text ends:text follow:text+ adviser:link note:text
    """,
    "mission": """
        code:text+ expert:link+ need:link+ host:link+ type:text task:text place:link
        remote:bool starts:text+ ends:text hours:float cost:text payer:text
        result:text advice:text
    """,
    "collaboration": """
        name:text type:text here:link+ there:link+ persons:text proposals:text
        visits:text starts:text ends:text
    """,
    "student": """
        person:link+ university:link+ course:text country:text ends:text need:text
        offer:text
    """,
    "invitation": """
        campaign:text+ person:link+ channel:text invited:text reminded:text
        registered:text
    """,
    "award": "organisation:link+ year:int hires:int reason:text",
    # end of skills
}

"""Referring and defending: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {
    # refer
    "service": """
        code:text+ name:text+ category:text+ organisation:link+ place:link open:bool
        description:text no_papers:bool who:text how:text fee:text languages:list
        accessible:bool hours:text contact:text phone:text email:text website:text
        address:text verified:text+ verified_by:link hsds:text+
    """,
    "referral": """
        code:text+ person:link+ case:link+ service:link+ organisation:link+
        compartment:text reason:text checks:list urgency:text adviser:link sent:text
        answer_by:text+ status:text+ answered:text answered_by:text result:text
    """,
    "legal_note": """
        person:link+ case:link+ lawyer:text day:text question:text advice:text
        deadline:text+ next_step:text
    """,
    "rights_text": """
        title:text+ country:text topic:text+ language:text version:text text:text
        source:text checked:text+ checked_by:link
    """,
    "awareness": """
        name:text channels:list publics:list place:link starts:text ends:text
        message:text cost:text reached:int asked_before:int knew_before:int
        asked_after:int knew_after:int report:text
    """,
    "helper": """
        name:text role:text person:link+ organisation:link area:link languages:list
        phone:text trained:text active:bool
    """,
    "pairing": "person:link+ helper:link+ aim:text starts:text ends:text result:text",
    "pair_meeting": "pairing:link+ day:text+ what:text next_step:text",
    # end of refer
}

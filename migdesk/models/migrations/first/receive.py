"""Receiving people: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {
    # reception
    "programme": """
        name:text+ level:text organisation:link+ place:link what:text conditions:text
        contact:text starts:text ends:text+ checked:text+
    """,
    "formality": """
        code:text+ person:link+ case:link+ type:text embassy:link+ country:text
        lodged:text answer_by:text+ status:text answered:text note:text
    """,
    "suggestion": """
        day:text+ person:link+ visit:link+ channel:text text:text answer:text
        answered:text answered_by:link
    """,
    "cycle_step": """
        person:link+ phase:text since:text+ until:text country:text town:text
        note:text
    """,
    "sharing": """
        person:link+ case:link+ office:link+ role:text rights:list starts:text
        ends:text+ reason:text
    """,
    "message": """
        day:text+ type:text channel:text medium:text text:text public:text
        coverage:text cost:text done:bool clipping:link
    """,
    "room": "office:link+ name:text seats:text slots:list",
    # end of reception
    # committee
    "committee_meeting": """
        committee:text day:text+ place:link chair:text members:list agenda:text
        notes:text
    """,
    "committee_decision": "meeting:link+ what:text who:text due:text status:text",
    "municipal_plan": "name:text place:link starts:text ends:text adopted:text axis:text",
    "plan_action": """
        plan:link+ what:text who:text budget:text indicator:text target:text
        status:text
    """,
    # end of committee
}

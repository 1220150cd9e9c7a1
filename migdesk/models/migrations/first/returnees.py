"""Returnees and families: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {
    # returnee
    "arrival": """
        day:text+ point:text person:link+ type:text country:text nationality:text
        group:text number:int women:int children:int needs:list note:text
    """,
    "relief": """
        code:text+ person:link+ arrival:link+ day:text what:text detail:text
        quantity:float value:text giver:link
    """,
    "care_note": """
        person:link+ day:text signs:text given:text refer:bool referral:link
        follow:text+ by:link
    """,
    "staff_care": "day:text leader:text present:int themes:text next:text+",
    "claim": """
        code:text+ person:link+ case:link+ country:text right:text scheme:text
        number:text organisation:link status:text+ lodged:text answer_by:text+
        answered:text amount:text since:text answer:text appeal_by:text+
    """,
    "claim_period": """
        claim:link+ starts:text+ ends:text country:text employer:text work:text
        proof:text
    """,
    "return_plan": """
        person:link+ case:link+ type:text aim:text support:list starts:text ends:text
        adviser:link travel:text family:text relative:text lodging:text school:text
        work:text skills:text savings:text review:text+
    """,
    "return_step": "plan:link+ support:text what:text who:text due:text+ status:text",
    # end of returnee
    # family
    "care_agreement": """
        household:link+ parent:link+ child:text birth:text departure:text carer:text
        carer_person:link+ relation:text place:link phone:text school:link+ money:text
        calls:text emergency:text agreed:text ends:text review:text+ note:text
    """,
    "home_visit": """
        household:link+ day:text+ volunteer:text children:int elderly:int carers:text
        risks:list support:list next_visit:text note:text
    """,
    "school_action": """
        school:link+ contact:text day:text+ what:text children:int next_step:text
    """,
    "registration": """
        programme:link+ household:link+ person:link+ fair:text day:text eligible:text
        result:text served:int note:text
    """,
    "safety_report": """
        day:text household:link+ person:link+ child:text signal:text danger:bool
        told_by:text done:text referral:link follow:text+
    """,
    "contact_plan": """
        parent:link+ household:link+ relative:text channel:text times:text
        material:text centre:link starts:text review:text+ note:text
    """,
    # end of family
}

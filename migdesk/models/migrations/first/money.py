"""Money, remittances and savings: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {
    # savings
    "household_budget": """
        household:link+ person:link+ month:text reserve:text aim:text note:text
    """,
    "household_budget_line": "budget:link+ side:text what:text amount:text",
    "savings_group": """
        code:text+ name:text bases:list place:link organisation:link coach:link
        founded:text share:text rules:text
    """,
    "group_member": "group:link+ name:text person:link+ office:text joined:text left:text",
    "group_entry": "group:link+ day:text+ member:link+ what:text amount:text note:text",
    "group_decision": "group:link+ day:text+ what:text present:int",
    "fund": """
        name:text type:text manager:link place:link involvement:list started:text
        note:text
    """,
    "investor": "fund:link+ person:link+ residence:text",
    "fund_entry": """
        fund:link+ day:text+ what:text investor:link+ case:link amount:text note:text
    """,
    "loan": """
        code:text+ person:link+ sender:link+ link:text lender:link case:link+
        amount:text rate:float months:int grace:int method:text starts:text
        transfers:text guarantee:text settled:bool note:text
    """,
    "repayment": "loan:link+ day:text+ amount:text note:text",
    # end of savings
    # money
    "financing_window": """
        code:text+ name:text+ organisation:link+ source:text lender:text nature:text
        open:bool purpose:text floor:text ceiling:text rate:float months:int
        guarantee:text deadline:text+ terms:text contact:text phone:text email:text
        address:text website:text verified:text+ verified_by:link hsds:text+
    """,
    "application": """
        code:text+ case:link+ window:link+ call:link+ amount:text own_share:text
        guarantee:text status:text+ lodged:text expected:text+ follower:link
        answered:text granted:text reason:text note:text
    """,
    "instalment": "application:link+ what:text due:text+ amount:text done:text note:text",
    "call": """
        name:text organisation:link window:link budget:text opens:text closes:text+
        who:text text:text decided:text
    """,
    "criterion": "call:link+ name:text best:int weight:float",
    "mark": "application:link+ criterion:link+ reader:link mark:float note:text",
    "continuity": "case:link+ what:text cost:text source:text host:link since:text",
    "product": """
        name:text type:text organisation:link+ missing:bool places:list place:link
        conditions:text gap:text checked:text
    """,
    "transfer_offer": """
        name:text channel:text source:text target:text sent:text fee:text
        received:text hours:int strengths:list payout:text checked:text+ note:text
    """,
    # end of money
    # condition
    "window_condition": "window:link+ about:text how:text value:text wish:bool",
    "need_condition": "need:link+ about:text how:text value:text wish:bool",
    # end of condition
}

"""Accompanying a project: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {
    "stage_move": (
        "case:link+ at:text came_from:text went_to:text account:link followed:text "
        "unmet:list reason:text"
    ),
    "coach": (
        "name:text+ organisation:link country:text town:text expertise:list sectors:list "
        "languages:list phone:text email:text account:link note:text"
    ),
    "coaching": (
        "case:link+ at:text+ coach:link+ side:text channel:text hours:float present:text "
        "expertise:list work:text advice:text next_action:text next_who:text "
        "next_date:text+"
    ),
    "owner": (
        "case:link+ name:text link:text share:float family:bool brings:text country:text "
        "person:link+"
    ),
    "mandate": (
        "case:link+ giver:link+ holder:link+ link:text powers:list ceiling:text "
        "limits:text begins:text until:text+ revoked:text witness:text scan:link"
    ),
    "demand": (
        "case:link+ who:text number:int units:float share:float price:text source:text"
    ),
    "competitor": (
        "case:link+ name:text sells_at:text price:text strength:text answer:text"
    ),
    "plan_sale": (
        "case:link+ what:text units:float price:text cost:text season:text growth:float "
        "first:int paid_after:int pay_after:int stock:int"
    ),
    "plan_cost": (
        "case:link+ what:text nature:text quantity:float amount:text every:text first:int "
        "last:int growth:float paid_after:int"
    ),
    "follow_visit": (
        "case:link+ month:text+ visited:text coach:link income:text spending:text "
        "cash:text jobs:int women:int obstacles:list problems:text advice:text "
        "next_visit:text+"
    ),
    "selection": (
        "code:text title:text at:text+ access:text location:text places:int chair:text "
        "members:list excused:list note:text"
    ),
    "selection_criterion": "selection:link+ name:text weight:float most:int least:int",
    "selection_candidate": "selection:link+ case:link+ decision:text reason:text",
    "selection_score": "selection:link+ candidate:link+ criterion:link points:float",
    "value_chain": (
        "name:text+ sector:text place:link unit:text producers:int volume:float "
        "label:text markets:list credit:text natural:text demand:text migrants:text "
        "verdict:text"
    ),
    "chain_link": (
        "chain:link+ stage:text who:text number:int bought:text sold:text difficulty:text "
        "chance:text"
    ),
}

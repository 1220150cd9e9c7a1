"""Consent and protection: tables of the first schema, as the package tells them."""

TABLES: dict[str, str] = {
    "notice": "title:text+ purpose:text language:text version:text since:text text:text "
    "translator:text",
    "authorisation": "type:text subject:text person:link+ project:link campaign:link "
    "place:link authority:text limits:text signatory:text capacity:text answer:text "
    "given:text expires:text withdrawn:text number:text scan:link",
    "reading": "at:text account:link person:link+ kind:text record:text+",
    "retention": "subject:text outcome:text years:int action:text reason:text",
    "destruction": "at:text account:link reason:text records:int rows:int codes:list",
    "method_note": "title:text questionnaire:link source:text begin:text end:text "
    "people:int grouping:list threshold:int measures:list limits:text anonymous:bool "
    "account:link",
}

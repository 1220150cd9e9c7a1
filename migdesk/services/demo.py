"""Demonstration data: invented people with usual names, real published projects.

It is one transaction, so that "remove the demonstration data" is its undo. The people and
dossiers lie in `resources/demo/` and exist nowhere; the projects are those of the Joint
Migration and Development Initiative, as published.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from migdesk.models.dates import stored_moment
from migdesk.models.kinds import HOME, Choices, FuzzyDate
from migdesk.models.meta import get_meta, set_meta
from migdesk.paths import resource

from . import (
    demo_answers,
    demo_help,
    demo_survey,
    directory,
    form_words,
    history,
    imports,
    persons,
    records,
)


def _rows(name: str) -> list[dict[str, str]]:
    with resource("demo", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def remove(session: Session) -> bool:
    """Put it in the bin; False if there is none."""
    tx = get_meta(session, "demo")
    if not tx:
        return False
    history.bury(session, tx)
    demo_survey.remove(session)
    set_meta(session, "demo", "")
    return True


def add(session: Session) -> None:
    """Add the demonstration data, once."""
    if get_meta(session, "demo"):
        return
    directory.import_projects(session, _rows("projects"))
    names = imports.Names(session)
    people: dict[str, str] = {}
    for number, row in enumerate(_rows("people")):
        id = records.save(session, "person", None, _person(names, row))
        people.setdefault(row["family_name"], id)
        for purpose in ("registration", "contact"):
            values = {
                "person": id,
                "purpose": purpose,
                "means": "oral_witness",
                "language": "fr",
            }
            given = (date.today() - timedelta(days=number)).isoformat()
            records.save(
                session, "consent", None, {**values, "answer": "given", "given": given}
            )
        _visit(session, id, number)
    for row in _rows("dossiers"):
        _dossier(session, names, people[row["promoter"]], row)
    _household(session, names, people)
    demo_help.add(session, names, people)
    demo_survey.add(session, names)
    _needs(session, people)
    set_meta(session, "demo", session.info["scribe"].tx)


def _person(names: imports.Names, row: dict[str, str]) -> dict[str, Any]:
    home = names.find_or_make("place", row["town"]) if row["country"] == "SN" else None
    return {
        "family_name": row["family_name"],
        "given_name": row["given_name"],
        "aliases": [row["alias"]] if row["alias"] else None,
        "sex": row["sex"],
        "birth": FuzzyDate().parse(row["birth"]),
        "nationality": "SN",
        "origin": home or names.find_or_make("place", "Sédhiou"),
        "residence_country": row["country"],
        "residence": row["town"],
        "phone": row["phone"],
        "phase": row["phase"] or None,
        "languages": Choices(codes="languages").parse(row["languages"]),
    }


REQUESTS = ("funding_search", "project_dossier", "rights_advice", "consular_paperwork")


def _visit(session: Session, person: str, number: int) -> None:
    at = datetime.now().astimezone() - timedelta(days=number % 18, hours=number % 5)
    values: dict[str, Any] = {
        "person": person,
        "at": stored_moment(at),
        "channel": ("office", "phone", "message")[number % 3],
        "request": REQUESTS[number % len(REQUESTS)],
        "outcome": "informed",
        "adviser": session.info["scribe"].actor or None,
    }
    if number < 3:
        day = datetime.now().astimezone().replace(minute=30, second=0)
        values["appointment"] = stored_moment(day.replace(hour=(9, 11, 15)[number]))
        values["room"] = f"Bureau {number + 1}"
    records.save(session, "visit", None, values)


def _parts(text: str, colons: int) -> Iterator[list[str]]:
    for part in filter(None, text.split("|")):
        yield part.rsplit(":", colons)


def _dossier(session: Session, names: imports.Names, person: str, row: dict[str, str]) -> None:
    fields = {name: row[name] for name in ("title", "sector", "stage", "activity")}
    place = names.find_or_make("place", row["place"])
    case = persons.open_case(session, person, {**fields, "place": place, "type": "project"})
    for what, quantity, price in _parts(row["budget"], 2):
        line = {"case": case, "what": what, "quantity": float(quantity)}
        records.save(
            session, "budget_line", None, {**line, "price": f"{price} {HOME.currency}"}
        )
    for source, nature, status, amount in _parts(row["finance"], 3):
        line = {"case": case, "source": source, "nature": nature, "status": status}
        records.save(
            session, "finance_line", None, {**line, "amount": f"{amount} {HOME.currency}"}
        )
    for what, status in _parts(row["papers"], 1):
        records.save(session, "paper", None, {"case": case, "what": what, "status": status})
    for what, days in _parts(row["steps"], 1):
        due = (date.today() + timedelta(days=int(days))).isoformat()
        owner = session.info["scribe"].actor or None
        values = {"case": case, "what": what, "due": due, "owner": owner}
        records.save(session, "step", None, values)


def _needs(session: Session, people: dict[str, str]) -> None:
    """Needs assessments of some of the people, over the last weeks."""
    form_id = demo_survey.questionnaire(session, "needs_assessment")
    form = form_words.open_form(session, form_id)
    rng = Random("needs")
    for number, id in enumerate(list(people.values())[:8]):
        values = records.get(session, "person", id).values
        answers = demo_answers.needs(rng, values, number)
        start = datetime.now().astimezone() - timedelta(days=2 * number + 1, hours=number % 3)
        xml = demo_answers.submission(form, answers, start, rng.randint(24, 41))
        made = {
            "questionnaire": form_id,
            "xml": xml,
            "instance": demo_answers.instance_of(xml),
            "finished": stored_moment(start + timedelta(minutes=30)),
            "language": form.default_language,
            "account": session.info["scribe"].actor or None,
            "person": id,
        }
        records.save(session, "submission", None, made)


def _household(session: Session, names: imports.Names, people: dict[str, str]) -> None:
    household = records.save(
        session,
        "household",
        None,
        {
            "name": "Diatta",
            "head": people["Diatta"],
            "place": names.find_or_make("place", "Marsassoum"),
        },
    )
    for name, relation, away in (
        ("Fatoumata Diatta", "head", True),
        ("Bakary Diatta", "sibling", False),
        ("Awa Diatta", "child", False),
    ):
        values = {"household": household, "name": name, "relation": relation, "away": away}
        records.save(session, "member", None, values)

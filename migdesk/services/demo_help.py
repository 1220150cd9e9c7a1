"""Demonstration of the help desk: windows, services, skills, a need, what waits for an answer.
Invented; part of the one transaction of `demo`."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from migdesk.models.kinds import HOME, Choices
from migdesk.paths import resource

from . import imports, records

SKILLS = (
    ("Diatta", "222", "Infirmière de bloc", "expert", 9, ("mission", "remote")),
    ("Mané", "611", "Maraîchage sous serre", "teaches", 12, ("mission", "teaching")),
    ("Cissé", "753", "Couture et broderie", "works_alone", 8, ("job_here", "mentoring")),
)
"""Family name in ``people.csv``, ISCO-08 minor group, words, level, years, offers."""


def add(session: Session, names: imports.Names, people: Mapping[str, str]) -> None:
    """Add it, after the people and their dossiers."""
    windows = [_window(session, names, row) for row in _rows("windows")]
    services = [_service(session, names, row) for row in _rows("services")]
    for family, code, what, level, years, offers in SKILLS:
        skill = {"person": people[family], "occupation": code, "what": what, "level": level}
        more = {"years": years, "offers": list(offers), "updated": _day(-30)}
        records.save(session, "skill", None, {**skill, **more, "disclosure": "masked"})
    _need(session, names)
    _waiting(session, people, windows, services)


def _rows(name: str) -> list[dict[str, str]]:
    with resource("demo", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def _window(session: Session, names: imports.Names, row: Mapping[str, str]) -> str:
    values: dict[str, Any] = {
        name: row[name] or None for name in ("name", "nature", "lender", "source", "purpose")
    }
    values["organisation"] = names.find_or_make("organisation", row["organisation"])
    values["ceiling"] = f"{row['ceiling']} {HOME.currency}"
    values["verified"] = _day(-int(row["verified_days"]))
    if row["deadline_days"]:
        values["deadline"] = _day(int(row["deadline_days"]))
    window = records.save(session, "window", None, values)
    for condition in row["conditions"].split("|"):
        about, how, value, *wish = condition.split(":")
        if about == "place":
            value = _region(session, names, value)
        line: dict[str, Any] = {"about": about, "how": how, "value": value.replace("/", "|")}
        line |= {"window": window, "wish": bool(wish)}
        records.save(session, "window_condition", None, line)
    return window


def _region(session: Session, names: imports.Names, name: str) -> str:
    """The region, with the communes of the demonstration in it."""
    found = names.find("place", name)
    if not found:
        values = {"name": name, "level": "region", "country": "SN"}
        found = records.save(session, "place", None, values)
        for inside in ("Sédhiou", "Marsassoum", "Diattacounda"):
            place = names.find("place", inside)
            if place:
                records.save(session, "place", place, {"parent": found})
        names.forget("place")
    return found


def _service(session: Session, names: imports.Names, row: Mapping[str, str]) -> str:
    plain = ("name", "category", "description", "who", "how", "fee", "hours", "phone")
    values: dict[str, Any] = {name: row[name] or None for name in plain}
    values["organisation"] = names.find_or_make("organisation", row["organisation"])
    values["place"] = names.find_or_make("place", row["place"])
    values["no_papers"] = row["no_papers"] == "yes"
    values["languages"] = Choices(codes="languages").parse(row["languages"])
    values["verified"] = _day(-int(row["verified_days"]))
    return records.save(session, "service", None, values)


def _need(session: Session, names: imports.Names) -> None:
    values = {
        "name": "Infirmière de bloc, trois semaines",
        "type": "mission",
        "organisation": names.find_or_make("organisation", "Hôpital régional de Kolda"),
        "occupation": "222",
        "place": names.find_or_make("place", "Kolda"),
        "description": "Former l’équipe du bloc opératoire.",
        "deadline": _day(60),
    }
    need = records.save(session, "need", None, values)
    for about, value, wish in (("language", "wo", False), ("residence_country", "FR|BE", True)):
        line = {"need": need, "about": about, "how": "is", "value": value, "wish": wish}
        records.save(session, "need_condition", None, line)


def _waiting(
    session: Session,
    people: Mapping[str, str],
    windows: Sequence[str],
    services: Sequence[str],
) -> None:
    """An application under way, and a referral whose answer is late."""
    (case,) = records.linked(session, "case", "person", people["Diatta"])[:1]
    asked = {"case": case.id, "window": windows[0], "amount": f"1200000 {HOME.currency}"}
    more = {"status": "lodged", "lodged": _day(-25), "expected": _day(5)}
    records.save(session, "application", None, {**asked, **more})
    sent = {"person": people["Cissé"], "service": services[0], "reason": "Bail commercial"}
    late = {"status": "sent", "sent": _day(-20), "answer_by": _day(-6)}
    records.save(session, "referral", None, {**sent, **late})

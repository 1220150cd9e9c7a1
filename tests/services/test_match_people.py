"""What the database says of people and conditions is what `matching` says of their facts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from migdesk.errors import Cancelled
from migdesk.jobs.matches import match_needs, match_projects
from migdesk.models.store import Store
from migdesk.services import match_facts, matches, matching, records
from migdesk.task import Task
from tests.tools import Make

TODAY = date(2026, 11, 21)
VALUES: dict[str, list[Any]] = {
    "sex": ["female", "male", None],
    "birth": ["1990", "1990-05-02", "1961~", "2005", None],
    "phase": ["return", "destination", None],
    "status": ["regular", "prefers_not_to_say", None],
    "residence_country": ["FR", "SN", None],
    "education": ["none", "primary", "master", None],
    "occupation": ["farmer", None],
    "languages": [["fr"], ["fr", "ff"], ["en"], None],
}
ASKED = (
    ("sex", ("is", "is_not"), ("female", "male|female", "")),
    ("age", ("at_least", "at_most", "is", "is_not"), ("36", "35.5", "21", "old")),
    ("phase", ("is", "is_not"), ("return", "return|destination")),
    ("status", ("is", "is_not"), ("regular",)),
    ("residence_country", ("is", "is_not", "at_least"), ("FR", "IT|SN")),
    ("education", ("is", "at_least", "at_most"), ("primary", "doctorate", "nonsense")),
    ("language", ("is", "is_not"), ("ff", "en|ff", "wo")),
    ("origin", ("inside", "is_not", "at_least"), ("here", "village", "elsewhere")),
    ("skill", ("is", "is_not"), ("222", "512", "512|531")),
    ("availability", ("is", "is_not"), ("mission", "teaching|job_here")),
    ("sector", ("is",), ("agriculture",)),
)


@pytest.fixture
def people(any_store: Store) -> dict[str, str]:
    """Forty people of all sorts, each with a skill or two; the places by name."""
    return any_store.write(_people)


def _people(session: Session) -> dict[str, str]:
    save, chance = records.save, random.Random(11)
    here = save(session, "place", None, {"name": "Here"})
    elsewhere = save(session, "place", None, {"name": "Elsewhere"})
    commune = save(session, "place", None, {"name": "Commune", "parent": here})
    village = save(session, "place", None, {"name": "Village", "parent": commune})
    for number in range(40):
        values = {name: chance.choice(each) for name, each in VALUES.items()}
        values["origin"] = chance.choice((here, village, elsewhere, None))
        person = save(session, "person", None, {**values, "given_name": f"N{number}"})
        for _n in range(chance.choice((1, 2))):
            skill = {
                "person": person,
                "occupation": chance.choice(("222", "222", "512", "531")),
                "offers": chance.choice((None, ["mission"], ["job_here", "teaching"])),
                "disclosure": chance.choice(("masked", "named", "nobody")),
            }
            save(session, "skill", None, skill)
    return {"here": here, "elsewhere": elsewhere, "village": village}


def _needs(session: Session, people: Mapping[str, str]) -> list[tuple[str, Any]]:
    """A need for every kind of condition alone, and for three of them together."""
    chance = random.Random(5)
    every = [(a, how, value) for a, tests, told in ASKED for how in tests for value in told]
    sets = [[each] for each in every] + [chance.sample(every, 3) for _n in range(15)]
    made = []
    for chosen in sets:
        about = {"name": "Any", "occupation": chance.choice(("222", None)), "type": "skill"}
        need = records.save(session, "need", None, about)
        for number, (subject, how, value) in enumerate(chosen):
            where = people.get(value, value) or None
            line = {"about": subject, "how": how, "value": where, "wish": number == 2}
            records.save(session, "need_condition", None, {**line, "need": need})
        made.append((need, chosen))
    return made


def test_sql_and_facts_agree(any_store: Store, people: dict[str, str]) -> None:
    """Every kind of condition, alone and three together, as a must and as a wish."""
    everybody = any_store.read(_facts)
    weighed = 0
    for need, chosen in any_store.write(_needs, people):
        conditions = any_store.read(matches.needs, TODAY, [need]).conditions[need]
        fits = [
            matching.fit(id, conditions, facts)
            for id, facts in everybody.items()
            if facts["skill"]
        ]
        wanted = sorted((f for f in fits if not f.unmet), key=lambda each: each.rank)
        found = any_store.read(matches.people_for, need, TODAY)
        assert [f.id for f in found] == [f.id for f in wanted], chosen
        weighed += len(wanted)
        if len(chosen) > 1:
            counts = any_store.read(matches.count_people, need, TODAY)
            sure = sum(not f.unknown for f in wanted)
            assert counts == (sure, len(wanted) - sure, wanted[0].id if wanted else "")
    assert weighed > 100


def _facts(session: Session) -> dict[str, dict[str, matching.Fact]]:
    ids = [row.id for row in records.list_page(session, "person", records.Query()).rows]
    places = match_facts.Places(session, whole=True)
    return match_facts.of_people(session, ids, places, TODAY, outside=True)


def test_why_there_are_not_more(any_store: Store, make: Make) -> None:
    for language in ("fr", "fr", "ff"):
        make.skill(person=make.person(languages=[language], sex="male"), occupation="222")
    need = make.need(name="Nurse", occupation="222")
    make.need_condition(need=need, about="language", how="is", value="ff")
    make.need_condition(need=need, about="sex", how="is", value="male")
    total, lacks = any_store.read(matches.lacking, need, TODAY)
    assert (total, [lack.unmet for lack in lacks]) == (3, [2])
    assert lacks[0].words == "Language: Pulaar"


def test_a_hidden_skill_is_no_reason_to_be_proposed(store: Store, make: Make) -> None:
    person = make.person()
    make.skill(person=person, occupation="512", disclosure="masked")
    make.skill(person=person, occupation="222", disclosure="nobody")
    need = make.need(name="Anybody")
    make.need_condition(need=need, about="skill", how="is", value="222")
    assert store.read(matches.people_for, need, TODAY) == []
    told = store.read(matches.needs_why, person, need, TODAY)
    assert told is not None and told.unmet == 1 and "Nurs" not in told.reasons[0].remark


def test_who_is_masked_is_no_profile_for_others(store: Store, make: Make) -> None:
    person = make.person(protection="masked")
    make.skill(person=person, occupation="222")
    need = make.need(name="Nurse", occupation="222")
    assert [fit.id for fit in store.read(matches.people_for, need, TODAY)] == [person]
    store.actor, store.role = make.account(name="Agent", role="agent"), "agent"
    assert store.read(matches.people_for, need, TODAY) == []


def test_a_job_weighs_all_and_can_be_stopped(store: Store, make: Make) -> None:
    good, poor = make.case(type="project", sector="trade"), make.case(type="project")
    make.case(type="project", sector="trade", status="closed_done")
    window, other = make.window(name="Fund"), make.window(name="Other")
    make.window_condition(window=window, about="sector", how="is", value="trade")
    make.window_condition(window=other, about="sector", how="is", value="fishing")
    found = match_projects(store, Task(), TODAY)
    assert [(s.id, s.fits, s.maybe, s.best) for s in found] == [
        (good, 1, 0, window),
        (poor, 0, 2, min(window, other)),
    ]
    make.skill(person=make.person(), occupation="222")
    need, unmet = (
        make.need(name="Nurse", occupation="222"),
        make.need(name="X", occupation="531"),
    )
    told = match_needs(store, Task(), TODAY)
    assert [(s.id, s.fits) for s in told] == [(need, 1), (unmet, 0)]
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        match_projects(store, task, TODAY)

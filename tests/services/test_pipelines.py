"""Stages of a case: what each needs, in words; moves with and without a reason."""

from __future__ import annotations

import pytest

from migdesk import i18n
from migdesk.models.store import Store
from migdesk.services import cases, history, pipelines, records
from tests.tools import Make


def states(store: Store, case: str, stage: str) -> dict[str, str]:
    view = store.read(records.get, "case", case)
    found = store.read(pipelines.stages, view)
    checks = next(s for s in found if s.code == stage).checks
    return {check.words: check.state for check in checks}


def why(store: Store, case: str, stage: str, words: str) -> str:
    view = store.read(records.get, "case", case)
    found = store.read(pipelines.stages, view)
    checks = next(s for s in found if s.code == stage).checks
    said = next(check.why for check in checks if check.words == words)
    return said.replace("\xa0", " ").replace("\u202f", " ")


def test_each_type_of_case_has_its_stages(store: Store, make: Make) -> None:
    project, rights = make.case(type="project"), make.case(type="rights")
    assert store.read(records.get, "case", project).values["stage"] == "identify"
    assert store.read(records.get, "case", rights).shown["stage"] == "Understand the request"
    view = store.read(records.get, "case", rights)
    assert [s.code for s in store.read(pipelines.stages, view)] == [
        "understand",
        "agree",
        "act",
        "check",
    ]


def test_an_empty_project_is_told_all_that_it_needs(store: Store, make: Make) -> None:
    case = make.case()
    assert states(store, case, "identify") == {
        "Sector": "unmet",
        "Place": "unmet",
        "What will be made, sold or done": "unmet",
        "Somebody coaches the project": "unmet",
        "The person agreed to be registered": "unknown",
    }
    assert states(store, case, "elaborate")["Similar businesses nearby were looked at"] == (
        "unknown"
    )
    dossier = store.read(cases.dossier, case)
    assert len(dossier.missing) == 5
    assert "Sector: still empty" in dossier.missing


def test_what_is_given_is_met(store: Store, make: Make) -> None:
    person = make.person()
    make.consent(person=person, purpose="registration", answer="given", given="2026-01-02")
    case = make.case(
        person=person,
        sector="livestock",
        place=make.place(name="Marsassoum"),
        activity="Eggs",
        coach=make.coach(name="M. Sané"),
    )
    assert set(states(store, case, "identify").values()) == {"met"}
    assert store.read(cases.dossier, case).missing == ()
    make.consent(person=person, purpose="registration", answer="given", withdrawn="2026-02-01")
    assert "unmet" in states(store, case, "identify").values()


def test_the_second_stage_looks_at_money(store: Store, make: Make) -> None:
    case = make.case(currency="XOF", plan_start="2027-01")
    make.budget_line(case=case, what="Hen house", price="1000000 XOF")
    make.finance_line(case=case, source="Own", nature="own_funds", amount="600000 XOF")
    make.plan_sale(case=case, what="Eggs", units=10, price="1000 XOF", cost="400 XOF")
    financed = "The money needed is found or asked for"
    assert states(store, case, "elaborate")[financed] == "unmet"
    assert why(store, case, "elaborate", financed) == "F CFA 400,000 to find"
    cash = "The cash never falls below zero"
    assert states(store, case, "elaborate")[cash] == "unmet"
    make.finance_line(case=case, source="Bank", nature="grant", amount="500000 XOF")
    found = states(store, case, "elaborate")
    assert found[financed] == found[cash] == found["The third year brings a profit"] == "met"


def test_the_third_stage_looks_at_owners_papers_and_mandate(store: Store, make: Make) -> None:
    case = make.case(relative=make.person(), ownership="migrant_family_joint")
    make.owner(case=case, name="Awa", share=60.0)
    shares, papers = "The shares of the owners make 100 %", "All papers are held"
    mandate = "Who acts for the promoter has a mandate"
    assert why(store, case, "formalise", shares) == "40 % belong to nobody"
    assert states(store, case, "formalise")[papers] == "unmet"
    assert states(store, case, "formalise")[mandate] == "unmet"
    make.owner(case=case, name="Ibou", share=40.0, family=True)
    make.paper(case=case, what="business_registry", status="held")
    make.mandate(
        case=case,
        giver=make.person(),
        holder=make.person(),
        powers=["buy"],
        begins="2020-01-01",
        until="2999-01-01",
    )
    assert set(states(store, case, "formalise").values()) == {"met"}


def test_going_on_needs_what_is_lacking_or_a_reason(store: Store, make: Make) -> None:
    """The override is kept with who, when and why; undo takes the move and its note back."""
    case = make.case()
    with pytest.raises(pipelines.NotYet) as told:
        store.write(cases.move_to, case, "elaborate")
    assert "Sector: still empty" in told.value.words
    assert store.read(records.get, "case", case).values["stage"] == "identify"
    store.write(cases.move_to, case, "elaborate", "The fund closes on Friday")
    moved = store.read(pipelines.moves, case)[-1]
    assert moved.values["reason"] == "The fund closes on Friday"
    assert (moved.values["came_from"], moved.values["went_to"]) == ("identify", "elaborate")
    assert len(moved.values["unmet"]) == 5
    assert moved.values["at"]
    store.write(history.undo_last)
    assert store.read(records.get, "case", case).values["stage"] == "identify"
    assert store.read(pipelines.moves, case) == ()


def test_skipping_stages_asks_for_all_of_them_and_going_back_for_nothing(
    store: Store, make: Make
) -> None:
    case = make.case()
    one = len(store.read(pipelines.lacking, case, "elaborate"))
    both = len(store.read(pipelines.lacking, case, "formalise"))
    assert both > one
    store.write(cases.move_to, case, "create", "taken over from another office")
    store.write(cases.move_to, case, "identify")
    assert [m.shown["went_to"] for m in store.read(pipelines.moves, case)] == [
        "Create",
        "Identify",
    ]


def test_checks_speak_french(store: Store, make: Make) -> None:
    case = make.case()
    i18n.use("fr")
    assert store.read(pipelines.lacking, case, "elaborate")[0].words == "Secteur"

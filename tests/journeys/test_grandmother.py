"""Two children live with their grandmother while the parents work in Spain: household, who
cares, school, how they stay in touch, and a report that only those who protect may know of."""

from __future__ import annotations

import pytest

from migdesk.services import records
from tests.journeys.counter import Agent, count


def test_children_left_with_a_grandmother(agent: Agent) -> None:
    agent.first_start("HOM Tanaff", "Tanaff", "Fatou Diatta")
    agent.enrol("Ibrahima Mané", "agent")
    agent.register("Camara Aïssatou", "Appui à la famille", sex="Femme", birth="vers 1956")
    agent.register(
        "Camara Mariama",
        "Appui à la famille",
        sex="Femme",
        birth="1990",
        residence="Lleida",
        residence_country="Espagne",
        phone="+34 612 34 56 78",
    )
    household = home(agent)
    lives = ("Binta Camara", "Petit-enfant", "Mariama Camara", "Espagne", "Aucun argent reçu")
    agent.paper("household", household, "household-sheet", wants=lives)
    school(agent)
    care(agent, household)
    plan = agent.add_to(
        "household",
        household,
        "contact_plan",
        parent="Mariama Camara",
        relative="Aïssatou Camara",
        channel="Appel vidéo",
        times="Mercredi et dimanche, 19 h",
        material="Un téléphone",
        review=agent.day(60),
    )
    agent.look("grandmother-plan")
    told = ("Mariama Camara", "Famille Camara", "Mercredi et dimanche, 19 h", "Rester proche")
    agent.paper("contact_plan", plan, "parent-guide", wants=told)
    # What only some may know
    report = agent.add_to(
        "household",
        household,
        "safety_report",
        child="Lamine Camara",
        signal="Marques sur les bras, ne veut pas rentrer",
        danger=False,
        done="Entretien avec la grand-mère",
        follow=agent.day(2),
    )
    agent.look("grandmother-report")
    seen = ("Confidentiel", "Lamine Camara", "Marques sur les bras", "Qui reçoit")
    agent.paper("safety_report", report, "confidential-referral", wants=seen)
    agent.log_in_as("Ibrahima Mané")
    agent.page("directory", kind="household", id=household)
    assert "Signalements" not in agent.look("grandmother-other")
    assert not [tab for tab in agent.tabs_shown() if "Signalement" in tab]
    assert count(agent.store, "safety_report") == 0
    with pytest.raises(records.Gone):
        agent.get("safety_report", report)


def home(agent: Agent) -> str:
    form = agent.begin("directory", "household")
    agent.fill(form, name="Famille Camara", head="Aïssatou Camara")
    for name, relation, sex, born in (
        ("Aïssatou Camara", "Chef de ménage", "Femme", "vers 1956"),
        ("Binta Camara", "Petit-enfant", "Femme", "2015"),
        ("Lamine Camara", "Petit-enfant", "Homme", "2018"),
    ):
        agent.line(form, "member", name=name, relation=relation, sex=sex, birth=born)
    agent.line(
        form,
        "member",
        name="Mariama Camara",
        relation="Enfant",
        sex="Femme",
        away=True,
        country="Espagne",
    )
    agent.line(
        form,
        "home_visit",
        volunteer="Khady Sané",
        children="2",
        elderly="1",
        carers="La grand-mère",
        risks=["Aucun argent reçu"],
        support=["Communication à distance"],
        next_visit=agent.day(30),
    )
    id = agent.save(form)
    agent.look("grandmother-household")
    return id


def school(agent: Agent) -> None:
    school = agent.enter("directory", "organisation", name="École de Tanaff 2")
    agent.page("directory", kind="organisation", id=school)
    agent.add(
        "school_action",
        contact="M. Sagna",
        what="Suivi des absences de Lamine",
        children="2",
        next_step="Appeler chaque mois",
    )
    agent.look("grandmother-school")
    agent.paper(
        "organisation", school, "school-sheet", wants=("Suivi des absences", "M. Sagna")
    )


def care(agent: Agent, household: str) -> None:
    agreement = agent.add_to(
        "household",
        household,
        "care_agreement",
        parent="Mariama Camara",
        child="Lamine Camara",
        birth="2018",
        carer="Aïssatou Camara",
        carer_person="Aïssatou Camara",
        relation="Grand-parent",
        school="École de Tanaff 2",
        money="60 000 F par mois, le 5",
        calls="Mercredi et dimanche, 19 h",
        emergency="Le poste de santé de Tanaff",
        agreed=agent.day(0),
    )
    agent.look("grandmother-agreement")
    agreed = (
        "Grand-parent",
        "École de Tanaff 2",
        "60 000 F",
        "Le poste de santé",
        "Convenu le",
    )
    agent.paper("care_agreement", agreement, "care-agreement", wants=agreed)

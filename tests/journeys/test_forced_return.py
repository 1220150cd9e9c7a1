"""A man who was sent back arrives with nothing: arrival, immediate help with its receipt, a
first talk that only those who care may know of, a referral with its return slip, a plan."""

from __future__ import annotations

import pytest

from migdesk.i18n import _
from migdesk.services import records
from tests.journeys.counter import Agent, count

TALK = "Ne dort plus, sursaute, parle de Kufrane"


def test_from_the_airport_to_a_plan(agent: Agent) -> None:
    agent.first_start("BAOS Dakar", "Dakar", "Fatou Diatta")
    agent.enrol("Ibrahima Mané", "agent")
    person, _visit = agent.register(
        "Baldé Ousmane", "Accueil au retour", sex="Homme", birth="vers 1998"
    )
    arrives(agent)
    note = agent.add_to(
        "person", person, "care_note", signs=TALK, given="Écoute, eau", refer=True
    )
    assert agent.get("care_note", note).shown["by"] == "Fatou Diatta"
    agent.look("forced-note")
    is_referred(agent, person)
    plans(agent, person)
    # Somebody else opens the same file: nothing tells that there was a talk.
    agent.log_in_as("Ibrahima Mané")
    agent.open("person", person)
    assert "écoute" not in agent.look("forced-other")
    shown = {tab.lower() for tab in agent.tabs_shown()}
    assert any("orientations" in tab for tab in shown) and "notes d’écoute 1" not in shown
    assert count(agent.store, "care_note") == 0
    with pytest.raises(records.Gone):
        agent.get("care_note", note)


def arrives(agent: Agent) -> None:
    """The arrival is noted, and the meals that are given at once have their receipt."""
    arrival = agent.enter(
        "families",
        "arrival",
        point="Aéroport Blaise-Diagne",
        person="Ousmane Baldé",
        type="Retour forcé",
        country="Libye",
        nationality="Sénégal",
        needs=["Abri", "Nourriture"],
    )
    agent.look("forced-arrival")
    relief = agent.add_to(
        "arrival", arrival, "relief", what="Nourriture", detail="Repas chaud", quantity="2"
    )
    received = ("Ousmane Baldé", "Nourriture", "Repas chaud", "Qui reçoit")
    agent.paper("relief", relief, "relief-receipt", wants=received)


def is_referred(agent: Agent, person: str) -> None:
    """He agrees; the letter goes with him and has a slip for the answer, which comes."""
    agent.enter(
        "services",
        "service",
        name="Point d’écoute de Fann",
        category="Services essentiels",
        hours="8 h – 12 h",
        address="Avenue Cheikh-Anta-Diop",
        how="Venir avec la lettre",
        no_papers=True,
    )
    form = agent.open("person", person)
    agent.line(
        form, "consent", purpose="Orientation vers un service", means="Empreinte du pouce"
    )
    agent.save(form)
    referral = agent.add(
        "referral",
        service="Point d’écoute de Fann",
        reason="Suivi par une personne formée",
        answer_by=agent.day(7),
    )
    agent.look("forced-referral")
    agent.next(_("Send, with the letter…"))
    letter = ("Destinataire", "Point d’écoute de Fann", "8 h – 12 h", "Suivi par une personne")
    text = agent.read_paper("referral-letter", wants=(*letter, "Talon de réponse"))
    assert TALK not in text and text.count("En accord avec") == 1
    assert agent.get("referral", referral).values["status"] == "sent"
    agent.next("Acceptée")
    assert agent.get("referral", referral).values["status"] == "accepted"


def plans(agent: Agent, person: str) -> None:
    """What is to come, with the family."""
    plan = agent.add_to(
        "person",
        person,
        "return_plan",
        aim="Reprendre le maraîchage avec son frère",
        support=["Orientation psychosociale", "Création d’entreprise"],
        starts=agent.day(0),
        family="D’accord",
        relative="Son frère Demba",
        work="Maraîchage à Goudomp",
        review=agent.day(30),
    )
    agent.line(
        agent.form,
        "return_step",
        support="Orientation psychosociale",
        what="Rencontrer la famille",
        who="Fatou Diatta",
        due=agent.day(10),
    )
    agent.save(agent.form)
    agent.look("forced-plan")
    agreed = ("Ousmane Baldé", "Rencontrer la famille", "Son frère Demba", "Page 1 sur 1")
    agent.paper("return_plan", plan, "reintegration-plan", wants=agreed)

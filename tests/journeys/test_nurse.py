"""A nurse in Belgium and the need of a hospital at home: skills and who may know of them, a
masked profile, a proposal to both sides, names only once both said yes."""

from __future__ import annotations

from migdesk.i18n import _
from tests.journeys.counter import Agent

NURSE = "Infirmiers et sages-femmes (cadres)"
SECRETS = ("Ndèye", "Sarr", "Liège", "+32", "1988")
"""What nobody learns of her before both said yes."""


def test_names_only_after_two_yes(agent: Agent) -> None:
    agent.first_start("ARD Kolda", "Kolda", "Fatou Diatta")
    nurse, _visit = agent.register(
        "Sarr Ndèye",
        "Emploi",
        sex="Femme",
        birth="12/5/1988",
        residence="Liège",
        residence_country="Belgique",
        phone="+32 470 12 34 56",
    )
    skilled(agent, nurse)
    hospital = agent.enter("directory", "organisation", name="Hôpital régional de Kolda")
    need = agent.add_to(
        "organisation",
        hospital,
        "need",
        name="Infirmière de bloc",
        type="Compétence recherchée",
        occupation=NURSE,
        description="Former l’équipe du bloc, trois semaines",
    )
    agent.look("nurse-need")
    for sheet in ("needs-sheet", "match-proposal"):
        text = agent.paper("need", need, sheet)
        assert not [s for s in SECRETS if s in text]
    tab = agent.matches("skills", "need", "Infirmière")
    assert not [s for s in SECRETS if s in agent.look("nurse-matches")]
    kind, made = agent.start(tab)
    assert kind == "introduction"
    agent.look("nurse-proposed")
    agent.next(_("Print the masked profile"))
    text = agent.read_paper("masked-profile", wants=("1985–1989", "Belgique"))
    assert not [s for s in SECRETS if s in text], text
    # Names are given once both said yes, and she was asked whether they may be.
    agent.next(_("said yes"))
    agent.next(_("said yes"))
    agent.asker.answers = ["ask"]
    agent.next(_("Introduce them…"))
    agent.read_paper("consent-form", wants=("Ndèye Sarr",))
    agree(agent, nurse)
    agent.page("skills", kind="introduction", id=made)
    agent.next(_("Introduce them…"))
    agent.read_paper("introduction-letter", wants=("Ndèye Sarr", "+32", "Hôpital régional"))
    agent.next("Se sont parlé")
    agent.look("nurse-introduced")
    assert agent.get("introduction", made).values["result"] == "met"


def agree(agent: Agent, nurse: str) -> None:
    """By telephone she agrees to be introduced."""
    agent.page("people", kind="person", id=nurse)
    form = agent.form
    agent.line(
        form,
        "consent",
        purpose="Mise en relation avec des associations",
        means="Oral, au téléphone",
    )
    agent.save(form)


def skilled(agent: Agent, nurse: str) -> None:
    agent.page("people", kind="person", id=nurse)
    form = agent.form
    agent.line(
        form,
        "skill",
        occupation=NURSE,
        what="Instrumentiste de bloc opératoire",
        level="Peut enseigner",
        years="11",
        country="Belgique",
        offers=["Une mission courte", "Enseigner"],
        disclosure="Sous profil masqué",
    )
    agent.save(form)
    agent.look("nurse-skill")
    agent.paper("person", nurse, "skills-sheet")

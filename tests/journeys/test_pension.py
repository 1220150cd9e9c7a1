"""A retired worker claims a pension that he earned abroad: periods insured, claim file,
answer overdue, answer noted. In French, at one counter."""

from __future__ import annotations

from tests.journeys.counter import Agent

PERIODS = (
    ("1/3/1975", "30/9/1989", "France", "Fonderie du Nord", "Fondeur"),
    ("1/1/1990", "31/12/1997", "Espagne", "Huerta del Sur", "Ouvrier agricole"),
)


def test_a_pension_earned_abroad(agent: Agent) -> None:
    agent.first_start("HOM Goudomp", "Goudomp", "Fatou Diatta")
    person, _visit = agent.register(
        "Seydi Mamadou",
        "Conseil sur les droits",
        birth="3/2/1954",
        sex="Homme",
        residence="Goudomp",
        phone="77 456 12 30",
    )
    agent.enter("directory", "organisation", name="Caisse d’assurance")
    claim = agent.add_to(
        "person",
        person,
        "claim",
        country="France",
        right="Retraite",
        scheme="Régime général",
        number="1 54 02 99 341 008",
        organisation="Caisse d’assurance",
        status="Déposée",
        lodged=agent.day(-200),
        answer_by=agent.day(-20),
    )
    form = agent.form
    assert form.boxes["person"].value() == person
    for since, until, country, employer, work in PERIODS:
        agent.line(
            form,
            "claim_period",
            starts=since,
            ends=until,
            country=country,
            employer=employer,
            work=work,
            proof="Bulletins de paie",
        )
    agent.save(form)
    agent.look("pension-claim")
    # 1 March 1975 to 30 September 1989, then eight years: what overlaps counts once.
    held = ("Fonderie du Nord", "Bulletins de paie", "14 ans 7 mois", "8 ans", "22 ans 7 mois")
    text = agent.paper("claim", claim, "claim-file", "person", wants=held)
    assert "1 54 02 99 341 008" in text and "03/02/1954" in text
    # The answer is late: the first page says so, and the list of claims.
    agent.page("today")
    said = agent.look("pension-today")
    assert all(words in said for words in ("20 j", "demande de droits", "Mamadou Seydi"))
    agent.page("families", kind="claim", id=claim)
    agent.fill(agent.form, answered=agent.day(0), amount="320 €", since="1/12/2026")
    agent.rewrite(agent.form, status="Accordée")
    agent.save(agent.form)
    agent.page("today")
    assert "Mamadou Seydi" not in agent.look("pension-answered")
    assert agent.get("claim", claim).values["amount"] == "320 EUR"

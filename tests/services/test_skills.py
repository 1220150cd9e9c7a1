"""Skills, jobs and training: matches with reasons, double opt-in, sessions, certificates."""

from __future__ import annotations

from datetime import date

import pytest

from migdesk.models.store import Store
from migdesk.services import matches, records, rules
from tests.tools import Make, pdf_text, printed

TODAY = date(2026, 11, 21)
NURSE = "222"


def nurse(make: Make, name: str = "Mariama", **skill: object) -> str:
    """A nurse in France whose skill may be shown in a masked profile."""
    region = make.place(name="Kolda region", level="region")
    person = make.person(
        given_name=name,
        family_name="Baldé",
        phone="+221771234567",
        birth="1987-05-02",
        residence_country="FR",
        languages=["fr", "ff"],
        origin=make.place(name="Village", level="village", parent=region),
    )
    about = {"occupation": NURSE, "level": "expert", "years": 9, "offers": ["mission"]}
    make.skill(person=person, **{**about, "disclosure": "masked", **skill})
    return person


def hospital(make: Make, **need: object) -> str:
    """A hospital that looks for a nurse who speaks Pulaar."""
    where = make.organisation(name="Hôpital de Kolda")
    about = {"name": "Nurse for a month", "type": "mission", "occupation": NURSE}
    made = make.need(organisation=where, **{**about, **need})
    make.need_condition(need=made, about="language", how="is", value="ff")
    make.need_condition(need=made, about="residence_country", value="FR", wish=True)
    return made


def test_r032_a_person_chooses_what_is_known_of_a_skill(store: Store, make: Make) -> None:
    person = nurse(make)
    make.skill(person=person, occupation="512", what="Cooking", disclosure="nobody")
    sheet = pdf_text(printed(store, "skills-sheet", id=person))
    assert "Nursing and midwifery professionals" in sheet and "Cooking" in sheet
    masked = pdf_text(printed(store, "masked-profile", id=person))
    assert "Nursing" in masked and "Cook" not in masked
    assert not [said for said in ("Mariama", "Baldé", "221", "1987") if said in masked]


def test_r033_people_are_asked_to_register_and_reminded(store: Store, make: Make) -> None:
    asked = make.invitation(campaign="Census 2026", person=nurse(make), invited="2026-10-01")
    text = pdf_text(printed(store, "reminder-letter", id=asked))
    assert "Census 2026" in text and "Mariama" in text


def test_r034_needs_of_a_group_are_told_with_their_proof(store: Store, make: Make) -> None:
    need = make.need(
        name="Literacy of women",
        type="group",
        groups=["vulnerable_women"],
        priority="high",
        evidence="Survey of 2026",
    )
    text = pdf_text(printed(store, "needs-sheet", id=need))
    assert "Survey of 2026" in text and "High" in text


def test_r035_a_match_is_explained_and_masked(store: Store, make: Make) -> None:
    need, person = hospital(make), nurse(make)
    nurse(make, "Hidden", disclosure="nobody")
    nurse(make, "Elsewhere", offers=["job_there"])
    found = store.read(matches.people_for, need, TODAY)
    assert [fit.id for fit in found] == [person]
    assert [reason.met for reason in found[0].reasons] == [True, True, True]
    assert "Language: " in found[0].reasons[1].words
    back = store.read(matches.needs_for, person, TODAY)
    assert [fit.id for fit in back] == [need] and not back[0].unmet
    text = pdf_text(printed(store, "match-proposal", id=need))
    assert "fits" in text and "1985–1989" in text and "Kolda region" in text
    for hidden in ("Mariama", "Baldé", "77 123", "Village", "1987"):
        assert hidden not in text


def test_r035_why_nobody_fits(store: Store, make: Make) -> None:
    need = hospital(make)
    assert store.read(matches.people_for, need, TODAY) == []
    assert "No registered person fits" in pdf_text(printed(store, "match-proposal", id=need))


def test_r035_nobody_is_named_before_both_said_yes(store: Store, make: Make) -> None:
    about = {"person": nurse(make), "need": hospital(make), "person_answer": "yes"}
    with pytest.raises(rules.NotBoth):
        make.introduction(**about, introduced="2026-11-20")
    made = make.introduction(**about, other_answer="asked")
    with pytest.raises(rules.NotBoth):
        store.write(records.save, "introduction", made, {"introduced": "2026-11-20"})
    yes = {"other_answer": "yes", "introduced": "2026-11-20"}
    store.write(records.save, "introduction", made, yes)
    assert "Mariama" in pdf_text(printed(store, "introduction-letter", id=made))


def test_r036_a_mission_has_an_order_and_a_report(store: Store, make: Make) -> None:
    mission = make.mission(
        expert=nurse(make),
        host=make.organisation(name="Hôpital de Kolda"),
        task="Train ten nurses",
        starts="2026-12-01",
        ends="2026-12-20",
        cost="800000 XOF",
        result="Ten nurses trained",
    )
    assert "Train ten nurses" in pdf_text(printed(store, "mission-order", id=mission))
    assert "Ten nurses trained" in pdf_text(printed(store, "mission-report", id=mission))
    with pytest.raises(rules.EndsBefore):
        store.write(records.save, "mission", mission, {"ends": "2026-11-01"})


def test_r037_r133_institutions_and_peers_work_together(store: Store, make: Make) -> None:
    made = make.collaboration(
        name="Mother and child care",
        here=make.organisation(name="UGB"),
        there=make.organisation(name="Lyon 1"),
        proposals="A joint course",
        visits="Two visits a year",
    )
    assert "A joint course" in pdf_text(printed(store, "collaboration-note", id=made))
    assert "Two visits a year" in pdf_text(printed(store, "support-plan", id=made))


def test_r038_students_abroad_are_listed(store: Store, make: Make) -> None:
    school = make.organisation(name="Lyon 1")
    make.student(person=nurse(make), university=school, course="Medicine", country="FR")
    text = pdf_text(printed(store, "student-list"))
    assert "Medicine" in text and "France" in text


def test_r039_r040_r042_an_employer_a_vacancy_a_placement(store: Store, make: Make) -> None:
    need = hospital(make, type="vacancy", posts=2, contract="fixed_term", deadline="2026-12-31")
    employer = store.read(records.get, "need", need).values["organisation"]
    person = nurse(make, offers=["job_here"])
    assert [f.id for f in store.read(matches.people_for, need, TODAY)] == [person]
    placed = make.placement(
        person=person, need=need, employer=employer, status="hired", season="Rainy season"
    )
    text = pdf_text(printed(store, "vacancy-notice", id=need))
    assert "Apply at" in text and "Country of residence: France" in text
    assert "Rainy season" in pdf_text(printed(store, "placement-record", id=placed))
    text = pdf_text(printed(store, "employer-sheet", id=employer))
    assert "Nurse for a month" in text and "Hired" in text
    gone = {"deadline": "2026-11-01"}
    store.write(records.save, "need", need, gone)
    assert store.read(matches.people_for, need, TODAY) == []


def session(make: Make, **values: object) -> str:
    """A session of a course with two participants, one of whom came and was tested."""
    course = make.course(
        name="Family budget",
        field_of="financial_literacy",
        topics=["family_budget"],
        audiences=["recipients"],
        hours=6.0,
        best=20,
        passing=10,
    )
    make.course_material(course=course, name="Workbook", language="fr", version="2")
    trainer = make.trainer(name="Ousmane", level="trainer_of_trainers")
    held = make.training_session(
        course=course, trainer=trainer, starts="2026-11-02", ends="2026-11-03", **values
    )
    make.participant(
        session=held, name="Ami", sex="female", present=True, before=6.0, after=14.0
    )
    make.participant(session=held, name="Modou", sex="male", present=False)
    return held


def test_r041_r132_days_and_staff_sign_a_list(store: Store, make: Make) -> None:
    held = session(make, audiences=["elected"])
    text = pdf_text(printed(store, "attendance-list", id=held))
    assert "Ami" in text and "Signature" in text and "17" in text
    assert "Family budget" in pdf_text(printed(store, "session-programme", id=held))


def test_r043_r045_plans_of_retraining_and_guidance(store: Store, make: Make) -> None:
    person = nurse(make)
    other = make.organisation(name="Public employment service")
    make.learning_step(
        person=person, gap="Book-keeping", topics=["marketing"], provider=other, what="guidance"
    )
    for sheet in ("training-plan-person", "guidance-record"):
        assert "Book-keeping" in pdf_text(printed(store, sheet, id=person))
    assert "Public employment service" in pdf_text(printed(store, "overlap-table"))


def test_r044_r046_a_certification_and_an_award(store: Store, make: Make) -> None:
    made = make.certificate(
        person=nurse(make), what="Nurse", route="fast_track_certification", answer="certified"
    )
    assert "Certified" in pdf_text(printed(store, "certificate-record", id=made))
    award = make.award(organisation=make.organisation(name="Soleil SA"), year=2026, hires=12)
    text = pdf_text(printed(store, "award-certificate", id=award))
    assert "Soleil SA" in text and "12" in text


def test_r048_r130_tests_before_and_after_lead_to_a_certificate(
    store: Store, make: Make
) -> None:
    held = session(make)
    text = pdf_text(printed(store, "training-record", id=held))
    assert "Mean before 6.0" in text and "Mean after 14.0" in text
    came = store.read(records.lines_of, "participant", held)[0]
    text = pdf_text(printed(store, "training-certificate", id=came.id))
    assert "Ami" in text and "14 / 20" in text and "passed" in text
    course = store.read(records.get, "training_session", held).values["course"]
    assert "Workbook" in pdf_text(printed(store, "course-sheet", id=course))


def test_r128_r129_r131_plans_trainers_and_material(store: Store, make: Make) -> None:
    session(make, plan="Both ends 2026")
    session(make, plan="Both ends 2026")
    text = pdf_text(printed(store, "training-plan", since="2026-01-01", until="2026-12-31"))
    assert text.count("Family budget") == 2 and "Both ends 2026" in text
    old = pdf_text(printed(store, "training-plan", since="2025-01-01", until="2025-12-31"))
    assert "Family budget" not in old
    text = pdf_text(printed(store, "trainer-list"))
    assert "Ousmane" in text and "Trainer of trainers" in text
    assert "Workbook" in pdf_text(printed(store, "course-list"))

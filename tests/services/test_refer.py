"""Services, referrals, rights, returns and families — with their papers."""

from __future__ import annotations

from migdesk.models.store import Store
from migdesk.services.refer_papers import covered
from tests.tools import Make, pdf_text, printed


def awa(make: Make, **values: object) -> str:
    """A person with what a letter tells of her."""
    about = {"given_name": "Awa", "family_name": "Sané", "birth": "1992", "sex": "female"}
    return make.person(**{**about, **values})


def test_r055_services_and_the_way_to_them(store: Store, make: Make) -> None:
    service = make.service(
        name="Clinic of the quay",
        category="essential_services",
        hours="8–12",
        no_papers=True,
        address="Quay 3",
        how="Bring nothing",
    )
    text = pdf_text(printed(store, "service-directory"))
    assert "Essential services" in text and "Clinic of the quay" in text
    person = awa(make)
    make.referral(person=person, service=service, reason="Fever", answer_by="2026-12-02")
    make.referral(person=person, reason="Done before", status="done")
    text = pdf_text(printed(store, "route-sheet", id=person))
    assert "1. Clinic of the quay" in text and "Quay 3" in text and "Bring nothing" in text
    assert "Done before" not in text
    assert "Quay 3" in pdf_text(printed(store, "service-sheet", id=service))


def test_r056_calls_are_noted_without_a_name(store: Store, make: Make) -> None:
    call = make.visit(
        channel="phone",
        subject="rights_violation",
        urgency="urgent",
        anonymous=True,
        words="Wages kept back",
        at="2026-11-20T22:10:00Z",
    )
    text = pdf_text(printed(store, "call-note", id=call))
    assert "Rights violation" in text and "Urgent" in text and "Wages kept back" in text


def test_r057_a_referral_has_a_return_slip(store: Store, make: Make) -> None:
    place = make.organisation(name="Legal clinic")
    made = make.referral(
        person=awa(make),
        organisation=place,
        reason="Contract",
        checks=["group_access"],
        answer_by="2026-12-01",
    )
    text = pdf_text(printed(store, "referral-letter", id=made))
    assert "To Legal clinic" in text and "Awa Sané" in text and "Contract" in text
    assert "Return slip" in text and "Not possible" in text


def test_r058_legal_help_has_a_note_of_its_own(store: Store, make: Make) -> None:
    note = make.legal_note(
        person=awa(make), lawyer="Me Faye", question="Eviction", advice="Appeal in time"
    )
    assert "Appeal in time" in pdf_text(printed(store, "advice-note", id=note))


def test_r059_r060_rights_and_dangers_by_country(store: Store, make: Make) -> None:
    for country, title in (("ES", "Work in Spain"), ("FR", "Stay in France")):
        text = make.rights_text(
            title=title,
            country=country,
            topic="residence",
            language="fr",
            text=f"{title}: what to know",
            source="Ministry",
            checked="2026-10-01",
        )
    assert "Checked on 01/10/2026" in pdf_text(printed(store, "rights-leaflet", id=text))
    assert "Work in Spain" in pdf_text(printed(store, "country-sheet"))
    person = awa(make, residence_country="FR", languages=["fr"])
    pack = pdf_text(printed(store, "information-pack", id=person))
    assert pack.index("Stay in France") < pack.index("Work in Spain")


def test_r061_what_people_knew_before_and_after(store: Store, make: Make) -> None:
    made = make.awareness(
        name="Know before you go",
        channels=["media.radio_spot"],
        asked_before=40,
        knew_before=10,
        asked_after=50,
        knew_after=30,
    )
    text = pdf_text(printed(store, "awareness-report", id=made))
    assert "Before: 25 %. After: 60 %. Difference: 35 points." in text


def test_r063_a_pair_and_its_meetings(store: Store, make: Make) -> None:
    buddy = make.helper(name="Khady", role="buddy", languages=["wo"])
    pair = make.pairing(person=awa(make), helper=buddy, aim="Find a school")
    make.pair_meeting(pairing=pair, day="2026-11-03", what="Visited a school")
    text = pdf_text(printed(store, "pairing-sheet", id=pair))
    assert "Khady" in text and "Visited a school" in text and "Next step" in text


def test_r064_arrivals_are_listed_and_counted(store: Store, make: Make) -> None:
    for day, number in (("2026-11-01", 30), ("2026-11-02", 12), ("2025-01-01", 99)):
        make.arrival(
            day=day, number=number, women=5, children=2, type="forced_expulsion", country="LY"
        )
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    text = pdf_text(printed(store, "arrival-table", **period))
    assert "42" in text and "…" in text and "99" not in text
    text = pdf_text(printed(store, "arrival-list", **period))
    assert "Libya" in text and "30" in text


def test_r065_help_given_has_a_receipt(store: Store, make: Make) -> None:
    made = make.relief(person=awa(make), what="food", quantity=2.0, value="5000 XOF")
    text = pdf_text(printed(store, "relief-receipt", id=made))
    assert "Food" in text and "5,000" in text and "Awa Sané" in text


def test_r066_first_help_is_referred_and_helpers_are_helped(store: Store, make: Make) -> None:
    note = make.care_note(person=awa(make), signs="Does not sleep", given="Listened to")
    text = pdf_text(printed(store, "care-referral", id=note))
    assert "Listened to" in text and "Does not sleep" not in text
    talk = make.staff_care(day="2026-11-20", leader="Dr Ba", present=6, themes="Night calls")
    assert "Night calls" in pdf_text(printed(store, "staff-care", id=talk))


def test_r067_r069_plans_of_return(store: Store, make: Make) -> None:
    plan = make.return_plan(
        person=awa(make),
        aim="A sewing shop",
        support=["vocational_training"],
        family="agrees",
        travel="2027-01-10",
        skills="Sewing",
    )
    make.return_step(plan=plan, what="Register the shop", due="2027-02-01")
    text = pdf_text(printed(store, "reintegration-plan", id=plan))
    assert "A sewing shop" in text and "Register the shop" in text and "Agrees" in text
    text = pdf_text(printed(store, "return-preparation", id=plan))
    assert "Sewing" in text and "10/01/2027" in text


def test_r068_insured_time_is_counted_once(store: Store, make: Make) -> None:
    assert covered([(0, 11), (6, 17), (24, 24)]) == 19
    claim = make.claim(person=awa(make), country="FR", scheme="CARSAT")
    for starts, ends in (("1990-01-01", "1994-12-31"), ("1994-06-01", "1996-12-31")):
        make.claim_period(claim=claim, starts=starts, ends=ends, employer="Renault")
    text = pdf_text(printed(store, "claim-file", id=claim))
    assert "CARSAT" in text and "Renault" in text and "7 years 0 months" in text


def test_r070_households_that_somebody_left(store: Store, make: Make) -> None:
    home = make.household(name="Sané")
    make.member(household=home, name="Grandmother", relation="head")
    make.home_visit(household=home, day="2026-11-05", children=3, risks=["elderly_alone"])
    text = pdf_text(printed(store, "household-sheet", id=home))
    assert "Grandmother" in text and "Elderly person alone" in text


def test_r071_who_cares_is_agreed_before_leaving(store: Store, make: Make) -> None:
    made = make.care_agreement(
        parent=awa(make), child="Binta", carer="Sokhna", calls="Sundays at noon"
    )
    text = pdf_text(printed(store, "care-agreement", id=made))
    assert "Binta" in text and "Sokhna" in text and "Sundays at noon" in text


def test_r072_carers_are_trained(store: Store, make: Make) -> None:
    course = make.course(name="Care of children", field_of="carers", topics=["child_care"])
    held = make.training_session(course=course, starts="2026-11-09")
    make.participant(session=held, name="Sokhna", present=True)
    text = pdf_text(printed(store, "training-record", id=held))
    assert "Care of children" in text and "Sokhna" in text


def test_r073_a_school_has_a_named_contact(store: Store, make: Make) -> None:
    school = make.organisation(name="École 2")
    make.contact_person(organisation=school, name="Mme Kane", role="Head teacher")
    make.school_action(school=school, contact="Mme Kane", what="Homework club", children=14)
    text = pdf_text(printed(store, "school-sheet", id=school))
    assert "Head teacher" in text and "Homework club" in text


def test_r074_households_register_at_a_fair(store: Store, make: Make) -> None:
    programme = make.programme(name="Family grant", conditions="Three children")
    for number in range(6):
        made = make.registration(
            programme=programme,
            household=make.household(name=f"Home {number}"),
            fair="Fair of Goudomp",
            day="2026-11-07",
            eligible="yes",
            result="served",
            served=4,
        )
    assert "Three children" in pdf_text(printed(store, "registration-record", id=made))
    text = pdf_text(printed(store, "fair-report", since="2026-11-01", until="2026-11-30"))
    assert "Fair of Goudomp" in text and "24" in text and "6" in text


def test_r075_maltreatment_is_referred_safely(store: Store, make: Make) -> None:
    made = make.safety_report(
        day="2026-11-08", child="A boy of 9", signal="Bruises", danger=True
    )
    text = pdf_text(printed(store, "confidential-referral", id=made))
    assert "Confidential" in text and "Bruises" in text


def test_r076_parents_abroad_stay_close(store: Store, make: Make) -> None:
    made = make.contact_plan(parent=awa(make), relative="Sokhna", times="Sundays")
    text = pdf_text(printed(store, "parent-guide", id=made))
    assert "Sundays" in text and "Thank the carer" in text

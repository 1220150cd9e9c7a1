"""Applications for money from the match to the last instalment; introductions from the match
to what came of them; dates to keep; directories that grow old."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from migdesk.jobs.proposals import propose_all
from migdesk.models.capture import NotYours
from migdesk.models.store import Store
from migdesk.services import (
    applications,
    consent_gate,
    dues,
    freshness,
    introductions,
    match_rows,
    records,
    referrals,
    rules,
)
from migdesk.services.consent_gate import NoConsent, Override
from migdesk.services.pipelines import NotYet
from migdesk.task import Task
from tests.tools import Make, pdf_text, printed

TODAY = date(2026, 11, 21)


def values(store: Store, kind: str, id: str) -> Any:
    return store.read(records.get, kind, id).values


def states(store: Store, id: str) -> list[str]:
    return [code for code, _label in store.read(applications.way, id).moves]


def farm(make: Make) -> str:
    case = make.case(type="project", title="Poultry")
    make.budget_line(case=case, what="Hens", quantity=1000.0, price="2000 XOF")
    make.finance_line(case=case, source="Savings", nature="own_funds", amount="500000 XOF")
    return case


def test_r021_an_application_goes_its_way_with_its_days(store: Store, make: Make) -> None:
    case, window = farm(make), make.window(name="Fonds Sud")
    asked = store.write(applications.begin, case, window)
    assert store.write(applications.begin, case, window) == asked
    assert values(store, "application", asked)["amount"] == "1500000 XOF"
    with pytest.raises(NotYet) as told:
        store.write(applications.move, asked, "lodged")
    assert "papers of the dossier" in str(told.value)
    make.paper(case=case, what="quotes", status="held")
    store.write(applications.move, asked, "lodged", today=date(2026, 3, 1))
    assert values(store, "application", asked)["lodged"] == "2026-03-01"
    store.write(applications.move, asked, "incomplete")
    assert states(store, asked) == ["lodged", "withdrawn"]
    store.write(applications.move, asked, "lodged", today=date(2026, 4, 1))
    assert values(store, "application", asked)["lodged"] == "2026-03-01"
    store.write(applications.move, asked, "examined")
    assert [c.words for c in store.read(applications.lacking, asked, "granted")] == [
        "Amount granted"
    ]
    store.write(records.save, "application", asked, {"granted": "1400000 XOF"})
    store.write(applications.move, asked, "granted", today=date(2026, 5, 2))
    assert values(store, "application", asked)["answered"] == "2026-05-02"
    plan = store.read(records.lines_of, "finance_line", case)
    assert [(line.title, line.values["status"], line.values["amount"]) for line in plan] == [
        ("Savings", "to_ask", "500000 XOF"), ("Fonds Sud", "granted", "1400000 XOF")
    ]
    store.write(applications.move, asked, "paying", "The bank pays at once", TODAY)
    assert "2026-11-21 Being paid out: The bank" in values(store, "application", asked)["note"]
    make.instalment(application=asked, amount="1400000 XOF", due="2026-06-01")
    (left,) = store.read(applications.lacking, asked, "closed")
    assert left.state == "unmet"
    (line,) = store.read(records.lines_of, "instalment", asked)
    store.write(records.save, "instalment", line.id, {"done": "2026-06-03"})
    store.write(applications.move, asked, "closed")
    plan = store.read(records.lines_of, "finance_line", case)
    assert [line.values["status"] for line in plan] == ["to_ask", "paid"]
    way = store.read(applications.way, asked)
    assert way.moves == () and way.stages[-1].place == "current" and way.words == "Closed"
    assert store.write(applications.begin, case, window) != asked
    assert "1,400,000" in pdf_text(printed(store, "application-tracking", id=case))


def test_r021_a_match_leads_to_an_application(store: Store, make: Make) -> None:
    case = farm(make)
    window = make.window(name="Fonds Sud", ceiling="3000000 XOF", verified="2020-01-01")
    make.window(name="Closed", open=False)
    make.window_condition(window=window, about="amount", how="at_most", value="3000000 XOF")
    (row,) = store.read(match_rows.windows, case).rows
    assert (row.title, row.fit.unmet, row.begun) == ("Fonds Sud", 0, "")
    assert "3,000,000" in row.about and row.stale == "not verified for 6 months"
    asked = store.write(applications.begin, case, window)
    assert store.read(match_rows.windows, case).rows[0].begun == asked


def nurse(make: Make, **skill: Any) -> str:
    region = make.place(name="Kolda region", level="region")
    village = make.place(name="Saré", parent=region)
    about = {"birth": "1987-05-02", "residence_country": "FR", "origin": village}
    person = make.person(given_name="Mariama", phone="+221771234567", **about)
    make.skill(person=person, occupation="222", **{"disclosure": "masked", **skill})
    return person


def hospital(make: Make, **need: Any) -> str:
    where = make.organisation(name="Hôpital de Kolda")
    return make.need(name="Nurse", occupation="222", organisation=where, **need)


def test_r035_a_match_is_masked_and_leads_to_one_introduction(
    store: Store, make: Make
) -> None:
    person, need = nurse(make), hospital(make)
    found = store.read(match_rows.people, need)
    (row,) = found.rows
    code = store.read(records.get, "person", person).code
    assert row.title == code and "1985–1989" in row.about and "Kolda region" in row.about
    for hidden in ("Mariama", "1987", "Saré", "77 123"):
        assert hidden not in row.title + row.about
    made = store.write(introductions.propose, person, need)
    assert store.write(introductions.propose, person, need) == made
    assert store.read(match_rows.people, need).rows[0].begun == made
    assert store.read(match_rows.needs, person).rows[0].begun == made
    assert values(store, "need", need)["status"] == "proposed"
    assert "Nursing" in values(store, "introduction", made)["reason"]


def test_r035_nobody_is_proposed_who_keeps_it_back(store: Store, make: Make) -> None:
    silent, need = nurse(make, disclosure="nobody"), hospital(make)
    with pytest.raises(introductions.KeptBack):
        store.write(introductions.propose, silent, need)
    assert "lets no skill be known" in store.read(match_rows.needs, silent).words
    closed = hospital(make, status="filled")
    with pytest.raises(introductions.Closed):
        store.write(introductions.propose, nurse(make), closed)


def test_r035_names_are_given_once_both_and_the_gate_agree(store: Store, make: Make) -> None:
    person, need = nurse(make), hospital(make)
    made = store.write(introductions.propose, person, need)
    asking = store.read(introductions.standing, made)
    assert asking.stage == "asking" and asking.asks("person") and asking.asks("other")
    with pytest.raises(rules.NotBoth):
        store.write(introductions.introduce, made)
    with pytest.raises(rules.NotBoth):
        printed(store, "introduction-letter", id=made)
    store.write(introductions.answer, made, "person", True)
    assert "One side said yes" in store.read(introductions.standing, made).words
    store.write(introductions.answer, made, "other", True)
    assert store.read(introductions.standing, made).stage == "agreed"
    with pytest.raises(NoConsent):
        store.write(introductions.introduce, made)
    make.consent(person=person, purpose="introduction", recipient="Hôpital de Kolda")
    store.write(introductions.introduce, made, today=TODAY)
    (line,) = store.read(records.linked, "disclosure", "person", person)
    assert (line.values["basis"], line.values["recipient"]) == ("consent", "Hôpital de Kolda")
    text = pdf_text(printed(store, "introduction-letter", id=made))
    assert "To Hôpital de Kolda" in text and "Mariama" in text
    store.write(introductions.follow, made, "hired")
    assert store.read(introductions.standing, made).stage == "ended"
    assert values(store, "need", need)["status"] == "filled"


def test_r035_a_no_ends_it_and_an_override_is_written_down(store: Store, make: Make) -> None:
    person, need = nurse(make), hospital(make)
    made = store.write(introductions.propose, person, need)
    store.write(introductions.answer, made, "other", False)
    assert values(store, "introduction", made)["result"] == "nothing"
    with pytest.raises(rules.NotBoth):
        store.write(introductions.introduce, made)
    again = store.write(introductions.propose, person, need)
    assert again != made
    for side in ("person", "other"):
        store.write(introductions.answer, again, side, True)
    store.actor, store.role = make.account(name="Agent", role="agent"), "agent"
    why = Override("She leaves tonight, and asked for it by telephone")
    with pytest.raises(NotYours):
        store.write(introductions.introduce, again, why)
    store.write(introductions.introduce, again, Override(why.reason, urgent=True))
    (line,) = store.read(records.linked, "disclosure", "person", person)
    assert line.values["basis"] == "override" and "tonight" in line.values["reason"]
    assert store.read(consent_gate.leaving, "introduction-letter", again) == ()


def test_dates_to_keep_and_what_is_over(store: Store, make: Make) -> None:
    person = make.person(given_name="Awa", family_name="Sané")
    late = make.referral(person=person, reason="Fever", answer_by="2026-11-18")
    make.referral(person=person, reason="Done", answer_by="2026-11-18", status="done")
    make.referral(person=person, reason="Later", answer_by="2026-12-30")
    asked = make.application(case=farm(make), window=make.window(name="Fonds"), status="paying")
    make.instalment(application=asked, amount="1 XOF", due="2026-11-21")
    make.instalment(application=asked, amount="2 XOF", due="2026-11-20", done="2026-11-20")
    claim = make.claim(person=person, country="FR", answer_by="2026-11-22")
    plan = make.care_agreement(
        parent=person, child="Modou", carer="Grandmother", review="2026-11-25"
    )
    found = store.read(dues.due, TODAY)
    assert [(kept.id, kept.days) for kept in found] == [
        (late, -3),
        (asked, 0),
        (claim, 1),
        (plan, 4),
    ]
    assert found[0].about.startswith("Awa Sané") and found[1].kind == "application"


def test_what_was_not_verified_for_six_months_is_stale(store: Store, make: Make) -> None:
    old = make.window(name="Old", verified="2026-05-20")
    make.window(name="New", verified="2026-05-22")
    make.window(name="Closed long ago", open=False)
    make.rights_text(title="Work in Spain")
    held = {s.kind: s.n for s in store.read(freshness.stale, TODAY)}
    assert held == {"window": 1, "rights_text": 1}
    view = store.read(records.get, "window", old)
    assert freshness.words(view, TODAY) == "not verified for 6 months"
    store.actor = make.account(name="Fatou", role="agent")
    store.write(freshness.verify, "window", old, TODAY)
    view = store.read(records.get, "window", old)
    assert view.shown["verified_by"] == "Fatou" and not freshness.words(view, TODAY)


def test_r057_a_referral_is_sent_once_the_gate_agrees(store: Store, make: Make) -> None:
    person, clinic = make.person(given_name="Awa"), make.organisation(name="Clinic")
    sent = make.referral(person=person, organisation=clinic, reason="Fever")
    for values in ({"status": "sent"}, {"sent": "2026-11-21"}, {"status": "accepted"}):
        with pytest.raises(NoConsent):  # in the form as well
            store.write(records.save, "referral", sent, values)
    with pytest.raises(NoConsent):
        store.write(referrals.send, sent)
    make.consent(person=person, purpose="referral", recipient="Clinic")
    store.write(referrals.send, sent, today=TODAY)
    view = store.read(records.get, "referral", sent)
    assert (view.values["status"], view.values["answer_by"]) == ("sent", "2026-12-05")
    assert next(code for code, _label in referrals.moves(view)) == "accepted"
    assert "expected by 05/12/2026" in referrals.words(view, date(2026, 12, 6))
    store.write(referrals.move, sent, "accepted")
    store.write(referrals.move, sent, "done", date(2026, 12, 6))
    view = store.read(records.get, "referral", sent)
    assert view.values["answered"] == "2026-12-06" and referrals.moves(view) == ()
    (line,) = store.read(records.linked, "disclosure", "person", person)
    assert (line.values["basis"], line.values["what"]) == ("consent", "referral")


def test_only_the_last_talk_says_when_somebody_is_seen_again(store: Store, make: Make) -> None:
    awa, ibou = make.person(given_name="Awa"), make.person(given_name="Ibou")
    make.care_note(person=awa, signs="Tired", follow="2026-11-20")
    make.care_note(person=awa, signs="Better")
    seen = make.care_note(person=ibou, signs="Tired", follow="2026-11-22")
    home = make.household(name="Diallo")
    make.home_visit(household=home, day="2026-10-01", next_visit="2026-11-01")
    make.home_visit(household=home, day="2026-11-01", next_visit="2026-11-23")
    found = store.read(dues.due, TODAY)
    assert [(kept.id, kept.days) for kept in found] == [(seen, 1), (home, 2)]


def test_r057_an_override_sends_and_is_written_down(store: Store, make: Make) -> None:
    person, clinic = make.person(given_name="Awa"), make.organisation(name="Clinic")
    sent = make.referral(person=person, organisation=clinic, reason="Fever")
    store.write(referrals.send, sent, Override("She cannot speak and bleeds", urgent=True))
    (line,) = store.read(records.linked, "disclosure", "person", person)
    assert line.values["basis"] == "override"
    taken = make.referral(person=person, organisation=clinic, reason="Again")
    asked = store.read(consent_gate.of_record, "referral", taken, "referral")
    verdicts = [each.verdict for each in asked]
    store.write(consent_gate.let_go, verdicts, "referral-letter", taken, to_person=True)
    store.write(records.save, "referral", taken, {"status": "sent"})


def test_r040_a_letter_to_each_fitting_profile_names_nobody(store: Store, make: Make) -> None:
    need = hospital(make, description="Three weeks in the theatre", pay="400000 XOF")
    people = (nurse(make), nurse(make))
    done = propose_all(store, Task(), need, people, TODAY, "en")
    assert done.n == 2
    pages = pdf_text(done.data).split("\n")
    assert len(pages) == 2
    for page in pages:
        assert "Mariama" in page and "Three weeks in the theatre" in page
        assert "Hôpital" not in page  # nor is the host named
    assert values(store, "need", need)["sent"] == "2026-11-21"
    again = propose_all(store, Task(), need, people, TODAY, "en")
    assert again.n == 2 and len(store.read(records.linked, "introduction", "need", need)) == 2

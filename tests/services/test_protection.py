"""Consent, disclosure, readings, retention, authorisations, masks (R062, R124–R127, R150)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from migdesk.jobs.export_table import Outgoing, export_table
from migdesk.jobs.print_sheet import print_sheet
from migdesk.models.capture import NotYours
from migdesk.models.store import Store
from migdesk.services import (
    consent_gate,
    notices,
    readings,
    records,
    retention,
)
from migdesk.services.consent_gate import NoConsent, NoReason, Override
from migdesk.services.views import Query
from migdesk.task import Task

TODAY = date.today().isoformat()


def printed(store: Store, sheet: str, language: str = "en", **params: Any) -> str:
    """Text of a document, with single spaces."""
    data = print_sheet(store, Task(), sheet, params, language)
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def save(store: Store, kind: str, **values: Any) -> str:
    return store.write(records.save, kind, None, values)


def as_account(store: Store, role: str, *compartments: str) -> str:
    """Log in as a new account."""
    store.actor, store.role = "", ""
    given: Mapping[str, Any] = {"compartments": list(compartments)} if compartments else {}
    account = save(store, "account", name=f"The {role}", role=role, **given)
    store.actor, store.role = account, role
    return account


@pytest.fixture
def awa(store: Store) -> str:
    return save(
        store,
        "person",
        given_name="Awa",
        family_name="Diallo",
        birth="1991-04-03",
        phone="+221771234567",
        languages=["ar", "fr"],
        skills="Sews wedding gowns",
    )


def test_r124_consent_is_for_a_purpose_and_a_recipient(store: Store, awa: str) -> None:
    ask = consent_gate.ask
    assert store.read(ask, awa, "referral").answer == "unknown"
    save(store, "consent", person=awa, purpose="referral", recipient="Clinic; Caritas")
    assert store.read(ask, awa, "referral", "CLINIC").allowed
    assert store.read(ask, awa, "referral", "The police").answer == "unknown"
    assert store.read(ask, awa, "referral").answer == "unknown"
    assert store.read(ask, awa, "introduction", "Clinic").answer == "unknown"
    wide = save(store, "consent", person=awa, purpose="referral", given="2020-01-01")
    assert store.read(ask, awa, "referral", "The police").allowed
    store.write(records.save, "consent", wide, {"expires": "2021-01-01"})
    assert store.read(ask, awa, "referral", "The police").answer == "expired"
    store.write(records.save, "consent", wide, {"expires": None, "withdrawn": TODAY})
    assert store.read(ask, awa, "referral", "The police").answer == "withdrawn"
    save(store, "consent", person=awa, purpose="referral", answer="refused", given=TODAY)
    assert store.read(ask, awa, "referral", "Clinic").answer == "refused"


def test_r124_notice_and_form_in_the_language_of_the_person(store: Store, awa: str) -> None:
    person = store.read(records.get, "person", awa)
    assert store.read(notices.spoken_by, person, "referral") == "ar"
    told = printed(store, "information-notice", "fr", id=awa)
    assert "Ce que nous faisons de vos informations" in told and "texte 1" in told
    form = printed(store, "consent-form", "en", id=awa)
    assert "Referral to a service" in form and "I do not agree" in form
    assert "Awa Diallo" in form and "The witness" in form
    store.write(notices.agree, awa, "referral", "ar", "thumb")
    (consent,) = store.read(records.lines_of, "consent", awa)
    assert (consent.values["version"], consent.values["language"]) == ("1", "ar")


def test_r150_the_office_writes_versions_of_its_own(store: Store, awa: str) -> None:
    assert store.read(notices.told, "referral", "wo") is None
    for version, since in (("2", "2024-01-01"), ("3", "2999-01-01")):
        save(
            store,
            "notice",
            title="Yónnee",
            purpose="referral",
            language="wo",
            version=version,
            since=since,
            text=f"Nangu naa {version}",
        )
    told = store.read(notices.told, "referral", "wo")
    assert told is not None and told.text == "Nangu naa 2"
    assert "wo" in store.read(notices.languages, "referral")
    assert "Nangu naa 2" in printed(store, "consent-form", "fr", id=awa, tongue="wo")
    assert "Nangu naa 2" in printed(store, "notice-text", "fr", id=told.id)
    store.write(notices.agree, awa, "referral", "wo", "oral_witness")
    (consent,) = store.read(records.lines_of, "consent", awa)
    assert (consent.values["version"], consent.values["notice"]) == ("2", told.id)


def test_r150_the_arabic_form_is_whole(store: Store, awa: str) -> None:
    texts = {lang: set(notices.shipped(lang)) for lang in notices.SHIPPED}
    assert texts["fr"] == texts["en"] == texts["ar"]
    assert "1" in printed(store, "consent-form", "ar", id=awa)


def test_r125_a_disclosure_is_logged_by_consent_or_by_override(store: Store, awa: str) -> None:
    save(store, "consent", person=awa, purpose="introduction")
    as_account(store, "agent")
    yes = store.read(consent_gate.ask, awa, "introduction", "Weavers")
    store.write(consent_gate.disclose, yes, "letter")
    no = store.read(consent_gate.ask, awa, "referral", "Police")
    with pytest.raises(NoConsent, match="not asked yet"):
        store.write(consent_gate.disclose, no, "letter")
    with pytest.raises(NoReason):
        store.write(consent_gate.disclose, no, "letter", Override(" ", urgent=True))
    with pytest.raises(NotYours):
        store.write(consent_gate.disclose, no, "letter", Override("They ask for it"))
    store.write(consent_gate.disclose, no, "letter", Override("A child is beaten", urgent=True))
    as_account(store, "office_head")
    store.write(consent_gate.disclose, no, "letter", Override("A judge ordered it"))
    lines = store.read(records.linked, "disclosure", "person", awa)
    assert [line.values["basis"] for line in lines] == ["override", "override", "consent"]
    assert [line.values["recipient"] for line in lines] == ["Police", "Police", "Weavers"]
    log = printed(store, "disclosure-log", id=awa)
    assert "A judge ordered it" in log and "Weavers" in log


def test_r125_readings_are_noted_once_a_day(store: Store, awa: str) -> None:
    store.write(records.save, "person", awa, {"needs": ["refugee"]})
    case = save(store, "case", title="Appeal", person=awa, compartment="legal")
    plain = save(store, "case", title="Shop", person=awa)
    as_account(store, "agent", "legal")
    for kind, id in (("case", case), ("case", case), ("person", awa), ("case", plain)):
        store.write(readings.note, kind, id)
    found = store.read(readings.of, awa)
    assert sorted(view.values["kind"] for view in found) == ["case", "person"]
    assert not store.read(readings.due, "case", case)
    as_account(store, "agent")
    store.write(readings.note, "person", awa)
    seen = store.read(readings.of, awa)
    assert {view.values["kind"] for view in seen} == {"person"}  # not that of the case


def test_r125_subject_access_leaves_others_out(store: Store, awa: str) -> None:
    moussa = save(store, "person", given_name="Moussa", family_name="Ba")
    case = save(store, "case", title="A shop of gowns", person=awa, relative=moussa)
    save(store, "step", case=case, what="Visit the market hall")
    save(store, "visit", person=moussa, request="other", words="Not hers")
    store.write(consent_gate.note, store.read(consent_gate.ask, awa, "referral", "Clinic"),
                "project-dossier", "consent", "Agreed")
    told = printed(store, "subject-access", id=awa)
    for words in ("Awa", "Diallo", "Sews wedding gowns", "A shop of gowns", "market hall",
                  "Clinic", "Project dossier", "(somebody else)"):
        assert words in told, words
    assert "Moussa" not in told and "Not hers" not in told


def test_r126_retention_calendar_erasure_and_report(store: Store, awa: str) -> None:
    ended = {"person": awa, "status": "closed_done", "closed": "2015-01-01"}
    old = save(store, "case", title="Old", **ended)
    save(store, "step", case=old, what="A step")
    done = {"person": awa, "status": "closed_done"}
    fresh = save(store, "case", title="New", closed=TODAY, **done)
    dropped = save(
        store, "case", title="Left", person=awa, status="closed_dropped", closed="2022-01-01"
    )
    due = store.read(retention.calendar)
    assert [each.view.id for each in due] == [old, dropped]
    save(store, "retention", subject="case", years=20)
    assert store.read(retention.calendar) == ()
    save(store, "retention", subject="case", outcome="closed_dropped", years=1)
    assert [each.view.id for each in store.read(retention.calendar)] == [dropped]
    assert "Closed case" in printed(store, "retention-calendar")
    with pytest.raises(retention.NothingChosen):
        store.write(retention.destroy, [("case", fresh)])
    code = store.read(records.get, "case", dropped).code
    report = store.write(retention.destroy, [("case", dropped)])
    assert store.read(records.count, "case", Query()) == 2
    told = printed(store, "destruction-report", id=report)
    assert code in told and "Left" not in told


def test_r126_method_note(store: Store) -> None:
    note = save(
        store,
        "method_note",
        title="Needs in Sédhiou",
        threshold=7,
        grouping=["sex", "age"],
        measures=["anonymised_results"],
        limits="Only those who came",
    )
    told = printed(store, "method-note", id=note)
    assert "fewer than 7 people" in told and "Only those who came" in told and "Age" in told


def test_r127_authorisations(store: Store, awa: str) -> None:
    paper = save(
        store,
        "authorisation",
        type="parental_consent",
        subject="Interview about school",
        person=awa,
        signatory="Fatou Sane",
        capacity="Grandmother",
        given="2026-11-02",
        expires="2027-11-02",
    )
    told = printed(store, "authorisation-form", id=paper)
    assert "Parental consent" in told and "Fatou Sane" in told and "Grandmother" in told


def test_r062_who_needs_protection_is_masked(store: Store, awa: str) -> None:
    said = {"needs": ["violence_victim"], "note": "Hides from X", "refuge": "12 Rue Y"}
    store.write(records.save, "person", awa, said)
    whole = printed(store, "protection-sheet", id=awa)
    assert "Hides from X" in whole and "12 Rue Y" in whole and "Diallo" in whole
    as_account(store, "agent")
    (seen,) = store.read(records.list_page, "person", Query()).rows
    assert seen.title == "A. D." and seen.values["birth"] == "1991"
    assert seen.values["needs"] is seen.values["phone"] is seen.values["family_name"] is None
    assert {"needs", "note", "refuge", "family_name"} <= seen.veiled
    masked = printed(store, "protection-sheet", id=awa)
    for words in ("Hides", "Rue", "Diallo", "77 123"):
        assert words not in masked
    as_account(store, "agent", "protection")
    seen = store.read(records.get, "person", awa)
    assert seen.title == "Awa Diallo" and seen.values["refuge"] is None
    assert seen.values["note"] == "Hides from X"


def test_r125_a_table_that_leaves_passes_the_gate(
    store: Store, awa: str, tmp_path: Path
) -> None:
    modou = save(store, "person", given_name="Modou", family_name="Faye", birth="1980-02-01")
    save(store, "consent", person=modou, purpose="sharing")
    as_account(store, "agent")

    def written(way: str, override: Override | None = None) -> str:
        path = tmp_path / "people.csv"
        columns = ("code", "given_name", "birth", "phone")
        out = Outgoing("The ministry", way, override=override)  # type: ignore[arg-type]
        export_table(store, Task(), "person", Query(), columns, path, out)
        return path.read_text("utf-8")

    agreed = written("agreed")
    assert "Modou" in agreed and "Awa" not in agreed
    masked = written("masked")
    assert "Modou" not in masked and "1980" in masked and "77" not in masked
    with pytest.raises(NoConsent):
        written("override")
    everybody = written("override", Override("A court order, today", urgent=True))
    assert "Awa" in everybody
    bases = [line.values["basis"] for line in store.read(records.list_page, "disclosure",
                                                         Query()).rows]
    assert sorted(bases) == ["consent", "consent", "masked", "override"]

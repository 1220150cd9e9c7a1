"""Campaigns of registration: who is invited, who is reminded, all letters in one file."""

from __future__ import annotations

from datetime import date

import pytest

from migdesk.errors import Cancelled
from migdesk.jobs.invitations import NobodyWaits, invite_all, remind
from migdesk.models.store import Store
from migdesk.services import invitations, records
from migdesk.services.views import Query
from migdesk.task import Task
from tests.tools import Make, pdf_text

TODAY = date(2026, 11, 21)
NAME = "Census 2026"


def test_r033_a_campaign_invites_and_reminds_in_one_file(store: Store, make: Make) -> None:
    nobody_asked = make.person(given_name="Awa", family_name="Diallo")
    old = make.person(given_name="Modou", family_name="Sané")
    make.skill(person=old, occupation="222", updated="2025-01-01")
    fresh = make.person(given_name="Fresh", family_name="Skill")
    make.skill(person=fresh, occupation="222", updated="2026-10-01")
    silent = make.person(given_name="Silent", family_name="One")
    make.consent(person=silent, purpose="contact", answer="refused")
    assert invite_all(store, Task(), NAME, TODAY) == 2
    assert invite_all(store, Task(), NAME, TODAY) == 0
    make.invitation(campaign=NAME, person=silent)
    make.invitation(campaign=NAME, person=fresh, registered="2026-11-20")
    make.invitation(campaign="Another", person=fresh)
    letters = remind(store, Task(), NAME, TODAY, "en")
    assert (letters.campaign.invited, letters.campaign.registered) == (4, 1)
    pages = pdf_text(letters.data).split("\n")
    assert len(pages) == 2
    assert "Awa Diallo" in pages[0] and "Modou Sané" in pages[1]
    assert "Fresh" not in "".join(pages) and "Silent" not in "".join(pages)
    rows = store.read(records.list_page, "invitation", Query()).rows
    reminded = {row.values["person"] for row in rows if row.values["reminded"] == "2026-11-21"}
    assert reminded == {nobody_asked, old}


def test_a_campaign_that_everybody_answered(store: Store, make: Make) -> None:
    make.invitation(campaign=NAME, person=make.person(), registered="2026-11-20")
    with pytest.raises(NobodyWaits):
        remind(store, Task(), NAME, TODAY)


def test_letters_that_are_stopped_are_not_noted(store: Store, make: Make) -> None:
    make.invitation(campaign=NAME, person=make.person())
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        remind(store, task, NAME, TODAY)
    (row,) = store.read(records.list_page, "invitation", Query()).rows
    assert row.values["reminded"] is None
    assert store.read(invitations.campaign, NAME).waiting == (row.id,)

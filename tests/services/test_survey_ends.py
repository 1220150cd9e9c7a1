"""What the first wave of surveys left: what goes with a campaign, the order of its units, a
first entry that nobody sees before the second."""

from __future__ import annotations

import pytest

from migdesk.models.store import Store
from migdesk.services import (
    campaign_bin,
    double_entry,
    fieldwork,
    history,
    records,
    submissions,
)
from migdesk.services.blind import Unseen
from migdesk.services.views import Query
from tests.services import field
from tests.tools import Make

KINDS = ("survey_unit", "draw", "paper_copy", "campaign_target")


@pytest.fixture
def store(any_store: Store) -> Store:
    """Each test runs on both databases."""
    return any_store


@pytest.fixture
def form(store: Store) -> str:
    return field.questionnaire(store)


@pytest.fixture
def campaign(store: Store, make: Make, form: str) -> str:
    """A campaign with units, a draw, a target, a paper and an interview."""
    made = make.campaign(name="Besoins", questionnaire=form)
    for n in range(6):
        make.survey_unit(campaign=made, name=f"Ménage {n}", code=f"M{n}")
    make.campaign_target(campaign=made, number=10)
    store.write(fieldwork.make_draw, made, "simple", 3, "s", 1)
    store.write(double_entry.add_paper, made, "0012")
    field.fill(store, form, {"who": "Awa"}, {"campaign": made})
    return made


def here(store: Store, campaign: str) -> list[int]:
    query = Query(filters=(("campaign", campaign),))
    kinds = ("campaign", *KINDS, "submission")
    found = dict.fromkeys(kinds, query) | {"campaign": Query()}
    return [store.read(records.count, kind, found[kind]) for kind in kinds]


# deleting a campaign


def test_what_hangs_on_a_campaign_is_said(store: Store, make: Make, campaign: str) -> None:
    said = store.read(campaign_bin.hanging, [campaign]).words()
    assert said == (
        "With it go: 6 survey units, 1 draw, 1 paper questionnaire, 1 target. "
        "1 interview is kept."
    )
    other = make.campaign(name="Vide", questionnaire=field.questionnaire(store))
    assert store.read(campaign_bin.hanging, [other]).words() == ""


def test_a_campaign_goes_with_all_that_hangs_on_it(store: Store, campaign: str) -> None:
    assert here(store, campaign) == [1, 6, 1, 1, 1, 1]
    store.write(records.delete, "campaign", campaign)
    assert here(store, campaign) == [0, 0, 0, 0, 0, 1]
    assert store.write(history.undo_last) is not None
    assert here(store, campaign) == [1, 6, 1, 1, 1, 1]
    store.write(history.redo_last)
    assert here(store, campaign) == [0, 0, 0, 0, 0, 1]


def test_out_of_the_bin_comes_what_went_together(
    store: Store, make: Make, campaign: str
) -> None:
    alone = make.survey_unit(campaign=campaign, name="Erreur")
    store.write(records.delete, "survey_unit", alone)
    store.write(records.delete, "campaign", campaign)
    store.write(records.restore, "campaign", campaign)
    assert here(store, campaign) == [1, 6, 1, 1, 1, 1]


# the order of the sample


def test_units_come_by_stratum_then_those_to_visit_then_reserves(
    store: Store, make: Make, form: str
) -> None:
    campaign = make.campaign(name="Besoins", questionnaire=form)
    for n in range(12):
        stratum = ("Nord", "Nord 2", None)[n % 3]
        make.survey_unit(campaign=campaign, name=f"Ménage {n}", stratum=stratum)
    store.write(fieldwork.make_draw, campaign, "stratified_equal", 6, "s", 3)
    query = Query(filters=(("campaign", campaign),))
    first = store.read(records.list_page, "survey_unit", query)
    gone = next(row for row in first.rows if row.values["part"] == "sample")
    store.write(fieldwork.replace, gone.id, "Absent")
    rows, after = [], ""
    while True:  # page after page, as a screen reads them
        page = store.read(records.list_page, "survey_unit", query, after, 5)
        rows += page.rows
        after = page.next
        if not after:
            break
    places = {"sample": 0, "replacement": 0, "reserve": 1, None: 2}
    shown = [
        (r.values["stratum"] or "", places[r.values["part"]], r.values["rank"] or 0)
        for r in rows
    ]
    assert len(rows) == 12
    assert shown == sorted(shown)
    assert [part for _s, part, _r in shown].count(1) == 2


# who sees a first entry


@pytest.fixture
def typists(make: Make) -> tuple[str, str]:
    return (
        make.account(name="Fatou", role="agent"),
        make.account(name="Malang", role="enumerator"),
    )


def seen(store: Store, who: str) -> list[str]:
    store.actor = who
    return [row.id for row in store.read(records.list_page, "submission", Query()).rows]


def test_a_first_entry_is_unseen_until_the_second_is_there(
    store: Store, make: Make, form: str, typists: tuple[str, str]
) -> None:
    one, two = typists
    campaign = make.campaign(name="Besoins", questionnaire=form)
    paper = store.write(double_entry.add_paper, campaign, "0012")
    other = field.fill(store, form, {"who": "Binta"})
    store.actor = one
    first = field.fill(store, form, {"who": "Awa"}, {"paper_copy": paper})
    assert seen(store, one) == [first, other]
    assert seen(store, two) == [other]
    assert store.read(records.count, "submission", Query()) == 1
    assert store.read(records.count, "submission", Query(filters=(("campaign", None),))) == 1
    assert store.read(records.linked, "submission", "campaign", campaign) == ()
    with pytest.raises(Unseen, match="0012"):
        store.read(submissions.filled, first)
    store.actor = ""  # the program itself: exchange, exports, checks
    assert store.read(submissions.filled, first).submission.id == first
    store.actor = two
    field.fill(store, form, {"who": "Awa D."}, {"paper_copy": paper})
    assert seen(store, two) == [first, other]
    assert "Awa" in store.read(submissions.filled, first).xml


def test_without_its_paper_a_first_entry_is_a_submission_like_others(
    store: Store, make: Make, form: str, typists: tuple[str, str]
) -> None:
    campaign = make.campaign(name="Besoins", questionnaire=form)
    paper = store.write(double_entry.add_paper, campaign, "0012")
    store.actor = typists[0]
    first = field.fill(store, form, {"who": "Awa"}, {"paper_copy": paper})
    store.write(records.delete, "paper_copy", paper)
    assert seen(store, typists[1]) == [first]

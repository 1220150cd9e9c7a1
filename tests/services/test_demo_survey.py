"""Demonstration: a survey that lives, comes in one transaction and goes without a trace."""

from datetime import date

import sqlalchemy as sa

from migdesk.jobs.campaigns import check_quality
from migdesk.jobs.questionnaires import BUILT_IN, install_built_in
from migdesk.models import RECORDS
from migdesk.models.local import Draft
from migdesk.models.meta import get_meta
from migdesk.models.store import Store
from migdesk.services import (
    campaigns,
    demo,
    demo_survey,
    double_entry,
    drafts,
    fieldwork,
    form_words,
    records,
    review,
    submissions,
)
from migdesk.services.records import Query
from migdesk.services.views import View
from migdesk.task import Task


def campaign(store: Store) -> View:
    rows = store.read(campaigns.campaigns)
    assert len(rows) == 1
    return rows[0]


def test_a_survey_that_lives(any_store: Store) -> None:
    store = any_store
    store.write(demo.add)
    held = campaign(store)
    found = store.read(campaigns.progress, held.id, date.today())
    assert (found.total.done, found.total.wanted) == (13, 18)
    assert len(found.places) == 3 and all(line.done for line in found.places)
    assert {line.done for line in found.targets} > {0} or all(t.done for t in found.targets)
    assert {"done", "to_visit", "absent", "refused", "replaced"} <= set(found.states)
    papers = store.read(double_entry.papers, held.id)
    assert [p.values["state"] for p in papers] == ["compare", "second", "first", "settled"]
    compared = store.read(double_entry.compare, papers[0].id)
    assert len(compared.differences) >= 2
    assert store.read(double_entry.agreement, held.id).settled == 1
    assert store.read(fieldwork.draws, held.id)[0].values["seed"]


def test_quality_has_something_of_each_kind(store: Store) -> None:
    store.write(demo.add)
    report = check_quality(store, Task(), campaign(store).id)
    assert {f.check for f in report.findings} >= {"twin", "outlier", "fast", "missing"}
    assert any(f.seen for f in report.findings) and report.unseen


def test_second_version_and_a_draft_of_the_first(store: Store) -> None:
    store.write(demo.add)
    rows = [
        v
        for v in store.read(submissions.questionnaires)
        if v.values["form"] == "household_survey"
    ]
    assert [row.values["version"] for row in rows] == [demo_survey.SECOND]
    form = store.read(form_words.open_form, rows[0].id)
    paths = set(form.definition.nodes)
    assert any(path.endswith("/respondent_sex") for path in paths)
    assert not any(path.endswith("/credit") for path in paths)
    draft = store.read(drafts.list_mine)[0]
    older = store.read(form_words.open_draft, draft.body)
    assert older.version == "1"
    assert any(path.endswith("/credit") for path in older.definition.nodes)


def test_it_goes_as_it_came(any_store: Store) -> None:
    store = any_store
    install_built_in(store, Task())
    for _again in range(2):
        store.write(demo.add)
        assert store.read(records.count, "submission", Query()) > 20
        assert store.write(demo.remove)
        left = {kind: store.read(records.count, kind, Query()) for kind in RECORDS}
        assert {kind for kind, n in left.items() if n} == {"questionnaire"}
        assert left["questionnaire"] == len(BUILT_IN)
        held = store.read(submissions.questionnaires)
        assert [row.values["version"] for row in held] == ["1"] * len(BUILT_IN)
        assert (
            store.read(lambda s: s.scalar(sa.select(sa.func.count()).select_from(Draft))) == 0
        )
        assert not store.read(get_meta, "demo_draft")


def test_one_interview_waits_to_be_corrected(store: Store) -> None:
    me = store.write(records.save, "account", None, {"name": "Fatou", "role": "administrator"})
    store.actor = me
    store.write(demo.add)
    (waiting,) = store.read(review.returned, me, "administrator")
    assert waiting.remarks and waiting.submission.values["account"] == me
    assert store.read(review.counts)["approved"] == 6

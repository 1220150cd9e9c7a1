"""Quality checks: what is odd is found, what is usual is not, a remark stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.i18n import speaking
from migdesk.jobs.campaigns import check_quality
from migdesk.models.store import Store
from migdesk.services import history, merging, quality, quality_notes, records
from migdesk.services.quality import Report
from migdesk.task import Task
from tests.services import field
from tests.tools import Make, ops

SCALES = ("trust/mayor", "trust/judge", "trust/press", "trust/police")


@pytest.fixture
def form(store: Store) -> str:
    return field.questionnaire(store)


@pytest.fixture
def campaign(make: Make, form: str) -> str:
    return make.campaign(name="Besoins", questionnaire=form)


def usual(n: int) -> dict[str, str]:
    """An interview like any other."""
    answers = {
        "who": f"Personne {n}",
        "sex": str(n % 2 + 1),
        "age": str(30 + n % 7),
        "village": f"Village {n}",
        "income": str(50_000 + 1_000 * (n % 5)),
    }
    scale = ("low", "some", "high", "low")
    return answers | {ref: scale[(n + k) % 4] for k, ref in enumerate(SCALES)}


def report(store: Store, campaign: str) -> Report:
    with speaking("en"):
        return check_quality(store, Task(), campaign)


def found(store: Store, campaign: str, check: str) -> list[str]:
    """Submissions with a finding of one check."""
    return [f.submission for f in report(store, campaign).findings if f.check == check]


def many(store: Store, form: str, campaign: str, count: int = 10) -> list[str]:
    return [field.fill(store, form, usual(n), {"campaign": campaign}) for n in range(count)]


def test_usual_interviews_are_left_alone(store: Store, form: str, campaign: str) -> None:
    many(store, form, campaign)
    done = report(store, campaign)
    assert (done.interviews, done.findings, done.gaps) == (10, (), ())
    assert done.minutes == pytest.approx(20)


def test_a_number_far_from_the_others(store: Store, form: str, campaign: str) -> None:
    many(store, form, campaign)
    odd = field.fill(store, form, usual(20) | {"income": "5000000"}, {"campaign": campaign})
    findings = [f for f in report(store, campaign).findings if f.check == "outlier"]
    assert [f.submission for f in findings] == [odd]
    assert "Income" in findings[0].words
    assert "5,000,000" in findings[0].words


def test_few_numbers_tell_nothing(store: Store, form: str, campaign: str) -> None:
    many(store, form, campaign, 3)
    field.fill(store, form, usual(20) | {"income": "5000000"}, {"campaign": campaign})
    assert found(store, campaign, "outlier") == []


def test_numbers_of_every_row_are_compared(store: Store, form: str, campaign: str) -> None:
    for n in range(5):
        members = {"member[1]/years": str(20 + n), "member[2]/years": str(30 + n)}
        field.fill(store, form, usual(n) | members, {"campaign": campaign})
    rows = {"member[1]/years": "25", "member[2]/years": "700"}
    odd = field.fill(store, form, usual(9) | rows, {"campaign": campaign})
    assert found(store, campaign, "outlier") == [odd]


@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=60))
def test_the_middle_is_never_far(values: list[float]) -> None:
    far = quality.far_out(values)
    assert not far(far.middle)
    assert sum(map(far, values)) <= len(values) / 2


def test_nothing_is_far_where_nothing_varies() -> None:
    far = quality.far_out([7.0] * 9 + [8.0])
    assert not far(8.0)


def test_too_fast(store: Store, form: str, campaign: str) -> None:
    many(store, form, campaign)
    hasty = field.fill(store, form, usual(30), {"campaign": campaign}, minutes=4)
    slow = field.fill(store, form, usual(31), {"campaign": campaign}, minutes=300)
    assert found(store, campaign, "fast") == [hasty]
    assert slow != hasty


def test_the_same_unit_or_person_twice(
    store: Store, make: Make, form: str, campaign: str
) -> None:
    unit = make.survey_unit(campaign=campaign, name="Ménage 12")
    person = make.person(family_name="Diatta")
    first = field.fill(store, form, usual(1), {"survey_unit": unit})
    second = field.fill(store, form, usual(2), {"survey_unit": unit})
    field.fill(store, form, usual(3), {"campaign": campaign, "person": person})
    fourth = field.fill(store, form, usual(4), {"campaign": campaign, "person": person})
    twins = [f for f in report(store, campaign).findings if f.check == "twin"]
    assert [(f.submission, f.about) for f in twins] == [
        (second, "survey_unit"),
        (fourth, "person"),
    ]
    assert twins[0].other == first


def test_a_paper_typed_first_on_two_computers(
    store: Store, new_store: Callable[[], Store], make: Make, form: str, campaign: str
) -> None:
    """Neither knew of the other: both entries are interviews, and one is a duplicate."""
    paper = make.paper_copy(campaign=campaign, name="0012")
    other = new_store()
    other.write(merging.apply_ops, ops(store), store.device)
    field.fill(store, form, usual(1), {"paper_copy": paper})
    field.fill(other, form, usual(1), {"paper_copy": paper})
    store.write(merging.apply_ops, ops(other), other.device)
    twins = [f.about for f in report(store, campaign).findings if f.check == "twin"]
    assert "paper_copy" in twins


def test_the_same_key_answers(store: Store, form: str, campaign: str) -> None:
    store.write(records.save, "campaign", campaign, {"keys": ["who", "village"]})
    first = field.fill(store, form, usual(1), {"campaign": campaign})
    again = usual(5) | {"who": "personne 1", "village": "VILLAGE 1"}
    second = field.fill(store, form, again, {"campaign": campaign})
    twins = [f for f in report(store, campaign).findings if f.check == "twin"]
    assert [(f.submission, f.other) for f in twins] == [(second, first)]


def test_without_keys_only_equal_interviews_are_twins(
    store: Store, form: str, campaign: str
) -> None:
    field.fill(store, form, usual(1), {"campaign": campaign})
    copied = field.fill(store, form, usual(1), {"campaign": campaign})
    field.fill(store, form, usual(1) | {"age": "99"}, {"campaign": campaign})
    assert found(store, campaign, "twin") == [copied]


def test_blanks_are_counted_where_the_question_applied(
    store: Store, form: str, campaign: str
) -> None:
    many(store, form, campaign, 3)
    poor = field.fill(store, form, {"who": "Awa"}, {"campaign": campaign})
    assert found(store, campaign, "missing") == [poor]
    gaps = {
        gap.label.split()[1]: (gap.asked, gap.blank) for gap in report(store, campaign).gaps
    }
    assert gaps["Age"] == (4, 1)
    assert "First" not in gaps  # nobody has members: the question never applied


def test_a_grid_answered_in_one_line(store: Store, form: str, campaign: str) -> None:
    many(store, form, campaign, 3)
    line = usual(7) | dict.fromkeys(SCALES, "some")
    lazy = field.fill(store, form, line, {"campaign": campaign})
    assert found(store, campaign, "straight") == [lazy]


def test_a_remark_stays_and_can_be_taken_back(store: Store, form: str, campaign: str) -> None:
    many(store, form, campaign)
    odd = field.fill(store, form, usual(20) | {"income": "5000000"}, {"campaign": campaign})
    finding = report(store, campaign).findings[0]
    assert not finding.seen
    store.write(quality_notes.mark_seen, finding, "Un commerçant, c’est exact")
    again = report(store, campaign)
    assert (again.unseen, again.findings[0].note) == (0, "Un commerçant, c’est exact")
    assert store.read(records.children, "submission", odd)["check_note"]
    events = store.read(history.history, "submission", odd)
    assert events
    store.write(quality_notes.mark_unseen, finding)
    assert report(store, campaign).unseen == 1

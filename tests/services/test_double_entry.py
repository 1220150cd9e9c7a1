"""Paper entered twice: the second typist sees nothing, what differs is decided, and the
decided answers replace the first ones, which stay in the history."""

from __future__ import annotations

import pytest

from migdesk.forms.run import NotFinished
from migdesk.i18n import speaking
from migdesk.models.store import Store
from migdesk.services import double_entry, fieldwork, history, records, submissions
from migdesk.services.double_entry import (
    Comparison,
    NothingToType,
    NotTwice,
    SamePerson,
    TakenNumber,
    Undecided,
)
from tests.services import field
from tests.tools import Make, ops

ONE = {"who": "Awa Diatta", "sex": "1", "age": "34", "village": "Karantaba"}
TWO = ONE | {"age": "43", "village": "karantaba ", "income": "50000"}


@pytest.fixture
def store(any_store: Store) -> Store:
    """Each test runs on both databases."""
    return any_store


@pytest.fixture
def form(store: Store) -> str:
    return field.questionnaire(store)


@pytest.fixture
def operators(make: Make) -> tuple[str, str]:
    return (
        make.account(name="Fatou", role="agent"),
        make.account(name="Malang", role="enumerator"),
    )


@pytest.fixture
def paper(store: Store, make: Make, form: str) -> str:
    campaign = make.campaign(name="Besoins", questionnaire=form)
    return store.write(double_entry.add_paper, campaign, "0012")


def enter(store: Store, who: str, form: str, paper: str, answers: dict[str, str]) -> str:
    store.actor = who
    return field.fill(store, form, answers, {"paper_copy": paper})


@pytest.fixture
def twice(store: Store, form: str, operators: tuple[str, str], paper: str) -> str:
    """The submission of a copy that both typed."""
    first = enter(store, operators[0], form, paper, ONE)
    assert enter(store, operators[1], form, paper, TWO) == first
    return first


def compared(store: Store, paper: str) -> Comparison:
    with speaking("en"):
        return store.read(double_entry.compare, paper)


def value(store: Store, paper: str, name: str) -> object:
    return store.read(records.get, "paper_copy", paper).values[name]


def test_the_second_entry_is_typed_by_somebody_else(
    store: Store, form: str, operators: tuple[str, str], paper: str
) -> None:
    assert store.read(double_entry.may_type, paper, operators[0]) == "first"
    enter(store, operators[0], form, paper, ONE)
    with pytest.raises(SamePerson):
        store.read(double_entry.may_type, paper, operators[0])
    assert store.read(double_entry.may_type, paper, operators[1]) == "second"
    with pytest.raises(NotTwice):
        store.read(double_entry.compare, paper)
    enter(store, operators[1], form, paper, TWO)
    with pytest.raises(NothingToType):
        store.read(double_entry.may_type, paper, operators[1])


def test_a_paper_is_counted_once(store: Store, form: str, paper: str, twice: str) -> None:
    assert store.read(submissions.count_of, form) == 1
    assert value(store, paper, "state") == "compare"
    assert value(store, paper, "first") == twice


def test_differences_in_the_order_of_the_form(store: Store, paper: str, twice: str) -> None:
    found = compared(store, paper)
    assert [(d.ref, d.first, d.second) for d in found.differences] == [
        ("/data/age", "34", "43"),
        ("/data/income", "", "50000"),
    ]
    assert found.differences[1].said_first == "(empty)"
    assert "Age" in found.differences[0].label
    assert found.answers == 5  # who, sex, age, village, income


def test_the_decided_answers_replace_the_first_ones(
    store: Store, paper: str, twice: str, operators: tuple[str, str]
) -> None:
    with pytest.raises(Undecided):
        store.write(double_entry.settle, paper, {"/data/age": "34"})
    decided = {"/data/age": "35", "/data/income": "50000"}
    assert store.write(double_entry.settle, paper, decided) == twice
    xml = store.read(submissions.filled, twice).xml
    assert "<age>35</age>" in xml
    assert "<income>50000</income>" in xml
    assert value(store, paper, "state") == "settled"
    kept = [op.fields["xml"] for op in ops(store, twice) if "xml" in op.fields]
    assert "<age>34</age>" in kept[0]
    store.write(history.undo, store.read(history.history, "submission", twice)[0].tx)
    assert "<age>34</age>" in store.read(submissions.filled, twice).xml
    assert value(store, paper, "state") == "compare"


def test_statistics_of_the_typists(
    store: Store, paper: str, twice: str, operators: tuple[str, str]
) -> None:
    campaign = str(value(store, paper, "campaign"))
    assert store.read(double_entry.agreement, campaign).rate is None
    decided = {"/data/age": "35", "/data/income": "50000"}
    store.write(double_entry.settle, paper, decided)
    done = store.read(double_entry.agreement, campaign)
    assert (done.settled, done.answers, done.differences) == (1, 5, 2)
    assert done.rate == pytest.approx(0.6)
    shown = {o.name: (o.entries, o.errors, o.per_hundred) for o in done.operators}
    # 35 was neither's: both were wrong on the age; the income was forgotten by the first.
    assert shown == {"Fatou": (1, 2, 40.0), "Malang": (1, 1, 20.0)}


@pytest.mark.parametrize(("rows", "names"), [("2", ["Ansou", "Binta"]), ("1", ["Ansou"])])
def test_entries_of_a_repeat(
    store: Store,
    form: str,
    operators: tuple[str, str],
    paper: str,
    rows: str,
    names: list[str],
) -> None:
    one = ONE | {"member[1]/called": "Ansou", "member[1]/years": "9"}
    two = one | {"member[1]/years": "8", "member[2]/called": "Binta"}
    first = enter(store, operators[0], form, paper, one)
    enter(store, operators[1], form, paper, two)
    found = compared(store, paper)
    assert [(d.ref, d.first, d.second, d.rows) for d in found.differences] == [
        ("/data/member", "1", "2", True),
        ("/data/member[1]/years", "9", "8", False),
    ]
    assert found.differences[0].said_second == "2 entries"
    assert found.differences[1].label.endswith("· 1")
    decided = {"/data/member": rows, "/data/member[1]/years": "8"}
    store.write(double_entry.settle, paper, decided)
    xml = store.read(submissions.filled, first).xml
    assert [name for name in ("Ansou", "Binta") if name in xml] == names
    assert "<years>8</years>" in xml


def test_equal_entries_need_no_decision(
    store: Store, form: str, operators: tuple[str, str], paper: str
) -> None:
    enter(store, operators[0], form, paper, ONE)
    enter(store, operators[1], form, paper, ONE)
    assert compared(store, paper).differences == ()
    store.write(double_entry.settle, paper, {})
    assert value(store, paper, "differences") == 0


def test_a_wrong_answer_is_not_settled(store: Store, paper: str, twice: str) -> None:
    decided = {"/data/age": "thirty", "/data/income": ""}
    with pytest.raises(NotFinished):
        store.write(double_entry.settle, paper, decided)
    assert value(store, paper, "state") == "compare"


def test_correcting_the_first_entry_is_no_second_entry(
    store: Store, form: str, operators: tuple[str, str], paper: str
) -> None:
    first = enter(store, operators[0], form, paper, ONE)
    held = store.read(records.get, "submission", first).values
    links = {"paper_copy": paper}
    store.write(submissions.finalise, form, field.xml(TWO), held["instance"], links)
    assert value(store, paper, "state") == "second"
    assert "43" in store.read(submissions.filled, first).xml


def test_a_number_is_used_once_in_a_campaign(store: Store, paper: str) -> None:
    campaign = str(value(store, paper, "campaign"))
    with pytest.raises(TakenNumber):
        store.write(double_entry.add_paper, campaign, " 0012 ")
    store.write(double_entry.add_paper, campaign, "0013")
    names = [view.title for view in store.read(double_entry.papers, campaign)]
    assert names == ["0012", "0013"]


def test_a_paper_with_the_number_of_a_unit_is_that_unit(
    store: Store, make: Make, form: str, operators: tuple[str, str], paper: str
) -> None:
    campaign = str(value(store, paper, "campaign"))
    unit = make.survey_unit(campaign=campaign, name="Ménage 7", code="M-7")
    make.survey_unit(campaign=campaign, name="Ménage 8", code="M-8")
    store.write(fieldwork.make_draw, campaign, "simple", 2, "s")
    copy = store.write(double_entry.add_paper, campaign, "M-7")
    assert value(store, copy, "unit") == unit
    first = enter(store, operators[0], form, copy, ONE)
    links = store.read(records.get, "submission", first).values
    assert (links["survey_unit"], links["campaign"]) == (unit, campaign)
    assert store.read(records.get, "survey_unit", unit).values["state"] == "done"

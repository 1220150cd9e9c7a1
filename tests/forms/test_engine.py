"""The living form: relevance, calculations, repeats, choices, violations, languages."""

# ruff: noqa: E501 (tables of a workbook are wide)
from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migdesk.forms import Form, FormFault, Run
from migdesk.forms.run import Calculated, FixedRows, NoSuchPlace, NotFinished, OtherForm
from tests.forms.build import md

NOW = datetime(2026, 11, 21, 14, 5, 6, tzinfo=UTC)

HOUSE = md("""
| survey |
| | type | name | label::English (en) | label::Français (fr) | relevant | constraint | constraint_message::English (en) | required | calculation | choice_filter | repeat_count | default |
| | text | head | Head | Chef | | string-length(.) > 1 | Too short, ${head} | yes | | | | |
| | select_one yn | remit | Money? | Argent ? | | | | yes | | | | |
| | begin_group | money | About money | Argent | ${remit} = 'yes' | | | | | | | |
| | integer | amount | Amount | Montant | | . >= 0 | | yes | | | | |
| | decimal | fee | Fee | Frais | ${amount} > 1000 | . <= ${amount} | | | | | | |
| | calculate | net | | | | | | | ${amount} - coalesce(${fee}, 0) | | | |
| | end_group | | | | | | | | | | | |
| | select_one region | region | Region | Région | | | | | | | | |
| | select_one village | village | Village | Village | | | | | | region = ${region} | | |
| | begin_repeat | member | Member | Membre | | | | | | | | |
| | text | name | Name | Nom | | | | | | | | |
| | integer | age | Age of ${name} | Âge de ${name} | | . < 130 | | | | | | |
| | calculate | place | | | | | | | position(..) | | | |
| | calculate | older | | | | | | | if(${age} = '', '', ${age} + ${years}) | | | |
| | calculate | running | | | | | | | coalesce(${age}, 0) + coalesce(indexed-repeat(${running}, ${member}, position(..) - 1), 0) | | | |
| | begin_repeat | loan | Loan | Prêt | ${age} >= 18 | | | | | | | |
| | integer | sum | Sum | Somme | | | | | | | | |
| | end_repeat | | | | | | | | | | | |
| | calculate | owed | | | | | | | sum(${sum}) | | | |
| | end_repeat | | | | | | | | | | | |
| | integer | years | Years | Années | | | | | | | | 1 |
| | calculate | size | | | | | | | count(${member}) | | | |
| | calculate | total | | | | | | | sum(${age}) | | | |
| | calculate | adults | | | | | | | count(${member}[age >= 18]) | | | |
| | calculate | debt | | | | | | | sum(${owed}) | | | |
| | calculate | where | | | | | | | jr:choice-name(${region}, '${region}') | | | |
| | select_one ${name} | speaker | Who speaks? | Qui parle ? | | | | | | | | |
| | integer | trips | Trips | Voyages | | | | | | | | |
| | begin_repeat | trip | Trip | Voyage | | | | | | | ${trips} | |
| | text | to | To | Vers | | | | | | | | |
| | end_repeat | | | | | | | | | | | |
| choices |
| | list_name | name | label::English (en) | label::Français (fr) | region |
| | yn | yes | Yes | Oui | |
| | yn | no | No | Non | |
| | region | kolda | Kolda | Kolda | |
| | region | dakar | Dakar (capital) | Dakar (capitale) | |
| | village | sare | Saré | Saré | kolda |
| | village | dabo | Dabo | Dabo | kolda |
| | village | pikine | Pikine | Pikine | dakar |
| settings |
| | form_title | form_id | version | default_language |
| | House | house | 3 | English (en) |
""")


@pytest.fixture
def run() -> Run:
    return Run(HOUSE, now=lambda: NOW, rng=random.Random(7))


def text(run: Run, ref: str) -> str:
    return run.node(f"/data/{ref}").text


def test_relevance_is_inherited_blanks_and_comes_back(run: Run) -> None:
    assert not run.node("/data/money/amount").relevant
    changed = run.set("/data/remit", "yes")
    assert {"/data/money", "/data/money/amount", "/data/remit"} <= changed
    run.set("/data/money/amount", "5000")
    assert "/data/money/fee" in run.set("/data/money/amount", "6000")
    run.set("/data/money/fee", "1000")
    assert text(run, "money/net") == "5000"
    run.set("/data/remit", "no")
    assert run.node("/data/money/amount").value is None
    assert text(run, "money/amount") == "6000"
    assert "/data/money/amount" not in run.missing()
    run.set("/data/remit", "yes")
    assert run.node("/data/money/amount").value == 6000


def test_a_violation_is_kept_and_shown(run: Run) -> None:
    run.set("/data/head", "A")
    assert run.node("/data/head").violation == "Too short, A"
    run.set("/data/remit", "yes")
    run.set("/data/money/amount", "lots")
    amount = run.node("/data/money/amount")
    assert amount.text == "lots" and amount.value is None and amount.violation
    assert text(run, "money/net") == ""
    run.set("/data/money/amount", "-1")
    assert run.node("/data/money/amount").violation == "This answer is not allowed here."
    run.set("/data/money/amount", "1 500")
    assert run.node("/data/money/amount").violation is None


def test_required_blocks_only_where_relevant(run: Run) -> None:
    assert run.missing() == ["/data/head", "/data/remit"]
    with pytest.raises(NotFinished):
        run.finalise()
    run.set("/data/head", "Awa")
    run.set("/data/remit", "yes")
    assert run.missing() == ["/data/money/amount"]
    assert run.node("/data/money/amount").lacking
    run.set("/data/remit", "no")
    assert run.missing() == []
    assert run.progress()[0] == 3  # head, remit and the default of years


def test_repeats_count_sum_and_renumber(run: Run) -> None:
    second, third = run.add("/data/member"), run.add("/data/member")
    assert (second, third) == ("/data/member[2]", "/data/member[3]")
    for place, age in enumerate(("40", "7", "20"), 1):
        run.set(f"/data/member[{place}]/age", age)
    assert [text(run, f"member[{n}]/running") for n in (1, 2, 3)] == ["40", "47", "67"]
    assert (text(run, "total"), text(run, "adults"), text(run, "size")) == ("67", "2", "3")
    changed = run.remove("/data/member[1]")
    assert [text(run, f"member[{n}]/place") for n in (1, 2)] == ["1", "2"]
    assert [text(run, f"member[{n}]/running") for n in (1, 2)] == ["7", "27"]
    assert (text(run, "total"), text(run, "adults"), text(run, "size")) == ("27", "1", "2")
    assert {"/data/total", "/data/member[1]/place"} <= changed
    with pytest.raises(NoSuchPlace):
        run.set("/data/member[3]/age", "1")


def test_outer_values_reach_every_row(run: Run) -> None:
    run.add("/data/member")
    run.set("/data/member[1]/age", "40")
    run.set("/data/member[2]/age", "50")
    run.set("/data/years", "10")
    assert [text(run, f"member[{n}]/older") for n in (1, 2)] == ["50", "60"]


def test_nested_repeats(run: Run) -> None:
    run.set("/data/member[1]/age", "30")
    run.set("/data/member[1]/loan[1]/sum", "100")
    assert run.add("/data/member[1]/loan") == "/data/member[1]/loan[2]"
    run.set("/data/member[1]/loan[2]/sum", "50")
    run.add("/data/member")
    run.set("/data/member[2]/age", "18")
    assert run.node("/data/member[2]/loan").count == 0
    run.add("/data/member[2]/loan")
    run.set("/data/member[2]/loan[1]/sum", "7")
    assert (text(run, "member[1]/owed"), text(run, "debt")) == ("150", "157")
    run.set("/data/member[1]/age", "17")
    assert (text(run, "member[1]/owed"), text(run, "debt")) == ("0", "7")
    run.set("/data/member[1]/age", "18")
    assert text(run, "debt") == "157"


def test_a_count_makes_and_takes_rows_and_gives_answers_back(run: Run) -> None:
    assert run.node("/data/trip").count == 0
    run.set("/data/trips", "3")
    run.set("/data/trip[3]/to", "Paris")
    run.set("/data/trips", "1")
    assert run.node("/data/trip").count == 1
    restored = Run(HOUSE, draft=run.draft(), now=lambda: NOW)
    for one in (run, restored):
        one.set("/data/trips", "3")
        assert text(one, "trip[3]/to") == "Paris"
    with pytest.raises(FixedRows):
        run.add("/data/trip")


def test_choices_cascade_and_keep_what_is_no_longer_offered(run: Run) -> None:
    assert run.node("/data/village").choices == ()
    assert "/data/village" in run.set("/data/region", "kolda")
    assert [c.value for c in run.node("/data/village").choices] == ["sare", "dabo"]
    run.set("/data/village", "dabo")
    run.set("/data/region", "dakar")
    village = run.node("/data/village")
    assert village.text == "dabo" and village.violation and "/data/village" in run.missing()
    run.set("/data/region", "kolda")
    assert run.node("/data/village").violation is None


def test_choices_from_a_repeat_follow_it(run: Run) -> None:
    run.set("/data/member[1]/name", "Awa")
    run.add("/data/member")
    assert "/data/speaker" in run.set("/data/member[2]/name", "Binta")
    assert [c.label for c in run.node("/data/speaker").choices] == ["Awa", "Binta"]
    assert "/data/speaker" in run.remove("/data/member[1]")
    assert [c.label for c in run.node("/data/speaker").choices] == ["Binta"]


def test_languages_switch_labels_choices_and_calculated_words(run: Run) -> None:
    run.set("/data/region", "dakar")
    assert text(run, "where") == "Dakar (capital)"
    assert "/data/member[1]/age" in run.set("/data/member[1]/name", "Awa")
    assert run.node("/data/member[1]/age").label == "Age of Awa"
    run.language = "Français (fr)"
    assert run.node("/data/member[1]/age").label == "Âge de Awa"
    assert text(run, "where") == "Dakar (capitale)"
    run.set("/data/head", "A")
    assert run.node("/data/head").violation == "Too short, A"  # borrowed: French has none


def test_walking_follows_the_body(run: Run) -> None:
    kinds = [(live.kind, live.ref, live.depth) for live in run.walk()]
    assert ("group", "/data/money", 0) in kinds
    assert ("question", "/data/money/amount", 1) in kinds
    at = kinds.index(("repeat", "/data/member", 0))
    assert kinds[at + 1 : at + 3] == [
        ("instance", "/data/member[1]", 1),
        ("question", "/data/member[1]/name", 2),
    ]
    assert all(run.node(live.ref).kind == live.kind for live in run.walk())


def test_calculated_answers_are_not_typed(run: Run) -> None:
    with pytest.raises(Calculated):
        run.set("/data/total", "1")
    with pytest.raises(NoSuchPlace):
        run.set("/data/nothing", "1")


def test_a_draft_of_another_form_is_refused(run: Run) -> None:
    with pytest.raises(OtherForm):
        Run(HOUSE, draft={**run.draft(), "form": "other"})


def test_defaults_triggers_and_metadata() -> None:
    form = md("""
| survey |
| | type | name | label | default | calculation | trigger | read_only | required |
| | start | start | | | | | | |
| | end | end | | | | | | |
| | today | today | | | | | | |
| | username | who | | | | | | |
| | date | on | On | today() | | | | |
| | text | a | A | x | | | | |
| | dateTime | at | At | | now() | ${a} | yes | |
| | begin_repeat | r | R | | | | | |
| | date | seen | Seen | today() | | | | |
| | end_repeat | | | | | | | |
| | note | n | Read me | | | | | |
""")
    run = Run(form, now=lambda: NOW, properties={"username": "agent1"})
    assert run.node("/data/on").text == "2026-11-21"
    assert run.node("/data/who").text == "agent1"
    assert run.node("/data/at").text == ""
    run.set("/data/a", "y")
    assert run.node("/data/at").text.startswith("2026-11-21T14:05:06")
    run.set("/data/r[1]/seen", "")
    assert run.node(run.add("/data/r") + "/seen").text == "2026-11-21"
    assert run.node("/data/r[1]/seen").text == ""
    assert run.node("/data/n").type == "note" and not run.node("/data/n").asks
    assert "<end>2026-11-21T14:05:06" in run.finalise()
    again = Run(form, draft=run.draft(), now=lambda: NOW)
    assert again.draft() == run.draft()


def test_a_circle_is_refused_with_its_names() -> None:
    with pytest.raises(FormFault) as caught:
        md("""
| survey |
| | type | name | label | relevant |
| | integer | one | One | ${three} > 1 |
| | integer | two | Two | ${one} > 1 |
| | integer | three | Three | ${two} > 1 |
""")
    assert caught.value.code == "FRM-030"
    assert all(name in caught.value.words for name in ("one", "two", "three"))


# properties -----------------------------------------------------------------------


def steps() -> st.SearchStrategy[list[tuple[str, int, str]]]:
    ages = st.sampled_from(["", "5", "18", "40", "old", "129", "131"])
    return st.lists(
        st.tuples(
            st.sampled_from(
                ["age", "name", "loan", "add", "add loan", "remove", "remove loan", "remit",
                 "amount", "fee", "region", "village", "years", "trips", "to", "speaker",
                 "language"]
            ),
            st.integers(0, 3),
            ages,
        ),
        max_size=14,
    )  # fmt: skip


def act(run: Run, step: tuple[str, int, str]) -> None:
    """One step of a person; a place that does not exist now is passed over."""
    what, place, given = step
    member = f"/data/member[{place + 1}]"
    words = ["yes", "no", "kolda", "sare"][place]
    actions: dict[str, Any] = {
        "age": lambda: run.set(f"{member}/age", given),
        "name": lambda: run.set(f"{member}/name", words),
        "loan": lambda: run.set(f"{member}/loan[1]/sum", given),
        "add": lambda: run.add("/data/member"),
        "add loan": lambda: run.add(f"{member}/loan"),
        "remove": lambda: run.remove(member),
        "remove loan": lambda: run.remove(f"{member}/loan[1]"),
        "amount": lambda: run.set("/data/money/amount", given),
        "fee": lambda: run.set("/data/money/fee", given),
        "to": lambda: run.set(f"/data/trip[{place + 1}]/to", words),
        "trips": lambda: run.set("/data/trips", str(place)),
        "language": lambda: setattr(run, "language", HOUSE.languages[place % 2]),
        "years": lambda: run.set("/data/years", given),
    }
    try:
        actions.get(what, lambda: run.set(f"/data/{what}", words))()
    except NoSuchPlace:
        return


def picture(run: Run) -> list[tuple[Any, ...]]:
    """All that a client can see."""
    return [
        (
            n.ref,
            n.kind,
            n.label,
            n.text,
            n.value,
            n.relevant,
            n.required,
            n.violation,
            n.choices,
        )
        for n in run.walk()
    ]


def seen(run: Run) -> tuple[list[tuple[Any, ...]], dict[str, Any]]:
    return picture(run), run.draft()


PLENTY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def fresh(form: Form) -> Run:
    return Run(form, now=lambda: NOW, rng=random.Random(3))


@PLENTY
@given(steps())
def test_any_path_ends_where_a_full_recalculation_does(
    path: list[tuple[str, int, str]],
) -> None:
    run = fresh(HOUSE)
    for step in path:
        act(run, step)
        scratch = Run(HOUSE, draft=run.draft(), now=lambda: NOW)
        assert seen(run) == seen(scratch)


@PLENTY
@given(steps(), steps())
def test_restoring_a_draft_is_never_having_stopped(
    before: list[tuple[str, int, str]], after: list[tuple[str, int, str]]
) -> None:
    run = fresh(HOUSE)
    for step in before:
        act(run, step)
    restored = Run(HOUSE, draft=run.draft(), now=lambda: NOW)
    for step in after:
        act(run, step)
        act(restored, step)
    assert seen(run) == seen(restored)


@PLENTY
@given(steps())
def test_what_is_not_said_to_change_has_not_changed(path: list[tuple[str, int, str]]) -> None:
    run = fresh(HOUSE)
    for step in path:
        before = {row[0]: row for row in picture(run)}
        act(run, step)
        if step[0] in ("language", "add", "add loan", "remove", "remove loan"):
            continue
        for row in picture(run):
            if row[0] in before and row != before[row[0]]:
                assert row[0] in run.changed, (row, before[row[0]])


def test_a_number_outside_a_range_is_a_violation() -> None:
    form = md("""
        | survey |
        | | type | name | label | parameters |
        | | range | score | Score | start=2 end=10 step=2 |
        | | range | down | Down | start=1 end=-1 step=0.5 |
    """)
    run = Run(form)
    for text in ("1", "12", "3"):
        run.set("/data/score", text)
        assert "2" in str(run.node("/data/score").violation)
        assert run.missing() == ["/data/score"]
        with pytest.raises(NotFinished):
            run.finalise()
    run.set("/data/score", "4")
    run.set("/data/down", "-0.5")
    assert run.missing() == []
    assert "<down>-0.5</down>" in run.finalise()

"""Why a place is as it is; trials, their log and their scripts."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from migdesk.forms import Form, Run
from migdesk.forms.explain import needs, uses, why, written
from migdesk.forms.trial import (
    NotAScript,
    Setup,
    Trial,
    read_script,
    replay,
    script,
)
from tests.forms.build import md

AGES = """
| survey |
| | type | name | label | relevant | calculation | constraint | required | constraint_message |
| | integer | age | Age | | | . < 120 and . >= 0 | | Not so old |
| | begin group | adult | Adults | ${age} >= 18 | | | | |
| | select_one yn | works | Works? | | | | ${age} < 60 | |
| | text | job | Job | ${works} = 'yes' and ${age} != '${age}' | | | | |
| | end group | | | | | | | |
| | begin repeat | kid | Child | | | | | |
| | text | first | Name | | | | | |
| | integer | kid_age | Age of ${first} | | | . < ${age} | | |
| | calculate | born | | | 2026 - ${kid_age} | | | |
| | end repeat | | | | | | | |
| | calculate | total | | | sum(${kid_age}) + count(${kid}) | | | |
| | calculate | luck | | | random() * ${age} | | | |
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| settings |
| | form_title | form_id | version |
| | Ages | ages | 1 |
"""
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def form() -> Form:
    return md(AGES)


@pytest.fixture
def trial(form: Form) -> Trial:
    return Trial(form, Setup(NOW, 7))


def test_relevance_with_that_of_the_group_around(trial: Trial) -> None:
    trial.set("/data/age", "30")
    trial.set("/data/adult/works", "no")
    group, own = why(trial, trial.node("/data/adult/job"))
    assert (group.aspect, group.owner, group.source) == (
        "relevant",
        "/data/adult",
        "${age} >= 18",
    )
    assert (group.result, own.result) == ("true", "false")
    assert [(read.ref, read.value) for read in group.reads] == [("/data/age", "30")]
    # Both halves are told, with what each gives; a text that looks like a path is left alone.
    first, second = own.part.parts
    assert (first.text, first.result) == ("${works} = 'yes'", "false")
    assert second.text == "${age} != '/data/age'" or "'" in second.text
    assert [part.result for part in first.parts] == ['"no"']


def test_constraint_sees_its_own_answer(trial: Trial) -> None:
    trial.set("/data/age", "130")
    [rule] = why(trial, trial.node("/data/age"))
    assert rule.aspect == "constraint" and rule.result == "false"
    assert [(p.text, p.result) for p in rule.part.parts] == [
        (". < 120", "false"),
        (". >= 0", "true"),
    ]


def test_rules_of_rows(trial: Trial) -> None:
    trial.set("/data/age", "30")
    trial.set("/data/kid[1]/kid_age", "4")
    trial.add("/data/kid")
    trial.set("/data/kid[2]/kid_age", "40")
    rules = {rule.aspect: rule for rule in why(trial, trial.node("/data/kid[2]/kid_age"))}
    assert rules["constraint"].result == "false"
    assert rules["label"].reads[0].ref == "/data/kid[2]/first"
    [total] = why(trial, trial.node("/data/total"))
    assert total.result == "46"
    assert {read.ref for read in total.reads} >= {
        "/data/kid[1]/kid_age",
        "/data/kid[2]/kid_age",
    }
    born = needs(trial, trial.node("/data/kid[2]/born"))
    assert [(read.ref, read.value) for read in born] == [("/data/kid[2]/kid_age", "40")]


def test_who_reads_a_place(trial: Trial) -> None:
    trial.add("/data/kid")
    ties = {tie.ref: tie.aspects for tie in uses(trial, trial.node("/data/age"))}
    assert ties["/data/adult"] == ("relevant",)
    assert ties["/data/adult/works"] == ("required",)
    assert ties["/data/kid[2]/kid_age"] == ("constraint",)
    assert ties["/data/luck"] == ("calculate",)
    assert list(ties) == sorted(ties, key=list(ties).index)
    own = {tie.ref for tie in uses(trial, trial.node("/data/kid[1]/kid_age"))}
    assert "/data/kid[1]/born" in own and "/data/kid[2]/born" not in own


def test_chance_is_not_asked_again(trial: Trial) -> None:
    trial.set("/data/age", "10")
    before = trial.node("/data/luck").text
    [rule] = why(trial, trial.node("/data/luck"))
    assert rule.part.varies and rule.result == before
    trial.set("/data/age", "10")
    again = Trial(trial.form, Setup(NOW, 7))
    again.set("/data/age", "10")
    assert again.node("/data/luck").text == trial.node("/data/luck").text


def test_everything_can_be_explained(form: Form) -> None:
    """Each rule's whole gives what the run itself says."""
    run = Run(form)
    run.set("/data/age", "20")
    for live in list(run.walk()):
        for rule in why(run, live):
            if rule.aspect == "relevant" and rule.owner == live.ref:
                assert rule.result == ("true" if live.relevant else "false")
        needs(run, live), uses(run, live)


def test_names_in_the_place_of_paths(form: Form) -> None:
    job = form.definition.nodes["/data/adult/job"]
    assert written(form, "if( /data/age  > 5, '/data/age', 2)", job) == (
        "if(${age} > 5, '/data/age', 2)"
    )
    born = form.definition.nodes["/data/kid/born"]
    assert written(form, "2026 -  ../kid_age ", born) == "2026 - ${kid_age}"
    assert written(form, "instance('yn')/root/item[name= current()/../works ]", job) == (
        "instance('yn')/root/item[name= ${works}]"
    )


# trials ----------------------------------------------------------------------------


def test_what_an_answer_changes_is_noted(trial: Trial) -> None:
    trial.set("/data/age", "130")
    noted = trial.log[-1]
    assert noted.act[:3] == ("set", "/data/age", "130")
    told = {(c.ref, c.field): (c.before, c.after) for c in noted.changes}
    assert told["/data/age", "value"] == ("", "130")
    assert told["/data/age", "violation"][1] == "Not so old"
    assert told["/data/adult", "relevant"] == ("", "1")
    assert told["/data/adult/works", "relevant"] == ("", "1")
    trial.add("/data/kid")
    rows = {(c.ref, c.field): (c.before, c.after) for c in trial.log[-1].changes}
    assert rows["/data/kid", "value"] == ("1", "2")
    trial.remove("/data/kid[2]")
    assert trial.states == trial._all()


def test_script_goes_round(trial: Trial) -> None:
    trial.set("/data/age", "30")
    trial.set("/data/adult/works", "yes")
    trial.add("/data/kid")
    trial.set("/data/kid[2]/kid_age", "3")
    kept = read_script(json.loads(json.dumps(script(trial))))
    played = replay(trial.form, kept)
    assert played.differences == ()
    assert played.trial.draft()["answers"] == trial.draft()["answers"]
    assert [n.changes for n in played.trial.log] == [n.changes for n in trial.log]


def test_played_on_another_version(trial: Trial) -> None:
    trial.set("/data/age", "30")
    trial.set("/data/adult/works", "yes")
    trial.set("/data/kid[1]/kid_age", "3")
    newer = md(
        AGES.replace("${age} >= 18", "${age} >= 40")
        .replace("2026 - ${kid_age}", "2027 - ${kid_age}")
        .replace("| | text | first | Name | | | | | |\n", "")
        .replace("Age of ${first}", "Age")
    )
    played = replay(newer, read_script(script(trial)))
    told = {(d.ref, d.field): (d.step, d.before, d.after) for d in played.differences}
    assert told["/data/adult", "relevant"] == (1, "1", "")
    assert told["/data/kid[1]/born", "value"] == (3, "2023", "2024")
    assert not any(ref.endswith("/total") for ref, _field in told)


def test_a_step_that_cannot_be_done(trial: Trial) -> None:
    trial.set("/data/age", "30")
    trial.set("/data/adult/works", "yes")
    newer = md(
        AGES.replace("| | select_one yn | works", "| | select_one yn | employed").replace(
            "${works}", "${employed}"
        )
    )
    played = replay(newer, read_script(script(trial)))
    assert ("act", "/data/adult/works") in {(d.field, d.ref) for d in played.differences}


def test_a_moved_question_is_found(trial: Trial) -> None:
    trial.set("/data/age", "30")
    trial.set("/data/adult/works", "yes")
    moved = AGES.replace("begin group | adult", "begin group | grown")
    played = replay(md(moved), read_script(script(trial)))
    assert played.trial.node("/data/grown/works").text == "yes"
    assert played.differences == ()


@pytest.mark.parametrize("data", [None, [], {}, {"kind": "x"}, {"kind": "migdesk-test"}])
def test_other_files_are_no_scripts(data: object) -> None:
    with pytest.raises(NotAScript):
        read_script(data)


def test_language_and_end_are_steps_too() -> None:
    two = md(
        "| survey |\n| | type | name | label::A (en) | label::B (fr) | required |\n"
        "| | select_one yn | a | Yes? | Oui ? | yes |\n"
        "| choices |\n| | list_name | name | label::A (en) | label::B (fr) |\n"
        "| | yn | y | Yes | Oui |\n"
        "| settings |\n| | form_title | form_id | default_language |\n| | T | t | A (en) |\n"
    ).definition
    assert two.languages == ("A (en)", "B (fr)")
    form = Form(two)
    trial = Trial(form, Setup(NOW, 1, "A (en)"))
    trial.language = "B (fr)"
    assert trial.log[-1].act == ("speak", "", "B (fr)")
    trial.set("/data/a", "y")
    trial.finalise()
    assert [noted.act.verb for noted in trial.log] == ["open", "speak", "set", "finish"]
    played = replay(form, read_script(json.loads(json.dumps(script(trial)))))
    assert played.trial.language == "B (fr)" and played.differences == ()
    # Finishing too early is told as a step that cannot be done.
    early = Trial(form, Setup(NOW, 1))
    early.log.append(trial.log[-1])
    [refused] = replay(form, read_script(script(early))).differences
    assert (refused.step, refused.field) == (1, "act")

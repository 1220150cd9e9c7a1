"""Entities: declared by a form, told by a submission, refused with sheet and row."""

from __future__ import annotations

import random

import pytest

from migdesk.forms import Form, FormFault, Run, entities, submission
from migdesk.forms.faults import Place
from migdesk.forms.xlsform import convert, load

PERSON = """
| survey |
| | type | name | label | calculation | save_to | relevant |
| | text | fn | First name | | given_name | |
| | select_one sx | s | Sex | | sex | |
| | integer | age | Age | | age | ${s} = 'f' |
| | calculate | c | | concat(${fn}, '!') | note | |
| choices |
| | list_name | name | label |
| | sx | f | Female |
| | sx | m | Male |
| entities |
| | list_name | label | create_if |
| | people | ${fn} | ${fn} != 'nobody' |
| settings |
| | form_title | form_id | version |
| | P | p | 1 |
"""
FOLLOW = """
| survey |
| | type | name | label | save_to |
| | select_one_from_file people.csv | who | Who? | |
| | text | phone | Telephone | phone |
| entities |
| | list_name | label | entity_id | update_if | create_if |
| | people | ${phone} | coalesce(${who}, uuid()) | ${who} != '' | ${who} = '' |
| settings |
| | form_title | form_id | version |
| | F | f | 1 |
"""
HOUSE = """
| survey |
| | type | name | label | save_to |
| | text | hname | Household | houses#family |
| | begin_repeat | kid | Kid | |
| | text | kname | Name | kids#given_name |
| | begin_group | g | Group | |
| | integer | age | Age | kids#age |
| | end_group | | | |
| | end_repeat | | | |
| entities |
| | list_name | label |
| | kids | ${kname} |
| | houses | ${hname} |
| settings |
| | form_title | form_id | version |
| | H | h | 1 |
"""


def begin(book: str, **files: bytes) -> tuple[str, Run]:
    xform = convert(book, ".md").xml
    lists = {f"{name}.csv": data for name, data in files.items()}
    return xform, Run(Form.load(xform, lists), rng=random.Random(1))


def told(xform: str, run: Run) -> tuple[entities.Entity, ...]:
    return entities.entities_of(xform, run.finalise())


def test_what_a_form_declares() -> None:
    [people] = entities.declared(convert(PERSON, ".md").xml)
    assert (people.dataset, people.creates, people.updates) == ("people", True, False)
    assert people.properties["sex"] == "/data/s"
    assert (people.around, people.repeated) == ("/data", False)
    kids, houses = entities.declared(convert(HOUSE, ".md").xml)
    assert (kids.dataset, kids.around, kids.repeated) == ("kids", "/data/kid", True)
    assert (houses.dataset, dict(houses.properties)) == ("houses", {"family": "/data/hname"})


def test_a_form_without_entities_declares_none() -> None:
    plain = "| survey |\n| | type | name | label |\n| | text | a | A |\n"
    xform, run = begin(plain)
    assert entities.declared(xform) == ()
    assert told(xform, run) == ()


def test_a_submission_tells_of_its_entity() -> None:
    xform, run = begin(PERSON)
    run.set("/data/fn", "Awa")
    run.set("/data/s", "m")
    [awa] = told(xform, run)
    assert (awa.dataset, awa.label, awa.creates, awa.updates) == ("people", "Awa", True, False)
    assert len(awa.id) == 36
    # A question that is not relevant says nothing; one left blank says so.
    assert awa.values == {"given_name": "Awa", "sex": "m", "note": "Awa!"}
    run.set("/data/s", "f")
    assert told(xform, run)[0].values["age"] == ""
    assert told(xform, run)[0].id == awa.id


def test_no_entity_where_its_condition_fails() -> None:
    xform, run = begin(PERSON)
    run.set("/data/fn", "nobody")
    assert told(xform, run) == ()


def test_the_entity_stays_itself_in_a_draft_and_in_a_submission_read_again() -> None:
    _xform, run = begin(PERSON)
    run.set("/data/fn", "Awa")
    form, xml = run.form, run.finalise()
    assert Run(form, draft=run.draft()).finalise() == xml
    again = Run(form, draft=submission.read(form, xml), frozen=True)
    assert again.finalise() == xml


def test_make_or_change() -> None:
    people = b"name,label,__version\nu1,Awa,3\n"
    xform, run = begin(FOLLOW, people=people)
    run.set("/data/phone", "77")
    [made] = told(xform, run)
    assert (made.creates, made.updates) == (True, False)
    run.set("/data/who", "u1")
    [changed] = told(xform, run)
    assert (changed.creates, changed.updates, changed.id) == (False, True, "u1")
    assert 'baseVersion="3"' in run.finalise()


def test_one_entity_for_each_row_after_the_one_around_them() -> None:
    xform, run = begin(HOUSE)
    run.set("/data/hname", "Sané")
    for name in ("Awa", "Omar"):
        ref = "/data/kid[1]" if name == "Awa" else run.add("/data/kid")
        run.set(f"{ref}/kname", name)
        run.set(f"{ref}/g/age", "7")
    house, *kids = told(xform, run)
    assert (house.dataset, house.around) == ("houses", -1)
    assert [(k.label, k.values["age"], k.around) for k in kids] == [
        ("Awa", "7", 0),
        ("Omar", "7", 0),
    ]
    assert len({house.id, *(kid.id for kid in kids)}) == 3


def test_expressions_read_attributes() -> None:
    xform = convert(PERSON, ".md").xml.replace(
        "concat( /data/fn , '!')", "string-length(/data/meta/entity/@id)"
    )
    run = Run(Form.load(xform))
    run.set("/data/fn", "Awa")
    assert told(xform, run)[0].values["note"] == "36"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("${fn} != 'nobody'", "frob(${fn})", Place("entities", 2, "create_if")),
        ("| people | ${fn} |", "| people | frob(${fn}) |", Place("entities", 2, "label")),
        ("| people | ${fn} |", "| people | |", Place("entities", 2, None)),
        ("| given_name | |", "| __given | |", Place("survey", 2, "save_to")),
        ("| given_name | |", "| label | |", Place("survey", 2, "save_to")),
        ("| sex | |", "| given_name | |", Place("survey", 3, "save_to")),
        ("| given_name | |", "| other#given_name | |", Place("survey", 2, "save_to")),
        ("label | create_if |", "label | create_when |", Place("entities", 1, None)),
        ("label | create_if |", "label | update_if |", Place("entities", 2, None)),
    ],
)
def test_a_wrong_entity_is_refused_where_it_stands(old: str, new: str, place: Place) -> None:
    assert old in PERSON
    with pytest.raises(FormFault) as caught:
        load(PERSON.replace(old, new), ".md")
    found = caught.value.place
    assert (found.sheet, found.row, found.column) == (place.sheet, place.row, place.column)
    assert "pyxform" not in caught.value.said()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('dataset="people"', 'dataset="__people"', entities.BadEntity),
        ('create="1"', 'update="1"', None),
        ('entities-version="2024', 'entities-version="2029', entities.NewerEntities),
        ('saveto="sex"', 'saveto="given_name"', entities.SavedTwice),
        ('calculate=" /data/fn " readonly', "readonly", entities.NoLabel),
    ],
)
def test_a_wrong_xform_is_refused(
    old: str, new: str, fault: type[FormFault] | None
) -> None:
    xform = convert(PERSON, ".md").xml
    assert old in xform
    changed = xform.replace(old, new)
    if fault is None:  # its id has a bind all the same: it may be set by an action
        assert entities.declared(changed)[0].updates
        return
    with pytest.raises(fault):
        Form.load(changed)


def test_a_property_outside_of_any_entity_is_refused() -> None:
    xform = convert(HOUSE, ".md").xml
    changed = xform.replace('dataset="houses"', "")
    with pytest.raises(entities.BadEntity):
        Form.load(changed)
    lone = convert(PERSON, ".md").xml.replace("<entity ", "<other ").replace(
        "</entity>", "</other>"
    ).replace("/entity/", "/other/")
    with pytest.raises(entities.NoEntity):
        Form.load(lone)


def test_meta_of_another_space_is_meta() -> None:
    xform = convert(PERSON, ".md").xml
    for part in ("<meta>", "</meta>", "/meta/"):
        xform = xform.replace(part, part.replace("meta", "orx:meta"))
    run = Run(Form.load(xform), rng=random.Random(1))
    run.set("/data/fn", "Awa")
    [awa] = told(xform, run)
    assert (awa.label, len(awa.id)) == ("Awa", 36)

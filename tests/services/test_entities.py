"""Entities of submissions: registered, changed, waiting, settled; on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from migdesk.forms import Run
from migdesk.forms.xlsform import convert
from migdesk.models.capture import NotYours
from migdesk.models.store import Store
from migdesk.services import (
    answers,
    entities,
    entity_maps,
    entity_settle,
    entity_setup,
    form_lists,
    form_words,
    history,
    merging,
    records,
    settle,
    submissions,
)
from migdesk.services.answers import Arrival
from migdesk.services.entity_fields import EntityMapping, fill, unknown
from migdesk.services.views import Gone, View
from migdesk.task import Task
from tests.tools import Make, ops

PERSON = """
| survey |
| | type | name | label | save_to |
| | text | fn | Prénom | given |
| | text | ln | Nom | surname |
| | select_one sx | s | Sexe | sex |
| | integer | age | Âge | age |
| | text | phone | Téléphone | phone |
| | text | village | Village | village |
| | select_multiple lg | lang | Langues | languages |
| | select_one yn | ok | Êtes-vous d’accord ? | consent |
| choices |
| | list_name | name | label |
| | sx | 1 | Femme |
| | sx | 2 | Homme |
| | sx | 9 | Martien |
| | lg | fr | Français |
| | lg | wo | Wolof |
| | lg | xx | Klingon |
| | yn | y | Oui |
| | yn | n | Non |
| entities |
| | list_name | label |
| | migrants | concat(${fn}, ' ', ${ln}) |
| settings |
| | form_title | form_id | version |
| | Registration | reg | 1 |
"""
FOLLOW = """
| survey |
| | type | name | label | save_to |
| | select_one_from_file people.csv | who | Who? | |
| | text | phone | Telephone | phone |
| | text | town | Town | town |
| entities |
| | list_name | label | entity_id | update_if | create_if |
| | people | ${phone} | coalesce(${who}, uuid()) | ${who} != '' | ${who} = '' |
| settings |
| | form_title | form_id | version |
| | Follow | follow | 1 |
"""
HOUSE = """
| survey |
| | type | name | label | save_to |
| | text | hname | Household | houses#household_name |
| | begin_repeat | kid | Kid | |
| | text | kname | Name | kids#nom |
| | integer | age | Age | kids#age |
| | end_repeat | | | |
| entities |
| | list_name | label |
| | kids | ${kname} |
| | houses | ${hname} |
| settings |
| | form_title | form_id | version |
| | House | house | 1 |
"""
AWA = {"fn": "Awa", "ln": "Sané", "s": "1", "age": "30", "phone": "77 123 45 67"}


class Field:
    """A questionnaire that is filled by keyword, with its lists mapped as guessed."""

    def __init__(self, store: Store, book: str, mapped: bool = True) -> None:
        self.store = store
        self.count = 0
        xform = convert(book, ".md").xml
        form = xform.split('id="')[1].split('"')[0]
        self.id = store.write(submissions.add_questionnaire, "F", form, "1", xform)
        self.form = form
        for setup in self.setups() if mapped else ():
            store.write(entity_maps.save, setup.mapping)

    def setups(self) -> tuple[entity_setup.Setup, ...]:
        return self.store.read(entity_setup.setups, self.id)

    def run(self, **answers: str) -> Run:
        self.count += 1
        run = Run(self.store.read(form_words.open_form, self.id), rng=random.Random(self.count))
        for name, text in answers.items():
            run.set(f"/data/{name}", text)
        return run

    def send(self, run: Run, instance: str = "", **links: str) -> str:
        instance = instance or f"uuid:{self.form}-{self.count}"
        xml = run.finalise()
        return self.store.write(submissions.finalise, self.id, xml, instance, links)

    def fill(self, **answers: str) -> str:
        return self.send(self.run(**answers))

    def lines(self, submission: str) -> tuple[View, ...]:
        return self.store.read(records.lines_of, "entity", submission)

    def line(self, submission: str) -> View:
        [line] = self.lines(submission)
        return line


def people(store: Store) -> list[dict[str, Any]]:
    page = store.read(records.list_page, "person", records.Query())
    return [{"id": row.id, **row.values} for row in page.rows]


def waiting(store: Store) -> tuple[entity_settle.WaitingView, ...]:
    return store.read(entity_settle.waiting)


# mapping ---------------------------------------------------------------------------


def test_the_mapping_is_guessed_from_names_and_words(store: Store) -> None:
    [setup] = Field(store, PERSON, mapped=False).setups()
    mapping = setup.mapping
    assert (mapping.target, setup.saved) == ("person", False)
    assert mapping.fields == {
        "given": "given_name",
        "surname": "family_name",
        "sex": "sex",
        "age": "birth",
        "phone": "phone",
        "village": "origin",
        "languages": "languages",
        "consent": "consent:registration",
    }
    assert mapping.codes["sex"] == {"1": "female", "2": "male", "9": ""}
    assert mapping.codes["consent"] == {"y": "given", "n": "refused"}
    assert set(unknown(mapping, setup.properties)) == {
        ("sex", "Martien"),
        ("languages", "Klingon"),
    }


def test_a_mapping_is_kept_for_every_version_and_read_back(any_store: Store) -> None:
    field = Field(any_store, PERSON, mapped=False)
    [setup] = field.setups()
    any_store.write(entity_maps.save, setup.mapping)
    assert any_store.read(entity_maps.needs_setup, field.id) == (1, 0)
    [again] = field.setups()
    assert again.saved
    assert again.mapping.fields == setup.mapping.fields
    kept = {c: t for c, t in setup.mapping.codes["sex"].items() if t}
    assert again.mapping.codes["sex"] == kept
    newer = convert(PERSON.replace("| reg | 1 |", "| reg | 2 |"), ".md").xml
    id = any_store.write(submissions.add_questionnaire, "F", "reg", "2", newer)
    assert any_store.read(entity_maps.needs_setup, id) == (1, 0)


def test_another_target_is_guessed_anew(store: Store) -> None:
    [setup] = Field(store, PERSON, mapped=False).setups()
    member = fill(EntityMapping("reg", "migrants", "member"), setup.properties)
    assert member.fields["surname"] == "name" if "surname" in member.fields else True
    assert member.fields["sex"] == "sex"
    nothing = fill(EntityMapping("reg", "migrants", ""), setup.properties)
    assert nothing.fields == {}


def test_nothing_is_registered_without_a_mapping(store: Store) -> None:
    field = Field(store, PERSON, mapped=False)
    id = field.fill(**AWA)
    assert people(store) == []
    assert field.lines(id) == ()
    assert store.read(entities.not_applied, "reg") == (id,)
    store.write(entity_maps.save, field.setups()[0].mapping)
    assert store.write(entities.apply_all, Task(), [id]) == 1
    assert [p["family_name"] for p in people(store)] == ["Sané"]
    assert store.read(entities.not_applied, "reg") == ()


# registering -----------------------------------------------------------------------


def test_a_person_is_registered(any_store: Store) -> None:
    make = Make(any_store)
    kolda = make.place(name="Kolda", level="village")
    field = Field(any_store, PERSON)
    id = field.fill(**AWA, village="kolda", lang="fr wo xx", ok="y")
    [awa] = people(any_store)
    assert (awa["given_name"], awa["family_name"], awa["sex"]) == ("Awa", "Sané", "female")
    assert awa["birth"].endswith("~") and awa["phone"] == "+221771234567"
    assert awa["origin"] == kolda
    assert set(awa["languages"]) == {"french", "wolof"} or len(awa["languages"]) == 2
    line = field.line(id)
    assert (line.values["state"], line.values["record"]) == ("created", awa["id"])
    assert line.values["entity"] == awa["id"]
    assert line.values["left_out"] == ["languages: xx"]
    assert any_store.read(records.get, "submission", id).values["person"] == awa["id"]
    [consent] = any_store.read(records.lines_of, "consent", awa["id"])
    assert (consent.values["purpose"], consent.values["answer"]) == ("registration", "given")


def test_no_consent_is_made_where_none_was_asked(store: Store) -> None:
    Field(store, PERSON).fill(**AWA)
    [awa] = people(store)
    assert store.read(records.lines_of, "consent", awa["id"]) == ()


def test_one_undo_takes_all_away(store: Store) -> None:
    field = Field(store, PERSON)
    id = field.fill(**AWA, ok="y")
    store.write(history.undo_last)
    assert people(store) == []
    assert store.read(records.get, "submission", id).deleted
    store.write(history.redo_last)
    assert len(people(store)) == 1


def test_a_correction_changes_what_it_corrects(any_store: Store) -> None:
    field = Field(any_store, PERSON)
    run = field.run(**AWA)
    id = field.send(run, "uuid:one")
    [awa] = people(any_store)
    any_store.write(records.save, "person", awa["id"], {"phone": "+221780000000"})
    run.set("/data/ln", "Sagna")
    assert field.send(run, "uuid:one") == id
    [awa] = people(any_store)
    assert (awa["family_name"], awa["phone"]) == ("Sagna", "+221780000000")
    assert field.line(id).values["state"] == "created"


def test_an_entity_is_named_by_its_label_at_least(store: Store) -> None:
    field = Field(store, PERSON, mapped=False)
    store.write(entity_maps.save, EntityMapping("reg", "migrants", "person", {"sex": "sex"}))
    field.fill(**AWA)
    assert [p["family_name"] for p in people(store)] == ["Awa Sané"]


def test_nobody_without_any_name_is_registered(store: Store) -> None:
    field = Field(store, PERSON)
    run = field.run(s="1")
    id = field.send(run, "uuid:one")
    assert people(store) == []
    assert field.line(id).values["problem"] == "needed"
    [view] = waiting(store)
    with pytest.raises(records.Needed):
        store.write(entity_settle.other, view.id)
    run.set("/data/fn", "Awa")
    field.send(run, "uuid:one")
    assert [p["given_name"] for p in people(store)] == ["Awa"]
    assert waiting(store) == ()


# changing --------------------------------------------------------------------------


def test_a_second_questionnaire_changes_the_person(any_store: Store) -> None:
    Field(any_store, PERSON).fill(**AWA)
    [awa] = people(any_store)
    follow = Field(any_store, FOLLOW)
    id = follow.fill(who=awa["id"], phone="78 555 44 33", town="Sédhiou")
    [after] = people(any_store)
    assert (after["phone"], after["residence"]) == ("+221785554433", "Sédhiou")
    assert after["family_name"] == "Sané"
    assert follow.line(id).values["state"] == "updated"
    follow.fill(who=awa["id"], town="Kolda")
    # As on a phone: a question that is asked and left blank empties its property.
    [after] = people(any_store)
    assert (after["phone"], after["residence"]) == (None, "Kolda")
    before = any_store.read(history.history, "person", awa["id"])
    assert [event.action for event in before][:2] == ["changed", "changed"]


def test_one_who_is_not_here_waits(store: Store) -> None:
    follow = Field(store, FOLLOW, mapped=True)
    xml = follow.run(phone="77").finalise()
    ghost = "0190d9a3-0000-7000-8000-000000000001"
    xml = xml.replace('create="1" update="0"', 'create="0" update="1"')
    id = xml.split(' id="')[2].split('"')[0]
    xml = xml.replace(id, ghost)
    sent = store.write(submissions.finalise, follow.id, xml, "uuid:g", {})
    assert follow.line(sent).values["problem"] == "gone"
    [view] = waiting(store)
    store.write(entity_settle.other, view.id)
    assert [p["id"] for p in people(store)] == [ghost]


# duplicates ------------------------------------------------------------------------


def test_a_likely_duplicate_is_proposed_and_not_made(any_store: Store) -> None:
    make = Make(any_store)
    awa = make.person(given_name="Awa", family_name="Sane", sex="female")
    make.person(given_name="Awa", family_name="Sané", sex="male")
    make.person(given_name="Omar", family_name="Sané", sex="female")
    field = Field(any_store, PERSON)
    id = field.fill(**AWA)
    assert len(people(any_store)) == 3
    assert any_store.read(entity_settle.count) == 1
    [view] = waiting(any_store)
    assert (view.problem, view.title, view.target) == ("duplicate", "Awa Sané", "person")
    assert [c.id for c in view.candidates] == [awa]
    assert {fact.name for fact in view.facts} == {
        "given_name", "family_name", "sex", "birth", "phone",
    }  # fmt: skip
    any_store.write(entity_settle.same, view.id, awa, ["phone"])
    assert waiting(any_store) == ()
    values = any_store.read(records.get, "person", awa).values
    assert (values["phone"], values["birth"], values["family_name"]) == (
        "+221771234567", None, "Sane",
    )  # fmt: skip
    assert any_store.read(records.get, "submission", id).values["person"] == awa
    assert field.line(id).values["state"] == "same"
    with pytest.raises(Gone):
        any_store.write(entity_settle.other, view.id)
    # The next questionnaire about that entity is about her.
    again = field.run(**{**AWA, "ln": "Sagna"})
    xml = again.finalise()
    mine = xml.split('entity dataset="migrants"')[1].split('id="')[1].split('"')[0]
    entity = str(field.line(id).values["entity"])
    any_store.write(submissions.finalise, field.id, xml.replace(mine, entity), "uuid:2", {})
    assert any_store.read(records.get, "person", awa).values["family_name"] == "Sagna"


def test_somebody_else_is_registered(any_store: Store) -> None:
    make = Make(any_store)
    make.person(given_name="Awa", family_name="Sané")
    field = Field(any_store, PERSON)
    id = field.fill(**AWA)
    [view] = waiting(any_store)
    any_store.write(entity_settle.other, view.id)
    line = field.line(id)
    assert (line.values["state"], line.values["problem"]) == ("created", None)
    assert line.values["record"] == line.values["entity"]
    assert len(people(any_store)) == 2
    any_store.write(history.undo_last)
    assert len(people(any_store)) == 1
    assert any_store.read(entity_settle.count) == 1


def test_set_aside(store: Store) -> None:
    Make(store).person(given_name="Awa", family_name="Sané")
    field = Field(store, PERSON)
    run = field.run(**AWA)
    id = field.send(run, "uuid:1")
    store.write(entity_settle.aside, waiting(store)[0].id)
    run.set("/data/fn", "Aïssatou")
    field.send(run, "uuid:1")
    assert field.line(id).values["state"] == "aside"
    assert len(people(store)) == 1


@pytest.mark.parametrize(
    ("here", "waits"),
    [
        ({"given_name": "Hawa", "family_name": "Sane"}, True),
        ({"given_name": "Sané", "family_name": "Awa"}, True),
        ({"given_name": "Awa", "family_name": "Sané", "sex": "male"}, False),
        ({"given_name": "Awa", "family_name": "Sané", "birth": "1950"}, False),
        ({"given_name": "Awa", "family_name": "Diop"}, False),
        # A telephone is shared in a family: by itself it makes nobody the same.
        ({"given_name": "Penda", "family_name": "Ba", "phone": "771234567"}, False),
        ({"given_name": "Hawa", "family_name": "Sy", "phone": "771234567"}, True),
        ({"given_name": "Penda", "family_name": "Ba", "residence": "Awa Sané"}, False),
    ],
)
def test_who_is_likely_the_same(store: Store, here: dict[str, Any], waits: bool) -> None:
    Make(store).person(**here)
    Field(store, PERSON).fill(**AWA)
    assert bool(waiting(store)) == waits
    assert len(people(store)) == (1 if waits else 2)


# households ------------------------------------------------------------------------


def house(field: Field, name: str, *kids: str) -> str:
    run = field.run(hname=name)
    for place, kid in enumerate(kids):
        ref = "/data/kid[1]" if not place else run.add("/data/kid")
        run.set(f"{ref}/kname", kid)
        run.set(f"{ref}/age", "7")
    return field.send(run)


@pytest.fixture
def houses(store: Store) -> Field:
    field = Field(store, HOUSE)
    [kids] = [s for s in field.setups() if s.mapping.dataset == "kids"]
    member = fill(EntityMapping("house", "kids", "member"), kids.properties)
    store.write(entity_maps.save, member)
    return field


def test_members_belong_to_the_household_around_them(store: Store, houses: Field) -> None:
    id = house(houses, "Sané", "Awa", "Omar")
    [home] = store.read(records.list_page, "household", records.Query()).rows
    assert home.values["name"] == "Sané"
    members = store.read(records.lines_of, "member", home.id)
    assert [m.values["name"] for m in members] == ["Awa", "Omar"]
    assert store.read(records.get, "submission", id).values["household"] == home.id


def test_members_follow_a_household_that_is_known_already(store: Store, houses: Field) -> None:
    home = Make(store).household(name="Sané")
    house(houses, "Sané", "Awa", "Omar")
    assert store.read(records.lines_of, "member", home) == ()
    [view] = waiting(store)
    assert view.target == "household"
    store.write(entity_settle.same, view.id, home)
    assert len(store.read(records.lines_of, "member", home)) == 2
    store.write(history.undo_last)
    assert store.read(records.lines_of, "member", home) == ()


# roles -----------------------------------------------------------------------------


def as_role(store: Store, role: str) -> None:
    store.role = ""
    store.actor = Make(store).account(name="A", role=role)
    store.role = role


def test_an_enumerator_registers_people(store: Store) -> None:
    field = Field(store, PERSON)
    as_role(store, "enumerator")
    field.fill(**AWA, ok="y")
    assert len(people(store)) == 1


def test_what_a_role_may_not_write_waits(store: Store) -> None:
    field = Field(store, PERSON)
    store.write(
        entity_maps.save, EntityMapping("reg", "migrants", "place", {"surname": "name"})
    )
    as_role(store, "enumerator")
    id = field.fill(**AWA)
    assert field.line(id).values["problem"] == "role"
    [view] = store.read(entity_settle.waiting, "enumerator")
    assert not view.may
    with pytest.raises(NotYours):
        store.write(entity_settle.other, view.id)
    as_role(store, "office_head")
    store.write(entity_settle.other, view.id)
    places = store.read(records.list_page, "place", records.Query()).rows
    assert [place.values["name"] for place in places] == ["Sané"]


def test_an_id_of_another_kind_is_never_written_over(store: Store) -> None:
    home = Make(store).household(name="Sané")
    field = Field(store, PERSON)
    run = field.run(**AWA)
    xml = run.finalise()
    mine = xml.split('entity dataset="migrants"')[1].split('id="')[1].split('"')[0]
    id = store.write(submissions.finalise, field.id, xml.replace(mine, home), "uuid:1", {})
    assert field.line(id).values["problem"] == "other_kind"
    [view] = waiting(store)
    store.write(entity_settle.other, view.id)
    [awa] = people(store)
    assert awa["id"] != home
    assert store.read(records.get, "household", home).values["name"] == "Sané"


# lists -----------------------------------------------------------------------------

VISIT = """
| survey |
| | type | name | label | save_to | calculation |
| | select_one_from_file migrants.csv | who | Who? | | |
| | calculate | s | | | instance('migrants')/root/item[name=${who}]/sex |
| | text | phone | Telephone | phone | |
| entities |
| | list_name | label | entity_id |
| | migrants | ${phone} | ${who} |
| settings |
| | form_title | form_id | version |
| | Visit | visit | 1 |
"""


def test_those_registered_in_a_list_are_the_list_of_other_forms(any_store: Store) -> None:
    Make(any_store).person(given_name="Omar", family_name="Ba")
    Field(any_store, PERSON).fill(**AWA)
    awa = next(p for p in people(any_store) if p["given_name"] == "Awa")
    visit = Field(any_store, VISIT)
    assert any_store.read(form_lists.missing, visit.id) == ()
    run = visit.run()
    offered = run.node("/data/who").choices
    assert [(choice.value, choice.label) for choice in offered] == [(awa["id"], "Awa Sané")]
    run.set("/data/who", awa["id"])
    # Codes are those of the form that registers.
    assert run.node("/data/s").text == "1"
    run.set("/data/phone", "70 111 22 33")
    visit.send(run)
    [after] = [p for p in people(any_store) if p["id"] == awa["id"]]
    assert after["phone"] == "+221701112233"


def test_a_list_that_nobody_registers_in_is_missing(store: Store) -> None:
    xform = convert(VISIT, ".md").xml
    id = store.write(submissions.add_questionnaire, "V", "visit", "1", xform)
    assert store.read(form_lists.missing, id) == ("migrants.csv",)


# from elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize("register", [True, False])
def test_imported_submissions_register_on_demand(any_store: Store, register: bool) -> None:
    field = Field(any_store, PERSON)
    arrival = Arrival(
        field.id, "uuid:far", field.run(**AWA).finalise(), "2020-05-01T10:00:00Z", "", ()
    )
    assert any_store.read(entity_maps.registers, [field.id])
    assert any_store.write(answers.take, Task(), [arrival], {}, register) == 1
    found = people(any_store)
    # An age counts from the day on which it was said.
    assert [p["birth"] for p in found] == (["1990~"] if register else [])
    any_store.write(history.undo_last)
    assert people(any_store) == []


def test_two_offices_that_import_the_same_have_one_person(
    store: Store, new_store: Callable[[], Store]
) -> None:
    other = new_store()
    xml = ""
    for each in (store, other):
        field = Field(each, PERSON)
        xml = xml or field.run(**AWA).finalise()
        arrival = Arrival(field.id, "uuid:far", xml, "2020-05-01T10:00:00Z", "", ())
        each.write(answers.take, Task(), [arrival], {}, True)
    assert [p["id"] for p in people(store)] == [p["id"] for p in people(other)]
    lines = [sorted(op.row for op in ops(s) if op.kind == "entity") for s in (store, other)]
    assert lines[0] == lines[1] != []


def test_a_decision_travels(
    store: Store, new_store: Callable[[], Store]
) -> None:
    Make(store).person(given_name="Awa", family_name="Sané")
    field = Field(store, PERSON)
    id = field.fill(**AWA)
    other = new_store()
    send(store, other)
    assert [view.title for view in waiting(other)] == ["Awa Sané"]
    [candidate] = waiting(other)[0].candidates
    other.write(entity_settle.same, waiting(other)[0].id, candidate.id, ["phone"])
    send(other, store)
    assert waiting(store) == ()
    [awa] = people(store)
    assert awa["phone"] == "+221771234567"
    assert store.read(records.get, "submission", id).values["person"] == awa["id"]


def test_two_corrections_at_once_ask_once_and_register_what_is_chosen(
    store: Store, new_store: Callable[[], Store]
) -> None:
    field, other = Field(store, PERSON), new_store()
    run = field.run(**AWA)
    id = field.send(run, "uuid:one")
    send(store, other)
    for each, name in ((store, "Sagna"), (other, "Sambou")):
        run.set("/data/ln", name)
        each.write(submissions.finalise, field.id, run.finalise(), "uuid:one", {})
    send(other, store)
    asked = store.read(settle.conflicts)
    assert {(view.kind, view.field) for view in asked} <= {
        ("submission", "xml"), ("submission", "finished"), ("person", "family_name"),
    }  # fmt: skip
    assert store.read(settle.count) == len(asked)
    shown = people(store)[0]["family_name"]
    [answers_] = [view for view in asked if view.field == "xml"]
    store.write(settle.settle, answers_.id, "right")
    [awa] = people(store)
    assert {shown, awa["family_name"]} == {"Sagna", "Sambou"}
    assert awa["family_name"] in str(store.read(records.get, "submission", id).values["xml"])


def send(here: Store, there: Store) -> None:
    there.write(merging.apply_ops, ops(here), "elsewhere")

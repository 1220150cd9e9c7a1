"""Campaigns: frame, draw, visits, and what is done against what was wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from migdesk.i18n import speaking
from migdesk.jobs import import_table
from migdesk.models.store import Store
from migdesk.services import campaigns, double_entry, fieldwork, history, merging, records
from migdesk.services.campaigns import Line, Progress
from migdesk.services.fieldwork import NoReserve, NotInSample, ReasonNeeded
from migdesk.services.sampling import TooFew
from migdesk.services.survey_facts import age_group, sex_of
from migdesk.services.views import Query, View
from migdesk.task import Task
from tests.services import field
from tests.tools import Make, ops

DAY = date(2026, 11, 20)


@pytest.fixture
def store(any_store: Store) -> Store:
    """Each test runs on both databases."""
    return any_store


@pytest.fixture
def form(store: Store) -> str:
    return field.questionnaire(store)


@pytest.fixture
def places(make: Make) -> dict[str, str]:
    """A region with two communes, a village in each."""
    region = make.place(name="Sédhiou", level="region")
    north = make.place(name="Karantaba", level="commune", parent=region)
    south = make.place(name="Goudomp", level="commune", parent=region)
    return {
        "region": region,
        "north": north,
        "south": south,
        "hamlet": make.place(name="Sakar", parent=north),
        "port": make.place(name="Simbandi", parent=south),
    }


@pytest.fixture
def campaign(make: Make, form: str) -> str:
    return make.campaign(
        name="Besoins", questionnaire=form, starts="2026-11-16", ends="2026-11-29"
    )


@pytest.fixture
def frame(make: Make, campaign: str, places: dict[str, str]) -> list[str]:
    """Twelve households, eight in the north."""
    return [
        make.survey_unit(
            campaign=campaign,
            name=f"Ménage {n}",
            code=str(n),
            place=places["hamlet" if n < 8 else "port"],
            stratum="Nord" if n < 8 else "Sud",
        )
        for n in range(12)
    ]


def units(store: Store, campaign: str, **filters: str) -> list[View]:
    query = Query(filters=(("campaign", campaign), *filters.items()))
    return list(store.read(records.list_page, "survey_unit", query).rows)


def state(store: Store, unit: str) -> str:
    return str(store.read(records.get, "survey_unit", unit).values["state"])


def stands(store: Store, campaign: str) -> Progress:
    with speaking("en"):
        return store.read(campaigns.progress, campaign, DAY)


def lines(found: tuple[Line, ...]) -> list[tuple[str, int, int]]:
    return [(line.label, line.done, line.wanted) for line in found]


# frame and draw


def test_the_frame_is_taken_from_our_own_records(
    store: Store, make: Make, campaign: str, places: dict[str, str]
) -> None:
    for n in range(3):
        make.person(family_name=f"Diatta {n}", sex="female", origin=places["north"])
    make.person(family_name="Sow", sex="male")
    women = Query(filters=(("sex", "female"),))
    assert store.write(fieldwork.frame_from, campaign, "person", women, "origin") == 3
    assert store.write(fieldwork.frame_from, campaign, "person", Query(), "origin") == 1
    held = units(store, campaign)
    assert {unit.values["stratum"] for unit in held} == {"Karantaba", None}
    assert all(unit.values["person"] for unit in held)
    assert ("origin", "Commune or village of origin") in fieldwork.strata_fields("person")
    assert "status" not in dict(fieldwork.strata_fields("person"))


def test_places_and_households_make_frames_too(
    store: Store, make: Make, campaign: str, places: dict[str, str]
) -> None:
    make.household(name="Famille Mané", place=places["port"])
    assert store.write(fieldwork.frame_from, campaign, "household", Query(), "") == 1
    villages = Query(filters=(("level", "village"),))
    assert store.write(fieldwork.frame_from, campaign, "place", villages, "parent") == 2
    assert store.write(fieldwork.frame_from, campaign, "place", villages, "parent") == 0


def test_a_table_becomes_the_frame_of_the_campaign(
    store: Store, campaign: str, places: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "menages.csv"
    path.write_text(
        "N°;Nom;Lieu;Strate;Téléphone\nM-1;Famille Sow;Sakar;Nord;771234567\n"
        "M-2;Famille Mané;Nouveau village;Sud;\n",
        "utf-8",
    )
    table = import_table.read_table(store, Task(), path)
    mapping = dict(
        zip(table.columns, ("code", "name", "place", "stratum", "phone"), strict=True)
    )
    given = {"campaign": campaign}
    report = import_table.check_table(store, Task(), table, "survey_unit", mapping, given)
    assert (report.good, report.problems) == (2, ())
    assert report.foreseen.makes == (("survey_unit", 2), ("place", 1))
    import_table.import_table(store, Task(), table, "survey_unit", mapping, given)
    held = {unit.code: unit for unit in units(store, campaign)}
    assert held["M-1"].values["place"] == places["hamlet"]
    assert held["M-2"].shown["place"] == "Nouveau village"
    assert len(store.read(fieldwork.waiting_frame, campaign)) == 2
    store.write(history.undo_last)
    assert units(store, campaign) == []


def test_a_draw_is_recorded_and_can_be_made_again(
    store: Store, make: Make, campaign: str, frame: list[str]
) -> None:
    store.actor = make.account(name="Fatou", role="office_head")
    id = store.write(fieldwork.make_draw, campaign, "stratified", 6, "besoins-1", 3)
    kept = store.read(fieldwork.draws, campaign)[0]
    assert kept.id == id
    values = kept.values
    assert (values["seed"], values["size"], values["frame"]) == ("besoins-1", 6, 12)
    assert values["account"] == store.actor
    assert values["strata"] == ["Nord: 4 + 2 / 8", "Sud: 2 + 1 / 4"]
    drawn = {
        u.id: (u.values["part"], u.values["rank"]) for u in units(store, campaign, draw=id)
    }
    assert sorted(drawn.values()).count(("sample", 1)) == 2
    assert {state(store, id) for id, (part, _n) in drawn.items() if part == "sample"} == {
        "to_visit"
    }
    event = store.read(history.history, "draw", id)[0]
    store.write(history.undo, event.tx)
    assert len(store.read(fieldwork.waiting_frame, campaign)) == 12
    again = store.write(fieldwork.make_draw, campaign, "stratified", 6, "besoins-1", 3)
    assert store.read(records.get, "draw", again).values["digest"] == values["digest"]
    same = {
        u.id: (u.values["part"], u.values["rank"]) for u in units(store, campaign, draw=again)
    }
    assert same == drawn


def test_a_second_draw_takes_only_what_is_left(
    store: Store, campaign: str, frame: list[str]
) -> None:
    first = store.write(fieldwork.make_draw, campaign, "simple", 8, "a", 0)
    second = store.write(fieldwork.make_draw, campaign, "systematic", 4, "b", 0)
    taken = [{u.id for u in units(store, campaign, draw=draw)} for draw in (first, second)]
    assert taken[0] & taken[1] == set()
    with pytest.raises(TooFew):
        store.write(fieldwork.make_draw, campaign, "simple", 1, "c", 0)


# visits


@pytest.fixture
def drawn(store: Store, campaign: str, frame: list[str]) -> list[View]:
    """The sample of a stratified draw with a reserve of one in each stratum."""
    id = store.write(fieldwork.make_draw, campaign, "stratified_equal", 4, "s", 2)
    return units(store, campaign, draw=id, part="sample")


def test_a_replacement_comes_from_the_stratum_with_a_reason(
    store: Store, make: Make, campaign: str, drawn: list[View]
) -> None:
    who = make.account(name="Malang", role="enumerator")
    gone = next(unit for unit in drawn if unit.values["stratum"] == "Sud")
    store.write(fieldwork.assign, [gone.id], who)
    store.write(fieldwork.mark, gone.id, "refused", "Ne veut pas")
    with pytest.raises(ReasonNeeded):
        store.write(fieldwork.replace, gone.id, "  ")
    called = store.write(fieldwork.replace, gone.id, "Refus définitif")
    new = store.read(records.get, "survey_unit", called).values
    assert (new["stratum"], new["part"], new["state"]) == ("Sud", "replacement", "to_visit")
    assert (new["replaces"], new["account"]) == (gone.id, who)
    old = store.read(records.get, "survey_unit", gone.id).values
    assert (old["state"], old["reason"]) == ("replaced", "Refus définitif")
    with pytest.raises(NotInSample):
        store.write(fieldwork.replace, gone.id, "encore")
    with pytest.raises(NoReserve):
        store.write(fieldwork.replace, called, "Absent trois fois")


def test_a_finished_interview_marks_its_unit(
    store: Store, make: Make, form: str, campaign: str, drawn: list[View]
) -> None:
    person = make.person(family_name="Mané")
    store.write(records.save, "survey_unit", drawn[0].id, {"person": person})
    id = field.fill(store, form, {"who": "Awa"}, {"survey_unit": drawn[0].id})
    values = store.read(records.get, "submission", id).values
    assert (values["campaign"], values["person"]) == (campaign, person)
    assert values["place"] == drawn[0].values["place"]
    assert state(store, drawn[0].id) == "done"


def test_my_visits_are_mine_and_still_to_do(
    store: Store, make: Make, form: str, campaign: str, drawn: list[View]
) -> None:
    one, two = (make.account(name=name, role="enumerator") for name in ("Awa", "Baba"))
    assert store.write(fieldwork.share_out, campaign, [one, two]) == 4
    assert store.write(fieldwork.share_out, campaign, [one, two]) == 0
    mine = store.read(fieldwork.my_visits, one)
    assert len(mine) == len(store.read(fieldwork.my_visits, two)) == 2
    assert len({visit.unit.values["place"] for visit in mine}) == 1  # whole places
    assert mine[0].questionnaire == form
    field.fill(store, form, {"who": "Awa"}, {"survey_unit": mine[0].unit.id})
    store.write(fieldwork.mark, mine[1].unit.id, "absent", "")
    assert [v.unit.id for v in store.read(fieldwork.my_visits, one)] == [mine[1].unit.id]
    store.write(records.save, "campaign", campaign, {"state": "closed"})
    assert store.read(fieldwork.my_visits, one) == ()
    names = [view.title for view in store.read(fieldwork.enumerators)]
    assert names == ["Awa", "Baba"]


# progress


def test_progress_by_place_and_enumerator(
    store: Store,
    make: Make,
    form: str,
    campaign: str,
    places: dict[str, str],
    drawn: list[View],
) -> None:
    store.write(
        records.save, "campaign", campaign, {"places": [places["north"], places["south"]]}
    )
    who = make.account(name="Malang", role="enumerator")
    store.write(fieldwork.assign, [unit.id for unit in drawn], who)
    north = [unit.id for unit in drawn if unit.values["stratum"] == "Nord"]
    store.actor = who
    for unit in north:
        field.fill(
            store, form, {"who": "x"}, {"survey_unit": unit}, finished="2026-11-18T10:00:00Z"
        )
    done = stands(store, campaign)
    assert (done.total.done, done.total.wanted, done.total.percent) == (2, 4, 50)
    assert lines(done.places) == [("Goudomp", 0, 2), ("Karantaba", 2, 2)]
    worker = done.workers[0]
    assert (worker.label, worker.done, worker.wanted, worker.to_visit) == ("Malang", 2, 4, 2)
    assert (worker.last, worker.days) == ("2026-11-18", 1)
    assert done.states == {"done": 2, "to_visit": 2}
    assert done.days_left == 10
    assert done.per_day == pytest.approx(0.2)


def test_targets_by_group_read_records_and_answers(
    store: Store, make: Make, form: str, campaign: str, places: dict[str, str]
) -> None:
    women = make.campaign_target(campaign=campaign, sex="female", number=3)
    make.campaign_target(campaign=campaign, place=places["north"], number=2)
    make.campaign_target(campaign=campaign, age="60_up", number=1)
    person = make.person(family_name="Sow", sex="female", birth="1961", origin=places["hamlet"])
    field.fill(store, form, {"who": "Awa"}, {"campaign": campaign, "person": person})
    field.fill(
        store,
        form,
        {"who": "Binta", "sex": "1", "age": "31", "village": "Simbandi"},
        {"campaign": campaign},
    )
    field.fill(store, form, {"who": "Modou", "sex": "2", "age": "70"}, {"campaign": campaign})
    done = stands(store, campaign)
    assert lines(done.targets) == [
        ("Female", 2, 3),
        ("Karantaba", 1, 2),
        ("60 years and over", 2, 1),
    ]
    assert done.targets[0].id == women
    assert done.total.wanted == 3  # the targets speak of the same people
    assert lines(done.places) == [
        ("Karantaba", 1, 2),
        ("Simbandi", 1, 0),
        ("Place not known", 1, 0),
    ]


def test_interviews_begun_elsewhere_count_within_the_days(
    store: Store, make: Make, form: str, campaign: str
) -> None:
    field.fill(store, form, {"who": "a"}, finished="2026-11-16T08:00:00Z")
    field.fill(store, form, {"who": "b"}, finished="2026-11-15T08:00:00Z")
    field.fill(store, form, {"who": "c"}, finished="2026-11-30T08:00:00Z")
    other = make.campaign(name="Autre", questionnaire=form)
    field.fill(store, form, {"who": "d"}, {"campaign": other}, finished="2026-11-17T08:00:00Z")
    assert stands(store, campaign).total.done == 1
    assert stands(store, other).total.done == 1


def test_a_campaign_without_anything_stands_at_nothing(store: Store, campaign: str) -> None:
    done = stands(store, campaign)
    assert (done.total.done, done.total.wanted, done.total.percent) == (0, 0, None)
    assert (done.targets, done.places, done.workers) == ((), (), ())


def test_places_inside_each_other_by_mistake_do_not_hang() -> None:
    assert campaigns.around("a", {"a": "b", "b": "a"}) == ["a", "b"]


def test_words_of_a_sex_and_groups_of_an_age() -> None:
    assert sex_of(("1", "Féminin")) == "female"
    assert sex_of(("h",)) == "male"
    assert sex_of(("1",)) == ""
    assert [age_group(n) for n in (0, 15, 59, 60, 101, None)] == [
        "0_14",
        "15_24",
        "45_59",
        "60_up",
        "60_up",
        "",
    ]


def test_interviews_outside_the_sample_do_not_fill_it(
    store: Store, form: str, campaign: str, drawn: list[View]
) -> None:
    field.fill(store, form, {"who": "a"}, {"survey_unit": drawn[0].id})
    field.fill(store, form, {"who": "b"}, {"survey_unit": drawn[0].id})
    field.fill(store, form, {"who": "c"}, {"campaign": campaign})
    done = stands(store, campaign)
    assert (done.total.done, done.total.wanted, done.outside) == (1, 4, 2)


def test_who_typed_a_paper_did_not_ask(
    store: Store, make: Make, form: str, campaign: str, drawn: list[View]
) -> None:
    asked = make.account(name="Malang", role="enumerator")
    typist = make.account(name="Fatou", role="agent")
    store.write(fieldwork.assign, [drawn[0].id], asked)
    paper = store.write(double_entry.add_paper, campaign, "1", drawn[0].id)
    store.actor = typist
    field.fill(store, form, {"who": "a"}, {"paper_copy": paper})
    assert [(w.label, w.done) for w in stands(store, campaign).workers] == [("Malang", 1)]


def test_campaigns_travel_between_computers(
    store: Store, new_store: Callable[[], Store], campaign: str, drawn: list[View], form: str
) -> None:
    """An enumerator's computer gets the sample, and gives back the interview."""
    other = new_store()
    carry(store, other)
    assert other.read(fieldwork.counts, campaign) == store.read(fieldwork.counts, campaign)
    field.fill(other, form, {"who": "Awa"}, {"survey_unit": drawn[0].id})
    carry(other, store)
    assert state(store, drawn[0].id) == "done"
    assert stands(store, campaign).total.done == 1


def carry(one: Store, other: Store) -> None:
    """What one computer knows, the other knows too."""
    other.write(merging.apply_ops, ops(one), one.device)

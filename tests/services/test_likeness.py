"""Who is taken for whom: pairs that are one person, kin, strangers, and the spellings."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from benchmarks.names import register
from migdesk.jobs.settle_many import find_twins
from migdesk.models.local import Resemblance
from migdesk.models.spelling import sound
from migdesk.models.store import Store
from migdesk.services import (
    duplicates,
    erasure,
    likeness,
    merging,
    records,
    resemblance,
    to_settle,
    twins,
)
from migdesk.services.likeness import LISTED, PERSON
from migdesk.services.likeness_blocks import pairs
from migdesk.services.likeness_score import likely, probabilities
from migdesk.services.likeness_sheet import Census, Sheet, phrase
from migdesk.task import Task
from tests.tools import Make, ops

AWA: dict[str, Any] = {
    "given_name": "Awa",
    "family_name": "Sagna",
    "birth": "1985-03-04",
    "sex": "female",
    "phone": "+221771234567",
    "origin": "k",
    "residence": "Kolda",
}


def told(one: dict[str, Any], two: dict[str, Any], total: int = 20_000) -> tuple[Any, ...]:
    """Probability, and why."""
    import numpy as np

    sheet = Sheet(PERSON, [one, two], Census(total))
    [(_one, _two, probability, why)] = likely(sheet, np.array([0]), np.array([1]), 0.0)
    return probability, why


def like(**changes: Any) -> float:
    return float(told(AWA, {**AWA, **changes})[0])


# spelling -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        "Ndiaye N'Diaye Njaay Njie Ndiaaye",
        "Diallo Jallow Jalloh Djallo",
        "Cissé Sissé Ceesay Cisse",
        "Thiam Tiam Cham Caam",
        "Khady Xady Kady",
        "Touré Ture Toure",
        "Mamadou Modou Mouhamadou Mohamed Muhammad Mohammed محمد",
        "Khadija 5adija Khadidja",
        "Bouchra Buchra Boushra",
        "Țurcan Turcan Ţurcan Цуркан Tzurcan",
        "Popescu Popesku Попеску",
        "Alexandru Aleksandru Александру",
        "Ceban Чебан",
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: str) -> None:
    assert len({phrase(word).key for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [("Sow", "Sy"), ("Diop", "Diouf"), ("Ba", "Bah Sow"), ("Fatou", "Penda"), ("Fall", "Ba")],
)
def test_other_names_do_not(one: str, two: str) -> None:
    assert phrase(one).key != phrase(two).key


def test_particles_and_forms_of_a_name() -> None:
    assert phrase("Ben Ali").key == phrase("Benali").key == phrase("bin-Ali").key
    assert phrase("El Idrissi").key == phrase("Idrissi").key == phrase("al-Idrissi").key
    assert phrase("Fatoumata").called == phrase("Fatou").called != phrase("Awa").called
    assert phrase("Ion").called == phrase("Ivan").called == phrase("Ион").called
    assert sound("p260001kd") == ""


# pairs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"phone": "+33612345678", "residence": "Paris"},
        {"given_name": "Sagna", "family_name": "Awa"},
        {"birth": "1985-04-03", "phone": None},
        {"birth": "1985-03-14", "residence": "Paris"},
        {"birth": "1985~", "given_name": "Hawa"},
        {"birth": None, "residence": None},
        {"phone": "+221771234576", "birth": "1986~"},
        {"family_name": "Diop"},
        {"given_name": "Zeinab", "aliases": ["Awa"]},
        {"given_name": "Awa Sagna", "family_name": None, "phone": None},
        {"family_name": "Sagma", "sex": None, "origin": None},
    ],
)
def test_the_same_person_with_a_mistake(changes: dict[str, Any]) -> None:
    assert like(**changes) > LISTED


@pytest.mark.parametrize(
    "changes",
    [
        {"given_name": "Adama"},
        {"given_name": "Adama", "sex": "male", "phone": None},
        {"birth": "2007-01-12"},
        {"birth": "1955", "sex": "male"},
        {"given_name": "Ousmane", "sex": "male", "birth": "1975"},
        {"family_name": "Diop", "given_name": "Coumba", "birth": "1960"},
        {"phone": None, "birth": "1999", "origin": "z", "residence": "Paris"},
    ],
    ids=["twin", "twin brother", "child of her name", "father", "husband", "aunt", "namesake"],
)
def test_kin_and_namesakes(changes: dict[str, Any]) -> None:
    two = {**AWA, **changes}
    usual = 0.45 if "birth" not in changes else LISTED
    assert told(AWA, two)[0] < usual


def test_two_members_of_a_household_are_two_and_one_counted_twice_is_one() -> None:
    bare = {name: AWA[name] for name in ("given_name", "family_name", "birth")}
    home = {**bare, "family": (["h1"], ["kd tr", "ft sn"])}
    beside = {**bare, "family": (["h1"], ["ft sn"])}
    again = {**bare, "family": (["h2"], ["kd tr"])}
    alone = told(bare, bare)[0]
    assert told(home, beside)[0] < alone < told(home, again)[0]
    assert "family" in told(home, again)[1]


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    counts = {"given": {phrase("Awa").key: 900}, "family": {phrase("Sagna").key: 2_000}}
    bare = {name: AWA[name] for name in ("given_name", "family_name", "birth")}
    sheet = Sheet(PERSON, [bare, bare], Census(20_000, counts))
    import numpy as np

    frequent = probabilities(sheet, np.array([0]), np.array([1]))[0]
    assert frequent < told(bare, bare)[0]


def test_why_is_told_in_codes_that_have_words() -> None:
    from migdesk.ui.pages.merge_card import WHY

    codes = {
        share.why
        for looks in likeness.LOOKS.values()
        for trait in looks.traits
        for share in trait.shares.values()
    }
    others = (likeness.GIVEN, likeness.FAMILY, likeness.YEAR)
    codes |= {share.why for table in others for share in table.values()}
    assert codes - {""} <= WHY.keys()
    assert told(AWA, {**AWA, "birth": "1985-04-03"})[1] == (
        "name", "birth_swapped", "phone", "place", "town",
    )  # fmt: skip


def test_shares_of_every_table_are_shares() -> None:
    tables = [t.shares for looks in likeness.LOOKS.values() for t in looks.traits if t.shares]
    for table in [*tables, likeness.GIVEN, likeness.FAMILY, likeness.YEAR]:
        assert sum(share.same for share in table.values()) == pytest.approx(1, abs=0.011)
        assert all(0 < share.kin <= 1 for share in table.values())


def test_an_invented_register() -> None:
    """A floor under what `make bench-duplicates` measures on 20,000."""
    made = register(3_000, seed=11)
    sheet = Sheet(PERSON, made.rows)
    one, two = pairs(sheet)
    assert all(one < two)
    found = probabilities(sheet, one, two)
    listed = {p for p, f in zip(zip(one, two, strict=True), found, strict=True) if f >= LISTED}
    right = len(listed & made.same)
    assert right / len(listed) > 0.93 and right / len(made.same) > 0.82


# kept beside the records ----------------------------------------------------------


def looked(store: Store) -> list[str]:
    return [item.id for item in find_twins(store, Task())]


def kept(store: Store) -> int:
    def count(session: Session) -> int:
        return session.query(Resemblance).count()

    return store.read(count)


def test_only_what_changed_is_compared_again(store: Store, make: Make) -> None:
    values = {"given_name": "Awa", "family_name": "Sagna", "birth": "1985-03-04"}
    one = make.person(**values)
    other = make.person(given_name="Penda", family_name="Ba", birth="1970")
    assert looked(store) == []
    assert store.read(twins.work, "person").nothing
    two = make.person(**values)
    assert store.read(twins.work, "person").changed == {two}
    assert store.read(to_settle.find_twins) == ()
    assert looked(store) == [f"{one} {two}"]
    # To settle reads what was found, and compares nothing.
    [item] = store.read(to_settle.find_twins)
    assert item.what.why == ("name", "birth_day")
    store.write(records.save, "person", two, {"given_name": "Coumba", "birth": "1999"})
    assert looked(store) == [] and kept(store) == 0
    store.write(records.save, "person", two, values)
    assert looked(store) == [f"{one} {two}"]
    store.write(duplicates.dismiss, "person", two, one)
    assert store.read(to_settle.find_twins) == () and looked(store) == []
    third = make.person(**values)
    assert set(looked(store)) == {f"{one} {third}", f"{two} {third}"}
    store.write(duplicates.merge, "person", third, one)
    assert looked(store) == []
    store.write(erasure.erase, "person", two, "asked")
    looked(store)
    assert kept(store) == 0 and other


def test_the_kept_list_is_what_a_look_at_all_finds(store: Store, make: Make) -> None:
    for row in register(120, seed=3, again=0.3).rows:
        make.person(**{n: v for n, v in row.items() if n not in ("origin",)})
        if row["sex"] == "male" and row["phone"]:
            looked(store)
    looked(store)
    kept_ = {(p.one, p.two) for p in store.read(twins.known, "person", 1_000)}
    now = {(p.one, p.two) for p in store.read(duplicates.possible, "person", 1_000)}
    # Frequencies move a little as the register grows: pairs at the edge may differ.
    assert len(kept_ ^ now) <= 0.1 * len(now) and len(now) > 10


def test_stopped_it_keeps_nothing_and_begins_again(store: Store, make: Make) -> None:
    from migdesk.errors import Cancelled

    for _n in "ab":
        make.person(given_name="Awa", family_name="Sagna", birth="1985-03-04")
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        find_twins(store, task)
    assert kept(store) == 0
    assert len(looked(store)) == 1


def test_names_that_were_merged_are_known_still(store: Store, make: Make) -> None:
    one = make.person(given_name="Awa", family_name="Sagna", birth="1985-03-04")
    two = make.person(given_name="Rokhaya", family_name="Cissokho", birth="1985-03-04")
    store.write(duplicates.merge, "person", two, one)
    values = {"given_name": "Rokhaya", "family_name": "Sissoko", "birth": "1985"}
    assert store.read(resemblance.likely, "person", values) == (one,)
    three = make.person(**values)
    assert looked(store) == [f"{one} {three}"]


def test_who_may_not_read_a_name_is_not_told_of_it(store: Store, make: Make) -> None:
    account = make.account(name="Lamine", role="agent", compartments=["legal"])
    values = {"given_name": "Awa", "family_name": "Sagna", "birth": "1985-03-04"}
    one, two = make.person(**values), make.person(**values)
    assert len(looked(store)) == 1
    store.write(records.save, "person", two, {"needs": ["trafficking_victim"]})
    whole = store.read(resemblance.likely, "person", values)
    assert set(whole) == {one, two}
    store.actor, store.role = account, "agent"
    seen = store.read(resemblance.likely, "person", values)
    masked = two not in seen
    assert (looked(store) == []) == masked


def test_likely_by_index_in_any_spelling(any_store: Store) -> None:
    make = Make(any_store)
    here = {
        ("Fatoumata", "N'Diaye"): "Fatou Njie",
        ("Александру", "Цуркан"): "Alexandru Țurcan",
        ("Khadija", "Ben Ali"): "5adija Benali",
    }
    for (given, family), name in here.items():
        id = make.person(given_name=given, family_name=family, birth="1985")
        given, family = name.split()
        values = {"given_name": given, "family_name": family, "birth": "1985"}
        assert id in any_store.read(resemblance.likely, "person", values)
    assert any_store.read(resemblance.likely, "person", {"given_name": "Zoé"}) == ()
    assert any_store.read(resemblance.likely, "visit", {"request": "x"}) == ()


def test_not_the_same_and_merges_travel_to_the_kept_list(new_store: Any) -> None:
    a, b = new_store(), new_store()
    values = {"given_name": "Awa", "family_name": "Sagna", "birth": "1985-03-04"}
    one, two = Make(a).person(**values), Make(a).person(**values)
    b.write(merging.apply_ops, ops(a), a.device)
    assert looked(a) == looked(b) == [f"{one} {two}"]
    a.write(duplicates.merge, "person", two, one)
    b.write(merging.apply_ops, ops(a), a.device)
    assert b.read(to_settle.find_twins) == ()
    a.write(duplicates.unmerge, "person", two)
    b.write(merging.apply_ops, ops(a), a.device)
    assert looked(b) == [f"{one} {two}"]

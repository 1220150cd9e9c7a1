"""Search: any part of a name, in any order and spelling; on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from migdesk.models import search
from migdesk.models.local import SearchDoc
from migdesk.models.store import Store
from migdesk.services import records
from migdesk.services.search import find
from tests.tools import Make


def found(store: Store, typed: str, *kinds: str) -> list[str]:
    return [hit.title for hit in store.read(find, typed, kinds)]


SPELLINGS = [
    ("Diallo", "Jallow"),
    ("Jallow", "Diallo"),
    ("Diallo", "Djallo"),
    ("Ndiaye", "N'Diaye"),
    ("N’Diaye", "ndiaye"),
    ("N'Diaye", "n diaye"),
    ("Ndiaye", "Njie"),
    ("Mamadou", "Mamadu"),
    ("Mamadou", "Mohamadou"),
    ("Mohamadou", "Mamadu"),
    ("Mouhamadou", "mamadou"),
    ("Muhammad", "Mohamed"),
    ("Mohammed", "Muhamed"),
    ("Benali", "Ben Ali"),
    ("Ben Ali", "benali"),
    ("Ould Ahmed", "ahmed ould"),
    ("Bâ", "ba"),
    ("Sène", "sene"),
    ("Aïssatou", "Aissatu"),
    ("Ousmane", "Usman"),
    ("Cissé", "Cisse"),
    ("Cissé", "Sise"),
    ("Touré", "Ture"),
    ("Koné", "kone"),
    ("Khadija", "Kadidja"),
    ("Cheikh", "Sheikh"),
    ("Fatoumata", "fatumata"),
    ("Youssef", "Yusuf"),
    ("Soumaré", "sumare"),
    ("Ɓah", "bah"),
    ("محمد", "محمد"),
    ("Dembélé", "dembele"),
    ("Traoré", "TRAORÉ"),
]


@pytest.mark.parametrize(("written", "typed"), SPELLINGS)
def test_other_spellings(any_store: Store, make: Make, written: str, typed: str) -> None:
    make.person(family_name="Sarr", given_name="Zeynab")
    make.person(family_name=written)
    assert found(any_store, typed) == [written]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Diallo", "Diop"), ("Ndiaye", "Ndour"), ("Sow", "Sy"), ("Fall", "Faye"), ("Ba", "Bo")],
)
def test_other_names_stay_other(any_store: Store, make: Make, one: str, other: str) -> None:
    make.person(family_name=one)
    assert found(any_store, other) == []


@pytest.mark.parametrize(
    "typed",
    [
        "aminata diatta",
        "Diatta Aminata",
        "dia ami",
        "amina",
        "minou",
        "petite mère",
        "77 123 45 67",
        "771234567",
        "+221 77 123 45 67",
        "00221771234567",
        "(77) 123-45-67",
        "4567",
        "4567 diatta",
        "1234567",
        "kolda",
        "diatta kolda",
        "awa@example.org",
        "Lyon",
        "78 000 11 22",
    ],
)
def test_any_part_in_any_order(any_store: Store, make: Make, typed: str) -> None:
    place = make.place(name="Kolda")
    make.person(
        family_name="Diatta",
        given_name="Aminata",
        aliases=["Minou", "Petite Mère"],
        phone="77 123 45 67",
        phone_2="780001122",
        origin=place,
        residence="Lyon",
        email="awa@example.org",
    )
    make.person(family_name="Sagna", given_name="Aliou", phone="76 999 88 77")
    assert found(any_store, typed, "person") == ["Aminata Diatta"]


def test_by_code(any_store: Store, make: Make) -> None:
    id = make.person()
    make.person(family_name="Sow")
    code = any_store.read(records.get, "person", id).code
    for typed in (code, code.lower(), code[:9]):
        assert "Diallo" in found(any_store, typed)
    assert found(any_store, code) == ["Diallo"]


@pytest.mark.parametrize(
    "typed", ["", " ", "'", '"', "*", "-", "a OR", "NEAR(", "\\", ":*", "&|!"]
)
def test_what_is_no_word_finds_nothing_and_breaks_nothing(any_store: Store, typed: str) -> None:
    assert found(any_store, typed) == []


def test_whatever_is_typed_is_a_sound_query(any_store: Store, make: Make) -> None:
    make.person()

    @given(st.text(st.characters(codec="utf-8"), max_size=20))
    def typed(text: str) -> None:
        assert isinstance(any_store.read(find, text), tuple)

    typed()


def test_the_best_comes_first(any_store: Store, make: Make) -> None:
    make.person(family_name="Jallow", given_name="A")
    make.person(family_name="Diallobe", given_name="B")
    make.person(family_name="Diallo", given_name="C")
    make.person(family_name="Sy", given_name="D", residence="Diallo")
    assert found(any_store, "diallo") == ["C Diallo", "B Diallobe", "A Jallow", "D Sy"]


def test_the_index_follows_every_change(any_store: Store, make: Make) -> None:
    id = make.person(given_name="Awa")
    any_store.write(records.save, "person", id, {"family_name": "Faye"})
    assert (found(any_store, "diallo"), found(any_store, "faye")) == ([], ["Awa Faye"])
    any_store.write(records.delete, "person", id)
    assert found(any_store, "faye") == []
    any_store.write(records.restore, "person", id)
    assert found(any_store, "faye") == ["Awa Faye"]


def test_a_renamed_village_is_found_by_its_new_name(any_store: Store, make: Make) -> None:
    place = make.place(name="Kolda")
    make.person(origin=place)
    any_store.write(records.save, "place", place, {"name": "Vélingara"})
    assert found(any_store, "velingara", "person") == ["Diallo"]
    assert found(any_store, "kolda") == []


def test_only_the_kinds_asked_for(any_store: Store, make: Make) -> None:
    person = make.person(family_name="Kaira")
    make.case(title="Kaira", person=person)
    make.organisation(name="Kaira")
    kinds = {hit.kind for hit in any_store.read(find, "kaira")}
    assert kinds == {"person", "case", "organisation"}
    assert len(any_store.read(find, "kaira", ("case", "person"))) == 2


def test_a_failed_write_leaves_no_word(any_store: Store) -> None:
    def fail(session: Session) -> None:
        records.save(session, "person", None, {"family_name": "Badji"})
        raise KeyError

    with pytest.raises(KeyError):
        any_store.write(fail)
    assert found(any_store, "badji") == []


def test_words_of_a_text() -> None:
    assert search.split("N’Diaye-Sow, l'Œuvre  ƁA") == ["ndiayesow", "loeuvre", "ba"]
    assert search.match_terms("77 123 45 67") == [("771234567", "")]
    assert search.sound("x") == search.sound("林") == ""


@given(st.text(max_size=40))
def test_a_word_is_its_own_fold(text: str) -> None:
    folded = search.fold(text)
    assert search.split(" ".join(search.split(text))) == search.split(text)
    assert search.words_of([text], True) == search.words_of([folded], True)


def test_only_what_changed_is_indexed_again(any_store: Store) -> None:
    """The list of a word that many share is long, and each removal from it costs."""

    def docs(session: Session) -> dict[str, tuple[int, str]]:
        found = session.execute(sa.select(SearchDoc.row, SearchDoc.id, SearchDoc.words))
        return {row: (id, words) for row, id, words in found}

    def put(session: Session, said: dict[str, str]) -> None:
        search.put_all(session.connection(), "person", said)

    any_store.write(put, {"a": "awa", "b": "binta", "c": "coumba", "d": ""})
    before = any_store.read(docs)
    assert before.keys() == {"a", "b", "c"}
    any_store.write(put, {"a": "awa", "b": "bineta", "c": "", "d": "demba"})
    after = any_store.read(docs)
    assert after["a"] == before["a"] and after["b"] == (before["b"][0], "bineta")
    assert after.keys() == {"a", "b", "d"}
    words = ("awa", "binta", "bineta", "coumba", "demba")
    said = {w: [row for _kind, row, _words in any_store.read(search.find, w)] for w in words}
    assert said == {"awa": ["a"], "binta": [], "bineta": ["b"], "coumba": [], "demba": ["d"]}


def test_words_are_not_sought_in_a_whole_town_to_be_removed(store: Store) -> None:
    """FTS5 can remove at once what is in the way of nobody, by looking through all who share
    a word: 5 ms for a change in a town of 30,000."""
    asked = sa.text("SELECT v FROM search_fts_config WHERE k = 'secure-delete'")
    assert not store.read(lambda s: s.execute(asked).scalar())

"""Code lists: reading, languages, what the office adds, and the shipped files."""

from collections.abc import Iterator

import pytest

from migdesk import codelists, i18n


@pytest.fixture(autouse=True)
def _nothing_added() -> Iterator[None]:
    yield
    codelists.forget()


def test_label_follows_the_language_in_force() -> None:
    sexes = codelists.get("sex")
    with i18n.speaking("fr"):
        assert sexes.label_of("female") == "Femme"
        assert sexes.label_of("female", "en") == "Female"
    with i18n.speaking("en"):
        assert sexes.label() == "Sex"


def test_a_language_without_labels_falls_back_to_english() -> None:
    assert codelists.label("sex", "male", "ro") == "Male"


def test_an_unknown_code_shows_itself() -> None:
    assert codelists.label("sex", "from-elsewhere") == "from-elsewhere"


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(KeyError):
        codelists.get("no-such-list")
    with pytest.raises(KeyError):
        codelists.extend("no-such-list", "a", {"fr": "A"})


def test_order_is_that_of_the_file() -> None:
    stages = codelists.get("enterprise_pipeline_stages")
    assert [item.code for item in stages][:2] == ["identify", "elaborate"]
    assert [item.order for item in stages] == list(range(len(stages)))


def test_find_ignores_case_and_accents_and_puts_beginnings_first() -> None:
    found = codelists.get("occupations").find("ele", "fr")
    assert [item.code for item in found][:3] == ["herder", "electrician_plumber", "student"]
    assert codelists.get("occupations").find("zzz", "fr") == []


def test_find_nothing_typed_gives_all() -> None:
    assert len(codelists.get("sex").find("")) == len(codelists.get("sex"))


def test_the_office_adds_an_item_at_the_end() -> None:
    before = len(codelists.get("occupations"))
    codelists.extend("occupations", "beekeeper", {"fr": "Apiculteur", "en": "Beekeeper"})
    added = codelists.get("occupations").item("beekeeper")
    assert added is not None
    assert added.label("fr") == "Apiculteur"
    assert added.order == before
    assert len(codelists.get("occupations")) == before + 1


def test_the_office_renames_an_item_in_one_language_only() -> None:
    codelists.extend("visit_channels", "office", {"fr": "Au guichet"})
    item = codelists.get("visit_channels").item("office")
    assert item is not None
    assert (item.label("fr"), item.label("en")) == ("Au guichet", "At the office")
    assert item.order == 0


def test_what_was_added_is_forgotten_with_its_database() -> None:
    codelists.extend("occupations", "beekeeper", {"fr": "Apiculteur"})
    codelists.forget()
    assert "beekeeper" not in codelists.get("occupations")


def test_children_name_their_parent() -> None:
    child = codelists.get("financial_products").item("savings.managed_account")
    assert child is not None
    assert child.extra["parent"] == "savings"


def test_countries_are_sorted_in_their_language() -> None:
    names = [item.label("fr") for item in codelists.countries("fr")]
    assert names.index("Égypte") < names.index("Sénégal") < names.index("Suède")


def test_countries_hold_no_unions() -> None:
    codes = {item.code for item in codelists.countries("en")}
    assert {"SN", "IT", "XK"} <= codes
    assert not codes & {"EU", "UN", "ZZ"}


@pytest.mark.parametrize("key", codelists.keys())
def test_a_shipped_list_is_whole(key: str) -> None:
    """Items exist once, and each is labelled in French and English."""
    shipped = codelists.get(key)
    rows = codelists._rows(key)
    assert len(shipped) == len(rows) > 0
    assert shipped.labels.keys() >= {"fr", "en"}
    for item in shipped:
        assert item.code.strip() == item.code and " " not in item.code
        assert item.labels.keys() >= {"fr", "en"}
        parent = item.extra.get("parent")
        assert parent is None or parent in shipped

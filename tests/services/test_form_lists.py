"""Lists made from our own records, as a form sees them."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from migdesk.forms import Run
from migdesk.forms.xlsform import convert
from migdesk.models import RECORDS
from migdesk.models.office import AttachmentRecord
from migdesk.models.store import Store
from migdesk.paths import resource
from migdesk.services import form_lists, form_words, records, submissions
from tests.tools import Make

BOOK = """
| survey |
| | type | name | label | choice_filter | calculation |
| | select_one_from_file places.csv | village | Village | level = 'village' | |
| | select_one_from_file people.csv | who | Who? | village = ${village} | |
| | calculate | sex | | | instance('people')/root/item[name = ${who}]/sex |
| | calculate | lives | | | pulldata('people', 'village_name', 'name', ${who}) |
"""


@pytest.fixture
def form(store: Store) -> str:
    return store.write(submissions.add_questionnaire, "F", "f", "1", convert(BOOK, ".md").xml)


def rows(store: Store, name: str) -> list[dict[str, str]]:
    text = store.read(form_lists.rows_of, name).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def kolda(make: Make) -> str:
    return make.place(name="Kolda", level="village", country="SN")


def test_people_by_name(store: Store, make: Make, kolda: str) -> None:
    make.person(family_name="Sané", given_name="Awa", sex="female", origin=kolda)
    make.person(family_name="Ba", given_name="Omar", status="irregular", note="secret words")
    first, second = rows(store, "people.csv")
    assert (first["label"], first["village"], first["village_name"]) == (
        "Awa Sané",
        kolda,
        "Kolda",
    )
    assert (second["label"], second["family_name"], second["village"]) == ("Omar Ba", "Ba", "")
    assert not {"status", "needs", "note"} & set(second)
    assert "secret words" not in str(second)


def test_households_organisations_places(store: Store, make: Make, kolda: str) -> None:
    head = make.person(family_name="Sané", given_name="Awa")
    make.household(name="Sané", head=head, place=kolda)
    make.organisation(name="Diaspora", sectors=["health", "water"], place=kolda)
    [house] = rows(store, "households.csv")
    assert (house["head"], house["head_name"], house["village_name"]) == (
        head,
        "Awa Sané",
        "Kolda",
    )
    [organisation] = rows(store, "organisations.csv")
    assert organisation["sectors"] == "health water"
    assert [row["label"] for row in rows(store, "places.csv")] == ["Kolda"]


@pytest.mark.parametrize("name", form_lists.LISTS)
def test_only_what_may_be_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = form_lists.LISTS[name]
    fields = RECORDS[own.kind].fields
    assert set(own.named) | set(own.columns.values()) <= set(fields)
    assert form_lists.columns_of(name) == ("name", "label", *own.columns)
    secret = {c for c, f in own.columns.items() if fields[f].secret not in ("", "personal")}
    assert secret == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_guide_names_every_list_and_column(language: str) -> None:
    guide = resource("help", f"guide.{language}.md").read_text("utf-8")
    for name in form_lists.LISTS:
        assert f"`{name}`" in guide
        for column in form_lists.columns_of(name):
            assert f"`{column}`" in guide


def test_a_form_asks_our_own_records(store: Store, make: Make, form: str, kolda: str) -> None:
    awa = make.person(family_name="Sané", given_name="Awa", sex="female", origin=kolda)
    make.person(family_name="Ba", given_name="Omar")
    run = Run(store.read(form_words.open_form, form))
    run.set("/data/village", kolda)
    assert [choice.label for choice in run.node("/data/who").choices] == ["Awa Sané"]
    run.set("/data/who", awa)
    assert run.node("/data/sex").text == "female"
    assert run.node("/data/lives").text == "Kolda"


def test_each_filling_sees_the_records_of_its_moment(
    store: Store, make: Make, form: str, kolda: str
) -> None:
    awa = make.person(family_name="Sané", given_name="Awa", origin=kolda)
    run = Run(store.read(form_words.open_form, form))
    run.set("/data/village", kolda)
    run.set("/data/who", awa)
    body = {"questionnaire": form, "answers": run.draft()["answers"]}
    store.write(records.delete, "person", awa)
    make.person(family_name="Ba", given_name="Omar", origin=kolda)
    fresh = Run(store.read(form_words.open_form, form))
    fresh.set("/data/village", kolda)
    assert [choice.label for choice in fresh.node("/data/who").choices] == ["Omar Ba"]
    resumed = Run(store.read(form_words.open_draft, body), draft=run.draft())
    assert {choice.label for choice in resumed.node("/data/who").choices} == {
        "Awa Sané",
        "Omar Ba",
    }
    assert resumed.node("/data/who").violation is None
    id = store.write(submissions.finalise, form, resumed.finalise(), "uuid:1", {})
    found = store.read(form_words.open_filled, id)
    assert b"Awa" in found.lists["people.csv"]


def test_our_own_lists_are_never_kept(store: Store, make: Make, form: str) -> None:
    make.person(family_name="Sané", given_name="Awa")
    store.read(form_words.open_form, form)
    kept = store.read(lambda session: session.scalars(sa.select(AttachmentRecord)).all())
    assert kept == []
    assert store.read(form_lists.missing, form) == ()

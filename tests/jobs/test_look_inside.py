"""A record comes back from a backup by ordinary changes, whole or in parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from migdesk.jobs import back_up, restore
from migdesk.jobs.look_inside import Inside
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import attachments, history, records
from migdesk.services.records import Gone, Query
from migdesk.task import Task
from tests.jobs.safe import make_home, opened, unlock


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return make_home(tmp_path / "home")


@pytest.fixture
def store(home: Paths) -> Iterator[Store]:
    with opened(home) as made:
        yield made


@pytest.fixture
def person(store: Store) -> str:
    values = {"family_name": "Sané", "given_name": "Awa", "phone": "+221771234567"}
    id = store.write(records.save, "person", None, values)
    store.write(attachments.add, "photo.jpg", b"bytes", id)
    return id


@pytest.fixture
def inside(store: Store, person: str, home: Paths) -> Iterator[Inside]:
    path = back_up.back_up(store, Task(), home)
    made = Inside.open(Task(), path, home, unlock, store)
    yield made
    made.close()
    assert list(home.home.glob(".look-*")) == []


def test_fields_side_by_side_and_one_taken_back(
    store: Store, person: str, inside: Inside
) -> None:
    store.write(records.save, "person", person, {"given_name": "Fatou", "phone": None})
    assert [found.id for found in inside.find("person", "sane")] == [person]
    shown = inside.compare(store, "person", person)
    assert shown.state == "here"
    differ = {f.name: (f.then, f.now) for f in shown.fields if f.differs}
    assert differ["given_name"] == ("Awa", "Fatou") and differ["phone"][1] == ""
    inside.take_back(store, "person", person, ["phone"], [])
    now = store.read(records.get, "person", person).values
    assert (now["given_name"], now["phone"]) == ("Fatou", "+221771234567")
    store.write(history.undo_last)
    assert store.read(records.get, "person", person).values["phone"] is None


def test_a_deleted_record_comes_back_with_its_lines(
    store: Store, person: str, inside: Inside
) -> None:
    store.write(records.delete, "person", person)
    shown = inside.compare(store, "person", person)
    assert shown.state == "deleted"
    (file,) = shown.lines
    assert file.state == "gone"
    inside.take_back(store, "person", person, [], [file.line.id])
    assert not store.read(records.get, "person", person).deleted
    assert store.read(attachments.read, file.line.id)[2] == b"bytes"
    store.write(history.undo_last)
    assert store.read(records.get, "person", person).deleted


def test_a_record_that_is_not_here_comes_back_under_its_id(
    store: Store, person: str, inside: Inside, tmp_path: Path
) -> None:
    with opened(make_home(tmp_path / "other")) as other:
        shown = inside.compare(other, "person", person)
        assert shown.state == "absent"
        inside.take_back(other, "person", person, [], [each.line.id for each in shown.lines])
        view = other.read(records.get, "person", person)
        assert view.title == store.read(records.get, "person", person).title
        (file,) = other.read(records.list_page, "attachment", Query()).rows
        assert other.read(attachments.read, file.id)[2] == b"bytes"


def test_what_is_the_same_is_said_to_be(store: Store, person: str, inside: Inside) -> None:
    shown = inside.compare(store, "person", person)
    assert not [f for f in shown.fields if f.differs]
    assert [each.state for each in shown.lines] == ["same"]


def test_a_backup_is_read_with_the_eyes_of_today(
    store: Store, person: str, home: Paths
) -> None:
    given = {"name": "Agent", "role": "agent", "compartments": ["legal"]}
    agent = store.write(records.save, "account", None, given)
    sealed = {"title": "Quagga", "person": person, "compartment": "legal"}
    case = store.write(records.save, "case", None, sealed)
    path = back_up.back_up(store, Task(), home)
    store.write(records.save, "account", agent, {"compartments": None})
    store.actor, store.role = agent, "agent"
    inside = Inside.open(Task(), path, home, unlock, store)
    try:
        assert inside.find("case", "") == ()
        with pytest.raises(Gone):
            inside.past("case", case)
    finally:
        inside.close()
        store.actor, store.role = "", ""
    assert restore.holding(path, home.home / ".look", unlock).counts["case"] == 0

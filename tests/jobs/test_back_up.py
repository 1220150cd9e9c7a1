"""Backups open elsewhere with the same content; a bad one changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from migdesk.jobs import back_up
from migdesk.keys import Cost, KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import office, records
from migdesk.services.records import Query
from migdesk.task import Task

CHEAP = Cost(memory=8 * 1024, passes=1, lanes=1)
PASSWORD = "a quiet morning"


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "home").make()
    _keys, key, _recovery = KeyFile.create(paths.keys, "acc", "Fatou", PASSWORD, cost=CHEAP)
    store = Store.open(paths.database, key, create=True)
    store.actor = "acc"
    store.write(office.found, {"name": "HOM Sédhiou", "country": "SN"}, "Fatou", "acc")
    store.write(records.save, "person", None, {"family_name": "Diatta"})
    store.close()
    return paths


def unlock(keys: KeyFile) -> bytes:
    return keys.open("acc", PASSWORD)


def saved(home: Paths) -> Path:
    store = Store.open(home.database, unlock(KeyFile.load(home.keys)))
    try:
        return back_up.back_up(store, Task(), home)
    finally:
        store.close()


def test_a_backup_tells_what_it_holds(home: Paths, tmp_path: Path) -> None:
    path = saved(home)
    about = back_up.look(path)
    assert about.accounts == (("acc", "Fatou"),) and about.size == path.stat().st_size
    found = back_up.holding(path, tmp_path / "scratch", unlock)
    assert found.office == "HOM Sédhiou" and found.counts["person"] == 1
    assert not (tmp_path / "scratch").exists()


def test_restore_elsewhere_has_the_same_content_and_another_device(
    home: Paths, tmp_path: Path
) -> None:
    elsewhere = Paths(tmp_path / "other").make()
    found = back_up.restore(saved(home), elsewhere, unlock)
    assert found.counts["person"] == 1
    one = Store.open(home.database, unlock(KeyFile.load(home.keys)))
    two = Store.open(elsewhere.database, unlock(KeyFile.load(elsewhere.keys)))
    people = [s.read(records.list_page, "person", Query()).rows for s in (one, two)]
    assert people[0] == people[1]
    assert one.device != two.device
    one.close(), two.close()


def test_restore_here_keeps_the_database_that_it_replaces(home: Paths) -> None:
    path = saved(home)
    store = Store.open(home.database, unlock(KeyFile.load(home.keys)))
    device = store.device
    store.write(records.save, "person", None, {"family_name": "Sané"})
    store.close()
    assert back_up.restore(path, home, unlock).counts["person"] == 1
    again = Store.open(home.database, unlock(KeyFile.load(home.keys)))
    assert again.device == device
    again.close()
    (kept,) = home.backups.glob("before-restore-*")
    before = Store.open(kept / home.database.name, unlock(KeyFile.load(kept / home.keys.name)))
    assert before.read(records.count, "person", Query()) == 2
    before.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:3000] + bytes([data[3000] ^ 1]) + data[3001:],
    ],
)
def test_a_broken_backup_changes_nothing(home: Paths, spoil: Callable[[bytes], bytes]) -> None:
    path = saved(home)
    path.write_bytes(spoil(path.read_bytes()))
    before = home.database.read_bytes()
    with pytest.raises(back_up.BadBackup):
        back_up.restore(path, home, unlock)
    assert home.database.read_bytes() == before
    assert back_up.backups(home.backups) == []


def test_a_wrong_password_changes_nothing(home: Paths) -> None:
    path = saved(home)
    before = home.database.read_bytes()
    with pytest.raises(Exception, match="KEY-"):
        back_up.restore(path, home, lambda keys: keys.open("acc", "another password"))
    assert home.database.read_bytes() == before
    assert not (home.home / ".restore").exists()


def test_only_some_backups_are_kept(home: Paths) -> None:
    for _ in range(3):
        path = saved(home)
        os.rename(path, path.with_name(f"{_}{path.name}"))
    removed = back_up.prune(home.backups, date.today())
    assert len(removed) == 2 and len(back_up.backups(home.backups)) == 1


def test_no_name_can_be_read_in_the_file(home: Paths) -> None:
    data = saved(home).read_bytes()
    assert b"Diatta" not in data and "Sédhiou".encode() not in data

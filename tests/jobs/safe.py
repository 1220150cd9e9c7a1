"""A small office on a disk: its home, its password, and a backup of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migdesk.jobs import back_up
from migdesk.keys import Cost, KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import office, records
from migdesk.task import Task

CHEAP = Cost(memory=64, passes=1, lanes=1)
PASSWORD = "a quiet morning"


def make_home(folder: Path) -> Paths:
    """An office with one account and one person."""
    paths = Paths(folder).make()
    _keys, key, _recovery = KeyFile.create(paths.keys, "acc", "Fatou", PASSWORD, cost=CHEAP)
    store = Store.open(paths.database, key, create=True)
    store.actor = "acc"
    store.write(office.found, {"name": "HOM Sédhiou", "country": "SN"}, "Fatou", "acc")
    store.write(records.save, "person", None, {"family_name": "Diatta"})
    store.close()
    return paths


def unlock(keys: KeyFile) -> bytes:
    return keys.open_by_any(PASSWORD)


@contextmanager
def opened(home: Paths) -> Iterator[Store]:
    store = Store.open(home.database, unlock(KeyFile.load(home.keys)))
    store.actor = "acc"
    try:
        yield store
    finally:
        store.close()


def saved(home: Paths) -> Path:
    with opened(home) as store:
        return back_up.back_up(store, Task(), home)

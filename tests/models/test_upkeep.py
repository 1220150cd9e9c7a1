"""After an erasure the file is written anew, so that no page keeps what was moved out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from migdesk.models import meta, upkeep
from migdesk.models.store import Store
from migdesk.services import erasure, records
from migdesk.task import Cancelled, Task
from tests.needles import clear
from tests.tools import KEY

NEEDLE = "Oublizemar"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "a.db", KEY, create=True)
    yield made
    made.close()


def erased_among_others(store: Store) -> None:
    """People whose names grow, so that rows move from page to page, and are then erased."""
    ids = [
        store.write(records.save, "person", None, {"family_name": f"{word}{n}"})
        for n in range(60)
        for word in (NEEDLE, "Diatta")
    ]
    for n, id in enumerate(ids):
        name = NEEDLE if n % 2 == 0 else "Diatta"
        store.write(records.save, "person", id, {"family_name": f"{name} {name * 8}{n}"})
    for id in ids[::2]:
        store.write(erasure.erase, "person", id, "asked")


def said(store: Store, path: Path) -> bool:
    return NEEDLE.lower().encode() in clear(path, KEY).lower()


def test_nothing_of_the_erased_stays_in_unused_space(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    erased_among_others(store)
    assert said(store, path), "rows did not move: this test shows nothing"
    assert store.scrub(Task())
    assert not said(store, path)
    assert store.read(meta.get_meta, upkeep.STAINED) == ""
    store.check()


def test_it_is_written_anew_only_after_an_erasure(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    id = store.write(records.save, "person", None, {"family_name": NEEDLE})
    store.scrub(Task())
    before = path.read_bytes()
    assert store.scrub(Task()) and path.read_bytes() == before
    store.write(erasure.erase, "person", id, "asked")
    assert store.read(meta.get_meta, upkeep.STAINED)


def test_a_reader_in_the_way_leaves_it_for_the_next_time(store: Store, tmp_path: Path) -> None:
    erased_among_others(store)

    def read(session: Session) -> bool:
        records.count(session, "person", records.Query())
        return store.scrub(Task())

    assert not store.read(read)
    assert store.read(meta.get_meta, upkeep.STAINED)
    assert store.scrub(Task()) and not said(store, tmp_path / "a.db")


def test_it_can_be_cancelled(store: Store) -> None:
    erased_among_others(store)
    task = Task()
    task.cancel()
    with pytest.raises(Cancelled):
        store.scrub(task)
    assert store.read(meta.get_meta, upkeep.STAINED)
    store.check()

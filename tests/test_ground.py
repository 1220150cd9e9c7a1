"""The search after a journey finds what a program, a crash or the system left in clear."""

from __future__ import annotations

from pathlib import Path

import pytest

from migdesk.models.store import Store
from migdesk.services import records
from tests.journeys.ground import Ground

WORD = "Diattaraya"


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    folder = tmp_path / "ground"
    folder.mkdir()
    made = Ground(folder)
    made.expect([WORD])
    return made


@pytest.mark.parametrize(
    "place", ["home/migdesk.db-wal", "home/migdesk.log", "here/core", "user/.config/x", "b.zip"]
)
def test_a_word_anywhere_is_found(ground: Ground, place: str) -> None:
    path = ground.folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(99) + WORD.upper().encode() + bytes(9))
    with pytest.raises(AssertionError, match=path.name):
        ground.search()


def test_what_a_person_asked_for_may_lie_in_clear(ground: Ground) -> None:
    (ground.open / "receipt.pdf").write_text(WORD)
    ground.search()


def test_a_temporary_file_that_stays_is_a_fault(ground: Ground) -> None:
    (ground.temp / "migdesk-x").write_bytes(b"")
    with pytest.raises(AssertionError):
        ground.search()


def test_a_journey_that_tells_no_words_is_not_clean(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="notes"):
        Ground(tmp_path).search()


def test_the_words_are_those_of_the_database(store: Store, tmp_path: Path) -> None:
    person = {"family_name": WORD, "aliases": ["Khadydiatou"], "note": "was beaten by others"}
    id = store.write(records.save, "person", None, {**person, "phone": "+221771234567"})
    asked = {"person": id, "request": "funding_search"}
    store.write(records.save, "visit", None, {**asked, "words": "seeks chickens"})
    (tmp_path / "ground").mkdir()
    ground = Ground(tmp_path / "ground")
    store.read(ground.note)
    left = ground.here / "trace"
    for word in (WORD, "Khadydiatou", "beaten", "221771234567", "chickens"):
        left.write_text(f"{word} ")
        with pytest.raises(AssertionError, match=word):
            ground.search()
    left.unlink()
    ground.search()

"""The check repairs what follows from the log, and says what to do about the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from migdesk.errors import Cancelled
from migdesk.jobs.check import check
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import attachments, records
from migdesk.services.records import Query
from migdesk.settings import Settings
from migdesk.task import Task
from tests.jobs.safe import make_home, opened, saved


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return make_home(tmp_path / "home")


@pytest.fixture
def store(home: Paths) -> Iterator[Store]:
    with opened(home) as made:
        yield made


def spoil(session: Session, sql: str) -> None:
    """Past the capture, as a broken program or a forger would."""
    session.connection().exec_driver_sql(sql)


def codes(store: Store, home: Paths | None = None) -> dict[str, str]:
    return {each.code: each.state for each in check(store, Task(), home).findings}


def test_a_healthy_database_has_nothing_to_do(store: Store, home: Paths) -> None:
    store.write(attachments.add, "a.txt", b"bytes")
    store.write(records.save, "person", None, {"family_name": "Bâ"})
    assert codes(store) == {}
    assert "CHK-013" in codes(store, home)  # no backup yet


def test_rows_words_and_conflicts_are_made_again(store: Store) -> None:
    store.write(spoil, "UPDATE person SET family_name = 'Forged'")
    store.write(spoil, "UPDATE search_doc SET words = 'nothing' WHERE kind = 'person'")
    store.write(
        spoil, "INSERT INTO conflict (id, kind, row, field, winner, other) "
        "SELECT 'x', 'office', id, 'name', 'a', 'b' FROM office",
    )
    found = codes(store)
    assert found["CHK-002"] == found["CHK-003"] == "repaired"
    (person,) = store.read(records.list_page, "person", Query(text="diatta")).rows
    assert person.values["family_name"] == "Diatta"
    assert codes(store) == {}


def test_words_alone_are_written_again(store: Store) -> None:
    store.write(spoil, "UPDATE search_doc SET words = 'nothing' WHERE kind = 'person'")
    store.write(
        spoil, "INSERT INTO search_doc (row, kind, words) VALUES ('ghost', 'person', 'ghost')"
    )
    assert codes(store) == {"CHK-004": "repaired"}
    assert store.read(records.list_page, "person", Query(text="diatta")).rows
    assert codes(store) == {}


def test_files(store: Store) -> None:
    store.write(attachments.add, "a.txt", b"bytes")
    store.write(attachments.add, "b.txt", b"other")
    store.write(spoil, "UPDATE blob SET data = x'00' WHERE data = x'6279746573'")
    store.write(spoil, "INSERT INTO blob (hash, data) VALUES ('nobody', x'01')")
    found = codes(store)
    assert found["CHK-005"] == "todo"
    assert codes(store) == {"CHK-007": "note"}


def test_an_altered_log_is_told_and_not_repaired(store: Store) -> None:
    store.write(spoil, "UPDATE op SET body = replace(body, 'Diatta', 'Diallo')")
    assert codes(store)["CHK-016"] == "todo"
    assert codes(store)["CHK-016"] == "todo"


def test_a_damaged_file_says_what_helps(store: Store, home: Paths) -> None:
    store.check()
    with home.database.open("r+b") as file:
        file.seek(50 * 4096 + 100)
        file.write(b"broken")
    report = check(store, Task(), home)
    assert report.todo and [each.code for each in report.findings] == ["CHK-001"]


def test_backups_and_a_broken_key_file(store: Store, home: Paths) -> None:
    from migdesk.jobs import back_up, keep_backups

    saved(home)
    settings = Settings(home.settings)
    keep_backups.note(settings, (keep_backups.Kept(keep_backups.HOME, Path("x")),))
    assert codes(store, home) == {}
    keep_backups.note_fault(settings, back_up.NoRoom(folder="x"))
    home.keys.write_bytes(b"{")
    assert codes(store, home) == {"CHK-012": "todo", "CHK-014": "todo"}


class Stopping(Task):
    """Stops at the step of a number; `said` are the words of all that it reported."""

    def __init__(self, at: int) -> None:
        super().__init__(self._heard)
        self._at = at
        self.said: list[str] = []

    def _heard(self, _done: int, _total: int, text: str) -> None:
        self.said.append(text)
        if len(self.said) > self._at:
            self.cancel()


def test_it_stops_wherever_it_is(store: Store) -> None:
    """Asked within the pages, the records, the words, the files or the chain."""
    check(store, whole := Stopping(1_000_000))
    assert len(set(whole.said)) > 3
    for at in range(len(whole.said) - 1):
        task = Stopping(at)
        with pytest.raises(Cancelled):
            check(store, task)
        assert task.said == whole.said[: at + 1]
    assert codes(store) == {}

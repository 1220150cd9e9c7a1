"""Backups are whole or not there: checked by opening, read back, kept in rotation."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migdesk.errors import Cancelled
from migdesk.jobs import back_up, restore
from migdesk.keys import KeyFile
from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import records
from migdesk.services.records import Query
from migdesk.task import Task
from tests.jobs.safe import make_home, opened, saved, unlock

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return make_home(tmp_path / "home")


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: the system refuses, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def left(paths: Paths) -> list[str]:
    """Names of what does not belong into a home."""
    known = {"migdesk.db", "keys.json", "backups", "computer.id"}
    stray = [p.name for p in paths.home.iterdir() if p.name not in known]
    return sorted(stray + [p.name for p in paths.backups.glob("*.part")])


def test_a_backup_tells_what_it_holds(home: Paths, tmp_path: Path) -> None:
    path = saved(home)
    about = back_up.look(path)
    assert about.accounts == (("acc", "Fatou"),) and about.size == path.stat().st_size
    assert about.computer == home.computer
    found = restore.holding(path, tmp_path / "scratch", unlock)
    assert found.office == "HOM Sédhiou" and found.counts["person"] == 1
    assert not (tmp_path / "scratch").exists()
    assert left(home) == []


def test_no_name_can_be_read_in_the_file(home: Paths) -> None:
    data = saved(home).read_bytes()
    assert b"Diatta" not in data and "Sédhiou".encode() not in data


def test_a_backup_while_others_write_is_whole(home: Paths) -> None:
    with opened(home) as store, opened(home) as other:
        wrote: list[str] = []

        def write(done: int, total: int, text: str) -> None:
            if len(wrote) < 5:
                wrote.append(other.write(records.save, "person", None, {"family_name": "Bâ"}))

        path = back_up.back_up(store, Task(write), home)
    assert len(wrote) == 5
    held = restore.holding(path, home.home / ".look-1", unlock)
    assert 1 <= held.counts["person"] <= 6


@pytest.mark.parametrize("part", [0.3, 1.1])
def test_a_full_disk_leaves_nothing_behind(home: Paths, part: float) -> None:
    """Full while the copy is made, and while the archive is written."""
    size = home.database.stat().st_size
    with opened(home) as store:
        store.check()  # empties the log beside, which may not grow here either
        most = int(size * part) if part < 1 else size + 1_000
        with small_disk(most), pytest.raises(back_up.NoRoom):
            back_up.back_up(store, Task(), home)
        assert left(home) in ([], ["migdesk.db-shm", "migdesk.db-wal"])
        assert back_up.backups(home.backups) == []
        store.write(records.save, "person", None, {"family_name": "Sané"})
        assert back_up.look(back_up.back_up(store, Task(), home))


def test_a_stick_that_is_pulled_is_said(home: Paths, tmp_path: Path) -> None:
    stick = tmp_path / "stick"

    def pull(done: int, total: int, text: str) -> None:
        if list(stick.glob("*.part")):
            shutil.rmtree(stick)

    with opened(home) as store, pytest.raises(back_up.PlaceLost) as caught:
        back_up.back_up(store, Task(pull), home, stick)
    assert "stick" in caught.value.words
    assert not stick.exists()


def test_a_stick_that_forgets_is_noticed(home: Paths, tmp_path: Path) -> None:
    stick = tmp_path / "stick"

    def spoil(done: int, total: int, text: str) -> None:
        for part in stick.glob("*.part"):
            with part.open("r+b") as file:
                file.seek(30_000)
                file.write(b"forgotten")

    with opened(home) as store, pytest.raises(back_up.NotAsWritten):
        back_up.back_up(store, Task(spoil), home, stick)
    assert list(stick.iterdir()) == []


def test_asked_to_stop_it_leaves_nothing(home: Paths) -> None:
    task = Task(lambda done, total, text: task.cancel() if list(parts()) else None)

    def parts() -> Iterator[Path]:
        return home.backups.glob("*.part")

    with opened(home) as store, pytest.raises(Cancelled):
        back_up.back_up(store, task, home)
    assert list(home.backups.iterdir()) == []


KILLED = """
import os, signal, sys
from tests.jobs.safe import opened
from migdesk.jobs import back_up
from migdesk.paths import Paths
from migdesk.task import Task
steps = int(sys.argv[2])
def report(done, total, text):
    global steps
    steps -= 1
    if steps == 0:
        os.kill(os.getpid(), signal.SIGKILL)
home = Paths(__import__("pathlib").Path(sys.argv[1]))
with opened(home) as store:
    back_up.back_up(store, Task(report), home)
"""


@pytest.mark.parametrize("step", [1, 2, 4, 6])
def test_killed_it_leaves_no_backup_that_looks_whole(home: Paths, step: int) -> None:
    command = [sys.executable, "-c", KILLED, str(home.home), str(step)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    assert back_up.backups(home.backups) == []
    path = saved(home)
    assert [b.path for b in back_up.backups(home.backups)] == [path]
    for stray in (*home.home.glob(".backup-*"), *home.backups.glob("*.part")):
        os.utime(stray, (0, 0))
    saved(home)
    assert left(home) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: b"PK\x03\x04 of another program",
        lambda data: data[:30_000] + bytes([data[30_000] ^ 1]) + data[30_001:],
    ],
)
def test_a_broken_backup_is_refused(home: Paths, spoil: Callable[[bytes], bytes]) -> None:
    path = saved(home)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(back_up.BadBackup):
        back_up.look(path)


def test_days_weeks_and_months_are_kept(home: Paths) -> None:
    path = saved(home)
    about = back_up.look(path)
    start = datetime(2026, 11, 21, 12, tzinfo=UTC)
    for age in range(120):
        for hour in (0, 3):
            moment = start - timedelta(days=age, hours=hour)
            aged(path, stored_moment(moment), about.computer)
    aged(path, stored_moment(start), "f" * 16)
    path.unlink()
    back_up.prune(home.backups, home.computer, daily=7, weekly=4, monthly=6)
    kept = back_up.backups(home.backups)
    mine = [b.made[:10] for b in kept if b.computer == home.computer]
    assert mine[:7] == [f"2026-11-{day}" for day in range(21, 14, -1)]
    assert mine[7:] == ["2026-11-08", "2026-11-01", "2026-10-31", "2026-09-30", "2026-08-31",
                        "2026-07-31"][: len(mine) - 7]
    assert len(mine) >= 11
    assert [b for b in kept if b.computer == "f" * 16]


def aged(path: Path, made: str, computer: str) -> None:
    """A small archive that says it was made at another moment."""
    import json
    import zipfile

    name = f"migdesk-{computer[:4]}-{made.replace(':', '')}{back_up.ENDING}"
    about = {"made": made, "program": "1", "accounts": [], "computer": computer}
    with zipfile.ZipFile(path.parent / name, "w") as archive:
        archive.writestr("about.json", json.dumps(about))
        archive.writestr("keys.json", "{}")
        archive.writestr("migdesk.db", "")


def test_the_newest_always_stays(home: Paths) -> None:
    path = saved(home)
    back_up.prune(home.backups, home.computer, daily=0, weekly=0, monthly=0)
    assert back_up.backups(home.backups)[0].path == path


def test_the_copy_is_opened_before_it_is_packed(home: Paths) -> None:
    """A page that is broken in the database never becomes a backup."""
    with opened(home) as store:
        store.check()
    with home.database.open("r+b") as file:
        file.seek(40 * 4096 + 100)
        file.write(b"broken")
    key = unlock(KeyFile.load(home.keys))
    store = Store.open(home.database, key)
    try:
        with pytest.raises(Exception, match="DBS-002"):
            back_up.back_up(store, Task(), home)
    finally:
        store.close()
    assert back_up.backups(home.backups) == []


def test_a_second_backup_in_one_second_has_its_own_name(home: Paths) -> None:
    with opened(home) as store:
        made = {back_up.back_up(store, Task(), home) for _ in range(3)}
    assert len(made) == 3


def test_people_are_as_many_as_before(home: Paths) -> None:
    saved(home)
    with opened(home) as store:
        assert store.read(records.count, "person", Query()) == 1

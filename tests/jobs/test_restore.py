"""A restored database has the same content, a new name to write under, and no half state."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from migdesk.jobs import back_up, restore
from migdesk.keys import KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import erasure, exchange, office, records
from migdesk.services.records import Query
from tests.jobs.safe import PASSWORD, make_home, opened, saved, unlock

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return make_home(tmp_path / "home")


def people(store: Store) -> int:
    return store.read(records.count, "person", Query())


def test_elsewhere_it_has_the_same_content_and_no_card(home: Paths, tmp_path: Path) -> None:
    with opened(home) as store:
        store.write(exchange.make_card)
    elsewhere = Paths(tmp_path / "other").make()
    found = restore.restore(saved(home), elsewhere, unlock)
    assert found.elsewhere and found.held.counts["person"] == 1
    with opened(home) as one, opened(elsewhere) as two:
        rows = [s.read(records.list_page, "person", Query()).rows for s in (one, two)]
        assert rows[0] == rows[1]
        assert one.device != two.device
        assert two.read(exchange.identity) is None


def test_here_it_keeps_its_card_and_writes_under_a_new_name(home: Paths) -> None:
    with opened(home) as store:
        store.write(exchange.make_card)
        card, device = store.read(exchange.identity), store.device
        incarnation = store.read(office.facts)["incarnation"]
    path = saved(home)
    with opened(home) as store:
        store.write(records.save, "person", None, {"family_name": "Sané"})
    found = restore.restore(path, home, unlock)
    assert not found.elsewhere and found.held.counts["person"] == 1
    with opened(home) as again:
        assert again.device != device
        facts = again.read(office.facts)
        assert facts["restored_from"] == device and facts["incarnation"] != incarnation
        held = again.read(exchange.identity)
        assert held is not None and card is not None and held.card == card.card
        again.write(records.save, "person", None, {"family_name": "Bâ"})
        again.check()
    (kept,) = home.backups.glob("before-restore-*")
    before = Paths(kept)
    with opened(before) as store:
        assert people(store) == 2


def test_a_lost_database_comes_back_with_its_card(home: Paths) -> None:
    with opened(home) as store:
        store.write(exchange.make_card)
    path = saved(home)
    home.database.unlink()
    home.keys.unlink()
    assert not restore.restore(path, home, unlock).elsewhere
    with opened(home) as store:
        assert store.read(exchange.identity) is not None


def test_a_wrong_password_changes_nothing(home: Paths) -> None:
    path = saved(home)
    before = home.database.read_bytes(), home.keys.read_bytes()
    with pytest.raises(Exception, match="KEY-"):
        restore.restore(path, home, lambda keys: keys.open("acc", "another password"))
    assert (home.database.read_bytes(), home.keys.read_bytes()) == before
    assert not (home.home / ".restore").exists()


@pytest.mark.parametrize("cut", [0.0, 0.5, 0.9999])
def test_a_cut_archive_changes_nothing(home: Paths, cut: float) -> None:
    path = saved(home)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    before = home.database.read_bytes()
    with pytest.raises(back_up.BadBackup):
        restore.restore(path, home, unlock)
    assert home.database.read_bytes() == before
    assert not (home.home / ".restore").exists()


def test_keys_of_another_office_do_not_open(home: Paths, tmp_path: Path) -> None:
    """A key file that was exchanged inside the archive: refused, nothing changed."""
    import zipfile

    other = make_home(tmp_path / "other")
    path = saved(home)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, other.keys.read_bytes() if "keys" in name else data)
    before = home.database.read_bytes()
    with pytest.raises(Exception, match="DBS-001"):
        restore.restore(path, home, unlock)
    assert home.database.read_bytes() == before


def test_an_open_window_is_not_pulled_away(home: Paths) -> None:
    path = saved(home)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.home)], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    assert holder.stdout is not None and holder.stdin is not None
    assert holder.stdout.readline().strip() == "open"
    try:
        with pytest.raises(restore.InUse):
            restore.restore(path, home, unlock)
    finally:
        holder.stdin.close()
        assert holder.wait(30) == 0
        holder.stdout.close()
    restore.restore(path, home, unlock)


HOLD = """
import sys
from pathlib import Path
from migdesk.paths import Paths
from tests.jobs.safe import opened
with opened(Paths(Path(sys.argv[1]))) as store:
    print("open", flush=True)
    sys.stdin.read()
"""

KILLED = """
import os, signal, sys
from pathlib import Path
from migdesk.jobs import restore
from migdesk.paths import Paths
from tests.jobs.safe import unlock
moves, move = int(sys.argv[3]), os.replace
def moved(source, target):
    global moves
    moves -= 1
    if moves == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    move(source, target)
os.replace = moved
restore.restore(Path(sys.argv[2]), Paths(Path(sys.argv[1])), unlock)
"""


@pytest.mark.parametrize("moves", [1, 2, 3, 4, 5])
def test_killed_while_it_changes_places_the_next_start_ends_it(
    home: Paths, moves: int
) -> None:
    path = saved(home)
    with opened(home) as store:
        store.write(records.save, "person", None, {"family_name": "Sané"})
    command = [sys.executable, "-c", KILLED, str(home.home), str(path), str(moves)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -9
    done = restore.resume(home)
    assert done == (moves > 1)
    with opened(home) as store:
        assert people(store) == (1 if done else 2)
        store.check()
    if done:
        (kept,) = home.backups.glob("before-restore-*")
        with opened(Paths(kept)) as store:
            assert people(store) == 2
    assert not (home.home / ".restore").exists()
    assert restore.resume(home) is False


def test_the_keys_come_from_the_backup(home: Paths) -> None:
    path = saved(home)
    file = KeyFile.load(home.keys)
    file.set_password(unlock(file), "acc", "a later password")
    restore.restore(path, home, unlock)
    assert KeyFile.load(home.keys).open("acc", PASSWORD)


def test_who_was_erased_does_not_come_back(home: Paths) -> None:
    with opened(home) as store:
        (person,) = store.read(records.list_page, "person", Query()).rows
        store.write(records.save, "person", None, {"family_name": "Sané"})
    path = saved(home)
    with opened(home) as store:
        store.write(erasure.erase, "person", person.id, "asked")
    assert restore.restore(path, home, unlock).held.counts["person"] == 1
    with opened(home) as store:
        (left,) = store.read(records.list_page, "person", Query()).rows
        assert left.values["family_name"] == "Sané"
        assert store.read(erasure.is_erased, person.id)


def test_a_file_whose_log_could_not_be_closed_does_not_take_its_place(tmp_path: Path) -> None:
    """The disk refused while the last of it was written from its log into it."""
    paths = Paths(tmp_path).make()
    paths.database.write_bytes(b"of before")
    fresh = Paths(paths.beside).make()
    fresh.database.write_bytes(b"half")
    Path(f"{fresh.database}-wal").write_bytes(b"the other half")
    with pytest.raises(back_up.NoRoom):
        restore.put_in_place(paths, "before")
    assert paths.database.read_bytes() == b"of before"
    assert not restore.resume(paths) and not paths.beside.exists()

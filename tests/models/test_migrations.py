"""The schema: equal to the models, all or nothing, never guessed at."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from migdesk.models import Base, local, migrations
from migdesk.models.pg import NoServer
from migdesk.models.store import Damaged, Missing, NewerFile, Store, WrongKey
from tests import pg
from tests.tools import KEY

ROOT = Path(__file__).resolve().parents[2]

KILLED = """
import os, signal, sys
import sqlalchemy as sa
from pathlib import Path
from sqlalchemy import event
from migdesk.models.store import Store

tables = 0

@event.listens_for(sa.Engine, "after_cursor_execute")
def count(connection, cursor, statement, *rest):
    global tables
    tables += statement.lstrip().startswith("CREATE TABLE")
    if tables == 10:
        os.kill(os.getpid(), signal.SIGKILL)

where, key = sys.argv[1:]
if key:
    Store.open(Path(where), bytes.fromhex(key), create=True)
else:
    Store.connect(where)
"""


def ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Leave out the full-text index, which is no table of the models."""
    return not (kind == "table" and str(name).startswith("search_fts")) and (
        name not in {"alembic_version", "ix_search_doc_words"}
    )


def test_the_schema_is_what_the_models_say(any_store: Store) -> None:
    assert local.OpRow.__table__ in Base.metadata.sorted_tables
    with any_store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": ours, "compare_type": True},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_head_is_the_newest_revision_that_we_know(any_store: Store) -> None:
    files = {p.stem for p in Path(migrations.__file__).parent.glob("versions/v*.py")}
    assert files == {f"v{version}" for version in migrations.KNOWN if version}
    assert any_store._version() == migrations.HEAD == migrations.KNOWN[-1]


def killed_while_migrating(where: str, key: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where, key], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_killed_migration_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    killed_while_migrating(str(path), KEY.hex())
    store = Store.open(path, KEY, create=True)
    assert store._version() == migrations.HEAD
    assert store.device
    store.check()
    store.close()


def test_a_killed_migration_leaves_the_old_server() -> None:
    url = pg.fresh()
    killed_while_migrating(url, "")
    with psycopg.connect(pg.plain(url)) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert found.fetchone() == (0,)
    store = Store.connect(url)
    assert store._version() == migrations.HEAD
    store.close()


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """A database file of our own that nobody has open."""
    return Path(shutil.copy(migrated, tmp_path / "file.db"))


def refused(path: Path, fault: type[Exception], key: bytes = KEY) -> None:
    before = path.read_bytes()
    with pytest.raises(fault):
        Store.open(path, key)
    assert path.read_bytes() == before


def test_a_newer_file_is_refused(file: Path) -> None:
    store = Store.open(file, KEY)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    refused(file, NewerFile)


def test_a_newer_server_is_refused(pg_url: str) -> None:
    with psycopg.connect(pg.plain(pg_url)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerFile):
        Store.connect(pg_url)


def test_another_key_is_refused(file: Path) -> None:
    refused(file, WrongKey, bytes(32))


@pytest.mark.parametrize("kept", [0, 1, 100, 4096, 20_000, -4096, -1])
def test_a_truncated_or_empty_file_is_refused(file: Path, kept: int) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:kept])
    refused(file, Damaged)


def test_an_altered_page_is_found(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(Damaged):  # at once if opening reads the page, else by the check
        Store.open(file, KEY).check()


def test_what_is_no_database_is_refused(file: Path) -> None:
    file.write_bytes(b"code,name\n" * 4096)
    refused(file, WrongKey)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        Store.open(tmp_path / "none.db", KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoServer):
        Store.connect(f"postgresql://postgres@/none?host={tmp_path}")


def test_the_file_is_ours_alone_and_holds_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    store = Store.open(path, KEY, create=True)
    assert path.stat().st_mode & 0o777 == 0o600
    store.close()
    data = path.read_bytes()
    assert b"SQLite format 3" not in data
    assert b"CREATE TABLE" not in data
    assert {p.name for p in tmp_path.iterdir()} == {"a.db"}

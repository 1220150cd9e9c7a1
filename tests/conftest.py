"""What every test stands on: no screen, hypothesis without a clock, a silent log, and
databases: an encrypted file (`store`), a PostgreSQL database (`pg_store`), or the same
test on both (`any_store`)."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from migdesk import i18n
from migdesk.clock import new_device_id
from migdesk.models.kinds import HOME
from migdesk.models.meta import set_meta
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.ui.imports import read_no_sources
from tests import pg
from tests.tools import KEY, Make

# Set before any test imports Qt, which reads it once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
read_no_sources()

settings.register_profile("migdesk", deadline=None, derandomize=True)
settings.load_profile("migdesk")

_databases = count(1)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in the log fails the test; one that is wanted is read and cleared."""
    yield
    loud = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING
    ]
    assert loud == []


@pytest.fixture(autouse=True)
def _at_home() -> Iterator[None]:
    """Each test ends in English, in Senegal, wherever it went."""
    yield
    i18n.use("en")
    HOME.country, HOME.currency = "SN", "XOF"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """The folders of an installation that is not yet started."""
    return Paths(tmp_path / "home").make()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted file with an empty schema: migrated once, copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "migdesk.db"
    Store.open(path, KEY, create=True).close()
    return path


@pytest.fixture
def new_store(migrated: Path, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens another computer's empty database at each call."""
    opened: list[Store] = []

    def open_one() -> Store:
        path = tmp_path / f"store-{len(opened)}.db"
        shutil.copy(migrated, path)
        opened.append(renamed(Store.open(path, KEY)))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """An empty encrypted database."""
    return new_store()


@pytest.fixture(scope="session")
def pg_template() -> Iterator[str]:
    """Name of a migrated PostgreSQL database, copied for each test."""
    url = pg.fresh()
    Store.connect(url).close()
    yield url.split("@/")[1].split("?")[0]
    pg.stop()


@pytest.fixture
def pg_url(pg_template: str) -> Iterator[str]:
    """Address of an empty, migrated PostgreSQL database."""
    name = f"copy_{next(_databases)}"
    with psycopg.connect(pg.plain(pg.start()), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{pg_template}" STRATEGY FILE_COPY')
        yield pg.start().replace("@/postgres?", f"@/{name}?")
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def pg_store(pg_url: str) -> Iterator[Store]:
    """An empty PostgreSQL database."""
    store = renamed(Store.connect(pg_url))
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """The test runs once on an encrypted file and once on PostgreSQL."""
    found: Store = request.getfixturevalue("store" if request.param == "sqlite" else "pg_store")
    return found


def renamed(store: Store) -> Store:
    """Give a copied database a device of its own: two computers never share one."""
    store.device = new_device_id()
    store.write(set_meta, "device", store.device)
    return store


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Make:
    """Makes records in the database of the test."""
    for name in ("any_store", "pg_store"):
        if name in request.fixturenames:
            return Make(request.getfixturevalue(name))
    return Make(request.getfixturevalue("store"))

"""The encrypted file: how SQLCipher is opened, and when a file is only a stump of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

PAGE = 4096
"""Bytes of a page of an encrypted file: no database is smaller."""


def sqlite_engine(path: Path, key: bytes, create: bool) -> sa.Engine:
    """Connections to an encrypted file; `create` makes it where it is not there."""
    from sqlcipher3 import dbapi2

    uri = f"{path.resolve().as_uri()}?mode={'rwc' if create else 'rw'}"

    def connect() -> Any:
        connection = dbapi2.connect(
            uri, uri=True, check_same_thread=False, isolation_level=None, timeout=10
        )
        run = connection.execute
        run(f"PRAGMA key = \"x'{key.hex()}'\"")
        run("PRAGMA cipher_log_level = none")
        run("PRAGMA cache_size = -65536")
        try:
            run("SELECT count(*) FROM sqlite_master").fetchone()
            run("PRAGMA journal_mode = WAL")
        except dbapi2.Error:
            connection.close()
            raise
        run("PRAGMA synchronous = FULL")
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA secure_delete = ON")
        run("PRAGMA temp_store = MEMORY")
        return connection

    engine = sa.create_engine(
        "sqlite://",
        creator=connect,
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=4,
        hide_parameters=True,  # an error's text goes to the log, names must not
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("migdesk_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def is_cut(path: Path) -> bool:
    """Whether the end of the file is missing. SQLite takes a stump for a new database, and
    notices half a page only when it reads it; a log beside may still hold that page."""
    size = path.stat().st_size
    return size < PAGE or (size % PAGE > 0 and not Path(f"{path}-wal").exists())

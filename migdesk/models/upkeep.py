"""Care of the encrypted file as a whole: looked through, copied, written anew.

SQLite zeroes what it deletes (``secure_delete``), but not what it moved from one page to
another while pages filled: what was erased since may stay in the unused space of a page where
it once was. So after an erasure the file is stained, until every page was written anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.task import Task

from . import meta, search

STAINED = "stained"
"""Fact of this database: some mark, if something was erased since the file was written
anew."""


def stain(connection: sa.Connection) -> None:
    """Something was erased."""
    if connection.dialect.name == "sqlite":
        meta.write(connection, STAINED, uuid7())


def clean(session: Session, mark: str) -> None:
    """The file was written anew, and held all that this stain is of."""
    if meta.get_meta(session, STAINED) == mark:
        meta.set_meta(session, STAINED, "")


def write_anew(engine: sa.Engine, task: Task) -> bool:
    """Write the index of the search and every page anew, within the file; whether nothing of
    the old pages is left. About a second for 60 MB, in which nobody else writes. What SQLite
    puts aside lies encrypted in a temporary file, since it may be more than the memory holds.
    Raises Cancelled, and the faults of the driver."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with task.cutting(driver.interrupt):
            try:
                task.heed()
                driver.execute("PRAGMA temp_store = FILE")
                driver.execute(search.ANEW)
                driver.execute("VACUUM")
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except engine.dialect.loaded_dbapi.OperationalError:
                task.heed()  # then it was interrupted
                raise
            finally:
                driver.execute("PRAGMA temp_store = MEMORY")
    return not busy


def is_whole(engine: sa.Engine, task: Task) -> bool:
    """Read every page and verify its checksum and structure. Raises Cancelled, and the
    faults of the driver."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        run = connection.exec_driver_sql
        with task.cutting(driver.interrupt):
            try:
                run("PRAGMA wal_checkpoint(TRUNCATE)")
                task.heed()
                problems = run("PRAGMA cipher_integrity_check").fetchall()
                task.heed()
                return not problems and run("PRAGMA integrity_check").scalar() == "ok"
            except exc.OperationalError:
                task.heed()  # then it was interrupted
                raise


def copy_pages(
    engine: sa.Engine, key: bytes, path: Path, progress: Callable[[int, int], None]
) -> None:
    """Copy the file page by page; `progress` gets (pages left, pages)."""
    with engine.connect() as connection:
        source = connection.connection.driver_connection
        target = engine.dialect.loaded_dbapi.connect(str(path))
        try:
            target.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            assert source is not None
            source.backup(
                target, pages=512, progress=lambda _state, left, total: progress(left, total)
            )
        finally:
            target.close()

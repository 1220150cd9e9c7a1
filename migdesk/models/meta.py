"""Facts of this database by name: its device, its clock, counters, cursors."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from . import quick

_READ = "SELECT value FROM meta WHERE key = :key"
_WRITE = (
    "INSERT INTO meta (key, value) VALUES (:key, :value) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_COUNT_UP = (
    "INSERT INTO meta (key, value) VALUES (:key, '1') ON CONFLICT (key) DO UPDATE "
    "SET value = CAST(CAST(meta.value AS INTEGER) + 1 AS TEXT) RETURNING value"
)


def read(connection: sa.Connection, key: str) -> str:
    """A fact of this database, "" if it is not known."""
    return str(quick.scalar(connection, _READ, {"key": key}) or "")


def write(connection: sa.Connection, key: str, value: str) -> None:
    """Keep a fact of this database."""
    quick.run(connection, _WRITE, [{"key": key, "value": value}])


def get_meta(session: Session, key: str) -> str:
    """`read` for a service."""
    return read(session.connection(), key)


def set_meta(session: Session, key: str, value: str) -> None:
    """`write` for a service."""
    write(session.connection(), key, value)


def count_up(session: Session, key: str) -> int:
    """The next number of a counter, from 1; inside `Store.write`."""
    return int(quick.scalar(session.info["scribe"].connection, _COUNT_UP, {"key": key}))

"""The few statements that every write makes, without the cost of building them each time.

SQLAlchemy spends four times as long on a small statement as SQLite does; a small save makes
six of ours (clock, code, row, op, words). On SQLite they go to the driver as they are; its
``:name`` is also what `sqlalchemy.text` reads, so PostgreSQL takes the same words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa


def scalar(connection: sa.Connection, sql: str, values: Mapping[str, Any]) -> Any:
    """First column of the first row, None if there is none."""
    if connection.dialect.name != "sqlite":
        return connection.execute(sa.text(sql), values).scalar()
    row = _driver(connection).execute(sql, values).fetchone()
    return row[0] if row else None


def rows(connection: sa.Connection, sql: str, values: Mapping[str, Any]) -> list[Any]:
    """Every row of a query, as tuples."""
    if connection.dialect.name != "sqlite":
        return list(connection.execute(sa.text(sql), values))
    return list(_driver(connection).execute(sql, values))


def run(connection: sa.Connection, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement for each of `rows`."""
    if connection.dialect.name != "sqlite":
        connection.execute(sa.text(sql), rows)
    else:
        _driver(connection).executemany(sql, rows)


def insert(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Add one row; columns not named stay empty."""
    if connection.dialect.name != "sqlite":
        connection.execute(sa.insert(table), values)
        return
    sql, empty = _insertion(table)
    stored = {n: json.dumps(v) if isinstance(v, dict | list) else v for n, v in values.items()}
    _driver(connection).execute(sql, {**empty, **stored})


@cache
def _insertion(table: sa.Table) -> tuple[str, dict[str, None]]:
    names = [column.name for column in table.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(f":{name}" for name in names)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', dict.fromkeys(names)


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection

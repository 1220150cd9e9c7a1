"""The few statements that every write makes, without the cost of building them each time.

SQLAlchemy spends four times as long on a small statement as SQLite does; a small save makes
six of ours (clock, code, row, op, words). On SQLite they go to the driver as they are; its
``:name`` is also what `sqlalchemy.text` reads, so PostgreSQL takes the same words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
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


def fetch(
    connection: sa.Connection, table: sa.Table, ids: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows by their ids, in no order, as the ORM would give their values."""
    if connection.dialect.name != "sqlite":
        found = connection.execute(sa.select(table).where(table.c.id.in_(ids)))
        return [dict(row) for row in found.mappings()]
    sql, names, readers = _selection(table)
    made = []
    for row in _driver(connection).execute(sql, {"ids": json.dumps(ids)}):
        values = dict(zip(names, row, strict=True))
        for name, reader in readers:
            if values[name] is not None:
                values[name] = reader(values[name])
        made.append(values)
    return made


@cache
def _selection(
    table: sa.Table,
) -> tuple[str, tuple[str, ...], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    names = tuple(column.name for column in table.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    wanted = "SELECT value FROM json_each(:ids)"
    sql = f'SELECT {columns} FROM "{table.name}" WHERE id IN ({wanted})'
    known = ((sa.JSON, json.loads), (sa.Boolean, bool))
    readers = (
        (column.name, reader)
        for column in table.columns
        for kind, reader in known
        if isinstance(column.type, kind)
    )
    return sql, names, tuple(readers)


@cache
def _insertion(table: sa.Table) -> tuple[str, dict[str, None]]:
    names = [column.name for column in table.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(f":{name}" for name in names)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', dict.fromkeys(names)


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection

"""The few statements that every write makes, without the cost of building them each time.

SQLAlchemy spends four times as long on a small statement as SQLite does; a small save makes
six of ours (clock, code, row, op, words). On SQLite they go to the driver as they are; its
``:name`` is also what `sqlalchemy.text` reads, so PostgreSQL takes the same words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import islice
from json.encoder import encode_basestring_ascii
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
CHUNK = 400


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Consecutive lists of at most `size` items (parameters of one SQL statement)."""
    ahead = iter(items)
    while part := list(islice(ahead, size)):
        yield part


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


def among(
    connection: sa.Connection, select: str, column: str, values: Iterable[str]
) -> list[Any]:
    """Rows of a query whose column is one of `values`, however many they are."""
    found: list[Any] = []
    for part in chunks(values, 5_000):
        if connection.dialect.name != "sqlite":
            sql = sa.text(f"{select} WHERE {column} = ANY(:ids)")
            found += connection.execute(sql, {"ids": part})
        else:
            sql_ = f"{select} WHERE {column} IN (SELECT value FROM json_each(:ids))"
            found += _driver(connection).execute(sql_, {"ids": json.dumps(part)})
    return found


def drop(connection: sa.Connection, table: str, column: str, values: Iterable[str]) -> None:
    """Delete the rows of a table whose column is one of `values`."""
    delete = f'DELETE FROM "{table}" WHERE "{column}"'
    for part in chunks(values, 5_000):
        if connection.dialect.name != "sqlite":
            connection.execute(sa.text(f"{delete} = ANY(:ids)"), {"ids": part})
        else:
            sql = f"{delete} IN (SELECT value FROM json_each(:ids))"
            _driver(connection).execute(sql, {"ids": json.dumps(part)})


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
    names, lists = _columns(table)
    row = list(map(values.get, names))
    for at in lists:
        if row[at] is not None:
            row[at] = _json(row[at])
    _driver(connection).execute(_adding(table.name, names, "?"), row)


Row: TypeAlias = Sequence[Any]
"""Values in the order of the columns: the driver binds these faster than named ones."""


def add(
    connection: sa.Connection, table: str, names: tuple[str, ...], rows: Iterable[Row]
) -> None:
    """Add rows, given as the values of these columns as the database holds them."""
    _add(connection, _adding, table, names, rows)


def put(
    connection: sa.Connection, table: sa.Table, names: tuple[str, ...], rows: Iterable[Row]
) -> None:
    """Add rows, given as the values of these columns, in the place of those with the same
    id; other columns are empty then."""
    lists = [n for n, name in enumerate(names) if _is_json(table.columns[name])]

    def stored() -> Iterator[Row]:
        for row in rows:
            kept = list(row)
            for at in lists:
                if kept[at] is not None:
                    kept[at] = _json(kept[at])
            yield kept

    columns = tuple(each.name for each in table.columns if each.name != "id")
    statement = partial(_replacing, columns)
    _add(connection, statement, table.name, names, stored())


def _add(
    connection: sa.Connection,
    statement: Callable[[str, tuple[str, ...], str], str],
    table: str,
    names: tuple[str, ...],
    rows: Iterable[Row],
) -> None:
    if connection.dialect.name == "sqlite":
        _driver(connection).executemany(statement(table, names, "?"), rows)
    elif given := [dict(zip(names, row, strict=True)) for row in rows]:
        connection.execute(sa.text(statement(table, names, "")), given)


def _json(value: Any) -> str:
    """As `json.dumps`, which spends most of its time before it looks at a list or a mapping
    of texts."""
    text = encode_basestring_ascii
    try:
        if type(value) is list:
            return f"[{', '.join(map(text, value))}]"
        if type(value) is dict:
            pairs = [f"{text(name)}: {text(each)}" for name, each in value.items()]
            return f"{{{', '.join(pairs)}}}"
    except TypeError:  # not all of them are texts
        pass
    return json.dumps(value)


@cache
def _adding(table: str, names: tuple[str, ...], mark: str) -> str:
    """`mark` stands for each value, "" for its name."""
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(mark or f":{name}" for name in names)
    return f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'


@lru_cache(maxsize=500)
def _replacing(
    columns: tuple[str, ...], table: str, names: tuple[str, ...], mark: str
) -> str:
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
    return f"{_adding(table, names, mark)} ON CONFLICT (id) DO UPDATE SET {changes}"


def fetch(
    connection: sa.Connection, table: sa.Table, ids: Sequence[str], by: str = "id"
) -> list[dict[str, Any]]:
    """Rows by their ids (or by another column), in no order, as the ORM would give their
    values."""
    if connection.dialect.name != "sqlite":
        found = connection.execute(sa.select(table).where(table.c[by].in_(ids)))
        return [dict(row) for row in found.mappings()]
    sql, names, readers = _selection(table, by)
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
    table: sa.Table, by: str
) -> tuple[str, tuple[str, ...], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    names = tuple(column.name for column in table.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    wanted = "SELECT value FROM json_each(:ids)"
    sql = f'SELECT {columns} FROM "{table.name}" WHERE "{by}" IN ({wanted})'
    known = ((sa.JSON, json.loads), (sa.Boolean, bool))
    readers = (
        (column.name, reader)
        for column in table.columns
        for kind, reader in known
        if isinstance(column.type, kind)
    )
    return sql, names, tuple(readers)


@cache
def _columns(table: sa.Table) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names of the columns, and the places of those that hold JSON."""
    names = tuple(column.name for column in table.columns)
    return names, tuple(n for n, column in enumerate(table.columns) if _is_json(column))


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection

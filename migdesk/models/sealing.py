"""Compartments: rows that not every account may know of, and how it is kept from them.

A row is *sealed* by its type, by its field `compartment`, or by a sealed row that it names:
the step of a legal case, its scan, the visit at which it was opened. Of a row that is only
*masked* (a person in danger) everybody may know, and the names are left out. The table
`sealed` says so for each such row; it follows from the records alone.

Who lacks a compartment reads through connections on which temporary views stand before the
tables (`walls`): on SQLite and PostgreSQL a temporary name comes first, whoever wrote the
statement and however. No list, count, search or export can forget to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from . import RECORDS, quick
from .declare import RecordType
from .kinds import AnyLink, Link
from .local import Sealed

COMPARTMENTS = ("legal", "health", "shelter", "protection")
"""Codes of the list `compartments`."""

Seals = set[tuple[str, bool]]
"""Compartments of a row, each with whether the row is only masked by it."""
Granted = frozenset[str] | None
"""Compartments that an account was given; None: the program itself, which sees all."""


def _begins(about: RecordType) -> bool:
    return bool(about.compartment) or "compartment" in about.fields


@cache
def sealable() -> frozenset[str]:
    """Kinds of which a row may be sealed."""
    found = {kind for kind, about in RECORDS.items() if _begins(about)}
    while True:
        more = {a.kind for a in RECORDS.values() if a.kind not in found and _named(a, found)}
        if not more:
            return frozenset(found)
        found |= more


def _named(about: RecordType, kinds: Collection[str]) -> tuple[str, ...]:
    """Fields of a type that name a row of one of these kinds. A file is sealed with what it
    belongs to, and not the other way round."""
    return tuple(
        f.name
        for f in about.fields.values()
        if (isinstance(f.kind, AnyLink) and kinds)
        or (isinstance(f.kind, Link) and f.kind.to in kinds and f.kind.to != "attachment")
    )


@cache
def naming(kind: str) -> tuple[str, ...]:
    """Fields by which a row of a kind is sealed with another."""
    return _named(RECORDS[kind], sealable())


@cache
def concerned(kind: str) -> bool:
    """Whether rows of a kind may be sealed or masked."""
    return kind in sealable() or RECORDS[kind].masks


def seals_of(
    connection: sa.Connection, about: RecordType, rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, Seals]:
    """What seals each of some rows of a type, from their values."""
    if not concerned(about.kind):
        return {}
    names = naming(about.kind) if about.kind in sealable() else ()
    targets = {v for row in rows.values() for n in names if (v := row.get(n))}
    held = _held(connection, targets) if targets else {}
    found: dict[str, Seals] = {}
    for id, row in rows.items():
        seals = {(about.compartment, False)} if about.compartment else set()
        if own := row.get("compartment"):
            seals.add((str(own), False))
        if mask := about.masked_by(row):
            seals.add((mask, True))
        for name in names:
            seals |= {seal for seal in held.get(row.get(name) or "", ()) if not seal[1]}
        found[id] = {s for s in seals if s[1] is False or (s[0], False) not in seals}
    return found


def _held(connection: sa.Connection, rows: Iterable[str]) -> dict[str, Seals]:
    select = 'SELECT "row", compartment, masked FROM sealed'
    found: dict[str, Seals] = {}
    for row, compartment, masked in quick.among(connection, select, '"row"', rows):
        found.setdefault(row, set()).add((compartment, bool(masked)))
    return found


def seal(
    connection: sa.Connection,
    about: RecordType,
    rows: Mapping[str, Mapping[str, Any]],
    new: bool = False,
) -> dict[str, Seals]:
    """Keep what seals these rows, and through them others; what it is. `new`: nothing was
    kept of them before, and nothing names them yet."""
    wanted = seals_of(connection, about, rows)
    if not wanted:
        return {}
    held = {} if new else _held(connection, wanted)
    changed = {id: seals for id, seals in wanted.items() if seals != held.get(id, set())}
    _write(connection, changed, held)
    moved = [
        id
        for id, seals in changed.items()
        if any(not masked for _compartment, masked in seals ^ held.get(id, set()))
    ]
    if moved and not new:
        _follow(connection, about.kind, moved)
    return wanted


_DROP = 'DELETE FROM sealed WHERE "row" = :row'


def _write(
    connection: sa.Connection, changed: Mapping[str, Seals], held: Mapping[str, Seals]
) -> None:
    """Together: an import brings thousands."""
    if gone := [{"row": row} for row in changed if row in held]:
        quick.run(connection, _DROP, gone)
    rows = [(row, *seal) for row, seals in changed.items() for seal in sorted(seals)]
    quick.add(connection, "sealed", ("row", "compartment", "masked"), rows)


def _follow(connection: sa.Connection, kind: str, moved: list[str]) -> None:
    """Those who name rows that came to be sealed, or are no longer."""
    for about in RECORDS.values():
        for name in _named(about, {kind}) if about.kind in sealable() else ():
            table: sa.Table = about.model.__table__  # type: ignore[assignment]
            for part in quick.chunks(moved, 5_000):
                rows = quick.fetch(connection, table, part, by=name)
                if rows:
                    seal(connection, about, {row["id"]: row for row in rows})


def seal_all(connection: sa.Connection) -> None:
    """Make the whole table again from the records, keeping what was said of erased rows."""
    erased = sa.text(
        'DELETE FROM sealed WHERE "row" NOT IN (SELECT "row" FROM erasure)'
    )
    connection.execute(erased)
    for about in RECORDS.values():
        if concerned(about.kind):
            table: sa.Table = about.model.__table__  # type: ignore[assignment]
            gone: sa.Select[Any] = sa.select(sa.column("row")).select_from(sa.table("erasure"))
            ids = connection.scalars(sa.select(table.c.id).where(table.c.id.not_in(gone)))
            for part in quick.chunks(list(ids), 5_000):
                rows = quick.fetch(connection, table, part)
                seal(connection, about, {row["id"]: row for row in rows})


# what an account is not to know -------------------------------------------------


def hidden(connection: sa.Connection, rows: Iterable[str], granted: Granted) -> set[str]:
    """Which of these rows an account must not know of."""
    if granted is None:
        return set()
    return {
        row
        for row, seals in _held(connection, rows).items()
        if any(not masked and compartment not in granted for compartment, masked in seals)
    }


def masked(connection: sa.Connection, rows: Iterable[str], granted: Granted) -> set[str]:
    """Of which of these rows an account must not read the names."""
    if granted is None:
        return set()
    return {
        row
        for row, seals in _held(connection, rows).items()
        if any(compartment not in granted for compartment, _masked in seals)
    }


def veiled(about: RecordType, granted: Granted) -> frozenset[str]:
    """Fields of a type that an account does not read."""
    if granted is None or not about.sealed:
        return frozenset()
    return frozenset(name for name, of in about.sealed.items() if of not in granted)


def walls(dialect: str, granted: frozenset[str], actor: str) -> Iterator[str]:
    """Statements that put temporary views before the tables of one connection."""
    sqlite = dialect == "sqlite"
    schema = "main" if sqlite else "public"
    maker = _Sqlite() if sqlite else _Postgres()
    known = _quoted(["", *sorted(granted)])

    def unseen(row: str, masks: bool = False) -> str:
        only = "" if masks else "NOT z.masked AND "
        return (
            f'EXISTS (SELECT 1 FROM {schema}.sealed z WHERE z."row" = {row} '
            f"AND {only}z.compartment NOT IN ({known}))"
        )

    parts = [
        *_record_walls(maker, granted, unseen),
        *_log_walls(maker, granted, unseen),
        *_local_walls(maker, granted, unseen, actor, f"{schema}.sealed"),
    ]
    for table, columns, rows in parts:
        where = f" WHERE {rows}" if rows else ""
        chosen = f'SELECT {columns} FROM {schema}."{table}" t{where}'
        yield f'CREATE TEMP VIEW "{table}" AS {chosen}'


Unseen = Callable[..., str]
Wall = tuple[str, str, str]
"""Table, columns, and which rows."""


def _record_walls(
    maker: _Sqlite, granted: frozenset[str], unseen: Unseen
) -> Iterator[Wall]:
    for about in RECORDS.values():
        names = sorted(veiled(about, granted))
        if names or about.kind in sealable():
            rows = f"NOT {unseen('t.id')}" if about.kind in sealable() else ""
            yield about.model.__tablename__, _columns(maker, about, names), rows


def _log_walls(maker: _Sqlite, granted: frozenset[str], unseen: Unseen) -> Iterator[Wall]:
    """The log, and what is made of it."""
    said = {a.kind: sorted(veiled(a, granted)) for a in RECORDS.values()}
    said = {kind: names for kind, names in said.items() if names}
    for table in ("conflict", "search_doc", "alias", "erasure", "twin", "op"):
        columns, rows = "t.*", f"NOT {unseen(ROW, table in NAMED)}"
        if table == "conflict":
            rows += "".join(
                f" AND NOT (t.kind = '{kind}' AND t.field IN ({_quoted(names)}))"
                for kind, names in said.items()
            )
        if table == "op" and said:
            columns = maker.op_columns(said)
            rows += f" AND NOT ({maker.says_nothing(said)})"
        yield table, columns, rows


def _local_walls(
    maker: _Sqlite, granted: frozenset[str], unseen: Unseen, actor: str, sealed: str
) -> Iterator[Wall]:
    """What others typed and did here, and what waits."""
    known = _quoted(["", *sorted(granted)])
    mine = f"t.account = '{actor}'"
    yield "draft", "t.*", f"{mine} OR t.kind = 'submission'"
    told = f"{sealed} z WHERE {maker.holds(DETAIL, SEALED_ROW)}"
    lines = f"{mine} OR NOT EXISTS (SELECT 1 FROM {told} AND z.compartment NOT IN ({known}))"
    yield "audit", "t.*", lines
    kinds = [a.kind for a in RECORDS.values() if a.compartment and a.compartment not in granted]
    kept = f"NOT {unseen(ROW)} AND COALESCE({maker.within('compartment')}, '') IN ({known})"
    if kinds:
        kept += f" AND {maker.top('kind')} NOT IN ({_quoted(kinds)})"
    yield "held_back", "t.*", kept


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _columns(maker: _Sqlite, about: RecordType, names: Collection[str]) -> str:
    """Columns of a record without what may not be read; its stamps do not tell either."""
    if not names:
        return "t.*"
    columns = about.model.__table__.columns
    made = []
    for column in columns:
        if column.name in names:
            made.append(f'{maker.nothing(column)} AS "{column.name}"')
        elif column.name == "stamps":
            made.append(f"{maker.without('t.stamps', names)} AS stamps")
        else:
            made.append(f't."{column.name}"')
    return ", ".join(made)


NAMED = ("search_doc", "conflict")
"""Tables that hold names: also what is only masked stays out of them."""
ROW, DETAIL, SEALED_ROW = 't."row"', "t.detail", 'z."row"'
OP = ("seq", "stamp", "row", "kind", "tx", "body", "link", "parked", "origin")


class _Sqlite:
    def nothing(self, _column: sa.ColumnElement[Any]) -> str:
        return "NULL"

    def without(self, held: str, names: Iterable[str]) -> str:
        paths = ", ".join(f"'$.{name}'" for name in names)
        return f"json_remove({held}, {paths})"

    def op_columns(self, said: Mapping[str, Collection[str]]) -> str:
        body = " ".join(
            f"WHEN t.kind = '{kind}' AND t.body <> '' THEN {self._bare(names)}"
            for kind, names in said.items()
        )
        return ", ".join(
            f"CASE {body} ELSE t.body END AS body" if name == "body" else f't."{name}"'
            for name in OP
        )

    def _bare(self, names: Iterable[str]) -> str:
        parts = ("fields", "bases")
        return self.without("t.body", [f"{part}.{name}" for name in names for part in parts])

    def says_nothing(self, said: Mapping[str, Collection[str]]) -> str:
        return " OR ".join(
            f"(CASE WHEN t.kind = '{kind}' AND t.body <> '' THEN "
            f"t.body -> '$.fields' <> '{{}}' AND "
            f"{self._bare(names)} -> '$.fields' = '{{}}' ELSE 0 END)"
            for kind, names in said.items()
        )

    def holds(self, text: str, part: str) -> str:
        return f"instr({text}, {part}) > 0"

    def within(self, name: str) -> str:
        return f"json_extract(t.body, '$.fields.{name}')"

    def top(self, name: str) -> str:
        return f"json_extract(t.body, '$.{name}')"


class _Postgres(_Sqlite):
    def nothing(self, column: sa.ColumnElement[Any]) -> str:
        from sqlalchemy.dialects import postgresql

        return f"CAST(NULL AS {column.type.compile(postgresql.dialect())})"  # type: ignore[no-untyped-call]

    def without(self, held: str, names: Iterable[str]) -> str:
        removed = "".join(f" #- '{{{name.replace('.', ',')}}}'" for name in names)
        return f"(({held})::jsonb{removed})::json"

    def _bare(self, names: Iterable[str]) -> str:
        return f"{super()._bare(names)}::text"

    def says_nothing(self, said: Mapping[str, Collection[str]]) -> str:
        return " OR ".join(
            f"(CASE WHEN t.kind = '{kind}' AND t.body <> '' THEN "
            f"(t.body::jsonb -> 'fields') <> '{{}}' AND "
            f"({self._bare(names)}::jsonb -> 'fields') = '{{}}' ELSE false END)"
            for kind, names in said.items()
        )

    def holds(self, text: str, part: str) -> str:
        return f"strpos({text}, {part}) > 0"

    def within(self, name: str) -> str:
        return f"(t.body::jsonb -> 'fields' ->> '{name}')"

    def top(self, name: str) -> str:
        return f"(t.body::jsonb ->> '{name}')"


__all__ = [
    "COMPARTMENTS",
    "Granted",
    "Sealed",
    "hidden",
    "masked",
    "seal",
    "seal_all",
    "seals_of",
    "veiled",
    "walls",
]

"""The schema `report` of an agency's database: figures without personal data, read-only.

Each figure is a view with stable names. They read tables that `services.reporting` writes
once a day with small cells hidden; a view over the records themselves could not hide what
gives a small cell away, and would change with each person who comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from .pg_roles import group


class Shape(NamedTuple):
    """Names of the columns of a figure. Beside `row` and `column` there are their words:
    ``sex``, ``sex_fr``, ``sex_en``."""

    row: str
    column: str
    value: str


SHAPES: Mapping[str, Shape] = {
    "people_by_age": Shape("age_band", "sex", "people"),
    "people_by_region": Shape("region", "sex", "people"),
    "people_by_nationality": Shape("nationality", "sex", "people"),
    "people_by_residence": Shape("country", "sex", "people"),
    "people_by_phase": Shape("phase", "sex", "people"),
    "cases_by_stage": Shape("stage", "status", "cases"),
    "cases_by_sector": Shape("sector", "status", "cases"),
    "visits_by_request": Shape("request", "month", "visits"),
    "visits_by_channel": Shape("channel", "month", "visits"),
    "money_by_state": Shape("state", "currency", "amount"),
    "answers": Shape("question", "answer", "submissions"),
}
"""Figures by name; they stay what they are, for the tools that were built upon them."""

PARTED = {"answers": "form"}
"""Figures of several parts, with the name of the column that tells them apart."""

CELL = sa.table(
    "cell",
    *map(
        sa.column,
        ("figure", "part", "part_fr", "part_en", "row", "row_fr", "row_en",
         "col", "col_fr", "col_en", "value", "hidden"),
    ),
    schema="agency",
)


def columns(figure: str) -> list[tuple[str, str]]:
    """(column of the cells, name in the view), in order."""
    shape, part = SHAPES[figure], PARTED.get(figure)
    parts = [*([("part", part)] if part else []), ("row", shape.row), ("col", shape.column)]
    words = [
        (f"{own}{end}", f"{name}{end}") for own, name in parts for end in ("", "_fr", "_en")
    ]
    return [*words, ("value", shape.value), ("hidden", "hidden")]


def set_up(connection: sa.Connection) -> None:
    """Make the schema and its views; by the owner of the database."""
    for sql in _statements():
        connection.exec_driver_sql(sql)


def _statements() -> Iterable[str]:
    texts = [c.name for c in CELL.columns if c.name not in ("value", "hidden")]
    words = ", ".join(f'"{name}" text NOT NULL' for name in texts)
    yield (
        f"CREATE TABLE IF NOT EXISTS agency.cell ({words}, value numeric, "
        "hidden boolean NOT NULL)"
    )
    yield (
        "CREATE TABLE IF NOT EXISTS agency.refreshed "
        "(day text NOT NULL, threshold integer NOT NULL)"
    )
    yield "CREATE SCHEMA IF NOT EXISTS report"
    yield "REVOKE ALL ON SCHEMA report FROM PUBLIC"
    for figure in SHAPES:
        names = ", ".join(f'"{own}" AS "{name}"' for own, name in columns(figure))
        yield f'DROP VIEW IF EXISTS report."{figure}"'
        yield (
            f'CREATE VIEW report."{figure}" AS SELECT {names} FROM agency.cell '
            f"WHERE figure = '{figure}'"
        )
    yield "DROP VIEW IF EXISTS report.about"
    yield "CREATE VIEW report.about AS SELECT day, threshold FROM agency.refreshed"
    readers = f"{group('reporting')}, {group('hub')}, {group('administrator')}"
    yield f"GRANT USAGE ON SCHEMA report TO {readers}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA report TO {readers}"
    writers = f"{group('hub')}, {group('administrator')}"
    yield f"GRANT SELECT, INSERT, DELETE ON agency.cell, agency.refreshed TO {writers}"


def refreshed(connection: sa.Connection) -> str:
    """ISO day of the figures, "" before the first."""
    found = connection.exec_driver_sql("SELECT max(day) FROM agency.refreshed")
    return str(found.scalar() or "")


def replace(
    connection: sa.Connection, cells: Iterable[Mapping[str, Any]], day: str, threshold: int
) -> None:
    """Put new figures in the place of the old ones."""
    connection.execute(sa.delete(CELL))
    if rows := list(cells):
        connection.execute(sa.insert(CELL), rows)
    connection.exec_driver_sql("DELETE FROM agency.refreshed")
    connection.execute(
        sa.text("INSERT INTO agency.refreshed VALUES (:day, :threshold)"),
        {"day": day, "threshold": threshold},
    )

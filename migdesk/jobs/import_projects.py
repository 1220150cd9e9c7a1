"""Import projects with their partners, or places with their P-codes."""

from __future__ import annotations

from pathlib import Path

from migdesk.models.store import Store
from migdesk.services import directory, imports
from migdesk.services.directory import ProjectCounts
from migdesk.task import Task

from . import tables
from .tables import Table


def import_projects(store: Store, task: Task, path: Path) -> ProjectCounts:
    """Read the CSV and take it over in one transaction; again is harmless."""
    table = tables.read(path)
    task.step(0, len(table.rows))
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    counts = store.write(directory.import_projects, rows)
    task.step(len(rows), len(rows))
    return counts


def import_places(store: Store, task: Task, path: Path) -> int:
    """Administrative places from a table with P-codes, as OCHA publishes them
    (columns ``ADM1_FR, ADM1_PCODE, ADM2_FR, …`` or ``admin1Name, admin1Pcode, …``).

    Each level is made once, inside the level above; returns the number of new places.
    """
    table = tables.read(path)
    levels = _levels(table)
    if not levels:
        raise directory.WrongColumns(columns="ADM1_FR, ADM1_PCODE")
    return store.write(imports.write_places, task, table.rows, levels)


def _levels(table: Table) -> list[tuple[int, int]]:
    """(name column, P-code column) of each administrative level, highest first."""
    names = [column.lower() for column in table.columns]
    found = []
    for level in range(6):
        name = [
            n
            for n, c in enumerate(names)
            if c in {f"adm{level}_fr", f"adm{level}_en", f"adm{level}_ref", f"admin{level}name"}
            or (c.startswith(f"admin{level}name_"))
        ]
        code = [
            n for n, c in enumerate(names) if c in {f"adm{level}_pcode", f"admin{level}pcode"}
        ]
        if name and code:
            found.append((name[0], code[0]))
    return found

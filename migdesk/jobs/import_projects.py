"""Import projects with their partners, or places with their P-codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from migdesk.models.store import Store
from migdesk.services import directory, records
from migdesk.services.directory import ProjectCounts
from migdesk.task import Task

from . import tables
from .tables import Table

LEVELS = ("region", "department", "arrondissement", "commune", "village")


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
    return store.write(_places, task, table, levels)


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


def _places(session: Session, task: Task, table: Table, levels: list[tuple[int, int]]) -> int:
    from sqlalchemy import select

    from migdesk.models.organisation import PlaceRecord

    held = {p.pcode: p.id for p in session.scalars(select(PlaceRecord)) if p.pcode}
    made = 0
    for done, row in enumerate(table.rows):
        if done % 200 == 0:
            task.step(done, len(table.rows))
        parent: str | None = None
        for name, code in levels:
            pcode = row[code].strip()
            if not pcode:
                continue
            if pcode not in held:
                depth = sum(c.isdigit() for c in pcode) // 2
                values: dict[str, Any] = {
                    "name": row[name],
                    "pcode": pcode,
                    "parent": parent,
                    "country": pcode[:2] if pcode[:2].isalpha() else None,
                    "level": "country"
                    if len(pcode) == 2
                    else LEVELS[min(max(depth, 1), 5) - 1],
                }
                held[pcode] = records.save(session, "place", None, values)
                made += 1
            parent = held[pcode]
    return made

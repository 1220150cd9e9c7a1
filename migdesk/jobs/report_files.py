"""The figures of `services.reporting` as files: CSV, XLSX, and what DHIS2 imports.

DHIS2 takes a *data value set*: a value for a data element, a period and a unit. Ours go by
code (``dataElementIdScheme=CODE`` and the like): the data element is the figure
(``MIGDESK_PEOPLE_BY_AGE``), the combination of options its row and column (``18_24_FEMALE``).
Hidden cells and totals are left out; DHIS2 adds up itself.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from migdesk.models import pg_report
from migdesk.models.kinds import now_utc
from migdesk.models.store import Store
from migdesk.paths import write_whole
from migdesk.services import reporting
from migdesk.services.reporting import Figure
from migdesk.task import Task

from .tables import CannotWrite, write

LONGEST = 50
"""Characters of a code in DHIS2."""
DHIS2 = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "value")


def write_all(store: Store, task: Task, folder: Path, unit: str = "") -> int:
    """Write every figure as CSV and all as one XLSX; with the code of a DHIS2 unit also the
    data value set as JSON and CSV. Returns the number of files. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(name=folder.name) from error
    figures = store.read(reporting.figures)
    for done, figure in enumerate(figures):
        task.step(done, len(figures) + 1, figure.name)
        write(folder / f"{figure.name}.csv", [_sheet(figure)])
    write(folder / "report.xlsx", map(_sheet, figures))
    made = len(figures) + 1
    if unit:
        values = [value for figure in figures for value in data_values(figure, unit)]
        text = json.dumps({"dataValues": values}, ensure_ascii=False, indent=1)
        rows = ([value[name] for name in DHIS2] for value in values)
        try:
            write_whole(folder / "dhis2.json", text.encode())
        except OSError as error:
            raise CannotWrite(name="dhis2.json") from error
        heads = [name.lower() for name in DHIS2]
        write(folder / "dhis2.csv", [("dhis2", heads, rows)])
        made += 2
    task.step(1, 1)
    return made


def _sheet(figure: Figure) -> tuple[str, tuple[str, ...], Iterator[list[Any]]]:
    rows = ([_plain(value) for value in row] for row in figure.rows)
    return figure.name, figure.columns, rows


def _plain(value: Any) -> Any:
    return float(value) if not isinstance(value, str | int | bool | None) else value


def data_values(figure: Figure, unit: str) -> Iterator[dict[str, str]]:
    """Values of a figure as DHIS2 takes them. The period is the month of the visit, for all
    else the month of today."""
    shape = pg_report.SHAPES[figure.name]
    part = pg_report.PARTED.get(figure.name)
    for row in figure.rows:
        cell = dict(zip(figure.columns, row, strict=True))
        names = [cell[shape.row], cell[shape.column]]
        if cell["hidden"] or reporting.TOTAL in names:
            continue
        month = now_utc()[:7]
        if shape.column == "month":
            month = names.pop()
        if not re.fullmatch(r"\d{4}-\d{2}", month):
            continue
        yield {
            "dataElement": _code("MIGDESK", figure.name, cell[part] if part else ""),
            "period": month.replace("-", ""),
            "orgUnit": unit,
            "categoryOptionCombo": _code(*names),
            "value": str(_plain(cell[shape.value])),
        }


def _code(*parts: str) -> str:
    """A code of DHIS2: capitals, digits and low lines. A long one ends in a checksum."""
    words = (re.sub(r"\W+", "_", part).strip("_").upper() for part in parts)
    code = "_".join(filter(None, words))
    if len(code) <= LONGEST:
        return code
    return f"{code[: LONGEST - 9]}_{zlib.crc32(code.encode()):08X}"

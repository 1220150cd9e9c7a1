"""Reading and writing tables: CSV in any usual encoding and separator, XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migdesk.errors import Mistake, Obstacle
from migdesk.i18n import N_
from migdesk.paths import write_whole

LIMIT = 50 * 1024 * 1024
UNPACKED = 20 * LIMIT
_BROKEN = (
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a damaged workbook makes openpyxl and its readers raise."""


class Unreadable(Mistake):
    """A file that is no table."""

    code = "TAB-001"
    text = N_(
        "“{name}” could not be read as a table ({why}). Save it as CSV or XLSX and try again."
    )


class CannotWrite(Obstacle):
    """The place chosen for a file refuses it."""

    code = "TAB-002"
    text = N_("“{name}” could not be written. Is it open in another program, or the disk full?")


@dataclass(frozen=True)
class Table:
    """Columns and rows as text; rows are as long as the columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str = "utf-8"


def read(path: Path) -> Table:
    """Read a table; the first row names the columns. Raises Unreadable."""
    try:
        if path.stat().st_size > LIMIT:
            raise Unreadable(name=path.name, why=N_("larger than 50 MB"))
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(name=path.name, why=error.strerror or "") from error
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return _table(path.name, _read_xlsx(path.name, data), "xlsx")
    text, encoding = _decode(path.name, data)
    return _table(path.name, _read_csv(path.name, text), encoding)


def read_all(name: str, data: bytes) -> dict[str, Table]:
    """Every sheet of a workbook by its name, or a CSV by the name of its file. Empty sheets
    are left out. Raises Unreadable."""
    stem, _point, ending = name.rpartition("/")[2].rpartition(".")
    if ending.lower() in ("xlsx", "xlsm"):
        sheets = _read_sheets(name, data)
        filled = {sheet: rows for sheet, rows in sheets.items() if any(map(any, rows))}
        return {sheet: _table(name, rows, "xlsx") for sheet, rows in filled.items()}
    text, encoding = _decode(name, data)
    return {stem: _table(name, _read_csv(name, text), encoding)}


def _table(name: str, rows: list[list[str]], encoding: str) -> Table:
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows or len([cell for cell in rows[0] if cell.strip()]) < 1:
        raise Unreadable(name=name, why=N_("it is empty"))
    columns = tuple(c.strip() or f"#{n + 1}" for n, c in enumerate(rows[0]))
    width = len(columns)
    body = tuple(tuple([*row, *[""] * width][:width]) for row in rows[1:])
    return Table(columns, body, encoding)


def _decode(name: str, data: bytes) -> tuple[str, str]:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(name=name, why=N_("it is not a text"))
    for encoding in (
        "utf-8-sig",
        "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252",
    ):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable(name=name, why=N_("its encoding is unknown"))


def _read_csv(name: str, text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    separator = max((",", ";", "\t", "|"), key=first.count) if first else ","
    if separator == "|" and first.count(","):
        separator = ","
    try:
        return list(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
        )
    except csv.Error as error:
        raise Unreadable(name=name, why=str(error)) from error


def _read_xlsx(name: str, data: bytes) -> list[list[str]]:
    sheets = _read_sheets(name, data, most=1)
    return next(iter(sheets.values()), [])


def _read_sheets(name: str, data: bytes, most: int | None = None) -> dict[str, list[list[str]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
                raise Unreadable(name=name, why=N_("it is too large once unpacked"))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {
            sheet.title: [[_cell(v) for v in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets[:most]
        }
    except _BROKEN as error:
        raise Unreadable(name=name, why=N_("the workbook is damaged")) from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)


def write(
    path: Path, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> None:
    """Write (name, columns, rows) sheets as XLSX, or the first one as CSV.

    A text that a spreadsheet would run as a formula is written as text. The file is
    replaced whole or not at all. Raises CannotWrite.
    """
    try:
        if path.suffix.lower() == ".csv":
            _name, columns, rows = next(iter(sheets))
            write_whole(path, _csv_bytes(columns, rows))
        else:
            write_whole(path, _xlsx_bytes(sheets))
    except OSError as error:
        raise CannotWrite(name=path.name) from error


def _csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe(cell: Any) -> Any:
    """A cell of a CSV that no spreadsheet runs."""
    # A cell that begins like a formula is run by spreadsheets (CSV injection, OWASP).
    if isinstance(cell, str) and cell[:1] in "=@\t" and cell[:1]:
        return "'" + cell
    return cell


def _xlsx_bytes(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for name, columns, rows in sheets:
        sheet = book.create_sheet("".join("_" if c in "[]:*?/\\" else c for c in name)[:31])
        sheet.freeze_panes = "A2"
        heads = []
        for column in columns:
            head = WriteOnlyCell(sheet, value=column)
            head.font = Font(bold=True)
            heads.append(head)
        sheet.append(heads)
        for row in rows:
            cells = []
            for value in row:
                if isinstance(value, str):
                    cell = WriteOnlyCell(
                        sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
                    )
                    cell.data_type = "s"
                    cells.append(cell)
                else:
                    cells.append(value)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

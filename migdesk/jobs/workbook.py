"""An XLSX workbook written row by row (ECMA-376, part 1, section 18), however long.

Nothing is kept in memory and nothing in temporary files, where names would lie in clear.
Text stays text: no cell is ever run as a formula.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Any, Self
from xml.sax.saxutils import escape, quoteattr

ROWS = 1_048_576
"""Rows of a sheet; what is more goes on in another sheet."""
_CELL = 32_767
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Workbook:
    """Write sheets one after another within ``with``. `out` need not be seekable."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._names: list[str] = []

    def sheet(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """A sheet with its column names in the first row; returns the number of rows."""
        ahead, done, more = iter(rows), 0, True
        while more:
            self._names.append(self._free(name))
            path = f"xl/worksheets/sheet{len(self._names)}.xml"
            with self._zip.open(path, "w", force_zip64=True) as out:
                out.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                out.write(_row(columns))
                here, more = 1, False
                for row in ahead:
                    out.write(_row(row))
                    here, done = here + 1, done + 1
                    if here == ROWS:
                        more = True
                        break
                out.write(b"</sheetData></worksheet>")
        return done

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None:
            self._name_sheets()
        self._zip.close()

    def _name_sheets(self) -> None:
        """Without it the file is no workbook."""
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r{n}"/>'
            for n, name in enumerate(self._names, start=1)
        )
        relations = "".join(
            f'<Relationship Id="r{n}" Type="{_REL}/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(self._names) + 1)
        )
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for n in range(1, len(self._names) + 1)
        )
        self._part(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>',
        )
        package = f"{_PACKAGE}/relationships"
        self._part(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">{relations}</Relationships>',
        )
        self._part(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        relation_type = "application/vnd.openxmlformats-package.relationships+xml"
        self._part(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{relation_type}"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f"{parts}</Types>",
        )

    def _part(self, path: str, text: str) -> None:
        self._zip.writestr(path, _HEAD + text)

    def _free(self, name: str) -> str:
        """A sheet's name: at most 31 characters, none of []:*?/\\, no other like it."""
        plain = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'") or "_"
        taken, n, made = {each.lower() for each in self._names}, 1, plain[:31]
        while made.lower() in taken:
            n += 1
            made = f"{plain[: 31 - len(str(n)) - 1]} {n}"
        return made


def _row(cells: Sequence[Any]) -> bytes:
    return f"<row>{''.join(map(_cell, cells))}</row>".encode()


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    text = escape(_FORBIDDEN.sub("", str(value))[:_CELL])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

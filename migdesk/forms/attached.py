"""Lists attached to a form (CSV, GeoJSON, XML) → items, as ODK makes instances of them.

A list is read once: the same bytes give the same items, which all forms share and nobody
changes. A line of a table becomes items only where a path asks for them, so that a list
of 50,000 villages costs little more than its text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

from migdesk.forms.definition import Item
from migdesk.forms.faults import FormFault, Place
from migdesk.forms.xml import local, parse_xml
from migdesk.i18n import N_, Text

ITEMSETS = "itemsets.csv"
"""External choices of a workbook: all lists in one table, told apart by `list_name`."""


class MissingFile(FormFault):
    code = "FRM-004"
    text = N_("The form needs the file “{name}”. Import the form together with this file.")

    def __init__(self, place: Place | None = None, *, name: str) -> None:
        self.name = name
        super().__init__(place, name=name)


class BadList(FormFault):
    """An attached list that cannot be read; `line` counts from 1, 0 if it is unknown."""

    code = "FRM-080"
    text = N_("The list “{name}” cannot be read, line {line}: {why}")

    def __init__(self, name: str, line: int, words: Text, **gaps: Any) -> None:
        self.name = name
        self.line = line
        self.reason = words(**gaps)
        super().__init__(name=name, line=line, why=self.reason)


class NoColumn(FormFault):
    code = "FRM-081"
    text = N_(
        "The list “{name}” has no column “{column}”. It has: {columns}. Correct the file, "
        "or name its columns under “parameters”: value=… label=…"
    )


_NONE: dict[str, str] = {}


class Table(Item):
    """The root of a table; `columns` are the places of the names."""

    __slots__ = ("columns",)

    def __init__(self, parent: Item, columns: Mapping[str, int]) -> None:
        super().__init__("root", "", parent)
        self.columns = columns


class Record(Item):
    """A line of a table. `cells` are its texts, `columns` the places of the names."""

    __slots__ = ("cells", "columns")

    def __init__(self, parent: Item, columns: Mapping[str, int], cells: Sequence[str]) -> None:
        self.name = "item"
        self.text = ""
        self.parent = parent
        self.attributes = _NONE
        self.columns = columns
        self.cells = cells
        self.children = _Cells(self)

    def get(self, name: str) -> str:
        place = self.columns.get(name)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def texts(self, name: str) -> list[str]:
        return [self.get(name)] if name in self.columns else []


class _Cells(Sequence[Item]):
    """The columns of a line, made into items when they are asked for."""

    __slots__ = ("_record",)

    def __init__(self, record: Record) -> None:
        self._record = record

    def __len__(self) -> int:
        return len(self._record.columns)

    def __iter__(self) -> Iterator[Item]:
        record = self._record
        return (Item(name, record.get(name), record) for name in record.columns)

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        return list(self)[at]


def read_list(name: str, files: Mapping[str, bytes]) -> Item:
    """Items of the file `name`, below a nameless top. Raises MissingFile, BadList."""
    found = next((each for each in files if each.lower() == name.lower()), name)
    if found not in files:
        raise MissingFile(name=name)
    return _read(name, files[found])


@lru_cache(maxsize=16)
def _read(name: str, data: bytes) -> Item:
    kind = name.rpartition(".")[2].lower()
    if kind == "xml":
        return _from_xml(name, data)
    if kind in ("geojson", "json"):
        return _Features(name, data).items()
    return _table(name, data, None)


def read_itemset(list_name: str, files: Mapping[str, bytes]) -> Item:
    """The lines of one list among the external choices of a workbook."""
    if ITEMSETS not in files:
        raise MissingFile(name=ITEMSETS)
    return _table(ITEMSETS, files[ITEMSETS], list_name)


def columns_of(list_: Item) -> tuple[str, ...]:
    """Names of the columns of a table; () where the list is no table."""
    root = list_.children[0] if list_.children else None
    return tuple(root.columns) if isinstance(root, Table) else ()


# tables ---------------------------------------------------------------------------


def _table(name: str, data: bytes, list_name: str | None) -> Item:
    """A table as root/item/column; with `list_name`, only the lines of that list."""
    lines = _lines(name, _decoded(name, data))
    number, header = next(lines, (1, []))
    columns = _header(name, number, header)
    top = Item("", "", None)
    root = Table(top, columns)
    top.children = [root]
    cells = (cells for _number, cells in lines if any(cells))
    if list_name is not None:
        place = columns.get("list_name", columns.get("list name"))
        if place is None:
            raise BadList(name, number, _WHY["no_list_name"])
        cells = (line for line in cells if place < len(line) and line[place] == list_name)
        spoken = next((n for n in columns if n.partition(":")[0] == "label"), "")
        columns.setdefault("label", columns.get(spoken, columns.get("name", place)))
    root.children = [Record(root, columns, line) for line in cells]
    return top


def _lines(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells); the first line says whether commas or semicolons part them."""
    head = text.split("\n", 1)[0]
    part = next((mark for mark in (";", "\t") if mark in head and "," not in head), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=part)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise BadList(name, reader.line_num, _WHY["not_csv"], detail=str(error)) from error


def _decoded(name: str, data: bytes) -> str:
    """Text in UTF-8 or, where it says so itself, UTF-16, as spreadsheets write it."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadList(name, line, _WHY["encoding"]) from error


def _header(name: str, number: int, cells: list[str]) -> dict[str, int]:
    if not any(cells):
        raise BadList(name, number, _WHY["no_header"])
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if cell and cell in columns:
            raise BadList(name, number, _WHY["twice"], column=cell)
        if cell:
            columns[cell] = place
    return columns


# XML ------------------------------------------------------------------------------


def _from_xml(name: str, data: bytes) -> Item:
    top = Item("", "", None)
    try:
        top.children = [item_of(parse_xml(data), top)]
    except FormFault as fault:
        why = str(fault.__cause__ or fault.said())
        raise BadList(name, _line_of(fault), _WHY["not_xml"], detail=why) from fault
    return top


def _line_of(fault: FormFault) -> int:
    """Line of the syntax error that a fault comes from."""
    return int(getattr(fault.__cause__, "lineno", None) or 1)


def item_of(element: Any, parent: Item) -> Item:
    """An element and all below it."""
    item = Item(local(element), (element.text or "").strip(), parent)
    item.attributes = {str(k): str(v) for k, v in element.attrib.items()}
    item.children = [item_of(child, item) for child in element]
    return item


# GeoJSON --------------------------------------------------------------------------


class _Features:
    """A FeatureCollection as root/item: `geometry` as ODK writes places, then the
    properties; the feature's own `id` counts before a property of that name."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        text = _decoded(name, data)
        try:
            self.content = json.loads(text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            raise BadList(name, line, _WHY["not_json"]) from error

    def items(self) -> Item:
        found = self.content if isinstance(self.content, dict) else {}
        features = found.get("features")
        if found.get("type") != "FeatureCollection" or not isinstance(features, list):
            raise BadList(self.name, 1, _WHY["not_collection"])
        rows = [self._row(number, each) for number, each in enumerate(features, 1)]
        names = dict.fromkeys(name for row in rows for name in row)
        columns = {name: place for place, name in enumerate(names)}
        top = Item("", "", None)
        root = Table(top, columns)
        top.children = [root]
        root.children = [Record(root, columns, [row.get(n, "") for n in names]) for row in rows]
        return top

    def _row(self, number: int, feature: Any) -> dict[str, str]:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise BadList(self.name, 1, _WHY["not_feature"], number=number)
        row = {"geometry": self._geometry(number, feature.get("geometry"))}
        properties = feature.get("properties")
        for name, value in properties.items() if isinstance(properties, dict) else ():
            row[name] = _plain(value)
        if feature.get("id") is not None:
            row["id"] = _plain(feature["id"])
        return row

    def _geometry(self, number: int, geometry: Any) -> str:
        if geometry is None:
            return ""
        try:
            kind, points = geometry["type"], geometry["coordinates"]
            if kind == "Point":
                return _point(points)
            if kind in ("LineString", "Polygon"):
                line = points if kind == "LineString" else points[0] if points else []
                return "; ".join(_point(point) for point in line)
        except (TypeError, KeyError, IndexError, ValueError) as error:
            raise BadList(self.name, 1, _WHY["geometry"], number=number) from error
        raise BadList(self.name, 1, _WHY["geometry"], number=number)


def _point(point: Any) -> str:
    """GeoJSON puts the longitude first; ODK the latitude, then altitude and accuracy."""
    longitude, latitude = point[0], point[1]
    if not all(isinstance(n, int | float) for n in (longitude, latitude)):
        raise ValueError
    return f"{latitude} {longitude} 0 0"


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


_WHY: dict[str, Text] = {
    "encoding": N_("its letters are not UTF-8. Save the file as “CSV UTF-8”."),
    "no_header": N_("the first line must hold the names of the columns."),
    "twice": N_("two columns are called “{column}”. Rename one."),
    "not_csv": N_("it is no table ({detail}). Save it as CSV again."),
    "no_list_name": N_("the column “list_name” is missing. Import the workbook again."),
    "not_xml": N_("it is no XML that can be read ({detail})."),
    "not_json": N_("it is not written as JSON. Export it as GeoJSON again."),
    "not_collection": N_("it is no “FeatureCollection”. Export the layer as GeoJSON again."),
    "not_feature": N_("element {number} is no “Feature”."),
    "geometry": N_("the place of feature {number} is no point, line or polygon."),
}

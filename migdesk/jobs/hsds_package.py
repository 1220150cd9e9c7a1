"""Directories as data packages of Open Referral (HSDS 3): ``datapackage.json`` and a CSV file
for each table, in a ZIP archive or a folder."""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from migdesk.errors import Mistake
from migdesk.i18n import N_, Text, _
from migdesk.models.store import Store
from migdesk.paths import write_whole
from migdesk.services import hsds_in, hsds_out, office
from migdesk.services.hsds_in import Plan
from migdesk.services.hsds_schema import NEEDED, RESOURCES, descriptor
from migdesk.task import Task

from . import tables
from .import_table import Imported
from .tables import CannotWrite, Unreadable

DESCRIPTOR = "datapackage.json"
MOST = 200_000
"""Rows of one table."""
Read = Callable[[str], bytes | None]
_BROKEN = (OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error, EOFError)


class NoDirectory(Mistake):
    """A file that is no directory of services, or a broken one."""

    code = "HSD-001"
    text = N_("“{name}” is no directory in the format of Open Referral (HSDS): {why}")


def export_directory(store: Store, task: Task, path: Path) -> int:
    """Write organisations, services and financing windows; how many records. A path that ends
    in ``.zip`` becomes an archive, any other a folder. Raises CannotWrite."""
    task.step(0, 3)
    here = store.read(office.this_office)
    found = store.read(hsds_out.tables)
    task.step(1, 3)
    counts = {name: len(rows) for name, rows in found.items()}
    title = _("Directory of {office}").format(office=here.title if here else "MigDesk")
    files = {DESCRIPTOR: _json(descriptor(title, counts))}
    files |= {RESOURCES[name].path: _csv(name, rows) for name, rows in found.items()}
    task.step(2, 3)
    try:
        _write(path, files)
    except OSError as error:
        raise CannotWrite(name=path.name) from error
    n = store.read(hsds_out.count)
    store.write(office.note, "export", f"hsds {n}")
    return n


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _csv(name: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    columns = [column.name for column in RESOURCES[name].columns]
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([tables.safe(row.get(column, "")) for column in columns] for row in rows)
    return out.getvalue().encode()


def _write(path: Path, files: Mapping[str, bytes]) -> None:
    if path.suffix.lower() == ".zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        write_whole(path, out.getvalue())
        return
    path.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_whole(path / name, data)


def look(store: Store, task: Task, path: Path) -> Plan:
    """What a package would bring; writes nothing. Raises NoDirectory."""
    found = read_package(path)
    return store.read(hsds_in.plan, task, found)


def take_over(store: Store, task: Task, path: Path) -> Imported:
    """Take a package over, in one transaction that can be undone as a whole. Raises
    NoDirectory; nothing is then written."""
    found = read_package(path)

    def work(session: Any) -> tuple[int, str]:
        return hsds_in.write(session, task, hsds_in.plan(session, task, found))

    written, tx = store.write(work)
    return Imported(written, tx)


def read_package(path: Path) -> dict[str, list[dict[str, str]]]:
    """The tables of a package that we know; raises NoDirectory and says what is wrong."""

    def fail(why: Text, **gaps: Any) -> NoDirectory:
        return NoDirectory(name=path.name, why=str(why).format(**gaps))

    if path.name == DESCRIPTOR:
        path = path.parent
    try:
        if path.is_dir():
            return _tables(_folder(path), fail)
        if path.stat().st_size > tables.LIMIT:
            raise fail(N_("it is larger than 50 MB."))
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > tables.UNPACKED:
                raise fail(N_("it is too large once unpacked."))
            return _tables(_archive(archive), fail)
    except _BROKEN as error:
        raise fail(N_("it is neither a folder nor a whole ZIP archive.")) from error


def _folder(path: Path) -> Read:
    def read(name: str) -> bytes | None:
        held = path / Path(name).name
        return held.read_bytes() if held.is_file() else None

    return read


def _archive(archive: zipfile.ZipFile) -> Read:
    names = {name.rpartition("/")[2]: name for name in archive.namelist()}

    def read(name: str) -> bytes | None:
        held = names.get(name.rpartition("/")[2])
        return archive.read(held) if held else None

    return read


def _tables(read: Read, fail: Callable[..., NoDirectory]) -> dict[str, list[dict[str, str]]]:
    data = read(DESCRIPTOR)
    if data is None:
        raise fail(N_("the file datapackage.json is missing."))
    try:
        resources = json.loads(data.decode("utf-8-sig"))["resources"]
        listed = {str(each["name"]): str(each["path"]) for each in resources}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise fail(N_("datapackage.json is damaged, or lists no tables.")) from error
    found: dict[str, list[dict[str, str]]] = {}
    for name in RESOURCES:
        if name in listed:
            found[name] = _rows(name, listed[name], read(listed[name]), fail)
    if missing := [name for name in NEEDED if name not in found]:
        raise fail(N_("it lacks the table {table}."), table=missing[0])
    _refer(found, fail)
    return found


def _rows(
    name: str, path: str, data: bytes | None, fail: Callable[..., NoDirectory]
) -> list[dict[str, str]]:
    if data is None:
        raise fail(N_("the file {file} is missing."), file=path)
    try:
        read = tables.read_all(path, data)
    except Unreadable as error:
        words = N_("the file {file} cannot be read ({why}).")
        raise fail(words, file=path, why=error) from error
    table = next(iter(read.values()))
    if len(table.rows) > MOST:
        raise fail(N_("the file {file} has more than {n} rows."), file=path, n=MOST)
    for needed in ("id", "name") if name in NEEDED else ("id",):
        if needed not in table.columns:
            raise fail(
                N_("the file {file} has no column {column}."), file=path, column=needed
            )
    rows = [
        {c: _unsafe(v) for c, v in zip(table.columns, row, strict=True)} for row in table.rows
    ]
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if not row["id"] or row["id"] in seen:
            words = N_("row {row} of {file} has no id, or one that is there twice.")
            raise fail(words, row=number, file=path)
        if name in NEEDED and not row["name"]:
            raise fail(N_("row {row} of {file} has no name."), row=number, file=path)
        seen.add(row["id"])
    return rows


def _unsafe(value: str) -> str:
    """What was kept from being run as a formula is as it was."""
    stripped = value.strip()
    return stripped[1:] if stripped[:1] == "'" and stripped[1:2] in ("=", "@") else stripped


def _refer(
    found: Mapping[str, Sequence[Mapping[str, str]]], fail: Callable[..., NoDirectory]
) -> None:
    """Every id that a row names must be there."""
    ids = {name: {row["id"] for row in rows} for name, rows in found.items()}
    for name, rows in found.items():
        for column in RESOURCES[name].columns:
            if not column.to or column.to not in ids:
                continue
            for number, row in enumerate(rows, start=2):
                value = row.get(column.name, "")
                if (value or column.required) and value not in ids[column.to]:
                    raise fail(
                        N_("row {row} of {file} names a {table} that is not there: {id}"),
                        row=number,
                        file=RESOURCES[name].path,
                        table=column.to,
                        id=value or "–",
                    )

"""Everything in open formats, so that no office is captive of this program.

Tables of all kinds (XLSX or CSV, codes and words), the XML of submissions with their forms,
attached files under their names, the history of changes, and a page that says what is what.
Into a folder in clear, or into one ZIP under a password (AES-256, as 7-Zip and WinZip open).
Until the end all lies under a name that says that it is unfinished.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Literal, Protocol

from migdesk import __version__
from migdesk.errors import Mistake, Obstacle, Refusal
from migdesk.i18n import N_, _
from migdesk.models import RECORDS
from migdesk.models.declare import HEADS
from migdesk.models.store import Store
from migdesk.services import disclosures, everything, office
from migdesk.services.everything import Column
from migdesk.task import Task

from .tables import safe
from .workbook import Workbook

PART = 500
UNFINISHED = ".unfinished"
Format = Literal["xlsx", "csv"]


class HeadsOnly(Refusal):
    """All the data of an office leave it only by who answers for them."""

    code = "EXA-001"
    text = N_("Only the head of the office, the agency or an administrator exports everything.")


class Taken(Mistake):
    """Never over what is there."""

    code = "EXA-002"
    text = N_("“{name}” is there already. Choose another name.")


class CannotWrite(Obstacle):
    code = "EXA-003"
    text = N_(
        "The export stopped: “{name}” could not be written ({reason}). Nothing is left of it."
    )


class WeakPassword(Mistake):
    code = "EXA-004"
    text = N_("The password of the ZIP needs at least {n} characters.")


SHORTEST = 12


@dataclass(frozen=True)
class Order:
    """What is asked for. `target` is a new folder, or a new file that ends in ``.zip`` where
    `password` is given. `recipient` and `reason` go into the log of disclosures."""

    target: Path
    format: Format
    recipient: str
    reason: str
    password: str = ""


@dataclass(frozen=True)
class Exported:
    """How many rows, filled questionnaires, files and changes were written."""

    rows: int
    submissions: int
    files: int
    changes: int


class Sink(Protocol):
    """Where files go, by their path with ``/``."""

    def open(self, name: str) -> IO[bytes]: ...


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, name: str) -> IO[bytes]:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")


class _Zip:
    def __init__(self, archive: Any) -> None:
        self._archive = archive

    def open(self, name: str) -> IO[bytes]:
        made: IO[bytes] = self._archive.open(name, "w", force_zip64=True)
        return made


def export_all(store: Store, task: Task, order: Order) -> Exported:
    """Write everything; whole, or nothing. Raises HeadsOnly, Taken, WeakPassword and
    CannotWrite."""
    if store.role and store.role not in HEADS:
        raise HeadsOnly
    if order.password and len(order.password) < SHORTEST:
        raise WeakPassword("password", n=SHORTEST)
    store.write(disclosures.note, "export_all", order.recipient, order.reason)
    with _sink(order) as sink:
        done = Exported(
            _tables(store, task, sink, order.format),
            _submissions(store, task, sink),
            _attachments(store, task, sink),
            _changes(store, task, sink),
        )
        _readme(store, sink, order, done)
    store.write(office.note, "export_all", f"{done.rows} {done.submissions} {done.files}")
    return done


@contextmanager
def _sink(order: Order) -> Iterator[Sink]:
    target = order.target
    part = target.with_name(target.name + UNFINISHED)
    if target.exists():
        raise Taken("target", name=target.name)
    try:
        _remove(part)
        if order.password:
            with _encrypted(part, order.password) as archive:
                yield _Zip(archive)
        else:
            part.mkdir(parents=True)
            yield _Folder(part)
        os.replace(part, target)
    except BaseException as error:
        with suppress(OSError):
            _remove(part)
        if isinstance(error, OSError):
            raise CannotWrite(name=target.name, reason=error.strerror) from error
        raise


@contextmanager
def _encrypted(part: Path, password: str) -> Iterator[Any]:
    import pyzipper

    with part.open("xb") as file:
        with pyzipper.AESZipFile(
            file, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword(password.encode())
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)


def _tables(store: Store, task: Task, sink: Sink, format: Format) -> int:
    done = 0
    for kind in RECORDS:
        total = store.read(everything.count, kind)
        if not total:
            continue
        columns = everything.columns(kind)
        heads = ["id", "deleted", "changed", *(column.name for column in columns)]
        rows = _rows(store, task, kind, columns, total)
        with sink.open(f"tables/{kind}.{format}") as out:
            if format == "xlsx":
                with Workbook(out) as book:
                    done += book.sheet(str(RECORDS[kind].plural), heads, rows)
                    book.sheet(_("Columns"), _COLUMNS, _about(columns))
            else:
                done += _csv(out, heads, rows)
    with sink.open("tables/columns.csv") as out:
        _csv(out, ["table", *_COLUMNS], _all_columns())
    return done


_COLUMNS = ("column", "label", "type")


def _about(columns: tuple[Column, ...]) -> Iterator[list[str]]:
    for column in columns:
        yield [column.name, column.label, column.kind]


def _all_columns() -> Iterator[list[str]]:
    for kind in RECORDS:
        for row in _about(everything.columns(kind)):
            yield [kind, *row]


def _rows(
    store: Store, task: Task, kind: str, columns: tuple[Column, ...], total: int
) -> Iterator[list[Any]]:
    after, done = "", 0
    while page := store.read(everything.rows, kind, after, PART):
        for view in page:
            yield [view.id, view.deleted, view.changed, *everything.cells(view, columns)]
        after, done = page[-1].id, done + len(page)
        task.step(done, max(total, done), str(RECORDS[kind].plural))


def _csv(out: IO[bytes], heads: list[str], rows: Iterator[list[Any]]) -> int:
    out.write(codecs.BOM_UTF8)
    line, done = io.StringIO(newline=""), 0
    writer = csv.writer(line)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        done += 1
        if line.tell() > 1 << 16:
            out.write(line.getvalue().encode())
            line.seek(0)
            line.truncate()
    out.write(line.getvalue().encode())
    return done


def _submissions(store: Store, task: Task, sink: Sink) -> int:
    names = {}
    for id, form, version, xform in store.read(lambda s: list(everything.forms(s))):
        names[id] = f"{_plain(form)} {_plain(version)}".strip()
        _put(sink, f"forms/{names[id]} {id[-6:]}.xml", xform.encode())
    after, done = "", 0
    while page := store.read(everything.filled, after, PART):
        for id, of, xml in page:
            _put(sink, f"submissions/{names.get(of, 'unknown')}/{id}.xml", xml.encode())
        after, done = page[-1][0], done + len(page)
        task.step(done, 0, _("Filled questionnaires"))
    return done


def _attachments(store: Store, task: Task, sink: Sink) -> int:
    after, done = "", 0
    while page := store.read(everything.attached, after, PART):
        for id, name, digest, _of in page:
            task.step(done, 0, _("Attached files"))
            data = store.read(everything.data, digest)
            if data is not None:
                _put(sink, f"files/{id[-12:]} {_plain(name)}", data)
                done += 1
        after = page[-1][0]
    return done


def _changes(store: Store, task: Task, sink: Sink) -> int:
    after, done = 0, 0
    with sink.open("history.jsonl") as out:
        while page := store.read(everything.ops, after, 2_000):
            out.write("".join(f"{body}\n" for _seq, body in page if body).encode())
            after, done = page[-1][0], done + len(page)
            task.step(done, 0, _("History of changes"))
    return done


def _put(sink: Sink, name: str, data: bytes) -> None:
    with sink.open(name) as out:
        out.write(data)


def _plain(name: str) -> str:
    """A name that every file system takes."""
    kept = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).strip(" .")
    return kept[:100] or "_"


def _readme(store: Store, sink: Sink, order: Order, done: Exported) -> None:
    here = store.read(office.this_office)
    words = _(
        "All data of {office}, written by MigDesk {version} on {day}.\n\n"
        "tables/ — one table for each kind of record ({rows} rows). A column holds the value "
        "as it is stored, codes for what was chosen from a list; beside it, under the same "
        "name with “.label”, the words. “id” names a record everywhere; a column that names "
        "another record holds its id. Rows with deleted = 1 lie in the bin. tables/columns.csv "
        "explains every column. Dates are year-month-day; moments are in universal time; an "
        "amount is followed by its currency.\n\n"
        "forms/ — the questionnaires (ODK XForms). submissions/ — what was filled in, as XML, "
        "in a folder for each questionnaire ({submissions} files).\n\n"
        "files/ — attached files ({files}); their names begin with the end of the id in "
        "tables/attachment.\n\n"
        "history.jsonl — every change that was ever made, one JSON object a line, in the order "
        "in which it came ({changes} lines): stamp (when and on which computer), kind, row, "
        "fields with their new values, and who made it.\n\n"
        "These files hold personal data in clear. Keep them as you keep the papers of the "
        "office, give them to nobody else, and destroy them when they are no longer needed.\n"
    ).format(
        office=here.title if here else "MigDesk",
        version=__version__,
        day=date.today().isoformat(),
        rows=done.rows,
        submissions=done.submissions,
        files=done.files,
        changes=done.changes,
    )
    _put(sink, _("README") + ".txt", words.encode("utf-8"))

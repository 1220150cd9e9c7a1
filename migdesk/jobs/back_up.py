"""Backups: the encrypted database and its key file in one archive, verified by opening.

An archive is a ZIP (stored, since encrypted pages do not compress) of `about.json`,
`keys.json` and `migdesk.db`. It opens with the password of any account it holds, or with
the recovery key; without one it tells only its date, size and the names of the accounts.
The copy is opened and checked before it is packed, and what lies in the archive is read
back and compared with it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from migdesk import __version__
from migdesk.errors import Obstacle, Refusal
from migdesk.i18n import N_
from migdesk.keys import KeyFile
from migdesk.models.dates import stored_moment
from migdesk.models.store import DiskFull, Store
from migdesk.paths import Paths
from migdesk.services import office
from migdesk.task import Task

ENDING = ".migbackup"
LEFT_SECONDS = 3_600
PARTS = ("about.json", "keys.json", "migdesk.db")
PIECE = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BadBackup(Refusal):
    """No backup of ours, or a broken one."""

    code = "BAK-001"
    text = N_("“{name}” is not a whole MigDesk backup. Nothing was changed.")


class NoRoom(Obstacle):
    """The disk cannot take the backup."""

    code = "BAK-002"
    text = N_(
        "The backup could not be written to “{folder}”. Free some space, or choose another."
    )


class PlaceLost(Obstacle):
    """A stick that was pulled, a share that went, a folder that may not be written."""

    code = "BAK-003"
    text = N_(
        "The backup could not be written to “{folder}” ({reason}). If it is a stick, plug it "
        "in again; else choose another place."
    )


class NotAsWritten(Obstacle):
    """The place gives back other bytes than it was given."""

    code = "BAK-004"
    text = N_(
        "The backup in “{folder}” does not read as it was written, and was removed. The stick "
        "or the disk may be failing: use another."
    )


class CopyDiffers(Obstacle):
    """The copy opens, and holds another number of changes than the database."""

    code = "BAK-005"
    text = N_(
        "The copy of the database is not complete. Check the database in Settings, then "
        "try again."
    )


class OnServer(Refusal):
    """PostgreSQL is backed up by its own tools."""

    code = "BAK-006"
    text = N_("This database is on a server; whoever keeps the server backs it up (pg_dump).")


@dataclass(frozen=True)
class Backup:
    """What an archive tells before it is opened. `computer` is the mark of where it was
    made (`Paths.computer`)."""

    path: Path
    made: str
    program: str
    size: int
    accounts: tuple[tuple[str, str], ...]
    computer: str = ""


@dataclass(frozen=True)
class Copy:
    """A copy of the database that was opened and checked, with the key file of that moment."""

    database: Path
    digest: str
    keys: bytes
    about: bytes
    name: str


def back_up(store: Store, task: Task, paths: Paths, folder: Path | None = None) -> Path:
    """Write a backup into `folder` (the home's own by default) and verify it."""
    with verified_copy(store, task, paths) as copy:
        path = write_archive(copy, task, folder or paths.backups)
    store.write(office.note, "backup")
    return path


@contextmanager
def verified_copy(store: Store, task: Task, paths: Paths) -> Iterator[Copy]:
    """Copy page by page while others go on working (the copy has the same key), open it,
    check it and count it. The copy goes at the end."""
    if not store.is_sqlite:
        raise OnServer
    copy = paths.home / f".backup-{os.getpid()}.db"
    try:
        with _faults(paths.home):
            sweep(paths.home)
            _room_for(paths.database.stat().st_size, paths.home)
            made = _copied(store, task, paths, copy)
        yield made
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):  # what stays is swept away by a later backup
                Path(f"{copy}{ending}").unlink(missing_ok=True)


def _copied(store: Store, task: Task, paths: Paths, target: Path) -> Copy:
    task.step(0, 0)
    store = store.whole()
    store.scrub(task)  # a copy has the same pages, unused space and all
    before = store.read(office.count_ops)
    store.copy_to(target, lambda left, total: task.step(total - left, total))
    task.step(0, 0)
    copy = store.open_copy(target)
    try:
        copy.check(task)
        held = copy.read(office.count_ops)
    finally:
        copy.close()
    now = store.read(office.count_ops)
    if not min(before, now) <= held <= max(before, now):
        raise CopyDiffers
    keys = paths.keys.read_bytes()
    made, computer = datetime.now(UTC), paths.computer
    about = {
        "format": 1,
        "made": stored_moment(made),
        "program": __version__,
        "accounts": KeyFile.load(paths.keys).accounts(),
        "computer": computer,
    }
    with target.open("rb") as file:
        digest = _digest(file, task)
    name = f"migdesk-{computer[:4]}-{made.astimezone():%Y-%m-%d-%H%M%S}"
    return Copy(target, digest, keys, json.dumps(about).encode(), name)


def write_archive(copy: Copy, task: Task, folder: Path) -> Path:
    """Pack a verified copy into a folder, and compare what lies there with it."""
    with _faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        size = copy.database.stat().st_size
        _room_for(size + len(copy.keys) + PIECE, folder)
        target = _free_name(folder, copy.name)
        part = target.with_suffix(".part")
        try:
            _pack(copy, task, part, size)
            _compare(copy, task, part)
            os.replace(part, target)
        finally:
            with suppress(OSError):  # the stick may be gone with what was on it
                part.unlink(missing_ok=True)
    return target


def _pack(copy: Copy, task: Task, part: Path, size: int) -> None:
    with open(part, "wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("about.json", copy.about)
            archive.writestr("keys.json", copy.keys)
            with (
                copy.database.open("rb") as source,
                archive.open("migdesk.db", "w", force_zip64=True) as inside,
            ):
                while piece := source.read(PIECE):
                    inside.write(piece)
                    task.step(source.tell(), size)
        out.flush()
        os.fsync(out.fileno())
        if hasattr(os, "posix_fadvise"):  # so that the disk is read, not the memory
            os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _compare(copy: Copy, task: Task, part: Path) -> None:
    try:
        with zipfile.ZipFile(part) as archive, archive.open("migdesk.db") as inside:
            same = _digest(inside, task) == copy.digest
            same = same and archive.read("keys.json") == copy.keys
    except (zipfile.BadZipFile, ValueError, KeyError):
        same = False
    if not same:
        raise NotAsWritten(folder=part.parent.name)


def _digest(file: IO[bytes], task: Task) -> str:
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
        task.step(0, 0)
    return digest.hexdigest()


def _free_name(folder: Path, name: str) -> Path:
    target, n = folder / f"{name}{ENDING}", 1
    while target.exists():
        n += 1
        target = folder / f"{name}-{n}{ENDING}"
    return target


@contextmanager
def _faults(folder: Path) -> Iterator[None]:
    try:
        yield
    except DiskFull as error:
        raise NoRoom(folder=folder.name) from error
    except OSError as error:
        if error.errno in _FULL or error.errno is None:
            raise NoRoom(folder=folder.name) from error
        raise PlaceLost(folder=folder.name, reason=error.strerror) from error


def _room_for(size: int, folder: Path) -> None:
    """Before hours are spent on a disk that is too small: raise what it would."""
    if shutil.disk_usage(folder).free < size:
        raise NoRoom(folder=folder.name)


def sweep(folder: Path) -> None:
    """Remove what backups that were killed left behind; another window may be at it now."""
    for pattern in (".backup-*.db*", ".look-*", "migdesk-*.part"):
        for path in folder.glob(pattern):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > LEFT_SECONDS:
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def look(path: Path, whole: bool = True) -> Backup:
    """Read what an archive tells of itself, `whole` with a sum over all its bytes (slow on
    a stick); raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sorted(archive.namelist()) != sorted(PARTS) or (whole and archive.testzip()):
                raise BadBackup(name=path.name)
            about = json.loads(archive.read("about.json"))
        return Backup(
            path,
            about["made"],
            about["program"],
            path.stat().st_size,
            tuple((id, name) for id, name in about["accounts"]),
            str(about.get("computer", "")),
        )
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise BadBackup(name=path.name) from error


def backups(folder: Path) -> list[Backup]:
    """Backups in a folder, newest first; cut and foreign ones are left out."""
    found = []
    for path in folder.glob(f"*{ENDING}"):
        with suppress(BadBackup):
            found.append(look(path, whole=False))
    return sorted(found, key=lambda backup: backup.made, reverse=True)


def prune(
    folder: Path, computer: str, daily: int = 7, weekly: int = 4, monthly: int = 6
) -> list[Path]:
    """Keep this computer's newest backup of each of so many days, weeks and months, and
    always the newest of all; remove its others. Days without a backup do not count."""
    found = [backup for backup in backups(folder) if backup.computer == computer]
    days = [datetime.fromisoformat(b.made).astimezone().date() for b in found]
    keep = {0}
    for rule, most in ((_day, daily), (_week, weekly), (_month, monthly)):
        kept: dict[tuple[int, ...], int] = {}
        for n, day in enumerate(days):
            if len(kept) < most:
                kept.setdefault(rule(day), n)
        keep.update(kept.values())
    removed = [backup.path for n, backup in enumerate(found) if n not in keep]
    for path in removed:
        with suppress(OSError):
            path.unlink()
    return removed


def _day(day: date) -> tuple[int, ...]:
    return (day.toordinal(),)


def _week(day: date) -> tuple[int, ...]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, ...]:
    return (day.year, day.month)

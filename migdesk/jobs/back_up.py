"""Backups: the encrypted database and its key file in one archive, verified by opening.

An archive is a ZIP (stored, since encrypted pages do not compress) of `about.json`,
`keys.json` and `migdesk.db`. It opens with the password of any account it holds, or with
the recovery key; without one it tells only its date, size and the names of the accounts.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from migdesk import __version__
from migdesk.errors import Obstacle, Refusal
from migdesk.i18n import N_
from migdesk.keys import KeyFile
from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import office
from migdesk.task import Task

ENDING = ".migbackup"
LEFT_SECONDS = 3_600
PARTS = ("about.json", "keys.json", "migdesk.db")


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


@dataclass(frozen=True)
class Backup:
    """What an archive tells before it is opened."""

    path: Path
    made: str
    program: str
    size: int
    accounts: tuple[tuple[str, str], ...]


def back_up(store: Store, task: Task, paths: Paths, folder: Path | None = None) -> Path:
    """Write a backup into `folder` (the home's own by default) and verify it."""
    folder = folder or paths.backups
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    target = folder / f"migdesk-{stamp}{ENDING}"
    copy = paths.home / f".backup-{os.getpid()}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(paths.home, folder)
        _copy(store, task, copy)
        _pack(paths, copy, target)
    except OSError as error:
        with suppress(OSError):
            target.with_suffix(".part").unlink(missing_ok=True)
        raise NoRoom(folder=folder.name) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{copy}{ending}").unlink(missing_ok=True)
    store.write(office.note, "backup")
    return target


def _sweep(home: Path, folder: Path) -> None:
    """Remove what backups that were killed left behind; another window may be at it now."""
    for path in (*home.glob(".backup-*.db*"), *folder.glob("*.part")):
        if time.time() - path.stat().st_mtime > LEFT_SECONDS:
            path.unlink(missing_ok=True)


def _copy(store: Store, task: Task, target: Path) -> None:
    """Copy page by page while others go on working; the copy has the same key."""
    task.step(0, 0)
    store.copy_to(target, lambda left, total: task.step(total - left, total))


def _pack(paths: Paths, copy: Path, target: Path) -> None:
    keys = KeyFile.load(paths.keys)
    about = {
        "format": 1,
        "made": stored_moment(datetime.now(UTC)),
        "program": __version__,
        "accounts": keys.accounts(),
    }
    part = target.with_suffix(".part")
    with open(part, "wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("about.json", json.dumps(about))
            archive.write(paths.keys, "keys.json")
            archive.write(copy, "migdesk.db")
        out.flush()
        os.fsync(out.fileno())
    look(part)
    os.replace(part, target)


def look(path: Path) -> Backup:
    """Read what an archive tells of itself; raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sorted(archive.namelist()) != sorted(PARTS) or archive.testzip():
                raise BadBackup(name=path.name)
            about = json.loads(archive.read("about.json"))
        return Backup(
            path,
            about["made"],
            about["program"],
            path.stat().st_size,
            tuple((id, name) for id, name in about["accounts"]),
        )
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise BadBackup(name=path.name) from error


def backups(folder: Path) -> list[Backup]:
    """Whole backups in a folder, newest first; broken ones are left out."""
    found = []
    for path in folder.glob(f"*{ENDING}"):
        try:
            found.append(look(path))
        except BadBackup:
            continue
    return sorted(found, key=lambda backup: backup.made, reverse=True)


def prune(folder: Path, today: date, daily: int = 7, weekly: int = 4) -> list[Path]:
    """Keep the newest backup of each of 7 days and of each of 4 weeks; remove the others.

    Only what lies in the home's own folder is ever removed, and never the newest one.
    """
    keep: set[Path] = set()
    days: set[date] = set()
    weeks: set[tuple[int, int]] = set()
    found = backups(folder)
    for backup in found:
        day = datetime.fromisoformat(backup.made).astimezone().date()
        week = day.isocalendar()[:2]
        if day not in days and len(days) < daily and day > today - timedelta(days=400):
            days.add(day)
            keep.add(backup.path)
        if week not in weeks and len(weeks) < weekly:
            weeks.add(week)
            keep.add(backup.path)
    removed = [b.path for b in found[1:] if b.path not in keep]
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def unpack(path: Path, folder: Path) -> Paths:
    """Unpack an archive into an empty folder; raises BadBackup."""
    look(path)
    paths = Paths(folder).make()
    with zipfile.ZipFile(path) as archive:
        for name, target in (("keys.json", paths.keys), ("migdesk.db", paths.database)):
            with archive.open(name) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
    return paths


def holding(path: Path, folder: Path, unlock: Callable[[KeyFile], bytes]) -> office.Holding:
    """Open an archive in a scratch folder and count what it holds; the folder is emptied.

    `unlock` gets the archive's key file and returns the key (it asks for the password).
    """
    try:
        paths = unpack(path, folder)
        store = Store.open(paths.database, unlock(KeyFile.load(paths.keys)))
        try:
            return store.read(office.holding)
        finally:
            store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restore(path: Path, paths: Paths, unlock: Callable[[KeyFile], bytes]) -> office.Holding:
    """Put an archive in the place of the database of `paths`; the one before is kept.

    The archive is unpacked and opened beside first, so that a bad one changes nothing. The
    restored database starts a new incarnation: numbers of bundles that it made after the
    backup would otherwise look like duplicates. On another computer it gets a new device.
    """
    scratch = paths.home / ".restore"
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        fresh = unpack(path, scratch)
        key = unlock(KeyFile.load(fresh.keys))
        elsewhere = not paths.database.exists()
        store = Store.open(fresh.database, key)
        try:
            store.check()
            store.write(office.reborn, elsewhere)
            found = store.read(office.holding)
        finally:
            store.close()
        _swap(fresh, paths)
        return found
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _swap(fresh: Paths, paths: Paths) -> None:
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    kept = paths.backups / f"before-restore-{stamp}"
    for source, target in ((fresh.database, paths.database), (fresh.keys, paths.keys)):
        if target.exists():
            kept.mkdir(parents=True, exist_ok=True)
            os.replace(target, kept / target.name)
            for ending in ("-wal", "-shm"):
                beside = Path(f"{target}{ending}")
                if beside.exists():
                    os.replace(beside, kept / beside.name)
        os.replace(source, target)

"""Putting a backup in the place of the database.

Everything is made ready beside, and a mark says that it is: from there on a start after a
kill ends the change (`resume`), before it nothing was changed.
"""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from migdesk.errors import Fault, Obstacle
from migdesk.i18n import N_
from migdesk.keys import KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths, write_whole
from migdesk.services import erasure, office
from migdesk.services.views import Gone
from migdesk.task import Task

from .back_up import PIECE, BadBackup, NoRoom, look

READY = "ready"
BESIDE = ("-wal", "-shm", "-journal")
Unlock = Callable[[KeyFile], bytes]
"""Gets the archive's key file and returns the key (it asks for the password)."""


class InUse(Obstacle):
    """Another window works on the database that is to be replaced."""

    code = "RES-001"
    text = N_("MigDesk is open in another window. Close it there, then restore again.")


class NotEnded(Obstacle):
    """The disk refused the last steps, which are taken again at the next start."""

    code = "RES-002"
    text = N_(
        "The disk refused to end the restore ({reason}). Nothing is lost: close MigDesk, look "
        "at the disk, and start MigDesk again; it goes on where it stopped."
    )


@dataclass(frozen=True)
class Restored:
    """What came back. `elsewhere`: the backup was made on another computer, so this one has
    no card any more and the administrator must let it in again."""

    held: office.Holding
    elsewhere: bool


def unpack(path: Path, folder: Path, task: Task | None = None) -> Paths:
    """Unpack an archive into an empty folder; raises BadBackup, NoRoom."""
    look(path)
    task = task or Task()
    try:
        paths = Paths(folder).make()
        with zipfile.ZipFile(path) as archive:
            for name, target in (("keys.json", paths.keys), ("migdesk.db", paths.database)):
                size = archive.getinfo(name).file_size
                with archive.open(name) as source, open(target, "wb") as out:
                    while piece := source.read(PIECE):
                        out.write(piece)
                        task.step(out.tell(), size)
                    out.flush()
                    os.fsync(out.fileno())
    except (zipfile.BadZipFile, ValueError) as error:
        raise BadBackup(name=path.name) from error
    except OSError as error:
        raise NoRoom(folder=folder.parent.name) from error
    return paths


def holding(path: Path, folder: Path, unlock: Unlock) -> office.Holding:
    """Open an archive in a scratch folder and count what it holds; the folder is emptied."""
    try:
        paths = unpack(path, folder)
        store = Store.open(paths.database, unlock(KeyFile.load(paths.keys)))
        store.look_as()  # a password says nothing of what its account may know
        try:
            return store.read(office.holding)
        finally:
            store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restore(path: Path, paths: Paths, unlock: Unlock, task: Task | None = None) -> Restored:
    """Put an archive in the place of the database of `paths`; the one before is kept.

    The archive is unpacked, opened and checked beside first, so that a bad one changes
    nothing. The restored database writes under a new name and in a new incarnation: what it
    wrote after the backup was perhaps sent, and must not be numbered again. Where it was
    made it keeps its card; elsewhere it has none, or two computers would share one.
    """
    scratch = paths.beside
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        elsewhere = look(path, whole=False).computer != paths.computer
        fresh = unpack(path, scratch, task)
        key = unlock(KeyFile.load(fresh.keys))
        with closing(Store.open(fresh.database, key)) as store:
            store.check()
            store.write(office.reborn, elsewhere)
        with closing(Store.open(fresh.database, key)) as store:  # under its new name
            for kind, row in _erased_since(paths, key):
                with suppress(Gone):
                    store.write(erasure.erase, kind, row, "asked")
            store.look_as()
            held = store.read(office.holding)
        if in_use(paths.database):
            raise InUse
    except OSError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise NoRoom(folder=paths.home.name) from error
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    put_in_place(paths, f"before-restore-{datetime.now():%Y-%m-%d-%H%M%S}")
    return Restored(held, elsewhere)


def put_in_place(paths: Paths, kept: str) -> None:
    """What was made ready beside becomes the database of `paths`; the one before
    is kept in the folder `kept` of its backups. Raises NoRoom, InUse, NotEnded."""
    scratch = paths.beside
    try:
        if any(log.stat().st_size for log in scratch.glob("*-wal")):
            # The disk refused while the file was closed: a part of it is still in its log.
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        write_whole(scratch / READY, kept.encode())
    except OSError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise NoRoom(folder=paths.home.name) from error
    resume(paths)


def _erased_since(paths: Paths, key: bytes) -> list[tuple[str, str]]:
    """What was erased in the database that is replaced: a backup of before must not bring
    back who asked to be forgotten. Nothing where that database does not open any more; the
    erasures come again with the exchange then."""
    try:
        with closing(Store.open(paths.database, key)) as store:
            found = store.read(erasure.erasures, 1_000_000)
            return [(each.kind, each.row) for each in found]
    except Fault:
        return []


def resume(paths: Paths) -> bool:
    """End a restore that was made ready, whether just now or before a kill; drop one that
    was not. True if the database is a restored one. Raises InUse, NotEnded."""
    scratch = paths.beside
    ready = scratch / READY
    if not ready.exists():
        shutil.rmtree(scratch, ignore_errors=True)
        return False
    fresh, kept = Paths(scratch), paths.backups / ready.read_text("utf-8")
    try:
        for source, target in ((fresh.database, paths.database), (fresh.keys, paths.keys)):
            if source.exists():
                _set_aside(target, kept)
                os.replace(source, target)
    except PermissionError as error:  # Windows, where what is open cannot be moved
        raise InUse from error
    except OSError as error:
        raise NotEnded(reason=error.strerror) from error
    shutil.rmtree(scratch, ignore_errors=True)
    return True


def _set_aside(target: Path, kept: Path) -> None:
    for path in (target, *(Path(f"{target}{ending}") for ending in BESIDE)):
        if path.exists():
            kept.mkdir(parents=True, exist_ok=True)
            os.replace(path, kept / path.name)


def in_use(database: Path) -> bool:
    """Whether another process has an SQLite file open: in WAL mode each holds a shared lock
    on a byte of the index beside it (SQLite: WAL-mode file format, section 2.3). Windows
    needs no asking, since it refuses to move an open file."""
    index = Path(f"{database}-shm")
    with suppress(ImportError, FileNotFoundError):
        import fcntl

        with index.open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 9, 120)
            except OSError:
                return True
    return False

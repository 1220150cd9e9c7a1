"""Bundles in a folder: a USB stick, a share, a folder that another program carries."""

from __future__ import annotations

import builtins
import errno
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from migdesk.sync.stores.gate import (
    DiskFull,
    Missing,
    NameTaken,
    NotAsWritten,
    Unreachable,
    gate,
    is_litter,
    is_name,
)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PIECE = 1 << 20


class Folder:
    """See :class:`~migdesk.sync.stores.gate.Transport`. The folder must exist: a stick
    that is not plugged in must not become a new empty folder on the disk."""

    def __init__(self, place: str) -> None:
        self._root = Path(place)

    def list(self, prefix: str = "") -> builtins.list[str]:
        with _faults(), os.scandir(self._root) as entries:
            return sorted(
                entry.name
                for entry in entries
                if entry.name.startswith(prefix) and is_name(entry.name) and entry.is_file()
            )

    def get(self, name: str) -> IO[bytes]:
        with _faults():
            try:
                return self._path(name).open("rb")
            except FileNotFoundError:
                self._must_exist()
                raise Missing(name=name) from None

    def put(self, name: str, data: bytes | Path) -> None:
        path = self._path(name)
        with _faults(), _reading(data) as source:
            self._must_exist()
            wanted = _size_and_hash(source)
            if path.exists():
                with path.open("rb") as there:
                    if _size_and_hash(there) != wanted:
                        raise NameTaken(name=name)
                return
            # The name is fixed, so that a second try replaces what a first one left.
            part = path.with_name(f"{name}.tmp")
            try:
                _copy(source, part)
                os.replace(part, path)
                _sync_folder(self._root)
            finally:
                part.unlink(missing_ok=True)
            with path.open("rb") as there:
                arrived = _size_and_hash(there) == wanted
            if not arrived:
                path.unlink()
                raise NotAsWritten()

    def delete(self, name: str) -> None:
        path = self._path(name)
        with _faults():
            self._must_exist()
            path.unlink(missing_ok=True)

    def sweep(self, before: float) -> None:
        """Remove what killed uploads of ours left before that moment (seconds)."""
        with _faults(), os.scandir(self._root) as entries:
            for entry in entries:
                if is_litter(entry.name) and entry.stat().st_mtime < before:
                    Path(entry.path).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._root / gate(name)

    def _must_exist(self) -> None:
        if not self._root.is_dir():
            raise NotADirectoryError(errno.ENOENT, os.strerror(errno.ENOENT))


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull() from error
        raise Unreachable(reason=error.strerror) from error


def _reading(data: bytes | Path) -> IO[bytes]:
    return io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")


def _size_and_hash(file: IO[bytes]) -> tuple[int, bytes]:
    """Of the whole file; leaves it at its start."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return size, digest.digest()


def _copy(source: IO[bytes], target: Path) -> None:
    with target.open("wb") as out:
        shutil.copyfileobj(source, out, _PIECE)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the rename last. Windows cannot, and FAT through FUSE may refuse."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)

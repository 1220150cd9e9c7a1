"""Bundles on a Windows share (SMB 2 and 3: Windows, Samba, a NAS), without mounting it.

Where the system has mounted the share already, a place of kind “folder” does the same.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import IO, Any

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.task import Task

from .address import Address, spot
from .gate import (
    BadAddress,
    DiskFull,
    Missing,
    NoSuchPlace,
    NotAllowed,
    Unreachable,
    WrongCredentials,
    is_litter,
)
from .line import CONNECT, WAIT, aside, cut, faults
from .remote import PIECE, Moved, pieces

_FAULTS: dict[int, type[Fault]] = {
    errno.ENOENT: NoSuchPlace,
    errno.EACCES: NotAllowed,
    errno.EPERM: NotAllowed,
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EFBIG: DiskFull,
}
"""The library's own errors have a number of the system, but not its classes."""


class Smb:
    """See :class:`~migdesk.sync.stores.remote.Wire`. Proxies do not carry SMB."""

    whole = False
    resumes = True

    def __init__(self, address: Address, task: Task) -> None:
        self._spot = spot(address)
        self._address, self._task = address, task
        share, _slash, folder = self._spot.folder.partition("/")
        if not share:
            raise BadAddress("where", reason=_("it names no share"))
        self._share = rf"\\{self._spot.host}\{share}"
        self._folder = folder.replace("/", "\\")
        self._cache: dict[str, Any] = {}
        self._patience: Timer | None = None

    def names(self, prefix: str) -> Iterator[str]:
        with self._open() as (smb, how):
            for entry in smb.scandir(self._path(), **how):
                yield entry.name

    def size(self, name: str) -> int | None:
        with self._open() as (smb, how):
            try:
                return int(smb.stat(self._path(name), **how).st_size)
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise
                smb.stat(self._path(), **how)
                return None

    def read(self, name: str, start: int, moved: Moved) -> Iterator[bytes]:
        with self._open() as (smb, how):
            try:
                file = smb.open_file(self._path(name), "rb", share_access="r", **how)
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise
                raise Missing(name=name) from None
            with file:
                file.seek(start)
                while piece := file.read(PIECE):
                    self._heard()
                    moved(len(piece))
                    yield piece

    def write(self, name: str, source: IO[bytes], size: int, moved: Moved) -> None:
        """Goes on where an earlier try broke off."""
        there = self.size(name) or 0
        start = there if there <= size else 0
        mode = "ab" if start else "wb"
        with self._open() as (smb, how), smb.open_file(self._path(name), mode, **how) as file:
            for piece in pieces(source, start, moved):
                file.write(piece)
                self._heard()

    def rename(self, name: str, to: str) -> bool:
        with self._open() as (smb, how):
            try:
                smb.rename(self._path(name), self._path(to), **how)
            except OSError:
                if self.size(to) is None:
                    raise
                return False
            return True

    def remove(self, name: str) -> None:
        with self._open() as (smb, how):
            try:
                smb.remove(self._path(name), **how)
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise

    def same(self, name: str, source: IO[bytes]) -> bool | None:
        return None

    def make_folder(self) -> None:
        with self._open() as (smb, how):
            smb.makedirs(self._path(), exist_ok=True, **how)

    def sweep(self, before: float) -> None:
        with self._open() as (smb, how):
            names = [
                entry.name
                for entry in smb.scandir(self._path(), **how)
                if is_litter(entry.name)
                and smb.stat(self._path(entry.name), **how).st_mtime < before
            ]
        for name in names:
            self.remove(name)

    def cut(self) -> None:
        _shut(self._cache)

    def close(self) -> None:
        cache, self._cache = self._cache, {}
        _shut(cache)
        for connection in cache.values():
            with suppress(OSError):
                connection.transport.close()

    def _path(self, name: str = "") -> str:
        return "\\".join(part for part in (self._share, self._folder, name) if part)

    def _heard(self) -> None:
        """The library waits for an answer for ever: cut it after a while without any."""
        if self._patience is not None:
            self._patience.cancel()
        self._patience = Timer(WAIT, self.cut)
        self._patience.daemon = True
        self._patience.start()

    @contextmanager
    def _open(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        import smbclient  # beside the start of the program
        from smbprotocol.exceptions import LogonFailure, SMBAuthenticationError, SMBException

        with faults():
            try:
                errors = (OSError, ValueError, SMBException)
                how = aside(self._task, 2 * CONNECT, self._connect, errors)
                self._heard()
                yield smbclient, how
            except OSError as error:
                if error.errno in _FAULTS:
                    raise _FAULTS[error.errno]() from error
                raise
            except (LogonFailure, SMBAuthenticationError):
                raise WrongCredentials("secret") from None
            except SMBException as error:
                raise _fault(str(error)) from error
            except ValueError as error:  # so the library says that it cannot connect
                raise Unreachable(reason=_("the server does not answer")) from error
            finally:
                if self._patience is not None:
                    self._patience.cancel()

    def _connect(self) -> dict[str, Any]:
        """On a thread that nobody may wait for any more: then it hangs up itself."""
        import smbclient

        address, cache = self._address, self._cache
        how = {
            "username": address.user or None,
            "password": address.secret or None,
            "port": self._spot.port,
            "connection_timeout": int(CONNECT),
            "connection_cache": cache,
        }
        smbclient.register_session(self._spot.host, **how)
        if cache is not self._cache:
            _shut(cache)
        return how


def _shut(cache: dict[str, Any]) -> None:
    """End the connections without the library's locks, which a writer may hold."""
    for connection in tuple(cache.values()):
        cut(getattr(connection.transport, "_sock", None))


def _fault(words: str) -> Exception:
    """The library names the NT status in its words."""
    if "STATUS_BAD_NETWORK_NAME" in words:
        return NoSuchPlace("where")
    if "STATUS_ACCESS_DENIED" in words:
        return NotAllowed("where")
    if "STATUS_DISK_FULL" in words or "STATUS_QUOTA_EXCEEDED" in words:
        return DiskFull()
    return Unreachable(reason=words.splitlines()[0][:80])

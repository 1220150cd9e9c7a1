"""Bundles on an SSH server (SFTP version 3, as OpenSSH speaks it)."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.task import Task

from .address import Address, spot
from .gate import (
    BadAddress,
    ChangedHostKey,
    DiskFull,
    Missing,
    NoSuchPlace,
    NotAllowed,
    UnknownHostKey,
    Unreachable,
    WrongCredentials,
    is_litter,
)
from .line import CONNECT, WAIT, cut, dial, faults
from .remote import PIECE, Moved, pieces

if TYPE_CHECKING:
    import paramiko

_AHEAD = 16
"""Questions for a listing under way at once. Files go piece by piece instead: the library's
own reading ahead keeps all of a file in memory and dies on a thread of its own where the
line breaks, and its writing ahead swallows the word that a disk is full."""


class Sftp:
    """See :class:`~migdesk.sync.stores.remote.Wire`. ``sftp://host/folder`` is a folder of
    the user's home; with two slashes it begins at the root."""

    whole = False
    resumes = True

    def __init__(self, address: Address, task: Task) -> None:
        self._spot = spot(address)
        self._address, self._task = address, task
        root = "//" in address.where.partition("://")[2]
        self._folder = ("/" if root else "") + self._spot.folder
        self._sock: socket.socket | None = None
        self._line: paramiko.Transport | None = None
        self._files: paramiko.SFTPClient | None = None

    def names(self, prefix: str) -> Iterator[str]:
        with self._open() as files:
            for entry in files.listdir_iter(self._folder or ".", read_aheads=_AHEAD):
                yield entry.filename

    def size(self, name: str) -> int | None:
        with self._open() as files:
            try:
                return files.stat(self._path(name)).st_size
            except FileNotFoundError:
                files.stat(self._folder or ".")
                return None

    def read(self, name: str, start: int, moved: Moved) -> Iterator[bytes]:
        with self._open() as files:
            try:
                file = files.open(self._path(name), "rb")
            except FileNotFoundError:
                raise Missing(name=name) from None
            with file:
                file.seek(start)
                while piece := file.read(PIECE):
                    moved(len(piece))
                    yield piece

    def write(self, name: str, source: IO[bytes], size: int, moved: Moved) -> None:
        """Goes on where an earlier try broke off."""
        there = self.size(name) or 0
        start = there if there <= size else 0
        with (
            self._open() as files,
            self._room(files),
            files.open(self._path(name), "ab" if start else "wb") as file,
        ):
            for piece in pieces(source, start, moved):
                file.write(piece)

    def rename(self, name: str, to: str) -> bool:
        with self._open() as files:
            if self.size(to) is not None:  # some servers replace it without a word
                return False
            try:
                # Not posix_rename, which replaces what is there.
                files.rename(self._path(name), self._path(to))
            except OSError:
                if self.size(to) is None:
                    raise
                return False
            return True

    def remove(self, name: str) -> None:
        with self._open() as files, suppress(FileNotFoundError):
            files.remove(self._path(name))

    def same(self, name: str, source: IO[bytes]) -> bool | None:
        return None

    def make_folder(self) -> None:
        with self._open() as files:
            steps = self._folder.strip("/").split("/")
            root = "/" if self._folder.startswith("/") else ""
            for count in range(1, len(steps) + 1):
                path = root + "/".join(steps[:count])
                try:
                    files.stat(path)
                except FileNotFoundError:
                    files.mkdir(path, 0o770)

    def sweep(self, before: float) -> None:
        with self._open() as files:
            found = files.listdir_iter(self._folder or ".", read_aheads=_AHEAD)
            names = [
                entry.filename
                for entry in found
                if is_litter(entry.filename) and (entry.st_mtime or before) < before
            ]
        for name in names:
            self.remove(name)

    def cut(self) -> None:
        cut(self._sock)

    def close(self) -> None:
        line, self._line, self._files = self._line, None, None
        self.cut()
        if line is not None:
            line.close()
        sock, self._sock = self._sock, None
        if sock is not None:
            sock.close()

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}" if self._folder else name

    # ---- connecting

    @contextmanager
    def _open(self) -> Iterator[paramiko.SFTPClient]:
        import paramiko  # beside the start of the program

        with faults():
            try:
                yield self._files or self._connect()
            except FileNotFoundError:
                raise NoSuchPlace("where") from None
            except PermissionError:
                raise NotAllowed("where") from None
            except paramiko.AuthenticationException as error:
                raise self._refused(error) from None
            except paramiko.SSHException as error:
                words = str(error) or _("the connection was cut")
                raise Unreachable(reason=words) from error

    def _refused(self, error: paramiko.AuthenticationException) -> Fault:
        """The library says so, too, where the line broke while it logged in."""
        heard = self._line is not None and self._line.is_active()
        if heard and "timeout" not in str(error):
            return WrongCredentials("secret")
        return Unreachable(reason=_("the connection was cut"))

    def _connect(self) -> paramiko.SFTPClient:
        import paramiko

        # It would log each broken line with its trace; what matters comes as an error.
        logging.getLogger("paramiko").setLevel(logging.CRITICAL)
        self.close()
        where = self._spot
        sock = dial(where.host, where.port, self._address.proxy, "sftp", self._task)
        self._sock = sock
        line = self._line = paramiko.Transport(sock, disabled_algorithms=None)
        line.banner_timeout = line.auth_timeout = line.handshake_timeout = CONNECT
        _prefer(line, self._address.host_key)
        line.start_client(timeout=CONNECT)
        self._check(line.get_remote_server_key())
        self._log_in(line)
        files = paramiko.SFTPClient.from_transport(line)
        assert files is not None
        files.get_channel().settimeout(WAIT)  # type: ignore[union-attr]
        self._files = files
        return files

    def _check(self, key: paramiko.PKey) -> None:
        shown = f"{key.get_name()} {key.get_base64()}"
        if shown == self._address.host_key:
            return
        fault = ChangedHostKey if self._address.host_key else UnknownHostKey
        raise fault(fingerprint=fingerprint(shown), key=shown)

    def _log_in(self, line: paramiko.Transport) -> None:
        import paramiko

        address = self._address
        if address.key:
            line.auth_publickey(address.user, private_key(address.key, address.secret))
            return
        try:
            line.auth_password(address.user, address.secret)
        except paramiko.BadAuthenticationType as error:
            if "keyboard-interactive" not in error.allowed_types:
                raise
            line.auth_interactive(
                address.user, lambda _title, _words, asked: [address.secret for _ in asked]
            )

    @contextmanager
    def _room(self, files: paramiko.SFTPClient) -> Iterator[None]:
        """OpenSSH says only “Failure” where its disk is full."""
        try:
            yield
        except OSError as error:
            if error.errno is None and str(error) == "Failure":
                raise DiskFull() from error
            raise


def _prefer(line: paramiko.Transport, host_key: str) -> None:
    """Ask the server for the kind of key that was compared, not for a newer kind of it."""
    kind = host_key.partition(" ")[0]
    kinds = ("rsa-sha2-512", "rsa-sha2-256") if kind == "ssh-rsa" else (kind,)
    options = line.get_security_options()
    known = tuple(each for each in kinds if each in options.key_types)
    options.key_types = (*known, *(each for each in options.key_types if each not in known))


def fingerprint(host_key: str) -> str:
    """As OpenSSH shows it: SHA-256 of the key, base64 without padding."""
    blob = base64.b64decode(host_key.partition(" ")[2])
    digest = hashlib.sha256(blob).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def private_key(text: str, passphrase: str) -> paramiko.PKey:
    """The key in an OpenSSH file; :class:`BadAddress` where it is none, or another's."""
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text), passphrase or None)
    words = _("this is no private key, or its passphrase is another")
    raise BadAddress("key", reason=words)

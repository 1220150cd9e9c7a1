"""The four verbs over any server: begin again, go on where it broke, read back, rename.

A transport to a server is a *wire* of few plain acts (:class:`Wire`); all that makes it
safe on a bad line is written here once.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Protocol, TypeVar

from migdesk.errors import Fault
from migdesk.task import Task

from .gate import (
    Missing,
    NameTaken,
    NoRoomHere,
    NoSource,
    NotAsWritten,
    Unreachable,
    gate,
    is_name,
)

R = TypeVar("R")
PIECE = 32 * 1024
"""Bytes between two looks at whether somebody asked to stop."""


@dataclass(frozen=True)
class Patience:
    """How often an act is tried without a single byte of progress, and how long is waited
    in between: `first` seconds doubled each time up to `longest`, less a random part."""

    tries: int = 8
    first: float = 0.5
    longest: float = 30.0
    before_first_answer: int = 3

    def after(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        most = min(self.longest, self.first * 2.0 ** (failures - 1))
        return random.uniform(most / 2, most)


class Wire(Protocol):
    """Plain acts on one folder of a server. Each raises faults of the gate; one that broke
    in the middle is :class:`Unreachable`, and the next act connects anew. `moved` is called
    with the bytes that passed, at least every :data:`PIECE`; it raises Cancelled."""

    whole: bool
    """A file appears under its name only when it is complete (object stores)."""
    resumes: bool
    """Writing goes on where an earlier try broke off."""

    def names(self, prefix: str) -> Iterable[str]: ...
    def size(self, name: str) -> int | None: ...
    def read(self, name: str, start: int, moved: Moved) -> Iterator[bytes]: ...
    def write(self, name: str, source: IO[bytes], size: int, moved: Moved) -> None: ...
    def rename(self, name: str, to: str) -> bool: ...
    def remove(self, name: str) -> None: ...
    def same(self, name: str, source: IO[bytes]) -> bool | None: ...
    def make_folder(self) -> None: ...
    def sweep(self, before: float) -> None: ...
    def cut(self) -> None: ...
    def close(self) -> None: ...


Moved = Callable[[int], None]


class Remote:
    """See :class:`~migdesk.sync.stores.gate.Transport`. Used by one thread at a time;
    cancelling its task cuts the connection."""

    def __init__(
        self, wire: Wire, task: Task, *, slow: bool = False, patience: Patience | None = None
    ) -> None:
        self._wire = wire
        self._task = task
        self._slow = slow
        self._patience = patience or Patience()
        self._met = False
        self.bytes_moved = 0

    # ---- verbs

    def list(self, prefix: str = "") -> builtins.list[str]:
        found = self._persist(lambda: set(self._wire.names(prefix)))
        return sorted(name for name in found if name.startswith(prefix) and is_name(name))

    def get(self, name: str) -> IO[bytes]:
        gate(name)
        size = self._persist(lambda: self._wire.size(name))
        if size is None:
            raise Missing(name=name)
        with _local(NoRoomHere):
            file = tempfile.TemporaryFile(prefix="migdesk-")  # noqa: SIM115  (handed out)
        try:
            self._persist(lambda: self._fetch(name, file, size))
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def put(self, name: str, data: bytes | Path) -> None:
        gate(name)
        with _local(NoSource):
            source = io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")
        with source:
            size = source.seek(0, io.SEEK_END)
            there = self._persist(lambda: self._wire.size(name))
            if there is not None:
                self._must_equal(name, source, size, there)
            elif self._wire.whole:
                self._write(name, source, size)
            else:
                self._write(f"{name}.tmp", source, size)
                self._publish(f"{name}.tmp", name, source, size)

    def delete(self, name: str) -> None:
        gate(name)
        self._persist(lambda: self._wire.remove(name))

    def make_folder(self) -> None:
        """Make the folder on the server where it is missing."""
        self._persist(self._wire.make_folder)

    def sweep(self, before: float) -> None:
        """Remove what killed uploads of ours left before that moment (seconds, by the clock
        of the server)."""
        self._persist(lambda: self._wire.sweep(before))

    def close(self) -> None:
        """Hang up. The next verb would connect anew."""
        self._wire.close()

    # ---- parts of them

    def _fetch(self, name: str, file: IO[bytes], size: int) -> None:
        start = file.seek(0, io.SEEK_END)
        for piece in self._wire.read(name, start, self._moved) if start < size else ():
            with _local(NoRoomHere):
                file.write(piece)
        if file.tell() != size:
            if file.tell() > size:
                file.truncate(0)
            raise Unreachable(reason=f"{file.tell()}/{size}")

    def _write(self, name: str, source: IO[bytes], size: int) -> None:
        """Upload and read back. What an earlier try left may be another's: where it was gone
        on from and the whole is wrong, once more from the start."""
        for _again in (False, True):
            write = partial(self._wire.write, name, source, size, self._moved)
            self._persist(write, resumes=self._wire.resumes)
            if self._arrived(name, source, size):
                return
            self._persist(lambda: self._wire.remove(name))
        raise NotAsWritten()

    def _arrived(self, name: str, source: IO[bytes], size: int) -> bool:
        if self._persist(lambda: self._wire.size(name)) != size:
            return False
        return self._slow or self._equal(name, source, size)

    def _publish(self, part: str, name: str, source: IO[bytes], size: int) -> None:
        """Give the finished part its name. A line that broke here may have done it."""

        def rename() -> None:
            if self._wire.rename(part, name):
                return
            there = self._wire.size(name)
            if there is None:
                raise Unreachable(reason=part)
            self._must_equal(name, source, size, there)
            self._wire.remove(part)

        self._persist(rename)

    def _must_equal(self, name: str, source: IO[bytes], size: int, there: int) -> None:
        if there != size or not self._equal(name, source, size):
            raise NameTaken(name=name)

    def _equal(self, name: str, source: IO[bytes], size: int) -> bool:
        """Whether what lies there is our content: by the server's word where it is a hash,
        else by reading it, with a pause and a new line where it breaks."""
        told = self._persist(lambda: self._wire.same(name, source))
        if told is not None:
            return told
        digest, count = hashlib.sha256(), 0

        def read() -> None:
            nonlocal count
            for piece in self._wire.read(name, count, self._moved) if count < size else ():
                digest.update(piece)
                count += len(piece)
            if count < size:
                raise Unreachable(reason=f"{count}/{size}")

        self._persist(read)
        return count == size and digest.digest() == sha256_of(source)

    # ---- persistence

    def _moved(self, count: int) -> None:
        self.bytes_moved += count
        self._task.heed()

    def _persist(self, act: Callable[[], R], resumes: bool = True) -> R:
        """Try until it works, is refused, or went no further for too many tries."""
        failures = 0
        while True:
            before = self.bytes_moved
            self._task.heed()
            try:
                with self._task.cutting(self._wire.cut):
                    done = act()
            except Unreachable:
                self._wire.close()
                self._task.heed()
                further = self.bytes_moved > before
                failures = 1 if further and resumes else failures + 1
                self._met = self._met or further
                patience = self._patience
                most = patience.tries if self._met else patience.before_first_answer
                if failures >= most:
                    raise
                self._task.pause(patience.after(failures))
            except Fault:
                self._task.heed()
                raise
            else:
                self._met = True
                return done


def sha256_of(source: IO[bytes]) -> bytes:
    """Of the whole file; leaves it at its start."""
    source.seek(0)
    digest = hashlib.file_digest(source, "sha256").digest()  # type: ignore[arg-type]
    source.seek(0)
    return digest


def pieces(source: IO[bytes], start: int, moved: Moved) -> Iterator[bytes]:
    """The content from `start` on, told as it is taken."""
    with _local(NoSource):
        source.seek(start)
    while True:
        with _local(NoSource):
            piece = source.read(PIECE)
        if not piece:
            return
        yield piece
        moved(len(piece))


@contextmanager
def _local(fault: type[Fault]) -> Iterator[None]:
    """Errors of a file on this computer are not those of the server."""
    try:
        yield
    except OSError as error:
        raise fault(reason=error.strerror) from error

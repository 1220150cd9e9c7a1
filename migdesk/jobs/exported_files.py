"""What lies in a file or a folder that somebody exported: names and bytes, nothing unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from migdesk.errors import Mistake
from migdesk.i18n import N_

from .tables import Unreadable

WHOLE_LIMIT = 2_000_000_000
"""Bytes that a zip may hold unpacked."""


_BROKEN = (OSError, RuntimeError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)
"""What a damaged, encrypted or strange zip makes its reader raise."""


class TooMuch(Mistake):
    code = "ANS-013"
    text = N_("“{name}” is too large. Export in several parts, by period.")


class Contents(Mapping[str, bytes]):
    """Files by their path with ``/``, read when asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        if path.is_dir():
            files = (p for p in sorted(path.rglob("*")) if p.is_file() and not p.is_symlink())
            self._names = [p.relative_to(path).as_posix() for p in files]
        elif path.suffix.lower() == ".zip":
            self._zip = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
            entries = [e for e in self._zip.infolist() if not e.is_dir()]
            if sum(entry.file_size for entry in entries) > WHOLE_LIMIT:
                raise TooMuch(name=path.name)
            self._names = [entry.filename for entry in entries if ".." not in entry.filename]
        else:
            self._names = [path.name]
        self._names = [name for name in self._names if not _hidden(name)]
        self.by_name: dict[str, list[str]] = {}
        for name in self._names:
            self.by_name.setdefault(PurePosixPath(name).name, []).append(name)

    def __getitem__(self, name: str) -> bytes:
        try:
            if self._zip is not None:
                return self._zip.read(name)
            return (self.path / name if self.path.is_dir() else self.path).read_bytes()
        except _BROKEN as error:
            raise Unreadable(name=name, why=str(error)) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def size(self, name: str) -> int:
        """Bytes of a file, unpacked."""
        if self._zip is not None:
            return self._zip.getinfo(name).file_size
        return (self.path / name if self.path.is_dir() else self.path).stat().st_size

    def beside(self, name: str, of: str, instance: str) -> str:
        """The file called `name` that belongs to a submission read from `of`: beside it, in
        a folder named by the instance, or the only one of that name; "" if there is none."""
        found = self.by_name.get(name, [])
        folder = PurePosixPath(of).parent
        bare = instance.removeprefix("uuid:")
        for each in found:
            if PurePosixPath(each).parent == folder and (len(folder.parts) or len(found) == 1):
                return each
        near = [each for each in found if bare and bare in each]
        return near[0] if near else found[0] if len(found) == 1 else ""


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def contents(path: Path) -> Contents:
    """The files of a zip, of a folder, or a single one. Raises Unreadable, TooMuch."""
    try:
        return Contents(path)
    except _BROKEN as error:
        raise Unreadable(name=path.name, why=str(error)) from error

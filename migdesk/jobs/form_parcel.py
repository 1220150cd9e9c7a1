"""A questionnaire file with what lies beside it: a folder, or a .zip that holds both.

Names that a form asks for are only compared with the names that are there; no path is ever
built from them, so that no form reaches a file outside its folder.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from migdesk.errors import Mistake, Refusal
from migdesk.forms.xlsform import KINDS, XFORM
from migdesk.i18n import N_
from migdesk.services.attachments import LIMIT

from .tables import Unreadable

MEDIA = "-media"
MAX_UNPACKED = 300_000_000
MAX_ENTRIES = 10_000
_ORDER = {".xlsx": 0, ".xlsm": 0, ".xls": 0, ".md": 1, XFORM: 2, ".csv": 3}
_HIDDEN = ("__MACOSX", ".")


class NoForm(Mistake):
    """An archive without a questionnaire."""

    code = "QUE-003"
    text = N_("“{name}” holds no questionnaire. Put the workbook (.xlsx) or its XForm in it.")


class SeveralForms(Mistake):
    """An archive with more than one questionnaire."""

    code = "QUE-004"
    text = N_("“{name}” holds several questionnaires: {forms}. Import them one by one.")


class UnsafeArchive(Refusal):
    """An archive that reaches outside itself, or that is far too large."""

    code = "QUE-005"
    text = N_("“{name}” is not safe (“{entry}”). It was not opened. Ask for another one.")


class FileTooLarge(Mistake):
    """A file of a form above what we keep."""

    code = "QUE-006"
    text = N_("The file “{name}” is too large; at most {limit} MB.")


@dataclass(frozen=True)
class Parcel:
    """A questionnaire and its files. `near`: files in its media folder, by name; `around`:
    other files beside it, taken only if the form names them."""

    name: str
    kind: str
    data: bytes
    near: Mapping[str, File]
    around: Mapping[str, File]

    def take(self, wanted: Iterable[str]) -> dict[str, bytes]:
        """The media folder whole, and the files beside the form that it asks for. Capitals
        do not matter; a file takes the name that the form gives it."""
        by_lower = {name.lower(): name for name in wanted}
        found: dict[str, bytes] = {}
        for place in (self.around, self.near):
            for name, file in place.items():
                called = by_lower.get(name.lower())
                if called is not None or place is self.near:
                    found[called or name] = file.read()
        return found


@dataclass(frozen=True)
class File:
    """A file of a folder, or, with `archive`, an entry of it."""

    name: str
    path: Path
    archive: str = ""

    def read(self) -> bytes:
        """Its bytes. Raises FileTooLarge, Unreadable."""
        try:
            if self.archive:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.archive) as entry:
                    data = entry.read(LIMIT + 1)
            else:
                with self.path.open("rb") as file:
                    data = file.read(LIMIT + 1)
        except _UNREADABLE as error:
            raise Unreadable(name=self.name, why=str(error)) from error
        if len(data) > LIMIT:
            raise FileTooLarge(name=self.name, limit=LIMIT // 1_048_576)
        return data


_UNREADABLE = (OSError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error)
"""What a file that is gone, damaged or locked with a password makes the readers raise."""


def open_parcel(path: Path) -> Parcel:
    """The questionnaire at `path`, alone, in its folder, or in a .zip.

    Raises Unreadable, NoForm, SeveralForms, UnsafeArchive, FileTooLarge.
    """
    if path.suffix.lower() == ".zip":
        return _zipped(path)
    form = File(path.name, path)
    data = form.read()
    around = _folder(path.parent)
    around.pop(path.name, None)
    near = _folder(path.parent / f"{path.stem}{MEDIA}")
    return Parcel(path.stem, path.suffix.lower(), data, near, around)


def loose(paths: Iterable[Path]) -> dict[str, File]:
    """Files that a person chose: each itself, the content of a .zip or of a folder."""
    found: dict[str, File] = {}
    for path in paths:
        if path.suffix.lower() == ".zip":
            found |= {file.name: file for file in _entries(path)}
        elif path.is_dir():
            found |= _folder(path)
        else:
            found[path.name] = File(path.name, path)
    return found


def _folder(folder: Path) -> dict[str, File]:
    """Plain files directly in a folder, links that lead out of it left out."""
    found: dict[str, File] = {}
    if not folder.is_dir():
        return found
    try:
        home = folder.resolve()
        for entry in os.scandir(folder):
            path = Path(entry.path)
            if entry.name.startswith(_HIDDEN) or not entry.is_file():
                continue
            if path.resolve().parent == home:
                found[entry.name] = File(entry.name, path)
    except OSError as error:
        raise Unreadable(name=folder.name, why=error.strerror or "") from error
    return found


def _entries(path: Path) -> list[File]:
    """Files of an archive. Raises UnsafeArchive where an entry would leave it, is a link,
    or where it is far larger than it looks."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _UNREADABLE as error:
        raise Unreadable(name=path.name, why=str(error)) from error
    if sum(info.file_size for info in infos) > MAX_UNPACKED or len(infos) > MAX_ENTRIES:
        raise UnsafeArchive(name=path.name, entry=f"> {MAX_UNPACKED // 1_000_000} MB")
    found = []
    for info in infos:
        inside = PurePosixPath(info.filename)
        linked = stat.S_ISLNK(info.external_attr >> 16)
        if linked or inside.is_absolute() or ".." in inside.parts or _odd(info.orig_filename):
            raise UnsafeArchive(name=path.name, entry=info.filename)
        hidden = any(part.startswith(_HIDDEN) for part in inside.parts)
        if not info.is_dir() and not hidden:
            found.append(File(inside.name, path, info.filename))
    return found


def _odd(name: str) -> bool:
    return any(mark in name for mark in ("\\", ":", "\0"))


def _zipped(path: Path) -> Parcel:
    files = _entries(path)
    form = _form_among(path, files)
    inside = PurePosixPath(form.archive)
    media = inside.parent / f"{inside.stem}{MEDIA}"
    near: dict[str, File] = {}
    around: dict[str, File] = {}
    for file in files:
        folder = PurePosixPath(file.archive).parent
        if folder == media or folder.name == "media":
            near[file.name] = file
        elif file is not form and (file.name not in around or folder == inside.parent):
            around[file.name] = file
    return Parcel(inside.stem, inside.suffix.lower(), form.read(), near, around)


def _form_among(path: Path, files: list[File]) -> File:
    """The questionnaire of an archive: the workbook nearest to its top."""

    def rank(file: File) -> tuple[int, int]:
        inside = PurePosixPath(file.archive)
        return len(inside.parts), _ORDER[inside.suffix.lower()]

    forms = [file for file in files if _may_be_form(file)]
    if not forms:
        raise NoForm(name=path.name)
    first = min(map(rank, forms))
    best = [file for file in forms if rank(file) == first]
    if len(best) > 1:
        raise SeveralForms(name=path.name, forms=", ".join(file.name for file in best))
    return best[0]


def _may_be_form(file: File) -> bool:
    inside = PurePosixPath(file.archive)
    kind = inside.suffix.lower()
    if kind not in (*KINDS, XFORM) or inside.parent.name.endswith("media"):
        return False
    if kind in (".csv", XFORM):
        start = file.read()[:4_000]
        return (
            b"survey" in start if kind == ".csv" else b"http://www.w3.org/1999/xhtml" in start
        )
    return True

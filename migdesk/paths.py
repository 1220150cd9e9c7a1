"""Where files live: the home of one database, and the resources that we ship."""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True)
class Paths:
    """The folder of one installation (`--home`) and what lies in it.

    Everything here except `settings` and `log` is encrypted. Created private to
    the user (mode 0700) by :meth:`make`.
    """

    home: Path

    @property
    def database(self) -> Path:
        return self.home / "migdesk.db"

    @property
    def keys(self) -> Path:
        return self.home / "keys.json"

    @property
    def settings(self) -> Path:
        return self.home / "settings.json"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def computer(self) -> str:
        """A mark of this folder on this computer, made once. It is in no backup, so that a
        restore can tell whether it happens where the backup was made."""
        path = self.home / "computer.id"
        if not path.exists():
            write_whole(path, secrets.token_hex(8).encode())
        return path.read_text("ascii")

    @property
    def log(self) -> Path:
        return self.home / "migdesk.log"

    @property
    def beside(self) -> Path:
        """Where another database is made ready before it takes the place of this one."""
        return self.home / ".restore"

    @property
    def lock(self) -> Path:
        return self.home / "migdesk.lock"

    def make(self) -> Paths:
        """Create the folders, readable by their owner only."""
        for folder in (self.home, self.backups):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self


def default_home() -> Path:
    """``$MIGDESK_HOME``, or the platform's place for application data."""
    given = os.environ.get("MIGDESK_HOME")
    if given:
        return Path(given)
    return Path(platformdirs.user_data_dir("migdesk", appauthor=False))


def credential(name: str) -> str:
    """A secret that systemd hands to a service (``LoadCredential=``), "" without one."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    try:
        return (Path(folder) / name).read_text("utf-8").strip() if folder else ""
    except FileNotFoundError:
        return ""


def resource(*parts: str) -> Path:
    """A shipped file: inside the installed package, else beside it in a checkout."""
    inside = Path(__file__).parent / "_data" / "resources"
    root = inside if inside.is_dir() else Path(__file__).parent.parent / "resources"
    return root.joinpath(*parts)


def write_whole(path: Path, data: bytes) -> None:
    """Replace `path` so that a reader sees the old content or the new, never a half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

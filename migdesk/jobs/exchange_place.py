"""Folders that must not hold the database: a place of exchange, a folder that a program
carries to other computers. A database copied while it is written is a damaged one."""

from __future__ import annotations

from pathlib import Path

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.paths import Paths

CARRIERS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    "._sync_*.db": "ownCloud",
    ".sync_*.db": "Nextcloud",
    ".stfolder": "Syncthing",
    ".sync": "Resilio Sync",
    ".tmp.drivedownload": "Google Drive",
}
"""Files that these programs leave at the top of a folder that they carry."""
NAMED = {"onedrive": "OneDrive", "dropbox": "Dropbox", "com~apple~clouddocs": "iCloud"}
"""Beginnings of the names of such folders, in lower case."""


class DatabaseThere(Mistake):
    code = "EXC-007"
    text = N_(
        "The database of MigDesk lies in this folder. What is carried from here to other "
        "computers would damage it: choose a folder of its own for the exchange."
    )


def check_place(folder: Path) -> None:
    """Raises DatabaseThere if a database lies in the folder, right below it, or above."""
    below = [each for each in _listed(folder) if each.is_dir()]
    if any(map(_is_home, [folder, *folder.resolve().parents, *below])):
        raise DatabaseThere


def carried_by(home: Path) -> str:
    """Name of the program that carries the folder of the database to other computers, ""
    if none is known: a person is to be warned."""
    for folder in (home.resolve(), *home.resolve().parents):
        for begin, program in NAMED.items():
            if folder.name.lower().startswith(begin):
                return program
        for pattern, program in CARRIERS.items():
            if any(folder.glob(pattern)):
                return program
    return ""


def _is_home(folder: Path) -> bool:
    paths = Paths(folder)
    return paths.database.is_file() and paths.keys.is_file()


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []  # the place itself will say why

"""Sticks and cards that are plugged in. Asks the system's own lists, never the medium: one
that hangs must not hold anybody up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

FOLDER = "migdesk-exchange"
"""What a stick that is used for the exchange carries."""

_MEDIA = ("/media/", "/run/media/", "/mnt/")
_WINDOWS_REMOVABLE = 2


def mounted(mounts: Path = Path("/proc/self/mounts")) -> tuple[Path, ...]:
    """Where removable media are mounted now."""
    if sys.platform == "win32":
        return tuple(_windows())
    if sys.platform == "darwin":
        return tuple(sorted(p for p in Path("/Volumes").iterdir() if not p.is_symlink()))
    return tuple(sorted(set(_linux(mounts))))


def _linux(mounts: Path) -> Iterator[Path]:
    """Mounts of a device below the folders where desktops mount sticks."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        device, where, *_rest = line.split(" ")
        if device.startswith("/dev/") and where.startswith(_MEDIA):
            # Spaces are written as octal numbers there.
            yield Path(
                where.encode("latin-1", "backslashreplace")
                .decode("unicode_escape")
                .encode("latin-1", "replace")
                .decode("utf-8", "replace")
            )


def _windows() -> Iterator[Path]:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (only there)
    letters = kernel.GetLogicalDrives()
    for number in range(26):
        drive = f"{chr(65 + number)}:\\"
        if letters >> number & 1 and kernel.GetDriveTypeW(drive) == _WINDOWS_REMOVABLE:
            yield Path(drive)


def exchange_folder(stick: Path) -> Path | None:
    """The folder of the exchange on a stick; None where it has none or is gone."""
    folder = stick / FOLDER
    try:
        return folder if folder.is_dir() else None
    except OSError:
        return None

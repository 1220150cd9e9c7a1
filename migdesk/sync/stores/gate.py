"""What every transport shares: its verbs, its faults, the gate that names pass."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Protocol

from migdesk.errors import Obstacle, Refusal
from migdesk.i18n import N_

LONGEST_NAME = 128
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_WINDOWS_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.ASCII)


class BadName(Refusal):
    code = "STO-001"
    text = N_("“{name}” is not a name under which something can be exchanged.")


class NameTaken(Refusal):
    code = "STO-002"
    text = N_("Something else is kept under the name “{name}” already. It was left as it is.")


class Missing(Obstacle):
    code = "STO-003"
    text = N_("“{name}” is not there, or not yet. Refresh the list, then retry.")


class Unreachable(Obstacle):
    code = "STO-004"
    text = N_("The place of exchange cannot be reached ({reason}). Check it, then retry.")


class DiskFull(Obstacle):
    code = "STO-005"
    text = N_("The place of exchange is full. Make room or choose another, then retry.")


class NotAsWritten(Obstacle):
    code = "STO-006"
    text = N_("What was written is not what can be read back. Try again or another stick.")


class Transport(Protocol):
    """Four verbs. Names pass :func:`gate` and are never overwritten: they are made from
    what they name. Faults: :class:`BadName`, :class:`Unreachable` and its like.

    An absent name means nothing: listings are briefly incomplete on some transports, and
    a stick holds only what it holds. Nobody may read absence as deletion.
    """

    def list(self, prefix: str = "") -> list[str]:
        """Names that begin so, sorted. What others left there under other names is not
        shown. A place that is gone is :class:`Unreachable`, never an empty list."""

    def get(self, name: str) -> IO[bytes]:
        """The content, seekable; the caller closes it. :class:`Missing`."""

    def put(self, name: str, data: bytes | Path) -> None:
        """Keep bytes, or the content of a file. When this returns, it was read back. The
        same content again is no error; another is :class:`NameTaken`."""

    def delete(self, name: str) -> None:
        """Remove it; no error if it is not there."""


def is_name(name: str) -> bool:
    """At most 128 of ``a-z 0-9 . _ -``, beginning with a letter or digit, without ``..``,
    and such that Windows, exFAT and object stores keep it as it is."""
    return (
        len(name) <= LONGEST_NAME
        and _NAME.fullmatch(name) is not None
        and ".." not in name
        and not name.endswith((".", ".tmp"))
        and _WINDOWS_DEVICES.fullmatch(name) is None
    )


def gate(name: str) -> str:
    """`name` itself, or :class:`BadName`."""
    if not is_name(name):
        raise BadName(name=name[:LONGEST_NAME])
    return name

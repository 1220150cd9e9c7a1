"""What every transport shares: its verbs, its faults, the gate that names pass."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Protocol

from migdesk.errors import Mistake, Obstacle, Refusal
from migdesk.i18n import N_

LONGEST_NAME = 128
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_OURS = re.compile(r".+\.mig[a-z]+|try-[0-9a-f]{16}", re.ASCII)
_PART = re.compile(r"(?:\.[0-9a-z]+\.partial)?", re.ASCII)  # so rclone puts behind it
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


class TimedOut(Unreachable):
    code = "STO-010"
    text = N_("The place of exchange did not answer in time. Check the connection, then retry.")


class Busy(Unreachable):
    code = "STO-011"
    text = N_("The server cannot do it now (it answered {status}). Retry later.")


class WrongCredentials(Mistake):
    code = "STO-012"
    text = N_("The server does not accept this user and password. Type them again.")


class NotAllowed(Mistake):
    code = "STO-013"
    text = N_("This user may not do that in this folder. Ask who runs the server.")


class NoSuchPlace(Mistake):
    code = "STO-014"
    text = N_("The server has no such folder. Correct the address, or have the folder made.")


class BadAddress(Mistake):
    code = "STO-015"
    text = N_("This address cannot be used: {reason}.")


class UnknownHostKey(Refusal):
    """`key` is the whole public key, to be kept once a person has compared."""

    code = "STO-016"
    text = N_(
        "This server is met for the first time. Compare its fingerprint with the one that "
        "its administrator gives you: {fingerprint}"
    )


class ChangedHostKey(Refusal):
    """`key` is the key shown now."""

    code = "STO-017"
    text = N_(
        "The server shows another key than before: {fingerprint}. Nothing was sent. Somebody "
        "may be in between, or it was installed anew: ask its administrator."
    )


class CertificateNotTrusted(Refusal):
    code = "STO-018"
    text = N_(
        "The certificate of the server is not trusted ({reason}). Nothing was sent. If the "
        "office has an authority of its own, give its certificate file."
    )


class NotWhatWasAsked(Obstacle):
    code = "STO-019"
    text = N_("The server answered {status}. Is this the address of such a place?")


class NoRoomHere(Obstacle):
    code = "STO-020"
    text = N_("This computer has no room for what comes ({reason}). Make room, then retry.")


class NoSource(Obstacle):
    code = "STO-021"
    text = N_("What should be sent cannot be read here ({reason}).")


class Pulled(Unreachable):
    code = "STO-022"
    text = N_(
        "The stick was pulled while something was written. What was complete is safe: plug "
        "it in and retry."
    )


class InClear(Mistake):
    code = "STO-023"
    text = N_(
        "Over http:// everybody on the way can read the password. Write https://, or tick "
        "that this way is safe (a cable, a VPN)."
    )


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
        and not name.endswith(".")
        and ".tmp" not in name
        and _WINDOWS_DEVICES.fullmatch(name) is None
    )


def is_litter(name: str) -> bool:
    """What an upload of ours left when it was killed; files of others are not ours."""
    whole, tmp, rest = name.partition(".tmp")
    ours = tmp and _OURS.fullmatch(whole) and _PART.fullmatch(rest)
    return bool(ours) and is_name(whole)


def gate(name: str) -> str:
    """`name` itself, or :class:`BadName`."""
    if not is_name(name):
        raise BadName(name=name[:LONGEST_NAME])
    return name

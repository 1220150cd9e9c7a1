"""Stamps that order the changes of all computers, and ids that sort by time.

A stamp is the text ``{value:016x}-{device}``: `value` holds 48 bits of milliseconds
since 1970 (UTC) and a 16-bit counter that carries into them, `device` is 16 hex
digits. Stamps therefore compare as text. This is a hybrid logical clock: as near to
the time of day as the computer's own clock allows, yet never going back.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable

DAY_MS = 24 * 3600 * 1000
CEILING_MS = 7_258_118_400_000
"""1 January 2200, UTC: no honest stamp is later."""

_CEILING = f"{CEILING_MS << 16:016x}"
_STAMP = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}", re.ASCII)
_STAMPS = re.compile(r"(?:[0-9a-f]{16}-[0-9a-f]{16} )*", re.ASCII)
_DEVICE = re.compile(r"[0-9a-f]{16}", re.ASCII)


def now_ms() -> int:
    """Milliseconds since 1970 by this computer's clock."""
    return time.time_ns() // 1_000_000


def new_device_id() -> str:
    """A random device id: 16 hex digits."""
    return secrets.token_hex(8)


def is_device(text: str) -> bool:
    """Whether `text` has the form of a device id."""
    return _DEVICE.fullmatch(text) is not None


def is_stamp(text: str) -> bool:
    """Whether `text` has the form of a stamp and lies before the year 2200."""
    return _STAMP.fullmatch(text) is not None and text < _CEILING


def are_stamps(texts: Collection[str]) -> bool:
    """Whether all are stamps: one look at many, since an import checks millions."""
    line = " ".join((*texts, ""))
    if len(line) != 34 * len(texts) or _STAMPS.fullmatch(line) is None:
        return False
    return max(texts, default="") < _CEILING


def stamp_ms(stamp: str) -> int:
    """Milliseconds since 1970 that the stamp claims."""
    return int(stamp[:12], 16)


def stamp_device(stamp: str) -> str:
    """The device that issued the stamp."""
    return stamp[17:]


def suspicious(now: int, heard: Collection[str]) -> int:
    """By how much a computer's own clock seems wrong, in milliseconds: negative if it is
    behind, positive if it is ahead, 0 if nothing speaks against it.

    `now` is what it says, `heard` the newest stamp of each other computer. It is behind if
    more than half of them wrote more than a day after it; that it is ahead shows only where
    all of them wrote last more than two years before it.
    """
    times = sorted(map(stamp_ms, heard))
    if not times:
        return 0
    behind = now - times[(len(times) - 1) // 2]
    if behind < -DAY_MS:
        return behind
    ahead = now - times[-1]
    return ahead if ahead > 2 * 365 * DAY_MS else 0


class Clock:
    """Issues the stamps of one device; safe to share between threads.

    `last` is the value of the newest stamp issued or followed. Persist it with the
    changes and hand it back at the next start. `now` gives milliseconds since 1970.
    """

    def __init__(self, device: str, last: int = 0, now: Callable[[], int] = now_ms) -> None:
        if not is_device(device):
            raise ValueError("a device id has 16 hex digits")
        self.device = device
        self.last = last
        self._now = now
        self._lock = threading.Lock()

    def _wall(self) -> int:
        """Own clock, kept a year inside what others accept."""
        return min(max(self._now(), 0), CEILING_MS - 365 * DAY_MS)

    def tick(self) -> str:
        """A stamp above every stamp this clock issued or followed, wherever the
        computer's own clock stands now."""
        with self._lock:
            self.last = max(self._wall() << 16, self.last + 1)
            return f"{self.last:016x}-{self.device}"

    def observe(self, stamp: str) -> None:
        """Follow a stamp of another device, so that what is written next sorts after it.

        A stamp more than one day ahead of our own clock is not followed: one computer
        whose clock stands in 2090 must not carry all others there.
        """
        self.observe_all((stamp,))

    def observe_all(self, stamps: Iterable[str]) -> None:
        """Follow the newest of some stamps that may be followed."""
        with self._lock:
            most = f"{(self._wall() + DAY_MS) << 16:016x}"
            newest = max((s[:16] for s in stamps if s[:16] <= most), default="0")
            self.last = max(self.last, int(newest, 16))


_id_lock = threading.Lock()
_id_last = 0


def uuid7() -> str:
    """A new id (UUID version 7, RFC 9562 method 1), in canonical lower-case text.

    Ids made by one process increase strictly, also when the clock goes back: 48 bits of
    milliseconds and a 12-bit counter that starts at random in its lower half and
    carries, then 62 random bits.
    """
    global _id_last
    with _id_lock:
        fresh = (now_ms() << 12) | secrets.randbits(11)
        _id_last = max(fresh, _id_last + 1)
        when, counter = _id_last >> 12, _id_last & 0xFFF
    tail = secrets.randbits(62) | 1 << 63
    return (
        f"{when >> 16:08x}-{when & 0xFFFF:04x}-7{counter:03x}"
        f"-{tail >> 48:04x}-{tail & 0xFFFFFFFFFFFF:012x}"
    )

"""Sound as bytes: what a microphone gives made plain, and written as a small WAV file.

The file is IMA ADPCM, four bits a sample: every player knows it, it is a quarter of plain
sound, and what was recorded so far is a whole file at any moment (Microsoft, “Multimedia
Data Standards Update”, 1994; IMA, “Recommended Practices for Enhancing Digital Audio
Compatibility”, 1992).
"""

from __future__ import annotations

import struct
from array import array
from typing import Final

BLOCK: Final = 512
"""Bytes of a block."""
EACH: Final = (BLOCK - 4) * 2 + 1
"""Samples in a block."""
HEAD: Final = 60
_HEAD = struct.Struct("<4sI4s4sIHHIIHHHH4sII4sI")
_STEPS = [7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55,
          60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307,
          337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411,
          1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358,
          5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500,
          20350, 22385, 24623, 27086, 29794, 32767]  # fmt: skip
_TURN = (-1, -1, -1, -1, 2, 4, 6, 8)
_NEXT = [[max(0, min(88, n + turn)) for turn in _TURN] for n in range(89)]
_RISE = [
    [(s >> 3) + (s if c & 4 else 0) + (s >> 1 if c & 2 else 0) + (s >> 2 if c & 1 else 0)
     for c in range(8)]
    for s in _STEPS
]  # fmt: skip
"""By place in `_STEPS` and code: how far the sound goes up or down."""


class NotOurs(ValueError):
    """Bytes that are no recording made here at this rate."""


class Wave:
    """A recording under way, in memory. `rate`: samples a second, of one microphone."""

    def __init__(self, rate: int, kept: bytes = b"") -> None:
        """`kept`: a file made here that is gone on with. Raises NotOurs."""
        self.rate = rate
        self._blocks = bytearray()
        self._whole = 0
        self._rest = array("h")
        self._place = 0
        if kept:
            size = len(kept) - HEAD
            if size < 0 or not kept.startswith(_head(rate, size, 0)[: HEAD - 12]):
                raise NotOurs
            # Its last block may be filled up with silence: that much, once, is heard.
            self._blocks += kept[HEAD:]
            self._whole = (len(kept) - HEAD) // BLOCK * EACH

    @property
    def seconds(self) -> float:
        return (self._whole + len(self._rest)) / self.rate

    @property
    def size(self) -> int:
        """Bytes of the file as it stands."""
        return HEAD + len(self._blocks) + (BLOCK if self._rest else 0)

    def hear(self, samples: array[int]) -> None:
        """Go on with samples of 16 bits."""
        self._rest += samples
        while len(self._rest) >= EACH:
            block, self._place = _block(self._rest[:EACH], self._place)
            self._blocks += block
            self._whole += EACH
            del self._rest[:EACH]

    def file(self) -> bytes:
        """The WAV file of what was heard so far."""
        blocks = bytes(self._blocks)
        if self._rest:
            last = array("h", [self._rest[-1]])
            blocks += _block(self._rest + last * (EACH - len(self._rest)), self._place)[0]
        return _head(self.rate, len(blocks), self._whole + len(self._rest)) + blocks


def _head(rate: int, size: int, samples: int) -> bytes:
    return _HEAD.pack(
        b"RIFF", HEAD - 8 + size, b"WAVE",
        b"fmt ", 20, 0x11, 1, rate, rate * BLOCK // EACH, BLOCK, 4, 2, EACH,
        b"fact", 4, samples,
        b"data", size,
    )  # fmt: skip


def _block(samples: array[int], place: int) -> tuple[bytes, int]:
    """A block of `EACH` samples, and the place in `_STEPS` where the next one begins."""
    now = samples[0]
    made = bytearray(struct.pack("<hBB", now, place, 0))
    codes = []
    for sample in samples[1:]:
        far = sample - now
        if far >= 0:
            code = min(far * 4 // _STEPS[place], 7)
            now = min(now + _RISE[place][code], 32767)
            codes.append(code)
        else:
            code = min(-far * 4 // _STEPS[place], 7)
            now = max(now - _RISE[place][code], -32768)
            codes.append(code | 8)
        place = _NEXT[place][code]
    made += bytes(low | high << 4 for low, high in zip(codes[::2], codes[1::2], strict=True))
    return bytes(made), place


class Mono:
    """Turns what a microphone gives into samples of 16 bits of one channel at `wanted` a
    second. `kind`: “B” bytes, “h” 16 bits, “i” 32 bits, “f” floating."""

    def __init__(self, kind: str, channels: int, rate: int, wanted: int) -> None:
        self._kind, self._channels = kind, channels
        self._step = rate / wanted
        self._rest = b""
        self._held = array("h")
        self._at = 0.0

    def __call__(self, data: bytes) -> array[int]:
        data = self._rest + data
        frame = array(self._kind).itemsize * self._channels
        end = len(data) - len(data) % frame
        self._rest = data[end:]
        given = array(self._kind, data[:end])
        samples = self._plain(given[:: self._channels])
        return samples if self._step == 1 else self._paced(samples)

    def _plain(self, given: array[int]) -> array[int]:
        match self._kind:
            case "h":
                return given
            case "B":
                return array("h", [(each - 128) << 8 for each in given])
            case "i":
                return array("h", [each >> 16 for each in given])
        return array("h", [int(max(-1.0, min(1.0, each)) * 32767) for each in given])

    def _paced(self, samples: array[int]) -> array[int]:
        """At the wanted rate: means of what falls together, or samples said twice."""
        self._held += samples
        made, at, step = array("h"), self._at, self._step
        while (end := at + step) <= len(self._held):
            part = self._held[int(at) : max(int(end), int(at) + 1)]
            made.append(sum(part) // len(part))
            at = end
        del self._held[: int(at)]
        self._at = at - int(at)
        return made

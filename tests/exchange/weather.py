"""A place of exchange in bad weather: what one computer sees of it is late, cut or gone."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path
from random import Random
from typing import IO

from migdesk.sync.stores import Memory, Transport, Unreachable


class Weather:
    """A :class:`Transport` over another, as one computer meets it on one day.

    `hidden` is the share of names that its listing leaves out, `cut` the share of files
    that end too early, `broken` the share of requests that fail, all between 0 and 1.
    """

    def __init__(
        self,
        beneath: Transport,
        random: Random,
        hidden: float = 0.0,
        cut: float = 0.0,
        broken: float = 0.0,
    ) -> None:
        self._beneath = beneath
        self._random = random
        self._hidden, self._cut, self._broken = hidden, cut, broken

    def list(self, prefix: str = "") -> list[str]:
        self._perhaps_fail()
        names = [n for n in self._beneath.list(prefix) if self._random.random() >= self._hidden]
        return sorted(names)

    def get(self, name: str) -> IO[bytes]:
        self._perhaps_fail()
        with self._beneath.get(name) as file:
            data = file.read()
        if self._random.random() < self._cut:
            data = data[: self._random.randrange(len(data) + 1)]
        return io.BytesIO(data)

    def put(self, name: str, data: bytes | Path) -> None:
        self._perhaps_fail()
        self._beneath.put(name, data)
        self._perhaps_fail()

    def delete(self, name: str) -> None:
        self._perhaps_fail()
        self._beneath.delete(name)

    def _perhaps_fail(self) -> None:
        if self._random.random() < self._broken:
            raise Unreachable(reason="the weather")


def lose(place: Memory, random: Random, share: float) -> Collection[str]:
    """Files that disappear from a place for good: somebody tidied up the stick."""
    lost = [name for name in place.list() if random.random() < share]
    for name in lost:
        place.delete(name)
    return lost


def doubled(place: Memory, other: Memory, random: Random, share: float) -> None:
    """Bundles of a place that lie in another (or the same) once more, under other names."""
    for name in place.list():
        stem, dot, ending = name.rpartition(".")
        if ending == "migbundle" and random.random() < share:
            with place.get(name) as file:
                copy = Path(f"{stem[:60]}-{random.randrange(10**9)}{dot}{ending}")
                other.put(copy.name, file.read())

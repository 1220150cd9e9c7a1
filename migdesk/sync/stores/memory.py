"""A transport that forgets: for tests, and for a preview of an exchange."""

from __future__ import annotations

import builtins
import io
from pathlib import Path
from typing import IO

from migdesk.sync.stores.gate import Missing, NameTaken, Unreachable, gate


class Memory:
    """See :class:`~migdesk.sync.stores.gate.Transport`. `place` is only a label."""

    def __init__(self, place: str = "") -> None:
        self.place = place
        self._kept: dict[str, bytes] = {}

    def list(self, prefix: str = "") -> builtins.list[str]:
        return sorted(name for name in self._kept if name.startswith(prefix))

    def get(self, name: str) -> IO[bytes]:
        if gate(name) not in self._kept:
            raise Missing(name=name)
        return io.BytesIO(self._kept[name])

    def put(self, name: str, data: bytes | Path) -> None:
        gate(name)
        try:
            content = data if isinstance(data, bytes) else data.read_bytes()
        except OSError as error:
            raise Unreachable(reason=error.strerror) from error
        if self._kept.setdefault(name, content) != content:
            raise NameTaken(name=name)

    def delete(self, name: str) -> None:
        self._kept.pop(gate(name), None)

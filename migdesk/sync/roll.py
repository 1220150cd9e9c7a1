"""The office's register of devices: lines that the office signed, and which of them count.

A line says everything about one device and names, in `replaces`, the lines that its signer
saw. So the lines of one device form a graph, as ops do (`sync.merge`): those that no other
valid line replaces are its *heads*. One head counts. Several mean that two administrators
changed the device at once: a revoked one among them counts, else the highest; somebody signs
a line that replaces them all. An old line that is written again is no head, whoever writes
it, and a line that the office did not sign is nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

import msgspec

from migdesk.errors import Mistake

from .seal import Card, Office, OfficeKey

LIVE, REVOKED = "live", "revoked"
_PURPOSE = b"MigDesk register 1\n"


class Unsigned(Exception):
    """The text is not a line of this device that this office signed."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the office says of one device.

    `line` is the id of its row, `cards` are the texts of its cards, the newest first, and
    `since` the moments when they came into use.
    `places` are ids of places, `questionnaires` form identifiers, `compartments` codes;
    all empty if `everything`. `fed_by` is the line of the device that makes its stream,
    "" for any. `holder`: has the office's key. `made` and `revoked_at` are moments.
    """

    office: str
    line: str
    name: str
    cards: tuple[str, ...]
    since: tuple[str, ...]
    role: str
    made: str
    generation: int = 1
    replaces: tuple[str, ...] = ()
    state: str = LIVE
    revoked_at: str = ""
    everything: bool = False
    places: tuple[str, ...] = ()
    questionnaires: tuple[str, ...] = ()
    compartments: tuple[str, ...] = ()
    fed_by: str = ""
    holder: bool = False

    @property
    def digest(self) -> str:
        """The name by which a later line says that it replaces this one."""
        return blake2b(_encode(self), digest_size=16).hexdigest()

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Of two heads the higher one counts; the same on every computer."""
        return self.state == REVOKED, self.generation, self.digest


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Line).decode


def signed(line: Line, key: OfficeKey) -> str:
    """The line with the office's signature: base64, a full stop, JSON."""
    body = _encode(line)
    return f"{base64.b64encode(key.sign(_PURPOSE + body)).decode()}.{body.decode()}"


@lru_cache(maxsize=2_000)
def read(text: str, office: Office, row: str) -> Line:
    """The line that `text` says of the device of this row. Raises Unsigned."""
    signature, _dot, body = text.partition(".")
    try:
        proof = base64.b64decode(signature, validate=True)
        line = _decode(body.encode())
        for card in line.cards:
            Card.parse(card)
    except (ValueError, msgspec.MsgspecError, Mistake):
        raise Unsigned from None
    if (line.office, line.line) != (office.id, row) or not line.cards:
        raise Unsigned
    if base64.b64encode(proof).decode() != signature:
        raise Unsigned
    if len(line.cards) != len(line.since):
        raise Unsigned
    if not office.verify(proof, _PURPOSE + body.encode()):
        raise Unsigned
    return line


def claims(text: str, office: Office) -> bool:
    """Whether a text that is not signed by the office says that it is of the office."""
    try:
        return _decode(text.partition(".")[2].encode()).office == office.id
    except (ValueError, msgspec.MsgspecError):
        return True


def heads(lines: Iterable[Line]) -> list[Line]:
    """Lines of one device that no other replaces, the one that counts first."""
    unique = {line.digest: line for line in lines}
    replaced = {digest for line in unique.values() for digest in line.replaces}
    left = [line for digest, line in unique.items() if digest not in replaced]
    return sorted(left, key=lambda line: line.rank, reverse=True)

"""The bundle: one signed and encrypted file of changes from one computer to others.

Inside age encryption lie, one after the other: a line that names the format; 4 bytes,
big-endian, of manifest length; the manifest as JSON; 64 bytes of Ed25519 signature over
a domain and the SHA-256 of the manifest; the ops as JSON Lines under one zstd frame; the
blobs in the order of the manifest. The manifest holds the hash and size of all the rest,
and the devices it was meant for, so that a recipient cannot pass it on as meant for
another. :func:`read` checks all of it before it hands out anything.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import msgspec
import zstandard
from msgspec.structs import replace

from migdesk.errors import Obstacle
from migdesk.i18n import N_
from migdesk.ops import Op, encode_lines
from migdesk.sync.seal import Card, Identity, Sink, encrypt
from migdesk.sync.stores.gate import is_name

FORMAT = 1
MAGIC = b"migdesk-bundle "
SIGNED = b"migdesk bundle manifest 1\n"
SIGNATURE_BYTES = 64
_LEVEL = 3

FARTHEST = 2**53
"""No position or size is larger: every database and every reader of JSON can hold it."""
Count = Annotated[int, msgspec.Meta(ge=0, le=FARTHEST)]


class CannotWrite(Obstacle):
    code = "BUN-001"
    text = N_("The file for exchange cannot be written ({reason}). Make room, then retry.")


class Blob(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """An attachment, or a piece of one: name, bytes, SHA-256 in hex."""

    name: str
    size: Count
    sha256: str


class Want(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Positions (after, upto] of a stream that its reader misses and asks for."""

    incarnation: str
    stream: str
    after: Count
    upto: Count


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What a computer tells with each bundle about what it holds.

    `audience` is the stream that it reads: "" or its own device id. `acks`: sender →
    (incarnation, position up to which nothing of that stream is missing). `wanted`: sender
    → holes. `lacking`: attachments whose content has not arrived. `refused`: bundles that
    lie there spoiled. `writers`: ids that it wrote under, the one in use last. `heads`:
    writer → (stamp, link) of the newest op of it. `pens`: such ids of others that are not
    those in their cards → these. `before`: earlier incarnations, each with
    the position up to which its log was the same as now. `holes`: id that it wrote under →
    numbers in the chain of that which it lost and did not get back.
    """

    audience: str = ""
    acks: dict[str, tuple[str, Count]] = {}
    wanted: dict[str, list[Want]] = {}
    lacking: list[str] = []
    refused: list[str] = []
    writers: list[str] = []
    heads: dict[str, tuple[str, str]] = {}
    pens: dict[str, str] = {}
    before: list[tuple[str, Count]] = []
    holes: dict[str, list[tuple[Count, Count]]] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle is. The writer gives the first block; :func:`write` fills the rest.

    `incarnation` changes when a computer was restored from a backup; `sequence` counts
    what one computer made. The bundle holds the positions (`after`, `upto`] of `stream`:
    "" for readers that get everything, the device id of one that has a scope, else a
    stream made for one reader. `left` are rows that went out of the reader's scope within
    these positions: it lets them go. `gives`: who holds the stream up to `upto` holds this too
    (sender → incarnation, position). `office` is the id of the sender's office, "" without
    one; `generation` that of its keys. `schema` is the version of its data model. `made`
    is ISO, UTC.
    """

    incarnation: str
    sequence: Annotated[int, msgspec.Meta(ge=1, le=FARTHEST)]
    made: str
    stream: str = ""
    after: Count = 0
    upto: Count = 0
    left: list[str] = []
    gives: dict[str, tuple[str, Count]] = {}
    news: News = News()
    office: str = ""
    generation: Count = 1
    schema: int = 0

    format: int = FORMAT
    version: str = ""
    device: str = ""
    device_name: str = ""
    recipients: list[str] = []
    counts: dict[str, Count] = {}
    first: str = ""
    last: str = ""
    ops_size: Count = 0
    ops_packed: Count = 0
    ops_sha256: str = ""
    blobs: list[Blob] = []

    @property
    def ops_count(self) -> int:
        """Ops of all kinds."""
        return sum(self.counts.values())


class Written(msgspec.Struct, frozen=True):
    """What :func:`write` made. `hash` is the bundle's own (SHA-256 of the manifest, in
    hex). `file_hash` is that of the encrypted file, whose name
    it may be; `size` is in bytes."""

    manifest: Manifest
    hash: str
    file_hash: str
    size: int


def write(
    target: Path | IO[bytes],
    manifest: Manifest,
    ops: Iterable[Op],
    *,
    identity: Identity,
    recipients: Sequence[Card],
    version: str = "",
    blobs: Collection[tuple[str, bytes]] = (),
) -> Written:
    """Write a bundle for 1 to 64 recipients and say what was written.

    `blobs` are names and contents and are gone through twice, so a collection that loads
    each when asked keeps one in memory; ops are held packed. `version` is that of the
    program. A file appears whole or not at all. :class:`CannotWrite`; `BadOp`;
    `ValueError` for a bad blob name or number of recipients.
    """
    packed, described = _pack(ops)
    full = replace(
        manifest,
        format=FORMAT,
        version=version,
        device=identity.device,
        device_name=identity.card.name,
        recipients=[card.device for card in recipients],
        blobs=_describe(blobs),
        **described,
    )
    raw = msgspec.json.encode(full)
    digest = hashlib.sha256(raw)
    signature = identity.sign(SIGNED + digest.digest())
    front = [format_line(), len(raw).to_bytes(4, "big"), raw, signature, packed]
    with _target(target) as file:
        out = _Hashed(file)
        encrypt(_Pieces(_all(front, full.blobs, blobs)), out, recipients)
    return Written(full, digest.hexdigest(), out.digest.hexdigest(), out.size)


def format_line(version: int = FORMAT) -> bytes:
    """The first line inside the encryption; always 20 bytes."""
    return MAGIC + b"%04d\n" % version


def _pack(ops: Iterable[Op]) -> tuple[bytes, dict[str, object]]:
    """Ops packed, and what the manifest says about them."""
    counts: Counter[str] = Counter()
    first = last = ""
    size = 0

    def noted() -> Iterator[Op]:
        nonlocal first, last
        for op in ops:
            counts[op.kind] += 1
            first = min(first or op.stamp, op.stamp)
            last = max(last, op.stamp)
            yield op

    packed = io.BytesIO()
    with zstandard.ZstdCompressor(level=_LEVEL).stream_writer(packed, closefd=False) as pack:
        for line in encode_lines(noted()):
            size += len(line)
            pack.write(line)
    data = packed.getvalue()
    return data, {
        "counts": dict(sorted(counts.items())),
        "first": first,
        "last": last,
        "ops_size": size,
        "ops_packed": len(data),
        "ops_sha256": hashlib.sha256(data).hexdigest(),
    }


def _describe(blobs: Iterable[tuple[str, bytes]]) -> list[Blob]:
    described = [
        Blob(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in blobs
    ]
    names = {blob.name for blob in described}
    if len(names) < len(described) or not all(map(is_name, names)):
        raise ValueError("blob names must be different and pass the gate")
    return described


def _all(
    front: list[bytes], described: list[Blob], blobs: Iterable[tuple[str, bytes]]
) -> Iterator[bytes]:
    """All that is encrypted; `ValueError` if a blob is not what was described."""
    yield from front
    for blob, (name, data) in zip(described, blobs, strict=True):
        if blob != Blob(name, len(data), hashlib.sha256(data).hexdigest()):
            raise ValueError("a blob changed while it was written")
        yield data


class _Pieces:
    """Pieces of bytes as one source, without joining them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def read(self, size: int = -1, /) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = memoryview(piece)
        end = len(self._rest) if size < 0 else size
        taken, self._rest = self._rest[:end], self._rest[end:]
        return bytes(taken)


class _Hashed:
    """Passes on what is written, hashed and counted."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._out.write(data)


@contextmanager
def _target(target: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """The file to write. A path is replaced only by a whole and synced file."""
    try:
        if not isinstance(target, Path):
            yield target
            return
        part = target.with_name(f"{target.name}.tmp")
        try:
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(reason=error.strerror) from error

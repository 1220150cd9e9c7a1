"""Opening a bundle: all of it is checked before any of it is handed out."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import zstandard

from migdesk.errors import Obstacle, Refusal
from migdesk.i18n import N_
from migdesk.ops import Op, decode, decode_again
from migdesk.sync.bundle import (
    FORMAT,
    MAGIC,
    SIGNATURE_BYTES,
    SIGNED,
    Manifest,
    format_line,
)
from migdesk.sync.seal import (
    Card,
    Identity,
    NotAge,
    NotForIdentity,
    NotIntact,
    clean_name,
    header_size,
)
from migdesk.sync.stores.gate import is_name

_MIB = 1 << 20
_PIECE = _MIB
_AGE_NONCE, _AGE_CHUNK, _AGE_TAG = 16, 64 * 1024, 16


class NotABundle(Refusal):
    code = "BUN-002"
    text = N_("This is not a file for exchange made by MigDesk.")


class Truncated(Refusal):
    code = "BUN-003"
    text = N_("The file was cut short on its way. Copy it again from the sender.")


class Altered(Refusal):
    code = "BUN-004"
    text = N_(
        "The file was changed or cut short on its way, and nothing was taken over. "
        "Ask the sender to export again."
    )


class NotForUs(Refusal):
    code = "BUN-005"
    text = N_(
        "The file was not made for this computer. Ask the sender to add its key and to "
        "export again."
    )


class UnknownSender(Refusal):
    code = "BUN-006"
    text = N_(
        "The file is signed by a computer that is not known here: “{name}” ({device}). "
        "Exchange keys with it first."
    )


class NewerFormat(Refusal):
    code = "BUN-007"
    text = N_("The file was made by a newer MigDesk. Install that version here, then retry.")


class TooLarge(Refusal):
    code = "BUN-008"
    text = N_("The file claims more content than a bundle may hold. Nothing was taken over.")


class CannotRead(Obstacle):
    code = "BUN-009"
    text = N_("The file for exchange cannot be read ({reason}). Check the place, then retry.")


class Limits(msgspec.Struct, frozen=True):
    """What an honest bundle stays within, in bytes. Ops may unpack to `ops`, and beyond
    `free` to no more than `ratio` times their packed size; `count` is their number."""

    manifest: int = _MIB
    packed: int = 64 * _MIB
    ops: int = 256 * _MIB
    count: int = 200_000
    ratio: int = 1000
    free: int = 64 * _MIB
    line: int = 16 * _MIB
    blob: int = 64 * _MIB


USUAL_LIMITS = Limits()


class Opened:
    """A bundle that was found whole, signed by a known computer, and meant for us.

    `hash` is the SHA-256 of the manifest in hex.
    """

    def __init__(
        self, source: Path | IO[bytes], identity: Identity, body: _Body, limits: Limits
    ) -> None:
        self.manifest = body.manifest
        self.hash = body.hash
        self._source = source
        self._identity = identity
        self._packed = body.packed
        self._limits = limits

    def ops(self) -> Iterator[Op]:
        """The ops in the order they were written; can be gone through again."""
        lines = _lines(self._packed, self.manifest.ops_size, self._limits)
        return map(decode_again, lines)

    def take_blobs(self, put: Callable[[str, bytes], None]) -> None:
        """Give each blob's name and content to `put`. They are read again from the source,
        which must still be there and is checked again; what `put` raises comes through."""
        if self.manifest.blobs:
            body = _Body(self._identity.device, {}, self._limits, put, trusted=self.hash)
            _decrypt(self._source, self._identity, body)


def read(
    source: Path | IO[bytes],
    *,
    identities: Sequence[Identity],
    known: Mapping[str, Sequence[Card]],
    limits: Limits = USUAL_LIMITS,
) -> Opened:
    """Open a bundle. `source` is a path or a seekable file; `identities` are all keys of
    this computer; `known` maps device id → cards of the computers whose signature counts.
    Any of the refusals above, or `BadOp`."""
    for identity in identities:
        body = _Body(identity.device, known, limits)
        try:
            _decrypt(source, identity, body)
        except NotForUs:
            if identity is identities[-1]:
                raise
            continue
        _check_ops(body, limits)
        return Opened(source, identity, body, limits)
    raise NotForUs()


def _decrypt(source: Path | IO[bytes], identity: Identity, body: _Body) -> None:
    with _file(source) as file:
        try:
            identity.decrypt(file, body)
            body.end()
        except NotAge as error:
            raise (Truncated() if error.cut else NotABundle()) from None
        except NotForIdentity:
            raise NotForUs() from None
        except NotIntact:
            size = file.seek(0, os.SEEK_END)
            cut = body.size is not None and size < _age_size(header_size(file), body.size)
            raise (Truncated() if cut else Altered()) from None


@contextmanager
def _file(source: Path | IO[bytes]) -> Iterator[_Steady]:
    if not isinstance(source, Path):
        yield _Steady(source)
        return
    try:
        file = source.open("rb")
    except OSError as error:
        raise CannotRead(reason=error.strerror) from error
    with file:
        yield _Steady(file)


class _Steady:
    """A source whose own errors are faults, so that those of a taker are told apart."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            raise CannotRead(reason=error.strerror) from error

    def seek(self, offset: int, whence: int = 0, /) -> int:
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            raise CannotRead(reason=error.strerror) from error


def _age_size(header: int, plain: int) -> int:
    """Bytes of an age file (age-encryption.org/v1, payload)."""
    chunks = max(1, -(-plain // _AGE_CHUNK))
    return header + _AGE_NONCE + plain + chunks * _AGE_TAG


class _Body:
    """Takes the decrypted bytes as they come and checks section by section.

    `size` is the number of decrypted bytes that the signed manifest announces, None until
    it was read. With `trusted`, a manifest hash, only that very bundle passes.
    """

    manifest: Manifest
    hash: str
    packed: bytes

    def __init__(
        self,
        device: str,
        known: Mapping[str, Sequence[Card]],
        limits: Limits,
        put: Callable[[str, bytes], None] | None = None,
        trusted: str = "",
    ) -> None:
        self._device = device
        self._known = known
        self._limits = limits
        self._put = put
        self._trusted = trusted
        self.size: int | None = None
        self._buffer = bytearray()
        self._sections = self._check()
        self._wanted: int | None = next(self._sections)

    def write(self, data: bytes, /) -> int:
        """Memory grows only with bytes that really came, never with a claimed size."""
        self._buffer += data
        while self._wanted is not None and len(self._buffer) >= self._wanted:
            section = bytes(self._buffer[: self._wanted])
            del self._buffer[: self._wanted]
            self._wanted = _next(self._sections, section)
        if self._wanted is None and self._buffer:
            raise Altered()
        return len(data)

    def end(self) -> None:
        """No more bytes come."""
        if self._wanted is not None:
            raise Altered()

    def _check(self) -> Generator[int, bytes, None]:
        """Yields the length of each section and is sent its bytes."""
        _check_line((yield len(format_line())))
        length = int.from_bytes((yield 4), "big")
        if length > self._limits.manifest:
            raise TooLarge()
        raw = yield length
        self._check_manifest(raw, (yield SIGNATURE_BYTES))
        manifest = self.manifest
        announced = manifest.ops_packed + sum(blob.size for blob in manifest.blobs)
        self.size = len(format_line()) + 4 + length + SIGNATURE_BYTES + announced
        self.packed = yield manifest.ops_packed
        _check_hash(self.packed, manifest.ops_sha256)
        for blob in manifest.blobs:
            data = yield blob.size
            _check_hash(data, blob.sha256)
            if self._put is not None:
                self._put(blob.name, data)

    def _check_manifest(self, raw: bytes, signature: bytes) -> None:
        digest = hashlib.sha256(raw)
        self.hash = digest.hexdigest()
        try:
            self.manifest = manifest = msgspec.json.decode(raw, type=Manifest)
        except (ValueError, RecursionError):
            raise Altered() from None
        if self._trusted:
            if self.hash != self._trusted:
                raise Altered()
            return
        if manifest.format != FORMAT:
            raise NewerFormat()
        sender = self._known.get(manifest.device)
        if sender is None:
            name = clean_name(manifest.device_name)
            raise UnknownSender(name=name, device=clean_name(manifest.device))
        message = SIGNED + digest.digest()
        if not any(card.verify(signature, message) for card in sender):
            raise Altered()
        if self._device not in manifest.recipients:
            raise NotForUs()
        _check_sizes(manifest, self._limits)


def _next(sections: Generator[int, bytes, None], section: bytes) -> int | None:
    """The length of the next section, None after the last."""
    try:
        return sections.send(section)
    except StopIteration:
        return None


def _check_line(line: bytes) -> None:
    if line == format_line():
        return
    raise NewerFormat() if line.startswith(MAGIC) else NotABundle()


def _check_hash(data: bytes, expected: str) -> None:
    if hashlib.sha256(data).hexdigest() != expected:
        raise Altered()


def _check_sizes(manifest: Manifest, limits: Limits) -> None:
    most = min(limits.ops, max(limits.free, limits.ratio * manifest.ops_packed))
    if manifest.ops_packed > limits.packed or manifest.ops_size > most:
        raise TooLarge()
    if manifest.ops_count > limits.count:
        raise TooLarge()
    if manifest.after > manifest.upto:
        raise Altered()
    if any(blob.size > limits.blob for blob in manifest.blobs):
        raise TooLarge()
    names = {blob.name for blob in manifest.blobs}
    if len(names) < len(manifest.blobs) or not all(map(is_name, names)):
        raise Altered()


def _check_ops(body: _Body, limits: Limits) -> None:
    """Decode every op and compare with what the manifest says about them."""
    counts: Counter[str] = Counter()
    first = last = ""
    for op in map(decode, _lines(body.packed, body.manifest.ops_size, limits)):
        counts[op.kind] += 1
        if not first or op.stamp < first:
            first = op.stamp
        if op.stamp > last:
            last = op.stamp
    manifest = body.manifest
    if (counts, first, last) != (manifest.counts, manifest.first, manifest.last):
        raise Altered()


def _lines(packed: bytes, size: int, limits: Limits) -> Iterator[bytes]:
    """Ops, a line each, of one zstd frame that unpacks to exactly the announced size."""
    rest, left = b"", size
    unpacker = zstandard.ZstdDecompressor(max_window_size=8 * _MIB)
    with unpacker.stream_reader(packed) as reader:
        while True:
            try:
                piece = reader.read(_PIECE)
            except zstandard.ZstdError:
                raise Altered() from None
            left -= len(piece)
            if left < 0:
                raise Altered()
            if not piece:
                break
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
            if len(rest) > limits.line:
                raise TooLarge()
    if left or rest:
        raise Altered()

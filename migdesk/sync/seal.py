"""Who a computer is: its signing and encryption keys, and the card it shows to others.

Signatures are Ed25519 (RFC 8032). Encryption is age (age-encryption.org/v1) to X25519
keys. A card carries the public halves and is compared by people, through its text or
its short fingerprint; there is no authority beside the office.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Protocol, TypeVar

import msgspec
import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from migdesk.clock import is_device, new_device_id
from migdesk.errors import Mistake, Refusal
from migdesk.i18n import N_
from migdesk.keytext import (
    aloud,
    in_groups,
    spell,
    spell_checked,
    typed_digits,
    unspell_checked,
)

R = TypeVar("R")
T = TypeVar("T")

MAX_RECIPIENTS = 64
MAX_HEADER = 16 * 1024
LONGEST_NAME = 60
"""Of a computer, in bytes of UTF-8: a card must stay short enough to type."""

_PREFIX = "MIGDESK1:"
_CARD_VERSION = 1
_AGE_INTRO = b"age-encryption.org/v1\n"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_RECIPIENT_DIGITS, _RECIPIENT_BYTES = 58, 37
_DEVICE_END = 1 + 8
_SIGNER_END = _DEVICE_END + 32
_NAME_START = _SIGNER_END + _RECIPIENT_BYTES


class CardMistyped(Mistake):
    code = "SEA-001"
    text = N_("This key of a computer has a typing error or a part missing. Compare it again.")


class NotACard(Mistake):
    code = "SEA-002"
    text = N_("This is not the key of a computer. It begins with “MIGDESK1:”.")


class BrokenIdentity(Refusal):
    code = "SEA-003"
    text = N_("The keys of this computer are damaged. Restore the database from a backup.")


class NotAge(Exception):
    """The bytes are not an age file of ours; `cut` if they only stop too early."""

    def __init__(self, cut: bool = False) -> None:
        self.cut = cut


class NotForIdentity(Exception):
    """Encrypted to others."""


class NotIntact(Exception):
    """Decryption found a byte that is missing or another."""


class Source(Protocol):
    """Bytes that can be read once."""

    def read(self, size: int = -1, /) -> bytes: ...


class SeekableSource(Source, Protocol):
    """Bytes that can be read from any place."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


class Sink(Protocol):
    """Takes bytes; may raise to stop."""

    def write(self, data: bytes, /) -> int: ...


class Card(msgspec.Struct, frozen=True):
    """The public part of an :class:`Identity`: device id (16 hex digits), name of the
    office or computer, Ed25519 public key (32 bytes), age recipient (``age1…``)."""

    device: str
    name: str
    signer: bytes
    recipient: str

    def __str__(self) -> str:
        """To print, show as QR or paste: ``MIGDESK1:`` and groups of four digits."""
        recipient = _pack_recipient(self.recipient)
        head = bytes([_CARD_VERSION]) + bytes.fromhex(self.device)
        return _PREFIX + in_groups(
            spell_checked(head + self.signer + recipient + self.name.encode())
        )

    @classmethod
    def parse(cls, text: str) -> Card:
        """The card a person typed, pasted or scanned. Case, spaces, hyphens and O for 0,
        I or L for 1 do not matter. :class:`NotACard`, :class:`CardMistyped`."""
        digits = typed_digits(text)
        prefix = typed_digits(_PREFIX)
        if not digits.startswith(prefix):
            raise NotACard(field="card")
        try:
            data = unspell_checked(digits.removeprefix(prefix))
            if len(data) < _NAME_START or data[0] != _CARD_VERSION:
                raise ValueError("not a card of this version")
            return cls(
                device=data[1:_DEVICE_END].hex(),
                name=clean_name(data[_NAME_START:].decode()),
                signer=data[_DEVICE_END:_SIGNER_END],
                recipient=_unpack_recipient(data[_SIGNER_END:_NAME_START]),
            )
        except ValueError:
            raise CardMistyped(field="card") from None

    @property
    def fingerprint(self) -> str:
        """24 base32 digits in groups of four: 120 bits of a hash of device and keys. The
        name is not in it."""
        keys = (self.device, self.signer, self.recipient)
        digest = blake2b(msgspec.json.encode(keys), digest_size=15, person=b"migdesk card")
        return in_groups(spell(digest.digest()))

    @property
    def words(self) -> str:
        """The card to be read aloud: eight short words, 80 bits of a hash of the keys."""
        return aloud(blake2b(self.fingerprint.encode(), person=b"migdesk words").digest())

    def confirmed_by(self, typed: str) -> bool:
        """Whether a person typed this card's fingerprint."""
        expected = typed_digits(self.fingerprint).encode()
        return hmac.compare_digest(expected, typed_digits(typed).encode())

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether this computer signed the message."""
        return _verified(self.signer, signature, message)


class Office(msgspec.Struct, frozen=True):
    """The public half of an office's key (Ed25519, 32 bytes): who signs its register."""

    public: bytes

    @property
    def id(self) -> str:
        """24 base32 digits: the name of the office for its computers."""
        return spell(blake2b(self.public, digest_size=15, person=b"migdesk office").digest())

    @property
    def words(self) -> str:
        """The office to be read aloud, as a :class:`Card`."""
        return aloud(blake2b(self.public, person=b"migdesk words").digest())

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether the office signed the message."""
        return _verified(self.public, signature, message)


class OfficeKey:
    """The private half; its 32 bytes belong in the encrypted database of those who enrol."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.office = Office(self._key.public_key().public_bytes_raw())

    @classmethod
    def new(cls) -> OfficeKey:
        """A new office."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    def to_bytes(self) -> bytes:
        """For storage inside the encrypted database, or sealed to another administrator."""
        return self._key.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)


def _verified(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class _Secrets(msgspec.Struct):
    """What is stored; `version` is that of this form."""

    version: int
    device: str
    name: str
    signer: bytes
    age: str


class Identity:
    """The private keys of one computer. Its bytes belong in the encrypted database only."""

    def __init__(self, secrets: _Secrets) -> None:
        self._secrets = secrets
        self._signer = Ed25519PrivateKey.from_private_bytes(secrets.signer)
        self._age = pyrage.x25519.Identity.from_str(secrets.age)
        self.card = Card(
            secrets.device,
            secrets.name,
            self._signer.public_key().public_bytes_raw(),
            str(self._age.to_public()),
        )

    @classmethod
    def new(cls, device: str | None = None, name: str = "") -> Identity:
        """Fresh keys for a device (a fresh id if none is given)."""
        device = device or new_device_id()
        if not is_device(device):
            raise ValueError("a device id has 16 hex digits")
        signer = Ed25519PrivateKey.generate().private_bytes_raw()
        age = str(pyrage.x25519.Identity.generate())
        return cls(_Secrets(1, device, clean_name(name), signer, age))

    @classmethod
    def from_bytes(cls, data: bytes) -> Identity:
        """What :meth:`to_bytes` gave; :class:`BrokenIdentity` if it is anything else."""
        try:
            secrets = msgspec.json.decode(data, type=_Secrets)
            if secrets.version != 1 or not is_device(secrets.device):
                raise ValueError("unknown form")
            return cls(secrets)
        except (ValueError, pyrage.IdentityError):
            raise BrokenIdentity() from None

    def to_bytes(self) -> bytes:
        """For storage inside the encrypted database."""
        return msgspec.json.encode(self._secrets)

    def renamed(self, name: str) -> Identity:
        """The same keys under another name."""
        return Identity(msgspec.structs.replace(self._secrets, name=clean_name(name)))

    @property
    def device(self) -> str:
        """The device id."""
        return self.card.device

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._signer.sign(message)

    def decrypt(self, source: SeekableSource, out: Sink) -> None:
        """Decrypt an age file from `source`, which must be seekable, into `out`.

        `out` may raise to stop; its exception comes through. What it was given before
        :class:`NotIntact` is authentic but incomplete. A header longer than 16 KiB or
        with more than 64 recipients is :class:`NotAge`: reading one takes the library
        time that grows with the square of its length.
        """
        check_header(source)
        with _own_errors(_Reader(source), _Writer(out)) as (reader, writer):
            try:
                pyrage.decrypt_io(reader, writer, [self._age])
            except pyrage.DecryptError as error:
                if "No matching keys" in str(error):
                    raise NotForIdentity from None
                raise NotIntact from None
            except OSError:
                raise NotIntact from None


def encrypt(source: Source, out: Sink, recipients: Sequence[Card]) -> None:
    """Encrypt all of `source` into `out` for 1 to 64 cards (`ValueError` otherwise)."""
    if not 0 < len(recipients) <= MAX_RECIPIENTS:
        raise ValueError("1 to 64 recipients")
    keys = [pyrage.x25519.Recipient.from_str(card.recipient) for card in recipients]
    with _own_errors(_Reader(source), _Writer(out)) as (reader, writer):
        pyrage.encrypt_io(reader, writer, keys)


class _Relay:
    """A stream that remembers the error it raised. The library swallows some of them (a
    full disk at its last write) and keeps only the words of others."""

    error: BaseException | None = None

    def _noted(self, act: Callable[[T], R], argument: T) -> R:
        try:
            return act(argument)
        except BaseException as error:
            self.error = self.error or error
            raise


class _Reader(_Relay):
    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        return self._noted(self._source.read, size)


class _Writer(_Relay):
    def __init__(self, out: Sink) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        return self._noted(self._out.write, data)

    def flush(self) -> None:
        """Asked for by the library; our streams are flushed by who opened them."""


@contextmanager
def _own_errors(*relays: _Relay) -> Iterator[tuple[_Relay, ...]]:
    """Whatever the library made of it, an error of our own streams comes through."""
    try:
        yield relays
    finally:
        for relay in relays:
            if relay.error is not None:
                raise relay.error


def check_header(source: SeekableSource) -> None:
    """Raise :class:`NotAge` unless `source` starts with an age header within our bounds;
    leaves it at its start."""
    source.seek(0)
    head = source.read(MAX_HEADER)
    source.seek(0)
    if not head.startswith(_AGE_INTRO):
        raise NotAge(cut=_AGE_INTRO.startswith(head))
    end = head.find(b"\n--- ")
    if end < 0 or head.find(b"\n", end + 1) < 0:
        raise NotAge(cut=len(head) < MAX_HEADER)
    # The library adds a stanza or two of its own as grease.
    if head.count(b"\n-> ", 0, end) > MAX_RECIPIENTS + 2:
        raise NotAge()


def header_size(source: SeekableSource) -> int:
    """Bytes of the header of a checked age file; leaves `source` at its start."""
    source.seek(0)
    head = source.read(MAX_HEADER)
    source.seek(0)
    return head.index(b"\n", head.index(b"\n--- ") + 1) + 1


def clean_name(name: str) -> str:
    """A computer's name without control characters, within :data:`LONGEST_NAME`."""
    composed = unicodedata.normalize("NFC", name)
    plain = "".join(char for char in composed if unicodedata.category(char)[0] != "C")
    return plain.strip().encode()[:LONGEST_NAME].decode(errors="ignore")


def _pack_recipient(recipient: str) -> bytes:
    """``age1`` and 58 bech32 digits of 5 bits, as 37 bytes."""
    number = 0
    for digit in recipient.removeprefix("age1"):
        number = number << 5 | _BECH32.index(digit)
    return number.to_bytes(_RECIPIENT_BYTES, "big")


def _unpack_recipient(data: bytes) -> str:
    """The recipient again; `ValueError` unless it is a sound one."""
    number = int.from_bytes(data, "big")
    shifts = range(5 * (_RECIPIENT_DIGITS - 1), -1, -5)
    recipient = "age1" + "".join(_BECH32[number >> shift & 31] for shift in shifts)
    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise ValueError("not an age recipient") from error
    return recipient

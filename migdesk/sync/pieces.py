"""Attachments on their way: pieces of at most 512 KiB, each sealed, each an object of its
own in the place of exchange.

The key is that of the attachment and travels in its op, so whoever may read the record may
read the content, and nobody else. Name and key of a piece come from it, the hash of the
content and the number of the piece: the same piece is always the same bytes under the same
name, and two contents never share a key.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from migdesk.errors import Refusal
from migdesk.i18n import N_

PIECE = 512 * 1024
ENDING = ".migpiece"
LONGEST = PIECE + 16
"""Bytes of a sealed piece: the content and the tag of the cipher (RFC 8439)."""
_NONCE = bytes(12)  # a key seals one piece and no other


class SpoiledPiece(Refusal):
    code = "PIE-001"
    text = N_("A part of an attachment was changed on its way; it will be asked for again.")


def new_key() -> str:
    """A key for one attachment, 43 characters."""
    return urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def count(size: int) -> int:
    """Number of pieces of a content of `size` bytes; an empty one has one."""
    return max(1, -(-size // PIECE))


def name(key: str, digest: str, number: int) -> str:
    """Under which name a piece lies in the place; `digest` is the SHA-256 of the content.
    `ValueError` if the key is none."""
    return _derived(key, digest, number, b"piece name")[:20].hex() + ENDING


def seal(key: str, digest: str, number: int, data: bytes) -> bytes:
    """One piece, encrypted."""
    secret = _derived(key, digest, number, b"piece key")
    return ChaCha20Poly1305(secret).encrypt(_NONCE, data, None)


def unseal(key: str, digest: str, number: int, sealed: bytes) -> bytes:
    """The piece again; :class:`SpoiledPiece`."""
    secret = _derived(key, digest, number, b"piece key")
    try:
        return ChaCha20Poly1305(secret).decrypt(_NONCE, sealed, None)
    except InvalidTag:
        raise SpoiledPiece() from None


def _derived(key: str, digest: str, number: int, use: bytes) -> bytes:
    secret = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    if len(secret) != 32:
        raise ValueError("the key of an attachment has 32 bytes")
    said = f"{digest} {number}".encode()
    return blake2b(said, digest_size=32, key=secret, person=use).digest()

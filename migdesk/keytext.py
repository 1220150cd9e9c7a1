"""Keys as text that a person reads aloud, copies by hand and types."""

from __future__ import annotations

import base64
import unicodedata
from hashlib import blake2b

_RFC4648 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DIGITS = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SPELLING = bytes.maketrans(_RFC4648, _DIGITS)
_UNSPELLING = bytes.maketrans(_DIGITS, _RFC4648)
_CONFUSED = str.maketrans("OIL", "011")
_CHECK_DIGITS = 4


def spell(data: bytes) -> str:
    """`data` as base32 digits that are hard to confuse (Crockford's: no I, L, O, U)."""
    return base64.b32encode(data).rstrip(b"=").translate(_SPELLING).decode("ascii")


def in_groups(digits: str) -> str:
    """Groups of four, joined by hyphens."""
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def typed_digits(text: str) -> str:
    """What a person meant: capitals, no spaces or hyphens, O is 0, I and L are 1."""
    plain = unicodedata.normalize("NFKC", text).upper()
    kept = (char for char in plain if not char.isspace() and char not in "-‐‑‒–—−_.")
    return "".join(kept).translate(_CONFUSED)


def unspell(digits: str) -> bytes:
    """The bytes behind :func:`spell`; `ValueError` for digits that it cannot have made."""
    raw = digits.encode("ascii").translate(_UNSPELLING)
    data = base64.b32decode(raw + b"=" * (-len(raw) % 8))
    if spell(data) != digits:
        raise ValueError("not canonical base32")
    return data


def spell_checked(data: bytes) -> str:
    """:func:`spell`, then four digits (20 bits) that catch typing errors."""
    check = blake2b(data, digest_size=5, person=b"migdesk typed").digest()
    return spell(data) + spell(check)[:_CHECK_DIGITS]


def unspell_checked(text: str) -> bytes:
    """The bytes behind :func:`spell_checked` as a person typed them; else `ValueError`."""
    digits = typed_digits(text)
    data = unspell(digits[:-_CHECK_DIGITS])
    if spell_checked(data) != digits:
        raise ValueError("check digits do not fit")
    return data

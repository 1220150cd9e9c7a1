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
_SYLLABLES = [c + v for c in "bdfklmnrstz" for v in "aiu"][:32]
_ALOUD_BYTES, _PER_WORD = 10, 2


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


def aloud(digest: bytes) -> str:
    """The first 80 bits of a digest as eight words of two syllables, to be read aloud.

    Each syllable is a consonant and a vowel: few sounds, near to what is written in any
    language of the program, and the three vowels that even Arabic tells apart.
    """
    number = int.from_bytes(digest[:_ALOUD_BYTES], "big")
    places = range(8 * _ALOUD_BYTES - 5, -1, -5)
    parts = [_SYLLABLES[number >> place & 31] for place in places]
    words = ("".join(parts[n : n + _PER_WORD]) for n in range(0, len(parts), _PER_WORD))
    return " ".join(words)


def typed_words(text: str) -> list[str]:
    """The words that a person typed, small, without the numbers and signs between them."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(char if char.isalpha() else " " for char in plain).split()

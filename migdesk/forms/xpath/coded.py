"""Functions of bytes: `digest`, `base64-…`, and signed texts (`extract-signed`).

A signed text is 64 bytes of Ed25519 signature, then the message. The verification is
that of RFC 8032, 5.1.7, in plain integers: a form verifies a card or a voucher now and
then, nothing secret is computed, and this room needs no cryptography library.
"""

from __future__ import annotations

import base64
import hashlib

from migdesk.forms.faults import FormFault
from migdesk.i18n import N_


class BadDigest(FormFault):
    code = "FRM-019"
    text = N_(
        "digest() does not know “{name}”. It takes MD5, SHA-1, SHA-256, SHA-384 or SHA-512, "
        "then base64 or hex."
    )


_DIGESTS = {
    "md5": "md5", "sha-1": "sha1", "sha-256": "sha256", "sha-384": "sha384",
    "sha-512": "sha512",
}  # fmt: skip


def digest(text: str, algorithm: str, encoding: str = "base64") -> str:
    """MD5, SHA-1, SHA-256, SHA-384 or SHA-512 of the UTF-8 text, in base64 or hex; blank
    for any other algorithm or encoding."""
    name = _DIGESTS.get(algorithm.lower())
    if name is None:
        return ""
    made = hashlib.new(name, text.encode("utf-8", "replace"), usedforsecurity=False).digest()
    match encoding.lower():
        case "base64":
            return base64.b64encode(made).decode()
        case "hex":
            return made.hex()
    return ""


def check_digest(given: list[str | None]) -> None:
    """Refuses at load an algorithm or an encoding that does not exist."""
    algorithm, encoding = given[1], given[2] if len(given) > 2 else None
    if algorithm is not None and algorithm.lower() not in _DIGESTS:
        raise BadDigest(name=algorithm)
    if encoding is not None and encoding.lower() not in ("base64", "hex"):
        raise BadDigest(name=encoding)


def base64_encode(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def base64_decode(text: str) -> str:
    """The text in UTF-8 that `text` encodes; blank where it is no base64."""
    return (base64_bytes(text) or b"").decode("utf-8", "replace")


def base64_bytes(text: str) -> bytes | None:
    """None where it is no base64 with its padding."""
    try:
        return base64.b64decode(text.strip(), validate=True)
    except ValueError:
        return None


# Ed25519 --------------------------------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z and x·y = T/Z."""

_NEUTRAL: Point = (0, 1, 1, 0)


def extract_signed(signed: str, public_key: str) -> str:
    """The message of a signed text in base64, if the key (base64) has signed it; else
    blank."""
    data, key = base64_bytes(signed), base64_bytes(public_key)
    if data is None or key is None or len(data) < 64 or len(key) != 32:
        return ""
    message = data[64:]
    return message.decode("utf-8", "replace") if verified(key, message, data[:64]) else ""


def verified(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `key` made `signature` (64 bytes) of `message`."""
    owner, nonce = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if owner is None or nonce is None or scalar >= _L:
        return False
    hashed = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(hashed, "little") % _L
    return _same(_times(scalar, _base()), _plus(nonce, _times(challenge, owner)))


def _plus(a: Point, b: Point) -> Point:
    w = (a[1] - a[0]) * (b[1] - b[0]) % _P
    x = (a[1] + a[0]) * (b[1] + b[0]) % _P
    y = 2 * a[3] * b[3] * _D % _P
    z = 2 * a[2] * b[2] % _P
    e, f, g, h = x - w, z - y, z + y, x + w
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: Point) -> Point:
    result = _NEUTRAL
    while scalar:
        if scalar & 1:
            result = _plus(result, point)
        point = _plus(point, point)
        scalar >>= 1
    return result


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % _P == 0 and (a[1] * b[2] - b[1] * a[2]) % _P == 0


def _point(data: bytes) -> Point | None:
    """The point that 32 bytes encode: its y, and the lowest bit of its x in the last bit."""
    number = int.from_bytes(data, "little")
    y, odd = number & (2**255 - 1), number >> 255
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = _P - x
    return x, y, 1, x * y % _P


def _base() -> Point:
    """The generator: y = 4/5, x even."""
    found = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
    assert found is not None
    return found

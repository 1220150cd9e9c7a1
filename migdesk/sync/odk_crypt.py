"""The ciphers of ODK's encrypted submissions, and nothing of their layout.

AES-256 in CFB with PKCS#7 padding for the files; RSA with OAEP (SHA-256, MGF1 of SHA-256)
for the key and the signature (ODK XForms specification, "Encryption"). CFB is what the
scheme fixes: it hides, but does not protect from changes; the signature in the manifest
tells of damage, not who sent it.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    load_der_public_key,
    load_pem_private_key,
)

from migdesk.errors import Mistake
from migdesk.i18n import N_

try:
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:
    from cryptography.hazmat.primitives.ciphers.modes import CFB

_BLOCK = 128


class BadPublicKey(Mistake):
    code = "ODK-001"
    text = N_("The key in the form's settings is no RSA key. Copy it again, without its frame.")


class BadPrivateKey(Mistake):
    code = "ODK-002"
    text = N_(
        "This file is no private RSA key, or its password is another one. Choose the .pem file "
        "that was made with the form's key."
    )


class OtherKey(Mistake):
    code = "ODK-003"
    text = N_("These submissions were sealed for another key. Choose the key of their form.")


class Damaged(Mistake):
    code = "ODK-004"
    text = N_("The sealed file “{name}” is damaged. Ask for it again.")


def new_key() -> bytes:
    """A key for the files of one submission."""
    return secrets.token_bytes(32)


def encrypt(key: bytes, start: bytes, data: bytes) -> bytes:
    """`start` is the initialisation vector, 16 bytes."""
    padder = PKCS7(_BLOCK).padder()
    padded = padder.update(data) + padder.finalize()
    cipher = Cipher(AES(key), CFB(start)).encryptor()
    return cipher.update(padded) + cipher.finalize()


def decrypt(key: bytes, start: bytes, data: bytes, name: str = "") -> bytes:
    """Raises Damaged."""
    cipher = Cipher(AES(key), CFB(start)).decryptor()
    unpadder = PKCS7(_BLOCK).unpadder()
    try:
        padded = cipher.update(data) + cipher.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError as error:
        raise Damaged(name=name) from error


class Lock:
    """A form's public key, as its settings write it: base64 of the DER. Raises
    BadPublicKey."""

    def __init__(self, public_key: str) -> None:
        try:
            key = load_der_public_key(base64.b64decode("".join(public_key.split())))
        except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
            raise BadPublicKey from error
        if not isinstance(key, RSAPublicKey):
            raise BadPublicKey
        self._key = key

    def close(self, secret: bytes) -> bytes:
        return self._key.encrypt(secret, _padding())


class Opener:
    """A private key from its file. Raises BadPrivateKey."""

    def __init__(self, pem: bytes, password: str = "") -> None:
        try:
            key = load_pem_private_key(pem, password.encode("utf-8") if password else None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise BadPrivateKey from error
        if not isinstance(key, RSAPrivateKey):
            raise BadPrivateKey
        self._key = key

    def open(self, closed: bytes) -> bytes:
        """Raises OtherKey."""
        try:
            return self._key.decrypt(closed, _padding())
        except ValueError as error:
            raise OtherKey from error


def _padding() -> OAEP:
    return OAEP(mgf=MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)

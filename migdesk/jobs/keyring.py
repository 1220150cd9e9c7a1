"""Passwords of places of exchange: in the keyring of the system, else in the database.

A keyring counts only if it is a real one (Windows, macOS, Secret Service, KWallet); the
database is encrypted itself and never exchanged. Nothing is ever kept in a plain file.
"""

from __future__ import annotations

import json
from typing import Protocol

from migdesk.models.store import Store
from migdesk.services import depots

SERVICE = "MigDesk"


class Ring(Protocol):
    """What we use of a keyring."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def system_ring() -> Ring | None:
    """The keyring of the system, None where there is no real one."""
    import keyring  # beside the start of the program
    from keyring.backends import fail, null

    ring = keyring.get_keyring()
    if isinstance(ring, (fail.Keyring, null.Keyring)) or ring.priority < 1:
        return None
    return ring


def keep(ring: Ring | None, id: str, secret: str, key: str) -> str:
    """Keep the secrets of a place; what the database must keep, "" if the ring does."""
    if not secret and not key:
        return ""
    text = json.dumps({"secret": secret, "key": key})
    if ring is not None:
        from keyring.errors import KeyringError

        try:
            ring.set_password(SERVICE, id, text)
            return ""
        except KeyringError:
            pass  # locked, or its service died: the database keeps it
    return text


def recall(store: Store, ring: Ring | None, id: str) -> tuple[str, str]:
    """Secret and private key of a place; both "" where none is kept."""
    text: str | None = store.read(depots.held_secret, id)
    if not text and ring is not None:
        from keyring.errors import KeyringError

        try:
            text = ring.get_password(SERVICE, id)
        except KeyringError:
            text = ""
    held = json.loads(text) if text else {}
    return held.get("secret", ""), held.get("key", "")


def forget(ring: Ring | None, id: str) -> None:
    """Keep the secrets of a place no longer."""
    if ring is not None:
        from keyring.errors import KeyringError

        try:
            ring.delete_password(SERVICE, id)
        except KeyringError:
            return

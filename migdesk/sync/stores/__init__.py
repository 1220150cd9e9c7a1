"""Where bundles lie between computers: transports with the same four verbs.

A new transport is one module with the verbs and one line in :data:`TRANSPORTS`; the
contract suite in ``tests/sync/test_stores.py`` runs over all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from migdesk.sync.stores.folder import Folder
from migdesk.sync.stores.gate import BadName, Missing, NameTaken, Transport, Unreachable
from migdesk.sync.stores.memory import Memory

TRANSPORTS: dict[str, Callable[[str], Transport]] = {
    "folder": Folder,
    "memory": Memory,
}
"""Kind of transport → its maker, given the place (a path; a name)."""

__all__ = [
    "TRANSPORTS",
    "BadName",
    "Folder",
    "Memory",
    "Missing",
    "NameTaken",
    "Transport",
    "Unreachable",
]

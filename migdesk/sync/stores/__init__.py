"""Where bundles lie between computers: transports with the same four verbs.

A new kind of server is one module with a :class:`~migdesk.sync.stores.remote.Wire` and one
line in :data:`WIRES`; the contract suite in ``tests/sync/test_stores*.py`` runs over all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from migdesk.sync.stores.address import Address, folder_of
from migdesk.sync.stores.folder import Folder
from migdesk.sync.stores.gate import (
    BadAddress,
    BadName,
    DiskFull,
    Missing,
    NameTaken,
    Transport,
    Unreachable,
)
from migdesk.sync.stores.memory import Memory
from migdesk.sync.stores.remote import Patience, Remote, Wire
from migdesk.task import Task

TRANSPORTS: dict[str, Callable[[str], Transport]] = {
    "folder": Folder,
    "memory": Memory,
}
"""Kind of transport without a server → its maker, given the place (a path; a name)."""

WIRES = {
    "sftp": "sftp:Sftp",
    "webdav": "webdav:WebDav",
    "s3": "s3:S3",
    "smb": "smb:Smb",
}
"""Kind of server → module and class; loaded when such a place is first gone to."""


@contextmanager
def opened(
    address: Address, task: Task, patience: Patience | None = None
) -> Iterator[Transport]:
    """A place of exchange while it is needed; nothing stays open afterwards. Connecting
    happens at the first verb. Cancelling the task cuts what waits."""
    if address.kind not in WIRES:
        place = folder_of(address) if address.kind == "folder" else address.where
        yield TRANSPORTS[address.kind](str(place))
        return
    remote = reach(address, task, patience)
    try:
        yield remote
    finally:
        remote.close()


def reach(address: Address, task: Task, patience: Patience | None = None) -> Remote:
    """A transport to a server, to be closed by the caller."""
    module, _colon, name = WIRES[address.kind].partition(":")
    wire: Wire = getattr(import_module(f"{__name__}.{module}"), name)(address, task)
    return Remote(wire, task, slow=address.slow, patience=patience)


__all__ = [
    "TRANSPORTS",
    "WIRES",
    "Address",
    "BadAddress",
    "BadName",
    "DiskFull",
    "Folder",
    "Memory",
    "Missing",
    "NameTaken",
    "Patience",
    "Remote",
    "Transport",
    "Unreachable",
    "opened",
    "reach",
]

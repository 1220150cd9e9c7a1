"""Places of exchange: set up, try, go to."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from migdesk.clock import uuid7
from migdesk.errors import Fault
from migdesk.models.kinds import now_utc
from migdesk.models.store import Store
from migdesk.services import depots
from migdesk.services.depots import DepotView
from migdesk.sync.stores import (
    Address,
    Folder,
    Patience,
    Remote,
    Transport,
    Unreachable,
    opened,
    sticks,
)
from migdesk.sync.stores.gate import Pulled
from migdesk.task import Task

from .exchange import Exchanged, exchange
from .keyring import Ring, forget, keep, recall, system_ring

STEPS = 4
DAY = 86_400.0
Rings = Callable[[], Ring | None]


@dataclass(frozen=True)
class Tried:
    """A place that works: how many bundles lie there."""

    names: int


def save_depot(
    store: Store,
    task: Task,
    id: str | None,
    name: str,
    address: Address,
    automatic: bool,
    rings: Rings = system_ring,
) -> str:
    """Add or change a place; its id. An empty secret leaves the one that is kept."""
    task.step(0, 1)
    ring = rings()
    secret, key = address.secret, address.key
    if id is not None:
        old_secret, old_key = recall(store, ring, id)
        secret, key = secret or old_secret, key or old_key
    chosen = id or uuid7()
    held = keep(ring, chosen, secret, key)
    return store.write(depots.save, chosen, name, address, automatic, held)


def remove_depot(store: Store, task: Task, id: str, rings: Rings = system_ring) -> None:
    """Forget a place and its password; what lies there stays."""
    task.step(0, 1)
    forget(rings(), id)
    store.write(depots.remove, id)


def whole_address(store: Store, view: DepotView, rings: Rings = system_ring) -> Address:
    """The address of a place with what opens it."""
    secret, key = recall(store, rings(), view.id)
    return replace(view.address, secret=secret, key=key)


def try_address(
    store: Store,
    task: Task,
    address: Address,
    id: str | None = None,
    rings: Rings = system_ring,
) -> Tried:
    """Whether a place works: reach it, write a small file, read it back, remove it. The
    folder is made on a server that has none. Raises the faults of the place."""
    if id is not None and not address.secret and not address.key:
        secret, key = recall(store, rings(), id)
        address = replace(address, secret=secret, key=key)
    patience = Patience(tries=2, before_first_answer=1)
    with opened(address, task, patience) as place:
        task.step(0, STEPS)
        if isinstance(place, Remote):
            place.make_folder()
        task.step(1, STEPS)
        names = place.list()
        task.step(2, STEPS)
        _write_and_remove(place)
    task.step(STEPS, STEPS)
    return Tried(len(names))


def _write_and_remove(place: Transport) -> None:
    name = f"try-{secrets.token_hex(8)}"
    place.put(name, name.encode())
    place.delete(name)


def sweep(place: Transport) -> None:
    """Remove parts that uploads of ours left a day ago or longer. No matter if it fails."""
    if isinstance(place, Folder | Remote):
        with suppress(Fault):
            place.sweep(time.time() - DAY)


def exchange_at(store: Store, task: Task, id: str, rings: Rings = system_ring) -> Exchanged:
    """One round through a place, by its id or name; how it went is remembered there."""
    view = store.read(depots.depot, id)
    try:
        with opened(whole_address(store, view, rings), task) as place:
            done = exchange(store, task, place)
            if view.done[:10] < now_utc()[:10]:
                sweep(place)
    except Fault as fault:
        store.write(depots.visited, view.id, fault.code)
        raise
    store.write(depots.visited, view.id)
    return done


def exchange_stick(store: Store, task: Task, stick: Path) -> Exchanged:
    """One round through a stick, in our folder, which is made where it is missing: all is
    written through, nothing stays open. :class:`Pulled`."""
    folder = stick / sticks.FOLDER
    place = Folder(str(folder))
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError as error:
        raise Pulled() from error
    except OSError as error:  # write-protected, or full
        raise Unreachable(reason=error.strerror) from error
    try:
        done = exchange(store, task, place)
    except Unreachable as fault:
        if sticks.exchange_folder(stick) is None:
            raise Pulled() from fault
        raise
    sweep(place)
    return done

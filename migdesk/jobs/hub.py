"""The hub: exchange without a screen, for as long as it runs.

It goes to each place in turn, takes over what came and publishes what is new; a folder is
looked at whenever it changes. A place that cannot be reached is tried again later and later,
up to an hour. The log has codes and counts only.
"""

from __future__ import annotations

import logging
import os
import signal
import time
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migdesk.errors import Cancelled, Fault, Mistake
from migdesk.i18n import N_
from migdesk.models.store import Store
from migdesk.sync.stores import Address, Transport, opened
from migdesk.task import Task

log = logging.getLogger("migdesk.hub")

GLANCE = 2.0
"""Seconds between two looks at whether a folder changed."""
LONGEST = 3600.0
KEYS = frozenset(
    {"kind", "where", "user", "secret", "key", "host_key", "ca", "proxy", "region"}
)
FILES = frozenset({"secret", "key", "ca"})
"""What the list of places names by a file of its own: it is no place for secrets."""

Exchange = Callable[[Store, Task, Transport], Any]


class BadPlaces(Mistake):
    """The list of places cannot be used."""

    code = "HUB-001"
    text = N_("The list of places cannot be used: {reason}.")


@dataclass
class Round:
    """A place between two visits; times by the monotonic clock."""

    number: int
    address: Address
    due: float = 0.0
    failed: int = 0
    seen: int = 0


def serve(
    store: Store, task: Task, places: Sequence[Address], interval: float, once: bool
) -> int:
    """`run` as a service: says what it does on standard error, and ends when it is told to
    (SIGTERM, Ctrl+C) without leaving anything half done."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_caught: task.cancel())
    with suppress(Cancelled):
        return run(store, task, places, interval, once)
    return 0


def places(folders: Sequence[Path], listed: Path | None) -> list[Address]:
    """Places of exchange: folders, and those of a list. Raises BadPlaces."""
    found = [Address("folder", str(folder.resolve())) for folder in folders]
    if listed is not None:
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        found += read_places(listed, Path(given) if given else None)
    if not found:
        raise BadPlaces(reason=N_("it is empty"))
    return found


def read_places(path: Path, credentials: Path | None) -> list[Address]:
    """Places from a TOML file: tables ``[[place]]`` with the parts of an `Address`.

    `secret`, `key` and `ca` are names of files in `credentials` (systemd's
    ``$CREDENTIALS_DIRECTORY``), else beside the list. Raises BadPlaces.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("place", [])
        return [_place(each, credentials or path.parent) for each in found]
    except (OSError, UnicodeDecodeError) as error:
        raise BadPlaces(reason=type(error).__name__) from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise BadPlaces(reason=str(error)) from None


def _place(told: dict[str, str], folder: Path) -> Address:
    if strange := sorted(set(told) - KEYS):
        raise BadPlaces(reason=", ".join(strange))
    parts: dict[str, Any] = {
        name: (folder / value).read_text("utf-8").strip() if name in FILES else value
        for name, value in told.items()
    }
    return Address(**parts)


def run(
    store: Store,
    task: Task,
    places: Sequence[Address],
    interval: float,
    once: bool = False,
    exchange: Exchange | None = None,
) -> int:
    """Exchange with every place each `interval` seconds until the task is cancelled, or
    `once`; how many places failed in the last round of each."""
    exchange = exchange or _exchange
    rounds = [Round(n, address) for n, address in enumerate(places, 1)]
    while True:
        for each in rounds:
            if once or _wanted(each):
                _visit(store, task, each, interval, exchange)
        if once:
            return sum(each.failed > 0 for each in rounds)
        task.pause(GLANCE)


def _exchange(store: Store, task: Task, transport: Transport) -> Any:
    from .exchange import exchange

    return exchange(store, task, transport)


def _wanted(each: Round) -> bool:
    return time.monotonic() >= each.due or (not each.failed and _mark(each) != each.seen)


def _mark(each: Round) -> int:
    """When a folder last changed; 0 where one cannot tell."""
    if each.address.kind != "folder":
        return 0
    try:
        return Path(each.address.where).stat().st_mtime_ns
    except OSError:
        return 0


def _visit(
    store: Store, task: Task, each: Round, interval: float, exchange: Exchange
) -> None:
    try:
        with opened(each.address, task) as transport:
            done = exchange(store, task, transport)
        _report(store)
    except Fault as fault:
        each.failed += 1
        log.warning("place %d: %s, try %d", each.number, fault.code, each.failed)
    else:
        each.failed = 0
        log.info("place %d: %s", each.number, _counts(done))
    each.seen = _mark(each)
    each.due = time.monotonic() + min(interval * 2 ** min(each.failed, 12), LONGEST)


def _counts(done: Any) -> str:
    """Numbers of what was done, by name; lists by their length."""
    told = {
        name: value if isinstance(value, int) else len(value)
        for name, value in vars(done).items()
        if isinstance(value, int | tuple | list)
    }
    return " ".join(f"{name}={value}" for name, value in told.items())


def _report(store: Store) -> None:
    """Renew the figures of the schema `report`, where there is one."""
    from migdesk.services import agency, reporting

    if store.read(agency.is_shared):
        store.write(reporting.refresh)

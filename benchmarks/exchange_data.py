"""Invented changes and computers that trust each other, for measuring the exchange."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import data
from migdesk.clock import Clock
from migdesk.models.store import Store
from migdesk.ops import Chain, Op
from migdesk.services import exchange, merging

NAMES = (
    "aliases birth code contact_note education family_name given_name languages nationality "
    "needs note occupation phase phone phone_2 residence residence_country sex skills"
).split()
FIELDS = len(NAMES)
"""Always the same fields: a person of a later version has more."""
MASKED = 10
"""Of so many people one says what they need, which masks the name to most colleagues; the
others say their status instead."""
DEVICE = "ab" * 8


def ops(count: int, device: str = DEVICE) -> Iterator[Op]:
    """The changes that made `count` new people of 19 fields, as one computer wrote them."""
    clock, chain = Clock(device), Chain()
    for number, row in enumerate(data.people(count)):
        fields = {n: row.get(n) or f"{n} {number % 100}" for n in NAMES}
        fields |= {"aliases": [fields["given_name"]], "languages": ["fr"], "needs": ["minor"]}
        if number % MASKED:
            del fields["needs"]
            fields["status"] = row["status"]
        stamp = clock.tick()
        yield chain.add(stamp, "person", row["id"], fields, {}, stamp, "", "1")


def filled(path: Path, count: int) -> Store:
    """A new database that wrote so many changes itself."""
    store = Store.open(path, data.KEY, create=True)
    if count:
        store.write(lambda session: merging.apply_ops(session, ops(count), ""))
    return store


def pair(one: Store, two: Store) -> None:
    """Let two computers trust each other."""
    cards = [store.write(exchange.make_card).text for store in (one, two)]
    one.write(exchange.pair, cards[1])
    two.write(exchange.pair, cards[0])

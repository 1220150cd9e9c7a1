"""The figure beside “To settle” says as much as the list holds, and reads no table whole."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from migdesk.clock import Clock
from migdesk.models.store import Store
from migdesk.ops import Chain
from migdesk.services import erasure, merging, received, records, registry, to_settle, today
from migdesk.sync import roll
from migdesk.sync.seal import OfficeKey
from migdesk.sync.stores import Memory
from tests.services.test_vouching import agent, head, person, rounds

__all__ = ["agent", "head"]


def told(store: Store) -> int:
    return store.read(today.counts)["settle"]


def test_all_that_waits_is_counted(
    head: Store, agent: Store, new_store: Callable[[], Store]
) -> None:
    place, id = Memory(), person(head, "Diatta")
    rounds([head, agent], place)
    assert told(head) == 0

    agent.write(erasure.erase, "person", id, "asked")
    rounds([agent, head], place)
    assert told(head) == 1  # a computer asks for what it may not

    entries = head.read(registry.entries).items()
    line, held = next((row, each.line) for row, each in entries if not each.line.holder)
    forged = roll.signed(msgspec.structs.replace(held, generation=9), OfficeKey.new())
    head.write(records.save, "device", line, {"signed": forged})
    assert told(head) == 2  # a line that the office did not sign

    stamp = Clock("c" * 16).tick()
    newer = Chain().add(stamp, "prophecy", "0" * 36, {"what": 1}, {}, stamp, "", "99")
    head.write(merging.apply_ops, [newer], agent.device)
    assert told(head) == 3  # what a newer version wrote

    head.write(received.refuse, f"{agent.device}-1.migbundle", "BUN-002")
    assert told(head) == 4
    assert told(head) == sum(head.read(to_settle.counts).values())
    (report,) = head.read(registry.reports)
    head.write(registry.see, report.stamp)
    assert told(head) == 3 == sum(head.read(to_settle.counts).values())


def test_what_is_parked_is_found_by_its_index(store: Store) -> None:
    asked = "EXPLAIN QUERY PLAN SELECT DISTINCT kind FROM op WHERE parked"
    plan = store.read(lambda session: session.execute(sa.text(asked)).all())
    assert "ix_op_parked" in str(plan)

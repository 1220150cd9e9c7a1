"""On a shared database an administrator decides what comes in, and the hub writes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from migdesk.jobs import agency
from migdesk.jobs.exchange import accept_quarantined, exchange
from migdesk.models.capture import NotYours
from migdesk.models.store import Store
from migdesk.services import (
    devices,
    enrolment,
    erasure,
    joining,
    received,
    records,
    vouching,
)
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Folder
from migdesk.task import Task
from tests.jobs.test_hub import SECRET, founded, place, run

__all__ = ["founded", "place", "run"]


def test_an_administrator_decides_and_the_hub_carries_out(
    founded: Callable[..., int], place: str, new_store: Callable[[], Store], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder, laptop = tmp_path / "exchange", new_store()
    folder.mkdir()
    stick = Folder(str(folder))
    laptop.write(joining.begin, "Laptop", "Binta", "acc-l")
    with closing(agency.connect(place, "fatou", SECRET)) as head:
        card = laptop.read(devices.own).card
        line = head.write(enrolment.enrol, card, Grant("Laptop", "agent", Scope(True)))
        laptop.write(joining.join, head.write(enrolment.invitation, line)[1])
        ids = [
            head.write(records.save, "person", None, {"family_name": name})
            for name in ("Diatta", "Badji")
        ]
    assert founded("thehub", "hub", folder, "--once") == 0
    exchange(laptop, Task(), stick)
    laptop.write(erasure.erase, "person", ids[0], "asked")
    exchange(laptop, Task(), stick)
    assert founded("thehub", "hub", folder, "--once") == 0
    with closing(agency.connect(place, "fatou", SECRET)) as head:
        (asked,) = head.read(vouching.held_back)
        head.write(enrolment.revoke, line)
    late = laptop.write(records.save, "person", None, {"family_name": "Sané"})
    exchange(laptop, Task(), stick)
    assert founded("thehub", "hub", folder, "--once") == 0

    with closing(agency.connect(place, "awa", SECRET)) as agent, pytest.raises(NotYours):
        agent.write(vouching.carry_out, asked.device)
    with closing(agency.connect(place, "fatou", SECRET)) as head:
        (kept,) = head.read(received.quarantined)
        assert head.read(received.count_waiting) == 2
        assert not accept_quarantined(head, Task(), kept.name)
        assert not head.write(vouching.carry_out, asked.device)
        assert head.read(received.count_waiting) == 0
        with pytest.raises(vouching.NothingHeld):
            head.write(vouching.carry_out, asked.device)
        assert not head.read(erasure.is_erased, ids[0])
    assert founded("thehub", "hub", folder, "--once") == 0
    with closing(agency.connect(place, "fatou", SECRET)) as head:
        assert head.read(erasure.is_erased, ids[0])
        assert head.read(records.get, "person", late).title == "Sané"
        assert head.read(received.ordered) == ()
    capsys.readouterr()
    assert founded("thehub", "quarantine") == 0
    assert "kept apart" in capsys.readouterr().out

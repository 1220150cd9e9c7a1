"""What a restored computer lost and is given again goes on to everybody who lacks it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from migdesk.jobs.exchange import exchange
from migdesk.models.store import Store
from migdesk.services import devices, enrolment, joining
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Memory
from migdesk.task import Task
from tests.services.test_exchange_leaving import copied, restored
from tests.services.test_exchange_scopes import enrol, has, head, laptop, person, rounds

__all__ = ["head", "laptop"]


def another(head: Store, new_store: Callable[[], Store], name: str) -> Store:
    """One more computer of the office."""
    new = new_store()
    new.write(joining.begin, name, "Ami", f"acc-{name}")
    card = new.read(devices.own).card
    line = head.write(enrolment.enrol, card, Grant(name, "office_head", Scope(True), ""))
    new.write(joining.join, head.write(enrolment.invitation, line)[1])
    return new


def empty(place: Memory) -> None:
    """Nothing lies there any more: a restored computer reads its own bundles again."""
    for name in place.list():
        place.delete(name)


def test_its_own_changes_reach_who_hears_both(
    head: Store, laptop: Store, new_store: Callable[[], Store], tmp_path: Path
) -> None:
    """The one who gave them back leaves them to the writer, the writer to who gave them."""
    enrol(head, laptop, Scope(True))
    second = another(head, new_store, "Office 2")
    place, apart = Memory(), Memory()
    rounds([head, second, laptop], place, 4)
    backup = copied(head, tmp_path / "backup.db")
    lost = person(head, "Diatta")
    rounds([head, second], apart, 2)
    empty(apart)
    head = restored(head, backup)
    rounds([head, second], apart, 3)
    assert has(head, lost) and not has(laptop, lost)
    rounds([head, second, laptop], place, 4)
    assert has(laptop, lost)


def test_so_do_changes_of_one_who_is_gone_that_it_had_passed_on(
    head: Store, laptop: Store, new_store: Callable[[], Store], tmp_path: Path
) -> None:
    enrol(head, laptop, Scope(True))
    second, third = (another(head, new_store, name) for name in ("Office 2", "Office 3"))
    place, apart, left = Memory(), Memory(), Memory()
    rounds([head, second, third, laptop], place, 4)
    backup = copied(head, tmp_path / "backup.db")
    lost = person(third, "Diatta")
    rounds([third, head], left, 2)
    third.close()
    revoked = next(d.line for d in head.read(devices.devices) if d.name == "Office 3")
    head.write(enrolment.revoke, revoked)
    rounds([head, second], apart, 3)
    assert has(second, lost)
    empty(apart)
    head = restored(head, backup)
    rounds([head, second], apart, 3)
    assert has(head, lost) and not has(laptop, lost)
    exchange(laptop, Task(), place)
    rounds([head, second, laptop], place, 4)
    assert has(laptop, lost)

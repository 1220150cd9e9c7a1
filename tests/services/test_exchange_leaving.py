"""Rows that leave the scope of a laptop are called back, whatever happened to who gave them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.jobs.exchange import exchange
from migdesk.models.local import Lent, OpRow, Outbox
from migdesk.models.store import Store
from migdesk.services import (
    bundles,
    devices,
    enrolment,
    joining,
    leaving,
    office,
    records,
    standing,
    streams,
)
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Memory
from migdesk.task import Task
from tests.services.test_exchange_scopes import (
    enrol,
    has,
    head,
    laptop,
    person,
    rounds,
    says,
    village,
)
from tests.tools import KEY

__all__ = ["head", "laptop"]


def copied(store: Store, path: Path) -> Path:
    """A backup of a computer."""
    store.copy_to(path, lambda _left, _all: None)
    return path


def restored(store: Store, backup: Path) -> Store:
    """The same computer, with the content of a backup."""
    store.close()
    again = Store.open(backup, KEY)
    again.write(office.reborn, False)
    again.close()
    return Store.open(backup, KEY)


def stamps(store: Store, row: str) -> set[str]:
    return store.read(lambda s: set(s.scalars(sa.select(OpRow.stamp).where(OpRow.row == row))))


def test_a_record_that_becomes_restricted_is_called_back(head: Store, laptop: Store) -> None:
    region = village(head, "Sédhiou")
    enrol(head, laptop, Scope(False, (region,)))
    guarded, other = person(head, "Diatta", region), person(head, "Sané", region)
    consent = {"person": guarded, "purpose": "follow_up"}
    line = head.write(records.save, "consent", None, consent)
    place = Memory()
    rounds([head, laptop], place)
    assert has(laptop, guarded) and has(laptop, line, "consent")
    head.write(records.save, "person", guarded, {"note": "Needle"})
    rounds([head, laptop], place)
    assert not says(laptop, "Needle") and not says(laptop, "Diatta")
    assert not has(laptop, guarded) and not has(laptop, line, "consent") and has(laptop, other)


def test_what_a_restored_feeder_forgot_to_have_given_is_called_back(
    head: Store, laptop: Store, tmp_path: Path
) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    old = person(head, "Diatta", region)
    place = Memory()
    rounds([head, laptop], place)
    backup = copied(head, tmp_path / "backup.db")
    new, mine = person(head, "Needle", region), person(laptop, "Sané", region)
    rounds([head, laptop], place)
    assert has(laptop, new) and has(head, mine)
    head = restored(head, backup)
    rounds([head, laptop], place, 4)
    assert has(laptop, old) and has(laptop, mine) and has(head, mine)
    assert has(laptop, new) and has(head, new)  # the laptop gave it back
    head.write(records.save, "person", new, {"origin": other})
    rounds([head, laptop], place)
    assert not has(laptop, new) and not says(laptop, "Needle")


def test_what_left_after_the_backup_of_a_feeder_stays_away(
    head: Store, laptop: Store, new_store: Callable[[], Store], tmp_path: Path
) -> None:
    """Between the backup and the restore it was given, and moved away where only another
    computer knows."""
    region, away = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    second = new_store()
    second.write(joining.begin, "Office 2", "Ami", "acc-2")
    card = second.read(devices.own).card
    line = head.write(enrolment.enrol, card, Grant("Office 2", "office_head", Scope(True), ""))
    second.write(joining.join, head.write(enrolment.invitation, line)[1])
    place = Memory()
    rounds([head, second, laptop], place)
    backup = copied(head, tmp_path / "backup.db")
    given = person(second, "Needle", region)
    rounds([second, head, laptop], place)
    assert has(laptop, given)
    head = restored(head, backup)
    second.write(records.save, "person", given, {"origin": away})
    rounds([second, head, laptop], place, 4)
    assert has(head, given) and not has(laptop, given) and not says(laptop, "Needle")


def test_a_restored_computer_gets_back_what_others_had_of_it(
    head: Store, laptop: Store, tmp_path: Path
) -> None:
    enrol(head, laptop, Scope(True))
    place = Memory()
    rounds([head, laptop], place)
    backup = copied(laptop, tmp_path / "backup.db")
    lost = person(laptop, "Diatta")
    rounds([head, laptop], place)
    laptop = restored(laptop, backup)
    assert not has(laptop, lost)
    rounds([head, laptop], place)
    assert has(laptop, lost)
    rounds([head, laptop], place)
    ours = head.read(standing.own_names)  # what was given back was cleaned away
    assert len([name for name in place.list() if name in ours]) <= 1


def test_so_does_a_restored_laptop_within_its_scope(
    head: Store, laptop: Store, tmp_path: Path
) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    place = Memory()
    known = person(head, "Badji", region)
    rounds([head, laptop], place)
    backup = copied(laptop, tmp_path / "backup.db")
    lost, gone = person(laptop, "Diatta", region), person(laptop, "Needle", region)
    laptop.write(records.save, "person", known, {"given_name": "Awa"})
    rounds([head, laptop], place)
    head.write(records.save, "person", gone, {"origin": other})
    laptop = restored(laptop, backup)
    rounds([head, laptop], place)
    assert stamps(laptop, lost) == stamps(head, lost) != set()
    assert stamps(laptop, known) == stamps(head, known)
    assert not has(laptop, gone) and not says(laptop, "Needle")


def test_what_a_laptop_wrote_comes_back_whole(head: Store, laptop: Store) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    place = Memory()
    rounds([head, laptop], place)
    mine = person(laptop, "Diatta", region)
    rounds([head, laptop], place)
    head.write(records.save, "person", mine, {"origin": other})
    rounds([head, laptop], place)
    assert not has(laptop, mine)
    head.write(records.save, "person", mine, {"origin": region})
    rounds([head, laptop], place)
    assert laptop.read(records.get, "person", mine).title == "Diatta"
    assert stamps(laptop, mine) == stamps(head, mine)


def test_own_work_is_thrown_away_row_by_row_once_the_feeder_has_it(
    head: Store, laptop: Store
) -> None:
    """An enumerator always has something that was not acknowledged yet."""
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    place = Memory()
    moved = person(head, "Needle", region)
    rounds([head, laptop], place)
    head.write(records.save, "person", moved, {"origin": other})
    laptop.write(records.save, "person", moved, {"given_name": "Awa"})
    exchange(head, Task(), place)
    fresh = [person(laptop, "Sané", region)]
    exchange(laptop, Task(), place)
    assert has(laptop, moved)  # the feeder has not heard of the given name
    exchange(head, Task(), place)
    fresh.append(person(laptop, "Badji", region))
    exchange(laptop, Task(), place)
    assert not has(laptop, moved) and all(has(laptop, id) for id in fresh)
    assert head.read(records.get, "person", moved).values["given_name"] == "Awa"


def test_a_row_that_came_back_is_not_called_back_by_an_older_bundle(
    head: Store, laptop: Store
) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    share, stick = Memory("share"), Memory("stick")
    moving = person(head, "Diatta", region)
    rounds([head, laptop], share)
    head.write(records.save, "person", moving, {"origin": other})
    exchange(head, Task(), stick)  # tells that it left
    head.write(records.save, "person", moving, {"origin": region})
    exchange(head, Task(), share)
    exchange(laptop, Task(), share)
    exchange(laptop, Task(), stick)
    assert has(laptop, moving) and stamps(laptop, moving) == stamps(head, moving)
    rounds([head, laptop], share)
    assert has(laptop, moving) and stamps(laptop, moving) == stamps(head, moving)


def test_many_rows_leave_in_bundles_of_a_bounded_size(
    head: Store, laptop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    line = enrol(head, laptop, Scope(False, (region,)))
    people = [person(head, f"Diatta {n}", region) for n in range(7)]
    place = Memory()
    rounds([head, laptop], place)
    monkeypatch.setattr(streams, "MOST_LEFT", 3)
    (own,) = [each.line for each in head.read(devices.devices) if each.ours]
    moved = Grant("Laptop 2", "enumerator", Scope(False, (other,)), own)
    head.write(enrolment.change, line, moved)
    done = exchange(head, Task(), place)
    assert done.bundles_out >= 3
    marks = sa.select(sa.func.count()).select_from(Outbox).where(Outbox.seq == 0)
    assert head.read(lambda s: s.scalar(marks)) == 7
    rounds([laptop, head], place)
    assert not any(has(laptop, id) for id in people)
    before = head.read(lambda s: s.scalar(marks))
    rounds([laptop, head], place)
    assert head.read(lambda s: s.scalar(marks)) == before  # said once
    names = head.read(streams.lying, place.list())
    assert sum(each.ops for each in names) == 0  # all of it was acknowledged


def test_positions_in_the_stream_of_a_laptop_are_no_positions_of_a_log(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    """Who receives everything does not miss what only the laptop was told."""
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    enrol(head, laptop, Scope(False, (region,)))
    second = new_store()
    second.write(joining.begin, "Office 2", "Ami", "acc-2")
    card = second.read(devices.own).card
    line = head.write(enrolment.enrol, card, Grant("Office 2", "office_head", Scope(True), ""))
    second.write(joining.join, head.write(enrolment.invitation, line)[1])
    place = Memory()
    moving = person(head, "Diatta", region)
    rounds([head, second, laptop], place)
    for where in (other, region, other, region, other):
        head.write(records.save, "person", moving, {"origin": where})
        rounds([head, second, laptop], place, 2)
    assert head.read(_end, laptop) > head.read(standing.log_end)
    assert second.read(bundles.gaps) == ()


def _end(session: Session, laptop: Store) -> int:
    device = laptop.read(standing.me).device
    ends = sa.select(sa.func.max(Outbox.n)).where(Outbox.device == device)
    return session.scalar(ends) or 0


def test_whom_another_office_receives_says_nothing_of_our_scope(
    head: Store, laptop: Store
) -> None:
    """Only the feeder's word counts, not that of anybody who writes to our stream."""
    region = village(head, "Sédhiou")
    enrol(head, laptop, Scope(False, (region,)))
    known = person(head, "Diatta", region)
    place = Memory()
    rounds([head, laptop], place)
    stranger = {"device": "0" * 16, "incarnation": "x", "row": known, "upto": 1, "gone": True}
    laptop.write(lambda s: s.execute(sa.insert(Lent), [stranger]))
    assert laptop.write(leaving.purge) == 0
    rounds([head, laptop], place)
    assert has(laptop, known)


def test_the_stream_of_a_restored_feeder_needs_none_of_its_older_bundles(
    head: Store, laptop: Store, tmp_path: Path
) -> None:
    """They still lie there, for positions that count anew."""
    region = village(head, "Sédhiou")
    enrol(head, laptop, Scope(False, (region,)))
    person(head, "Diatta", region)
    place = Memory()
    exchange(head, Task(), place)
    backup = copied(head, tmp_path / "backup.db")
    exchange(laptop, Task(), place)
    head = restored(head, backup)
    new = person(head, "Sané", region)
    rounds([head, laptop], place)
    assert has(laptop, new)
    told = head.read(standing.heard)[laptop.read(standing.me).device]
    assert told.position and not told.news.wanted
    rounds([head, laptop], place)
    assert not any(one.ops for one in head.read(streams.lying, place.list()))


def test_a_late_bundle_of_before_the_restore_still_counts(
    head: Store, laptop: Store, tmp_path: Path
) -> None:
    """The first part of a feed is read after the part that was made when restored."""
    enrol(head, laptop, Scope(True))
    old = person(head, "Diatta")
    place, late = Memory(), Memory()
    exchange(head, Task(), place)
    for name in place.list():
        late.put(name, place.get(name).read())
    backup = copied(head, tmp_path / "backup.db")
    head = restored(head, backup)
    new = person(head, "Sané")
    exchange(head, Task(), place)
    for name in late.list():
        place.delete(name)
    exchange(laptop, Task(), place)
    for name in late.list():
        place.put(name, late.get(name).read())
    rounds([laptop, head], place, 1)
    assert has(laptop, old) and has(laptop, new)
    rounds([laptop, head], place)
    assert head.read(standing.heard)[laptop.read(standing.me).device].position


def test_who_gets_everything_from_now_on_is_fed_though_it_acknowledged_its_scope(
    head: Store, laptop: Store
) -> None:
    region, other = village(head, "Sédhiou"), village(head, "Kolda")
    line = enrol(head, laptop, Scope(False, (region,)))
    far = person(head, "Sané", other)
    place = Memory()
    rounds([head, laptop], place)
    head.write(enrolment.change, line, Grant("Laptop 2", "enumerator", Scope(True)))
    rounds([head, head], place, 2)  # who tidies must not take away what was just made
    exchange(laptop, Task(), place)
    assert has(laptop, far)
    head.write(enrolment.change, line, Grant("Laptop 2", "enumerator", Scope(False, (region,))))
    head.write(records.save, "person", far, {"given_name": "Awa"})
    rounds([head, laptop], place, 4)
    assert not has(laptop, far)
    assert not any(one.ops for one in head.read(streams.lying, place.list()))


def test_what_it_read_before_its_scope_changed_is_no_position_of_the_stream_that_it_reads_now(
    head: Store, laptop: Store
) -> None:
    region = village(head, "Sédhiou")
    line = enrol(head, laptop, Scope(True))
    known = person(head, "Diatta", region)
    place = Memory()
    rounds([head, laptop], place, 4)  # until there is nothing left to tell
    head.write(enrolment.change, line, Grant("Laptop 2", "enumerator", Scope(False, (region,))))
    mine, its = head.read(standing.me), laptop.read(standing.me)
    assert head.read(standing.heard)[its.device].position == 0
    head.write(records.save, "person", known, {"given_name": "Awa"})
    rounds([head, laptop], place, 3)
    end = head.read(_end, laptop)
    told = laptop.read(standing.spans, mine.device, mine.incarnation, its.device)
    assert told == [(0, end)]
    assert head.read(standing.heard)[its.device].position == end
    assert not any(one.ops for one in head.read(streams.lying, place.list()))

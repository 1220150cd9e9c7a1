"""Rounds of exchange: whatever is lost, late or spoiled, all end equal and then are quiet."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from migdesk.jobs import exchange_in
from migdesk.jobs.exchange import Part, carried_by, exchange, export_bundle
from migdesk.jobs.exchange_in import looked_at
from migdesk.jobs.exchange_place import DatabaseThere
from migdesk.models.local import Audit, OpRow
from migdesk.models.meta import get_meta
from migdesk.models.store import Store
from migdesk.ops import Op
from migdesk.paths import Paths
from migdesk.services import (
    attachments,
    bundles,
    chunks,
    erasure,
    office,
    received,
    records,
    standing,
)
from migdesk.services import exchange as cards
from migdesk.sync.stores import Memory, Unreachable
from migdesk.task import Task

SMALL = Part(ops=3)


def log(store: Store) -> set[str]:
    return set(store.read(lambda s: s.scalars(sa.select(OpRow.stamp)).all()))


def person(store: Store, name: str) -> str:
    return store.write(records.save, "person", None, {"family_name": name})


def paired(stores: list[Store]) -> list[Store]:
    for store in stores:
        store.write(cards.make_card)
    for one, two in permutations(stores, 2):
        one.write(cards.pair, two.read(cards.my_card).text)
    return stores


@pytest.fixture
def three(new_store: Callable[[], Store]) -> list[Store]:
    return paired([new_store() for _ in range(3)])


@pytest.fixture
def two(new_store: Callable[[], Store]) -> list[Store]:
    return paired([new_store() for _ in range(2)])


def rounds(stores: list[Store], place: Memory, times: int = 4) -> None:
    for _ in range(times):
        for store in stores:
            exchange(store, Task(), place)


def test_three_computers_end_equal_and_then_put_nothing(three: list[Store]) -> None:
    place = Memory()
    for number, store in enumerate(three):
        person(store, f"Diatta {number}")
    rounds(three, place)
    assert log(three[0]) == log(three[1]) == log(three[2])
    before = place.list()
    done = [exchange(store, Task(), place) for store in three]
    assert all(one.sent == one.taken == one.bundles_out == 0 for one in done)
    assert place.list() == before and len(before) <= 3


def test_what_everybody_acknowledged_leaves_the_place(two: list[Store]) -> None:
    place = Memory()
    for number in range(20):
        person(two[0], f"Diatta {number}")
    exchange(two[0], Task(), place, part=SMALL)
    assert len(place.list()) == 7
    rounds(two, place)
    assert len(place.list()) <= 2
    assert log(two[0]) == log(two[1])


def test_an_emptied_place_is_no_deletion(two: list[Store]) -> None:
    """A listing without a name means nothing (joplin 883, 3846)."""
    a, b = two
    place = Memory()
    id = person(a, "Diatta")
    rounds(two, place)
    exchange(b, Task(), Memory())
    exchange(a, Task(), Memory())
    assert b.read(records.get, "person", id).title == "Diatta"
    assert not a.read(records.get, "person", id).deleted


@pytest.mark.parametrize("lost", range(4))
def test_a_lost_part_is_named_and_made_again(two: list[Store], lost: int) -> None:
    a, b = two
    place = Memory()
    rounds(two, place)
    for number in range(10):
        person(a, f"Diatta {number}")
    exchange(a, Task(), place, part=SMALL)
    mine = [name for name in place.list() if name.startswith(a.device)][-4:]
    place.delete(mine[lost])
    exchange(b, Task(), place)
    assert log(a) != log(b)
    assert b.read(bundles.gaps) == (b.read(cards.peers)[0].name,) or lost == 3
    rounds(two, place)
    assert log(a) == log(b) and b.read(bundles.gaps) == ()


def test_another_stick_gets_all_that_is_not_acknowledged(two: list[Store]) -> None:
    a, b = two
    person(a, "Diatta")
    exchange(a, Task(), Memory("left on the bus"))
    stick = Memory()
    exchange(a, Task(), stick)
    exchange(b, Task(), stick)
    assert log(a) == log(b)


def test_parts_apply_in_any_order_and_twice(two: list[Store]) -> None:
    a, b = two
    whole = Memory()
    for number in range(10):
        person(a, f"Diatta {number}")
    exchange(a, Task(), whole, part=SMALL)
    for name in reversed(whole.list()):
        place = Memory()
        with whole.get(name) as file:
            place.put(name, file.read())
        exchange_in.take_over(b, Task(), place, [name])
    assert log(b) >= log(a)
    assert exchange_in.take_over(b, Task(), whole, whole.list()).bundles == 0


def test_what_one_passes_on_reaches_who_shares_no_place(three: list[Store]) -> None:
    a, b, c = three
    left, right = Memory(), Memory()
    person(a, "Diatta")
    person(c, "Sané")
    for _ in range(4):
        rounds([a, b], left, 1)
        rounds([b, c], right, 1)
    assert log(a) == log(b) == log(c)


def test_a_silent_sender_is_helped_out_by_others(three: list[Store]) -> None:
    """All hear each other; then one change reaches only one, and its writer is gone."""
    a, b, c = three
    place = Memory()
    for store in three:
        person(store, "Diatta")
    rounds(three, place)
    id = person(a, "Sané")
    stick = Memory()
    exchange(a, Task(), stick)
    exchange(b, Task(), stick)
    rounds([b, c], place, 8)
    assert c.read(records.get, "person", id).title == "Sané"
    assert log(b) == log(c)


class Torn(Memory):
    """Every content ends after some bytes for who reads it."""

    cut = 900

    def get(self, name: str) -> IO[bytes]:
        return io.BytesIO(super().get(name).read()[: self.cut])


def test_a_spoiled_bundle_is_made_again(two: list[Store]) -> None:
    a, b = two
    place = Torn()
    id = person(a, "Diatta")
    exchange(a, Task(), place)
    done = exchange(b, Task(), place)
    assert len(done.refused) == 1 and done.taken == 0
    lines = b.read(lambda s: s.scalars(sa.select(Audit.what)).all())
    assert lines.count("refuse_bundle") == 1
    place.cut = 1 << 30
    rounds(two, place)
    assert b.read(records.get, "person", id).title == "Diatta"


class Dying(Memory):
    """Fails at the n-th request."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def put(self, name: str, data: bytes | Path) -> None:
        self.left -= 1
        if self.left == 0:
            raise Unreachable(reason="cable")
        super().put(name, data)


@pytest.mark.parametrize("at", [1, 2, 3, 5, 6])
def test_a_round_that_broke_off_is_gone_on_with(two: list[Store], at: int) -> None:
    a, b = two
    place = Dying(at)
    for number in range(10):
        person(a, f"Diatta {number}")
    photo = a.write(attachments.add, "photo.jpg", bytes(range(256)) * 4_000)
    with pytest.raises(Unreachable):
        exchange(a, Task(), place, part=SMALL)
    rounds(two, place)
    assert log(a) == log(b)
    assert b.read(attachments.read, photo)[2] == bytes(range(256)) * 4_000


def test_pieces_arrive_one_by_one_and_are_cleaned_away(two: list[Store]) -> None:
    a, b = two
    place = Memory()
    content = bytes(range(256)) * 6_000
    photo = a.write(attachments.add, "photo.jpg", content)
    exchange(a, Task(), place)
    names = [name for name in place.list() if name.endswith(".migpiece")]
    assert len(names) == 3
    held = place.get(names[1]).read()
    place.delete(names[1])
    exchange(b, Task(), place)
    with pytest.raises(attachments.NotArrived):
        b.read(attachments.read, photo)
    assert [one.id for one in b.read(chunks.not_arrived)] == [photo]
    place.put(names[1], held)
    exchange(b, Task(), place)
    assert b.read(attachments.read, photo)[2] == content
    rounds(two, place)
    assert not [name for name in place.list() if name.endswith(".migpiece")]


def test_a_file_comes_from_whoever_has_it(three: list[Store]) -> None:
    """Its writer lies in a drawer since, and nobody revoked it."""
    a, b, c = three
    place = Memory()
    for one in three:
        person(one, "Diatta")
    rounds(three, place)
    photo = c.write(attachments.add, "photo.jpg", b"x" * 1_000)
    exchange(c, Task(), place)
    exchange(b, Task(), place)
    (name,) = [name for name in place.list() if name.endswith(".migpiece")]
    place.delete(name)
    exchange(a, Task(), place)
    with pytest.raises(attachments.NotArrived):
        a.read(attachments.read, photo)
    exchange(b, Task(), place)
    exchange(a, Task(), place)
    assert a.read(attachments.read, photo)[2] == b"x" * 1_000


def test_a_spoiled_piece_is_put_again(two: list[Store]) -> None:
    a, b = two
    place = Memory()
    photo = a.write(attachments.add, "photo.jpg", b"x" * 1_000)
    exchange(a, Task(), place)
    (name,) = [name for name in place.list() if name.endswith(".migpiece")]
    place.delete(name)
    place.put(name, b"rubbish")
    assert len(exchange(b, Task(), place).refused) == 1
    rounds(two, place)
    assert b.read(attachments.read, photo)[2] == b"x" * 1_000


def test_a_restored_computer_loses_nothing_and_reads_what_it_had_published(
    two: list[Store], tmp_path: Path
) -> None:
    a, b = two
    place = Memory()
    first = person(a, "Before")
    rounds(two, place)
    old = tmp_path / "backup.db"
    a.copy_to(old, lambda _left, _all: None)
    second = person(a, "After")
    exchange(a, Task(), place)
    again = Store.open(old, a._key)
    again.write(office.reborn, False)
    again.device = again.read(get_meta, "device")
    third = person(again, "New")
    rounds([again, b], place)
    for store in (again, b):
        for id in (first, second, third):
            assert store.read(records.get, "person", id).title
    assert log(again) == log(b)
    again.close()


def test_what_is_erased_leaves_the_place_of_exchange(two: list[Store]) -> None:
    a, b = two
    place = Memory()
    kept, gone = person(a, "Kept"), person(a, "Gone")
    exchange(a, Task(), place)
    (before,) = place.list()
    a.write(erasure.erase, "person", gone, "asked")
    exchange(a, Task(), place)
    assert before not in place.list()
    rounds(two, place)
    assert b.read(erasure.is_erased, gone)
    assert b.read(records.get, "person", kept).title == "Kept"
    bodies = sa.select(OpRow.seq).where(OpRow.body.contains("Gone"))
    assert b.read(lambda s: s.scalars(bodies).all()) == []
    (told,) = a.read(erasure.confirmations, gone)
    assert told.confirmed


def test_nothing_is_cleaned_before_the_last_one_heard_it(three: list[Store]) -> None:
    """Compaction must not delete what somebody has not applied (super-productivity 8958)."""
    a, b, c = three
    place = Memory()
    rounds(three, place)
    id = person(a, "Diatta")
    rounds([a, b], place)
    exchange(c, Task(), place)
    assert c.read(records.get, "person", id).title == "Diatta"


def test_positions_count_only_with_the_content(two: list[Store]) -> None:
    """A cursor never moves before the apply (super-productivity 8304, dexie 2331)."""
    a, b = two
    place = Memory()
    person(a, "Diatta")
    exchange(a, Task(), place)
    (name,) = place.list()
    with looked_at(b, place, name) as opened:
        about = opened.manifest

    def ends() -> Iterator[Op]:
        yield next(opened.ops())
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        b.write(received.take, name, about, ends())
    assert b.read(received.known) == {} and log(b) == set()
    place_of = a.device, about.incarnation, about.stream
    assert b.read(standing.spans, *place_of) == []
    exchange(b, Task(), place)
    assert log(b) == log(a)


@pytest.mark.parametrize("year", [1970, 2090])
def test_no_bundle_is_refused_for_a_clock(
    new_store: Callable[[], Store], year: int
) -> None:
    """Nor does one computer in 2090 win for ever (actual 3786, harmony 7)."""
    odd, b = new_store(), new_store()
    odd._now = lambda: (year - 1970) * 31_557_600_000
    paired([odd, b])
    place = Memory()
    id = person(odd, "Diatta")
    rounds([odd, b], place)
    b.write(records.save, "person", id, {"family_name": "Sané"})
    rounds([odd, b], place)
    for store in (odd, b):
        assert store.read(records.get, "person", id).title == "Sané"


def test_a_database_in_the_folder_is_refused(two: list[Store], tmp_path: Path) -> None:
    """SQLite inside a synced folder breaks (owncloud 5521)."""
    home = Paths(tmp_path / "place" / "home").make()
    home.database.write_bytes(b"x")
    home.keys.write_bytes(b"x")
    for folder in (tmp_path / "place", home.database.parent):
        with pytest.raises(DatabaseThere):
            export_bundle(two[0], Task(), folder)
    assert carried_by(tmp_path / "place" / "home") == ""
    (tmp_path / "place" / ".stfolder").mkdir()
    assert carried_by(tmp_path / "place" / "home") == "Syncthing"


def test_an_import_is_undone_as_a_whole_but_for_what_was_changed_since(
    two: list[Store],
) -> None:
    a, b = two
    place = Memory()
    known = person(a, "Diatta")
    rounds(two, place)
    a.write(records.save, "person", known, {"family_name": "Diata"})
    fresh, touched = person(a, "Sané"), person(a, "Badji")
    exchange(a, Task(), place)
    exchange(b, Task(), place)
    b.write(records.save, "person", touched, {"given_name": "Awa"})
    newest = b.read(bundles.came)[0]
    done = b.write(bundles.undo_bundle, newest.name)
    assert [row for _kind, row, _title in done.kept] == [touched]
    assert b.read(records.get, "person", known).title == "Diatta"
    assert b.read(records.get, "person", fresh).deleted
    with pytest.raises(bundles.NotUndoable):
        b.write(bundles.undo_bundle, newest.name)
    rounds(two, place)
    assert a.read(records.get, "person", known).title == "Diatta"


def test_the_page_is_told_plain_facts(two: list[Store]) -> None:
    a, b = two
    person(a, "Diatta")
    before = a.read(bundles.status)
    assert before.waiting == 1 and before.waiting_bytes > 0 and before.last == ""
    rounds(two, Memory())
    after = a.read(bundles.status)
    (device,) = after.devices
    assert after.waiting == 0 and after.last and device.heard and not device.missing
    assert b.read(bundles.status).came[0].ops == 1


def test_a_content_that_was_lost_with_its_bundle_is_laid_there_again(two: list[Store]) -> None:
    place, id = Memory(), person(two[0], "Diatta")
    rounds(two, place)
    two[0].write(attachments.add, "scan.jpg", b"x" * 400_000, id)
    exchange(two[0], Task(), place)
    for name in place.list():
        if not name.endswith(".migbundle"):
            place.delete(name)
    exchange(two[1], Task(), place)
    assert len(two[1].read(chunks.not_arrived)) == 1
    exchange(two[0], Task(), place)  # hears that the change arrived, and the content did not
    for name in place.list():
        place.delete(name)
    rounds(two, place)
    assert two[1].read(chunks.not_arrived) == ()
    rounds(two, place)
    assert all(name.endswith(".migbundle") for name in place.list())

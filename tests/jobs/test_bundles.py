"""Bundles between two computers, through a folder: paired, sealed, repeated, spoiled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from migdesk.errors import Fault
from migdesk.jobs import exchange as jobs
from migdesk.models import RECORDS
from migdesk.models.store import Store
from migdesk.services import attachments, bundles, exchange, office, records, settle, today
from migdesk.services.records import Query
from migdesk.task import Task

Pair = tuple[Store, Store]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Pair]:
    stores = []
    for n, name in enumerate(("Sédhiou", "Kolda")):
        store = Store.open(tmp_path / f"{n}.db", bytes([n]) * 32, create=True)
        store.actor = f"acc{n}"
        store.write(office.found, {"name": f"HOM {name}", "country": "SN"}, "Agent", f"acc{n}")
        store.write(exchange.make_card)
        stores.append(store)
    yield stores[0], stores[1]
    for store in stores:
        store.close()


def pair(two: Pair) -> None:
    a, b = two
    a.write(exchange.pair, b.read(exchange.my_card).text)
    b.write(exchange.pair, a.read(exchange.my_card).text)


def swap(two: Pair, folder: Path) -> None:
    """Bundles both ways."""
    for store in two:
        jobs.export_bundle(store, Task(), folder)
    for store in two:
        jobs.import_bundles(store, Task(), folder)


def content(store: Store) -> dict[str, Any]:
    return store.read(
        lambda s: {
            (kind, row.id): (row.deleted, {f: getattr(row, f) for f in about.fields})
            for kind, about in RECORDS.items()
            for row in s.scalars(sa.select(about.model))
        }
    )


def test_both_ways_twice_gives_equal_content(two: Pair, folder: Path) -> None:
    a, b = two
    pair(two)
    a.write(records.save, "person", None, {"family_name": "Diatta"})
    b.write(records.save, "person", None, {"family_name": "Sané"})
    swap(two, folder)
    assert content(a) == content(b)
    assert a.read(records.count, "office", Query()) == 2
    before = content(a)
    swap(two, folder)
    swap(two, folder)
    assert content(a) == content(b) == before
    state = a.read(today.exchange_state)
    assert state.waiting == 0 and state.last


def test_what_is_sent_is_only_what_is_new(two: Pair, folder: Path) -> None:
    a, b = two
    pair(two)
    person = a.write(records.save, "person", None, {"family_name": "Diatta"})
    swap(two, folder)
    swap(two, folder)  # who is new is given all until it told what it has
    a.write(records.save, "person", person, {"phone": "+221771234567"})
    assert jobs.export_bundle(a, Task(), folder).ops == 1
    assert jobs.export_bundle(a, Task(), folder).name == ""
    assert jobs.import_bundles(b, Task(), folder).ops == 1


def test_a_preview_foresees_and_writes_nothing(two: Pair, folder: Path) -> None:
    a, b = two
    pair(two)
    person = a.write(records.save, "person", None, {"family_name": "Diatta"})
    swap(two, folder)
    swap(two, folder)  # who is new is given all until it told what it has
    a.write(records.save, "person", person, {"phone": "+221771234567"})
    b.write(records.save, "person", person, {"phone": "+33612345678"})
    jobs.export_bundle(a, Task(), folder)
    before = content(b)
    views = jobs.preview_bundles(b, Task(), folder)
    (new,) = [view for view in views if view.status == "new"]
    assert new.counts == {"person": 1} and new.conflicts == 1
    assert new.device_name.startswith("HOM Sédhiou")
    assert content(b) == before and b.read(settle.conflicts) == ()
    assert jobs.import_bundles(b, Task(), folder).conflicts == 1


def test_attachments_arrive_with_their_bytes(two: Pair, folder: Path) -> None:
    a, b = two
    pair(two)
    photo = a.write(attachments.add, "photo.png", b"\x89PNG" + b"x" * 5_000)
    swap(two, folder)
    assert b.read(attachments.read, photo) == (
        "photo.png",
        "image/png",
        b"\x89PNG" + b"x" * 5_000,
    )


def test_nobody_paired_is_said(two: Pair, folder: Path) -> None:
    with pytest.raises(jobs.NobodyPaired):
        jobs.export_bundle(two[0], Task(), folder)


def test_a_stranger_is_refused_and_listed(two: Pair, folder: Path) -> None:
    a, b = two
    a.write(exchange.pair, b.read(exchange.my_card).text)
    jobs.export_bundle(a, Task(), folder)
    before = content(b)
    result = jobs.import_bundles(b, Task(), folder)
    assert result.bundles == 0 and len(result.refused) == 1
    assert content(b) == before
    b.write(exchange.pair, a.read(exchange.my_card).text)
    assert jobs.import_bundles(b, Task(), folder).bundles == 1


@pytest.mark.parametrize("cut", [10, 500, -1])
def test_a_truncated_bundle_is_refused_and_taken_once_whole(
    two: Pair, folder: Path, cut: int
) -> None:
    a, b = two
    pair(two)
    name = jobs.export_bundle(a, Task(), folder).name
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:cut])
    before = content(b)
    assert len(jobs.import_bundles(b, Task(), folder).refused) == 1
    assert content(b) == before
    (folder / name).write_bytes(data)
    assert jobs.import_bundles(b, Task(), folder).bundles == 1


def test_an_altered_bundle_is_refused(two: Pair, folder: Path) -> None:
    a, b = two
    pair(two)
    name = jobs.export_bundle(a, Task(), folder).name
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    before = content(b)
    assert len(jobs.import_bundles(b, Task(), folder).refused) == 1
    assert content(b) == before


def test_a_missing_bundle_is_named_and_does_not_stop_the_others(
    two: Pair, folder: Path
) -> None:
    a, b = two
    pair(two)
    swap(two, folder)
    swap(two, folder)
    first = a.write(records.save, "person", None, {"family_name": "Sané"})
    name = jobs.export_bundle(a, Task(), folder).name
    held = (folder / name).read_bytes()
    second = a.write(records.save, "person", None, {"family_name": "Diatta"})
    jobs.export_bundle(a, Task(), folder)
    (folder / name).unlink()
    views = jobs.preview_bundles(b, Task(), folder)
    (view,) = [view for view in views if view.status != "known"]
    assert view.status == "gap" and view.sample[0].title == "Diatta"
    jobs.import_bundles(b, Task(), folder)
    assert b.read(records.get, "person", second).title == "Diatta"
    assert b.read(bundles.gaps) == (b.read(exchange.peers)[0].name,)
    (folder / name).write_bytes(held)
    jobs.import_bundles(b, Task(), folder)
    assert b.read(records.get, "person", first).title == "Sané"
    assert b.read(bundles.gaps) == () and content(a) == content(b)


def test_a_short_key_finds_the_card_in_the_folder(two: Pair, folder: Path) -> None:
    a, b = two
    jobs.publish_card(a, Task(), folder)
    jobs.publish_card(a, Task(), folder)
    (card,) = jobs.cards_in(b, Task(), folder)
    typed = a.read(exchange.my_card).fingerprint.lower().replace(" ", "")
    assert jobs.pair_by_key(b, Task(), folder, typed).device == a.device == card.device
    with pytest.raises(jobs.NoSuchCard):
        jobs.pair_by_key(b, Task(), folder, "AAAA AAAA AAAA AAAA AAAA AAAA")


def test_ones_own_card_is_refused(two: Pair) -> None:
    with pytest.raises(exchange.Ourselves):
        two[0].write(exchange.pair, two[0].read(exchange.my_card).text)


def test_a_folder_that_is_not_there_is_an_obstacle(two: Pair, tmp_path: Path) -> None:
    pair(two)
    with pytest.raises(Fault):
        jobs.export_bundle(two[0], Task(), tmp_path / "no stick")
    assert two[0].read(today.exchange_state).last == ""


def test_nothing_personal_lies_in_the_folder(two: Pair, folder: Path) -> None:
    pair(two)
    two[0].write(records.save, "person", None, {"family_name": "Needlename"})
    name = jobs.export_bundle(two[0], Task(), folder).name
    assert b"Needlename" not in (folder / name).read_bytes() and "needle" not in name

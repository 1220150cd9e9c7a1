"""The chains of the log: whole, altered, with holes, forked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from migdesk import clock
from migdesk.clock import DAY_MS
from migdesk.models.local import Head, OpRow
from migdesk.models.meta import set_meta
from migdesk.models.store import Store
from migdesk.ops import Op, link_after
from migdesk.services import erasure, history, integrity, merging, records, settle
from tests.tools import KEY, Make, ops

NOW = 1_795_000_000_000


def verify(store: Store, writer: str = "") -> integrity.ChainReport:
    return store.read(integrity.verify, writer)


def carry(source: Store, target: Store) -> merging.Applied:
    return target.write(merging.apply_ops, ops(source), source.device)


def change(store: Store, stamp: str, **values: str) -> None:
    """As somebody would who opened the file with other tools."""
    forge = sa.update(OpRow).where(OpRow.stamp == stamp).values(values)
    store.write(lambda s: s.execute(forge))


def test_every_way_of_writing_makes_one_chain(
    new_store: Callable[[], Store],
) -> None:
    a, b = new_store(), new_store()
    make = Make(a)
    one, two = make.person(phone="+221770001122"), make.person()
    carry(a, b)
    b.write(records.save, "person", one, {"phone": "+33612345678"})
    a.write(records.save, "person", one, {"phone": "+221771234567"})
    carry(b, a)
    a.write(settle.settle, a.read(settle.conflicts)[0].id, "right")
    a.write(history.undo_last)
    a.write(records.delete, "person", two)
    a.write(erasure.erase, "person", two, "asked")
    report = verify(a)
    assert report.broken == () and report.missing == () and report.emptied == 2
    mine = [op for op in ops(a) if op.device == a.device]
    assert [op.number for op in mine] == list(range(1, len(mine) + 1))
    assert verify(a, b.device).ops == 1
    carry(a, b)
    assert verify(b).broken == () and verify(b).missing == ()


def test_a_failed_write_breaks_nothing_and_the_next_start_goes_on(
    store: Store, tmp_path: Path
) -> None:
    Make(store).person()
    lines: records.Lines = {"consent": [(None, {})]}
    with pytest.raises(records.Needed):
        store.write(records.save_all, "person", None, {"family_name": "A"}, lines)
    store.close()
    again = Store.open(tmp_path / "store-0.db", KEY)
    Make(again).person()
    assert [op.number for op in ops(again)] == [1, 2]
    assert verify(again).broken == ()
    again.close()


def test_an_altered_body_is_named_and_only_it(store: Store) -> None:
    for _n in range(3):
        Make(store).person()
    _one, op, _three = ops(store)
    body = store.read(lambda s: s.scalar(sa.select(OpRow.body).where(OpRow.stamp == op.stamp)))
    change(store, op.stamp, body=str(body).replace("Diallo", "Diouf"))
    assert verify(store).altered == (op.stamp,)
    change(store, op.stamp, body="{}")
    assert op.stamp in verify(store).altered


def test_an_op_forged_at_the_end_with_its_own_link_is_seen_by_who_has_more(
    new_store: Callable[[], Store],
) -> None:
    a, b = new_store(), new_store()
    Make(a).person(), Make(a).person()
    carry(a, b)
    first, last = ops(a)
    forged = msgspec.structs.replace(last, fields={**last.fields, "family_name": "Diouf"})
    forged = msgspec.structs.replace(forged, link=link_after(first.link, forged))
    change(a, last.stamp, body=msgspec.json.encode(forged).decode(), link=forged.link)
    assert verify(a).altered == ()
    said = {"writer": a.device, "said_by": b.device, "stamp": last.stamp, "link": last.link}
    a.write(lambda s: s.execute(sa.insert(Head), said))
    assert verify(a).forked == (last.stamp,)
    done = carry(a, b)
    assert done.ops in (0, 1)
    assert verify(b).forked == (last.stamp,)


def test_a_hole_is_told_apart_from_an_alteration(new_store: Callable[[], Store]) -> None:
    a, b = new_store(), new_store()
    for _n in range(5):
        Make(a).person()
    log = ops(a)
    b.write(merging.apply_ops, [log[0], log[3], log[4]], a.device)
    report = verify(b)
    assert report.missing == ((a.device, 2),) and report.broken == ()
    b.write(merging.apply_ops, log, a.device)
    assert verify(b).missing == ()


def test_a_copied_computer_is_reported_and_both_are_kept(
    new_store: Callable[[], Store],
) -> None:
    a, copy, c, d = (new_store() for _n in range(4))
    Make(a).person()
    carry(a, copy)
    op = ops(a)[0]
    twin = msgspec.structs.replace(op, fields={**op.fields, "family_name": "Diouf"})
    twin = msgspec.structs.replace(twin, link=link_after("", twin))
    c.write(merging.apply_ops, [op, twin], a.device)
    d.write(merging.apply_ops, [twin], a.device)
    d.write(merging.apply_ops, [op], a.device)
    assert ops(c) == ops(d)
    assert verify(c).forked == verify(d).forked == (op.stamp,)
    assert shown(c, op) == shown(d, op)


def shown(store: Store, op: Op) -> str:
    return store.read(records.get, "person", op.row).title


def test_a_new_writer_begins_a_chain_of_its_own(store: Store) -> None:
    Make(store).person()
    store.device = "f" * 16
    store.write(set_meta, "device", store.device)
    Make(store).person()
    one, two = ops(store)
    assert (one.number, two.number) == (1, 1) and one.stamp < two.stamp
    assert verify(store).broken == ()


def test_what_others_hold_of_ours_and_we_do_not(store: Store) -> None:
    Make(store).person()
    stamp = re.sub("^.{4}", "0200", ops(store)[0].stamp)
    said = {"writer": store.device, "said_by": "b" * 16, "stamp": stamp, "link": "x" * 22}
    store.write(lambda s: s.execute(sa.insert(Head), said))
    assert verify(store).lost == (stamp,)


# clocks ---------------------------------------------------------------------------


def at(ms: int, device: str = "b" * 16) -> str:
    return f"{ms << 16:016x}-{device}"


@pytest.mark.parametrize(
    ("heard", "off"),
    [
        ([], 0),
        ([NOW - 400 * DAY_MS], 0),
        ([NOW + DAY_MS], 0),
        ([NOW + 3 * DAY_MS], -3 * DAY_MS),
        ([NOW, NOW + 64 * 365 * DAY_MS], 0),
        ([NOW, NOW + 2 * DAY_MS, NOW + 3 * DAY_MS], -2 * DAY_MS),
        ([NOW - 800 * DAY_MS, NOW - 900 * DAY_MS], 800 * DAY_MS),
    ],
)
def test_whose_own_clock_is_wrong(heard: list[int], off: int) -> None:
    assert clock.suspicious(NOW, [at(ms) for ms in heard]) == off


def test_own_clock_is_compared_with_what_is_here(store: Store) -> None:
    heads = [
        {"writer": "b" * 16, "said_by": "", "stamp": at(NOW), "link": ""},
        {"writer": store.device, "said_by": "", "stamp": at(NOW * 2), "link": ""},
    ]
    store.write(lambda s: s.execute(sa.insert(Head), heads))
    assert store.read(integrity.own_clock, NOW - 9 * DAY_MS) == -9 * DAY_MS
    assert store.read(integrity.own_clock, NOW) == 0


def test_a_clock_in_2090_or_1970_wins_nothing_and_poisons_nobody(
    new_store: Callable[[], Store],
) -> None:
    a, b, c = (new_store() for _n in range(3))
    a._now, c._now = (lambda: 3_800_000_000_000), (lambda: 0)
    person = Make(a).person(given_name="2090")
    carry(a, b), carry(a, c)
    for store, name in ((b, "today"), (c, "1970")):
        store.write(records.save, "person", person, {"given_name": name})
        for other in (a, b, c):
            carry(store, other)
    for store in (a, b, c):
        assert store.read(records.get, "person", person).values["given_name"] == "1970"
        assert store.read(settle.conflicts) == () and verify(store).broken == ()
    assert ops(b)[-1].device == c.device or clock.stamp_ms(b_stamp(b)) < 2_000_000_000_000


def b_stamp(store: Store) -> str:
    return next(op.stamp for op in ops(store) if op.device == store.device)

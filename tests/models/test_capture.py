"""Each change is an op of the log, in its transaction; nothing changes beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import now_ms, stamp_device, stamp_ms
from migdesk.models import RECORDS
from migdesk.models.capture import bases, pack_stamps
from migdesk.models.local import Meta, SearchDoc
from migdesk.models.meta import get_meta, set_meta
from migdesk.models.person import Person
from migdesk.models.store import Changes, DiskFull, Store
from migdesk.ops import Op, bases_for
from migdesk.services import records
from migdesk.sync.merge import settle
from tests.tools import KEY, Make, ops

TEN_YEARS = 10 * 365 * 86_400_000


def test_a_new_record_is_one_op_without_bases(any_store: Store, make: Make) -> None:
    id = make.person(given_name="Awa", aliases=["Mame"], phone="771234567")
    [op] = ops(any_store)
    assert (op.kind, op.row, op.tx, op.bases) == ("person", id, op.stamp, {})
    assert op.device == any_store.device
    code = op.fields.pop("code")
    assert code.startswith("P-")
    assert op.fields == {
        "family_name": "Diallo",
        "given_name": "Awa",
        "aliases": ["Mame"],
        "phone": "+221771234567",
        "status": "prefers_not_to_say",
    }


def test_a_change_names_what_it_replaces(any_store: Store, make: Make) -> None:
    id = make.person(given_name="Awa")
    for values in ({"given_name": "Eva", "sex": "female"}, {"given_name": None}):
        any_store.write(records.save, "person", id, values)
    first, second, third = ops(any_store, id)
    assert second.fields == {"given_name": "Eva", "sex": "female"}
    assert second.bases == {"given_name": [first.stamp], "sex": [first.stamp]}
    assert third.fields == {"given_name": None}
    assert third.bases == {"given_name": [second.stamp]}


def test_a_delete_names_the_whole_row_and_a_later_edit_knows_it(
    any_store: Store, make: Make
) -> None:
    id = make.person()
    any_store.write(records.delete, "person", id)
    any_store.write(records.restore, "person", id)
    any_store.write(records.save, "person", id, {"sex": "male"})
    first, gone, back, edit = ops(any_store, id)
    assert gone.fields == {"deleted": True}
    assert gone.bases == {n: [first.stamp] for n in RECORDS["person"].fields}
    assert back.fields == {"deleted": False}
    assert back.bases == {**gone.bases, "deleted": [gone.stamp]}
    assert edit.bases == {"sex": [first.stamp], "deleted": [back.stamp]}


def test_the_log_alone_gives_the_row_again(any_store: Store, make: Make) -> None:
    id = make.person(given_name="Awa", languages=["fr", "wo"])
    for values in ({"sex": "female"}, {"given_name": "Eva"}, {"languages": None}):
        any_store.write(records.save, "person", id, values)
    any_store.write(records.delete, "person", id)
    state = settle(ops(any_store, id))
    view = any_store.read(records.get, "person", id)
    known = any_store.read(lambda s: s.get_one(Person, id).stamps)
    assert {n: state.values.get(n) for n in view.values} == view.values
    assert (state.deleted, state.conflicts) == (True, ())
    seen = bases(known, ["deleted"], set(view.values))
    assert {n: seen[n] for n in state.heads} == state.heads


def test_bases_are_those_that_the_merge_asks_for() -> None:
    heads = {"a": ["1"], "b": ["1"], "c": ["3", "2"], "deleted": ["4"]}
    known = pack_stamps(heads)
    assert known == {"*": "1", "c": ["3", "2"], "deleted": "4"}
    for changed in (["a"], ["c", "b"], ["deleted"]):
        assert bases(known, changed, {"a", "b", "c"}) == bases_for(heads, changed)


def test_saving_the_same_again_writes_nothing(any_store: Store, make: Make) -> None:
    id = make.person(aliases=["Mame"], birth="1985~")
    heard: list[Changes] = []
    any_store.listen(heard.append)
    view = any_store.read(records.get, "person", id)
    any_store.write(records.save, "person", id, view.values)
    assert len(ops(any_store)) == 1
    assert heard == []


def test_one_transaction_has_one_name_and_is_announced_once(any_store: Store) -> None:
    heard: list[Changes] = []
    stop = any_store.listen(heard.append)
    any_store.actor = "me"

    def both(session: Session) -> list[str]:
        person = records.save(session, "person", None, {"family_name": "Sow"})
        case = records.save(session, "case", None, {"title": "Shop", "person": person})
        return [person, case]

    ids = any_store.write(both)
    first, second = ops(any_store)
    assert first.tx == second.tx == first.stamp < second.stamp
    assert first.actor == second.actor == "me"
    [changes] = heard
    assert changes == Changes(frozenset({"person", "case"}), frozenset(ids))
    assert changes.touches("case", "visit")
    assert not changes.touches("visit")
    stop()
    any_store.write(both)
    assert len(heard) == 1


def test_nothing_changes_outside_a_write(any_store: Store, make: Make) -> None:
    id = make.person()

    def rename(session: Session) -> None:
        session.get_one(Person, id).family_name = "Ba"
        session.flush()

    def add(session: Session) -> None:
        session.add(Person(id="x", stamps={}))
        session.flush()

    for service in (rename, add):
        with pytest.raises(RuntimeError):
            any_store.read(service)
    assert any_store.read(records.get, "person", id).title == "Diallo"


def test_a_row_never_leaves_the_table(any_store: Store, make: Make) -> None:
    id = make.person()
    with pytest.raises(RuntimeError):
        any_store.write(lambda session: session.delete(session.get_one(Person, id)))
    assert any_store.read(records.get, "person", id)


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(Person).values(family_name="Ba"),
        sa.delete(Person),
        sa.insert(Person).values(id="x", stamps={}),
    ],
)
def test_no_statement_changes_records_behind_the_log(
    any_store: Store, make: Make, statement: Any
) -> None:
    make.person()
    with pytest.raises(RuntimeError):
        any_store.write(lambda session: session.execute(statement))
    assert any_store.read(records.count, "person", records.Query()) == 1


def test_a_failed_write_leaves_nothing(any_store: Store, make: Make) -> None:
    id = make.person()
    heard: list[Changes] = []
    any_store.listen(heard.append)
    before = ops(any_store), any_store.read(get_meta, "clock")

    def fail(session: Session) -> None:
        records.save(session, "person", id, {"family_name": "Ba"})
        records.save(session, "person", None, {"family_name": "Fall"})
        set_meta(session, "x", "1")
        raise KeyError("on purpose")

    with pytest.raises(KeyError):
        any_store.write(fail)
    assert (ops(any_store), any_store.read(get_meta, "clock")) == before
    assert any_store.read(records.count, "person", records.Query()) == 1
    assert any_store.read(get_meta, "x") == ""
    assert any_store.read(lambda s: len(s.scalars(sa.select(SearchDoc)).all())) == 1
    assert heard == []
    make.person()
    stamps = [op.stamp for op in ops(any_store)]
    assert stamps == sorted(set(stamps))


def test_stamps_rise_when_the_clock_goes_back_ten_years(store: Store, tmp_path: Path) -> None:
    Make(store).person()
    store.close()
    path, log = tmp_path / "store-0.db", []
    for shift in (-TEN_YEARS, -50 * TEN_YEARS, TEN_YEARS, -TEN_YEARS):
        again = Store.open(path, KEY, now=lambda shift=shift: now_ms() + shift)
        Make(again).person()
        Make(again).person()
        log = ops(again)
        again.close()
    stamps = [op.stamp for op in log]
    assert len(stamps) == 9
    assert stamps == sorted(set(stamps))
    assert stamp_ms(stamps[-1]) >= stamp_ms(stamps[0]) + TEN_YEARS - 86_400_000


def counted(session: Session, id: str) -> None:
    """Read a number and write the next: loses one whenever two read the same."""
    held = records.get(session, "case", id).values["jobs"] or 0
    records.save(session, "case", id, {"jobs": held + 1})


def count_up(store: Store, id: str) -> None:
    for _ in range(15):
        store.write(counted, id)


def race(stores: list[Store], id: str) -> list[Op]:
    with ThreadPoolExecutor(len(stores)) as threads:
        for done in [threads.submit(count_up, store, id) for store in stores]:
            done.result()
    assert stores[0].read(records.get, "case", id).values["jobs"] == 15 * len(stores)
    return ops(stores[0], id)


def check_race(log: list[Op], writers: int) -> None:
    stamps = [op.stamp for op in log]
    assert len(stamps) == 1 + 15 * writers
    assert stamps == sorted(set(stamps))
    assert [op.bases["jobs"] for op in log[1:]] == [[stamp] for stamp in stamps[:-1]]


def test_four_threads_lose_nothing(any_store: Store, make: Make) -> None:
    check_race(race([any_store] * 4, make.case()), 4)


def test_two_windows_on_one_file_lose_nothing(store: Store, tmp_path: Path) -> None:
    id = Make(store).case()
    other = Store.open(tmp_path / "store-0.db", KEY)
    assert other.device == store.device
    check_race(race([store, other, store, other], id), 4)
    other.write(records.save, "case", id, {"jobs": 0})
    heard: list[Changes] = []
    store.listen(heard.append)
    assert store.heed_others() and heard[0].touches("case")
    assert not store.heed_others()
    store.write(records.save, "case", id, {"jobs": 1})
    assert not store.heed_others() and len(heard) == 2
    other.close()


def test_two_clients_of_one_server_lose_nothing(pg_store: Store, pg_url: str) -> None:
    id = Make(pg_store).case()
    other = Store.connect(pg_url)
    assert other.device == pg_store.device
    check_race(race([pg_store, other, pg_store, other], id), 4)
    other.close()


def test_what_no_database_can_hold_never_arrives(any_store: Store, make: Make) -> None:
    id = make.person(given_name="Fa\x00tou\ud800", note="a\x00\x1b")
    view = any_store.read(records.get, "person", id)
    assert (view.values["given_name"], view.values["note"]) == ("Fatou", "a")


def test_a_note_of_five_thousand_characters_in_any_script(any_store: Store, make: Make) -> None:
    note = ("Ɓaawo 阿 محمد 🐓 " * 400)[:5_000].strip()
    id = make.person(note=note)
    assert any_store.read(records.get, "person", id).values["note"] == note
    assert ops(any_store)[0].fields["note"] == note


def test_an_error_of_the_driver_names_nobody(any_store: Store) -> None:
    """Its text goes to the log."""

    def twice(session: Session) -> None:
        for _ in range(2):
            session.connection().execute(
                sa.insert(SearchDoc), {"row": "r", "kind": "person", "words": "fatou diop"}
            )

    with pytest.raises(sa.exc.IntegrityError) as caught:
        any_store.write(twice)
    assert "fatou" not in str(caught.value)


def limit_pages(store: Store, extra: int) -> None:
    """Make SQLite's own answer to a full disk real: no page beyond these."""
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
    store.engine.dispose()

    @sa.event.listens_for(store.engine, "connect")
    def _limit(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + extra}")


def test_a_full_disk_writes_nothing_and_says_so(store: Store, make: Make) -> None:
    id = make.person()
    log = ops(store)
    limit_pages(store, 2)
    big = {"note": "é" * 20_000}

    def save_many(session: Session) -> None:
        for _ in range(20):
            records.save(session, "person", None, {"family_name": "Ba", **big})

    with pytest.raises(DiskFull) as caught:
        store.write(save_many)
    assert "Ba" not in str(caught.value)
    assert ops(store) == log
    assert store.read(records.count, "person", records.Query()) == 1
    store.check()
    store.write(records.save, "person", id, {"sex": "male"})
    assert store.read(records.get, "person", id).values["sex"] == "male"


def test_the_device_is_made_once(any_store: Store) -> None:
    rows = any_store.read(lambda s: {m.key: m.value for m in s.scalars(sa.select(Meta))})
    assert rows["device"] == any_store.device
    assert stamp_device("0" * 16 + "-" + any_store.device) == any_store.device


def test_a_mistake_of_ours_is_not_told_as_a_fault_of_the_surroundings(any_store: Store) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        any_store.read(lambda s: s.execute(sa.text("SELECT nothing FROM nowhere")))

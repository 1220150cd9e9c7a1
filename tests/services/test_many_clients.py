"""Many people on one server at once: positions of the log are committed in their order, the
chain of the database is whole, and clients hear of each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import OpRow
from migdesk.models.store import Changes, Store
from migdesk.services import records, settle
from tests.tools import Make, ops

CLIENTS, SAVES = 8, 6


def positions(session: Session, after: int) -> list[int]:
    query = sa.select(OpRow.seq).where(OpRow.seq > after).order_by(OpRow.seq)
    return list(session.scalars(query))


def test_who_reads_the_log_by_position_misses_nothing(pg_store: Store, pg_url: str) -> None:
    ended = threading.Event()
    read: list[int] = []

    def follow() -> None:
        while True:
            last = ended.is_set()
            read.extend(pg_store.read(positions, read[-1] if read else 0))
            if last:
                return

    def save(number: int) -> None:
        client = Store.connect(pg_url)
        for n in range(SAVES):
            client.write(records.save, "person", None, {"family_name": f"{number}-{n}"})
        client.close()

    reader = threading.Thread(target=follow)
    reader.start()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(save, range(CLIENTS)))
    ended.set()
    reader.join()
    assert read == pg_store.read(positions, 0)
    written = ops(pg_store)
    assert len(written) == CLIENTS * SAVES
    stamps = [op.stamp for op in written]
    assert stamps == sorted(set(stamps))
    assert [op.number for op in written] == list(
        range(written[0].number, written[0].number + len(written))
    )
    assert len({op.device for op in written}) == 1


def test_all_edit_one_file_at_once(pg_store: Store, pg_url: str, make: Make) -> None:
    fields = ("given_name", "residence", "skills", "contact_note")
    person = make.person(family_name="Diallo")
    seen = pg_store.read(records.get, "person", person)
    start = threading.Barrier(CLIENTS)

    def save(number: int) -> None:
        client = Store.connect(pg_url)
        start.wait()
        value = {fields[number % len(fields)]: f"by {number}"}
        client.write(records.save, "person", person, value, seen=seen.stamps)
        client.close()

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(save, range(CLIENTS)))
    values = pg_store.read(records.get, "person", person).values
    found = pg_store.read(settle.conflicts)
    assert sorted(c.field for c in found) == sorted(fields)
    told = {values[name] for name in fields} | {c.right.value for c in found}
    assert told == {f"by {n}" for n in range(CLIENTS)}


def test_each_hears_of_what_others_wrote_around_an_own_save(
    pg_store: Store, pg_url: str, make: Make
) -> None:
    other = Store.connect(pg_url)
    pg_store.heed_others()
    heard: list[Changes] = []
    pg_store.listen(heard.append)
    other.write(records.save, "person", None, {"family_name": "Sow"})
    make.person(family_name="Diallo")
    assert pg_store.heed_others() and heard[-1].everything
    assert not pg_store.heed_others()
    make.person(family_name="Fall")
    assert not pg_store.heed_others()
    other.close()

"""Erased for good: nothing of it stays, on any computer, whatever arrives later."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from migdesk.clock import Clock
from migdesk.models import RECORDS
from migdesk.models.capture import ErasedRow, NotYours
from migdesk.models.local import Ack, ConflictRow, Draft, OpRow, Peer, SearchDoc
from migdesk.models.store import Store
from migdesk.ops import ERASED, Chain
from migdesk.services import (
    attachments,
    drafts,
    duplicates,
    erasure,
    history,
    merging,
    records,
    search,
    settle,
)
from migdesk.services.records import Query
from migdesk.sync.seal import Identity
from tests.tools import KEY, Make, ops

NEEDLE = "Zxqwyvkub"
PAGE, TAIL = 4096, 80


def clear(path: Path) -> bytes:
    """Every page of an encrypted file and of its log, in clear, free space and all."""
    pages = []
    data = path.read_bytes()
    pages += [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    pages[0] = bytes(16) + pages[0][16:]
    log = Path(f"{path}-wal")
    frames = log.read_bytes()[32:] if log.exists() else b""
    pages += [frames[at + 24 : at + 24 + PAGE] for at in range(0, len(frames), PAGE + 24)]
    found = []
    for number, page in enumerate(pages):
        head = 16 if number == 0 else 0
        mode = modes.CBC(page[PAGE - TAIL : PAGE - TAIL + 16])
        opened = Cipher(algorithms.AES(KEY), mode).decryptor()
        found.append(opened.update(page[head : PAGE - TAIL]))
    return b"".join(found)


def register(store: Store, **values: Any) -> str:
    return store.write(records.save, "person", None, {"family_name": NEEDLE, **values})


def carry(source: Store, target: Store) -> merging.Applied:
    return target.write(merging.apply_ops, ops(source), source.device)


def erase(store: Store, id: str) -> int:
    return store.write(erasure.erase, "person", id, "asked")


def test_nothing_of_it_stays_in_the_log_or_the_tables(any_store: Store) -> None:
    id = register(any_store, aliases=[NEEDLE], note="secret")
    any_store.write(records.save, "person", id, {"given_name": "Awa", "phone": "+221771234567"})
    consent = any_store.write(
        records.save, "consent", None, {"person": id, "purpose": "help", "answer": "given"}
    )
    photo = any_store.write(attachments.add, "face.jpg", b"pixels", id)
    any_store.write(drafts.put, drafts.fresh(drafts.key("person", "me", id)), "person", "A", {})
    any_store.write(drafts.put, "visit:new:me:1", "visit", "B", {"typed": {"person": id}})
    any_store.write(drafts.put, "visit:new:me:2", "visit", "C", {"typed": {"person": "x"}})
    assert erase(any_store, id) == 3
    log = ops(any_store)
    assert {op.row for op in log if ERASED in op.fields} == {id, consent, photo}
    assert all(op.emptied or ERASED in op.fields for op in log)
    assert NEEDLE not in json.dumps([op.actor for op in log])
    view = any_store.read(records.get, "person", id)
    assert view.deleted and not any(view.values.values())
    assert any_store.read(search.find, NEEDLE) == ()
    assert any_store.read(lambda s: s.scalars(sa.select(SearchDoc)).all()) == []
    assert any_store.read(lambda s: [d.title for d in s.scalars(sa.select(Draft))]) == ["C"]
    with pytest.raises(attachments.NotArrived):
        any_store.read(attachments.read, photo)
    assert any_store.read(records.list_page, "person", Query(deleted=True)).rows == ()


def test_the_file_itself_forgets(store: Store, tmp_path: Path) -> None:
    others = [register(store, family_name=f"Diallo{n}", note="x" * 300) for n in range(60)]
    id = register(store, given_name=NEEDLE, note=f"{NEEDLE} " * 400)
    for n in range(20):
        said = {"note": f"{NEEDLE}{n} " * 200, "aliases": [f"{NEEDLE}{n}", "Diallo7"]}
        store.write(records.save, "person", id, said)
        store.write(records.save, "person", others[n], {"note": "y" * 900})
    path = tmp_path / "store-0.db"
    found = clear(path)
    assert NEEDLE.encode() in found and NEEDLE.lower().encode() in found
    erase(store, id)
    left = clear(path)
    assert b"Diallo7" in left
    for needle in (NEEDLE, NEEDLE.lower(), NEEDLE.lower()[2:]):
        assert needle.encode() not in left


def test_it_beats_what_arrives_later(new_store: Callable[[], Store]) -> None:
    a, b = new_store(), new_store()
    id = register(a)
    carry(a, b)
    b.write(records.save, "person", id, {"note": "typed elsewhere"})
    b.write(records.delete, "person", id)
    erase(a, id)
    carry(b, a), carry(a, b)
    for one in (a, b):
        assert [op.fields for op in ops(one) if not op.emptied] == [
            {"deleted": True, "erased": True}
        ]
        assert one.read(lambda s: s.scalars(sa.select(ConflictRow)).all()) == []
        assert one.read(settle.conflicts) == ()
    assert {op.stamp for op in ops(a)} == {op.stamp for op in ops(b)}


def test_also_of_kinds_that_only_a_newer_program_knows(
    new_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = new_store(), new_store()
    visit = a.write(records.save, "visit", None, {"request": "other", "words": NEEDLE})
    with monkeypatch.context() as older:
        older.delitem(RECORDS, "visit")
        carry(a, b)
    a.write(erasure.erase, "visit", visit, "mistake")
    with monkeypatch.context() as older:
        older.delitem(RECORDS, "visit")
        carry(a, b)
    assert ops(b) == ops(a)
    assert not b.read(lambda s: s.scalars(sa.select(OpRow).where(OpRow.parked)).all())
    assert NEEDLE not in str(ops(b))


def test_nothing_can_be_written_to_it_any_more(store: Store) -> None:
    id = register(store)
    erase(store, id)
    with pytest.raises(records.Gone):
        erase(store, id)
    with pytest.raises(ErasedRow):
        store.write(records.save, "person", id, {"family_name": "Sow"})
    with pytest.raises(ErasedRow):
        store.write(records.restore, "person", id)
    assert store.read(lambda s: merging.states_of(s, [id])[id].erased)
    assert store.write(merging.rebuild, [id]) == {}


def test_undo_passes_it_by(store: Store) -> None:
    kept = register(store, family_name="Sow")
    id = register(store)
    erase(store, id)
    assert store.write(history.undo_last) == "Sow"
    assert store.read(records.get, "person", kept).deleted
    assert store.write(history.undo_last) is None


def test_history_says_that_it_was_erased_and_nothing_else(store: Store) -> None:
    id = register(store)
    store.write(records.save, "person", id, {"note": "x"})
    erase(store, id)
    (event,) = store.read(history.history, "person", id)
    assert (event.action, event.changes, event.title) == ("erased", (), "")


def test_heads_only(store: Store) -> None:
    id = register(store)
    store.role = "agent"
    with pytest.raises(NotYours):
        erase(store, id)
    store.role = "office_head"
    assert erase(store, id) == 1


def test_those_merged_into_it_go_too(store: Store) -> None:
    one, two = register(store, given_name="Awa"), register(store)
    store.write(duplicates.merge, "person", one, two)
    plan = store.read(erasure.plan, "person", two)
    assert plan.gone == (("person", 2),)
    assert erase(store, one) == 2
    assert all(op.emptied or ERASED in op.fields for op in ops(store))


def test_the_plan_names_what_stays(store: Store) -> None:
    id = register(store)
    visit = Make(store).visit(person=id)
    assert store.read(erasure.plan, "person", id).stays == (("visit", visit),)


def test_which_devices_have_carried_it_out(store: Store) -> None:
    card = Identity.new("ab" * 8, "Kolda").card
    store.write(
        lambda s: s.add(Peer(device=card.device, name=card.name, card=str(card)))
    )
    id = register(store)
    assert store.read(erasure.confirmations, id) == ()
    erase(store, id)
    (one,) = store.read(erasure.confirmations, id)
    assert (one.device, one.confirmed) == (card.device, False)
    told = dict.fromkeys(("incarnation", "at", "made"), "") | {"news": "{}", "asked": "{}"}
    ack = Ack(device=card.device, position=99, sequence=1, **told)
    store.write(lambda s: s.add(ack))
    (one,) = store.read(erasure.confirmations, id)
    assert one.confirmed


def test_a_forged_erasure_that_carries_words_is_refused(store: Store) -> None:
    id = register(store)
    stamp = Clock("c" * 16).tick()
    fields = {"deleted": True, "erased": True, "note": "x"}
    forged = Chain().add(stamp, "person", id, fields, {}, stamp, "", "9")
    with pytest.raises(merging.Unfit):
        store.write(merging.apply_ops, [forged], "elsewhere")

"""Drafts are kept as they are, and are no records."""

from __future__ import annotations

from typing import Any

import pytest

from migdesk.errors import Mistake
from migdesk.models.store import Changes, Store
from migdesk.services import drafts, history, records
from tests.tools import ops

BODY: dict[str, Any] = {"values": {"note": "é" * 5_000}, "n": [1, 2.5, None, True], "阿": {}}


def test_a_draft_comes_back_as_it_was(any_store: Store) -> None:
    any_store.actor = "me"
    any_store.write(drafts.put, "person:new", "person", "Awa", BODY)
    held = any_store.read(drafts.get, "person:new")
    assert held
    assert (held.kind, held.title, held.body) == ("person", "Awa", BODY)
    assert held.saved.endswith("Z")
    assert any_store.read(drafts.get, "person:other") is None


def test_the_last_one_replaces_and_can_be_dropped(any_store: Store) -> None:
    for title in ("A", "Aw", "Awa"):
        any_store.write(drafts.put, "person:new", "person", title, {"title": title})
    [held] = any_store.read(drafts.list_mine)
    assert (held.title, held.body) == ("Awa", {"title": "Awa"})
    any_store.write(drafts.drop, "person:new")
    any_store.write(drafts.drop, "person:new")
    assert any_store.read(drafts.list_mine) == ()


def test_each_account_has_its_own(any_store: Store) -> None:
    for actor in ("a", "b"):
        any_store.actor = actor
        any_store.write(drafts.put, f"visit:{actor}", "visit", actor, {})
    assert [d.id for d in any_store.read(drafts.list_mine, "a")] == ["visit:a"]
    assert len(any_store.read(drafts.list_mine)) == 2


def test_a_draft_is_announced_but_never_logged(any_store: Store) -> None:
    heard: list[Changes] = []
    any_store.listen(heard.append)
    any_store.write(drafts.put, "person:new", "person", "Awa", {})
    any_store.write(drafts.drop, "person:new")
    assert [changes.kinds for changes in heard] == [{"draft"}, {"draft"}]
    assert ops(any_store) == []
    assert any_store.write(history.undo_last) is None


def test_a_refused_save_keeps_the_draft(any_store: Store) -> None:
    key = drafts.fresh(drafts.key("person", "acc-1"))
    any_store.write(drafts.put, key, "person", "Awa", BODY)
    with pytest.raises(Mistake):
        any_store.write(records.save_all, "case", None, {"title": None}, {}, key)
    assert any_store.read(drafts.newest, drafts.key("person", "acc-1")) is not None
    any_store.write(records.save_all, "person", None, {"family_name": "Awa"}, {}, key)
    assert any_store.read(drafts.newest, drafts.key("person", "acc-1")) is None

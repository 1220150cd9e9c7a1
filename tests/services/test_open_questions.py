"""What somebody writes on a row about which a question waits: the list of questions follows."""

from __future__ import annotations

from collections.abc import Callable

from migdesk.jobs.check import check
from migdesk.models.store import Store
from migdesk.services import duplicates, merging, records, search, settle
from migdesk.task import Task
from tests.tools import ops


def disagreeing(new_store: Callable[[], Store]) -> tuple[Store, str]:
    """Two computers wrote one field; the first knows of both."""
    one, two = new_store(), new_store()
    row = one.write(records.save, "person", None, {"family_name": "Diatta"})
    two.write(merging.apply_ops, ops(one), one.device)
    one.write(records.save, "person", row, {"residence": "Bignona"})
    two.write(records.save, "person", row, {"residence": "Sédhiou"})
    one.write(merging.apply_ops, ops(two), two.device)
    return one, row


def is_sound(store: Store) -> bool:
    return all(finding.state == "note" for finding in check(store, Task()).findings)


def test_a_later_edit_asks_anew(new_store: Callable[[], Store]) -> None:
    store, row = disagreeing(new_store)
    store.write(records.save, "person", row, {"residence": "Kolda"})
    (view,) = store.read(settle.conflicts)
    assert {view.left.value, view.right.value} == {"Kolda", "Bignona"}
    assert is_sound(store)


def test_a_later_delete_asks_whether_it_saw_both(new_store: Callable[[], Store]) -> None:
    store, row = disagreeing(new_store)
    store.write(records.delete, "person", row)
    asked = {view.field for view in store.read(settle.conflicts)}
    assert "deleted" in asked and is_sound(store)
    store.write(records.restore, "person", row)
    assert {view.field for view in store.read(settle.conflicts)} == {"residence"}
    assert is_sound(store)


def test_a_row_that_was_merged_away_is_sound(new_store: Callable[[], Store]) -> None:
    store, row = disagreeing(new_store)
    other = store.write(records.save, "person", None, {"family_name": "Diatta"})
    store.write(duplicates.merge, "person", row, other)
    assert is_sound(store)


def test_late_words_about_who_was_merged_away_are_found(
    new_store: Callable[[], Store],
) -> None:
    one, two = new_store(), new_store()
    away, stays = (
        one.write(records.save, "person", None, {"family_name": name})
        for name in ("Diatta", "Badji")
    )
    two.write(merging.apply_ops, ops(one), one.device)
    one.write(duplicates.merge, "person", away, stays)
    two.write(records.save, "person", away, {"residence": "Marsassoum"})
    one.write(merging.apply_ops, ops(two), two.device)
    assert [hit.id for hit in one.read(search.find, "Marsassoum")] == [stays]
    assert is_sound(one)

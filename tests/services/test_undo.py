"""History and undo, read from the change log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from migdesk import i18n
from migdesk.models.store import Store
from migdesk.services import history, merging, records, search
from migdesk.services.history import CannotUndo
from migdesk.services.records import Gone, Query
from tests.tools import Make, ops


def value(store: Store, id: str, name: str = "family_name") -> Any:
    return store.read(records.get, "person", id).values[name]


def rename(store: Store, id: str, *names: str) -> None:
    for name in names:
        store.write(records.save, "person", id, {"family_name": name})


def test_history_tells_who_did_what_and_when(any_store: Store, make: Make) -> None:
    any_store.actor = make.account(name="Awa")
    place = make.place(name="Kolda")
    id = make.person(sex="female")
    any_store.write(records.save, "person", id, {"origin": place, "sex": None})
    any_store.write(records.delete, "person", id)
    any_store.write(records.restore, "person", id)
    i18n.use("en")
    events = any_store.read(history.history, "person", id)
    assert [e.action for e in events] == ["restored", "deleted", "changed", "created"]
    assert {(e.who, e.device, e.title) for e in events} == {("Awa", any_store.device, "Diallo")}
    assert sorted(events[2].changes) == [
        ("Commune or village of origin", "", "Kolda"),
        ("Sex", "Female", ""),
    ]
    assert ("Family name", "", "Diallo") in events[3].changes
    assert all(e.at.endswith("Z") and not e.undone for e in events)


def test_history_of_a_case_has_its_lines(any_store: Store, make: Make) -> None:
    case = make.case()
    step = make.step(case=case, what="Visit")
    any_store.write(records.delete, "step", step)
    events = any_store.read(history.history, "case", case)
    assert [(e.kind, e.action) for e in events] == [
        ("step", "deleted"),
        ("step", "created"),
        ("case", "created"),
    ]
    # The owner of a line is known already.
    assert "Case" not in [label for label, _before, _after in events[1].changes]


def test_history_of_nothing(any_store: Store) -> None:
    with pytest.raises(Gone):
        any_store.read(history.history, "person", "none")


def test_undo_brings_back_what_was(any_store: Store, make: Make) -> None:
    id = make.person(aliases=["Mame"], sex="female")
    any_store.write(
        records.save, "person", id, {"aliases": None, "sex": "male", "birth": "1985~"}
    )
    assert any_store.write(history.undo_last) == "Diallo"
    assert value(any_store, id, "aliases") == ["Mame"]
    assert value(any_store, id, "sex") == "female"
    assert value(any_store, id, "birth") is None
    newest, undone, first = any_store.read(history.history, "person", id)
    assert (newest.undone, undone.undone, first.undone) == (False, True, False)


def test_undo_of_a_new_record_puts_it_into_the_bin(any_store: Store, make: Make) -> None:
    id = make.person()
    any_store.write(history.undo_last)
    assert any_store.read(records.get, "person", id).deleted
    assert any_store.read(search.find, "diallo") == ()
    assert any_store.write(history.redo_last) == "Diallo"
    assert not any_store.read(records.get, "person", id).deleted
    assert len(any_store.read(search.find, "diallo")) == 1


def test_undo_of_a_delete_and_of_a_restore(any_store: Store, make: Make) -> None:
    case = make.case()
    step = make.step(case=case, what="Visit")
    any_store.write(records.delete, "case", case)
    any_store.write(history.undo_last)
    for kind, id in (("case", case), ("step", step)):
        assert not any_store.read(records.get, kind, id).deleted
    any_store.write(records.delete, "case", case)
    any_store.write(records.restore, "case", case)
    any_store.write(history.undo_last)
    for kind, id in (("case", case), ("step", step)):
        assert any_store.read(records.get, kind, id).deleted


def test_step_by_step_back_and_forth(any_store: Store, make: Make) -> None:
    """Several changes to one field: each undo goes one back, each redo one on."""
    id = make.person()
    rename(any_store, id, "Ba", "Sow", "Fall")
    for _round in range(3):
        for name in ("Sow", "Ba", "Diallo"):
            assert any_store.write(history.undo_last)
            assert value(any_store, id) == name
        for name in ("Ba", "Sow", "Fall"):
            assert any_store.write(history.redo_last)
            assert value(any_store, id) == name
        assert any_store.write(history.redo_last) is None
    for _step in range(4):
        assert any_store.write(history.undo_last)
    assert any_store.read(records.get, "person", id).deleted
    assert any_store.write(history.undo_last) is None


def test_half_back_and_half_forth(any_store: Store, make: Make) -> None:
    id = make.person()
    rename(any_store, id, "Ba", "Sow", "Fall")
    seen = []
    for step in "uururuurrru":
        any_store.write(history.undo_last if step == "u" else history.redo_last)
        seen.append(value(any_store, id))
    assert " ".join(seen) == "Sow Ba Sow Ba Sow Ba Diallo Ba Sow Fall Sow"


def test_after_a_new_change_nothing_is_done_again(any_store: Store, make: Make) -> None:
    id = make.person()
    rename(any_store, id, "Ba")
    any_store.write(history.undo_last)
    any_store.write(records.save, "person", id, {"sex": "male"})
    assert any_store.write(history.redo_last) is None
    assert value(any_store, id) == "Diallo"


def test_nothing_to_undo(any_store: Store) -> None:
    assert any_store.write(history.undo_last) is None
    assert any_store.write(history.redo_last) is None
    with pytest.raises(CannotUndo):
        any_store.write(history.undo, "none")


def test_a_transaction_of_several_rows_is_undone_whole(any_store: Store, make: Make) -> None:
    person = make.person()

    def several(session: Session) -> str:
        records.save(session, "person", person, {"family_name": "Ba", "sex": "male"})
        case = records.save(session, "case", None, {"title": "Shop", "person": person})
        records.save(session, "case", case, {"title": "Kiosk"})
        records.save(session, "step", None, {"case": case, "what": "Visit"})
        return case

    case = any_store.write(several)
    any_store.write(history.undo_last)
    assert (value(any_store, person), value(any_store, person, "sex")) == ("Diallo", None)
    assert any_store.read(records.count, "case", Query()) == 0
    assert any_store.read(records.count, "step", Query()) == 0
    any_store.write(history.redo_last)
    assert value(any_store, person) == "Ba"
    assert any_store.read(records.get, "case", case).title == "Kiosk"
    assert len(any_store.read(records.children, "case", case)["step"]) == 1


def test_what_was_changed_since_cannot_be_undone(any_store: Store, make: Make) -> None:
    id = make.person()
    rename(any_store, id, "Ba", "Sow")
    before = ops(any_store)
    first, second = (op.tx for op in before[:2])
    for tx in (first, second):
        with pytest.raises(CannotUndo):
            any_store.write(history.undo, tx)
    assert ops(any_store) == before
    assert value(any_store, id) == "Sow"


def test_half_an_undo_is_none(any_store: Store, make: Make) -> None:
    """One of two rows was changed since: the other stays as it is too."""
    ids = [make.person(), make.person()]

    def both(session: Session) -> None:
        for id in ids:
            records.save(session, "person", id, {"family_name": "Ba"})

    any_store.write(both)
    tx = ops(any_store)[-1].tx
    rename(any_store, ids[0], "Sow")
    with pytest.raises(CannotUndo):
        any_store.write(history.undo, tx)
    assert [value(any_store, id) for id in ids] == ["Sow", "Ba"]


def test_what_was_built_upon_cannot_be_undone(any_store: Store, make: Make) -> None:
    case = make.case()
    tx = ops(any_store, case)[0].tx
    step = make.step(case=case, what="Visit")
    with pytest.raises(CannotUndo):
        any_store.write(history.undo, tx)
    any_store.write(records.delete, "step", step)
    any_store.write(history.undo, tx)
    assert any_store.read(records.get, "case", case).deleted


def test_another_field_of_the_same_row_may_have_changed(any_store: Store, make: Make) -> None:
    id = make.person()
    rename(any_store, id, "Ba")
    tx = ops(any_store)[-1].tx
    any_store.write(records.save, "person", id, {"sex": "male"})
    any_store.write(history.undo, tx)
    assert (value(any_store, id), value(any_store, id, "sex")) == ("Diallo", "male")


def test_twice_is_once(any_store: Store, make: Make) -> None:
    id = make.person()
    rename(any_store, id, "Ba")
    tx = ops(any_store)[-1].tx
    any_store.write(history.undo, tx)
    with pytest.raises(CannotUndo):
        any_store.write(history.undo, tx)
    any_store.write(history.redo_last)
    any_store.write(history.undo, tx)  # stands again, so it can be undone again
    assert value(any_store, id) == "Diallo"


def test_only_changes_of_this_computer_are_undone_last(new_store: Callable[[], Store]) -> None:
    here, there = new_store(), new_store()
    mine, theirs = Make(here).person(family_name="Ba"), Make(there).person(family_name="Sow")
    here.write(merging.apply_ops, ops(there), there.device)
    assert here.write(history.undo_last) == "Ba"
    assert here.read(records.get, "person", mine).deleted
    assert here.write(history.undo_last) is None
    assert not here.read(records.get, "person", theirs).deleted

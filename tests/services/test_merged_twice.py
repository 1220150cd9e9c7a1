"""One record merged into two others, which turn out to be one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from migdesk.models.store import Store
from migdesk.ops import MERGED
from migdesk.services import duplicates, merging, settle
from tests.tools import Make


def into(session: Session, away: str, stays: str) -> None:
    """A merge that saw all of the record, but no other merge."""
    seen = dict(merging.states_of(session, [away])[away].heads)
    seen.pop(MERGED, None)
    merging.write_op(session, "person", away, {MERGED: stays}, seen)


def test_nobody_is_asked_where_both_lead_to_one_record(store: Store, make: Make) -> None:
    one, two, three = (make.person(family_name=name) for name in ("Ba", "Bah", "Baa"))
    store.write(into, one, two)
    store.write(into, one, three)
    assert [each.field for each in store.read(settle.conflicts)] == [MERGED]
    store.write(duplicates.merge, "person", two, three)
    assert store.read(settle.conflicts) == ()
    store.write(duplicates.unmerge, "person", two)
    assert [each.field for each in store.read(settle.conflicts)] == [MERGED]

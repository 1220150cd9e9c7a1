"""A file that is shared reaches the computer of the other office, and leaves it again."""

from __future__ import annotations

import sqlalchemy as sa

from migdesk.models.reception import Sharing
from migdesk.models.store import Store
from migdesk.services import records, sharing
from migdesk.services.registry import Scope
from migdesk.sync.stores import Memory
from tests.services.test_exchange_scopes import (
    enrol,
    has,
    head,
    laptop,
    person,
    rounds,
    says,
    village,
)

__all__ = ["head", "laptop"]


def save(store: Store, kind: str, **values: object) -> str:
    return store.write(records.save, kind, None, values)


def test_r145_a_file_goes_and_is_put_away(head: Store, laptop: Store) -> None:
    lyon, kolda = village(head, "Lyon"), village(head, "Kolda")
    there = save(head, "office", name="Guichet Lyon", area=[lyon])
    awa, other = person(head, "Shareword", kolda), person(head, "Needle", kolda)
    case = save(head, "case", title="Caseword", person=awa)
    rights = ["read_identity", "read_case"]
    about = {"person": awa, "case": case, "office": there, "rights": rights}
    shared = save(head, "sharing", **about)
    save(head, "consent", person=awa, purpose="sharing", given="2026-01-01")
    enrol(head, laptop, Scope(False, (lyon,), (), ("cases",)))
    place = Memory()
    rounds([head, laptop], place)
    assert not has(laptop, awa) and not says(laptop, "Shareword")
    head.write(sharing.begin, shared)
    rounds([head, laptop], place)
    assert has(laptop, awa) and has(laptop, case, "case") and has(laptop, shared, "sharing")
    assert not has(laptop, other)
    (told,) = laptop.read(sharing.in_force)
    assert told.rights == frozenset(rights)
    with head.engine.begin() as connection:  # as if its last day had passed, and nothing else
        days = {"starts": "2026-01-01", "ends": "2026-01-31"}
        connection.execute(sa.update(Sharing).where(Sharing.id == shared).values(**days))
    rounds([head, laptop], place)
    assert not has(laptop, awa) and not says(laptop, "Shareword")
    assert not has(laptop, case, "case") and not says(laptop, "Caseword")

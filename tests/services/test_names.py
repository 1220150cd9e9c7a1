"""A name or an alias is the one thing that a person's file needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, RecordType
from migdesk.models.store import Store
from migdesk.services import merging, records


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "a.db", b"k" * 32, create=True)
    yield store
    store.close()


def test_a_person_without_any_name_is_refused(alone: Store) -> None:
    with pytest.raises(records.Needed) as mistake:
        alone.write(records.save, "person", None, {"email": "a@b.org"})
    assert mistake.value.field == "family_name"


@pytest.mark.parametrize("values", [{"aliases": ["Modou"]}, {"given_name": "Awa"}])
def test_an_alias_or_one_name_is_enough(alone: Store, values: dict[str, object]) -> None:
    id = alone.write(records.save, "person", None, values)
    assert alone.read(records.get, "person", id).title in ("Modou", "Awa")
    with pytest.raises(records.Needed):
        alone.write(records.save, "person", id, dict.fromkeys(values))


def test_a_file_that_came_without_its_beginning_is_still_written_in(alone: Store) -> None:
    """Its name was on a computer that was lost; it is asked for where names are changed."""
    about = RECORDS["person"]
    id = "01a1ff00-0000-7000-8000-000000000001"
    alone.write(_heard, about, id)
    alone.write(records.save, "person", id, {"contact_note": "Ring at noon"})
    with pytest.raises(records.Needed):
        alone.write(records.save, "person", id, {"family_name": None})
    assert alone.read(records.get, "person", id).values["contact_note"] == "Ring at noon"


def _heard(session: Session, about: RecordType, id: str) -> None:
    op = session.info["scribe"].op(about, id, {"phone": "+221771234567"}, {})
    merging.apply_ops(session, [op], "")

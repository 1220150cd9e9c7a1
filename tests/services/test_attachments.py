"""Files: the record travels as ops, the bytes lie once under their hash."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from migdesk.models.local import Blob
from migdesk.models.store import Store
from migdesk.services import attachments, records
from migdesk.services.attachments import NotArrived, TooLarge
from migdesk.services.records import Gone
from tests.tools import Make, ops


def blobs(store: Store) -> int:
    return store.read(lambda session: session.scalar(sa.select(sa.func.count(Blob.hash))) or 0)


def test_a_file_comes_back_byte_for_byte(any_store: Store, make: Make) -> None:
    data = bytes(range(256)) * 1_000
    id = any_store.write(attachments.add, "photo.jpg", data, make.person())
    assert any_store.read(attachments.read, id) == ("photo.jpg", "image/jpeg", data)
    values = any_store.read(records.get, "attachment", id).values
    assert (values["size"], len(values["blob"])) == (256_000, 64)


def test_the_same_bytes_are_kept_once(any_store: Store) -> None:
    ids = [any_store.write(attachments.add, name, b"same") for name in ("a.pdf", "b.unknown")]
    assert blobs(any_store) == 1
    found = [any_store.read(attachments.read, id) for id in ids]
    assert [media for _name, media, _data in found] == [
        "application/pdf",
        "application/octet-stream",
    ]


def test_the_log_holds_no_bytes(any_store: Store) -> None:
    any_store.write(attachments.add, "a.bin", b"needle" * 1_000)
    [op] = ops(any_store)
    assert "needle" not in str(op.fields)


def test_an_empty_file_is_a_file(any_store: Store) -> None:
    id = any_store.write(attachments.add, "empty.txt", b"")
    assert any_store.read(attachments.read, id) == ("empty.txt", "text/plain", b"")


def test_too_large_a_file_is_refused(any_store: Store) -> None:
    with pytest.raises(TooLarge) as caught:
        any_store.write(attachments.add, "a.bin", bytes(attachments.LIMIT + 1))
    assert "20" in caught.value.words
    assert (blobs(any_store), ops(any_store)) == (0, [])


def test_bytes_that_have_not_arrived(any_store: Store, make: Make) -> None:
    id = make.attachment(name="scan.pdf", blob="0" * 64)
    with pytest.raises(NotArrived):
        any_store.read(attachments.read, id)
    with pytest.raises(Gone):
        any_store.read(attachments.read, "none")

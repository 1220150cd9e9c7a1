"""Answers that are files: from the draft to the submission, and away with the draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from migdesk.forms.xml import NotAForm
from migdesk.models.local import Blob
from migdesk.models.store import Store
from migdesk.services import attachments, drafts, form_media, records, submissions
from migdesk.services.attachments import NotArrived, TooLarge
from migdesk.services.records import Query
from tests.tools import KEY

XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms"
  xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Essai</h:title><model>
  <instance><data id="essai" version="1"><photo/><voice/></data></instance>
  <bind nodeset="/data/photo" type="binary"/><bind nodeset="/data/voice" type="binary"/>
  </model></h:head><h:body>
  <upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload>
  <upload ref="/data/voice" mediatype="audio/*"><label>Voice</label></upload>
  </h:body></h:html>"""
DRAFT = "submission:1"


def xml(photo: str, voice: str = "") -> str:
    return f'<data id="essai"><photo>{photo}</photo><voice>{voice}</voice></data>'


def blobs(store: Store) -> int:
    return store.read(lambda session: session.scalar(sa.select(sa.func.count(Blob.hash))) or 0)


def begin(store: Store, id: str = DRAFT) -> None:
    body: dict[str, Any] = {"run": {}}
    store.write(drafts.put, id, "submission", "Essai", body)


def keep(store: Store, name: str, data: bytes, instead: str = "") -> str:
    return store.write(form_media.keep, DRAFT, name, data, instead).name


def finish(store: Store, text: str, instance: str = "uuid:1") -> str:
    form = store.write(submissions.add_questionnaire, "Essai", "essai", "1", XFORM)
    args = (form, text, instance, {}, "", DRAFT)
    return store.write(submissions.finalise, *args)


def test_a_kept_file_is_in_the_draft_and_comes_back(any_store: Store) -> None:
    begin(any_store)
    kept = any_store.write(form_media.keep, DRAFT, "photo.jpg", b"pixels")
    draft = any_store.read(drafts.get, DRAFT)
    assert draft and draft.body["files"] == {"photo.jpg": kept.digest}
    assert draft.body["run"] == {}
    assert any_store.read(form_media.read, kept.digest) == b"pixels"
    with pytest.raises(NotArrived):
        any_store.read(form_media.read, "0" * 64)


def test_names_are_safe_and_never_collide(any_store: Store) -> None:
    begin(any_store)
    assert keep(any_store, "../../etc/passwd", b"1") == "passwd"
    assert keep(any_store, "C:\\Users\\Awa\\photo.jpg", b"2") == "photo.jpg"
    assert keep(any_store, "photo.jpg", b"3") == "photo-2.jpg"
    assert keep(any_store, "photo.jpg", b"3") == "photo-3.jpg"
    assert keep(any_store, "a:b*c?.png", b"4") == "a-b-c-.png"
    assert keep(any_store, "é" * 300 + ".jpeg", b"5") == "é" * 75 + ".jpeg"
    assert keep(any_store, "...", b"6") == "file"


def test_another_file_in_its_place_and_none(any_store: Store) -> None:
    begin(any_store)
    keep(any_store, "photo.jpg", b"first")
    assert keep(any_store, "photo.jpg", b"second", "photo.jpg") == "photo.jpg"
    assert blobs(any_store) == 1
    any_store.write(form_media.drop, DRAFT, "photo.jpg")
    draft = any_store.read(drafts.get, DRAFT)
    assert draft and draft.body["files"] == {}
    assert blobs(any_store) == 0


def test_too_large_a_file_changes_nothing(any_store: Store) -> None:
    begin(any_store)
    with pytest.raises(TooLarge):
        keep(any_store, "film.mp4", bytes(attachments.LIMIT + 1))
    assert blobs(any_store) == 0


def test_a_draft_given_up_takes_its_bytes_along(any_store: Store) -> None:
    begin(any_store)
    begin(any_store, "submission:2")
    keep(any_store, "photo.jpg", b"mine")
    keep(any_store, "shared.jpg", b"ours")
    keep(any_store, "filed.jpg", b"filed")
    any_store.write(form_media.keep, "submission:2", "other.jpg", b"ours")
    filed = any_store.write(attachments.add, "filed.jpg", b"filed")
    any_store.write(drafts.drop, DRAFT)
    assert blobs(any_store) == 2
    assert any_store.read(attachments.read, filed)[2] == b"filed"
    any_store.write(drafts.drop, "submission:2")
    assert blobs(any_store) == 1


def test_bytes_of_an_attachment_in_the_bin_stay(any_store: Store) -> None:
    begin(any_store)
    keep(any_store, "photo.jpg", b"pixels")
    filed = any_store.write(attachments.add, "photo.jpg", b"pixels")
    any_store.write(records.delete, "attachment", filed)
    any_store.write(drafts.drop, DRAFT)
    assert blobs(any_store) == 1


def test_finishing_makes_attachments_of_what_the_answers_name(any_store: Store) -> None:
    begin(any_store)
    photo = keep(any_store, "photo.jpg", b"pixels")
    keep(any_store, "forgotten.jpg", b"not named")
    id = finish(any_store, xml(photo))
    assert any_store.read(drafts.get, DRAFT) is None
    assert any_store.read(form_media.contents, id) == {"photo.jpg": b"pixels"}
    assert blobs(any_store) == 1
    (row,) = any_store.read(records.list_page, "attachment", Query()).rows
    assert (row.values["of"], row.values["media"]) == (id, "image/jpeg")
    assert row.values["size"] == 6
    filled = any_store.read(submissions.filled, id)
    assert set(filled.files) == {"photo.jpg"}


def test_finishing_again_replaces_and_the_earlier_one_is_in_the_bin(any_store: Store) -> None:
    begin(any_store)
    photo, voice = keep(any_store, "p.jpg", b"one"), keep(any_store, "v.mp3", b"voice")
    id = finish(any_store, xml(photo, voice))
    first = any_store.read(form_media.files, id)
    body: dict[str, Any] = {"run": {}, "files": dict(first)}
    any_store.write(drafts.put, DRAFT, "submission", "Essai", body)
    photo = keep(any_store, "p.jpg", b"two", "p.jpg")
    assert finish(any_store, xml(photo, voice)) == id
    assert any_store.read(form_media.contents, id) == {"p.jpg": b"two", "v.mp3": b"voice"}
    assert any_store.read(form_media.read, first["p.jpg"]) == b"one"
    count = any_store.read(records.count, "attachment", Query())
    assert count == 2  # the earlier picture is in the bin, the voice was not written again


def test_files_go_to_the_bin_with_their_submission_and_come_back(any_store: Store) -> None:
    begin(any_store)
    id = finish(any_store, xml(keep(any_store, "p.jpg", b"pixels")))
    any_store.write(records.delete, "submission", id)
    assert any_store.read(form_media.files, id) == {}
    any_store.write(records.restore, "submission", id)
    assert any_store.read(form_media.contents, id) == {"p.jpg": b"pixels"}


def test_what_is_not_finished_is_not_filed(store: Store) -> None:
    begin(store)
    keep(store, "photo.jpg", b"pixels")
    with pytest.raises(NotAForm):
        store.write(submissions.finalise, "gone", "<no xml", "uuid:1", {}, "", DRAFT)
    draft = store.read(drafts.get, DRAFT)
    assert draft and set(draft.body["files"]) == {"photo.jpg"}
    assert store.read(records.count, "attachment", Query()) == 0


def test_a_kill_between_file_and_answer_loses_no_file(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a.db", KEY, create=True)
    begin(store)
    kept = store.write(form_media.keep, DRAFT, "photo.jpg", b"pixels")
    other = Store.open(tmp_path / "a.db", KEY)
    draft = other.read(drafts.get, DRAFT)
    assert draft and draft.body["files"] == {"photo.jpg": kept.digest}
    assert other.read(form_media.read, kept.digest) == b"pixels"
    other.close()
    store.close()

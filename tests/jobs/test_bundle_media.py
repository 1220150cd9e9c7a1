"""Files of a submission travel with it, and only what its answers name."""

from __future__ import annotations

from pathlib import Path

import pytest

from migdesk.jobs import exchange as jobs
from migdesk.models.store import Store
from migdesk.services import drafts, exchange, form_media, office, submissions
from migdesk.services.attachments import NotArrived
from migdesk.task import Task
from tests.services.test_form_media import DRAFT, XFORM, xml


def opened(path: Path, number: int) -> Store:
    store = Store.open(path / f"{number}.db", bytes([number]) * 32, create=True)
    store.actor = f"acc{number}"
    store.write(office.found, {"name": f"Office {number}", "country": "SN"}, "Agent", "acc")
    store.write(exchange.make_card)
    return store


def test_a_picture_arrives_with_its_submission(tmp_path: Path) -> None:
    here, there = opened(tmp_path, 1), opened(tmp_path, 2)
    here.write(exchange.pair, there.read(exchange.my_card).text)
    there.write(exchange.pair, here.read(exchange.my_card).text)
    here.write(drafts.put, DRAFT, "submission", "Essai", {"run": {}})
    pixels = bytes(range(256)) * 40
    name = here.write(form_media.keep, DRAFT, "photo.jpg", pixels).name
    lost = here.write(form_media.keep, DRAFT, "lost.jpg", b"not named").digest
    form = here.write(submissions.add_questionnaire, "Essai", "essai", "1", XFORM)
    args = (form, xml(name), "uuid:1", {}, "", DRAFT)
    id = here.write(submissions.finalise, *args)
    jobs.export_bundle(here, Task(), tmp_path)
    jobs.import_bundles(there, Task(), tmp_path)
    assert there.read(form_media.contents, id) == {"photo.jpg": pixels}
    with pytest.raises(NotArrived):
        there.read(form_media.read, lost)
    assert there.read(submissions.filled, id).files == here.read(form_media.files, id)
    here.close()
    there.close()

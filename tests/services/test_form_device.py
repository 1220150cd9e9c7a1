"""What a form is told of the computer, and the event log that is kept with the answers."""

from __future__ import annotations

from migdesk.forms import Run
from migdesk.forms.xlsform import convert
from migdesk.models.store import Store
from migdesk.services import form_device, form_media, form_words, records, submissions

BOOK = """
| survey | | | | |
| | type | name | label | default |
| | username | who | | |
| | deviceid | device | | |
| | audit | audit | | |
| | text | village | Village | ${last-saved#village} |
"""
PLAIN = """
| survey | | | |
| | type | name | label |
| | text | village | Village |
"""


def added(store: Store, book: str = BOOK, version: str = "1") -> str:
    xform = convert(book, ".md").xml
    return store.write(submissions.add_questionnaire, "F", "data", version, xform)


def test_properties_of_the_computer_and_the_person(store: Store) -> None:
    form = store.read(form_words.open_form, added(store))
    account = store.write(records.save, "account", None, {"name": "Awa", "role": "agent"})
    found = store.read(form_device.device, form, account)
    run = found.run(form)
    assert run.node("/data/who").text == "Awa"
    assert run.node("/data/device").text.startswith("migdesk:")
    assert len(run.node("/data/device").text) > len("migdesk:")
    assert store.read(form_device.device, form).properties.keys() == {"deviceid"}


def test_the_record_saved_last_comes_with_the_form_that_looks_at_it(store: Store) -> None:
    id = added(store)
    form = store.read(form_words.open_form, id)
    assert store.read(form_device.device, form).last_saved is None
    for village in ("Podor", "Matam"):
        run = Run(form)
        run.set("/data/village", village)
        store.write(submissions.finalise, id, run.finalise(), village, {})
    found = store.read(form_device.device, form)
    assert found.run(form).node("/data/village").text == "Matam"
    assert store.read(form_device.device, form, "somebody else").last_saved is None


def test_a_form_that_does_not_look_at_it_gets_none(store: Store) -> None:
    id = added(store, PLAIN)
    form = store.read(form_words.open_form, id)
    store.write(submissions.finalise, id, Run(form).finalise(), "i", {})
    assert store.read(form_device.device, form).last_saved is None


def test_the_event_log_is_kept_once_with_the_submission(store: Store) -> None:
    id = added(store)
    run = Run(store.read(form_words.open_form, id))
    xml, log = run.finalise(), run.audit_log()
    once = store.write(submissions.finalise, id, xml, "i", {}, "", "", b"old")
    again = store.write(submissions.finalise, id, xml, "i", {}, "", "", log)
    assert once == again
    assert store.read(form_media.contents, again) == {"audit.csv": log}

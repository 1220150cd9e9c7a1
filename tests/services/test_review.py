"""Review: remarks, sending back, approving; corrections and the copies that they leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from lxml import etree

from migdesk.forms import Run, xlsform
from migdesk.forms.editing import reopened, replacing
from migdesk.forms.form import Form
from migdesk.models.capture import NotYours
from migdesk.models.store import Store
from migdesk.services import (
    answers,
    attachments,
    copies,
    corrections,
    drafts,
    form_media,
    form_words,
    history,
    merging,
    records,
    review,
    settle,
    submissions,
    today,
)
from migdesk.services.corrections import MayNotCorrect
from migdesk.services.review import CorrectedSince, NothingToCorrect, NotReviewer
from migdesk.task import Task
from tests.tools import Make, ops

BOOK = """
| survey |
| | type | name | label |
| | text | called | Name |
| | integer | age | Age |
| | image | photo | Photo |
| | begin_repeat | kid | Children |
| | text | nick | First name |
| | end_repeat | kid | |
| settings |
| | form_title | form_id | version |
| | Visit | visit | 1 |
"""


@pytest.fixture(scope="module")
def xform() -> str:
    return xlsform.convert(BOOK, ".md").xml


@pytest.fixture
def form(xform: str) -> Form:
    return Form.load(xform)


def fill(form: Form, **answers: str) -> tuple[str, str]:
    """(XML, instance) of a filling with one child."""
    run = Run(form)
    for name, text in answers.items():
        run.set(f"/data/{name}", text)
    return run.finalise(), run.node("/data/meta/instanceID").text


class Office:
    """A questionnaire, a filled one, and who works with it."""

    def __init__(self, store: Store, form: Form, xform: str, make: Make) -> None:
        self.store, self.form = store, form
        self.head = make.account(name="Fatou Diatta", role="office_head")
        self.asker = make.account(name="Moussa Sané", role="enumerator")
        self.other = make.account(name="Awa Mané", role="enumerator")
        store.actor = self.head
        self.questionnaire = store.write(
            submissions.add_questionnaire, "Visit", "visit", "1", xform
        )

    def be(self, account: str, role: str) -> None:
        self.store.actor, self.store.role = account, role

    def be_head(self) -> None:
        self.be(self.head, "office_head")

    def be_asker(self) -> None:
        self.be(self.asker, "enumerator")

    def fill(self, **answers: str) -> str:
        self.be_asker()
        xml, instance = fill(self.form, **answers)
        return self.store.write(
            submissions.finalise, self.questionnaire, xml, instance, {}, "", "d"
        )

    def values(self, id: str) -> Mapping[str, Any]:
        return self.store.read(records.get, "submission", id).values

    def instance(self, id: str) -> str:
        return str(self.values(id)["instance"])

    def remark(self, id: str, ref: str, text: str) -> str:
        self.be_head()
        return self.store.write(review.remark, id, self.instance(id), ref, "Q2 Age", text)

    def send_back(self, id: str) -> None:
        self.be_head()
        self.store.write(review.send_back, id, self.instance(id))

    def correct(self, id: str, **answers: str) -> str:
        """As the screen does it; returns the XML kept."""
        found = self.store.read(corrections.begin, id, self.store.actor)
        run = Run(found.form, draft=reopened(found.form, found.filled.xml, "uuid:new-" + id))
        for name, text in answers.items():
            run.set(f"/data/{name}", text)
        instance = run.node("/data/meta/instanceID").text
        self.store.write(corrections.correct, id, run.finalise(), instance)
        return str(self.values(id)["xml"])


@pytest.fixture
def office(any_store: Store, form: Form, xform: str, make: Make) -> Office:
    return Office(any_store, form, xform, make)


def test_from_the_field_to_approval(office: Office) -> None:
    store = office.store
    id = office.fill(called="Awa", age="140")
    assert office.values(id)["state"] == review.RECEIVED
    assert store.read(review.counts) == {"received": 1, "to_correct": 0, "approved": 0}
    office.be_head()
    with pytest.raises(NothingToCorrect):
        store.write(review.send_back, id, office.instance(id))
    office.remark(id, "/data/age", "  Is she really that old? ")
    office.send_back(id)
    (back,) = store.read(review.returned, office.asker, "enumerator")
    assert [(r.ref, r.note, r.who) for r in back.remarks] == [
        ("/data/age", "Is she really that old?", "Fatou Diatta")
    ]
    assert store.read(review.returned, office.other, "enumerator") == ()
    assert store.read(review.returned, office.head, "office_head") == ()
    office.be_asker()
    first = office.instance(id)
    root = etree.fromstring(office.correct(id, age="40").encode())
    (meta,) = (e for e in root if etree.QName(e).localname == "meta")
    told = {etree.QName(e).localname: e.text for e in meta}
    assert told == {"instanceID": f"uuid:new-{id}", "deprecatedID": first}
    assert {etree.QName(e).namespace for e in meta} == {etree.QName(meta).namespace}
    values = office.values(id)
    assert (values["state"], values["account"]) == (review.RECEIVED, office.asker)
    assert store.read(review.remarks, id) == ()
    assert len(store.read(review.remarks, id, first)) == 1
    assert store.read(review.returned, office.asker, "enumerator") == ()
    office.be_head()
    with pytest.raises(CorrectedSince):
        store.write(review.approve, {id: first})
    assert store.write(review.approve, {id: office.instance(id)}) == {id: review.RECEIVED}
    values = office.values(id)
    assert (values["state"], values["reviewer"]) == (review.APPROVED, office.head)
    assert store.write(review.approve, {id: office.instance(id)}) == {}


def test_who_may_do_what(office: Office) -> None:
    store = office.store
    id = office.fill(called="Awa", age="40")
    instance = office.instance(id)
    with pytest.raises(NotReviewer):
        store.write(review.approve, {id: instance})
    with pytest.raises(NotReviewer):
        store.write(review.send_back, id, instance)
    with pytest.raises(NotReviewer):
        store.write(review.remark, id, instance, "/data/age", "Q2", "no")
    with pytest.raises(NotReviewer):
        store.write(review.take_back, {id: review.RECEIVED})
    note = {"submission": id, "instance": instance, "note": "past the service"}
    with pytest.raises(NotYours):
        store.write(records.save, "review_note", None, note)
    xml = str(office.values(id)["xml"])
    office.be(office.other, "enumerator")
    with pytest.raises(MayNotCorrect):
        store.write(corrections.correct, id, xml, "uuid:x")
    office.be_head()
    store.write(review.approve, {id: instance})
    office.be_asker()
    with pytest.raises(MayNotCorrect):
        store.write(corrections.correct, id, xml, "uuid:x")
    office.be_head()
    store.write(corrections.correct, id, xml, "uuid:x")
    values = office.values(id)
    assert (values["state"], values["reviewer"]) == (review.RECEIVED, None)


def test_one_remark_an_answer_and_none_when_blank(office: Office) -> None:
    id = office.fill(called="Awa", age="40")
    first = office.remark(id, "/data/age", "Really?")
    assert office.remark(id, "/data/age", "Really so?") == first
    assert [r.note for r in office.store.read(review.remarks, id)] == ["Really so?"]
    office.remark(id, "", "Well done otherwise")
    assert office.remark(id, "/data/age", " ") == ""
    assert [r.ref for r in office.store.read(review.remarks, id)] == [""]


def test_many_at_once_are_one_undo(office: Office) -> None:
    store = office.store
    ids = [office.fill(called=name) for name in ("Awa", "Binta", "Coumba")]
    office.be_head()
    before = store.write(review.approve, {id: office.instance(id) for id in ids})
    assert before == dict.fromkeys(ids, review.RECEIVED)
    assert store.read(review.counts)["approved"] == 3
    store.write(history.undo_last)
    assert store.read(review.counts) == {"received": 3, "to_correct": 0, "approved": 0}
    store.write(history.redo_last)
    store.write(review.take_back, before)
    assert {office.values(id)["state"] for id in ids} == {review.RECEIVED}
    changed = [c for e in store.read(history.history, "submission", ids[0]) for c in e.changes]
    assert ("State", "Received", "Approved") in changed


def test_the_next_to_review_goes_round(office: Office) -> None:
    ids = [office.fill(called=name) for name in ("Awa", "Binta", "Coumba")]
    read = office.store.read
    assert read(review.next_received, ids[2]) == ids[1]
    assert read(review.next_received, ids[0]) == ids[2]
    office.be_head()
    office.store.write(review.approve, {id: office.instance(id) for id in ids[1:]})
    assert read(review.next_received, ids[0]) == ""
    assert read(review.next_received, ids[1]) == ids[0]


def test_every_copy_stays_and_is_compared(office: Office) -> None:
    store = office.store
    id = office.fill(called="Awa", age="140")
    first = office.instance(id)
    office.correct(id, age="40")
    office.be_head()
    xml = str(office.values(id)["xml"]).replace("new-", "newer-").replace("Awa", "Awa Mané")
    store.write(corrections.correct, id, xml, f"uuid:newer-{id}")
    found = store.read(copies.copies, id)
    assert [(c.who, c.why, c.present) for c in found] == [
        ("Fatou Diatta", copies.CORRECTED, True),
        ("Moussa Sané", copies.CORRECTED, False),
        ("Moussa Sané", copies.FINISHED, False),
    ]
    assert found[2].instance == first
    oldest = store.read(copies.open_copy, id, found[2].stamp)
    assert "<age>140</age>" in oldest.xml
    changes = store.read(copies.changes, id, found[2].stamp)
    assert [(c.number, c.label, c.before, c.now) for c in changes] == [
        ("Q1", "Name", "Awa", "Awa Mané"),
        ("Q2", "Age", "140", "40"),
    ]
    assert store.read(copies.changes, id, found[0].stamp) == ()
    store.write(history.undo_last)
    taken_back = store.read(copies.copies, id)
    assert [c.present for c in taken_back] == [False, True, False]
    assert "<age>40</age>" in str(office.values(id)["xml"])


def test_rows_that_came_and_went_are_compared(office: Office) -> None:
    office.be_asker()
    run = Run(office.form)
    run.set("/data/kid[1]/nick", "Sira")
    ref = run.add("/data/kid")
    run.set(f"{ref}/nick", "Lamine")
    xml, instance = run.finalise(), run.node("/data/meta/instanceID").text
    id = office.store.write(
        submissions.finalise, office.questionnaire, xml, instance, {}, "", "d"
    )
    again = Run(office.form, draft=reopened(office.form, xml, "uuid:2"))
    again.remove("/data/kid[1]")
    office.store.write(corrections.correct, id, again.finalise(), "uuid:2")
    first = office.store.read(copies.copies, id)[1]
    changes = office.store.read(copies.changes, id, first.stamp)
    assert [(c.number, c.before, c.now) for c in changes] == [
        ("Q4 · 1", "Sira", "Lamine"),
        ("Q4 · 2", "Lamine", ""),
    ]


def test_pictures_of_the_copy_before(office: Office) -> None:
    store = office.store
    office.be_asker()
    store.write(drafts.put, "d1", "submission", "t", {"files": {}})
    store.write(form_media.keep, "d1", "face.jpg", b"before")
    xml, instance = fill(office.form, photo="face.jpg")
    id = store.write(submissions.finalise, office.questionnaire, xml, instance, {}, "", "d1")
    files = store.read(form_media.files, id)
    store.write(drafts.put, "d2", "submission", "t", {"files": files})
    store.write(form_media.keep, "d2", "face.jpg", b"after", "face.jpg")
    store.write(corrections.correct, id, xml, "uuid:2", "", "d2")
    assert store.read(form_media.contents, id) == {"face.jpg": b"after"}
    first = store.read(copies.copies, id)[-1]
    old = store.read(copies.open_copy, id, first.stamp)
    assert store.read(form_media.read, old.files["face.jpg"]) == b"before"
    store.write(history.undo_last)
    assert store.read(form_media.contents, id) == {"face.jpg": b"before"}


def test_the_event_log_goes_on(office: Office) -> None:
    store = office.store
    id = office.fill(called="Awa")
    store.write(attachments.add, "audit.csv", b"event,node\nform start,\n", id)
    xml = str(office.values(id)["xml"]).replace(
        "</called>", "</called><audit>audit.csv</audit>"
    )
    log = b"event,node\nform resume,\n"
    store.write(corrections.correct, id, xml, "uuid:2", "", "", log)
    kept = store.read(form_media.contents, id)["audit.csv"]
    assert kept == b"event,node\nform start,\nform resume,\n"


def test_a_draft_that_is_put_aside_leaves_the_submission_alone(office: Office) -> None:
    store = office.store
    id = office.fill(called="Awa", age="40")
    before = office.values(id)
    found = store.read(corrections.begin, id, office.asker)
    assert found.draft is None
    key = drafts.fresh(drafts.key("submission", office.asker, id))
    run = Run(found.form, draft=reopened(found.form, found.filled.xml, "uuid:2"))
    body = {
        "questionnaire": office.questionnaire,
        "run": run.draft(),
        "corrects": id,
        "replaces": before["instance"],
    }
    store.write(drafts.put, key, "submission", "Correction", body)
    assert office.values(id) == before
    again = store.read(corrections.begin, id, office.asker)
    assert again.draft is not None and again.draft.id == key
    assert store.read(corrections.begin, id, office.other).draft is None
    store.write(corrections.correct, id, run.finalise(), "uuid:2", "", key)
    assert store.read(drafts.list_mine) == ()


def test_an_approval_of_the_copy_before_is_a_conflict(
    new_store: Callable[[], Store], form: Form, xform: str
) -> None:
    """Somebody approves on one computer what is corrected on another."""
    field, desk = new_store(), new_store()
    office = Office(field, form, xform, Make(field))
    id = office.fill(called="Awa", age="140")
    desk.write(merging.apply_ops, ops(field), "field")
    desk.actor, desk.role = office.head, "office_head"
    desk.write(review.approve, {id: office.instance(id)})
    office.correct(id, age="40")
    for store, other in ((field, desk), (desk, field)):
        store.write(merging.apply_ops, ops(other), "other")
    for store in (field, desk):
        waiting = store.read(settle.conflicts)
        assert "state" in {conflict.field for conflict in waiting}
        assert "<age>40</age>" in str(store.read(records.get, "submission", id).values["xml"])


def test_remarks_and_states_travel(
    new_store: Callable[[], Store], form: Form, xform: str
) -> None:
    desk, field = new_store(), new_store()
    office = Office(desk, form, xform, Make(desk))
    id = office.fill(called="Awa", age="140")
    office.remark(id, "/data/age", "Really?")
    office.send_back(id)
    field.write(merging.apply_ops, ops(desk), "desk")
    (back,) = field.read(review.returned, office.asker, "enumerator")
    assert [r.note for r in back.remarks] == ["Really?"]


def test_deprecated_id_without_namespace_and_again() -> None:
    xml = "<data id='x'><meta><instanceID>uuid:2</instanceID></meta></data>"
    once = replacing(xml, "uuid:1")
    assert "<deprecatedID>uuid:1</deprecatedID>" in once
    twice = replacing(once, "uuid:0")
    assert twice.count("deprecatedID>") == 2 and "uuid:0" in twice
    assert replacing("<data id='x'><a/></data>", "uuid:1") == "<data id='x'><a/></data>"


def test_the_form_of_a_submission_is_its_own(office: Office, xform: str) -> None:
    id = office.fill(called="Awa", age="40")
    newer = xform.replace('version="1"', 'version="2"').replace("Age", "How old")
    office.be_head()
    office.store.write(submissions.add_questionnaire, "Visit", "visit", "2", newer)
    found = office.store.read(corrections.begin, id, office.head)
    assert found.form.version == "1"
    assert form_words.form_of(found.filled.xform, found.filled.lists).version == "1"


def test_two_corrections_at_once_are_settled_as_one(
    new_store: Callable[[], Store], form: Form, xform: str
) -> None:
    """The answers that differ are told, and what goes with them goes with them."""
    field, desk = new_store(), new_store()
    office = Office(field, form, xform, Make(field))
    id = office.fill(called="Awa", age="140")
    desk.write(merging.apply_ops, ops(field), "field")
    xml = str(office.values(id)["xml"])
    theirs = xml.replace("140", "41").replace("uuid:", "uuid:desk-")
    desk.write(corrections.correct, id, theirs, "uuid:desk", "", "", None, {"/data/age": "?"})
    office.correct(id, age="40")
    for store, other in ((field, desk), (desk, field)):
        store.write(merging.apply_ops, ops(other), "other")
    (conflict,) = desk.read(settle.conflicts)
    assert desk.read(today.counts)["settle"] == 1
    assert (conflict.label, conflict.before) == ("Answers", "Q2 Age: 140")
    assert {conflict.left.value, conflict.right.value} == {"Q2 Age: 40", "Q2 Age: 41"}
    keep: settle.Keep = "left" if conflict.left.value.endswith("41") else "right"
    desk.write(settle.settle, conflict.id, keep)
    field.write(merging.apply_ops, ops(desk), "desk")
    for store in (field, desk):
        values = store.read(records.get, "submission", id).values
        assert "<age>41</age>" in values["xml"]
        assert values["instance"] == "uuid:desk"
        assert values["comments"] == '{"/data/age": "?"}'
        assert store.read(settle.conflicts) == ()


def test_corrected_ones_are_imported_once(office: Office) -> None:
    """What was corrected here is not undone by an older file; what was corrected elsewhere
    comes in the place of what it corrects."""
    store = office.store
    id = office.fill(called="Awa", age="140")
    first = office.instance(id)
    old = str(office.values(id)["xml"])

    def take(xml: str, instance: str) -> int:
        arrival = answers.Arrival(office.questionnaire, instance, xml)
        return store.write(answers.take, Task(), [arrival], {})

    office.be_head()
    elsewhere = replacing(old.replace(first, "uuid:2").replace("140", "41"), first)
    assert take(elsewhere, "uuid:2") == 1
    assert (office.instance(id), office.values(id)["state"]) == ("uuid:2", review.RECEIVED)
    assert [c.why for c in store.read(copies.copies, id)] == [copies.CORRECTED, copies.FINISHED]
    office.correct(id, age="40")
    for xml, instance in ((old, first), (elsewhere, "uuid:2")):
        assert instance in store.read(answers.here, "").instances
        assert take(xml, instance) == 0
    assert "<age>40</age>" in str(office.values(id)["xml"])
    assert store.read(review.counts)["received"] == 1
    fork = replacing(elsewhere.replace("uuid:2", "uuid:3"), "uuid:2")
    assert take(fork, "uuid:3") == 1  # made of a copy that is no longer the present one
    assert store.read(review.counts)["received"] == 2

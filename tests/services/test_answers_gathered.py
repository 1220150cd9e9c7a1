"""Gathering and keeping submissions, on both databases."""

from __future__ import annotations

from migdesk.forms.xlsform import convert
from migdesk.models.store import Store
from migdesk.services import answers, history, review, submissions
from migdesk.services.answers import Arrival, Limits
from migdesk.task import Task
from tests.tools import Make

FORM = """| survey |
| | type | name | label |
| | text | who | Who? |
| settings |
| | form_title | form_id | version |
| | Short | short | {version} |
"""


def use(store: Store, version: str) -> str:
    xml = convert(FORM.format(version=version), ".md").xml
    return store.write(submissions.add_questionnaire, "Short", "short", version, xml)


def xml(version: str, n: int) -> str:
    meta = f"<meta><instanceID>uuid:{n}</instanceID></meta>"
    return f'<data id="short" version="{version}"><who>{n}</who>{meta}</data>'


STATES = ("received", "to_correct", "approved")


def test_gathered_limited_taken_and_undone(any_store: Store, make: Make) -> None:
    store = any_store
    old, new = use(store, "1"), use(store, "2")
    village = make.place(name="Bambali", parent=make.place(name="Sédhiou", level="region"))
    arrivals = [
        Arrival(old, "uuid:1", xml("1", 1), "2026-01-05T10:00:00Z", files=(("a.txt", b"x"),)),
        Arrival(new, "uuid:2", xml("2", 2), "2026-02-05T10:00:00Z"),
    ]
    assert store.write(answers.take, Task(), arrivals, {"place": village}) == 2
    assert store.write(answers.take, Task(), arrivals, {}) == 0
    assert store.read(answers.forms_here) == (("short", "Short", 2),)
    assert [v.version for v in store.read(answers.versions, "short")] == ["2", "1"]
    found = store.read(answers.gather, "short", Limits(place=village))
    assert [entry.key for entry in found.entries] == ["uuid:1", "uuid:2"]
    assert [found.versions[entry.form].version for entry in found.entries] == ["1", "2"]
    assert found.entries[0].traits["region"] == "Sédhiou"
    assert store.read(answers.media, found.ids)[found.ids[0]][0][0] == "a.txt"
    january = Limits(since="2026-01-01", until="2026-01-31")
    assert store.read(answers.count, "short", january) == 1
    store.write(review.approve, {found.ids[0]: "uuid:1"})
    reviewed = [store.read(answers.count, "short", Limits(state=each)) for each in STATES]
    assert reviewed == [1, 0, 1]
    store.write(history.undo_last)
    assert set(store.read(answers.known, ["uuid:1", "uuid:9"])) == {"uuid:1"}
    store.write(history.undo_last)
    assert store.read(answers.count, "short", Limits()) == 0
    assert store.write(answers.take, Task(), arrivals, {}) == 2
    assert store.read(answers.count, "short", Limits()) == 2

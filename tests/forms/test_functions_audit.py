"""The event log of a filling."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

from migdesk.forms import Form, Run
from tests.forms.build import md

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
FIRST = int(START.timestamp() * 1000)


class Clock:
    """A second passes each time that somebody looks at it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def form(parameters: str = "") -> Form:
    return md(
        f"""
        | survey | | | | |
        | | type | name | label | parameters |
        | | audit | audit | | {parameters} |
        | | text | a | A | |
        | | text | b | B | |
        | | begin_repeat | kid | Kid | |
        | | text | k | K | |
        | | end_repeat | | | |
        """
    )


def log(run: Run) -> list[dict[str, str]]:
    data = run.audit_log()
    assert data is not None
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def names(run: Run) -> list[str]:
    return [f"{row['event']} {row['node']}".strip() for row in log(run)]


def test_a_form_that_asks_for_none_has_none() -> None:
    run = Run(md("| survey | | | |\n| | type | name | label |\n| | text | a | A |"))
    assert run.audit is None
    assert run.audit_log() is None
    assert "audit" not in run.draft()


def test_what_happened_and_when() -> None:
    run = Run(form(), now=Clock())
    assert run.audit is not None
    run.audit.enter({"/data/a": ""})
    run.set("/data/a", "x")
    run.audit.enter({"/data/b": ""})
    run.audit.leave()
    run.add("/data/kid")
    run.remove("/data/kid[2]")
    xml = run.finalise()
    assert "<audit>audit.csv</audit>" in xml
    assert names(run) == [
        "form start", "question /data/a", "question /data/b", "add repeat /data/kid[2]",
        "delete repeat /data/kid[2]", "form finalize",
    ]  # fmt: skip
    rows = log(run)
    assert list(rows[0]) == ["event", "node", "start", "end"]
    a, b = rows[1], rows[2]
    assert FIRST < int(a["start"]) < int(a["end"]) <= int(b["start"]) < int(b["end"])
    assert rows[0]["end"] == ""


def test_without_a_screen_each_answer_is_an_event() -> None:
    run = Run(form(), now=Clock())
    run.set("/data/a", "x")
    run.set("/data/a", "x")
    run.set("/data/kid[1]/k", "y")
    assert names(run) == ["form start", "question /data/a", "question /data/kid[1]/k"]
    assert log(run)[1]["start"] == log(run)[1]["end"] != ""


def test_a_screen_shown_again_is_no_event_and_the_end_is_one() -> None:
    run = Run(form(), now=Clock())
    assert run.audit is not None
    run.audit.enter({"/data/a": ""})
    run.audit.enter({"/data/a": "x"})
    run.audit.enter({})
    run.audit.enter({})
    run.audit.leave()
    run.audit.leave()
    assert names(run) == ["form start", "question /data/a", "end screen"]
    assert all(row["end"] for row in log(run)[1:])


def test_changes_are_tracked_when_asked() -> None:
    run = Run(form("track-changes=true"), now=Clock())
    assert run.audit is not None
    run.set("/data/a", "before")
    run.audit.enter({"/data/a": "before", "/data/b": ""}, group="/data")
    run.set("/data/a", 'a "quoted", word')
    run.audit.leave()
    assert names(run)[1:] == [
        "question /data/a", "group questions /data", "question /data/a", "question /data/b"
    ]  # fmt: skip
    rows = log(run)
    assert list(rows[0]) == ["event", "node", "start", "end", "old-value", "new-value"]
    assert (rows[1]["old-value"], rows[1]["new-value"]) == ("", "before")
    assert (rows[3]["old-value"], rows[3]["new-value"]) == ("before", 'a "quoted", word')
    assert (rows[4]["old-value"], rows[4]["new-value"]) == ("", "")
    data = run.audit_log()
    assert data is not None and b',"a ""quoted"", word"\n' in data


def test_a_quote_alone_is_written_as_it_is() -> None:
    run = Run(form("track-changes=true"), now=Clock())
    run.set("/data/a", '5" nail')
    data = run.audit_log()
    assert data is not None and data.endswith(b',5" nail\n')
    assert b"\r" not in data


def test_place_and_person_when_asked() -> None:
    parameters = (
        "identify-user=true location-priority=balanced location-min-interval=60 "
        "location-max-age=120"
    )
    run = Run(
        form(parameters),
        now=Clock(),
        location=lambda: "14.7 -17.4 20 5",
        properties={"username": "awa"},
    )
    row = log(run)[0]
    assert list(row)[4:] == ["latitude", "longitude", "accuracy", "user"]
    assert [row[name] for name in list(row)[4:]] == ["14.7", "-17.4", "5", "awa"]


def test_reasons_of_changes() -> None:
    run = Run(form("track-changes=true track-changes-reasons=on-form-edit"), now=Clock())
    assert run.audit is not None and run.audit.wants_reasons
    run.audit.mark("change reason", reason="misheard")
    assert log(run)[-1]["change-reason"] == "misheard"


def test_a_draft_goes_on_with_its_log() -> None:
    run = Run(form("track-changes=true"), now=Clock())
    run.set("/data/a", "x")
    again = Run(form("track-changes=true"), draft=run.draft(), now=Clock())
    again.set("/data/b", "y")
    assert names(again) == ["form start", "question /data/a", "form resume", "question /data/b"]
    assert log(again)[1]["new-value"] == "x"

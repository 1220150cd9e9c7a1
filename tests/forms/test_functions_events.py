"""Events and actions, metadata, the record saved last."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from migdesk.forms import Form, FormFault, Run, submission
from tests.forms.build import HEAD, md

NOW = datetime(2026, 11, 21, 14, 5, 6, tzinfo=UTC)
ODK = HEAD.replace("xmlns:jr=", 'xmlns:odk="http://www.opendatakit.org/xforms" xmlns:jr=')


def form(instance: str, model: str, body: str) -> Form:
    return Form.load(
        f"{ODK}<h:head><h:title>T</h:title><model><instance><data id='t'>{instance}</data>"
        f"</instance>{model}</model></h:head><h:body>{body}</h:body></h:html>"
    )


def asked(name: str, inside: str = "") -> str:
    return f"<input ref='/data/{name}'><label>{name}</label>{inside}</input>"


def setvalue(event: str, ref: str, value: str = "", text: str = "") -> str:
    written = f' value="{value}"' if value else ""
    return f'<setvalue event="{event}" ref="{ref}"{written}>{text}</setvalue>'


def texts(run: Run, *names: str) -> list[str]:
    return [run.node(f"/data/{name}").text for name in names]


LOADED = form(
    "<first>keep</first><load/><both/>",
    setvalue("odk-instance-first-load", "/data/first", "'new'")
    + setvalue("odk-instance-load", "/data/load", "concat(/data/load, 'L')")
    + setvalue(
        "odk-instance-first-load odk-instance-load", "/data/both", "concat(/data/both, 'B')"
    ),
    asked("first") + asked("load") + asked("both"),
)


def test_loading_a_new_form_and_a_draft() -> None:
    run = Run(LOADED)
    assert texts(run, "first", "load", "both") == ["new", "L", "BB"]
    run.set("/data/first", "mine")
    again = Run(LOADED, draft=run.draft())
    assert texts(again, "first", "load", "both") == ["mine", "LL", "BBB"]


CHANGED = form(
    "<a/><c/><fromc/><b/><chain/><txt/><n/><hid/><near/>",
    "<bind nodeset='/data/a' type='int'/><bind nodeset='/data/n' type='int'/>"
    "<bind nodeset='/data/c' calculate='/data/a * 2'/>"
    "<bind nodeset='/data/hid' relevant='/data/a &gt; 100'/>",
    asked(
        "a",
        setvalue("xforms-value-changed", "/data/b", "/data/a + 1")
        + setvalue("xforms-value-changed", "/data/n", "/data/a div 2")
        + setvalue("xforms-value-changed", "/data/hid", "'set'")
        + setvalue("xforms-value-changed", "../near", "'relative'")
        + setvalue("xforms-value-changed", "/data/txt", text=" Words "),
    )
    + asked("c", setvalue("xforms-value-changed", "/data/fromc", "/data/c"))
    + asked("b", setvalue("xforms-value-changed", "/data/chain", "/data/b")),
)


def test_a_changed_answer_sets_off_actions_and_these_the_next() -> None:
    run = Run(CHANGED)
    run.set("/data/a", "5")
    assert texts(run, "b", "chain", "n", "hid", "near", "txt") == [
        "6", "6", "2", "set", "relative", " Words "
    ]  # fmt: skip


def test_a_calculation_sets_off_nothing() -> None:
    run = Run(CHANGED)
    run.set("/data/a", "5")
    assert texts(run, "c", "fromc") == ["10", ""]


def test_what_an_action_sets_off_comes_before_the_next_action() -> None:
    made = form(
        "<a/><b/><seen/><twice/>",
        "<bind nodeset='/data/twice' calculate='concat(/data/a, /data/a)'/>"
        + setvalue("odk-instance-first-load", "/data/a", "'x'")
        + setvalue("odk-instance-first-load", "/data/b", "'y'"),
        asked(
            "a", setvalue("xforms-value-changed", "/data/seen", "concat(/data/twice, /data/b)")
        )
        + asked("b"),
    )
    assert texts(Run(made), "a", "b", "twice", "seen") == ["x", "y", "xx", "xx"]


def test_the_same_answer_again_is_no_change() -> None:
    run = Run(CHANGED)
    run.set("/data/a", "5")
    run.set("/data/b", "mine")
    run.set("/data/a", "5")
    assert texts(run, "b", "chain") == ["mine", "mine"]


def test_two_actions_that_chase_each_other_stop() -> None:
    run = Run(
        form(
            "<a>1</a><b>1</b>",
            "<bind nodeset='/data/a' type='int'/><bind nodeset='/data/b' type='int'/>",
            asked("a", setvalue("xforms-value-changed", "/data/b", "/data/a + 1"))
            + asked("b", setvalue("xforms-value-changed", "/data/a", "/data/b + 1")),
        )
    )
    run.set("/data/a", "5")
    assert texts(run, "a", "b") == ["7", "6"]


ROWS = form(
    "<a/><kid jr:template=''><x/><y/><z/><w/></kid><kid><x/><y/><z/><w/></kid>",
    "",
    asked("a")
    + "<group ref='/data/kid'><label>k</label><repeat nodeset='/data/kid'>"
    + setvalue("odk-new-repeat", "/data/kid/z", "position(..)")
    + setvalue("odk-instance-first-load jr-insert", "/data/kid/w", "concat('w', ../../a)")
    + asked("kid/x", setvalue("xforms-value-changed", "/data/kid/y", "concat(../x, '!')"))
    + "</repeat></group>",
)


def test_actions_in_rows_stay_in_their_row() -> None:
    run = Run(ROWS)
    run.set("/data/a", "5")
    run.add("/data/kid")
    run.set("/data/kid[2]/x", "q")
    assert texts(run, "kid[1]/z", "kid[1]/w", "kid[1]/y") == ["", "w", ""]
    assert texts(run, "kid[2]/z", "kid[2]/w", "kid[2]/y") == ["2", "w5", "q!"]


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(FormFault) as caught:
        form("<a/>", setvalue("on-full-moon", "/data/a", "1"), asked("a"))
    assert caught.value.code == "FRM-006"


GEO = """
| survey | | | | |
| | type | name | label | trigger |
| | start-geopoint | begun | | |
| | text | a | A | |
| | background-geopoint | near | | ${a} |
| | background-audio | heard | | |
"""


def test_places_are_taken_where_there_is_a_source() -> None:
    places = iter(["14.7 -17.4 0 5", "14.8 -17.5 0 5"])
    run = Run(md(GEO), location=lambda: next(places))
    assert texts(run, "begun", "near") == ["14.7 -17.4 0 5", ""]
    run.set("/data/a", "x")
    assert texts(run, "near", "heard") == ["14.8 -17.5 0 5", ""]


def test_a_computer_without_a_receiver_leaves_places_blank() -> None:
    run = Run(md(GEO))
    run.set("/data/a", "x")
    assert texts(run, "begun", "near") == ["", ""]


META = """
| survey | | | | |
| | type | name | label | default |
| | start | begun | | |
| | end | done | | |
| | today | day | | |
| | deviceid | device | | |
| | username | user | | |
| | phonenumber | phone | | |
| | email | mail | | |
| | date | when | When | today() |
| | text | who | Who | concat('I am ', property('username')) |
"""
ABOUT = {"deviceid": "migdesk:7", "username": "awa", "email": "awa@example.org"}


def test_metadata_of_a_filling() -> None:
    run = Run(md(META), now=lambda: NOW, properties=ABOUT, rng=random.Random(3))
    stamp = "2026-11-21T14:05:06.000+00:00"
    assert texts(run, "begun", "done", "day") == [stamp, "", "2026-11-21"]
    assert texts(run, "device", "user", "phone", "mail") == [
        "migdesk:7", "awa", "", "awa@example.org"
    ]  # fmt: skip
    assert texts(run, "when", "who") == ["2026-11-21", "I am awa"]
    name = run.node("/data/meta/instanceID").text
    assert name.startswith("uuid:")
    run.finalise()
    assert texts(run, "done", "meta/instanceID") == [stamp, name]


def test_older_names_of_properties() -> None:
    names = ("uri:deviceid", "device id", "DeviceID", "phone number")
    binds = "".join(
        f"<bind nodeset='/data/p{n}' jr:preload='property' jr:preloadParams='{name}'/>"
        for n, name in enumerate(names)
    )
    made = form("<p0/><p1/><p2/><p3/>", binds, "")
    run = Run(made, properties={"deviceid": "d", "phonenumber": "1"})
    assert texts(run, "p0", "p1", "p2", "p3") == ["d", "d", "d", "1"]


def test_a_draft_keeps_its_metadata() -> None:
    first = Run(md(META), now=lambda: NOW, properties=ABOUT)
    again = Run(md(META), draft=first.draft(), now=lambda: NOW.replace(year=2027))
    names = ("begun", "day", "device", "when", "meta/instanceID")
    assert texts(again, *names) == texts(first, *names)


AGES = """
| survey | | | | |
| | type | name | label | calculation |
| | date | born | Born | |
| | calculate | age | | int((today() - ${born}) div 365.25) |
| | note | said | ${age} years old | |
"""


def test_a_finished_record_stands_as_it_was() -> None:
    ages = md(AGES)
    run = Run(ages, now=lambda: NOW)
    run.set("/data/born", "2000-01-01")
    draft = submission.read(ages, run.finalise())
    later = NOW.replace(year=2046)
    assert Run(ages, draft=draft, now=lambda: later).node("/data/age").text == "46"
    record = Run(ages, draft=draft, now=lambda: later, frozen=True)
    assert record.node("/data/age").text == "26"
    assert record.node("/data/said").label == "26 years old"
    loaded = Run(LOADED)
    again = Run(LOADED, draft=loaded.draft(), frozen=True)
    assert texts(again, "load", "both") == texts(loaded, "load", "both")


SAVED = """
| survey | | | | | |
| | type | name | label | default | calculation |
| | text | village | Village | ${last-saved#village} | |
| | begin_group | g | G | | |
| | integer | count | Count | ${last-saved#count} + 1 | |
| | end_group | | | | |
| | calculate | before | | | coalesce(${last-saved#village}, 'none') |
"""


def test_answers_are_taken_over_from_the_record_saved_last() -> None:
    saved = Run(md(SAVED))
    assert texts(saved, "village", "g/count", "before") == ["", "", "none"]
    saved.set("/data/village", "Kanel")
    saved.set("/data/g/count", "4")
    xml = saved.finalise()
    run = Run(md(SAVED), last_saved=xml)
    assert texts(run, "village", "g/count", "before") == ["Kanel", "5", "Kanel"]
    run.set("/data/village", "Matam")
    again = Run(md(SAVED), draft=run.draft(), last_saved=xml)
    assert texts(again, "village", "g/count") == ["Matam", "5"]


def test_runs_of_one_form_do_not_share_the_record() -> None:
    shared = md(SAVED)
    with_one = Run(shared, last_saved="<data id='data'><village>Podor</village></data>")
    without = Run(shared)
    assert texts(with_one, "village") == ["Podor"]
    assert texts(without, "village", "before") == ["", "none"]


def test_attributes_of_odk_are_kept_for_the_widgets() -> None:
    shown = md(
        """
        | survey | | | | |
        | | type | name | label | parameters |
        | | image | face | Face | max-pixels=640 |
        """
    )
    bind = shown.definition.nodes["/data/face"].bind
    assert bind.get("max-pixels") == "640"
    assert bind.get("quality") == ""

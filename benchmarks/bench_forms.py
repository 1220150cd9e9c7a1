"""The questionnaire engine beside JavaRosa: the same forms, the same actions, one after the
other on the same computer, in time of the processor (a busy computer blames neither).
Loading is measured as on a telephone, where a form is opened once: in a new Java process
that has opened a small form before. The rest are medians of the second half, when both are
warm: each district of the cascade has been chosen before.

JavaRosa comes with pyxform and runs on a JDK; without one this says so and measures nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from migdesk.forms import Form, Run
from migdesk.forms.xpath.parser import parse
from tests.conformance.oracle import HOW, Oracle, available

LOADS = 5
TURNS = 60
ROWS = 200
DISTRICTS = 50
Action = dict[str, str]


def run() -> list[tuple[str, float, float, float]]:
    """(name, our seconds, JavaRosa's seconds, highest ratio allowed)."""
    if not available():
        print(HOW)
        return []
    chain, roster, villages = _chain(), _roster(), _villages()
    head = [_set("/data/q0", str(turn)) for turn in range(TURNS)]
    rows = [_add(row) for row in range(2, ROWS + TURNS)]
    cascade = [act for turn in range(3 * DISTRICTS) for act in _cascade(turn)]
    with Oracle() as oracle:
        ours, theirs = _time(chain, head), _asked(oracle, chain, head)
        grown, grown_there = _time(roster, rows), _asked(oracle, roster, rows)
        fall, fall_there = _time(villages, cascade), _asked(oracle, villages, cascade)
    return [
        ("form of 1,000 questions: load", *_loads(chain), 0.4),
        ("answer at the head of a chain of 500", _half(ours[1]), _half(theirs[1]), 0.15),
        ("add a row of 10 questions to 200 rows", _last(grown[1]), _last(grown_there[1]), 0.2),
        ("cascade over 10,000 choices", _half(_pairs(fall)), _half(_pairs(fall_there)), 0.05),
    ]


def _half(times: list[float]) -> float:
    return median(times[len(times) // 2 :])


def _last(times: list[float]) -> float:
    return median(times[ROWS:])


def _pairs(times: tuple[list[float], list[float]]) -> list[float]:
    """An answer and the choices asked after it, together."""
    return [a + b for a, b in zip(times[1][::2], times[1][1::2], strict=True)]


def _loads(xml: str) -> tuple[float, float]:
    """Seconds of a load here and there."""
    theirs = []
    for _ in range(LOADS):
        with Oracle() as oracle:
            _asked(oracle, _form("<a/>", '<bind nodeset="/data/a"/>', _ask("/data/a", "A")), [])
            theirs += _asked(oracle, xml, [])[0]
    return median(_time(xml, [], LOADS)[0]), median(theirs)


def _asked(oracle: Oracle, xml: str, actions: list[Action]) -> tuple[list[float], list[float]]:
    told = oracle.ask({"xml": xml, "loads": 1, "actions": actions}, seconds=600)
    return [n / 1e9 for n in told["loads"]], [n / 1e9 for n in told["actions"]]


def _time(xml: str, actions: list[Action], loads: int = 1) -> tuple[list[float], list[float]]:
    opened: list[float] = []
    runs: list[Run] = []
    for _ in range(loads):
        parse.cache_clear()
        start = process_time()
        runs[:] = [Run(Form.load(xml))]
        opened.append(process_time() - start)
    return opened, [_timed(runs[0], action) for action in actions]


def _timed(one: Run, action: Action) -> float:
    ref = action["ref"]
    work: Callable[[], Any]
    match action["op"]:
        case "set":
            work = lambda: one.set(ref, action["text"])  # noqa: E731
        case "add":
            repeat = ref.rpartition("[")[0]
            work = lambda: one.add(repeat)  # noqa: E731
        case _:
            work = lambda: one.node(ref).choices  # noqa: E731
    start = process_time()
    work()
    return process_time() - start


def _set(ref: str, text: str) -> Action:
    return {"op": "set", "ref": ref, "text": text}


def _add(row: int) -> Action:
    return {"op": "add", "ref": f"/data/row[{row}]"}


def _cascade(turn: int) -> list[Action]:
    village = {"op": "choices", "ref": "/data/village"}
    return [_set("/data/district", f"d{turn % DISTRICTS}"), village]


# forms ----------------------------------------------------------------------------


def _form(instance: str, binds: str, body: str, lists: str = "") -> str:
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" '
        'xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title><model>'
        f'<instance><data id="t">{instance}</data></instance>{lists}{binds}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )


def _ask(ref: str, words: str) -> str:
    return f'<input ref="{ref}"><label>{words}</label></input>'


def _chain() -> str:
    """1,000 questions; every second one is calculated from the one before the last."""
    names = [f"q{n}" for n in range(1000)]
    binds = "".join(
        f'<bind nodeset="/data/q{n}" type="int" calculate="/data/q{n - 2} + 1"/>'
        if n and n % 2 == 0
        else f'<bind nodeset="/data/q{n}" type="int" constraint=". &lt; 999"/>'
        for n in range(1000)
    )
    body = "".join(_ask(f"/data/{name}", f"Question {name}") for name in names)
    return _form("".join(f"<{name}/>" for name in names), binds, body)


def _roster() -> str:
    names = [f"a{n}" for n in range(10)]
    binds = "".join(
        f'<bind nodeset="/data/row/a{n}" type="int" calculate="../a{n - 1} + 1"/>'
        if n % 2
        else f'<bind nodeset="/data/row/a{n}" type="int" relevant="position(..) &gt; 0"/>'
        for n in range(10)
    )
    asked = "".join(_ask(f"/data/row/{name}", name) for name in names)
    row = f"<row>{''.join(f'<{name}/>' for name in names)}</row>"
    return _form(row, binds, f'<repeat nodeset="/data/row">{asked}</repeat>')


def _villages() -> str:
    items = "".join(
        f"<item><name>v{n}</name><label>Village {n}</label>"
        f"<district>d{n % DISTRICTS}</district></item>"
        for n in range(10_000)
    )
    lists = f'<instance id="villages"><root>{items}</root></instance>'
    binds = '<bind nodeset="/data/district"/><bind nodeset="/data/village"/>'
    nodeset = "instance('villages')/root/item[district = /data/district]"
    body = _ask("/data/district", "District") + (
        f'<select1 ref="/data/village"><label>Village</label><itemset nodeset="{nodeset}">'
        '<value ref="name"/><label ref="label"/></itemset></select1>'
    )
    return _form("<district/><village/>", binds, body, lists)

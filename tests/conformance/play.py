"""A script: seeded random actions on our engine, and what is seen after them.

Actions are told as plain values, so that the reference engine can play them too. Where
POLICY.md says that we differ on purpose, the reference is told what a person would have
done there; each such place names its row.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from migdesk.forms import Form, Live, Run
from migdesk.forms.definition import Node
from migdesk.forms.engine import canonical
from migdesk.forms.instance import cell_ref, ref_of
from migdesk.forms.scale import off_scale
from migdesk.forms.submission import write

Cell = tuple[str, bool, bool, bool]
Shown = tuple[str, str, bool, tuple[tuple[str, str], ...]]
Action = dict[str, Any]

WORDS = ("a", "1", "yes", "no", "other", "Sédhiou", "x y", "0", "true", "none", "-3")
WHOLE = ("0", "1", "2", "3", "4", "5", "7", "12", "17", "18", "19", "42", "65", "120", "-1")
BROKEN = ("abc", "1 2 x", "--")
MAX_ROWS = 5


@dataclass
class Look:
    """Everything that can be seen, by reference."""

    cells: dict[str, Cell] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)


@dataclass
class Played:
    """`looks`: number of the last action before it → what was seen. `rows`: see `_inner`."""

    actions: list[Action]
    looks: dict[int, Look]
    xml: str
    rows: dict[str, int]


def play(
    form: Form, seed: int, length: int, every: int, languages: bool = True, tidy: bool = True
) -> Played:
    """Fill a form at random. Equal seeds give equal scripts. `tidy`: see `_tidied`."""
    rng = random.Random(seed)
    run = Run(form, rng=random.Random(seed))
    _drop_spares(run)
    actions: list[Action] = []
    looks, rows = {-1: look(run)}, _inner(run)
    for number in range(1, length + 1):
        actions += act(run, rng, languages)
        actions += _tidied(run) if tidy else []
        if actions:
            actions[-1]["rows"] = _inner(run)
        if number % every == 0 or number == length:
            looks[len(actions)] = look(run)
            actions.append({"op": "look"})
    for live in [live for live in run.walk() if live.kind == "question"]:
        if live.text and not live.row.values[live.node.slot] and live.relevant:
            actions.append(_told(run, live, ""))
    run._events.closed()
    return Played(actions, looks, write(form, run.root), rows)


def look(run: Run) -> Look:
    seen = Look()
    for row in run.root.all():
        for node in (node for node in row.scope.nodes if not node.attribute):
            live = Live.of(run, node, row, True)
            program = run.form.program
            seen.cells[ref_of(node, row)] = (
                row.values[node.slot],
                row.relevant[node.slot],
                live._flag(program.required),
                live._flag(program.readonly),
            )
    for live in run.walk():
        if live.kind == "question" and live.relevant:
            seen.shown[live.ref] = (live.label, live.hint, _holds(live), _choices(live))
        elif live.kind in ("group", "repeat") and live.relevant:
            seen.shown[live.ref] = (live.label, "", True, ())
    return seen


def _choices(live: Live) -> tuple[tuple[str, str], ...]:
    return tuple((choice.value, choice.label) for choice in live.choices)


def _holds(live: Live) -> bool:
    rule = live._run.form.program.constraint.get(live.node)
    if rule is None or not live.row.values[live.node.slot]:
        return True
    return bool(live._run.evaluate(rule.boolean(), live.row))


# actions ------------------------------------------------------------------------------


def act(run: Run, rng: random.Random, languages: bool = True) -> list[Action]:
    kind = rng.random()
    if kind < 0.02 and languages and len(run.form.languages) > 1:
        name = rng.choice(run.form.languages)
        run.language = name
        return [{"op": "lang", "name": name}]
    if kind < 0.12:
        done = _change_rows(run, rng)
        if done:
            return done
    return _answer(run, rng)


def _change_rows(run: Run, rng: random.Random) -> list[Action]:
    places = [
        live
        for live in run.walk()
        if live.kind == "repeat" and live.can_change_rows and live.relevant
    ]
    if not places:
        return []
    live = rng.choice(places)
    if live.count and (live.count >= MAX_ROWS or rng.random() < 0.35):
        ref = f"{live.ref}[{rng.randint(1, live.count)}]"
        run.remove(ref)
        return [{"op": "remove", "ref": ref}]
    ref = run.add(live.ref)
    return [{"op": "add", "ref": ref}]


def _drop_spares(run: Run) -> None:
    """POLICY “`jr:count` that shrinks”: rows come back with their answers; the reference
    has none to give back, so they are thrown away here."""
    for row in run.root.all():
        for spare in row.spare:
            spare.clear()


def _inner(run: Run) -> dict[str, int]:
    """POLICY “Rows of an inner repeat in a new outer row”: Web Forms begins with one, which
    a person would delete there. Reference of each inner repeat → its rows here."""
    return {
        cell_ref(repeat, row): len(row.kids[repeat.place])
        for row in run.root.all()
        if row.parent is not None
        for repeat in row.scope.repeats
        if repeat not in run.form.program.count
    }


def _tidied(run: Run) -> list[Action]:
    """POLICY “A choice that is no longer offered” and “A number that a range does not
    offer”: kept here, cleared by the peers, so a person clears it everywhere."""
    done: list[Action] = []
    for live in [live for live in run.walk() if live.asks and live.text]:
        if live.control is None or live.control.kind not in ("select1", "select", "rank"):
            text = "" if live.type == "range" and off_scale(live) else live.text
        else:
            offered = {choice.value for choice in live.choices}
            text = " ".join(value for value in live.text.split() if value in offered)
            text = live.text if live.text in offered else text
        if text != live.text and len(done) < MAX_ROWS:
            done.append(_told(run, live, text))
    return done + _tidied(run) if done else done


def _answer(run: Run, rng: random.Random) -> list[Action]:
    asked = [live for live in run.walk() if live.asks]
    if not asked:
        return []
    live = rng.choice(asked)
    text = "" if rng.random() < 0.08 else _value(live, rng)
    return [_told(run, live, text)]


def _told(run: Run, live: Live, text: str) -> Action:
    """POLICY “An answer of the wrong type”: kept here, so the reference hears a blank."""
    ref, kind = live.ref, live.control.kind if live.control else ""
    sent = canonical(live.node, text) or ""
    if not sent and live.node in _counting(run):
        text = sent = "0"
    run.set(ref, text)
    _drop_spares(run)
    return {"op": "set", "ref": ref, "control": kind, "text": sent}


def _counting(run: Run) -> set[Node]:
    """POLICY “`jr:count` blank”: Web Forms leaves the rows, so nobody leaves it blank."""
    return {dep.node for rule in run.form.program.count.values() for dep in rule.deps}


def _value(live: Live, rng: random.Random) -> str:
    kind = live.control.kind if live.control else ""
    if kind in ("select1", "select", "rank"):
        values = [choice.value for choice in live.choices if choice.value]
        if not values:
            return ""
        if kind == "select1":
            return rng.choice(values)
        if kind == "rank":
            rng.shuffle(values)
            return " ".join(values)
        return " ".join(v for v in dict.fromkeys(values) if rng.random() < 0.4)
    if kind == "trigger":
        return "OK"
    type_ = live.node.bind.type
    if rng.random() < 0.04 and type_ not in ("string", "binary"):
        return rng.choice(BROKEN)
    return _typed(type_, rng)


def _typed(type_: str, rng: random.Random) -> str:
    match type_:
        case "int":
            return rng.choice(WHOLE)
        case "decimal":
            return rng.choice((*WHOLE, "0.1", "2.5", "-7.25", "1000000.5", "36.6", "0.005"))
        case "date":
            year = rng.choice((1950, 1985, 2001, 2019, 2025, 2026))
            return f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        case "time":
            return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:00.000+00:00"
        case "dateTime":
            hour, minute = rng.randint(0, 23), rng.randint(0, 59)
            return f"{_typed('date', rng)}T{hour:02}:{minute:02}:00.000+00:00"
        case "boolean":
            return rng.choice(("true", "false"))
        case "geopoint":
            return _point(rng)
        case "geotrace":
            return "; ".join(_point(rng) for _ in range(3))
        case "geoshape":
            points = [_point(rng) for _ in range(3)]
            return "; ".join([*points, points[0]])
        case "barcode":
            return rng.choice(("3017620422003", "A-1"))
        case "binary":
            return rng.choice(("one.jpg", "two.jpg"))
    return rng.choice(WORDS)


def _point(rng: random.Random) -> str:
    """Ends in 1: JavaRosa drops a nought at the end (POLICY “A decimal or a place”)."""
    return f"{rng.uniform(12, 14):.4f}1 {rng.uniform(-16, -14):.4f}1 {rng.randint(0, 50)} 5"

"""A filling to try a form out: its clock and its chance are set, what each answer changes is
noted, and the whole can be kept as a script and played again, on another version too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from migdesk.forms.definition import Node
from migdesk.forms.faults import FormFault
from migdesk.forms.form import Form
from migdesk.forms.instance import Row, cell_ref
from migdesk.forms.live import Live
from migdesk.forms.run import PLACE, Refs, Run, typed_text
from migdesk.forms.values import Value
from migdesk.i18n import N_

KIND = "migdesk-test"
FIELDS = ("value", "relevant", "required", "readonly", "violation")


class NotAScript(FormFault):
    """A file that holds no test run."""

    code = "FRM-085"
    text = N_("This file is not a test run of a questionnaire. Choose one saved from here.")


class State(NamedTuple):
    """What a place is at a moment. A repeat's value is its number of rows; that of a place
    that is not asked is blank, as rules see it; `violation` is what the person is told."""

    value: str = ""
    relevant: bool = True
    required: bool = False
    readonly: bool = False
    violation: str = ""

    def text(self, name: str) -> str:
        """One of `FIELDS` as a text; flags are "1" or ""."""
        value = getattr(self, name)
        return value if isinstance(value, str) else "1" if value else ""


GONE = State(relevant=False)
"""Of a place that is not there (any more)."""


class Act(NamedTuple):
    """What was done. `verb`: open set add remove speak finish; `text`: the answer, or the
    language."""

    verb: str
    ref: str = ""
    text: str = ""


class Change(NamedTuple):
    """`before` and `after` are texts; of flags "1" or ""."""

    ref: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Noted:
    """An act and all that it changed."""

    act: Act
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Setup:
    """What a trial starts from. `now` has its zone."""

    now: datetime
    seed: int = 1
    language: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


class Trial(Run):
    """A run that notes. `log[0]` is the opening."""

    def __init__(self, form: Form, setup: Setup) -> None:
        self.setup = setup
        self.log: list[Noted] = []
        self._spoken = ""
        super().__init__(
            form,
            setup.language or None,
            now=lambda: setup.now,
            properties=setup.properties,
            rng=random.Random(setup.seed),
        )
        self.states = self._all()
        opened = _compared({}, self.states, self.states)
        self.log.append(Noted(Act("open", text=self.language), opened))

    # acting -------------------------------------------------------------------

    def set(self, ref: str, value: str | Value) -> Refs:
        changed = super().set(ref, value)
        places = {each: self._find(each) for each in (*changed, ref)}
        rows = any(node.repeat and not exact for node, _row, exact in places.values())
        self._note(Act("set", ref, typed_text(value)), None if rows else places)
        return changed

    def add(self, ref: str) -> str:
        new = super().add(ref)
        self._note(Act("add", ref))
        return new

    def remove(self, ref: str) -> Refs:
        changed = super().remove(ref)
        self._note(Act("remove", ref))
        return changed

    def finalise(self) -> str:
        xml = super().finalise()
        self._note(Act("finish"))
        return xml

    def _after(self) -> Refs:
        """Another language is noted here: it is switched by an attribute."""
        changed = super()._after()
        if self._spoken not in ("", self.language):
            self._note(Act("speak", text=self.language))
        self._spoken = self.language
        return changed

    def act(self, act: Act) -> None:
        """Do something again. Raises FormFault where it cannot be done."""
        match act.verb:
            case "set":
                self.set(act.ref, act.text)
            case "add":
                self.add(act.ref)
            case "remove":
                self.remove(act.ref)
            case "speak":
                self.language = act.text
            case "finish":
                self.finalise()

    def again(self, setup: Setup) -> Trial:
        """The same acts from another start. What cannot be done then is left out."""
        trial = Trial(self.form, setup)
        for noted in self.log[1:]:
            with suppress(FormFault):
                trial.act(noted.act)
        return trial

    def _note(self, act: Act, refs: Iterable[str] | None = None) -> None:
        """Compare with before: a few places, or all where rows come and go."""
        now = self._all() if refs is None else self._some(refs)
        before = self.states
        order = {ref: place for place, ref in enumerate({act.ref: None, **before, **now})}
        told = order if refs is None else sorted(now, key=order.__getitem__)
        changes = _compared(before, now, (ref for ref in told if ref))
        self.states = now if refs is None else before | now
        self.log.append(Noted(act, changes))

    # looking ------------------------------------------------------------------

    def cells(self) -> Iterable[tuple[Node, Row]]:
        """Every place that there is now, those that nothing shows too, in the form's order."""
        return _cells(self.form.definition.root, self.root)

    def _all(self) -> dict[str, State]:
        return {cell_ref(node, row): self.state(node, row) for node, row in self.cells()}

    def _some(self, refs: Iterable[str]) -> dict[str, State]:
        return {ref: self.state(*self._find(ref)[:2]) for ref in refs}

    def state(self, node: Node, row: Row) -> State:
        """State of a place now."""
        if node.repeat and row.scope is not node.scope:
            live = Live(self, "repeat", self.form.control(node), node, row)
            return State(str(live.count), live.relevant)
        live = Live.of(self, node, row, True)
        if not node.leaf:
            return State("", live.relevant)
        said = live.violation or ""
        text = live.text if live.relevant else ""
        return State(text, live.relevant, live.required, live.readonly, said)


def _cells(node: Node, row: Row) -> Iterable[tuple[Node, Row]]:
    for child in node.children:
        yield child, row
        if child.repeat:
            for kid in row.kids[child.place]:
                yield child, kid
                yield from _cells(child, kid)
        elif child.children:
            yield from _cells(child, row)


def _compared(
    before: Mapping[str, State], after: Mapping[str, State], refs: Iterable[str]
) -> tuple[Change, ...]:
    """Differences at `refs`. From nothing (the opening) only what stands out is told."""
    found = []
    for ref in refs:
        old, new = before.get(ref, GONE), after.get(ref, GONE)
        if not before:
            old = State(readonly=new.readonly, required=new.required)
        for name in FIELDS:
            was, now = old.text(name), new.text(name)
            if was != now:
                found.append(Change(ref, name, was, now))
    return tuple(found)


# scripts --------------------------------------------------------------------------


class Difference(NamedTuple):
    """Where playing a script again went another way, from the step `step` on (0: the
    opening). `field` "act": the step itself could not be done, `after` says why."""

    step: int
    ref: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Played:
    """A script played again: the trial as it stands then, and what was different."""

    trial: Trial
    differences: tuple[Difference, ...]


def script(trial: Trial) -> dict[str, Any]:
    """A trial as plain JSON values."""
    return {
        "kind": KIND,
        "form": trial.form.form_id,
        "version": trial.form.version,
        "now": trial.setup.now.isoformat(),
        "seed": trial.setup.seed,
        "language": trial.setup.language,
        "steps": [[list(n.act), [_kept(change) for change in n.changes]] for n in trial.log],
    }


def _kept(change: Change) -> list[str]:
    """That an answer is wrong is kept, not the words for it."""
    wrong = change.field == "violation"
    return [change.ref, change.field, ("1" if change.after else "") if wrong else change.after]


@dataclass(frozen=True)
class Script:
    """A kept trial, read back."""

    form: str
    version: str
    setup: Setup
    steps: tuple[tuple[Act, tuple[tuple[str, str, str], ...]], ...]


def read_script(data: Any) -> Script:
    """A script from plain JSON values. Raises NotAScript."""
    try:
        if data["kind"] != KIND:
            raise NotAScript()
        setup = Setup(
            datetime.fromisoformat(data["now"]).astimezone(),
            int(data["seed"]),
            str(data["language"]),
        )
        steps = tuple(
            (
                Act(*map(str, act)),
                tuple((str(r), FIELDS[FIELDS.index(f)], str(t)) for r, f, t in changes),
            )
            for act, changes in data["steps"]
        )
        return Script(str(data["form"]), str(data["version"]), setup, steps)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise NotAScript() from error


def replay(form: Form, kept: Script, properties: Mapping[str, str] | None = None) -> Played:
    """Do everything again on `form`, and tell what is not as it was. A question that moved
    is found by its name."""
    setup = Setup(kept.setup.now, kept.setup.seed, kept.setup.language, properties or {})
    trial = Trial(form, setup)
    wanted: dict[tuple[str, str], str] = {}
    first: dict[tuple[str, str], int] = {}
    refused: list[Difference] = []
    place = placer(form)
    for step, (act, changes) in enumerate(kept.steps):
        try:
            if act.verb != "open":
                trial.act(act._replace(ref=place(act.ref) or act.ref))
        except FormFault as fault:
            refused.append(Difference(step, act.ref, "act", act.text, fault.words))
        for ref, name, after in changes:
            wanted[ref, name] = after
        for key in list(wanted):
            # Of a question that is gone, only its answer is missed.
            gone = key[1] != "value" and not place(key[0])
            if gone or _now(trial, place, *key) == wanted[key]:
                first.pop(key, None)
            else:
                first.setdefault(key, step)
    differences = [
        Difference(step, ref, name, wanted[ref, name], _now(trial, place, ref, name))
        for (ref, name), step in first.items()
        if not ref.endswith("/instanceID")
    ]
    told = sorted([*refused, *differences], key=lambda each: each.step)
    return Played(trial, tuple(told))


def _now(trial: Trial, place: Callable[[str], str], ref: str, name: str) -> str:
    text = trial.states.get(place(ref), GONE).text(name)
    return ("1" if text else "") if name == "violation" else text


def placer(form: Form) -> Callable[[str], str]:
    """Finds the reference of another version in this form: the same path, or else the only
    node of that name; "" where there is none."""
    named: dict[str, list[Node]] = {}
    for node in form.definition.nodes.values():
        named.setdefault(node.name, []).append(node)
    held: dict[str, str] = {}

    def place(ref: str) -> str:
        if ref not in held:
            held[ref] = _placed(form, named, ref)
        return held[ref]

    return place


def _placed(form: Form, named: Mapping[str, list[Node]], ref: str) -> str:
    parts = PLACE.findall(ref)
    if "/" + "/".join(name for name, _position in parts) in form.definition.nodes:
        return ref
    found = named.get(parts[-1][0], []) if parts else []
    if len(found) != 1:
        return ""
    positions = [position for _name, position in parts if position]
    chain: list[Node] = []
    node: Node | None = found[0]
    while node is not None:
        chain.insert(0, node)
        node = node.parent
    made = ""
    for each in chain:
        made += f"/{each.name}"
        if each.repeat and positions:
            made += f"[{positions.pop(0)}]"
    return made

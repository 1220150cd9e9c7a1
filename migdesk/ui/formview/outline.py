"""The outline of a filling: what is done, what is wrong, where one stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from migdesk.forms import Live
from migdesk.i18n import _

from .filling import END, Entry, Filling, State


@dataclass
class _Branch:
    """A place of the form with what lies in it."""

    live: Live
    inside: list[_Branch] = field(default_factory=list)

    def questions(self) -> list[Live]:
        if self.live.kind == "question":
            return [self.live] if self.live.type != "note" else []
        return [live for branch in self.inside for live in branch.questions()]


def entries(filling: Filling) -> tuple[Entry, ...]:
    """Lines of the outline, in order."""
    found: list[Entry] = []
    keys = {stop.ref: stop.key for stop in reversed(filling.stops) if stop.ref}
    for branch in _tree(filling):
        found += _lines(filling, branch, 0, keys)
    here = filling.key == END
    found.append(Entry(END, _("End of the questionnaire"), 0, "todo", END, here))
    return tuple(found)


def _tree(filling: Filling) -> list[_Branch]:
    top: list[_Branch] = []
    open_: list[_Branch] = []
    for live in filling.run.walk():
        while open_ and open_[-1].live.depth >= live.depth:
            open_.pop()
        branch = _Branch(live)
        (open_[-1].inside if open_ else top).append(branch)
        if live.kind != "question":
            open_.append(branch)
    return top


def _lines(filling: Filling, branch: _Branch, depth: int, keys: dict[str, str]) -> list[Entry]:
    live = branch.live
    if live.kind == "question":
        return [_question(filling, live, depth, keys)] if live.type != "note" else []
    on_way = _holds(filling, branch)
    state = _state_of(filling, branch)
    named = bool(_title(filling, live))
    inner = depth + 1 if named else depth
    lines: list[Entry] = []
    for each in branch.inside if state != "off" else ():
        below = _lines(filling, each, inner, keys)
        open_here = on_way or not named
        lines += below if open_here else [line for line in below if line.state == "wrong"]
    if not named:
        return lines
    lead = next((keys[q.ref] for q in branch.questions() if q.ref in keys), "")
    lead = lead or keys.get(live.ref, "")
    here = filling.here.box == live.ref or filling.key == f"{live.ref}#more"
    return [Entry(live.ref, _title(filling, live), depth, state, lead, here), *lines]


def _question(filling: Filling, live: Live, depth: int, keys: dict[str, str]) -> Entry:
    text = " ".join(filter(None, (filling.number(live), _short(live.label))))
    state = filling.state(live)
    if state == "off":
        text = _("{text} (does not apply)").format(text=text)
    return Entry(live.ref, text, depth, state, keys.get(live.ref, ""), filling.key == live.ref)


def _short(label: str) -> str:
    """First line of a label; the outline cuts it to its width."""
    return label.strip().split("\n", 1)[0]


def _title(filling: Filling, live: Live) -> str:
    if live.kind == "instance":
        name = filling.row_name(live)
        number = str(live.row.index + 1)
        return f"{number} · {name}" if name else _("Number {n}").format(n=number)
    title = " ".join(filter(None, (filling.number(live), _short(live.label))))
    if live.kind == "repeat" and title:
        return f"{title} ({live.count})"
    return title if live.label else ""


def _holds(filling: Filling, branch: _Branch) -> bool:
    """Whether the person stands inside."""
    if filling.key.startswith((f"{branch.live.ref}#", f"{branch.live.ref}[")):
        return True
    if branch.live.ref == filling.key:
        return True
    return any(_holds(filling, each) for each in branch.inside)


def _state_of(filling: Filling, branch: _Branch) -> State:
    if not branch.live.relevant:
        return "off"
    states = {filling.state(live) for live in branch.questions()} - {"off"}
    if "wrong" in states:
        return "wrong"
    return "todo" if "todo" in states or not states else "done"

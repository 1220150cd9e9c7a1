"""The outline of a filling: what is done, what is wrong, where one stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from migdesk.forms import Live
from migdesk.forms.marks import bare
from migdesk.i18n import _

from .filling import Entry, Filling, State
from .stops import END, Branch


def entries(filling: Filling) -> tuple[Entry, ...]:
    """Lines of the outline, in order."""
    found: list[Entry] = []
    keys = {stop.ref: stop.key for stop in filling.stops if stop.kind == "more"}
    for branch in filling.walk.tree:
        found += _lines(filling, branch, 0, keys)
    here = filling.key == END
    found.append(Entry(END, _("End of the questionnaire"), 0, "todo", END, here))
    return tuple(found)


def _lines(
    filling: Filling, branch: Branch, depth: int, keys: Mapping[str, str]
) -> list[Entry]:
    live = branch.live
    if live.kind == "question":
        return [_question(filling, branch, depth)] if branch.questions else []
    on_way = _holds(filling, branch)
    state = _state_of(filling, branch)
    title = _title(filling, live)
    inner = depth + 1 if title else depth
    lines: list[Entry] = []
    if state == "wrong" or on_way or not title:
        for each in branch.inside:
            below = _lines(filling, each, inner, keys)
            open_here = (on_way or not title) and state != "off"
            lines += below if open_here else [line for line in below if line.state == "wrong"]
    if not title:
        return lines
    lead = next((ref for ref, _live in branch.questions if ref in filling.walk.index), "")
    lead = lead or keys.get(branch.ref, "")
    here = filling.here.box == branch.ref or filling.key == f"{branch.ref}#more"
    return [Entry(branch.ref, title, depth, state, lead, here), *lines]


def _question(filling: Filling, branch: Branch, depth: int) -> Entry:
    ref = branch.ref
    held = filling.lines.get(ref)
    if held is None:
        held = filling.lines[ref] = _line(filling, ref, branch.live, depth)
    return replace(held, here=True) if filling.key == ref else held


def _line(filling: Filling, ref: str, live: Live, depth: int) -> Entry:
    text = " ".join(filter(None, (filling.number(live), _short(live.label))))
    state = filling.state(ref, live)
    if state == "off":
        text = _("{text} (does not apply)").format(text=text)
    key = ref if ref in filling.walk.index else ""
    return Entry(ref, text, depth, state, key, noted=ref in filling.comments)


def _short(label: str) -> str:
    """First line of a label; the outline cuts it to its width."""
    return bare(label).strip().split("\n", 1)[0]


def _title(filling: Filling, live: Live) -> str:
    if live.kind == "instance":
        name = filling.row_name(live)
        number = str(live.row.index + 1)
        return f"{number} · {name}" if name else _("Number {n}").format(n=number)
    title = " ".join(filter(None, (filling.number(live), _short(live.label))))
    if live.kind == "repeat" and title:
        return f"{title} ({live.count})"
    return title if live.label else ""


def _holds(filling: Filling, branch: Branch) -> bool:
    """Whether the person stands inside."""
    here = filling.key
    if here == branch.ref or here.startswith((f"{branch.ref}#", f"{branch.ref}[")):
        return True
    return any(ref == here for ref, _live in branch.questions)


def _state_of(filling: Filling, branch: Branch) -> State:
    if not branch.live.relevant:
        return "off"
    states = {filling.state(ref, live) for ref, live in branch.questions} - {"off"}
    if "wrong" in states:
        return "wrong"
    return "todo" if "todo" in states or not states else "done"

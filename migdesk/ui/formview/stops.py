"""Where a person may stand in a filling, found by walking the form. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from migdesk.forms import Live, Run
from migdesk.forms.definition import Control
from migdesk.forms.marks import bare
from migdesk.i18n import _

from .input import looks

Kind = Literal["question", "more", "end"]
END = "#end"


@dataclass(frozen=True)
class Stop:
    """Where a person may stand: a question, the end of a repeat ("another one?"), or the
    end of the form. `box` is the group or row around it, `heads` the titles on the way to
    it, `sheet` the group that the form wants on one screen, `room` how many columns wide
    the rows of that group are. `asks`: a person answers here, it is not only read."""

    key: str
    kind: Kind
    ref: str = ""
    number: str = ""
    box: str = ""
    heads: tuple[str, ...] = ()
    sheet: str = ""
    room: int = 4
    live: Live | None = None
    asks: bool = True

    @property
    def looks(self) -> tuple[str, ...]:
        return looks(self.live.appearance) if self.live is not None else ()


@dataclass
class Branch:
    """A place of the form with what lies in it; `questions`: all below that are answered."""

    ref: str
    live: Live
    inside: list[Branch] = field(default_factory=list)
    questions: list[tuple[str, Live]] = field(default_factory=list)


@dataclass
class _Around:
    """What is open while walking: a group, a repeat or a row of it. `heads`: the titles on
    the way to what is in it."""

    live: Live
    ref: str
    heads: tuple[str, ...]
    sheet: str
    room: int


class Walk:
    """One walk over a form. `questions`: every question of the body, relevant or not;
    `around`: every group, repeat and row; both by reference."""

    def __init__(self, run: Run, numbers: Mapping[Control, str]) -> None:
        self.run = run
        self.numbers = numbers
        self.questions: dict[str, Live] = {}
        self.around: dict[str, Live] = {}
        self.lives: list[tuple[str, Live]] = []
        self.stops = (*self._walk(), Stop(END, "end"))
        self.index = {stop.key: place for place, stop in enumerate(self.stops)}

    def _walk(self) -> Iterator[Stop]:
        open_: list[_Around] = []
        for live in self.run.walk():
            ref = live.ref
            self.lives.append((ref, live))
            while open_ and open_[-1].live.depth >= live.depth:
                yield from self._closed(open_)
            if live.kind == "question":
                self.questions[ref] = live
                if live.relevant:
                    yield self._question(ref, live, open_)
            else:
                self.around[ref] = live
                open_.append(self._opened(ref, live, open_))
        while open_:
            yield from self._closed(open_)

    def _opened(self, ref: str, live: Live, open_: Sequence[_Around]) -> _Around:
        sheet = open_[-1].sheet if open_ else ""
        words = looks(live.appearance)
        if not sheet and "field-list" in words and live.kind != "repeat":
            sheet = ref
        own = live.kind == "instance"
        title = row_title(self.run, live) if own else bare(live.label).strip()
        heads = _heads(open_)
        if title and live.kind != "repeat":
            heads = (*heads, title)
        return _Around(live, ref, heads, sheet, width(words) or 4)

    def _closed(self, open_: list[_Around]) -> Iterator[Stop]:
        around = open_.pop()
        live = around.live
        if live.can_change_rows and live.relevant:
            key = f"{around.ref}#more"
            yield Stop(
                key=key,
                kind="more",
                ref=around.ref,
                number=self.number(live),
                box=key,
                heads=_heads(open_),
                live=live,
            )

    def _question(self, ref: str, live: Live, open_: Sequence[_Around]) -> Stop:
        return Stop(
            key=ref,
            kind="question",
            ref=ref,
            number=self.number(live),
            box=open_[-1].ref if open_ else "",
            heads=_heads(open_),
            sheet=open_[-1].sheet if open_ else "",
            room=open_[-1].room if open_ else 4,
            live=live,
            asks=_asks(live),
        )

    @cached_property
    def tree(self) -> list[Branch]:
        """The whole body, relevant or not, as a tree."""
        top: list[Branch] = []
        open_: list[Branch] = []
        for ref, live in self.lives:
            while open_ and open_[-1].live.depth >= live.depth:
                open_.pop()
            branch = Branch(ref, live)
            (open_[-1].inside if open_ else top).append(branch)
            if live.kind != "question":
                open_.append(branch)
            elif _asks(live):
                for each in (*open_, branch):
                    each.questions.append((ref, live))
        return top

    def number(self, live: Live) -> str:
        """Number of a question or letter of a part, as on paper."""
        return self.numbers.get(live.control, "") if live.control is not None else ""


def _asks(live: Live) -> bool:
    """A note is not answered, nor is the heading of a grid."""
    return live.type != "note" and not heads_grid(live)


def _heads(open_: Sequence[_Around]) -> tuple[str, ...]:
    return open_[-1].heads if open_ else ()


def width(words: Sequence[str]) -> int:
    """Columns asked for by an appearance like ``w3``; 0 if none is."""
    for word in words:
        if word[:1] == "w" and word[1:].isdecimal():
            return min(int(word[1:]), 12)
    return 0


def heads_grid(live: Live) -> bool:
    """Whether a question only shows the choices of the grid under it."""
    words = live.appearance
    return "label" in words and "label" in looks(words) and not live.required


def row_title(run: Run, live: Live) -> str:
    """“Members: 3 of 7 · Fatou” for a row of a repeat."""
    rows = live.row.parent.kids[live.node.place] if live.row.parent else []
    said = _("{name}: {n} of {total}").format(
        name=live.label, n=live.row.index + 1, total=len(rows)
    )
    name = row_name(run, live)
    return f"{said} · {name}" if name else said


def row_name(run: Run, live: Live) -> str:
    """First words written in a row: usually a name."""
    for child in live.node.children:
        if child.leaf and run.form.type_of(child) == "text":
            text = live.row.kept[child.slot]
            if text:
                return text[:40]
    return ""

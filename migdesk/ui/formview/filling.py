"""One filling as the screen walks it: stops, screens, outline, draft. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from migdesk.clock import uuid7
from migdesk.forms import Form, Live, Run
from migdesk.i18n import _
from migdesk.services.form_words import numbers

Way = Literal["question", "group", "page"]
WAYS: tuple[Way, ...] = ("question", "group", "page")
Kind = Literal["question", "more", "end"]
State = Literal["todo", "done", "wrong", "off"]
END = "#end"


@dataclass(frozen=True)
class About:
    """A record that the answers are about."""

    kind: str
    id: str
    title: str


@dataclass(frozen=True)
class Stop:
    """Where a person may stand: a question, the end of a repeat ("another one?"), or the
    end of the form. `box` is the group or row around it, `heads` the titles on the way to
    it, `sheet` the group that the form wants on one screen."""

    key: str
    kind: Kind
    ref: str = ""
    number: str = ""
    box: str = ""
    heads: tuple[str, ...] = ()
    sheet: str = ""
    live: Live | None = None

    @property
    def asks(self) -> bool:
        return self.live is None or self.live.type != "note"


@dataclass(frozen=True)
class Entry:
    """A line of the outline. `key` is the stop it leads to, "" if it cannot be gone to."""

    ref: str
    text: str
    depth: int
    state: State
    key: str
    here: bool = False


@dataclass
class _Around:
    """What is open while walking: a group, a repeat or a row of it."""

    live: Live
    title: str
    sheet: str


@dataclass
class Filling:
    """A run of a form with its place, its links and its draft."""

    run: Run
    questionnaire: str
    about: tuple[About, ...] = ()
    draft_id: str = field(default_factory=lambda: f"submission:{uuid7()}")
    key: str = ""
    seen: set[str] = field(default_factory=set)
    stops: tuple[Stop, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    """Name → hash of the answers that are files."""

    def __post_init__(self) -> None:
        self.numbers = numbers(self.run.form)
        self.refresh()
        if all(stop.key != self.key for stop in self.stops):
            self.key = self.stops[0].key

    @classmethod
    def resume(cls, form: Form, draft_id: str, body: Mapping[str, Any]) -> Filling:
        """Go on with a draft where it was left."""
        return cls(
            run=Run(form, draft=body["run"]),
            questionnaire=body["questionnaire"],
            about=tuple(About(**each) for each in body["about"]),
            draft_id=draft_id,
            key=body["at"],
            seen=set(body["seen"]),
            files=dict(body.get("files") or {}),
        )

    def body(self) -> dict[str, Any]:
        """The draft, as plain JSON values."""
        return {
            "questionnaire": self.questionnaire,
            "about": [vars(each) for each in self.about],
            "run": self.run.draft(),
            "at": self.key,
            "seen": sorted(self.seen),
            "files": dict(self.files),
        }

    @property
    def title(self) -> str:
        """Whom it is about, and the title of the form."""
        return " · ".join((*(each.title for each in self.about), self.run.form.title))

    @property
    def links(self) -> dict[str, str]:
        return {each.kind: each.id for each in self.about}

    @property
    def instance(self) -> str:
        """Instance identifier that the form gave these answers; else that of the draft."""
        for path in self.run.form.definition.nodes:
            if path.endswith("instanceID"):
                return self.run.node(path).text
        return self.draft_id

    # places -------------------------------------------------------------------

    @property
    def here(self) -> Stop:
        return self.stops[self.place]

    @property
    def place(self) -> int:
        """Index of the stop where the person stands."""
        for index, stop in enumerate(self.stops):
            if stop.key == self.key:
                return index
        return len(self.stops) - 1

    def refresh(self) -> None:
        """Walk the form again after something changed. A stop that vanished leaves the
        person at the one before it."""
        before = [stop.key for stop in self.stops]
        self.stops = (*self._walk(), Stop(END, "end"))
        known = {stop.key for stop in self.stops}
        if self.key in known or self.key not in before:
            return
        earlier = [key for key in before[: before.index(self.key)] if key in known]
        self.key = earlier[-1] if earlier else self.stops[0].key

    def _walk(self) -> Iterator[Stop]:
        open_: list[_Around] = []
        for live in self.run.walk():
            while open_ and open_[-1].live.depth >= live.depth:
                yield from self._closed(open_)
            if live.kind == "question":
                if live.relevant:
                    yield self._question(live, open_)
            else:
                open_.append(self._opened(live, open_))
        while open_:
            yield from self._closed(open_)

    def _opened(self, live: Live, open_: Sequence[_Around]) -> _Around:
        sheet = open_[-1].sheet if open_ else ""
        if not sheet and "field-list" in live.appearance.split() and live.kind != "repeat":
            sheet = live.ref
        title = self.row_title(live) if live.kind == "instance" else live.label
        return _Around(live, "" if live.kind == "repeat" else title, sheet)

    def _closed(self, open_: list[_Around]) -> Iterator[Stop]:
        around = open_.pop()
        live = around.live
        if live.can_change_rows and live.relevant:
            yield Stop(
                key=f"{live.ref}#more",
                kind="more",
                ref=live.ref,
                number=self.number(live),
                box=f"{live.ref}#more",
                heads=tuple(each.title for each in open_ if each.title),
                live=live,
            )

    def _question(self, live: Live, open_: Sequence[_Around]) -> Stop:
        return Stop(
            key=live.ref,
            kind="question",
            ref=live.ref,
            number=self.number(live),
            box=open_[-1].live.ref if open_ else "",
            heads=tuple(each.title for each in open_ if each.title),
            sheet=open_[-1].sheet if open_ else "",
            live=live,
        )

    def number(self, live: Live) -> str:
        """Number of a question or letter of a part, as on paper."""
        return self.numbers.get(live.control, "") if live.control is not None else ""

    def row_title(self, live: Live) -> str:
        """“Members: 3 of 7 · Fatou” for a row of a repeat."""
        rows = live.row.parent.kids[live.node.place] if live.row.parent else []
        said = _("{name}: {n} of {total}").format(
            name=live.label, n=live.row.index + 1, total=len(rows)
        )
        name = self.row_name(live)
        return f"{said} · {name}" if name else said

    def row_name(self, live: Live) -> str:
        """First words written in a row: usually a name."""
        for child in live.node.children:
            if child.leaf and self.run.form.type_of(child) == "text":
                text = live.row.kept[child.slot]
                if text:
                    return text[:40]
        return ""

    def screens(self, way: Way) -> list[tuple[Stop, ...]]:
        """Stops cut into screens."""
        if way == "page":
            return [self.stops]
        cut: list[list[Stop]] = []
        last = None
        for stop in self.stops:
            together = stop.sheet or (stop.box if way == "group" else stop.key)
            if stop.kind != "question":
                together = stop.key
            if together != last or not cut:
                cut.append([])
            cut[-1].append(stop)
            last = together
        return [tuple(each) for each in cut]

    # standing -----------------------------------------------------------------

    def wrong(self, stop: Stop) -> str:
        """What to say beside a question now, "" if nothing. That an answer is lacking is
        said only once the person has gone past."""
        if stop.kind != "question" or stop.live is None:
            return ""
        if stop.live.violation:
            return stop.live.violation
        return (stop.key in self.seen and stop.live.lacking) or ""

    def missing(self) -> list[Stop]:
        """Questions that stand in the way of finishing; all count as seen from now on."""
        refs = set(self.run.missing())
        self.seen |= refs
        return [stop for stop in self.stops if stop.ref in refs and stop.kind == "question"]

    def state(self, live: Live) -> State:
        """Standing of one question."""
        if not live.relevant:
            return "off"
        if live.violation or (live.ref in self.seen and live.lacking):
            return "wrong"
        if live.text or (live.ref in self.seen and not live.lacking):
            return "done"
        return "todo"

    def outline(self) -> tuple[Entry, ...]:
        """Parts of the form; the part where the person stands is open, and what is wrong
        shows wherever it is."""
        from migdesk.ui.formview.outline import entries

        return entries(self)

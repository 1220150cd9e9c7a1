"""One filling as the screen walks it: stops, screens, outline, draft. Knows no widget."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from migdesk.clock import uuid7
from migdesk.forms import Form, Live, Run
from migdesk.services.form_device import Device
from migdesk.services.form_words import numbers

from .stops import END, Stop, Walk, row_name

__all__ = ["END", "WAYS", "About", "Entry", "Filling", "State", "Stop", "Way"]

Way = Literal["question", "group", "page"]
WAYS: tuple[Way, ...] = ("question", "group", "page")
State = Literal["todo", "done", "wrong", "off"]
FILES = frozenset({"image", "audio", "video", "file"})
"""Answers whose bytes go with them: what was given up cannot be taken back."""


@dataclass(frozen=True)
class About:
    """A record that the answers are about."""

    kind: str
    id: str
    title: str


@dataclass(frozen=True)
class Entry:
    """A line of the outline. `key` is the stop it leads to, "" if it cannot be gone to;
    `noted`: a comment was written there."""

    ref: str
    text: str
    depth: int
    state: State
    key: str
    here: bool = False
    noted: bool = False


@dataclass
class Filling:
    """A run of a form with its place, its links, its comments and its draft.

    `shape` counts how often the stops were found anew; between, only answers changed.
    """

    run: Run
    questionnaire: str
    about: tuple[About, ...] = ()
    draft_id: str = field(default_factory=lambda: f"submission:{uuid7()}")
    key: str = ""
    seen: set[str] = field(default_factory=set)
    comments: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Name → hash of the answers that are files."""
    sound: str = ""
    """Whether the person agreed to be recorded: yes, no, or "" before they were asked."""
    shape: int = 0

    def __post_init__(self) -> None:
        self.numbers = numbers(self.run.form)
        self._landings: tuple[tuple[Way, int], list[int]] | None = None
        self._states: dict[str, State] = {}
        self._counted: dict[str, tuple[bool, bool]] = {}
        self.lines: dict[str, Entry] = {}
        self._done: list[tuple[str, str]] = []
        self.walk = Walk(self.run, self.numbers)
        if self.key not in self.walk.index:
            self.key = self.stops[0].key

    @classmethod
    def resume(
        cls, form: Form, draft_id: str, body: Mapping[str, Any], device: Device | None = None
    ) -> Self:
        """Go on with a draft where it was left."""
        return cls(
            run=(device or Device()).run(form, draft=body["run"]),
            questionnaire=body["questionnaire"],
            about=tuple(About(**each) for each in body["about"]),
            draft_id=draft_id,
            key=body["at"],
            seen=set(body["seen"]),
            comments=dict(body.get("comments") or {}),
            files=dict(body.get("files") or {}),
            sound=body.get("sound", ""),
        )

    def body(self) -> dict[str, Any]:
        """The draft, as plain JSON values."""
        return {
            "questionnaire": self.questionnaire,
            "about": [vars(each) for each in self.about],
            "run": self.run.draft(),
            "at": self.key,
            "seen": sorted(self.seen),
            "comments": dict(self.comments),
            "files": dict(self.files),
            "sound": self.sound,
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

    # the form's own log -------------------------------------------------------

    def look(self, screen: tuple[Stop, ...]) -> None:
        """Tell the event log, where the form asks for one, what is on the screen."""
        log = self.run.audit
        if log is None:
            return
        asked = {s.live.ref: s.live.text for s in screen if s.live and s.kind == "question"}
        group = screen[0].sheet or screen[0].box or self.run.form.definition.root.path
        if asked or any(stop.key == END for stop in screen):
            log.enter(asked, group if len(asked) > 1 else "")

    def leave(self) -> bool:
        """Nobody looks any more; True where the event log has noted it."""
        if self.run.audit is not None:
            self.run.audit.leave()
            self.run.audit.mark("form exit")
        return self.run.audit is not None

    # places -------------------------------------------------------------------

    @property
    def stops(self) -> tuple[Stop, ...]:
        return self.walk.stops

    @property
    def here(self) -> Stop:
        return self.stops[self.place]

    @property
    def place(self) -> int:
        """Index of the stop where the person stands."""
        return self.walk.index.get(self.key, len(self.stops) - 1)

    def refresh(self) -> None:
        """Walk the form again after its shape changed. A stop that vanished leaves the
        person at the one before it."""
        before = [stop.key for stop in self.stops]
        self.walk = Walk(self.run, self.numbers)
        self.shape += 1
        self._states.clear()
        self._counted.clear()
        self.lines.clear()
        known = self.walk.index
        if self.key in known or self.key not in before:
            return
        earlier = [key for key in before[: before.index(self.key)] if key in known]
        self.key = earlier[-1] if earlier else self.stops[0].key

    def answer(self, ref: str, text: str) -> None:
        """Answer a question; walks again only where the form took another shape."""
        before = self.run.node(ref)
        if before.type not in FILES and (not self._done or self._done[-1][0] != ref):
            self._done.append((ref, before.text))
        self._put(ref, text)

    def undo(self) -> str:
        """Take back the last answer; the stop where that was, "" if there is none."""
        while self._done:
            ref, text = self._done.pop()
            if ref in self.walk.questions:
                self._put(ref, text)
                return ref if ref in self.walk.index else ""
        return ""

    def _put(self, ref: str, text: str) -> None:
        changed = self.run.set(ref, text) | {ref}
        if any(self._reshapes(each) for each in changed):
            self.refresh()
            return
        for each in changed:
            self._forget(each)
            self._counted.pop(each, None)

    def remove(self, ref: str) -> None:
        """Remove a row of a repeat; comments on later rows go up with them."""
        self.run.remove(ref)
        kept = {shifted(key, ref): text for key, text in self.comments.items()}
        self.comments = {key: text for key, text in kept.items() if key}
        self.seen = {shifted(key, ref) for key in self.seen} - {""}
        self._done.clear()
        self.refresh()

    def _forget(self, ref: str) -> None:
        """The outline says something else of a question."""
        self._states.pop(ref, None)
        self.lines.pop(ref, None)

    def _reshapes(self, ref: str) -> bool:
        """Whether a change at `ref` may change which stops there are, or their titles."""
        if ref in self.walk.around:
            return True
        live = self.walk.questions.get(ref)
        if live is None:
            return False  # calculated or hidden: no one stands there
        named = live.row.parent is not None and live.type == "text"
        return named or live.relevant != (ref in self.walk.index)

    def number(self, live: Live) -> str:
        """Number of a question or letter of a part, as on paper."""
        return self.walk.number(live)

    def row_name(self, live: Live) -> str:
        """First words written in a row: usually a name."""
        return row_name(self.run, live)

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

    def landings(self, way: Way) -> list[int]:
        """Places where one arrives going on or back: what is answered, and on a screen
        where nothing is, its first stop."""
        if self._landings is None or self._landings[0] != (way, self.shape):
            found: list[int] = []
            place = 0
            for screen in self.screens(way):
                asks = [n for n, stop in enumerate(screen, place) if stop.asks]
                found += asks or [place]
                place += len(screen)
            self._landings = (way, self.shape), found
        return self._landings[1]

    def screen(self, way: Way) -> tuple[Stop, ...]:
        """The screen where the person stands."""
        for screen in self.screens(way):
            if way == "page" or any(stop.key == self.key for stop in screen):
                return screen
        return (self.here,)

    def after(self, way: Way) -> str:
        """Key of the stop where one arrives going on."""
        found = self.landings(way)
        return self.stops[found[min(bisect_right(found, self.place), len(found) - 1)]].key

    def before(self, way: Way) -> str:
        """Key of the stop where one arrives going back."""
        found = self.landings(way)
        return self.stops[found[max(bisect_left(found, self.place) - 1, 0)]].key

    def arrival(self, way: Way) -> str:
        """Key of the stop here, or of the next one where one may arrive."""
        found = self.landings(way)
        return self.stops[found[min(bisect_left(found, self.place), len(found) - 1)]].key

    # standing -----------------------------------------------------------------

    def see(self, *keys: str) -> None:
        """From now on say what is lacking there."""
        for key in set(keys) - self.seen:
            self.seen.add(key)
            self._forget(key)

    def wrong(self, stop: Stop) -> str:
        """What to say beside a question now, "" if nothing. That an answer is lacking is
        said only once the person has gone past."""
        if stop.kind != "question" or stop.live is None:
            return ""
        live = stop.live
        return live.violation or (stop.key in self.seen and live.lacking) or ""

    def missing(self) -> list[Stop]:
        """Questions that stand in the way of finishing; all count as seen from now on."""
        found = [stop for stop in self.stops if self.blocks(stop)]
        self.see(*(stop.key for stop in found))
        return found

    def blocks(self, stop: Stop) -> bool:
        """Whether a question stands in the way of finishing."""
        live = stop.live if stop.kind == "question" else None
        return live is not None and live.blocking

    def state(self, ref: str, live: Live) -> State:
        """Standing of one question."""
        found = self._states.get(ref)
        if found is None:
            found = self._states[ref] = self._state(ref, live)
        return found

    def _state(self, ref: str, live: Live) -> State:
        if not live.relevant:
            return "off"
        lacking = ref in self.seen and live.lacking
        if lacking or live.violation:
            return "wrong"
        return "done" if live.text or ref in self.seen else "todo"

    def progress(self) -> tuple[int, int]:
        """(answered, questions that a person may answer)."""
        counted = self._counted
        for stop in self.stops:
            if stop.key not in counted:
                live = stop.live if stop.kind == "question" and stop.asks else None
                asks = live is not None and live.asks
                counted[stop.key] = asks, asks and live is not None and bool(live.text)
        flags = counted.values()
        return sum(done for _asks, done in flags), sum(asks for asks, _done in flags)

    def comment(self, key: str, text: str) -> None:
        """Keep a comment on a question; a blank one goes."""
        if text.strip():
            self.comments[key] = text.strip()
        else:
            self.comments.pop(key, None)
        self._forget(key)

    def outline(self) -> tuple[Entry, ...]:
        """Parts of the form; the part where the person stands is open, and what is wrong
        shows wherever it is."""
        from migdesk.ui.formview.outline import entries

        return entries(self)


def shifted(key: str, removed: str) -> str:
    """Where a place is found once a row was removed; "" if it went with the row."""
    base, _bracket, number = removed.removesuffix("]").rpartition("[")
    if not key.startswith(f"{base}["):
        return key
    at, _bracket, rest = key[len(base) + 1 :].partition("]")
    if int(at) == int(number):
        return ""
    return f"{base}[{int(at) - (int(at) > int(number))}]{rest}"

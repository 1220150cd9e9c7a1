"""The event log of a filling, as ODK writes it: who saw what, when, and changed it how.

One line an event; times in milliseconds since 1970-01-01 UTC. A form asks for it with a
question of type `audit`; its parameters ask for old and new answers, for the place, for
the person's name, and for reasons of changes ("Client audit logs", ODK XForms
specification, and the ODK documentation, "Form audit log").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from migdesk.forms.definition import Node

QUESTION, GROUP, END_SCREEN = "question", "group questions", "end screen"


@dataclass(slots=True)
class Event:
    """`end` is 0 while it lasts, and for what has no length. `node` is a reference."""

    event: str
    node: str = ""
    start: int = 0
    end: int = 0
    place: str = ""
    old: str = ""
    new: str = ""
    user: str = ""
    reason: str = ""


class Audit:
    """The log of one filling. `saved` are the events of its draft."""

    def __init__(
        self,
        node: Node,
        now: Callable[[], datetime],
        location: Callable[[], str],
        user: str,
        saved: Iterable[Mapping[str, Any]] | None,
    ) -> None:
        asked = node.bind.get
        self._now = now
        self._changes = asked("track-changes") == "true"
        self._location = location if asked("location-priority") else None
        self._user = user if asked("identify-user") == "true" else None
        self.wants_reasons = asked("track-changes-reasons") == "on-form-edit"
        self.events = [Event(**each) for each in saved or ()]
        self._open: dict[str, Event] = {}
        self._shown: tuple[str, ...] = ()
        self.mark("form start" if saved is None else "form resume")

    def mark(self, event: str, node: str = "", reason: str = "") -> Event:
        """An event without length: form save, form exit, add repeat, jump…"""
        made = Event(event, node, self._time(), reason=reason, user=self._user or "")
        made.place = self._location() if self._location is not None else ""
        self.events.append(made)
        return made

    def enter(self, questions: Mapping[str, str], group: str = "") -> None:
        """What is on the screen now: references with their answers. Several questions are
        those of `group`; none at all is the end of the form. Closes what was there before;
        the same screen again is nothing new."""
        if self._open and self._shown == (group, *questions):
            return
        self.leave()
        self._shown = (group, *questions)
        if not questions:
            self._open[END_SCREEN] = self.mark(END_SCREEN)
        elif group:
            self._open[group] = self.mark(GROUP, group)
        for node, answer in questions.items():
            if not group or self._changes:
                self._open[node] = self.mark(QUESTION, node)
                self._open[node].old = answer

    def leave(self) -> None:
        """Nothing of the form is on the screen any more."""
        now = self._time()
        for event in self._open.values():
            event.end = now
            if not self._changes or event.old == event.new or event.event != QUESTION:
                event.old = event.new = ""
        self._open.clear()

    def answered(self, node: str, old: str, new: str) -> None:
        """An answer changed. Where no screen tells what it shows, this is its event."""
        event = self._open.get(node)
        if event is not None:
            event.new = new
        elif not self._open or self._changes:
            event = self.mark(QUESTION, node)
            event.end = event.start
            if self._changes:
                event.old, event.new = old, new

    def saved(self) -> list[dict[str, Any]]:
        """All events so far, for a draft."""
        return [asdict(event) for event in self.events]

    def csv(self) -> bytes:
        columns = ["event", "node", "start", "end"]
        columns += ["latitude", "longitude", "accuracy"] if self._location else []
        columns += ["old-value", "new-value"] if self._changes else []
        columns += ["user"] if self._user is not None else []
        columns += ["change-reason"] if self.wants_reasons else []
        lines = [columns, *(self._line(event, columns) for event in self.events)]
        text = "".join(",".join(map(_cell, line)) + "\n" for line in lines)
        return text.encode("utf-8")

    def _line(self, event: Event, columns: list[str]) -> list[str]:
        latitude, longitude, _altitude, accuracy = (*event.place.split(), "", "", "", "")[:4]
        cells = {
            "event": event.event,
            "node": event.node,
            "start": str(event.start),
            "end": str(event.end) if event.end else "",
            "latitude": latitude,
            "longitude": longitude,
            "accuracy": accuracy,
            "old-value": event.old,
            "new-value": event.new,
            "user": event.user,
            "change-reason": event.reason,
        }
        return [cells[column] for column in columns]

    def _time(self) -> int:
        return int(self._now().timestamp() * 1000)


def _cell(text: str) -> str:
    """Quoted only where a comma or a line break asks for it."""
    if not any(mark in text for mark in ",\n\r"):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
